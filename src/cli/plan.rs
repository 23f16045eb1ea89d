//! What a run would do to the output folder, file by file, before anything is written.
//!
//! In: the folder as it stands, its [`Manifest`], and the new tree. Out: [`Plan`]: `Dockerfile` is new, changed, unchanged, kept (because a
//! person changed it) or removed (because it is no longer made).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::manifest::{Manifest, digest, is_inside};
use crate::blueprint::Artifact;
use crate::diagnostic::Diagnostic;

/// What happens to a file of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// There was none.
    New,
    /// It replaces an older one.
    Changed,
    /// It stands there already.
    Unchanged,
    /// A person's file stands there; the new version is not written.
    Kept,
    /// It was written earlier and is no longer made.
    Removed,
}

impl State {
    /// All states, in the order of the summary.
    pub const ALL: [Self; 5] = [Self::New, Self::Changed, Self::Unchanged, Self::Kept, Self::Removed];

    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Kept => "kept",
            Self::Removed => "removed",
        }
    }
}

/// One file of the output.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    /// Path inside the output folder.
    pub path: String,
    /// Bytes of the new version.
    pub size: usize,
    /// Octal digits of the new version's mode.
    pub mode: String,
    /// What happens to it.
    pub state: State,
}

/// Everything that a run does to the output folder.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files, by path.
    pub entries: Vec<Entry>,
    /// What the manifest says afterwards.
    pub manifest: Manifest,
    /// Files that are kept although a new version was made.
    pub diagnostics: Vec<Diagnostic>,
}

/// How much a run may do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Permission {
    /// Overwrite and remove what was changed by hand.
    pub force: bool,
    /// Remove what is no longer made; not where only some targets were asked for.
    pub remove: bool,
}

impl Plan {
    /// What writing `tree` to `out` would do.
    pub fn make(out: &Path, tree: &[Artifact], permission: Permission) -> Self {
        let before = Manifest::read(out);
        let mut plan = Self::default();
        let mut seen = BTreeSet::new();
        for artifact in tree {
            if !is_inside(&artifact.path) || !seen.insert(artifact.path.as_str()) {
                let message = format!("the output `{}` is not written: its path is taken or leads out of the folder", artifact.path);
                plan.diagnostics.push(Diagnostic::error("C023", message).help("rename the resource that it is made from"));
                continue;
            }
            plan.place(out, artifact, &before, permission);
        }
        let stale: Vec<(&String, &String)> = before.files.iter().filter(|(path, _)| !seen.contains(path.as_str())).collect();
        for (path, known) in stale {
            plan.leave(out, path, known, permission);
        }
        plan.entries.sort_by(|one, other| one.path.cmp(&other.path));
        plan
    }

    fn place(&mut self, out: &Path, artifact: &Artifact, before: &Manifest, permission: Permission) {
        let path = &artifact.path;
        let new = digest(artifact.content.as_bytes());
        let known = before.files.get(path);
        let state = match standing(out, path) {
            Standing::Nothing => State::New,
            Standing::Blocked => {
                let diagnostic = Diagnostic::error("C022", format!("`{path}` is not written: a folder or link stands in its way"));
                self.diagnostics.push(diagnostic.in_file(path.clone()).help("move it away, or write to another folder"));
                State::Kept
            }
            Standing::File { digest, executable } if digest == new => {
                if executable == (artifact.mode & 0o111 != 0) {
                    State::Unchanged
                } else {
                    State::Changed
                }
            }
            Standing::File { digest, .. } if known == Some(&digest) || permission.force => State::Changed,
            Standing::Link if permission.force => State::Changed,
            Standing::File { .. } | Standing::Link => {
                let message = if known.is_some() {
                    format!("`{path}` was changed by hand: it is kept, and the new version is not written")
                } else {
                    format!("`{path}` was not written by ekiben: it is kept, and the new version is not written")
                };
                let help = "move your changes to a file of your own, or overwrite it with `--force`";
                self.diagnostics.push(Diagnostic::warning("C020", message).in_file(path.clone()).help(help));
                State::Kept
            }
        };
        let recorded = match state {
            State::Kept => known.cloned(),
            // A file of the same content that was not ours stays the person's.
            State::Unchanged if known.is_none() && !permission.force => None,
            _ => Some(new),
        };
        if let Some(recorded) = recorded {
            self.manifest.files.insert(path.clone(), recorded);
        }
        self.entries.push(Entry { path: path.clone(), size: artifact.content.len(), mode: format!("{:04o}", artifact.mode), state });
    }

    /// A file of an earlier run that is no longer made.
    fn leave(&mut self, out: &Path, path: &str, known: &str, permission: Permission) {
        let state = match standing(out, path) {
            Standing::Nothing => return,
            _ if !permission.remove => {
                self.manifest.files.insert(path.to_owned(), known.to_owned());
                return;
            }
            Standing::File { digest, .. } if digest == known || permission.force => State::Removed,
            _ => {
                self.manifest.files.insert(path.to_owned(), known.to_owned());
                let message = format!("`{path}` is no longer made, but was changed by hand: it is kept");
                let help = "remove it, or let `--force` do it";
                self.diagnostics.push(Diagnostic::warning("C021", message).in_file(path).help(help));
                State::Kept
            }
        };
        self.entries.push(Entry { path: path.to_owned(), size: 0, mode: String::new(), state });
    }

    /// How many files there are in `state`.
    pub fn count(&self, state: State) -> usize {
        self.entries.iter().filter(|entry| entry.state == state).count()
    }
}

/// What stands at a path of the output folder.
enum Standing {
    Nothing,
    File { digest: String, executable: bool },
    Link,
    Blocked,
}

fn standing(out: &Path, path: &str) -> Standing {
    let mut above = out.to_path_buf();
    let parts: Vec<&str> = path.split('/').collect();
    for part in &parts[..parts.len().saturating_sub(1)] {
        above.push(part);
        match fs::symlink_metadata(&above) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Standing::Nothing,
            Ok(metadata) if metadata.is_dir() => {}
            _ => return Standing::Blocked,
        }
    }
    let place = out.join(path);
    match fs::symlink_metadata(&place) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Standing::Nothing,
        Ok(metadata) if metadata.is_symlink() => Standing::Link,
        Ok(metadata) if metadata.is_file() => match fs::read(&place) {
            Ok(bytes) => Standing::File { digest: digest(&bytes), executable: is_executable(&metadata) },
            Err(_) => Standing::Blocked,
        },
        _ => Standing::Blocked,
    }
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}
