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
    let exit = Rc::clone(&interpreter.classes.system_exit);
    interpreter.define(
        &exit,
        &[("success?", |interpreter, me, _| {
            Ok(Value::Bool(matches!(interpreter.get_ivar(me, "@status"), Value::Nil | Value::Integer(0))))
        })],
    );
    let key_error = Rc::clone(&interpreter.classes.key_error);
    interpreter.define_private(&key_error, &[("initialize", initialize_keyed)]);
    errno(interpreter);
}

/// `Errno::*` with the operating system's words.
fn errno(interpreter: &mut Interpreter) {
    const ERRNO: &[(&str, i64, &str)] = &[
        ("ENOENT", 2, "No such file or directory"),
        ("EACCES", 13, "Permission denied"),
        ("EEXIST", 17, "File exists"),
        ("ENOTDIR", 20, "Not a directory"),
        ("EISDIR", 21, "Is a directory"),
        ("ECONNREFUSED", 111, "Connection refused"),
        ("ECONNRESET", 104, "Connection reset by peer"),
        ("ETIMEDOUT", 110, "Connection timed out"),
        ("EHOSTUNREACH", 113, "No route to host"),
        ("EINVAL", 22, "Invalid argument"),
        ("ESRCH", 3, "No such process"),
        ("EPERM", 1, "Operation not permitted"),
        ("EPIPE", 32, "Broken pipe"),
        ("ENOTEMPTY", 39, "Directory not empty"),
        ("EAGAIN", 11, "Resource temporarily unavailable"),
        ("EBADF", 9, "Bad file descriptor"),
        ("ECHILD", 10, "No child processes"),
        ("ECONNABORTED", 103, "Software caused connection abort"),
        ("EADDRINUSE", 98, "Address already in use"),
        ("EADDRNOTAVAIL", 99, "Cannot assign requested address"),
        ("ENETUNREACH", 101, "Network is unreachable"),
        ("ENOSPC", 28, "No space left on device"),
        ("EROFS", 30, "Read-only file system"),
        ("ELOOP", 40, "Too many levels of symbolic links"),
        ("EXDEV", 18, "Invalid cross-device link"),
        ("EINTR", 4, "Interrupted system call"),
        ("EIO", 5, "Input/output error"),
        ("ENOEXEC", 8, "Exec format error"),
        ("EBUSY", 16, "Device or resource busy"),
        ("ENOTCONN", 107, "Transport endpoint is not connected"),
        ("EDOM", 33, "Numerical argument out of domain"),
        ("ERANGE", 34, "Numerical result out of range"),
        ("ENAMETOOLONG", 36, "File name too long"),
        ("ENODEV", 19, "No such device"),
        ("ENOMEM", 12, "Cannot allocate memory"),
    ];
    let above = Rc::clone(&interpreter.classes.system_call_error);
    interpreter.define(&above, &[("errno", errno_of)]);
    for (name, number, words) in ERRNO {
        let class = interpreter.define_class_path(&format!("Errno::{name}"), &above);
        class.constants.borrow_mut().insert("Strerror".into(), Value::str(*words));
        class.constants.borrow_mut().insert("Errno".into(), Value::Integer(*number));
        interpreter.define_private(&class, &[("initialize", initialize_errno)]);
    }
}

/// The number of the system's error, by the class.
fn errno_of(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let name = crate::name::Name::new("Errno");
    let classes = interpreter.real_class(me).linearise(interpreter.version);
    Ok(classes
        .iter()
        .find_map(|class| class.constants.borrow().get(&name).filter(|value| matches!(value, Value::Integer(_))).cloned())
        .unwrap_or(Value::Nil))
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
