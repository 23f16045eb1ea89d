//! Gunicorn and uWSGI: an address in the place of the socket, in the foreground.

use crate::pass::program::Program;
use crate::pass::web::{Case, Finding, PORT};
use crate::pass::worker::without;

/// Whether it is Gunicorn.
pub fn is_gunicorn(program: &Program) -> bool {
    matches!(program.name.as_str(), "gunicorn" | "gunicorn_django" | "gunicorn_paster")
}

/// Whether it is uWSGI.
pub fn is_uwsgi(program: &Program) -> bool {
    program.name == "uwsgi"
}

/// `name = 4` or `name: 4` on a line of a configuration.
fn number(text: &str, names: &[&str]) -> Option<u32> {
    text.lines().rev().find_map(|line| {
        let (name, value) = line.split_once(['=', ':'])?;
        names.contains(&name.trim()).then(|| value.split('#').next().unwrap_or(value).trim().parse().ok()).flatten()
    })
}

/// What the command says.
pub fn read_gunicorn(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { workers: Some(1), threads: Some((1, 1)), timeout: Some(30), ..Finding::default() };
    let file = case.program.option(&["-c", "--config"]).and_then(|path| case.file(&path));
    let text = file.as_ref().map_or("", |file| file.encoded.text.as_str());
    found.workers =
        case.number(&["-w", "--workers"]).or_else(|| number(text, &["workers"])).or(case.variable("WEB_CONCURRENCY")).or(found.workers);
    found.threads = case.number(&["--threads"]).or_else(|| number(text, &["threads"])).map(|most| (most, most)).or(found.threads);
    found.timeout = case.number(&["-t", "--timeout"]).or_else(|| number(text, &["timeout"])).or(found.timeout);
    let kept = without(
        &case.program.words,
        &["-D", "--daemon"],
        &["-b", "--bind", "-p", "--pid", "--log-file", "--access-logfile", "--error-logfile", "-u", "--user", "-g", "--group"],
    );
    let at = kept.iter().position(|word| *word == case.program.word).map_or(kept.len(), |at| at + 1);
    found.command = kept;
    found.command.splice(at..at, ["-b".to_owned(), format!("0.0.0.0:{PORT}")]);
    found
}

/// What the command says.
pub fn read_uwsgi(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { workers: Some(1), threads: Some((1, 1)), ..Finding::default() };
    let named = case
        .program
        .option(&["--ini", "--yaml", "--yml"])
        .or_else(|| case.program.arguments.iter().find(|word| word.ends_with(".ini")).cloned());
    let file = named.and_then(|path| case.file(&path));
    let text = file.as_ref().map_or("", |file| file.encoded.text.as_str());
    found.workers = case.number(&["-p", "--processes", "--workers"]).or_else(|| number(text, &["processes", "workers"])).or(found.workers);
    found.threads = case.number(&["--threads"]).or_else(|| number(text, &["threads"])).map(|most| (most, most)).or(found.threads);
    found.timeout = case.number(&["--harakiri"]).or_else(|| number(text, &["harakiri"]));
    found.command = without(
        &case.program.words,
        &[],
        &["-d", "--daemonize", "--daemonize2", "--socket", "-s", "--pidfile", "--logto", "--http", "--http-socket", "--emperor"],
    );
    // By itself it takes SIGTERM for a reload.
    found.command.extend(["--http-socket".to_owned(), format!("0.0.0.0:{PORT}"), "--die-on-term".to_owned()]);
    if text.lines().any(|line| line.split('=').next().is_some_and(|name| matches!(name.trim(), "socket" | "daemonize" | "logto"))) {
        let path = file.as_ref().map_or("", |file| file.path.as_str());
        let why = "they would tie it to a host: a socket of its own protocol, the background, a log file";
        found.tasks.push((format!("Take `socket`, `daemonize` and `logto` out of `{path}`"), why.to_owned()));
    }
    found
}
