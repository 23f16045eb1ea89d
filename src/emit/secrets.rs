//! `secrets.md`: every secret, where it was, how to create it. Never a value.

use serde_json::{Value, json};

use crate::blueprint::{Artifact, Blueprint};
use crate::emit::layout::{Layout, mount_key};
use crate::emit::settings::{self, Kind};
use crate::emit::{Options, file, origin, template};

/// The secrets target.
#[must_use]
pub fn emit(blueprint: &Blueprint, _options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    let secrets = settings::of_kind(&layout, Kind::Secret);
    let files = files(&layout);
    if secrets.is_empty() && files.is_empty() {
        return Vec::new();
    }
    let variables: Vec<Value> = secrets
        .iter()
        .map(|variable| {
            let places: Vec<&str> = (0..layout.places.len())
                .filter(|index| layout.at(&variable.value, *index).is_some())
                .map(|index| layout.places[index].name.as_str())
                .collect();
            json!({ "name": variable.name, "places": places.join(", "), "origin": cell(&origin::short(&variable.origin)) })
        })
        .collect();
    let places: Vec<Value> = layout
        .places
        .iter()
        .enumerate()
        .map(|(index, place)| {
            let here = secrets.iter().filter(|variable| layout.at(&variable.value, index).is_some()).map(|variable| variable.name.clone());
            let names: Vec<String> = here.chain(files.iter().map(|file| file.property.clone())).collect();
            let region = place
                .environment
                .and_then(|environment| environment.region.as_ref())
                .map(|region| format!(" --region {region}"))
                .unwrap_or_default();
            json!({
                "name": place.name, "namespace": place.namespace, "key": key(&layout, index),
                "file": format!("{}.json", place.namespace), "names": names, "region": region,
            })
        })
        .collect();
    vec![file(
        "secrets.md",
        template::render("secrets.md", &json!({ "variables": variables, "files": files, "places": places, "project": layout.name })),
    )]
}

/// The key of an environment's secret: `photo-album/production`.
pub fn key(layout: &Layout, index: usize) -> String {
    format!("{}/{}", layout.name, layout.places[index].name)
}

/// The property of a secret file: `BASIC_AUTH` for `basic-auth`.
pub fn property(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

/// A secret that is a file.
#[derive(serde::Serialize)]
struct SecretFile {
    name: String,
    property: String,
    path: String,
    origin: String,
    key: String,
    mounted: bool,
}

fn files(layout: &Layout) -> Vec<SecretFile> {
    let mut files: Vec<SecretFile> = Vec::new();
    for mount in layout.mounts.iter().filter(|mount| mount.item.content.is_none()) {
        files.push(SecretFile {
            name: mount.name.clone(),
            property: property(&mount.name),
            path: cell(&mount.item.path),
            origin: cell(&origin::short(&mount.item.origin)),
            key: mount_key(mount.item),
            mounted: true,
        });
    }
    for secret in &layout.blueprint.secret_files {
        if !files.iter().any(|file| file.path == cell(&secret.path) && !secret.path.is_empty()) {
            let name = crate::emit::name::dns_label(&secret.name, crate::emit::name::LABEL, "secret");
            let (property, path, origin) = (property(&name), cell(&secret.path), cell(&origin::short(&secret.origin)));
            files.push(SecretFile { property, path, origin, key: name.clone(), name, mounted: false });
        }
    }
    files
}

/// A cell of a Markdown table.
fn cell(text: &str) -> String {
    origin::one_line(text).replace('|', "\\|")
}
