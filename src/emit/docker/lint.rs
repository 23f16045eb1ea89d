//! What hadolint is told: which rules cannot hold here and why, and in which shell a script runs.
//!
//! In: the blueprint, and a stage's instructions. Out: `.hadolint.yaml`, and pragmas in the comments above instructions.

use crate::blueprint::{Action, Blueprint, Image, Packager, Step};
use crate::emit::docker::instruction::{Instruction, Kind};
use crate::emit::yaml::{Document, List, Map, render};

/// What runs a script without a `#!` line.
const SHELL: &str = "/bin/sh";

/// Adds the pragmas that `instructions`, those of one stage, need.
pub fn mark(instructions: &mut [Instruction]) {
    let mut shell = SHELL.to_owned();
    for instruction in instructions.iter_mut() {
        let wanted = match &instruction.kind {
            Kind::Script { head, body, .. } if head.is_empty() => shell_of(body),
            Kind::Script { .. } | Kind::Lines { keyword: "RUN", .. } => SHELL.to_owned(),
            Kind::Plain { text } if text.starts_with("RUN ") => SHELL.to_owned(),
            _ => continue,
        };
        if wanted != shell {
            instruction.comments.push(format!("hadolint shell={wanted}"));
            shell = wanted;
        }
    }
    for instruction in instructions.iter_mut() {
        let Some(user) = user_of(instruction).map(str::to_owned) else { continue };
        if !user.starts_with(|c: char| c.is_ascii_digit()) {
            instruction.comments.push("A package or script brings the user along, with a number that is not known here.".to_owned());
            instruction.comments.push("hadolint ignore=DL3066".to_owned());
        }
    }
    let last = instructions.iter_mut().rev().find(|instruction| user_of(instruction).is_some());
    if let Some(instruction) = last.filter(|instruction| user_of(instruction).is_some_and(|user| user.starts_with("0:"))) {
        instruction.comments.push("The stage after this one goes on as root, and ends as another user.".to_owned());
        instruction.comments.push("hadolint ignore=DL3002".to_owned());
    }
}

/// The shell that a script's first line names, as far as hadolint knows it.
fn shell_of(body: &str) -> String {
    let program = body.lines().next().and_then(|line| line.strip_prefix("#!")).and_then(|line| line.split_whitespace().next());
    let known = program.filter(|program| matches!(program.rsplit('/').next(), Some("bash" | "ksh" | "dash")));
    known.unwrap_or(SHELL).to_owned()
}

fn user_of(instruction: &Instruction) -> Option<&str> {
    match &instruction.kind {
        Kind::Plain { text } => text.strip_prefix("USER "),
        _ => None,
    }
}

/// `.hadolint.yaml`: rules that cannot hold here, with the reason.
#[must_use]
pub fn configuration(blueprint: &Blueprint) -> String {
    let used = |packager: Packager| blueprint.images.iter().any(|image| image.packager == packager);
    let installs = |tool: &str| {
        let unpinned = |step: &Step| match &step.action {
            Action::Install { manager, version: None, .. } => manager.starts_with(tool),
            Action::Run { script, .. } => script.contains(&format!("{tool} install")) || script.contains(&format!("{tool}3 install")),
            _ => false,
        };
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
    let pipes = |step: &Step| matches!(&step.action, Action::Run { script, .. } if script.contains('|'));
    if blueprint.images.iter().any(|image| image.steps.iter().any(pipes)) {
        rules = rules.item("DL4006").beside("the cookbook's scripts run as they did: there, too, the last part of a pipe decided");
    }
    render(&[Document::new(Map::new().with("ignored", rules))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments(mut instructions: Vec<Instruction>) -> Vec<String> {
        mark(&mut instructions);
        instructions.into_iter().map(|one| one.comments.join("; ")).collect()
    }

    #[test]
    fn a_change_of_shell_is_said_once() {
        let bash = || Instruction::script("", "#!/bin/bash -e\nsource /x");
        let found = comments(vec![bash(), Instruction::plain("COPY a b"), bash(), Instruction::script("", "a | b"), bash()]);
        assert_eq!(found, ["hadolint shell=/bin/bash", "", "", "hadolint shell=/bin/sh", "hadolint shell=/bin/bash"]);
        assert_eq!(comments(vec![Instruction::script("ruby ", "puts 1"), Instruction::plain("RUN true")]), ["", ""]);
    }

    #[test]
    fn users_without_a_number_and_stages_that_stay_root_say_why() {
        let user = |name: &str| Instruction::plain(format!("USER {name}"));
        let found = comments(vec![user("postgres:postgres"), user("0:0")]);
        assert!(found[0].ends_with("hadolint ignore=DL3066") && found[1].ends_with("hadolint ignore=DL3002"), "{found:?}");
        assert_eq!(comments(vec![user("0:0"), user("33:33")]), ["", ""]);
    }
}
