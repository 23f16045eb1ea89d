//! What runs all the time: from what supervisors read, from services of the recipes, and from what is sent to the background.
//!
//! In: files and resources of the runs. Out: [`Found`] processes per environment and layer. Each supervisor is a file here and a row
//! in [`table`]; [`join`] makes one process of what several of them say of it.

mod background;
mod daemon;
mod daemontools;
mod found;
mod join;
mod monit;
mod place;
mod procfile;
pub mod reboot;
mod resources;
mod runit;
mod supervisor;
mod systemd;
mod sysv;
mod table;
mod upstart;
mod watcher;
mod wrappers;

pub use found::{Found, mebibytes};
pub use procfile::from_procfile;
pub use resources::unit_text;
pub use wrappers::wrappers;

use crate::pass::command::Wrappers;
use crate::pass::{Input, Sink};
use place::Reading;

/// Every process of every environment and layer; what cannot be read is said.
#[must_use]
pub fn find(input: &Input<'_>, wrappers: &Wrappers, sink: &mut Sink) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for place in place::all(input, wrappers) {
        let mut found = Vec::new();
        for file in place.files.values() {
            let Some(reader) = table::of(&place, file) else { continue };
            let mut reading = Reading::default();
            (reader.read)(&place, file, &mut reading);
            place.say(file, reader.name, &reading, sink);
            for one in reading.found {
                found::add(&mut found, place.complete(one, Some(file.item)));
            }
        }
        resources::read(&place, &mut found, sink);
        background::read(&place, &mut found);
        reboot::read(&place, &mut found);
        procfile::exported(&place, &mut found);
        let mut found = join::run(&place, found, sink);
        daemon::leave(&mut found, sink);
        daemon::read(&place, &mut found, sink);
        found.iter_mut().for_each(|one| place.decode(one));
        all.extend(found);
    }
    all
}

/// Variables of processes that are not known, or secret: they become settings of the image.
pub fn settings(found: &[Found], mut set: impl FnMut(&str, usize, crate::text::Text, Vec<crate::blueprint::Origin>)) {
    for one in found {
        for (name, value) in &one.unknown {
            set(name, one.environment, value.clone(), one.origin.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_has_each_supervisor_once() {
        let names: Vec<&str> = super::table::SUPERVISORS.iter().map(|row| row.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names.len(), sorted.len());
    }
}
