//! `Comparable`: the operators of a class that has `<=>`.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const COMPARABLE: &[(&str, Native)] = &[
    ("==", equal),
    ("<", |interpreter, me, args| relation(interpreter, me, args, Ordering::is_lt)),
    ("<=", |interpreter, me, args| relation(interpreter, me, args, Ordering::is_le)),
    (">", |interpreter, me, args| relation(interpreter, me, args, Ordering::is_gt)),
    (">=", |interpreter, me, args| relation(interpreter, me, args, Ordering::is_ge)),
    ("between?", between),
    ("clamp", clamp),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let module = Rc::clone(&interpreter.classes.comparable);
    interpreter.define(&module, COMPARABLE);
}

fn order(interpreter: &mut Interpreter, me: &Value, other: &Value) -> Eval<Ordering> {
    match interpreter.compare(me, other)? {
        Some(order) => Ok(order),
        None => interpreter.comparison_failed(me, other),
    }
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if me.same(&other) {
        return Ok(Value::Bool(true));
    }
    // A `<=>` that itself asks `==` must not go round in circles.
    if interpreter.visiting.contains(&me.address()) {
        return Ok(Value::Bool(false));
    }
    interpreter.visiting.push(me.address());
    let order = interpreter.compare(me, &other);
    interpreter.visiting.pop();
    Ok(Value::Bool(order? == Some(Ordering::Equal)))
}

fn relation(interpreter: &mut Interpreter, me: &Value, args: &Args, test: fn(Ordering) -> bool) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(interpreter.derived(&hole, " (compared)"));
    }
    Ok(Value::Bool(test(order(interpreter, me, &args.value(0))?)))
}

fn between(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(2))?;
    let low = order(interpreter, me, &args.value(0))?;
    if low.is_lt() {
        return Ok(Value::Bool(false));
    }
    Ok(Value::Bool(order(interpreter, me, &args.value(1))?.is_le()))
}

fn clamp(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let (low, high) = match (args.value(0), args.get(1)) {
        (low, Some(high)) => (low, high.clone()),
        (Value::Range(range), None) => {
            if range.exclusive && !range.high.is_nil() {
                return interpreter.argument_error("cannot clamp with an exclusive range");
            }
            (range.low.clone(), range.high.clone())
        }
        (other, None) => {
            let class = interpreter.real_class(&other).display_name();
            return interpreter.type_error(format!("wrong argument type {class} (expected Range)"));
        }
    };
    if !low.is_nil() && !high.is_nil() && order(interpreter, &low, &high)?.is_gt() {
        return interpreter.argument_error("min argument must be smaller than max argument");
    }
    if !low.is_nil() && order(interpreter, me, &low)?.is_lt() {
        return Ok(low);
    }
    if !high.is_nil() && order(interpreter, me, &high)?.is_gt() {
        return Ok(high);
    }
    Ok(me.clone())
}
