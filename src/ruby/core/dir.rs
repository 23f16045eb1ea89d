//! `Dir` and `FileUtils`: the machine's folders are unknown, changes of them count as done.

use std::rc::Rc;

use crate::ruby::core::file::text;
use crate::ruby::core::machine::{FILE, unknown};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const DIR: &[(&str, Native)] = &[
    ("glob", look),
    ("[]", look),
    ("entries", look),
    ("children", look),
    ("foreach", look),
    ("each_child", look),
    ("open", look),
    ("new", look),
    ("exist?", look),
    ("exists?", look),
    ("empty?", look),
    ("home", |_, _, _| Ok(unknown("Dir.home", FILE))),
    ("pwd", |_, _, _| Ok(unknown("Dir.pwd", FILE))),
    ("getwd", |_, _, _| Ok(unknown("Dir.pwd", FILE))),
    ("tmpdir", |_, _, _| Ok(Value::str("/tmp"))),
    ("mktmpdir", |interpreter, _, args| {
        let path = unknown("Dir.mktmpdir", FILE);
        match &args.block {
            Some(block) => interpreter.yield_values(block, vec![path]),
            None => Ok(path),
        }
    }),
    ("chdir", |interpreter, _, args| match &args.block {
        Some(block) => interpreter.yield_values(block, args.list.clone()),
        None => Ok(Value::Integer(0)),
    }),
    ("mkdir", |_, _, _| Ok(Value::Integer(0))),
    ("rmdir", |_, _, _| Ok(Value::Integer(0))),
    ("unlink", |_, _, _| Ok(Value::Integer(0))),
    ("delete", |_, _, _| Ok(Value::Integer(0))),
];

/// Functions that give the list of what they worked on.
const LISTS: &[&str] = &[
    "remove",
    "safe_unlink",
    "link_entry",
    "copy_stream",
    "cp_lr",
    "mkdir",
    "mkdir_p",
    "mkpath",
    "makedirs",
    "rm",
    "rm_f",
    "rm_r",
    "rm_rf",
    "rmtree",
    "rmdir",
    "touch",
    "chmod",
    "chmod_R",
    "chown",
    "chown_R",
];
/// Functions that give `nil`.
const NOTHING: &[&str] = &[
    "cp",
    "copy",
    "cp_r",
    "mv",
    "move",
    "ln",
    "link",
    "ln_s",
    "symlink",
    "ln_sf",
    "install",
    "copy_file",
    "copy_entry",
    "remove_dir",
    "remove_file",
    "remove_entry",
    "remove_entry_secure",
];

/// Installs the classes.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let dir = interpreter.define_class_path("Dir", &object);
    interpreter.define_singleton(&dir, DIR);
    let utils = interpreter.define_module_path("FileUtils");
    for name in LISTS {
        let table: &[(&str, Native)] = &[(name, |_, _, args| {
            let first = args.value(args.len().saturating_sub(1 + usize::from(args.keywords)));
            Ok(match first {
                list @ Value::Array(_) => list,
                one => Value::array(vec![one]),
            })
        })];
        interpreter.define_singleton_list(&utils, table);
        interpreter.define_list(&utils, table, Visibility::Private);
    }
    for name in NOTHING {
        let table: &[(&str, Native)] = &[(name, |_, _, _| Ok(Value::Nil))];
        interpreter.define_singleton_list(&utils, table);
        interpreter.define_list(&utils, table, Visibility::Private);
    }
    const MORE: &[(&str, Native)] = &[
        ("cd", cd),
        ("chdir", cd),
        ("getwd", |_, _, _| Ok(unknown("Dir.pwd", FILE))),
        ("cmp", |_, _, _| Ok(unknown("FileUtils.compare_file", FILE))),
        ("compare_stream", |_, _, _| Ok(unknown("FileUtils.compare_stream", FILE))),
        ("pwd", |_, _, _| Ok(unknown("Dir.pwd", FILE))),
        ("compare_file", |_, _, _| Ok(unknown("FileUtils.compare_file", FILE))),
        ("identical?", |_, _, _| Ok(unknown("FileUtils.identical?", FILE))),
        ("uptodate?", |_, _, _| Ok(unknown("FileUtils.uptodate?", FILE))),
    ];
    interpreter.define_singleton(&utils, MORE);
    interpreter.define_private(&utils, MORE);
}

/// `FileUtils.cd(folder) { |folder| … }`
fn cd(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => interpreter.yield_values(block, args.list.clone()),
        None => Ok(Value::Nil),
    }
}

fn look(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let method = interpreter.calls.last().map_or_else(|| "glob".to_owned(), |(_, name)| name.to_string());
    let mut shown = Vec::new();
    for value in &args.list {
        match value {
            Value::Hash(_) | Value::Integer(_) => {}
            Value::Array(array) => {
                let items = array.items.borrow().clone();
                for item in &items {
                    shown.push(text(interpreter, item)?);
                }
            }
            other => shown.push(text(interpreter, other)?),
        }
    }
    let shown: String = interpreter.to_text(&shown.join("', '")).to_string().chars().take(60).collect();
    let found = unknown(format!("Dir.{method}('{shown}')"), FILE);
    match &args.block {
        Some(block) => interpreter.call_with_block(&found, "each", Vec::new(), Rc::clone(block)),
        None => Ok(found),
    }
}
