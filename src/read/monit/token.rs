//! Monit's text to words: comments and noise words go, quoted strings stay one word.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{opt, recognize};
use nom::sequence::delimited;
use nom::{IResult, Parser};

use crate::read::problem::Problem;

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its characters, quotes taken off.
    pub text: String,
    /// It was in quotes.
    pub quoted: bool,
    pub line: u32,
    pub column: u32,
    /// Bytes.
    pub start: usize,
    pub end: usize,
}

impl Token {
    /// Whether it is the keyword `word`, in any case, out of quotes.
    pub fn is(&self, word: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(word)
    }
}

/// Words that monit's lexer skips wherever they stand.
pub(super) const NOISE: &[&str] =
    &["is", "as", "are", "on", "only", "with", "and", "has", "using", "use", "the", "to", "of", "a", "program", "programs"];

fn string(input: &str) -> IResult<&str, (String, bool)> {
    let single = delimited(char('\''), take_while(|c| c != '\''), char('\''));
    alt((double.map(|text: &str| text.replace("\\\"", "\"")), single.map(str::to_owned))).map(|text| (text, true)).parse(input)
}

/// How far a double quote looks for the end of the shell's line that it may be part of.
const REACH: usize = 4096;

/// A string in double quotes. Inside single quotes that close on the same line before a last double quote, a double quote is the shell's:
/// `"/bin/su - deploy -c 'A="b c" x'"`.
fn double(input: &str) -> IResult<&str, &str> {
    let fail = || nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Char));
    let inner = input.strip_prefix('"').ok_or_else(fail)?;
    let (mut single, mut escaped) = (false, false);
    // Up to where the line was looked at, and the last `'"` of it.
    let (mut seen, mut last) = (0, None);
    for (at, character) in inner.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => single = !single,
            '\n' => single = false,
            '"' => {
                if single && at >= seen {
                    // No further than a command is long, or every string of a long line would read to its end.
                    let reach = inner[at..].bytes().take(REACH).position(|byte| byte == b'\n');
                    seen = at + reach.unwrap_or(REACH.min(inner.len() - at));
                    last = inner.as_bytes()[at..seen].windows(2).rposition(|pair| pair == b"'\"").map(|found| at + found);
                }
                if !(single && last.is_some_and(|last| last > at)) {
                    return Ok((&inner[at + 1..], &inner[..at]));
                }
            }
            _ => {}
        }
    }
    Err(fail())
}

fn symbol(input: &str) -> IResult<&str, &str> {
    alt((tag(">="), tag("<="), tag("!="), tag("=="), recognize(nom::character::complete::one_of("<>={},")))).parse(input)
}

fn word(input: &str) -> IResult<&str, &str> {
    // `=` and `,` belong to a word once it has begun: `loadavg(5min)`, `http://x/?a=b`.
    let body = take_while1(|c: char| !c.is_whitespace() && !"<>{},\"'=#!".contains(c));
    let tail = take_while(|c: char| !c.is_whitespace() && !"<>{},\"'".contains(c));
    let bang = recognize((opt(char('!')), body, tail));
    alt((bang, recognize(anychar))).parse(input)
}

/// All words of `text`.
pub(super) fn tokens(text: &str, problems: &mut Vec<Problem>) -> Vec<Token> {
    let mut all = Vec::new();
    let mut rest = text;
    let mut line = 1;
    // All three are carried along: counting anew for each word would make a long line slow.
    let mut column: u32 = 1;
    let mut counted = 0;
    let mut line_end = 0;
    let mut quotes_close = true;
    loop {
        rest = rest.trim_start();
        let start = text.len() - rest.len();
        for c in text[counted..start].chars() {
            if c == '\n' {
                line += 1;
                column = 1;
            } else {
                column = column.saturating_add(1);
            }
        }
        counted = start;
        if rest.is_empty() {
            return all;
        }
        if rest.starts_with('#') {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        }
        if start >= line_end {
            line_end = start + rest.find('\n').unwrap_or(rest.len());
        }
        // After one quote that never closes, quotes are looked for on their own line only, or each would read to the end again.
        let reach = if quotes_close { rest.len() } else { line_end - start };
        let (after, token) = if rest.starts_with(['"', '\'']) {
            if let Ok((after, token)) = string(&rest[..reach]) {
                (reach - after.len(), token)
            } else {
                quotes_close = false;
                problems.push(Problem { line, column, message: "quote is not closed".to_owned() });
                (line_end - start, (rest[1..line_end - start].trim_end().to_owned(), true))
            }
        } else {
            match alt((symbol, word)).parse(rest) {
                Ok((after, word)) => (rest.len() - after.len(), (word.to_owned(), false)),
                Err(_) => return all,
            }
        };
        all.push(Token { text: token.0, quoted: token.1, line, column, start, end: start + after });
        rest = &rest[after..];
    }
}
