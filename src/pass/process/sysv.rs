//! Init scripts of `/etc/init.d`: what they do for `start`.

use std::collections::BTreeMap;

use super::found::{Found, signal};
use super::place::{Place, Reading};
use crate::blueprint::Restart;
use crate::pass::command;
use crate::pass::input::RunFile;

/// Whether a file is an init script.
pub fn takes(path: &str, _: &str, text: &str) -> bool {
    (path.starts_with("/etc/init.d/") || path.starts_with("/etc/rc.d/init.d/")) && (text.starts_with("#!") || text.contains("start)"))
}

/// Reads an init script.
pub fn read(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    let Some(text) = place.text_of(file) else { return };
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let first = text.lines().next().unwrap_or("");
    let is_shell = !first.starts_with("#!")
        || ["sh", "bash", "dash", "ksh"].iter().any(|shell| first.trim_end().split(['/', ' ']).any(|part| part == *shell));
    if !is_shell || first.contains("runscript") {
        reading.nothing(
            "C133",
            1,
            format!("the init script `{name}` is written for `{}`, which is not read", first.trim_start_matches("#!").trim()),
        );
        return;
    }
    if let Err(problem) = crate::read::shell::parse(&text) {
        reading.problems.push(problem);
        reading.nothing("C133", 1, format!("the init script `{name}` cannot be read"));
        return;
    }
    let scope: BTreeMap<String, String> = [("0".to_owned(), file.path.to_owned()), ("1".to_owned(), "start".to_owned())].into();
    let files = |path: &str| place.text(path);
    let all = command::candidates(&text, &scope, place.around(&files));
    let Some(plain) = choose(all, file.path, name) else {
        reading.nothing("C133", 1, format!("no command was found that the init script `{name}` starts"));
        return;
    };
    let mut found = Found::new(name, name, plain, "init script");
    found.restart = Restart::Never;
    (found.stop_signal, found.grace_seconds) = stop(&text);
    reading.found.push(found);
}

/// The command that stays: one that is sent to the background, else the one of the script's own name, else the first program by its path.
fn choose(all: Vec<command::Plain>, path: &str, name: &str) -> Option<command::Plain> {
    const TOOLS: &[&str] = &["/bin/", "/usr/bin/env", "/usr/bin/id", "/usr/bin/test", "/sbin/", "/usr/sbin/useradd"];
    let mut all: Vec<command::Plain> = all
        .into_iter()
        .filter(|plain| plain.service.is_none() && plain.words.first().is_some_and(|word| !word.is_empty() && word != path))
        .filter(|plain| !plain.words.last().is_some_and(|line| plain.shell && line.contains('\n')))
        .collect();
    let program = |plain: &command::Plain| plain.words.first().map_or("", |word| word.as_str()).to_owned();
    let own = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let at = all
        .iter()
        .position(|plain| plain.background)
        .or_else(|| all.iter().position(|plain| program(plain).rsplit('/').next().is_some_and(|program| program.contains(own))))
        .or_else(|| {
            all.iter().position(|plain| program(plain).starts_with('/') && !TOOLS.iter().any(|tool| program(plain).starts_with(tool)))
        })
        .or_else(|| (all.len() == 1).then_some(0))?;
    Some(all.swap_remove(at))
}

/// `start-stop-daemon --stop --retry=QUIT/60/KILL/5`, `killproc -QUIT x`
fn stop(text: &str) -> (Option<String>, Option<u32>) {
    let mut found = (None, None);
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        if let Some((_, rest)) = line.split_once("--retry").or_else(|| line.split_once("-R ")) {
            let schedule = rest.trim_start_matches(['=', ' ']).split_whitespace().next().unwrap_or("");
            let mut parts = schedule.trim_matches('"').split('/');
            let first = parts.next().unwrap_or("");
            let seconds = match first.parse::<u32>() {
                Ok(seconds) if parts.clone().next().is_none() => Some(seconds),
                _ => {
                    found.0 = found.0.or_else(|| signal(first.trim_start_matches('-')));
                    parts.next().and_then(|seconds| seconds.parse().ok())
                }
            };
            found.1 = found.1.or(seconds);
        }
        if line.contains("--stop") || line.contains("killproc") {
            let signalled =
                line.split_once("--signal").map(|(_, rest)| rest.trim_start_matches(['=', ' ']).split_whitespace().next().unwrap_or(""));
            let quit = line.split_whitespace().find(|word| *word == "-QUIT" || *word == "-3");
            found.0 = found.0.or_else(|| signal(signalled.or_else(|| quit.map(|word| &word[1..])).unwrap_or("")));
        }
    }
    found.0 = found.0.filter(|signal: &String| signal == "SIGQUIT" || signal == "SIGINT" || signal == "SIGUSR1");
    found
}
