//! Calls of `whenever` in a command line, with their options, whatever stands around them: `su -c`, `rvm do`, `bundle exec`.

use std::collections::BTreeMap;

use crate::read::shell::{self, Command, Script, SimpleCommand};

/// A call that writes a crontab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// `--set`
    pub set: Option<String>,
    /// `--roles`
    pub roles: Option<Vec<String>>,
    /// `--user`, or of `sudo` and `su` around it.
    pub user: Option<String>,
    /// `--load-file`
    pub file: Option<String>,
    /// The directory that a `cd` before it went to.
    pub directory: Option<String>,
    /// Variables that stand before it.
    pub variables: BTreeMap<String, String>,
}

const DEPTH: usize = 6;

/// Every call in a script that writes a crontab; `--clear-crontab` and printing make none.
pub fn all(line: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    if line.contains("whenever") {
        of_line(line, &Call::default(), &mut calls, 0);
    }
    calls
}

fn of_line(line: &str, around: &Call, calls: &mut Vec<Call>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    if let Ok(script) = shell::parse(line) {
        of_script(&script, &mut around.clone(), calls, depth);
    }
}

fn of_script(script: &Script, around: &mut Call, calls: &mut Vec<Call>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    for (_, pipeline) in script.entries.iter().flat_map(|entry| &entry.pipelines) {
        let piped = pipeline.commands.len() > 1;
        for command in &pipeline.commands {
            match command {
                Command::Simple(simple) => of_simple(simple, piped, around, calls, depth),
                Command::Subshell { body, .. } => of_script(body, &mut around.clone(), calls, depth + 1),
                Command::Group { body, .. } => of_script(body, around, calls, depth + 1),
                Command::Opaque { text, .. } if text.contains("whenever") => {
                    for line in text.lines().filter(|line| line.contains("whenever")) {
                        let line = line.trim().trim_start_matches("then ").trim_start_matches("do ").trim_end_matches("; fi");
                        of_line(line, around, calls, depth + 1);
                    }
                }
                Command::Opaque { .. } => {}
            }
        }
    }
}

fn of_simple(simple: &SimpleCommand, piped: bool, around: &mut Call, calls: &mut Vec<Call>, depth: usize) {
    let words: Vec<String> = simple.words.iter().map(|word| word.known().unwrap_or_else(|| word.shown())).collect();
    let assigned = simple.assignments.iter().filter_map(|one| Some((one.name.clone(), one.value.known()?)));
    match words.first().map(String::as_str) {
        None => {
            around.variables.extend(assigned);
            return;
        }
        Some("cd" | "pushd") => {
            around.directory = words.get(1).cloned();
            return;
        }
        Some("export") => {
            around
                .variables
                .extend(words.iter().skip(1).filter_map(|word| word.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned())));
            return;
        }
        _ => {}
    }
    let mut here = around.clone();
    here.variables.extend(assigned);
    let name = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let end = words.iter().position(|word| name(word) == "whenever").unwrap_or(words.len());
    for (index, word) in words[..end].iter().enumerate() {
        if let Some((variable, value)) =
            word.split_once('=').filter(|(variable, _)| variable.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        {
            here.variables.insert(variable.to_owned(), value.to_owned());
        }
        match name(word).as_str() {
            "-u" => here.user = words.get(index + 1).cloned(),
            "su" => here.user = words[index + 1..].iter().find(|word| !word.starts_with('-')).cloned(),
            _ => {}
        }
        // `bash -lc '…'`, `su deploy -c '…'`
        let inner = index > 0 && word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
        if let Some(line) = words.get(index + 1).filter(|line| inner && line.contains("whenever")) {
            of_line(line, &here, calls, depth + 1);
            return;
        }
    }
    if end == words.len() {
        return;
    }
    let options = &words[end + 1..];
    let has = |short: &str, long: &str| options.iter().any(|word| word == short || word == long || word.starts_with(&format!("{long}=")));
    let redirected = simple.redirections.iter().any(|one| matches!(one.operator, ">" | ">>") && one.target.shown().contains("cron"));
    if has("-c", "--clear-crontab") || !(has("-i", "--update-crontab") || has("-w", "--write-crontab") || piped || redirected) {
        return;
    }
    let value = |short: &str, long: &str| {
        options.iter().enumerate().find_map(|(index, word)| {
            if word == short || word == long {
                options.get(index + 1).cloned()
            } else {
                let joined = word.strip_prefix(&format!("{long}=")).or_else(|| word.strip_prefix(short).filter(|rest| !rest.is_empty()));
                joined.map(|value| value.trim_start_matches('=').to_owned())
            }
        })
    };
    let roles = value("-r", "--roles");
    calls.push(Call {
        set: value("-s", "--set"),
        roles: roles.map(|list| list.split(',').map(str::trim).filter(|role| !role.is_empty()).map(str::to_owned).collect()),
        user: value("-u", "--user").or(here.user),
        file: value("-f", "--load-file"),
        directory: here.directory,
        variables: here.variables,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_their_options() {
        let one = |line: &str| {
            let mut calls = all(line);
            assert_eq!(calls.len(), 1, "{line}");
            calls.remove(0)
        };
        let call = one("cd /srv/a/current && RAILS_ENV=staging bundle exec whenever -i a -r app,db -s 'environment=staging&path=/x'");
        assert_eq!((call.set.as_deref(), call.directory.as_deref()), (Some("environment=staging&path=/x"), Some("/srv/a/current")));
        assert_eq!(call.roles, Some(vec!["app".to_owned(), "db".to_owned()]));
        assert_eq!(call.variables.get("RAILS_ENV").map(String::as_str), Some("staging"));
        let call = one("sudo su - deploy -c 'cd /a; rvm 2.3 do bundle exec whenever --update-crontab --load-file=config/other.rb'");
        assert_eq!(
            (call.user.as_deref(), call.file.as_deref(), call.directory.as_deref()),
            (Some("deploy"), Some("config/other.rb"), Some("/a"))
        );
        assert_eq!(one("whenever | crontab -").user, None);
        for line in ["whenever", "bundle exec whenever -c app", "whenever --clear-crontab app", "gem install whenever", "echo x"] {
            assert!(all(line).is_empty(), "{line}");
        }
    }
}
