//! What is in a range: `include?`, `cover?`, `===`, and equality of ranges.

use std::cmp::Ordering;

use super::this;
use crate::ruby::core::enumerable::Verdict;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Range, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("include?", include),
    ("member?", include),
    ("cover?", cover),
    ("===", |interpreter, me, args| {
        interpreter.check_arity(args, 1, Some(1))?;
        let range = this(interpreter, me)?;
        Ok(Value::Bool(between(interpreter, &range, &args.list[0])?))
    }),
    ("==", |interpreter, me, args| same(interpreter, me, &args.value(0))),
    ("eql?", |interpreter, me, args| {
        let other = args.value(0);
        Ok(Value::Bool(matches!(other, Value::Range(_)) && interpreter.key(me)? == interpreter.key(&other)?))
    }),
];

/// Whether `value` lies between the ends.
fn between(interpreter: &mut Interpreter, range: &Range, value: &Value) -> Eval<bool> {
    if !range.low.is_nil() {
        match interpreter.compare(&range.low, value)? {
            Some(Ordering::Less | Ordering::Equal) => {}
            _ => return Ok(false),
        }
    }
    if range.high.is_nil() {
        // `(nil..nil)` covers everything that can be compared with nothing.
        return Ok(true);
    }
    Ok(match interpreter.compare(value, &range.high)? {
        Some(Ordering::Less) => true,
        Some(Ordering::Equal) => !range.exclusive,
        _ => false,
    })
}

fn cover(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let range = this(interpreter, me)?;
    let Value::Range(inner) = &args.list[0] else { return Ok(Value::Bool(between(interpreter, &range, &args.list[0])?)) };
    // An inner range is covered when both of its ends are, an excluded end standing at ours.
    if inner.low.is_nil() && !range.low.is_nil() || inner.high.is_nil() && !range.high.is_nil() {
        return Ok(Value::Bool(false));
    }
    if !inner.low.is_nil() && !inner.high.is_nil() {
        match interpreter.compare(&inner.low, &inner.high)? {
            Some(Ordering::Less) => {}
            Some(Ordering::Equal) if !inner.exclusive => {}
            _ => return Ok(Value::Bool(false)),
        }
    }
    if !inner.low.is_nil() && !between(interpreter, &range, &inner.low)? {
        return Ok(Value::Bool(false));
    }
    if inner.high.is_nil() || between(interpreter, &range, &inner.high)? {
        return Ok(Value::Bool(true));
    }
    if !inner.exclusive {
        return Ok(Value::Bool(false));
    }
    if interpreter.compare(&inner.high, &range.high)? == Some(Ordering::Equal) {
        return Ok(Value::Bool(true));
    }
    // `(1..5).cover?(1...6)`: the last integer counts.
    Ok(Value::Bool(match (&inner.low, &inner.high) {
        (Value::Integer(_), Value::Integer(high)) => between(interpreter, &range, &Value::Integer(high.saturating_sub(1)))?,
        _ => false,
    }))
}

fn include(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let range = this(interpreter, me)?;
    let value = &args.list[0];
    let numeric = |end: &Value| matches!(end, Value::Integer(_) | Value::Float(_));
    if numeric(&range.low) || numeric(&range.high) || matches!(range.low, Value::Object(_)) {
        return Ok(Value::Bool(between(interpreter, &range, value)?));
    }
    if let (Value::Str(_), Value::Str(_)) = (&range.low, &range.high) {
        let Value::Str(_) = value else { return Ok(Value::Bool(false)) };
    } else if range.low.is_nil() || range.high.is_nil() {
        if range.low.is_nil() {
            return interpreter.type_error("cannot determine inclusion in beginless/endless ranges");
        }
        return Ok(Value::Bool(between(interpreter, &range, value)?));
    }
    let (mut found, mut unknown) = (false, None);
    super::walk(interpreter, me, &mut |interpreter, item| {
        match interpreter.equal_or_unknown(&item, value)? {
            Verdict::Known(answer) => found = answer,
            Verdict::Unknown(hole) => unknown = Some(hole),
        }
        Ok(!found)
    })?;
    Ok(if found { Value::Bool(true) } else { unknown.map_or(Value::Bool(false), Value::Unknown) })
}

fn same(interpreter: &mut Interpreter, me: &Value, other: &Value) -> Eval {
    let range = this(interpreter, me)?;
    let Value::Range(other) = other else { return Ok(Value::Bool(false)) };
    let equal =
        range.exclusive == other.exclusive && interpreter.equal(&range.low, &other.low)? && interpreter.equal(&range.high, &other.high)?;
    Ok(Value::Bool(equal))
}
