//! What a converge would have left on the hosts that an image stands for: paths, packages, users, groups, entries of crontabs.
//!
//! In: the runs that the image was made of. Out: [`Expectation`]s. The events of a host are folded in their order, a later resource over an
//! earlier one; what all hosts agree on is one expectation, and where they differ there is one for each state, with its hosts.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::graph::item::Items;
use crate::graph::{FileKind, FileState, Lifecycle, Resource, Run, Status};
use crate::outcome::{Outcome, Share, Subject};
use crate::pass::packages::request::{self, Manager, Request};
use crate::source::Location;
use crate::text::SHOWN_HOLE;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Files with their content.
    File,
    /// Directories.
    Directory,
    /// Symbolic links.
    Link,
    /// Paths that must not be there.
    Removed,
    /// Packages of the system and of languages.
    Package,
    /// Users.
    User,
    /// Groups.
    Group,
    /// Entries of crontabs and timers.
    Schedule,
    /// What the Dockerfile promises by itself.
    Promise,
}

impl Kind {
    /// All kinds, in the order of the table.
    pub const ALL: [Self; 9] =
        [Self::File, Self::Directory, Self::Link, Self::Removed, Self::Package, Self::User, Self::Group, Self::Schedule, Self::Promise];

    /// The word for one, and for many.
    #[must_use]
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::File => ("file", "files"),
            Self::Directory => ("directory", "directories"),
            Self::Link => ("link", "links"),
            Self::Removed => ("removed path", "removed paths"),
            Self::Package => ("package", "packages"),
            Self::User => ("user", "users"),
            Self::Group => ("group", "groups"),
            Self::Schedule => ("schedule entry", "schedule entries"),
            Self::Promise => ("promise", "promises"),
        }
    }
}

/// A user as Chef was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// User id.
    pub uid: Option<u32>,
    /// Primary group, by name or number.
    pub group: Option<String>,
    /// Home directory.
    pub home: Option<String>,
    /// The home directory is made.
    pub has_home: bool,
    /// Login shell.
    pub shell: Option<String>,
    /// It is removed.
    pub is_removed: bool,
}

/// A group as Chef was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Group id.
    pub gid: Option<u32>,
    /// Those that must be in it.
    pub members: Vec<String>,
    /// It is removed.
    pub is_removed: bool,
}

/// What is expected.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// What stands at a path.
    Path(FileState),
    /// A package.
    Package(Request),
    /// A user.
    User(User),
    /// A group.
    Group(Group),
    /// An entry of a crontab: the number of its disposition.
    Schedule(usize),
}

/// One thing that a converge would have left.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// What it is.
    pub kind: Kind,
    /// The path, or the name.
    pub name: String,
    /// What is expected.
    pub state: State,
    /// The number of the item that left it; none for what a layer installs by itself.
    pub item: Option<usize>,
    /// `template[/etc/app.conf]`
    pub resource: String,
    /// Where it is declared.
    pub location: Option<Location>,
    /// It holds what must not be shown.
    pub is_sensitive: bool,
    /// The hosts that have it: `production/web`.
    pub hosts: Vec<String>,
}

/// The hosts of a share: environment, layer, and the numbers of the runs that make them, in their order.
fn hosts<'a>(outcome: &'a Outcome, share: &Share) -> IndexMap<(usize, &'a str), Vec<(usize, &'a Run)>> {
    let mut hosts: IndexMap<(usize, &str), Vec<(usize, &Run)>> = IndexMap::new();
    for number in &share.runs {
        let Some(run) = outcome.graph.runs.get(*number) else { continue };
        if matches!(run.event, Lifecycle::Setup | Lifecycle::Configure | Lifecycle::Deploy) {
            hosts.entry((run.environment, &run.layer)).or_default().push((*number, run));
        }
    }
    hosts.values_mut().for_each(|runs| runs.sort_by_key(|(number, run)| (order(run.event), *number)));
    hosts
}

/// After boot an instance is configured, then deployed to.
fn order(event: Lifecycle) -> usize {
    Lifecycle::ALL.iter().position(|known| *known == event).unwrap_or(Lifecycle::ALL.len())
}

/// `production/web`, or the layer alone where environments have no name.
fn host_name(outcome: &Outcome, environment: usize, layer: &str) -> String {
    match outcome.graph.environments.get(environment).map(|one| one.name.as_str()) {
        Some(name) if !name.is_empty() => format!("{name}/{layer}"),
        _ => layer.to_owned(),
    }
}

/// The names of all hosts of a share.
#[must_use]
pub fn host_names(outcome: &Outcome, share: &Share) -> Vec<String> {
    hosts(outcome, share).keys().map(|(environment, layer)| host_name(outcome, *environment, layer)).collect()
}

/// Everything that the runs of `share` would have left.
#[must_use]
pub fn of(outcome: &Outcome, items: &Items, share: &Share) -> Vec<Expectation> {
    let mut all: Vec<Expectation> = Vec::new();
    let mut known: BTreeMap<(Kind, String), Vec<usize>> = BTreeMap::new();
    for ((environment, layer), runs) in hosts(outcome, share) {
        let host = host_name(outcome, environment, layer);
        for expectation in of_host(outcome, items, share, environment, layer, &runs).into_values() {
            let numbers = known.entry((expectation.kind, expectation.name.clone())).or_default();
            let same = |one: &Expectation| one.item == expectation.item && one.state_is(&expectation.state);
            match numbers.iter().copied().find(|number| all.get(*number).is_some_and(same)) {
                Some(number) => all[number].hosts.push(host.clone()),
                None => {
                    numbers.push(all.len());
                    all.push(Expectation { hosts: vec![host.clone()], ..expectation });
                }
            }
        }
    }
    all.extend(schedules(outcome, share));
    all.sort_by(|one, other| (one.kind, &one.name, &one.location).cmp(&(other.kind, &other.name, &other.location)));
    all
}

/// What one host is left with, by kind and name.
type Left = IndexMap<(u8, String), Expectation>;

fn of_host(outcome: &Outcome, items: &Items, share: &Share, environment: usize, layer: &str, runs: &[(usize, &Run)]) -> Left {
    let mut left = Left::new();
    let layers = outcome.graph.environments.get(environment).map(|one| one.layers.as_slice()).unwrap_or_default();
    for layer in layers.iter().filter(|one| one.name == layer) {
        for name in &layer.packages {
            let state = State::Package(Request::install(Manager::System, name.clone()));
            let resource = format!("layer {}: packages", layer.name);
            let one = Expectation {
                kind: Kind::Package,
                name: name.clone(),
                state,
                item: None,
                resource,
                location: layer.origin.clone(),
                is_sensitive: false,
                hosts: Vec::new(),
            };
            left.insert((1, name.clone()), one);
        }
    }
    for (number, run) in runs {
        for (index, resource) in run.resources.iter().enumerate() {
            let item = items.number(*number, index);
            if item.is_some_and(|item| share.hidden.contains(&item)) || !acts(resource) {
                continue;
            }
            for (slot, kind, name, state) in of_resource(resource) {
                let one = Expectation {
                    kind,
                    name: name.clone(),
                    state,
                    item,
                    resource: resource.reference(),
                    location: resource.declared_at.clone(),
                    is_sensitive: resource.sensitive,
                    hosts: Vec::new(),
                };
                left.insert((slot, name), one);
            }
        }
        for (path, state) in &run.files {
            let item = items.number(*number, state.resource);
            let Some(resource) = run.resources.get(state.resource).filter(|_| item.is_none_or(|item| !share.hidden.contains(&item))) else {
                continue;
            };
            let one = Expectation {
                kind: kind_of(state),
                name: path.clone(),
                state: State::Path(state.clone()),
                item,
                resource: resource.reference(),
                location: resource.declared_at.clone(),
                is_sensitive: resource.sensitive || text_is_secret(state),
                hosts: Vec::new(),
            };
            left.insert((0, path.clone()), one);
        }
    }
    left
}

fn acts(resource: &Resource) -> bool {
    matches!(resource.status, Status::Run | Status::Unknown | Status::Expanded)
}

fn kind_of(state: &FileState) -> Kind {
    match state.kind {
        FileKind::Directory => Kind::Directory,
        FileKind::Link(_) => Kind::Link,
        FileKind::Absent => Kind::Removed,
        FileKind::File(_) | FileKind::Binary(_) | FileKind::Remote(_) | FileKind::Broken(_) => Kind::File,
    }
}

fn text_is_secret(state: &FileState) -> bool {
    matches!(&state.kind, FileKind::File(text) | FileKind::Remote(text) | FileKind::Link(text) if text.is_secret())
}

/// Packages, users and groups of a resource; the number keeps them apart where names are the same.
fn of_resource(resource: &Resource) -> Vec<(u8, Kind, String, State)> {
    let actions = if resource.ran.is_empty() { &resource.actions } else { &resource.ran };
    let does = |names: &[&str]| actions.iter().any(|action| names.contains(&action.as_str()));
    let number = |name: &str| resource.known(name).and_then(|text| text.parse::<u32>().ok());
    match resource.kind.as_str() {
        "user" => {
            let name = resource.text_or_name("username").to_string();
            let user = User {
                uid: number("uid"),
                group: resource.known("gid").or_else(|| resource.known("group")),
                home: resource.known("home"),
                has_home: matches!(resource.get("manage_home"), Some(crate::graph::Datum::Bool(true))),
                shell: resource.known("shell"),
                is_removed: does(&["remove"]) && !does(&["create", "manage", "modify"]),
            };
            vec![(2, Kind::User, name, State::User(user))]
        }
        "group" => {
            let name = resource.text_or_name("group_name").to_string();
            let members = resource.get("members").map(crate::graph::Datum::items).unwrap_or_default();
            let group = Group {
                gid: number("gid"),
                members: members.iter().filter_map(|member| member.as_str().map(str::to_owned)).collect(),
                is_removed: does(&["remove"]) && !does(&["create", "manage", "modify"]),
            };
            vec![(3, Kind::Group, name, State::Group(group))]
        }
        _ => {
            let requests = request::of_resource(resource).unwrap_or_default();
            let slot = |manager: Manager| if manager == Manager::System { 1 } else { 10 + manager as u8 };
            requests.into_iter().map(|one| (slot(one.manager), Kind::Package, one.name.clone(), State::Package(one))).collect()
        }
    }
}

impl Expectation {
    /// Whether two hosts are left with the same; which resource of the run it was does not matter.
    fn state_is(&self, other: &State) -> bool {
        match (&self.state, other) {
            (State::Path(one), State::Path(other)) => {
                one.kind == other.kind && one.owner == other.owner && one.group == other.group && one.mode == other.mode
            }
            (one, other) => one == other,
        }
    }

    /// Whether its path or name is only known on a host.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.name.contains(SHOWN_HOLE)
    }
}

/// Entries of crontabs and timers, which have dispositions of their own.
fn schedules(outcome: &Outcome, share: &Share) -> Vec<Expectation> {
    let contexts: BTreeSet<String> = share
        .runs
        .iter()
        .filter_map(|number| outcome.graph.runs.get(*number))
        .map(|run| format!("{}/{}", host_name(outcome, run.environment, &run.layer), run.event.name()))
        .collect();
    let image_of = |name: &String| {
        let schedule = outcome.blueprint.schedules.iter().find(|schedule| format!("schedule {}", schedule.name) == *name);
        schedule.map(|schedule| share.images.contains(&schedule.image))
    };
    let mine = |ends: &[String], places: &[String]| match ends.iter().find_map(image_of) {
        Some(is_mine) => is_mine,
        None => places.is_empty() || places.iter().any(|place| contexts.contains(place)),
    };
    let entries = outcome.dispositions.iter().enumerate().filter(|(_, one)| one.subject == Subject::Schedule);
    entries
        .filter(|(_, one)| mine(&one.ends_in, &one.contexts))
        .map(|(number, one)| Expectation {
            kind: Kind::Schedule,
            name: one.name.clone(),
            state: State::Schedule(number),
            item: None,
            resource: String::new(),
            location: one.location.clone(),
            is_sensitive: false,
            hosts: Vec::new(),
        })
        .collect()
}
