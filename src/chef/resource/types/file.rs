//! `file`, `template`, `cookbook_file`, `remote_file`, `directory`, `remote_directory`, `link`.

use super::{Default, Field, Type, coerced, field, named, with};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;

/// The types.
pub const TYPES: &[Type] = &[
    Type {
        name: "file",
        class: "File",
        above: "",
        actions: &["create", "create_if_missing", "delete", "touch"],
        defaults: 1,
        properties: FILE,
    },
    Type {
        name: "template",
        class: "Template",
        above: "File",
        actions: &["create", "create_if_missing", "delete", "touch"],
        defaults: 1,
        properties: &[
            field("source"),
            field("cookbook"),
            with("variables", Default::EmptyMap),
            with("local", Default::False),
            field("helper_modules"),
            field("inline_helper_blocks"),
        ],
    },
    Type {
        name: "cookbook_file",
        class: "CookbookFile",
        above: "File",
        actions: &["create", "create_if_missing", "delete", "touch"],
        defaults: 1,
        properties: &[field("source"), field("cookbook")],
    },
    Type {
        name: "remote_file",
        class: "RemoteFile",
        above: "File",
        actions: &["create", "create_if_missing", "delete", "touch"],
        defaults: 1,
        properties: &[
            coerced("source", as_list),
            with("headers", Default::EmptyMap),
            with("use_etag", Default::True),
            with("use_etags", Default::True),
            with("use_last_modified", Default::True),
            with("use_conditional_get", Default::True),
            with("ftp_active_mode", Default::False),
            with("show_progress", Default::False),
            field("remote_user"),
            field("remote_password"),
            field("remote_domain"),
            field("authentication"),
            field("ssl_verify_mode"),
            field("http_options"),
        ],
    },
    Type {
        name: "directory",
        class: "Directory",
        above: "",
        actions: &["create", "delete"],
        defaults: 1,
        properties: &[
            named("path"),
            with("recursive", Default::False),
            field("owner"),
            field("user"),
            field("group"),
            field("mode"),
            field("rights"),
            field("inherits"),
        ],
    },
    Type {
        name: "remote_directory",
        class: "RemoteDirectory",
        above: "Directory",
        actions: &["create", "create_if_missing", "delete"],
        defaults: 1,
        properties: &[
            field("source"),
            field("cookbook"),
            with("files_backup", Default::Integer(5)),
            field("files_owner"),
            field("files_group"),
            field("files_mode"),
            with("purge", Default::False),
            with("overwrite", Default::True),
            with("recursive", Default::True),
        ],
    },
    Type {
        name: "link",
        class: "Link",
        above: "",
        actions: &["create", "delete"],
        defaults: 1,
        properties: &[
            named("target_file"),
            field("to"),
            with("link_type", Default::Symbol("symbolic")),
            field("owner"),
            field("user"),
            field("group"),
            field("mode"),
        ],
    },
];

const FILE: &[Field] = &[
    named("path"),
    Field { types: &["String", "nil"], ..field("content") },
    field("owner"),
    field("user"),
    field("group"),
    field("mode"),
    with("backup", Default::Integer(5)),
    field("checksum"),
    field("atomic_update"),
    field("force_unlink"),
    field("manage_symlink_source"),
    field("verify"),
    field("diff"),
    field("rights"),
    field("inherits"),
];

/// One value as a list of one.
pub(super) fn as_list(_: &mut Interpreter, value: &Value) -> Eval {
    Ok(match value {
        Value::Array(_) => value.clone(),
        Value::Nil => Value::Nil,
        other => Value::array(vec![other.clone()]),
    })
}
