//! Accounts: `user`, `group`, `sudo`, `user_ulimit`, `ssh_known_hosts_entry`.

use super::coerce::{comma_list, conf_name, group_list, sudo_filename};
use super::computed::{configuration_folder, limits_file, root_group};
use super::{Default, Type, field, flag, kind, list_of, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("user", "User")
        .actions(&["create", "remove", "modify", "manage", "lock", "unlock"])
        .runs(&["create"])
        .properties(&[
            text("username").named(),
            text("comment"),
            text("home"),
            text("salt").aside(),
            text("shell"),
            text("password").secret().aside(),
            flag("non_unique").default(Default::False).aside(),
            flag("manage_home").default(Default::False).aside(),
            flag("force").default(Default::False).aside(),
            flag("system").default(Default::False),
            field("uid").types(&["String", "Integer", "nil"]),
            field("gid").types(&["String", "Integer", "nil"]),
            field("expire_date").types(&["String", "nil"]).aside(),
            field("inactive").types(&["String", "Integer", "nil"]).aside(),
        ])
        .aliases(&[("group", "gid")]),
    kind("linux_user", "User::LinuxUser").under("User"),
    kind("aix_user", "User::AixUser").under("User"),
    kind("mac_user", "User::MacUser").under("User").properties(&[
        text("home"),
        text("password").secret(),
        field("gid").types(&["Integer", "String"]).default(Default::Integer(20)),
        number("iterations").default(Default::Integer(57803)).aside(),
        flag("admin").default(Default::False),
        field("hidden").types(&["TrueClass", "FalseClass", "nil"]).default(Default::Nil),
        text("admin_username"),
        text("admin_password").secret(),
        flag("secure_token").default(Default::False),
        text("secure_token_password").secret(),
    ]),
    kind("pw_user", "User::PwUser").under("User"),
    kind("solaris_user", "User::SolarisUser").under("User"),
    kind("windows_user", "User::WindowsUser")
        .under("User")
        .properties(&[field("uid").types(&["String", "Integer", "nil"]), text("full_name")]),
    kind("group", "Group")
        .actions(&["create", "remove", "modify", "manage"])
        .runs(&["create"])
        .properties(&[
            field("members").types(&["String", "Array"]).default(Default::EmptyList).coerce(comma_list),
            text("group_name").named(),
            field("gid").types(&["String", "Integer"]),
            field("excluded_members").types(&["String", "Array"]).default(Default::EmptyList).coerce(comma_list),
            flag("append").default(Default::False),
            flag("system").default(Default::False),
            flag("non_unique").default(Default::False),
            text("comment"),
        ])
        .aliases(&[("users", "members")]),
    kind("sudo", "Sudo")
        .actions(&["create", "install", "remove", "delete"])
        .runs(&["create"])
        .properties(&[
            text("filename").named().coerce(sudo_filename),
            field("users").types(&["String", "Array"]).default(Default::EmptyList).coerce(comma_list),
            field("groups").types(&["String", "Array"]).default(Default::EmptyList).coerce(group_list),
            list_of("commands").default(Default::List(&[Default::Text("ALL")])),
            text("host").default(Default::Text("ALL")),
            text("runas").default(Default::Text("ALL")),
            flag("nopasswd").default(Default::False),
            flag("noexec").default(Default::False),
            text("template"),
            field("variables").types(&["Hash", "nil"]).default(Default::Nil),
            list_of("defaults").default(Default::EmptyList),
            list_of("command_aliases").default(Default::EmptyList),
            flag("setenv").default(Default::False),
            list_of("env_keep_add").default(Default::EmptyList),
            list_of("env_keep_subtract").default(Default::EmptyList),
            text("visudo_path"),
            text("visudo_binary").default(Default::Text("/usr/sbin/visudo")),
            text("config_prefix").computed(configuration_folder),
        ])
        .aliases(&[("group", "groups"), ("user", "users")]),
    kind("user_ulimit", "UserUlimit").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("username").named(),
        field("as_limit").types(&["String", "Integer"]),
        field("as_soft_limit").types(&["String", "Integer"]),
        field("as_hard_limit").types(&["String", "Integer"]),
        field("filehandle_limit").types(&["String", "Integer"]),
        field("filehandle_soft_limit").types(&["String", "Integer"]),
        field("filehandle_hard_limit").types(&["String", "Integer"]),
        field("process_limit").types(&["String", "Integer"]),
        field("process_soft_limit").types(&["String", "Integer"]),
        field("process_hard_limit").types(&["String", "Integer"]),
        field("locks_limit").types(&["String", "Integer"]),
        field("memory_limit").types(&["String", "Integer"]),
        field("maxlogins_limit").types(&["String", "Integer"]),
        field("maxlogins_soft_limit").types(&["String", "Integer"]),
        field("maxlogins_hard_limit").types(&["String", "Integer"]),
        field("msgqueue_limit").types(&["String", "Integer"]),
        field("msgqueue_soft_limit").types(&["String", "Integer"]),
        field("msgqueue_hard_limit").types(&["String", "Integer"]),
        field("core_limit").types(&["String", "Integer"]),
        field("core_soft_limit").types(&["String", "Integer"]),
        field("core_hard_limit").types(&["String", "Integer"]),
        field("cpu_limit").types(&["String", "Integer"]),
        field("cpu_soft_limit").types(&["String", "Integer"]),
        field("cpu_hard_limit").types(&["String", "Integer"]),
        field("sigpending_limit").types(&["String", "Integer"]),
        field("sigpending_soft_limit").types(&["String", "Integer"]),
        field("sigpending_hard_limit").types(&["String", "Integer"]),
        field("stack_limit").types(&["String", "Integer"]),
        field("stack_soft_limit").types(&["String", "Integer"]),
        field("stack_hard_limit").types(&["String", "Integer"]),
        field("rss_limit").types(&["String", "Integer"]),
        field("rss_soft_limit").types(&["String", "Integer"]),
        field("rss_hard_limit").types(&["String", "Integer"]),
        field("rtprio_limit").types(&["String", "Integer"]),
        field("rtprio_soft_limit").types(&["String", "Integer"]),
        field("rtprio_hard_limit").types(&["String", "Integer"]),
        field("virt_limit").types(&["String", "Integer"]),
        text("filename").computed(limits_file).coerce(conf_name),
    ]),
    kind("ssh_known_hosts_entry", "SshKnownHostsEntry").actions(&["create", "flush"]).runs(&["create"]).properties(&[
        text("host").named(),
        text("key"),
        text("key_type").default(Default::Text("rsa")),
        number("port").default(Default::Integer(22)),
        number("timeout").default(Default::Integer(30)).aside(),
        text("mode").default(Default::Text("0644")),
        field("owner").types(&["String", "Integer"]).default(Default::Text("root")),
        field("group").types(&["String", "Integer"]).computed(root_group),
        flag("hash_entries").default(Default::False),
        text("file_location").default(Default::Text("/etc/ssh/ssh_known_hosts")),
    ]),
];
