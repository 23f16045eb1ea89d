//! `git` and `subversion`.

use super::{Default, Type, field, flag, kind, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("git", "Git")
        .actions(&["checkout", "export", "sync", "diff", "log"])
        .runs(&["sync"])
        .properties(&[
            text("destination").named(),
            text("repository"),
            text("revision").default(Default::Text("HEAD")),
            field("user").types(&["String", "Integer"]),
            field("group").types(&["String", "Integer"]),
            number("timeout"),
            map("environment").default(Default::Nil),
            map("additional_remotes").default(Default::EmptyMap),
            number("depth"),
            flag("enable_submodules").default(Default::False),
            flag("enable_checkout").default(Default::True),
            text("remote").default(Default::Text("origin")),
            text("ssh_wrapper"),
            text("checkout_branch"),
        ])
        .aliases(&[("env", "environment"), ("repo", "repository"), ("branch", "revision"), ("reference", "revision")]),
    kind("subversion", "Subversion")
        .actions(&["checkout", "export", "sync", "diff", "log", "force_export"])
        .runs(&["sync"])
        .properties(&[
            text("destination").named(),
            text("repository"),
            text("revision").default(Default::Text("HEAD")),
            field("user").types(&["String", "Integer"]),
            field("group").types(&["String", "Integer"]),
            number("timeout"),
            map("environment").default(Default::Nil),
            field("svn_arguments").types(&["String", "FalseClass"]).default(Default::Text("--no-auth-cache")),
            field("svn_info_args").types(&["String", "FalseClass"]).default(Default::Text("--no-auth-cache")),
            text("svn_binary"),
            text("svn_username"),
            text("svn_password").secret(),
        ])
        .aliases(&[("env", "environment")]),
];
