//! What a command runs: the program behind `bundle exec`, `rbenv exec`, `ruby bin/x` and a shell of one command, and its options.

use crate::read::shell;

/// A program with its arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// Its name without a folder: `sidekiq`.
    pub name: String,
    /// The word as written: `bin/delayed_job`.
    pub word: String,
    /// What follows.
    pub arguments: Vec<String>,
    /// Variables set before it in a shell's line.
    pub variables: Vec<(String, String)>,
    /// The whole command in words; `$PORT` stands as written.
    pub words: Vec<String>,
    /// These, when it was a shell's line that needs no shell.
    pub unwrapped: Option<Vec<String>>,
}

/// The program of a command.
#[must_use]
pub fn of(words: &[String]) -> Program {
    let mut program = Program::default();
    let mut words = words.to_vec();
    program.words.clone_from(&words);
    if let [shell, flag, line] = words.as_slice() {
        if matches!(shell.rsplit('/').next(), Some("sh" | "bash" | "dash")) && flag.starts_with('-') && flag.ends_with('c') {
            let Some((inner, is_known)) = one_command(line, &mut program.variables) else { return program };
            program.unwrapped = is_known.then(|| inner.clone());
            program.words.clone_from(&inner);
            words = inner;
        }
    }
    let mut rest = words.as_slice();
    loop {
        let Some(first) = rest.first() else { return program };
        let name = first.rsplit('/').next().unwrap_or(first);
        let second = rest.get(1).map(String::as_str).unwrap_or("");
        rest = match name {
            "bundle" | "bundler" | "rbenv" | "chruby-exec" | "chamber" | "foreman" | "dotenv" | "xvfb-run" | "exec" | "nohup" => {
                let at = rest.iter().position(|word| word == "exec" || word == "run" || word == "--").filter(|at| *at > 0);
                match (at, name) {
                    (Some(at), _) => &rest[at + 1..],
                    (None, "dotenv" | "exec" | "nohup" | "xvfb-run") => &rest[1..],
                    _ => break,
                }
            }
            "rvm" | "rvm-exec" if rest.iter().any(|word| word == "do") => {
                let at = rest.iter().position(|word| word == "do").unwrap_or(0);
                &rest[at + 1..]
            }
            "env" => {
                let mut at = 1;
                while let Some((name, value)) = rest.get(at).and_then(|word| word.split_once('=')) {
                    program.variables.push((name.to_owned(), value.to_owned()));
                    at += 1;
                }
                &rest[at..]
            }
            _ if is_ruby(name) && !second.is_empty() => {
                // `ruby -S bundle exec …`, `ruby -w bin/x`
                let at = rest.iter().skip(1).position(|word| !word.starts_with('-')).map_or(rest.len(), |at| at + 1);
                &rest[at..]
            }
            _ => break,
        };
    }
    if let Some((first, arguments)) = rest.split_first() {
        first.rsplit('/').next().unwrap_or(first).clone_into(&mut program.name);
        program.word.clone_from(first);
        program.arguments = arguments.to_vec();
    }
    program
}

fn is_ruby(name: &str) -> bool {
    name == "jruby" || name.strip_prefix("ruby").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

/// The words of a line that is one command, and whether all of them are known; an unquoted `*` that no file matches is a `*`.
fn one_command(line: &str, variables: &mut Vec<(String, String)>) -> Option<(Vec<String>, bool)> {
    let script = shell::parse(line).ok()?;
    let command = script.only_command()?;
    if !command.redirections.is_empty() {
        return None;
    }
    for assignment in &command.assignments {
        variables.push((assignment.name.clone(), assignment.value.known()?));
    }
    let is_known = command.words.iter().all(|word| word.known().is_some());
    Some((command.words.iter().map(|word| word.known().unwrap_or_else(|| word.shown())).collect(), is_known))
}

impl Program {
    /// The value of an option: `-c 5`, `-c5`, `--concurrency 5`, `--concurrency=5`; the last one counts.
    #[must_use]
    pub fn option(&self, names: &[&str]) -> Option<String> {
        self.options(names).pop()
    }

    /// Every value of an option that may be given again.
    #[must_use]
    pub fn options(&self, names: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        let mut words = self.arguments.iter();
        while let Some(word) = words.next() {
            for name in names {
                if word == name {
                    found.extend(words.clone().next().cloned());
                    break;
                }
                if let Some(value) = word.strip_prefix(name) {
                    let value = if name.starts_with("--") { value.strip_prefix('=') } else { Some(value.trim_start_matches('=')) };
                    if let Some(value) = value {
                        found.push(value.to_owned());
                        break;
                    }
                }
            }
        }
        found
    }

    /// Whether one of the words is given.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        self.arguments.iter().any(|word| names.contains(&word.as_str()))
    }

    /// `NAME=value` among the arguments, as rake takes variables.
    #[must_use]
    pub fn assigned(&self, name: &str) -> Option<String> {
        let all = self.arguments.iter().filter_map(|word| word.split_once('='));
        let own = all.rev().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned());
        own.or_else(|| self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    /// The rake tasks that it runs.
    #[must_use]
    pub fn tasks(&self) -> Vec<&str> {
        if !matches!(self.name.as_str(), "rake" | "rails") {
            return Vec::new();
        }
        self.arguments.iter().filter(|word| !word.starts_with('-') && !word.contains('=')).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn programs() {
        for (line, name, arguments) in [
            ("bundle exec sidekiq -c 5", "sidekiq", "-c 5"),
            ("ruby bin/delayed_job start", "delayed_job", "start"),
            ("rbenv exec bundle exec rake a", "rake", "a"),
            ("env A=b node server.js", "node", "server.js"),
            ("/usr/bin/ruby2.3 -S bundle exec puma", "puma", ""),
            ("bundle", "bundle", ""),
        ] {
            let program = of(&words(line));
            assert_eq!((program.name.as_str(), program.arguments.join(" ").as_str()), (name, arguments), "{line}");
        }
        let shell = of(&["sh".to_owned(), "-c".to_owned(), "A=1 bundle exec rake resque:work QUEUE=*".to_owned()]);
        assert_eq!(
            (shell.name.as_str(), shell.assigned("QUEUE").as_deref(), shell.assigned("A").as_deref()),
            ("rake", Some("*"), Some("1"))
        );
    }

    #[test]
    fn options() {
        let program = of(&words("sidekiq -q a,2 -q b --concurrency=7 -t9"));
        assert_eq!(program.options(&["-q", "--queue"]), ["a,2", "b"]);
        assert_eq!(program.option(&["-c", "--concurrency"]).as_deref(), Some("7"));
        assert_eq!(program.option(&["-t", "--timeout"]).as_deref(), Some("9"));
    }
}
