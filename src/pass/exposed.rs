//! Secrets that stand in clear text in the input: whoever has (or ever had) it knows them, so they are made anew.
//!
//! In: the graph, whose secret holes keep values for this, and the files. Out: one [`Exposed`] for each value with all its places:
//! `DB_PASSWORD`, `cookbooks/web/attributes/default.rb:3`. Values that evaluation met are looked for in all files; data files (JSON, YAML,
//! settings) are searched for names that mean a secret; everything is searched for shapes that are nothing else.

use std::collections::{BTreeMap, BTreeSet};

use fancy_regex::Regex;

use crate::blueprint::{Exposed, Origin};
use crate::graph::Graph;
use crate::secrecy::{FILTERED, certain, is_distinctive, mark_text_lines, name_is_secret};
use crate::source::{Location, SourceMap};
use crate::text::{Part, Text};

/// Files that are settings: a literal there is a value.
const DATA: &[&str] = &[
    "json",
    "yaml",
    "yml",
    "toml",
    "ini",
    "cnf",
    "conf",
    "cfg",
    "properties",
    "env",
    "cron",
    "xml",
    "npmrc",
    "netrc",
    "pgpass",
    "key",
    "service",
    "template",
    "sh",
];

/// Files of code: only what is quoted is a value.
const CODE: &[&str] = &[".rb", ".rake", ".ru", ".py", ".php", ".js", ".ts", "Vagrantfile", "Berksfile", "Gemfile"];

/// Folders and files whose secrets are examples, translations or checksums.
const EXAMPLES: &[&str] = &[
    "spec",
    "test",
    "tests",
    "fixtures",
    "examples",
    "locales",
    "node_modules",
    "vendor",
    "package-lock.json",
    "composer.lock",
    "yarn.lock",
];

/// What also tells of secrets that are none.
const DOCUMENTS: &[&str] = &["doc", "docs", "documentation", "metadata.json", ".github", ".vale.ini"];

/// Largest file that is searched, in bytes.
const LARGEST: usize = 2 << 20;

/// Most values that are looked for in the files.
const MOST: usize = 2000;

/// A value that was found: its name, and where it stands.
#[derive(Default)]
struct Found {
    name: String,
    places: BTreeSet<(String, u32)>,
}

/// All of them, by their first place.
#[must_use]
pub fn find(graph: &Graph, sources: &SourceMap) -> Vec<Exposed> {
    search(graph, sources, false)
}

/// Those that are no words and no examples: of what the files alone say, the rest is too often neither.
#[must_use]
pub fn sure(graph: &Graph, sources: &SourceMap) -> Vec<Exposed> {
    search(graph, sources, true)
}

fn search(graph: &Graph, sources: &SourceMap, sure: bool) -> Vec<Exposed> {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    graph.each_hole(&mut |hole, place| {
        let Some(value) = hole.value.as_ref().filter(|value| {
            hole.secret && *value != FILTERED && !value.trim().is_empty() && !value.starts_with(char::is_whitespace) && !is_reference(value)
        }) else {
            return;
        };
        // Keys of several lines are found by their markers.
        if sure && (value.contains('\n') || !is_sure(&hole.name, value)) {
            return;
        }
        let one = found.entry(value.clone()).or_default();
        if one.name.is_empty() {
            one.name.clone_from(&hole.name);
        }
        // Holes of the evaluation know their place; others have that of the resource they are in.
        if let Some(place) = hole.origin.as_ref().or(place) {
            one.places.insert((place.path.clone(), place.line));
        }
    });
    locate(&mut found, sources);
    for (_, file) in sources.under("") {
        let path = file.path.as_str();
        let text = file.text();
        let example = |part: &str| EXAMPLES.contains(&part) || (sure && DOCUMENTS.contains(&part));
        if text.is_empty() || text.len() > LARGEST || path.split('/').any(example) {
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let key = matches!(name, "master.key") && !text.trim().is_empty();
        if key {
            note(&mut found, text.trim(), "RAILS_MASTER_KEY", path, 1);
        } else if is_data(name) && !text.contains("encrypted_data") {
            in_text(&mut found, text, path, false, sure);
        } else if CODE.iter().any(|ending| name.trim_end_matches(".erb").ends_with(ending)) {
            in_text(&mut found, text, path, true, sure);
        } else if !name.ends_with(".md") {
            for (start, end, what) in certain(text).into_iter().filter(|(start, end, _)| is_distinctive(&text[*start..*end])) {
                note(&mut found, &text[start..end], &what.to_uppercase(), path, file.line(u32::try_from(start).unwrap_or_default()));
            }
        }
    }
    if sure {
        found.iter_mut().for_each(|(value, one)| one.places.retain(|(path, line)| stands_at(value, path, *line, sources)));
    }
    let mut exposed: Vec<Exposed> = found
        .into_values()
        .filter(|one| !one.places.is_empty())
        .map(|one| Exposed {
            origin: one
                .places
                .into_iter()
                .map(|(path, line)| Origin { location: Location { path, line, column: 1 }, what: String::new() })
                .collect(),
            name: one.name,
        })
        .collect();
    // What was computed from one is no further one: `password.upcase` beside `password`.
    let names: BTreeSet<String> = exposed.iter().map(|one| one.name.clone()).collect();
    exposed.retain(|one| one.name.rsplit_once('.').is_none_or(|(source, method)| !names.contains(source) || method.contains(['[', '\''])));
    exposed.sort_by(|one, other| (&one.origin, &one.name).cmp(&(&other.origin, &other.name)));
    exposed.dedup();
    exposed
}

/// Whether the value, or the first line of it, is written in that line: a resource may only use it.
fn stands_at(value: &str, path: &str, line: u32, sources: &SourceMap) -> bool {
    let text = sources.find(path).and_then(|id| sources.file(id).text().lines().nth((line as usize).saturating_sub(1)));
    text.is_some_and(|text| text.contains(value.lines().next().unwrap_or(value).trim()))
}

fn note(found: &mut BTreeMap<String, Found>, value: &str, name: &str, path: &str, line: u32) {
    let one = found.entry(value.to_owned()).or_default();
    if one.name.is_empty() {
        name.clone_into(&mut one.name);
    }
    one.places.insert((path.to_owned(), line));
}

fn is_data(name: &str) -> bool {
    let name = name.strip_suffix(".erb").unwrap_or(name);
    let extension = name.rsplit_once('.').map_or(name, |(_, extension)| extension);
    DATA.contains(&extension)
        || name.starts_with(".env")
        || matches!(name, "credentials" | "config" | "crontab")
        || ["Dockerfile", "Procfile"].iter().any(|kind| name.starts_with(kind))
}

/// Where the values stand that are like no ordinary word.
fn locate(found: &mut BTreeMap<String, Found>, sources: &SourceMap) {
    // A key of several lines is written in many ways: its longest line is looked for.
    let line = |value: &str| value.lines().max_by_key(|line| line.len()).unwrap_or_default().trim().to_owned();
    let needles: BTreeMap<String, String> =
        found.keys().map(|value| (line(value), value.clone())).filter(|(needle, _)| is_distinctive(needle)).take(MOST).collect();
    if needles.is_empty() {
        return;
    }
    let mut longest: Vec<&String> = needles.keys().collect();
    longest.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
    let pattern: Vec<String> = longest.into_iter().map(|needle| fancy_regex::escape(needle).into_owned()).collect();
    let Ok(regex) = Regex::new(&pattern.join("|")) else { return };
    for (_, file) in sources.under("").filter(|(_, file)| file.text().len() <= LARGEST) {
        for hit in regex.find_iter(file.text()).map_while(Result::ok) {
            let place = (file.path.clone(), file.line(u32::try_from(hit.start()).unwrap_or_default()));
            if let Some(one) = needles.get(hit.as_str()).and_then(|value| found.get_mut(value)) {
                one.places.insert(place);
            }
        }
    }
}

/// What stands behind a name that means a secret in a file of settings, or in a literal of a file of code.
fn in_text(found: &mut BTreeMap<String, Found>, text: &str, path: &str, code: bool, sure: bool) {
    for (name, value, line) in values(text, code).into_iter().filter(|(name, value, _)| !sure || is_sure(name, value)) {
        note(found, &value, &name, path, line);
    }
}

/// The name, value and line of what stands behind a name that means a secret in `text`; of `code` only what stands in literals.
#[must_use]
pub fn values(text: &str, code: bool) -> Vec<(String, String, u32)> {
    let marked = mark_text_lines(&Text::literal(text), "");
    let mut found = Vec::new();
    let mut at = 0;
    let mut line = 1;
    for part in marked.parts() {
        match part {
            Part::Literal(literal) => {
                at += literal.len();
                line += lines(literal);
            }
            Part::Hole(hole) => {
                let value = hole.value.as_deref().unwrap_or_default();
                let before = text[..at].rsplit('\n').next().unwrap_or_default();
                if value.starts_with("-----BEGIN") || is_value(&hole.name, value) && (!code || is_literal(before, value)) {
                    found.push((hole.name.clone(), value.to_owned(), line));
                }
                at += hole.value.as_ref().map_or(FILTERED.len(), String::len);
                line += lines(value);
            }
        }
    }
    found
}

/// Whether it is a value at all: not a placeholder that says the name again, not a sentence.
fn is_value(name: &str, value: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    let value = value.trim_matches(['"', '\'']);
    let same = name.to_lowercase().ends_with(&value.to_lowercase());
    // `db_password` in a list of secrets: the name of one.
    let names = value.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') && value.contains('_') && name_is_secret(value);
    value != FILTERED && value.len() > 3 && !same && !names && !value.contains(char::is_whitespace) && !is_reference(value)
}

/// Whether it is no word and no example: `secret123` is, `your-password-goes-here`, `[FILTERED]` and `</etc/key` are not.
#[must_use]
pub fn is_sure(name: &str, value: &str) -> bool {
    let lower = value.to_lowercase();
    let setting = name.ends_with("AUTH") && value.trim_end_matches('=').contains('=');
    let names =
        name_is_secret(value) && value.contains('_') && value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    // The marker alone is what code looks for.
    let body = value.split("-----").nth(2).unwrap_or_default().trim_start_matches(['\\', 'n', 'r', '\n', ' ']);
    let key = body.bytes().take_while(u8::is_ascii_alphanumeric).count() > 2;
    if value.starts_with("-----BEGIN") || setting || names {
        return key && !setting;
    }
    let example = value.contains(['[', '<', '>', '%', '(']) || ["your", "goes-here", "#{", "${"].iter().any(|word| lower.contains(word));
    is_distinctive(value) && value.bytes().any(|b| b.is_ascii_digit()) && !example && !value.starts_with(['/', '@', ':'])
}

/// What names another place, whole or in part: `$(cat a)`, `"$token"`, `!Ref Token`, `{{resolve:…}}`.
fn is_reference(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'', '\\']);
    // `$apr1$…` is a hash, `$ARG1$` a name.
    let variable = value.strip_prefix('$').is_some_and(|name| {
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '(' | '{' | '_'));
        begins && !name.strip_suffix('$').unwrap_or(name).contains('$')
    });
    let tag = value
        .strip_prefix('!')
        .is_some_and(|tag| ["Ref", "Sub", "GetAtt", "Join", "If", "Select", "ImportValue", "FindInMap"].contains(&tag));
    variable
        || tag
        || value.starts_with(['`', '#'])
        || ["{{", "<%", "process.env", "os.environ", "ENV["].iter().any(|start| value.starts_with(start))
}

/// Whether a value of code stands in a literal (or a comment), and is no word.
fn is_literal(before: &str, value: &str) -> bool {
    let open = |quote: char| before.matches(quote).count() % 2 == 1;
    (open('\'') || open('"') || before.contains('#')) && value.bytes().any(|b| b.is_ascii_digit()) && is_distinctive(value)
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or_default()
}
