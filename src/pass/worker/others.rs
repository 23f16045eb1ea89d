//! Systems of which little stands in the command: Sneakers, Backburner, Qless, Karafka.

use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding, queues, without};

/// Whether it is Sneakers or its successor Kicks.
pub fn is_sneakers(program: &Program) -> bool {
    program.tasks().contains(&"sneakers:run") || program.name == "sneakers"
}

/// Whether it is Backburner.
pub fn is_backburner(program: &Program) -> bool {
    program.name == "backburner"
        || program.tasks().iter().any(|task| matches!(*task, "backburner:work" | "backburner:threads_on_fork:work"))
}

/// Whether it is Qless.
pub fn is_qless(program: &Program) -> bool {
    program.tasks().iter().any(|task| matches!(*task, "qless:work" | "qless:work:workers"))
}

/// Whether it is Karafka.
pub fn is_karafka(program: &Program) -> bool {
    program.name == "karafka" && program.has(&["server", "s"])
}

/// Its queues are those of the worker classes.
pub fn read_sneakers(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding::default();
    if let Some(classes) = case.variable("WORKERS") {
        found.sources.push(format!("WORKERS={classes}"));
    }
    found.notes.push("queues and threads stand in the worker classes (`from_queue`) and in `Sneakers.configure`".to_owned());
    found
}

/// Tubes of beanstalkd.
pub fn read_backburner(case: &Case<'_, '_>) -> Finding {
    let list = case.program.option(&["-q", "--queues"]).or_else(|| case.variable("QUEUES")).or_else(|| case.variable("QUEUE"));
    let words = without(case.words, &["-d", "--daemon"], &["-P", "--pid", "-l", "--log"]);
    Finding {
        concurrency: Some(1),
        queues: list.as_deref().map(queues),
        command: (words != case.words).then_some(words),
        ..Finding::default()
    }
}

/// Queues by `QUEUE` or `QUEUES`.
pub fn read_qless(case: &Case<'_, '_>) -> Finding {
    let list = case.variable("QUEUES").or_else(|| case.variable("QUEUE"));
    let mut found = Finding { concurrency: Some(1), queues: list.as_deref().map(queues), ..Finding::default() };
    if found.queues.is_none() {
        found.faults.push("`qless:work` has no `QUEUE`: it would not start".to_owned());
    }
    found
}

/// Topics stand in `karafka.rb`.
pub fn read_karafka(case: &Case<'_, '_>) -> Finding {
    let note = "topics stand in `karafka.rb`; more copies than partitions have nothing to do".to_owned();
    let words = without(case.words, &["-d", "--daemon"], &["-p", "--pid"]);
    Finding {
        concurrency: Some(5),
        notes: vec![note],
        command: (words != case.words).then_some(words),
        timeout: Some(60),
        ..Finding::default()
    }
}
