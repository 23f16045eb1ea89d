//! Schedules and one-off jobs as they are shown.

use super::item::{Field, Item};
use crate::blueprint::{InnerSchedule, Job, Overlap, Schedule};

/// The item of a schedule entry; `names` are those of the environments.
pub fn schedule(schedule: &Schedule, names: &[String]) -> Item {
    let overlap = match &schedule.overlap {
        Overlap::Allowed => String::new(),
        Overlap::Forbidden(why) => format!("forbidden: {why}"),
    };
    Item::new("schedule", &schedule.name)
        .from(&schedule.origin)
        .text("image", &schedule.image)
        .text("written", &schedule.written)
        .each("cron", &schedule.cron, names, |cron| Field::Text(cron.clone()))
        .maybe("time_zone", schedule.time_zone.as_ref())
        .each("command", &schedule.command, names, |words| Field::Words(words.clone()))
        .text("original", &schedule.original)
        .maybe("user", schedule.user.as_ref())
        .maybe("directory", schedule.directory.as_ref())
        .list("environment", schedule.variables.iter().map(|(name, value)| format!("{name}={value}")))
        .maybe("mail", schedule.mail.as_ref())
        .list("output", &schedule.output)
        .text("overlap", overlap)
        .maybe("suspended", schedule.suspended.as_ref())
        .text("kind", &schedule.kind)
        .list("layers", &schedule.layers)
        .list("mounts", schedule.mounts.iter().map(|mount| format!("{} {}", mount.name, mount.path)))
        .list("notes", &schedule.notes)
}

/// The item of a schedule that a process keeps by itself.
pub fn inner(schedule: &InnerSchedule) -> Item {
    Item::new("inner schedule", &schedule.name)
        .from(&schedule.origin)
        .text("kind", &schedule.kind)
        .text("written", &schedule.written)
        .maybe("cron", schedule.cron.as_ref())
        .maybe("time_zone", schedule.time_zone.as_ref())
        .text("does", &schedule.does)
        .maybe("queue", schedule.queue.as_ref())
        .maybe("process", schedule.process.as_ref())
        .list("notes", &schedule.notes)
}

/// The item of a one-off job.
pub fn job(job: &Job) -> Item {
    Item::new("job", &job.name)
        .from(&job.origin)
        .text("image", &job.image)
        .with("command", Field::Words(job.command.clone()))
        .list("mounts", job.mounts.iter().map(|mount| format!("{} {}", mount.name, mount.path)))
        .list("notes", &job.notes)
}
