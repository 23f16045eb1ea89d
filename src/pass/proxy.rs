//! The web server before the app: nginx as a sidecar with one configuration file, Apache and HAProxy as routes.
//!
//! In: the configuration that the runs rendered, `nginx.conf` and what its includes reach. Out: `container/nginx/nginx.conf`,
//! an image, a process. `listen 80` is `listen 8080` there, a socket of the app is its port on localhost.

mod apache;
mod auth;
mod claim;
pub mod front;
mod gather;
mod haproxy;
mod node;
mod other;
mod rewrite;

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{
    Account, Action, Artifact, Health, Image, Mount, Origin, PerEnvironment, Process, Resources, Role, Runtime, Setting, Stage, Step,
    Variable,
};
use crate::outcome::{Fate, Subject};
use crate::pass::proxy::gather::Found;
use crate::pass::proxy::node::Node;
use crate::pass::proxy::rewrite::{PORT, Rewrite};
use crate::pass::{Input, Sink};

/// The official image of nginx.
const BASE: &str = "nginx:1.28-bookworm";
/// Where the merged file lies in the output.
const FILE: &str = "nginx/nginx.conf";
/// Where nginx reads it.
const TARGET: &str = "/etc/nginx/nginx.conf";

/// What the web server becomes.
#[derive(Debug, Default)]
pub struct Proxy {
    /// Its image.
    pub image: Option<Image>,
    /// Its process.
    pub process: Option<Process>,
    /// Its files.
    pub files: Vec<Artifact>,
    /// Its secrets.
    pub variables: Vec<Variable>,
    /// The path that it hands to the app for health checks.
    pub health: Option<String>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// What stood before the app and is routes now.
    pub fronts: Vec<front::Front>,
}

/// The configuration of all environments, found and rewritten.
struct Sites {
    found: Vec<Option<Found>>,
    trees: Vec<Option<Vec<Node>>>,
    rewrite: Rewrite,
    origin: Vec<Origin>,
    templates: Vec<String>,
}

/// The web processes that stand behind nginx: those of the layers that it ran on, all where it ran on none of theirs.
#[must_use]
pub fn behind(input: &Input<'_>, processes: &[Process], web: Vec<String>) -> Vec<String> {
    let files = input.files().filter(|file| file.path.contains("/nginx/"));
    let layers: Vec<&str> = files.filter_map(|file| input.graph.runs.get(file.run).map(|run| run.layer.as_str())).collect();
    let is_there = |name: &String| {
        let mut all = processes.iter().filter(|process| process.name == *name).flat_map(|process| &process.layers);
        all.any(|layer| layers.contains(&layer.as_str()))
    };
    if web.iter().any(is_there) { web.into_iter().filter(is_there).collect() } else { web }
}

/// Makes the proxy of the rendered nginx configuration; without one there is none.
pub fn run(input: &Input<'_>, app_processes: &[String], app_image: Option<&str>, app_port: u16, sink: &mut Sink) -> Proxy {
    let fronts = other::run(input, app_processes, sink);
    let notes = fronts.iter().flat_map(|front| front.notes.iter().cloned()).collect();
    let checked = fronts.iter().flat_map(|front| &front.sites).find_map(|site| site.health.clone());
    let mut proxy = Proxy { fronts, notes, health: checked, ..Proxy::default() };
    let Some(sites) = sites(input, app_port) else { return proxy };
    proxy.fronts.push(front::Front::kept(names(&sites)));
    let mut mounts = Vec::new();
    let header = header(&sites);
    let text = |nodes: &[Node]| format!("{header}{}", node::print(nodes));
    match auth::merge(&sites.trees) {
        Some((nodes, mounted)) => {
            for (number, one) in mounted.into_iter().enumerate() {
                let name = if number == 0 { "basic-auth-conf".to_owned() } else { format!("basic-auth-{}-conf", number + 1) };
                let content = Some(PerEnvironment { values: one.content });
                mounts.push(Mount { name, path: format!("{}/basic.conf", one.folder), content, origin: sites.origin.clone() });
            }
            proxy.files.push(Artifact { path: FILE.to_owned(), content: text(&nodes), mode: 0o644 });
        }
        None => {
            let values: Vec<Option<String>> = sites.trees.iter().map(|tree| tree.as_deref().map(text)).collect();
            let content = PerEnvironment { values };
            if let Some(base) = content.base() {
                proxy.files.push(Artifact { path: FILE.to_owned(), content: base.clone(), mode: 0o644 });
            }
            mounts.push(Mount {
                name: "nginx-conf".to_owned(),
                path: TARGET.to_owned(),
                content: Some(content),
                origin: sites.origin.clone(),
            });
            proxy.notes.push("the nginx configuration differs between the environments: each mounts its own over the image's".to_owned());
        }
    }
    passwords(input, &sites, &mut mounts, &mut proxy.variables, sink);
    let process_health = health(&sites);
    proxy.health = process_health.as_ref().filter(|(_, proxied)| *proxied).map(|(path, _)| path.clone()).or(proxy.health);
    let image_name = app_image.map_or_else(|| "nginx".to_owned(), |name| format!("{name}-nginx"));
    let mut steps = vec![copy(FILE, TARGET, &sites.origin)];
    served(&sites, app_image, &mut steps, sink);
    for (file, step) in claim::extra_files(input, &sites.found, sink) {
        proxy.files.push(file);
        steps.push(step);
    }
    claim::run(input, &sites.found, &sites.rewrite.certificates, sink);
    tell(input, &sites, app_processes, sink, &mut proxy.notes);
    let command: Vec<String> = ["nginx", "-g", "daemon off;"].map(str::to_owned).to_vec();
    let there = |value: &Option<Vec<Node>>| value.is_some();
    sink.other(
        Subject::Process,
        "nginx",
        "",
        sites.origin.first().map(|origin| origin.location.clone()),
        Fate::Translated,
        "process nginx",
        if app_processes.is_empty() { "runs as a container of its own" } else { "runs beside the app's web process" },
        Vec::new(),
    );
    proxy.process = Some(Process {
        name: "nginx".to_owned(),
        image: image_name.clone(),
        command: PerEnvironment { values: sites.trees.iter().map(|tree| there(tree).then(|| command.clone())).collect() },
        role: Role::Proxy,
        variables: BTreeMap::new(),
        ports: vec![PORT],
        health: process_health.map(|(path, _)| Health { path: Some(path), port: PORT }),
        replicas: PerEnvironment { values: sites.trees.iter().map(|tree| there(tree).then_some((1, 1))).collect() },
        resources: PerEnvironment::same(Resources { cpu_millis: 50, memory_mib: 64, memory_limit_mib: 128 }, input.environments()),
        stop_signal: Some("SIGQUIT".to_owned()),
        grace_seconds: 30,
        drain_seconds: 0,
        sidecar_of: app_processes.to_vec(),
        mounts,
        volumes: Vec::new(),
        origin: sites.origin.clone(),
        notes: vec![format!("what is other than on the hosts stands at the head of container/{FILE}")],
        ..Process::default()
    });
    proxy.image = Some(Image {
        name: image_name,
        runtime: Runtime::Daemon("nginx".to_owned()),
        base: BASE.to_owned(),
        base_origin: sites.origin.clone(),
        user: Some(Account {
            name: "nginx".to_owned(),
            uid: Some(101),
            group: "nginx".to_owned(),
            gid: Some(101),
            home: None,
            shell: None,
            system: true,
            origin: Vec::new(),
        }),
        workdir: "/".to_owned(),
        writable: vec!["/tmp".to_owned()],
        port: Some(PORT),
        steps,
        command,
        ..Image::default()
    });
    proxy
}

fn copy(from: &str, to: &str, origin: &[Origin]) -> Step {
    let action = Action::Copy { from: from.to_owned(), to: to.to_owned(), owner: None, group: None, mode: None };
    Step { stage: Stage::Source, action, origin: origin.to_vec(), note: None }
}

fn sites(input: &Input<'_>, app_port: u16) -> Option<Sites> {
    let found: Vec<Option<Found>> = (0..input.environments()).map(|environment| gather::gather(input, environment)).collect();
    if found.iter().all(Option::is_none) {
        return None;
    }
    let mut all = Rewrite::default();
    let mut trees = Vec::new();
    for one in &found {
        trees.push(one.as_ref().map(|found| {
            let (nodes, rewrite) = rewrite::rewrite(input, found.nodes.clone(), app_port);
            all.add(rewrite);
            nodes
        }));
    }
    let (mut origin, mut templates) = (Vec::new(), Vec::new());
    for (_, item, source) in found.iter().flatten().flat_map(|found| &found.files) {
        let declared = input.origin(*item);
        let place = match (source, &declared) {
            (Some(source), Some(origin)) => Some(format!("{source} ({})", origin.location)),
            (Some(source), None) => Some(source.clone()),
            (None, Some(origin)) => Some(origin.location.to_string()),
            (None, None) => None,
        };
        templates.extend(place.filter(|place| !templates.contains(place)));
        origin.extend(declared.filter(|one| !origin.contains(one)));
    }
    Some(Sites { found, trees, rewrite: all, origin, templates })
}

/// The host names of nginx's servers, by environment.
fn names(sites: &Sites) -> Vec<front::Site> {
    let mut all = Vec::new();
    for (environment, found) in sites.found.iter().enumerate() {
        let Some(found) = found else { continue };
        let mut hosts: Vec<String> = Vec::new();
        node::each(&found.nodes, &mut |node| {
            if node.name == "server_name" {
                hosts.extend(node.values().into_iter().filter(|name| front::is_host(name)).map(str::to_owned));
            }
        });
        let mut tls = false;
        node::each(&found.nodes, &mut |node| {
            tls |= node.name == "ssl_certificate" || node.name == "listen" && node.values().contains(&"ssl");
        });
        let item = found.files.first().map_or(usize::MAX, |(_, item, _)| *item);
        all.push(front::Site { environment, hosts, tls, item, ..front::Site::default() });
    }
    all
}

/// Where the file comes from, and what is other than on the hosts.
fn header(sites: &Sites) -> String {
    let mut lines = vec![format!("# From {}.", sites.templates.join(", "))];
    if sites.found.iter().flatten().any(|found| found.packaged) {
        lines.push("# The hosts had the main file of Debian's package; what matters of it stands here.".to_owned());
    }
    if !sites.rewrite.changes.is_empty() {
        lines.push("# Changed:".to_owned());
        lines.extend(sites.rewrite.changes.iter().map(|change| format!("#   {change}")));
    }
    lines.iter().map(|line| format!("{}\n", line.replace('\n', " "))).collect()
}

/// The password files that the configuration names: secrets, mounted at their places.
fn passwords(input: &Input<'_>, sites: &Sites, mounts: &mut Vec<Mount>, variables: &mut Vec<Variable>, sink: &mut Sink) {
    let mut paths: BTreeMap<String, Vec<bool>> = BTreeMap::new();
    for (number, tree) in sites.trees.iter().enumerate() {
        for path in tree.iter().flat_map(|tree| auth::user_files(tree)) {
            if let Some(slot) = paths.entry(path).or_insert_with(|| vec![false; sites.trees.len()]).get_mut(number) {
                *slot = true;
            }
        }
    }
    for (number, (path, environments)) in paths.into_iter().enumerate() {
        let name = if number == 0 { "basic-auth".to_owned() } else { format!("basic-auth-{}", number + 1) };
        let items: BTreeSet<usize> = input.files().filter(|file| file.path == path).map(|file| file.item).collect();
        let mut origin: Vec<Origin> = items.iter().filter_map(|item| input.origin(*item)).collect();
        for item in &items {
            sink.claim(
                *item,
                Fate::Translated,
                format!("Secret {name}"),
                "the users of basic authentication: mounted, never part of the image",
            );
        }
        if origin.is_empty() {
            origin.clone_from(&sites.origin);
            sink.task(
                format!("Put the users of basic authentication into the secret `{name}`"),
                format!("no cookbook writes `{path}`"),
                origin.clone(),
            );
        }
        // A secret file exists everywhere, unless a variable of its name says where.
        if !environments.iter().all(|there| *there) {
            let value = environments.iter().map(|there| there.then_some(Setting::Secret)).collect();
            variables.push(Variable {
                name: name.to_uppercase().replace('-', "_"),
                secret: true,
                value: PerEnvironment { values: value },
                origin: origin.clone(),
                readers: vec!["nginx".to_owned()],
                local: None,
                note: Some(format!("the file `{path}`, a line `user:hash` for each user")),
                ..Variable::default()
            });
        }
        mounts.push(Mount { name, path, content: None, origin });
    }
}

/// The folders of the app's image that nginx serves by itself.
fn served(sites: &Sites, app_image: Option<&str>, steps: &mut Vec<Step>, sink: &mut Sink) {
    for (from, to) in &sites.rewrite.folders {
        match app_image {
            Some(image) => steps.push(Step {
                stage: Stage::Source,
                action: Action::CopyFromImage { image: image.to_owned(), from: from.clone(), to: to.clone() },
                origin: sites.origin.clone(),
                note: None,
            }),
            None => sink.task(
                format!("Copy what the app has in `{from}` to `{to}` of the nginx image"),
                "nginx serves it, and the app is not part of the input",
                sites.origin.clone(),
            ),
        }
    }
}

/// The path that a health check may ask for, and whether the app answers it.
fn health(sites: &Sites) -> Option<(String, bool)> {
    const WORDS: [&str; 9] = ["health", "ping", "alive", "live", "ready", "up", "heartbeat", "status", "lbcheck"];
    let tree = sites.trees.iter().flatten().next()?;
    let mut all = Vec::new();
    node::each(tree, &mut |node| {
        let (modifier, path) = match node.values().as_slice() {
            ["=", path] => ("=", (*path).to_owned()),
            [path] if path.starts_with("=/") => ("=", path[1..].to_owned()),
            _ => return,
        };
        let last = path.rsplit('/').next().unwrap_or("").to_lowercase();
        let stem = last.split('.').next().unwrap_or("");
        let is_health = WORDS.contains(&stem) || stem.contains("health") || stem.contains("alive");
        if node.name == "location" && modifier == "=" && !node.disabled && is_health && path.starts_with('/') {
            let names: Vec<&str> = node.children().iter().map(|child| child.name.as_str()).collect();
            // nginx's own counters, and what only some hosts may ask for, are no health check.
            if !names.iter().any(|name| matches!(*name, "stub_status" | "deny" | "internal")) {
                all.push((path, names.iter().any(|name| matches!(*name, "proxy_pass" | "try_files"))));
            }
        }
    });
    all.into_iter().next()
}

/// Tasks and notes.
fn tell(input: &Input<'_>, sites: &Sites, app_processes: &[String], sink: &mut Sink, notes: &mut Vec<String>) {
    let origin = &sites.origin;
    for (what, why) in &sites.rewrite.open {
        sink.task(format!("Decide on `{what}` in `container/{FILE}`"), why.clone(), origin.clone());
    }
    for path in sites.found.iter().flatten().flat_map(|found| &found.missing).collect::<BTreeSet<_>>() {
        sink.task(format!("Add what `{path}` held to `container/{FILE}`"), "nginx includes it, and no cookbook writes it", origin.clone());
    }
    for path in sites.found.iter().flatten().flat_map(|found| &found.conflicts).collect::<BTreeSet<_>>() {
        let why = "the layers had different files there; `container/nginx/nginx.conf` is the first layer's";
        sink.task(format!("Compare `{path}` of the layers"), why, origin.clone());
    }
    if sites.rewrite.local.len() > 1 {
        let all: Vec<&str> = sites.rewrite.local.iter().map(String::as_str).collect();
        let why = format!("on the hosts requests went to {}; all of them go to the app's port now", input.image_path(&all.join(", ")));
        sink.task(format!("Check the upstreams in `container/{FILE}`"), why, origin.clone());
    }
    if app_processes.is_empty() && !sites.rewrite.local.is_empty() {
        sink.task(
            format!("Point the upstreams in `container/{FILE}` at the app"),
            "no web process was found for nginx to run beside",
            origin.clone(),
        );
    }
    if !sites.rewrite.certificates.is_empty() {
        notes.push("nginx ended TLS on the hosts: its certificates must be the load balancer's now".to_owned());
        let names: Vec<&str> = sites.rewrite.names.iter().map(String::as_str).collect();
        sink.task("Give the load balancer the certificates that nginx had", format!("for {}", names.join(", ")), origin.clone());
    }
    if !sites.rewrite.remote.is_empty() {
        let all: Vec<&str> = sites.rewrite.remote.iter().map(String::as_str).collect();
        notes.push(format!("nginx hands requests to other hosts: {}", all.join(", ")));
    }
}

#[cfg(test)]
mod tests;
