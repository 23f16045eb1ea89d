//! `.env` files as the dotenv gem reads them (`Dotenv::Parser`, 2.x).
//!
//! `export KEY="a\nb" # why` is `KEY` with a newline in its value; in single quotes everything stands for itself; outside quotes the
//! value ends at `#`. `$NAME`, `${NAME}` and `$(command)` are kept as pieces.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, newline, space0, space1};
use nom::combinator::{eof, opt, peek, recognize};
use nom::multi::many0_count;
use nom::sequence::delimited;
use nom::{IResult, Parser};

use super::lexeme::is_hole;
use super::problem::Problem;

/// One variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line that it starts on, from 1.
    pub line: u32,
    /// Its name.
    pub key: String,
    /// Its value in pieces; `None` for `export NAME`, which wants the variable to be set already.
    pub value: Option<Vec<Piece>>,
}

/// A piece of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Characters.
    Literal(String),
    /// `$NAME` or `${NAME}`
    Variable(String),
    /// `$(command)`
    Command(String),
}

impl Entry {
    /// The value when nothing is substituted in it.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match self.value.as_deref()? {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }
}

/// Reads a `.env` file.
#[must_use]
pub fn parse(text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let mut all = Vec::new();
    let mut problems = Vec::new();
    let unix = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut rest = unix.as_str();
    let mut line: u32 = 1;
    while !rest.is_empty() {
        let (after, found) = match entry(rest) {
            Ok((after, (key, value))) => (after, Some(Entry { line, key: key.to_owned(), value })),
            Err(_) => (&rest[rest.find('\n').unwrap_or(rest.len())..], None),
        };
        let taken = &rest[..rest.len() - after.len()];
        let body = taken.trim();
        match found {
            Some(entry) => all.push(entry),
            None if body.is_empty() || body.starts_with('#') => {}
            None => problems.push(Problem::on_line(line, "expected `NAME=value`")),
        }
        line = line.saturating_add(u32::try_from(taken.matches('\n').count()).unwrap_or(u32::MAX));
        rest = match after.strip_prefix('\n') {
            Some(next) => {
                line = line.saturating_add(1);
                next
            }
            None => after,
        };
    }
    (all, problems)
}

type Value = Option<Vec<Piece>>;

fn entry(input: &str) -> IResult<&str, (&str, Value)> {
    let key = take_while1(|c: char| c.is_alphanumeric() || c == '_' || c == '.' || is_hole(c));
    let (rest, (_, exported, key)) = (space0, opt((tag("export"), space1)), key).parse(input)?;
    let (after, separator) = opt(alt((recognize((space0, char('='))), recognize((char(':'), space1))))).parse(rest)?;
    if separator.is_none() {
        // `export NAME` alone; anything else without a separator is no entry.
        let (after, ()) = end_of_line(rest)?;
        return match exported {
            Some(_) => Ok((after, (key, None))),
            None => Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag))),
        };
    }
    let (after, _) = space0.parse(after)?;
    let (after, pieces) = alt((quoted, bare)).parse(after)?;
    Ok((after, (key, Some(pieces))))
}

/// Blanks, perhaps a comment, and the end of the line (which stays).
fn end_of_line(input: &str) -> IResult<&str, ()> {
    (space0, opt((char('#'), take_while(|c| c != '\n'))), peek(alt((recognize(newline), eof)))).map(|_| ()).parse(input)
}

/// A value in quotes with nothing but a comment behind it; it may span lines.
fn quoted(input: &str) -> IResult<&str, Vec<Piece>> {
    let single =
        delimited(char('\''), recognize(many0_count(alt((tag("\\'"), take_while1(|c| c != '\'' && c != '\\'), tag("\\"))))), char('\''));
    let double =
        delimited(char('"'), recognize(many0_count(alt((tag("\\\""), take_while1(|c| c != '"' && c != '\\'), tag("\\"))))), char('"'));
    let single = single.map(|text: &str| literal(text.to_owned()));
    let double = double.map(|text: &str| substitute(&text.replace("\\n", "\n").replace("\\r", "\r")));
    (alt((single, double)), end_of_line).map(|(pieces, ())| pieces).parse(input)
}

/// A value without quotes: up to `#` or the end of the line. (Quotes around all of it are still taken off, as by the gem.)
fn bare(input: &str) -> IResult<&str, Vec<Piece>> {
    let (after, text) = take_while(|c| c != '#' && c != '\n').parse(input)?;
    let (after, ()) = end_of_line(after)?;
    let text = text.trim();
    let inside = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let pieces = match (inside('\''), inside('"')) {
        (Some(text), _) => literal(text.to_owned()),
        (None, Some(text)) => substitute(&text.replace("\\n", "\n").replace("\\r", "\r")),
        (None, None) => substitute(text),
    };
    Ok((after, pieces))
}

fn literal(text: String) -> Vec<Piece> {
    if text.is_empty() { Vec::new() } else { vec![Piece::Literal(text)] }
}

/// Takes the backslash off everything but `$`, then finds `$NAME`, `${NAME}`, `$(command)`; in this order, as the gem does it.
fn substitute(text: &str) -> Vec<Piece> {
    let mut unescaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && *next != '$' => unescaped.extend(chars.next()),
            _ => unescaped.push(c),
        }
    }
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = unescaped.as_str();
    // Once one `$(` has no end, none after it has.
    let mut commands_close = true;
    while let Some(at) = rest.find('$') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = if rest.starts_with("$(") {
            let end = if commands_close { closing(&rest[1..]) } else { None };
            commands_close = end.is_some();
            end.map(|end| (&rest[1 + end..], Piece::Command(rest[2..end].to_owned())))
        } else {
            variable(rest).ok().map(|(after, name)| (after, Piece::Variable(name.to_owned())))
        };
        match found {
            Some((after, _)) if plain.ends_with('\\') => {
                plain.pop();
                plain.push_str(&rest[..rest.len() - after.len()]);
                rest = after;
            }
            Some((after, piece)) => {
                pieces.extend(literal(std::mem::take(&mut plain)));
                pieces.push(piece);
                rest = after;
            }
            None => {
                plain.push('$');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    pieces.extend(literal(plain));
    pieces
}

/// `$NAME`, `${NAME}`; the gem takes either brace for optional.
fn variable(input: &str) -> IResult<&str, &str> {
    let name = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_' || is_hole(c));
    delimited((char('$'), opt(char('{'))), name, opt(char('}'))).parse(input)
}

/// Bytes of `text`, which starts with `(`, up to and including the bracket that closes it.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => open += 1,
            b')' => {
                open -= 1;
                if open == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every expectation is what the expressions of the gem's parser give under Ruby 3.1.
    #[test]
    fn values() {
        let cases = [
            ("FOO=bar", "bar"),
            ("FOO =bar", "bar"),
            ("FOO= bar", "bar"),
            ("FOO=\"bar\"", "bar"),
            ("FOO='bar'", "bar"),
            ("FOO=\"escaped\\\"bar\"", "escaped\"bar"),
            ("FOO=", ""),
            ("FOO=''", ""),
            ("FOO: bar", "bar"),
            ("export FOO=bar", "bar"),
            ("FOO=bar # baz", "bar"),
            ("FOO=bar#baz", "bar"),
            ("FOO=\"bar#baz\" # c", "bar#baz"),
            ("FOO='ba#r'", "ba#r"),
            ("FOO=\"a\\nb\"", "a\nb"),
            ("FOO='a\\nb'", "a\\nb"),
            ("FOO=a\\nb", "anb"),
            ("FOO=\"a\nb\"", "a\nb"),
            ("FOO=foobar=", "foobar="),
            ("FOO=test\\$BAR", "test$BAR"),
            ("FOO='$BAR'", "$BAR"),
            ("FOO=\"a\" b", "\"a\" b"),
            ("FOO=a b", "a b"),
            ("  FOO=bar  ", "bar"),
            ("FOO=bar\r", "bar"),
            ("FOO=\"abc\\\"", "abc\\"),
            ("FOO='it\\'s'", "it\\'s"),
            ("FOO=\"a\\\\nb\"", "a\nb"),
            ("FOO=\"\\\\$HOMEX\"", "$HOMEX"),
            ("FOO=a $", "a $"),
            ("FOO=é\\", "é\\"),
            ("FOO=\"a\\\\\\$b\"", "a\\$b"),
            ("FOO=\u{F0000}x", "\u{F0000}x"),
        ];
        for (text, value) in cases {
            let (all, problems) = parse(text);
            assert_eq!(problems, [], "{text}");
            assert_eq!((all.len(), all[0].key.as_str(), all[0].literal()), (1, "FOO", Some(value)), "{text}");
        }
    }

    #[test]
    fn substitutions_stay_pieces() {
        let (all, _) = parse("A=\"x $B ${C}y$(echo $(d)) \\${E}\"\nF=$(open $x\n");
        let variable = |name: &str| Piece::Variable(name.into());
        let literal = |text: &str| Piece::Literal(text.into());
        assert_eq!(
            all[0].value.as_deref(),
            Some(
                [
                    literal("x "),
                    variable("B"),
                    literal(" "),
                    variable("C"),
                    literal("y"),
                    Piece::Command("echo $(d)".into()),
                    literal(" ${E}")
                ]
                .as_slice()
            )
        );
        assert_eq!(all[1].value.as_deref(), Some([literal("$(open "), variable("x")].as_slice()));
    }

    #[test]
    fn lines_comments_and_faults() {
        let (all, problems) = parse("# c\n\nA=\"1\n2\"\n  # d\nnonsense here\nB.c=3\nexport D\nE='open\nF=4\n");
        let shown: Vec<_> = all.iter().map(|entry| (entry.line, entry.key.as_str(), entry.literal())).collect();
        assert_eq!(shown, [(3, "A", Some("1\n2")), (7, "B.c", Some("3")), (8, "D", None), (9, "E", Some("'open")), (10, "F", Some("4"))]);
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [6]);
    }
}
