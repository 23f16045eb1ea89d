//! `Chef::Log`, and the ends of a run: `Chef::Application.fatal!`.

use std::rc::Rc;

use crate::chef::recipe;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const LOG: &[(&str, Native)] = &[
    ("trace", |i, _, a| line(i, "trace", a)),
    ("debug", |i, _, a| line(i, "debug", a)),
    ("info", |i, _, a| line(i, "info", a)),
    ("warn", |i, _, a| line(i, "warn", a)),
    ("warning", |i, _, a| line(i, "warn", a)),
    ("error", |i, _, a| line(i, "error", a)),
    ("fatal", |i, _, a| line(i, "fatal", a)),
    ("deprecation", |i, _, a| line(i, "warn", a)),
    ("level", |_, _, _| Ok(Value::symbol("info"))),
    ("level=", |_, _, a| Ok(a.value(0))),
    ("init", |_, me, _| Ok(me.clone())),
    ("logger", |_, me, _| Ok(me.clone())),
    ("trace?", |_, _, _| Ok(Value::Bool(false))),
    ("debug?", |_, _, _| Ok(Value::Bool(false))),
    ("info?", |_, _, _| Ok(Value::Bool(true))),
    ("warn?", |_, _, _| Ok(Value::Bool(true))),
    ("error?", |_, _, _| Ok(Value::Bool(true))),
    ("with_child", |_, me, _| Ok(me.clone())),
];

const APPLICATION: &[(&str, Native)] = &[("fatal!", fatal), ("exit!", fatal)];

/// Installs them.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let log = interpreter.define_class_path("Chef::Log", &object);
    interpreter.define_singleton(&log, LOG);
    let application = interpreter.define_class_path("Chef::Application", &object);
    interpreter.define_singleton(&application, APPLICATION);
    let recipe = interpreter.define_module_path("Chef::DSL::Universal");
    interpreter.define(&recipe, &[("logger", logger)]);
}

fn logger(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    Ok(Value::Module(interpreter.define_class_path("Chef::Log", &object)))
}

/// The message is the argument, or what the block gives.
fn line(interpreter: &mut Interpreter, level: &str, args: &Args) -> Eval {
    let message = match (args.get(0), &args.block) {
        (Some(message), _) => message.clone(),
        (None, Some(block)) => interpreter.yield_values(block, Vec::new())?,
        (None, None) => Value::Nil,
    };
    recipe::log(interpreter, level, &message, "Chef::Log")?;
    Ok(Value::Bool(true))
}

/// `Chef::Application.fatal!('no', 1)` ends the run as `exit` would.
fn fatal(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    recipe::log(interpreter, "fatal", &args.value(0), "Chef::Log")?;
    let text = interpreter.display(&args.value(0))?;
    let class = Rc::clone(&interpreter.classes.system_exit);
    interpreter.raise(&class, text)
}
