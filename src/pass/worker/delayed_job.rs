//! Delayed Job: `bin/delayed_job start -n 3 --queues=a,b` is `rake jobs:work` three times; every `--pool` is a process of its own.

use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding, queues};

/// Whether it works Delayed Job's queues.
pub fn is(program: &Program) -> bool {
    matches!(program.name.as_str(), "delayed_job" | "delayed_job_control")
        || program.tasks().iter().any(|task| matches!(*task, "jobs:work" | "jobs:workoff"))
}

/// Options that are variables of `rake jobs:work`.
const VARIABLES: &[(&[&str], &str)] = &[
    (&["--min-priority"], "MIN_PRIORITY"),
    (&["--max-priority"], "MAX_PRIORITY"),
    (&["--sleep-delay"], "SLEEP_DELAY"),
    (&["--read-ahead"], "READ_AHEAD"),
];

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { concurrency: Some(1), ..Finding::default() };
    let program = case.program;
    found.notes.push("SIGTERM: the job under way is finished first; the grace period must be as long as the longest job".to_owned());
    if program.name == "rake" || program.name == "rails" {
        let list = ["QUEUES", "QUEUE"].iter().find_map(|name| Some((*name, case.variable(name)?)));
        if let Some((name, list)) = list {
            found.sources.push(format!("queues: {name}"));
            found.queues = Some(queues(&list));
        }
        return found;
    }
    found.command = Some(["bundle", "exec", "rake", "jobs:work"].map(str::to_owned).to_vec());
    if let Some(list) = program.option(&["--queues", "--queue"]) {
        found.sources.push("queues: the command line".to_owned());
        found.variables.push(("QUEUES".to_owned(), list.clone()));
        found.queues = Some(queues(&list));
    } else if let Some(list) = case.variable("QUEUES").or_else(|| case.variable("QUEUE")) {
        found.queues = Some(queues(&list));
    }
    for (options, variable) in VARIABLES {
        if let Some(value) = program.option(options) {
            found.variables.push(((*variable).to_owned(), value));
        }
    }
    if let Some(count) = program.option(&["-n", "--number-of-workers", "--number_of_workers"]) {
        found.copies = count.parse().ok();
        if found.copies.is_none() && !crate::read::lexeme::has_hole(&count) {
            found.faults.push(format!("`-n {count}` of delayed_job is no number: one copy is assumed"));
        }
    }
    let pools: Vec<(Vec<String>, u32)> = program.options(&["--pool"]).iter().map(|text| pool(text, &mut found.faults)).collect();
    if let [(names, count)] = pools.as_slice() {
        found.copies = Some(*count);
        if !names.is_empty() {
            found.variables.push(("QUEUES".to_owned(), names.join(",")));
            found.queues = Some(queues(&names.join(",")));
        }
    } else if !pools.is_empty() {
        found.sources.push("queues: the command line".to_owned());
        found.copies = None;
        found.pools = pools;
    }
    found
}

/// `mail,sms:2`, `*:3`
fn pool(text: &str, faults: &mut Vec<String>) -> (Vec<String>, u32) {
    let (names, count) = text.split_once(':').unwrap_or((text, "1"));
    let number = count.trim().parse().ok().filter(|count| *count > 0);
    if number.is_none() {
        faults.push(format!("`--pool={text}` of delayed_job has no number of workers: one is assumed"));
    }
    let names = if names == "*" {
        Vec::new()
    } else {
        names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    };
    (names, number.unwrap_or(1))
}
