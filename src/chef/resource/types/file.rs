//! `file`, `template`, `cookbook_file`, `remote_file`, `directory`, `remote_directory`, `link`, `archive_file`.

use std::rc::Rc;

use crate::chef::resource::data;
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

use super::coerce::{downcase, flat_list, full_path, to_symbol};
use super::computed::base_name;
use super::{Default, Type, USER, field, flag, kind, list_of, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("file", "File")
        .actions(&["create", "delete", "touch", "create_if_missing"])
        .runs(&["create"])
        .properties(&[
            field("checksum").types(&["String", "nil"]).coerce(downcase).pattern(&[r"^\h{64}$"]),
            text("path").named(),
            flag("atomic_update").default(Default::True).aside(),
            field("backup").types(&["Integer", "FalseClass"]).default(Default::Integer(5)).aside(),
            field("content").types(&["String", "nil"]).aside(),
            field("diff").types(&["String", "nil"]).aside(),
            flag("force_unlink").default(Default::False).aside(),
            flag("manage_symlink_source").aside(),
            list_of("verifications").aside(),
            field("owner").pattern(USER),
            field("group").pattern(USER),
            field("mode"),
            field("rights"),
            field("deny_rights"),
            flag("inherits"),
        ])
        .aliases(&[("user", "owner")]),
    kind("template", "Template").under("File").properties(&[
        map("variables").default(Default::EmptyMap),
        text("cookbook").aside(),
        flag("local").default(Default::False).aside(),
        field("source").types(&["String", "Array"]),
        field("inline_helper_blocks"),
        field("inline_helper_modules"),
    ]),
    kind("cookbook_file", "CookbookFile")
        .under("File")
        .properties(&[field("source").types(&["String", "Array"]), text("cookbook").aside()]),
    kind("remote_file", "RemoteFile")
        .under("File")
        .properties(&[
            text("checksum"),
            flag("use_etag").default(Default::True),
            flag("use_last_modified").default(Default::True),
            flag("ftp_active_mode").default(Default::False),
            map("headers").default(Default::EmptyMap),
            flag("show_progress").default(Default::False),
            field("ssl_verify_mode").types(&["Symbol"]).one_of(&[Default::Symbol("verify_none"), Default::Symbol("verify_peer")]),
            text("remote_user"),
            text("remote_domain"),
            text("remote_password").secret(),
            field("authentication")
                .types(&["Symbol"])
                .default(Default::Symbol("remote"))
                .one_of(&[Default::Symbol("remote"), Default::Symbol("local")]),
            map("http_options").default(Default::EmptyMap),
            field("source").coerce(flat_list),
        ])
        .aliases(&[("use_etags", "use_etag")]),
    kind("directory", "Directory")
        .actions(&["create", "delete"])
        .runs(&["create"])
        .properties(&[
            text("path").named(),
            flag("recursive").default(Default::False),
            field("owner").pattern(USER),
            field("group").pattern(USER),
            field("mode"),
            field("rights"),
            field("deny_rights"),
            flag("inherits"),
        ])
        .aliases(&[("user", "owner")]),
    kind("remote_directory", "RemoteDirectory").under("Directory").actions(&["create", "delete", "create_if_missing"]).properties(&[
        flag("recursive").default(Default::True).aside(),
        text("source").computed(base_name).aside(),
        field("files_backup").types(&["Integer", "FalseClass"]).default(Default::Integer(5)).aside(),
        flag("purge").default(Default::False).aside(),
        flag("overwrite").default(Default::True).aside(),
        text("cookbook").aside(),
        field("files_group").types(&["String", "Integer"]).pattern(&[r"^[^-+~:,\t\r\n\f\0]+[^:,\t\r\n\f\0]*$"]),
        field("files_mode").types(&["String", "Integer", "nil"]).default(Default::Integer(0o644)).pattern(&[r"^\d{3,4}$"]),
        field("files_owner").types(&["String", "Integer"]).pattern(&[r"^[^-+~:,\t\r\n\f\0]+[^:,\t\r\n\f\0]*$"]),
        field("files_rights"),
    ]),
    kind("link", "Link")
        .actions(&["create", "delete"])
        .runs(&["create"])
        .properties(&[
            field("owner").types(&["String", "Integer"]).pattern(&[r"^[^-+~:,\t\r\n\f\0]+[^:,\t\r\n\f\0]*$"]),
            text("target_file").named(),
            text("to"),
            field("link_type")
                .types(&["String", "Symbol"])
                .default(Default::Symbol("symbolic"))
                .coerce(to_symbol)
                .one_of(&[Default::Symbol("symbolic"), Default::Symbol("hard")]),
            field("group").types(&["String", "Integer"]).pattern(&[r"^[^-+~:,\t\r\n\f\0]+[^:,\t\r\n\f\0]*$"]),
            field("mode"),
        ])
        .aliases(&[("user", "owner"), ("path", "target_file")]),
    kind("archive_file", "ArchiveFile")
        .also(&["libarchive_file"])
        .actions(&["extract"])
        .runs(&["extract"])
        .properties(&[
            text("path").named().coerce(full_path),
            text("owner"),
            text("group"),
            field("mode").types(&["String", "Integer"]).default(Default::Text("755")),
            text("destination").required(&[]),
            field("options").types(&["Array", "Symbol"]).default(Default::List(&[Default::Symbol("time")])),
            field("overwrite").types(&["TrueClass", "FalseClass", ":auto"]).default(Default::False),
            number("strip_components").default(Default::Integer(0)),
        ])
        .aliases(&[("extract_to", "destination"), ("extract_options", "options")]),
];

const FILE: &[(&str, Native)] = &[("verify", verify)];

/// Adds `verify`.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Resource::File", &object);
    interpreter.define(&class, FILE);
    let check = interpreter.define_class_path("Chef::Resource::File::Verification", &object);
    interpreter.define(&check, &[("to_s", command), ("command", command)]);
}

/// `verify 'visudo -cf %{path}'` adds a check; without anything the checks are given.
fn verify(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    let name = Name::new("verifications");
    let known = resource.set.borrow().get(&name).and_then(Value::items).unwrap_or_default();
    if args.is_empty() && args.block.is_none() {
        return Ok(Value::array(known));
    }
    if !matches!(args.value(0), Value::Nil | Value::Str(_) | Value::Symbol(_) | Value::Unknown(_)) {
        return interpreter.argument_error("verify requires either a string, symbol, or a block");
    }
    let check = match (args.get(0), &args.block) {
        (Some(command), _) => command.clone(),
        (None, Some(block)) => Value::Proc(Rc::clone(block)),
        (None, None) => Value::Nil,
    };
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Resource::File::Verification", &object);
    let made = interpreter.allocate(&class);
    interpreter.set_ivar(&made, "@command", check);
    let mut all = known;
    all.push(made);
    resource.set.borrow_mut().insert(name, Value::array(all.clone()));
    Ok(Value::array(all))
}

/// A check as text: its command.
fn command(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let command = interpreter.get_ivar(me, "@command");
    Ok(Value::str(if matches!(command, Value::Proc(_)) { "[Proc]".to_owned() } else { interpreter.display(&command)? }))
}
