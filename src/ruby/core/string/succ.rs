//! The string after a string: `"az".succ` is `"ba"`, `"1.9".succ` is `"2.0"`.

use super::{look, replace};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[("succ", next), ("next", next), ("succ!", next_in_place), ("next!", next_in_place)];

fn next(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::str(look(me, succ)))
}

fn next_in_place(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    interpreter.check_frozen(me)?;
    let new = look(me, succ);
    replace(interpreter, me, new)?;
    Ok(me.clone())
}

/// What counting one character up does.
enum Step {
    /// It is neither letter nor digit.
    Other,
    /// It became this one.
    Found(char),
    /// It began anew; in front this is carried.
    Wrapped(char, char),
}

fn step(character: char) -> Step {
    match character {
        '9' => Step::Wrapped('0', '1'),
        'z' => Step::Wrapped('a', 'a'),
        'Z' => Step::Wrapped('A', 'A'),
        '0'..='8' | 'a'..='y' | 'A'..='Y' => Step::Found(after(character)),
        // One character that is no letter may stand between two letters.
        other if !other.is_ascii() && other.is_alphabetic() => {
            let next = after(other);
            [next, after(next)].into_iter().find(|c| c.is_alphabetic()).map_or(Step::Other, Step::Found)
        }
        _ => Step::Other,
    }
}

/// The character with the next code point.
fn after(character: char) -> char {
    (u32::from(character) + 1..=0x10_FFFF).find_map(char::from_u32).unwrap_or('\0')
}

/// The rightmost letter or digit counts up; what wraps carries to the letter or digit to its left.
#[must_use]
pub fn succ(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    // Place, character carried and kind of the last letter or digit that wrapped.
    let mut carry: Option<(usize, char)> = None;
    let mut gap = false;
    for index in (0..characters.len()).rev() {
        let character = characters[index];
        if let (true, Some((place, _))) = (gap, carry) {
            let last = characters[place];
            // Between letters and digits that something separates, nothing is carried.
            let differs = if last.is_alphabetic() { character.is_ascii_digit() } else { character.is_alphabetic() };
            if differs {
                break;
            }
        }
        match step(character) {
            Step::Other => gap = true,
            Step::Found(new) => {
                characters[index] = new;
                return characters.into_iter().collect();
            }
            Step::Wrapped(new, carried) => {
                characters[index] = new;
                carry = Some((index, carried));
                gap = false;
            }
        }
    }
    match carry {
        Some((place, carried)) => characters.insert(place, carried),
        None => {
            if let Some(last) = characters.last_mut() {
                *last = after(*last);
            }
        }
    }
    characters.into_iter().collect()
}
