//! The resource collection: what Chef would have done, run by run, in order.
//!
//! In: what `chef` evaluated. Out: the passes read it; nothing here knows a target.
//! `package 'git'` in `recipes/default.rb:3` is one [`Resource`] per run in which it is declared.

pub mod item;
pub mod site;

use std::collections::BTreeMap;
use std::rc::Rc;

use indexmap::IndexMap;
use serde::Serialize;

use crate::source::Location;
use crate::text::{Hole, Text};

/// A value of a property: Ruby's plain data, with holes.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// A string or symbol.
    Text(Text),
    /// An array.
    List(Vec<Datum>),
    /// A hash, keys as text, in insertion order.
    Map(IndexMap<String, Datum>),
    /// A Ruby block, with the place it stands at.
    Block(Option<Location>),
    /// A class or module, by name.
    Class(String),
    /// Another object, by its class name.
    Object(String),
    /// Not known as a whole.
    Unknown(Rc<Hole>),
}

impl Datum {
    /// The text, when this is one (or an integer).
    #[must_use]
    pub fn as_text(&self) -> Option<Text> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Integer(number) => Some(Text::literal(number.to_string())),
            Self::Unknown(hole) => Some(Text::hole(Rc::clone(hole))),
            _ => None,
        }
    }

    /// The known string, when this is text without holes.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => text.known(),
            _ => None,
        }
    }

    /// The elements: of a list, or the value itself as the only one; `nil` has none.
    #[must_use]
    pub fn items(&self) -> Vec<Datum> {
        match self {
            Self::Nil => Vec::new(),
            Self::List(items) => items.clone(),
            other => vec![other.clone()],
        }
    }

    /// Every hole inside, in order.
    pub fn each_hole(&self, visit: &mut dyn FnMut(&Rc<Hole>)) {
        match self {
            Self::Text(text) => text.holes().for_each(visit),
            Self::Unknown(hole) => visit(hole),
            Self::List(items) => items.iter().for_each(|item| item.each_hole(visit)),
            Self::Map(map) => map.values().for_each(|item| item.each_hole(visit)),
            _ => {}
        }
    }
}

/// When something happens in the life of an `OpsWorks` instance; a run without a stack is a [`Lifecycle::Setup`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lifecycle {
    /// After boot: what belongs into the image.
    Setup,
    /// When any instance comes or goes: run-time settings.
    Configure,
    /// When the app is deployed: the source stage and one-off jobs.
    Deploy,
    /// When the app is removed.
    Undeploy,
    /// Before the instance stops.
    Shutdown,
}

impl Lifecycle {
    /// All events, in the order in which an instance meets them.
    pub const ALL: [Self; 5] = [Self::Setup, Self::Configure, Self::Deploy, Self::Undeploy, Self::Shutdown];

    /// The event's name as `OpsWorks` spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Setup => "Setup",
            Self::Configure => "Configure",
            Self::Deploy => "Deploy",
            Self::Undeploy => "Undeploy",
            Self::Shutdown => "Shutdown",
        }
    }
}

/// One evaluated run list: one stack's layer at one event, or the one run of a repository without stacks.
#[derive(Debug, Clone)]
pub struct Run {
    /// The environment (stack) it belongs to; the index into [`Graph::environments`].
    pub environment: usize,
    /// The layer's short name, or the entry point's name where there is no layer.
    pub layer: String,
    /// The event.
    pub event: Lifecycle,
    /// The expanded run list: `cookbook::recipe`.
    pub run_list: Vec<String>,
    /// Everything that was declared, in the order of the converge: a custom resource, then what it declares inside.
    pub resources: Vec<Resource>,
    /// The files as they stand at the end of the run, by path.
    pub files: BTreeMap<String, FileState>,
    /// The error that ended the run early, if one did.
    pub error: Option<String>,
    /// The host's time zone, where the run sets one.
    pub time_zone: Option<String>,
}

/// One declared resource of a run.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The type as written in the recipe: `package`, `sidekiq_group`.
    pub kind: String,
    /// The name.
    pub name: Text,
    /// The declared actions, in order; `nothing` where it only waits for a notification.
    pub actions: Vec<String>,
    /// The actions that ran, notified ones included, in order.
    pub ran: Vec<String>,
    /// The properties that are set, in the order in which they were set.
    pub properties: IndexMap<String, Datum>,
    /// `only_if` and `not_if`, in order.
    pub guards: Vec<Guard>,
    /// What it notifies.
    pub notifies: Vec<Notification>,
    /// What it subscribes to.
    pub subscribes: Vec<Notification>,
    /// The unknown conditions under which it was declared: `if node['ec2']` with both ways run.
    pub conditions: Vec<Condition>,
    /// The cookbook that declares it.
    pub cookbook: String,
    /// The recipe (or resource file) that declares it.
    pub recipe: String,
    /// Where it is declared.
    pub declared_at: Option<Location>,
    /// The custom resource that declares it, as an index into [`Run::resources`].
    pub within: Option<usize>,
    /// What the converge made of it.
    pub status: Status,
    /// `sensitive true`.
    pub sensitive: bool,
    /// It only runs when notified, and something does notify it.
    pub notified: bool,
}

impl Resource {
    /// `type[name]`, holes shown by name.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}[{}]", self.kind, self.name)
    }

    /// The property `name`, when it is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Datum> {
        self.properties.get(name)
    }

    /// The property `name` as text, or the resource's name where that property takes it (`path`, `command`).
    #[must_use]
    pub fn text_or_name(&self, name: &str) -> Text {
        self.get(name).and_then(Datum::as_text).unwrap_or_else(|| self.name.clone())
    }

    /// The property `name` as text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Text> {
        self.get(name).and_then(Datum::as_text)
    }

    /// The property `name` as a known string.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<String> {
        self.text(name).and_then(|text| text.known().map(str::to_owned))
    }

    /// Whether `action` is declared or ran.
    #[must_use]
    pub fn does(&self, action: &str) -> bool {
        self.actions.iter().chain(&self.ran).any(|known| known == action)
    }
}

/// What the converge made of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It acts.
    Run,
    /// A guard, known when compiling, said no; with the guard's words.
    Skipped(String),
    /// A custom resource whose inner resources follow.
    Expanded,
    /// `action :nothing`, and nobody notifies it.
    Idle,
    /// Evaluating it failed; with the message.
    Failed(String),
    /// A type that nobody defines: kept with its properties.
    Unknown,
}

/// A guard of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Guard {
    /// `only_if` or `not_if`.
    pub kind: GuardKind,
    /// The shell command, where it is one.
    pub command: Option<Text>,
    /// The block's source, where it is a block.
    pub block: Option<String>,
    /// What it comes to, as far as known: the value of the expression, not yet negated.
    pub result: Option<bool>,
}

/// Which way a guard works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardKind {
    /// Runs when true.
    OnlyIf,
    /// Runs when false.
    NotIf,
}

/// `notifies :restart, 'service[nginx]', :delayed`, or the same seen from the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The action that is asked for.
    pub action: String,
    /// `type[name]` of the other resource.
    pub resource: String,
    /// `immediate`, `delayed` or `before`.
    pub timing: String,
}

/// A condition that could not be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Its source text.
    pub text: String,
    /// Whether this is the way in which it holds.
    pub holds: bool,
    /// Where it stands.
    pub at: Option<Location>,
    /// A loop over something unknown, run once.
    pub looped: bool,
}

/// A path at the end of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct FileState {
    /// What stands there.
    pub kind: FileKind,
    /// Owner, as Chef was told.
    pub owner: Option<String>,
    /// Group, as Chef was told.
    pub group: Option<String>,
    /// Mode as octal digits: `0644`.
    pub mode: Option<String>,
    /// The resource that wrote it last, as an index into [`Run::resources`].
    pub resource: usize,
    /// The template or cookbook file it is made from.
    pub source: Option<String>,
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq)]
pub enum FileKind {
    /// A file with known (or partly known) text.
    File(Text),
    /// A file with bytes that are no text, given as the path of the source file.
    Binary(String),
    /// A file fetched from a URL.
    Remote(Text),
    /// A directory.
    Directory,
    /// A symbolic link, with its target.
    Link(Text),
    /// Removed.
    Absent,
    /// A file whose content could not be made: why.
    Broken(String),
}

/// One environment: an `OpsWorks` stack, or the only one of a repository without stacks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Environment {
    /// Short name, legal as a folder: `production`.
    pub name: String,
    /// The stack's own name, where there is one.
    pub stack: Option<String>,
    /// `ubuntu`, `18.04`: what the runs were evaluated for.
    pub platform: (String, String),
    /// AWS region.
    pub region: Option<String>,
    /// AWS account.
    pub account: Option<String>,
    /// The role that the hosts had.
    pub role: Option<String>,
    /// The layers (groups of hosts).
    pub layers: Vec<site::Layer>,
    /// The apps that are deployed.
    pub apps: Vec<site::App>,
    /// The databases beside the hosts.
    pub databases: Vec<site::Database>,
}

/// Everything that was evaluated.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The environments, in the order given.
    pub environments: Vec<Environment>,
    /// The runs, in order of environment, layer, event.
    pub runs: Vec<Run>,
}

impl Graph {
    /// Every hole of variables, resources, guards and files, with the place of the resource (or variable) that it is in.
    pub fn each_hole(&self, visit: &mut dyn FnMut(&Rc<Hole>, Option<&Location>)) {
        for app in self.environments.iter().flat_map(|environment| &environment.apps) {
            for (_, value, place) in &app.variables {
                value.holes().for_each(|hole| visit(hole, place.as_ref().or(app.origin.as_ref())));
            }
        }
        for run in &self.runs {
            for resource in &run.resources {
                let mut here = |hole: &Rc<Hole>| visit(hole, resource.declared_at.as_ref());
                resource.name.holes().for_each(&mut here);
                resource.properties.values().for_each(|datum| datum.each_hole(&mut here));
                resource.guards.iter().filter_map(|guard| guard.command.as_ref()).flat_map(Text::holes).for_each(&mut here);
            }
            for state in run.files.values() {
                if let FileKind::File(text) | FileKind::Remote(text) | FileKind::Link(text) = &state.kind {
                    let place = run.resources.get(state.resource).and_then(|resource| resource.declared_at.as_ref());
                    text.holes().for_each(|hole| visit(hole, place));
                }
            }
        }
    }
}
