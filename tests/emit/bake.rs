//! `docker-bake.hcl`: targets that exist, names that the manifests know, images pinned by digest.

use std::collections::{BTreeMap, BTreeSet};

use ekiben::blueprint::Blueprint;
use ekiben::emit::{ALL, Options, emit};

use crate::hcl::unquoted;
use crate::{content, documents, fixture, output};

/// The attributes of a file formed as `terraform fmt` forms it, by the way to them: `target.app.target` → `"app"`.
pub fn attributes(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut way: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = match line.split_once(" = ") {
            Some((name, value)) if !line.starts_with('"') || name.ends_with('"') || name.trim_end().ends_with('"') => (name.trim(), value),
            _ => ("", line),
        };
        let name = name.trim_matches('"').to_owned();
        if line.starts_with(['}', ']', ')']) {
            way.pop().unwrap_or_else(|| panic!("too many ends: {line}\n{text}"));
        } else if let Some(heading) = value.strip_suffix(" {").filter(|_| name.is_empty()) {
            way.push(heading.replace('"', "").replace(' ', "."));
        } else if value.ends_with(['{', '[', '(']) {
            way.push(if name.is_empty() { "-".to_owned() } else { name });
        } else {
            let key: Vec<&str> = way.iter().map(String::as_str).chain([name.as_str()]).collect();
            let old = found.insert(key.join("."), value.to_owned());
            assert!(old.is_none() || way.iter().any(|part| part == "-") || value.ends_with(',') || repeats(&way), "{key:?} twice\n{text}");
        }
    }
    assert!(way.is_empty(), "{way:?} does not end\n{text}");
    found
}

/// Blocks that may stand several times beside each other.
fn repeats(way: &[String]) -> bool {
    way.iter().any(|part| matches!(part.as_str(), "statement" | "condition" | "principals"))
}

/// The names of the stages of a Dockerfile.
pub fn stages(dockerfile: &str) -> BTreeSet<&str> {
    dockerfile.lines().filter(|line| line.starts_with("FROM ")).filter_map(|line| Some(line.split_once(" AS ")?.1)).collect()
}

#[test]
fn every_target_builds_a_stage() {
    for (name, blueprint) in fixture::all() {
        let files = output(&blueprint);
        let Some(bake) = files.iter().find(|file| file.path == "docker-bake.hcl") else { continue };
        let attributes = attributes(&bake.content);
        let stages = stages(content(&files, "Dockerfile"));
        let arguments: BTreeSet<&str> =
            content(&files, "Dockerfile").lines().filter_map(|line| line.strip_prefix("ARG ")?.split('=').next()).collect();
        let mut targets = BTreeSet::new();
        for (key, value) in &attributes {
            let parts: Vec<&str> = key.split('.').collect();
            if let ["target", target, "target"] = parts.as_slice() {
                let stage = unquoted(value).unwrap_or_default();
                assert!(stages.contains(stage.as_str()), "{name}: {target} builds {stage}");
                targets.insert((*target).to_owned());
            }
            if let ["target", "_common", "args", argument] = parts.as_slice() {
                assert!(arguments.contains(argument), "{name}: {argument}");
                assert!(attributes.contains_key(&format!("variable.{argument}.default")), "{name}: {argument} is no variable");
            }
        }
        let group = &attributes["group.default.targets"];
        for target in group.trim_matches(['[', ']']).split(", ").filter_map(unquoted) {
            assert!(targets.contains(&target), "{name}: {target} in {group}");
        }
    }
}

#[test]
fn what_the_overlays_name_is_what_is_built() {
    for (name, blueprint) in fixture::all() {
        let files = output(&blueprint);
        let Some(overlay) = files.iter().find(|file| file.path.contains("overlays/") && file.path.ends_with("/kustomization.yaml")) else {
            continue;
        };
        let bake = files.iter().find(|file| file.path == "docker-bake.hcl").map_or("", |file| file.content.as_str());
        let images = documents(&overlay.content)[0]["images"].as_sequence().cloned().unwrap_or_default();
        for image in images {
            let image = image["name"].as_str().expect("a name").to_owned();
            assert!(bake.contains(&format!("tags       = [reference(\"{image}\")]")), "{name}: {image}\n{bake}");
        }
    }
}

/// An app whose packages come from a registry that asks who it is.
pub fn with_login() -> Blueprint {
    let mut blueprint = fixture::node();
    for source in blueprint.images.iter_mut().filter_map(|image| image.source.as_mut()) {
        source.login = Some(".npmrc".into());
    }
    blueprint
}

#[test]
fn a_login_reaches_what_installs_with_it() {
    let files = output(&with_login());
    let bake = attributes(content(&files, "docker-bake.hcl"));
    assert_eq!(bake.get("target.app.secret").map(String::as_str), Some("[\"id=npmrc,src=.npmrc\"]"));
    assert_eq!(bake.get("target.deps.secret").map(String::as_str), Some("[\"id=npmrc,src=.npmrc\"]"));
    assert_eq!(bake.get("target.node.secret"), None);
}

#[test]
fn images_of_others_are_pinned_where_there_is_a_digest() {
    let digest = format!("sha256:{}", "ab".repeat(32));
    let bases = ["ruby:3.1.4-slim-bookworm", "mysql:8.0"];
    let digests = bases.iter().map(|base| ((*base).to_owned(), digest.clone())).collect();
    let options = Options { targets: vec![ALL.to_owned()], digests, ..Options::default() };
    let files = emit(&fixture::album(), &options);
    let dockerfile = content(&files, "Dockerfile");
    assert!(dockerfile.contains(&format!("ARG BASE_IMAGE=ruby:3.1.4-slim-bookworm@{digest}\n")), "{dockerfile}");
    assert!(dockerfile.contains("base.name=\"ruby:3.1.4-slim-bookworm\""), "{dockerfile}");
    assert!(dockerfile.contains("ARG NGINX_IMAGE=nginx:"), "{dockerfile}");
    let compose = content(&files, "compose.yaml");
    let images: Vec<&str> = compose.lines().filter(|line| line.contains("image: mysql")).map(str::trim).collect();
    assert!(!images.is_empty(), "{compose}");
    assert!(images.iter().all(|image| *image == format!("image: mysql:8.0@{digest}")), "{images:?}");
}

#[test]
fn no_image_holds_what_only_building_and_deploying_need() {
    let files = output(&fixture::album());
    let ignored: Vec<&str> = content(&files, ".dockerignore").lines().collect();
    for path in ["terraform", "kubernetes", "docker-bake.hcl", "buildspec.yml", "compose*.yaml"] {
        assert!(ignored.contains(&path), "{path}");
    }
}
