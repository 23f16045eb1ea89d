//! One process of what several places say of it: monit and the init script it calls, a job and the copies it starts, a service that is off.

use std::collections::BTreeSet;

use super::daemon;
use super::found::{Found, without_number};
use super::place::{Place, at};
use crate::diagnostic::Diagnostic;
use crate::outcome::Fate;
use crate::pass::Sink;
use crate::pass::command::Asked;

/// Joins what was found in a place.
pub fn run(place: &Place<'_>, all: Vec<Found>, sink: &mut Sink) -> Vec<Found> {
    let (asks, mut kept): (Vec<Found>, Vec<Found>) = all.into_iter().partition(|found| found.plain.service.is_some());
    kept = alike(numbered(place, kept));
    for ask in asks {
        let Some(asked) = ask.plain.service.clone().filter(|asked| asked.verb != "stop") else { continue };
        answer(place, &mut kept, &ask, &asked, sink);
    }
    off(place, &mut kept, sink);
    services(place, &mut kept);
    kept
}

/// `x-1.conf` and `x-2.conf` with the same command are copies of one process; what differs in more than a number keeps its whole name.
fn numbered(place: &Place<'_>, all: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for mut found in all {
        let Some(known) = kept.iter_mut().find(|known| known.name == found.name && known.supervisor == found.supervisor) else {
            kept.push(found);
            continue;
        };
        let is_copy = without_number(&found.service) != found.service && known.service != found.service;
        if is_copy && alike_commands(place, known, &found) {
            known.count += found.count;
            known.merge(&found);
        } else if known.plain.words == found.plain.words && known.plain.variables == found.plain.variables {
            known.merge(&found);
        } else {
            if !found.service.is_empty() {
                found.name = found.service.trim_end_matches('@').to_owned();
            }
            kept.push(found);
        }
    }
    kept
}

/// Whether two processes differ in a number alone, and the files that their commands name are alike.
fn alike_commands(place: &Place<'_>, one: &Found, other: &Found) -> bool {
    let bare = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let variables = |found: &Found| found.plain.variables.iter().map(|(name, value)| format!("{name}={}", bare(value))).collect::<Vec<_>>();
    one.plain.words.len() == other.plain.words.len()
        && variables(one) == variables(other)
        && one.plain.words.iter().zip(&other.plain.words).all(|(a, b)| {
            a == b
                || bare(a) == bare(b)
                    && match (place.text(a), place.text(b)) {
                        (Some(a), Some(b)) => bare(&a) == bare(&b),
                        _ => true,
                    }
        })
}

/// Several supervisors of the same command, or of the same name, are one.
fn alike(all: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for found in all {
        let same = |known: &Found| {
            let one_name = known.name == found.name && known.supervisor != found.supervisor;
            let one_command = known.supervisor != found.supervisor && known.plain.words == found.plain.words && !known.plain.shell;
            one_name || one_command
        };
        match kept.iter_mut().find(|known| same(known)) {
            Some(known) if rank(known) <= rank(&found) => known.merge(&found),
            Some(known) => {
                let mut found = found;
                found.merge(known);
                *known = found;
            }
            None => kept.push(found),
        }
    }
    kept
}

/// Whose word on the command counts most: what starts it, before what only watches.
fn rank(found: &Found) -> u8 {
    match found.supervisor {
        "systemd" | "upstart" | "runit" | "daemontools" | "supervisor" => 0,
        "init script" => 1,
        "god" | "bluepill" | "eye" | "monit" => 2,
        "Procfile" => 3,
        _ => 4,
    }
}

/// Finds what `ask` only asks for.
fn answer(place: &Place<'_>, kept: &mut Vec<Found>, ask: &Found, asked: &Asked, sink: &mut Sink) {
    let base = asked.name.split('@').next().unwrap_or(&asked.name);
    let exact = kept.iter().position(|known| known.service == asked.name);
    let loose = || {
        kept.iter().position(|known| {
            known.service.trim_end_matches('@') == base || known.name == without_number(&asked.name) || known.name == base
        })
    };
    if let Some(at) = exact.or_else(loose) {
        let settings: Vec<(String, String)> = ask
            .plain
            .words
            .iter()
            .filter_map(|word| word.split_once('='))
            .filter(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        copies(kept, at, ask, &settings);
        return;
    }
    let location = place.input.items.list.get(ask.items.first().copied().unwrap_or(usize::MAX)).and_then(|item| item.location.clone());
    if daemon::elsewhere(&asked.name) {
        // A store, a proxy or an agent of the host: nothing of the app.
        for item in &ask.items {
            if !kept.iter().any(|known| known.items.contains(item)) {
                sink.claim(*item, Fate::Absorbed, "", format!("it watches over `{}`: the cluster restarts what ends", asked.name));
            }
        }
        return;
    }
    if let Some(mut found) = daemon::known(&asked.name) {
        found.merge(ask);
        kept.push(place.complete(found, None));
        return;
    }
    if ask.supervisor == "monit" && ask.plain.words.is_empty() {
        return;
    }
    let message = format!("nothing describes the service `{}` that {} starts", place.show(&asked.name), article(ask.supervisor));
    let diagnostic =
        Diagnostic::warning("C134", message).help("add the unit or init script of that service to the input, or write the process by hand");
    sink.diagnose(at(place.input, location.as_ref(), diagnostic));
    for item in &ask.items {
        if kept.iter().any(|known| known.items.contains(item)) {
            continue;
        }
        sink.claim(*item, Fate::Manual, "", format!("it starts `{}`, which nothing in the input describes", place.show(&asked.name)));
        sink.task(
            format!("Find the command of the service `{}`", place.show(&asked.name)),
            "the hosts started it, and nothing in the input says what it runs",
            place.input.origin(*item).into_iter().collect(),
        );
    }
}

fn article(supervisor: &str) -> String {
    match supervisor {
        "init script" | "upstart" | "eye" => format!("an {supervisor} text"),
        other => format!("a {other} text"),
    }
}

/// `start worker N=2` for copies, `start worker QUEUE=mail` for one of its own.
fn copies(kept: &mut Vec<Found>, at: usize, ask: &Found, settings: &[(String, String)]) {
    let Some(known) = kept.get_mut(at) else { return };
    let named: Vec<&(String, String)> =
        settings.iter().filter(|(_, value)| value.parse::<u32>().is_err() && !value.contains('$')).collect();
    if named.is_empty() {
        if let Some(count) = ask.plain.count {
            known.count = count.max(1);
        }
        known.notes.retain(|note| !note.starts_with("one for each"));
        for (name, value) in settings.iter().filter(|(_, value)| !value.contains('$')) {
            known.plain.variables.entry(name.clone()).or_insert_with(|| value.clone());
        }
        known.merge(ask);
        return;
    }
    let mut own = known.clone();
    own.notes.retain(|note| !note.starts_with("one for each"));
    for (name, value) in named {
        own.plain.variables.insert(name.clone(), value.clone());
        own.name = format!("{}-{value}", own.name);
    }
    own.merge(ask);
    // The job without its variables is none of its own.
    known.template |= known.notes.iter().any(|note| note.starts_with("one for each"));
    own.template = false;
    kept.push(own);
}

/// Takes out what is only ever stopped or disabled, and jobs that only stand for their copies.
fn off(place: &Place<'_>, kept: &mut Vec<Found>, sink: &mut Sink) {
    let mut stopped: BTreeSet<String> = BTreeSet::new();
    let mut started: BTreeSet<String> = BTreeSet::new();
    for (_, _, resource) in place.resources() {
        if !matches!(resource.kind.as_str(), "service" | "systemd_unit" | "systemd_service" | "runit_service" | "supervisor_service") {
            continue;
        }
        let name = place.encode(&resource.text_or_name("service_name"));
        let name = name.trim_end_matches(".service").to_owned();
        let does = |names: &[&str]| names.iter().any(|action| resource.does(action));
        if does(&["start", "restart", "enable", "reload"]) {
            started.insert(name);
        } else if does(&["stop", "disable", "mask"]) {
            stopped.insert(name);
        }
    }
    kept.retain(|found| {
        let is_off = stopped.contains(&found.service) && !started.contains(&found.service);
        if is_off {
            for item in &found.items {
                sink.claim(*item, Fate::Absorbed, "", format!("the service `{}` is stopped and disabled", found.service));
            }
        }
        !is_off && !found.template
    });
}

/// Services of another name than the process they stand for: their resources belong to it.
fn services(place: &Place<'_>, kept: &mut [Found]) {
    for (run, index, resource) in place.resources() {
        if !matches!(resource.kind.as_str(), "service" | "runit_service") {
            continue;
        }
        let name = place.encode(&resource.text_or_name("service_name"));
        let Some(item) = place.input.items.number(run, index) else { continue };
        for found in kept.iter_mut().filter(|found| found.service == name && found.name != name) {
            if !found.items.contains(&item) {
                found.items.push(item);
            }
        }
    }
}
