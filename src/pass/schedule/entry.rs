//! A schedule entry as one run has it, and what becomes of entries that are made, written again and removed.

use std::collections::BTreeMap;

use crate::blueprint::{Origin, Overlap};
use crate::graph::{Lifecycle, Resource, Run};
use crate::pass::Input;
use crate::pass::command::Plain;
use crate::pass::encode::Encoded;
use crate::pass::schedule::wrap::Taken;
use crate::pass::sink::context_of;
use crate::read::cron::{Cron, When};
use crate::read::problem::ParseError;
use crate::source::{Location, SourceMap, Span};

/// When an entry runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Time {
    /// At these times.
    Cron(Cron),
    /// When a host boots; with what it counts from there, in words.
    Reboot,
    /// At times that five fields do not say: why.
    Refused(String),
}

impl Time {
    /// What cron reads; where it reads nothing, why.
    #[must_use]
    pub fn of(when: Result<When, ParseError>) -> Self {
        match when {
            Ok(When::Fields(cron) | When::Nickname(_, cron)) => Self::Cron(cron),
            Ok(When::Reboot) => Self::Reboot,
            Ok(When::Open(_)) => Self::Refused("a part of it is not known".to_owned()),
            Err(problem) => Self::Refused(problem.message),
        }
    }
}

/// An entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The environment's number.
    pub environment: usize,
    /// The layer it ran on.
    pub layer: String,
    /// `cron`, `crontab`, `systemd timer`, …
    pub kind: &'static str,
    /// The name it would like.
    pub name: String,
    /// As written: `every 1.week`, `15 2 1 * *`.
    pub written: String,
    /// When.
    pub time: Time,
    /// The whole command, holes by name.
    pub original: String,
    /// The program in exec form.
    pub plain: Plain,
    /// Where its output went.
    pub output: Vec<String>,
    /// Whether a second run may start.
    pub overlap: Overlap,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// Who got its mail.
    pub mail: Option<String>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
    /// Where it is declared.
    pub location: Option<Location>,
    /// `cookbook::recipe`
    pub recipe: String,
    /// `production/web/Setup`
    pub context: String,
    /// How many hosts of its layer ran it.
    pub hosts: u32,
    /// Words for the reader.
    pub notes: Vec<String>,
    /// Why it must not simply run.
    pub suspended: Option<String>,
    /// Why it is not there at the end.
    pub gone: Option<String>,
    /// It starts, at boot, something that stays: that is a process.
    pub stays: bool,
}

impl Entry {
    /// An entry of item `number` in `run`, with nothing but its place.
    #[must_use]
    pub fn of(input: &Input<'_>, run: &Run, number: usize, resource: &Resource, kind: &'static str) -> Self {
        Self {
            environment: run.environment,
            layer: run.layer.clone(),
            kind,
            name: String::new(),
            written: String::new(),
            time: Time::Reboot,
            original: String::new(),
            plain: Plain::default(),
            output: Vec::new(),
            overlap: Overlap::Allowed,
            time_zone: zone_of(input, run),
            mail: None,
            origin: origins(input, run, number, resource),
            location: resource.declared_at.clone(),
            recipe: format!("{}::{}", resource.cookbook, resource.recipe),
            context: context_of(input, run),
            hosts: hosts_of(input, run),
            notes: Vec::new(),
            suspended: None,
            gone: None,
            stays: false,
        }
    }

    /// The same with the command that was taken apart; user and directory of the entry stay where the line names none.
    #[must_use]
    pub fn with(mut self, taken: Taken) -> Self {
        self.plain = taken.plain;
        for sleep in self.plain.dropped.iter().filter(|word| word.starts_with("sleep ")) {
            self.notes.push(format!("`{sleep}` before it is left out"));
        }
        self.output = taken.output;
        self.overlap = taken.overlap;
        self
    }

    /// The same with the holes of `encoded` by their names.
    #[must_use]
    pub fn shown(mut self, encoded: &Encoded) -> Self {
        let show = |text: &mut String| {
            if crate::read::lexeme::has_hole(text) {
                *text = encoded.show(text);
            }
        };
        self.plain.words.iter_mut().for_each(show);
        self.plain.variables.values_mut().for_each(show);
        self.output.iter_mut().for_each(show);
        self.notes.iter_mut().for_each(show);
        [&mut self.plain.user, &mut self.plain.directory, &mut self.mail].into_iter().flatten().for_each(show);
        [&mut self.name, &mut self.written, &mut self.original].into_iter().for_each(show);
        self
    }
}

/// Where the item is declared; before it, where the custom resource that makes it is.
fn origins(input: &Input<'_>, run: &Run, number: usize, resource: &Resource) -> Vec<Origin> {
    let mut outer = resource.within;
    let mut outermost = None;
    for _ in 0..20 {
        let Some(found) = outer.and_then(|index| run.resources.get(index)) else { break };
        outermost = Some(found);
        outer = found.within;
    }
    let declared = outermost.and_then(|outer| Some(Origin { location: outer.declared_at.clone()?, what: outer.reference() }));
    declared.into_iter().chain(input.origin(number)).collect()
}

/// Whether what a run at this event leaves goes on to be there.
#[must_use]
pub fn alive(event: Lifecycle) -> bool {
    !matches!(event, Lifecycle::Undeploy | Lifecycle::Shutdown)
}

/// The time zone of a run's hosts: what this run sets, else what another event of the layer, else of the environment sets.
fn zone_of(input: &Input<'_>, run: &Run) -> Option<String> {
    let same = || input.runs().map(|(_, other)| other).filter(|other| other.environment == run.environment);
    run.time_zone
        .clone()
        .or_else(|| same().filter(|other| other.layer == run.layer).find_map(|other| other.time_zone.clone()))
        .or_else(|| same().find_map(|other| other.time_zone.clone()))
}

fn hosts_of(input: &Input<'_>, run: &Run) -> u32 {
    let environment = input.graph.environments.get(run.environment);
    environment
        .and_then(|environment| environment.layers.iter().find(|known| known.name == run.layer))
        .map_or(1, |layer| layer.hosts.max(1))
}

/// Whether the hosts of a run are Debian's or Ubuntu's.
#[must_use]
pub fn is_debian(input: &Input<'_>, run: &Run) -> bool {
    let platform = input.graph.environments.get(run.environment).map(|environment| environment.platform.0.as_str());
    platform.is_none_or(|name| matches!(name, "" | "debian" | "ubuntu" | "linuxmint"))
}

/// The span of a line, from 1.
#[must_use]
pub fn line_span(sources: &SourceMap, path: &str, line: u32) -> Option<Span> {
    let file = sources.find(path)?;
    let text = sources.file(file).text();
    let mut start = 0;
    for (number, content) in (1..).zip(text.split_inclusive('\n')) {
        if number == line {
            let body = content.trim_end();
            let blanks = body.len() - body.trim_start().len();
            return Some(Span::new(file, start + blanks, start + body.len()));
        }
        start += content.len();
    }
    None
}

/// That an item makes something under a key, or removes it.
#[derive(Debug, Clone)]
pub struct Act<T> {
    /// Environment and layer.
    pub place: (usize, String),
    /// Event, run, resource.
    pub order: (Lifecycle, usize, usize),
    /// What it is known by on a host: a path, a name.
    pub key: String,
    /// The item.
    pub item: usize,
    /// What it makes; `None`: it removes.
    pub makes: Option<T>,
}

/// What is left of several acts.
#[derive(Debug)]
pub struct Settled<T> {
    /// What stands at the end.
    pub kept: Vec<Act<T>>,
    /// What was made, and taken away or written again by another item.
    pub gone: Vec<(Act<T>, usize)>,
    /// Items that remove, and whether they removed anything.
    pub removers: BTreeMap<usize, bool>,
}

/// The last act of each key and layer wins.
#[must_use]
pub fn settle<T>(mut acts: Vec<Act<T>>) -> Settled<T> {
    acts.sort_by(|a, b| (&a.place, a.order).cmp(&(&b.place, b.order)));
    let mut settled = Settled { kept: Vec::new(), gone: Vec::new(), removers: BTreeMap::new() };
    let mut kept: BTreeMap<((usize, String), String), Act<T>> = BTreeMap::new();
    for act in acts {
        let key = (act.place.clone(), act.key.clone());
        let removed = kept.remove(&key);
        if act.makes.is_none() {
            *settled.removers.entry(act.item).or_default() |= removed.is_some();
        }
        if let Some(removed) = removed
            && removed.item != act.item
        {
            settled.gone.push((removed, act.item));
        }
        if act.makes.is_some() {
            kept.insert(key, act);
        }
    }
    settled.kept = kept.into_values().collect();
    settled.kept.sort_by_key(|act| (act.item, act.order));
    settled
}
