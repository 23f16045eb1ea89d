//! nginx text to directives, with a stack instead of recursion.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{anychar, char, one_of};
use nom::combinator::recognize;
use nom::multi::many0_count;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use super::{Argument, Configuration, Directive};
use crate::read::problem::Problem;

/// Blocks inside each other beyond this are not followed: nobody writes them, and dropping a tree costs stack.
const DEPTH: usize = 200;

/// Reads a configuration file.
#[must_use]
pub fn parse(text: &str) -> (Configuration, Vec<Problem>) {
    let mut reader = Reader { text, rest: text, counted: 0, line: 1, column: 1, line_end: 0, quotes_close: true, problems: Vec::new() };
    let mut configuration = Configuration::default();
    // The directives whose blocks are open, and what stands in each so far.
    let mut open: Vec<(Directive, Vec<Directive>)> = Vec::new();
    let mut current: Vec<Directive> = Vec::new();
    let mut words: Vec<(Argument, u32, u32)> = Vec::new();
    // Blocks beyond the depth that is followed.
    let mut ignored = 0_usize;
    while let Some(first) = reader.advance() {
        match first {
            '#' => {
                let end = reader.line_end();
                configuration.comments.push((reader.line, reader.rest[1..end].trim().to_owned()));
                reader.rest = &reader.rest[end..];
            }
            ';' => {
                reader.rest = &reader.rest[1..];
                match directive(&mut words) {
                    Some(directive) => current.push(directive),
                    None => reader.problem("unexpected `;`"),
                }
            }
            '{' => {
                reader.rest = &reader.rest[1..];
                let Some(mut directive) = directive(&mut words) else {
                    reader.problem("unexpected `{`");
                    ignored += usize::from(ignored > 0);
                    continue;
                };
                if directive.name.ends_with("_by_lua_block") {
                    directive.raw = Some(reader.lua());
                    current.push(directive);
                } else if ignored > 0 || open.len() >= DEPTH {
                    if ignored == 0 {
                        reader.problem("blocks are nested too deeply");
                    }
                    ignored += 1;
                } else {
                    open.push((directive, std::mem::take(&mut current)));
                }
            }
            '}' => {
                if let Some((Argument { text, .. }, line, column)) = words.first() {
                    let message = format!("`{text}` is not ended by `;`");
                    reader.problems.push(Problem { line: *line, column: *column, message });
                    current.extend(directive(&mut words));
                }
                reader.rest = &reader.rest[1..];
                if ignored > 0 {
                    ignored -= 1;
                } else if let Some((mut directive, before)) = open.pop() {
                    directive.block = Some(std::mem::replace(&mut current, before));
                    current.push(directive);
                } else {
                    reader.problem("unexpected `}`");
                }
            }
            _ => {
                let (line, column) = (reader.line, reader.column);
                words.push((reader.argument(), line, column));
            }
        }
    }
    if let Some((Argument { text, .. }, line, column)) = words.first() {
        let message = format!("`{text}` is not ended by `;`");
        reader.problems.push(Problem { line: *line, column: *column, message });
        current.extend(directive(&mut words));
    }
    while let Some((mut directive, before)) = open.pop() {
        reader.problems.push(Problem::on_line(directive.line, format!("the block of `{}` is not closed", directive.name)));
        directive.block = Some(std::mem::replace(&mut current, before));
        current.push(directive);
    }
    configuration.directives = current;
    (configuration, reader.problems)
}

/// The directive that the words make, if there are any.
fn directive(words: &mut Vec<(Argument, u32, u32)>) -> Option<Directive> {
    let mut all = words.drain(..);
    let (name, line, _) = all.next()?;
    Some(Directive { line, name: name.text, arguments: all.map(|(argument, _, _)| argument).collect(), block: None, raw: None })
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    /// Bytes for which lines and columns are counted.
    counted: usize,
    line: u32,
    column: u32,
    /// Byte of the end of the line, as far as it was looked for.
    line_end: usize,
    /// No quote was found yet that never closes.
    quotes_close: bool,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// Skips white space; the next character.
    fn advance(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        let at = self.text.len() - self.rest.len();
        for c in self.text[self.counted..at].chars() {
            if c == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.counted = at;
        self.rest.chars().next()
    }

    /// How many bytes of `rest` stand on this line.
    fn line_end(&mut self) -> usize {
        let at = self.text.len() - self.rest.len();
        if at >= self.line_end {
            self.line_end = at + self.rest.find('\n').unwrap_or(self.rest.len());
        }
        self.line_end - at
    }

    fn problem(&mut self, message: impl Into<String>) {
        self.problems.push(Problem { line: self.line, column: self.column, message: message.into() });
    }

    fn argument(&mut self) -> Argument {
        if self.rest.starts_with(['"', '\'']) {
            let end = self.line_end();
            let reach = if self.quotes_close { self.rest.len() } else { end };
            if let Ok((after, text)) = quoted(&self.rest[..reach]) {
                let argument = Argument { text: unescape(text), quoted: true };
                self.rest = &self.rest[reach - after.len()..];
                return argument;
            }
            self.quotes_close = false;
            self.problem("quote is not closed");
            let text = self.rest[1..end].trim_end().trim_end_matches(';').to_owned();
            self.rest = &self.rest[end..];
            return Argument { text, quoted: true };
        }
        match word(self.rest) {
            Ok((after, text)) => {
                let argument = Argument { text: unescape(text), quoted: false };
                self.rest = after;
                argument
            }
            Err(_) => {
                let text = self.rest.to_owned();
                self.rest = "";
                Argument { text, quoted: false }
            }
        }
    }

    /// The text up to the `}` that closes a Lua block; quotes and comments of Lua are stepped over.
    fn lua(&mut self) -> String {
        let bytes = self.rest.as_bytes();
        let mut open = 1_usize;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'{' => open += 1,
                b'}' => open -= 1,
                b'"' | b'\'' => {
                    while let Some(inner) = bytes.get(at).filter(|inner| *inner != byte && **inner != b'\n') {
                        at += if *inner == b'\\' { 2 } else { 1 };
                    }
                    at += 1;
                }
                b'-' if bytes.get(at) == Some(&b'-') => {
                    while bytes.get(at).is_some_and(|inner| *inner != b'\n') {
                        at += 1;
                    }
                }
                _ => {}
            }
            if open == 0 {
                let body = self.rest.get(..at - 1).unwrap_or("").to_owned();
                self.rest = self.rest.get(at..).unwrap_or("");
                return body;
            }
        }
        self.problem("the Lua block is not closed");
        let body = self.rest.to_owned();
        self.rest = "";
        body
    }
}

fn quoted(input: &str) -> IResult<&str, &str> {
    let escape = || recognize(preceded(char('\\'), anychar));
    let double = delimited(char('"'), recognize(many0_count(alt((take_while1(|c| c != '"' && c != '\\'), escape())))), char('"'));
    let single = delimited(char('\''), recognize(many0_count(alt((take_while1(|c| c != '\'' && c != '\\'), escape())))), char('\''));
    alt((double, single)).parse(input)
}

/// Up to white space, `;` or `{`; `${` belongs to the word.
fn word(input: &str) -> IResult<&str, &str> {
    let plain = take_while1(|c: char| !c.is_whitespace() && !";{\\$".contains(c));
    recognize((
        alt((recognize(preceded(char('\\'), anychar)), tag("${"), recognize(anychar))),
        many0_count(alt((plain, recognize(preceded(char('\\'), anychar)), tag("${"), recognize(one_of("$\\"))))),
    ))
    .parse(input)
}

/// `\"`, `\'`, `\\`, `\t`, `\r`, `\n`; every other backslash stays, for regular expressions.
fn unescape(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            all.push(c);
            continue;
        }
        match chars.next() {
            Some(c @ ('"' | '\'' | '\\')) => all.push(c),
            Some('t') => all.push('\t'),
            Some('r') => all.push('\r'),
            Some('n') => all.push('\n'),
            other => {
                all.push('\\');
                all.extend(other);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(directives: &[Directive]) -> String {
        let one = |directive: &Directive| {
            let arguments: String =
                directive.arguments.iter().map(|it| if it.quoted { format!(" «{}»", it.text) } else { format!(" {}", it.text) }).collect();
            let end = directive.block.as_ref().map_or(";".to_owned(), |block| format!("{{{}}}", shown(block)));
            format!("{}{arguments}{end}", directive.name)
        };
        directives.iter().map(one).collect()
    }

    #[test]
    fn the_tree() {
        let text = "user www-data; # who\nhttp {\n  log_format main '$a \"$b\"'\n     'it\\'s';\n  location ~ \\.php$ {return 301 https://$host${uri}x;}\n  map $a $b{default \"\"; ~*^/x\\d+ y#z;}\n}\n";
        let (configuration, problems) = parse(text);
        assert_eq!(problems, []);
        assert_eq!(
            shown(&configuration.directives),
            "user www-data;http{log_format main «$a \"$b\"» «it's»;location ~ \\.php${return 301 https://$host${uri}x;}map $a $b{default «»;~*^/x\\d+ y#z;}}"
        );
        assert_eq!(configuration.comments, [(1, "who".to_owned())]);
        assert_eq!(configuration.directives[1].children()[1].line, 5);
    }

    #[test]
    fn lua_is_kept_raw() {
        let (configuration, problems) = parse("a_by_lua_block {\n local x = { '}' } -- }\n}\nb c;");
        assert_eq!(problems, []);
        assert_eq!(configuration.directives[0].raw.as_deref(), Some("\n local x = { '}' } -- }\n"));
        assert_eq!(configuration.directives[1].line, 4);
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (configuration, problems) = parse("a { b c } ; }\nd \"e;\nf g;\nh {\n i j;");
        assert_eq!(shown(&configuration.directives), "a{b c;}d «e» f g;h{i j;}");
        assert_eq!(problems.iter().map(|p| (p.line, p.column)).collect::<Vec<_>>(), [(1, 5), (1, 11), (1, 13), (2, 3), (4, 1)]);
        let (_, problems) = parse(&"a {".repeat(100_000));
        assert_eq!(problems.len(), DEPTH + 1);
    }

    #[test]
    fn placeholders_are_words() {
        let (configuration, problems) = parse("server_name \u{F0000}.x;\n\u{F0001} {\u{F0002} y;}");
        assert_eq!((shown(&configuration.directives), problems.len()), ("server_name \u{F0000}.x;\u{F0001}{\u{F0002} y;}".to_owned(), 0));
    }
}
