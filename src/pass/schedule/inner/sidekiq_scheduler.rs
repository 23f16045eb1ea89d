//! sidekiq-scheduler: `:schedule:` of Sidekiq's own files, in the project and as recipes render them, and files that an initializer loads.

use serde_yaml::Value;

use super::{Scene, document, initializer, job};
use crate::blueprint::InnerSchedule;
use crate::pass::Sink;
use crate::read::sidekiq_yaml;

const KIND: &str = "sidekiq-scheduler";

/// Finds the jobs.
pub fn find(scene: &Scene<'_>, all: &mut Vec<InnerSchedule>, sink: &mut Sink) {
    let loaded = initializer::calls(scene, &["Sidekiq.schedule", "Sidekiq::Scheduler"]);
    if !scene.has_gem(KIND) && loaded.is_empty() {
        return;
    }
    let of_sidekiq = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.starts_with("sidekiq") && (name.ends_with(".yml") || name.ends_with(".yaml"))
    };
    let mut paths: Vec<String> =
        scene.project.files.keys().filter(|path| path.starts_with("config/") && of_sidekiq(path)).cloned().collect();
    paths.extend(loaded.iter().flat_map(|call| call.files.iter().cloned()));
    paths.extend(["config/scheduler.yml".to_owned(), "config/sidekiq_scheduler.yml".to_owned()]);
    paths.sort();
    paths.dedup();
    for path in paths {
        let Some(document) = document::read(scene, &path, sink) else { continue };
        for (name, map) in jobs(&document.root) {
            all.push(job::of(KIND, &name, &map, scene.origin(&path, document.line(&name), &name)));
        }
    }
    for call in &loaded {
        for (name, map) in &call.jobs {
            all.push(job::of(KIND, name, map, scene.origin(&call.path, call.line, &call.what)));
        }
    }
    for file in scene.input.files().filter(|file| of_sidekiq(file.path)) {
        let Some(text) = scene.input.text(&file) else { continue };
        let text = text.to_string();
        let (sidekiq, _) = sidekiq_yaml::parse(&text);
        let Some(schedule) = sidekiq.settings.schedule else { continue };
        for (name, map) in of_mapping(&schedule) {
            if !all.iter().any(|known| known.kind == KIND && known.name == name) {
                let mut one = job::of(KIND, &name, &map, scene.input.origin(file.item).into_iter().collect());
                one.notes.push(format!("in {}", file.path));
                all.push(one);
            }
        }
    }
}

/// The jobs of a document: below `schedule`, `scheduler`, an environment's section, or at its top.
fn jobs(root: &Value) -> Vec<(String, serde_yaml::Mapping)> {
    let Value::Mapping(map) = root else { return Vec::new() };
    for section in [Some(map), document::get(map, "production").and_then(Value::as_mapping)].into_iter().flatten() {
        let scheduler = document::get(section, "scheduler").and_then(Value::as_mapping);
        let schedule = scheduler.and_then(|scheduler| document::get(scheduler, "schedule")).or_else(|| document::get(section, "schedule"));
        if let Some(schedule) = schedule {
            return of_mapping(schedule);
        }
    }
    of_mapping(root)
}

fn of_mapping(value: &Value) -> Vec<(String, serde_yaml::Mapping)> {
    let Value::Mapping(map) = value else { return Vec::new() };
    map.iter()
        .filter_map(|(key, value)| Some((document::text(key)?, value.as_mapping()?.clone())))
        .filter(|(_, map)| job::is_job(map))
        .collect()
}
