//! Solid Queue: `config/recurring.yml`, by environment or flat.

use super::{Scene, document, job};
use crate::blueprint::InnerSchedule;
use crate::pass::Sink;

/// Finds the tasks.
pub fn find(scene: &Scene<'_>, all: &mut Vec<InnerSchedule>, sink: &mut Sink) {
    if !scene.has_gem("solid_queue") {
        return;
    }
    let path = "config/recurring.yml";
    let Some(document) = document::read(scene, path, sink) else { return };
    let entries = document.entries(&document.root);
    let flat = entries.iter().any(|(_, map)| job::is_job(map));
    let sections: Vec<(Option<String>, serde_yaml::Mapping)> = if flat {
        vec![(None, document.root.as_mapping().cloned().unwrap_or_default())]
    } else {
        entries
            .into_iter()
            .filter(|(name, _)| !matches!(name.as_str(), "development" | "test"))
            .map(|(name, map)| (Some(name), map))
            .collect()
    };
    for (environment, section) in sections {
        for (name, map) in document.entries(&serde_yaml::Value::Mapping(section)).into_iter().filter(|(_, map)| job::is_job(map)) {
            let mut one = job::of("solid_queue", &name, &map, scene.origin(path, document.line(&name), &name));
            one.notes.extend(environment.as_ref().filter(|name| *name != "production").map(|name| format!("only in {name}")));
            all.push(one);
        }
    }
}
