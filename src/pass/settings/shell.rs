//! What shells read: `/etc/environment`, profiles, `/etc/default/X`, wrapper scripts, and runit's folders of variables.

use crate::pass::settings::source::{Piece, Place, Read};
use crate::read::environment::{self, Variable};
use crate::read::shell;

/// Files that a login shell of the app's user reads.
const PROFILES: &[&str] = &[".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshenv", ".zshrc", ".bash_aliases"];

pub fn is_login(place: &Place<'_>) -> bool {
    place.path == "/etc/environment" || place.name == ".pam_environment"
}

pub fn is_profile(place: &Place<'_>) -> bool {
    let in_home = place.path.starts_with("/home/") || place.path.starts_with("/root/");
    place.path == "/etc/profile"
        || place.path == "/etc/bash.bashrc"
        || place.path.starts_with("/etc/profile.d/")
        || (PROFILES.contains(&place.name) && (in_home || place.of_app))
}

/// `/etc/default/X` and `/etc/sysconfig/X` of a process that runs here.
pub fn is_settings(place: &Place<'_>) -> bool {
    let of = place.path.strip_prefix("/etc/default/").or_else(|| place.path.strip_prefix("/etc/sysconfig/"));
    of.is_some_and(|name| place.processes.contains(name))
}

/// A script that sets variables and hands over to its arguments, or that a process runs.
pub fn is_wrapper(place: &Place<'_>) -> bool {
    let first = place.text.lines().next().unwrap_or("");
    let last = place.text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("");
    first.starts_with("#!") && first.ends_with("sh") && (place.runs || last.trim_start_matches("exec ") == "\"$@\"")
}

/// `/etc/sv/NAME/env/VARIABLE`: the file's first line is the value.
pub fn is_env_folder(place: &Place<'_>) -> bool {
    let mut parts = place.path.rsplit('/');
    let (name, folder) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let supervised = ["/etc/sv/", "/etc/service/", "/service/"].iter().any(|start| place.path.starts_with(start));
    supervised && folder == "env" && !name.is_empty()
}

pub fn read_login(place: &Place<'_>) -> Read {
    let (variables, problems) = environment::parse_login(place.text);
    Read {
        entries: variables.into_iter().map(|one| (one.name.clone(), pieces(&one))).collect(),
        whole: true,
        problems: problems.into_iter().map(|problem| (problem.line, problem.message)).collect(),
    }
}

/// What the script exports; the rest of it is not looked at.
pub fn read_exports(place: &Place<'_>) -> Read {
    let (variables, problems) = environment::parse(place.text);
    // Inside a condition or function nothing is certain.
    let inside = nested_lines(place.text);
    let all: Vec<Variable> = variables.into_iter().filter(|one| !inside.contains(&one.line)).collect();
    Read {
        // What is not exported is still good for the values of what is.
        entries: all.iter().filter(|one| one.exported).map(|one| (one.name.clone(), expanded(one, &all))).collect(),
        whole: problems.is_empty() && inside.is_empty() && !all.is_empty(),
        problems: Vec::new(),
    }
}

pub fn read_settings(place: &Place<'_>) -> Read {
    let (variables, problems) = environment::parse(place.text);
    let only_app = place.name.ends_with("env");
    Read {
        entries: variables.iter().map(|one| (one.name.clone(), pieces(one))).collect(),
        whole: problems.is_empty(),
        problems: if only_app { problems.into_iter().map(|problem| (problem.line, problem.message)).collect() } else { Vec::new() },
    }
}

pub fn read_env_folder(place: &Place<'_>) -> Read {
    let value = place.text.lines().next().unwrap_or("").trim_end().to_owned();
    Read { entries: vec![(place.name.to_owned(), vec![Piece::Literal(value)])], whole: true, problems: Vec::new() }
}

fn pieces(variable: &Variable) -> Vec<Piece> {
    let whole = variable.value.pieces.iter().map(|piece| match piece {
        shell::Piece::Plain(text) | shell::Piece::Quoted(text) => Piece::Literal(text.clone()),
        shell::Piece::Variable { name, .. } => Piece::Variable(name.clone()),
        shell::Piece::Command { script, .. } => Piece::Command(script.clone()),
        shell::Piece::Arithmetic { expression, .. } => Piece::Command(format!("({expression})")),
    });
    whole.collect()
}

/// The value, with what the script set without exporting it.
fn expanded(variable: &Variable, all: &[Variable]) -> Vec<Piece> {
    let mut out = Vec::new();
    for piece in pieces(variable) {
        let own = match &piece {
            Piece::Variable(name) => all.iter().rfind(|one| one.name == *name && one.line < variable.line && !one.exported),
            _ => None,
        };
        match own {
            Some(own) => out.extend(pieces(own)),
            None => out.push(piece),
        }
    }
    out
}

/// Lines inside `if`, loops and functions.
fn nested_lines(text: &str) -> std::collections::BTreeSet<u32> {
    let mut depth = 0_usize;
    let mut lines = std::collections::BTreeSet::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let first = line.split_whitespace().next().unwrap_or("");
        let opens = matches!(first, "if" | "for" | "while" | "until" | "case" | "select") || line.ends_with('{');
        let closes = |line: &str| {
            ["fi", "done", "esac", "}"]
                .iter()
                .any(|word| line == *word || line.ends_with(&format!("; {word}")) || line.starts_with(&format!("{word} ")))
        };
        if opens {
            depth += 1;
        }
        if depth > 0 {
            lines.insert(u32::try_from(number + 1).unwrap_or(u32::MAX));
        }
        if depth > 0 && closes(line) {
            depth -= 1;
        }
    }
    lines
}
