//! What a plain scalar means: Psych's rules (YAML 1.1 and a few of its own).
//!
//! `yes` is true, `0755` is 493, `1:30` is 5400, `2024-01-01` a date, `:a` a symbol.

use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::ruby::big::Big;
use crate::ruby::core::conversion::{read_float, read_integer};

/// A plain scalar's meaning.
pub enum Meaning {
    Nil,
    Bool(bool),
    Integer(Big),
    Float(f64),
    Symbol(String),
    /// Year, month, day.
    Date(i64, i64, i64),
    Time,
    Text,
}

macro_rules! regex {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($text).ok());
    };
}

regex!(TIME, r"^-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?$");
regex!(DATE, r"^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$");
regex!(FLOAT, r"^(?:[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][-+][0-9]+)?)$");
regex!(INTEGER, r"^(?:[-+]?0b[0-1_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)|[-+]?0x[0-9a-fA-F_,]+)$");
regex!(BASE_60, r"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}$");
regex!(BASE_60_FLOAT, r"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}\.[0-9_]*$");

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text).unwrap_or(false))
}

/// Characters that, at the start, make a scalar text at once.
fn is_wordy(character: char) -> bool {
    character.is_alphabetic() || character.is_whitespace() || "_!@#$%^&*(){}<>|/\\~;=".contains(character)
}

/// The meaning of `text`.
#[must_use]
pub fn resolve(text: &str) -> Meaning {
    if text.is_empty() {
        return Meaning::Nil;
    }
    let mut characters = text.chars();
    let first = characters.next().unwrap_or(' ');
    let second = characters.next();
    let wordy = is_wordy(first) || !(first.is_ascii_digit() || matches!(first, '.' | ':' | '-')) && second.is_some_and(is_wordy);
    if wordy || text.contains('\n') {
        return resolve_word(text);
    }
    if matches(&TIME, text) {
        return Meaning::Time;
    }
    if matches(&DATE, text) {
        let mut numbers = text.split('-').filter_map(|part| part.parse::<i64>().ok());
        if let (Some(year), Some(month), Some(day)) = (numbers.next(), numbers.next(), numbers.next()) {
            if crate::ruby::core::time::calendar::checked_days(year, month, day).is_some() {
                return Meaning::Date(year, month, day);
            }
        }
        return Meaning::Text;
    }
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        ".inf" | "+.inf" => return Meaning::Float(f64::INFINITY),
        "-.inf" => return Meaning::Float(f64::NEG_INFINITY),
        ".nan" => return Meaning::Float(f64::NAN),
        _ => {}
    }
    if let Some(name) = text.strip_prefix(':').filter(|name| !name.is_empty()) {
        let quoted = ['"', '\''].iter().find_map(|quote| name.strip_prefix(*quote)?.strip_suffix(*quote));
        return Meaning::Symbol(quoted.map_or(name, |inner| inner.strip_prefix(':').unwrap_or(inner)).to_owned());
    }
    if matches(&BASE_60, text) {
        return Meaning::Integer(base_60(text).1);
    }
    if matches(&BASE_60_FLOAT, text) {
        return Meaning::Float(base_60(text).0);
    }
    if matches(&FLOAT, text) {
        let bare = text.replace([',', '_'], "");
        if matches!(bare.as_str(), "." | "-." | "+.") {
            return Meaning::Text;
        }
        let bare = bare.replace(".e", "e").replace(".E", "E");
        let bare = bare.strip_suffix('.').unwrap_or(&bare);
        return read_float(bare).map_or(Meaning::Text, Meaning::Float);
    }
    if matches(&INTEGER, text) {
        return read_integer(&text.replace([',', '_'], ""), 0).map_or(Meaning::Text, Meaning::Integer);
    }
    Meaning::Text
}

fn resolve_word(text: &str) -> Meaning {
    if text.chars().count() > 5 {
        return Meaning::Text;
    }
    if text.split('\n').any(|line| line.chars().next().is_some_and(|c| !"ytonf~".contains(c.to_ascii_lowercase()))) {
        return Meaning::Text;
    }
    let lower = text.to_ascii_lowercase();
    let any = |words: &[&str]| lower.split('\n').any(|line| words.contains(&line));
    if text == "~" || any(&["null"]) {
        Meaning::Nil
    } else if any(&["yes", "true", "on"]) {
        Meaning::Bool(true)
    } else if any(&["no", "false", "off"]) {
        Meaning::Bool(false)
    } else {
        Meaning::Text
    }
}

/// `1:30` and `1:2:3.5` as Psych counts them (the first part always as hours).
fn base_60(text: &str) -> (f64, Big) {
    let (mut float, mut whole) = (0.0, Big::from(0));
    for (index, part) in text.split(':').enumerate() {
        let power = u32::try_from(2 - i32::try_from(index).unwrap_or(0)).unwrap_or(0);
        let part = part.replace('_', "");
        float += part.parse::<f64>().unwrap_or(0.0) * f64::from(60_i32.pow(power));
        let number = Big::parse(part.trim_start_matches('+'), 10).unwrap_or_else(|| Big::from(0));
        whole = whole.add(&number.multiply(&Big::from(60).power(power)));
    }
    (float, whole)
}
