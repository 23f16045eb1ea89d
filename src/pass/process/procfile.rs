//! Procfiles: those of the project, those that a recipe renders, and `foreman start` or `foreman export` of either.

use super::found::Found;
use super::place::{Place, Reading};
use crate::blueprint::Restart;
use crate::pass::Input;
use crate::pass::command::{self, Plain, Wrappers};
use crate::pass::input::RunFile;
use crate::project::Project;
use crate::read::procfile;
use crate::source::Location;

/// Whether a file is a Procfile that a recipe renders.
pub fn takes(_: &str, name: &str, _: &str) -> bool {
    name == "Procfile" || name.starts_with("Procfile.")
}

/// Reads a rendered Procfile.
pub fn read(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    let Some(text) = place.text_of(file) else { return };
    let (_, problems) = procfile::parse(&text);
    reading.problems = problems;
    reading.found = processes(place, &text, file.path.rsplit_once('/').map(|(folder, _)| folder), None);
    if reading.found.is_empty() {
        reading.nothing("C131", 1, "the Procfile names no process");
    }
}

/// The processes of a Procfile; `counts` are those of `-c web=2`, which leaves out what it does not name.
fn processes(place: &Place<'_>, text: &str, folder: Option<&str>, counts: Option<&str>) -> Vec<Found> {
    let files = |path: &str| place.text(path);
    let (entries, _) = procfile::parse(text);
    let mut all = Vec::new();
    for entry in entries.iter().filter(|entry| entry.name != "release") {
        let count = match counts {
            None => 1,
            Some(counts) => count_of(counts, &entry.name),
        };
        let mut plains = command::service(&entry.command, &std::collections::BTreeMap::new(), place.around(&files));
        if count == 0 || plains.is_empty() {
            continue;
        }
        let mut found = Found::new(&entry.name, &entry.name, plains.swap_remove(0), "Procfile");
        found.name.clone_from(&entry.name);
        found.count = count;
        found.plain.directory = found.plain.directory.take().or_else(|| folder.map(str::to_owned));
        all.push(found);
    }
    all
}

/// `all=1,web=2`
fn count_of(counts: &str, name: &str) -> u32 {
    let of = |wanted: &str| {
        counts
            .split(',')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, _)| *known == wanted)
            .and_then(|(_, count)| count.parse().ok())
    };
    of(name).or_else(|| of("all")).unwrap_or(0)
}

/// What `foreman` is told: options of `start` and `export`.
struct Foreman {
    export: bool,
    counts: Option<String>,
    procfile: Option<String>,
    user: Option<String>,
    only: Option<String>,
    environment: Vec<String>,
}

fn foreman(words: &[String]) -> Option<Foreman> {
    let at = words.iter().take(4).position(|word| matches!(word.rsplit('/').next(), Some("foreman" | "nf" | "honcho")))?;
    let verb = words.get(at + 1)?;
    if verb != "start" && verb != "export" {
        return None;
    }
    let mut found = Foreman { export: verb == "export", counts: None, procfile: None, user: None, only: None, environment: Vec::new() };
    let mut free = 0;
    let mut rest = words[at + 2..].iter();
    while let Some(word) = rest.next() {
        let (name, glued) = match word.split_once('=').filter(|(name, _)| name.starts_with('-')) {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let mut value = || glued.clone().or_else(|| rest.next().cloned());
        match name {
            "-c" | "--concurrency" | "-m" | "--formation" => found.counts = value(),
            "-f" | "--procfile" => found.procfile = value(),
            "-u" | "--user" => found.user = value(),
            "-e" | "--env" => found.environment.extend(value().unwrap_or_default().split(',').map(str::to_owned)),
            "-a" | "--app" | "-l" | "--log" | "-p" | "--port" | "-d" | "--root" | "-t" | "--template" | "-r" | "--run" | "--timeout" => {
                value();
            }
            name if name.starts_with('-') => {}
            name => {
                // `foreman start worker`; `foreman export upstart /etc/init` has a format and a folder.
                if !found.export && free == 0 {
                    found.only = Some(name.to_owned());
                }
                free += 1;
            }
        }
    }
    Some(found)
}

/// The processes that `foreman start` or `foreman export` in `plain` stands for; `None` when it is neither.
pub fn of_foreman(place: &Place<'_>, plain: &Plain) -> Option<Vec<Found>> {
    let told = foreman(&plain.words)?;
    let folder = plain.directory.as_deref();
    let name = told.procfile.clone().unwrap_or_else(|| "Procfile".to_owned());
    let path = match folder {
        Some(folder) if !name.starts_with('/') => format!("{folder}/{name}"),
        _ => name.clone(),
    };
    let rendered = place.text(&path);
    let base = name.rsplit('/').next().unwrap_or(&name);
    let own = || {
        place.input.projects.iter().find_map(|project| Some((project.text(place.input.sources, base)?.to_owned(), project.place(base, 1))))
    };
    let (text, location) = match rendered {
        Some(text) => (text, None),
        None => {
            let (text, location) = own()?;
            (text, Some(location))
        }
    };
    let mut all = processes(place, &text, folder, told.counts.as_deref());
    if let Some(only) = &told.only {
        all.retain(|found| found.name == *only);
    }
    for found in &mut all {
        found.plain.user = found.plain.user.take().or_else(|| told.user.clone()).or_else(|| plain.user.clone());
        found.set_variables(&plain.variables);
        found.restart = Restart::Always;
        for file in &told.environment {
            let path = match folder {
                Some(folder) if !file.starts_with('/') => format!("{folder}/{file}"),
                _ => file.clone(),
            };
            found.environment_files.push(path);
        }
        if let Some(location) = &location {
            found.origin.push(crate::blueprint::Origin { location: location.clone(), what: format!("Procfile {}", found.name) });
        }
    }
    Some(all)
}

/// Processes whose command is `foreman start` become those of the Procfile.
pub fn exported(place: &Place<'_>, all: &mut Vec<Found>) {
    let mut expanded = Vec::new();
    all.retain(|found| {
        let Some(entries) = of_foreman(place, &found.plain).filter(|entries| !entries.is_empty()) else { return true };
        for mut entry in entries {
            if !found.service.is_empty() {
                entry.service.clone_from(&found.service);
            }
            entry.stop_signal.clone_from(&found.stop_signal);
            entry.grace_seconds = found.grace_seconds;
            entry.open_files = found.open_files;
            entry.environment_files.extend(found.environment_files.iter().cloned());
            entry.items.clone_from(&found.items);
            entry.origin.extend(found.origin.iter().cloned());
            let entry = place.complete(entry, None);
            // An export writes what another run may have started already.
            match expanded.iter_mut().find(|known: &&mut Found| known.name == entry.name) {
                Some(known) => known.take_items(&entry),
                None => expanded.push(entry),
            }
        }
        false
    });
    for entry in expanded {
        match all.iter_mut().find(|known| known.name == entry.name && known.supervisor == entry.supervisor) {
            Some(known) => {
                known.count = entry.count;
                known.merge(&entry);
            }
            None => all.push(entry),
        }
    }
}

/// Processes of the project's Procfile, for a project that no supervisor's file runs.
#[must_use]
pub fn from_procfile(input: &Input<'_>, project: &Project) -> Vec<(String, Plain, Location)> {
    let Some(text) = project.text(input.sources, "Procfile") else { return Vec::new() };
    let (entries, _) = procfile::parse(text);
    entries
        .iter()
        .filter(|entry| entry.name != "release")
        .map(|entry| (entry.name.clone(), command::plain(&entry.command, &Wrappers::new()), project.place("Procfile", entry.line)))
        .collect()
}
