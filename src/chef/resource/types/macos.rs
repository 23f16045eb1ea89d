//! Types for macOS, so that recipes for several systems evaluate.

use super::check::{niceness, not_negative};
use super::coerce::{downcase, list_or_one, texts, whole};
use super::computed::app_name;
use super::{Default, Type, field, flag, kind, list_of, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("dmg_package", "DmgPackage").actions(&["install"]).runs(&["install"]).properties(&[
        text("app").named(),
        text("source"),
        text("file"),
        field("owner").types(&["String", "Integer"]),
        text("destination").default(Default::Text("/Applications")),
        text("checksum"),
        text("volumes_dir").computed(app_name),
        text("dmg_name").computed(app_name).aside(),
        text("type").default(Default::Text("app")).one_of(&[Default::Text("app"), Default::Text("pkg"), Default::Text("mpkg")]).aside(),
        text("package_id"),
        text("dmg_passphrase").aside(),
        flag("accept_eula").default(Default::False).aside(),
        map("headers").aside(),
        flag("allow_untrusted").default(Default::False).aside(),
    ]),
    kind("homebrew_cask", "HomebrewCask").actions(&["install", "remove"]).runs(&["install"]).properties(&[
        text("cask_name").named().pattern(&[r"^[\w/\-@]+$"]).message(concat!(
            "The provided Homebrew cask name is not valid. Cask names can contain alphanumeric ",
            "characters, _, -, or / only!"
        )),
        text("options"),
        text("homebrew_path"),
        field("owner").types(&["String", "Integer"]),
    ]),
    kind("homebrew_package", "HomebrewPackage").under("Package").properties(&[field("homebrew_user").types(&["String", "Integer"])]),
    kind("homebrew_tap", "HomebrewTap").actions(&["tap", "untap"]).runs(&["tap"]).properties(&[
        text("tap_name").named().pattern(&[r"^[\w-]+(?:/[\w-]+)+$"]).message("Homebrew tap names must be in the form REPO/TAP format!"),
        text("url"),
        text("homebrew_path"),
        text("owner"),
    ]),
    kind("homebrew_update", "HomebrewUpdate")
        .actions(&["periodic", "update"])
        .runs(&["periodic"])
        .properties(&[text("name").default(Default::Text("")), number("frequency").default(Default::Integer(86400))]),
    kind("launchd", "Launchd")
        .actions(&["create", "create_if_missing", "delete", "enable", "disable", "restart"])
        .runs(&["create"])
        .properties(&[
            text("label").named(),
            field("backup").types(&["Integer", "FalseClass"]).aside(),
            text("cookbook").aside(),
            field("group").types(&["String", "Integer"]),
            map("plist_hash"),
            field("mode").types(&["String", "Integer"]),
            field("owner").types(&["String", "Integer"]),
            text("path"),
            text("source"),
            text("session_type"),
            field("start_calendar_interval").types(&["Hash", "Array"]).coerce(list_or_one),
            text("type").default(Default::Text("daemon")).coerce(downcase),
            flag("abandon_process_group"),
            list_of("associated_bundle_identifiers"),
            flag("debug"),
            flag("disabled").default(Default::False),
            flag("enable_globbing"),
            flag("enable_transactions"),
            map("environment_variables"),
            number("exit_timeout"),
            map("hard_resource_limits"),
            map("inetd_compatibility"),
            flag("init_groups"),
            field("keep_alive").types(&["TrueClass", "FalseClass", "Hash"]),
            map("launch_events"),
            flag("launch_only_once"),
            text("ld_group"),
            list_of("limit_load_from_hosts"),
            list_of("limit_load_to_hosts"),
            field("limit_load_to_session_type").types(&["Array", "String"]),
            flag("low_priority_io"),
            map("mach_services"),
            number("nice").check(&[("should be a Integer between -20 and 19", niceness)]),
            flag("on_demand"),
            text("process_type"),
            text("program"),
            list_of("program_arguments").coerce(texts),
            list_of("queue_directories"),
            text("root_directory"),
            flag("run_at_load"),
            map("sockets"),
            list_of("soft_resource_limits"),
            text("standard_error_path"),
            text("standard_in_path"),
            text("standard_out_path"),
            number("start_interval"),
            flag("start_on_mount"),
            number("throttle_interval"),
            number("time_out"),
            text("username"),
            flag("wait_for_debugger"),
            list_of("watch_paths"),
            text("working_directory"),
        ]),
    kind("macos_pkg", "MacosPkg").actions(&["install"]).runs(&["install"]).properties(&[
        text("checksum"),
        text("file"),
        map("headers").aside(),
        text("package_id").required(&[]),
        text("source"),
        text("target").default(Default::Text("/")),
    ]),
    kind("macos_userdefaults", "MacosUserDefaults")
        .also(&["mac_os_x_userdefaults"])
        .actions(&["write", "delete"])
        .runs(&["write"])
        .properties(&[
            text("domain").default(Default::Text("NSGlobalDomain")).aside(),
            flag("global").default(Default::False).aside(),
            text("key").required(&[]),
            field("host").types(&["String", "Symbol"]).default(Default::Symbol("all")).aside(),
            field("value").types(&["Integer", "Float", "String", "TrueClass", "FalseClass", "Hash", "Array"]).required(&["write"]),
            text("type")
                .one_of(&[
                    Default::Text("bool"),
                    Default::Text("string"),
                    Default::Text("int"),
                    Default::Text("float"),
                    Default::Text("array"),
                    Default::Text("dict"),
                ])
                .aside(),
            field("user").types(&["String", "Symbol"]).default(Default::Symbol("current")).aside(),
            flag("sudo").default(Default::False).aside(),
        ]),
    kind("macosx_service", "MacosxService").under("Service").properties(&[text("plist"), text("session_type")]),
    kind("macports_package", "MacportsPackage").under("Package").properties(&[text("package_name").named().identity(), text("version")]),
    kind("osx_profile", "OsxProfile").also(&["osx_config_profile"]).actions(&["install", "remove"]).runs(&["install"]).properties(&[
        text("profile_name").named(),
        field("profile").types(&["String", "Hash"]),
        text("identifier"),
    ]),
    kind("plist", "PlistResource").actions(&["set"]).runs(&["set"]).properties(&[
        text("path").named(),
        text("entry"),
        field("value").types(&["TrueClass", "FalseClass", "String", "Integer", "Float", "Hash"]),
        text("encoding").default(Default::Text("binary")),
        text("owner").default(Default::Text("root")),
        text("group").default(Default::Text("wheel")),
        field("mode").types(&["String", "Integer"]),
    ]),
    kind("chef_client_launchd", "ChefClientLaunchd").actions(&["enable", "disable"]).runs(&["enable"]).properties(&[
        text("user").default(Default::Text("root")),
        text("working_directory").default(Default::Text("/var/root")),
        field("interval")
            .types(&["Integer", "String"])
            .default(Default::Integer(30))
            .coerce(whole)
            .check(&[("should be a positive number", not_negative)]),
        field("splay")
            .types(&["Integer", "String"])
            .default(Default::Integer(300))
            .coerce(whole)
            .check(&[("should be a positive number", not_negative)]),
        flag("accept_chef_license").default(Default::False),
        text("config_directory").default(Default::Text("/etc/chef")),
        text("log_directory").default(Default::Text("/Library/Logs/Chef")),
        text("log_file_name").default(Default::Text("client.log")),
        text("chef_binary_path").default(Default::Text("/opt/chef/bin/chef-client")),
        list_of("daemon_options").default(Default::EmptyList),
        map("environment").default(Default::EmptyMap),
        field("nice").types(&["Integer", "String"]).coerce(whole).check(&[("should be an Integer between -20 and 19", niceness)]),
        flag("low_priority_io").default(Default::True),
    ]),
];
