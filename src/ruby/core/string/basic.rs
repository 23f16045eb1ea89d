//! What strings are made of and made from: `new`, `+`, `*`, `<<`, `insert`, `replace`, `reverse`, `length`.

use std::rc::Rc;

use super::{byte_index, bytes, char_count, look, number, replace, text, text_or};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("+", plus),
    ("*", times),
    ("<<", append),
    ("concat", concat),
    ("prepend", prepend),
    ("insert", insert),
    ("replace", replaced),
    ("initialize_copy", replaced),
    ("clear", |i, me, _| {
        replace(i, me, String::new())?;
        Ok(me.clone())
    }),
    ("reverse", |_, me, _| Ok(Value::str(look(me, |text| text.chars().rev().collect::<String>())))),
    ("reverse!", |i, me, _| {
        let new = look(me, |text| text.chars().rev().collect::<String>());
        replace(i, me, new)?;
        Ok(me.clone())
    }),
    ("length", length),
    ("size", length),
    ("bytesize", |_, me, _| Ok(number(look(me, |text| if bytes::has_raw(text) { bytes::to_bytes(text).len() } else { text.len() })))),
    ("empty?", |_, me, _| Ok(Value::Bool(look(me, str::is_empty)))),
    ("to_s", to_s),
    ("to_str", to_s),
    ("to_sym", to_sym),
    ("intern", to_sym),
    ("+@", |i, me, _| Ok(if i.is_frozen(me) { Value::str(text(me)) } else { me.clone() })),
    ("-@", frozen),
    ("dedup", frozen),
    ("ord", ord),
    ("chr", |_, me, _| Ok(Value::str(look(me, |text| text.chars().take(1).collect::<String>())))),
    ("sum", sum),
];

pub(super) const PRIVATE: &[(&str, Native)] = &[("initialize", initialize)];

pub(super) const CLASS: &[(&str, Native)] = &[("try_convert", |interpreter, _, args| match args.value(0) {
    string @ Value::Str(_) => Ok(string),
    other if interpreter.responds_to(&other, "to_str")? => interpreter.send(&other, "to_str", &[]),
    _ => Ok(Value::Nil),
})];

fn length(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let encoding = super::encode::name_of(interpreter, me);
    if encoding == super::encode::UTF_8 {
        return Ok(number(look(me, char_count)));
    }
    Ok(number(look(me, |text| match super::encode::wide(text, encoding) {
        Some(decoded) => char_count(&decoded),
        None => bytes::to_bytes(text).len(),
    })))
}

fn initialize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let given = if args.keywords { args.len().saturating_sub(1) } else { args.len() };
    if given > 1 {
        interpreter.check_arity(args, 0, Some(1))?;
    }
    if given == 1 {
        let new = interpreter.to_str(&args.value(0))?;
        replace(interpreter, me, new)?;
    }
    if let Some(encoding) = args.option("encoding") {
        super::encode::mark(interpreter, me, &encoding)?;
    }
    Ok(Value::Nil)
}

fn plus(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let right = interpreter.to_str(&args.value(0))?;
    let mut new = text(me);
    new.push_str(&right);
    interpreter.check_size(new.len())?;
    Ok(Value::str(bytes::joined(new)))
}

fn times(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let count = interpreter.to_integer(&args.value(0))?;
    let Ok(count) = usize::try_from(count) else { return interpreter.argument_error("negative argument") };
    interpreter.check_size(look(me, str::len).saturating_mul(count))?;
    Ok(Value::str(look(me, |text| text.repeat(count))))
}

/// What `<<` and `concat` append: a number is a character.
fn appended(interpreter: &mut Interpreter, value: &Value) -> Eval<String> {
    let Value::Integer(code) = value else { return interpreter.to_str(value) };
    let character = u32::try_from(*code).ok().and_then(char::from_u32).filter(|c| !crate::ruby::hole::is_hole(*c));
    match character {
        Some(character) => Ok(character.to_string()),
        None => {
            let class = Rc::clone(&interpreter.classes.range_error);
            let message = if *code < 0 || *code > i64::from(u32::MAX) {
                format!("{code} out of char range")
            } else {
                format!("invalid codepoint 0x{code:X} in UTF-8")
            };
            interpreter.raise(&class, message)
        }
    }
}

fn append(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    concat(interpreter, me, args)
}

fn concat(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_frozen(me)?;
    let mut more = String::new();
    for value in &args.list {
        more.push_str(&appended(interpreter, value)?);
    }
    let Value::Str(string) = me else { return Ok(me.clone()) };
    interpreter.check_size(string.text.borrow().len().saturating_add(more.len()))?;
    if bytes::has_raw(&more) {
        let mut new = text(me);
        new.push_str(&more);
        *string.text.borrow_mut() = bytes::joined(new);
    } else {
        string.text.borrow_mut().push_str(&more);
    }
    Ok(me.clone())
}

fn prepend(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_frozen(me)?;
    let mut new = String::new();
    for value in &args.list {
        new.push_str(&interpreter.to_str(value)?);
    }
    new.push_str(&text(me));
    replace(interpreter, me, new)?;
    Ok(me.clone())
}

fn insert(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(2))?;
    let position = interpreter.to_integer(&args.value(0))?;
    let more = interpreter.to_str(&args.value(1))?;
    interpreter.check_frozen(me)?;
    let mut new = text(me);
    let length = i64::try_from(char_count(&new)).unwrap_or(i64::MAX);
    // -1 is behind the last character.
    let place = if position < 0 { position + length + 1 } else { position };
    match usize::try_from(place).ok().and_then(|place| byte_index(&new, place)) {
        Some(at) => {
            new.insert_str(at, &more);
            replace(interpreter, me, new)?;
            Ok(me.clone())
        }
        None => {
            let class = Rc::clone(&interpreter.classes.index_error);
            // Counted from behind the last character.
            let shown = if position < 0 { position + 1 } else { position };
            interpreter.raise(&class, format!("index {shown} out of string"))
        }
    }
}

fn replaced(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    interpreter.check_frozen(me)?;
    let new = interpreter.to_str(&args.value(0))?;
    replace(interpreter, me, new)?;
    Ok(me.clone())
}

fn to_s(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    match me {
        // An object of a subclass becomes a plain string.
        Value::Str(string) if string.class.is_some() => Ok(Value::str(text(me))),
        _ => Ok(me.clone()),
    }
}

fn to_sym(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(me.name().map_or(Value::Nil, Value::Symbol))
}

fn frozen(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    if interpreter.is_frozen(me) {
        return Ok(me.clone());
    }
    let copy = Value::str(text(me));
    if let Value::Str(string) = &copy {
        string.frozen.set(true);
    }
    Ok(copy)
}

fn ord(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    match look(me, |text| text.chars().next()) {
        Some(character) => Ok(Value::Integer(bytes::raw_byte(character).map_or_else(|| i64::from(u32::from(character)), i64::from))),
        None => interpreter.argument_error("empty string"),
    }
}

fn sum(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let bits = match args.get(0) {
        Some(bits) => interpreter.to_integer(bits)?,
        None => 16,
    };
    let total: i64 = look(me, |text| bytes::to_bytes(text).iter().map(|byte| i64::from(*byte)).sum());
    Ok(Value::Integer(if (1..63).contains(&bits) { total & ((1 << bits) - 1) } else { total }))
}

/// The fill of `ljust` and the like: `text` repeated to `count` characters.
pub(super) fn fill(text: &str, count: usize) -> String {
    text.chars().cycle().take(count).collect()
}

/// The two parts that `center` adds, as characters left and right.
pub(super) fn margins(length: usize, width: usize) -> (usize, usize) {
    let free = width.saturating_sub(length);
    (free / 2, free - free / 2)
}

/// The width and fill of `ljust`, `rjust`, `center`.
pub(super) fn padding(interpreter: &mut Interpreter, args: &Args) -> Eval<(usize, String)> {
    interpreter.check_arity(args, 1, Some(2))?;
    let width = usize::try_from(interpreter.to_integer(&args.value(0))?).unwrap_or(0);
    let fill = text_or(interpreter, args, 1, " ")?;
    if fill.is_empty() {
        return interpreter.argument_error("zero width padding");
    }
    interpreter.check_size(width)?;
    Ok((width, fill))
}
