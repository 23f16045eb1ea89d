//! A finished run as the graph's plain data.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::chef::datum;
use crate::chef::guard;
use crate::chef::resource::{self, NotificationSpec, ResourceData};
use crate::chef::run::Finished;
use crate::graph::{Datum, FileKind, Guard, GuardKind, Lifecycle, Notification, Resource, Run, Status};
use crate::name::Name;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::text::Text;

/// The run's resources, files and error as a [`Run`] of environment `environment`, layer and event.
pub fn collect(finished: &mut Finished, environment: usize, layer: &str, event: Lifecycle) -> Run {
    let state = std::rc::Rc::clone(&finished.client);
    let mut order: Vec<(usize, Option<usize>)> = Vec::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    add_context(finished, 0, None, &mut order, &mut places);
    // Resources that acted without being in any collection (built and run at once).
    for step in state.progress.steps.borrow().iter() {
        if !places.contains_key(&step.resource) && step.resource != usize::MAX {
            places.insert(step.resource, order.len());
            order.push((step.resource, None));
        }
    }
    let mut resources = Vec::new();
    for (number, within) in &order {
        let value = state.resource(*number);
        finished.interpreter.steps = 0;
        if let Some(found) = resource::data(&value) {
            resources.push(convert(&mut finished.interpreter, finished.client.as_ref(), &value, &found, *within));
        }
    }
    let mut files = state.files.borrow().clone();
    for file in files.values_mut() {
        if let (FileKind::File(text) | FileKind::Remote(text), true) = (&mut file.kind, state.settings.secrecy) {
            *text = crate::secrecy::mark_text_lines(text, "in a file");
        }
        file.resource = places.get(&file.resource).copied().unwrap_or(usize::MAX);
    }
    let time_zone = time_zone(&files, &resources);
    Run {
        environment,
        layer: layer.to_owned(),
        event,
        run_list: finished.run_list.clone(),
        resources,
        files,
        error: finished.error.as_ref().map(|(class, message, phase)| format!("{phase}: {class}: {message}")),
        time_zone,
    }
}

/// Adds the resources of a context in order, each custom resource followed by what its actions declared.
fn add_context(
    finished: &Finished,
    context: usize,
    within: Option<usize>,
    order: &mut Vec<(usize, Option<usize>)>,
    places: &mut BTreeMap<usize, usize>,
) {
    let state = &finished.client;
    let (resources, inner): (Vec<usize>, Vec<(usize, usize)>) = {
        let contexts = state.contexts.borrow();
        let resources = contexts.get(context).map(|here| here.resources.clone()).unwrap_or_default();
        let inner = contexts.iter().enumerate().filter_map(|(number, here)| here.owner.map(|owner| (owner, number))).collect();
        (resources, inner)
    };
    for number in resources {
        if places.contains_key(&number) || order.len() > 200_000 {
            continue;
        }
        let place = order.len();
        places.insert(number, place);
        order.push((number, within));
        for (owner, context) in &inner {
            if *owner == number {
                add_context(finished, *context, Some(place), order, places);
            }
        }
    }
}

fn convert(
    interpreter: &mut Interpreter,
    state: &crate::chef::client::Client,
    value: &Value,
    found: &ResourceData,
    within: Option<usize>,
) -> Resource {
    let number = found.number.get();
    let actions: Vec<String> = resource::base::actions_of(interpreter, value).iter().map(ToString::to_string).collect();
    let mut ran = Vec::new();
    let mut statuses = Vec::new();
    let mut notified = false;
    for step in state.progress.steps.borrow().iter().filter(|step| step.resource == number) {
        if !matches!(step.status, Status::Skipped(_)) {
            ran.push(step.action.to_string());
        }
        notified |= step.triggered.is_some();
        statuses.push(step.status.clone());
    }
    let sensitive = found.set.borrow().get(&Name::new("sensitive")).is_some_and(Value::truthy);
    let mut properties = IndexMap::new();
    let set: Vec<(Name, Value)> = found.set.borrow().iter().map(|(name, value)| (*name, value.clone())).collect();
    for (name, value) in set {
        let mut datum = datum::from_value(interpreter, &value);
        if state.settings.secrecy {
            datum = hidden(&name, datum, &format!("in {}", found.reference(interpreter)));
            if sensitive && SENSITIVE.contains(&name.as_str()) {
                datum = sealed(&name, datum);
            }
        }
        properties.insert(name.to_string(), datum);
    }
    let guards: Vec<_> = found.guards.borrow().clone();
    let guards = guards.into_iter().map(|guard| convert_guard(interpreter, &guard)).collect();
    let name = found.name.borrow().clone();
    let mut name = text(interpreter, &name);
    if state.settings.secrecy {
        name = crate::secrecy::mark_text_lines(&name, "in a resource's name");
    }
    let notifies = found.notifies.borrow().clone();
    let subscribes = found.subscribes.borrow().clone();
    Resource {
        kind: found.kind.to_string(),
        name,
        status: overall(found, &statuses),
        actions,
        ran,
        properties,
        guards,
        notifies: notifications(interpreter, &notifies),
        subscribes: notifications(interpreter, &subscribes),
        conditions: found.conditions.clone(),
        cookbook: found.cookbook.clone(),
        recipe: found.recipe.clone(),
        declared_at: Some(interpreter.location(found.declared.get())),
        within,
        sensitive,
        notified,
    }
}

/// Hides secrets in the text of commands, scripts, contents and addresses; in environments and other maps by their keys.
fn hidden(name: &str, datum: Datum, reason: &str) -> Datum {
    match datum {
        Datum::Text(text) => match text.known() {
            Some(known) if crate::secrecy::name_is_secret(name) => Datum::Text(crate::secrecy::mark(name, known, reason)),
            _ => Datum::Text(crate::secrecy::mark_text_lines(&text, reason)),
        },
        Datum::List(items) => Datum::List(items.into_iter().map(|item| hidden(name, item, reason)).collect()),
        Datum::Map(map) => Datum::Map(map.into_iter().map(|(key, value)| (key.clone(), hidden(&key, value, reason))).collect()),
        other => other,
    }
}

/// What a command does is secret where the cookbook says so; contents of files are judged where they are written.
const SENSITIVE: &[&str] = &["command", "code", "input", "password"];

/// All text inside as secrets.
fn sealed(name: &str, datum: Datum) -> Datum {
    match datum {
        // The whole is hidden, but not looked for elsewhere: it may be an ordinary command.
        Datum::Text(_) => Datum::Text(crate::secrecy::seal(name, crate::secrecy::FILTERED, "the resource is marked sensitive")),
        Datum::List(items) => Datum::List(items.into_iter().map(|item| sealed(name, item)).collect()),
        Datum::Map(map) => Datum::Map(map.into_iter().map(|(key, value)| (key.clone(), sealed(&key, value))).collect()),
        other => other,
    }
}

/// One status for all actions: what ran counts before what was skipped.
fn overall(found: &ResourceData, statuses: &[Status]) -> Status {
    if found.unknown.get() {
        return Status::Unknown;
    }
    let pick = |wanted: fn(&Status) -> bool| statuses.iter().find(|status| wanted(status)).cloned();
    pick(|status| matches!(status, Status::Failed(_)))
        .or_else(|| pick(|status| matches!(status, Status::Expanded)))
        .or_else(|| pick(|status| matches!(status, Status::Run)))
        .or_else(|| pick(|status| matches!(status, Status::Unknown)))
        .or_else(|| pick(|status| matches!(status, Status::Skipped(_))))
        .unwrap_or(Status::Idle)
}

fn text(interpreter: &mut Interpreter, value: &Value) -> Text {
    let shown = interpreter.display(value).unwrap_or_default();
    interpreter.to_text(&shown)
}

fn convert_guard(interpreter: &mut Interpreter, guard: &resource::GuardSpec) -> Guard {
    let kind = if guard.only_if { GuardKind::OnlyIf } else { GuardKind::NotIf };
    match &guard.block {
        Some(block) if guard.command.is_nil() => {
            Guard { kind, command: None, block: Some(guard::block_text(interpreter, block)), result: guard.result.get() }
        }
        _ => {
            let words = match &guard.command {
                Value::Array(array) => {
                    let items = array.items.borrow().clone();
                    let words: Vec<String> = items.iter().map(|item| interpreter.display(item).unwrap_or_default()).collect();
                    Value::str(words.join(" "))
                }
                other => other.clone(),
            };
            let command = crate::secrecy::mark_text_lines(&text(interpreter, &words), "in a guard");
            Guard { kind, command: Some(command), block: None, result: guard.result.get() }
        }
    }
}

fn notifications(interpreter: &mut Interpreter, list: &[NotificationSpec]) -> Vec<Notification> {
    list.iter()
        .map(|spec| {
            let resource = match resource::data(&spec.target) {
                Some(target) => target.reference(interpreter),
                None => text(interpreter, &spec.target).to_string(),
            };
            Notification { action: spec.action.to_string(), resource, timing: spec.timing.to_owned() }
        })
        .collect()
}

/// The zone of `/etc/localtime`, `/etc/timezone` or a `timezone` resource.
fn time_zone(files: &BTreeMap<String, crate::graph::FileState>, resources: &[Resource]) -> Option<String> {
    use crate::graph::FileKind;
    if let Some(FileKind::Link(to)) = files.get("/etc/localtime").map(|file| &file.kind) {
        if let Some(zone) = to.known().and_then(|to| to.split_once("/zoneinfo/").map(|(_, zone)| zone.to_owned())) {
            return Some(zone);
        }
    }
    if let Some(FileKind::File(text)) = files.get("/etc/timezone").map(|file| &file.kind) {
        if let Some(zone) = text.known().map(str::trim).filter(|zone| !zone.is_empty()) {
            return Some(zone.to_owned());
        }
    }
    resources
        .iter()
        .find(|resource| resource.kind == "timezone")
        .and_then(|resource| resource.text_or_name("timezone").known().map(str::to_owned))
}
