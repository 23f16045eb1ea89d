//! `Comparable`: everything that `<=>` gives.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const COMPARABLE: &[(&str, Native)] = &[
    ("==", equal),
    ("<", |interpreter, me, args| test(interpreter, me, args, Ordering::is_lt)),
    ("<=", |interpreter, me, args| test(interpreter, me, args, Ordering::is_le)),
    (">", |interpreter, me, args| test(interpreter, me, args, Ordering::is_gt)),
    (">=", |interpreter, me, args| test(interpreter, me, args, Ordering::is_ge)),
    ("between?", between),
    ("clamp", clamp),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let module = Rc::clone(&interpreter.classes.comparable);
    interpreter.define(&module, COMPARABLE);
}

fn order(interpreter: &mut Interpreter, left: &Value, right: &Value) -> Eval<Ordering> {
    interpreter.compare_or_fail(left, right)
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let other = &args.list[0];
    // `<=>` that is defined through `==` would come back here for ever.
    if me.same(other) {
        return Ok(Value::Bool(true));
    }
    if interpreter.visiting.contains(&me.address()) && me.address() != 0 {
        return Ok(Value::Bool(false));
    }
    interpreter.visiting.push(me.address());
    let answer = interpreter.compare(me, other);
    interpreter.visiting.pop();
    Ok(Value::Bool(answer? == Some(Ordering::Equal)))
}

fn test(interpreter: &mut Interpreter, me: &Value, args: &Args, wanted: fn(Ordering) -> bool) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    Ok(Value::Bool(wanted(order(interpreter, me, &args.list[0])?)))
}

fn between(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(2))?;
    Ok(Value::Bool(order(interpreter, me, &args.list[0])?.is_ge() && order(interpreter, me, &args.list[1])?.is_le()))
}

fn clamp(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let (low, high) = match args.list.as_slice() {
        [Value::Range(range)] => {
            if range.exclusive && !range.high.is_nil() {
                return interpreter.argument_error("cannot clamp with an exclusive range");
            }
            (range.low.clone(), range.high.clone())
        }
        [other] => {
            let class = interpreter.real_class(other).display_name();
            return interpreter.type_error(format!("wrong argument type {class} (expected Range)"));
        }
        _ => (args.value(0), args.value(1)),
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
