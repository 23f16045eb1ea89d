//! `package` and its kin.

use super::check::own_gem_binary;
use super::coerce::{flag_map, flat_list, shell_words, to_i};
use super::computed::alternative_link;
use super::{Default, Field, Type, field, flag, kind, map, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("package", "Package")
        .actions(&["install", "upgrade", "remove", "purge", "reconfig", "lock", "unlock"])
        .runs(&["install"])
        .properties(&[
            field("package_name").types(&["String", "Array"]).named().identity(),
            field("version").types(&["String", "Array"]),
            field("options").types(&["String", "Array"]).coerce(shell_words),
            text("source").aside(),
            field("timeout").types(&["String", "Integer"]).aside(),
            map("environment").aside(),
        ]),
    kind("apt_package", "AptPackage").under("Package").properties(&[
        map("environment").default(Default::EmptyMap).aside(),
        text("default_release").aside(),
        flag("overwrite_config_files").default(Default::False),
        text("response_file").aside(),
        map("response_file_variables").default(Default::EmptyMap).aside(),
        flag("anchor_package_regex").default(Default::False),
    ]),
    kind("yum_package", "YumPackage").under("Package").properties(&[
        field("package_name").types(&["String", "Array"]).named().identity(),
        field("version").types(&["String", "Array"]),
        map("environment").default(Default::EmptyMap).aside(),
        field("arch").types(&["String", "Array"]),
        map("flush_cache")
            .default(Default::Map(&[(Default::Symbol("before"), Default::False), (Default::Symbol("after"), Default::False)]))
            .coerce(flag_map),
        flag("allow_downgrade").default(Default::True).aside(),
        text("yum_binary"),
    ]),
    kind("dnf_package", "DnfPackage")
        .under("Package")
        .actions(&["install", "upgrade", "remove", "purge", "reconfig", "lock", "unlock", "flush_cache"])
        .properties(&[
            map("environment").default(Default::EmptyMap).aside(),
            field("arch").types(&["String", "Array"]).coerce(flat_list),
            map("flush_cache")
                .default(Default::Map(&[(Default::Symbol("before"), Default::False), (Default::Symbol("after"), Default::False)]))
                .coerce(flag_map),
            flag("allow_downgrade").default(Default::True).aside(),
        ]),
    kind("zypper_package", "ZypperPackage").under("Package").properties(&[
        flag("gpg_check").default(Default::True),
        flag("allow_downgrade").default(Default::True).aside(),
        field("global_options").types(&["String", "Array"]).coerce(shell_words),
    ]),
    kind("snap_package", "SnapPackage").under("Package").properties(&[text("channel")
        .default(Default::Text("stable"))
        .one_of(&[Default::Text("edge"), Default::Text("beta"), Default::Text("candidate"), Default::Text("stable")])
        .aside()]),
    kind("dpkg_package", "DpkgPackage").under("Package").properties(&[
        field("source").types(&["String", "Array", "nil"]),
        map("environment").default(Default::EmptyMap).aside(),
        text("response_file").aside(),
        map("response_file_variables").default(Default::EmptyMap).aside(),
        flag("allow_downgrade").default(Default::True).aside(),
    ]),
    kind("rpm_package", "RpmPackage").under("Package").properties(&[
        text("package_name").named().identity(),
        text("version"),
        map("environment").default(Default::EmptyMap).aside(),
        flag("allow_downgrade").default(Default::True).aside(),
    ]),
    kind("gem_package", "GemPackage").under("Package").properties(&[
        text("package_name").named().identity(),
        text("version"),
        field("options").types(&["String", "Hash", "Array", "nil"]).aside(),
        field("source").types(&["String", "Array"]),
        field("clear_sources").types(&["TrueClass", "FalseClass", "nil"]).default(Default::False).aside(),
        text("gem_binary").aside(),
        field("include_default_source").types(&["TrueClass", "FalseClass", "nil"]).default(Default::Nil),
    ]),
    kind("chef_gem", "ChefGem").under("GemPackage").properties(&[
        text("package_name").named().identity(),
        text("version"),
        text("gem_binary").default(Default::Text("/usr/bin/gem")).check(&[(
            "The `chef_gem` resource is restricted to the current gem environment, use `gem_package` to install to other environments.",
            own_gem_binary,
        )]),
    ]),
    kind("pacman_package", "PacmanPackage").under("Package"),
    kind("portage_package", "PortagePackage").under("Package").properties(&[
        text("package_name").named().identity(),
        text("version"),
        field("timeout").types(&["String", "Integer"]).default(Default::Integer(3600)).aside(),
    ]),
    kind("paludis_package", "PaludisPackage").under("Package").properties(&[
        text("package_name").named().identity(),
        text("version"),
        field("timeout").types(&["String", "Integer"]).default(Default::Integer(3600)).aside(),
    ]),
    kind("smartos_package", "SmartosPackage").under("Package").properties(&[text("package_name").named().identity(), text("version")]),
    kind("solaris_package", "SolarisPackage").under("Package").properties(&[text("package_name").named().identity(), text("version")]),
    kind("bff_package", "BffPackage").under("Package").properties(&[text("package_name").named().identity(), text("version")]),
    kind("ips_package", "IpsPackage").under("Package").properties(&[
        text("package_name").named().identity(),
        text("version"),
        flag("accept_license").default(Default::False).aside(),
    ]),
    kind("freebsd_package", "FreebsdPackage").under("Package"),
    kind("openbsd_package", "OpenbsdPackage").under("Package").properties(&[text("package_name").named().identity(), text("version")]),
    kind("build_essential", "BuildEssential")
        .actions(&["install", "upgrade"])
        .runs(&["install"])
        .properties(&[text("name").default(Default::Text("")), flag("raise_if_unsupported").default(Default::False).aside()]),
    kind("alternatives", "Alternatives").actions(&["install", "set", "remove", "auto", "refresh"]).runs(&["install"]).properties(&[
        text("link_name").named(),
        text("link").computed(alternative_link),
        text("path"),
        field("priority").types(&["String", "Integer"]).coerce(to_i),
    ]),
];

/// What packages of one system or another take besides.
pub const ELSEWHERE: &[Field] = &[
    field("arch").types(&["String", "Array"]),
    flag("allow_downgrade"),
    field("flush_cache").coerce(flag_map),
    text("default_release"),
    flag("overwrite_config_files"),
    text("response_file"),
    map("response_file_variables"),
    text("gem_binary"),
    flag("gpg_check"),
    field("global_options").types(&["String", "Array"]).coerce(shell_words),
    text("yum_binary"),
    text("channel"),
    flag("anchor_package_regex"),
];
