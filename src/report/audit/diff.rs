//! A mended file as a unified diff, with three lines around each change.
//!
//! In: a file before and after. Out: text for the terminal; lines with what looks like a secret are masked, so it is to be read, not applied.

use std::fmt::Write;

use crate::audit::fix::Edit;
use crate::report::audit::secret::Known;
use crate::report::mask::is_secret_file;

/// Lines around a change.
const AROUND: usize = 3;

/// The diff of the file at `path`; no line is shown with a change around which a secret is known.
#[must_use]
pub fn diff(path: &str, old: &str, edits: &[Edit], known: &Known) -> String {
    let masker = &known.masker;
    let starts: Vec<usize> = std::iter::once(0).chain(old.match_indices('\n').map(|(at, _)| at + 1)).filter(|at| *at < old.len()).collect();
    let line_of = |offset: usize| starts.partition_point(|start| *start <= offset).saturating_sub(1);
    let bound = |line: usize| starts.get(line).copied().unwrap_or(old.len());
    let mut out = format!("--- a/{path}\n+++ b/{path}\n");
    let mut shift = 0_isize;
    let mut index = 0;
    while let Some(edit) = edits.get(index) {
        let first = line_of(edit.start);
        let mut last = line_of(edit.end.max(edit.start + 1) - 1).max(first);
        let mut group = vec![edit];
        while let Some(next) = edits.get(index + group.len()).filter(|next| line_of(next.start) <= last + 2 * AROUND) {
            last = line_of(next.end.max(next.start + 1) - 1).max(last);
            group.push(next);
        }
        index += group.len();
        let (from, to) = (bound(first), bound(last + 1));
        let mut new = String::new();
        let mut done = from;
        for edit in &group {
            new.push_str(old.get(done..edit.start).unwrap_or(""));
            new.push_str(&edit.text);
            done = edit.end;
        }
        new.push_str(old.get(done..to).unwrap_or(""));
        let (top, bottom) = (first.saturating_sub(AROUND), (last + AROUND).min(starts.len().saturating_sub(1)));
        let hidden = is_secret_file(path) || (top..=bottom).any(|line| known.is_in(path, u32::try_from(line + 1).unwrap_or(u32::MAX)));
        let show = |line: &str| if hidden { "‹hidden›".to_owned() } else { masker.line(line, false).text };
        let removed: Vec<&str> = old.get(from..to).unwrap_or("").lines().collect();
        let added: Vec<&str> = new.lines().collect();
        let before: Vec<&str> = old.get(bound(top)..from).unwrap_or("").lines().collect();
        let after: Vec<&str> = old.get(to..bound(bottom + 1)).unwrap_or("").lines().collect();
        let around = before.len() + after.len();
        let _ = writeln!(
            out,
            "@@ -{},{} +{},{} @@",
            top + 1,
            around + removed.len(),
            (top + 1).saturating_add_signed(shift),
            around + added.len()
        );
        shift += added.len().cast_signed() - removed.len().cast_signed();
        let same = |one: &str| format!(" {}\n", show(one));
        before.iter().for_each(|line| out.push_str(&same(line)));
        changed(&mut out, &removed, &added, &show);
        after.iter().for_each(|line| out.push_str(&same(line)));
    }
    out
}

/// Lines that are equal on both sides stand once.
fn changed(out: &mut String, removed: &[&str], added: &[&str], show: &dyn Fn(&str) -> String) {
    if removed.len() == added.len() {
        for (old, new) in removed.iter().zip(added) {
            if old == new {
                let _ = writeln!(out, " {}", show(old));
            } else {
                let _ = writeln!(out, "-{}\n+{}", show(old), show(new));
            }
        }
        return;
    }
    removed.iter().for_each(|line| {
        let _ = writeln!(out, "-{}", show(line));
    });
    added.iter().for_each(|line| {
        let _ = writeln!(out, "+{}", show(line));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_with_three_lines_around() {
        let old = "a\nb\nc\nd\nnode.set['x'] = 1\ne\nf\ng\nh\n";
        let start = old.find("set").unwrap_or_default();
        let edits = [Edit { start, end: start + 3, text: "default".to_owned(), line: 5, rule: "node-set" }];
        let want = "--- a/r.rb\n+++ b/r.rb\n@@ -2,7 +2,7 @@\n b\n c\n d\n-node.set['x'] = 1\n+node.default['x'] = 1\n e\n f\n g\n";
        assert_eq!(diff("r.rb", old, &edits, &Known::default()), want);
        let known = Known { lines: [("r.rb".to_owned(), 6)].into(), ..Known::default() };
        assert!(!diff("r.rb", old, &edits, &known).contains("node"));
    }
}
