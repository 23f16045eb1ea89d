//! Schedules that processes of the app keep by themselves. Only reported.

use crate::blueprint::{InnerSchedule, Process};
use crate::pass::{Input, Sink};

/// x
pub fn run(_input: &Input<'_>, _processes: &[Process], _sink: &mut Sink) -> Vec<InnerSchedule> {
    Vec::new()
}
