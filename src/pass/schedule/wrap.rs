//! A scheduled command taken apart: the program in exec form, where its output went, and what kept a second run from starting.
//!
//! `flock -n /tmp/x.lock timeout 300 bin/sync >> log/x.log 2>&1` is `timeout 300 bin/sync`, output to `log/x.log`, no second run.

use crate::blueprint::Overlap;
use crate::pass::command::{self, Plain, Wrappers};
use crate::read::shell::{self, Command, Redirection, Script, SimpleCommand};

/// A command taken apart.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// Program, user, directory, variables.
    pub plain: Plain,
    /// Where its output went.
    pub output: Vec<String>,
    /// Whether a second run may start.
    pub overlap: Overlap,
}

/// Programs that let only one run at a time through, and those of them whose lock is their first argument.
const LOCKS: &[(&str, bool)] = &[
    ("flock", true),
    ("setlock", true),
    ("lockrun", false),
    ("lckdo", true),
    ("with_lock", true),
    ("withlock", true),
    ("with-lock", true),
    ("cronlock", false),
    ("run-one", false),
    ("solo", false),
    ("lockfile", true),
];

/// Locks that the reading of commands does not take off by itself.
const OWN: &[&str] = &["lockrun", "lckdo", "with_lock", "withlock", "with-lock", "run-one", "solo"];

/// How deep `sh -c` inside `su -c` inside … is looked into.
const DEPTH: usize = 6;

/// Takes a line apart.
#[must_use]
pub fn take(line: &str, wrappers: &Wrappers) -> Taken {
    let mut taken = Taken { plain: command::plain(line, wrappers), ..Taken::default() };
    let mut limit = Vec::new();
    survey(line, &mut taken, &mut limit, 0);
    finish(&mut taken, wrappers, limit);
    taken
}

/// Takes words apart that are split already.
#[must_use]
pub fn take_words(words: &[String], wrappers: &Wrappers) -> Taken {
    let mut taken = Taken { plain: command::plain_words(words, wrappers), ..Taken::default() };
    let mut limit = Vec::new();
    of_words(words, &mut taken, &mut limit, 0);
    finish(&mut taken, wrappers, limit);
    taken
}

fn finish(taken: &mut Taken, wrappers: &Wrappers, limit: Vec<String>) {
    for _ in 0..4 {
        let first = taken.plain.words.first().map(|word| base(word).to_owned()).unwrap_or_default();
        if !OWN.contains(&first.as_str()) {
            break;
        }
        let lock = LOCKS.iter().any(|(name, lock)| *name == first && *lock);
        let mut index = 1;
        while taken.plain.words.get(index).is_some_and(|word| word.starts_with('-')) {
            index += 1;
            if taken.plain.words.get(index - 1).is_some_and(|word| word == "--") {
                break;
            }
        }
        let rest = taken.plain.words.get(index + usize::from(lock)..).unwrap_or_default().to_vec();
        if rest.is_empty() {
            break;
        }
        let inner = command::plain_words(&rest, wrappers);
        taken.plain.words = inner.words;
        taken.plain.shell = inner.shell;
        taken.plain.user = inner.user.or(taken.plain.user.take());
        taken.plain.directory = inner.directory.or(taken.plain.directory.take());
        taken.plain.variables.extend(inner.variables);
    }
    // A home is nothing that another than a shell goes to.
    if let Some(home) = taken.plain.directory.take_if(|path| path.starts_with('~'))
        && !taken.plain.shell
    {
        let words: Vec<String> = taken.plain.words.iter().map(|word| shell::escape(word)).collect();
        taken.plain.words = vec!["sh".to_owned(), "-c".to_owned(), format!("cd {home} && {}", words.join(" "))];
        taken.plain.shell = true;
    }
    let there = taken.plain.shell || taken.plain.words.first().is_some_and(|word| base(word) == "timeout");
    if !there && !limit.is_empty() && !taken.plain.words.is_empty() {
        taken.plain.words.splice(0..0, limit);
    }
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn survey(line: &str, taken: &mut Taken, limit: &mut Vec<String>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    if let Ok(script) = shell::parse(line) {
        of_script(&script, taken, limit, depth);
    }
}

fn of_script(script: &Script, taken: &mut Taken, limit: &mut Vec<String>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    for command in script.entries.iter().flat_map(|entry| &entry.pipelines).flat_map(|(_, pipeline)| &pipeline.commands) {
        match command {
            Command::Simple(simple) => of_simple(simple, taken, limit, depth),
            Command::Subshell { body, redirections, .. } | Command::Group { body, redirections, .. } => {
                of_script(body, taken, limit, depth + 1);
                outputs(redirections, taken);
            }
            Command::Opaque { redirections, .. } => outputs(redirections, taken),
        }
    }
}

fn of_simple(simple: &SimpleCommand, taken: &mut Taken, limit: &mut Vec<String>, depth: usize) {
    let words: Vec<String> = simple.words.iter().map(shell::Word::shown).collect();
    outputs(&simple.redirections, taken);
    of_words(&words, taken, limit, depth);
}

fn of_words(words: &[String], taken: &mut Taken, limit: &mut Vec<String>, depth: usize) {
    match words.first().map(|word| base(word)) {
        Some("logger") => add(taken, "syslog"),
        Some("tee") => words[1..].iter().filter(|word| !word.starts_with('-')).for_each(|word| add(taken, word)),
        _ => {}
    }
    let mut wraps = true;
    for (index, word) in words.iter().enumerate() {
        let name = base(word);
        if wraps && let Some((name, lock)) = LOCKS.iter().find(|(known, _)| *known == name) {
            let mut file = words[index + 1..].iter().filter(|word| !word.starts_with('-'));
            let file = file.next().filter(|_| *lock).map(|file| format!(" {file}")).unwrap_or_default();
            taken.overlap = Overlap::Forbidden(format!("{name}{file}"));
        }
        if wraps && name == "timeout" && limit.is_empty() {
            *limit = time_limit(&words[index..]);
        }
        if (word == "-c" || word == "-lc" || word == "-ilc" || word == "-ic" || word == "--command")
            && let Some(line) = words.get(index + 1)
            && index > 0
        {
            survey(line, taken, limit, depth + 1);
        }
        // Only what stands before the program wraps it.
        wraps &= index < 12;
    }
}

/// `timeout -s INT 300`: the words up to the command.
fn time_limit(words: &[String]) -> Vec<String> {
    let mut kept = vec!["timeout".to_owned()];
    let mut index = 1;
    while let Some(word) = words.get(index) {
        kept.push(word.clone());
        index += 1;
        if matches!(word.as_str(), "-s" | "-k" | "--signal" | "--kill-after") {
            kept.extend(words.get(index).cloned());
            index += 1;
        } else if !word.starts_with('-') {
            return kept;
        }
    }
    Vec::new()
}

fn outputs(redirections: &[Redirection], taken: &mut Taken) {
    for one in redirections {
        if matches!(one.operator, ">" | ">>" | "&>" | "&>>" | ">|") {
            add(taken, &one.target.shown());
        }
    }
}

fn add(taken: &mut Taken, output: &str) {
    if !taken.output.iter().any(|known| known == output) {
        taken.output.push(output.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_limits_and_outputs() {
        let of = |line: &str| {
            let taken = take(line, &Wrappers::new());
            let lock = matches!(taken.overlap, Overlap::Forbidden(_));
            (taken.plain.words.join(" "), taken.output.join(" "), lock)
        };
        let row = |words: &str, output: &str, lock: bool| (words.to_owned(), output.to_owned(), lock);
        assert_eq!(of("flock -n /tmp/x bin/sync >> log/a.log 2>&1"), row("bin/sync", "log/a.log", true));
        assert_eq!(of("/usr/bin/timeout 300 bin/sync > /dev/null 2> err.log"), row("timeout 300 bin/sync", "/dev/null err.log", false));
        assert_eq!(of("su - deploy -c 'cd /a && flock /tmp/y -c \"bin/x >> b.log\"'"), row("bin/x", "b.log", true));
        assert_eq!(of("lockrun --lockfile=/tmp/z -- bin/x | logger -t x"), row("bin/x", "syslog", true));
        assert_eq!(of("bin/x"), row("bin/x", "", false));
    }
}
