//! runit run scripts (`/etc/service/NAME/run`): the final `exec` taken apart, and what the lines before it set up.
//!
//! `exec chpst -u deploy -e ./env bundle exec sidekiq 2>&1` runs `bundle exec sidekiq` as `deploy` with the variables of the directory
//! `./env`. Known wrappers: `chpst`, `setuidgid`, `envuidgid`, `envdir`, `softlimit`, `setlock`, `env`, `nice`, `nohup`, `sudo`.

use std::collections::BTreeSet;

use super::problem::Problem;
use super::shell::{self, Command, Redirection, SimpleCommand, Word};

/// A run script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunScript {
    /// The command that stays running, wrappers taken off; empty when there is none.
    pub command: Vec<Word>,
    /// Line of the final `exec`, from 1.
    pub line: u32,
    /// Who it runs as: `deploy`, `deploy:www-data`.
    pub user: Option<String>,
    /// Variables by `export`, by assignments before the command, and by `env`: line, name, value.
    pub variables: Vec<(u32, String, Word)>,
    /// Directories of `chpst -e` and `envdir`, one file per variable.
    pub environment_directories: Vec<String>,
    /// Files that are read with `.` or `source`.
    pub sourced: Vec<(u32, Word)>,
    /// The last `cd`, or `chpst -C`.
    pub directory: Option<Word>,
    /// Limits: the letter of `chpst`, `softlimit` or `ulimit` with its value: (`o`, `65536`).
    pub limits: Vec<(String, String)>,
    /// `umask`
    pub umask: Option<String>,
    /// Redirections of the final command.
    pub redirections: Vec<Redirection>,
    /// Every other line, as written: what must run before the command.
    pub before: Vec<(u32, String)>,
}

/// Reads a run script.
#[must_use]
pub fn parse(text: &str) -> (RunScript, Vec<Problem>) {
    let mut run = RunScript::default();
    let script = match shell::parse(text) {
        Ok(script) => script,
        Err(problem) => return (run, vec![problem]),
    };
    let mut problems = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut names = BTreeSet::new();
    for entry in &script.entries {
        for (_, pipeline) in &entry.pipelines {
            for command in &pipeline.commands {
                match command {
                    Command::Simple(simple) => statement(simple, &mut names, &mut run),
                    Command::Opaque { line, text, .. } => run.before.push((*line, text.clone())),
                    // Several on one line are kept as that line, once.
                    Command::Subshell { line, .. } | Command::Group { line, .. }
                        if run.before.last().is_some_and(|(last, _)| last == line) => {}
                    Command::Subshell { line, .. } | Command::Group { line, .. } => {
                        let index = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
                        run.before.push((*line, lines.get(index).unwrap_or(&"").trim().to_owned()));
                    }
                }
            }
        }
    }
    if run.command.is_empty() {
        problems.push(Problem::on_line(1, "no `exec` names the command that stays running"));
    }
    (run, problems)
}

/// `names`: the variables that are set so far.
fn statement(simple: &SimpleCommand, names: &mut BTreeSet<String>, run: &mut RunScript) {
    names.extend(simple.assignments.iter().map(|assignment| assignment.name.clone()));
    let first = simple.words.first().and_then(Word::literal);
    match (first.as_deref(), simple.words.get(1..).unwrap_or(&[])) {
        (None, []) => run.variables.extend(simple.assignments.iter().map(|it| (simple.line, it.name.clone(), it.value.clone()))),
        // `exec 2>&1` alone redirects what follows.
        (Some("exec"), []) => {}
        (Some("exec"), arguments) => {
            run.line = simple.line;
            run.redirections.clone_from(&simple.redirections);
            run.variables.extend(simple.assignments.iter().map(|it| (simple.line, it.name.clone(), it.value.clone())));
            unwrap(arguments, simple.line, run);
        }
        (Some("cd"), [directory]) => run.directory = Some(directory.clone()),
        (Some("export"), words) => {
            let mut understood = true;
            for word in words {
                match assignment(word) {
                    Some((name, value)) => run.variables.push((simple.line, name, value)),
                    // A variable set on a line above stands in `variables` already.
                    None => understood &= word.literal().is_some_and(|name| names.contains(&name)),
                }
            }
            if !understood {
                run.before.push((simple.line, simple.text.clone()));
            }
        }
        (Some("." | "source"), [file]) => run.sourced.push((simple.line, file.clone())),
        (Some("umask"), [mask]) => run.umask = Some(mask.shown()),
        (Some("ulimit"), [letter, value]) if letter.text.starts_with('-') => {
            run.limits.push((letter.text.trim_start_matches(['-', 'S', 'H']).to_owned(), value.shown()));
        }
        _ => run.before.push((simple.line, simple.text.clone())),
    }
}

/// `NAME=value` in a word.
fn assignment(word: &Word) -> Option<(String, Word)> {
    let (name, _) = word.text.split_once('=')?;
    if !super::lexeme::is_name(name) {
        return None;
    }
    let mut value = word.clone();
    value.text = word.text[name.len() + 1..].to_owned();
    if let Some(shell::Piece::Plain(first)) = value.pieces.first_mut() {
        *first = first.get(name.len() + 1..)?.to_owned();
        if first.is_empty() {
            value.pieces.remove(0);
        }
    }
    Some((name.to_owned(), value))
}

/// Takes wrappers off the front of `words` until the command itself stands there.
fn unwrap(words: &[Word], line: u32, run: &mut RunScript) {
    let mut rest = words;
    while let Some((first, arguments)) = rest.split_first() {
        let name = first.literal().unwrap_or_default();
        let program = name.rsplit('/').next().unwrap_or("");
        let Some(taken) = wrapper(program, arguments, line, run) else { break };
        rest = arguments.get(taken..).unwrap_or(&[]);
    }
    run.command = rest.to_vec();
}

/// How many of `arguments` belong to the wrapper `program`; `None` when it is no wrapper, or not understood.
fn wrapper(program: &str, arguments: &[Word], line: u32, run: &mut RunScript) -> Option<usize> {
    match program {
        "chpst" => options(arguments, "uUbe/CnlLmdoprcfts", |letter, value| chpst(letter, value, run)),
        "softlimit" => options(arguments, "adlmopsfcrt", |letter, value| run.limits.push((letter.to_string(), value.shown()))),
        "nice" | "ionice" => options(arguments, "ncp", |_, _| {}),
        "setlock" => options(arguments, "", |_, _| {}).map(|taken| taken + 1),
        "nohup" => Some(0),
        "setuidgid" => {
            run.user = Some(arguments.first()?.shown());
            Some(1)
        }
        "envuidgid" => Some(1),
        "envdir" => {
            run.environment_directories.push(arguments.first()?.shown());
            Some(1)
        }
        "env" => {
            let mut taken = options(arguments, "uCS", |_, _| {})?;
            while let Some((name, value)) = arguments.get(taken).and_then(assignment) {
                run.variables.push((line, name, value));
                taken += 1;
            }
            Some(taken)
        }
        "sudo" => {
            let mut user = None;
            let mut taken = options(arguments, "ugpCDRTUh", |letter, value| {
                if letter == 'u' {
                    user = Some(value.shown());
                }
            })?;
            while let Some((name, value)) = arguments.get(taken).and_then(assignment) {
                run.variables.push((line, name, value));
                taken += 1;
            }
            run.user = user.or(run.user.take());
            Some(taken)
        }
        _ => None,
    }
}

fn chpst(letter: char, value: &Word, run: &mut RunScript) {
    match letter {
        'u' => run.user = Some(value.shown()),
        'e' => run.environment_directories.push(value.shown()),
        'C' => run.directory = Some(value.clone()),
        'm' | 'd' | 'o' | 'p' | 'f' | 'c' | 'r' | 't' | 's' => run.limits.push((letter.to_string(), value.shown())),
        _ => {}
    }
}

/// Reads options; those in `with_value` take one, glued or as the next word. How many words they are, or `None` when a value is missing.
fn options(arguments: &[Word], with_value: &str, mut found: impl FnMut(char, &Word)) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = arguments.get(at) {
        let text = word.shown();
        if text == "--" {
            return Some(at + 1);
        }
        if !text.starts_with('-') || text.len() < 2 {
            return Some(at);
        }
        at += 1;
        if text.starts_with("--") {
            continue;
        }
        for (index, letter) in text.char_indices().skip(1) {
            if !with_value.contains(letter) {
                continue;
            }
            let glued = &text[index + letter.len_utf8()..];
            if glued.is_empty() {
                found(letter, arguments.get(at)?);
                at += 1;
            } else {
                let mut value = word.clone();
                value.pieces = vec![shell::Piece::Plain(glued.to_owned())];
                glued.clone_into(&mut value.text);
                found(letter, &value);
            }
            break;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &[Word]) -> Vec<String> {
        words.iter().map(Word::shown).collect()
    }

    #[test]
    fn a_worker() {
        let text = "#!/bin/sh\nexec 2>&1\ncd /srv/www/shop/current\nexport RAILS_ENV=production A=\"b c\"\n. /etc/default/shop\nulimit -n 65536\nmkdir -p tmp\nif a; then b; fi\nexec /usr/bin/chpst -u deploy:www-data -e ./env -o1024 -P nice -n 5 env MALLOC_ARENA_MAX=2 bundle exec sidekiq -C \"$CONFIG\" 2>&1\n";
        let (run, problems) = parse(text);
        assert_eq!(problems, []);
        assert_eq!(shown(&run.command), ["bundle", "exec", "sidekiq", "-C", "$CONFIG"]);
        assert_eq!((run.line, run.user.as_deref()), (9, Some("deploy:www-data")));
        let variables: Vec<_> = run.variables.iter().map(|(line, name, value)| (*line, name.as_str(), value.known().unwrap())).collect();
        assert_eq!(variables, [(4, "RAILS_ENV", "production".to_owned()), (4, "A", "b c".into()), (9, "MALLOC_ARENA_MAX", "2".into())]);
        assert_eq!(run.environment_directories, ["./env"]);
        assert_eq!(run.directory.unwrap().shown(), "/srv/www/shop/current");
        assert_eq!(run.limits, [("n".to_owned(), "65536".to_owned()), ("o".into(), "1024".into())]);
        assert_eq!(shown(&run.sourced.iter().map(|(_, word)| word.clone()).collect::<Vec<_>>()), ["/etc/default/shop"]);
        assert_eq!(run.before, [(7, "mkdir -p tmp".to_owned()), (8, "if a; then b; fi".into())]);
        assert_eq!(run.redirections.len(), 1);
    }

    #[test]
    fn other_wrappers() {
        let cases = [
            ("exec setuidgid app softlimit -m 1000 envdir /e x", Some("app"), "x"),
            ("exec sudo -u app -E A=b bundle exec x", Some("app"), "bundle exec x"),
            ("A=b; export A; exec env -i - x", None, "- x"),
            ("cd /x && exec chpst -uapp y -u z", Some("app"), "y -u z"),
            ("exec \u{F0000} \u{F0001}", None, "\u{F0000} \u{F0001}"),
        ];
        for (text, user, command) in cases {
            let (run, problems) = parse(text);
            assert_eq!(problems, [], "{text}");
            assert_eq!((run.user.as_deref(), shown(&run.command).join(" ").as_str()), (user, command), "{text}");
        }
    }

    #[test]
    fn faults() {
        assert_eq!(parse("echo x").1.len(), 1);
        assert_eq!(parse("exec 'x").1[0].line, 1);
        assert_eq!(parse("exec chpst -u").1.len(), 0);
    }
}
