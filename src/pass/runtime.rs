//! Processes of the blueprint: what was found, named, counted, sized and given its health check.

use std::collections::BTreeMap;

use crate::blueprint::{Artifact, Health, Image, Limits, PerEnvironment, Process, Role, Volume};
use crate::graph::site::Layer;
use crate::outcome::Subject;
use crate::pass::label::label;
use crate::pass::process::Found;
use crate::pass::web::{self, PORT};
use crate::pass::{Input, Sink};
use crate::project::Project;

/// Processes and the files they bring.
#[derive(Debug, Default)]
pub struct Runtime {
    /// The processes.
    pub processes: Vec<Process>,
    /// Files under `container/`.
    pub files: Vec<Artifact>,
    /// Files copied over the app's source.
    pub overlays: Vec<(String, String)>,
}

/// Groups the found processes: one per name, or one per layer where several layers run the same.
pub fn run(input: &Input<'_>, found: &[Found], project: Option<&Project>, images: &[Image], sink: &mut Sink) -> Runtime {
    let mut runtime = Runtime::default();
    let Some(image) = images.first() else { return runtime };
    let mut names: Vec<&str> = Vec::new();
    for one in found {
        if !names.contains(&one.name.as_str()) {
            names.push(&one.name);
        }
    }
    for name in names {
        let same: Vec<&Found> = found.iter().filter(|one| one.name == name).collect();
        let mut layers: Vec<&str> = Vec::new();
        for one in &same {
            if !layers.contains(&one.layer.as_str()) {
                layers.push(&one.layer);
            }
        }
        let plan = web::plan(input, project, &same, sink);
        runtime.files.extend(plan.files.iter().cloned());
        runtime.overlays.extend(plan.overlays.iter().cloned());
        // A daemon of a package is what its table says: FastCGI is no HTTP.
        let web = web::is_web(&same[0].plain.words) && same[0].role.is_none_or(|role| role == Role::Web);
        let groups = groups(&same, &layers);
        for group in &groups {
            let here: Vec<&Found> = same.iter().filter(|one| group.contains(&one.layer.as_str())).copied().collect();
            let layer = &group[0];
            let title = if groups.len() > 1
                || (web && input.graph.environments.iter().any(|environment| environment.layers.iter().any(|known| known.name == *layer)))
            {
                // A layer that runs several has its name for the one that answers requests.
                let alone = found.iter().filter(|one| one.layer == *layer).all(|one| one.name == name);
                if web || alone { label(layer) } else { label(&format!("{layer}-{name}")) }
            } else {
                label(name)
            };
            let process = build(input, &here, &title, group, &plan, web, image);
            for item in here.iter().flat_map(|one| one.items.iter()) {
                sink.claim(
                    *item,
                    crate::outcome::Fate::Translated,
                    format!("process {title}"),
                    format!("its {} entry is a process of its own", here[0].supervisor),
                );
            }
            let location = here[0].origin.first().map(|origin| origin.location.clone());
            sink.other(
                Subject::Process,
                title.clone(),
                "",
                location,
                crate::outcome::Fate::Translated,
                &format!("Deployment {title}"),
                "runs as a container of its own",
                Vec::new(),
            );
            runtime.processes.push(process);
        }
    }
    unique(&mut runtime.processes);
    runtime
}

/// The layers that are one process: each by itself, or all where every environment has one of them: the hosts of another environment
/// are called otherwise.
fn groups<'f>(same: &[&'f Found], layers: &[&'f str]) -> Vec<Vec<&'f str>> {
    let several = same.iter().any(|one| same.iter().any(|other| one.environment == other.environment && one.layer != other.layer));
    if several { layers.iter().map(|layer| vec![*layer]).collect() } else { vec![layers.to_vec()] }
}

/// Processes of a Procfile, where no supervisor's file was found.
pub fn from_procfile(input: &Input<'_>, project: &Project, image: &Image, sink: &mut Sink) -> Vec<Process> {
    let mut processes = Vec::new();
    for (name, plain, location) in crate::pass::process::from_procfile(input, project) {
        let web = name == "web" || web::is_web(&plain.words);
        let origin = vec![crate::blueprint::Origin { location: location.clone(), what: format!("Procfile {name}") }];
        let title = label(&name);
        sink.other(
            Subject::Process,
            title.clone(),
            "",
            Some(location),
            crate::outcome::Fate::Translated,
            &format!("Deployment {title}"),
            "the Procfile's entry",
            Vec::new(),
        );
        processes.push(Process {
            name: title,
            image: image.name.clone(),
            command: PerEnvironment::same(plain.words.clone(), input.environments()),
            role: if web { Role::Web } else { Role::Worker },
            variables: plain
                .variables
                .iter()
                .map(|(key, value)| (key.clone(), PerEnvironment::same(value.clone(), input.environments())))
                .collect(),
            ports: if web { vec![image.port.unwrap_or(PORT)] } else { Vec::new() },
            health: web.then(|| Health { path: health_path(input, Some(project)), port: image.port.unwrap_or(PORT) }),
            replicas: PerEnvironment::same((1, 1), input.environments()),
            resources: PerEnvironment::same(crate::pass::size::share(None, 1, None), input.environments()),
            stop_signal: None,
            grace_seconds: 30,
            drain_seconds: if web { 15 } else { 0 },
            sidecar_of: Vec::new(),
            mounts: Vec::new(),
            volumes: Vec::new(),
            origin,
            supervisor: "Procfile".to_owned(),
            ..Process::default()
        });
    }
    processes
}

fn layer_of<'a>(input: &Input<'a>, environment: usize, name: &str) -> Option<&'a Layer> {
    input.graph.environments.get(environment)?.layers.iter().find(|layer| layer.name == name)
}

fn build(input: &Input<'_>, here: &[&Found], title: &str, layers: &[&str], plan: &web::ServerPlan, web: bool, image: &Image) -> Process {
    let count = input.environments();
    let mut commands = vec![None; count];
    let mut replicas = vec![None; count];
    let mut resources = vec![None; count];
    let mut variables: BTreeMap<String, PerEnvironment<String>> = BTreeMap::new();
    let mut notes = plan.notes.clone();
    let mut volumes: Vec<Volume> = Vec::new();
    for one in here {
        let served = web || one.role == Some(Role::Daemon) && web::is_web(&one.plain.words);
        let words: Vec<String> =
            if served { plan.command.clone() } else { one.plain.words.iter().map(|word| relative(&input.image_path(word))).collect() };
        let site = layer_of(input, one.environment, &one.layer);
        let hosts = site.map_or(1, |site| site.hosts.max(1));
        let most = site.map_or(hosts, |site| site.most.max(hosts));
        let alike: u32 = here.iter().filter(|other| other.environment == one.environment).map(|other| other.count).sum();
        if let Some(slot) = commands.get_mut(one.environment) {
            *slot = Some(words);
        }
        if let Some(slot) = replicas.get_mut(one.environment) {
            let copies = one.count.saturating_mul(plan.copies.get(&(one.layer.clone(), one.environment)).copied().unwrap_or(1));
            *slot = Some((hosts.saturating_mul(copies), most.saturating_mul(copies)));
        }
        if let Some(slot) = resources.get_mut(one.environment) {
            *slot = Some(crate::pass::size::share(site.and_then(|site| site.instance_type.as_deref()), alike, one.memory_mib));
        }
        for (name, value) in &one.plain.variables {
            if matches!(name.as_str(), "RAILS_ENV" | "RACK_ENV" | "NODE_ENV" | "PATH" | "HOME" | "LANG") {
                continue;
            }
            let entry = variables.entry(name.clone()).or_insert_with(|| PerEnvironment { values: vec![None; count] });
            if let Some(slot) = entry.values.get_mut(one.environment) {
                *slot = Some(input.image_path(value));
            }
        }
        for volume in site.map(|site| site.volumes.as_slice()).unwrap_or_default() {
            let path = input.image_path(&volume.mount);
            let index = volumes.iter().position(|known| known.path == path).unwrap_or_else(|| {
                volumes.push(Volume {
                    name: label(path.trim_start_matches('/')),
                    path: path.clone(),
                    size_gib: Some(PerEnvironment { values: vec![None; count] }),
                    persistent: false,
                    origin: crate::pass::input::at(
                        site.and_then(|site| site.origin.clone()),
                        &format!("volume of the layer {}", one.layer),
                    ),
                });
                volumes.len() - 1
            });
            if let Some(slot) = volumes[index].size_gib.as_mut().and_then(|sizes| sizes.values.get_mut(one.environment)) {
                *slot = volume.size_gib;
            }
        }
        for note in &one.notes {
            let note = input.image_path(note);
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        if !one.plain.dropped.is_empty() && notes.len() < 4 {
            let note = format!("dropped: {}", one.plain.dropped.iter().map(|text| input.image_path(text)).collect::<Vec<_>>().join("; "));
            if !notes.contains(&note) && !note.contains('\u{F0000}') {
                notes.push(note);
            }
        }
    }
    for ((of_layer, name), value) in &plan.variables {
        if layers.contains(&of_layer.as_str()) {
            let known = variables.entry(name.clone()).or_insert_with(|| PerEnvironment::nowhere(count));
            *known = value.or(known);
        }
    }
    let first = here[0];
    let port = plan.port.or(image.port).unwrap_or(PORT);
    let site = layer_of(input, first.environment, &first.layer);
    let grace = first.grace_seconds.unwrap_or(30).max(5);
    Process {
        name: title.to_owned(),
        image: image.name.clone(),
        command: PerEnvironment { values: commands },
        role: if web { Role::Web } else { first.role.unwrap_or(Role::Worker) },
        variables,
        ports: if web { vec![port] } else { first.ports.clone() },
        health: if web {
            // Its server listens on the image's port, wherever it did on the hosts.
            let seen = first.health.as_ref().and_then(|health| health.path.clone());
            let path = site.and_then(|site| site.health.clone()).or(seen).or_else(|| health_path(input, input.projects.first()));
            Some(Health { path, port })
        } else {
            first.health.clone()
        },
        replicas: PerEnvironment { values: replicas },
        resources: PerEnvironment { values: resources },
        stop_signal: first.stop_signal.clone().or_else(|| plan.stop_signal.clone()),
        server: layers.iter().filter_map(|layer| plan.servers.get(*layer)).cloned().reduce(|one, other| one.or(&other)),
        grace_seconds: grace,
        drain_seconds: if web { 20 } else { 0 },
        sidecar_of: Vec::new(),
        mounts: Vec::new(),
        volumes,
        origin: first.origin.clone(),
        notes,
        user: first.plain.user.clone(),
        directory: first.plain.directory.as_deref().map(|path| input.image_path(path)),
        restart: first.restart,
        limits: Limits { open_files: first.open_files, processes: first.processes, memory_mib: first.memory_mib },
        logs: first.logs.iter().map(|path| input.image_path(path)).collect(),
        supervisor: first.supervisor.to_owned(),
        layers: layers.iter().map(|layer| (*layer).to_owned()).collect(),
        ..Process::default()
    }
}

/// A path below the work directory, relative to it.
fn relative(word: &str) -> String {
    word.strip_prefix("/app/").map_or_else(|| word.to_owned(), str::to_owned)
}

/// A path that the app's routes answer for health checks.
#[must_use]
pub fn health_path(input: &Input<'_>, project: Option<&Project>) -> Option<String> {
    let project = project?;
    for file in ["config/routes.rb", "server.js", "app.js", "index.js", "src/index.js", "src/server.js", "config.ru"] {
        let Some(text) = project.text(input.sources, file) else { continue };
        for path in ["/healthz", "/health_check", "/health", "/up", "/ping", "/status", "/heartbeat"] {
            if text.contains(&format!("'{path}'")) || text.contains(&format!("\"{path}\"")) {
                return Some(path.to_owned());
            }
        }
    }
    None
}

/// Names that occur twice get a number.
fn unique(processes: &mut [Process]) {
    for index in 1..processes.len() {
        let mut number = 2;
        while processes[..index].iter().any(|known| known.name == processes[index].name) {
            let base = processes[index].name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-').to_owned();
            processes[index].name = format!("{base}-{number}");
            number += 1;
        }
    }
}
