//! What a conversion of the same files would give, as names: images, processes, schedules, volumes, stores.
//!
//! In: the [`Outcome`] of [`crate::compile::design`]. Out: [`Forecast`].

use super::{Forecast, Forecasted};
use crate::outcome::Outcome;
use crate::report::mask::Masker;

/// The forecast of `outcome`.
#[must_use]
pub fn forecast(outcome: &Outcome, masker: &Masker) -> Forecast {
    let blueprint = &outcome.blueprint;
    let item = |name: &str, what: &str| Forecasted { name: name.to_owned(), what: masker.message(what) };
    let mut volumes: Vec<Forecasted> =
        blueprint.processes.iter().flat_map(|process| &process.volumes).map(|volume| item(&volume.name, &volume.path)).collect();
    volumes.sort();
    volumes.dedup();
    let command = |words: Option<&Vec<String>>| words.map(|words| words.join(" ")).unwrap_or_default();
    Forecast {
        images: blueprint.images.iter().map(|image| item(&image.name, &image.base)).collect(),
        processes: blueprint.processes.iter().map(|process| item(&process.name, &command(process.command.base()))).collect(),
        schedules: blueprint.schedules.iter().map(|schedule| item(&schedule.name, &schedule.written)).collect(),
        volumes,
        stores: blueprint.stores.iter().map(|store| item(&store.name, &store.engine)).collect(),
        variables: blueprint.variables.len(),
        secrets: blueprint.variables.iter().filter(|variable| variable.secret).count() + blueprint.secret_files.len(),
        tasks: blueprint.tasks.len(),
        notes: outcome.notes.iter().map(|note| masker.message(note)).collect(),
    }
}
