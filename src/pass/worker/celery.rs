//! Celery: `celery -A shop worker -Q mail,default -c 4`; `celery beat` is a clock, exactly one.

use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding, queues, without};

/// The command below `celery` or `manage.py celery`.
fn task(program: &Program) -> Option<&str> {
    let known = |word: &&String| matches!(word.as_str(), "worker" | "beat" | "multi" | "celeryd" | "celerybeat" | "flower");
    match program.name.as_str() {
        "celery" => program.arguments.iter().find(known).map(String::as_str),
        "celeryd" => Some("worker"),
        "celerybeat" => Some("beat"),
        "python" | "python2" | "python3" | "manage.py"
            if program.arguments.iter().chain([&program.word]).any(|word| word.ends_with("manage.py") || word.contains("celery")) =>
        {
            program.arguments.iter().find(known).map(String::as_str)
        }
        _ => None,
    }
}

/// Whether it works queues.
pub fn is(program: &Program) -> bool {
    matches!(task(program), Some("worker" | "multi" | "celeryd"))
}

/// Whether it is the clock.
pub fn is_beat(program: &Program) -> bool {
    matches!(task(program), Some("beat" | "celerybeat"))
}

fn command(case: &Case<'_, '_>) -> Option<Vec<String>> {
    let words = without(case.words, &["--detach", "-D"], &["--pidfile", "--logfile", "-f"]);
    (words != case.words).then_some(words)
}

/// What the worker's command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { command: command(case), ..Finding::default() };
    match case.program.option(&["-c", "--concurrency"]).map(|text| text.parse().map_err(|_| text)) {
        Some(Ok(number)) => {
            found.concurrency = Some(number);
            found.sources.push("concurrency: the command line".to_owned());
        }
        Some(Err(text)) => found.faults.push(format!("`{text}` is no number for the concurrency of Celery")),
        None => found.notes.push("as many processes as the machine has CPUs: set `-c`, a node may have more than the hosts had".to_owned()),
    }
    let list = case.program.option(&["-Q", "--queues"]);
    found.queues = Some(queues(list.as_deref().unwrap_or("celery")));
    found.single = case.program.has(&["-B", "--beat"]);
    if task(case.program) == Some("multi") {
        let why = "`celery multi` starts workers in the background and ends";
        found.tasks.push(("Write the command of the Celery worker as `celery worker`".to_owned(), why.to_owned()));
    }
    found.notes.push("SIGTERM: the tasks under way are finished first".to_owned());
    found
}

/// What the clock's command says.
pub fn read_beat(case: &Case<'_, '_>) -> Finding {
    let note = "a clock: two of them would queue every task twice".to_owned();
    Finding { single: true, command: command(case), notes: vec![note], ..Finding::default() }
}
