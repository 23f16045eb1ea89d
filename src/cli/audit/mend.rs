//! `ekiben audit --fix`: writes what can be mended, or with `--diff` shows it.
//!
//! In: a folder as it was read. Out: [`Mended`]: the folder as it is then, and what was done in words. Everything is worked out in memory
//! first and each file written once. A file that has changed since it was read, or that nobody may write, is left and named.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::super::reason;
use super::{Folder, Terms, evaluated};
use crate::audit::context::Trees;
use crate::audit::examine::{Examined, examine};
use crate::audit::fix::fix;
use crate::audit::{Context, Finding};
use crate::report::audit::build::counted;
use crate::report::audit::diff::{Shown, diff};
use crate::report::audit::finding::{Lines, report};
use crate::report::audit::secret::{self, Known};
use crate::source::{Content, SourceFile, SourceMap};

/// Mending a line can uncover another finding in it; more rounds than this are never needed.
const ROUNDS: usize = 5;

/// What `--fix` did, or with `--diff` would do.
pub struct Mended {
    /// The files as they are then.
    pub sources: SourceMap,
    /// What was done, file by file.
    pub said: String,
    /// The difference, where it is asked for.
    pub diff: String,
    /// How many findings are gone.
    pub findings: usize,
    /// In how many files something changed.
    pub files: usize,
}

/// Mends `folder`, which lies at `place`; its paths are shown below `prefix`. With `show` nothing is written.
pub fn mend(folder: &Folder, place: &Path, prefix: &str, terms: &Terms, show: bool, trees: &mut Trees) -> Mended {
    let disk = Disk { root: fs::canonicalize(place).unwrap_or_else(|_| place.to_path_buf()) };
    // What the report hides: the diff shows none of it, and fingerprints are made of what is shown.
    let evaluated = (show || !terms.known.is_empty()).then(|| evaluated(folder, !terms.quick));
    let mut sources = folder.sources.clone();
    let mut counts: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut hidden: Option<Known> = None;
    for _ in 0..ROUNDS {
        let context = Context { today: terms.today, ..Context::with(&sources, "", trees) };
        let examined = examine(&context);
        let known = evaluated.as_ref().map(|(surveyed, design)| {
            let exposed = secret::exposed(&sources, &context, design.as_ref());
            Known::new(&sources, &exposed, &examined, surveyed.as_ref().map(|surveyed| &surveyed.secrets), design.as_ref())
        });
        let wanted = wanted(&sources, &examined, known.as_ref(), terms);
        hidden = hidden.or_else(|| known.clone());
        let mut new: BTreeMap<PathBuf, (String, String)> = BTreeMap::new();
        for one in fix(&context, &wanted) {
            // Where links lead to one file from several paths, the first path has it for this round.
            if let Entry::Vacant(place) = new.entry(disk.file(&one.path)) {
                *counts.entry(place.key().clone()).or_default() += one.mended.len();
                place.insert((one.old, one.new));
            }
        }
        if new.is_empty() {
            break;
        }
        let next = disk.with(&sources, &new);
        drop(context);
        sources = next;
    }
    let hidden = hidden.unwrap_or_default();
    let mut paths: BTreeMap<PathBuf, Vec<&str>> = BTreeMap::new();
    for (_, one) in folder.sources.iter().filter(|_| !counts.is_empty()) {
        paths.entry(disk.file(&one.path)).or_default().push(&one.path);
    }
    let mut mended = Mended { sources, said: String::new(), diff: String::new(), findings: 0, files: 0 };
    for (file, count) in counts {
        let inside = file.strip_prefix(&disk.root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let paths = paths.remove(&file).unwrap_or_default();
        let text = |sources: &SourceMap| paths.first().and_then(|path| sources.find(path)).map(|id| sources.file(id).text().to_owned());
        let (Some(old), Some(new)) = (text(&folder.sources), text(&mended.sources)) else { continue };
        let shown = format!("{prefix}{inside}");
        if show {
            let secret = |line| paths.iter().any(|path| hidden.is_in(path, line));
            mended.diff.push_str(&diff(&shown, &old, &new, &Shown { masker: &hidden.masker, secret: &secret }));
        } else if let Err(why) = write(&file, &old, &new) {
            let _ = writeln!(mended.said, "{shown}: not mended: {why}");
            mended.sources = disk.with(&mended.sources, &BTreeMap::from([(file, (new, old))]));
            continue;
        } else {
            let _ = writeln!(mended.said, "{shown}: {count} mended");
        }
        mended.findings += count;
        mended.files += 1;
    }
    mended
}

/// The findings that count: those that the report shows as new.
fn wanted<'a>(sources: &SourceMap, examined: &'a Examined, known: Option<&Known>, terms: &Terms) -> Vec<&'a Finding> {
    let all = counted(examined, &|rule| terms.filter.wants(rule));
    let reported = match known {
        Some(known) if !terms.known.is_empty() => report(&all, &Lines { sources, known }),
        _ => Vec::new(),
    };
    let mut counts: BTreeSet<(&str, &str, u32)> = all.iter().map(|one| (one.rule, one.path.as_str(), one.line)).collect();
    for one in reported.iter().filter(|one| terms.known.contains(&one.fingerprint)) {
        counts.remove(&(one.rule, one.path.as_str(), one.line));
    }
    examined.findings.iter().filter(|one| counts.contains(&(one.rule, one.path.as_str(), one.line))).collect()
}

/// The folder on the disk.
struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The file that `path` leads to; a link is never replaced, but what it leads to.
    fn file(&self, path: &str) -> PathBuf {
        let place = self.root.join(path);
        fs::canonicalize(&place).ok().filter(|real| real.starts_with(&self.root)).unwrap_or(place)
    }

    /// `sources` with the new texts, at every path that leads to their files.
    fn with(&self, sources: &SourceMap, new: &BTreeMap<PathBuf, (String, String)>) -> SourceMap {
        let mut all = SourceMap::new();
        for (_, file) in sources.iter() {
            let same = new.values().any(|(old, _)| old == file.text());
            let text = if same { new.get(&self.file(&file.path)).filter(|(old, _)| old == file.text()) } else { None };
            let mut kept = text.map_or_else(|| file.clone(), |(_, new)| SourceFile::new(file.path.clone(), Content::Text(new.clone())));
            kept.mode = file.mode;
            all.add(kept);
        }
        all
    }
}

/// Puts `new` in the place of `file`, whose text is `old`: whole or not at all.
fn write(file: &Path, old: &str, new: &str) -> Result<(), String> {
    let said = |error: std::io::Error| reason(&error);
    let metadata = fs::symlink_metadata(file).map_err(said)?;
    if !metadata.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if metadata.permissions().readonly() {
        return Err("it is read-only".to_owned());
    }
    if fs::read(file).map_err(said)? != old.as_bytes() {
        return Err("it has changed since it was read".to_owned());
    }
    let beside = file.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().prefix(".ekiben-").tempfile_in(beside).map_err(said)?;
    temporary.write_all(new.as_bytes()).map_err(said)?;
    keep_owner(temporary.path(), &metadata);
    fs::set_permissions(temporary.path(), metadata.permissions()).map_err(said)?;
    temporary.persist(file).map(drop).map_err(|error| said(error.error))
}

/// A file that root mends stays its owner's; whoever may not give files away owns it anyway.
#[cfg(unix)]
fn keep_owner(file: &Path, metadata: &fs::Metadata) {
    use std::os::unix::fs::MetadataExt;
    let _may_not = std::os::unix::fs::chown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &fs::Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_is_left() {
        let place = tempfile::tempdir().expect("folder");
        let file = place.path().join("a.rb");
        fs::write(&file, "theirs").expect("written");
        assert_eq!(write(&file, "old", "new"), Err("it has changed since it was read".to_owned()));
        assert_eq!(write(&file, "theirs", "new"), Ok(()));
        assert_eq!(fs::read_to_string(&file).expect("file"), "new");
        assert_eq!(write(&place.path().join("b.rb"), "old", "new"), Err("it does not exist".to_owned()));
        assert_eq!(fs::read_dir(place.path()).expect("folder").count(), 1);
    }
}
