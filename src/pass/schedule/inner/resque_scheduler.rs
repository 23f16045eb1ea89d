//! resque-scheduler: `config/resque_schedule.yml` and what an initializer loads into `Resque.schedule`.

use serde_yaml::Value;

use super::{Scene, document, initializer, job};
use crate::blueprint::InnerSchedule;
use crate::pass::Sink;

const KIND: &str = "resque-scheduler";

/// The usual names.
const FILES: &[&str] = &[
    "config/resque_schedule.yml",
    "config/resque-schedule.yml",
    "config/resque_scheduler.yml",
    "config/resque-scheduler.yml",
    "config/resque/schedule.yml",
    "config/scheduled_jobs.yml",
    "config/schedule.yml",
];

/// Finds the jobs.
pub fn find(scene: &Scene<'_>, all: &mut Vec<InnerSchedule>, sink: &mut Sink) {
    let loaded = initializer::calls(scene, &["Resque.schedule"]);
    if !scene.has_gem(KIND) && loaded.is_empty() {
        return;
    }
    let mut paths: Vec<String> = FILES.iter().map(|path| (*path).to_owned()).collect();
    paths.extend(loaded.iter().flat_map(|call| call.files.iter().cloned()));
    paths.sort();
    paths.dedup();
    for path in paths {
        let Some(document) = document::read(scene, &path, sink) else { continue };
        let production = document.root.as_mapping().and_then(|map| document::get(map, "production")).cloned();
        let flat = document.entries(&document.root).iter().any(|(_, map)| job::is_job(map));
        let within: Value = if flat { document.root.clone() } else { production.unwrap_or(Value::Null) };
        for (name, map) in document.entries(&within).into_iter().filter(|(_, map)| job::is_job(map)) {
            all.push(job::of(KIND, &name, &map, scene.origin(&path, document.line(&name), &name)));
        }
    }
    for call in loaded {
        for (name, map) in call.jobs {
            all.push(job::of(KIND, &name, &map, scene.origin(&call.path, call.line, &call.what)));
        }
    }
}
