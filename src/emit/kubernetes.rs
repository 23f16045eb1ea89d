//! A kustomize base, one overlay per environment, and the script that deploys one.
//!
//! In: the blueprint. Out: `kubernetes/base` (one file per process, what all containers share once under `patches/`),
//! `kubernetes/overlays/ENVIRONMENT` (only what differs there), `kubernetes/deploy.sh`.

mod container;
mod deployment;
mod ingress;
mod kustomization;
mod network_policy;
mod overlay;
mod patch;
mod pod;
mod read_only;
mod scaled_object;
mod secret;
mod setting;
mod task;
mod volume;

use serde_json::json;

use crate::blueprint::{Artifact, Blueprint};
use crate::emit::layout::Layout;
use crate::emit::settings;
use crate::emit::yaml::{Document, List, Map, render};
use crate::emit::{Options, file, program, template};

/// What every part of the target reads.
struct Cluster<'a> {
    layout: &'a Layout<'a>,
    options: &'a Options,
}

/// The folder of everything shared.
const BASE: &str = "kubernetes/base";

/// The Kubernetes target.
#[must_use]
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    if layout.processes.is_empty() && layout.schedules.is_empty() && layout.jobs.is_empty() {
        return Vec::new();
    }
    let cluster = Cluster { layout: &layout, options };
    let mut files = cluster.base();
    for index in 0..layout.places.len() {
        files.extend(cluster.overlay(index));
    }
    files.push(program("kubernetes/deploy.sh", cluster.deploy()));
    files
}

/// `{app.kubernetes.io/name: web-shop, app.kubernetes.io/component: web}`: what selectors select, and no more.
fn labels(project: &str, component: &str) -> Map {
    Map::flow().with("app.kubernetes.io/name", project).with("app.kubernetes.io/component", component)
}

/// The component label of what deploy.sh applies first.
fn settings_label() -> Map {
    Map::flow().with("app.kubernetes.io/component", "settings")
}

/// The same for what an overlay brings along, which the base's common label does not reach.
fn own_settings_label(project: &str) -> Map {
    Map::flow().with("app.kubernetes.io/part-of", project).with("app.kubernetes.io/component", "settings")
}

/// Head of an object.
fn object(version: &str, kind: &str, metadata: Map) -> Map {
    Map::new().with("apiVersion", version).with("kind", kind).with("metadata", metadata)
}

fn yaml(path: String, documents: &[Document]) -> Artifact {
    file(path, render(documents))
}

impl Cluster<'_> {
    fn base(&self) -> Vec<Artifact> {
        let mut files = vec![yaml(format!("{BASE}/serviceaccount.yaml"), &[self.service_account()])];
        files.extend(self.external_secrets().map(|documents| yaml(format!("{BASE}/externalsecret.yaml"), &documents)));
        for job in &self.layout.jobs {
            files.push(yaml(format!("{BASE}/{}.yaml", job.name), &[self.job(job)]));
        }
        for process in self.layout.standalone() {
            files.push(yaml(format!("{BASE}/{}.yaml", process.name), &self.process(process)));
        }
        let tasks: Vec<Document> = self.layout.schedules.iter().map(|schedule| self.cron_job(schedule)).collect();
        if !tasks.is_empty() {
            files.push(yaml(format!("{BASE}/cronjobs.yaml"), &tasks));
        }
        files.extend(self.ingress().map(|ingress| yaml(format!("{BASE}/ingress.yaml"), &[ingress])));
        for scope in settings::scopes(self.layout).into_iter().filter(|scope| self.has_settings(*scope)) {
            files.push(file(format!("{BASE}/{}.env", settings::scope_file(self.layout, scope)), self.base_env(scope)));
        }
        let policies = self.network_policies();
        if !policies.is_empty() {
            files.push(yaml(format!("{BASE}/networkpolicy.yaml"), &policies));
        }
        files.extend(self.base_mounts());
        files.extend(self.patches().into_iter().map(|patch| yaml(format!("{BASE}/{}", patch.path), &[patch.document])));
        files.push(yaml(format!("{BASE}/kustomization.yaml"), &[self.base_kustomization()]));
        files
    }

    fn service_account(&self) -> Document {
        let metadata = Map::new().with("name", self.layout.name.as_str()).with("labels", settings_label());
        Document::new(object("v1", "ServiceAccount", metadata).with("automountServiceAccountToken", false))
    }

    fn deploy(&self) -> String {
        let places: Vec<_> = self.layout.places.iter().map(|place| json!({ "name": place.name, "namespace": place.namespace })).collect();
        let jobs: Vec<_> = self.layout.jobs.iter().map(|job| job.name.as_str()).collect();
        let secrets = self.has_external_secrets();
        template::render("deploy.sh", &json!({ "places": places, "jobs": jobs, "secrets": secrets, "project": self.layout.name }))
    }
}

/// A command, with nothing in it that kubelet would expand.
fn command(words: &[String]) -> List {
    List::command(&words.iter().map(|word| unexpanded(word)).collect::<Vec<_>>())
}

/// `$(NAME)` and `$$` mean something in a command and in the value of a variable: a doubled dollar sign stands for one.
fn unexpanded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        out.push(character);
        if character == '$' && matches!(characters.peek(), Some('$' | '(')) {
            out.push('$');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unexpanded;

    #[test]
    fn kubelet_expands_nothing() {
        assert_eq!(unexpanded("echo $(date) $HOME"), "echo $$(date) $HOME");
        assert_eq!(unexpanded("kill $$ "), "kill $$$ ");
    }
}
