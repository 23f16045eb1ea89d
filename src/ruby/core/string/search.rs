//! Searching strings: `index`, `include?`, `start_with?`, `=~`, `match`, `scan`, `partition`.

use std::rc::Rc;

use super::{byte_index, char_count, look, number, text};
use crate::ruby::core::regexp::search::{Found, Pattern, next_position};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Regexp, Value};

pub(super) const METHODS: &[(&str, Native)] = &[
    ("include?", include),
    ("start_with?", start_with),
    ("end_with?", end_with),
    ("index", index),
    ("rindex", rindex),
    ("=~", position),
    ("match", matched),
    ("match?", matches),
    ("scan", scan),
    ("partition", partition),
    ("rpartition", rpartition),
];

fn include(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let wanted = interpreter.to_str(&args.value(0))?;
    Ok(Value::Bool(look(me, |text| text.contains(wanted.as_str()))))
}

fn start_with(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    for value in &args.list {
        if let Value::Regexp(regexp) = value {
            let text: Rc<str> = text(me).into();
            let found = at_start(interpreter, regexp, &text)?.map(Rc::new);
            interpreter.set_last_match(found.as_ref());
            if found.is_some() {
                return Ok(Value::Bool(true));
            }
            continue;
        }
        let wanted = interpreter.to_str(value)?;
        if look(me, |text| text.starts_with(wanted.as_str())) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// The match of a regular expression that begins at the start of the text, even where an earlier alternative is none.
fn at_start(interpreter: &mut Interpreter, regexp: &Rc<Regexp>, text: &Rc<str>) -> Eval<Option<Found>> {
    let anchored = interpreter.make_regexp(&format!("\\A(?:{})", regexp.source), &regexp.options)?;
    let Value::Regexp(anchored) = anchored else { return Ok(None) };
    let found = interpreter.search(&Pattern::Regexp(anchored), text, 0)?;
    Ok(found.map(|found| Found { pattern: Pattern::Regexp(Rc::clone(regexp)), ..found }))
}

fn end_with(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    for value in &args.list {
        let wanted = interpreter.to_str(value)?;
        if look(me, |text| text.ends_with(wanted.as_str())) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// The pattern of `index` and the like: these say `TypeError` in their own words.
fn wanted(interpreter: &mut Interpreter, value: &Value) -> Eval<Pattern> {
    match value {
        Value::Regexp(regexp) => Ok(Pattern::Regexp(Rc::clone(regexp))),
        other => Ok(Pattern::Text(interpreter.to_str(other)?.into())),
    }
}

fn characters_before(text: &str, byte: usize) -> Value {
    number(char_count(text.get(..byte).unwrap_or_default()))
}

/// The character position of the argument `at`, counted from the end when negative.
fn from(interpreter: &mut Interpreter, text: &str, at: &Value) -> Eval<i64> {
    let position = interpreter.to_integer(at)?;
    Ok(if position < 0 { position + i64::try_from(char_count(text)).unwrap_or(i64::MAX) } else { position })
}

fn index(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let pattern = wanted(interpreter, &args.value(0))?;
    let text: Rc<str> = text(me).into();
    let start = match args.get(1) {
        Some(at) => from(interpreter, &text, at)?,
        None => 0,
    };
    let start = usize::try_from(start).ok().and_then(|start| byte_index(&text, start));
    let found = match start {
        Some(start) => interpreter.search(&pattern, &text, start)?.map(Rc::new),
        None => None,
    };
    if matches!(pattern, Pattern::Regexp(_)) {
        interpreter.set_last_match(found.as_ref());
    }
    Ok(found.map_or(Value::Nil, |found| characters_before(&text, found.start())))
}

/// The last match of `pattern` that begins at byte `limit` or before.
fn last(interpreter: &mut Interpreter, pattern: &Pattern, text: &Rc<str>, limit: usize) -> Eval<Option<Found>> {
    match pattern {
        Pattern::Text(wanted) => {
            let end = limit.saturating_add(wanted.len()).min(text.len());
            // The end may fall into a character: then nothing that long can begin at the limit.
            let end = (0..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            let start = text.get(..end).and_then(|head| head.rfind(&**wanted));
            Ok(start.map(|start| Found {
                text: Rc::clone(text),
                spans: vec![Some((start, start + wanted.len()))],
                pattern: pattern.clone(),
            }))
        }
        Pattern::Regexp(regexp) => {
            let anchored = interpreter.make_regexp(&format!("\\G(?:{})", regexp.source), &regexp.options)?;
            let Value::Regexp(anchored) = anchored else { return Ok(None) };
            let anchored = Pattern::Regexp(anchored);
            let mut at = limit.min(text.len());
            loop {
                if text.is_char_boundary(at) {
                    if let Some(found) = interpreter.search(&anchored, text, at)? {
                        return Ok(Some(Found { pattern: pattern.clone(), ..found }));
                    }
                }
                let Some(before) = at.checked_sub(1) else { return Ok(None) };
                at = before;
            }
        }
    }
}

fn rindex(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let pattern = wanted(interpreter, &args.value(0))?;
    let text: Rc<str> = text(me).into();
    let limit = match args.get(1) {
        Some(at) => match usize::try_from(from(interpreter, &text, at)?) {
            Ok(position) => Some(byte_index(&text, position).unwrap_or(text.len())),
            Err(_) => None,
        },
        None => Some(text.len()),
    };
    let found = match limit {
        Some(limit) => last(interpreter, &pattern, &text, limit)?.map(Rc::new),
        None => None,
    };
    if matches!(pattern, Pattern::Regexp(_)) {
        interpreter.set_last_match(found.as_ref());
    }
    Ok(found.map_or(Value::Nil, |found| characters_before(&text, found.start())))
}

fn position(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    match args.value(0) {
        Value::Str(_) => interpreter.type_error("type mismatch: String given"),
        other => interpreter.send(&other, "=~", std::slice::from_ref(me)),
    }
}

/// The regular expression that `match` is given: a string is one's source.
fn expression(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Regexp(_) | Value::Unknown(_) => Ok(value.clone()),
        Value::Str(source) => {
            let source = source.text.borrow().clone();
            interpreter.make_regexp(&source, "")
        }
        other => match interpreter.pattern(other)? {
            Pattern::Regexp(regexp) => Ok(Value::Regexp(regexp)),
            Pattern::Text(source) => interpreter.make_regexp(&source, ""),
        },
    }
}

fn forwarded(interpreter: &mut Interpreter, me: &Value, args: &Args, method: &str) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let regexp = expression(interpreter, &args.value(0))?;
    let mut list = vec![me.clone()];
    list.extend(args.list.iter().skip(1).cloned());
    let args = Args::new(list).with_block(args.block.clone());
    interpreter.call(&regexp, method.into(), args, crate::ruby::dispatch::CallKind::Explicit)
}

fn matched(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    forwarded(interpreter, me, args, "match")
}

fn matches(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    forwarded(interpreter, me, args, "match?")
}

/// What `scan` gives for a match: its groups when it has any.
fn scanned(found: &Found) -> Value {
    if found.spans.len() > 1 { Value::array(found.captures()) } else { found.value(0) }
}

fn scan(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let pattern = interpreter.pattern(&args.value(0))?;
    let text: Rc<str> = text(me).into();
    let mut list = Vec::new();
    let mut at = 0;
    let mut last = None;
    while let Some(found) = interpreter.search(&pattern, &text, at)? {
        let found = Rc::new(found);
        at = if found.end() > found.start() { found.end() } else { next_position(&text, found.end()) };
        let value = scanned(&found);
        match &args.block {
            Some(block) => {
                interpreter.set_last_match(Some(&found));
                interpreter.yield_values(block, vec![value])?;
            }
            None => {
                list.push(value);
                interpreter.check_size(list.len())?;
            }
        }
        last = Some(found);
    }
    interpreter.set_last_match(last.as_ref());
    Ok(if args.block.is_some() { me.clone() } else { Value::array(list) })
}

fn partition(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let pattern = interpreter.pattern(&args.value(0))?;
    let text: Rc<str> = text(me).into();
    let found = interpreter.search(&pattern, &text, 0)?.map(Rc::new);
    if matches!(pattern, Pattern::Regexp(_)) {
        interpreter.set_last_match(found.as_ref());
    }
    Ok(Value::strings(match found {
        Some(found) => [&text[..found.start()], &text[found.start()..found.end()], &text[found.end()..]],
        None => [&*text, "", ""],
    }))
}

fn rpartition(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let pattern = interpreter.pattern(&args.value(0))?;
    let text: Rc<str> = text(me).into();
    let found = last(interpreter, &pattern, &text, text.len())?.map(Rc::new);
    if matches!(pattern, Pattern::Regexp(_)) {
        interpreter.set_last_match(found.as_ref());
    }
    Ok(Value::strings(match found {
        Some(found) => [&text[..found.start()], &text[found.start()..found.end()], &text[found.end()..]],
        None => ["", "", &*text],
    }))
}
