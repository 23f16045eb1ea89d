//! Every `grammar/NAME.ebnf`: its `accept:` and `reject:` lines, run through the parser of that name, and its rules, which must all be defined.
//!
//! In the examples `⏎` stands for a line feed, `⇥` for a tab, and `◊` for a placeholder (U+F0000).
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::path::PathBuf;

use ekiben::read::problem::Problem;
use ekiben::read::systemd::{on_calendar, time_span};
use ekiben::read::version::{CookbookConstraint, Requirement};
use ekiben::read::{
    apache, cron, crontab, dotenv, environment, gemfile_lock, haproxy, lookups, monit, nginx, package_json, procfile, ruby, shell,
    sidekiq_yaml, supervisor, systemd, upstart,
};
use ekiben::source::FileId;

type Check = fn(&str) -> Result<(), String>;

/// A new language is one line here and one file in `grammar/`.
const LANGUAGES: &[(&str, Check)] = &[
    ("apache", |text| lines(apache::parse(text))),
    ("cron", |text| whole(cron::When::parse(text))),
    ("crontab", |text| lines(crontab::parse(text))),
    ("crontab_system", |text| lines(crontab::parse_system(text))),
    ("dotenv", |text| lines(dotenv::parse(text))),
    ("environment", |text| lines(environment::parse(text))),
    ("environment_login", |text| lines(environment::parse_login(text))),
    ("gemfile_lock", |text| lines(gemfile_lock::parse(text))),
    ("lookups", |text| if lookups::find(lookups::Language::Ruby, text).is_empty() { Err("no lookup".to_owned()) } else { Ok(()) }),
    ("haproxy", |text| lines(haproxy::parse(text))),
    ("monit", |text| lines(monit::parse(text))),
    ("nginx", |text| lines(nginx::parse(text))),
    ("on_calendar", |text| whole(on_calendar(text))),
    ("package_json", |text| whole(package_json::parse(text))),
    ("procfile", |text| lines(procfile::parse(text))),
    ("recipe", |text| ruby::parse_text(FileId(0), text, &[]).1.first().map_or(Ok(()), |found| Err(found.message.clone()))),
    ("requirement", |text| whole(Requirement::parse(text))),
    ("shell", |text| whole(shell::parse(text))),
    ("shell_words", |text| whole(shell::words(text))),
    ("sidekiq_yaml", |text| lines(sidekiq_yaml::parse(text))),
    ("supervisor", |text| lines(supervisor::parse(text))),
    ("systemd", |text| lines(systemd::parse(text))),
    ("time_span", |text| time_span(text).map(|_| ()).ok_or_else(|| "no time span".to_owned())),
    ("upstart", |text| lines(upstart::parse(text))),
    ("version", |text| whole(CookbookConstraint::parse(text))),
];

fn whole<T, E: Display>(result: Result<T, E>) -> Result<(), String> {
    result.map(|_| ()).map_err(|error| error.to_string())
}

fn lines<T>((_, problems): (T, Vec<Problem>)) -> Result<(), String> {
    problems.first().map_or(Ok(()), |problem| Err(problem.to_string()))
}

fn grammars() -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("grammar");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let grammars = files.filter(|path| path.extension().is_some_and(|extension| extension == "ebnf"));
    grammars.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())).collect()
}

fn examples<'a>(grammar: &'a str, kind: &str) -> Vec<&'a str> {
    grammar.lines().filter_map(|line| line.strip_prefix(kind)).map(|line| line.strip_prefix(' ').unwrap_or(line)).collect()
}

#[test]
fn examples_are_accepted_and_rejected() {
    let mut faults = Vec::new();
    let languages: BTreeMap<_, _> = LANGUAGES.iter().copied().collect();
    let grammars = grammars();
    for name in languages.keys() {
        if !grammars.contains_key(*name) {
            faults.push(format!("{name} has no grammar/{name}.ebnf"));
        }
    }
    for (name, grammar) in &grammars {
        let (accepted, rejected) = (examples(grammar, "accept:"), examples(grammar, "reject:"));
        if accepted.is_empty() && rejected.is_empty() {
            continue;
        }
        let Some(check) = languages.get(name.as_str()) else {
            faults.push(format!("{name}.ebnf has examples and no line in LANGUAGES"));
            continue;
        };
        if accepted.is_empty() || rejected.is_empty() {
            faults.push(format!("{name}.ebnf needs both accepted and rejected examples"));
        }
        for example in accepted {
            if let Err(reason) = check(&text(example)) {
                faults.push(format!("{name}.ebnf: not accepted: {example}: {reason}"));
            }
        }
        for example in rejected {
            if check(&text(example)).is_ok() {
                faults.push(format!("{name}.ebnf: not rejected: {example}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn text(example: &str) -> String {
    example.replace('⏎', "\n").replace('⇥', "\t").replace('◊', "\u{F0000}")
}

/// The names of rules that are defined, and those that are used.
fn rules(grammar: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let body: String =
        grammar.lines().filter(|line| !line.starts_with("accept:") && !line.starts_with("reject:")).flat_map(|line| [line, "\n"]).collect();
    let (mut defined, mut used) = (BTreeSet::new(), BTreeSet::new());
    let mut rest = body.as_str();
    let mut at_start = true;
    while let Some(first) = rest.chars().next() {
        let skip = |closer: &str, from: usize| rest[from..].find(closer).map_or(rest.len(), |at| from + at + closer.len());
        let taken = match first {
            '(' if rest.starts_with("(*") => skip("*)", 2),
            '"' | '\'' => skip(&first.to_string(), 1),
            // A special sequence ends with ` ?`, for a `?` may stand in it.
            '?' => skip(" ?", 1),
            c if c.is_ascii_alphabetic() => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
                if at_start {
                    defined.insert(rest[..end].to_owned())
                } else {
                    used.insert(rest[..end].to_owned())
                };
                at_start = false;
                end
            }
            c => {
                at_start |= c == ';';
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    (defined, used)
}

#[test]
fn every_rule_that_is_used_is_defined() {
    for (name, grammar) in grammars() {
        let (defined, used) = rules(&grammar);
        assert!(!defined.is_empty(), "{name}.ebnf has no rule");
        let missing: Vec<_> = used.difference(&defined).collect();
        assert!(missing.is_empty(), "{name}.ebnf uses without defining: {missing:?}");
        let unused: Vec<_> = defined.difference(&used).collect();
        assert!(unused.len() <= 1, "{name}.ebnf: only the first rule may be unused: {unused:?}");
    }
}
