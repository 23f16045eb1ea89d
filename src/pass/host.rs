//! What concerns hosts and not containers.

use crate::blueprint::Origin;
use crate::pass::Input;

/// The hosts' time zone, with the places that set it.
#[must_use]
pub fn time_zone(input: &Input<'_>) -> Option<(String, Vec<Origin>)> {
    let zone = input.graph.runs.iter().find_map(|run| run.time_zone.clone())?;
    Some((zone, Vec::new()))
}
