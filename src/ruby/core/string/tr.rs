//! Sets of characters as `tr` writes them: `tr`, `delete`, `squeeze`, `count`.
//!
//! `"hello".tr('a-y', 'b-z')` is `"ifmmp"`; `^` at the start means every other character, a backslash takes away a meaning.

use super::{change, look, number, text};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("tr", |i, me, args| Ok(Value::str(translated(i, me, args, false)?))),
    ("tr_s", |i, me, args| Ok(Value::str(translated(i, me, args, true)?))),
    ("tr!", |i, me, args| {
        i.check_frozen(me)?;
        let new = translated(i, me, args, false)?;
        change(i, me, new)
    }),
    ("tr_s!", |i, me, args| {
        i.check_frozen(me)?;
        let new = translated(i, me, args, true)?;
        change(i, me, new)
    }),
    ("delete", |i, me, args| Ok(Value::str(deleted(i, me, args)?))),
    ("delete!", |i, me, args| {
        i.check_frozen(me)?;
        let new = deleted(i, me, args)?;
        change(i, me, new)
    }),
    ("squeeze", |i, me, args| Ok(Value::str(squeezed(i, me, args)?))),
    ("squeeze!", |i, me, args| {
        i.check_frozen(me)?;
        let new = squeezed(i, me, args)?;
        change(i, me, new)
    }),
    ("count", count),
];

/// A set of characters: ranges in the order in which they were written.
struct Set {
    ranges: Vec<(char, char)>,
    negated: bool,
}

impl Set {
    fn parse(interpreter: &mut Interpreter, text: &str) -> Eval<Self> {
        let mut characters: Vec<char> = text.chars().collect();
        let negated = characters.len() > 1 && characters.first() == Some(&'^');
        if negated {
            characters.remove(0);
        }
        let mut ranges = Vec::new();
        let mut at = 0;
        let take = |at: &mut usize| -> Option<char> {
            let mut character = *characters.get(*at)?;
            *at += 1;
            if character == '\\' {
                if let Some(next) = characters.get(*at) {
                    character = *next;
                    *at += 1;
                }
            }
            Some(character)
        };
        while let Some(low) = take(&mut at) {
            if characters.get(at) == Some(&'-') && at + 1 < characters.len() {
                at += 1;
                let high = take(&mut at).unwrap_or(low);
                if high < low {
                    return interpreter.argument_error(format!("invalid range \"{low}-{high}\" in string transliteration"));
                }
                ranges.push((low, high));
            } else {
                ranges.push((low, low));
            }
        }
        Ok(Self { ranges, negated })
    }

    fn contains(&self, character: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&character)) != self.negated
    }

    /// The place of a character among all of the set, a later mention counting before an earlier one.
    fn position(&self, character: char) -> Option<usize> {
        let mut before = 0;
        let mut found = None;
        for (low, high) in &self.ranges {
            if (*low..=*high).contains(&character) {
                found = Some(before + span(*low, character) - 1);
            }
            before += span(*low, *high);
        }
        found
    }

    /// The character at a place; the last one beyond the end.
    fn at(&self, mut position: usize) -> Option<char> {
        for (low, high) in &self.ranges {
            let size = span(*low, *high);
            if position < size {
                return (*low..=*high).nth(position);
            }
            position -= size;
        }
        self.ranges.last().map(|(_, high)| *high)
    }
}

/// The number of characters from `low` to `high`.
fn span(low: char, high: char) -> usize {
    // The surrogates between are no characters.
    let gap = if u32::from(low) < 0xD800 && u32::from(high) > 0xDFFF { 0x800 } else { 0 };
    (u32::from(high) - u32::from(low) + 1 - gap) as usize
}

fn translated(interpreter: &mut Interpreter, me: &Value, args: &Args, squeeze: bool) -> Eval<String> {
    interpreter.check_arity(args, 2, Some(2))?;
    let (from, to) = (interpreter.to_str(&args.value(0))?, interpreter.to_str(&args.value(1))?);
    let from = Set::parse(interpreter, &from)?;
    if to.is_empty() {
        return Ok(look(me, |text| text.chars().filter(|character| !from.contains(*character)).collect()));
    }
    let mut to = Set::parse(interpreter, &to)?;
    // A `^` on the right is a character like any other.
    if to.negated {
        to.negated = false;
        to.ranges.insert(0, ('^', '^'));
    }
    Ok(look(me, |text| {
        let mut out = String::with_capacity(text.len());
        let mut last = None;
        for character in text.chars() {
            let new = if from.negated {
                from.contains(character).then(|| to.at(usize::MAX)).flatten()
            } else {
                from.position(character).and_then(|position| to.at(position))
            };
            match new {
                Some(new) => {
                    if !(squeeze && last == Some(new)) {
                        out.push(new);
                    }
                    last = Some(new);
                }
                None => {
                    out.push(character);
                    last = None;
                }
            }
        }
        out
    }))
}

fn sets(interpreter: &mut Interpreter, args: &Args) -> Eval<Vec<Set>> {
    let mut sets = Vec::with_capacity(args.len());
    for value in &args.list {
        let text = interpreter.to_str(value)?;
        sets.push(Set::parse(interpreter, &text)?);
    }
    Ok(sets)
}

fn deleted(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<String> {
    interpreter.check_arity(args, 1, None)?;
    let sets = sets(interpreter, args)?;
    Ok(look(me, |text| text.chars().filter(|character| !sets.iter().all(|set| set.contains(*character))).collect()))
}

fn squeezed(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<String> {
    let sets = sets(interpreter, args)?;
    let mut out = String::new();
    let mut last = None;
    for character in text(me).chars() {
        if last == Some(character) && sets.iter().all(|set| set.contains(character)) {
            continue;
        }
        last = Some(character);
        out.push(character);
    }
    Ok(out)
}

fn count(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, None)?;
    let sets = sets(interpreter, args)?;
    Ok(number(look(me, |text| text.chars().filter(|character| sets.iter().all(|set| set.contains(*character))).count())))
}
