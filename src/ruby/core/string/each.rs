//! Going through a string: characters, bytes, code points, grapheme clusters, and `upto`.

use super::{bytes, look, number, succ, text};
use crate::ruby::core::regexp::search::Pattern;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("chars", |i, me, args| give(i, me, args, characters)),
    ("bytes", |i, me, args| give(i, me, args, byte_values)),
    ("codepoints", |i, me, args| give(i, me, args, codepoints)),
    ("grapheme_clusters", |i, me, args| give(i, me, args, graphemes)),
    ("each_char", |i, me, args| each(i, me, args, "each_char", characters)),
    ("each_byte", |i, me, args| each(i, me, args, "each_byte", byte_values)),
    ("each_codepoint", |i, me, args| each(i, me, args, "each_codepoint", codepoints)),
    ("each_grapheme_cluster", |i, me, args| each(i, me, args, "each_grapheme_cluster", graphemes)),
    ("upto", upto),
];

/// The elements of a string.
type Elements = fn(&mut Interpreter, &Value) -> Eval<Vec<Value>>;

fn give(interpreter: &mut Interpreter, me: &Value, args: &Args, elements: Elements) -> Eval {
    let list = elements(interpreter, me)?;
    match &args.block {
        Some(block) => {
            for value in list {
                interpreter.yield_values(block, vec![value])?;
            }
            Ok(me.clone())
        }
        None => Ok(Value::array(list)),
    }
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, elements: Elements) -> Eval {
    if args.block.is_none() {
        return interpreter.enumerator(me, name, Vec::new());
    }
    give(interpreter, me, args, elements)
}

fn characters(_: &mut Interpreter, me: &Value) -> Eval<Vec<Value>> {
    Ok(look(me, |text| text.chars().map(|character| Value::str(character.to_string())).collect()))
}

fn byte_values(_: &mut Interpreter, me: &Value) -> Eval<Vec<Value>> {
    Ok(look(me, |text| bytes::to_bytes(text).into_iter().map(|byte| number(usize::from(byte))).collect()))
}

fn codepoints(_: &mut Interpreter, me: &Value) -> Eval<Vec<Value>> {
    Ok(look(me, |text| text.chars().map(|character| Value::Integer(i64::from(u32::from(character)))).collect()))
}

fn graphemes(interpreter: &mut Interpreter, me: &Value) -> Eval<Vec<Value>> {
    let text = text(me);
    if text.is_ascii() && !text.contains('\r') {
        return characters(interpreter, me);
    }
    let Value::Regexp(regexp) = interpreter.make_regexp("\\X", "")? else { return Ok(Vec::new()) };
    let (pattern, text) = (Pattern::Regexp(regexp), text.into());
    let mut list = Vec::new();
    let mut at = 0;
    while let Some(found) = interpreter.search(&pattern, &text, at)? {
        list.push(found.value(0));
        if found.end() <= at {
            break;
        }
        at = found.end();
    }
    Ok(list)
}

fn upto(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let last = interpreter.to_str(&args.value(0))?;
    let exclusive = args.value(1).truthy();
    let Some(block) = &args.block else { return interpreter.enumerator(me, "upto", args.list.clone()) };
    let first = text(me);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let single = |text: &str| text.is_ascii() && text.len() == 1;
    if single(&first) && single(&last) && !(digits(&first) && digits(&last)) {
        let (low, high) = (first.as_bytes()[0], last.as_bytes()[0]);
        for byte in low..=high {
            if exclusive && byte == high {
                break;
            }
            interpreter.step()?;
            interpreter.yield_values(block, vec![Value::str(char::from(byte).to_string())])?;
        }
        return Ok(me.clone());
    }
    if digits(&first) && digits(&last) {
        if let (Ok(low), Ok(high)) = (first.parse::<u64>(), last.parse::<u64>()) {
            let width = first.len();
            for value in low..=high {
                if exclusive && value == high {
                    break;
                }
                interpreter.step()?;
                interpreter.yield_values(block, vec![Value::str(format!("{value:0width$}"))])?;
            }
            return Ok(me.clone());
        }
    }
    if first.as_bytes() > last.as_bytes() || (exclusive && first == last) {
        return Ok(me.clone());
    }
    let mut current = first;
    loop {
        interpreter.step()?;
        interpreter.yield_values(block, vec![Value::str(current.clone())])?;
        if !exclusive && current == last {
            break;
        }
        current = succ(&current);
        if (exclusive && current == last) || current.chars().count() > last.chars().count() || current.is_empty() {
            break;
        }
    }
    Ok(me.clone())
}
