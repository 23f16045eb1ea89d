//! From the resource collection to the blueprint: one pass for each section, each claiming the resources it makes something of.
//!
//! In: [`Input`]. Out: the blueprint and one [`Claim`] for every item; what no pass claims stays "unknown" and says so.

pub mod base;
pub mod command;
pub mod encode;
pub mod host;
pub mod input;
pub mod packages;
pub mod process;
pub mod sink;

pub use input::Input;
pub use sink::{Claim, Sink};

use crate::blueprint::Blueprint;
use crate::graph::Graph;
use crate::graph::item::Items;
use crate::outcome::Disposition;
use crate::project::Project;
use crate::source::SourceMap;

/// What the passes made.
#[derive(Debug, Default)]
pub struct Made {
    /// The blueprint.
    pub blueprint: Blueprint,
    /// One disposition for every item, schedule entry and process.
    pub dispositions: Vec<Disposition>,
    /// Sentences about what was assumed.
    pub notes: Vec<String>,
}

/// Runs every pass.
#[must_use]
pub fn run(graph: &Graph, items: &Items, projects: &[Project], sources: &SourceMap, name: &str) -> Made {
    let _ = name;
    let input = Input { graph, items, projects, sources, roots: Vec::new() };
    let sink = Sink::default();
    Made { dispositions: sink.dispositions(&input), ..Made::default() }
}
