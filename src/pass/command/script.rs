//! Walks a script: what is set up on the way (directory, variables, limits), and the commands that it is for.
//!
//! A single line (cron, `su -c`) has one command or needs a shell. A service's script has the command it becomes by `exec`, or those it
//! sends to the background; `mkdir`, `chown`, `test` and their kin around them are a host's preparations.

use std::collections::BTreeMap;

use super::word::needs_shell;
use super::{Around, Plain, Wrappers};
use crate::read::shell::{self, Command, Construct, Script, SimpleCommand};

/// Bytes of script that are walked for one text, functions once for each call: beyond it, it is not followed.
const BUDGET: usize = 2_000_000;

/// The longest value of a variable that is kept.
const LONGEST: usize = 10_000;

/// How deep scripts, functions and `su -c '…'` may stand in each other.
const DEPTH: usize = 8;

/// Commands of a service's script that prepare the host and start nothing.
const PREPARATIONS: &[&str] = &[
    "[",
    "test",
    "mkdir",
    "chown",
    "chmod",
    "chgrp",
    "rm",
    "touch",
    "ln",
    "install",
    "echo",
    "printf",
    "sleep",
    "true",
    ":",
    "date",
    "id",
    "trap",
    "shift",
    "wait",
    "return",
    "exit",
    "unset",
    "shopt",
    "log_daemon_msg",
    "log_end_msg",
    "log_success_msg",
    "log_failure_msg",
    "log_progress_msg",
    "log_warning_msg",
    "log_action_msg",
    "log_begin_msg",
    "success",
    "failure",
    "warning",
    "passed",
    "hostname",
    "pgrep",
    "pidof",
    "pidofproc",
    "status",
    "checkpid",
    "kill",
    "pkill",
    "killall",
    "killproc",
    "restorecon",
    "logger",
    "cat",
    "grep",
    "sed",
    "cp",
    "mv",
    "find",
    "stat",
    "which",
    "type",
    "pidfileofproc",
    "rc_status",
    "rc_reset",
    "initctl",
    "status_of_proc",
    "read",
    "local",
    "ps",
];

/// Files that scripts read for their functions, not for variables.
const LIBRARIES: &[&str] = &[
    "init-functions",
    "functions",
    "rc.status",
    "rvm",
    "nvm.sh",
    ".bashrc",
    ".bash_profile",
    ".profile",
    "activate",
    "rbenv.sh",
    "chruby.sh",
    "network",
];

/// A command that a script may be for.
pub(super) struct Candidate {
    plain: Plain,
    /// It replaces the script, or stays in the background.
    strong: bool,
}

/// Reads scripts and lines.
pub(super) struct Reader<'a> {
    wrappers: &'a Wrappers,
    files: Option<&'a dyn Fn(&str) -> Option<String>>,
    /// What only a shell expands, as written.
    pub(super) expansions: Vec<String>,
    /// Variables of the shell.
    pub(super) scope: BTreeMap<String, String>,
    functions: BTreeMap<String, String>,
    /// Files that the script itself writes, by the name it gives them.
    written: BTreeMap<String, String>,
    /// The text belongs to a service: its process must stay in the foreground.
    pub(super) service: bool,
    /// `set -a`: what is set from here on is exported.
    exports: bool,
    /// What is left of [`BUDGET`].
    budget: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn of_line(wrappers: &'a Wrappers) -> Self {
        Self {
            wrappers,
            files: None,
            expansions: Vec::new(),
            scope: BTreeMap::new(),
            functions: BTreeMap::new(),
            written: BTreeMap::new(),
            service: false,
            exports: false,
            budget: BUDGET,
        }
    }

    pub(super) fn of_service(around: Around<'a>, known: &BTreeMap<String, String>) -> Self {
        Self { files: Some(around.files), service: true, scope: known.clone(), ..Self::of_line(around.wrappers) }
    }

    /// Whether `program` is a wrapper script of the host.
    pub(super) fn is_wrapper(&self, program: &str) -> bool {
        self.wrappers.contains_key(program) || self.wrappers.keys().any(|path| path.rsplit('/').next() == Some(program))
    }

    /// All that the script of a service starts.
    pub(super) fn service(&mut self, text: &str) -> Vec<Plain> {
        let mut found = Plain::default();
        let Ok(script) = shell::parse(text) else {
            as_shell(text, &mut found);
            return vec![found];
        };
        let mut candidates = Vec::new();
        self.walk(&script, &mut found, &mut candidates, 0);
        if candidates.iter().any(|candidate| candidate.strong) {
            return candidates.into_iter().filter(|candidate| candidate.strong).map(|candidate| candidate.plain).collect();
        }
        match candidates.len() {
            0 => Vec::new(),
            1 => candidates.into_iter().map(|candidate| candidate.plain).collect(),
            _ if candidates.iter().all(|candidate| candidate.plain.service.is_some()) => {
                candidates.into_iter().map(|candidate| candidate.plain).collect()
            }
            _ => {
                as_shell(text, &mut found);
                vec![found]
            }
        }
    }

    /// Every command that a script may be for, those that stay first.
    pub(super) fn candidates(&mut self, text: &str) -> Vec<Plain> {
        let Ok(script) = shell::parse(text) else { return Vec::new() };
        let mut candidates = Vec::new();
        self.walk(&script, &mut Plain::default(), &mut candidates, 0);
        candidates.sort_by_key(|candidate| !candidate.strong);
        candidates.into_iter().map(|candidate| candidate.plain).collect()
    }

    /// One line: its only command, or the line for a shell.
    pub(super) fn line(&mut self, line: &str, found: &mut Plain, depth: usize) {
        let parsed = if depth > DEPTH { None } else { shell::parse(line).ok() };
        let Some(script) = parsed else {
            as_shell(line, found);
            return;
        };
        let before = found.clone();
        let mut candidates = Vec::new();
        self.walk(&script, found, &mut candidates, depth);
        let strong = candidates.iter().position(|candidate| candidate.strong && self.service);
        let chosen = strong.or_else(|| (candidates.len() == 1).then_some(0));
        match chosen {
            Some(at) => *found = candidates.swap_remove(at).plain,
            None => {
                *found = Plain { user: found.user.take(), group: found.group.take(), ..before };
                let line = self.written_line(line);
                as_shell(&line, found);
            }
        }
    }

    /// A line with the expansions of the line around it as they were written.
    fn written_line(&self, line: &str) -> String {
        if needs_shell(line) { self.shown(line) } else { line.to_owned() }
    }

    fn walk(&mut self, script: &Script, found: &mut Plain, candidates: &mut Vec<Candidate>, depth: usize) {
        if depth > DEPTH || candidates.len() > 100 {
            return;
        }
        for entry in &script.entries {
            for (_, pipeline) in &entry.pipelines {
                let Some((first, rest)) = pipeline.commands.split_first() else { continue };
                let mut here = Plain::default();
                let sinks: Vec<&SimpleCommand> = rest
                    .iter()
                    .filter_map(|command| match command {
                        Command::Simple(simple) if self.log_of(simple, &mut here) => Some(simple),
                        _ => None,
                    })
                    .collect();
                if sinks.len() < rest.len() {
                    let preparation = self.service && matches!(first, Command::Simple(simple) if self.is_preparation(simple));
                    if !preparation {
                        let mut plain = found.clone();
                        let all: Vec<&str> = pipeline.commands.iter().map(text_of).collect();
                        as_shell(&all.join(" | "), &mut plain);
                        plain.background |= entry.background;
                        candidates.push(Candidate { plain, strong: entry.background });
                        // A line for a shell is that as a whole.
                        if !self.service {
                            candidates.push(Candidate { plain: Plain::default(), strong: false });
                        }
                    }
                    continue;
                }
                let from = candidates.len();
                self.command(first, found, candidates, depth);
                for candidate in candidates.iter_mut().skip(from) {
                    candidate.strong |= entry.background;
                    candidate.plain.background |= entry.background;
                    candidate.plain.dropped.extend(sinks.iter().map(|sink| format!("| {}", sink.text)));
                    candidate.plain.logs.extend(here.logs.iter().cloned());
                }
            }
        }
    }

    fn command(&mut self, command: &Command, found: &mut Plain, candidates: &mut Vec<Candidate>, depth: usize) {
        match command {
            Command::Simple(simple) => self.simple(simple, found, candidates, depth),
            // `( … )` and `{ … }` around one command mean nothing here; a directory changed in brackets is left again.
            Command::Subshell { body, redirections, .. } => {
                let mut inner = found.clone();
                let from = candidates.len();
                self.walk(body, &mut inner, candidates, depth + 1);
                for candidate in candidates.iter_mut().skip(from) {
                    self.redirect(redirections, &mut candidate.plain);
                }
            }
            Command::Group { body, redirections, .. } => {
                let from = candidates.len();
                self.walk(body, found, candidates, depth + 1);
                for candidate in candidates.iter_mut().skip(from) {
                    self.redirect(redirections, &mut candidate.plain);
                }
            }
            Command::Opaque { text, .. } if self.service => self.construct(text, found, candidates, depth),
            Command::Opaque { .. } => {
                candidates.push(Candidate { plain: Plain::default(), strong: false });
                candidates.push(Candidate { plain: Plain::default(), strong: false });
            }
        }
    }

    fn body(&mut self, text: &str, found: &mut Plain, candidates: &mut Vec<Candidate>, depth: usize) {
        let cost = text.len() + 100;
        if depth >= DEPTH || cost > self.budget {
            return;
        }
        self.budget -= cost;
        if let Ok(script) = shell::parse(text) {
            self.walk(&script, found, candidates, depth + 1);
        }
    }

    fn construct(&mut self, text: &str, found: &mut Plain, candidates: &mut Vec<Candidate>, depth: usize) {
        match shell::construct(text) {
            Some(Construct::If { branches, otherwise }) => {
                for (condition, body) in &branches {
                    let mut asked = Vec::new();
                    self.body(condition, &mut found.clone(), &mut asked, depth);
                    candidates.extend(asked.into_iter().filter(|candidate| candidate.strong));
                    self.body(body, found, candidates, depth);
                }
                if let Some(body) = otherwise {
                    // What is set otherwise must not hide what the first branch sets.
                    let scope = self.scope.clone();
                    self.body(&body, &mut found.clone(), candidates, depth);
                    self.scope.extend(scope);
                }
            }
            Some(Construct::For { name, words, body }) => {
                let values: Vec<String> = words.iter().flat_map(|word| range(&word.text).unwrap_or_else(|| self.fields(word))).collect();
                let known = !values.is_empty() && !values.iter().any(|value| needs_shell(value));
                let numbers = values.iter().all(|value| value.parse::<u32>().is_ok());
                let from = candidates.len();
                if !known {
                    self.scope.remove(&name);
                    self.body(&body, &mut found.clone(), candidates, depth);
                    return;
                }
                for value in values.iter().take(if numbers { 1 } else { 50 }) {
                    self.scope.insert(name.clone(), value.clone());
                    self.body(&body, &mut found.clone(), candidates, depth);
                }
                if numbers {
                    for candidate in candidates.iter_mut().skip(from) {
                        candidate.plain.count = u32::try_from(values.len()).ok();
                    }
                }
            }
            Some(Construct::While { .. }) => {
                let mut plain = found.clone();
                as_shell(text, &mut plain);
                candidates.push(Candidate { plain, strong: false });
            }
            Some(Construct::Case { subject, arms }) => {
                let subject = self.string(&subject);
                let matches = |patterns: &[String]| patterns.iter().any(|pattern| *pattern == subject || pattern == "*");
                if needs_shell(&subject) {
                    for (_, body) in &arms {
                        self.body(body, &mut found.clone(), candidates, depth);
                    }
                } else if let Some((_, body)) = arms.iter().find(|(patterns, _)| matches(patterns)) {
                    self.body(body, found, candidates, depth);
                }
            }
            Some(Construct::Function { name, body }) => {
                self.functions.insert(name, body);
            }
            None => {}
        }
    }

    /// Whether a command at the end of a pipe only keeps the output; where it goes.
    fn log_of(&mut self, simple: &SimpleCommand, found: &mut Plain) -> bool {
        let words: Vec<String> = simple.words.iter().flat_map(|word| self.fields(word)).collect();
        let program = words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
        let file = words.iter().skip(1).rev().find(|word| !word.starts_with('-')).map(|word| self.shown(word));
        match program {
            "logger" => found.logs.push("syslog".to_owned()),
            "tee" | "cronolog" | "rotatelogs" | "svlogd" | "multilog" => found.logs.extend(file),
            "cat" => {}
            _ => return false,
        }
        true
    }

    fn is_preparation(&mut self, simple: &SimpleCommand) -> bool {
        let word = simple.words.first().map(|word| self.string(word)).unwrap_or_default();
        let program = word.rsplit('/').next().unwrap_or("");
        !self.functions.contains_key(program) && PREPARATIONS.contains(&program)
    }

    fn set(&mut self, name: &str, value: String, exported: bool, found: &mut Plain) {
        if value.len() <= LONGEST && (exported || self.exports || found.variables.contains_key(name)) {
            found.variables.insert(name.to_owned(), value.clone());
        }
        if needs_shell(&value) && self.service || value.len() > LONGEST {
            self.scope.remove(name);
        } else {
            self.scope.insert(name.to_owned(), value);
        }
    }

    fn simple(&mut self, simple: &SimpleCommand, found: &mut Plain, candidates: &mut Vec<Candidate>, depth: usize) {
        if simple.words.is_empty() {
            for assignment in &simple.assignments {
                let value = self.string(&assignment.value);
                // A line's assignments are the command's; a script's are the shell's.
                let exported = !self.service && !needs_shell(&value);
                self.set(&assignment.name, value, exported, found);
            }
            return;
        }
        let words: Vec<String> = simple.words.iter().flat_map(|word| self.fields(word)).collect();
        let Some(first) = words.first() else { return };
        let program = first.rsplit('/').next().unwrap_or(first).to_owned();
        // A word with a folder in it is a file, whatever it is called: `bin/export`.
        let builtin = if first.contains('/') && !matches!(program.as_str(), "sleep" | "true") { "" } else { program.as_str() };
        match builtin {
            "cd" | "pushd" => {
                let directory = words.get(1).filter(|word| *word != "-").map(|word| self.shown(word));
                found.directory = joined(directory, found.directory.take());
            }
            "export" | "declare" | "typeset" | "readonly" | "local" => {
                self.export(simple, program == "export" || program == "declare", found)
            }
            "set" => {
                self.exports |=
                    words.iter().any(|word| word.starts_with('-') && word.contains('a')) || words.iter().any(|word| word == "allexport")
            }
            "source" | "." => self.source(&words, found, depth),
            "umask" => found.dropped.push(simple.text.clone()),
            "ulimit" => {
                super::wrapper::ulimit(&words, found);
                found.dropped.push(simple.text.clone());
            }
            "true" | ":" | "sleep" => found.dropped.push(simple.text.clone()),
            "echo" if simple.text.contains("$!") => found.dropped.push(simple.text.clone()),
            "rvm" | "nvm" | "chruby" if words.get(1).is_some_and(|word| word == "use") || program == "chruby" => {
                found.dropped.push(simple.text.clone())
            }
            "eval" if self.service => {
                let line = words.iter().skip(1).map(|word| self.shown(word)).collect::<Vec<_>>().join(" ");
                self.body(&line, found, candidates, depth);
            }
            _ if self.functions.contains_key(&program) && self.service => {
                let body = self.functions.get(&program).cloned().unwrap_or_default();
                let positional: Vec<(String, String)> =
                    words.iter().skip(1).take(9).enumerate().map(|(index, word)| ((index + 1).to_string(), word.clone())).collect();
                let before = self.scope.clone();
                self.scope.extend(positional);
                self.body(&body, found, candidates, depth);
                // What the caller was given is its own again.
                for number in 1..=9 {
                    let number = number.to_string();
                    match before.get(&number) {
                        Some(value) => self.scope.insert(number, value.clone()),
                        None => self.scope.remove(&number),
                    };
                }
            }
            "echo" | "printf" | "cat" if self.service => self.writes(simple, &words),
            _ if self.service && PREPARATIONS.contains(&program.as_str()) => {}
            _ => self.program(simple, words, found, candidates, depth),
        }
    }

    fn program(&mut self, simple: &SimpleCommand, words: Vec<String>, found: &Plain, candidates: &mut Vec<Candidate>, depth: usize) {
        let mut plain = found.clone();
        let mut open: Vec<(String, String)> = Vec::new();
        for assignment in &simple.assignments {
            let value = self.string(&assignment.value);
            if needs_shell(&value) {
                // A path that is put before the others is the image's.
                if assignment.name != "PATH" && self.service {
                    open.push((assignment.name.clone(), value));
                }
            } else {
                plain.variables.insert(assignment.name.clone(), value);
            }
        }
        let reads = |one: &shell::Redirection| one.operator.starts_with('<') && one.target.text != "/dev/null" && one.target.text != "-";
        if simple.redirections.iter().any(reads) {
            as_shell(&simple.text, &mut plain);
            candidates.push(Candidate { plain, strong: false });
            return;
        }
        self.redirect(&simple.redirections, &mut plain);
        let first = words.first().map(|word| word.rsplit('/').next().unwrap_or(word).to_owned()).unwrap_or_default();
        let starts = super::wrapper::starts(&first, &words);
        if starts == Some(false) {
            return;
        }
        if first == "exec" && words.len() == 1 {
            return;
        }
        self.words(words, &mut plain, depth);
        if !open.is_empty() && !plain.shell {
            let words = std::mem::take(&mut plain.words);
            (plain.words, plain.shell) = self.finish(words, &open);
        }
        let strong = first == "exec" || starts == Some(true) || plain.background;
        candidates.push(Candidate { plain, strong });
    }

    fn export(&mut self, simple: &SimpleCommand, exported: bool, found: &mut Plain) {
        for word in simple.words.iter().skip(1) {
            let Some((name, _)) = word.text.split_once('=') else {
                if let (true, Some(value)) = (exported, self.scope.get(&word.text)) {
                    found.variables.insert(word.text.clone(), value.clone());
                }
                continue;
            };
            let value = self.string(word);
            let value = value.split_once('=').map_or("", |(_, value)| value).to_owned();
            if needs_shell(&value) {
                self.scope.remove(name);
                continue;
            }
            self.set(name, value, exported, found);
        }
        if !self.service {
            found.dropped.push(simple.text.clone());
        }
    }

    /// `. /etc/default/x`: its variables are known from here on.
    fn source(&mut self, words: &[String], found: &mut Plain, depth: usize) {
        let Some(path) = words.get(1).map(|path| self.shown(path)) else { return };
        let name = path.rsplit('/').next().unwrap_or(&path);
        found.dropped.push(format!("{} {path}", words[0]));
        if LIBRARIES.contains(&name) || path.starts_with("/etc/profile") {
            return;
        }
        let text = self.files.and_then(|files| files(&path));
        if self.exports || text.as_deref().is_some_and(|text| text.lines().any(|line| line.trim_start().starts_with("export "))) {
            found.environment_files.push(path.clone());
        }
        if let Some(text) = text {
            found.sourced.push(path);
            let (mut inner, mut none) = (Plain::default(), Vec::new());
            let exports = std::mem::take(&mut self.exports);
            self.body(&text, &mut inner, &mut none, depth);
            self.exports = exports;
        }
    }

    /// `echo "line" >> start.sh`, `cat > start.sh <<EOF`: what is written to a file that may be started afterwards.
    fn writes(&mut self, simple: &SimpleCommand, words: &[String]) {
        let Some(target) = simple.redirections.iter().find(|one| one.operator.starts_with('>') && one.operator != ">&") else { return };
        let name = self.string(&target.target);
        let body = simple.redirections.iter().find_map(|one| one.body.clone());
        let text = body.unwrap_or_else(|| words.iter().skip(1).map(|word| self.shown(word)).collect::<Vec<_>>().join(" "));
        if target.operator == ">" {
            self.written.remove(&name);
        }
        let file = self.written.entry(name).or_default();
        file.push_str(&text);
        file.push('\n');
    }

    /// The shell script that `program` is, where its text is known.
    fn script_of(&self, program: &str) -> Option<String> {
        // An init script is asked for its service, and read as what it is.
        if program.starts_with("/etc/init.d/") || program.starts_with("/etc/rc.d/") {
            return None;
        }
        let name = program.strip_prefix("./").unwrap_or(program);
        let own = self.written.get(name).or_else(|| self.written.get(program)).cloned();
        let text = own.or_else(|| self.files.filter(|_| program.starts_with('/')).and_then(|files| files(program)))?;
        let first = text.lines().next()?.trim_start_matches("#!").trim();
        let is_shell =
            text.starts_with("#!") && ["sh", "bash", "dash", "zsh"].iter().any(|shell| first.split([' ', '/']).any(|part| part == *shell));
        is_shell.then_some(text)
    }

    /// The one command that the script `words` name starts, in its place.
    pub(super) fn inlined(&mut self, words: &[String], found: &mut Plain, depth: usize) -> bool {
        let Some(text) = self.script_of(words.first().map_or("", String::as_str)).filter(|_| self.service && depth < DEPTH) else {
            return false;
        };
        let Ok(script) = shell::parse(&text) else { return false };
        let before = self.scope.clone();
        self.scope.extend(words.iter().take(10).enumerate().map(|(index, word)| (index.to_string(), word.clone())));
        let mut candidates = Vec::new();
        self.walk(&script, &mut found.clone(), &mut candidates, depth + 1);
        self.scope = before;
        if candidates.iter().any(|candidate| candidate.strong) {
            candidates.retain(|candidate| candidate.strong);
        }
        let only = candidates.len() == 1;
        match candidates.pop().filter(|candidate| only && candidate.plain.service.is_none() && !candidate.plain.shell) {
            Some(candidate) => {
                let sourced = words.first().cloned().into_iter().filter(|path| path.starts_with('/'));
                *found = candidate.plain;
                found.sourced.extend(sourced);
                true
            }
            None => false,
        }
    }

    fn redirect(&mut self, redirections: &[shell::Redirection], found: &mut Plain) {
        for one in redirections {
            let descriptor = one.descriptor.map(|number| number.to_string()).unwrap_or_default();
            found.dropped.push(format!("{descriptor}{} {}", one.operator, one.target.text));
            let target = self.string(&one.target);
            if one.operator.contains('>') && one.operator != ">&" && !target.starts_with("/dev/") {
                let target = self.shown(&target);
                if !found.logs.contains(&target) {
                    found.logs.push(target);
                }
            }
        }
    }
}

fn text_of(command: &Command) -> &str {
    match command {
        Command::Simple(simple) => &simple.text,
        Command::Opaque { text, .. } => text,
        Command::Subshell { .. } | Command::Group { .. } => "(…)",
    }
}

/// `{1..3}`
fn range(word: &str) -> Option<Vec<String>> {
    let (first, last) = word.strip_prefix('{')?.strip_suffix('}')?.split_once("..")?;
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    (last < first.saturating_add(200)).then(|| (first..=last).map(|number| number.to_string()).collect())
}

/// A directory, from the one before where it is relative.
fn joined(directory: Option<String>, before: Option<String>) -> Option<String> {
    match (directory, before) {
        (Some(directory), Some(before)) if !directory.starts_with(['/', '~', '$']) => {
            Some(format!("{}/{}", before.trim_end_matches('/'), directory.trim_start_matches("./")))
        }
        (directory, before) => directory.or(before),
    }
}

/// The line as it is, for a shell.
pub(super) fn as_shell(line: &str, found: &mut Plain) {
    found.shell = true;
    found.words = vec!["sh".to_owned(), "-c".to_owned(), line.trim().to_owned()];
}
