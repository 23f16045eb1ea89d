//! Cutting strings: `split`, `lines`, `each_line`.

use std::rc::Rc;

use super::strip::chomp;
use super::{look, text};
use crate::ruby::core::regexp::search::{Pattern, next_position};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[("split", split), ("lines", lines), ("each_line", each_line)];

fn split(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(2))?;
    let limit = match args.get(1) {
        Some(limit) => interpreter.to_integer(limit)?,
        None => 0,
    };
    let text: Rc<str> = text(me).into();
    let mut parts = if text.is_empty() {
        Vec::new()
    } else if limit == 1 {
        vec![text.to_string()]
    } else {
        match args.value(0) {
            Value::Nil => blanks(&text, limit),
            Value::Str(separator) if *separator.text.borrow() == " " => blanks(&text, limit),
            other => match interpreter.pattern(&other)? {
                Pattern::Text(separator) => plain(&text, &separator, limit),
                pattern @ Pattern::Regexp(_) => by_pattern(interpreter, &text, &pattern, limit)?,
            },
        }
    };
    if limit == 0 {
        while parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
    }
    interpreter.check_size(parts.len())?;
    if let Some(block) = &args.block {
        for part in parts {
            interpreter.yield_values(block, vec![Value::str(part)])?;
        }
        return Ok(me.clone());
    }
    Ok(Value::strings(parts))
}

/// Whether a limit allows another cut when there are `count` parts.
fn more(limit: i64, count: usize) -> bool {
    limit <= 0 || i64::try_from(count).unwrap_or(i64::MAX) < limit - 1
}

fn blank(character: char) -> bool {
    matches!(character, '\0' | '\t'..='\r' | ' ')
}

/// At runs of blanks, those at the start left out.
fn blanks(text: &str, limit: i64) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(blank);
    while !rest.is_empty() {
        let cut = rest.find(blank).filter(|_| more(limit, parts.len()));
        let Some(end) = cut else {
            parts.push(rest.to_owned());
            return parts;
        };
        parts.push(rest[..end].to_owned());
        rest = rest[end..].trim_start_matches(blank);
    }
    // The text ended in blanks.
    if limit != 0 && text.ends_with(blank) {
        parts.push(String::new());
    }
    parts
}

fn plain(text: &str, separator: &str, limit: i64) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    if separator.is_empty() {
        while let Some(first) = rest.chars().next() {
            if !more(limit, parts.len()) {
                parts.push(rest.to_owned());
                return parts;
            }
            parts.push(first.to_string());
            rest = &rest[first.len_utf8()..];
        }
        if limit != 0 {
            parts.push(String::new());
        }
        return parts;
    }
    while more(limit, parts.len()) {
        let Some((part, behind)) = rest.split_once(separator) else { break };
        parts.push(part.to_owned());
        rest = behind;
    }
    parts.push(rest.to_owned());
    parts
}

fn by_pattern(interpreter: &mut Interpreter, text: &Rc<str>, pattern: &Pattern, limit: i64) -> Eval<Vec<String>> {
    let mut parts = Vec::new();
    // Groups in the pattern add parts that the limit does not count.
    let mut cuts = 0;
    // The part begins at `start`, the search at `at`; `stepped`: an empty match there was passed over once.
    let (mut start, mut at, mut stepped) = (0, 0, false);
    while more(limit, cuts) {
        let Some(found) = interpreter.search(pattern, text, at)? else { break };
        let (from, to) = (found.start(), found.end());
        if from == at && from == to {
            if !stepped {
                at = next_position(text, at);
                stepped = true;
                continue;
            }
            // Empty behind one character: that one is a part.
            let end = next_position(text, start);
            parts.push(text.get(start..end).unwrap_or_default().to_owned());
            start = at;
        } else {
            parts.push(text.get(start..from).unwrap_or_default().to_owned());
            start = to;
            at = to;
        }
        stepped = false;
        parts.extend((1..found.spans.len()).filter_map(|group| found.group(group).map(str::to_owned)));
        cuts += 1;
        interpreter.check_size(parts.len())?;
    }
    if limit != 0 || start < text.len() {
        parts.push(text.get(start..).unwrap_or_default().to_owned());
    }
    Ok(parts)
}

/// The lines of a text as `lines` and `each_line` cut it.
fn cut(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Vec<String>> {
    let without_end = args.keywords && args.option("chomp").is_some_and(|value| value.truthy());
    let given = if args.keywords { args.len().saturating_sub(1) } else { args.len() };
    let separator = match args.get(0).filter(|_| given > 0) {
        None => "\n".to_owned(),
        Some(Value::Nil) => return Ok(vec![text(me)]),
        Some(value) => interpreter.to_str(value)?,
    };
    Ok(look(me, |text| match separator.as_str() {
        "" => paragraphs(text, without_end),
        separator => text
            .split_inclusive(separator)
            .map(|line| {
                let kept = match separator {
                    "\n" if without_end => chomp(line),
                    separator if without_end => line.strip_suffix(separator).unwrap_or(line),
                    _ => line,
                };
                kept.to_owned()
            })
            .collect(),
    }))
}

/// Paragraphs: they end in two line ends or more, of which two are kept.
fn paragraphs(text: &str, without_end: bool) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, behind)) = rest.split_once("\n\n") {
        parts.push(format!("{part}{}", if without_end { "\n" } else { "\n\n" }));
        rest = behind.trim_start_matches('\n');
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

fn lines(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if args.block.is_some() {
        return each_line(interpreter, me, args);
    }
    Ok(Value::strings(cut(interpreter, me, args)?))
}

fn each_line(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let lines = cut(interpreter, me, args)?;
    let Some(block) = &args.block else {
        // Keywords do not pass through an enumerator: the lines themselves do.
        if args.keywords {
            return interpreter.enumerator(&Value::strings(lines), "each", Vec::new());
        }
        return interpreter.enumerator(me, "each_line", args.list.clone());
    };
    for line in lines {
        interpreter.step()?;
        interpreter.yield_values(block, vec![Value::str(line)])?;
    }
    Ok(me.clone())
}
