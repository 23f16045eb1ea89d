//! systemd: units with their drop-ins, environment files and instances.
//!
//! `x@.service` runs once for each instance that a service, a link of a `.wants` folder or a command names: `x@1`, `x@2` are two copies,
//! `x@mail`, `x@default` are two processes.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Found, kill_signal, mebibytes, signal};
use super::place::{Place, Reading};
use crate::blueprint::Restart;
use crate::graph::FileKind;
use crate::pass::command;
use crate::pass::input::RunFile;
use crate::read::systemd::{self, Service, UnitFile};

/// Whether a file is a service unit, or a drop-in with the command of a unit that a package brings (others are read with their unit).
pub fn takes(path: &str, name: &str, text: &str) -> bool {
    let drop_in = || path.contains(".service.d/") && name.ends_with(".conf") && text.lines().any(has_command);
    (path.contains("/systemd/") || path.starts_with("/lib/systemd")) && (name.ends_with(".service") || drop_in())
}

fn has_command(line: &str) -> bool {
    line.trim().strip_prefix("ExecStart=").is_some_and(|command| !command.trim().is_empty())
}

/// Reads a unit of the files.
pub fn read(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    let Some(text) = place.text_of(file) else { return };
    if let Some((folder, _)) = file.path.rsplit_once(".service.d/") {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        let of_unit = |path: &str| path.contains("/systemd/") && path.ends_with(&format!("/{name}.service"));
        let before = |path: &str| path < file.path && path.starts_with(&format!("{folder}.service.d/"));
        let earlier = place.files.iter().any(|(path, other)| {
            before(path) && path.ends_with(".conf") && place.text_of(other).is_some_and(|text| text.lines().any(has_command))
        });
        match earlier || place.files.keys().any(|path| of_unit(path)) {
            true => reading.settled = true,
            false => unit(place, name, "", reading),
        }
        return;
    }
    let name = file.path.rsplit('/').next().unwrap_or(file.path).trim_end_matches(".service");
    unit(place, name, &text, reading);
}

/// Reads the unit `name`, whose own text is `text`.
pub fn unit(place: &Place<'_>, name: &str, text: &str, reading: &mut Reading) {
    let (own, problems) = systemd::parse(text);
    reading.problems = problems;
    // Drop-ins count as if they stood behind the unit.
    let mut whole = text.to_owned();
    let mut items = Vec::new();
    for (path, file) in &place.files {
        let is_drop_in = path.ends_with(".conf") && path.rsplit('/').nth(1) == Some(&format!("{name}.service.d"));
        if let (true, Some(more)) = (is_drop_in, place.text_of(file)) {
            whole.push('\n');
            whole.push_str(&more);
            items.push(file.item);
        }
    }
    let unit = if items.is_empty() { own } else { systemd::parse(&whole).0 };
    let Some(service) = &unit.service else {
        reading.nothing("C131", 1, format!("the unit `{name}` has no section `[Service]`"));
        return;
    };
    if service.kind.as_deref() == Some("oneshot") {
        // It runs once: a timer's, or the host's at its start.
        reading.settled = true;
        return;
    }
    if service.exec_start.is_empty() {
        let line = unit.sections.iter().find(|section| section.name == "Service").map_or(1, |section| section.line);
        reading.nothing("C131", line, format!("the unit `{name}` has no `ExecStart=`"));
        return;
    }
    for (instance, count) in instances(place, name) {
        let Some(mut found) = process(place, name, instance.as_deref(), &unit, service) else { continue };
        found.count = found.count.max(count);
        found.items.clone_from(&items);
        reading.found.push(found);
    }
}

/// The instances to make processes of, each with its copies; one without a name for a unit that is no template.
fn instances(place: &Place<'_>, name: &str) -> Vec<(Option<String>, u32)> {
    let Some(base) = name.strip_suffix('@') else { return vec![(None, 1)] };
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut add = |text: &str| {
        for part in text.split(|c: char| c.is_whitespace() || matches!(c, '/' | '\'' | '"' | ';')) {
            let Some(rest) = part.strip_prefix(base).and_then(|rest| rest.strip_prefix('@')) else { continue };
            let rest = rest.trim_end_matches(".service");
            match braces(rest) {
                Some(all) => named.extend(all),
                None if !rest.is_empty() && !rest.contains(['$', '{', '%', '*']) => {
                    named.insert(rest.to_owned());
                }
                None => {}
            }
        }
    };
    for (_, _, resource) in place.resources() {
        let starts = ["start", "enable", "restart", "run", "create", "nothing"].iter().any(|action| resource.does(action));
        match resource.kind.as_str() {
            "service" | "systemd_unit" | "systemd_service" if starts => {
                add(&place.encode(&resource.name));
                add(&place.encode(&resource.text_or_name("service_name")));
            }
            "execute" => add(&place.encode(&resource.text_or_name("command"))),
            "bash" | "script" => add(&resource.text("code").map(|code| place.encode(&code)).unwrap_or_default()),
            _ => {}
        }
    }
    for (path, file) in &place.files {
        if matches!(file.state.kind, FileKind::Link(_)) && (path.contains(".wants/") || path.contains(".requires/")) {
            add(path);
        }
    }
    for file in place.files.values().filter(|file| file.path.contains("/systemd/")) {
        if let Some(text) = place.text_of(file) {
            text.lines()
                .filter(|line| line.starts_with("Wants=") || line.starts_with("Requires="))
                .for_each(|line| add(&line.replace('=', " ")));
        }
    }
    let numbers = named.iter().all(|name| name.parse::<u32>().is_ok());
    match (named.len(), numbers) {
        (0, _) => vec![(None, 1)],
        (count, true) => vec![(named.into_iter().next(), u32::try_from(count).unwrap_or(1))],
        _ => named.into_iter().map(|name| (Some(name), 1)).collect(),
    }
}

/// `{1..3}`, `{a,b}`
fn braces(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    match inner.split_once("..") {
        Some((first, last)) => {
            let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
            (last < first.saturating_add(200)).then(|| (first..=last).map(|number| number.to_string()).collect())
        }
        None => Some(inner.split(',').map(str::to_owned).collect()),
    }
}

fn process(place: &Place<'_>, name: &str, instance: Option<&str>, unit: &UnitFile, service: &Service) -> Option<Found> {
    let base = name.trim_end_matches('@');
    let filled = |text: &str| specifiers(text, name, instance);
    let words: Vec<String> = service.exec_start.first()?.command().iter().map(|word| filled(word)).collect();
    let own: BTreeMap<String, String> = service.environment.iter().map(|(_, name, value)| (name.clone(), filled(value))).collect();
    let files = |path: &str| place.text(path);
    let plain = command::service_words(&words, &own, place.around(&files));
    let shown = match instance.filter(|instance| instance.parse::<u32>().is_err()) {
        Some(instance) => format!("{base}-{instance}"),
        None => base.to_owned(),
    };
    let mut found = Found::new(base, name, plain, "systemd");
    found.name = shown;
    fill(&mut found, service, &own, &filled);
    if name.ends_with('@') && instance.is_none() {
        found.note("a template unit of which no instance was found: one copy is assumed");
    }
    let _ = unit;
    Some(found)
}

/// `%i` and the others that do not ask the machine.
fn specifiers(text: &str, name: &str, instance: Option<&str>) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let base = name.trim_end_matches('@');
    let instance = instance.unwrap_or("1");
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('i' | 'I') => out.push_str(instance),
            Some('p' | 'P') => out.push_str(base),
            Some('n') => out.push_str(&format!("{base}.service")),
            Some('N') => out.push_str(base),
            Some('t') => out.push_str("/run"),
            Some('%') => out.push('%'),
            Some(other) => {
                out.push('%');
                out.push(other);
            }
            None => out.push('%'),
        }
    }
    out
}

fn fill(found: &mut Found, service: &Service, own: &BTreeMap<String, String>, filled: &dyn Fn(&str) -> String) {
    let plain = &mut found.plain;
    plain.user = service.user.as_deref().map(filled).or_else(|| plain.user.take());
    plain.group = service.group.clone().or_else(|| plain.group.take());
    let directory = service.working_directory.as_deref().map(|path| filled(path.trim_start_matches('-')));
    plain.directory = plain.directory.take().or(directory);
    found.set_variables(own);
    for file in &service.environment_files {
        let path = filled(&file.path);
        if !found.environment_files.contains(&path) {
            found.environment_files.push(path);
        }
    }
    found.stop_signal = service
        .kill_signal
        .as_deref()
        .and_then(signal)
        .or_else(|| service.exec_stop.first().and_then(|stop| kill_signal(&stop.command().join(" "))))
        .filter(|signal| signal != "SIGKILL");
    found.grace_seconds = service
        .timeout_stop_sec
        .as_ref()
        .and_then(|written| written.value)
        .and_then(systemd::TimeSpan::seconds)
        .and_then(|seconds| u32::try_from(seconds).ok());
    found.memory_mib = service.memory_max.as_deref().and_then(mebibytes).or(found.memory_mib);
    for (limit, value) in &service.limits {
        let number = value.split(':').next().and_then(|soft| soft.parse::<u64>().ok());
        match limit.as_str() {
            "NOFILE" => found.open_files = number.or(found.open_files),
            "NPROC" => found.processes = number.or(found.processes),
            "AS" | "RSS" => found.memory_mib = found.memory_mib.or_else(|| mebibytes(value)),
            _ => {}
        }
    }
    found.restart = match service.restart.as_deref() {
        Some("always" | "on-success") => Restart::Always,
        None | Some("no") => Restart::Never,
        Some(_) => Restart::OnFailure,
    };
    for output in [&service.standard_output, &service.standard_error].into_iter().flatten() {
        match output.split_once(':') {
            Some(("append" | "file" | "truncate", path)) => found.log(path),
            _ if output.starts_with("syslog") => found.log("syslog"),
            _ => {}
        }
    }
    if service.kind.as_deref() == Some("forking") && !found.plain.background && found.plain.service.is_none() {
        found.note("the unit expected it to fork (`Type=forking`): see that it stays in the foreground");
    }
    let before: Vec<String> =
        service.exec_start_pre.iter().map(|line| line.command().join(" ")).filter(|line| !super::upstart::is_preparation(line)).collect();
    if !before.is_empty() {
        found.note(format!("ran before it: {}", before.join("; ")));
    }
}
