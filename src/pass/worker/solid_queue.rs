//! Solid Queue, jobs in the database: `bin/jobs` with `config/queue.yml`, whose `workers` have queues, threads and processes.

use serde_yaml::Value;

use crate::blueprint::Queue;
use crate::pass::configuration::rails_environment;
use crate::pass::evaluate;
use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding};
use crate::read::problem::Problem;

/// Whether it is Solid Queue.
pub fn is(program: &Program) -> bool {
    (program.name == "jobs" && program.word.ends_with("bin/jobs")) || program.tasks().contains(&"solid_queue:start")
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { timeout: Some(5), ..Finding::default() };
    let path = case.program.option(&["-c", "--config_file"]).or_else(|| case.variable("SOLID_QUEUE_CONFIG"));
    let path = path.unwrap_or_else(|| "config/queue.yml".to_owned());
    let Some(file) = case.file(&path) else {
        // One worker of three threads for every queue.
        found.concurrency = Some(3);
        found.queues = Some(vec![Queue { name: "*".to_owned(), weight: None }]);
        found.sources.push("the defaults of Solid Queue".to_owned());
        return found;
    };
    let root = evaluate::erb(&file.encoded.text, &file.path, case.variables)
        .and_then(|text| serde_yaml::from_str::<Value>(&text).map_err(|error| error.to_string()))
        .map(|mut root| root.apply_merge().map(|()| root.clone()).unwrap_or(root));
    let root = match root {
        Ok(root) => root,
        Err(why) => {
            found.problems.push((file, Problem::on_line(1, why)));
            return found;
        }
    };
    let section = root.get(rails_environment(case.variables).as_str()).unwrap_or(&root);
    let mut threads = 0_u32;
    let mut queues: Vec<Queue> = Vec::new();
    for worker in section.get("workers").and_then(Value::as_sequence).into_iter().flatten() {
        let number = |name: &str, usual: u32| {
            worker.get(name).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok()).unwrap_or(usual)
        };
        threads = threads.saturating_add(number("threads", 3).saturating_mul(number("processes", 1)));
        let names: Vec<String> = match worker.get("queues") {
            Some(Value::String(text)) => text.split(',').map(|name| name.trim().to_owned()).collect(),
            Some(Value::Sequence(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => vec!["*".to_owned()],
        };
        queues.extend(names.into_iter().map(|name| Queue { name, weight: None }));
    }
    if threads > 0 {
        found.concurrency = Some(threads);
        found.queues = Some(queues);
    }
    found.sources.push(file.path);
    found
}
