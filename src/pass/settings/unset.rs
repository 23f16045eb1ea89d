//! Variables that something reads and nothing sets.

use crate::blueprint::{Blueprint, Unset};
use crate::pass::Sink;
use crate::pass::settings::framework;
use crate::pass::settings::readers::Reads;
use crate::secrecy;

/// The variables, sorted by name; those that nothing makes up for are said in one task.
pub fn find(reads: &Reads, blueprint: &Blueprint, sink: &mut Sink) -> Vec<Unset> {
    let mut all = Vec::new();
    for (name, places) in &reads.places {
        let set = blueprint.variables.iter().any(|variable| variable.name == *name)
            || blueprint.images.iter().any(|image| image.variables.contains_key(name))
            || blueprint.schedules.iter().any(|schedule| schedule.variables.contains_key(name))
            || framework::is_given(name)
            || crate::pass::settings::value::reason_to_drop(name).is_some();
        if set {
            continue;
        }
        let has_default =
            framework::may_be_unset(name) || places.iter().all(|place| reads.fallbacks.contains(&(name.clone(), place.clone())));
        all.push(Unset {
            name: name.clone(),
            readers: places.iter().cloned().collect(),
            has_default,
            secret: secrecy::name_is_secret(name),
        });
    }
    let without: Vec<&Unset> = all.iter().filter(|unset| !unset.has_default).collect();
    if !without.is_empty() {
        let line = |unset: &&Unset| {
            let more = unset.readers.len().saturating_sub(1);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let kind = if unset.secret { ", a secret" } else { "" };
            format!("`{}` ({}{rest}{kind})", unset.name, unset.readers.first().map_or("", String::as_str))
        };
        let list: Vec<String> = without.iter().map(line).collect();
        sink.task("Set the variables that the code reads and nothing sets, or see that it does without them", list.join(", "), Vec::new());
    }
    all
}
