//! Whether a built image is what the machine was: what Chef would have left, against the file system of the image.
//!
//! In: an [`Outcome`], an image's name, the [`FileSystem`] read from `docker export`. Out: [`Findings`], each the same, moved, left out, or
//! an unexplained difference with both sides and the recipe's line. `template[/etc/app.conf]: mode: Chef 0600, image 0644`.

pub mod archive;
pub mod compare;
pub mod expectation;
mod explain;
mod promise;
pub mod system;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use compare::Side;
pub use expectation::Kind;

use crate::emit::docker::promise::Promise;
use crate::graph::item::Items;
use crate::graph::{FileKind, FileState};
use crate::outcome::{Outcome, Share};
use crate::pass::input::replace_root;
use crate::source::Location;
use crate::text::{Part, Text};
use compare::{Answer, Machine};
use expectation::{Expectation, State};
use explain::Explanation;
use system::FileSystem;

/// What is said of one expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The image has it as Chef would have left it.
    Same,
    /// It became something else: a mount, a setting, a process, another place or image.
    Moved,
    /// The report says why no image has it.
    LeftOut,
    /// The image has it, and it differs, and nothing says why.
    Different,
    /// The image does not have it, and nothing says why.
    Missing,
    /// The image does not show it.
    Unchecked,
}

impl Verdict {
    /// All verdicts, in the order of the table.
    pub const ALL: [Self; 6] = [Self::Same, Self::Moved, Self::LeftOut, Self::Different, Self::Missing, Self::Unchecked];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Moved => "moved",
            Self::LeftOut => "left out",
            Self::Different => "different",
            Self::Missing => "missing",
            Self::Unchecked => "unchecked",
        }
    }

    /// Whether nothing explains it.
    #[must_use]
    pub fn is_fault(self) -> bool {
        matches!(self, Self::Different | Self::Missing)
    }
}

/// One expectation and what the image has of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The path, or the name.
    pub name: String,
    /// What is said of it.
    pub verdict: Verdict,
    /// Where it went, why it is left out, or what is wrong.
    pub why: String,
    /// What differs.
    pub sides: Vec<Side>,
    /// `template[/etc/app.conf]`; empty for what the Dockerfile promises by itself.
    pub resource: String,
    /// Where it is declared.
    pub location: Option<Location>,
    /// The hosts that had it, where not all had.
    pub hosts: Vec<String>,
}

impl Finding {
    /// Whether it says the same, whatever the hosts.
    fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.name == other.name
            && self.verdict == other.verdict
            && self.why == other.why
            && self.sides == other.sides
            && self.location == other.location
    }
}

/// What was compared.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The image's name.
    pub image: String,
    /// The hosts that it stands for.
    pub hosts: Vec<String>,
    /// Everything, by kind and name.
    pub all: Vec<Finding>,
    /// Resources of those hosts that leave nothing of these kinds: commands, services.
    pub others: usize,
    /// Entries of the archive whose paths leave its root.
    pub refused: usize,
}

impl Findings {
    /// Whether anything is unexplained.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        self.all.iter().any(|one| one.verdict.is_fault())
    }
}

/// Everything that is expected of one image.
pub struct Subject<'a> {
    outcome: &'a Outcome,
    items: Items,
    promise: &'a Promise<'a>,
    promises: &'a [Promise<'a>],
    share: Share,
    expectations: Vec<Expectation>,
}

/// The image that is meant: by its name, by the last part of a reference without tag, or the only one there is.
#[must_use]
pub fn choose<'a>(promises: &'a [Promise<'a>], name: Option<&str>, reference: &str) -> Option<&'a Promise<'a>> {
    let of = |name: &str| promises.iter().find(|one| one.name == name || one.image.name == name);
    if let Some(name) = name {
        return of(name);
    }
    let last = reference.rsplit('/').next().unwrap_or(reference);
    let plain = last.split(['@', ':']).next().unwrap_or(last);
    of(plain).or_else(|| of(plain.strip_suffix(".tar").unwrap_or(plain))).or(match promises {
        [only] => Some(only),
        _ => None,
    })
}

impl<'a> Subject<'a> {
    /// Folds the runs that the image stands for.
    #[must_use]
    pub fn new(outcome: &'a Outcome, promises: &'a [Promise<'a>], promise: &'a Promise<'a>) -> Self {
        let items = Items::of(&outcome.graph);
        let name = &promise.image.name;
        let share = outcome.shares.iter().find(|share| share.images.contains(name)).cloned().unwrap_or_default();
        let mut expectations = expectation::of(outcome, &items, &share);
        let is_first = share.images.first() == Some(name);
        if !is_first {
            // A daemon beside an app has only what was made of its own resources.
            let end = format!("image {name}");
            let ends_here = |item: usize| outcome.dispositions.get(item).is_some_and(|one| one.ends_in.contains(&end));
            expectations.retain(|one| one.item.is_some_and(ends_here));
        }
        Self { outcome, items, promise, promises, share, expectations }
    }

    /// The base image, whose own packages are nobody's fault.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.promise.image.base
    }

    /// The paths whose content is compared.
    #[must_use]
    pub fn wanted(&self) -> BTreeSet<String> {
        let mut wanted: BTreeSet<String> = system::ALWAYS.iter().map(|path| (*path).to_owned()).collect();
        let mut add = |path: &str| wanted.extend(system::aliases(path));
        for one in
            self.expectations.iter().filter(|one| matches!(&one.state, State::Path(state) if matches!(state.kind, FileKind::File(_))))
        {
            add(&one.name);
            add(&self.image_path(&one.name));
        }
        self.promise.copies.iter().for_each(|copied| add(&copied.to));
        wanted
    }

    /// A path of the hosts, or a text with such, as the image has it.
    fn image_path(&self, text: &str) -> String {
        self.outcome.folders.iter().fold(text.to_owned(), |text, (host, image)| replace_root(&text, host, image))
    }

    /// A state with the image's paths in its texts.
    fn image_state(&self, state: &FileState) -> FileState {
        let of = |text: &Text| {
            let mut out = Text::default();
            for part in text.parts() {
                match part {
                    Part::Literal(literal) => out.push_str(&self.image_path(literal)),
                    Part::Hole(hole) => out.push_hole(std::rc::Rc::clone(hole)),
                }
            }
            out
        };
        let kind = match &state.kind {
            FileKind::File(text) => FileKind::File(of(text)),
            FileKind::Link(text) => FileKind::Link(of(text)),
            other => other.clone(),
        };
        FileState { kind, ..state.clone() }
    }

    /// Compares everything with an image. `base`: the packages of the image that it was built from, where they are known.
    #[must_use]
    pub fn compare(&self, system: &FileSystem, base: Option<&BTreeMap<String, String>>) -> Findings {
        let machine = Machine::new(system);
        let hosts = expectation::host_names(self.outcome, &self.share);
        let mut all: Vec<Finding> = self.expectations.iter().map(|one| self.finding(&machine, one)).collect();
        all = together(all);
        all.iter_mut().filter(|one| one.hosts.len() == hosts.len()).for_each(|one| one.hosts.clear());
        let promises = promise::check(self, &machine, base, &all);
        all.extend(promises);
        let is_first = self.share.images.first() == Some(&self.promise.image.name);
        let compared: BTreeSet<usize> = self.expectations.iter().filter_map(|one| one.item).collect();
        let mine = (0..self.items.list.len()).filter(|number| {
            let occurs =
                self.items.list.get(*number).is_some_and(|item| item.occurrences.iter().any(|(run, _)| self.share.runs.contains(run)));
            is_first && occurs && !self.share.hidden.contains(number) && !compared.contains(number)
        });
        Findings { image: self.promise.name.clone(), hosts, all, others: mine.count(), refused: system.refused() }
    }

    fn finding(&self, machine: &Machine<'_>, expectation: &Expectation) -> Finding {
        let (answer, same) = self.answer(machine, expectation);
        let (verdict, why, sides) = match answer {
            Answer::Same => {
                // In the app's folder of the image it is the same in another place.
                let verdict = if same.is_empty() || matches!(expectation.kind, Kind::Removed | Kind::Package) {
                    Verdict::Same
                } else {
                    Verdict::Moved
                };
                (verdict, same, Vec::new())
            }
            Answer::Unchecked(why) => match explain::of(self, machine, expectation) {
                Explanation::Moved(why) => (Verdict::Moved, why, Vec::new()),
                Explanation::LeftOut(why) => (Verdict::LeftOut, why, Vec::new()),
                _ => (Verdict::Unchecked, why, Vec::new()),
            },
            Answer::Missing | Answer::Different(_) => {
                let (verdict, sides) = match answer {
                    Answer::Different(sides) => (Verdict::Different, sides),
                    _ => (Verdict::Missing, Vec::new()),
                };
                match explain::of(self, machine, expectation) {
                    Explanation::Moved(why) => (Verdict::Moved, why, Vec::new()),
                    Explanation::LeftOut(why) => (Verdict::LeftOut, why, Vec::new()),
                    Explanation::Wrong(why, own) => (verdict, why, if own.is_empty() { sides } else { own }),
                }
            }
        };
        Finding {
            kind: expectation.kind,
            name: expectation.name.clone(),
            verdict,
            why,
            sides,
            resource: expectation.resource.clone(),
            location: expectation.location.clone(),
            hosts: expectation.hosts.clone(),
        }
    }

    /// The answer, and where it is the same though in another place or under another name: where.
    fn answer(&self, machine: &Machine<'_>, expectation: &Expectation) -> (Answer, String) {
        if expectation.is_open() {
            return (Answer::Missing, String::new());
        }
        let State::Path(state) = &expectation.state else {
            let left_out = |user: &str| !machine.system.users().contains_key(user);
            let answer = machine.named(expectation, &left_out);
            if let (Answer::Missing, State::Package(request)) = (&answer, &expectation.state) {
                let names = explain::names_in_image(self, expectation, &request.name);
                let has = |name: &String| machine.packages().is_some_and(|packages| packages.contains_key(name));
                if !names.is_empty() && names.iter().all(has) {
                    return (Answer::Same, format!("there it is {}", names.join(", ")));
                }
            }
            return (answer, String::new());
        };
        let first = machine.path(&expectation.name, state, false, expectation.is_sensitive);
        if first == Answer::Same {
            return (first, String::new());
        }
        let path = self.image_path(&expectation.name);
        let in_app = path != expectation.name;
        let second = machine.path(&path, &self.image_state(state), in_app, expectation.is_sensitive);
        let place = if in_app { path } else { String::new() };
        match second {
            Answer::Same => (Answer::Same, place),
            // What is said is said of the place where the image has it.
            other => (if in_app { other } else { prefer(first, other) }, String::new()),
        }
    }
}

/// What is said of several hosts in the same words is said once.
fn together(findings: Vec<Finding>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for mut finding in findings {
        let hosts = std::mem::take(&mut finding.hosts);
        match all.iter_mut().rev().take_while(|known| known.name == finding.name).find(|known| known.is_like(&finding)) {
            Some(known) => known.hosts.extend(hosts),
            None => all.push(Finding { hosts, ..finding }),
        }
    }
    all
}

/// Of two answers the one that says more.
fn prefer(first: Answer, second: Answer) -> Answer {
    match (&first, &second) {
        (Answer::Different(one), Answer::Different(other)) if other.len() < one.len() => second,
        _ => first,
    }
}
