//! The laws of the architecture, over the `crate::…` paths in `src`: who may know whom.
//!
//! `read` and `ruby` never see Chef; `emit` sees the blueprint alone; a pass knows no target; only `cli` touches disk and terminal.
#![allow(clippy::disallowed_methods)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// A module, and the modules that it must not use.
const LAWS: &[(&str, &[&str])] = &[
    ("read", &["chef", "graph", "pass", "blueprint", "emit", "report", "cli"]),
    ("ruby", &["chef", "pass", "blueprint", "emit", "report", "cli"]),
    ("chef", &["emit", "pass", "blueprint", "report", "cli"]),
    ("watchers", &["chef", "graph", "pass", "blueprint", "emit", "report", "cli"]),
    ("graph", &["chef", "ruby", "read", "pass", "blueprint", "emit", "report", "cli"]),
    ("clockwork", &["chef", "pass", "blueprint", "emit", "report", "cli"]),
    ("pass", &["emit", "report", "cli"]),
    ("blueprint", &["chef", "ruby", "read", "graph", "pass", "emit", "report", "cli"]),
    ("emit", &["chef", "ruby", "read", "graph", "pass", "report", "cli"]),
    ("secrecy", &["chef", "ruby", "pass", "blueprint", "emit", "report", "cli"]),
    // Of `chef` it may know one table of facts: see below.
    ("audit", &["ruby", "graph", "pass", "blueprint", "emit", "report", "cli"]),
    ("facts", &["audit", "chef", "ruby", "read", "graph", "pass", "blueprint", "emit", "report", "cli"]),
    ("verify", &["chef", "ruby", "read", "report", "cli"]),
    ("report", &["cli"]),
    ("compile", &["cli", "report"]),
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            rust_files(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
}

/// Line number and first name of every `crate::name` path, `use crate::{a, b::c}` included.
fn uses(text: &str) -> Vec<(usize, String)> {
    // Comments and documentation may speak of anything.
    let code: String = text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0_usize;
            let mut item = String::new();
            for character in list.chars() {
                match character {
                    '}' if depth == 0 => break,
                    ',' if depth == 0 => found.push((line, first_name(&std::mem::take(&mut item)))),
                    _ => item.push(character),
                }
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
            }
            if !item.trim().is_empty() {
                found.push((line, first_name(&item)));
            }
        } else {
            found.push((line, first_name(rest)));
        }
    }
    found
}

fn first_name(path: &str) -> String {
    path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn modules_use_only_what_they_may_know() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    assert!(files.len() > 50, "the sources were not found");
    let mut broken = String::new();
    for file in files {
        let path = file.strip_prefix(&source).expect("inside").to_string_lossy().replace('\\', "/");
        let module = path.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let Some((_, forbidden)) = LAWS.iter().find(|(name, _)| *name == module) else { continue };
        for (line, used) in uses(&fs::read_to_string(&file).expect("readable")) {
            if forbidden.contains(&used.as_str()) {
                writeln!(broken, "src/{path}:{line} uses `crate::{used}`, which `{module}` must not know").expect("text");
            }
        }
    }
    assert!(broken.is_empty(), "\n{broken}help: move what is needed below both, or pass it in as an argument\n");
}

#[test]
fn the_audit_knows_of_chef_only_the_table_of_actions() {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/audit"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("readable");
        let rest = text.replace("crate::chef::resource::types::actions", "");
        assert!(!rest.contains("crate::chef"), "{} knows more of Chef: rules read syntax, nothing is evaluated", file.display());
    }
}

#[test]
fn only_the_command_line_touches_the_world() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut broken = String::new();
    for file in files {
        let path = file.strip_prefix(&source).expect("inside").to_string_lossy().replace('\\', "/");
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        if is_test || path == "cli.rs" || path.starts_with("cli/") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("readable");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap_or_default();
            let banned = [
                "std::fs",
                "std::env::",
                "SystemTime::now",
                "Instant::now",
                "std::net",
                "std::process::Command",
                "println!",
                "eprintln!",
                "print!(",
            ];
            if let Some(word) = banned.iter().find(|word| line.contains(**word)) {
                writeln!(broken, "src/{path}:{} has `{word}`: only src/cli touches the world outside", number + 1).expect("text");
            }
        }
    }
    assert!(broken.is_empty(), "\n{broken}");
}

#[test]
fn one_file_starts_programs() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    for file in files.iter().filter(|file| !file.ends_with("docker.rs")) {
        let text = fs::read_to_string(file).expect("readable");
        assert!(!text.contains("std::process::Command") && !text.contains("Command::new("), "{} starts a program", file.display());
    }
}

#[test]
fn paths_are_found_in_every_form() {
    let names = |text: &str| uses(text).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    assert_eq!(names("use crate::chef::run;\nlet x = crate::graph::Run;"), ["chef", "graph"]);
    assert_eq!(names("use crate::{chef::{a, b}, emit, graph::Run};"), ["chef", "emit", "graph"]);
    assert_eq!(names("use crate::{\n  pass,\n  text::Text,\n};\n// crate::emit"), ["pass", "text"]);
}
