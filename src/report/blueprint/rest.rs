//! Environments, stores, routes, files, tasks and dispositions as they are shown.

use super::item::{Field, Item};
use crate::blueprint::{Artifact, Environment, Route, Store, Task};
use crate::outcome::{Disposition, Subject};

/// The item of an environment.
pub fn environment(environment: &Environment) -> Item {
    Item::new("environment", &environment.name)
        .maybe("stack", environment.stack.as_ref())
        .maybe("region", environment.region.as_ref())
        .maybe("account", environment.account.as_ref())
        .maybe("role", environment.role.as_ref())
}

/// The item of a store; `names` are those of the environments.
pub fn store(store: &Store, names: &[String]) -> Item {
    let mut item = Item::new("store", &store.name)
        .from(&store.origin)
        .text("engine", &store.engine)
        .text("image", &store.image)
        .with("port", Field::Number(i64::from(store.port)))
        .yes("external", store.external);
    if let Some(address) = &store.address {
        item = item.each("address", address, names, |one| Field::Text(one.clone()));
    }
    item.list("variables", &store.variables)
}

/// The item of a route.
pub fn route(route: &Route, names: &[String]) -> Item {
    Item::new("route", format!("{} {}", route.process, route.path))
        .from(&route.origin)
        .each("hosts", &route.hosts, names, |hosts| Field::List(hosts.clone()))
        .yes("tls", route.tls)
        .maybe("health", route.health.as_ref())
}

/// The item of a file.
pub fn file(file: &Artifact) -> Item {
    Item::new("file", &file.path).text("mode", format!("{:04o}", file.mode)).text("lines", file.content.lines().count().to_string())
}

/// The item of a task.
pub fn task(task: &Task) -> Item {
    Item::new("task", &task.what).from(&task.origin).text("why", &task.why)
}

/// The item of a disposition.
pub fn disposition(one: &Disposition) -> Item {
    let subject = match one.subject {
        Subject::Resource => "resource",
        Subject::Schedule => "schedule entry",
        Subject::Process => "process",
    };
    let mut item = Item::new("disposition", &one.name)
        .text("subject", subject)
        .text("fate", one.fate.name())
        .list("to", &one.to)
        .list("ends_in", &one.ends_in)
        .text("why", &one.why)
        .text("recipe", &one.recipe)
        .list("contexts", &one.contexts)
        .list("conditions", &one.conditions);
    item.origin.extend(one.location.as_ref().map(ToString::to_string));
    item
}
