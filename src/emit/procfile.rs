//! `Procfile`: each process on a line, for platforms and for foreman, overmind and the like.
//!
//! In: the blueprint. Out: `web: bundle exec puma -C config/puma.rb`, `release:` with what runs once per release. Comments are no part
//! of the format and there are none. Daemons with an image of their own (proxies) are left out: the platform has them.

use crate::blueprint::{Artifact, Blueprint, Process, Role};
use crate::emit::docker::instruction::shell_word;
use crate::emit::layout::{Layout, Named};
use crate::emit::{Options, file, settings};

/// The Procfile target.
#[must_use]
pub fn emit(blueprint: &Blueprint, _options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    let mut lines: Vec<String> = Vec::new();
    let jobs: Vec<String> = layout.jobs.iter().map(|job| line(&layout, &job.item.image, &job.item.command)).collect();
    let jobs: Vec<String> = jobs.into_iter().filter(|job| !job.is_empty()).collect();
    if !jobs.is_empty() {
        lines.push(format!("release: {}", jobs.join(" && ")));
    }
    let processes: Vec<&Named<Process>> = layout.standalone().filter(|process| !layout.is_daemon(&process.item.image)).collect();
    for process in &processes {
        let words = process.item.command.base().map(Vec::as_slice).unwrap_or_default();
        let command = line(&layout, &process.item.image, words);
        if !command.is_empty() {
            lines.push(format!("{}: {}{command}", type_of(process, &processes), variables(&layout, process.item)));
        }
    }
    if lines.is_empty() { Vec::new() } else { vec![file("Procfile", lines.join("\n") + "\n")] }
}

/// The process type: platforms send requests to `web`, which is what the only web process is called.
fn type_of(process: &Named<Process>, all: &[&Named<Process>]) -> String {
    let webs = all.iter().filter(|other| other.item.role == Role::Web).count();
    let free = !all.iter().any(|other| other.name == "web");
    let name = if process.item.role == Role::Web && webs == 1 && free { "web" } else { process.name.as_str() };
    // What the platform runs before a release.
    if name == "release" { "release-process".to_owned() } else { name.to_owned() }
}

/// A command for a shell; the image's own where there is none.
fn line(layout: &Layout, image: &str, words: &[String]) -> String {
    let own = layout.image(image).map(|image| image.item.command.as_slice()).unwrap_or_default();
    let words = if words.is_empty() { own } else { words };
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}

/// Variables of the process alone that are the same everywhere: `env A=1 `.
fn variables(layout: &Layout, process: &Process) -> String {
    let usable = process
        .variables
        .iter()
        .filter(|(name, value)| settings::is_name(name) && !settings::is_secret(layout, name) && layout.is_same(value));
    let values = usable.filter_map(|(name, value)| Some((name, value.base()?)));
    let all: Vec<String> = values.map(|(name, value)| format!("{name}={}", shell_word(value))).collect();
    if all.is_empty() { String::new() } else { format!("env {} ", all.join(" ")) }
}
