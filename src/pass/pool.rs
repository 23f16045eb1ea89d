//! Whether each process has as many database connections as threads: `pool` of `config/database.yml`.

use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::blueprint::{Process, Setting, Variable};
use crate::pass::configuration::{self, Files};
use crate::pass::{Input, Sink, evaluate};
use crate::project::Project;

/// The pool where nothing says otherwise.
const USUAL: u32 = 5;

/// A task for each process that has more threads than connections.
pub fn check(input: &Input<'_>, processes: &[Process], project: Option<&Project>, variables: &[Variable], sink: &mut Sink) {
    let files = Files::new(input, project);
    let has = |name: &str| project.is_some_and(|project| project.libraries.contains_key(name));
    for process in processes {
        let mut lacks: Vec<(String, u32, u32)> = Vec::new();
        for environment in 0..input.environments() {
            let worker = process
                .worker
                .as_ref()
                .filter(|worker| is_ruby(&worker.system))
                .and_then(|worker| worker.concurrency.at(environment).copied());
            let server =
                process.server.as_ref().and_then(|server| server.threads.at(environment).map(|(_, most)| *most)).filter(|most| *most > 1);
            let Some(threads) = worker.or(server) else { continue };
            let known = configuration::variables(process, variables, environment);
            let Some(pool) = pool(&files, environment, process, &known, variables, has("activerecord") || has("rails")) else { continue };
            if threads > pool {
                let name = input.graph.environments.get(environment).map_or("", |environment| environment.name.as_str());
                lacks.push((name.to_owned(), threads, pool));
            }
        }
        let Some(most) = lacks.iter().map(|(_, threads, _)| *threads).max() else { continue };
        let say = |(name, threads, pool): &(String, u32, u32)| {
            let place = if name.is_empty() || input.environments() < 2 { String::new() } else { format!(" in {name}") };
            format!("{threads} threads share {pool} connections{place}")
        };
        let why = lacks.iter().map(say).collect::<Vec<_>>().join("; ");
        let why = format!("{why}: a thread that gets none in 5 seconds fails");
        sink.task(format!("Give `{}` a database pool of {most}", process.name), why, process.origin.clone());
    }
}

fn is_ruby(system: &str) -> bool {
    !system.starts_with("celery")
}

/// The pool of a process; none where nothing tells of a database, or its size is not known.
fn pool(
    files: &Files<'_, '_>,
    environment: usize,
    process: &Process,
    known: &BTreeMap<String, String>,
    variables: &[Variable],
    has_database: bool,
) -> Option<u32> {
    // What Chef wrote into database.yml is this variable now.
    if let Some(variable) = variables.iter().find(|variable| variable.name == "DB_POOL") {
        match variable.value.at(environment) {
            Some(Setting::Known(value)) => return value.trim().parse().ok(),
            Some(_) => return None,
            None => {}
        }
    }
    let file = files.find("config/database.yml", environment, &process.layers)?;
    if !has_database {
        return None;
    }
    let text = evaluate::erb(&file.encoded.text, &file.path, known).ok()?;
    let mut root: Value = serde_yaml::from_str(&text).ok()?;
    root.apply_merge().ok()?;
    let section = root.get(configuration::rails_environment(known).as_str())?;
    match section.get("pool") {
        None => Some(USUAL),
        Some(Value::Number(number)) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    }
}
