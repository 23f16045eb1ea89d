//! The web server before the app.

use crate::blueprint::{Artifact, Image, Process, Variable};
use crate::pass::{Input, Sink};

/// What the web server becomes.
#[derive(Debug, Default)]
pub struct Proxy {
    /// Its image.
    pub image: Option<Image>,
    /// Its process.
    pub process: Option<Process>,
    /// Its files.
    pub files: Vec<Artifact>,
    /// Its secrets.
    pub variables: Vec<Variable>,
    /// The path that it answers for health checks.
    pub health: Option<String>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// See the module.
pub fn run(_: &Input<'_>, _: &[String], _: Option<&str>, _: u16, _: &mut Sink) -> Proxy {
    Proxy::default()
}
