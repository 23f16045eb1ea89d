//! What runs all the time: from rendered systemd units, monit, upstart, supervisor and runit files, and the project's Procfile.
//!
//! In: files of the runs. Out: [`Found`] processes per environment and layer, grouped into [`Running`] by name.

use std::collections::BTreeMap;

use crate::blueprint::Origin;
use crate::graph::{Datum, FileKind, Lifecycle};
use crate::pass::command::{self, Plain, Wrappers};
use crate::pass::encode::{Encoded, encode};
use crate::pass::input::RunFile;
use crate::pass::{Input, Sink};
use crate::read::{monit, procfile, runit, supervisor, systemd, upstart};
use crate::source::Location;

/// A process as one supervisor's file has it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The environment's number.
    pub environment: usize,
    /// The layer.
    pub layer: String,
    /// The supervisor's name for it, without a number at its end.
    pub name: String,
    /// How many on each host.
    pub count: u32,
    /// The command.
    pub plain: Plain,
    /// Files with its environment, by host path.
    pub environment_files: Vec<String>,
    /// MiB at which it was restarted.
    pub memory_mib: Option<u32>,
    /// Seconds between the stop signal and the kill.
    pub grace_seconds: Option<u32>,
    /// The stop signal.
    pub stop_signal: Option<String>,
    /// The items that describe it.
    pub items: Vec<usize>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
    /// What kind of file described it.
    pub supervisor: &'static str,
}

/// Scripts under `bin` folders that only set variables and end in `exec "$@"`, with the environment file they read.
#[must_use]
pub fn wrappers(input: &Input<'_>) -> (Wrappers, BTreeMap<String, usize>) {
    let mut found = Wrappers::new();
    let mut items = BTreeMap::new();
    for file in input.files() {
        let Some(text) = input.text(&file) else { continue };
        let shown = text.to_string();
        let lines: Vec<&str> = shown.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let ends = lines.last().is_some_and(|line| *line == "exec \"$@\"" || *line == "\"$@\"" || *line == "exec $@" || *line == "$@");
        if ends && shown.starts_with("#!") && lines.len() <= 12 {
            let reads =
                lines.iter().find_map(|line| line.strip_prefix(". ").or_else(|| line.strip_prefix("source "))).unwrap_or("").to_owned();
            found.insert(file.path.to_owned(), reads);
            items.insert(file.path.to_owned(), file.item);
        }
    }
    (found, items)
}

/// Every process of every environment and layer.
#[must_use]
pub fn find(input: &Input<'_>, wrappers: &Wrappers) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for file in input.files() {
        let Some(run) = input.graph.runs.get(file.run) else { continue };
        if matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) {
            continue;
        }
        let FileKind::File(text) = &file.state.kind else { continue };
        let encoded = encode(text);
        for found in read_file(input, &file, &encoded, wrappers) {
            add(&mut all, found);
        }
    }
    from_unit_resources(input, wrappers, &mut all);
    all
}

/// The same process at two events of a layer is one.
fn add(all: &mut Vec<Found>, found: Found) {
    let same =
        all.iter_mut().find(|known| known.environment == found.environment && known.layer == found.layer && known.name == found.name);
    match same {
        Some(known) => {
            // A later event writes the file again: what it says counts.
            let items = known.items.iter().chain(&found.items).copied().collect::<std::collections::BTreeSet<_>>();
            *known = Found { items: items.into_iter().collect(), ..found };
        }
        None => all.push(found),
    }
}

fn read_file(input: &Input<'_>, file: &RunFile<'_>, encoded: &Encoded, wrappers: &Wrappers) -> Vec<Found> {
    let path = file.path;
    let name = path.rsplit('/').next().unwrap_or(path);
    if path.contains("/systemd/") && name.ends_with(".service") {
        return from_systemd(input, file, &encoded.text, name.trim_end_matches(".service"), wrappers).into_iter().collect();
    }
    if name.ends_with(".monitrc") || path.starts_with("/etc/monit") || path.starts_with("/etc/monit.d/") {
        return from_monit(input, file, &encoded.text, wrappers);
    }
    if path.starts_with("/etc/init/") && name.ends_with(".conf") {
        return from_upstart(input, file, &encoded.text, name.trim_end_matches(".conf"), wrappers).into_iter().collect();
    }
    if path.contains("/supervisor") && (name.ends_with(".conf") || name.ends_with(".ini")) {
        return from_supervisor(input, file, &encoded.text, wrappers);
    }
    if name == "run" && (path.starts_with("/etc/sv/") || path.starts_with("/etc/service/") || path.starts_with("/service/")) {
        return from_runit(input, file, &encoded.text, wrappers).into_iter().collect();
    }
    Vec::new()
}

fn base(input: &Input<'_>, file: &RunFile<'_>, name: &str, plain: Plain, supervisor: &'static str) -> Found {
    let run = &input.graph.runs[file.run];
    Found {
        environment: run.environment,
        layer: run.layer.clone(),
        name: name.to_owned(),
        count: 1,
        plain,
        environment_files: Vec::new(),
        memory_mib: None,
        grace_seconds: None,
        stop_signal: None,
        items: vec![file.item],
        origin: input.origin(file.item).into_iter().collect(),
        supervisor,
    }
}

fn from_systemd(input: &Input<'_>, file: &RunFile<'_>, text: &str, name: &str, wrappers: &Wrappers) -> Option<Found> {
    let (unit, _) = systemd::parse(text);
    let service = unit.service?;
    let words = service.exec_start.first()?.command();
    // A unit that runs once is no process; a timer may start it.
    if service.kind.as_deref() == Some("oneshot") {
        return None;
    }
    let mut found = base(input, file, name, command::plain_words(&words, wrappers), "systemd");
    fill_service(&mut found, &service);
    Some(found)
}

fn fill_service(found: &mut Found, service: &systemd::Service) {
    found.plain.user = service.user.clone().or(found.plain.user.take());
    found.plain.directory = service.working_directory.clone().or(found.plain.directory.take());
    for (_, name, value) in &service.environment {
        found.plain.variables.entry(name.clone()).or_insert_with(|| value.clone());
    }
    found.environment_files.extend(service.environment_files.iter().map(|file| file.path.clone()));
    found.stop_signal = service.kill_signal.clone().filter(|signal| signal != "SIGTERM");
    found.grace_seconds = service
        .timeout_stop_sec
        .as_ref()
        .and_then(|written| written.value)
        .and_then(systemd::TimeSpan::seconds)
        .and_then(|seconds| u32::try_from(seconds).ok());
    found.memory_mib = service.memory_max.as_deref().and_then(mebibytes);
}

/// `512M`, `2G` in MiB.
fn mebibytes(text: &str) -> Option<u32> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: u64 = digits.parse().ok()?;
    let bytes = match text[digits.len()..].trim().chars().next() {
        Some('K' | 'k') => number.checked_mul(1 << 10)?,
        Some('M' | 'm') => number.checked_mul(1 << 20)?,
        Some('G' | 'g') => number.checked_mul(1 << 30)?,
        None => number,
        _ => return None,
    };
    u32::try_from(bytes >> 20).ok()
}

/// `sidekiq_default_2` without its number: the name of the group.
fn without_number(name: &str) -> &str {
    let trimmed = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let trimmed = trimmed.trim_end_matches(['_', '-', '.']);
    if trimmed.is_empty() || trimmed.len() == name.len() { name } else { trimmed }
}

fn from_monit(input: &Input<'_>, file: &RunFile<'_>, text: &str, wrappers: &Wrappers) -> Vec<Found> {
    let (control, _) = monit::parse(text);
    let mut groups: Vec<Found> = Vec::new();
    for check in &control.checks {
        if check.kind != monit::Kind::Process {
            continue;
        }
        let Some(start) = &check.start else { continue };
        let name = without_number(&check.name).to_owned();
        let mut plain = command::plain(&start.command, wrappers);
        if plain.user.is_none() {
            plain.user.clone_from(&start.uid);
        }
        // Commands like `/etc/init.d/x start` name a service that somebody else describes.
        let program = plain.words.first().map(String::as_str).unwrap_or("");
        if program.starts_with("/etc/init.d/")
            || program.ends_with("/service")
            || program == "service"
            || program.ends_with("systemctl")
            || program == "systemctl"
        {
            continue;
        }
        if let Some(known) = groups.iter_mut().find(|known| known.name == name) {
            known.count += 1;
            continue;
        }
        let mut found = base(input, file, &name, plain, "monit");
        found.memory_mib = check.rules.iter().filter_map(monit::Rule::memory_limit).min().and_then(|bytes| u32::try_from(bytes >> 20).ok());
        found.grace_seconds = check.stop.as_ref().and_then(|stop| stop.timeout_seconds).and_then(|seconds| u32::try_from(seconds).ok());
        groups.push(found);
    }
    groups
}

fn from_upstart(input: &Input<'_>, file: &RunFile<'_>, text: &str, name: &str, wrappers: &Wrappers) -> Option<Found> {
    let (job, _) = upstart::parse(text);
    let main = job.main.as_ref()?;
    if job.task {
        return None;
    }
    let mut found = base(input, file, without_number(name), command::plain(&main.text, wrappers), "upstart");
    found.plain.user = found.plain.user.take().or(job.setuid.clone());
    found.plain.directory = found.plain.directory.take().or(job.chdir.clone());
    for variable in &job.env {
        if let Some(value) = &variable.value {
            found.plain.variables.entry(variable.name.clone()).or_insert_with(|| value.clone());
        }
    }
    found.stop_signal = job.kill_signal.clone();
    found.grace_seconds = job.kill_timeout.as_ref().and_then(|written| written.value).and_then(|seconds| u32::try_from(seconds).ok());
    Some(found)
}

fn from_supervisor(input: &Input<'_>, file: &RunFile<'_>, text: &str, wrappers: &Wrappers) -> Vec<Found> {
    let (configuration, _) = supervisor::parse(text);
    configuration
        .programs
        .iter()
        .filter(|program| !program.command.is_empty())
        .map(|program| {
            let mut found = base(input, file, &program.name, command::plain(&program.command, wrappers), "supervisor");
            found.plain.user = found.plain.user.take().or(program.user.clone());
            found.plain.directory = found.plain.directory.take().or(program.directory.clone());
            for (name, value) in &program.environment {
                found.plain.variables.entry(name.clone()).or_insert_with(|| value.clone());
            }
            found.count = program.numprocs.as_ref().and_then(|written| written.value).unwrap_or(1).max(1);
            found.stop_signal = program
                .stopsignal
                .as_ref()
                .map(|signal| format!("SIG{}", signal.trim_start_matches("SIG")))
                .filter(|signal| signal != "SIGTERM");
            found.grace_seconds =
                program.stopwaitsecs.as_ref().and_then(|written| written.value).and_then(|seconds| u32::try_from(seconds).ok());
            found
        })
        .collect()
}

fn from_runit(input: &Input<'_>, file: &RunFile<'_>, text: &str, wrappers: &Wrappers) -> Option<Found> {
    let (script, _) = runit::parse(text);
    let words: Vec<String> = script.command.iter().map(|word| word.known().unwrap_or_else(|| word.shown())).collect();
    if words.is_empty() {
        return None;
    }
    let name = file.path.rsplit('/').nth(1)?;
    if name == "log" {
        return None;
    }
    let mut found = base(input, file, name, command::plain_words(&words, wrappers), "runit");
    found.plain.user = script.user.clone().or(found.plain.user.take());
    found.plain.directory = script.directory.as_ref().and_then(crate::read::shell::Word::known).or(found.plain.directory.take());
    for (_, name, value) in &script.variables {
        if let Some(value) = value.known() {
            found.plain.variables.entry(name.clone()).or_insert(value);
        }
    }
    Some(found)
}

/// `systemd_unit 'x.service' do content … end`
fn from_unit_resources(input: &Input<'_>, wrappers: &Wrappers, all: &mut Vec<Found>) {
    for (run_number, run) in input.runs() {
        if matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) {
            continue;
        }
        for (index, resource) in run.resources.iter().enumerate() {
            if resource.kind != "systemd_unit" || resource.does("delete") {
                continue;
            }
            let name = resource.text_or_name("unit_name").to_string();
            let Some(name) = name.strip_suffix(".service") else { continue };
            let Some(text) = unit_text(resource.get("content")) else { continue };
            let Some(item) = input.items.number(run_number, index) else { continue };
            let (unit, _) = systemd::parse(&text);
            let Some(service) = unit.service else { continue };
            let Some(start) = service.exec_start.first() else { continue };
            if service.kind.as_deref() == Some("oneshot") {
                continue;
            }
            let mut found = Found {
                environment: run.environment,
                layer: run.layer.clone(),
                name: name.to_owned(),
                count: 1,
                plain: command::plain_words(&start.command(), wrappers),
                environment_files: Vec::new(),
                memory_mib: None,
                grace_seconds: None,
                stop_signal: None,
                items: vec![item],
                origin: input.origin(item).into_iter().collect(),
                supervisor: "systemd",
            };
            fill_service(&mut found, &service);
            add(all, found);
        }
    }
}

/// The content of a `systemd_unit`: text, or sections as a hash.
#[must_use]
pub fn unit_text(content: Option<&Datum>) -> Option<String> {
    match content? {
        Datum::Text(text) => Some(text.to_string()),
        Datum::Map(sections) => {
            let mut out = String::new();
            for (section, entries) in sections {
                out.push_str(&format!("[{section}]\n"));
                let Datum::Map(entries) = entries else { continue };
                for (key, value) in entries {
                    for item in value.items() {
                        if let Some(text) = item.as_text() {
                            out.push_str(&format!("{key}={text}\n"));
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

/// Processes of the project's Procfile, for a project that no supervisor's file runs.
#[must_use]
pub fn from_procfile(input: &Input<'_>, project: &crate::project::Project) -> Vec<(String, Plain, Location)> {
    let Some(text) = project.text(input.sources, "Procfile") else { return Vec::new() };
    let (entries, _) = procfile::parse(text);
    entries
        .iter()
        .filter(|entry| entry.name != "release")
        .map(|entry| (entry.name.clone(), command::plain(&entry.command, &Wrappers::new()), project.place("Procfile", entry.line)))
        .collect()
}

/// Claims what supervises processes: nothing of it is needed where the cluster does.
pub fn claim(input: &Input<'_>, found: &[Found], to: &dyn Fn(&Found) -> String, sink: &mut Sink) {
    let _ = input;
    for one in found {
        for item in &one.items {
            sink.claim(
                *item,
                crate::outcome::Fate::Translated,
                to(one),
                format!("its {} entry is the process `{}`", one.supervisor, one.name),
            );
        }
    }
}
