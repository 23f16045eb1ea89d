//! systemd unit files: sections and keys as written, and what a service, its installation or a timer means by them.
//!
//! `[Service]` with `ExecStart=-/usr/bin/bundle exec puma` gives one command whose prefix is `-` and whose words are
//! `/usr/bin/bundle`, `exec`, `puma`. Source of the rules: systemd.syntax(7), systemd.service(5), systemd.time(7).

mod calendar;
mod time_span;
mod typed;

pub use calendar::{Calendar, on_calendar};
pub use time_span::{TimeSpan, time_span};
pub use typed::{EnvironmentFile, ExecLine, Install, Service, Timer, Unit, split_words};

use nom::Parser;
use nom::bytes::complete::take_while1;
use nom::character::complete::char;
use nom::combinator::rest;
use nom::sequence::separated_pair;

use super::lexeme::{blank0, column, is_hole, lines};
use super::problem::Problem;

/// A unit file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnitFile {
    /// Its sections, in order; one that is opened twice stands here twice.
    pub sections: Vec<Section>,
    /// `[Unit]`
    pub unit: Unit,
    /// `[Service]`, where there is one.
    pub service: Option<Service>,
    /// `[Install]`
    pub install: Install,
    /// `[Timer]`, where there is one.
    pub timer: Option<Timer>,
}

/// `[Name]` and the keys below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Line of the header, from 1.
    pub line: u32,
    /// The name in the brackets.
    pub name: String,
    /// `Key=value`, in order.
    pub entries: Vec<Entry>,
}

/// `Key=value`; continued lines are joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line that it starts on, from 1.
    pub line: u32,
    /// The key.
    pub key: String,
    /// The value; empty where it takes back what stood before.
    pub value: String,
}

impl UnitFile {
    /// Every assignment of `key` in the sections called `section`; those before an empty assignment are taken back by it.
    #[must_use]
    pub fn values(&self, section: &str, key: &str) -> Vec<&Entry> {
        values(&self.sections, section, key)
    }
}

fn values<'a>(sections: &'a [Section], section: &str, key: &str) -> Vec<&'a Entry> {
    let mut all = Vec::new();
    for entry in sections.iter().filter(|it| it.name == section).flat_map(|it| &it.entries).filter(|entry| entry.key == key) {
        if entry.value.is_empty() {
            all.clear();
        } else {
            all.push(entry);
        }
    }
    all
}

/// Reads a unit file.
#[must_use]
pub fn parse(text: &str) -> (UnitFile, Vec<Problem>) {
    let mut problems = Vec::new();
    let sections = sections(text, &mut problems);
    let has = |name: &str| sections.iter().any(|section| section.name == name);
    let file = UnitFile {
        unit: Unit::read(&sections),
        service: has("Service").then(|| Service::read(&sections, &mut problems)),
        install: Install::read(&sections),
        timer: has("Timer").then(|| Timer::read(&sections, &mut problems)),
        sections,
    };
    problems.sort_by_key(|problem| (problem.line, problem.column));
    (file, problems)
}

fn sections(text: &str, problems: &mut Vec<Problem>) -> Vec<Section> {
    let mut all: Vec<Section> = Vec::new();
    let mut open: Option<(u32, String)> = None;
    let mut finish = |number: u32, line: &str, problems: &mut Vec<Problem>| {
        let body = line.trim();
        if let Some(name) = body.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            all.push(Section { line: number, name: name.to_owned(), entries: Vec::new() });
        } else if let Ok((_, (key, value))) = assignment(body) {
            match all.last_mut() {
                Some(section) => section.entries.push(Entry { line: number, key: key.to_owned(), value: value.trim().to_owned() }),
                None => problems.push(Problem::on_line(number, format!("`{key}` stands before the first section"))),
            }
        } else {
            let before = line.len() - line.trim_start().len();
            problems.push(Problem {
                line: number,
                column: column(line, before),
                message: "expected `[Section]` or `Key=value`".to_owned(),
            });
        }
    };
    for (number, line) in lines(text) {
        let body = line.trim_start();
        // A comment between continued lines is left out, and the continuation goes on.
        if body.starts_with(['#', ';']) || (body.is_empty() && open.is_none()) {
            continue;
        }
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        let continues = backslashes % 2 == 1;
        let kept = if continues { &line[..line.len() - 1] } else { line };
        let (start, joined) = match open.take() {
            Some((start, mut joined)) => {
                joined.push(' ');
                joined.push_str(kept);
                (start, joined)
            }
            None => (number, kept.to_owned()),
        };
        if continues {
            open = Some((start, joined));
        } else {
            finish(start, &joined, problems);
        }
    }
    if let Some((start, joined)) = open {
        finish(start, &joined, problems);
    }
    all
}

fn assignment(input: &str) -> nom::IResult<&str, (&str, &str)> {
    let key = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || is_hole(c));
    separated_pair(key, (blank0, char('=')), rest).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_keys_continuations_and_comments() {
        let (file, problems) = parse("# c\n[Unit]\nDescription = A b \n; c\n[Service]\nExecStart=/a \\\n# inside\n  b \\\n  c\nA-b=1\n");
        assert_eq!(problems, []);
        assert_eq!(file.sections[0].entries, [Entry { line: 3, key: "Description".into(), value: "A b".into() }]);
        assert_eq!(file.sections[1].entries[0], Entry { line: 6, key: "ExecStart".into(), value: "/a    b    c".into() });
        assert_eq!(file.sections[1].entries[1].line, 10);
    }

    #[test]
    fn an_empty_assignment_takes_back() {
        let (file, _) = parse("[Service]\nExecStart=/a\nExecStart=\nExecStart=/b\n[Service]\nExecStart=/c");
        let values: Vec<_> = file.values("Service", "ExecStart").into_iter().map(|entry| entry.value.as_str()).collect();
        assert_eq!(values, ["/b", "/c"]);
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (file, problems) = parse("A=1\n[Service]\n  nonsense\nUser=deploy\n[Open\n");
        assert_eq!(problems.iter().map(|p| (p.line, p.column)).collect::<Vec<_>>(), [(1, 1), (3, 3), (5, 1)]);
        assert_eq!(file.service.unwrap().user.as_deref(), Some("deploy"));
    }
}
