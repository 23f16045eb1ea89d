//! The small pieces that several of the line-shaped languages share, as nom parsers: blanks, names, quoted strings, and numbered lines.
//!
//! A placeholder (any character of the private-use planes) stands for a value that is not known; it is an ordinary word character.

use nom::bytes::complete::{take_while, take_while1};
use nom::combinator::{all_consuming, opt, recognize};
use nom::sequence::pair;
use nom::{IResult, Parser};

/// Whether `c` is a placeholder for something unknown: `U+F0000..=U+10FFFD`.
#[must_use]
pub fn is_hole(c: char) -> bool {
    ('\u{F0000}'..='\u{10FFFD}').contains(&c)
}

/// Whether a placeholder stands in `text`.
#[must_use]
pub fn has_hole(text: &str) -> bool {
    text.chars().any(is_hole)
}

/// Spaces and tabs, perhaps none.
///
/// # Errors
/// Never; the type is nom's.
pub fn blank0(input: &str) -> IResult<&str, &str> {
    take_while(|c| c == ' ' || c == '\t').parse(input)
}

/// Spaces and tabs, at least one.
///
/// # Errors
/// When the input starts with no blank.
pub fn blank1(input: &str) -> IResult<&str, &str> {
    take_while1(|c| c == ' ' || c == '\t').parse(input)
}

/// A word: everything up to white space.
///
/// # Errors
/// When the input starts with white space or is empty.
pub fn word(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| !c.is_whitespace()).parse(input)
}

/// A variable's name: letter or `_`, then letters, digits and `_`; a placeholder counts as a letter.
///
/// # Errors
/// When the input starts with no such name.
pub fn name(input: &str) -> IResult<&str, &str> {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || is_hole(c);
    recognize(pair(take_while1(first), take_while(move |c: char| first(c) || c.is_ascii_digit()))).parse(input)
}

/// Whether the whole of `text` is a variable's [`name`].
#[must_use]
pub fn is_name(text: &str) -> bool {
    all_consuming(name).parse(text).is_ok()
}

/// A number with an optional unit behind it, blanks between allowed: `500 MB` is `("500", "MB")`.
///
/// # Errors
/// When the input starts with no digit.
pub fn quantity(input: &str) -> IResult<&str, (&str, &str)> {
    let number = recognize(pair(
        take_while1(|c: char| c.is_ascii_digit()),
        opt(pair(nom::character::complete::char('.'), take_while1(|c: char| c.is_ascii_digit()))),
    ));
    let unit = take_while(|c: char| c.is_alphabetic() || c == '%');
    (number, blank0, unit).map(|(number, _, unit)| (number, unit)).parse(input)
}

/// Lines with their numbers from 1; `\r` at the end of a line is dropped.
pub fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.lines())
}

/// Lines joined where one ends with `\`: (number of the first, joined text). The pair `\` newline is replaced by `joint`.
#[must_use]
pub fn continued_lines(text: &str, joint: &str) -> Vec<(u32, String)> {
    let mut all: Vec<(u32, String)> = Vec::new();
    let mut open = false;
    for (number, line) in lines(text) {
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        let continues = backslashes % 2 == 1;
        let body = if continues { &line[..line.len() - 1] } else { line };
        match all.last_mut() {
            Some((_, last)) if open => {
                last.push_str(joint);
                last.push_str(body);
            }
            _ => all.push((number, body.to_owned())),
        }
        open = continues;
    }
    all
}

/// Column in characters, from 1, of the byte `offset` of `line`.
#[must_use]
pub fn column(line: &str, offset: usize) -> u32 {
    u32::try_from(line.get(..offset).map_or(0, |head| head.chars().count())).unwrap_or(u32::MAX).saturating_add(1)
}

/// Takes one pair of matching quotes off.
#[must_use]
pub fn unquote(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

/// `yes`, `true`, `on`, `1` and their opposites, in any case.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" | "1" | "y" | "t" => Some(true),
        "no" | "false" | "off" | "0" | "n" | "f" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuation_needs_an_odd_number_of_backslashes() {
        let lines = continued_lines("a \\\n b\nc\\\\\nd\\", " ");
        assert_eq!(lines, vec![(1, "a   b".to_owned()), (3, "c\\\\".to_owned()), (4, "d".to_owned())]);
    }

    #[test]
    fn names_take_placeholders_and_no_leading_digit() {
        assert!(is_name("_a1\u{F0000}"));
        assert!(!is_name("1a"));
        assert!(!is_name(""));
    }

    #[test]
    fn quantities_carry_their_unit() {
        assert_eq!(quantity("500 MB x"), Ok((" x", ("500", "MB"))));
        assert_eq!(quantity("80%"), Ok(("", ("80", "%"))));
        assert_eq!(quantity("1.5h"), Ok(("", ("1.5", "h"))));
    }
}
