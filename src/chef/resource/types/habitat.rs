//! Chef Habitat.

use super::coerce::{as_text, text_list, to_symbol};
use super::{Default, Type, field, flag, kind, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("habitat_config", "HabitatConfig").actions(&["apply"]).runs(&["apply"]).properties(&[
        map("config").required(&[]),
        text("service_group").named(),
        text("remote_sup").default(Default::Text("127.0.0.1:9632")).aside(),
        text("remote_sup_http").default(Default::Text("127.0.0.1:9631")).aside(),
        text("gateway_auth_token").secret().aside(),
        text("user").aside(),
    ]),
    kind("habitat_install", "HabitatInstall").actions(&["install"]).runs(&["install"]).properties(&[
        text("name").default(Default::Text("install habitat")),
        text("install_url").default(Default::Text("https://raw.githubusercontent.com/habitat-sh/habitat/main/components/hab/install.sh")),
        text("bldr_url"),
        flag("create_user").default(Default::True),
        text("tmp_dir"),
        text("license").one_of(&[Default::Text("accept")]),
        text("hab_version"),
    ]),
    kind("habitat_package", "HabitatPackage").under("Package").properties(&[
        text("options"),
        text("bldr_url").default(Default::Text("https://bldr.habitat.sh")),
        text("channel").default(Default::Text("stable")),
        text("auth_token").secret(),
        field("binlink").types(&["TrueClass", "FalseClass", ":force"]).default(Default::False),
        text("keep_latest"),
        text("exclude"),
        flag("no_deps").default(Default::False),
    ]),
    kind("habitat_service", "HabitatService")
        .actions(&["load", "unload", "start", "stop", "restart", "reload"])
        .runs(&["load"])
        .properties(&[
            text("service_name").named(),
            flag("loaded").default(Default::False),
            flag("running").default(Default::False),
            field("strategy").types(&["Symbol", "String"]).default(Default::Symbol("none")).coerce(to_symbol).one_of(&[
                Default::Symbol("none"),
                Default::Text("none"),
                Default::Symbol("at-once"),
                Default::Text("at-once"),
                Default::Symbol("rolling"),
                Default::Text("rolling"),
            ]),
            field("topology").types(&["Symbol", "String"]).default(Default::Symbol("standalone")).coerce(to_symbol).one_of(&[
                Default::Symbol("standalone"),
                Default::Text("standalone"),
                Default::Symbol("leader"),
                Default::Text("leader"),
            ]),
            text("bldr_url").default(Default::Text("https://bldr.habitat.sh/")),
            field("channel").types(&["Symbol", "String"]).default(Default::Symbol("stable")).coerce(to_symbol),
            field("bind").types(&["String", "Array"]).default(Default::EmptyList).coerce(text_list),
            field("binding_mode").types(&["Symbol", "String"]).default(Default::Symbol("strict")).coerce(to_symbol).one_of(&[
                Default::Symbol("strict"),
                Default::Text("strict"),
                Default::Symbol("relaxed"),
                Default::Text("relaxed"),
            ]),
            text("service_group").default(Default::Text("default")),
            number("shutdown_timeout").default(Default::Integer(8)),
            number("health_check_interval").default(Default::Integer(30)),
            text("remote_sup").default(Default::Text("127.0.0.1:9632")).aside(),
            text("remote_sup_http").default(Default::Text("127.0.0.1:9631")).aside(),
            text("gateway_auth_token").secret().aside(),
            field("update_condition").types(&["Symbol", "String"]).default(Default::Symbol("latest")).coerce(to_symbol).one_of(&[
                Default::Symbol("latest"),
                Default::Text("latest"),
                Default::Symbol("track-channel"),
                Default::Text("track-channel"),
            ]),
        ]),
    kind("habitat_sup", "HabitatSup")
        .also(&["habitat_sup_systemd", "habitat_sup_windows"])
        .actions(&["run", "stop"])
        .runs(&["run"])
        .properties(&[
            text("bldr_url"),
            flag("permanent_peer").default(Default::False),
            text("listen_ctl"),
            text("listen_gossip"),
            text("listen_http"),
            text("org").default(Default::Text("default")),
            field("peer").types(&["String", "Array"]).coerce(text_list),
            text("ring"),
            text("hab_channel"),
            flag("auto_update").default(Default::False),
            text("auth_token").secret(),
            text("gateway_auth_token").secret(),
            text("update_condition"),
            text("limit_no_files"),
            text("license").one_of(&[Default::Text("accept")]),
            field("health_check_interval").types(&["String", "Integer"]).coerce(as_text),
            text("event_stream_application"),
            text("event_stream_environment"),
            text("event_stream_site"),
            text("event_stream_url"),
            text("event_stream_token"),
            text("event_stream_cert"),
            text("sup_version"),
            text("launcher_version"),
            text("service_version"),
            text("keep_latest"),
            flag("toml_config").default(Default::False),
        ]),
    kind("habitat_user_toml", "HabitatUserToml")
        .actions(&["create", "delete"])
        .runs(&["create"])
        .properties(&[map("config").required(&[]), text("service_name").named()]),
];
