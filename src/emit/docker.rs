//! One multi-target Dockerfile for all images, with what belongs beside it.
//!
//! In: the blueprint's images and rendered files. Out: `Dockerfile`, `.dockerignore`, `.hadolint.yaml`, `container/…`.
//! An image with source has three parts (runtime → libraries → source); a daemon's image has one stage.

mod account;
mod application;
pub mod dependency;
pub(crate) mod ending;
mod instruction;
mod package;
mod repository;
mod script;
pub(crate) mod stage;
mod step;
mod variable;

use serde::Serialize;
use serde_json::json;

use crate::blueprint::{Action, Artifact, Blueprint, Image, Packager, Runtime, Step};
use crate::emit::docker::instruction::Instruction;
use crate::emit::docker::stage::{Chain, Stages};
use crate::emit::layout::{Layout, Named};
use crate::emit::yaml::{Document, List, Map, render};
use crate::emit::{Options, file, identity, origin, template};

pub use step::container_path;

/// One stage of the Dockerfile.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Stage {
    title: String,
    comments: Vec<String>,
    from: String,
    name: String,
    instructions: Vec<Instruction>,
}

/// What no build needs, whatever the project.
const IGNORED: &[&str] = &[
    ".git",
    ".github",
    ".ekiben",
    ".env*",
    "config/master.key",
    "config/credentials/*.key",
    "log/*",
    "tmp/*",
    "vendor/bundle",
    "public/assets",
    "node_modules",
    "coverage",
    "kubernetes",
    "compose*.yaml",
    "buildspec.yml",
    "Dockerfile",
    ".dockerignore",
    "*.md",
    ".hadolint.yaml",
    "container/*.env",
    // For people and for Compose; what is copied into images lies beside them.
    "container/agents",
    "container/mounts",
];

/// The Docker target.
#[must_use]
pub fn emit(blueprint: &Blueprint, _options: &Options) -> Vec<Artifact> {
    let mut files: Vec<Artifact> =
        blueprint.files.iter().map(|rendered| Artifact { path: container_path(&rendered.path), ..rendered.clone() }).collect();
    if blueprint.images.is_empty() {
        return files;
    }
    let layout = Layout::of(blueprint);
    files.push(file("Dockerfile", dockerfile(&layout)));
    files.push(file(".dockerignore", ignored(blueprint)));
    files.push(file(".hadolint.yaml", hadolint(blueprint)));
    files
}

fn dockerfile(layout: &Layout) -> String {
    let stages = Stages::of(layout);
    let installs = |image: &Image| !(image.packages.is_empty() && image.build_packages.is_empty());
    let apt_bases = layout.images.iter().filter(|image| image.item.packager == Packager::Apt && installs(image.item)).count();
    let mut arguments = Vec::new();
    let mut all = Vec::new();
    for image in &layout.images {
        let Some(chain) = stages.get(&image.name) else { continue };
        let scope = if apt_bases > 1 { format!("-{}", chain.last) } else { String::new() };
        arguments.extend(stages.arguments(image));
        match &image.item.source {
            Some(source) => all.extend(application::stages(layout, &stages, chain, image, source, &scope)),
            None => all.push(single(layout, &stages, chain, image, &scope)),
        }
    }
    template::render("Dockerfile", &json!({ "header": header(&arguments), "arguments": arguments, "stages": all }))
}

fn header(arguments: &[stage::Argument]) -> Vec<String> {
    let published: Vec<String> =
        arguments.iter().filter(|argument| argument.published).map(|one| format!("--build-arg {}=...", one.name)).collect();
    if published.is_empty() {
        return vec![
            "Images that replace what the cookbooks set up. Each line names the place in the cookbooks that it comes from.".to_owned(),
        ];
    }
    vec![
        "Three parts, each rebuilt more often than the one before: language -> libraries -> source.".to_owned(),
        format!("CI may publish the first two and pass them back in: {}", published.join(" ")),
    ]
}

/// The stage of an image without source.
fn single(layout: &Layout, stages: &Stages, chain: &Chain, image: &Named<Image>, scope: &str) -> Stage {
    let item = image.item;
    let (repositories, steps): (Vec<&Step>, Vec<&Step>) =
        item.steps.iter().partition(|step| matches!(step.action, Action::Repository { .. }) || package::is_source(step));
    let packages: Vec<_> = item.packages.iter().chain(&item.build_packages).collect();
    let mut instructions = Vec::new();
    instructions.extend(variable::all(item));
    if matches!(item.runtime, Runtime::Daemon(_)) && !(packages.is_empty() && steps.is_empty()) && identity::of(Some(item)).name != "nginx"
    {
        // Official images of daemons may end with another user.
        instructions.push(Instruction::plain("USER 0:0"));
    }
    if package::needs_certificates(item) {
        instructions.extend(package::certificates(item.packager, scope).map(Instruction::spaced));
    }
    instructions.extend(step::instructions(layout, stages, item, &repositories));
    if item.packager == Packager::Apt && !packages.is_empty() {
        instructions.push(package::keep_downloads());
    }
    instructions.extend(package::install(item.packager, &packages, scope).map(Instruction::spaced));
    instructions.extend(account::create(item));
    instructions.extend(step::instructions(layout, stages, item, &steps));
    if !item.workdir.is_empty() {
        instructions.push(Instruction::plain(format!("WORKDIR {}", item.workdir)).spaced());
    }
    instructions.extend(ending::writable(item));
    instructions.extend(ending::ending(layout, item, &image.name));
    let from = stages.arguments(image).first().map_or_else(String::new, |argument| format!("${{{}}}", argument.name));
    let title = match &item.runtime {
        Runtime::Daemon(daemon) if *daemon != chain.last => format!("{}: {daemon} with its configuration", chain.last),
        Runtime::Daemon(_) => format!("{}: the daemon with its configuration", chain.last),
        _ => chain.last.clone(),
    };
    Stage { title: origin::one_line(&title), comments: origin::lines(&item.base_origin), from, name: chain.last.clone(), instructions }
}

fn ignored(blueprint: &Blueprint) -> String {
    let mut lines: Vec<String> = IGNORED.iter().map(|line| (*line).to_owned()).collect();
    for source in blueprint.images.iter().filter_map(|image| image.source.as_ref()) {
        for line in source.ignore.iter().map(|line| format!("{}{line}", source.folder)) {
            if !lines.contains(&line) && !line.contains('\n') {
                lines.push(line);
            }
        }
    }
    template::render("dockerignore", &json!({ "lines": lines }))
}

/// Rules that cannot hold here, with the reason.
fn hadolint(blueprint: &Blueprint) -> String {
    let used = |packager: Packager| blueprint.images.iter().any(|image| image.packager == packager);
    let installs = |tool: &str| {
        let unpinned = |step: &Step| matches!(&step.action, Action::Install { manager, version: None, .. } if manager.starts_with(tool));
        blueprint.images.iter().any(|image| image.steps.iter().any(unpinned))
    };
    let mut rules = List::new();
    for (packager, rule, reason) in [
        (
            Packager::Apt,
            "DL3008",
            "Debian removes superseded versions from its archive: a pin breaks the build, the base image's tag fixes the release",
        ),
        (
            Packager::Yum,
            "DL3033",
            "the repository removes superseded versions: a pin breaks the build, the base image's tag fixes the release",
        ),
        (
            Packager::Dnf,
            "DL3041",
            "the repository removes superseded versions: a pin breaks the build, the base image's tag fixes the release",
        ),
        (Packager::Apk, "DL3018", "Alpine removes superseded versions: a pin breaks the build, the base image's tag fixes the release"),
    ] {
        if used(packager) {
            rules = rules.item(rule).beside(reason);
        }
    }
    for (tool, rule) in [("pip", "DL3013"), ("npm", "DL3016"), ("gem", "DL3028")] {
        if installs(tool) {
            rules = rules.item(rule).beside("the cookbook asks for no version");
        }
    }
    let scripts = |image: &Image| image.steps.iter().filter(|step| matches!(step.action, Action::Run { .. })).count();
    if blueprint.images.iter().any(|image| scripts(image) > 0) {
        rules = rules.item("DL3059").beside("each of the cookbook's commands keeps a layer of its own, with its comment");
    }
    render(&[Document::new(Map::new().with("ignored", rules))])
}
