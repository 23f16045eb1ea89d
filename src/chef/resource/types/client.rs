//! What sets Chef itself up: `chef_client_*`, `chef_handler`, vault items, waivers.

use super::check::{calendar_date, cron_day, cron_hour, cron_minute, cron_month, cron_weekday, niceness, not_negative, positive};
use super::coerce::{bare_symbol, comma_text, plugin_names, whole};
use super::computed::node_name;
use super::{Default, Type, field, flag, kind, list_of, map, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("chef_client_config", "ChefClientConfig").actions(&["create", "remove"]).runs(&["create"]).properties(&[
        text("config_directory").default(Default::Text("/etc/chef")),
        text("user"),
        text("group"),
        field("node_name").types(&["String", "nil"]).computed(node_name),
        text("chef_server_url").required(&[]),
        field("ssl_verify_mode")
            .types(&["Symbol", "String"])
            .coerce(bare_symbol)
            .one_of(&[Default::Symbol("verify_none"), Default::Symbol("verify_peer")]),
        list_of("formatters").default(Default::EmptyList),
        list_of("event_loggers").default(Default::EmptyList),
        field("log_level").types(&["Symbol"]).one_of(&[
            Default::Symbol("auto"),
            Default::Symbol("trace"),
            Default::Symbol("debug"),
            Default::Symbol("info"),
            Default::Symbol("warn"),
            Default::Symbol("fatal"),
        ]),
        field("log_location").types(&["String", "Symbol"]),
        text("http_proxy"),
        text("https_proxy"),
        text("ftp_proxy"),
        field("no_proxy").types(&["String", "Array"]).default(Default::EmptyList).coerce(comma_text),
        list_of("ohai_disabled_plugins").default(Default::EmptyList).coerce(plugin_names),
        list_of("ohai_optional_plugins").default(Default::EmptyList).coerce(plugin_names),
        flag("policy_persist_run_list").default(Default::False),
        flag("minimal_ohai").default(Default::False),
        list_of("start_handlers").default(Default::EmptyList),
        list_of("report_handlers").default(Default::EmptyList),
        field("rubygems_url").types(&["String", "Array"]),
        list_of("exception_handlers").default(Default::EmptyList),
        text("chef_license").one_of(&[Default::Text("accept"), Default::Text("accept-no-persist"), Default::Text("accept-silent")]),
        text("policy_name"),
        text("policy_group"),
        text("named_run_list"),
        text("pid_file"),
        text("file_cache_path"),
        text("file_backup_path"),
        text("file_staging_uses_destdir"),
        text("additional_config"),
        text("data_collector_server_url"),
        text("data_collector_token"),
        map("directory_specs").default(Default::Map(&[
            (
                Default::Symbol("config"),
                Default::Map(&[(Default::Symbol("mode"), Default::Text("0750")), (Default::Symbol("inherits"), Default::Symbol("auto"))]),
            ),
            (
                Default::Symbol("client_d"),
                Default::Map(&[(Default::Symbol("mode"), Default::Text("0750")), (Default::Symbol("inherits"), Default::Symbol("auto"))]),
            ),
            (
                Default::Symbol("logs"),
                Default::Map(&[(Default::Symbol("mode"), Default::Text("0755")), (Default::Symbol("inherits"), Default::Symbol("auto"))]),
            ),
            (
                Default::Symbol("cache"),
                Default::Map(&[(Default::Symbol("mode"), Default::Text("0750")), (Default::Symbol("inherits"), Default::Symbol("auto"))]),
            ),
            (
                Default::Symbol("backups"),
                Default::Map(&[(Default::Symbol("mode"), Default::Text("0750")), (Default::Symbol("inherits"), Default::Symbol("auto"))]),
            ),
        ])),
        text("client_rb_mode").default(Default::Text("0640")),
    ]),
    kind("chef_client_cron", "ChefClientCron").actions(&["add", "remove"]).runs(&["add"]).properties(&[
        text("job_name").default(Default::Text("chef-client")),
        text("comment"),
        text("user").default(Default::Text("root")),
        field("minute")
            .types(&["Integer", "String"])
            .default(Default::Text("0,30"))
            .check(&[("should be a valid minute spec", cron_minute)]),
        field("hour").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid hour spec", cron_hour)]),
        field("day").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid day spec", cron_day)]),
        field("month").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid month spec", cron_month)]),
        field("weekday")
            .types(&["Integer", "String"])
            .default(Default::Text("*"))
            .check(&[("should be a valid weekday spec", cron_weekday)]),
        field("splay")
            .types(&["Integer", "String"])
            .default(Default::Integer(300))
            .coerce(whole)
            .check(&[("should be a positive number", not_negative)]),
        text("mailto"),
        flag("accept_chef_license").default(Default::False),
        text("config_directory").default(Default::Text("/etc/chef")),
        text("log_directory").default(Default::Text("/var/log/chef")),
        text("log_file_name").default(Default::Text("client.log")),
        flag("append_log_file").default(Default::True),
        text("chef_binary_path").default(Default::Text("/opt/chef/bin/chef-client")),
        list_of("daemon_options").default(Default::EmptyList),
        map("environment").default(Default::EmptyMap),
        field("nice").types(&["Integer", "String"]).coerce(whole).check(&[("should be an Integer between -20 and 19", niceness)]),
    ]),
    kind("chef_client_systemd_timer", "ChefClientSystemdTimer").actions(&["add", "remove"]).runs(&["add"]).properties(&[
        text("job_name").default(Default::Text("chef-client")),
        text("description").default(Default::Text("Chef Infra Client periodic execution")),
        text("user").default(Default::Text("root")),
        text("delay_after_boot").default(Default::Text("1min")),
        text("interval").default(Default::Text("30min")),
        text("splay").default(Default::Text("5min")),
        flag("accept_chef_license").default(Default::False),
        flag("run_on_battery").default(Default::True),
        text("config_directory").default(Default::Text("/etc/chef")),
        text("chef_binary_path").default(Default::Text("/opt/chef/bin/chef-client")),
        list_of("daemon_options").default(Default::EmptyList),
        map("environment").default(Default::EmptyMap),
        field("cpu_quota").types(&["Integer", "String"]).coerce(whole).check(&[("should be a positive Integer", positive)]),
        field("service_umask").types(&["Integer", "String"]),
    ]),
    kind("chef_client_trusted_certificate", "ChefClientTrustedCertificate")
        .actions(&["add", "remove"])
        .runs(&["add"])
        .properties(&[text("cert_name").named(), text("certificate").required(&["add"])]),
    kind("chef_handler", "ChefHandler")
        .actions(&["enable", "disable"])
        .runs(&["enable"])
        .properties(&[
            text("class_name").named(),
            text("source"),
            field("arguments").types(&["Array", "Hash"]).default(Default::EmptyList),
            map("type").default(Default::Map(&[(Default::Symbol("report"), Default::True), (Default::Symbol("exception"), Default::True)])),
        ])
        .aliases(&[("supports", "type")]),
    kind("chef_vault_secret", "ChefVaultSecret").actions(&["create", "create_if_missing", "delete"]).runs(&["create"]).properties(&[
        text("id").named(),
        text("data_bag").required(&[]).aside(),
        field("admins").types(&["String", "Array"]).required(&[]).aside(),
        field("clients").types(&["String", "Array"]).aside(),
        text("search").default(Default::Text("*:*")).aside(),
        field("raw_data").types(&["Hash", "Mash"]).default(Default::EmptyMap).secret(),
        field("environment").types(&["String", "nil"]).aside(),
    ]),
    kind("inspec_input", "InspecInput").actions(&["add"]).runs(&["add"]).properties(&[
        field("name").types(&["Hash", "String"]),
        field("input").types(&["Hash", "String"]).named(),
        field("source").types(&["Hash", "String"]).named(),
    ]),
    kind("inspec_waiver", "InspecWaiver").actions(&["add"]).runs(&["add"]).properties(&[
        text("control").named(),
        text("expiration").check(&[(
            concat!("Expiration date should be a valid calendar date and match the following format: ", "YYYY-MM-DD"),
            calendar_date,
        )]),
        flag("run_test"),
        text("justification"),
        field("source").types(&["Hash", "String"]),
    ]),
    kind("inspec_waiver_file_entry", "InspecWaiverFileEntry").actions(&["add", "remove"]).runs(&["add"]).properties(&[
        text("control").named(),
        text("file_path").default(Default::Text("/etc/chef/inspec_waivers.yml")).required(&[]),
        text("expiration").check(&[(
            concat!("Expiration date should be a valid calendar date and match the following format: ", "YYYY-MM-DD"),
            calendar_date,
        )]),
        flag("run_test"),
        text("justification"),
        field("backup").types(&["FalseClass", "Integer"]).default(Default::False),
    ]),
];
