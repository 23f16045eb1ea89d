//! `String`: the tables of its methods by theme, and what the themes share.
//!
//! Strings are UTF-8 text; positions that Ruby code sees are characters. Methods that return text return plain strings.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::{Str, Value};

mod basic;
pub mod bytes;
mod case;
mod compare;
mod each;
pub mod encode;
pub mod inspect;
mod normalize;
mod number;
mod search;
pub mod slice;
mod split;
mod strip;
mod substitute;
mod succ;
#[cfg(test)]
mod tests;
mod tr;
pub mod unpack;

pub use succ::succ;

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.string);
    interpreter.allocators.push((Rc::clone(&class), |interpreter, class| {
        let plain = Rc::ptr_eq(class, &interpreter.classes.string);
        let class = (!plain).then(|| Rc::clone(class));
        Value::Str(Rc::new(Str { text: RefCell::default(), frozen: Cell::new(false), class }))
    }));
    for table in [
        basic::METHODS,
        case::METHODS,
        compare::METHODS,
        each::METHODS,
        encode::METHODS,
        inspect::METHODS,
        normalize::METHODS,
        number::METHODS,
        search::METHODS,
        slice::METHODS,
        split::METHODS,
        strip::METHODS,
        substitute::METHODS,
        succ::METHODS,
        tr::METHODS,
        unpack::METHODS,
    ] {
        interpreter.define(&class, table);
    }
    interpreter.define_private(&class, basic::PRIVATE);
    interpreter.define_singleton(&class, basic::CLASS);
    encode::install(interpreter);
}

/// The number of characters.
#[must_use]
pub fn char_count(text: &str) -> usize {
    text.chars().count()
}

/// Where character `index` begins in bytes; the end of the text for its length, `None` beyond.
#[must_use]
pub fn byte_index(text: &str, index: usize) -> Option<usize> {
    // ASCII up to there: characters are bytes.
    if text.as_bytes().get(..index).is_some_and(<[u8]>::is_ascii) {
        return Some(index);
    }
    let mut count = 0;
    for (byte, _) in text.char_indices() {
        if count == index {
            return Some(byte);
        }
        count += 1;
    }
    (count == index).then_some(text.len())
}

/// A number of characters or bytes as Ruby's integer.
pub(super) fn number(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A copy of the characters of a string.
pub(super) fn text(me: &Value) -> String {
    match me {
        Value::Str(string) => string.text.borrow().clone(),
        Value::Symbol(name) => name.to_string(),
        _ => String::new(),
    }
}

/// What `look` finds in the characters of a string. It must not call back into the interpreter.
pub(super) fn look<T>(me: &Value, look: impl FnOnce(&str) -> T) -> T {
    match me {
        Value::Str(string) => look(&string.text.borrow()),
        Value::Symbol(name) => look(name.as_str()),
        _ => look(""),
    }
}

/// Puts `new` in the place of the characters of `me`.
pub(super) fn replace(interpreter: &mut Interpreter, me: &Value, new: String) -> Eval<()> {
    interpreter.check_frozen(me)?;
    interpreter.check_size(new.len())?;
    if let Value::Str(string) = me {
        *string.text.borrow_mut() = new;
    }
    Ok(())
}

/// What a method that ends in `!` does: changes `me`, and returns `nil` when that changes nothing.
pub(super) fn change(interpreter: &mut Interpreter, me: &Value, new: String) -> Eval {
    interpreter.check_frozen(me)?;
    if look(me, |old| old == new) {
        return Ok(Value::Nil);
    }
    replace(interpreter, me, new)?;
    Ok(me.clone())
}

/// The optional argument `index` as text, `default` when it is not given.
pub(super) fn text_or(interpreter: &mut Interpreter, args: &Args, index: usize, default: &str) -> Eval<String> {
    match args.get(index) {
        Some(value) => interpreter.to_str(value),
        None => Ok(default.to_owned()),
    }
}
