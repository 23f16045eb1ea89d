//! `MatchData`: what `=~` and `match` found.
//!
//! `"v1.2".match(/(\d)\.(\d)/)[2]` is `"2"`.

use std::rc::Rc;

use crate::ruby::core::regexp::escape;
use crate::ruby::core::regexp::search::{Found, Pattern};
use crate::ruby::core::string::char_count;
use crate::ruby::core::string::slice::range_bounds;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const MATCH_DATA: &[(&str, Native)] = &[
    ("[]", index),
    ("captures", |i, me, _| Ok(Value::array(this(i, me)?.captures()))),
    ("named_captures", named_captures),
    ("names", names),
    ("pre_match", pre_match),
    ("post_match", post_match),
    ("to_a", |i, me, _| Ok(Value::array(all(&*this(i, me)?)))),
    ("to_s", |i, me, _| Ok(this(i, me)?.value(0))),
    ("inspect", inspect),
    ("begin", begin),
    ("end", end),
    ("offset", offset),
    ("size", |i, me, _| Ok(Value::Integer(integer(this(i, me)?.spans.len())))),
    ("length", |i, me, _| Ok(Value::Integer(integer(this(i, me)?.spans.len())))),
    ("values_at", values_at),
    ("match", |i, me, args| index(i, me, &Args::new(vec![args.value(0)]))),
    ("match_length", |i, me, args| match index(i, me, &Args::new(vec![args.value(0)]))? {
        Value::Nil => Ok(Value::Nil),
        text => i.send(&text, "length", &[]),
    }),
    ("string", string),
    ("regexp", regexp),
    ("==", equal),
    ("eql?", equal),
    ("hash", |i, me, _| {
        let found = this(i, me)?;
        i.send(&Value::str(format!("{} {:?}", found.text, found.spans)), "hash", &[])
    }),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.match_data);
    interpreter.define(&class, MATCH_DATA);
}

fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Found>> {
    let found = match me {
        Value::Object(object) => object.data::<Found>(),
        _ => None,
    };
    match found {
        Some(found) => Ok(found),
        None => interpreter.type_error("uninitialized MatchData"),
    }
}

fn integer(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn all(found: &Found) -> Vec<Value> {
    (0..found.spans.len()).map(|index| found.value(index)).collect()
}

/// The number of the group that `value` names; `None` beyond the groups.
fn group(interpreter: &mut Interpreter, found: &Found, value: &Value) -> Eval<Option<usize>> {
    if let Value::Str(_) | Value::Symbol(_) = value {
        let name = value.text().unwrap_or_default();
        return match found.named(&name) {
            Some(number) => Ok(Some(number)),
            None => {
                let class = Rc::clone(&interpreter.classes.index_error);
                interpreter.raise(&class, format!("undefined group name reference: {name}"))
            }
        };
    }
    let number = interpreter.to_integer(value)?;
    let count = integer(found.spans.len());
    let number = if number < 0 { number + count } else { number };
    Ok(usize::try_from(number).ok().filter(|number| *number < found.spans.len()))
}

/// As [`group`], where a number beyond the groups is an error.
fn strict_group(interpreter: &mut Interpreter, found: &Found, args: &Args) -> Eval<usize> {
    interpreter.check_arity(args, 1, Some(1))?;
    let value = args.value(0);
    let number = match &value {
        Value::Str(_) | Value::Symbol(_) => group(interpreter, found, &value)?,
        other => usize::try_from(interpreter.to_integer(other)?).ok().filter(|number| *number < found.spans.len()),
    };
    match number {
        Some(number) => Ok(number),
        None => {
            let class = Rc::clone(&interpreter.classes.index_error);
            let shown = interpreter.display(&value)?;
            interpreter.raise(&class, format!("index {shown} out of matches"))
        }
    }
}

fn index(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let found = this(interpreter, me)?;
    let values = all(&found);
    let part = |start: usize, length: usize| Value::array(values.iter().skip(start).take(length).cloned().collect());
    if let Some(length) = args.get(1) {
        let (mut start, length) = (interpreter.to_integer(&args.value(0))?, interpreter.to_integer(length)?);
        if start < 0 {
            start += integer(values.len());
        }
        return Ok(match (usize::try_from(start), usize::try_from(length)) {
            (Ok(start), Ok(length)) if start <= values.len() => part(start, length),
            _ => Value::Nil,
        });
    }
    match args.value(0) {
        Value::Range(range) => Ok(match range_bounds(interpreter, &range, values.len())? {
            Some((start, length)) => part(start, length),
            None => Value::Nil,
        }),
        other => Ok(group(interpreter, &found, &other)?.map_or(Value::Nil, |number| found.value(number))),
    }
}

fn names(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::strings(distinct(&*this(interpreter, me)?)))
}

fn distinct(found: &Found) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for name in found.names() {
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
    list
}

fn named_captures(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let found = this(interpreter, me)?;
    let pairs = distinct(&found).into_iter().map(|name| {
        let value = found.named(&name).map_or(Value::Nil, |number| found.value(number));
        (Value::str(name), value)
    });
    Ok(Value::hash(pairs))
}

fn pre_match(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let found = this(interpreter, me)?;
    Ok(Value::str(found.text.get(..found.start()).unwrap_or_default()))
}

fn post_match(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let found = this(interpreter, me)?;
    Ok(Value::str(found.text.get(found.end()..).unwrap_or_default()))
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let found = this(interpreter, me)?;
    let mut out = String::from("#<MatchData");
    for (index, value) in all(&found).into_iter().enumerate() {
        out.push(' ');
        if let Some(number) = index.checked_sub(1) {
            let label = found.names().get(number).cloned().unwrap_or_else(|| index.to_string());
            out.push_str(&format!("{label}:"));
        }
        out.push_str(&interpreter.inspect(&value)?);
    }
    out.push('>');
    Ok(Value::str(out))
}

/// The place of a group in characters.
fn place(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Option<(i64, i64)>> {
    let found = this(interpreter, me)?;
    let number = strict_group(interpreter, &found, args)?;
    let characters = |end: usize| integer(char_count(found.text.get(..end).unwrap_or_default()));
    Ok(found.spans.get(number).copied().flatten().map(|(start, end)| (characters(start), characters(end))))
}

fn begin(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    Ok(place(interpreter, me, args)?.map_or(Value::Nil, |(start, _)| Value::Integer(start)))
}

fn end(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    Ok(place(interpreter, me, args)?.map_or(Value::Nil, |(_, end)| Value::Integer(end)))
}

fn pair(place: Option<(i64, i64)>) -> Value {
    let (start, end) = place.map_or((Value::Nil, Value::Nil), |(start, end)| (Value::Integer(start), Value::Integer(end)));
    Value::array(vec![start, end])
}

fn offset(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    Ok(pair(place(interpreter, me, args)?))
}

fn values_at(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let found = this(interpreter, me)?;
    let mut list = Vec::new();
    for value in &args.list {
        if let Value::Range(range) = value {
            if let Some((start, length)) = range_bounds(interpreter, range, found.spans.len())? {
                list.extend((start..start + length).map(|number| found.value(number)));
            }
            continue;
        }
        list.push(group(interpreter, &found, value)?.map_or(Value::Nil, |number| found.value(number)));
    }
    Ok(Value::array(list))
}

fn string(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let text = Value::str(&*this(interpreter, me)?.text);
    if let Value::Str(string) = &text {
        string.frozen.set(true);
    }
    Ok(text)
}

fn regexp(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    match &this(interpreter, me)?.pattern {
        Pattern::Regexp(regexp) => Ok(Value::Regexp(Rc::clone(regexp))),
        Pattern::Text(text) => interpreter.make_regexp(&escape(text), ""),
    }
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let found = this(interpreter, me)?;
    let other = match args.value(0) {
        Value::Object(object) => object.data::<Found>(),
        _ => None,
    };
    Ok(Value::Bool(other.is_some_and(|other| {
        let same_pattern = match (&found.pattern, &other.pattern) {
            (Pattern::Regexp(a), Pattern::Regexp(b)) => a.source == b.source && a.options == b.options,
            (Pattern::Text(a), Pattern::Text(b)) => a == b,
            _ => false,
        };
        same_pattern && found.text == other.text && found.spans == other.spans
    })))
}
