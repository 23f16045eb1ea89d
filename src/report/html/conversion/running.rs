//! What runs: processes, schedules, jobs, stores, and the hosts that reach them.

use super::super::page::{Block, Piece, Row, Section};
use super::{each, every, origins, within};
use crate::blueprint::{Blueprint, InnerSchedule, Job, Overlap, Process, Role, Route, Schedule, Store};

/// Adds the sections that are not empty.
pub fn sections(blueprint: &Blueprint, to: &mut Vec<Section>) {
    let mut add = |id: &'static str, title: &'static str, rows: Vec<Row>| {
        if !rows.is_empty() {
            to.push(Section { id, title, lead: String::new(), body: vec![Block::Rows(String::new(), rows)] });
        }
    };
    add("processes", "Processes", blueprint.processes.iter().map(|one| process(blueprint, one)).collect());
    let mut schedules: Vec<Row> = blueprint.schedules.iter().map(|one| schedule(blueprint, one)).collect();
    schedules.extend(blueprint.inner_schedules.iter().map(|one| inner(blueprint, one)));
    add("schedules", "Schedules", schedules);
    add("jobs", "Once per release", blueprint.jobs.iter().map(|one| job(blueprint, one)).collect());
    add("stores", "Databases, caches and queues", blueprint.stores.iter().map(|one| store(blueprint, one)).collect());
    add("routes", "Routes", blueprint.routes.iter().map(|one| route(blueprint, one)).collect());
}

fn command(words: &[String]) -> Piece {
    Piece::Code(words.join(" "))
}

fn notes(notes: &[String]) -> Vec<Piece> {
    notes.iter().map(|note| Piece::Words(note.clone())).collect()
}

fn process(blueprint: &Blueprint, one: &Process) -> Row {
    let role = match one.role {
        Role::Web => "web",
        Role::Worker => "worker",
        Role::Proxy => "proxy",
        Role::Daemon => "daemon",
    };
    let number = |number: u32| Piece::Words(number.to_string());
    let row = Row::new(format!("`{}`", one.name))
        .tag(role, "calm")
        .aside(&one.command.base().map(|words| format!("`{}`", words.join(" ").replace('`', "'"))).unwrap_or_default())
        .facet("category", ["process"])
        .facet("environment", within(blueprint, &one.command))
        .facet("layer", one.layers.clone())
        .field("command", each(blueprint, &one.command, |words| command(words)))
        .text("image", &one.image)
        .text("beside", &one.sidecar_of.join(", "))
        .field(
            "replicas",
            each(blueprint, &one.replicas, |(least, most)| {
                Piece::Words(if least == most { least.to_string() } else { format!("{least} to {most}") })
            }),
        )
        .field(
            "resources",
            each(blueprint, &one.resources, |one| {
                Piece::Words(format!("{} m CPU, {} MiB, at most {} MiB", one.cpu_millis, one.memory_mib, one.memory_limit_mib))
            }),
        );
    let row = match &one.worker {
        Some(worker) => row
            .text("works", format!("{} {}", worker.system, worker.version.as_deref().unwrap_or_default()).trim())
            .field("at a time", each(blueprint, &worker.concurrency, |count| number(*count)))
            .field(
                "queues",
                each(blueprint, &worker.queues, |list| {
                    Piece::Words(list.iter().map(|queue| queue.name.clone()).collect::<Vec<_>>().join(", "))
                }),
            ),
        None => row,
    };
    let row = match &one.server {
        Some(server) => row
            .text("server", format!("{} {}", server.name, server.version.as_deref().unwrap_or_default()).trim())
            .field("workers", each(blueprint, &server.workers, |count| number(*count)))
            .field("threads", each(blueprint, &server.threads, |(least, most)| Piece::Words(format!("{least} to {most}")))),
        None => row,
    };
    let health = one.health.as_ref().map(|health| format!("{} on port {}", health.path.as_deref().unwrap_or("TCP"), health.port));
    row.text("health check", &health.unwrap_or_default())
        .text("ports", &one.ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", "))
        .text("stops within", &format!("{} s", one.drain_seconds.saturating_add(one.grace_seconds)))
        .text("supervised by", &one.supervisor)
        .text("layers", &one.layers.join(", "))
        .field("from", origins(&one.origin))
        .field("notes", notes(&one.notes))
}

fn schedule(blueprint: &Blueprint, one: &Schedule) -> Row {
    let suspended = one.suspended.as_ref().map(|why| format!("suspended: {why}")).unwrap_or_default();
    let overlap = match &one.overlap {
        Overlap::Allowed => String::new(),
        Overlap::Forbidden(why) => format!("not allowed: {why}"),
    };
    let row = Row::new(format!("`{}`", one.name));
    let row = if one.suspended.is_some() { row.tag("suspended", "warn") } else { row.tag(&one.kind, "calm") };
    let now = one.cron.base().filter(|cron| **cron != one.written).map(|cron| format!(" → `{cron}`")).unwrap_or_default();
    row.aside(&format!("`{}`{now}", one.written.replace('`', "'")))
        .facet("category", ["schedule"])
        .facet("environment", within(blueprint, &one.command))
        .facet("layer", one.layers.clone())
        .field("as written", vec![Piece::Code(one.written.clone())])
        .field("now", each(blueprint, &one.cron, |cron| Piece::Code(cron.clone())))
        .text("time zone", one.time_zone.as_deref().unwrap_or_default())
        .field("command then", vec![Piece::Code(one.original.clone())])
        .field("command now", each(blueprint, &one.command, |words| command(words)))
        .text("suspended", suspended.strip_prefix("suspended: ").unwrap_or_default())
        .text("a second run", &overlap)
        .text("layers", &one.layers.join(", "))
        .field("from", origins(&one.origin))
        .field("notes", notes(&one.notes))
}

fn inner(blueprint: &Blueprint, one: &InnerSchedule) -> Row {
    Row::new(format!("`{}`", one.name))
        .tag("kept by a process", "calm")
        .aside(&format!("`{}`", one.written.replace('`', "'")))
        .facet("category", ["schedule"])
        .facet("environment", every(blueprint))
        .field("as written", vec![Piece::Code(one.written.clone())])
        .text("time zone", one.time_zone.as_deref().unwrap_or_default())
        .text("does", &one.does)
        .text("kept by", &format!("{} {}", one.kind, one.process.as_deref().map(|name| format!("in `{name}`")).unwrap_or_default()))
        .field("from", origins(&one.origin))
        .field("notes", notes(&one.notes))
}

fn job(blueprint: &Blueprint, one: &Job) -> Row {
    Row::new(format!("`{}`", one.name))
        .aside(&format!("`{}`", one.command.join(" ").replace('`', "'")))
        .facet("category", ["job"])
        .facet("environment", every(blueprint))
        .field("command", vec![command(&one.command)])
        .text("image", &one.image)
        .field("from", origins(&one.origin))
        .field("notes", notes(&one.notes))
}

fn store(blueprint: &Blueprint, one: &Store) -> Row {
    let address = one.address.as_ref().map(|address| each(blueprint, address, |address| Piece::Code(address.clone())));
    Row::new(format!("`{}`", one.name))
        .tag(&one.engine, "calm")
        .aside(if one.external { "outside of the hosts" } else { "" })
        .facet("category", ["store"])
        .facet("environment", every(blueprint))
        .field("locally", vec![Piece::Code(one.image.clone())])
        .field("address", address.unwrap_or_default())
        .field("variables", one.variables.iter().map(|name| Piece::Code(name.clone())).collect())
        .field("from", origins(&one.origin))
}

fn route(blueprint: &Blueprint, one: &Route) -> Row {
    let hosts = one.hosts.base().map(|hosts| hosts.join(", ")).unwrap_or_default();
    Row::new(format!("`{hosts}{}`", one.path))
        .tag(if one.tls { "TLS" } else { "no TLS" }, if one.tls { "good" } else { "warn" })
        .aside(&format!("→ `{}`", one.process))
        .facet("category", ["route"])
        .facet("environment", within(blueprint, &one.hosts))
        .field("hosts", each(blueprint, &one.hosts, |hosts| Piece::Code(hosts.join(", "))))
        .field("process", vec![Piece::Code(one.process.clone())])
        .text("health check", one.health.as_deref().unwrap_or_default())
        .field("from", origins(&one.origin))
}
