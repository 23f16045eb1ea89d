//! What processes set for themselves, and what differs between the layers they ran on.

use std::collections::BTreeMap;

use crate::blueprint::{PerEnvironment, Process, Role};
use crate::graph::FileKind;
use crate::pass::Input;
use crate::pass::encode::{Encoded, encode};
use crate::pass::process::Found;
use crate::pass::settings::table::Table;
use crate::pass::settings::value::reason_to_drop;
use crate::read::lexeme::has_hole;
use crate::secrecy;
use crate::text::Text;

/// What one process sets stays with it; the environment's name is everybody's, and a secret has no place in a process.
pub fn gather(input: &Input<'_>, found: &[Found], table: &mut Table) {
    for one in found {
        let mut encoded: Option<Encoded> = None;
        for (name, value) in &one.plain.variables {
            let mode = matches!(name.as_str(), "RAILS_ENV" | "RACK_ENV" | "NODE_ENV") && !value.contains('$');
            let marked = secrecy::mark(name, value, "a variable of a process");
            if has_hole(value) {
                let encoded = encoded.get_or_insert_with(|| text_of(input, one));
                table.set_on(name, one.environment, &one.layer, encoded.decode(value), one.origin.clone());
            } else if mode {
                table.set(name, one.environment, Text::literal(value.as_str()), one.origin.clone());
            } else if marked.is_secret() {
                table.set_on(name, one.environment, &one.layer, marked, one.origin.clone());
            }
        }
    }
}

/// The text that a process was read from, encoded as it was then.
fn text_of(input: &Input<'_>, one: &Found) -> Encoded {
    let of = |file: &crate::pass::input::RunFile<'_>| {
        let run = input.graph.runs.get(file.run);
        one.items.contains(&file.item) && run.is_some_and(|run| run.environment == one.environment && run.layer == one.layer)
    };
    // A later event writes the file again: what it says counts.
    let file = input.files().filter(of).last();
    match file.map(|file| &file.state.kind) {
        Some(FileKind::File(text)) => encode(text),
        _ => Encoded::default(),
    }
}

/// Values that differ between layers go to the processes of those layers; secrets and what is not known leave them.
pub fn by_layer(input: &Input<'_>, table: &Table, processes: &mut [Process]) {
    let count = input.environments();
    for process in processes.iter_mut() {
        let is_secret = |name: &str| table.rows().any(|(known, row)| known == name && row.secret);
        process.variables.retain(|name, value| !is_secret(name) && !value.values.iter().flatten().any(|value| has_hole(value)));
        if process.role == Role::Proxy {
            continue;
        }
        for (name, row) in table.rows().filter(|(name, row)| !row.secret && reason_to_drop(name).is_none()) {
            let mut own: BTreeMap<usize, String> = BTreeMap::new();
            for number in 0..count {
                let layers = row.layers(number);
                let here = process.layers.iter().find_map(|layer| layers.get(layer.as_str()));
                if let Some(value) = here.filter(|value| row.value(number) != Some(value)).and_then(|value| value.known()) {
                    own.insert(number, input.image_path(value));
                }
            }
            if own.is_empty() || process.variables.contains_key(name) {
                continue;
            }
            let values = (0..count).map(|number| {
                let common = || row.value(number).and_then(Text::known).map(|value| input.image_path(value));
                own.get(&number).cloned().or_else(common)
            });
            process.variables.insert(name.to_owned(), PerEnvironment { values: values.collect() });
        }
    }
}
