//! A command line as a service or cron has it, taken apart: the program in exec form, its user, directory and variables.
//!
//! `su - deploy -c 'cd /srv/shop/current && RAILS_ENV=production bundle exec sidekiq -C x.yml >> log 2>&1'`
//! is `bundle exec sidekiq -C x.yml` as `deploy` in `/srv/shop/current` with `RAILS_ENV=production`.

use std::collections::BTreeMap;

use crate::read::shell::{self, Command as ShellCommand, Script, SimpleCommand};

/// A command line taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// The user it runs as, where the line says so.
    pub user: Option<String>,
    /// The directory it runs in.
    pub directory: Option<String>,
    /// Variables that the line sets.
    pub variables: BTreeMap<String, String>,
    /// Wrappers, redirections and flags that were taken off, for the reader.
    pub dropped: Vec<String>,
    /// It needs a shell: pipes, expansions, several commands.
    pub shell: bool,
}

/// Scripts of the host that only set up the environment and `exec "$@"`: wrappers without a meaning in a container.
pub type Wrappers = BTreeMap<String, String>;

/// Takes a command line apart.
#[must_use]
pub fn plain(line: &str, wrappers: &Wrappers) -> Plain {
    let mut found = Plain::default();
    take_line(line, wrappers, &mut found, 0);
    found
}

/// Takes words that are already split apart (a systemd `ExecStart`).
#[must_use]
pub fn plain_words(words: &[String], wrappers: &Wrappers) -> Plain {
    let mut found = Plain::default();
    take_words(words.to_vec(), wrappers, &mut found, 0);
    found
}

fn as_shell(line: &str, found: &mut Plain) {
    found.shell = true;
    found.words = vec!["sh".to_owned(), "-c".to_owned(), line.trim().to_owned()];
}

fn take_line(line: &str, wrappers: &Wrappers, found: &mut Plain, depth: usize) {
    let Ok(script) = shell::parse(line) else {
        as_shell(line, found);
        return;
    };
    if depth > 8 {
        as_shell(line, found);
        return;
    }
    match main_command(&script, found) {
        Some(command) => take_simple(command, line, wrappers, found, depth),
        None => as_shell(line, found),
    }
}

/// The one command that matters, when what stands around it is `cd`, assignments, `echo $! > pid`, `logger` or `true`.
fn main_command<'s>(script: &'s Script, found: &mut Plain) -> Option<&'s SimpleCommand> {
    let mut main: Option<&SimpleCommand> = None;
    for entry in &script.entries {
        for (_, pipeline) in &entry.pipelines {
            let mut commands = pipeline.commands.iter();
            let first = commands.next()?;
            for rest in commands {
                match rest {
                    ShellCommand::Simple(simple) if program(simple).as_deref() == Some("logger") => {
                        found.dropped.push(format!("| {}", simple.text))
                    }
                    _ => return None,
                }
            }
            let simple = match first {
                ShellCommand::Simple(simple) => simple,
                // `( … )` and `{ … }` around one command mean nothing here.
                ShellCommand::Subshell { body, .. } | ShellCommand::Group { body, .. } => {
                    let inner = main_command(body, found)?;
                    if main.is_some() {
                        return None;
                    }
                    main = Some(inner);
                    continue;
                }
                ShellCommand::Opaque { .. } => return None,
            };
            match program(simple).as_deref() {
                Some("cd") => found.directory = simple.words.get(1).and_then(shell::Word::known).or(found.directory.take()),
                Some("export" | "set" | "source" | "." | "umask" | "ulimit") => {
                    for word in simple.words.iter().skip(1) {
                        if let Some((name, value)) =
                            word.known().as_deref().and_then(|text| text.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned())))
                        {
                            found.variables.insert(name, value);
                        }
                    }
                    found.dropped.push(simple.text.clone());
                }
                Some("true" | ":" | "sleep") => found.dropped.push(simple.text.clone()),
                Some("echo") if simple.text.contains("$!") => found.dropped.push(simple.text.clone()),
                None if simple.words.is_empty() => {
                    for assignment in &simple.assignments {
                        if let Some(value) = assignment.value.known() {
                            found.variables.insert(assignment.name.clone(), value);
                        }
                    }
                }
                _ if main.is_none() => main = Some(simple),
                _ => return None,
            }
        }
    }
    main
}

fn program(command: &SimpleCommand) -> Option<String> {
    command.words.first().and_then(shell::Word::known)
}

fn take_simple(command: &SimpleCommand, line: &str, wrappers: &Wrappers, found: &mut Plain, depth: usize) {
    for assignment in &command.assignments {
        if let Some(value) = assignment.value.known() {
            found.variables.insert(assignment.name.clone(), value);
        }
    }
    let mut words = Vec::new();
    for word in &command.words {
        match word.known() {
            Some(text) if !word.is_pattern() => words.push(text),
            _ => {
                as_shell(&without_redirections(command, line), found);
                return;
            }
        }
    }
    for redirection in &command.redirections {
        if redirection.operator.starts_with('<') {
            as_shell(line, found);
            return;
        }
        found.dropped.push(format!(
            "{}{} {}",
            redirection.descriptor.map(|d| d.to_string()).unwrap_or_default(),
            redirection.operator,
            redirection.target.text
        ));
    }
    take_words(words, wrappers, found, depth);
}

fn without_redirections(command: &SimpleCommand, line: &str) -> String {
    if command.text.is_empty() { line.to_owned() } else { command.text.clone() }
}

/// Takes wrapper after wrapper off until a program is left.
fn take_words(mut words: Vec<String>, wrappers: &Wrappers, found: &mut Plain, depth: usize) {
    for _ in 0..20 {
        let Some(first) = words.first().cloned() else { return };
        let name = first.rsplit('/').next().unwrap_or(&first).to_owned();
        if wrappers.contains_key(&first) || wrappers.keys().any(|path| path.rsplit('/').next() == Some(&first)) {
            found.dropped.push(first);
            words.remove(0);
            continue;
        }
        match name.as_str() {
            "su" | "runuser" => match user_shell(&words, found) {
                Some(line) => return take_line(&line, wrappers, found, depth + 1),
                None => break,
            },
            "sudo" => words = skip_options(&words, &["-u", "-g", "-h", "-p", "-C", "-U"], "-u", found),
            "bash" | "sh" | "dash" | "zsh" => match inline_script(&words) {
                Some(line) => {
                    found.dropped.push(format!("{} -c", words[0]));
                    return take_line(&line, wrappers, found, depth + 1);
                }
                None => break,
            },
            "env" => {
                words.remove(0);
                while let Some((name, value)) = words.first().and_then(|word| assignment(word)) {
                    found.variables.insert(name, value);
                    words.remove(0);
                }
            }
            "exec" | "nohup" | "command" | "time" => {
                found.dropped.push(first);
                words.remove(0);
            }
            "nice" | "ionice" | "timeout" | "flock" | "setlock" | "stdbuf" | "cronlock" => {
                if name == "flock" || name == "timeout" || name == "setlock" {
                    let kept = skip_options(&words, &["-w", "-E", "-k", "-s"], "", &mut Plain::default());
                    if kept.len() < 2 {
                        break;
                    }
                    found.dropped.push(format!("{name} {}", kept[0]));
                    words = kept[1..].to_vec();
                    if words.first().is_some_and(|word| word == "-c") {
                        let line = words.get(1).cloned().unwrap_or_default();
                        return take_line(&line, wrappers, found, depth + 1);
                    }
                } else {
                    found.dropped.push(name.clone());
                    words = skip_options(&words, &["-n", "-c", "-p", "--adjustment", "-i", "-o", "-e"], "", &mut Plain::default());
                }
            }
            "chpst" | "setuidgid" | "softlimit" | "envdir" | "start-stop-daemon" => {
                if name == "setuidgid" {
                    found.user = words.get(1).cloned();
                    words = words.get(2..).map(<[String]>::to_vec).unwrap_or_default();
                } else if name == "chpst" {
                    words = skip_options(
                        &words,
                        &["-u", "-U", "-b", "-e", "-/", "-C", "-n", "-l", "-L", "-m", "-d", "-o", "-p", "-f", "-c", "-r", "-t"],
                        "-u",
                        found,
                    );
                } else if name == "envdir" {
                    words = words.get(2..).map(<[String]>::to_vec).unwrap_or_default();
                } else {
                    break;
                }
            }
            _ => break,
        }
    }
    take_program(words, found);
}

/// What is left is the program; flags that send it to the background are taken off.
fn take_program(words: Vec<String>, found: &mut Plain) {
    let mut kept: Vec<String> = Vec::new();
    let is = |name: &str| words.iter().take(4).any(|word| word.rsplit('/').next() == Some(name));
    let sidekiq = is("sidekiq");
    let server = is("unicorn") || is("unicorn_rails") || is("puma") || is("thin") || is("rails");
    let mut skip = false;
    for (index, word) in words.iter().enumerate() {
        if skip {
            skip = false;
            continue;
        }
        let takes_value = sidekiq && matches!(word.as_str(), "-P" | "--pidfile" | "-L" | "--logfile")
            || server && matches!(word.as_str(), "--pidfile" | "--pid" | "-P");
        if takes_value && index > 0 {
            found.dropped.push(format!("{word} {}", words.get(index + 1).map_or("", String::as_str)));
            skip = true;
            continue;
        }
        let flag = sidekiq && matches!(word.as_str(), "-d" | "--daemon")
            || server && matches!(word.as_str(), "-D" | "--daemonize" | "-d" | "--daemon");
        if flag && index > 0 {
            found.dropped.push(word.clone());
            continue;
        }
        kept.push(word.clone());
    }
    // The image has its programs on the path.
    if let Some(first) = kept.first_mut() {
        for name in ["bundle", "ruby", "rake", "rails", "node", "npm", "python", "python3", "php", "puma", "unicorn", "sidekiq"] {
            if first.ends_with(&format!("/bin/{name}")) {
                name.clone_into(first);
            }
        }
    }
    found.words = kept;
}

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let legal =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
    legal.then(|| (name.to_owned(), value.to_owned()))
}

/// `su - deploy -c 'line'`
fn user_shell(words: &[String], found: &mut Plain) -> Option<String> {
    let mut line = None;
    let mut index = 1;
    while index < words.len() {
        match words[index].as_str() {
            "-" | "-l" | "--login" | "-m" | "-p" => {}
            "-c" | "--command" => {
                line = words.get(index + 1).cloned();
                index += 1;
            }
            "-s" | "--shell" | "-u" | "--user" => {
                if words[index].ends_with('u') || words[index].ends_with("user") {
                    found.user = words.get(index + 1).cloned();
                }
                index += 1;
            }
            user if !user.starts_with('-') && found.user.is_none() => found.user = Some(user.to_owned()),
            _ => {}
        }
        index += 1;
    }
    found.dropped.push(format!("su {}", found.user.clone().unwrap_or_default()).trim().to_owned());
    line
}

/// `bash -l -c 'line'`, `sh -lc 'line'`
fn inline_script(words: &[String]) -> Option<String> {
    let mut index = 1;
    while let Some(word) = words.get(index) {
        if word.starts_with('-') && !word.starts_with("--") && word.contains('c') {
            return words.get(index + 1).cloned();
        }
        if !word.starts_with('-') {
            return None;
        }
        index += 1;
    }
    None
}

/// The words behind a wrapper and its options; the value of the option `user` is the user.
fn skip_options(words: &[String], with_value: &[&str], user: &str, found: &mut Plain) -> Vec<String> {
    let mut index = 1;
    while let Some(word) = words.get(index) {
        if !word.starts_with('-') {
            break;
        }
        if with_value.contains(&word.as_str()) {
            if word == user {
                found.user = words.get(index + 1).map(|name| name.split(':').next().unwrap_or(name).to_owned());
            }
            index += 1;
        } else if let Some(name) = word.strip_prefix("--user=") {
            found.user = Some(name.to_owned());
        }
        index += 1;
        if word == "--" {
            break;
        }
    }
    found.dropped.push(words[0].clone());
    words.get(index..).map(<[String]>::to_vec).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Wrappers, plain};

    #[test]
    fn wrappers_come_off() {
        let wrappers = Wrappers::from([("/usr/local/bin/with_env".to_owned(), String::new())]);
        let found = plain(
            "/bin/su - deploy -c 'cd /srv/a/current && X=1 /usr/local/bin/with_env bundle exec sidekiq -C a.yml >> a.log 2>&1 & echo $! > a.pid'",
            &wrappers,
        );
        assert_eq!(found.words, ["bundle", "exec", "sidekiq", "-C", "a.yml"]);
        assert_eq!(found.user.as_deref(), Some("deploy"));
        assert_eq!(found.directory.as_deref(), Some("/srv/a/current"));
        assert_eq!(found.variables.get("X").map(String::as_str), Some("1"));
        assert!(!found.shell);
    }

    #[test]
    fn a_pipe_needs_a_shell() {
        let found = plain("df -h | mail -s x ops@example.org", &Wrappers::new());
        assert!(found.shell);
        assert_eq!(found.words[0], "sh");
    }

    #[test]
    fn login_shells_and_niceness() {
        let found = plain(
            "/bin/bash -l -c 'cd /srv/a/current && nice -n 10 bundle exec rake a:b --silent >> log/cron.log 2>> log/e.log'",
            &Wrappers::new(),
        );
        assert_eq!(found.words, ["bundle", "exec", "rake", "a:b", "--silent"]);
    }

    #[test]
    fn background_flags_come_off() {
        let found = plain("/usr/local/bin/bundle exec sidekiq -d -P /x.pid -L /x.log -C c.yml", &Wrappers::new());
        assert_eq!(found.words, ["bundle", "exec", "sidekiq", "-C", "c.yml"]);
    }
}
