//! Who reads what: the projects' code, the files that lie over it, command lines, frameworks. The last look at the table.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Blueprint, PerEnvironment, Variable};
use crate::graph::FileKind;
use crate::pass::encode::encode;
use crate::pass::settings::{framework, unset};
use crate::pass::{Input, Sink};
use crate::project::language_of;
use crate::read::lookups::{self, Language};
use crate::text::Part;

/// Where variables are read: by name, the places; and those places that have an answer without it.
#[derive(Debug, Default)]
pub struct Reads {
    /// Place by name.
    pub places: BTreeMap<String, BTreeSet<String>>,
    /// Name and place.
    pub fallbacks: BTreeSet<(String, String)>,
}

/// Once everything else is there: readers, rows for what processes set alone, and what is read and never set.
pub fn settle(input: &Input<'_>, blueprint: &mut Blueprint, sink: &mut Sink) {
    let reads = reads(input, blueprint);
    let mut rows = std::mem::take(&mut blueprint.variables);
    rows.extend(of_processes(input, blueprint, &rows));
    let commands = commands(blueprint);
    let scripts = scripts(input);
    for variable in &mut rows {
        let code = reads.places.get(&variable.name).into_iter().flatten().cloned();
        let rendered = scripts.get(&variable.name).into_iter().flatten().cloned();
        let lines = commands.get(&variable.name).into_iter().flatten().cloned();
        let known = framework::reader(&variable.name, input.projects).map(str::to_owned);
        for reader in code.chain(rendered).chain(lines).chain(known) {
            if !variable.readers.contains(&reader) {
                variable.readers.push(reader);
            }
        }
        if variable.readers.is_empty() && variable.note.is_none() && !input.projects.is_empty() {
            variable.note = framework::host_agent(&variable.name);
        }
        // Without the app nobody can say that it is never read.
        if variable.readers.is_empty() && input.projects.is_empty() {
            variable.readers.push("the app, which is not part of the input".to_owned());
        }
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    blueprint.variables = rows;
    blueprint.unset = unset::find(&reads, blueprint, sink);
}

/// What the projects' code reads, without the files that the cookbooks replace, with those that they put there.
fn reads(input: &Input<'_>, blueprint: &Blueprint) -> Reads {
    let mut reads = Reads::default();
    let files = blueprint.files.iter().filter_map(|file| file.path.strip_prefix("app/"));
    let mounts = blueprint.processes.iter().flat_map(|process| &process.mounts).filter_map(|mount| mount.path.strip_prefix("/app/"));
    let replaced: BTreeSet<&str> = files.chain(mounts).collect();
    for project in input.projects {
        for (name, places) in &project.reads {
            for place in places.iter().filter(|place| !replaced.contains(file_of(place))) {
                reads.places.entry(name.clone()).or_default().insert(place.clone());
                if project.fallbacks.contains(&(name.clone(), place.clone())) {
                    reads.fallbacks.insert((name.clone(), place.clone()));
                }
            }
        }
    }
    let over = blueprint.files.iter().filter_map(|file| Some((file.path.strip_prefix("app/")?, file.content.as_str())));
    let mounts = blueprint.processes.iter().flat_map(|process| &process.mounts).filter_map(|mount| {
        let content = mount.content.as_ref()?.base()?;
        Some((mount.path.strip_prefix("/app/")?, content.as_str()))
    });
    for (path, content) in over.chain(mounts) {
        let Some(language) = language_of(path, content).filter(|language| *language != Language::Shell) else { continue };
        for lookup in lookups::find(language, content) {
            let place = format!("{path}:{}", lookup.line);
            if lookup.has_default {
                reads.fallbacks.insert((lookup.name.clone(), place.clone()));
            }
            reads.places.entry(lookup.name).or_default().insert(place);
        }
    }
    reads
}

/// `config/puma.rb` of `config/puma.rb:6`
fn file_of(place: &str) -> &str {
    place.rsplit_once(':').map_or(place, |(path, _)| path)
}

/// What the scripts that the runs rendered look up: by name, the first place in each script.
fn scripts(input: &Input<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut seen: BTreeSet<(&str, &crate::text::Text)> = BTreeSet::new();
    for file in input.files() {
        let FileKind::File(text) = &file.state.kind else { continue };
        let script = text.parts().first().is_some_and(|part| matches!(part, Part::Literal(start) if start.starts_with("#!")));
        // The same script is on many hosts.
        if !script || !seen.insert((file.path, text)) {
            continue;
        }
        let text = encode(text).text;
        let Some(language) = language_of(file.path.rsplit('/').next().unwrap_or(""), &text) else { continue };
        for lookup in lookups::find(language, &text) {
            let places = found.entry(lookup.name).or_default();
            if !places.iter().any(|place| file_of(place) == file.path) {
                places.insert(format!("{}:{}", file.path, lookup.line));
            }
        }
    }
    found
}

/// Variables that command lines expand: by name, `process web`, `schedule digest`.
fn commands(blueprint: &Blueprint) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |reader: String, command: &PerEnvironment<Vec<String>>| {
        for word in command.values.iter().flatten().flatten() {
            for lookup in lookups::find(Language::Shell, word) {
                let readers = found.entry(lookup.name).or_default();
                if !readers.contains(&reader) {
                    readers.push(reader.clone());
                }
            }
        }
    };
    for process in &blueprint.processes {
        add(format!("process {}", process.name), &process.command);
    }
    for schedule in &blueprint.schedules {
        add(format!("schedule {}", schedule.name), &schedule.command);
    }
    found
}

/// Rows for what only processes set: it stays with them, and the table says so.
fn of_processes(input: &Input<'_>, blueprint: &Blueprint, rows: &[Variable]) -> Vec<Variable> {
    let mut found: BTreeMap<&str, Vec<&crate::blueprint::Process>> = BTreeMap::new();
    for process in &blueprint.processes {
        for name in process.variables.keys().filter(|name| !rows.iter().any(|row| row.name == **name)) {
            found.entry(name).or_default().push(process);
        }
    }
    let row = |(name, processes): (&str, Vec<&crate::blueprint::Process>)| {
        let names: Vec<&str> = processes.iter().map(|process| process.name.as_str()).collect();
        let mut origin = Vec::new();
        for one in processes.iter().flat_map(|process| &process.origin) {
            if !origin.contains(one) {
                origin.push(one.clone());
            }
        }
        Variable {
            name: name.to_owned(),
            value: PerEnvironment::nowhere(input.environments()),
            note: Some(match names.as_slice() {
                [name] => format!("set by the process {name} alone"),
                names => format!("set by the processes {} alone", names.join(", ")),
            }),
            origin,
            ..Variable::default()
        }
    };
    found.into_iter().map(row).collect()
}
