//! SELinux.

use super::coerce::{selinux_bool, sorted_list};
use super::computed::{selinux_packages, selinux_policy};
use super::{Default, Type, field, flag, kind, list_of, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("selinux_boolean", "SelinuxBoolean").actions(&["set"]).runs(&["set"]).properties(&[
        text("boolean").named(),
        field("value")
            .types(&["Integer", "String", "TrueClass", "FalseClass"])
            .required(&[])
            .coerce(selinux_bool)
            .one_of(&[Default::Text("on"), Default::Text("off")]),
        flag("persistent").default(Default::True).aside(),
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
    kind("selinux_install", "SelinuxInstall").actions(&["install", "upgrade", "remove"]).runs(&["install"]).properties(&[field(
        "packages",
    )
    .types(&["String", "Array"])
    .computed(selinux_packages)]),
    kind("selinux_login", "SelinuxLogin").actions(&["manage", "add", "modify", "delete"]).runs(&["manage"]).properties(&[
        text("login").named(),
        text("user"),
        text("range"),
    ]),
    kind("selinux_module", "SelinuxModule").actions(&["create", "delete", "install", "remove"]).runs(&["create"]).properties(&[
        text("module_name").named(),
        text("source"),
        text("content"),
        text("cookbook").aside(),
        text("base_dir").default(Default::Text("/etc/selinux/local")),
    ]),
    kind("selinux_permissive", "SelinuxPermissive").actions(&["add", "delete"]).runs(&["add"]).properties(&[text("context").named()]),
    kind("selinux_port", "SelinuxPort").actions(&["manage", "addormodify", "add", "modify", "delete"]).runs(&["manage"]).properties(&[
        field("port").types(&["Integer", "String"]).named().pattern(&[r"^\d+$"]),
        text("protocol").required(&["manage", "add", "modify"]).one_of(&[Default::Text("tcp"), Default::Text("udp")]),
        text("secontext").required(&["manage", "add", "modify"]),
    ]),
    kind("selinux_state", "SelinuxState")
        .actions(&["enforcing", "permissive", "disabled"])
        .runs(&["enforcing"])
        .properties(&[
            text("config_file").default(Default::Text("/etc/selinux/config")),
            flag("persistent").default(Default::True),
            text("policy").computed(selinux_policy).one_of(&[
                Default::Text("default"),
                Default::Text("minimum"),
                Default::Text("mls"),
                Default::Text("src"),
                Default::Text("strict"),
                Default::Text("targeted"),
            ]),
            field("automatic_reboot").types(&["TrueClass", "FalseClass", "Symbol"]).default(Default::False),
        ])
        .aliases(&[("temporary", "persistent")]),
    kind("selinux_user", "SelinuxUser").actions(&["manage", "add", "modify", "delete"]).runs(&["manage"]).properties(&[
        text("user").named(),
        text("level"),
        text("range"),
        list_of("roles").coerce(sorted_list),
    ]),
];
