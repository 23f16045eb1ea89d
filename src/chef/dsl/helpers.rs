//! Classes of Chef that libraries ask for help: priorities of providers, JSON, paths.

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const PRIORITY: &[(&str, Native)] = &[
    ("instance", |_, me, _| Ok(me.clone())),
    ("priority", |_, _, _| Ok(Value::Nil)),
    ("set_priority_array", |_, _, _| Ok(Value::Nil)),
    ("get_priority_array", |_, _, _| Ok(Value::array(Vec::new()))),
];

const JSON: &[(&str, Native)] = &[
    ("from_json", |i, _, args| json(i, "parse", args)),
    ("parse", |i, _, args| json(i, "parse", args)),
    ("to_json", |i, _, args| json(i, "generate", args)),
    ("to_json_pretty", |i, _, args| json(i, "pretty_generate", args)),
];

const PATH: &[(&str, Native)] = &[
    ("join", |i, _, args| file(i, "join", args)),
    ("dirname", |i, _, args| file(i, "dirname", args)),
    ("cleanpath", |i, _, args| file(i, "expand_path", args)),
    ("canonical_path", |i, _, args| file(i, "expand_path", args)),
    ("escape_glob_dir", |_, _, args| Ok(args.value(0))),
    ("escape_glob", |_, _, args| Ok(args.value(0))),
];

/// Installs them.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let table: &[(&str, &[(&str, Native)])] = &[
        ("Chef::Platform::ProviderPriorityMap", PRIORITY),
        ("Chef::Platform::ResourcePriorityMap", PRIORITY),
        ("Chef::JSONCompat", JSON),
        ("Chef::Util::PathHelper", PATH),
        ("ChefConfig::PathHelper", PATH),
    ];
    for (path, methods) in table {
        let class = interpreter.define_class_path(path, &object);
        interpreter.define_singleton(&class, methods);
    }
}

fn json(interpreter: &mut Interpreter, method: &str, args: &Args) -> Eval {
    constant(interpreter, "JSON", method, &args.list[..args.len().min(1)])
}

fn file(interpreter: &mut Interpreter, method: &str, args: &Args) -> Eval {
    constant(interpreter, "File", method, &args.list)
}

fn constant(interpreter: &mut Interpreter, name: &str, method: &str, args: &[Value]) -> Eval {
    match interpreter.constant_path(name) {
        Some(receiver) => interpreter.send(&receiver, method, args),
        None => Ok(Value::Nil),
    }
}
