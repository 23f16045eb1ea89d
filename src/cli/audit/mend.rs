//! `ekiben audit --fix`: writes what can be mended, or with `--diff` shows it.
//!
//! In: a folder as it was read. Out: the folder as it is then, and what was done in words. A file that has changed since it was read, or
//! cannot be written, is left and named.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::super::reason;
use super::{Folder, Terms};
use crate::audit::context::Trees;
use crate::audit::examine::examine;
use crate::audit::fix::{Fixed, fix};
use crate::audit::{Context, Finding, words};
use crate::report::audit::diff::diff;
use crate::report::audit::secret::Known;
use crate::source::{Content, SourceFile, SourceMap};

/// Mending a line can uncover another finding in it; more rounds than this are never needed.
const ROUNDS: usize = 5;

/// Mends `folder`, which lies at `place`.
pub fn mend(mut folder: Folder, place: &Path, terms: &Terms, show: bool, trees: &mut Trees) -> (Folder, String) {
    let mut said = String::new();
    for _ in 0..ROUNDS {
        let context = Context::with(&folder.sources, "", trees);
        let examined = examine(&context);
        let counts = |one: &Finding| words::find(one.rule).is_some_and(|rule| terms.filter.wants(rule));
        let found: std::collections::BTreeSet<(&str, &str, u32)> =
            examined.findings.iter().filter(|one| counts(one)).map(|one| (one.rule, one.path.as_str(), one.line)).collect();
        let fixed = fix(&context, &|rule, path, line| found.contains(&(rule, path, line)));
        if show {
            let known = Known::new(&folder.sources, &context, &examined, None, None);
            for one in &fixed {
                said.push_str(&diff(&one.path, &one.old, &one.edits, &known));
            }
            break;
        }
        let written: Vec<&Fixed> = fixed.iter().filter(|one| write(one, place, &mut said)).collect();
        if written.is_empty() {
            break;
        }
        let sources = with(&folder.sources, &written);
        drop(context);
        folder.sources = sources;
    }
    (folder, said)
}

fn write(one: &Fixed, place: &Path, said: &mut String) -> bool {
    let file = place.join(&one.path);
    let result = match fs::read_to_string(&file) {
        Ok(text) if text == one.old => fs::write(&file, &one.new).map_err(|error| reason(&error)),
        Ok(_) => Err("it has changed since it was read".to_owned()),
        Err(error) => Err(reason(&error)),
    };
    let _ = match &result {
        Ok(()) => writeln!(said, "{}: {} mended", one.path, one.edits.len()),
        Err(why) => writeln!(said, "{}: not mended: {why}", one.path),
    };
    result.is_ok()
}

fn with(sources: &SourceMap, fixed: &[&Fixed]) -> SourceMap {
    let mut new = SourceMap::new();
    for (_, file) in sources.iter() {
        let mended = fixed.iter().find(|one| one.path == file.path);
        let mut kept = mended.map_or_else(|| file.clone(), |one| SourceFile::new(one.path.clone(), Content::Text(one.new.clone())));
        kept.mode = file.mode;
        new.add(kept);
    }
    new
}
