//! One job of a YAML schedule: its class, arguments, queue and time, whatever the library calls them.

use serde_yaml::{Mapping, Value};

use super::document::{get, text};
use super::time::{self, Meaning};
use crate::blueprint::{InnerSchedule, Origin};

/// Keys of times, with whether a cron line stands there.
const TIMES: &[(&str, bool)] = &[("cron", true), ("schedule", true), ("every", false), ("interval", false), ("in", false), ("at", false)];

/// Whether the mapping is a job: it has a time.
#[must_use]
pub fn is_job(map: &Mapping) -> bool {
    TIMES.iter().any(|(key, _)| get(map, key).is_some())
}

/// The job `name`.
#[must_use]
pub fn of(kind: &str, name: &str, map: &Mapping, origin: Vec<Origin>) -> InnerSchedule {
    let field = |key: &str| get(map, key).and_then(text);
    let class = ["class", "klass", "custom_job_class", "command"].iter().find_map(|key| field(key)).unwrap_or_else(|| name.to_owned());
    let arguments = get(map, "args").or_else(|| get(map, "arguments")).map(arguments).unwrap_or_default();
    let mut one = InnerSchedule {
        name: name.to_owned(),
        kind: kind.to_owned(),
        does: format!("{class}{arguments}"),
        queue: field("queue").or_else(|| field("queue_name")),
        origin,
        ..InnerSchedule::default()
    };
    let found = TIMES.iter().find_map(|(key, is_cron)| Some((*key, *is_cron, get(map, key)?)));
    if let Some((key, is_cron, value)) = found {
        // `[time, { first_in: … }]`
        let (value, options) = match value {
            Value::Sequence(list) => (list.first().cloned().unwrap_or(Value::Null), list.get(1).cloned()),
            value => (value.clone(), None),
        };
        let written = text(&value).unwrap_or_default();
        let meaning = if is_cron { time::of_cron(&written) } else { time::of_span() };
        one.written = if is_cron { written } else { format!("{key} {written}") };
        fill(&mut one, meaning);
        if let Some(Value::Mapping(options)) = options {
            let shown: Vec<String> = options.iter().filter_map(|(key, value)| Some(format!("{}: {}", text(key)?, text(value)?))).collect();
            one.notes.push(shown.join(", "));
        }
    }
    if field("status").as_deref() == Some("disabled") || field("enabled").as_deref() == Some("false") {
        one.notes.push("disabled".to_owned());
    }
    if let Some(environments) = field("rails_env") {
        one.notes.push(format!("only in {environments}"));
    }
    if let Some(zone) = field("time_zone").or_else(|| field("timezone")) {
        one.time_zone = Some(zone);
    }
    if let Some(description) = field("description").filter(|text| !text.trim().is_empty()) {
        one.notes.push(description.trim().to_owned());
    }
    one
}

/// Puts a time's meaning into the schedule.
pub fn fill(one: &mut InnerSchedule, meaning: Meaning) {
    one.cron = meaning.cron;
    one.time_zone = meaning.zone;
    one.notes.extend(meaning.notes);
}

/// `("a", 1)`
fn arguments(value: &Value) -> String {
    let list = match value {
        Value::Sequence(list) => list.clone(),
        Value::Null => return String::new(),
        other => vec![other.clone()],
    };
    if list.is_empty() {
        return String::new();
    }
    let shown: Vec<String> = list.iter().map(|value| serde_json::to_string(value).unwrap_or_default()).collect();
    format!("({})", shown.join(", "))
}
