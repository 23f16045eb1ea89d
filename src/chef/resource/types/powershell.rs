//! Packages, scripts and the registry of Windows, so that recipes for several systems evaluate.

use super::check::{named_values, not_negative, positive, up_to_ten};
use super::coerce::{downcase, flat_list, hash_list, whole};
use super::computed::{package_source, task_interval, task_log};
use super::{Default, Type, field, flag, kind, list_of, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("batch", "Batch").under("Script"),
    kind("cab_package", "CabPackage").under("Package").properties(&[
        text("package_name").named().identity(),
        text("version"),
        text("source").computed(package_source),
    ]),
    kind("chocolatey_config", "ChocolateyConfig")
        .actions(&["set", "unset"])
        .runs(&["set"])
        .properties(&[text("config_key").named(), text("value")]),
    kind("chocolatey_feature", "ChocolateyFeature")
        .actions(&["enable", "disable"])
        .runs(&["enable"])
        .properties(&[text("feature_name").named(), flag("feature_state").default(Default::False)]),
    kind("chocolatey_installer", "ChocolateyInstaller").actions(&["install", "uninstall", "upgrade"]).runs(&["install"]).properties(&[
        text("download_url"),
        text("chocolatey_version"),
        flag("use_native_unzip").default(Default::False),
        flag("ignore_proxy").default(Default::False),
        text("proxy_url"),
        text("proxy_user"),
        text("proxy_password").secret(),
    ]),
    kind("chocolatey_package", "ChocolateyPackage").under("Package").properties(&[
        field("package_name").types(&["String", "Array"]).coerce(flat_list),
        field("version").types(&["String", "Array"]).coerce(flat_list),
        field("options").types(&["String", "Array"]),
        text("list_options"),
        text("user"),
        text("password").secret(),
        flag("bulk_query").default(Default::False),
        flag("use_choco_list").default(Default::False),
        field("returns").types(&["Integer", "Array"]).default(Default::List(&[Default::Integer(0), Default::Integer(2)])).aside(),
    ]),
    kind("chocolatey_source", "ChocolateySource").actions(&["add", "remove", "disable", "enable"]).runs(&["add"]).properties(&[
        text("source_name").named(),
        text("source"),
        flag("bypass_proxy").default(Default::False),
        flag("admin_only").default(Default::False),
        flag("allow_self_service").default(Default::False),
        number("priority").default(Default::Integer(0)),
        flag("disabled").default(Default::False).aside(),
        text("username"),
        text("password").secret().aside(),
        text("cert"),
        text("cert_password").secret().aside(),
    ]),
    kind("dsc_resource", "DscResource").actions(&["run"]).runs(&["run"]).properties(&[
        field("resource").types(&["Symbol"]),
        text("module_name"),
        field("property"),
        text("module_version"),
        field("reboot_action").types(&["Symbol"]).default(Default::Symbol("nothing")).one_of(&[
            Default::Symbol("nothing"),
            Default::Symbol("reboot_now"),
            Default::Symbol("request_reboot"),
        ]),
        number("timeout").aside(),
    ]),
    kind("dsc_script", "DscScript").actions(&["run"]).runs(&["run"]).properties(&[
        text("code"),
        text("command"),
        text("configuration_name"),
        field("configuration_data"),
        text("configuration_data_script"),
        field("imports"),
        map("flags"),
        text("cwd"),
        map("environment"),
        number("timeout").aside(),
    ]),
    kind("msu_package", "MsuPackage").under("Package").properties(&[
        text("package_name").named().identity(),
        field("version").types(&["String", "Array"]),
        text("source").computed(package_source),
        field("timeout").types(&["String", "Integer"]).default(Default::Integer(3600)).aside(),
        text("checksum").aside(),
    ]),
    kind("powershell_package", "PowershellPackage").under("Package").properties(&[
        field("package_name").types(&["String", "Array"]).coerce(flat_list),
        field("version").types(&["String", "Array"]).coerce(flat_list),
        text("source"),
        flag("skip_publisher_check").default(Default::False).aside(),
        flag("allow_clobber").default(Default::False),
    ]),
    kind("powershell_package_source", "PowershellPackageSource")
        .actions(&["register", "set", "unregister"])
        .runs(&["register"])
        .properties(&[
            text("source_name").named(),
            text("new_name"),
            text("source_location"),
            text("publish_location"),
            text("script_source_location"),
            text("script_publish_location"),
            flag("trusted").default(Default::False),
            text("user"),
            text("password").secret(),
            text("provider_name")
                .default(Default::Text("NuGet"))
                .one_of(&[
                    Default::Text("Programs"),
                    Default::Text("msi"),
                    Default::Text("NuGet"),
                    Default::Text("msu"),
                    Default::Text("PowerShellGet"),
                    Default::Text("psl"),
                    Default::Text("chocolatey"),
                    Default::Text("winget"),
                ])
                .message(concat!(
                    "The following providers are supported: 'Programs', 'msi', 'NuGet', 'msu', ",
                    "'PowerShellGet', 'psl', 'chocolatey' or 'winget'"
                )),
        ])
        .aliases(&[("url", "source_location")]),
    kind("powershell_script", "PowershellScript").under("Script").properties(&[
        text("interpreter").default(Default::Text("powershell")).one_of(&[Default::Text("powershell"), Default::Text("pwsh")]),
        text("flags"),
        flag("use_inline_powershell").default(Default::False),
        flag("convert_boolean_return").default(Default::False),
    ]),
    kind("registry_key", "RegistryKey").actions(&["create", "create_if_missing", "delete", "delete_key"]).runs(&["create"]).properties(&[
        text("key").named(),
        field("values")
            .types(&["Hash", "Array"])
            .default(Default::EmptyList)
            .coerce(hash_list)
            .check(&[("Missing name key in RegistryKey values hash", named_values)]),
        flag("recursive").default(Default::False),
        field("architecture").types(&["Symbol"]).default(Default::Symbol("machine")).one_of(&[
            Default::Symbol("machine"),
            Default::Symbol("x86_64"),
            Default::Symbol("i386"),
        ]),
        flag("only_record_changes").default(Default::True),
    ]),
    kind("windows_package", "WindowsPackage").under("Package").properties(&[
        text("package_name").named().identity(),
        text("options"),
        text("source"),
        field("timeout").types(&["String", "Integer"]).default(Default::Integer(600)).aside(),
        field("installer_type").types(&["Symbol"]).one_of(&[
            Default::Symbol("custom"),
            Default::Symbol("inno"),
            Default::Symbol("installshield"),
            Default::Symbol("msi"),
            Default::Symbol("nsis"),
            Default::Symbol("wise"),
        ]),
        field("returns")
            .types(&["String", "Integer", "Array"])
            .default(Default::List(&[Default::Integer(0), Default::Integer(3010)]))
            .aside(),
        text("checksum").coerce(downcase).aside(),
        map("remote_file_attributes").aside(),
    ]),
    kind("windows_service", "WindowsService")
        .under("Service")
        .actions(&[
            "enable",
            "disable",
            "start",
            "stop",
            "restart",
            "reload",
            "mask",
            "unmask",
            "configure_startup",
            "create",
            "delete",
            "configure",
        ])
        .properties(&[
            number("timeout").default(Default::Integer(60)).aside(),
            text("display_name").pattern(&[r"^.{1,256}$"]).message("The display_name can only be a maximum of 256 characters!"),
            number("desired_access").default(Default::Integer(983551)),
            number("service_type").default(Default::Integer(16)),
            field("startup_type").types(&["Symbol"]).default(Default::Symbol("automatic")).one_of(&[
                Default::Symbol("automatic"),
                Default::Symbol("manual"),
                Default::Symbol("disabled"),
            ]),
            flag("delayed_start").default(Default::False),
            number("error_control").default(Default::Integer(1)),
            text("binary_path_name"),
            text("load_order_group"),
            field("dependencies").types(&["String", "Array"]),
            text("description"),
            text("run_as_user").default(Default::Text("localsystem")).coerce(downcase),
            text("run_as_password").default(Default::Text("")).secret(),
        ]),
    kind("windows_task", "WindowsTask")
        .actions(&["create", "delete", "run", "end", "enable", "disable", "change"])
        .runs(&["create"])
        .properties(&[
            text("task_name").named().pattern(&[r"\A[^/\:\*\?\<\>\|]+\z"]),
            text("command"),
            text("cwd"),
            text("user"),
            text("password").secret(),
            field("run_level")
                .types(&["Symbol"])
                .default(Default::Symbol("limited"))
                .one_of(&[Default::Symbol("highest"), Default::Symbol("limited")]),
            flag("force").default(Default::False),
            flag("interactive_enabled").default(Default::False),
            field("frequency_modifier").types(&["Integer", "String"]).default(Default::Integer(1)),
            field("frequency").types(&["Symbol"]).one_of(&[
                Default::Symbol("minute"),
                Default::Symbol("hourly"),
                Default::Symbol("daily"),
                Default::Symbol("weekly"),
                Default::Symbol("monthly"),
                Default::Symbol("once"),
                Default::Symbol("on_logon"),
                Default::Symbol("onstart"),
                Default::Symbol("on_idle"),
                Default::Symbol("none"),
            ]),
            text("start_day"),
            text("start_time"),
            field("day").types(&["String", "Integer"]),
            text("months"),
            number("idle_time"),
            field("random_delay").types(&["String", "Integer"]),
            field("execution_time_limit").types(&["String", "Integer"]).default(Default::Text("PT72H")),
            field("minutes_duration").types(&["String", "Integer"]),
            field("minutes_interval").types(&["String", "Integer"]),
            number("priority").default(Default::Integer(7)).check(&[("should be in range of 0 to 10", up_to_ten)]),
            flag("disallow_start_if_on_batteries").default(Default::False),
            flag("stop_if_going_on_batteries").default(Default::False),
            text("description"),
            flag("start_when_available").default(Default::False),
            field("backup").types(&["Integer", "FalseClass"]).default(Default::Integer(5)),
        ]),
    kind("chef_client_scheduled_task", "ChefClientScheduledTask").actions(&["add", "remove"]).runs(&["add"]).properties(&[
        text("task_name").default(Default::Text("chef-client")),
        text("user").default(Default::Text("System")).secret(),
        text("password").secret(),
        text("frequency").default(Default::Text("minute")).one_of(&[
            Default::Text("minute"),
            Default::Text("hourly"),
            Default::Text("daily"),
            Default::Text("monthly"),
            Default::Text("once"),
            Default::Text("on_logon"),
            Default::Text("onstart"),
            Default::Text("on_idle"),
        ]),
        field("frequency_modifier")
            .types(&["Integer", "String"])
            .computed(task_interval)
            .coerce(whole)
            .check(&[("should be a positive number", positive)]),
        flag("accept_chef_license").default(Default::False),
        text("start_date").pattern(&[r"^[0-1][0-9]/[0-3][0-9]/\d{4}$"]),
        text("start_time").pattern(&[r"^\d{2}:\d{2}$"]),
        field("splay")
            .types(&["Integer", "String"])
            .default(Default::Integer(300))
            .coerce(whole)
            .check(&[("should be a positive number", not_negative)]),
        flag("use_consistent_splay").default(Default::False),
        flag("run_on_battery").default(Default::True),
        text("config_directory").default(Default::Text("/etc/chef")),
        text("log_directory").computed(task_log),
        text("log_file_name").default(Default::Text("client.log")),
        text("chef_binary_path").default(Default::Text("C:/opscode/chef/bin/chef-client")),
        list_of("daemon_options").default(Default::EmptyList),
        number("priority").default(Default::Integer(7)).check(&[("should be in range of 0 to 10", up_to_ten)]),
    ]),
];
