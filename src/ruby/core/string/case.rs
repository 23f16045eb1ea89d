//! Upper and lower case.

use super::{change, look, text};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("upcase", |i, me, args| convert(i, me, args, upper)),
    ("downcase", |i, me, args| convert(i, me, args, lower)),
    ("capitalize", |i, me, args| convert(i, me, args, capitalized)),
    ("swapcase", |i, me, args| convert(i, me, args, swapped)),
    ("upcase!", |i, me, args| convert_in_place(i, me, args, upper)),
    ("downcase!", |i, me, args| convert_in_place(i, me, args, lower)),
    ("capitalize!", |i, me, args| convert_in_place(i, me, args, capitalized)),
    ("swapcase!", |i, me, args| convert_in_place(i, me, args, swapped)),
];

/// A change of case; the flag restricts it to ASCII.
type Change = fn(&str, bool) -> String;

fn ascii_only(interpreter: &mut Interpreter, args: &Args) -> Eval<bool> {
    match args.get(0) {
        None => Ok(false),
        Some(Value::Symbol(name)) => match name.as_str() {
            "ascii" => Ok(true),
            "fold" | "turkic" | "lithuanian" => Ok(false),
            other => interpreter.argument_error(format!("invalid option: {other}")),
        },
        Some(_) if args.len() > 2 => interpreter.argument_error("too many options"),
        Some(_) => interpreter.argument_error("invalid option"),
    }
}

fn convert(interpreter: &mut Interpreter, me: &Value, args: &Args, change: Change) -> Eval {
    let ascii = ascii_only(interpreter, args)?;
    Ok(Value::str(look(me, |text| change(text, ascii))))
}

fn convert_in_place(interpreter: &mut Interpreter, me: &Value, args: &Args, case: Change) -> Eval {
    let ascii = ascii_only(interpreter, args)?;
    let new = case(&text(me), ascii);
    change(interpreter, me, new)
}

fn upper(text: &str, ascii: bool) -> String {
    if ascii || text.is_ascii() { text.to_ascii_uppercase() } else { text.to_uppercase() }
}

/// Lower case; without the final sigma, which Ruby does not know.
pub(super) fn lower(text: &str, ascii: bool) -> String {
    if ascii || text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().flat_map(char::to_lowercase).collect() }
}

fn capitalized(text: &str, ascii: bool) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return String::new() };
    let rest = lower(characters.as_str(), ascii);
    let first = first.to_string();
    let upper = upper(&first, ascii);
    // Of a letter that becomes several, only the first letter stays large.
    let head = upper.char_indices().find(|(_, c)| c.is_uppercase()).map_or(upper.len(), |(index, c)| index + c.len_utf8());
    let (head, tail) = upper.split_at(head);
    format!("{head}{}{rest}", lower(tail, ascii))
}

fn swapped(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if ascii && !character.is_ascii() {
            out.push(character);
        } else if character.is_uppercase() {
            out.extend(character.to_lowercase());
        } else {
            out.extend(character.to_uppercase());
        }
    }
    out
}
