//! What the machine was for: rendered files, recipes, projects and stacks, and the items of the blueprint that must come out of them.
//!
//! `blueprint/THEME/NAME.case` starts with what it proves and goes on in sections that begin with `=== `:
//!
//! - `file /etc/x`: a file that the cookbook lays out there,
//! - `recipe`: more of the recipe, behind those files; `cookbook PATH`: any other file of the cookbook (`templates/default/a.erb`),
//! - `repository PATH`: any other file of the repository (`nodes/web1.json`),
//! - `app PATH`: a file of the project that is deployed, `stack NAME PATH`: one of a stack's description,
//! - `expect`: items of the text form of `ekiben graph --blueprint`, each with the lines that it must have, and further
//!   `without process web` (there is no such item), `hides pa55w0rd` (it stands nowhere), `all schedules: a, b` (a section's
//!   names), `diagnostic C130 words of it`.
//!
//! `BLUEPRINT_CASE=name cargo test --test blueprint -- --nocapture` shows everything that came out of one case.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

use ekiben::compile::{design, with_stack};
use ekiben::outcome::{Options, Outcome};
use ekiben::report::blueprint::{View, text};
use ekiben::report::mask::Masker;
use ekiben::source::SourceMap;

/// Kinds of items, the longest first where one begins with another.
const KINDS: &[&str] = &[
    "unset variable",
    "inner schedule",
    "secret file",
    "environment",
    "disposition",
    "variable",
    "schedule",
    "process",
    "image",
    "store",
    "route",
    "file",
    "task",
    "job",
];

struct Case {
    name: String,
    sections: Vec<(String, String)>,
}

fn cases(theme: &Path) -> Vec<Case> {
    let mut paths: Vec<PathBuf> = fs::read_dir(theme).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "case")).map(|path| read(path)).collect()
}

fn read(path: &Path) -> Case {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in fs::read_to_string(path).expect("a case").lines() {
        match line.strip_prefix("=== ") {
            Some(title) => sections.push((title.trim().to_owned(), String::new())),
            None => {
                if let Some((_, body)) = sections.last_mut() {
                    body.push_str(line);
                    body.push('\n');
                }
            }
        }
    }
    Case { name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), sections }
}

fn outcome(case: &Case) -> Outcome {
    let mut sources = SourceMap::new();
    let mut recipe = String::new();
    let mut more = String::new();
    let mut stacks: Vec<String> = Vec::new();
    let mut app = None;
    sources.add_text("cookbooks/example/metadata.rb", "name 'example'\nversion '1.0.0'\n");
    for (number, (title, body)) in case.sections.iter().enumerate() {
        let words: Vec<&str> = title.split_whitespace().collect();
        match words.as_slice() {
            ["file", path, rest @ ..] => {
                let mode = rest.iter().find_map(|word| word.strip_prefix("mode=")).unwrap_or("0644");
                recipe.push_str(&format!("cookbook_file '{path}' do\n  source 'f{number}'\n  mode '{mode}'\nend\n"));
                sources.add_text(format!("cookbooks/example/files/default/f{number}"), body.as_str());
            }
            ["recipe"] => more.push_str(body),
            ["cookbook", path] => {
                sources.add_text(format!("cookbooks/example/{path}"), body.as_str());
            }
            ["app", path] => {
                sources.add_text(format!("app/{path}"), body.as_str());
                app = Some("app/".to_owned());
            }
            ["stack", name, path] => {
                sources.add_text(format!("opsworks/{name}/{path}"), body.as_str());
                let folder = format!("opsworks/{name}/");
                if !stacks.contains(&folder) {
                    stacks.push(folder);
                }
            }
            ["repository", path] => {
                sources.add_text(*path, body.as_str());
            }
            ["expect"] => {}
            _ => panic!("{}: what is `{title}`?", case.name),
        }
    }
    sources.add_text("cookbooks/example/recipes/default.rb", format!("{recipe}{more}"));
    let options = Options {
        name: "example".to_owned(),
        app,
        stacks: stacks.iter().map(|stack| sources.under(stack).map(|(id, _)| id).collect()).collect(),
        ..Options::default()
    };
    design(&sources, &options)
}

/// What is wrong with a case; nothing is right.
fn faults(case: &Case) -> Vec<String> {
    let outcome = outcome(case);
    let view = View::of(&outcome, &Masker::new(&outcome));
    let shown = text(&view);
    if std::env::var("BLUEPRINT_CASE").is_ok_and(|name| name == case.name) {
        println!("{shown}\n{:#?}", outcome.diagnostics);
        outcome.dispositions.iter().for_each(|one| println!("{} {:?} {:?} {}", one.name, one.fate, one.ends_in, one.why));
    }
    let mut faults = Vec::new();
    let mut item: Option<(String, Vec<String>)> = None;
    let (mut said, mut expected) = (outcome.diagnostics.iter(), 0);
    for line in case.sections.iter().filter(|(title, _)| title == "expect").flat_map(|(_, body)| body.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        expected += 1;
        if let Some(wanted) = line.strip_prefix("  ") {
            match &item {
                Some((_, lines)) if lines.iter().any(|known| known == wanted) => {}
                Some((name, lines)) => faults.push(format!("{name} has no `{wanted}`, but\n      {}", lines.join("\n      "))),
                None => {}
            }
        } else if let Some(rest) = line.strip_prefix("without ") {
            let (kind, name) = kind_and_name(rest).unwrap_or_else(|| panic!("{}: what is `{line}`?", case.name));
            if view.find(kind, name).is_some() {
                faults.push(format!("there is a {kind} {name}"));
            }
        } else if let Some((section, names)) = line.strip_prefix("all ").and_then(|rest| rest.split_once(':')) {
            let items = view.sections.iter().find(|(known, _)| *known == section.trim().replace(' ', "_"));
            let (_, items) = items.unwrap_or_else(|| panic!("{}: no section `{section}`", case.name));
            let found: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
            let wanted: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
            if found != wanted {
                faults.push(format!("the {section} are {found:?}, not {wanted:?}"));
            }
        } else if let Some(secret) = line.strip_prefix("hides ") {
            let places =
                [&shown, &format!("{:?}", outcome.blueprint), &format!("{:?}", outcome.diagnostics)].map(|text| text.contains(secret));
            if places.contains(&true) {
                faults.push(format!("`{secret}` is shown"));
            }
        } else if let Some(rest) = line.strip_prefix("diagnostic ") {
            let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
            if !said.clone().any(|one| one.code == code && one.message.contains(words)) {
                let all: Vec<String> = said.by_ref().map(|one| format!("{} {}", one.code, one.message)).collect();
                faults.push(format!("no diagnostic {rest}, but {all:#?}"));
            }
        } else {
            let (kind, name) = kind_and_name(line).unwrap_or_else(|| panic!("{}: what is `{line}`?", case.name));
            match view.find(kind, name) {
                Some(found) => item = Some((line.to_owned(), found.lines())),
                None => {
                    let all = view.sections.iter().flat_map(|(_, items)| items).filter(|item| item.kind == kind);
                    faults.push(format!("there is no {kind} `{name}`, but {:?}", all.map(|item| &item.name).collect::<Vec<_>>()));
                    item = None;
                }
            }
        }
    }
    assert!(expected > 0, "{} expects nothing", case.name);
    faults
}

fn kind_and_name(line: &str) -> Option<(&'static str, &str)> {
    KINDS.iter().find_map(|kind| Some((*kind, line.strip_prefix(kind)?.strip_prefix(' ')?)))
}

/// Runs every case of a theme; there are at least `least`.
fn theme(name: &str, least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/blueprint").join(name);
    let all = cases(&folder);
    assert!(all.len() >= least, "{name}: {} cases, expected {least}", all.len());
    let wrong = with_stack(|| {
        let mut wrong = Vec::new();
        for case in &all {
            let faults = faults(case);
            if !faults.is_empty() {
                wrong.push(format!("{name}/{}:\n    {}", case.name, faults.join("\n    ")));
            }
        }
        wrong
    });
    assert!(wrong.is_empty(), "{} of {} cases are wrong\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn processes() {
    theme("processes", 73);
}

#[test]
fn images() {
    theme("images", 6);
}

#[test]
fn packages() {
    theme("packages", 4);
}

#[test]
fn schedules() {
    theme("schedules", 40);
}

#[test]
fn environment() {
    theme("environment", 35);
}

#[test]
fn stores() {
    theme("stores", 15);
}

#[test]
fn workers() {
    theme("workers", 25);
}

#[test]
fn web() {
    theme("web", 25);
}

#[test]
fn routes() {
    theme("routes", 15);
}

#[test]
fn opsworks() {
    theme("opsworks", 5);
}
