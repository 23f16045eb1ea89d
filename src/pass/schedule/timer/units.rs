//! The units that are there at the end: files below systemd's folders and `systemd_unit` resources, the last of a name per layer.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{FileKind, Resource, Status};
use crate::pass::Input;
use crate::pass::process::unit_text;
use crate::pass::schedule::entry::{Act, alive, settle};

/// A unit of a layer.
#[derive(Debug, Clone)]
pub struct Unit {
    /// `backup.timer`
    pub name: String,
    /// Its text, holes by name.
    pub text: String,
    /// The run that left it.
    pub run: usize,
    /// The item that made it.
    pub item: usize,
    place: (usize, String),
}

/// All units.
#[derive(Debug)]
pub struct Units {
    /// What is there at the end.
    pub list: Vec<Unit>,
    /// What was made and removed again, with the item that did.
    pub gone: Vec<(Unit, usize)>,
    /// Items that remove timers and their services.
    pub removers: BTreeMap<usize, bool>,
    /// Units that something enables or starts.
    pub enabled: BTreeSet<String>,
    /// Items that link a unit into systemd's folder.
    pub links: BTreeSet<usize>,
}

/// Where systemd looks for units.
const FOLDERS: &[&str] = &["/etc/systemd/system/", "/lib/systemd/system/", "/usr/lib/systemd/system/", "/usr/local/lib/systemd/system/"];

impl Units {
    /// The service of that name on the timer's layer; `x@.service` for `x@a.service`.
    pub fn service(&self, timer: &Unit, name: &str) -> Option<&Unit> {
        let template = name.split_once('@').map(|(stem, _)| format!("{stem}@.service"));
        let of = |wanted: &str| self.list.iter().find(|unit| unit.place == timer.place && unit.name == wanted);
        of(name).or_else(|| of(&template?))
    }

    /// Whether something enables or starts the unit.
    pub fn is_started(&self, name: &str) -> bool {
        self.enabled.contains(name)
    }
}

/// What the runs leave.
pub fn gather(input: &Input<'_>) -> Units {
    let mut acts: Vec<Act<Unit>> = Vec::new();
    let (mut enabled, mut links) = (BTreeSet::new(), BTreeSet::new());
    for (run_number, run) in input.runs().filter(|(_, run)| alive(run.event)) {
        for (index, resource) in run.resources.iter().enumerate() {
            note_started(resource, &mut enabled);
            if resource.kind != "systemd_unit" || !matches!(resource.status, Status::Run | Status::Unknown) {
                continue;
            }
            let Some(item) = input.items.number(run_number, index) else { continue };
            let name = resource.text_or_name("unit_name").to_string();
            if !is_unit(&name) {
                continue;
            }
            let place = (run.environment, run.layer.clone());
            let makes = unit_text(resource.get("content")).map(|text| Unit {
                name: name.clone(),
                text,
                run: run_number,
                item,
                place: place.clone(),
            });
            let act = |makes| Act { place: place.clone(), order: (run.event, run_number, index), key: name.clone(), item, makes };
            let actions = || resource.actions.iter().chain(&resource.ran);
            if actions().any(|action| action == "delete") {
                acts.push(act(None));
            } else if makes.is_some() && actions().any(|action| action == "create") {
                acts.push(act(makes));
            }
        }
    }
    for file in input.files() {
        let Some(run) = input.graph.runs.get(file.run).filter(|run| alive(run.event)) else { continue };
        let name = file.path.rsplit('/').next().unwrap_or(file.path);
        let folder = file.path.strip_suffix(name).unwrap_or_default();
        if folder.ends_with(".wants/") && matches!(file.state.kind, FileKind::Link(_)) {
            enabled.insert(name.to_owned());
        }
        if !FOLDERS.contains(&folder) || !is_unit(name) {
            continue;
        }
        let place = (run.environment, run.layer.clone());
        let unit = |text: String, item: usize| Unit { name: name.to_owned(), text, run: file.run, item, place: place.clone() };
        let makes = match &file.state.kind {
            FileKind::File(text) => Some(unit(text.to_string(), file.item)),
            FileKind::Absent => None,
            // `ln -s /etc/x/a.timer /etc/systemd/system/a.timer`
            FileKind::Link(to) => {
                let Some(there) = run.files.get(&to.to_string()) else { continue };
                let FileKind::File(text) = &there.kind else { continue };
                let Some(item) = input.items.number(file.run, there.resource) else { continue };
                links.insert(file.item);
                Some(unit(text.to_string(), item))
            }
            _ => continue,
        };
        let item = makes.as_ref().map_or(file.item, |unit| unit.item);
        acts.push(Act { place, order: (run.event, file.run, file.state.resource), key: name.to_owned(), item, makes });
    }
    let settled = settle(acts);
    let mut list: Vec<Unit> = settled.kept.into_iter().filter_map(|act| act.makes).collect();
    list.sort_by_key(|unit| (unit.item, unit.run));
    let gone = settled.gone.into_iter().filter_map(|(act, by)| Some((act.makes?, by))).collect();
    // Units of other kinds are processes, and others' to claim.
    let timed = |item: &usize| input.items.list.get(*item).is_some_and(|item| item.reference.contains(".timer"));
    let removers = settled.removers.into_iter().filter(|(item, _)| timed(item)).collect();
    Units { list, gone, removers, enabled, links }
}

fn is_unit(name: &str) -> bool {
    name.ends_with(".timer") || name.ends_with(".service")
}

/// Notes the units that a resource enables or starts.
fn note_started(resource: &Resource, enabled: &mut BTreeSet<String>) {
    let starts = || resource.actions.iter().chain(&resource.ran).any(|action| matches!(action.as_str(), "enable" | "start" | "restart"));
    match resource.kind.as_str() {
        "service" | "systemd_unit" if starts() => {
            let property = if resource.kind == "service" { "service_name" } else { "unit_name" };
            let name = resource.text_or_name(property).to_string();
            enabled.insert(if name.contains('.') { name } else { format!("{name}.service") });
        }
        "execute" | "bash" | "script" => {
            let line =
                if resource.kind == "execute" { resource.text_or_name("command") } else { resource.text("code").unwrap_or_default() };
            let line = line.to_string();
            if line.contains("systemctl") {
                enabled.extend(line.split(|c: char| c.is_whitespace() || c == ';').filter(|word| is_unit(word)).map(str::to_owned));
            }
        }
        _ => {}
    }
}
