//! god, bluepill and eye: their Ruby is evaluated, and each watch is a process.

use super::found::{Found, kill_signal, signal, without_number};
use super::place::{Place, Reading};
use crate::blueprint::{Health, Restart};
use crate::pass::command;
use crate::pass::input::RunFile;
use crate::text::Text;
use crate::watchers::{self, Language, Watch};

/// Whether a file is god's.
pub fn is_god(path: &str, name: &str, text: &str) -> bool {
    (name.ends_with(".god") || path.starts_with("/etc/god") || ruby(name))
        && (text.contains("God.watch") || text.contains("God::") && name.ends_with(".god"))
}

/// Whether a file is bluepill's.
pub fn is_bluepill(_: &str, name: &str, text: &str) -> bool {
    (name.ends_with(".pill") || name.ends_with(".bluepill") || ruby(name)) && text.contains("Bluepill.application")
}

/// Whether a file is eye's.
pub fn is_eye(_: &str, name: &str, text: &str) -> bool {
    (name.ends_with(".eye") || ruby(name)) && (text.contains("Eye.app") || text.contains("Eye.application"))
}

fn ruby(name: &str) -> bool {
    name.ends_with(".rb") || !name.contains('.') || name.ends_with(".conf")
}

/// Reads a configuration of god.
pub fn god(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    read(place, file, Language::God, "god", reading);
}

/// Reads a configuration of bluepill.
pub fn bluepill(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    read(place, file, Language::Bluepill, "bluepill", reading);
}

/// Reads a configuration of eye.
pub fn eye(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    read(place, file, Language::Eye, "eye", reading);
}

fn read(place: &Place<'_>, file: &RunFile<'_>, language: Language, supervisor: &'static str, reading: &mut Reading) {
    let crate::graph::FileKind::File(text) = &file.state.kind else { return };
    let (watches, failures) = watchers::evaluate(language, file.path, text);
    if let Some(failure) = failures.first() {
        reading.nothing(
            "C132",
            failure.line,
            format!("this {supervisor} configuration fails: {}", place.encode(&Text::literal(failure.message.as_str()))),
        );
    }
    for watch in &watches {
        let Some(start) = &watch.start else {
            reading.nothing("C131", 1, format!("the watch `{}` has no start command", watch.name));
            continue;
        };
        let files = |path: &str| place.text(path);
        let line = place.encode(start);
        let Some(plain) = command::service(&line, &std::collections::BTreeMap::new(), place.around(&files)).into_iter().next() else {
            reading.nothing("C131", 1, format!("the start command of the watch `{}` starts nothing", watch.name));
            continue;
        };
        let mut found = Found::new(&watch.name, &watch.name, plain, supervisor);
        fill(place, &mut found, watch);
        group(&mut reading.found, found, &watch.name);
    }
    reading.settled = watches.is_empty() && failures.is_empty();
}

fn fill(place: &Place<'_>, found: &mut Found, watch: &Watch) {
    let encode = |text: &Option<Text>| text.as_ref().map(|text| place.encode(text));
    found.plain.user = found.plain.user.take().or_else(|| encode(&watch.user));
    found.plain.group = found.plain.group.take().or_else(|| encode(&watch.group));
    found.plain.directory = found.plain.directory.take().or_else(|| encode(&watch.directory));
    for (name, value) in &watch.variables {
        found.plain.variables.entry(name.clone()).or_insert_with(|| place.encode(value));
    }
    for path in &watch.environment_files {
        let path = match &found.plain.directory {
            Some(folder) if !path.starts_with('/') => format!("{folder}/{path}"),
            _ => path.clone(),
        };
        found.environment_files.push(path);
    }
    watch.logs.iter().for_each(|log| found.log(log.as_str()));
    found.memory_mib = watch.memory.and_then(|bytes| u32::try_from(bytes >> 20).ok()).filter(|mib| *mib > 0).or(found.memory_mib);
    found.stop_signal = watch
        .stop_signal
        .as_deref()
        .and_then(signal)
        .or_else(|| watch.stop.as_ref().and_then(|stop| kill_signal(&stop.to_string())))
        .filter(|signal| signal != "SIGKILL");
    found.grace_seconds = watch.stop_seconds.and_then(|seconds| u32::try_from(seconds).ok());
    found.health = watch.health.clone().map(|(port, path)| Health { path, port });
    found.ports.extend(found.health.as_ref().map(|health| health.port));
    found.restart = Restart::Always;
}

/// Watches of a loop are copies where only numbers differ.
fn group(all: &mut Vec<Found>, mut found: Found, name: &str) {
    let bare = |words: &[String]| words.join(" ").chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    match all.iter_mut().find(|known| known.name == found.name) {
        Some(known) if without_number(name) != name && bare(&known.plain.words) == bare(&found.plain.words) => known.count += 1,
        Some(_) => {
            name.clone_into(&mut found.name);
            all.push(found);
        }
        None => all.push(found),
    }
}
