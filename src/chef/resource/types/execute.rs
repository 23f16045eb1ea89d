//! `execute`, scripts, `ruby_block`, `log`, `http_request` and others that only do something once.

use super::coerce::whole;
use super::{Default, Type, field, flag, kind, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("execute", "Execute")
        .actions(&["run"])
        .runs(&["run"])
        .properties(&[
            field("command").types(&["String", "Array"]).named(),
            text("creates"),
            text("cwd"),
            map("environment"),
            field("group").types(&["String", "Integer"]),
            flag("live_stream").default(Default::False),
            flag("default_env").default(Default::False).aside(),
            field("returns").types(&["Integer", "Array"]).default(Default::Integer(0)),
            field("timeout").types(&["Integer", "String", "Float"]).default(Default::Integer(3600)).aside(),
            field("user").types(&["String", "Integer"]),
            text("domain"),
            text("password").secret(),
            flag("elevated").default(Default::False),
            text("input"),
            flag("login").default(Default::False),
        ])
        .aliases(&[("env", "environment")]),
    kind("script", "Script").under("Execute").properties(&[text("code").required(&[]), text("interpreter"), text("flags")]),
    kind("bash", "Bash").under("Script"),
    kind("csh", "Csh").under("Script"),
    kind("ksh", "Ksh").under("Script"),
    kind("perl", "Perl").under("Script"),
    kind("python", "Python").under("Script"),
    kind("ruby", "Ruby").under("Script"),
    kind("ruby_block", "RubyBlock").actions(&["create", "run"]).runs(&["run"]).properties(&[text("block_name").named(), field("block")]),
    kind("whyrun_safe_ruby_block", "WhyrunSafeRubyBlock").under("RubyBlock").actions(&["create", "run"]).runs(&["run"]),
    kind("log", "Log").actions(&["write"]).runs(&["write"]).properties(&[
        text("message").named().identity(),
        field("level").types(&["Symbol"]).default(Default::Symbol("info")).one_of(&[
            Default::Symbol("debug"),
            Default::Symbol("info"),
            Default::Symbol("warn"),
            Default::Symbol("error"),
            Default::Symbol("fatal"),
        ]),
    ]),
    kind("http_request", "HttpRequest")
        .actions(&["get", "patch", "put", "post", "delete", "head", "options"])
        .runs(&["get"])
        .properties(&[text("url").identity(), map("headers").default(Default::EmptyMap), field("message")]),
    kind("reboot", "Reboot").actions(&["request_reboot", "reboot_now", "cancel"]).properties(&[
        text("reason").default(Default::Text("Reboot by Chef Infra Client")),
        number("delay_mins").default(Default::Integer(0)),
    ]),
    kind("chef_sleep", "ChefSleep")
        .actions(&["sleep"])
        .runs(&["sleep"])
        .properties(&[field("seconds").types(&["String", "Integer"]).named().coerce(whole)]),
    kind("notify_group", "NotifyGroup").actions(&["run"]),
    kind("breakpoint", "Breakpoint").actions(&["break"]).runs(&["break"]),
];
