//! AWS CodeDeploy: a revision that runs Docker Compose on hosts.
//!
//! In: the blueprint. Out: `codedeploy/appspec.yml`, its hook scripts, and for each environment a Compose file with the images of a
//! registry. What an OpsWorks lifecycle event did is done by a hook: setup → BeforeInstall, configure and deploy → AfterInstall and
//! ApplicationStart, shutdown → ApplicationStop. A deployment group is an environment (`production`) or one of its layers
//! (`production-web`); `production-jobs` runs what runs once per release.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::blueprint::{Artifact, Blueprint};
use crate::emit::hosts::{Hosts, Manner};
use crate::emit::layout::Layout;
use crate::emit::yaml::{Document, List, Map, Node, render};
use crate::emit::{Options, file, origin, program, template};

/// Events, their scripts and what is done, in the order in which they happen.
const HOOKS: &[(&str, &str, &str)] = &[
    ("ApplicationStop", "stop.sh", "of the revision before this one; as the shutdown event did"),
    ("BeforeInstall", "prepare.sh", "as the setup event did: the host has what the scripts need"),
    ("AfterInstall", "install.sh", "as the configure and deploy events did: secrets are fetched, images pulled"),
    ("ApplicationStart", "start.sh", "as the deploy event did: starts what belongs to the host's layer"),
    ("ValidateService", "validate.sh", "waits until what has a health check is healthy"),
];

/// Seconds that a hook may take unless it must wait for processes to end.
const TIMEOUT: u32 = 900;

/// The CodeDeploy target.
#[must_use]
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    let all: Vec<Hosts> = (0..layout.places.len()).map(|index| Hosts { layout: &layout, index }).collect();
    let all: Vec<Hosts> = all.into_iter().filter(|hosts| !hosts.is_empty()).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let mut files = vec![file("codedeploy/appspec.yml", appspec(&layout)), file("codedeploy/release.env", release(options))];
    files.extend(scripts(&layout, &all));
    let comments = vec![
        "Production: run by the hook scripts of CodeDeploy. A profile is a layer; `all` is every layer.".to_owned(),
        "Variables stand here and in the env files that scripts/install.sh writes on the host from Secrets Manager.".to_owned(),
    ];
    for hosts in &all {
        let folder = format!("codedeploy/{}", layout.places[hosts.index].name);
        let manner = Manner {
            registry: "${REGISTRY:?}/",
            tag: "${IMAGE_TAG:?}",
            layered: true,
            env_files: &[],
            elsewhere: &BTreeSet::new(),
            comments: &comments,
        };
        files.push(file(format!("{folder}/docker-compose.yml"), hosts.compose(&manner)));
        files.extend(hosts.files(&folder));
        if hosts.has_secrets() {
            let text = "#!/bin/sh\n# Writes the secrets of this environment below the folder given, for root and the containers alone.\nset -eu\ncd \"$1\"\n";
            files.push(program(format!("{folder}/secrets.sh"), format!("{text}{}", hosts.secret_script())));
        }
        for (layer, text) in crontabs(hosts) {
            files.push(file(format!("{folder}/cron/{layer}"), text));
        }
    }
    files
}

fn appspec(layout: &Layout) -> String {
    let home = home(layout);
    let whole = layout.processes.iter().map(|process| process.item.grace_seconds).max().unwrap_or(0);
    let mut hooks = Map::new();
    for (event, script, words) in HOOKS {
        let timeout = if *event == "ApplicationStop" { whole.saturating_add(120).clamp(300, 3600) } else { TIMEOUT };
        let hook = Map::new().with("location", format!("scripts/{script}")).with("timeout", timeout).with("runas", "root");
        hooks = hooks.above(*words).with(*event, List::new().item(hook));
    }
    let files = List::new().item(Map::new().with("source", "/").with("destination", home.as_str()));
    let permission = |pattern: &str, mode: &str| {
        let map = Map::new().with("object", home.as_str()).with("pattern", Node::Quoted(pattern.to_owned()));
        map.with("owner", "root").with("group", "root").with("mode", Node::Quoted(mode.to_owned())).with("type", List::flow().item("file"))
    };
    let root = Map::new()
        .spaced()
        .with("version", Node::Verbatim("0.0"))
        .with("os", "linux")
        .with("files", files)
        .with("file_exists_behavior", "OVERWRITE")
        .with("permissions", List::new().item(permission("*.sh", "0755")))
        .with("hooks", hooks);
    let comments = [
        format!("Deployment groups: ENVIRONMENT, or ENVIRONMENT-LAYER; environments: {}.", places(layout).join(", ")),
        "ENVIRONMENT-jobs, on one host, runs what runs once per release: deploy it first.".to_owned(),
    ];
    render(&[Document::new(root).commented(comments)])
}

fn release(options: &Options) -> String {
    let registry = options.registry.as_deref().map(|registry| origin::one_line(registry.trim_end_matches('/'))).unwrap_or_default();
    format!("# CI writes both before it uploads the revision.\nREGISTRY={registry}\nIMAGE_TAG=\n")
}

fn scripts(layout: &Layout, all: &[Hosts]) -> Vec<Artifact> {
    let jobs: Vec<&str> = layout.jobs.iter().map(|job| job.name.as_str()).collect();
    let mut names = places(layout);
    // The longer name first: `prod-1` is no layer of `prod`.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let cron = all.iter().any(|hosts| !hosts.schedules().is_empty());
    let context = json!({ "home": home(layout), "project": layout.name, "places": names, "jobs": jobs, "cron": cron });
    let mut scripts: Vec<&str> = vec!["place.sh"];
    scripts.extend(HOOKS.iter().map(|(_, script, _)| *script));
    if cron {
        scripts.push("task.sh");
    }
    let path = |script: &str| format!("codedeploy/scripts/{script}");
    scripts.into_iter().map(|script| program(path(script), template::render(&format!("codedeploy/{script}"), &context))).collect()
}

fn home(layout: &Layout) -> String {
    format!("/opt/{}", layout.name)
}

fn places<'a>(layout: &'a Layout) -> Vec<&'a str> {
    layout.places.iter().map(|place| place.name.as_str()).collect()
}

/// A crontab for each layer with schedules, and one with all.
fn crontabs(hosts: &Hosts) -> BTreeMap<String, String> {
    let schedules = hosts.schedules();
    let mut layers: BTreeSet<String> = schedules.iter().flat_map(|schedule| Hosts::layers(&schedule.item.layers)).collect();
    if !schedules.is_empty() {
        layers.insert("all".to_owned());
    }
    let command = |name: &str| format!("{}/scripts/task.sh {name}", home(hosts.layout));
    let tab = |layer: &String| hosts.crontab(|item| layer == "all" || Hosts::layers(&item.layers).contains(layer), command);
    layers.iter().map(|layer| (layer.clone(), tab(layer))).collect()
}
