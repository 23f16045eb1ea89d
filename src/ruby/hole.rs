//! Holes in strings: each is one character of Unicode's private planes that stands for an entry of the interpreter's table.
//!
//! `"server #{node['ipaddress']}"` is a string of eight characters; the last is a hole that prints as `node['ipaddress']`.

use std::rc::Rc;

use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::text::{Hole, Part, Text};

const FIRST: u32 = 0xF_0000;
const LAST: u32 = 0x10_FFFD;

/// Whether `character` stands for a hole.
#[must_use]
pub fn is_hole(character: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(character))
}

/// Whether `text` holds any hole.
#[must_use]
pub fn has_hole(text: &str) -> bool {
    // Characters from U+F0000 on start with the bytes F3 B0… or F4.
    text.bytes().any(|byte| byte >= 0xF3) && text.chars().any(is_hole)
}

/// `text` without characters that would be taken for holes: they become U+FFFD.
#[must_use]
pub fn without_holes(text: &str) -> String {
    if has_hole(text) { text.chars().map(|c| if is_hole(c) { '\u{FFFD}' } else { c }).collect() } else { text.to_owned() }
}

impl Interpreter {
    /// The character that stands for `hole`.
    pub fn hole_character(&mut self, hole: &Rc<Hole>) -> char {
        let holes = &mut self.holes;
        let index = *self.hole_numbers.entry(Rc::clone(hole)).or_insert_with(|| {
            holes.push(Rc::clone(hole));
            holes.len() - 1
        });
        u32::try_from(index).ok().and_then(|index| char::from_u32(FIRST + index)).filter(|c| is_hole(*c)).unwrap_or('\u{10FFFD}')
    }

    /// A string that is one hole.
    pub fn hole_string(&mut self, hole: &Rc<Hole>) -> Value {
        let character = self.hole_character(hole);
        Value::str(character.to_string())
    }

    /// The hole that `character` stands for.
    #[must_use]
    pub fn hole_of(&self, character: char) -> Option<&Rc<Hole>> {
        u32::from(character).checked_sub(FIRST).and_then(|index| self.holes.get(index as usize))
    }

    /// The holes in `text`, in order.
    #[must_use]
    pub fn holes_in(&self, text: &str) -> Vec<Rc<Hole>> {
        if self.holes.is_empty() || !has_hole(text) {
            return Vec::new();
        }
        text.chars().filter_map(|c| self.hole_of(c).cloned()).collect()
    }

    /// A string as text with holes.
    #[must_use]
    pub fn to_text(&self, string: &str) -> Text {
        if self.holes.is_empty() || !has_hole(string) {
            return Text::literal(string);
        }
        let mut text = Text::default();
        let mut run = String::new();
        for character in string.chars() {
            if let Some(hole) = self.hole_of(character) {
                text.push_str(&run);
                run.clear();
                text.push_hole(Rc::clone(hole));
            } else {
                run.push(character);
            }
        }
        text.push_str(&run);
        text
    }

    /// Text with holes as a string.
    pub fn string_of(&mut self, text: &Text) -> Value {
        let mut string = String::new();
        for part in text.parts() {
            match part {
                Part::Literal(literal) => string.push_str(literal),
                Part::Hole(hole) => string.push(self.hole_character(hole)),
            }
        }
        Value::str(string)
    }

    /// The string with every hole replaced by its value, when all have one.
    #[must_use]
    pub fn concrete(&self, string: &str) -> Option<String> {
        let mut out = String::with_capacity(string.len());
        for character in string.chars() {
            match self.hole_of(character) {
                Some(hole) => out.push_str(hole.value.as_deref()?),
                None => out.push(character),
            }
        }
        Some(out)
    }
}
