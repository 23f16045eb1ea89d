//! Files of variables: shell assignments (`/etc/default/NAME`, `/etc/sysconfig/NAME`, `app.env`), and `/etc/environment` as `pam_env` reads it.
//!
//! `export RAILS_ENV="production"` is one [`Variable`] of both; `A=x$B` is a word with a part that the shell expands in the first, plain text
//! in the second.

use std::collections::BTreeMap;

use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::char;
use nom::combinator::opt;
use nom::sequence::terminated;
use nom::{IResult, Parser};

use super::lexeme::{blank1, is_hole, is_name, lines, name};
use super::problem::Problem;
use super::shell::{Piece, Word, word_at};

/// One variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Line that it starts on, from 1.
    pub line: u32,
    /// Its name; may be in quotes in `app.env` of `OpsWorks` (`export "A"="b"`), which are taken off.
    pub name: String,
    /// Its value.
    pub value: Word,
    /// It is exported.
    pub exported: bool,
}

impl Variable {
    /// The value when the shell expands nothing in it.
    #[must_use]
    pub fn known(&self) -> Option<String> {
        self.value.known()
    }
}

/// Reads shell assignments; every other command is a problem, and its line is passed over.
#[must_use]
pub fn parse(text: &str) -> (Vec<Variable>, Vec<Problem>) {
    let mut all = Variables::default();
    let mut problems = Vec::new();
    let mut rest = text;
    let mut line: u32 = 1;
    // A quote that never closes is looked for up to the end of the text; after so many, values are looked for on their own line only.
    let mut far_looks = 32;
    while !rest.is_empty() {
        let body = rest.trim_start_matches([' ', '\t', ';', '\r']);
        let line_end = body.find('\n').unwrap_or(body.len());
        let mut after = &body[line_end..];
        if !body.starts_with(['#', '\n']) && !body.is_empty() {
            let mut found = if far_looks > 0 { statement(body, line, &mut all) } else { Err(()) };
            if found.is_err() {
                far_looks = std::cmp::max(far_looks, 1) - 1;
                found = statement(&body[..line_end], line, &mut all);
            }
            match found {
                Ok(taken) => after = &body[taken..],
                Err(()) => problems.push(Problem::on_line(line, "expected `NAME=value`")),
            }
        }
        let taken = &rest[..rest.len() - after.len()];
        line = line.saturating_add(u32::try_from(taken.matches('\n').count()).unwrap_or(u32::MAX));
        rest = match after.strip_prefix('\n') {
            Some(next) => {
                line = line.saturating_add(1);
                next
            }
            None => after,
        };
    }
    (all.all, problems)
}

/// The variables found so far, and where the last of each name stands.
#[derive(Default)]
struct Variables {
    all: Vec<Variable>,
    last: BTreeMap<String, usize>,
}

impl Variables {
    fn add(&mut self, more: Vec<Variable>) {
        for variable in more {
            self.last.insert(variable.name.clone(), self.all.len());
            self.all.push(variable);
        }
    }

    fn export(&mut self, name: &str) {
        if let Some(variable) = self.last.get(name).and_then(|at| self.all.get_mut(*at)) {
            variable.exported = true;
        }
    }
}

/// Assignments up to the end of the line or `;`: how many bytes they take. Nothing is added when it is something else.
fn statement(text: &str, line: u32, all: &mut Variables) -> Result<usize, ()> {
    let mut found = Vec::new();
    let mut marked = Vec::new();
    let mut start = line;
    let (mut rest, exported) = opt(terminated(tag::<_, _, nom::error::Error<&str>>("export"), blank1)).parse(text).map_err(|_| ())?;
    loop {
        if exported.is_some() && found.is_empty() && rest.starts_with('-') {
            return Err(());
        }
        let (after, (name, value)) = assignment(rest).map_err(|_| ())?;
        if let Some(value) = value {
            found.push(Variable { line: start, name, value: Word { line: start, ..value }, exported: exported.is_some() });
        } else if exported.is_none() {
            return Err(());
        } else {
            // `export NAME` of a variable set above.
            marked.push(name);
        }
        let taken = &rest[..rest.len() - after.len()];
        start = start.saturating_add(u32::try_from(taken.matches('\n').count()).unwrap_or(0));
        rest = after.trim_start_matches([' ', '\t', '\r']);
        if rest.is_empty() || rest.starts_with(['\n', ';', '#']) {
            if rest.starts_with('#') {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            }
            all.add(found);
            marked.iter().for_each(|name| all.export(name));
            return Ok(text.len() - rest.len());
        }
    }
}

/// `NAME=word`, `"NAME"="word"`, or `NAME` alone.
fn assignment(input: &str) -> IResult<&str, (String, Option<Word>)> {
    if let Ok((rest, name)) = terminated(name, char('=')).parse(input) {
        let name = name.to_owned();
        return match rest.chars().next() {
            None | Some(' ' | '\t' | '\r' | '\n' | ';') => Ok((rest, (name, Some(Word::default())))),
            _ => word_at(rest).map(|(rest, word)| (rest, (name, Some(word)))),
        };
    }
    let (rest, word) = word_at(input)?;
    if let Some((name, value)) = word.known().as_deref().and_then(|text| text.split_once('='))
        && is_name(name)
    {
        let pieces = if value.is_empty() { Vec::new() } else { vec![Piece::Quoted(value.to_owned())] };
        let text = word.text.split_once('=').map_or("", |(_, text)| text).to_owned();
        return Ok((rest, (name.to_owned(), Some(Word { line: word.line, text, pieces }))));
    }
    match word.known() {
        Some(name) if is_name(&name) => Ok((rest, (name, None))),
        _ => Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify))),
    }
}

/// Reads `/etc/environment`: no shell, no expansion; one pair of quotes around a value is taken off (`pam_env`'s `_parse_env_file`).
#[must_use]
pub fn parse_login(text: &str) -> (Vec<Variable>, Vec<Problem>) {
    let mut all = Vec::new();
    let mut problems = Vec::new();
    for (line, raw) in lines(text) {
        let body = raw.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let key = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_' || is_hole(c));
        let found: IResult<&str, (Option<&str>, &str, char)> = (opt(tag("export ")), key, char('=')).parse(body);
        match found {
            Ok((value, (exported, name, _))) => {
                let inner = value.strip_prefix(['"', '\'']).map_or(value, |rest| rest.strip_suffix(['"', '\'']).unwrap_or(rest));
                let pieces = if inner.is_empty() { Vec::new() } else { vec![Piece::Quoted(inner.to_owned())] };
                let value = Word { line, text: value.to_owned(), pieces };
                all.push(Variable { line, name: name.to_owned(), value, exported: exported.is_some() });
            }
            Err(_) => problems.push(Problem::on_line(line, "expected `NAME=value`")),
        }
    }
    (all, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(all: &[Variable]) -> Vec<(u32, &str, Option<String>, bool)> {
        all.iter().map(|variable| (variable.line, variable.name.as_str(), variable.known(), variable.exported)).collect()
    }

    #[test]
    fn defaults_of_a_service() {
        let text = "# defaults\nRAILS_ENV=production # why\nexport A=b C='d e'\n\nKEY=\"two\nlines\"\nexport \"B\"=\"x\"\nE=\nexport RAILS_ENV\nF=$A/x; G=1\n";
        let (all, problems) = parse(text);
        assert_eq!(problems, []);
        let known = |text: &str| Some(text.to_owned());
        assert_eq!(
            shown(&all),
            [
                (2, "RAILS_ENV", known("production"), true),
                (3, "A", known("b"), true),
                (3, "C", known("d e"), true),
                (5, "KEY", known("two\nlines"), false),
                (7, "B", known("x"), true),
                (8, "E", known(""), false),
                (10, "F", None, false),
                (10, "G", known("1"), false),
            ]
        );
    }

    #[test]
    fn other_commands_are_passed_over() {
        let (all, problems) = parse("A=1\nulimit -n 1\nB=2\nC='open\nD=4\nE=\"5\"\nA=b cmd\n");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 4, 7]);
        assert_eq!(all.iter().map(|variable| variable.name.as_str()).collect::<Vec<_>>(), ["A", "B", "D", "E"]);
    }

    #[test]
    fn etc_environment_is_no_shell() {
        let (all, problems) = parse_login("PATH=\"/usr/bin:$HOME\"\nexport A=b c #d\n# x\n  LANG='C'\nB-C=1\n\u{F0000}=\u{F0001}\n");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [5]);
        let values: Vec<_> = all.iter().map(|variable| (variable.name.as_str(), variable.known().unwrap())).collect();
        assert_eq!(
            values,
            [("PATH", "/usr/bin:$HOME".to_owned()), ("A", "b c #d".into()), ("LANG", "C".into()), ("\u{F0000}", "\u{F0001}".into())]
        );
    }
}
