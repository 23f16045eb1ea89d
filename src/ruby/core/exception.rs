//! `Exception` and its subclasses.

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::raise::ExceptionData;
use crate::ruby::value::Value;

const EXCEPTION: &[(&str, Native)] = &[
    ("message", message),
    ("to_s", to_s),
    ("full_message", full_message),
    ("detailed_message", full_message),
    ("inspect", inspect),
    ("backtrace", backtrace),
    ("set_backtrace", set_backtrace),
    ("backtrace_locations", backtrace),
    ("cause", cause),
    ("exception", exception),
    ("==", equal),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.exception);
    interpreter.allocators.push((Rc::clone(&class), |interpreter, class| interpreter.allocate_exception(class)));
    interpreter.define(&class, EXCEPTION);
    interpreter.define_private(&class, &[("initialize", initialize)]);
    interpreter.define_singleton(
        &class,
        &[("exception", |interpreter, me, args| {
            interpreter.call(me, "new".into(), args.clone(), crate::ruby::dispatch::CallKind::Implicit)
        })],
    );
    let name_error = Rc::clone(&interpreter.classes.name_error);
    interpreter.define_private(&name_error, &[("initialize", initialize_named)]);
    let reader: &[(&str, Native)] = &[
        ("name", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@name"))),
        ("receiver", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@receiver"))),
        ("matchee", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@matchee"))),
        ("args", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@args"))),
        ("key", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@key"))),
        ("result", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@result"))),
        ("status", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@status"))),
    ];
    for class in [
        &interpreter.classes.name_error,
        &interpreter.classes.key_error,
        &interpreter.classes.frozen_error,
        &interpreter.classes.stop_iteration,
        &interpreter.classes.system_exit,
        &interpreter.classes.no_matching_pattern_key_error,
    ]
    .map(Rc::clone)
    {
        interpreter.define(&class, reader);
    }
    let key_error = Rc::clone(&interpreter.classes.key_error);
    interpreter.define_private(&key_error, &[("initialize", initialize_keyed)]);
    errno(interpreter);
}

/// `Errno::*` with the operating system's words.
fn errno(interpreter: &mut Interpreter) {
    const ERRNO: &[(&str, &str)] = &[
        ("ENOENT", "No such file or directory"),
        ("EACCES", "Permission denied"),
        ("EEXIST", "File exists"),
        ("ENOTDIR", "Not a directory"),
        ("EISDIR", "Is a directory"),
        ("ECONNREFUSED", "Connection refused"),
        ("ECONNRESET", "Connection reset by peer"),
        ("ETIMEDOUT", "Connection timed out"),
        ("EHOSTUNREACH", "No route to host"),
        ("EINVAL", "Invalid argument"),
        ("ESRCH", "No such process"),
        ("EPERM", "Operation not permitted"),
        ("EPIPE", "Broken pipe"),
        ("ENOTEMPTY", "Directory not empty"),
        ("EAGAIN", "Resource temporarily unavailable"),
    ];
    let above = Rc::clone(&interpreter.classes.system_call_error);
    for (name, words) in ERRNO {
        let class = interpreter.define_class_path(&format!("Errno::{name}"), &above);
        class.constants.borrow_mut().insert("Strerror".into(), Value::str(*words));
        interpreter.define_private(&class, &[("initialize", initialize_errno)]);
    }
}

fn data(me: &Value) -> Option<Rc<ExceptionData>> {
    match me {
        Value::Object(object) => object.data::<ExceptionData>(),
        _ => None,
    }
}

fn initialize(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let (Some(data), Some(message)) = (data(me), args.get(0)) {
        *data.message.borrow_mut() = message.clone();
    }
    Ok(Value::Nil)
}

fn initialize_named(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(receiver) = args.option("receiver") {
        interpreter.set_ivar(me, "@receiver", receiver);
    }
    if let Some(name) = args.get(1).filter(|value| matches!(value, Value::Symbol(_) | Value::Str(_))) {
        interpreter.set_ivar(me, "@name", name.clone());
    }
    let first = args.list.first().filter(|value| !matches!(value, Value::Hash(_))).cloned();
    initialize(interpreter, me, &Args::new(first.into_iter().collect()))
}

fn initialize_keyed(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    for name in ["receiver", "key"] {
        if let Some(value) = args.option(name) {
            interpreter.set_ivar(me, &format!("@{name}"), value);
        }
    }
    let first = args.list.first().filter(|value| !matches!(value, Value::Hash(_))).cloned();
    initialize(interpreter, me, &Args::new(first.into_iter().collect()))
}

fn initialize_errno(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = interpreter.real_class(me);
    let words = class
        .linearise(interpreter.version)
        .iter()
        .find_map(|m| m.constants.borrow().get(&crate::name::Name::new("Strerror")).and_then(Value::text));
    let words = words.unwrap_or_else(|| "unknown error".to_owned());
    let message = match args.get(0) {
        Some(value) if !value.is_nil() => format!("{words} - {}", interpreter.display(value)?),
        _ => words,
    };
    initialize(interpreter, me, &Args::new(vec![Value::str(message)]))
}

fn to_s(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let message = data(me).map_or(Value::Nil, |data| data.message.borrow().clone());
    Ok(match message {
        Value::Nil => Value::str(interpreter.real_class(me).display_name()),
        Value::Str(_) => message,
        other => Value::str(interpreter.display(&other)?),
    })
}

fn message(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let text = interpreter.send(me, "to_s", &[])?;
    Ok(Value::str(interpreter.display(&text)?))
}

fn full_message(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let text = interpreter.send(me, "message", &[])?;
    let class = interpreter.real_class(me).display_name();
    Ok(Value::str(format!("{} ({class})", interpreter.display(&text)?)))
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = interpreter.real_class(me).display_name();
    let text = interpreter.send(me, "to_s", &[])?;
    let text = interpreter.display(&text)?;
    Ok(Value::str(if text.is_empty() { class } else { format!("#<{class}: {text}>") }))
}

fn backtrace(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Some(data) = data(me) else { return Ok(Value::Nil) };
    let set = data.backtrace.borrow().clone();
    if !set.is_nil() {
        return Ok(set);
    }
    let trace = data.trace.borrow().clone();
    if trace.is_empty() {
        return Ok(Value::Nil);
    }
    Ok(Value::strings(trace.into_iter().map(|span| interpreter.location(span).to_string())))
}

fn set_backtrace(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(data) = data(me) {
        *data.backtrace.borrow_mut() = args.value(0);
    }
    Ok(args.value(0))
}

fn cause(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(data(me).map_or(Value::Nil, |data| data.cause.borrow().clone()))
}

fn exception(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if args.is_empty() {
        return Ok(me.clone());
    }
    let class = interpreter.real_class(me);
    let made = interpreter.allocate_exception(&class);
    initialize(interpreter, &made, args)?;
    Ok(made)
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if me.same(&other) {
        return Ok(Value::Bool(true));
    }
    if data(&other).is_none() || !Rc::ptr_eq(&interpreter.real_class(me), &interpreter.real_class(&other)) {
        return Ok(Value::Bool(false));
    }
    let (a, b) = (interpreter.send(me, "message", &[])?, interpreter.send(&other, "message", &[])?);
    Ok(Value::Bool(interpreter.equal(&a, &b)?))
}
