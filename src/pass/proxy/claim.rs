//! What becomes of the resources that made nginx on the hosts: packages, service, files, links, commands.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Action, Artifact, Stage, Step};
use crate::graph::{FileKind, Lifecycle, Resource};
use crate::outcome::Fate;
use crate::pass::proxy::auth::absolute;
use crate::pass::proxy::gather::{FOLDERS, Found};
use crate::pass::{Input, Sink};
use crate::text::Text;

/// Where a file of the configuration went.
const PLACE: &str = "container/nginx/nginx.conf";

/// The path below nginx's folder, when it lies there.
fn below(path: &str) -> Option<&str> {
    FOLDERS.iter().find_map(|folder| path.strip_prefix(folder)?.strip_prefix('/'))
}

/// Files in nginx's folder that are no configuration (`errors/502.html`, a map's data) and the same everywhere: copied.
pub fn extra_files(input: &Input<'_>, found: &[Option<Found>], sink: &mut Sink) -> Vec<(Artifact, Step)> {
    let used: BTreeSet<&str> = found.iter().flatten().flat_map(|one| one.files.iter().map(|(path, ..)| path.as_str())).collect();
    let mut texts: BTreeMap<&str, (usize, BTreeSet<Option<&Text>>)> = BTreeMap::new();
    for file in input.files() {
        let alive = input.graph.runs.get(file.run).is_some_and(|run| !matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown));
        let Some(relative) = below(file.path) else { continue };
        let site = ["sites-", "conf.d/", "modules-", "ssl"].iter().any(|folder| relative.starts_with(folder));
        if !alive || site || used.contains(file.path) || sink.is_claimed(file.item) || !matches!(file.state.kind, FileKind::File(_)) {
            continue;
        }
        texts.entry(file.path).or_insert_with(|| (file.item, BTreeSet::new())).1.insert(input.text(&file));
    }
    let mut all = Vec::new();
    for (path, (item, texts)) in texts {
        let mut texts = texts.into_iter();
        let (Some(Some(text)), None) = (texts.next(), texts.next()) else { continue };
        let sensitive = input.resource(item).is_some_and(|resource| resource.sensitive);
        let (Some(content), Some(relative), false) = (text.known(), below(path), sensitive) else { continue };
        let from = format!("nginx/{relative}");
        let action = Action::Copy { from: from.clone(), to: format!("/etc/nginx/{relative}"), owner: None, group: None, mode: None };
        sink.claim(item, Fate::Translated, format!("container/{from}"), "copied into the nginx image");
        let step = Step { stage: Stage::Source, action, origin: input.origin(item).into_iter().collect(), note: None };
        all.push((Artifact { path: from, content: content.to_owned(), mode: 0o644 }, step));
    }
    all
}

/// Claims everything about nginx.
pub fn run(input: &Input<'_>, found: &[Option<Found>], certificates: &BTreeSet<String>, sink: &mut Sink) {
    let certificates: BTreeSet<String> = certificates.iter().map(|path| absolute(path)).collect();
    for (_, item, _) in found.iter().flatten().flat_map(|one| &one.files) {
        sink.claim(*item, Fate::Translated, PLACE, "part of the merged configuration");
    }
    for file in input.files() {
        if sink.is_claimed(file.item) {
            continue;
        }
        let why = if certificates.contains(file.path) {
            "a certificate or key: TLS ends at the load balancer"
        } else if matches!(file.path, "/var/log/nginx" | "/var/cache/nginx" | "/var/lib/nginx" | "/run/nginx" | "/var/run/nginx") {
            "the container logs to its output and writes below /tmp"
        } else if FOLDERS.contains(&file.path) || below(file.path).is_some() {
            match &file.state.kind {
                FileKind::Directory => "the image has one file in the place of these folders",
                FileKind::Link(_) => "it enabled a site: the site is part of the merged configuration",
                FileKind::Absent => "the merged configuration has only the sites that are enabled",
                FileKind::File(text) if !text.is_secret() => "no include of nginx.conf reaches it",
                _ => continue,
            }
        } else {
            continue;
        };
        sink.claim(file.item, Fate::Absorbed, PLACE, why);
    }
    for (item, resource) in input.items() {
        if sink.is_claimed(item) {
            continue;
        }
        match resource.kind.as_str() {
            "service" | "systemd_unit" if service(resource) => {
                sink.claim(item, Fate::Translated, "process nginx", "a container of its own; a reload is a new one");
            }
            "package" | "apt_package" | "yum_package" | "dnf_package" if packages(resource) => {
                sink.claim(item, Fate::Translated, "Dockerfile", "the official nginx image, beside the app");
            }
            "execute" | "bash" | "script" if command(resource) => {
                sink.claim(item, Fate::Absorbed, PLACE, "the merged configuration has the enabled sites, and a reload is a new container");
            }
            // A file or link whose path no run has at its end: a folder that was removed again, a link in sites-enabled.
            "link" | "file" | "directory" | "template" | "cookbook_file" if in_sites(resource) => {
                sink.claim(item, Fate::Absorbed, PLACE, "the merged configuration has only the sites that are enabled");
            }
            _ => {}
        }
    }
}

fn service(resource: &Resource) -> bool {
    let name = resource.text_or_name(if resource.kind == "service" { "service_name" } else { "unit_name" }).to_string();
    matches!(name.as_str(), "nginx" | "nginx.service")
}

/// Whether all packages of the resource are nginx's.
fn packages(resource: &Resource) -> bool {
    let names: Vec<String> = match resource.get("package_name") {
        Some(datum) => datum.items().iter().filter_map(|one| one.as_text()).map(|text| text.to_string()).collect(),
        None => resource.name.to_string().split(", ").map(str::to_owned).collect(),
    };
    let ours = |name: &String| {
        name == "nginx"
            || name.starts_with("libnginx-mod-")
            || name
                .strip_prefix("nginx-")
                .is_some_and(|kind| matches!(kind, "full" | "extras" | "light" | "core" | "common" | "naxsi" | "all-modules"))
    };
    !names.is_empty() && names.iter().all(ours)
}

/// A command about nginx alone: enabling a site, testing or reloading the configuration.
fn command(resource: &Resource) -> bool {
    let property = if resource.kind == "execute" { "command" } else { "code" };
    let Some(text) = resource.text_or_name(property).known().map(|text| text.trim().to_owned()) else { return false };
    if text.contains(['\n', ';', '|']) {
        return false;
    }
    text.split("&&").all(|part| {
        let words: Vec<&str> = part.split_whitespace().filter(|word| *word != "sudo").collect();
        let first = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or("");
        match first {
            "nxensite" | "nxdissite" => true,
            "nginx" => words.iter().any(|word| matches!(*word, "-t" | "-s")),
            "service" => words.get(1) == Some(&"nginx"),
            "systemctl" => words.last().is_some_and(|word| matches!(*word, "nginx" | "nginx.service")),
            _ => false,
        }
    })
}

fn in_sites(resource: &Resource) -> bool {
    let property = if resource.kind == "link" { "target_file" } else { "path" };
    let path = resource.text_or_name(property).to_string();
    below(&path).is_some_and(|relative| ["sites-enabled", "sites-available", "conf.d"].iter().any(|folder| relative.starts_with(folder)))
}
