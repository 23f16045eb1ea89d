//! `secrets.md`: every secret, where it was, what to make anew, how to create it. Never a value.
//!
//! `DB_PASSWORD` of `attributes/default.rb:3` is a line of a table, a line of each environment's JSON, and, as it stood there in clear text,
//! one of those to make anew.

use serde_json::{Value, json};

use crate::blueprint::{Artifact, Blueprint, Exposed, Image, Mount, Origin, Variable};
use crate::emit::docker::dependency;
use crate::emit::docker::instruction::shell_word;
use crate::emit::layout::{Layout, Named, mount_key};
use crate::emit::settings::{self, Kind, Scope};
use crate::emit::{Options, file, origin, template};

/// The secrets target.
#[must_use]
pub fn emit(blueprint: &Blueprint, _options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    let secrets = settings::of_kind(&layout, Kind::Secret);
    let files = files(&layout);
    let logins = logins(&layout);
    if secrets.is_empty() && files.is_empty() && logins.is_empty() && blueprint.exposed.is_empty() {
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
            json!({
                "name": name, "places": places.join(", "), "origin": cell(&origin::short(&variable.origin)),
                "clear": is_exposed(blueprint, variable),
            })
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
                .map(|region| format!(" --region {}", shell_word(region)))
                .unwrap_or_default();
            json!({
                "name": place.name, "namespace": place.namespace, "secrets": own, "region": region, "mounted": mounted,
            })
        })
        .collect();
    let places = if secrets.is_empty() && files.is_empty() { Vec::new() } else { places };
    let context = json!({
        "variables": variables, "files": files, "places": places, "scoped": settings::scopes(&layout).len() > 1,
        "logins": logins, "exposed": exposed(blueprint),
    });
    vec![file("secrets.md", template::render("secrets.md", &context))]
}

/// Whether the variable's value (or a part of it) stood in clear text: something of its name, or of its name and a part.
fn is_exposed(blueprint: &Blueprint, variable: &Variable) -> bool {
    let path = |origin: &Origin| origin.location.path.clone();
    let own: Vec<String> = variable.origin.iter().map(path).collect();
    blueprint.exposed.iter().any(|one| {
        let part = one.name.strip_prefix(variable.name.as_str());
        part == Some("") || part.is_some_and(|part| part.starts_with('_')) && one.origin.iter().any(|origin| own.contains(&path(origin)))
    })
}

/// How many places of a value are named.
const PLACES: usize = 6;

/// What stood in clear text, with its places.
fn exposed(blueprint: &Blueprint) -> Vec<Value> {
    let row = |one: &Exposed| {
        let mut places: Vec<String> = one.origin.iter().map(|origin| origin.location.to_string()).collect();
        if places.len() > PLACES {
            let more = places.len() - PLACES;
            places.truncate(PLACES);
            places.push(format!("{more} more"));
        }
        json!({ "name": cell(&one.name), "places": cell(&places.join(", ")) })
    };
    blueprint.exposed.iter().map(row).collect()
}

/// Logins that builds need.
fn logins(layout: &Layout) -> Vec<Value> {
    let login = |image: &Named<Image>| {
        let source = image.item.source.as_ref()?;
        let file = format!("{}{}", source.folder, source.login.as_ref()?);
        let id = dependency::login_id(layout, &image.name);
        Some(json!({ "image": cell(&image.name), "file": cell(&file), "id": cell(&id), "src": cell(&shell_word(&file)).replace('`', "'") }))
    };
    layout.images.iter().filter_map(login).collect()
}

/// One secret of an environment: that of all, or an image's own; files are in the first.
fn secret(layout: &Layout, index: usize, scope: Scope, files: &[SecretFile]) -> Option<Value> {
    let place = &layout.places[index];
    let (variables, names) = properties(layout, index, scope, files);
    let part = scope.map(|image| format!("-{}", layout.image_name(image))).unwrap_or_default();
    let name = scope.map_or_else(|| layout.name.clone(), |image| format!("{}-app", layout.image_name(image)));
    let contents: Vec<&SecretFile> = files.iter().filter(|file| scope.is_none() && file.places.contains(&index)).collect();
    (!names.is_empty()).then(|| {
        json!({
            "contents": contents,
            "key": key_of_scope(layout, &key(layout, index), scope), "file": format!("{}{part}.json", place.namespace), "names": names,
            "name": name, "env": format!("{}{part}.env", place.name), "variables": variables,
        })
    })
}

/// The properties of the secret of `scope` in place `index`: whether it has variables, and all names; files are in the first.
fn properties(layout: &Layout, index: usize, scope: Scope, files: &[SecretFile]) -> (bool, Vec<String>) {
    let here = settings::of_scope(layout, Kind::Secret, scope).into_iter().filter(|variable| layout.at(&variable.value, index).is_some());
    let mut names: Vec<String> = here.map(|variable| variable.name.clone()).collect();
    let variables = !names.is_empty();
    for file in files.iter().filter(|file| scope.is_none() && file.places.contains(&index)) {
        if !names.contains(&file.property) {
            names.push(file.property.clone());
        }
    }
    (variables, names)
}

/// A secret of an environment, as a store keeps it.
pub struct Stored<'a> {
    /// Its key: `web-shop/production`.
    pub key: String,
    /// The image that alone has it; `None`: all.
    pub scope: Scope<'a>,
    /// The names of its properties.
    pub names: Vec<String>,
}

/// The secrets of place `index` that have properties.
pub fn stored<'a>(layout: &'a Layout, index: usize) -> Vec<Stored<'a>> {
    let files = files(layout);
    let one = |scope: Scope<'a>| {
        let (_, names) = properties(layout, index, scope, &files);
        let key = key_of_scope(layout, &key(layout, index), scope);
        (!names.is_empty()).then_some(Stored { key, scope, names })
    };
    settings::scopes(layout).into_iter().filter_map(one).collect()
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
    /// Where its content lies when it is created.
    local: String,
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
            local: format!("./{}", mount.name),
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
                local: format!("./{name}"),
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
    origin::one_line(text).replace('\\', "\\\\").replace('|', "\\|")
}
