//! `mount`, `mdadm`, `swap_file`.

use super::coerce::{flags, mount_options, mount_point, to_symbol};
use super::{Default, Type, field, flag, kind, list_of, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("mount", "Mount").actions(&["mount", "umount", "unmount", "remount", "enable", "disable"]).runs(&["mount"]).properties(&[
        field("supports").types(&["Array", "Hash"]).default(Default::Map(&[(Default::Symbol("remount"), Default::False)])).coerce(flags),
        text("password").secret(),
        text("mount_point").named().coerce(mount_point),
        text("device").identity(),
        field("device_type").types(&["String", "Symbol"]).default(Default::Symbol("device")).coerce(to_symbol).one_of(&[
            Default::Symbol("device"),
            Default::Symbol("label"),
            Default::Symbol("uuid"),
        ]),
        flag("mounted").default(Default::False),
        text("fsck_device").default(Default::Text("-")),
        field("fstype").types(&["String", "nil"]).default(Default::Text("auto")),
        field("options").types(&["Array", "String", "nil"]).default(Default::List(&[Default::Text("defaults")])).coerce(mount_options),
        field("dump").types(&["Integer", "FalseClass"]).default(Default::Integer(0)),
        field("pass").types(&["Integer", "FalseClass"]).default(Default::Integer(2)),
        flag("enabled").default(Default::False),
        text("username"),
        text("domain"),
    ]),
    kind("mdadm", "Mdadm").actions(&["create", "assemble", "stop"]).runs(&["create"]).properties(&[
        number("chunk").default(Default::Integer(16)),
        list_of("devices").default(Default::EmptyList),
        flag("exists").default(Default::False),
        number("level").default(Default::Integer(1)),
        text("metadata").default(Default::Text("0.90")),
        text("bitmap"),
        text("raid_device").named(),
        text("layout"),
    ]),
    kind("swap_file", "SwapFile").actions(&["create", "remove"]).runs(&["create"]).properties(&[
        text("path").named(),
        number("size"),
        flag("persist").default(Default::False),
        number("timeout").default(Default::Integer(600)).aside(),
        number("swappiness"),
    ]),
];
