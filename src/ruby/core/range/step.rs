//! `step` and `%`, over integers, floats and strings; `bsearch`.

use std::rc::Rc;

use super::{give, integers, this, walk};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::{Range, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("step", |interpreter, me, args| step(interpreter, me, args, "step")),
    ("%", |interpreter, me, args| step(interpreter, me, args, "%")),
    ("bsearch", bsearch),
];

fn step(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let range = this(interpreter, me)?;
    let width = args.get(0).cloned().unwrap_or(Value::Integer(1));
    let numeric = matches!(range.low, Value::Integer(_) | Value::Float(_));
    let Some(block) = args.block.clone() else {
        if numeric && matches!(width, Value::Integer(0)) {
            return interpreter.argument_error("step can't be 0");
        }
        return interpreter.enumerator(me, name, args.list.clone());
    };
    let any_float = [&range.low, &range.high, &width].iter().any(|value| matches!(value, Value::Float(_)));
    if numeric && any_float {
        let high = if range.high.is_nil() { Some(f64::INFINITY) } else { float(&range.high) };
        if let (Some(low), Some(high), Some(width)) = (float(&range.low), high, float(&width)) {
            if width == 0.0 {
                return interpreter.argument_error("step can't be 0");
            }
            for item in float_steps(low, high, width, range.exclusive) {
                give(interpreter, &block, Value::Float(item))?;
            }
            return Ok(me.clone());
        }
    }
    let width = interpreter.to_integer(&width)?;
    if width == 0 {
        return interpreter.argument_error("step can't be 0");
    }
    if width < 0 {
        return interpreter.argument_error("step can't be negative");
    }
    if let Some((low, high)) = integers(&range) {
        let mut current = low;
        while high.is_none_or(|high| current <= high) {
            give(interpreter, &block, Value::Integer(current))?;
            let Some(next) = current.checked_add(width) else { break };
            current = next;
        }
        return Ok(me.clone());
    }
    let mut index = 0_i64;
    walk(interpreter, me, &mut |interpreter, item| {
        if index % width == 0 {
            give(interpreter, &block, item)?;
        }
        index = index.wrapping_add(1);
        Ok(true)
    })?;
    Ok(me.clone())
}

#[expect(clippy::cast_precision_loss, reason = "Ruby steps in floats once one of the numbers is a float")]
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

/// Goes through the arithmetic sequence that `range.step(width)` is, downwards too; `false` when it is none.
///
/// # Errors
/// What the block raises.
pub fn walk_sequence(interpreter: &mut Interpreter, range: &Range, width: Option<&Value>, block: &Rc<Proc>) -> Eval<bool> {
    let one = Value::Integer(1);
    let width = width.unwrap_or(&one);
    if let (Value::Integer(low), Value::Integer(_) | Value::Nil, Value::Integer(width)) = (&range.low, &range.high, width) {
        let mut current = *low;
        loop {
            let inside = match (&range.high, *width > 0) {
                (Value::Integer(high), true) => current < *high || (current == *high && !range.exclusive),
                (Value::Integer(high), false) => current > *high || (current == *high && !range.exclusive),
                _ => true,
            };
            if !inside {
                return Ok(true);
            }
            give(interpreter, block, Value::Integer(current))?;
            let Some(next) = current.checked_add(*width) else { return Ok(true) };
            current = next;
        }
    }
    let high = if range.high.is_nil() { Some(f64::INFINITY) } else { float(&range.high) };
    let (Some(low), Some(high), Some(width)) = (float(&range.low), high, float(width)) else { return Ok(false) };
    for item in float_steps(low, high, width, range.exclusive) {
        give(interpreter, block, Value::Float(item))?;
    }
    Ok(true)
}

/// The numbers from `low` to `high` in steps of `width`, counted so that rounding does not lose the last one.
pub fn float_steps(low: f64, high: f64, width: f64, exclusive: bool) -> impl Iterator<Item = f64> {
    let steps = (high - low) / width;
    let error = ((low.abs() + high.abs() + (high - low).abs()) / width.abs() * f64::EPSILON).min(0.5);
    let count = if steps < 0.0 {
        0.0
    } else if exclusive {
        let whole = (steps - error).floor();
        if steps <= 0.0 { 0.0 } else { whole + 1.0 }
    } else {
        (steps + error).floor() + 1.0
    };
    let mut index = 0.0_f64;
    std::iter::from_fn(move || {
        if index >= count {
            return None;
        }
        let mut item = index * width + low;
        if !exclusive && high.is_finite() && ((width > 0.0 && item > high) || (width < 0.0 && item < high)) {
            item = high;
        }
        index += 1.0;
        Some(item)
    })
}

fn bsearch(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let range = this(interpreter, me)?;
    let Some(block) = args.block.clone() else { return interpreter.enumerator(me, "bsearch", Vec::new()) };
    let Some((low, high)) = integers(&range) else {
        let class = interpreter.real_class(&range.low).display_name();
        return interpreter.type_error(format!("can't do binary search for {class}"));
    };
    let (mut low, mut high) = (i128::from(low), i128::from(high.unwrap_or(i64::MAX)) + 1);
    let mut found = Value::Nil;
    while low < high {
        interpreter.step()?;
        let middle = low + (high - low) / 2;
        let item = Value::Integer(i64::try_from(middle).unwrap_or(i64::MAX));
        match interpreter.yield_values(&block, vec![item.clone()])? {
            Value::Bool(true) => {
                found = item;
                high = middle;
            }
            Value::Integer(0) => return Ok(item),
            Value::Integer(number) if number < 0 => high = middle,
            Value::Integer(_) | Value::Bool(false) | Value::Nil => low = middle + 1,
            other => {
                let class = interpreter.real_class(&other).display_name();
                return interpreter.type_error(format!("wrong argument type {class} (must be numeric, true, false or nil)"));
            }
        }
    }
    Ok(found)
}
