//! What Chef would do, as `ekiben graph` shows it: run by run, resource by resource.
//!
//! In: an [`Outcome`]'s graph. Out: [`View`], whose fields are the JSON form, and its text form ([`text`]):
//! `package[nginx] install  web/recipes/default.rb:3`. Secrets and unknowns are shown by name.

mod text;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::graph::{Datum, FileKind, FileState, Guard, GuardKind, Notification, Resource, Run, Status};
use crate::outcome::Outcome;
use crate::report::mask::Masker;
use crate::secrecy::mark_datum;
use crate::source::Location;

pub use text::text;

/// Properties that `sensitive true` hides.
const SENSITIVE: &[&str] =
    &["content", "command", "code", "variables", "environment", "environment_variables", "password", "value", "values", "data"];

/// The whole graph.
#[derive(Debug, Serialize)]
pub struct View {
    /// The environments.
    pub environments: Vec<EnvironmentView>,
    /// The runs, in order of environment, layer, event.
    pub runs: Vec<RunView>,
}

/// One environment.
#[derive(Debug, Serialize)]
pub struct EnvironmentView {
    /// `production`
    pub name: String,
    /// The stack's own name.
    pub stack: Option<String>,
    /// `ubuntu`
    pub platform: String,
    /// `18.04`
    pub platform_version: String,
}

/// One evaluated run list.
#[derive(Debug, Serialize)]
pub struct RunView {
    /// The environment's name.
    pub environment: String,
    /// The layer's short name.
    pub layer: String,
    /// `Setup`
    pub event: &'static str,
    /// The expanded run list.
    pub run_list: Vec<String>,
    /// What ended the run early.
    pub error: Option<String>,
    /// The resources, in the order of the converge.
    pub resources: Vec<ResourceView>,
    /// The files as they stand at the end.
    pub files: Vec<FileView>,
}

/// One resource.
#[derive(Debug, Serialize)]
pub struct ResourceView {
    /// `package`
    #[serde(rename = "type")]
    pub kind: String,
    /// `nginx`
    pub name: String,
    /// The actions, in order.
    pub actions: Vec<String>,
    /// The properties that are set.
    pub properties: Map<String, Value>,
    /// The guards.
    pub guards: Vec<GuardView>,
    /// What it notifies.
    pub notifies: Vec<NotificationView>,
    /// What it subscribes to.
    pub subscribes: Vec<NotificationView>,
    /// Conditions that could not be decided.
    pub conditions: Vec<ConditionView>,
    /// The cookbook that declares it.
    pub cookbook: String,
    /// The recipe that declares it.
    pub recipe: String,
    /// Where it is declared.
    pub location: Option<Location>,
    /// The custom resource that declares it: an index into the run's resources.
    pub within: Option<usize>,
    /// `run`, `skipped`, `expanded`, `idle`, `failed`, `unknown`
    pub status: &'static str,
    /// Why, for `skipped` and `failed`.
    pub reason: Option<String>,
    /// `sensitive true`
    pub sensitive: bool,
    /// It only runs when notified, and is.
    pub notified: bool,
}

/// One guard.
#[derive(Debug, Serialize)]
pub struct GuardView {
    /// `only_if` or `not_if`.
    pub kind: GuardKind,
    /// The shell command or the block's source.
    pub test: String,
    /// What it comes to, as far as known.
    pub result: Option<bool>,
}

/// One notification.
#[derive(Debug, Serialize)]
pub struct NotificationView {
    /// `restart`
    pub action: String,
    /// `service[nginx]`
    pub resource: String,
    /// `delayed`
    pub timing: String,
}

/// One undecided condition.
#[derive(Debug, Serialize)]
pub struct ConditionView {
    /// Its source.
    pub text: String,
    /// Whether this is the way in which it holds.
    pub holds: bool,
    /// A loop over something unknown.
    pub looped: bool,
}

/// A path at the end of a run.
#[derive(Debug, Serialize)]
pub struct FileView {
    /// Where.
    pub path: String,
    /// `file`, `binary`, `remote`, `directory`, `link`, `absent`, `broken`
    pub kind: &'static str,
    /// The link's target, the URL, or why it is broken.
    pub detail: Option<String>,
    /// Owner.
    pub owner: Option<String>,
    /// Group.
    pub group: Option<String>,
    /// Octal digits.
    pub mode: Option<String>,
    /// The template or file it is made from.
    pub source: Option<String>,
    /// The resource that wrote it last: an index into the run's resources.
    pub resource: usize,
}

impl View {
    /// The view of what `outcome` evaluated.
    #[must_use]
    pub fn of(outcome: &Outcome, masker: &Masker) -> Self {
        let graph = &outcome.graph;
        let environment = |index: usize| graph.environments.get(index).map(|one| one.name.clone()).unwrap_or_default();
        Self {
            environments: graph
                .environments
                .iter()
                .map(|one| EnvironmentView {
                    name: one.name.clone(),
                    stack: one.stack.clone(),
                    platform: one.platform.0.clone(),
                    platform_version: one.platform.1.clone(),
                })
                .collect(),
            runs: graph.runs.iter().map(|run| run_view(run, environment(run.environment), masker)).collect(),
        }
    }

    /// The JSON text, with a newline at its end.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

fn run_view(run: &Run, environment: String, masker: &Masker) -> RunView {
    RunView {
        environment,
        layer: run.layer.clone(),
        event: run.event.name(),
        run_list: run.run_list.clone(),
        error: run.error.as_ref().map(|error| masker.message(error)),
        resources: run.resources.iter().map(|resource| resource_view(resource, masker)).collect(),
        files: run.files.iter().map(|(path, state)| file_view(path, state, masker)).collect(),
    }
}

fn resource_view(resource: &Resource, masker: &Masker) -> ResourceView {
    let (status, reason) = match &resource.status {
        Status::Run => ("run", None),
        Status::Skipped(why) => ("skipped", Some(why)),
        Status::Expanded => ("expanded", None),
        Status::Idle => ("idle", None),
        Status::Failed(why) => ("failed", Some(why)),
        Status::Unknown => ("unknown", None),
    };
    let property = |(name, datum): (&String, &Datum)| {
        let hidden = resource.sensitive && SENSITIVE.contains(&name.as_str());
        let value = if hidden { Value::from("‹sensitive›") } else { value(&mark_datum(name, datum, ""), masker) };
        (name.clone(), value)
    };
    ResourceView {
        kind: resource.kind.clone(),
        name: masker.words(&resource.name.to_string()),
        actions: resource.actions.clone(),
        properties: resource.properties.iter().map(property).collect(),
        guards: resource.guards.iter().map(|guard| guard_view(guard, masker)).collect(),
        notifies: resource.notifies.iter().map(notification_view).collect(),
        subscribes: resource.subscribes.iter().map(notification_view).collect(),
        conditions: resource
            .conditions
            .iter()
            .map(|one| ConditionView { text: masker.message(&one.text), holds: one.holds, looped: one.looped })
            .collect(),
        cookbook: resource.cookbook.clone(),
        recipe: resource.recipe.clone(),
        location: resource.declared_at.clone(),
        within: resource.within,
        status,
        reason: reason.map(|reason| masker.message(reason)),
        sensitive: resource.sensitive,
        notified: resource.notified,
    }
}

fn guard_view(guard: &Guard, masker: &Masker) -> GuardView {
    let test = guard.command.as_ref().map(ToString::to_string).or_else(|| guard.block.clone()).unwrap_or_default();
    GuardView { kind: guard.kind, test: masker.message(&test), result: guard.result }
}

fn notification_view(one: &Notification) -> NotificationView {
    NotificationView { action: one.action.clone(), resource: one.resource.clone(), timing: one.timing.clone() }
}

fn file_view(path: &str, state: &FileState, masker: &Masker) -> FileView {
    let (kind, detail) = match &state.kind {
        FileKind::File(_) => ("file", None),
        FileKind::Binary(_) => ("binary", None),
        FileKind::Remote(url) => ("remote", Some(url.to_string())),
        FileKind::Directory => ("directory", None),
        FileKind::Link(target) => ("link", Some(target.to_string())),
        FileKind::Absent => ("absent", None),
        FileKind::Broken(why) => ("broken", Some(why.clone())),
    };
    FileView {
        path: path.to_owned(),
        kind,
        detail: detail.map(|detail| masker.message(&detail)),
        owner: state.owner.clone(),
        group: state.group.clone(),
        mode: state.mode.clone(),
        source: state.source.clone(),
        resource: state.resource,
    }
}

/// A property's value as JSON; what is unknown as a whole is an object with its name and reason.
fn value(datum: &Datum, masker: &Masker) -> Value {
    match datum {
        Datum::Nil => Value::Null,
        Datum::Bool(flag) => Value::from(*flag),
        Datum::Integer(number) => Value::from(*number),
        Datum::Float(number) => Value::from(*number),
        Datum::Text(text) => Value::from(masker.words(&text.to_string())),
        Datum::List(items) => items.iter().map(|item| value(item, masker)).collect(),
        Datum::Map(map) => Value::Object(map.iter().map(|(key, item)| (key.clone(), value(item, masker))).collect()),
        Datum::Block(Some(at)) => Value::from(format!("‹block at {at}›")),
        Datum::Block(None) => Value::from("‹block›"),
        Datum::Class(name) => Value::from(name.as_str()),
        Datum::Object(class) => Value::from(format!("‹{class}›")),
        Datum::Unknown(hole) => {
            let mut map = Map::new();
            map.insert("unknown".to_owned(), Value::from(hole.name.as_str()));
            map.insert("reason".to_owned(), Value::from(hole.reason.as_str()));
            Value::Object(map)
        }
    }
}
