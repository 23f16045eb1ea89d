//! Which images there are: one for each app, shared by the layers that deploy it, and one for the layers without an app that have the
//! same packages.
//!
//! In: the graph, the apps' folders on the hosts, the projects. Out: [`Unit`]s, each with the runs that it is made of. Every run belongs to
//! at least one; a layer that deploys two apps to two.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::item::Items;
use crate::graph::{Datum, FileKind, Graph, Lifecycle, Resource, Run};
use crate::pass::input::AppRoot;
use crate::pass::label::label;
use crate::project::{Language, Project};

/// The input of one image.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// The app's or layer's name, a DNS label.
    pub name: String,
    /// The deployed project: an index into the projects.
    pub project: Option<usize>,
    /// The app's folders on the hosts.
    pub own: Vec<String>,
    /// The project's folder in the build context: empty where there is one project.
    pub folder: String,
    /// The stacks' apps that it is made for.
    pub apps: Vec<String>,
    /// Other apps' folders on the same hosts.
    pub foreign: Vec<String>,
    /// The numbers of the runs.
    pub view: BTreeSet<usize>,
    /// Those among them whose processes and schedule entries belong here when they name no app.
    pub first: BTreeSet<usize>,
    /// The numbers of the items that belong to other apps alone.
    pub hidden: BTreeSet<usize>,
    /// It has an app (or is all there is), and is no layer beside one.
    pub is_app: bool,
}

/// An app while it is looked for.
struct App {
    name: String,
    kind: Option<String>,
    roots: Vec<String>,
    project: Option<usize>,
}

/// Divides the input. With one app at the most and one kind of host there is one unit, called `name`.
#[must_use]
pub fn divide(graph: &Graph, items: &Items, projects: &[Project], roots: &[AppRoot], name: &str) -> Vec<Unit> {
    let apps = apps(graph, projects, roots);
    let mut units: Vec<Unit> = Vec::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let layers = layers(graph);
    for (index, app) in apps.iter().enumerate() {
        let mut view = BTreeSet::new();
        for (layer, runs) in &layers {
            if deploys(graph, layer, runs, app, apps.len()) {
                view.extend(runs.iter().copied());
            }
        }
        let foreign =
            apps.iter().enumerate().filter(|(other, _)| *other != index).flat_map(|(_, other)| other.roots.iter().cloned()).collect();
        let first = view.difference(&taken).copied().collect();
        taken.extend(view.iter().copied());
        let title = if apps.len() == 1 { name.to_owned() } else { label(&app.name) };
        units.push(Unit {
            name: title,
            project: app.project,
            apps: vec![app.name.clone()],
            own: app.roots.clone(),
            foreign,
            view,
            first,
            is_app: true,
            ..Unit::default()
        });
    }
    units.extend(rest(graph, &layers, &taken));
    // A project that no layer deploys, and what deploys nothing, belong together when there is nothing else.
    let idle: Vec<usize> = (0..units.len()).filter(|index| units[*index].view.is_empty()).collect();
    if let [only] = idle.as_slice() {
        if apps.len() == 1 {
            let all: BTreeSet<usize> = (0..graph.runs.len()).collect();
            units[*only].view.clone_from(&all);
            units[*only].first = all;
            units.truncate(*only + 1);
        }
    }
    units.retain(|unit| !unit.view.is_empty() || unit.project.is_some());
    if let [only] = units.as_mut_slice() {
        name.clone_into(&mut only.name);
        only.is_app = true;
        only.apps = graph.environments.iter().flat_map(|environment| environment.apps.iter().map(|app| app.name.clone())).collect();
    }
    for unit in units.iter_mut().filter(|_| projects.len() > 1) {
        unit.folder = unit.project.and_then(|number| projects.get(number)).map(|project| project.folder.clone()).unwrap_or_default();
    }
    unique(&mut units);
    hide(graph, items, &mut units);
    units
}

/// Apps by the folders they lie in, by the projects given, by the stacks.
fn apps(graph: &Graph, projects: &[Project], roots: &[AppRoot]) -> Vec<App> {
    let mut apps: Vec<App> = Vec::new();
    for root in roots {
        match apps.iter_mut().find(|app| app.name == root.app) {
            Some(app) => app.roots.push(root.host.clone()),
            None => apps.push(App { name: root.app.clone(), kind: None, roots: vec![root.host.clone()], project: None }),
        }
    }
    for environment in &graph.environments {
        for app in &environment.apps {
            match apps.iter_mut().find(|known| known.name == app.name) {
                Some(known) => known.kind = Some(app.kind.clone()),
                // A stack's app that nothing deploys and no project stands for is an entry in a list.
                None if projects.iter().any(|project| label(&project.name) == label(&app.name)) => {
                    apps.push(App { name: app.name.clone(), kind: Some(app.kind.clone()), roots: Vec::new(), project: None });
                }
                None => {}
            }
        }
    }
    apps.sort_by(|one, other| one.name.cmp(&other.name));
    for (number, project) in projects.iter().enumerate() {
        let named = apps.iter().position(|app| label(&app.name) == label(&project.name));
        let alone = (projects.len() == 1 && apps.len() == 1).then_some(0);
        match named.or(alone) {
            Some(index) => apps[index].project = Some(number),
            // One project is that of every app whose folder says nothing else.
            None if projects.len() == 1 && !apps.is_empty() => {
                let likely = apps.iter().position(|app| fits(app.kind.as_deref(), project)).unwrap_or(0);
                apps[likely].project = Some(number);
            }
            None => apps.push(App { name: project.name.clone(), kind: None, roots: Vec::new(), project: Some(number) }),
        }
    }
    // With a project at hand, folders that hold no app of their own (a checkout of a tool) are no apps.
    if apps.iter().any(|app| app.project.is_some()) {
        let known: BTreeSet<&str> =
            graph.environments.iter().flat_map(|environment| environment.apps.iter().map(|app| app.name.as_str())).collect();
        apps.retain(|app| app.project.is_some() || known.contains(app.name.as_str()));
    }
    apps
}

/// Whether a stack's app of that kind can be the project.
fn fits(kind: Option<&str>, project: &Project) -> bool {
    match kind {
        Some("rails") => project.language == Language::Ruby,
        Some("nodejs") => project.language == Language::Node,
        Some("php") => project.language == Language::Php,
        _ => true,
    }
}

/// The runs of every layer of every environment, in the order of the runs.
fn layers(graph: &Graph) -> Vec<(String, Vec<usize>)> {
    let mut layers: Vec<(String, Vec<usize>)> = Vec::new();
    for (number, run) in graph.runs.iter().enumerate() {
        match layers.iter_mut().find(|(name, _)| *name == run.layer) {
            Some((_, runs)) => runs.push(number),
            None => layers.push((run.layer.clone(), vec![number])),
        }
    }
    layers
}

/// Whether a layer deploys the app: some resource or file of its runs names the app's folder.
fn deploys(graph: &Graph, layer: &str, runs: &[usize], app: &App, apps: usize) -> bool {
    let runs = || runs.iter().filter_map(|number| graph.runs.get(*number));
    if app.roots.is_empty() {
        // Nothing says where it lies: a layer of the app's own name, or every layer when there is only this app.
        return apps == 1 || label(layer).contains(&label(&app.name)) || layer_is_of_kind(layer, app.kind.as_deref());
    }
    runs().any(|run| run.event != Lifecycle::Undeploy && mentions_any(run, &app.roots))
}

/// The built-in layer types of Chef 11 deploy the apps of one type each.
fn layer_is_of_kind(layer: &str, kind: Option<&str>) -> bool {
    matches!(
        (layer, kind),
        ("rails-app", Some("rails"))
            | ("php-app", Some("php"))
            | ("nodejs-app", Some("nodejs"))
            | ("java-app", Some("java"))
            | ("web", Some("static"))
    )
}

fn mentions_any(run: &Run, roots: &[String]) -> bool {
    run.files
        .iter()
        .any(|(path, state)| names_root(path, roots) || matches!(&state.kind, FileKind::File(text) if names_root(&text.to_string(), roots)))
        || run.resources.iter().any(|resource| resource_names(resource, roots))
}

/// Whether any of the texts that say what a resource is about names one of the folders.
fn resource_names(resource: &Resource, roots: &[String]) -> bool {
    fn any(datum: &Datum, roots: &[String]) -> bool {
        match datum {
            Datum::Text(text) => names_root(&text.to_string(), roots),
            Datum::List(items) => items.iter().any(|item| any(item, roots)),
            Datum::Map(map) => map.values().any(|item| any(item, roots)),
            _ => false,
        }
    }
    names_root(&resource.name.to_string(), roots) || resource.properties.values().any(|value| any(value, roots))
}

/// Whether `text` names one of the folders, as a whole path component.
#[must_use]
pub fn names_root(text: &str, roots: &[String]) -> bool {
    roots.iter().any(|root| {
        text.match_indices(root.as_str()).any(|(at, _)| {
            let after = &text[at + root.len()..];
            !after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
        })
    })
}

/// A layer without an app, and those it shares an image with.
#[derive(Default)]
struct Group {
    /// Of each layer: its environments, its packages.
    members: Vec<(BTreeSet<usize>, BTreeMap<String, String>)>,
    unit: Unit,
}

/// The layers without an app: one unit for those with the same packages. Layers of different environments belong together when the
/// packages of one are among the other's: a small environment has fewer hosts that do more.
fn rest(graph: &Graph, layers: &[(String, Vec<usize>)], taken: &BTreeSet<usize>) -> Vec<Unit> {
    let mut groups: Vec<Group> = Vec::new();
    for (layer, runs) in layers {
        let open: BTreeSet<usize> = runs.iter().copied().filter(|run| !taken.contains(run)).collect();
        if open.is_empty() {
            continue;
        }
        let packages = packages(graph, &open);
        let environments: BTreeSet<usize> = open.iter().filter_map(|run| graph.runs.get(*run)).map(|run| run.environment).collect();
        let among = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
            one.iter().all(|(name, version)| other.get(name) == Some(version))
        };
        let alike = |(places, known): &(BTreeSet<usize>, BTreeMap<String, String>)| {
            *known == packages || places.is_disjoint(&environments) && (among(&packages, known) || among(known, &packages))
        };
        let index = match groups.iter().position(|group| group.members.iter().any(alike)) {
            Some(index) => index,
            None => {
                groups.push(Group { unit: Unit { name: label(layer), ..Unit::default() }, ..Group::default() });
                groups.len() - 1
            }
        };
        groups[index].members.push((environments, packages));
        groups[index].unit.view.extend(open.iter().copied());
        groups[index].unit.first.extend(open);
    }
    groups.into_iter().map(|group| group.unit).collect()
}

/// The packages of some runs with their versions, and the platform.
fn packages(graph: &Graph, runs: &BTreeSet<usize>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for run in runs.iter().filter_map(|number| graph.runs.get(*number)) {
        for resource in run.resources.iter().filter(|resource| resource.kind.ends_with("package")) {
            found.insert(resource.reference(), resource.text("version").map(|text| text.to_string()).unwrap_or_default());
        }
    }
    found
}

/// The items that belong to other apps alone.
fn hide(graph: &Graph, items: &Items, units: &mut [Unit]) {
    if units.iter().all(|unit| unit.foreign.is_empty()) {
        return;
    }
    for number in 0..items.list.len() {
        let Some(resource) = items.first(graph, number) else { continue };
        for unit in units.iter_mut().filter(|unit| !unit.foreign.is_empty()) {
            if resource_names(resource, &unit.foreign) && !resource_names(resource, &unit.own) {
                unit.hidden.insert(number);
            }
        }
    }
}

/// Names that occur twice get a number.
fn unique(units: &mut [Unit]) {
    for index in 1..units.len() {
        let wanted = units[index].name.clone();
        let mut number = 2;
        while units[..index].iter().any(|known| known.name == units[index].name) {
            units[index].name = format!("{wanted}-{number}");
            number += 1;
        }
    }
}

impl Unit {
    /// Whether a command (with its directory) of run `run` belongs to this image: it names the app's folder, or no app's and this is
    /// the run's first image.
    #[must_use]
    pub fn owns(&self, run: usize, text: &str) -> bool {
        if names_root(text, &self.own) {
            return true;
        }
        !names_root(text, &self.foreign) && self.first.contains(&run)
    }
}

#[cfg(test)]
mod tests {
    use super::names_root;

    #[test]
    fn a_folder_is_named_as_a_whole() {
        let roots = vec!["/srv/www/shop".to_owned()];
        assert!(names_root("cd /srv/www/shop/current && x", &roots));
        assert!(names_root("/srv/www/shop", &roots));
        assert!(!names_root("/srv/www/shop-admin/current", &roots));
        assert!(!names_root("/srv/www/shopping", &roots));
    }
}
