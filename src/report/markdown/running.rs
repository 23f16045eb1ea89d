//! What runs: processes, schedules, jobs, stores, and the hosts that reach them.

use super::document::{Document, code, text};
use super::{origins, per_environment};
use crate::blueprint::{Blueprint, Process, Role, Route, Schedule, Store};

/// Writes the sections that are not empty.
pub fn write(document: &mut Document<'_>, blueprint: &Blueprint) {
    if !blueprint.processes.is_empty() {
        document.heading(2, "Processes");
        let head = ["name", "kind", "command", "replicas", "stops within", "from", "notes"];
        document.table(&head, blueprint.processes.iter().map(|one| process(blueprint, one)).collect());
    }
    if !blueprint.schedules.is_empty() {
        document.heading(2, "Schedules");
        let head = ["name", "as written", "now", "time zone", "command then", "command now", "from", "notes"];
        document.table(&head, blueprint.schedules.iter().map(|one| schedule(blueprint, one)).collect());
    }
    if !blueprint.jobs.is_empty() {
        document.heading(2, "Once per release");
        let row =
            |job: &crate::blueprint::Job| vec![code(&job.name), code(&job.command.join(" ")), origins(&job.origin), notes(&job.notes)];
        document.table(&["name", "command", "from", "notes"], blueprint.jobs.iter().map(row).collect());
    }
    if !blueprint.stores.is_empty() {
        document.heading(2, "Databases, caches and queues");
        document
            .table(&["name", "engine", "locally", "address", "from"], blueprint.stores.iter().map(|one| store(blueprint, one)).collect());
    }
    if !blueprint.routes.is_empty() {
        document.heading(2, "Routes");
        let head = ["hosts", "path", "process", "TLS", "health check", "from"];
        document.table(&head, blueprint.routes.iter().map(|one| route(blueprint, one)).collect());
    }
}

fn process(blueprint: &Blueprint, one: &Process) -> Vec<String> {
    let kind = match one.role {
        Role::Web => "web",
        Role::Worker => "worker",
        Role::Proxy => "proxy",
        Role::Daemon => "daemon",
    };
    let beside = if one.sidecar_of.is_empty() { String::new() } else { format!(", beside {}", text(&one.sidecar_of.join(", "))) };
    let replicas = per_environment(
        blueprint,
        &one.replicas,
        |(least, most)| {
            if least == most { least.to_string() } else { format!("{least} to {most}") }
        },
    );
    let stop = format!("{} s", one.drain_seconds.saturating_add(one.grace_seconds));
    let command = per_environment(blueprint, &one.command, |command| code(&command.join(" ")));
    vec![code(&one.name), format!("{kind}{beside}"), command, replicas, stop, origins(&one.origin), notes(&one.notes)]
}

fn schedule(blueprint: &Blueprint, one: &Schedule) -> Vec<String> {
    let cron = per_environment(blueprint, &one.cron, |cron| code(cron));
    let mut said = notes(&one.notes);
    if let Some(why) = &one.suspended {
        said = format!("suspended: {}{}{said}", text(why), if said.is_empty() { "" } else { "; " });
    }
    let command = per_environment(blueprint, &one.command, |command| code(&command.join(" ")));
    let zone = one.time_zone.as_ref().map(|zone| code(zone)).unwrap_or_default();
    vec![code(&one.name), code(&one.written), cron, zone, code(&one.original), command, origins(&one.origin), said]
}

fn store(blueprint: &Blueprint, one: &Store) -> Vec<String> {
    let address = one.address.as_ref().map(|address| per_environment(blueprint, address, |address| code(address))).unwrap_or_default();
    vec![code(&one.name), text(&one.engine), code(&one.image), address, origins(&one.origin)]
}

fn route(blueprint: &Blueprint, one: &Route) -> Vec<String> {
    let hosts = per_environment(blueprint, &one.hosts, |hosts| hosts.iter().map(|host| code(host)).collect::<Vec<_>>().join(", "));
    let health = one.health.as_ref().map(|health| code(health)).unwrap_or_default();
    vec![hosts, code(&one.path), code(&one.process), if one.tls { "yes" } else { "no" }.to_owned(), health, origins(&one.origin)]
}

fn notes(notes: &[String]) -> String {
    notes.iter().map(|note| text(note)).collect::<Vec<_>>().join("; ")
}
