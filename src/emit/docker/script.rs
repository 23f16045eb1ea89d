//! `execute`, `bash`, `script`: a command of the cookbook as `RUN`, readable and with nothing reinterpreted.
//!
//! A command of plain words stays on one line; anything else becomes a here-document, so that neither Dockerfile quoting
//! nor line continuation touches it. Shells run it as a file with their `#!` line, other interpreters read it.

use std::collections::BTreeMap;

use crate::emit::docker::instruction::{Instruction, assignments, paths, shell_word};

/// A command with its surroundings.
pub struct Script<'a> {
    /// The text.
    pub script: &'a str,
    /// `sh`, `bash`, `ruby`, … with options.
    pub interpreter: &'a str,
    /// Where it runs.
    pub cwd: Option<&'a str>,
    /// `uid:gid` it runs as, when not root.
    pub user: Option<String>,
    /// Its own variables.
    pub variables: &'a BTreeMap<String, String>,
}

/// The instructions that run it; `workdir` is where the image goes back to.
#[must_use]
pub fn instructions(script: &Script, workdir: &str, comments: Vec<String>) -> Vec<Instruction> {
    let cwd = script.cwd.filter(|cwd| cwd.starts_with('/'));
    let mut out = Vec::new();
    out.extend(cwd.map(|cwd| Instruction::plain(format!("WORKDIR {}", workdir_path(cwd)))));
    out.extend(script.user.as_ref().map(|user| Instruction::plain(format!("USER {user}"))));
    out.push(run(script));
    if let Some(first) = out.first_mut() {
        *first = first.clone().commented(comments);
    }
    out.extend(script.user.as_ref().map(|_| Instruction::plain("USER 0:0")));
    if cwd.is_some() {
        out.push(Instruction::plain(format!("WORKDIR {}", workdir_path(if workdir.is_empty() { "/" } else { workdir }))));
    }
    out
}

/// The command of a script that may share its `RUN` with others: one line of plain words that changes nothing about the shell itself.
#[must_use]
pub fn short(script: &Script) -> Option<String> {
    const OF_THE_SHELL: &[&str] = &["exec", "exit", "export", "set", "source", "trap", "ulimit", "umask", "unset"];
    let first = script.script.split_whitespace().next().unwrap_or_default();
    let is_shell = matches!(script.interpreter.trim(), "sh" | "/bin/sh");
    let plain = is_shell && is_one_line(script.script) && script.cwd.is_none() && script.user.is_none();
    (plain && !first.contains('=') && !OF_THE_SHELL.contains(&first))
        .then(|| format!("{}{}", assignments(script.variables), script.script.trim()))
}

fn run(script: &Script) -> Instruction {
    let interpreter = script.interpreter.trim();
    let program = interpreter.split_whitespace().next().unwrap_or("sh");
    let name = program.rsplit('/').next().unwrap_or(program);
    match name {
        "sh" | "dash" if is_one_line(script.script) => {
            Instruction::plain(format!("RUN {}{}", assignments(script.variables), script.script.trim()))
        }
        "sh" | "dash" if interpreter.split_whitespace().count() < 2 => {
            Instruction::script("", &format!("{}{}", exports(script.variables), body(script.script)))
        }
        "sh" | "dash" | "bash" | "ksh" | "zsh" => {
            let path = if program.starts_with('/') { interpreter.to_owned() } else { format!("/bin/{interpreter}") };
            Instruction::script("", &format!("#!{path}\n{}{}", exports(script.variables), body(script.script)))
        }
        "" => Instruction::script("", &body(script.script)),
        // Ruby, Python and Perl read their program from standard input.
        _ => {
            let words: Vec<String> = interpreter.split_whitespace().map(shell_word).collect();
            Instruction::script(&format!("{}{} ", assignments(script.variables), words.join(" ")), &body(script.script))
        }
    }
}

/// Plain words only: nothing that Dockerfile syntax or a linter would look at twice.
fn is_one_line(script: &str) -> bool {
    let text = script.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    !text.is_empty()
        && first.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/' || c == '_')
        && !matches!(first, "cd" | "sudo" | "wget" | "curl" | "apt-get" | "apt" | "yum" | "dnf" | "pip" | "npm" | "gem" | "ln" | "useradd")
        && !text.contains("sudo ")
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@,+%= '\"".contains(c))
        && text.matches('\'').count().is_multiple_of(2)
        && text.matches('"').count().is_multiple_of(2)
}

fn body(script: &str) -> String {
    script.trim_matches('\n').trim_end().to_owned()
}

fn exports(variables: &BTreeMap<String, String>) -> String {
    variables.iter().map(|(name, value)| format!("export {name}={}\n", shell_word(value))).collect()
}

/// A path as `WORKDIR` takes it.
pub(super) fn workdir_path(path: &str) -> String {
    // WORKDIR takes the rest of the line as it is, but expands variables.
    let path = paths(&[path]);
    path.strip_prefix("[\"").and_then(|inner| inner.strip_suffix("\"]")).map_or(path.clone(), |inner| format!("\"{inner}\""))
}
