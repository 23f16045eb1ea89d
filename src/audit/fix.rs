//! Findings that are mended by an edit of a few bytes, which keeps all the rest of the file as it was written.
//!
//! In: the files and the findings that are to go. Out: [`Fixed`] files: `node.set['x']` → `node.default['x']`. An edit is made only where
//! the text alone says what is meant; the new text must parse without a new fault, else the edit is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::visit::Place;
use super::{Context, File, Finding, RULES, Scope};
use crate::read::ruby::ast::{Call, Expr, Node};
use crate::read::ruby::parse_text;
use crate::source::{FileId, SourceMap};

/// Bytes `start..end` of a file become `text`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The file, below the root.
    pub path: String,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What stands there then.
    pub text: String,
    /// The rule that asks for it.
    pub rule: &'static str,
    /// The file and line of the finding.
    pub finding: (String, u32),
}

impl Edit {
    /// Replaces `start..end` of `file` for a finding of `rule` on its `line`.
    #[must_use]
    pub fn new(rule: &'static str, file: &File, line: u32, (start, end): (u32, u32), text: impl Into<String>) -> Self {
        let (path, finding) = (file.path.clone(), (file.path.clone(), line));
        Self { path, start: start as usize, end: end as usize, text: text.into(), rule, finding }
    }

    /// The same edit for a finding on `line` of another file.
    #[must_use]
    pub fn for_finding_in(mut self, file: &File, line: u32) -> Self {
        self.finding = (file.path.clone(), line);
        self
    }

    fn replaces(&self) -> (usize, usize, &str) {
        (self.start, self.end, &self.text)
    }

    fn id(&self) -> Id {
        (self.rule, self.finding.0.clone(), self.finding.1)
    }
}

/// Finds the edits of one rule.
#[derive(Clone, Copy)]
pub enum Fixer {
    /// In a file that the rule found something in.
    File(fn(&File, &mut Vec<Edit>)),
    /// In any file, or with a view to others.
    Context(fn(&Context, &mut Vec<Edit>)),
}

/// A finding: rule, path, line.
pub type Id = (&'static str, String, u32);

/// A file that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// Its path below the root.
    pub path: String,
    /// Its text as it was.
    pub old: String,
    /// Its text as it is to be.
    pub new: String,
    /// What was done, in order; equal edits for several findings are one.
    pub edits: Vec<Edit>,
    /// The findings that are gone with it, here and elsewhere.
    pub mended: BTreeSet<Id>,
    /// The findings whose edits overlap with these: they are gone after another round.
    pub later: BTreeSet<Id>,
}

/// The files of `context` with edits for those of `findings` that can be mended. Of edits that overlap the first is made; the others
/// are for another round.
#[must_use]
pub fn fix(context: &Context, findings: &[&Finding]) -> Vec<Fixed> {
    let wanted: BTreeSet<(&str, &str, u32)> = findings.iter().map(|one| (one.rule, one.path.as_str(), one.line)).collect();
    let mut by_file: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    for edit in proposed(context, findings) {
        let file = context.files.binary_search_by(|file| file.path.cmp(&edit.path)).ok().and_then(|index| context.files.get(index));
        if let Some(file) = file.filter(|file| can_be_edited(file) && file.text.get(edit.start..edit.end).is_some())
            && wanted.contains(&(edit.rule, edit.finding.0.as_str(), edit.finding.1))
        {
            by_file.entry(&file.path).or_default().push(edit);
        }
    }
    let files = context.files.iter().filter_map(|file| by_file.remove(file.path.as_str()).map(|edits| (file, edits)));
    let mut fixed: Vec<Fixed> = files.filter_map(|(file, edits)| mend(file, edits)).collect();
    let left = left(context, &fixed);
    for one in &mut fixed {
        one.mended = one.edits.iter().map(Edit::id).filter(|id| !left.contains(id)).collect();
    }
    fixed
}

/// The findings that [`fix`] takes away.
#[must_use]
pub fn fixable(context: &Context, findings: &[Finding]) -> BTreeSet<Id> {
    fix(context, &findings.iter().collect::<Vec<_>>()).into_iter().flat_map(|one| one.mended.into_iter().chain(one.later)).collect()
}

/// The edits of all rules that found something.
fn proposed(context: &Context, findings: &[&Finding]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for rule in RULES {
        let paths: BTreeSet<&str> = findings.iter().filter(|one| one.rule == rule.name).map(|one| one.path.as_str()).collect();
        match rule.fix {
            Some(Fixer::File(fixer)) if !paths.is_empty() => {
                let files = context.files.iter().filter(|file| paths.contains(file.path.as_str()) && can_be_edited(file));
                files.for_each(|file| fixer(file, &mut edits));
            }
            Some(Fixer::Context(fixer)) if !paths.is_empty() => fixer(context, &mut edits),
            _ => {}
        }
    }
    edits
}

/// Whether edits of the tree's places are edits of the text: the tree of a template points into other text, and with faults in it a
/// tree may be of anything.
fn can_be_edited(file: &File) -> bool {
    file.tree.is_some() && file.code() == file.text && file.faults.is_empty()
}

/// `file` with those of `edits` that do not overlap and after which it still parses.
fn mend(file: &File, mut edits: Vec<Edit>) -> Option<Fixed> {
    edits.sort();
    let (mut kept, mut later) = (Vec::new(), BTreeSet::new());
    for edit in edits {
        let free = kept.last().is_none_or(|last: &Edit| last.replaces() == edit.replaces() || last.end <= edit.start);
        if free {
            kept.push(edit);
        } else {
            later.insert(edit.id());
        }
    }
    let new = apply(file.text, &kept).or_else(|| {
        let all = std::mem::take(&mut kept);
        for edit in all {
            kept.push(edit);
            if apply(file.text, &kept).is_none() {
                kept.pop();
            }
        }
        apply(file.text, &kept)
    })?;
    let fixed = Fixed { path: file.path.clone(), old: file.text.to_owned(), new, edits: kept, mended: BTreeSet::new(), later };
    (fixed.new != fixed.old).then_some(fixed)
}

/// `text` with `edits`, which are sorted and do not overlap; `None` where the result would not parse.
fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut new = String::with_capacity(text.len());
    let mut done = 0;
    for (index, edit) in edits.iter().enumerate() {
        let twice = index.checked_sub(1).and_then(|before| edits.get(before)).is_some_and(|before| before.replaces() == edit.replaces());
        if !twice {
            new.push_str(text.get(done..edit.start)?);
            new.push_str(&edit.text);
            done = edit.end;
        }
    }
    new.push_str(text.get(done..)?);
    parse_text(FileId(0), &new, &[]).1.is_empty().then_some(new)
}

/// The findings of the rules that edited, which are there still: a line may hold more than the edits mend.
fn left(context: &Context, fixed: &[Fixed]) -> BTreeSet<Id> {
    let mut sources = SourceMap::new();
    for one in fixed {
        sources.add_text(one.path.as_str(), one.new.as_str());
    }
    let after = Context { today: context.today, ..Context::new(&sources, "") };
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.scope == Scope::File) {
        if fixed.iter().any(|one| one.edits.iter().any(|edit| edit.rule == rule.name)) {
            (rule.check)(&after, &mut findings);
        }
    }
    let there: BTreeSet<(&str, &str, u32)> = findings.iter().map(|one| (one.rule, one.path.as_str(), one.line)).collect();
    let edits = fixed.iter().flat_map(|one| &one.edits);
    let line = |edit: &Edit| fixed.iter().find(|one| one.path == edit.finding.0).map(|one| new_line(one, edit.finding.1));
    edits.filter(|edit| line(edit).is_some_and(|line| there.contains(&(edit.rule, edit.finding.0.as_str(), line)))).map(Edit::id).collect()
}

/// Where line `line` of the old text stands in the new one.
fn new_line(fixed: &Fixed, line: u32) -> u32 {
    let start = fixed.old.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum::<usize>();
    let breaks = |text: &str| i64::try_from(text.matches('\n').count()).unwrap_or(0);
    let unique: BTreeSet<_> = fixed.edits.iter().filter(|edit| edit.start < start || edit.end <= start).map(Edit::replaces).collect();
    let shift: i64 = unique.iter().map(|(from, to, text)| breaks(text) - fixed.old.get(*from..*to).map_or(0, breaks)).sum();
    u32::try_from(i64::from(line) + shift).unwrap_or(line)
}

/// The quote and the inside of a literal in plain quotes.
pub fn quoted(source: &str) -> Option<(char, &str)> {
    let quote = source.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let inside = source[1..].strip_suffix(quote)?;
    (!inside.contains(['\n'])).then_some((quote, inside))
}

/// The lines of `start..end` where nothing else stands on them.
pub fn whole_lines(text: &str, start: usize, end: usize) -> Option<(u32, u32)> {
    let first = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let last = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at + 1);
    let alone = text.get(first..start)?.trim().is_empty() && text.get(end..last)?.trim().is_empty();
    alone.then_some((u32::try_from(first).ok()?, u32::try_from(last).ok()?))
}

/// How lines of `text` end.
pub fn line_end(text: &str) -> &'static str {
    if text.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r')) { "\r\n" } else { "\n" }
}

/// The blanks at the beginning of the line that byte `at` of `text` stands in.
pub fn indent(text: &str, at: usize) -> &str {
    let line = text.get(..at).map_or("", |before| before.rfind('\n').map_or(before, |end| &before[end + 1..]));
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// `not_if value` → `not_if { code }`, where `value` is the guard's only argument.
pub fn into_block(rule: &'static str, file: &File, node: &Node, guard: &Call, value: &Node, code: &str) -> Option<Edit> {
    let between = file.text.get(guard.name_span.end as usize..value.span.start as usize)?;
    let after = file.text.get(value.span.end as usize..node.span.end as usize)?;
    let line = file.line(guard.name_span.start);
    if guard.args.len() != 1 || guard.block.is_some() || file.source(value.span).contains("<<") {
        None
    } else if !between.is_empty() && between.bytes().all(|byte| byte == b' ') && after.is_empty() {
        Some(Edit::new(rule, file, line, (value.span.start, value.span.end), format!("{{ {code} }}")))
    } else if between.trim_start_matches(' ') == "(" && after == ")" {
        Some(Edit::new(rule, file, line, (guard.name_span.end, node.span.end), format!(" {{ {code} }}")))
    } else {
        None
    }
}

/// Visits every call of the file.
pub fn each_call(file: &File, each: &mut dyn FnMut(&Node, &Call, &Place)) {
    file.walk(&mut |node, place| {
        if let Expr::Call(call) = &node.expr {
            each(node, call, place);
        }
    });
}

/// The name of `call` becomes `new`.
pub fn rename(rule: &'static str, file: &File, call: &Call, new: &str) -> Edit {
    Edit::new(rule, file, file.line(call.name_span.start), (call.name_span.start, call.name_span.end), new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::audit;

    fn fixed(files: &[(&str, &str)]) -> Vec<Fixed> {
        let mut sources = SourceMap::new();
        for (path, text) in files {
            sources.add_text(*path, *text);
        }
        let findings = audit(&sources, "");
        fix(&Context::new(&sources, ""), &findings.iter().collect::<Vec<_>>())
    }

    #[test]
    fn edits_of_several_rules_are_made_together_and_overlapping_ones_wait() {
        let text = "\u{feff}node.set['x'] = 1\r\nnode['y'] = node.app['z']\r\nfile '/x' do\r\n  not_if File.exists?('/y')\r\nend";
        let new = "\u{feff}node.default['x'] = 1\r\nnode.default['y'] = node['app']['z']\r\nfile '/x' do\r\n  not_if { File.exists?('/y') }\r\nend";
        let once = fixed(&[("recipes/a.rb", text)]);
        assert!(matches!(once.as_slice(), [one] if one.new == new && (one.mended.len(), one.later.len()) == (4, 1)), "{once:?}");
        let twice = fixed(&[("recipes/a.rb", new)]);
        assert!(matches!(twice.as_slice(), [one] if one.new == new.replace("exists?", "exist?")));
    }

    #[test]
    fn only_what_is_gone_counts_as_mended() {
        let two = fixed(&[("recipes/a.rb", "resource = URI\nx if File.exists?(resource) || URI\n  .escape(y)\n")]);
        assert!(matches!(two.as_slice(), [one] if one.mended.len() == 1));
        let one = fixed(&[("recipes/a.rb", "x = File.exists?('/a') || node.app.a_b_c.size\n")]);
        assert!(matches!(one.as_slice(), [one] if one.mended.iter().all(|(rule, ..)| *rule == "removed-ruby-method")), "{one:?}");
    }

    #[test]
    fn files_with_faults_templates_and_what_is_no_ruby_are_left() {
        for (path, text) in [
            ("recipes/a.rb", "node.set['x'] = 1\nif (\n"),
            ("templates/default/a.erb", "<% node.set['x'] = 1 %>\n"),
            ("files/install.sh", "apt-get install git-core\n"),
        ] {
            assert!(fixed(&[(path, text)]).is_empty(), "{path}");
        }
    }

    #[test]
    fn lines_and_their_ends_are_known() {
        assert_eq!((line_end("a\r\nb\n"), line_end("a\n"), line_end("a")), ("\r\n", "\n", "\n"));
        assert_eq!((indent("a\n\t b c", 5), indent("  a", 2), indent("a  b", 3)), ("\t ", "  ", ""));
        assert_eq!(whole_lines("a\n b \nc", 3, 4), Some((2, 6)));
        assert_eq!(whole_lines("a\n b # x\nc", 3, 4), None);
    }
}
