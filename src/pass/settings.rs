//! The environment as one table: every variable, its value in each environment, where it is set, who reads it.
//!
//! In: the apps' own variables, what files of the runs, resources and processes set, the projects' code. Out: blueprint variables.

mod dotenv;
mod figaro;
mod framework;
mod processes;
pub mod readers;
mod resource;
mod ruby_config;
mod shell;
mod source;
pub mod table;
mod unset;
mod value;
mod web_server;

use std::collections::BTreeSet;

use crate::blueprint::Variable;
use crate::diagnostic::Diagnostic;
use crate::pass::input::at;
use crate::pass::process::Found;
use crate::pass::{Input, Sink};

pub use processes::by_layer;
pub use table::Table;

/// Gathers the variables; files and resources that only set variables become part of the table and are claimed.
#[must_use]
pub fn gather(input: &Input<'_>, found: &[Found], wrapper_files: &BTreeSet<String>, sink: &mut Sink) -> Table {
    let mut table = Table::default();
    for number in 0..input.graph.environments.len() {
        for app in input.apps(number) {
            for (name, value, place) in &app.variables {
                table.set(name, number, value.clone(), at(place.clone(), &format!("environment of the app {}", app.name)));
            }
        }
    }
    resource::gather(input, &mut table, sink);
    let mut files: BTreeSet<String> = wrapper_files.clone();
    files.extend(found.iter().flat_map(|one| one.environment_files.iter().cloned()));
    source::gather(input, found, &files, &mut table, sink);
    processes::gather(input, found, &mut table);
    table
}

/// The blueprint's variables, sorted by name; who reads them comes last ([`readers::settle`]).
#[must_use]
pub fn finish(input: &Input<'_>, table: &Table, sink: &mut Sink) -> Vec<Variable> {
    let kept = table.rows().filter(|(name, _)| value::reason_to_drop(name).is_none());
    for (name, row) in table.rows().filter(|(name, _)| !source::is_name(name)) {
        let path = row.origin.first().map(|origin| origin.location.path.clone()).unwrap_or_default();
        let diagnostic = Diagnostic::warning("C152", format!("`{name}` is no name that every shell and container takes")).in_file(path);
        sink.diagnose(diagnostic.help("use letters, digits and `_`"));
    }
    kept.map(|(name, row)| value::variable(input, name, row, sink)).collect()
}
