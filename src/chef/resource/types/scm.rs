//! `git` and `subversion`.

use super::{Default, Type, field, flag, kind, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("git", "Git")
        .actions(&["sync", "checkout", "export", "diff", "log"])
        .runs(&["sync"])
        .properties(&[
            text("destination").named(),
            text("repository"),
            text("revision").default(Default::Text("HEAD")),
            field("user").types(&["String", "Integer"]),
            field("group").types(&["String", "Integer"]),
            number("timeout").aside(),
            field("environment").types(&["Hash", "nil"]).default(Default::Nil),
            map("additional_remotes").default(Default::EmptyMap),
            number("depth"),
            flag("enable_submodules").default(Default::False),
            flag("enable_checkout").default(Default::True),
            text("remote").default(Default::Text("origin")),
            text("ssh_wrapper").aside(),
            text("checkout_branch"),
        ])
        .aliases(&[("env", "environment"), ("branch", "revision"), ("repo", "repository"), ("reference", "revision")]),
    kind("subversion", "Subversion")
        .actions(&["sync", "checkout", "export", "diff", "log", "force_export"])
        .runs(&["sync"])
        .properties(&[
            text("destination").named(),
            text("repository"),
            text("revision").default(Default::Text("HEAD")),
            field("user").types(&["String", "Integer"]),
            field("group").types(&["String", "Integer"]),
            number("timeout").aside(),
            field("environment").types(&["Hash", "nil"]).default(Default::Nil),
            field("svn_arguments").types(&["String", "nil", "FalseClass"]).default(Default::Text("--no-auth-cache")),
            field("svn_info_args").types(&["String", "nil", "FalseClass"]).default(Default::Text("--no-auth-cache")),
            text("svn_binary"),
            text("svn_username"),
            text("svn_password").secret().aside(),
        ])
        .aliases(&[("env", "environment")]),
];
