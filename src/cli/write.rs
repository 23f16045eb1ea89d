//! The output folder is written whole or not at all.
//!
//! In: a [`Plan`] and the tree. Everything is first written to a temporary folder beside its place and then moved; when a move fails,
//! what was moved before is moved back. A new folder appears at once, by one move.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::PATH as MANIFEST;
use super::plan::{Plan, State};
use crate::blueprint::Artifact;

/// Does what `plan` says. On an error nothing has changed.
pub fn write(out: &Path, tree: &[Artifact], plan: &Plan) -> io::Result<()> {
    let contents: BTreeMap<&str, &Artifact> = tree.iter().rev().map(|artifact| (artifact.path.as_str(), artifact)).collect();
    let is_new = !out.exists();
    let beside = if is_new { parent(out) } else { out.to_path_buf() };
    fs::create_dir_all(&beside)?;
    // Inside an existing folder: the folder may be a mount of its own, and a move must not cross one.
    let temporary = tempfile::Builder::new().prefix(".ekiben-").tempdir_in(&beside)?;
    let new = temporary.path().join("new");
    fs::create_dir(&new)?;
    let mut moves: Vec<Move> = Vec::new();
    for entry in &plan.entries {
        match (entry.state, contents.get(entry.path.as_str())) {
            (State::New | State::Changed, Some(artifact)) => {
                create(&new.join(&entry.path), artifact.content.as_bytes(), artifact.mode)?;
                moves.push(Move { path: entry.path.clone(), replaced: true });
            }
            (State::Removed, _) => moves.push(Move { path: entry.path.clone(), replaced: false }),
            _ => {}
        }
    }
    create(&new.join(MANIFEST), plan.manifest.to_json().as_bytes(), 0o644)?;
    if is_new {
        return fs::rename(&new, out);
    }
    moves.push(Move { path: MANIFEST.to_owned(), replaced: true });
    let old = temporary.path().join("old");
    let mut done = Vec::new();
    for step in &moves {
        if let Err(error) = step.apply(out, &new, &old) {
            step.undo(out, &old);
            done.iter().rev().for_each(|step: &&Move| step.undo(out, &old));
            return Err(error);
        }
        done.push(step);
    }
    for step in moves.iter().filter(|step| !step.replaced) {
        remove_empty_folders(out, &step.path);
    }
    Ok(())
}

/// One file that gets a new version, or goes.
struct Move {
    path: String,
    replaced: bool,
}

impl Move {
    fn apply(&self, out: &Path, new: &Path, old: &Path) -> io::Result<()> {
        let place = out.join(&self.path);
        if fs::symlink_metadata(&place).is_ok() {
            let aside = old.join(&self.path);
            fs::create_dir_all(parent(&aside))?;
            fs::rename(&place, aside)?;
        }
        if self.replaced {
            fs::create_dir_all(parent(&place))?;
            fs::rename(new.join(&self.path), &place)?;
        }
        Ok(())
    }

    /// Puts back what stood there; as good as the disk lets it.
    fn undo(&self, out: &Path, old: &Path) {
        let place = out.join(&self.path);
        let aside = old.join(&self.path);
        if fs::symlink_metadata(&aside).is_ok() {
            let _stays_aside = fs::rename(aside, place);
        } else if self.replaced {
            let _was_not_there = fs::remove_file(place);
            remove_empty_folders(out, &self.path);
        }
    }
}

/// Removes the folders of `path` inside `out` that nothing is left in.
fn remove_empty_folders(out: &Path, path: &str) {
    let mut folder = Path::new(path);
    while let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        if fs::remove_dir(out.join(above)).is_err() {
            return;
        }
        folder = above;
    }
}

fn create(file: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    fs::create_dir_all(parent(file))?;
    fs::write(file, content)?;
    set_mode(file, mode)
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

#[cfg(unix)]
fn set_mode(file: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(mode & 0o777))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::plan::Permission;
    use super::*;

    const ALL: Permission = Permission { force: false, remove: true };

    fn artifact(path: &str, content: &str) -> Artifact {
        Artifact { path: path.to_owned(), content: content.to_owned(), mode: if content.starts_with("#!") { 0o755 } else { 0o644 } }
    }

    fn convert(out: &Path, tree: &[Artifact], permission: Permission) -> Plan {
        let plan = Plan::make(out, tree, permission);
        write(out, tree, &plan).expect("written");
        plan
    }

    fn states(plan: &Plan) -> BTreeMap<&str, State> {
        plan.entries.iter().map(|entry| (entry.path.as_str(), entry.state)).collect()
    }

    fn text(out: &Path, path: &str) -> String {
        fs::read_to_string(out.join(path)).expect("a file")
    }

    #[test]
    fn a_second_run_replaces_what_nobody_changed_and_keeps_the_rest() {
        let place = tempfile::tempdir().expect("folder");
        let out = place.path().join("deep/out");
        let first =
            [artifact("Dockerfile", "FROM a\n"), artifact("k/b.yaml", "1\n"), artifact("k/deploy.sh", "#!/bin/sh\n"), artifact("x", "x")];
        let plan = convert(&out, &first, ALL);
        assert_eq!(plan.count(State::New), 4);
        fs::write(out.join("k/b.yaml"), "mine\n").expect("written");
        fs::write(out.join("extra"), "extra\n").expect("written");
        let second = [
            artifact("Dockerfile", "FROM b\n"),
            artifact("extra", "ours\n"),
            artifact("k/b.yaml", "2\n"),
            artifact("k/deploy.sh", "#!/bin/sh\n"),
        ];
        let plan = convert(&out, &second, ALL);
        let expected = [
            ("Dockerfile", State::Changed),
            ("extra", State::Kept),
            ("k/b.yaml", State::Kept),
            ("k/deploy.sh", State::Unchanged),
            ("x", State::Removed),
        ];
        assert_eq!(states(&plan), BTreeMap::from(expected));
        assert_eq!(
            (text(&out, "Dockerfile").as_str(), text(&out, "k/b.yaml").as_str(), text(&out, "extra").as_str()),
            ("FROM b\n", "mine\n", "extra\n")
        );
        assert!(!out.join("x").exists());
        assert_eq!(plan.diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), ["C020", "C020"]);
        // Still known as changed by hand the next time; with force it goes.
        let plan = convert(&out, &second, ALL);
        assert!(plan.diagnostics.iter().any(|diagnostic| diagnostic.message.contains("`k/b.yaml` was changed by hand")));
        convert(&out, &second, Permission { force: true, remove: true });
        assert_eq!((text(&out, "k/b.yaml").as_str(), text(&out, "extra").as_str()), ("2\n", "ours\n"));
        assert!(
            fs::read_dir(&out).expect("folder").all(|entry| !entry.expect("entry").file_name().to_string_lossy().starts_with(".ekiben-"))
        );
    }

    #[test]
    fn what_is_no_longer_made_goes_with_its_folder_unless_it_was_changed_or_only_some_targets_were_asked_for() {
        let place = tempfile::tempdir().expect("folder");
        let out = place.path().join("out");
        convert(&out, &[artifact("a/b/c", "1"), artifact("d", "2"), artifact("e", "3")], ALL);
        convert(&out, &[artifact("d", "2")], Permission::default());
        assert!(out.join("a/b/c").exists());
        fs::write(out.join("e"), "mine").expect("written");
        let plan = convert(&out, &[artifact("d", "2")], ALL);
        assert_eq!(states(&plan), BTreeMap::from([("a/b/c", State::Removed), ("d", State::Unchanged), ("e", State::Kept)]));
        assert!(!out.join("a").exists() && out.join("e").exists());
        assert_eq!(plan.diagnostics[0].code, "C021");
    }

    #[cfg(unix)]
    #[test]
    fn modes_are_kept_and_links_are_not_written_through() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let place = tempfile::tempdir().expect("folder");
        let outside = place.path().join("outside");
        fs::create_dir(&outside).expect("folder");
        fs::write(outside.join("web.yaml"), "theirs").expect("written");
        let out = place.path().join("out");
        fs::create_dir(&out).expect("folder");
        symlink(&outside, out.join("k")).expect("link");
        symlink(outside.join("web.yaml"), out.join("one")).expect("link");
        let tree = [artifact("k/web.yaml", "ours"), artifact("one", "ours"), artifact("run.sh", "#!/bin/sh\n"), artifact("../up", "x")];
        let plan = convert(&out, &tree, Permission { force: true, remove: true });
        assert_eq!(states(&plan), BTreeMap::from([("k/web.yaml", State::Kept), ("one", State::Changed), ("run.sh", State::New)]));
        assert_eq!(text(&outside, "web.yaml"), "theirs");
        assert_eq!(fs::metadata(out.join("run.sh")).expect("file").permissions().mode() & 0o777, 0o755);
        assert!(!place.path().join("up").exists());
        assert_eq!(plan.diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), ["C022", "C023"]);
    }

    #[test]
    fn a_manifest_of_somebody_else_removes_nothing_outside() {
        let place = tempfile::tempdir().expect("folder");
        let out = place.path().join("out");
        fs::create_dir_all(out.join(".ekiben")).expect("folder");
        fs::write(place.path().join("precious"), "x").expect("written");
        let digest = super::super::manifest::digest(b"x");
        fs::write(out.join(MANIFEST), format!("{{\"files\": {{\"../precious\": \"{digest}\"}}}}")).expect("written");
        convert(&out, &[artifact("d", "2")], Permission { force: true, remove: true });
        assert!(place.path().join("precious").exists());
    }

    #[test]
    fn when_a_move_fails_what_stood_there_is_put_back() {
        let place = tempfile::tempdir().expect("folder");
        let out = place.path().join("out");
        convert(&out, &[artifact("a", "1"), artifact("b/c", "1")], ALL);
        let tree = [artifact("a", "2"), artifact("b/c", "2")];
        let plan = Plan::make(&out, &tree, ALL);
        // Between planning and writing, somebody puts a file where the folder was.
        fs::remove_dir_all(out.join("b")).expect("removed");
        fs::write(out.join("b"), "file").expect("written");
        assert!(write(&out, &tree, &plan).is_err());
        assert_eq!((text(&out, "a").as_str(), text(&out, "b").as_str()), ("1", "file"));
    }
}
