//! `Symbol`: a name. What it shares with strings is asked of the string of its characters.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::string::inspect;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const SYMBOL: &[(&str, Native)] = &[
    ("to_s", |_, me, _| Ok(Value::str(me.text().unwrap_or_default()))),
    ("id2name", |_, me, _| Ok(Value::str(me.text().unwrap_or_default()))),
    ("name", name),
    ("to_sym", |_, me, _| Ok(me.clone())),
    ("to_proc", to_proc),
    ("inspect", |_, me, _| Ok(Value::str(inspect::symbol(&me.text().unwrap_or_default())))),
    ("==", |_, me, args| Ok(Value::Bool(me.same(&args.value(0))))),
    ("===", |_, me, args| Ok(Value::Bool(me.same(&args.value(0))))),
    ("<=>", compare),
    ("casecmp", |i, me, args| compared(i, me, args, "casecmp")),
    ("casecmp?", |i, me, args| compared(i, me, args, "casecmp?")),
    ("length", |i, me, args| forward(i, me, args, "length")),
    ("size", |i, me, args| forward(i, me, args, "size")),
    ("empty?", |i, me, args| forward(i, me, args, "empty?")),
    ("[]", |i, me, args| forward(i, me, args, "[]")),
    ("slice", |i, me, args| forward(i, me, args, "[]")),
    ("=~", |i, me, args| forward(i, me, args, "=~")),
    ("match", |i, me, args| forward(i, me, args, "match")),
    ("match?", |i, me, args| forward(i, me, args, "match?")),
    ("start_with?", |i, me, args| forward(i, me, args, "start_with?")),
    ("end_with?", |i, me, args| forward(i, me, args, "end_with?")),
    ("upcase", |i, me, args| changed(i, me, args, "upcase")),
    ("downcase", |i, me, args| changed(i, me, args, "downcase")),
    ("capitalize", |i, me, args| changed(i, me, args, "capitalize")),
    ("swapcase", |i, me, args| changed(i, me, args, "swapcase")),
    ("succ", |i, me, args| changed(i, me, args, "succ")),
    ("next", |i, me, args| changed(i, me, args, "succ")),
    ("encoding", |i, me, _| {
        let ascii = me.name().is_some_and(|name| name.as_str().is_ascii());
        i.encoding_constant(if ascii { "US_ASCII" } else { "UTF_8" })
    }),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.symbol);
    interpreter.define(&class, SYMBOL);
    let comparable = Rc::clone(&interpreter.classes.comparable);
    interpreter.include(&class, &comparable);
    // There is no `Symbol.new`.
    let meta = interpreter.singleton_class(&Value::Module(class));
    let undefined = |name: Name| crate::ruby::module::Method {
        name,
        owner: Rc::downgrade(&meta),
        visibility: crate::ruby::module::Visibility::Public,
        body: crate::ruby::module::MethodBody::Undefined,
    };
    for name in ["new", "allocate"] {
        meta.insert_method(name.into(), undefined(name.into()));
    }
    interpreter.version += 1;
}

/// The string of a symbol's characters.
fn string(me: &Value) -> Value {
    Value::str(me.text().unwrap_or_default())
}

fn name(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let text = string(me);
    if let Value::Str(text) = &text {
        text.frozen.set(true);
    }
    Ok(text)
}

fn to_proc(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    match me {
        Value::Symbol(name) => Ok(Value::Proc(interpreter.symbol_block(*name))),
        _ => Ok(Value::Nil),
    }
}

fn forward(interpreter: &mut Interpreter, me: &Value, args: &Args, method: &str) -> Eval {
    interpreter.call(&string(me), method.into(), args.clone(), CallKind::Explicit)
}

fn changed(interpreter: &mut Interpreter, me: &Value, args: &Args, method: &str) -> Eval {
    let text = forward(interpreter, me, args, method)?;
    Ok(text.name().map_or(text, Value::Symbol))
}

fn compare(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    compared(interpreter, me, args, "<=>")
}

/// A comparison, which a symbol has with symbols only.
fn compared(interpreter: &mut Interpreter, me: &Value, args: &Args, method: &str) -> Eval {
    match args.value(0) {
        other @ Value::Symbol(_) => interpreter.send(&string(me), method, &[string(&other)]),
        _ => Ok(Value::Nil),
    }
}
