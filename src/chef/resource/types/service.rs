//! `service` and `systemd_unit`.

use super::coerce::{flags, shell_words};
use super::computed::service_pattern;
use super::{Default, Type, field, flag, kind, list_of, map, number, text};

/// What a service supports when nothing is said of it.
const UNSUPPORTED: &[(Default, Default)] =
    &[(Default::Symbol("restart"), Default::Nil), (Default::Symbol("reload"), Default::Nil), (Default::Symbol("status"), Default::Nil)];

/// The types.
pub const TYPES: &[Type] = &[
    kind("service", "Service").actions(&["enable", "disable", "start", "stop", "restart", "reload", "mask", "unmask"]).properties(&[
        map("supports").coerce(flags).default(Default::Map(UNSUPPORTED)),
        text("service_name").named(),
        text("pattern").computed(service_pattern).aside(),
        field("start_command").types(&["String", "nil", "FalseClass"]).aside(),
        field("stop_command").types(&["String", "nil", "FalseClass"]).aside(),
        field("status_command").types(&["String", "nil", "FalseClass"]).aside(),
        field("restart_command").types(&["String", "nil", "FalseClass"]).aside(),
        field("reload_command").types(&["String", "nil", "FalseClass"]).aside(),
        text("init_command").aside(),
        flag("enabled"),
        flag("running"),
        flag("masked"),
        flag("static"),
        flag("indirect"),
        field("options").types(&["Array", "String"]).coerce(shell_words),
        field("priority").types(&["Integer", "String", "Hash"]),
        number("timeout").default(Default::Integer(900)).aside(),
        map("parameters"),
        list_of("run_levels"),
        text("user"),
    ]),
    kind("systemd_unit", "SystemdUnit")
        .actions(&[
            "create",
            "delete",
            "preset",
            "revert",
            "enable",
            "disable",
            "reenable",
            "mask",
            "unmask",
            "start",
            "stop",
            "restart",
            "reload",
            "try_restart",
            "reload_or_restart",
            "reload_or_try_restart",
        ])
        .properties(&[
            flag("enabled"),
            flag("active"),
            flag("masked"),
            flag("static"),
            flag("indirect"),
            text("user").aside(),
            field("content").types(&["String", "Hash"]),
            flag("triggers_reload").default(Default::True).aside(),
            flag("verify").default(Default::True).aside(),
            text("unit_name").named(),
        ]),
];
