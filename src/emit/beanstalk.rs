//! AWS Elastic Beanstalk: a bundle per environment.
//!
//! In: the blueprint. Out: `beanstalk/ENVIRONMENT/` for the platform branch "Docker running on 64bit Amazon Linux 2023"
//! (`docker-compose.yml`, `.ebextensions/`, `.platform/hooks/`), `beanstalk/ENVIRONMENT-ecs/Dockerrun.aws.json` (version 2) for "ECS
//! running on 64bit Amazon Linux 2023", `beanstalk/README.md`.

mod dockerrun;
mod extension;

use serde_json::json;

use crate::blueprint::{Artifact, Blueprint};
use crate::emit::hosts::{Hosts, Manner};
use crate::emit::layout::Layout;
use crate::emit::{Options, file, program, template};

/// What CI puts the tag of a release in place of.
const TAG: &str = "set-by-ci";

/// The Elastic Beanstalk target.
#[must_use]
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    let all: Vec<Hosts> = (0..layout.places.len()).map(|index| Hosts { layout: &layout, index }).collect();
    let all: Vec<Hosts> = all.into_iter().filter(|hosts| !hosts.is_empty()).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let registry = options.registry.as_ref().map(|registry| format!("{}/", registry.trim_end_matches('/'))).unwrap_or_default();
    let mut files = Vec::new();
    for hosts in &all {
        bundle(hosts, &registry, &mut files);
        files.extend(dockerrun::file(hosts, &registry));
    }
    files.push(readme(&layout, &all, &registry));
    files
}

fn bundle(hosts: &Hosts, registry: &str, files: &mut Vec<Artifact>) {
    let layout = hosts.layout;
    let folder = format!("beanstalk/{}", layout.places[hosts.index].name);
    let properties = extension::properties(hosts);
    let elsewhere = properties.iter().map(|variable| variable.name.clone()).collect();
    let comments = vec![
        "For \"Docker running on 64bit Amazon Linux 2023\": every instance runs all of it.".to_owned(),
        ".env is what the platform makes of the environment's properties, .ebextensions/environment.config.".to_owned(),
    ];
    let env_files: &[&str] = if properties.is_empty() { &[] } else { &[".env"] };
    let manner = Manner { registry, tag: TAG, layered: false, env_files, elsewhere: &elsewhere, comments: &comments };
    files.push(file(format!("{folder}/docker-compose.yml"), hosts.compose(&manner)));
    files.extend(hosts.files(&folder));
    for (name, content) in extension::all(hosts, &properties) {
        files.push(file(format!("{folder}/.ebextensions/{name}.config"), content));
    }
    if hosts.has_secrets() {
        let script = template::render("beanstalk/secrets.sh", &json!({ "script": hosts.secret_script() }));
        for event in ["hooks", "confighooks"] {
            files.push(program(format!("{folder}/.platform/{event}/prebuild/01_secrets.sh"), script.clone()));
        }
    }
    if !layout.jobs.is_empty() {
        let jobs: Vec<&str> = layout.jobs.iter().map(|job| job.name.as_str()).collect();
        let script = template::render("beanstalk/jobs.sh", &json!({ "jobs": jobs, "leader": extension::leader(layout) }));
        files.push(program(format!("{folder}/.platform/hooks/predeploy/01_jobs.sh"), script));
    }
}

fn readme(layout: &Layout, all: &[Hosts], registry: &str) -> Artifact {
    let places: Vec<_> = all
        .iter()
        .map(|hosts| {
            let ports: Vec<String> = hosts.published().iter().map(|(process, port)| format!("{} on {port}", process.name)).collect();
            json!({ "name": layout.places[hosts.index].name, "ports": ports.join(", ") })
        })
        .collect();
    let context = json!({
        "places": places,
        "jobs": !layout.jobs.is_empty(),
        "cron": all.iter().any(|hosts| !hosts.schedules().is_empty()),
        "secrets": all.iter().any(Hosts::has_secrets),
        "registry": registry,
        "tag": TAG,
    });
    file("beanstalk/README.md", template::render("beanstalk/README.md", &context))
}
