//! Equality and order of strings.

use std::cmp::Ordering;

use super::case::lower;
use super::{look, text};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("==", equal),
    ("===", equal),
    ("eql?", |_, me, args| Ok(Value::Bool(same(me, &args.value(0))))),
    ("<=>", compare),
    ("casecmp", casecmp),
    ("casecmp?", casecmp_equal),
];

fn same(me: &Value, other: &Value) -> bool {
    match (me, other) {
        (Value::Str(a), Value::Str(b)) => *a.text.borrow() == *b.text.borrow(),
        _ => false,
    }
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let other = args.value(0);
    if matches!(other, Value::Object(_)) && interpreter.responds_to(&other, "to_str")? {
        return Ok(Value::Bool(interpreter.send(&other, "==", std::slice::from_ref(me))?.truthy()));
    }
    Ok(Value::Bool(same(me, &other)))
}

fn order(order: Ordering) -> Value {
    Value::Integer(match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })
}

fn compare(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    match args.value(0) {
        Value::Str(other) => {
            let other = other.text.borrow().clone();
            Ok(order(look(me, |text| text.as_bytes().cmp(other.as_bytes()))))
        }
        Value::Object(_) => {
            let other = args.value(0);
            if !interpreter.responds_to(&other, "<=>")? || !interpreter.responds_to(&other, "to_str")? {
                return Ok(Value::Nil);
            }
            match interpreter.send(&other, "<=>", std::slice::from_ref(me))? {
                Value::Integer(number) => Ok(Value::Integer(number.saturating_neg())),
                _ => Ok(Value::Nil),
            }
        }
        _ => Ok(Value::Nil),
    }
}

/// The text of the argument; `None` where a comparison with it has no answer.
fn other(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Option<String>> {
    interpreter.check_arity(args, 1, Some(1))?;
    match (me, args.value(0)) {
        (Value::Symbol(_), Value::Symbol(name)) => Ok(Some(name.to_string())),
        (Value::Symbol(_), _) => Ok(None),
        (_, string @ Value::Str(_)) => Ok(Some(text(&string))),
        (_, value @ Value::Object(_)) if interpreter.responds_to(&value, "to_str")? => Ok(Some(interpreter.to_str(&value)?)),
        _ => Ok(None),
    }
}

/// Compares without regard to the case of ASCII letters.
fn casecmp(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    Ok(match other(interpreter, me, args)? {
        Some(other) => order(look(me, |text| text.to_ascii_lowercase().cmp(&other.to_ascii_lowercase()))),
        None => Value::Nil,
    })
}

/// Compares without regard to the case of any letter.
fn casecmp_equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let fold = |text: &str| lower(&text.replace(['ß', 'ẞ'], "ss"), false);
    Ok(match other(interpreter, me, args)? {
        Some(other) => Value::Bool(look(me, |text| fold(text) == fold(&other))),
        None => Value::Nil,
    })
}
