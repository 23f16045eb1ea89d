//! What comes out for blueprints made by hand.
#![allow(clippy::disallowed_methods)]

mod bake;
mod codebuild;
mod compose;
mod dockerfile;
mod ecs;
mod fixture;
mod hcl;
mod hostile;
mod hosts;
mod kubernetes;
mod manifest;
mod options;
mod terraform;
mod tree;
mod yaml;

use ekiben::blueprint::{Artifact, Blueprint};
use ekiben::emit::{ALL, Options, emit};

/// The output tree of every target, with default options.
pub fn output(blueprint: &Blueprint) -> Vec<Artifact> {
    emit(blueprint, &Options { targets: vec![ALL.to_owned()], ..Options::default() })
}

/// The content of one file.
pub fn content<'a>(files: &'a [Artifact], path: &str) -> &'a str {
    files.iter().find(|file| file.path == path).map_or_else(|| panic!("no {path}"), |file| file.content.as_str())
}

/// The documents of a YAML text.
pub fn documents(text: &str) -> Vec<serde_yaml::Value> {
    use serde::Deserialize;
    serde_yaml::Deserializer::from_str(text)
        .map(|document| serde_yaml::Value::deserialize(document).unwrap_or_else(|error| panic!("{error}\n{text}")))
        .collect()
}
