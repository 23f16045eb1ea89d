//! ekiben compiles Chef cookbooks, above all those of AWS `OpsWorks` stacks, and the Rails project they deploy,
//! into the Dockerfiles, Compose files and Kubernetes manifests that replace them.
//!
//! The pipeline: files → [`read`] (syntax) → `chef` on `ruby` (evaluation) → [`graph`] (the resource collection)
//! → `pass` → [`blueprint`] → `emit` → a tree of files. ARCHITECTURE.md tells the whole.

// Tests read their cases from the disk.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

pub mod audit;
pub mod blueprint;
pub mod chef;
pub mod cli;
pub mod clockwork;
pub mod compile;
pub mod diagnostic;
pub mod emit;
pub mod facts;
pub mod graph;
pub mod name;
pub mod outcome;
pub mod pass;
pub mod project;
pub mod read;
pub mod report;
pub mod ruby;
pub mod secrecy;
pub mod source;
pub mod survey;
pub mod text;
pub mod unsupported;
pub mod verify;
pub mod watchers;
pub mod whenever;

/// Converts a repository: evaluates its cookbooks for every environment, layer and event, and makes the container set-up.
///
/// Never fails: what cannot be understood becomes a diagnostic and a disposition.
#[must_use]
pub fn compile(sources: &source::SourceMap, options: &outcome::Options) -> outcome::Outcome {
    compile::compile(sources, options)
}
