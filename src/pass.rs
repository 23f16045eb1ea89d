//! From the resource collection to the blueprint: one pass for each section, each claiming the resources it makes something of.
//!
//! In: [`Input`]. Out: the blueprint and one [`Claim`] for every item; what no pass claims stays "unknown" and says so.

pub mod app_root;
pub mod assemble;
pub mod base;
pub mod calls;
pub mod checkout;
pub mod command;
pub mod configuration;
pub mod database;
pub mod encode;
pub mod ends;
pub mod evaluate;
pub mod exposed;
pub mod files;
pub mod folders;
pub mod host;
pub mod image;
pub mod input;
pub mod label;
pub mod merge;
pub mod mounts;
pub mod output;
pub mod packages;
pub mod part;
pub mod php_image;
pub mod pool;
pub mod process;
pub mod program;
pub mod proxy;
pub mod release;
pub mod routes;
pub mod runtime;
pub mod schedule;
pub mod scripts;
pub mod settings;
pub mod sink;
pub mod size;
pub mod stop;
pub mod stores;
pub mod sudo;
pub mod unit;
pub mod web;
pub mod worker;

pub use input::Input;
pub use sink::{Claim, Sink};

use crate::blueprint::Blueprint;
use crate::graph::Graph;
use crate::graph::item::Items;
use crate::outcome::{Disposition, Share};
use crate::project::Project;
use crate::source::SourceMap;

/// What the passes made.
#[derive(Debug, Default)]
pub struct Made {
    /// The blueprint.
    pub blueprint: Blueprint,
    /// One disposition for every item, schedule entry and process.
    pub dispositions: Vec<Disposition>,
    /// Which runs each image was made of.
    pub shares: Vec<Share>,
    /// Where apps lie on the hosts, and where that is in their images.
    pub folders: Vec<(String, String)>,
    /// Sentences about what was assumed.
    pub notes: Vec<String>,
    /// What there is to say of the input.
    pub diagnostics: Vec<crate::diagnostic::Diagnostic>,
}

/// Runs every pass.
#[must_use]
pub fn run(graph: &Graph, items: &Items, projects: &[Project], sources: &SourceMap, name: &str) -> Made {
    assemble::run(graph, items, projects, sources, name)
}
