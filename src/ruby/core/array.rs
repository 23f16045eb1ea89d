//! `Array`. What needs nothing but `each` stands in `enumerable`.

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::{Array, Range, Value};

mod access;
mod change;
mod combine;
mod derive;
mod iterate;
mod make;
mod pack;

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.array);
    interpreter.allocators.push((Rc::clone(&class), |interpreter, class| {
        let subclass = (!Rc::ptr_eq(class, &interpreter.classes.array)).then(|| Rc::clone(class));
        Value::Array(Rc::new(Array::of(Vec::new(), subclass)))
    }));
    interpreter.define(&class, access::METHODS);
    interpreter.define(&class, change::METHODS);
    interpreter.define(&class, combine::METHODS);
    interpreter.define(&class, derive::METHODS);
    interpreter.define(&class, iterate::METHODS);
    interpreter.define(&class, make::METHODS);
    interpreter.define(&class, pack::METHODS);
    make::install(interpreter);
}

/// The array that `me` is.
pub(super) fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Array>> {
    match me {
        Value::Array(array) => Ok(Rc::clone(array)),
        other => {
            let class = interpreter.real_class(other).display_name();
            interpreter.type_error(format!("wrong argument type {class} (expected Array)"))
        }
    }
}

/// A copy of the elements of `me`.
pub(super) fn items(interpreter: &mut Interpreter, me: &Value) -> Eval<Vec<Value>> {
    let array = this(interpreter, me)?;
    let items = array.items.borrow().clone();
    Ok(items)
}

/// The elements of an argument that has to be an array (or have `to_ary`).
pub(super) fn to_ary(interpreter: &mut Interpreter, value: &Value) -> Eval<Vec<Value>> {
    match value {
        Value::Array(array) => Ok(array.items.borrow().clone()),
        Value::Unknown(_) => Ok(vec![value.clone()]),
        other => {
            if matches!(other, Value::Object(_))
                && interpreter.has_method(other, "to_ary".into(), false)
                && let Some(items) = interpreter.send(other, "to_ary", &[])?.items()
            {
                return Ok(items);
            }
            let shown = match other {
                Value::Nil => "nil".to_owned(),
                Value::Bool(answer) => answer.to_string(),
                other => interpreter.real_class(other).display_name(),
            };
            interpreter.type_error(format!("no implicit conversion of {shown} into Array"))
        }
    }
}

/// The position that a (negative) index means, when it is not before the start.
#[must_use]
pub fn position(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    usize::try_from(if index < 0 { index.checked_add(length)? } else { index }).ok()
}

/// Start and length of the part that a range means in something of `length` elements; `None` when it starts outside.
///
/// # Errors
/// `TypeError` for a range of other things than integers.
pub fn range_part(interpreter: &mut Interpreter, range: &Range, length: usize) -> Eval<Option<(usize, usize)>> {
    let low = if range.low.is_nil() { 0 } else { interpreter.to_integer(&range.low)? };
    let (high, exclusive) = if range.high.is_nil() { (-1, false) } else { (interpreter.to_integer(&range.high)?, range.exclusive) };
    let Some(start) = position(low, length).filter(|start| *start <= length) else { return Ok(None) };
    let end = match position(high, length) {
        Some(end) if exclusive => end,
        Some(end) => end.saturating_add(1),
        None => 0,
    };
    Ok(Some((start, end.min(length).saturating_sub(start))))
}
