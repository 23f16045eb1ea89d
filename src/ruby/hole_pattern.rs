//! Methods that look for a pattern in text with holes: `split`, `gsub`, `lines` and their like.
//!
//! What a hole stands for may hold the pattern itself, so `node['ipaddress'].split('.')` is unknown. Patterns of layout (blanks and line
//! ends: unindenting a heredoc, taking its lines) pass: a host name, port or password has none.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::hole::{has_hole, is_hole};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Method;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::text::{Hole, Part, Text};

/// The methods that are judged here.
const METHODS: &[&str] = &[
    "split",
    "gsub",
    "gsub!",
    "sub",
    "sub!",
    "lines",
    "each_line",
    "partition",
    "rpartition",
    "scan",
    "unpack",
    "unpack1",
    "bytes",
    "chars",
];

/// What becomes of a call.
pub(super) enum Verdict {
    /// It runs on the text as it is.
    Passes,
    /// It runs with the values of the holes.
    Concrete,
    /// This is the answer.
    Answer(Eval),
}

impl Interpreter {
    /// Judges `text.method(args)` of a text with holes; `None` for other methods.
    pub(super) fn judge_pattern(&mut self, text: &str, name: Name, method: &Method, args: &Args) -> Option<Verdict> {
        if !METHODS.contains(&name.as_str()) {
            return None;
        }
        let alone = text.chars().all(is_hole);
        let layout = match args.list.first() {
            None => matches!(name.as_str(), "split" | "lines" | "each_line"),
            Some(pattern) => is_layout(pattern),
        };
        if layout && !alone {
            return Some(Verdict::Passes);
        }
        if self.concrete(text).is_some() && (alone || name.as_str() != "gsub") {
            return Some(if !alone && name.as_str() == "split" && self.holes_lack(text, args) {
                Verdict::Passes
            } else {
                Verdict::Concrete
            });
        }
        if !alone && args.block.is_none() && args.list.len() == 2 && name.as_str() == "gsub" {
            return Some(Verdict::Answer(self.replace_in_parts(text, name, method, args)));
        }
        // What is changed in place keeps its holes; everything else is not known.
        if name.ends_with('!') {
            return Some(Verdict::Passes);
        }
        let hole = self.holes_in(text).into_iter().find(|hole| hole.value.is_none())?;
        Some(Verdict::Answer(self.call_unknown(&hole, name, args)))
    }

    /// Whether no hole's value has the separator in it.
    fn holes_lack(&self, text: &str, args: &Args) -> bool {
        let Some(separator) = args.list.first().and_then(Value::text) else { return false };
        self.holes_in(text).iter().all(|hole| hole.value.as_ref().is_some_and(|value| !value.contains(&separator)))
    }

    /// `gsub` piece by piece: in known text as ever, in a hole's value where it has one; else the hole says what is done to it.
    fn replace_in_parts(&mut self, text: &str, name: Name, method: &Method, args: &Args) -> Eval {
        let mut made = Text::default();
        for part in self.to_text(text).parts() {
            match part {
                Part::Literal(literal) => {
                    let answer = self.invoke(&Value::str(literal.as_str()), name, method, args.clone())?;
                    let answer = self.display(&answer)?;
                    made.push(&self.to_text(&answer));
                }
                Part::Hole(hole) => {
                    let value = match &hole.value {
                        Some(value) => {
                            let answer = self.invoke(&Value::str(value.as_str()), name, method, args.clone())?;
                            answer.text().filter(|text| !has_hole(text))
                        }
                        None => None,
                    };
                    if value.is_some() && value == hole.value {
                        made.push_hole(Rc::clone(hole));
                        continue;
                    }
                    let Value::Unknown(derived) = self.call_unknown(hole, name, args)? else { continue };
                    made.push_hole(Rc::new(Hole { value, secret: hole.secret, ..Hole::clone(&derived) }));
                }
            }
        }
        Ok(self.string_of(&made))
    }
}

/// Whether a pattern can only match blanks and line ends.
fn is_layout(pattern: &Value) -> bool {
    match pattern {
        Value::Nil => true,
        Value::Str(text) => {
            let text = text.text.borrow();
            !text.is_empty() && text.chars().all(char::is_whitespace)
        }
        Value::Regexp(regexp) => {
            let mut characters = regexp.source.chars().peekable();
            let mut any = false;
            while let Some(character) = characters.next() {
                let fits = match character {
                    '\\' => matches!(characters.next(), Some('s' | 'n' | 't' | 'r' | 'A' | 'z' | 'Z' | 'h')),
                    '^' | '$' | '+' | '*' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | ',' | ':' | '=' => true,
                    digit if digit.is_ascii_digit() => true,
                    other => other.is_whitespace(),
                };
                if !fits {
                    return false;
                }
                any |= character == '\\' || character.is_whitespace();
            }
            any
        }
        _ => false,
    }
}
