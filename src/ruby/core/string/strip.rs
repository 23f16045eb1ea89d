//! Taking away and adding at the ends: `strip`, `chomp`, `chop`, `delete_prefix`, `ljust`.

use super::basic::{fill, margins, padding};
use super::{change, char_count, look, text};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("strip", |_, me, _| Ok(cut(me, strip))),
    ("lstrip", |_, me, _| Ok(cut(me, strip_left))),
    ("rstrip", |_, me, _| Ok(cut(me, strip_right))),
    ("strip!", |i, me, _| cut_in_place(i, me, strip)),
    ("lstrip!", |i, me, _| cut_in_place(i, me, strip_left)),
    ("rstrip!", |i, me, _| cut_in_place(i, me, strip_right)),
    ("chop", |_, me, _| Ok(cut(me, chop))),
    ("chop!", |i, me, _| cut_in_place(i, me, chop)),
    ("chomp", |i, me, args| Ok(Value::str(chomped(i, me, args)?))),
    ("chomp!", |i, me, args| {
        let new = chomped(i, me, args)?;
        change(i, me, new)
    }),
    ("delete_prefix", |i, me, args| Ok(Value::str(without_prefix(i, me, args)?))),
    ("delete_suffix", |i, me, args| Ok(Value::str(without_suffix(i, me, args)?))),
    ("delete_prefix!", |i, me, args| {
        let new = without_prefix(i, me, args)?;
        change(i, me, new)
    }),
    ("delete_suffix!", |i, me, args| {
        let new = without_suffix(i, me, args)?;
        change(i, me, new)
    }),
    ("ljust", ljust),
    ("rjust", rjust),
    ("center", center),
];

fn cut(me: &Value, part: fn(&str) -> &str) -> Value {
    Value::str(look(me, |text| part(text).to_owned()))
}

fn cut_in_place(interpreter: &mut Interpreter, me: &Value, part: fn(&str) -> &str) -> Eval {
    let new = look(me, |text| part(text).to_owned());
    change(interpreter, me, new)
}

/// Ruby's blanks; at both ends NUL counts as one too.
fn blank(character: char) -> bool {
    matches!(character, '\0' | '\t'..='\r' | ' ')
}

fn strip_left(text: &str) -> &str {
    text.trim_start_matches(blank)
}

fn strip_right(text: &str) -> &str {
    text.trim_end_matches(blank)
}

fn strip(text: &str) -> &str {
    strip_right(strip_left(text))
}

fn chop(text: &str) -> &str {
    if let Some(rest) = text.strip_suffix("\r\n") {
        return rest;
    }
    let mut characters = text.chars();
    characters.next_back();
    characters.as_str()
}

/// The text without one line end.
pub(super) fn chomp(text: &str) -> &str {
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).or_else(|| text.strip_suffix('\r')).unwrap_or(text)
}

fn chomped(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<String> {
    interpreter.check_arity(args, 0, Some(1))?;
    let suffix = match args.get(0) {
        None => return Ok(look(me, |text| chomp(text).to_owned())),
        Some(Value::Nil) => return Ok(text(me)),
        Some(suffix) => interpreter.to_str(suffix)?,
    };
    Ok(look(me, |text| {
        match suffix.as_str() {
            "\n" => chomp(text),
            // All line ends.
            "" => {
                let mut rest = text;
                while let Some(shorter) = rest.strip_suffix("\r\n").or_else(|| rest.strip_suffix('\n')) {
                    rest = shorter;
                }
                rest
            }
            suffix => text.strip_suffix(suffix).unwrap_or(text),
        }
        .to_owned()
    }))
}

fn without_prefix(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<String> {
    interpreter.check_arity(args, 1, Some(1))?;
    let prefix = interpreter.to_str(&args.value(0))?;
    Ok(look(me, |text| text.strip_prefix(prefix.as_str()).unwrap_or(text).to_owned()))
}

fn without_suffix(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<String> {
    interpreter.check_arity(args, 1, Some(1))?;
    let suffix = interpreter.to_str(&args.value(0))?;
    Ok(look(me, |text| text.strip_suffix(suffix.as_str()).unwrap_or(text).to_owned()))
}

fn ljust(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (width, with) = padding(interpreter, args)?;
    let me = text(me);
    Ok(Value::str(format!("{me}{}", fill(&with, width.saturating_sub(char_count(&me))))))
}

fn rjust(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (width, with) = padding(interpreter, args)?;
    let me = text(me);
    Ok(Value::str(format!("{}{me}", fill(&with, width.saturating_sub(char_count(&me))))))
}

fn center(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (width, with) = padding(interpreter, args)?;
    let me = text(me);
    let (left, right) = margins(char_count(&me), width);
    Ok(Value::str(format!("{}{me}{}", fill(&with, left), fill(&with, right))))
}
