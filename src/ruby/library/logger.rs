//! `Logger` and `Tempfile`: made and used without a trace.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::machine::{FILE, unknown};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const LEVELS: [&str; 6] = ["debug", "info", "warn", "error", "fatal", "unknown"];

/// Installs the classes.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let logger = interpreter.define_class_path("Logger", &object);
    let severity = interpreter.define_module_path("Logger::Severity");
    for (index, level) in LEVELS.iter().enumerate() {
        interpreter.define_list(&logger, &[(level, |_, _, _| Ok(Value::Bool(true)))], Visibility::Public);
        let asked = format!("{level}?");
        interpreter.define_list(
            &logger,
            &[(asked.as_str(), |interpreter, me, _| {
                let method = interpreter.calls.last().map_or_else(String::new, |(_, name)| name.trim_end_matches('?').to_owned());
                let own = LEVELS.iter().position(|level| *level == method).unwrap_or(0);
                let level = match interpreter.get_ivar(me, "@level") {
                    Value::Integer(level) => usize::try_from(level).unwrap_or(0),
                    _ => 0,
                };
                Ok(Value::Bool(level <= own))
            })],
            Visibility::Public,
        );
        let number = Value::Integer(i64::try_from(index).unwrap_or(0));
        for module in [&logger, &severity] {
            interpreter.set_constant(module, Name::new(&level.to_ascii_uppercase()), number.clone());
        }
    }
    const LOGGER: &[(&str, Native)] = &[
        ("add", |_, _, _| Ok(Value::Bool(true))),
        ("log", |_, _, _| Ok(Value::Bool(true))),
        ("<<", |_, me, _| Ok(me.clone())),
        ("close", |_, _, _| Ok(Value::Nil)),
        ("level", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@level"))),
        ("level=", set_level),
        ("progname", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@progname"))),
        ("progname=", |interpreter, me, args| keep(interpreter, me, "@progname", args)),
        ("formatter", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@formatter"))),
        ("formatter=", |interpreter, me, args| keep(interpreter, me, "@formatter", args)),
        ("datetime_format=", |_, _, args| Ok(args.value(0))),
    ];
    interpreter.define(&logger, LOGGER);
    interpreter.define_private(
        &logger,
        &[("initialize", |interpreter, me, args| {
            let level = args.option("level").unwrap_or(Value::Integer(0));
            set_level(interpreter, me, &Args::new(vec![level]))?;
            Ok(Value::Nil)
        })],
    );
    const TEMPFILE: &[(&str, Native)] = &[
        ("path", |_, _, _| Ok(unknown("Tempfile#path", FILE))),
        ("write", |interpreter, _, args| {
            let text = interpreter.display(&args.value(0))?;
            Ok(Value::Integer(i64::try_from(text.len()).unwrap_or(0)))
        }),
        ("puts", |_, _, _| Ok(Value::Nil)),
        ("print", |_, _, _| Ok(Value::Nil)),
        ("<<", |_, me, _| Ok(me.clone())),
        ("flush", |_, me, _| Ok(me.clone())),
        ("rewind", |_, _, _| Ok(Value::Integer(0))),
        ("read", |_, _, _| Ok(unknown("Tempfile#read", FILE))),
        ("close", |_, _, _| Ok(Value::Nil)),
        ("close!", |_, _, _| Ok(Value::Nil)),
        ("unlink", |_, _, _| Ok(Value::Nil)),
        ("delete", |_, _, _| Ok(Value::Nil)),
        ("chmod", |_, _, _| Ok(Value::Integer(0))),
    ];
    let tempfile = interpreter.define_class_path("Tempfile", &object);
    interpreter.define(&tempfile, TEMPFILE);
    interpreter.define_private(&tempfile, &[("initialize", |_, _, _| Ok(Value::Nil))]);
    const OPEN: &[(&str, Native)] = &[
        ("open", |interpreter, me, args| {
            let made = interpreter.send(me, "new", &[])?;
            match &args.block {
                Some(block) => interpreter.yield_values(block, vec![made]),
                None => Ok(made),
            }
        }),
        ("create", |interpreter, me, args| {
            interpreter.call(me, Name::new("open"), args.clone(), crate::ruby::dispatch::CallKind::Implicit)
        }),
    ];
    interpreter.define_singleton(&tempfile, OPEN);
}

fn keep(interpreter: &mut Interpreter, me: &Value, name: &str, args: &Args) -> Eval {
    interpreter.set_ivar(me, name, args.value(0));
    Ok(args.value(0))
}

fn set_level(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let level = match args.value(0) {
        Value::Integer(level) => level,
        other => {
            let name = interpreter.display(&other)?.to_ascii_lowercase();
            match LEVELS.iter().position(|level| *level == name) {
                Some(index) => i64::try_from(index).unwrap_or(0),
                None => return interpreter.argument_error(format!("invalid log level: {name}")),
            }
        }
    };
    interpreter.set_ivar(me, "@level", Value::Integer(level));
    Ok(args.value(0))
}
