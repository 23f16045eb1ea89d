//! Resque: `rake resque:work` with `QUEUE` or `QUEUES`; `resque:workers` is `COUNT` copies of it. The scheduler is one process.

use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding, queues};

/// Whether it works queues.
pub fn is(program: &Program) -> bool {
    program.tasks().iter().any(|task| matches!(*task, "resque:work" | "resque:workers")) || matches!(program.name.as_str(), "resque-pool")
}

/// Whether it is the scheduler.
pub fn is_scheduler(program: &Program) -> bool {
    program.tasks().contains(&"resque:scheduler") || program.name == "resque-scheduler"
}

/// Variables of a host: its background and its copies.
const UNSET: &[&str] = &["BACKGROUND", "PIDFILE", "COUNT"];

/// What sends it to the background, and counts copies.
fn command(case: &Case<'_, '_>) -> Vec<String> {
    let gone = ["BACKGROUND=", "PIDFILE=", "COUNT="];
    let kept = case.words.iter().filter(|word| !gone.iter().any(|name| word.starts_with(name)));
    kept.map(|word| if word == "resque:workers" { "resque:work".to_owned() } else { word.clone() }).collect()
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { concurrency: Some(1), unset: UNSET, ..Finding::default() };
    if case.program.name == "resque-pool" {
        found.concurrency = None;
        let path = case.program.option(&["-c", "--config"]).unwrap_or_else(|| "config/resque-pool.yml".to_owned());
        found.tasks.push((
            format!("Make a process of each line of `{path}`"),
            "resque-pool starts a number of workers for each list of queues: one container for each scales by itself".to_owned(),
        ));
        return found;
    }
    let names = ["QUEUES", "QUEUE"].iter().find_map(|name| Some((name, case.variable(name)?)));
    match names {
        Some((name, list)) => {
            found.queues = Some(queues(&list));
            found.sources.push(format!("queues: {name}"));
        }
        None => found.faults.push("`resque:work` has no `QUEUE`: it would not start".to_owned()),
    }
    if case.program.tasks().contains(&"resque:workers") {
        found.copies = case.number("COUNT");
        if found.copies.is_none() {
            found.faults.push("`resque:workers` has no `COUNT` that is a number: one copy is assumed".to_owned());
        }
    }
    let words = command(case);
    if words != case.words {
        found.command = Some(words);
    }
    let seconds = case.number("RESQUE_TERM_TIMEOUT");
    found.timeout = seconds.or(Some(20));
    // Without it SIGTERM kills the job at once.
    if case.variable("TERM_CHILD").is_none() {
        found.variables.push(("TERM_CHILD".to_owned(), "1".to_owned()));
    }
    if seconds.is_none() {
        found.variables.push(("RESQUE_TERM_TIMEOUT".to_owned(), "20".to_owned()));
    }
    found.notes.push(
        "SIGTERM: the job under way is told (`TERM_CHILD`) and has RESQUE_TERM_TIMEOUT seconds; SIGQUIT would let it finish".to_owned(),
    );
    found
}

/// What the scheduler's command says.
pub fn read_scheduler(case: &Case<'_, '_>) -> Finding {
    let words = command(case);
    let command = (words != case.words).then_some(words);
    Finding { single: true, command, unset: UNSET, ..Finding::default() }
}
