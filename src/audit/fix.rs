//! Findings that are mended by an edit of a few bytes, which keeps all the rest of the file as it was written.
//!
//! In: the files. Out: [`Edit`]s by file, and the new text: `node.set['x']` → `node.default['x']`. An edit is made only where the text
//! alone says what is meant; the new text must parse without a new fault, else the file is left as it is.

use super::visit::Place;
use super::{Context, File, RULES};
use crate::read::ruby::ast::{Call, Expr, Node};
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
pub type Fixer = fn(&File, &mut Vec<Edit>);

/// The rules whose findings can be mended.
fn fixers() -> impl Iterator<Item = Fixer> {
    RULES.iter().filter_map(|rule| rule.fix)
}

/// The edits that mend findings of `file`; `wanted` says of which rule and line they may be. They never overlap.
#[must_use]
pub fn edits(file: &File, wanted: &dyn Fn(&str, u32) -> bool) -> Vec<Edit> {
    // The tree of a template points into other text than the file's.
    if file.tree.is_none() || file.code() != file.text || !file.faults.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for fixer in fixers() {
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

/// A file that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// Its path below the root.
    pub path: String,
    /// Its text as it was.
    pub old: String,
    /// Its text as it is to be.
    pub new: String,
    /// What was done.
    pub edits: Vec<Edit>,
}

/// The files of `context` that can be mended; `wanted` says of which rule, path and line findings are.
#[must_use]
pub fn fix(context: &Context, wanted: &dyn Fn(&str, &str, u32) -> bool) -> Vec<Fixed> {
    let mut fixed = Vec::new();
    for file in &context.files {
        let edits = edits(file, &|rule, line| wanted(rule, &file.path, line));
        if !edits.is_empty()
            && let Some(new) = apply(file.text, &edits)
        {
            fixed.push(Fixed { path: file.path.clone(), old: file.text.to_owned(), new, edits });
        }
    }
    fixed
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
    Edit::new(rule, file.line(call.name_span.start), (call.name_span.start, call.name_span.end), new)
}

#[cfg(test)]
mod tests {
    use crate::audit::fix::fix;
    use crate::audit::{Context, audit};
    use crate::source::SourceMap;

    /// What becomes of `text` at `path`.
    fn mended(path: &str, text: &str) -> String {
        let mut sources = SourceMap::new();
        sources.add_text(path, text);
        let found = audit(&sources, "");
        let context = Context::new(&sources, "");
        let wanted = |rule: &str, path: &str, line: u32| found.iter().any(|one| one.rule == rule && one.path == path && one.line == line);
        fix(&context, &wanted).into_iter().next().map_or_else(|| text.to_owned(), |fixed| fixed.new)
    }

    #[test]
    fn edits_are_exact_and_a_second_time_changes_nothing() {
        for (path, text, new) in [
            ("recipes/a.rb", "node.set['x'] = 1 # why\n", "node.default['x'] = 1 # why\n"),
            ("attributes/a.rb", "set_unless['x']  = 1\n", "default_unless['x']  = 1\n"),
            ("recipes/a.rb", "x = node.app['port']\n", "x = node['app']['port']\n"),
            ("recipes/a.rb", "x = \"#{node.app}\"\n", "x = \"#{node['app']}\"\n"),
            ("recipes/a.rb", "x = node.app.port\n", "x = node.app.port\n"),
            ("recipes/a.rb", "node['a']['b']   = 1\n", "node.default['a']['b']   = 1\n"),
            ("recipes/a.rb", "require_recipe \"x\" # old\n", "include_recipe \"x\" # old\n"),
            (
                "recipes/a.rb",
                "file '/x' do\n  notifies :restart, resources(:service => \"a-#{b}\"), :delayed\nend\n",
                "file '/x' do\n  notifies :restart, \"service[a-#{b}]\", :delayed\nend\n",
            ),
            ("metadata.rb", "name 'a'\nsuggests 'b'\ndepends 'c', '>> 1.0'\n", "name 'a'\ndepends 'c', '> 1.0'\n"),
            ("recipes/a.rb", "x if File.exists?('/a') && 1.is_a?(Fixnum)\n", "x if File.exist?('/a') && 1.is_a?(Integer)\n"),
            ("recipes/a.rb", "bash 'x' do\n  command 'ls'\nend\n", "bash 'x' do\n  code 'ls'\nend\n"),
            ("recipes/a.rb", "file '/x' do\n  mode 644 # r\nend\n", "file '/x' do\n  mode '0644' # r\nend\n"),
            ("recipes/a.rb", "file '/x' do\n  mode 493\nend\n", "file '/x' do\n  mode 493\nend\n"),
            ("recipes/a.rb", "user 'x' do\n  supports :manage_home => true\nend\n", "user 'x' do\n  manage_home true\nend\n"),
            ("recipes/a.rb", "file '/x' do\n  not_if ::File.exist?('/y')\nend\n", "file '/x' do\n  not_if { ::File.exist?('/y') }\nend\n"),
            ("recipes/a.rb", "node.set['x'] = 1\nif (\n", "node.set['x'] = 1\nif (\n"),
        ] {
            let once = mended(path, text);
            assert_eq!(once, new);
            assert_eq!(mended(path, &once), once);
        }
    }
}
