//! `package` and its kin.

use super::coerce::{flag_map, flat_list, shell_words, to_i};
use super::{Default, Type, field, flag, kind, map, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("package", "Package")
        .actions(&["install", "upgrade", "remove", "purge", "reconfig", "lock", "unlock"])
        .runs(&["install"])
        .properties(&[
            field("package_name").types(&["String", "Array"]).named(),
            field("version").types(&["String", "Array"]),
            field("options").types(&["String", "Array"]).coerce(shell_words),
            text("source"),
            field("timeout").types(&["String", "Integer"]),
            map("environment"),
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
        ]),
    kind("apt_package", "AptPackage").under("Package").properties(&[
        text("default_release"),
        flag("overwrite_config_files").default(Default::False),
        text("response_file"),
        map("response_file_variables").default(Default::EmptyMap),
        flag("anchor_package_regex").default(Default::False),
        map("environment").default(Default::EmptyMap),
    ]),
    kind("yum_package", "YumPackage").under("Package").actions(&["install", "upgrade", "remove", "purge", "lock", "unlock"]).properties(&[
        field("package_name").types(&["String", "Array"]).named(),
        field("version").types(&["String", "Array"]),
        field("arch").types(&["String", "Array"]),
        map("flush_cache")
            .default(Default::Map(&[(Default::Symbol("before"), Default::False), (Default::Symbol("after"), Default::False)]))
            .coerce(flag_map),
        flag("allow_downgrade").default(Default::True),
        text("yum_binary"),
        map("environment").default(Default::EmptyMap),
    ]),
    kind("dnf_package", "DnfPackage")
        .under("Package")
        .actions(&["install", "upgrade", "remove", "purge", "reconfig", "lock", "unlock", "flush_cache"])
        .properties(&[
            field("arch").types(&["String", "Array"]).coerce(flat_list),
            map("flush_cache")
                .default(Default::Map(&[(Default::Symbol("before"), Default::False), (Default::Symbol("after"), Default::False)]))
                .coerce(flag_map),
            flag("allow_downgrade").default(Default::True),
            map("environment").default(Default::EmptyMap),
        ]),
    kind("zypper_package", "ZypperPackage")
        .under("Package")
        .actions(&["install", "upgrade", "remove", "purge", "lock", "unlock"])
        .properties(&[
            flag("gpg_check"),
            flag("allow_downgrade").default(Default::True),
            field("global_options").types(&["String", "Array"]).coerce(shell_words),
        ]),
    kind("snap_package", "SnapPackage").under("Package").actions(&["install", "upgrade", "remove", "purge"]).properties(&[text("channel")
        .default(Default::Text("stable"))
        .one_of(&[Default::Text("edge"), Default::Text("beta"), Default::Text("candidate"), Default::Text("stable")])]),
    kind("dpkg_package", "DpkgPackage").under("Package").properties(&[
        field("source").types(&["String", "Array"]),
        text("response_file"),
        map("response_file_variables").default(Default::EmptyMap),
        flag("allow_downgrade").default(Default::True),
        map("environment").default(Default::EmptyMap),
    ]),
    kind("rpm_package", "RpmPackage").under("Package").actions(&["install", "upgrade", "remove"]).properties(&[
        flag("allow_downgrade").default(Default::True),
        text("package_name").named(),
        text("version"),
        map("environment").default(Default::EmptyMap),
    ]),
    kind("gem_package", "GemPackage").under("Package").actions(&["install", "upgrade", "remove", "purge"]).properties(&[
        text("package_name").named(),
        text("version"),
        field("source").types(&["String", "Array"]),
        flag("clear_sources"),
        text("gem_binary"),
        flag("include_default_source").default(Default::Nil),
        field("options").types(&["String", "Hash", "Array"]),
    ]),
    kind("chef_gem", "ChefGem").under("GemPackage").properties(&[
        text("package_name").named(),
        text("version"),
        text("gem_binary").default(Default::Text("/usr/bin/gem")),
    ]),
    kind("pacman_package", "PacmanPackage").under("Package").actions(&["install", "upgrade", "remove", "purge"]),
    kind("portage_package", "PortagePackage").under("Package").actions(&["install", "upgrade", "remove", "purge"]).properties(&[
        text("package_name").named(),
        text("version"),
        field("timeout").types(&["String", "Integer"]).default(Default::Integer(3600)),
    ]),
    kind("paludis_package", "PaludisPackage").under("Package").actions(&["install", "remove", "upgrade"]).properties(&[
        text("package_name").named(),
        text("version"),
        field("timeout").types(&["String", "Integer"]).default(Default::Integer(3600)),
    ]),
    kind("smartos_package", "SmartosPackage")
        .under("Package")
        .actions(&["install", "upgrade", "remove"])
        .properties(&[text("package_name").named(), text("version")]),
    kind("solaris_package", "SolarisPackage")
        .under("Package")
        .actions(&["install", "upgrade", "remove"])
        .properties(&[text("package_name").named(), text("version")]),
    kind("bff_package", "BffPackage").under("Package").properties(&[text("package_name").named(), text("version")]),
    kind("ips_package", "IpsPackage").under("Package").actions(&["install", "remove", "upgrade"]).properties(&[
        text("package_name").named(),
        text("version"),
        flag("accept_license").default(Default::False),
    ]),
    kind("freebsd_package", "FreebsdPackage").under("Package").actions(&["install", "remove"]),
    kind("openbsd_package", "OpenbsdPackage")
        .under("Package")
        .actions(&["install", "remove"])
        .properties(&[text("package_name").named(), text("version")]),
    kind("build_essential", "BuildEssential")
        .actions(&["install", "upgrade"])
        .runs(&["install"])
        .properties(&[text("name").default(Default::Text("")), flag("raise_if_unsupported").default(Default::False)]),
    kind("alternatives", "Alternatives").actions(&["install", "set", "remove", "auto", "refresh"]).runs(&["install"]).properties(&[
        text("link_name").named(),
        text("link"),
        text("path"),
        field("priority").types(&["String", "Integer"]).coerce(to_i),
    ]),
];
