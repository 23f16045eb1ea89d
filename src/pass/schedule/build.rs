//! Entries of environments, layers and events put together, and what becomes of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{PerEnvironment, Schedule};
use crate::outcome::{Fate, Subject};
use crate::pass::command::Plain;
use crate::pass::label::label;
use crate::pass::schedule::entry::{Entry, Time};
use crate::pass::schedule::{host_work, portable};
use crate::pass::{Input, Sink, host};
use crate::source::Location;

/// Variables that the image and the settings of the environments have.
const SETTLED: &[&str] = &["RAILS_ENV", "RACK_ENV", "NODE_ENV", "PATH"];

/// Merges the entries of the environments and makes schedules of them.
pub fn build(input: &Input<'_>, entries: Vec<Entry>, image_of: &dyn Fn(&Plain) -> Option<String>, sink: &mut Sink) -> Vec<Schedule> {
    let zone = host::time_zone(input).map(|(zone, _)| zone);
    let (gone, entries): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.gone.is_some());
    let mut schedules: Vec<Schedule> = Vec::new();
    let mut names = Names::default();
    for group in groups(entries) {
        let first = &group[0];
        if let Some(why) = host_work::why(&first.plain) {
            say(&group, sink, Fate::Host, "", why);
            continue;
        }
        if first.stays {
            say(&group, sink, Fate::Translated, "process", "it starts something that stays: a process of its own");
            continue;
        }
        let mut crons = Vec::new();
        let mut refused = None;
        for entry in &group {
            match &entry.time {
                Time::Cron(cron) => match portable::portable(cron) {
                    Ok(text) => crons.push((entry.environment, text)),
                    Err(why) => refused = Some(why),
                },
                Time::Reboot => {}
                Time::Refused(why) => refused = Some(why.clone()),
            }
        }
        if let Some(why) = refused {
            say(&group, sink, Fate::Manual, "", &format!("its time cannot be written as five fields: {why}"));
            sink.task(
                format!("Schedule `{}` by hand", first.name),
                format!("its time is `{}`: {why}", first.written),
                first.origin.clone(),
            );
            continue;
        }
        let Some(image) = image_of(&first.plain) else {
            say(&group, sink, Fate::Manual, "", "no image here has what its command needs");
            sink.task(
                format!("Decide where `{}` runs", first.name),
                format!("`{}` at `{}` belongs to no image of this set-up", first.original, first.written),
                first.origin.clone(),
            );
            continue;
        };
        let schedule = schedule(input, &group, names.give(&first.name), image, &crons, zone.as_deref());
        tasks(&schedule, &group, sink);
        let why = if schedule.suspended.is_some() { "suspended: a person decides" } else { "the same time and command" };
        say(&group, sink, Fate::Translated, &format!("CronJob {}", schedule.name), why);
        schedules.push(schedule);
    }
    for group in groups(gone) {
        let why = group[0].gone.clone().unwrap_or_default();
        say(&group, sink, Fate::Skipped, "", &why);
    }
    schedules
}

/// One disposition for a group.
fn say(group: &[Entry], sink: &mut Sink, fate: Fate, to: &str, why: &str) {
    let Some(first) = group.first() else { return };
    let contexts: Vec<String> = group.iter().map(|entry| entry.context.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let title = format!("{} {}", first.written, first.original);
    sink.other(Subject::Schedule, title, &first.recipe, first.location.clone(), fate, to, why, contexts);
}

/// Of so many alike in other environments none is told to be the same: more are not looked at.
const ALIKE: usize = 8;

/// Entries that are one: the same line on several layers or events, and what environments have in common.
fn groups(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    type Place = (Option<Location>, &'static str, String);
    let mut groups: Vec<Vec<Entry>> = Vec::new();
    let mut same: BTreeMap<(Place, String, Vec<String>), usize> = BTreeMap::new();
    let mut of_place: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    for entry in entries {
        let place: Place = (entry.location.clone(), entry.kind, entry.name.clone());
        let key = (place.clone(), entry.written.clone(), entry.plain.words.clone());
        let there = of_place.entry(place).or_default();
        // The same entry with another environment's value in it.
        let alike = || {
            let mut fitting = there.iter().copied().take(ALIKE).filter(|index| fits(&groups[*index], &entry));
            let only = fitting.next();
            only.filter(|_| fitting.next().is_none() && there.len() <= ALIKE)
        };
        match same.get(&key).copied().or_else(alike) {
            Some(index) => {
                same.insert(key, index);
                groups[index].push(entry);
            }
            None => {
                same.insert(key, groups.len());
                there.push(groups.len());
                groups.push(vec![entry]);
            }
        }
    }
    groups
}

/// Whether the group is the entry in earlier environments.
fn fits(group: &[Entry], entry: &Entry) -> bool {
    let first = &group[0];
    first.time_zone == entry.time_zone
        && first.suspended == entry.suspended
        && first.plain.variables == entry.plain.variables
        && group.iter().all(|known| known.environment < entry.environment)
        && std::mem::discriminant(&first.time) == std::mem::discriminant(&entry.time)
}

/// Labels that were given, and the next number of each.
#[derive(Default)]
struct Names {
    given: BTreeSet<String>,
    next: BTreeMap<String, usize>,
}

impl Names {
    /// The name as a label that nothing else has.
    fn give(&mut self, name: &str) -> String {
        let base = label(name);
        let mut name = base.clone();
        let number = self.next.entry(base.clone()).or_insert(2);
        while !self.given.insert(name.clone()) {
            name = format!("{}-{number}", base.chars().take(44).collect::<String>());
            *number += 1;
        }
        name
    }
}

fn schedule(input: &Input<'_>, group: &[Entry], name: String, image: String, crons: &[(usize, String)], zone: Option<&str>) -> Schedule {
    let first = &group[0];
    let count = input.environments();
    let reboot = first.time == Time::Reboot;
    let mut cron = PerEnvironment { values: vec![None; count] };
    crons.iter().for_each(|(environment, text)| cron.set(*environment, text.clone()));
    let mut command = PerEnvironment { values: vec![None; count] };
    for entry in group {
        command.set(entry.environment, entry.plain.words.iter().map(|word| input.image_path(word)).collect());
        // Without a time the command alone says where it exists; targets look at the time.
        if reboot && group.iter().map(|entry| entry.environment).collect::<BTreeSet<_>>().len() < count {
            cron.set(entry.environment, "0 * * * *".to_owned());
        }
    }
    let mut notes = first.notes.clone();
    let hosts = hosts(group);
    if hosts > 1 && !reboot {
        notes.push(format!("ran on each of {hosts} hosts; runs once here"));
    }
    let mut time_zone = first.time_zone.clone().or_else(|| zone.map(str::to_owned));
    if time_zone.is_none() {
        time_zone = Some("Etc/UTC".to_owned());
        notes.push("no time zone is set on the hosts: UTC".to_owned());
    }
    let suspended = if reboot {
        Some(
            "ran at every boot of a host; containers start more often than hosts did. Decide whether it is still needed, and when"
                .to_owned(),
        )
    } else {
        first.suspended.clone().or_else(|| open(group))
    };
    let mut layers: Vec<String> = Vec::new();
    for layer in group.iter().map(|entry| &entry.layer).filter(|layer| !layer.is_empty()) {
        if !layers.contains(layer) {
            layers.push(layer.clone());
        }
    }
    let mut origin = first.origin.clone();
    for one in group.iter().flat_map(|entry| &entry.origin) {
        if !origin.contains(one) {
            origin.push(one.clone());
        }
    }
    let variables = first.plain.variables.iter().filter(|(name, _)| !SETTLED.contains(&name.as_str()));
    Schedule {
        name,
        image,
        cron,
        written: first.written.clone(),
        time_zone,
        command,
        original: first.original.clone(),
        user: first.plain.user.clone(),
        directory: first.plain.directory.as_deref().map(|path| input.image_path(path)),
        mail: first.mail.clone(),
        output: first.output.clone(),
        overlap: first.overlap.clone(),
        kind: first.kind.to_owned(),
        layers,
        variables: variables.map(|(name, value)| (name.clone(), value.clone())).collect::<BTreeMap<_, _>>(),
        mounts: Vec::new(),
        suspended,
        origin,
        notes,
    }
}

/// Why the command cannot run as it stands: a part of it is not known.
fn open(group: &[Entry]) -> Option<String> {
    let word = group.iter().flat_map(|entry| &entry.plain.words).find(|word| word.contains('\u{2039}'))?;
    let name = word.split_once('\u{2039}').map_or("", |(_, rest)| rest.rsplit_once('\u{203a}').map_or(rest, |(name, _)| name));
    Some(format!("a part of its command is not known: {name}"))
}

/// The most hosts that ran it in one environment.
fn hosts(group: &[Entry]) -> u32 {
    let mut of_layers: BTreeMap<usize, BTreeMap<&str, u32>> = BTreeMap::new();
    for entry in group {
        of_layers.entry(entry.environment).or_default().insert(&entry.layer, entry.hosts);
    }
    of_layers.values().map(|layers| layers.values().sum()).max().unwrap_or(1)
}

/// What a person must look at.
fn tasks(schedule: &Schedule, group: &[Entry], sink: &mut Sink) {
    let name = &schedule.name;
    if group[0].time == Time::Reboot {
        let why = "it ran at every boot of a host";
        sink.task(format!("Decide on the schedule `{name}`, which is emitted suspended"), why, schedule.origin.clone());
    } else if let Some(why) = &schedule.suspended {
        sink.task(format!("Decide on the schedule `{name}`, which is emitted suspended"), why.clone(), schedule.origin.clone());
    }
    for note in &schedule.notes {
        if note.starts_with("not weekly") || note.contains("has always meant") || note.contains("have always been") {
            sink.task(format!("Check the time of `{name}`"), note.clone(), schedule.origin.clone());
        }
    }
}
