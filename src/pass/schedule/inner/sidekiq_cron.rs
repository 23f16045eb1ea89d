//! sidekiq-cron: `config/schedule.yml`, the files that an initializer loads, and jobs that one creates.

use super::{Scene, document, initializer, job};
use crate::blueprint::InnerSchedule;
use crate::pass::Sink;

const KIND: &str = "sidekiq-cron";

/// Finds the jobs.
pub fn find(scene: &Scene<'_>, all: &mut Vec<InnerSchedule>, sink: &mut Sink) {
    let found = initializer::calls(scene, &["Sidekiq::Cron"]);
    if !scene.has_gem(KIND) && found.is_empty() {
        return;
    }
    let mut paths: Vec<String> = ["config/schedule.yml", "config/schedule.yaml"].map(str::to_owned).to_vec();
    paths.extend(found.iter().flat_map(|call| call.files.iter().cloned()));
    paths.sort();
    paths.dedup();
    for path in paths {
        let Some(document) = document::read(scene, &path, sink) else { continue };
        for (name, map) in document.entries(&document.root).into_iter().filter(|(_, map)| job::is_job(map)) {
            let line = document.line(&name);
            all.push(job::of(KIND, &name, &map, scene.origin(&document.path, line, &name)));
        }
    }
    for call in found {
        for (name, map) in call.jobs {
            all.push(job::of(KIND, &name, &map, scene.origin(&call.path, call.line, &call.what)));
        }
    }
}
