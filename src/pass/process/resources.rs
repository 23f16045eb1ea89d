//! Units that stand in recipes: `systemd_unit 'x.service'` with its content, and services of cookbooks that say their command.

use std::collections::BTreeMap;

use super::found::{Found, mebibytes, signal};
use super::place::{Place, Reading, at};
use super::systemd;
use crate::diagnostic::Diagnostic;
use crate::graph::{Datum, Resource, Status};
use crate::outcome::Fate;
use crate::pass::Sink;
use crate::pass::command;

/// Adds the processes of resources.
pub fn read(place: &Place<'_>, all: &mut Vec<Found>, sink: &mut Sink) {
    for (run, index, resource) in place.resources() {
        let Some(item) = place.input.items.number(run, index) else { continue };
        if matches!(resource.status, Status::Skipped(_) | Status::Failed(_)) || resource.does("delete") {
            continue;
        }
        let found = match resource.kind.as_str() {
            "systemd_unit" => unit(place, resource, item, sink),
            // Those of cookbooks that are there declare the unit or file that they are by themselves.
            _ if matches!(resource.status, Status::Unknown) => declared(place, resource).into_iter().collect(),
            _ => Vec::new(),
        };
        for one in found {
            let one = place.complete(one, Some(item));
            match all.iter_mut().find(|known| known.name == one.name && known.supervisor == one.supervisor) {
                Some(known) if known.plain == one.plain => known.take_items(&one),
                // A later event writes the unit again: what it says counts.
                Some(known) => {
                    let items = known.items.clone();
                    *known = one;
                    known.items.extend(items);
                    known.items.sort_unstable();
                    known.items.dedup();
                }
                None => all.push(one),
            }
        }
    }
}

/// `systemd_unit 'x.service' do content … end`
fn unit(place: &Place<'_>, resource: &Resource, item: usize, sink: &mut Sink) -> Vec<Found> {
    let name = place.encode(&resource.text_or_name("unit_name"));
    let Some(name) = name.strip_suffix(".service") else { return Vec::new() };
    let Some(text) = encoded(place, resource.get("content")) else { return Vec::new() };
    let mut reading = Reading::default();
    systemd::unit(place, name, &text, &mut reading);
    let location = place.input.items.list.get(item).and_then(|item| item.location.clone());
    let problems = reading.problems.iter().map(|problem| ("C130", problem.line, problem.message.clone()));
    for (code, line, message) in problems.take(4).chain(reading.nothing.clone()) {
        let message = format!("line {line} of the unit `{name}.service`: {}", place.show(&message));
        let diagnostic = Diagnostic::warning(code, message).help("mend the `content` of this `systemd_unit`");
        sink.diagnose(at(place.input, location.as_ref(), diagnostic));
    }
    if reading.found.is_empty() && reading.nothing.is_some() {
        sink.claim(item, Fate::Manual, "", "this unit names no command that stays running");
        sink.task(
            format!("Write the process of `{name}.service` by hand"),
            "its unit names no command that could be found",
            place.input.origin(item).into_iter().collect(),
        );
    }
    reading.found
}

/// Types of resources of cookbooks that are not there, and the properties that hold the command.
const DECLARED: &[(&str, &[&str], &str)] = &[
    ("supervisor_service", &["command"], "supervisor"),
    ("poise_service", &["command"], "systemd"),
    ("systemd_service", &["service_exec_start", "exec_start"], "systemd"),
    ("god_monitor", &["start", "start_command"], "god"),
    ("bluepill_monitor", &["start_command"], "bluepill"),
    ("eye_service", &["start_command"], "eye"),
    ("eye_app", &["start_command"], "eye"),
    ("monit_check", &["start", "start_program"], "monit"),
    ("pm2_application", &["script"], "pm2"),
    ("forever_service", &["path"], "forever"),
    ("upstart_service", &["command", "exec"], "upstart"),
    ("runit_service", &["command"], "runit"),
];

/// A service whose properties say what it runs.
fn declared(place: &Place<'_>, resource: &Resource) -> Option<Found> {
    let (_, properties, supervisor) = DECLARED.iter().find(|(kind, ..)| *kind == resource.kind)?;
    // A resource that renders a template of its own is told by `variables`.
    let told = |name: &str| match resource.get("variables") {
        Some(Datum::Map(map)) => map.get(name).and_then(Datum::as_text),
        _ => None,
    };
    let text = |name: &str| resource.text(name).or_else(|| told(name)).map(|text| place.encode(&text));
    let line = properties.iter().find_map(|name| text(name))?;
    let line = match *supervisor {
        "pm2" | "forever" => format!("node {line}"),
        _ => line,
    };
    let mut variables = BTreeMap::new();
    for name in ["environment", "env", "environment_variables"] {
        let map = resource.get(name).or_else(|| match resource.get("variables") {
            Some(Datum::Map(map)) => map.get(name),
            _ => None,
        });
        if let Some(Datum::Map(map)) = map {
            variables.extend(map.iter().filter_map(|(name, value)| Some((name.clone(), place.encode(&value.as_text()?)))));
        }
    }
    let files = |path: &str| place.text(path);
    let plain = command::service(&line, &variables, place.around(&files)).into_iter().next()?;
    let name = place.encode(&resource.name);
    let mut found = Found::new(&name, &name, plain, supervisor);
    found.set_variables(&variables);
    let any = |names: &[&str]| names.iter().find_map(|name| text(name));
    found.plain.user = found.plain.user.take().or_else(|| any(&["user", "uid", "owner"]));
    found.plain.directory = found.plain.directory.take().or_else(|| any(&["directory", "dir", "working_dir", "cwd", "working_directory"]));
    let memory = any(&["memory_max", "max_memory_restart", "memory_limit"]);
    // god's resource counts in kibibytes.
    let kibibytes = memory.as_deref().filter(|_| *supervisor == "god").and_then(|memory| memory.parse::<u32>().ok());
    let memory = kibibytes.map(|number| number >> 10).or_else(|| memory.as_deref().and_then(mebibytes));
    found.memory_mib = memory.filter(|mib| *mib > 0).or(found.memory_mib);
    found.count = any(&["numprocs", "instances"]).and_then(|count| count.parse().ok()).unwrap_or(found.count).max(1);
    found.stop_signal = any(&["stopsignal", "stop_signal"]).as_deref().and_then(signal);
    found.grace_seconds = any(&["stopwaitsecs", "stop_timeout"]).and_then(|seconds| seconds.parse().ok());
    any(&["stdout_logfile", "log"]).into_iter().for_each(|log| found.log(log));
    Some(found)
}

fn encoded(place: &Place<'_>, content: Option<&Datum>) -> Option<String> {
    text_with(content, &|text| place.encode(text))
}

/// The content of a `systemd_unit`: text, or sections as a hash.
#[must_use]
pub fn unit_text(content: Option<&Datum>) -> Option<String> {
    text_with(content, &ToString::to_string)
}

fn text_with(content: Option<&Datum>, show: &dyn Fn(&crate::text::Text) -> String) -> Option<String> {
    match content? {
        Datum::Text(text) => Some(show(text)),
        Datum::Map(sections) => {
            let mut out = String::new();
            for (section, entries) in sections {
                out.push_str(&format!("[{section}]\n"));
                let Datum::Map(entries) = entries else { continue };
                for (key, value) in entries {
                    for item in value.items() {
                        if let Some(text) = item.as_text() {
                            out.push_str(&format!("{key}={}\n", show(&text)));
                        } else if let Datum::Bool(yes) = item {
                            out.push_str(&format!("{key}={yes}\n"));
                        }
                    }
                }
            }
            Some(out)
        }
        _ => None,
    }
}
