//! Que, jobs in PostgreSQL: `que -w 8 -q mail ./config/environment.rb`, or `rake que:work`.

use crate::blueprint::Queue;
use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding};

/// Whether it is Que.
pub fn is(program: &Program) -> bool {
    program.name == "que" || program.tasks().contains(&"que:work")
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding::default();
    let number = |names: &[&str]| case.program.option(names).and_then(|text| text.parse().ok());
    let (workers, usual) = match case.release() {
        // Before 1.0 a rake task with four workers ran it.
        Some((0, _)) => (case.number("QUE_WORKER_COUNT"), 4),
        _ => (number(&["-w", "--worker-count"]), 6),
    };
    found.sources.push(if workers.is_some() { "the command line" } else { "the defaults of Que" }.to_owned());
    found.concurrency = workers.or(Some(usual));
    let given = case.program.options(&["-q", "--queue-name"]);
    let names = if given.is_empty() { vec![case.variable("QUE_QUEUE").unwrap_or_else(|| "default".to_owned())] } else { given };
    found.queues = Some(names.into_iter().map(|name| Queue { name, weight: None }).collect());
    found.notes.push("SIGTERM: the jobs under way are finished first".to_owned());
    found
}
