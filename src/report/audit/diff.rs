//! A mended file as a unified diff, which `git apply` and `patch -p1` take.
//!
//! In: a file before and after. Out: hunks with up to three lines around each change. No line that may hold a secret is shown: around a
//! change there are fewer lines then, and a change of such a line is said, with the secret hidden, in comments above the diff.

use std::fmt::Write;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::report::mask::{HIDDEN, Masker, is_secret_file, names_for_next};

/// Lines around a change.
const AROUND: usize = 3;

/// What may be shown of a file.
pub struct Shown<'a> {
    /// Hides what looks like a secret.
    pub masker: &'a Masker,
    /// Whether a line (from 1) of the old text holds one.
    pub secret: &'a dyn Fn(u32) -> bool,
}

/// Lines that go and lines that come.
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// The diff of the file at `path`; empty where nothing changed.
#[must_use]
pub fn diff(path: &str, old: &str, new: &str, shown: &Shown<'_>) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let file = is_secret_file(path);
    let hidden: Vec<bool> = (0..old.len())
        .map(|index| {
            let secret = u32::try_from(index + 1).is_ok_and(shown.secret);
            file || secret || masks(shown.masker, &old, index)
        })
        .collect();
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let changes: Vec<Change> = ops.iter().filter(|one| !matches!(one, DiffOp::Equal { .. })).flat_map(changes).collect();
    let open = |one: &&Change| {
        let lines = one.old.clone().all(|index| !hidden[index]) && one.new.clone().all(|index| !masks(shown.masker, &new, index));
        // A hunk without a line behind its change would only fit the end of the file.
        let behind = one.old.end >= old.len() || !hidden[one.old.end];
        !file && lines && behind
    };
    let (open, withheld): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(open);
    let mut out = String::new();
    for one in withheld {
        let _ =
            writeln!(out, "# {}:{}: not in the diff, for a secret may stand here; --fix does this:", printable(path), one.old.start + 1);
        let secret = file || one.old.clone().any(|index| u32::try_from(index + 1).is_ok_and(shown.secret));
        let words = |line: &str| if secret { HIDDEN.to_owned() } else { shown.masker.message(line.trim_end()) };
        for (sign, line) in old[one.old.clone()].iter().map(|line| ('-', line)).chain(new[one.new.clone()].iter().map(|line| ('+', line))) {
            let _ = writeln!(out, "#   {sign}{}", words(line));
        }
    }
    if !open.is_empty() {
        let _ = writeln!(out, "--- {}\n+++ {}", name("a", path), name("b", path));
    }
    let mut shift = 0_isize;
    let mut rest = open.as_slice();
    while let Some(first) = rest.first() {
        let start = (0..AROUND).take_while(|back| first.old.start > *back && !hidden[first.old.start - back - 1]).count();
        let joined = |pair: &[&Change]| matches!(pair, [one, next] if next.old.start - one.old.end <= 2 * AROUND && !hidden[one.old.end..next.old.start].contains(&true));
        let length = 1 + rest.windows(2).take_while(|pair| joined(pair)).count();
        let (group, later) = rest.split_at(length);
        rest = later;
        let end = group.last().map_or(0, |last| last.old.end);
        let end = end + (end..old.len().min(end + AROUND)).take_while(|index| !hidden[*index]).count();
        let lines = first.old.start - start..end;
        shift = hunk(&mut out, &old, &new, group, lines, shift);
    }
    out
}

/// The changes that an operation is: line by line where as many come as go, so that one secret hides no more than its line.
fn changes(one: &DiffOp) -> Vec<Change> {
    let (old, new) = (one.old_range(), one.new_range());
    if old.len() == new.len() {
        old.zip(new).map(|(old, new)| Change { old: old..old + 1, new: new..new + 1 }).collect()
    } else {
        vec![Change { old, new }]
    }
}

/// Writes `changes` with the old `lines` around them; gives the shift of the lines behind them.
fn hunk(out: &mut String, old: &[&str], new: &[&str], changes: &[&Change], lines: Range<usize>, shift: isize) -> isize {
    let more: isize = changes.iter().map(|one| one.new.len().cast_signed() - one.old.len().cast_signed()).sum();
    let count = lines.len().saturating_add_signed(more);
    let number = |from: usize, count: usize| if count == 0 { from } else { from + 1 };
    let (from, to) = (number(lines.start, lines.len()), number(lines.start.saturating_add_signed(shift), count));
    let _ = writeln!(out, "@@ -{from},{} +{to},{count} @@", lines.len());
    let mut at = lines.start;
    for one in changes {
        old[at..one.old.start].iter().for_each(|text| line(out, ' ', text));
        old[one.old.clone()].iter().for_each(|text| line(out, '-', text));
        new[one.new.clone()].iter().for_each(|text| line(out, '+', text));
        at = one.old.end;
    }
    old[at..lines.end].iter().for_each(|text| line(out, ' ', text));
    shift + more
}

fn line(out: &mut String, sign: char, text: &str) {
    let _ = write!(out, "{sign}{text}");
    if !text.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

/// Whether something of the line `index` is hidden from a reader: what looks like a secret, and what a terminal would obey.
fn masks(masker: &Masker, lines: &[&str], index: usize) -> bool {
    let text = lines[index].trim_end_matches(['\n', '\r']);
    let named = index.checked_sub(1).is_some_and(|before| names_for_next(lines[before]));
    masker.line(text, named).text != text || text.chars().any(|c| c.is_control() && c != '\t')
}

/// The name of a file as git writes it.
fn name(side: &str, path: &str) -> String {
    let path = format!("{side}/{path}");
    if path.chars().any(|c| c.is_control() || matches!(c, '"' | '\\')) {
        let bytes = path.bytes().map(|byte| match byte {
            b'"' => "\\\"".to_owned(),
            b'\\' => "\\\\".to_owned(),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\{byte:03o}"),
        });
        return format!("\"{}\"", bytes.collect::<String>());
    }
    // A blank ends the name, unless a tab does.
    let end = if path.contains(' ') { "\t" } else { "" };
    path + end
}

fn printable(path: &str) -> String {
    path.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str, old: &str, new: &str, secret: &dyn Fn(u32) -> bool) -> String {
        diff(path, old, new, &Shown { masker: &Masker::default(), secret })
    }

    #[test]
    fn changes_stand_with_three_lines_around() {
        let old = "a\nb\nc\nd\nnode.set['x'] = 1\ne\nf\ng\nh\n";
        let new = old.replace("set", "default");
        let want = "--- a/r.rb\n+++ b/r.rb\n@@ -2,7 +2,7 @@\n b\n c\n d\n-node.set['x'] = 1\n+node.default['x'] = 1\n e\n f\n g\n";
        assert_eq!(shown("r.rb", old, &new, &|_| false), want);
        assert_eq!(shown("r.rb", old, old, &|_| false), "");
    }

    #[test]
    fn hunks_follow_what_was_added_before_and_the_end_is_exact() {
        let old = "a\n1\n2\n3\n4\n5\n6\n7\nb";
        let want = "--- a/r.rb\n+++ b/r.rb\n@@ -1,4 +1,5 @@\n a\n+x\n 1\n 2\n 3\n@@ -6,4 +7,5 @@\n 5\n 6\n 7\n-b\n\\ No newline at end of file\n+c\n+d\n\\ No newline at end of file\n";
        assert_eq!(shown("r.rb", old, "a\nx\n1\n2\n3\n4\n5\n6\n7\nc\nd", &|_| false), want);
        assert_eq!(shown("r.rb", "a\r\n", "", &|_| false), "--- a/r.rb\n+++ b/r.rb\n@@ -1,1 +0,0 @@\n-a\r\n");
        assert!(shown("x y\n.rb", "a\n", "b\n", &|_| false).starts_with("--- \"a/x y\\012.rb\"\n"));
        assert!(shown("x y.rb", "a\n", "b\n", &|_| false).starts_with("--- a/x y.rb\t\n"));
    }

    #[test]
    fn secrets_are_in_no_line() {
        let old = "a\npassword = 'Hq7-pelican'\nb\nc\nd\nnode.set['password'] = 'Hq7-pelican'\ne\n";
        let new = old.replace("node.set", "node.default").replace("b\n", "B\n");
        let want = "# r.rb:6: not in the diff, for a secret may stand here; --fix does this:\n#   -node.set['password'] = '‹hidden›'\n#   +node.default['password'] = '‹hidden›'\n\
                    --- a/r.rb\n+++ b/r.rb\n@@ -3,3 +3,3 @@\n-b\n+B\n c\n d\n";
        assert_eq!(shown("r.rb", old, &new, &|_| false), want);
        let all = shown("r.rb", "a\nb\n", "a\nc\n", &|line| line == 2);
        assert_eq!(all, "# r.rb:2: not in the diff, for a secret may stand here; --fix does this:\n#   -‹hidden›\n#   +‹hidden›\n");
        assert!(!shown("r.rb", "a\n\u{1b}[31m\nb\n", "c\n\u{1b}[31m\nb\n", &|_| false).contains('\u{1b}'));
    }
}
