//! What runs on a schedule: cron resources, crontabs and what writes them, systemd timers, Whenever's schedule of the app.
//!
//! Each entry has one disposition: a schedule of the blueprint, the host's concern, or a person's. What processes of the app do on
//! schedules of their own is in [`inner`].

mod build;
mod crontab;
mod entry;
mod file;
mod host_work;
pub mod inner;
mod name;
mod portable;
mod resource;
mod script;
mod timer;
mod whenever;
mod wrap;

pub use timer::started;

use entry::{Act, Entry, Time, settle};

use crate::blueprint::Schedule;
use crate::outcome::Fate;
use crate::pass::command::{Plain, Wrappers};
use crate::pass::process::reboot::reboot;
use crate::pass::{Input, Sink};

/// What an item makes of cron's tables.
struct Made {
    /// The place of its source among others.
    rank: u8,
    /// Its entries.
    entries: Vec<Entry>,
}

/// Sources of entries that a later recipe may write again or remove.
const TABLES: &[fn(&Input<'_>, &Wrappers, &mut Vec<Act<Made>>, &mut Sink)] = &[resource::find, file::find, script::find];

/// Sources of entries that settle by themselves what is left.
const OTHERS: &[fn(&Input<'_>, &Wrappers, &mut Vec<Entry>, &mut Sink)] = &[timer::find, whenever::find];

/// Finds every schedule entry, makes schedules of those that belong to the app, and says what became of each.
pub fn run(input: &Input<'_>, wrappers: &Wrappers, image_of: &dyn Fn(&Plain) -> Option<String>, sink: &mut Sink) -> Vec<Schedule> {
    let mut acts = Vec::new();
    for find in TABLES {
        find(input, wrappers, &mut acts, sink);
    }
    let mut entries = settled(input, acts, sink);
    for find in OTHERS {
        find(input, wrappers, &mut entries, sink);
    }
    // Another app of the same hosts has its own image, and its own entries.
    entries.retain(|entry| {
        let text = format!("{} {}", entry.original, entry.plain.directory.as_deref().unwrap_or_default());
        input.owns_on(entry.environment, &entry.layer, &text)
    });
    for entry in entries.iter_mut().filter(|entry| entry.time == Time::Reboot) {
        entry.stays = reboot(&entry.original, wrappers).is_some();
    }
    build::build(input, entries, image_of, sink)
}

/// What is left at the end of every layer's events, with claims of the items.
fn settled(input: &Input<'_>, acts: Vec<Act<Made>>, sink: &mut Sink) -> Vec<Entry> {
    let settled = settle(acts);
    let mut kept: Vec<_> = settled.kept.into_iter().filter_map(|act| Some((act.makes?, act.item, act.order.1))).collect();
    kept.sort_by_key(|(made, item, run)| (made.rank, *item, *run));
    let mut entries = Vec::new();
    for (made, item, _) in kept {
        let why = if made.rank == 0 { "a schedule entry" } else { "its lines are schedule entries" };
        sink.claim(item, Fate::Translated, "schedules", why);
        entries.extend(made.entries);
    }
    for (act, by) in settled.gone {
        let by = input.items.list.get(by).map_or("another resource", |item| item.reference.as_str());
        let why = format!("`{by}` removes it or writes it again");
        // Where it stays on another layer it is claimed already, and the first claim counts.
        sink.claim(act.item, Fate::Skipped, "", why.clone());
        entries.extend(act.makes.into_iter().flat_map(|made| made.entries).map(|entry| Entry { gone: Some(why.clone()), ..entry }));
    }
    for (item, removed) in settled.removers {
        let why = if removed {
            "removes an entry that another recipe made: neither is in the output"
        } else {
            "removes a schedule entry that is never made"
        };
        sink.claim(item, Fate::Absorbed, "", why);
    }
    entries
}
