//! Supervisors: which files are theirs, and who reads them. A new one is a row.

use super::place::{Place, Reading};
use super::{daemontools, monit, procfile, runit, supervisor, systemd, sysv, upstart, watcher};
use crate::pass::input::RunFile;

/// A supervisor.
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// Whether a file is one of its own: path, name, text.
    pub takes: fn(&str, &str, &str) -> bool,
    /// Reads such a file.
    pub read: fn(&Place<'_>, &RunFile<'_>, &mut Reading),
}

/// In the order of asking.
pub const SUPERVISORS: &[Row] = &[
    Row { name: "systemd", takes: systemd::takes, read: systemd::read },
    Row { name: "upstart", takes: upstart::takes, read: upstart::read },
    Row { name: "init script", takes: sysv::takes, read: sysv::read },
    Row { name: "supervisor", takes: supervisor::takes, read: supervisor::read },
    Row { name: "daemontools", takes: daemontools::takes, read: daemontools::read },
    Row { name: "runit", takes: runit::takes, read: runit::read },
    Row { name: "god", takes: watcher::is_god, read: watcher::god },
    Row { name: "bluepill", takes: watcher::is_bluepill, read: watcher::bluepill },
    Row { name: "eye", takes: watcher::is_eye, read: watcher::eye },
    Row { name: "Procfile", takes: procfile::takes, read: procfile::read },
    Row { name: "monit", takes: monit::takes, read: monit::read },
];

/// Whose file it is.
pub fn of(place: &Place<'_>, file: &RunFile<'_>) -> Option<&'static Row> {
    let text = place.text_of(file)?;
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    SUPERVISORS.iter().find(|row| (row.takes)(file.path, name, &text))
}
