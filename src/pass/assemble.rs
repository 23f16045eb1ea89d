//! The passes for every image, and what they made put together.
//!
//! In: the graph, the projects. Out: the blueprint with a disposition for everything. [`unit`] says which images there are.

use std::collections::BTreeSet;

use crate::blueprint::{Blueprint, Environment};
use crate::graph::Graph;
use crate::graph::item::Items;
use crate::outcome::Share;
use crate::pass::label::label;
use crate::pass::{Input, Made, Sink, app_root, ends, exposed, host, merge, part, settings, unit};
use crate::project::Project;
use crate::source::SourceMap;

/// Runs every pass over the graph.
#[must_use]
pub fn run(graph: &Graph, items: &Items, projects: &[Project], sources: &SourceMap, name: &str) -> Made {
    let roots = app_root::find(graph, projects);
    let whole = Input { graph, items, projects, sources, roots, view: None };
    let mut sink = Sink::default();
    let mut made = Made::default();
    let mut blueprint = Blueprint { name: project_name(&whole, name), environments: environments(graph), ..Blueprint::default() };
    blueprint.exposed = exposed::find(graph, sources);
    if graph.runs.is_empty() {
        made.blueprint = blueprint;
        return made;
    }
    let units = unit::divide(graph, items, projects, &whole.roots, &blueprint.name);
    for unit in &units {
        sink.begin(&unit.name);
        let from = sink.others.len();
        let own = unit.project.and_then(|number| projects.get(number)).map_or(&[] as &[Project], std::slice::from_ref);
        let input = Input { graph, items, projects: own, sources, roots: whole.roots.clone(), view: Some(unit) };
        let part = part::run(&input, unit, &mut sink);
        made.notes.extend(part.notes);
        let before = blueprint.images.len();
        merge::add(&mut blueprint, part.blueprint, &unit.name, &mut sink.others[from..]);
        let images = blueprint.images.iter().skip(before).map(|image| image.name.clone()).collect();
        made.shares.push(Share { images, runs: unit.view.clone(), hidden: unit.hidden.clone() });
    }
    let dropped = merge::settle(&mut blueprint);
    if !dropped.is_empty() {
        made.notes.push(format!("nothing that was found runs on {}: no image is made for it", dropped.join(", ")));
        sink.forget(&dropped);
    }
    settings::readers::settle(&whole, &mut blueprint, &mut sink);
    // What belongs to no image, and what no pass took.
    sink.close();
    host::run(&whole, &mut sink);
    host::rest(&whole, &mut sink);
    host::claim_defaults(&whole, &mut sink);
    made.notes.dedup();
    made.dispositions = sink.dispositions(&whole);
    made.diagnostics = std::mem::take(&mut sink.diagnostics);
    if let [first, ..] = blueprint.exposed.as_slice() {
        let (count, origin) = (blueprint.exposed.len(), first.origin.iter().take(1).cloned().collect());
        let what =
            if count == 1 { "Make the secret anew that stands".to_owned() } else { format!("Make the {count} secrets anew that stand") };
        sink.task(
            format!("{what} in clear text"),
            "whoever has the repository or its history knows them; `secrets.md` names each with its places",
            origin,
        );
    }
    blueprint.tasks = std::mem::take(&mut sink.tasks);
    ends::link(&whole, &blueprint, &sink, &mut made.dispositions);
    made.folders = whole.roots.iter().map(|root| (root.host.clone(), root.image.clone())).collect();
    made.blueprint = blueprint;
    made
}

/// The project's name: the one app's, the project folder's, or the input's.
fn project_name(input: &Input<'_>, name: &str) -> String {
    let apps: BTreeSet<&str> =
        input.graph.environments.iter().flat_map(|environment| environment.apps.iter().map(|app| app.name.as_str())).collect();
    let text = match (apps.len(), input.projects) {
        (1, _) => apps.into_iter().next().unwrap_or(name).to_owned(),
        (_, [project]) if !matches!(project.name.as_str(), "app" | "src" | "web") => project.name.clone(),
        _ => name.to_owned(),
    };
    label(&text)
}

fn environments(graph: &Graph) -> Vec<Environment> {
    graph
        .environments
        .iter()
        .map(|environment| Environment {
            name: label(&environment.name),
            stack: environment.stack.clone(),
            region: environment.region.clone(),
            account: environment.account.clone(),
            role: environment.role.clone(),
        })
        .collect()
}
