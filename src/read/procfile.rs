//! Procfiles: `web: bundle exec puma -C config/puma.rb`, one process type per line.
//!
//! Source of the rule: foreman's `Procfile#parse`, `/^([A-Za-z0-9_-]+):\s*(.+)$/`; comments are lines that start with `#`.

use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::char;
use nom::sequence::separated_pair;
use nom::{IResult, Parser};

use super::lexeme::{blank0, is_hole, lines};
use super::problem::Problem;

/// A process type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line, from 1.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// Its command, for a shell.
    pub command: String,
}

/// Reads a Procfile.
#[must_use]
pub fn parse(text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let mut all: Vec<Entry> = Vec::new();
    let mut problems = Vec::new();
    let mut seen = std::collections::BTreeMap::new();
    for (line, raw) in lines(text) {
        if raw.trim().is_empty() || raw.trim_start().starts_with('#') {
            continue;
        }
        match entry(raw) {
            Ok((_, (name, command))) if !command.trim().is_empty() => {
                if let Some(first) = seen.insert(name.to_owned(), line) {
                    problems.push(Problem::on_line(line, format!("`{name}` is named on line {first} already")));
                }
                all.push(Entry { line, name: name.to_owned(), command: command.trim_end().to_owned() });
            }
            _ => problems.push(Problem::on_line(line, "expected `name: command`")),
        }
    }
    (all, problems)
}

fn entry(input: &str) -> IResult<&str, (&str, &str)> {
    let name = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || is_hole(c));
    separated_pair(name, (char(':'), blank0), take_while(|_| true)).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_types() {
        let (all, problems) =
            parse("# web\nweb: bundle exec puma -p $PORT\r\n\nworker:bundle exec sidekiq # all\nrelease:  bin/rails db:migrate\n");
        assert_eq!(problems, []);
        let shown: Vec<_> = all.iter().map(|entry| (entry.line, entry.name.as_str(), entry.command.as_str())).collect();
        assert_eq!(
            shown,
            [(2, "web", "bundle exec puma -p $PORT"), (4, "worker", "bundle exec sidekiq # all"), (5, "release", "bin/rails db:migrate")]
        );
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (all, problems) = parse("web\n a b: c\nx:\nweb: a\nweb: b\n\u{F0000}: \u{F0001}");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 2, 3, 5]);
        assert_eq!(all.len(), 3);
    }
}
