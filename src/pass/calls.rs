//! What a shell script calls, and the folders that it writes files into.
//!
//! In: a script. Out: `curl`, `tar` and `/root/.ssh` of `curl http://a | tar xz && echo b > /root/.ssh/config`. Branches and loops are
//! looked into; a script that does not parse is read line by line.

use std::collections::BTreeSet;

use crate::read::shell::{self, Command, Construct, Piece, Script, SimpleCommand, Word};

/// How deep scripts inside scripts are followed.
const DEPTH: usize = 16;

/// Programs that run what their arguments say.
const LEADS: &[&str] =
    &["env", "exec", "nohup", "nice", "ionice", "time", "xargs", "command", "sudo", "timeout", "chronic", "setsid", "flock"];

/// What a script needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls {
    /// Commands with their arguments, as far as they are known; the first word is the program without its folder.
    pub commands: Vec<Vec<String>>,
    /// Folders of files that it writes by redirection.
    pub folders: BTreeSet<String>,
}

impl Calls {
    /// The calls of `script`.
    #[must_use]
    pub fn of(script: &str) -> Self {
        let mut calls = Self::default();
        calls.text(script, 0);
        calls
    }

    fn text(&mut self, script: &str, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match shell::parse(script) {
            Ok(parsed) => self.script(&parsed, depth),
            Err(_) => script.lines().filter_map(|line| shell::parse(line).ok()).for_each(|line| self.script(&line, depth)),
        }
    }

    fn script(&mut self, script: &Script, depth: usize) {
        for command in script.entries.iter().flat_map(|entry| &entry.pipelines).flat_map(|(_, pipeline)| &pipeline.commands) {
            match command {
                Command::Simple(simple) => self.simple(simple, depth),
                Command::Subshell { body, .. } | Command::Group { body, .. } => self.script(body, depth),
                Command::Opaque { text, .. } => self.construct(text, depth),
            }
        }
    }

    fn construct(&mut self, text: &str, depth: usize) {
        let bodies: Vec<String> = match shell::construct(text) {
            Some(Construct::If { branches, otherwise }) => {
                branches.into_iter().flat_map(|(condition, body)| [condition, body]).chain(otherwise).collect()
            }
            Some(Construct::For { words, body, .. }) => {
                words.iter().for_each(|word| self.inner(word, depth));
                vec![body]
            }
            Some(Construct::While { head, body }) => vec![head, body],
            Some(Construct::Case { arms, .. }) => arms.into_iter().map(|(_, body)| body).collect(),
            Some(Construct::Function { body, .. }) => vec![body],
            None => Vec::new(),
        };
        bodies.iter().for_each(|body| self.text(body, depth + 1));
    }

    fn simple(&mut self, command: &SimpleCommand, depth: usize) {
        command.words.iter().chain(command.assignments.iter().map(|assignment| &assignment.value)).for_each(|word| self.inner(word, depth));
        for redirection in &command.redirections {
            self.inner(&redirection.target, depth);
            let target = redirection.target.literal().filter(|_| matches!(redirection.operator, ">" | ">>" | ">|" | "&>" | "&>>"));
            if let Some((folder, _)) =
                target.as_deref().and_then(|path| path.rsplit_once('/')).filter(|(folder, _)| folder.starts_with('/'))
            {
                self.folders.insert(folder.to_owned());
            }
        }
        let words: Vec<String> = command.words.iter().map(Word::shown).collect();
        self.called(&words, depth);
    }

    fn called(&mut self, words: &[String], depth: usize) {
        let Some((program, rest)) = words.split_first() else { return };
        let name = program.rsplit('/').next().unwrap_or(program).to_owned();
        if LEADS.contains(&name.as_str()) && depth < DEPTH {
            let is_option = |word: &String| word.starts_with('-') || word.contains('=') || word.starts_with(|c: char| c.is_ascii_digit());
            let behind: Vec<String> = rest.iter().skip_while(|word| is_option(word)).cloned().collect();
            self.called(&behind, depth + 1);
        }
        self.commands.push(std::iter::once(name).chain(rest.iter().cloned()).collect());
        if let [shell, option, script, ..] = words
            && matches!(shell.rsplit('/').next(), Some("sh" | "bash" | "su"))
            && option.starts_with('-')
            && option.ends_with('c')
        {
            self.text(script, depth + 1);
        }
    }

    /// Scripts inside a word: `$(curl …)`.
    fn inner(&mut self, word: &Word, depth: usize) {
        for piece in &word.pieces {
            if let Piece::Command { script, .. } = piece {
                self.text(script, depth + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(script: &str) -> Vec<String> {
        let mut names: Vec<String> = Calls::of(script).commands.into_iter().filter_map(|words| words.into_iter().next()).collect();
        names.sort();
        names.dedup();
        names
    }

    #[test]
    fn programs_at_the_places_of_commands() {
        assert_eq!(programs("curl http://a | /bin/tar xz\n"), ["curl", "tar"]);
        assert_eq!(programs("if ! { git --version; }; then\nwget x && make\nfi"), ["git", "make", "wget"]);
        assert_eq!(programs("A=$(lsb_release -c) nohup ruby x.rb"), ["lsb_release", "nohup", "ruby"]);
        assert_eq!(programs("for f in a b; do unzip $f; done"), ["unzip"]);
        assert_eq!(programs("bash -lc 'npm install'"), ["bash", "npm"]);
        assert_eq!(programs("echo git # wget"), ["echo"]);
        assert_eq!(programs("echo \"unclosed\ncurl x\n"), ["curl"]);
    }

    #[test]
    fn folders_that_are_written_into() {
        let folders = Calls::of("echo a > /root/.ssh/config; cat b >> \"$HOME/c\"; echo d >/etc/e 2>/dev/null; echo f > g").folders;
        assert_eq!(folders.into_iter().collect::<Vec<_>>(), ["/dev", "/etc", "/root/.ssh"]);
    }
}
