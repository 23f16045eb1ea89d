//! `secrets.md`: every secret, where it was, how to create it. Never a value.

use serde_json::{Value, json};

use crate::blueprint::{Artifact, Blueprint, Mount};
use crate::emit::layout::{Layout, mount_key};
use crate::emit::settings::{self, Kind, Scope};
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
            let name = match variable.images.as_slice() {
                [] => variable.name.clone(),
                images => format!("{} ({})", variable.name, images.join(", ")),
            };
            json!({ "name": name, "places": places.join(", "), "origin": cell(&origin::short(&variable.origin)) })
        })
        .collect();
    let places: Vec<Value> = layout
        .places
        .iter()
        .enumerate()
        .map(|(index, place)| {
            let own = settings::scopes(&layout).into_iter().filter_map(|scope| secret(&layout, index, scope, &files));
            let own: Vec<Value> = own.collect();
            let mounted: Vec<&SecretFile> = files.iter().filter(|file| file.mounted && file.places.contains(&index)).collect();
            let region = place
                .environment
                .and_then(|environment| environment.region.as_ref())
                .map(|region| format!(" --region {region}"))
                .unwrap_or_default();
            json!({
                "name": place.name, "namespace": place.namespace, "secrets": own, "region": region, "mounted": mounted,
            })
        })
        .collect();
    vec![file(
        "secrets.md",
        template::render(
            "secrets.md",
            &json!({ "variables": variables, "files": files, "places": places, "scoped": settings::scopes(&layout).len() > 1 }),
        ),
    )]
}

/// One secret of an environment: that of all, or an image's own; files are in the first.
fn secret(layout: &Layout, index: usize, scope: Scope, files: &[SecretFile]) -> Option<Value> {
    let place = &layout.places[index];
    let here = settings::of_scope(layout, Kind::Secret, scope).into_iter().filter(|variable| layout.at(&variable.value, index).is_some());
    let mut names: Vec<String> = here.map(|variable| variable.name.clone()).collect();
    let variables = !names.is_empty();
    for file in files.iter().filter(|file| scope.is_none() && file.places.contains(&index)) {
        if !names.contains(&file.property) {
            names.push(file.property.clone());
        }
    }
    let part = scope.map(|image| format!("-{}", layout.image_name(image))).unwrap_or_default();
    let name = scope.map_or_else(|| layout.name.clone(), |image| format!("{}-app", layout.image_name(image)));
    (!names.is_empty()).then(|| {
        json!({
            "key": key_of_scope(layout, &key(layout, index), scope), "file": format!("{}{part}.json", place.namespace), "names": names,
            "name": name, "env": format!("{}{part}.env", place.name), "variables": variables,
        })
    })
}

/// The key of an image's own secret, below that of its environment.
pub fn key_of_scope(layout: &Layout, key: &str, scope: Scope) -> String {
    scope.map_or_else(|| key.to_owned(), |image| format!("{key}/{}", layout.image_name(image)))
}

/// The key of an environment's secret: `web-shop/production`.
pub fn key(layout: &Layout, index: usize) -> String {
    format!("{}/{}", layout.name, layout.places[index].name)
}

/// Whether a secret file exists in place `index`: where the secret variable of its name does.
pub fn exists(layout: &Layout, mount: &Mount, index: usize) -> bool {
    let name = property(&layout.mount_name(mount));
    let variable = settings::of_kind(layout, Kind::Secret).into_iter().find(|variable| variable.name == name);
    variable.is_none_or(|variable| layout.at(&variable.value, index).is_some())
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
    /// Indexes of the places that have it.
    places: Vec<usize>,
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
            places: (0..layout.places.len()).filter(|index| exists(layout, mount.item, *index)).collect(),
        });
    }
    for secret in &layout.blueprint.secret_files {
        if !files.iter().any(|file| file.path == cell(&secret.path) && !secret.path.is_empty()) {
            let name = crate::emit::name::dns_label(&secret.name, crate::emit::name::LABEL, "secret");
            let (property, path, origin) = (property(&name), cell(&secret.path), cell(&origin::short(&secret.origin)));
            files.push(SecretFile {
                property,
                path,
                origin,
                key: name.clone(),
                name,
                mounted: false,
                places: (0..layout.places.len()).collect(),
            });
        }
    }
    files
}

/// A cell of a Markdown table.
fn cell(text: &str) -> String {
    origin::one_line(text).replace('|', "\\|")
}
