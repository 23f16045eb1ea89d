//! Parts of strings: `[]`, `[]=`, `slice!`, `byteslice`, with every kind of index.

use std::rc::Rc;

use super::{byte_index, bytes, char_count, look, number, replace, text};
use crate::ruby::core::regexp::search::{Found, Pattern};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Range, Value};

pub(super) const METHODS: &[(&str, Native)] = &[
    ("[]", slice),
    ("slice", slice),
    ("slice!", slice_away),
    ("[]=", store),
    ("byteslice", byteslice),
    ("getbyte", getbyte),
    ("setbyte", setbyte),
];

/// The start and length that a range selects among `length` items; `None` when it begins beyond them.
///
/// # Errors
/// `TypeError` when its ends are no integers.
pub fn range_bounds(interpreter: &mut Interpreter, range: &Range, length: usize) -> Eval<Option<(usize, usize)>> {
    let total = i64::try_from(length).unwrap_or(i64::MAX);
    let start = if range.low.is_nil() { 0 } else { interpreter.to_integer(&range.low)? };
    let end = if range.high.is_nil() { -1 } else { interpreter.to_integer(&range.high)? };
    let exclusive = range.exclusive && !range.high.is_nil();
    let start = if start < 0 { start.saturating_add(total) } else { start };
    if start < 0 || start > total {
        return Ok(None);
    }
    let end = if end < 0 { end.saturating_add(total) } else { end };
    let end = if exclusive { end } else { end.saturating_add(1) };
    let count = end.min(total).saturating_sub(start).max(0);
    Ok(Some((usize::try_from(start).unwrap_or(0), usize::try_from(count).unwrap_or(0))))
}

/// A part of a string in bytes, and what matched there.
struct Part {
    start: usize,
    end: usize,
    found: Option<Rc<Found>>,
}

impl Part {
    fn plain(start: usize, end: usize) -> Self {
        Self { start, end, found: None }
    }
}

/// The bytes of `count` characters from character `start` on; `None` when that begins beyond the text.
fn characters(text: &str, start: i64, count: i64) -> Option<Part> {
    let count = usize::try_from(count).ok()?;
    let start = if start < 0 { start.checked_add(i64::try_from(char_count(text)).ok()?)? } else { start };
    let start = byte_index(text, usize::try_from(start).ok()?)?;
    let rest = text.get(start..)?;
    let length = byte_index(rest, count).unwrap_or(rest.len());
    Some(Part::plain(start, start + length))
}

/// What the arguments of `[]` select; sets `$~` where a regular expression selects.
fn select(interpreter: &mut Interpreter, text: &Rc<str>, args: &[Value]) -> Eval<Option<Part>> {
    match args {
        [Value::Regexp(regexp), rest @ ..] => {
            let found = interpreter.search_and_set(&Pattern::Regexp(Rc::clone(regexp)), text, 0)?;
            let Some(found) = found else { return Ok(None) };
            let group = match rest {
                [] => Some(0),
                [name @ (Value::Str(_) | Value::Symbol(_)), ..] => {
                    let name = name.text().unwrap_or_default();
                    match found.named(&name) {
                        Some(group) => Some(group),
                        None => {
                            let class = Rc::clone(&interpreter.classes.index_error);
                            return interpreter.raise(&class, format!("undefined group name reference: {name}"));
                        }
                    }
                }
                [group, ..] => {
                    let group = interpreter.to_integer(group)?;
                    let count = i64::try_from(found.spans.len()).unwrap_or(i64::MAX);
                    usize::try_from(if group < 0 { group + count } else { group }).ok()
                }
            };
            let span = group.and_then(|group| found.spans.get(group).copied().flatten());
            Ok(span.map(|(start, end)| Part { start, end, found: Some(found) }))
        }
        [Value::Str(wanted)] => {
            let wanted = wanted.text.borrow();
            Ok(text.find(wanted.as_str()).map(|start| Part::plain(start, start + wanted.len())))
        }
        [Value::Range(range)] => {
            let bounds = range_bounds(interpreter, range, char_count(text))?;
            Ok(bounds.and_then(|(start, count)| {
                let start = byte_index(text, start)?;
                let rest = text.get(start..)?;
                Some(Part::plain(start, start + byte_index(rest, count).unwrap_or(rest.len())))
            }))
        }
        [index] => {
            let index = interpreter.to_integer(index)?;
            Ok(characters(text, index, 1).filter(|part| part.end > part.start))
        }
        [start, count, ..] => {
            let (start, count) = (interpreter.to_integer(start)?, interpreter.to_integer(count)?);
            Ok(characters(text, start, count))
        }
        [] => Ok(None),
    }
}

fn slice(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    // The common `s[i]` and `s[i, n]` without a copy of the text.
    let ints = match args.list.as_slice() {
        [Value::Integer(index)] => Some((*index, 1, true)),
        [Value::Integer(start), Value::Integer(count)] => Some((*start, *count, false)),
        _ => None,
    };
    if let Some((start, count, single)) = ints {
        return Ok(look(me, |text| {
            let part = characters(text, start, count).filter(|part| !single || part.end > part.start);
            part.and_then(|part| text.get(part.start..part.end).map(str::to_owned))
        })
        .map_or(Value::Nil, Value::str));
    }
    let text: Rc<str> = text(me).into();
    let part = select(interpreter, &text, &args.list)?;
    Ok(part.and_then(|part| text.get(part.start..part.end).map(Value::str)).unwrap_or(Value::Nil))
}

fn slice_away(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    interpreter.check_frozen(me)?;
    let text: Rc<str> = text(me).into();
    let Some(part) = select(interpreter, &text, &args.list)? else { return Ok(Value::Nil) };
    let taken = text.get(part.start..part.end).unwrap_or_default().to_owned();
    let new = format!("{}{}", text.get(..part.start).unwrap_or_default(), text.get(part.end..).unwrap_or_default());
    replace(interpreter, me, new)?;
    if part.found.is_some() {
        interpreter.set_last_match(part.found.as_ref());
    }
    Ok(Value::str(taken))
}

fn store(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(3))?;
    interpreter.check_frozen(me)?;
    let Some((value, index)) = args.list.split_last() else { return Ok(Value::Nil) };
    let text: Rc<str> = text(me).into();
    if let [_, count @ Value::Integer(length)] = index {
        if *length < 0 && !matches!(index.first(), Some(Value::Regexp(_))) {
            let class = Rc::clone(&interpreter.classes.index_error);
            let shown = interpreter.display(count)?;
            return interpreter.raise(&class, format!("negative length {shown}"));
        }
    }
    let part = match index {
        // A place behind the last character can be assigned, but not read.
        [Value::Integer(place)] => {
            let part = characters(&text, *place, 1);
            part.filter(|part| part.end > part.start || *place >= 0)
        }
        other => select(interpreter, &text, other)?,
    };
    let new = interpreter.to_str(value)?;
    let Some(part) = part else { return missing(interpreter, &text, index) };
    let head = text.get(..part.start).unwrap_or_default();
    let tail = text.get(part.end..).unwrap_or_default();
    replace(interpreter, me, format!("{head}{new}{tail}"))?;
    Ok(value.clone())
}

/// What `[]=` raises where nothing is selected.
fn missing(interpreter: &mut Interpreter, text: &Rc<str>, index: &[Value]) -> Eval {
    let index_error = Rc::clone(&interpreter.classes.index_error);
    match index {
        [Value::Str(_)] => interpreter.raise(&index_error, "string not matched"),
        [Value::Regexp(regexp), rest @ ..] => {
            let pattern = Pattern::Regexp(Rc::clone(regexp));
            let matched = interpreter.search(&pattern, text, 0)?;
            match (matched, rest.first()) {
                (Some(found), Some(group @ Value::Integer(number))) => {
                    let shown = interpreter.display(group)?;
                    let known = number.unsigned_abs() < found.spans.len() as u64;
                    let message = if known { format!("regexp group {shown} not matched") } else { format!("index {shown} out of regexp") };
                    interpreter.raise(&index_error, message)
                }
                _ => interpreter.raise(&index_error, "regexp not matched"),
            }
        }
        [range @ Value::Range(_)] => {
            let class = Rc::clone(&interpreter.classes.range_error);
            let Value::Range(bounds) = range else { return Ok(Value::Nil) };
            let (low, high) = (interpreter.inspect(&bounds.low)?, interpreter.inspect(&bounds.high)?);
            let high = if bounds.high.is_nil() { String::new() } else { high };
            interpreter.raise(&class, format!("{low}{}{high} out of range", if bounds.exclusive { "..." } else { ".." }))
        }
        [place, ..] => {
            let shown = interpreter.to_integer(place)?;
            interpreter.raise(&index_error, format!("index {shown} out of string"))
        }
        [] => Ok(Value::Nil),
    }
}

fn byteslice(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let all = look(me, bytes::to_bytes);
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let bounds = match args.list.as_slice() {
        [Value::Range(range)] => range_bounds(interpreter, range, all.len())?,
        [start, rest @ ..] => {
            let start = interpreter.to_integer(start)?;
            let count = match rest.first() {
                Some(count) => interpreter.to_integer(count)?,
                None => 1,
            };
            let start = if start < 0 { start + total } else { start };
            let beyond = if rest.is_empty() { start >= total } else { start > total };
            match (usize::try_from(start), usize::try_from(count)) {
                (Ok(start), Ok(count)) if !beyond => Some((start, count)),
                _ => None,
            }
        }
        [] => None,
    };
    Ok(bounds.map_or(Value::Nil, |(start, count)| {
        let end = start.saturating_add(count).min(all.len());
        Value::str(bytes::from_bytes(all.get(start..end).unwrap_or_default()))
    }))
}

/// The byte at a position that may count from the end.
fn byte_at(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<(Vec<u8>, Option<usize>)> {
    let all = look(me, bytes::to_bytes);
    let index = interpreter.to_integer(&args.value(0))?;
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let index = usize::try_from(if index < 0 { index + total } else { index }).ok().filter(|index| *index < all.len());
    Ok((all, index))
}

fn getbyte(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let (all, index) = byte_at(interpreter, me, args)?;
    Ok(index.and_then(|index| all.get(index)).map_or(Value::Nil, |byte| number(usize::from(*byte))))
}

fn setbyte(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(2))?;
    interpreter.check_frozen(me)?;
    let (mut all, index) = byte_at(interpreter, me, args)?;
    let byte = interpreter.to_integer(&args.value(1))?;
    match index.and_then(|index| all.get_mut(index)) {
        Some(place) => *place = u8::try_from(byte & 0xff).unwrap_or(0),
        None => {
            let class = Rc::clone(&interpreter.classes.index_error);
            let shown = interpreter.display(&args.value(0))?;
            return interpreter.raise(&class, format!("index {shown} out of string"));
        }
    }
    replace(interpreter, me, bytes::from_bytes(&all))?;
    Ok(args.value(1))
}
