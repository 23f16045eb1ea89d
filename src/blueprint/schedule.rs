//! What runs on a schedule, and what runs once per release.

use std::collections::BTreeMap;

use super::{Mount, Origin, PerEnvironment};

/// Something that runs on a schedule.
#[derive(Debug, Clone, Default)]
pub struct Schedule {
    /// A DNS label of at most 52 characters: `daily-digest`.
    pub name: String,
    /// The image it runs in.
    pub image: String,
    /// Five cron fields in a form that Kubernetes reads the same way; `None` for `@reboot` and others that have none.
    pub cron: PerEnvironment<String>,
    /// As written in the source: `every 1.week`, `15 2 1 * *`.
    pub written: String,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// The command in exec form.
    pub command: PerEnvironment<Vec<String>>,
    /// The command as cron had it, wrappers and redirections included.
    pub original: String,
    /// The user cron ran it as.
    pub user: Option<String>,
    /// The directory it ran in, as a path of the image; the work directory where nothing says so.
    pub directory: Option<String>,
    /// Whom its output was mailed to.
    pub mail: Option<String>,
    /// Where its output went: files, `syslog`, `/dev/null`; empty for the mail that cron sends.
    pub output: Vec<String>,
    /// Whether a second run may start while the first is under way.
    pub overlap: Overlap,
    /// What it stood in: `cron`, `cron.d`, `crontab`, `systemd timer`, `whenever`, `sidekiq-cron`, `clockwork`.
    pub kind: String,
    /// The layers it ran on.
    pub layers: Vec<String>,
    /// Variables of this entry alone.
    pub variables: BTreeMap<String, String>,
    /// Files that only the running system may hold, as those of a process.
    pub mounts: Vec<Mount>,
    /// Emitted but not running: why.
    pub suspended: Option<String>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
    /// Surprises that a reader must know: "runs on days 1, 8, 15 and 22, not weekly".
    pub notes: Vec<String>,
}

/// Something that runs once per release.
#[derive(Debug, Clone)]
pub struct Job {
    /// A DNS label: `migrate`.
    pub name: String,
    /// The image it runs in.
    pub image: String,
    /// The command in exec form.
    pub command: Vec<String>,
    /// Files that only the running system may hold, as those of a process.
    pub mounts: Vec<Mount>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
    /// Words for the reader.
    pub notes: Vec<String>,
}

/// Whether a second run may start while the first is under way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Overlap {
    /// It may: cron never looks.
    #[default]
    Allowed,
    /// It may not, and why: `flock`, a systemd service is started once.
    Forbidden(String),
}

/// A schedule that a process of the app keeps by itself: sidekiq-cron, sidekiq-scheduler, clockwork, resque-scheduler. No target makes
/// anything of it: the process goes on doing it.
#[derive(Debug, Clone, Default)]
pub struct InnerSchedule {
    /// Its name in the file.
    pub name: String,
    /// `sidekiq-cron`, `clockwork`, …
    pub kind: String,
    /// As written: `*/5 * * * * Asia/Tokyo`, `every 1.day, at: '00:00'`.
    pub written: String,
    /// Five cron fields with the same meaning, where there are such.
    pub cron: Option<String>,
    /// IANA time zone, where the entry or its file says one.
    pub time_zone: Option<String>,
    /// What it does: the job's class with its arguments, or the name that the handler gets.
    pub does: String,
    /// The queue, where it says one.
    pub queue: Option<String>,
    /// The process that keeps it: [`super::Process::name`]; `None` where no such process was found.
    pub process: Option<String>,
    /// Where it stands.
    pub origin: Vec<Origin>,
    /// Words for the reader.
    pub notes: Vec<String>,
}
