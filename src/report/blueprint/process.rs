//! A process as it is shown.

use super::item::{Field, Item};
use crate::blueprint::{PerEnvironment, Process, Queue, Restart, Role, Server, Worker};

/// The item of a process; `names` are those of the environments.
pub fn process(process: &Process, names: &[String]) -> Item {
    let role = match process.role {
        Role::Web => "web",
        Role::Worker => "worker",
        Role::Proxy => "proxy",
        Role::Daemon => "daemon",
    };
    let words = |words: &Vec<String>| Field::Words(words.clone());
    let mut item = Item::new("process", &process.name)
        .from(&process.origin)
        .text("image", &process.image)
        .text("role", role)
        .each("command", &process.command, names, words)
        .maybe("user", process.user.as_ref())
        .maybe("directory", process.directory.as_ref());
    let variables: Vec<String> = process.variables.iter().map(|(name, value)| format!("{name}={}", per(value, names))).collect();
    item = item.list("environment", variables).list("ports", &process.ports);
    if let Some(health) = &process.health {
        item = item.text("health", format!("{}:{}", health.path.as_deref().unwrap_or("tcp "), health.port));
    }
    item = item.each("replicas", &process.replicas, names, |(least, most)| {
        Field::Text(if least == most { least.to_string() } else { format!("{least} to {most}") })
    });
    item = item.each("resources", &process.resources, names, |one| {
        Field::Text(format!("{}m CPU, {} MiB, at most {} MiB", one.cpu_millis, one.memory_mib, one.memory_limit_mib))
    });
    item = item
        .maybe("memory_ceiling_mib", process.limits.memory_mib)
        .maybe("open_files", process.limits.open_files)
        .maybe("processes", process.limits.processes)
        .maybe("stop_signal", process.stop_signal.as_ref())
        .with("grace_seconds", Field::Number(i64::from(process.grace_seconds)));
    if process.drain_seconds > 0 {
        item = item.with("drain_seconds", Field::Number(i64::from(process.drain_seconds)));
    }
    if process.restart != Restart::Always {
        item = item.text("restart", process.restart.name());
    }
    item = item.list("logs", &process.logs).text("supervisor", &process.supervisor).list("layers", &process.layers);
    if let Some(one) = &process.worker {
        item = worker(item, one, names);
    }
    if let Some(one) = &process.server {
        item = server(item, one, names);
    }
    item.list("beside", &process.sidecar_of)
        .list("mounts", process.mounts.iter().map(|mount| format!("{} {}", mount.name, mount.path)))
        .list("volumes", process.volumes.iter().map(|volume| volume.path.clone()))
        .list("notes", &process.notes)
}

fn worker(item: Item, worker: &Worker, names: &[String]) -> Item {
    let queue = |queue: &Queue| queue.weight.map_or_else(|| queue.name.clone(), |weight| format!("{} {weight}", queue.name));
    item.text("works", format!("{} {}", worker.system, worker.version.as_deref().unwrap_or("")).trim())
        .each("concurrency", &worker.concurrency, names, |number| Field::Number(i64::from(*number)))
        .each("queues", &worker.queues, names, |list| Field::List(list.iter().map(queue).collect()))
        .maybe("job_timeout_seconds", worker.timeout_seconds)
        .list("worker_settings_from", &worker.sources)
}

fn server(item: Item, server: &Server, names: &[String]) -> Item {
    item.text("server", format!("{} {}", server.name, server.version.as_deref().unwrap_or("")).trim())
        .each("workers", &server.workers, names, |number| Field::Number(i64::from(*number)))
        .each("threads", &server.threads, names, |(least, most)| Field::Text(format!("{least}:{most}")))
        .maybe("request_timeout_seconds", server.timeout_seconds)
}

/// A value: once, or by environment where they differ.
fn per(value: &PerEnvironment<String>, names: &[String]) -> String {
    match value.base() {
        Some(base) if value.is_same() => base.clone(),
        _ => {
            let name = |index: usize| names.get(index).map_or("", String::as_str);
            let all = value.values.iter().enumerate().filter_map(|(index, one)| Some(format!("{} {}", name(index), one.as_ref()?)));
            format!("({})", all.collect::<Vec<_>>().join(" | "))
        }
    }
}
