//! monit: each `check process` with its start program, limits, health check and stop program.
//!
//! Checks of `x_1`, `x_2` with the same command are one process in several copies; those whose files differ stay apart.

use super::found::{Found, kill_signal, without_number};
use super::place::{Place, Reading};
use crate::blueprint::{Health, Restart};
use crate::pass::command;
use crate::pass::input::RunFile;
use crate::read::monit::{self, Check, Rule, Test};

/// Whether a file is monit's.
pub fn takes(path: &str, name: &str, text: &str) -> bool {
    name.ends_with(".monitrc")
        || name == "monitrc"
        || path.starts_with("/etc/monit")
        || (name.ends_with(".monit") && (text.contains("check process") || text.contains("check host")))
}

/// Reads a control file.
pub fn read(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    let Some(text) = place.text_of(file) else { return };
    let (control, problems) = monit::parse(&text);
    // A check without a pidfile is monit's to refuse; it still says what runs.
    reading.problems = problems.into_iter().filter(|problem| !problem.message.contains("has neither `pidfile` nor")).collect();
    reading.settled = control.checks.iter().all(|check| !runs(check)) && !text.contains("start program");
    let files = |path: &str| place.text(path);
    for check in &control.checks {
        if !runs(check) || check.mode.as_deref() == Some("manual") && check.start.is_none() {
            continue;
        }
        let plain = match &check.start {
            // What monit only watches is somebody else's.
            None => command::Plain {
                service: Some(command::Asked { name: check.name.clone(), verb: "start".to_owned() }),
                ..command::Plain::default()
            },
            Some(start) => {
                let all = command::service(&start.command, &std::collections::BTreeMap::new(), place.around(&files));
                let Some(mut plain) = all.into_iter().next() else {
                    reading.nothing("C131", start.line, format!("the start program of `{}` starts nothing", check.name));
                    continue;
                };
                plain.user = plain.user.or_else(|| start.uid.clone());
                plain.group = plain.group.or_else(|| start.gid.clone());
                plain
            }
        };
        let mut found = Found::new(&check.name, &check.name, plain, "monit");
        fill(&mut found, check);
        group(place, &mut reading.found, found, &check.name);
    }
}

/// Whether monit keeps something running: a process, or what answers at an address and has a program that starts it.
fn runs(check: &Check) -> bool {
    check.kind == monit::Kind::Process || check.kind == monit::Kind::Other("host".to_owned()) && check.start.is_some()
}

fn fill(found: &mut Found, check: &Check) {
    let limit = check.rules.iter().filter(|rule| rule.action != "alert").filter_map(Rule::memory_limit).min();
    let limit = limit.or_else(|| check.rules.iter().filter_map(Rule::memory_limit).min());
    found.memory_mib = limit.and_then(|bytes| u32::try_from(bytes >> 20).ok()).or(found.memory_mib);
    if let Some(stop) = &check.stop {
        found.grace_seconds = stop.timeout_seconds.and_then(|seconds| u32::try_from(seconds).ok());
        found.stop_signal = kill_signal(&stop.command).filter(|signal| signal != "SIGKILL");
    }
    found.health = check.rules.iter().find_map(|rule| health(&rule.test));
    found.ports.extend(found.health.as_ref().map(|health| health.port));
    found.restart = if check.start.is_some() { Restart::Always } else { Restart::Never };
    if check.mode.as_deref() == Some("manual") {
        found.note("monit did not start it by itself");
    }
}

/// `failed port 8080 protocol http request "/health"`
fn health(test: &Test) -> Option<Health> {
    let Test::Connection { port: Some(port), protocol, request, .. } = test else { return None };
    let port = port.parse().ok()?;
    let http = protocol.as_deref().is_some_and(|protocol| protocol.to_ascii_lowercase().starts_with("http"));
    let path = request.clone().filter(|path| path.starts_with('/')).or_else(|| http.then(|| "/".to_owned()));
    Some(Health { path, port })
}

/// Adds a check, as one more copy where only its number differs.
fn group(place: &Place<'_>, all: &mut Vec<Found>, mut found: Found, name: &str) {
    let Some(known) = all.iter_mut().find(|known| known.name == found.name) else {
        all.push(found);
        return;
    };
    if without_number(name) != name && same(place, &known.plain.words, &found.plain.words) {
        known.count += 1;
        known.plain.sourced.extend(found.plain.sourced);
        return;
    }
    name.clone_into(&mut found.name);
    all.push(found);
}

/// Whether two commands differ in a number alone, and the files that they name are alike.
fn same(place: &Place<'_>, one: &[String], other: &[String]) -> bool {
    let bare = |word: &str| word.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    one.len() == other.len()
        && one.iter().zip(other).all(|(a, b)| {
            a == b
                || bare(a) == bare(b)
                    && match (place.text(a), place.text(b)) {
                        (Some(a), Some(b)) => bare(&a) == bare(&b),
                        _ => true,
                    }
        })
}
