//! daemontools: `run` scripts below `/service`, as runit's, whose programs are `setuidgid`, `softlimit`, `envdir` and `multilog`.

use super::place::{Place, Reading};
use super::runit;
use crate::pass::input::RunFile;

/// Whether a file is a run script of daemontools.
pub fn takes(path: &str, name: &str, text: &str) -> bool {
    let folder = path.rsplit('/').nth(1).unwrap_or("");
    let own = ["setuidgid", "softlimit", "envdir", "envuidgid"].iter().any(|word| text.contains(word));
    name == "run"
        && folder != "log"
        && (path.starts_with("/service/")
            || path.contains("/daemontools/")
            || path.starts_with("/var/svc")
            || (own && text.starts_with("#!")))
}

/// Reads a run script.
pub fn read(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    runit::script(place, file, "daemontools", reading);
}
