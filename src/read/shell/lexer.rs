//! Shell text to tokens: words in their parts, operators, descriptor numbers, newlines, and the lines of here-documents.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{map, opt, recognize, value};
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

use super::words::{line_continuation, raw_single_quoted};
use super::{Piece, Word};
use crate::read::lexeme::{column, name};
use crate::read::problem::ParseError;

/// A token and the bytes it stands on.
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    pub line: u32,
}

/// What a [`Token`] is.
pub(super) enum Kind {
    Word(Word),
    Operator(&'static str),
    /// Digits directly before a redirection operator.
    Descriptor(u32),
    Newline,
}

/// All tokens, and the bodies of the here-documents in the order of their operators.
pub(super) struct Tokens {
    pub all: Vec<Token>,
    pub bodies: Vec<String>,
}

/// Longest first, so that `&&` is not two `&`.
const OPERATORS: &[&str] = &[
    "&>>", "<<-", "<<<", ";;&", "&&", "||", ";;", ";&", "|&", "&>", "<<", ">>", "<&", ">&", "<>", ">|", ";", "|", "&", "(", ")", "<", ">",
];

/// Characters that end an unquoted word or start a part of one.
fn is_special(c: char) -> bool {
    c.is_ascii_whitespace() || "\\'\"$`;&|()<>".contains(c)
}

/// Splits `text` into tokens.
pub(super) fn tokens(text: &str) -> Result<Tokens, ParseError> {
    let mut all: Vec<Token> = Vec::new();
    let mut bodies = Vec::new();
    // Here-documents whose lines start after the next newline: the delimiter, and whether leading tabs go.
    let mut waiting: Vec<(String, bool)> = Vec::new();
    let mut rest = text;
    let mut counted = 0;
    let mut line = 1;
    loop {
        rest = skip_blanks(rest);
        let start = text.len() - rest.len();
        line += newlines(&text[counted..start]);
        counted = start;
        let Some(first) = rest.chars().next() else { break };
        if first == '#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        }
        let mut put = |kind, end| all.push(Token { kind, start, end, line });
        if first == '\n' {
            put(Kind::Newline, start + 1);
            rest = &rest[1..];
            for (delimiter, strip) in waiting.drain(..) {
                let (body, after) = here_document(rest, &delimiter, strip);
                bodies.push(body);
                rest = after;
            }
            continue;
        }
        if let Ok((after, digits)) = descriptor(rest) {
            put(Kind::Descriptor(digits), text.len() - after.len());
            rest = after;
            continue;
        }
        let process = rest.starts_with("<(") || rest.starts_with(">(");
        if let Some(operator) = OPERATORS.iter().find(|operator| !process && rest.starts_with(**operator)) {
            put(Kind::Operator(operator), start + operator.len());
            rest = &rest[operator.len()..];
            continue;
        }
        let Ok((after, mut word)) = word(rest) else {
            let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
            return Err(ParseError { line, column: column(&text[line_start..], start - line_start), message: unterminated(rest) });
        };
        word.line = line;
        if let Some(Kind::Operator(operator @ ("<<" | "<<-"))) = all.last().map(|token| &token.kind) {
            waiting.push((word.shown(), *operator == "<<-"));
        }
        all.push(Token { kind: Kind::Word(word), start, end: text.len() - after.len(), line });
        rest = after;
    }
    bodies.extend(waiting.into_iter().map(|_| String::new()));
    Ok(Tokens { all, bodies })
}

fn newlines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// Blanks and line continuations.
fn skip_blanks(mut input: &str) -> &str {
    loop {
        let after = input.trim_start_matches([' ', '\t', '\r', '\u{b}', '\u{c}']);
        match line_continuation(after) {
            Ok((rest, ())) => input = rest,
            Err(_) => return after,
        }
    }
}

fn unterminated(rest: &str) -> String {
    let what = rest.find(['\'', '"', '`', '$']).map_or("word", |at| match rest.as_bytes()[at] {
        b'\'' | b'"' => "quote",
        b'`' => "backtick",
        _ => "`$(` or `${`",
    });
    format!("{what} is not closed")
}

/// The lines up to one that is `delimiter`, and the text after it.
fn here_document<'a>(text: &'a str, delimiter: &str, strip: bool) -> (String, &'a str) {
    let mut body = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        let line = if strip { line.trim_start_matches('\t') } else { line };
        rest = after;
        if line.trim_end_matches(['\n', '\r']) == delimiter {
            break;
        }
        body.push_str(line);
    }
    (body, rest)
}

/// Digits directly before `<` or `>`.
fn descriptor(input: &str) -> IResult<&str, u32> {
    let (rest, digits) = take_while1(|c: char| c.is_ascii_digit()).parse(input)?;
    match (rest.starts_with(['<', '>']), digits.parse()) {
        (true, Ok(number)) => Ok((rest, number)),
        _ => Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit))),
    }
}

/// One word at the start of `input`.
pub(crate) fn word(input: &str) -> IResult<&str, Word> {
    let mut pieces = Vec::new();
    let mut rest = input;
    while let Some(first) = rest.chars().next() {
        let at_start = pieces.is_empty();
        let step = match first {
            '\\' => alt((map(line_continuation, |()| None), map(backslash, Some))).parse(rest),
            '\'' => map(raw_single_quoted, |text| Some(Piece::Quoted(text.to_owned()))).parse(rest),
            '"' => {
                let (after, ()) = double_quoted(rest, &mut pieces)?;
                rest = after;
                continue;
            }
            '$' => map(|input| dollar(input, false), Some).parse(rest),
            '`' => map(|input| backticks(input, false), Some).parse(rest),
            '<' | '>' if at_start && rest[1..].starts_with('(') => map(process, Some).parse(rest),
            c if is_special(c) => break,
            _ => map(take_while1(|c| !is_special(c)), |text: &str| Some(Piece::Plain(text.to_owned()))).parse(rest),
        };
        let (after, piece) = step?;
        pieces.extend(piece);
        rest = after;
    }
    if rest.len() == input.len() {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::TakeWhile1)));
    }
    let text = input[..input.len() - rest.len()].to_owned();
    Ok((rest, Word { line: 1, text, pieces }))
}

/// `\x`; a backslash at the very end stands for itself.
fn backslash(input: &str) -> IResult<&str, Piece> {
    preceded(char('\\'), opt(anychar)).map(|c| Piece::Quoted(c.unwrap_or('\\').to_string())).parse(input)
}

fn double_quoted<'a>(input: &'a str, pieces: &mut Vec<Piece>) -> IResult<&'a str, ()> {
    let (mut rest, _) = char('"').parse(input)?;
    let mut literal = String::new();
    let mut empty = true;
    loop {
        let (after, run) = take_while(|c| !"\"\\$`".contains(c)).parse(rest)?;
        literal.push_str(run);
        rest = after;
        let expansion = match rest.chars().next() {
            Some('\\') => {
                let (after, c) = preceded(char('\\'), anychar).parse(rest)?;
                match c {
                    '\n' => {}
                    '$' | '`' | '"' | '\\' => literal.push(c),
                    _ => {
                        literal.push('\\');
                        literal.push(c);
                    }
                }
                rest = after;
                continue;
            }
            Some('$') => dollar(rest, true)?,
            Some('`') => backticks(rest, true)?,
            _ => break,
        };
        rest = expansion.0;
        match expansion.1 {
            // A `$` that starts no expansion.
            Piece::Plain(text) | Piece::Quoted(text) => literal.push_str(&text),
            piece => {
                if !literal.is_empty() {
                    pieces.push(Piece::Quoted(std::mem::take(&mut literal)));
                }
                pieces.push(piece);
                empty = false;
            }
        }
    }
    let (rest, _) = char('"').parse(rest)?;
    if !literal.is_empty() || empty {
        pieces.push(Piece::Quoted(literal));
    }
    Ok((rest, ()))
}

/// `$name`, `${…}`, `$(…)`, `$((…))`, `$?`, `$'…'`; a `$` before anything else is plain.
fn dollar(input: &str, quoted: bool) -> IResult<&str, Piece> {
    let (rest, _) = char('$').parse(input)?;
    let failure = || nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag));
    match rest.chars().next() {
        Some('(') => {
            let length = balanced(&rest[1..], Mode::Parenthesis).ok_or_else(failure)?;
            let inner = &rest[1..length];
            let after = &rest[1 + length..];
            let piece = match inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
                Some(expression) => Piece::Arithmetic { expression: expression.to_owned(), quoted },
                None => Piece::Command { script: inner.to_owned(), quoted },
            };
            Ok((after, piece))
        }
        Some('{') => {
            let length = balanced(&rest[1..], Mode::Brace { in_quotes: quoted }).ok_or_else(failure)?;
            let inner = &rest[1..length];
            let (start, _) = opt(take_while(|c| c == '#' || c == '!')).parse(inner)?;
            let variable = alt((name, recognize(take_while1(|c: char| c.is_ascii_digit())))).parse(start).map_or("", |(_, name)| name);
            let text = input[..length + 2].to_owned();
            Ok((&rest[1 + length..], Piece::Variable { name: variable.to_owned(), text, quoted }))
        }
        // ANSI-C quoting is bash's; what stands in it is kept as an expansion that only the shell does.
        Some('\'') if !quoted => {
            let (after, text) = raw_single_quoted(rest)?;
            Ok((after, Piece::Variable { name: String::new(), text: format!("$'{text}'"), quoted: true }))
        }
        _ => {
            let special = recognize(anychar_of("?$!#*@-0123456789"));
            match alt((name, special)).parse(rest) {
                Ok((after, name)) => {
                    let text = format!("${name}");
                    Ok((after, Piece::Variable { name: name.to_owned(), text, quoted }))
                }
                Err(_) => Ok((rest, Piece::Plain("$".to_owned()))),
            }
        }
    }
}

fn anychar_of<'a>(set: &'static str) -> impl Parser<&'a str, Output = char, Error = nom::error::Error<&'a str>> {
    nom::character::complete::one_of(set)
}

/// `` `…` ``: up to the next backtick without a backslash before it.
fn backticks(input: &str, quoted: bool) -> IResult<&str, Piece> {
    let (mut rest, _) = char('`').parse(input)?;
    let mut script = String::new();
    loop {
        let (after, run) = take_while(|c| c != '`' && c != '\\').parse(rest)?;
        script.push_str(run);
        let (after, escape) = opt(preceded(char('\\'), anychar)).parse(after)?;
        rest = after;
        match escape {
            Some(c @ ('`' | '\\' | '$')) => script.push(c),
            Some(c) => {
                script.push('\\');
                script.push(c);
            }
            None => break,
        }
    }
    let (rest, ()) = value((), char('`')).parse(rest)?;
    Ok((rest, Piece::Command { script, quoted }))
}

/// `<(…)` or `>(…)`.
fn process(input: &str) -> IResult<&str, Piece> {
    let (rest, _) = pair(alt((tag("<"), tag(">"))), tag("(")).parse(input)?;
    let length =
        balanced(rest, Mode::Parenthesis).ok_or_else(|| nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag)))?;
    Ok((&rest[length..], Piece::Command { script: rest[..length - 1].to_owned(), quoted: false }))
}

/// What an open bracket waits for.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Parenthesis,
    Brace { in_quotes: bool },
    Double,
}

/// How many bytes `text` has up to and including the closer of `outer`; brackets and quotes inside are stepped over, with a stack and no recursion.
fn balanced(text: &str, outer: Mode) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut stack = vec![outer];
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let mode = *stack.last()?;
        let in_quotes = matches!(mode, Mode::Double | Mode::Brace { in_quotes: true });
        let next = bytes.get(at + 1).copied();
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'\'' if !in_quotes => at += 1 + bytes.get(at..)?.iter().position(|byte| *byte == b'\'')?,
            b'`' => at += closing_backtick(bytes.get(at..)?)?,
            b'"' if mode == Mode::Double => {
                stack.pop();
            }
            b'"' => stack.push(Mode::Double),
            b'$' if next == Some(b'(') => {
                stack.push(Mode::Parenthesis);
                at += 1;
            }
            b'$' if next == Some(b'{') => {
                stack.push(Mode::Brace { in_quotes });
                at += 1;
            }
            b'(' if mode == Mode::Parenthesis => stack.push(Mode::Parenthesis),
            b')' if mode == Mode::Parenthesis => {
                stack.pop();
            }
            b'}' if matches!(mode, Mode::Brace { .. }) => {
                stack.pop();
            }
            // A comment may hold an apostrophe.
            b'#' if mode == Mode::Parenthesis && at >= 2 && bytes[at - 2].is_ascii_whitespace() => {
                at += bytes.get(at..)?.iter().position(|byte| *byte == b'\n')?;
            }
            _ => {}
        }
        if stack.is_empty() {
            return Some(at);
        }
    }
    None
}

/// Bytes up to and including the next backtick that has no backslash before it.
fn closing_backtick(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'`' => return Some(at + 1),
            _ => at += 1,
        }
    }
}
