//! HAProxy's configuration: sections with lines of words, each with its number.
//!
//! `frontend web` with `bind *:80` below is a [`Section`] of kind `frontend`, name `web`, and one line.

use std::collections::BTreeMap;

use super::lexeme::lines;
use super::problem::Problem;

/// A section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Line, from 1.
    pub line: u32,
    /// `global`, `defaults`, `frontend`, `backend`, `listen`, …
    pub kind: String,
    /// Its name.
    pub name: Option<String>,
    /// What follows the name: an address, in old files.
    pub rest: Vec<String>,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line of a section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub line: u32,
    /// Its words, quotes and escapes taken off; never empty.
    pub words: Vec<String>,
}

/// The words that start a section, and whether it must have a name.
const KINDS: &[(&str, bool)] = &[
    ("global", false),
    ("defaults", false),
    ("frontend", true),
    ("backend", true),
    ("listen", true),
    ("userlist", true),
    ("peers", true),
    ("resolvers", true),
    ("mailers", true),
    ("cache", true),
    ("program", true),
    ("http-errors", true),
    ("ring", true),
    ("fcgi-app", true),
];

/// Reads a configuration file.
#[must_use]
pub fn parse(text: &str) -> (Vec<Section>, Vec<Problem>) {
    let mut all: Vec<Section> = Vec::new();
    let mut problems = Vec::new();
    let mut seen: BTreeMap<(&str, String), u32> = BTreeMap::new();
    for (line, raw) in lines(text) {
        let words = words(raw, line, &mut problems);
        let Some(first) = words.first() else { continue };
        if let Some((kind, named)) = KINDS.iter().find(|(kind, _)| kind == first) {
            let mut rest = words.iter().skip(1).cloned();
            let name = rest.next();
            if *named && name.is_none() {
                problems.push(Problem::on_line(line, format!("`{kind}` has no name")));
            }
            if let Some(name) = name.as_ref().filter(|_| *named) {
                let first = *seen.entry((kind, name.clone())).or_insert(line);
                if first != line {
                    problems.push(Problem::on_line(line, format!("`{kind} {name}` is on line {first} already")));
                }
            }
            all.push(Section { line, kind: (*kind).to_owned(), name, rest: rest.collect(), lines: Vec::new() });
        } else if let Some(section) = all.last_mut() {
            section.lines.push(Line { line, words });
        } else {
            problems.push(Problem::on_line(line, format!("`{first}` stands before the first section")));
        }
    }
    (all, problems)
}

/// Words of a line; `#` starts a comment, `\` takes the next character as it is.
fn words(text: &str, line: u32, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), character) if character == open => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_with(String::new).extend(characters.next()),
            (Some(_), character) => word.get_or_insert_with(String::new).push(character),
            (None, '#') => break,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_with(String::new);
            }
            (None, character) if character.is_whitespace() => all.extend(word.take()),
            (None, character) => word.get_or_insert_with(String::new).push(character),
        }
    }
    if let Some(open) = quote {
        problems.push(Problem::on_line(line, format!("a {open} is not closed")));
    }
    all.extend(word);
    all
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sections() {
        let (all, problems) = parse(
            "global\n  daemon # c\nfrontend web\n  bind *:80\n  acl shop hdr(host) -i 'shop.example' a\\ b\nlisten stats :1936\n  mode http\n",
        );
        assert_eq!(problems, []);
        let shown: Vec<_> = all.iter().map(|one| (one.line, one.kind.as_str(), one.name.as_deref(), one.lines.len())).collect();
        assert_eq!(shown, [(1, "global", None, 1), (3, "frontend", Some("web"), 2), (6, "listen", Some("stats"), 1)]);
        assert_eq!(all[1].lines[1].words, ["acl", "shop", "hdr(host)", "-i", "shop.example", "a b"]);
        assert_eq!(all[2].rest, [":1936"]);
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (all, problems) = parse("bind :80\nbackend\nbackend a\nbackend a\n  server \"x\n");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 2, 4, 5]);
        assert_eq!(all.len(), 3);
    }
}
