//! Which images can run on a read-only root file system, and what of it must be a volume then.
//!
//! In: an image. Out: the directories that its user could write to, where all of them are known and none holds anything: they become
//! empty volumes. `None` for the others, which stay as they were: their source is root's, so only those directories can be written to.

use crate::blueprint::{Account, Action, Image, Packager, Runtime};
use crate::emit::identity;

/// The volume's name.
pub const VOLUME: &str = "scratch";

/// Where every user of a base image can write.
const EVERYBODY: &[&str] = &["/tmp", "/var/tmp", "/run/lock"];

/// The directories to mount an empty volume on.
#[must_use]
pub fn scratch(image: &Image) -> Option<Vec<String>> {
    // Ruby takes no world-writable directory without a sticky bit for its temporary files, which an emptyDir is; Apache writes where
    // its packages say; a daemon's own image says itself what it writes.
    if !matches!(image.runtime, Runtime::Node(_) | Runtime::Python(_) | Runtime::Java(_) | Runtime::System) || !image.writable.is_empty() {
        return None;
    }
    let user = identity::of(Some(image));
    let mut paths: Vec<String> = EVERYBODY.iter().map(|path| (*path).to_owned()).collect();
    for step in &image.steps {
        match &step.action {
            // A script may have made anything writable, but not one that only writes settings of the package manager's.
            Action::Run { script, .. } if !is_settings(script) => return None,
            Action::Directory { path, owner, group, mode } => {
                let is_own = owner.as_ref().is_some_and(|owner| *owner == user.name || *owner == user.uid.to_string());
                let shared = group.as_ref().is_some_and(|group| *group == user.group || *group == user.gid.to_string());
                if is_own || (shared && digit(mode.as_deref(), 1)) || digit(mode.as_deref(), 0) {
                    paths.push(path.trim_end_matches('/').to_owned());
                }
            }
            _ => {}
        }
    }
    paths.extend(home(image, &user.name));
    // What is configured is read, not written.
    paths.retain(|path| !path.starts_with("/etc/"));
    let mut outer: Vec<String> = paths.iter().filter(|path| !paths.iter().any(|other| is_below(path, other))).cloned().collect();
    outer.dedup();
    let legal =
        |path: &String| path.starts_with('/') && path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
    let hides = |path: &String| {
        *path == image.workdir || is_below(&image.workdir, path) || image.steps.iter().any(|step| fills(&step.action, path))
    };
    (outer.iter().all(legal) && !outer.iter().any(hides)).then_some(outer)
}

/// Whether every line of a script writes or removes a file below `/etc`.
fn is_settings(script: &str) -> bool {
    let writes = |line: &str| (line.starts_with("printf ") || line.starts_with("echo ")) && line.contains(" > /etc/");
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .into_iter()
        .all(|line| (writes(line) || line.starts_with("rm -f /etc/")) && !["&&", "|", "; "].iter().any(|other| line.contains(other)))
}

/// Whether the user has the right to write, by the digit of an octal mode that stands `place` before its end.
fn digit(mode: Option<&str>, place: usize) -> bool {
    let digit = mode.and_then(|mode| mode.chars().rev().nth(place)).and_then(|digit| digit.to_digit(8));
    digit.is_some_and(|digit| digit & 2 != 0)
}

/// The user's home, where the image has it.
fn home(image: &Image, user: &str) -> Option<String> {
    let account: Option<&Account> = image.user.iter().chain(&image.accounts).find(|account| account.name == user);
    match account {
        Some(Account { home: Some(home), .. }) => Some(home.trim_end_matches('/').to_owned()),
        Some(account) if account.system && image.packager != Packager::Apk => None,
        Some(_) => Some(format!("/home/{user}")),
        None if matches!(image.runtime, Runtime::Node(_)) || identity::in_base(image, user).is_none() => Some(format!("/home/{user}")),
        None => None,
    }
}

/// Whether a step lays something out in `folder`, which an empty volume would hide.
fn fills(action: &Action, folder: &str) -> bool {
    match action {
        Action::Copy { to, .. } | Action::CopyFromImage { to, .. } | Action::Download { to, .. } | Action::Checkout { to, .. } => {
            is_below(to, folder) || to == folder
        }
        Action::Link { path, .. } => is_below(path, folder) || path == folder,
        Action::Directory { path, .. } => is_below(path, folder),
        Action::Run { .. } | Action::Remove { .. } | Action::Repository { .. } | Action::Install { .. } => false,
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::{Stage, Step};

    fn image(actions: Vec<Action>) -> Image {
        let steps = actions.into_iter().map(|action| Step { stage: Stage::Dependencies, action, origin: vec![], note: None }).collect();
        Image { runtime: Runtime::Node("22".to_owned()), workdir: "/app".to_owned(), steps, ..Image::default() }
    }

    fn directory(path: &str, owner: &str, mode: &str) -> Action {
        Action::Directory { path: path.to_owned(), owner: Some(owner.to_owned()), group: None, mode: Some(mode.to_owned()) }
    }

    #[test]
    fn what_the_user_can_write_to_becomes_a_volume() {
        let own = image(vec![
            directory("/var/log/app", "node", "0755"),
            directory("/var/spool/app", "root", "1777"),
            directory("/opt/app", "root", "0755"),
            directory("/etc/app", "node", "0755"),
        ]);
        let paths = ["/tmp", "/var/tmp", "/run/lock", "/var/log/app", "/var/spool/app", "/home/node"].map(str::to_owned);
        assert_eq!(scratch(&own), Some(paths.to_vec()));
    }

    #[test]
    fn what_holds_something_or_is_not_known_stays_writable() {
        let file = Action::Copy { from: "a".to_owned(), to: "/var/lib/app/seed".to_owned(), owner: None, group: None, mode: None };
        assert_eq!(scratch(&image(vec![directory("/var/lib/app", "node", "0755"), file])), None);
        let run = Action::Run {
            script: "make".to_owned(),
            interpreter: "sh".to_owned(),
            cwd: None,
            user: None,
            variables: std::collections::BTreeMap::new(),
        };
        assert_eq!(scratch(&image(vec![run.clone()])), None);
        let settings = "printf '%s\\n' 'a \"b\";' > /etc/apt/apt.conf.d/99\nrm -f /etc/apt/sources.list.d/a\n".to_owned();
        let Action::Run { interpreter, cwd, user, variables, .. } = run else { unreachable!() };
        assert!(scratch(&image(vec![Action::Run { script: settings, interpreter, cwd, user, variables }])).is_some());
        assert_eq!(scratch(&image(vec![directory("/app", "node", "0755")])), None);
        assert_eq!(scratch(&Image { runtime: Runtime::Ruby("3.3".to_owned()), ..image(vec![]) }), None);
        assert_eq!(scratch(&Image { writable: vec!["tmp".to_owned()], ..image(vec![]) }), None);
    }
}
