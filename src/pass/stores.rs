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
use crate::pass::{Input, Sink};
use crate::project::Project;

use gather::Draft;
use kind::{KINDS, Kind};

/// The stores that the projects, stacks and resources speak of; variables that name one get a value for Compose.
pub fn run(input: &Input<'_>, variables: &mut [Variable], sink: &mut Sink) -> Vec<Store> {
    let mut drafts = gather::Drafts::default();
    drafts.from_stacks(input);
    drafts.from_variables(input, variables);
    configuration::gather(input, &mut drafts);
    drafts.from_resources(input, sink);
    drafts.from_layers(input);
    drafts.from_libraries(input);
    setup::run(input, sink);
    drafts.list.sort_by_key(|draft| KINDS.iter().position(|kind| kind.engine == draft.kind.engine));
    let stores: Vec<Store> = drafts.list.into_iter().map(|draft| finish(draft, input)).collect();
    for store in &stores {
        for variable in variables.iter_mut().filter(|variable| !variable.secret && store.variables.contains(&variable.name)) {
            if let Some(local) = local::value(store, &variable.name, variable.value.base()) {
                variable.local = Some(local);
            }
        }
    }
    stores
}

fn finish(draft: Draft, input: &Input<'_>) -> Store {
    let addresses: Vec<Option<String>> = (0..input.environments()).map(|number| draft.addresses.get(&number).cloned()).collect();
    let elsewhere = addresses.iter().flatten().any(|value| !address::host(value).is_some_and(address::is_loopback));
    Store {
        name: draft.name,
        engine: draft.kind.engine.to_owned(),
        image: kind::image(draft.kind, &draft.engine, draft.version.as_deref()),
        port: draft.port.unwrap_or(draft.kind.port),
        external: draft.kind.is_service() || elsewhere,
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
