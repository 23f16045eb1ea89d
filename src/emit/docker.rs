//! One multi-target Dockerfile for all images, with what belongs beside it.
//!
//! In: the blueprint's images and rendered files. Out: `Dockerfile`, `docker-bake.hcl`, `.dockerignore`, `.hadolint.yaml`, `container/…`.
//! An image with source has three parts (runtime → libraries → source); a daemon's image has one stage.

mod account;
mod application;
pub(crate) mod bake;
mod copy;
pub mod dependency;
pub(crate) mod ending;
pub(crate) mod instruction;
mod lint;
mod package;
pub(crate) mod product;
pub mod promise;
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
    "ecs",
    "beanstalk",
    "codedeploy",
    "Procfile",
    "terraform",
    "docker-bake.hcl",
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
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let mut files: Vec<Artifact> =
        blueprint.files.iter().map(|rendered| Artifact { path: container_path(&rendered.path), ..rendered.clone() }).collect();
    if blueprint.images.is_empty() {
        return files;
    }
    let layout = Layout::of(blueprint);
    files.push(file("Dockerfile", dockerfile(&layout, options)));
    files.push(file("docker-bake.hcl", bake::bake(&layout, &Stages::of(&layout), options)));
    files.push(file(".dockerignore", ignored(blueprint)));
    files.push(file(".hadolint.yaml", lint::configuration(blueprint)));
    files
}

fn dockerfile(layout: &Layout, options: &Options) -> String {
    let stages = Stages::pinned(layout, options);
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
    for stage in &mut all {
        lint::mark(&mut stage.instructions);
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
        instructions.push(Instruction::plain(format!("WORKDIR {}", script::workdir_path(&item.workdir))).spaced());
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
