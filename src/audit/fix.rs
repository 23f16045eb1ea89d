//! Findings that are mended by an edit of a few bytes, which keeps all the rest of the file as it was written.
//!
//! In: the files. Out: [`Edit`]s by file, and the new text: `node.set['x']` → `node.default['x']`. An edit is made only where the text
//! alone says what is meant; the new text must parse without a new fault, else the file is left as it is.

use super::{Context, File};
use crate::read::ruby::parse_text;
use crate::source::FileId;

/// Bytes `start..end` of a file become `text`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What stands there then.
    pub text: String,
    /// The line of the finding.
    pub line: u32,
    /// The rule that asks for it.
    pub rule: &'static str,
}

impl Edit {
    /// Replaces `start..end` for a finding of `rule` on `line`.
    #[must_use]
    pub fn new(rule: &'static str, line: u32, (start, end): (u32, u32), text: impl Into<String>) -> Self {
        Self { start: start as usize, end: end as usize, text: text.into(), line, rule }
    }
}

/// Finds the edits of one rule in one file.
type Fixer = fn(&File, &mut Vec<Edit>);

/// Rules whose findings can be mended.
const FIXERS: &[(&str, Fixer)] = &[];

/// Whether findings of the rule `name` can be mended.
#[must_use]
pub fn can_fix(name: &str) -> bool {
    FIXERS.iter().any(|(rule, _)| *rule == name)
}

/// The rules whose findings can be mended, in order of their codes.
pub fn rules() -> impl Iterator<Item = &'static str> {
    FIXERS.iter().map(|(rule, _)| *rule)
}

/// The edits that mend findings of `file`; `wanted` says of which rule and line they may be. They never overlap.
#[must_use]
pub fn edits(file: &File, wanted: &dyn Fn(&str, u32) -> bool) -> Vec<Edit> {
    // The tree of a template points into other text than the file's.
    if file.tree.is_none() || file.code() != file.text || !file.faults.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (_, fixer) in FIXERS {
        fixer(file, &mut found);
    }
    found.retain(|edit| wanted(edit.rule, edit.line) && file.text.get(edit.start..edit.end).is_some());
    found.sort();
    let mut end = 0;
    found.retain(|edit| {
        let free = edit.start >= end;
        if free {
            end = edit.end.max(edit.start + 1);
        }
        free
    });
    found
}

/// The text of `file` with `edits`, which are sorted and do not overlap; `None` where the result would not parse.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut new = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        new.push_str(text.get(done..edit.start)?);
        new.push_str(&edit.text);
        done = edit.end;
    }
    new.push_str(text.get(done..)?);
    parse_text(FileId(0), &new, &[]).1.is_empty().then_some(new)
}

/// The mended files of `context`: path, old text, new text. Mending can uncover the next finding of the same line, so each file is
/// mended until nothing is left to do.
#[must_use]
pub fn fix(context: &Context, wanted: &dyn Fn(&str, &str, u32) -> bool) -> Vec<(String, String, Vec<Edit>)> {
    let mut fixed = Vec::new();
    for file in &context.files {
        let edits = edits(file, &|rule, line| wanted(rule, &file.path, line));
        if !edits.is_empty()
            && let Some(new) = apply(file.text, &edits)
        {
            fixed.push((file.path.clone(), new, edits));
        }
    }
    fixed
}
