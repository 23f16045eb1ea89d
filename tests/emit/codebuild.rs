//! `buildspec.yml`: commands that a shell understands, stages and files that are there, tags of all that is pushed.

use std::collections::BTreeSet;
use std::process::Command;

use ekiben::blueprint::Blueprint;
use ekiben::emit::{Options, emit};

use crate::bake::{attributes, stages};
use crate::{content, documents, fixture, output};

/// The commands of all phases, in order.
fn commands(text: &str) -> Vec<String> {
    let spec = &documents(text)[0];
    let phases = spec["phases"].as_mapping().expect("phases");
    let commands = phases.iter().flat_map(|(_, phase)| phase["commands"].as_sequence().cloned().unwrap_or_default());
    commands.map(|command| command.as_str().expect("a string").to_owned()).collect()
}

fn specs() -> Vec<(&'static str, Blueprint, Vec<ekiben::blueprint::Artifact>)> {
    let all = fixture::all().into_iter().map(|(name, blueprint)| {
        let files = output(&blueprint);
        (name, blueprint, files)
    });
    all.filter(|(_, _, files)| files.iter().any(|file| file.path == "buildspec.yml")).collect()
}

#[test]
fn every_command_is_one_that_bash_can_read() {
    for (name, _, files) in specs() {
        for command in commands(content(&files, "buildspec.yml")) {
            let read = Command::new("bash").args(["-n", "-c", &command]).output().expect("bash");
            assert!(read.status.success(), "{name}: {command}\n{}", String::from_utf8_lossy(&read.stderr));
        }
    }
}

#[test]
fn what_is_built_is_there() {
    for (name, _, files) in specs() {
        let (spec, dockerfile) = (content(&files, "buildspec.yml"), content(&files, "Dockerfile"));
        let (stages, bake) = (stages(dockerfile), attributes(content(&files, "docker-bake.hcl")));
        for command in commands(spec) {
            for (before, after) in [("/ AS (", ")$/"), ("--push ", " ||")] {
                let Some((_, rest)) = command.split_once(before) else { continue };
                let words = rest.split_once(after).map_or(rest, |(words, _)| words);
                for stage in words.split('|') {
                    assert!(stages.contains(stage), "{name}: {stage} in {command}");
                    assert!(before.starts_with('/') || bake.contains_key(&format!("target.{stage}.target")), "{name}: {stage}");
                }
            }
            if let Some(service) = command.strip_prefix("docker compose run --rm --build ") {
                assert!(documents(content(&files, "compose.yaml"))[0]["services"][service].is_mapping(), "{name}: {service}");
            }
        }
    }
}

/// A part that changes has another tag: its stages copy nothing that the tag does not know of.
#[test]
fn tags_know_everything_that_is_copied() {
    let mut checked = 0;
    for (name, _, files) in specs() {
        for command in commands(content(&files, "buildspec.yml")) {
            let Some((_, rest)) = command.split_once("/ AS (") else { continue };
            let made_of: BTreeSet<&str> = rest.split_once(")$/").map_or("", |(stages, _)| stages).split('|').collect();
            let known: Vec<&str> =
                command.lines().find_map(|line| line.split_once(" -cf - -- ")).map_or("", |(_, files)| files).split(' ').collect();
            let mut inside = false;
            for line in content(&files, "Dockerfile").lines() {
                if line.starts_with("FROM ") {
                    inside = line.split_once(" AS ").is_some_and(|(_, stage)| made_of.contains(stage));
                }
                let copies = inside && line.starts_with("COPY ") && !line.contains("--from=") && !line.contains("<<");
                let mut files: Vec<&str> = Vec::new();
                if copies && !line.contains('[') && !line.ends_with('\\') {
                    let words: Vec<&str> = line.split(' ').skip(1).filter(|word| !word.starts_with("--")).collect();
                    files.extend(&words[..words.len() - 1]);
                }
                let lent = line.split_once("--mount=type=bind,source=").and_then(|(_, rest)| rest.split(',').next());
                files.extend(lent.filter(|_| inside));
                files.extend(line.strip_suffix(" \\").map(str::trim_start).filter(|file| inside && file.starts_with("container/")));
                for file in files {
                    assert!(known.contains(&file), "{name}: {file} of {line}\n{command}");
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 2, "{checked}");
}

#[test]
fn what_runs_is_pushed_under_the_tag_of_the_commit() {
    let files = output(&fixture::album());
    let spec = content(&files, "buildspec.yml");
    for image in ["photo-album", "photo-album-nginx"] {
        assert!(spec.contains(&format!("docker push \"$REGISTRY/{image}:$TAG\"\n")), "{spec}");
        assert!(spec.contains(&format!("\"{image}\":\"%s\"")), "{spec}");
    }
    assert!(spec.contains("export DEPS_IMAGE=\"$REGISTRY/photo-album-deps:$content\""), "{spec}");
    assert!(spec.contains("docker compose run --rm --build test"), "{spec}");
    let parsed = &documents(spec)[0];
    assert_eq!(parsed["version"].as_f64(), Some(0.2));
    for phase in ["pre_build", "build", "post_build"] {
        assert_eq!(parsed["phases"][phase]["on-failure"].as_str(), Some("ABORT"), "{phase}");
    }
}

#[test]
fn no_registry_stands_in_it() {
    let options = Options { registry: Some("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop".to_owned()), ..Options::default() };
    let files = emit(&fixture::album(), &options);
    assert!(!content(&files, "buildspec.yml").contains("123456789012"), "{}", content(&files, "buildspec.yml"));
    assert!(content(&files, "buildspec.yml").contains("kubernetes/**/*"));
}

#[test]
fn a_login_comes_from_the_project() {
    let files = output(&crate::bake::with_login());
    let spec = content(&files, "buildspec.yml");
    assert!(spec.contains("test -f .npmrc || { test -n \"$NPMRC\" && printf '%s\\n' \"$NPMRC\" > .npmrc; }"), "{spec}");
}

#[test]
fn without_the_other_targets_nothing_refers_to_them() {
    let only = |targets: &[&str]| {
        let options = Options { targets: targets.iter().map(|target| (*target).to_owned()).collect(), ..Options::default() };
        content(&emit(&fixture::album(), &options), "buildspec.yml").to_owned()
    };
    let spec = only(&["docker", "codebuild"]);
    assert!(!spec.contains("docker compose") && !spec.contains("kubernetes"), "{spec}");
}
