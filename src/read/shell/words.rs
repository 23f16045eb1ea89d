//! `Shellwords.split` and `Shellwords.escape` of Ruby's standard library: quotes and backslashes, nothing else of the shell.
//!
//! `bin/rake 'a b' "c\"d"` gives `["bin/rake", "a b", "c\"d"]`.

use nom::branch::alt;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{map, opt, recognize, value};
use nom::multi::fold_many0;
use nom::sequence::{delimited, pair, preceded};
use nom::{IResult, Parser};

use crate::read::lexeme::column;
use crate::read::problem::ParseError;

/// White space as Ruby's `\s` has it.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

fn single_quoted(input: &str) -> IResult<&str, String> {
    delimited(char('\''), take_while(|c| c != '\'' && c != '\0'), char('\'')).map(str::to_owned).parse(input)
}

/// Inside double quotes a backslash escapes ``$ ` " \`` and newline alone.
fn double_quoted(input: &str) -> IResult<&str, String> {
    let plain = map(take_while1(|c| c != '"' && c != '\\' && c != '\0'), str::to_owned);
    let escape = map(preceded(char('\\'), anychar), |c| match c {
        '$' | '`' | '"' | '\\' | '\n' => c.to_string(),
        _ => format!("\\{c}"),
    });
    let inner = fold_many0(alt((plain, escape)), String::new, |mut all: String, more| {
        all.push_str(&more);
        all
    });
    delimited(char('"'), inner, char('"')).parse(input)
}

/// Outside quotes a backslash escapes anything; before a newline and at the end of the text it stays.
fn escaped(input: &str) -> IResult<&str, String> {
    preceded(char('\\'), opt(anychar))
        .map(|c| match c {
            None => "\\".to_owned(),
            Some('\n') => "\\\n".to_owned(),
            Some(c) => c.to_string(),
        })
        .parse(input)
}

fn field(input: &str) -> IResult<&str, String> {
    let plain = map(take_while1(|c: char| !is_space(c) && !matches!(c, '\\' | '\'' | '"' | '\0')), str::to_owned);
    alt((plain, single_quoted, double_quoted, escaped)).parse(input)
}

/// The words of `line` as `Shellwords.split` gives them.
///
/// # Errors
/// On an unmatched quote, and on a NUL character.
pub fn words(line: &str) -> Result<Vec<String>, ParseError> {
    let mut all = Vec::new();
    let mut rest = line.trim_start_matches(is_space);
    while !rest.is_empty() {
        let mut word = String::new();
        while !rest.is_empty() && !rest.starts_with(is_space) {
            let Ok((after, piece)) = field(rest) else {
                let at = line.len() - rest.len();
                let start = line[..at].rfind('\n').map_or(0, |newline| newline + 1);
                let number = u32::try_from(line[..at].matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1);
                let what = if rest.starts_with('\0') { "NUL character" } else { "unmatched quote" };
                return Err(ParseError { line: number, column: column(&line[start..], at - start), message: what.to_owned() });
            };
            word.push_str(&piece);
            rest = after;
        }
        all.push(word);
        rest = rest.trim_start_matches(is_space);
    }
    Ok(all)
}

/// One word for a POSIX shell, as `Shellwords.escape` writes it.
#[must_use]
pub fn escape(word: &str) -> String {
    if word.is_empty() {
        return "''".to_owned();
    }
    let mut all = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '\n' => all.push_str("'\n'"),
            c if c.is_ascii_alphanumeric() || "_-.,:+/@".contains(c) => all.push(c),
            c => {
                all.push('\\');
                all.push(c);
            }
        }
    }
    all
}

/// A `'…'` that leaves the text as it stands: used by the lexer of scripts.
pub(super) fn raw_single_quoted(input: &str) -> IResult<&str, &str> {
    delimited(char('\''), take_while(|c| c != '\''), char('\'')).parse(input)
}

/// `\` and a newline: nothing.
pub(super) fn line_continuation(input: &str) -> IResult<&str, ()> {
    value((), recognize(pair(char('\\'), char('\n')))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every expectation is what `Shellwords.split` of Ruby 3.x answers.
    #[test]
    fn splits_as_ruby_does() {
        let cases: &[(&str, &[&str])] = &[
            ("here are \"two words\"", &["here", "are", "two words"]),
            ("a 'b c'd \"e\\\"f\" g\\ h", &["a", "b cd", "e\"f", "g h"]),
            ("  lead and trail  ", &["lead", "and", "trail"]),
            ("'' \"\"", &["", ""]),
            ("", &[]),
            (" \t\n", &[]),
            ("a\\", &["a\\"]),
            ("a\\\nb", &["a\\\nb"]),
            ("\"a\\nb\\$c\\`d\"", &["a\\nb$c`d"]),
            ("a=b;c&&d|e", &["a=b;c&&d|e"]),
            ("x#y # z", &["x#y", "#", "z"]),
            ("a\nb", &["a", "b"]),
            ("\u{F0001}/x '\u{F0002} y'", &["\u{F0001}/x", "\u{F0002} y"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text).unwrap(), *expected, "{text:?}");
        }
    }

    #[test]
    fn an_unmatched_quote_has_its_place() {
        let problem = words("a\nbc 'd").unwrap_err();
        assert_eq!((problem.line, problem.column), (2, 4));
        assert!(words("\"a").is_err());
        assert!(words("a\"b\\\"").is_err());
        assert!(words("a\0b").is_err());
    }

    #[test]
    fn escape_round_trips() {
        for text in ["", "a b", "it's", "$HOME \"x\" \\ `y`", "ü*?", "a,b:c/d@e+f"] {
            assert_eq!(words(&escape(text)).unwrap(), [text], "{text:?}");
        }
    }
}
