//! # guard-ruby-string: Ruby code in a guard string
//!
//! The shell gets it, fails, and the guard answers the same always.
//!
//! Fix: Put it in a block: `not_if` { ::File.exist?('/x') }. `--fix` does it where the string is Ruby and nothing else; one that mixes in
//! words of the shell, or has options beside it, is left.
//!
//! ```ruby
//! not_if "File.exist?('/x')"      # finding
//! not_if { ::File.exist?('/x') }   # instead
//! ```

use crate::audit::fix::{Edit, Fixer, each_call, into_block, quoted};
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, literal};
use crate::audit::visit::walk;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{ConstScope, Expr};
use crate::read::ruby::parse_text;
use crate::source::FileId;

pub(super) const RULE: Rule = Rule {
    code: "A405",
    name: "guard-ruby-string",
    title: "Ruby code in a guard string",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("guard_ruby_string.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

static RUBY: Pattern = Pattern::new(r"^\s*!?\s*(?:(?:::)?(?:File|Dir|FileTest|Pathname|Chef|Mixlib)(?:\.|::)\w+|node\s*\[|defined\?)");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            let Some(guard) = call(node).filter(|call| call.receiver.is_none() && matches!(call.name.as_str(), "not_if" | "only_if"))
            else {
                return;
            };
            if guard.block.is_none() && argument(guard, 0).and_then(|command| literal(command)).is_some_and(|text| RUBY.matches(&text)) {
                findings.push(file.finding(RULE.name, file.line(guard.name_span.start), "the shell runs this, not Ruby"));
            }
        });
    }
}

/// `not_if "File.exist?('/x')"` → `not_if { ::File.exist?('/x') }`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |node, guard, _| {
        if guard.receiver.is_some() || !matches!(guard.name.as_str(), "not_if" | "only_if") {
            return;
        }
        let Some(value) = argument(guard, 0).filter(|value| quoted(file.source(value.span)).is_some()) else { return };
        if let Some(code) = literal(value).and_then(|text| as_ruby(&text)) {
            edits.extend(into_block(RULE.name, file, node, guard, value, &code));
        }
    });
}

/// The Ruby that a guard's text is, as it is written in a recipe: with `::File`, and with `exist?`, which is there still. `None` where
/// the text is none, or may be something else.
pub(super) fn as_ruby(text: &str) -> Option<String> {
    let text = text.trim();
    let (tree, faults) = parse_text(FileId(0), text, &[]);
    if !RUBY.matches(text) || !faults.is_empty() || text.contains(['\n', '#', ';']) {
        return None;
    }
    let mut sure = true;
    let mut edits: Vec<(usize, usize, &str)> = Vec::new();
    walk(&tree, &mut |node, _| match &node.expr {
        Expr::Const { scope: ConstScope::Lexical, name } if matches!(name.as_str(), "File" | "Dir") => {
            edits.push((node.span.start as usize, node.span.start as usize, "::"));
        }
        Expr::Call(called) => {
            let helpers = ["node", "platform?", "platform_family?", "raise"];
            sure &= called.receiver.is_some() || helpers.contains(&called.name.as_str());
            if called.name.as_str() == "exists?" {
                edits.push((called.name_span.start as usize, called.name_span.end as usize, "exist?"));
            }
        }
        Expr::Broken | Expr::Command(_) => sure = false,
        _ => {}
    });
    edits.sort_unstable();
    let mut code = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        code.replace_range(start..end, new);
    }
    sure.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn what_is_ruby_goes_into_a_block() {
        for (guard, new) in [
            ("not_if \"File.exist?('/y')\" # x", "not_if { ::File.exist?('/y') } # x"),
            ("not_if '!::File.exists?(\"/y\")'", "not_if { !::File.exist?(\"/y\") }"),
            ("only_if(\"File.exist?(\\\"/y\\\")\")", "only_if { ::File.exist?(\"/y\") }"),
            ("only_if \"node['a']['b'] == 1 && Dir.exist?('/z')\"", "only_if { node['a']['b'] == 1 && ::Dir.exist?('/z') }"),
            ("only_if \"defined?(X)\"", "only_if { defined?(X) }"),
            ("only_if \"File.exist?('/y') && test -f /z\"", "only_if \"File.exist?('/y') && test -f /z\""),
            ("not_if \"File.exist?('/y')\", :user => 'x'", "not_if \"File.exist?('/y')\", :user => 'x'"),
            ("not_if 'node --version'", "not_if 'node --version'"),
        ] {
            let text = |guard: &str| format!("file '/x' do\n  {guard}\nend\n");
            assert_eq!(mended_file("guard-ruby-string", "recipes/a.rb", &text(guard)), text(new));
        }
    }
}
