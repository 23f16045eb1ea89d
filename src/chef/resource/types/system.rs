//! Settings of the machine itself: kernel, names, time, locale, network.

use super::coerce::{locale_variables, sysctl_value};
use super::computed::node_address;
use super::{Default, Type, field, flag, kind, list_of, map, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("sysctl", "Sysctl").also(&["sysctl_param"]).actions(&["apply", "remove"]).runs(&["apply"]).properties(&[
        text("key").named(),
        flag("ignore_error").default(Default::False).aside(),
        field("value").types(&["Array", "String", "Integer", "Float"]).required(&["apply"]).coerce(sysctl_value),
        field("comment").types(&["Array", "String"]).default(Default::EmptyList).aside(),
        text("conf_dir").default(Default::Text("/etc/sysctl.d")),
    ]),
    kind("kernel_module", "KernelModule")
        .actions(&["install", "uninstall", "blacklist", "disable", "enable", "load", "unload"])
        .runs(&["install"])
        .properties(&[
            text("modname").named(),
            list_of("options"),
            text("load_dir").default(Default::Text("/etc/modules-load.d")),
            text("unload_dir").default(Default::Text("/etc/modprobe.d")),
        ]),
    kind("hostname", "Hostname").actions(&["set"]).runs(&["set"]).properties(&[
        flag("compile_time").default(Default::True).aside(),
        text("hostname").named(),
        text("fqdn"),
        text("ipaddress").computed(node_address),
        field("aliases").types(&["Array", "nil"]).default(Default::Nil),
        flag("windows_reboot").default(Default::True),
        text("domain_user"),
        text("domain_password").secret(),
    ]),
    kind("timezone", "Timezone").actions(&["set"]).runs(&["set"]).properties(&[text("timezone").named()]),
    kind("locale", "Locale").actions(&["update"]).runs(&["update"]).properties(&[
        text("lang")
            .pattern(&[r"\A\S+"])
            .message(concat!("The provided lang is not valid. It should be a non-empty string without any leading ", "whitespace.")),
        map("lc_env").default(Default::EmptyMap).coerce(locale_variables),
    ]),
    kind("ohai", "Ohai").actions(&["reload"]).runs(&["reload"]).properties(&[text("plugin")]),
    kind("ohai_hint", "OhaiHint").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        flag("compile_time").default(Default::True).aside(),
        text("hint_name").named(),
        map("content"),
    ]),
    kind("ifconfig", "Ifconfig").actions(&["add", "delete", "enable", "disable"]).runs(&["add"]).properties(&[
        text("inet_addr"),
        text("mask"),
        text("target").named(),
        text("hwaddr"),
        text("family").default(Default::Text("inet")),
        text("bcast"),
        text("mtu"),
        text("metric"),
        text("device").identity(),
        text("onboot"),
        text("network"),
        text("bootproto"),
        text("onparent"),
        text("ethtool_opts"),
        text("bonding_opts"),
        text("master"),
        text("slave"),
        text("vlan"),
        text("gateway"),
        text("bridge"),
    ]),
    kind("route", "Route").actions(&["add", "delete"]).runs(&["add"]).properties(&[
        text("target").named(),
        field("comment").types(&["String", "nil"]),
        field("metric").types(&["Integer", "nil"]),
        field("netmask").types(&["String", "nil"]),
        field("gateway").types(&["String", "nil"]),
        field("device").types(&["String", "nil"]).aside(),
        field("route_type")
            .types(&["Symbol", "String"])
            .default(Default::Symbol("host"))
            .one_of(&[Default::Symbol("host"), Default::Symbol("net")])
            .aside(),
    ]),
];
