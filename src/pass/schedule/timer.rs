//! systemd timers and the services that they start: rendered units and `systemd_unit` resources, also those that custom resources make.

mod time;
mod units;

use std::collections::BTreeSet;

use crate::blueprint::Overlap;
use crate::diagnostic::Diagnostic;
use crate::outcome::{Fate, Subject};
use crate::pass::command::Wrappers;
use crate::pass::schedule::entry::Entry;
use crate::pass::schedule::{resource, wrap};
use crate::pass::{Input, Sink};
use crate::read::shell;
use crate::read::systemd::{self, Service, UnitFile};
use units::Unit;

/// Keys that end a run after some time, with the command's words for it.
const LIMITS: &[&str] = &["RuntimeMaxSec", "TimeoutStartSec"];

/// Every timer that is there at the end, as entries.
pub fn find(input: &Input<'_>, wrappers: &Wrappers, entries: &mut Vec<Entry>, sink: &mut Sink) {
    let units = units::gather(input);
    for item in units.removers.keys() {
        sink.claim(*item, Fate::Absorbed, "", "removes a unit: it is not in the output");
    }
    let mut used = BTreeSet::new();
    for timer in units.list.iter().filter(|unit| unit.name.ends_with(".timer")) {
        let made = of_timer(input, wrappers, timer, &units, &mut used, sink);
        let fate = if made.is_empty() { Fate::Manual } else { Fate::Translated };
        let why = if made.is_empty() { "its times or its service cannot be told: see the tasks" } else { "a schedule entry" };
        sink.claim(timer.item, fate, if made.is_empty() { "" } else { "schedules" }, why);
        entries.extend(made);
    }
    for item in used {
        sink.claim(item, Fate::Translated, "schedules", "what a timer starts");
    }
    for item in &units.links {
        sink.claim(*item, Fate::Translated, "schedules", "a link to a unit");
    }
    // An item that is there on one layer and removed on another is there: the first claim counts.
    for (unit, remover) in &units.gone {
        if unit.name.ends_with(".timer") {
            let why =
                format!("`{}` removes it again", input.items.list.get(*remover).map_or("another resource", |item| item.reference.as_str()));
            sink.claim(unit.item, Fate::Skipped, "", why);
        }
    }
    claim_starters(input, &units, sink);
}

/// Names of services that a timer starts and nothing else: `backup` for `backup.service`. They are no processes.
#[must_use]
pub fn started(input: &Input<'_>) -> BTreeSet<String> {
    let units = units::gather(input);
    let mut names = BTreeSet::new();
    for timer in units.list.iter().filter(|unit| unit.name.ends_with(".timer")) {
        let (file, _) = systemd::parse(&timer.text);
        let name = service_name(timer, &file);
        let Some(service) = units.service(timer, &name) else { continue };
        let (file, _) = systemd::parse(&service.text);
        let starts_alone = !file.install.wanted_by.is_empty() && units.enabled.contains(&service.name);
        if !starts_alone {
            names.extend(service.name.strip_suffix(".service").map(str::to_owned));
        }
    }
    names
}

/// `service 'x.timer'` and commands that only start timers say nothing more.
fn claim_starters(input: &Input<'_>, units: &units::Units, sink: &mut Sink) {
    for (number, resource) in input.items() {
        if resource.kind == "service" {
            let name = resource.text_or_name("service_name").to_string();
            if units.list.iter().any(|unit| unit.name == name && name.ends_with(".timer")) {
                sink.claim(number, Fate::Translated, "schedules", "the timer is a schedule");
            }
        }
    }
}

fn service_name(timer: &Unit, file: &UnitFile) -> String {
    let stem = timer.name.trim_end_matches(".timer");
    file.timer.as_ref().and_then(|timer| timer.unit.clone()).unwrap_or_else(|| format!("{stem}.service"))
}

fn of_timer(
    input: &Input<'_>,
    wrappers: &Wrappers,
    timer: &Unit,
    units: &units::Units,
    used: &mut BTreeSet<usize>,
    sink: &mut Sink,
) -> Vec<Entry> {
    let Some(run) = input.graph.runs.get(timer.run) else { return Vec::new() };
    let Some(declared) = input.resource(timer.item) else { return Vec::new() };
    let (file, problems) = systemd::parse(&timer.text);
    for problem in &problems {
        let message = format!("line {} of {}: {}", problem.line, timer.name, problem.message);
        sink.diagnose(resource::place(input, declared, Diagnostic::warning("C143", message)).help("mend the line: systemd ignores it"));
    }
    let mut base = Entry::of(input, run, timer.item, declared, "systemd timer");
    base.name = timer.name.trim_end_matches(".timer").trim_end_matches('@').to_owned();
    let blank = base.clone();
    let refuse = |code: &'static str, why: String, help: &str, sink: &mut Sink| {
        sink.diagnose(resource::place(input, declared, Diagnostic::warning(code, format!("{}: {why}", timer.name))).help(help));
        let contexts = vec![blank.context.clone()];
        sink.other(Subject::Schedule, timer.name.clone(), &blank.recipe, blank.location.clone(), Fate::Manual, "", &why, contexts);
        sink.task(format!("Schedule `{}` by hand", blank.name), why, blank.origin.clone());
        Vec::new()
    };
    let Some(times) = &file.timer else {
        return refuse("C143", "it has no section `[Timer]`".to_owned(), "add `[Timer]` with `OnCalendar=`", sink);
    };
    let name = service_name(timer, &file);
    let Some(service) = units.service(timer, &name) else {
        return refuse(
            "C143",
            format!("it starts `{name}`, which is not laid out here"),
            "give the unit, or write the schedule by hand",
            sink,
        );
    };
    if !name.ends_with(".service") {
        return refuse("C143", format!("it starts `{name}`, which is no service"), "write the schedule by hand", sink);
    }
    let (unit, _) = systemd::parse(&service.text);
    let Some(section) = unit.service.as_ref().filter(|service| !service.exec_start.is_empty()) else {
        return refuse("C143", format!("`{name}` has no `ExecStart=`"), "mend the service", sink);
    };
    used.insert(service.item);
    let instance = name.split_once('@').map(|(_, rest)| rest.trim_end_matches(".service")).unwrap_or_default();
    base = base.with(command(section, instance, wrappers));
    fill(&mut base, section, &unit, instance);
    base.origin.extend(input.origin(service.item).filter(|origin| !base.origin.contains(origin)));
    if !units.is_started(&timer.name) {
        base.notes.push("nothing here enables or starts the timer".to_owned());
    }
    let (found, notes) = time::of(times, &file);
    base.notes.extend(notes);
    let mut entries = Vec::new();
    for (written, time) in found {
        if let crate::pass::schedule::entry::Time::Refused(why) = &time {
            let message = format!("{}: `{written}`: {why}", timer.name);
            sink.diagnose(resource::place(input, declared, Diagnostic::warning("C144", message)).help("write the schedule by hand"));
        }
        let time_zone = time::zone(&written).or_else(|| base.time_zone.clone());
        entries.push(Entry { written, time, time_zone, ..base.clone() });
    }
    if entries.is_empty() {
        return refuse("C144", "it has no time".to_owned(), "add `OnCalendar=`", sink);
    }
    entries
}

/// The service's command; several one after the other in a shell.
fn command(service: &Service, instance: &str, wrappers: &Wrappers) -> wrap::Taken {
    let lines: Vec<Vec<String>> =
        service.exec_start.iter().map(|line| line.command().iter().map(|word| specifiers(word, instance)).collect()).collect();
    let [only] = lines.as_slice() else {
        let script = lines
            .iter()
            .zip(&service.exec_start)
            .map(|(words, line)| quoted(words) + if line.may_fail() { " || true" } else { "" })
            .collect::<Vec<_>>()
            .join(" && ");
        return wrap::take(&script, wrappers);
    };
    let inner = only.first().is_some_and(|word| matches!(word.rsplit('/').next(), Some("sh" | "bash" | "dash")));
    // systemd fills in `$NAME`; without it a shell must.
    if !inner && only.iter().any(|word| word.contains('$')) {
        return wrap::take(&quoted(only), wrappers);
    }
    wrap::take_words(only, wrappers)
}

/// `%i` and `%%`.
fn specifiers(word: &str, instance: &str) -> String {
    word.replace("%%", "\u{0}").replace("%i", instance).replace("%I", instance).replace('\u{0}', "%")
}

/// Words for a shell; variables stay open.
fn quoted(words: &[String]) -> String {
    let one = |word: &String| {
        if word.contains('$') {
            format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"").replace('`', "\\`"))
        } else {
            shell::escape(word)
        }
    };
    words.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// User, directory, variables, output of the service.
fn fill(entry: &mut Entry, service: &Service, unit: &UnitFile, instance: &str) {
    entry.original = service.exec_start.iter().map(|line| line.words.join(" ")).collect::<Vec<_>>().join("; ");
    entry.overlap = Overlap::Forbidden("systemd does not start a service that still runs".to_owned());
    entry.plain.user = service.user.clone().map(|user| specifiers(&user, instance)).or(entry.plain.user.take());
    let directory = service.working_directory.as_deref().map(|path| path.trim_start_matches('-')).filter(|path| path.starts_with('/'));
    entry.plain.directory = directory.map(|path| specifiers(path, instance)).or(entry.plain.directory.take());
    for (_, name, value) in &service.environment {
        entry.plain.variables.insert(name.clone(), specifiers(value, instance));
    }
    for file in &service.environment_files {
        entry.notes.push(format!("its variables came from {}, too", specifiers(&file.path, instance)));
    }
    for target in [&service.standard_output, &service.standard_error].into_iter().flatten() {
        let path = target.split_once(':').map_or(target.as_str(), |(_, path)| path);
        let path = if path == "null" { "/dev/null" } else { path };
        if path != "inherit" && !entry.output.iter().any(|known| known == path) {
            entry.output.push(path.to_owned());
        }
    }
    if entry.output.is_empty() {
        entry.output.push("journal".to_owned());
    }
    for line in &service.exec_start_pre {
        entry.notes.push(format!("before it ran `{}`", line.words.join(" ")));
    }
    for line in &service.exec_start_post {
        entry.notes.push(format!("after it ran `{}`", line.words.join(" ")));
    }
    for key in LIMITS {
        if let Some(limit) = unit.values("Service", key).last().filter(|limit| limit.value != "infinity" && limit.value != "0") {
            entry.notes.push(format!("systemd ended it after {}", limit.value));
        }
    }
    if let Some(restart) = service.restart.as_deref().filter(|restart| *restart != "no") {
        entry.notes.push(format!("systemd started it again: Restart={restart}"));
    }
}
