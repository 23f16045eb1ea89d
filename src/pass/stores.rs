//! Databases, caches, queues, buckets: outside in the real environments, containers of their own in Compose.
//!
//! In: what the stacks, resources, variables, rendered files and the projects' libraries say. Out: stores, each with its address and
//! the variables that lead to it; those variables get a value for Compose.

mod address;
mod configuration;
mod gather;
mod kind;
mod local;
mod setup;

use crate::blueprint::{PerEnvironment, Store, Variable};
use crate::pass::settings::Table;
use crate::pass::{Input, Sink};
use crate::project::Project;

use gather::Draft;
use kind::{KINDS, Kind};

/// The stores that the projects, stacks and resources speak of; variables that name one get a value for Compose.
pub fn run(input: &Input<'_>, table: &Table, variables: &mut [Variable], sink: &mut Sink) -> Vec<Store> {
    let mut drafts = gather::Drafts::default();
    drafts.add_stacks(input);
    drafts.add_variables(input, table, variables);
    configuration::gather(input, &mut drafts, sink);
    drafts.add_resources(input, sink);
    drafts.take_files(input, sink);
    drafts.add_layers(input);
    drafts.add_libraries(input);
    setup::run(input, sink);
    drafts.list.sort_by_key(|draft| KINDS.iter().position(|kind| kind.engine == draft.kind.engine));
    let main = drafts.list.iter().find(|draft| draft.kind.is_sql() && !draft.variables.is_empty()).map(|draft| draft.name.clone());
    let stores: Vec<Store> = drafts.list.into_iter().map(|draft| finish(draft, input, main.as_deref())).collect();
    for store in &stores {
        if let Some(main) = main.as_deref().filter(|_| store.image.is_empty()) {
            // A copy of the database is the database itself on a developer's machine.
            let copies = variables.iter_mut().filter(|variable| !variable.secret && store.variables.contains(&variable.name));
            for variable in copies.filter(|variable| variable.name.ends_with("HOST") && is_sql(store)) {
                variable.local = Some(main.to_owned());
            }
            continue;
        }
        for variable in variables.iter_mut().filter(|variable| !variable.secret && store.variables.contains(&variable.name)) {
            if let Some(local) = local::value(store, &variable.name, variable.value.base()) {
                variable.local = Some(local);
            }
        }
    }
    stores
}

fn is_sql(store: &Store) -> bool {
    matches!(store.engine.as_str(), "mysql" | "postgresql")
}

/// Words in the names and addresses of copies that are only read.
const COPIES: &[&str] = &["replica", "reporting", "readonly", "read-only", "reader", "slave", "follower", "-ro", "cluster-ro"];

fn finish(draft: Draft, input: &Input<'_>, main: Option<&str>) -> Store {
    // A developer needs no second server for a copy, nor one that nothing leads to.
    let other = draft.kind.is_sql() && main.is_some_and(|main| main != draft.name);
    let copy = |text: &str| COPIES.iter().any(|word| text.contains(word));
    let idle = other && (draft.variables.is_empty() || copy(&draft.name) || draft.addresses.values().any(|value| copy(value)));
    let addresses: Vec<Option<String>> = (0..input.environments()).map(|number| draft.addresses.get(&number).cloned()).collect();
    let elsewhere = addresses.iter().flatten().any(|value| !address::host(value).is_some_and(address::is_loopback));
    Store {
        name: draft.name,
        engine: draft.kind.engine.to_owned(),
        image: if idle { String::new() } else { kind::image(draft.kind, &draft.engine, draft.version.as_deref()) },
        port: draft.port.unwrap_or(draft.kind.port),
        external: draft.external || draft.kind.is_service() || elsewhere,
        address: addresses.iter().any(Option::is_some).then_some(PerEnvironment { values: addresses }),
        variables: draft.variables,
        origin: draft.origin,
    }
}

/// Whether a library of the project talks to an engine of that name.
#[must_use]
pub fn uses(project: &Project, engine: &str) -> bool {
    let has = |kind: &Kind| kind.engine == engine && kind.libraries.iter().any(|name| project.libraries.contains_key(*name));
    KINDS.iter().any(has)
}
