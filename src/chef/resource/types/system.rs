//! Settings of the machine itself: kernel, names, time, locale, network, SELinux.

use super::coerce::{selinux_bool, sorted_list, sysctl_value};
use super::{Default, Type, field, flag, kind, list_of, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("sysctl", "Sysctl").also(&["sysctl_param"]).actions(&["apply", "remove"]).runs(&["apply"]).properties(&[
        text("key").named(),
        flag("ignore_error").default(Default::False),
        field("value").types(&["Array", "String", "Integer", "Float"]).required(&["apply"]).coerce(sysctl_value),
        field("comment").types(&["Array", "String"]).default(Default::EmptyList),
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
        text("hostname").named(),
        text("fqdn"),
        text("ipaddress"),
        list_of("aliases").default(Default::Nil),
        flag("compile_time").default(Default::True),
        flag("windows_reboot").default(Default::True),
        text("domain_user"),
        text("domain_password").secret(),
    ]),
    kind("timezone", "Timezone").actions(&["set"]).runs(&["set"]).properties(&[text("timezone").named()]),
    kind("locale", "Locale").actions(&["update"]).runs(&["update"]).properties(&[text("lang"), map("lc_env").default(Default::EmptyMap)]),
    kind("ohai", "Ohai").actions(&["reload"]).runs(&["reload"]).properties(&[text("plugin")]),
    kind("ohai_hint", "OhaiHint").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("hint_name").named(),
        map("content"),
        flag("compile_time").default(Default::True),
    ]),
    kind("ifconfig", "Ifconfig").actions(&["add", "delete", "enable", "disable"]).runs(&["add"]).properties(&[
        text("target").named(),
        text("hwaddr"),
        text("mask"),
        text("family").default(Default::Text("inet")),
        text("inet_addr"),
        text("bcast"),
        text("mtu"),
        text("metric"),
        text("device"),
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
        text("comment"),
        number("metric"),
        text("netmask"),
        text("gateway"),
        text("device"),
        field("route_type")
            .types(&["Symbol", "String"])
            .default(Default::Symbol("host"))
            .one_of(&[Default::Symbol("host"), Default::Symbol("net")]),
    ]),
    kind("selinux_boolean", "SelinuxBoolean").actions(&["set"]).runs(&["set"]).properties(&[
        text("boolean").named(),
        field("value")
            .types(&["Integer", "String", "TrueClass", "FalseClass"])
            .required(&[])
            .coerce(selinux_bool)
            .one_of(&[Default::Text("on"), Default::Text("off")]),
        flag("persistent").default(Default::True),
    ]),
    kind("selinux_fcontext", "SelinuxFcontext")
        .actions(&["manage", "addormodify", "add", "modify", "delete"])
        .runs(&["manage"])
        .properties(&[
            text("file_spec").named(),
            text("secontext").required(&["add", "modify", "manage"]),
            text("file_type").default(Default::Text("a")).one_of(&[
                Default::Text("a"),
                Default::Text("f"),
                Default::Text("d"),
                Default::Text("c"),
                Default::Text("b"),
                Default::Text("s"),
                Default::Text("l"),
                Default::Text("p"),
            ]),
        ]),
    kind("selinux_install", "SelinuxInstall")
        .actions(&["install", "upgrade", "remove"])
        .runs(&["install"])
        .properties(&[field("packages").types(&["String", "Array"])]),
    kind("selinux_login", "SelinuxLogin").actions(&["manage", "add", "modify", "delete"]).runs(&["manage"]).properties(&[
        text("login").named(),
        text("user"),
        text("range"),
    ]),
    kind("selinux_module", "SelinuxModule").actions(&["create", "delete", "install", "remove"]).runs(&["create"]).properties(&[
        text("module_name").named(),
        text("source"),
        text("content"),
        text("cookbook"),
        text("base_dir").default(Default::Text("/etc/selinux/local")),
    ]),
    kind("selinux_permissive", "SelinuxPermissive").actions(&["add", "delete"]).runs(&["add"]).properties(&[text("context").named()]),
    kind("selinux_port", "SelinuxPort").actions(&["manage", "addormodify", "add", "modify", "delete"]).runs(&["manage"]).properties(&[
        field("port").types(&["Integer", "String"]).named(),
        text("protocol").required(&["manage", "add", "modify"]).one_of(&[Default::Text("tcp"), Default::Text("udp")]),
        text("secontext").required(&["manage", "add", "modify"]),
    ]),
    kind("selinux_state", "SelinuxState").actions(&["enforcing", "permissive", "disabled"]).properties(&[
        text("config_file").default(Default::Text("/etc/selinux/config")),
        flag("persistent").default(Default::True),
        text("policy").one_of(&[
            Default::Text("default"),
            Default::Text("minimum"),
            Default::Text("mls"),
            Default::Text("src"),
            Default::Text("strict"),
            Default::Text("targeted"),
        ]),
        field("automatic_reboot").types(&["TrueClass", "FalseClass", "Symbol"]).default(Default::False),
    ]),
    kind("selinux_user", "SelinuxUser").actions(&["manage", "add", "modify", "delete"]).runs(&["manage"]).properties(&[
        text("user").named(),
        text("level"),
        text("range"),
        list_of("roles").coerce(sorted_list),
    ]),
];
