//! # guard-block-string: A guard that always answers the same
//!
//! A string is true in Ruby, so `not_if` never lets the resource run and `only_if` always does.
//!
//! Fix: Drop the braces: `not_if` 'test -f /x'. `--fix` does it where the string is all that the block holds, and drops the quotes instead
//! where the string is Ruby. What an empty guard was to ask, nobody knows, and `{ "#{x}" }` need not be a command: both are left.
//!
//! ```ruby
//! not_if { 'test -f /x' }   # finding: always true
//! not_if 'test -f /x'       # instead
//! ```

use super::guard_ruby_string::as_ruby;
use crate::audit::fix::{Edit, Fixer, each_call, quoted};
use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{BlockArg, Call, Expr, Piece};

pub(super) const RULE: Rule = Rule {
    code: "A404",
    name: "guard-block-string",
    title: "A guard that always answers the same",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Correctness/BlockGuardWithOnlyString", "Chef/Correctness/EmptyResourceGuard", "FC026"],
    page: include_str!("guard_block_string.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            let Some(guard) = call(node).filter(|call| call.receiver.is_none() && matches!(call.name.as_str(), "not_if" | "only_if"))
            else {
                return;
            };
            if always(guard) {
                findings.push(file.finding(RULE.name, file.line(guard.name_span.start), "the guard always answers the same"));
            }
        });
    }
}

fn always(guard: &Call) -> bool {
    if let Some(BlockArg::Block(block)) = &guard.block {
        return match &block.body {
            None => guard.args.is_empty(),
            Some(body) => match &body.expr {
                Expr::Sequence(list) => list.last().is_none_or(|last| matches!(last.expr, Expr::Str(_))),
                other => matches!(other, Expr::Str(_)),
            },
        };
    }
    argument(guard, 0)
        .is_some_and(|command| matches!(command.expr, Expr::Str(_)) && literal(command).is_some_and(|text| text.trim().is_empty()))
}

/// `not_if { 'test -f /x' }` → `not_if 'test -f /x'`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, guard, _| {
        let named = guard.receiver.is_none() && matches!(guard.name.as_str(), "not_if" | "only_if") && guard.args.is_empty();
        let Some(BlockArg::Block(block)) = guard.block.as_ref().filter(|_| named) else { return };
        let Some(body) = block.body.as_ref().filter(|_| block.params.list.is_empty()) else { return };
        let Expr::Str(pieces) = &body.expr else { return };
        let (source, whole) = (file.source(body.span), file.source(block.span));
        let around: String = whole.replacen(source, "", 1).split_whitespace().collect();
        let between = file.text.get(guard.name_span.end as usize..block.span.start as usize).unwrap_or("");
        let command = pieces.first().is_some_and(|piece| matches!(piece, Piece::Text(text) if !text.trim().is_empty()));
        if quoted(source).is_none() || !matches!(&*around, "{}" | "doend") || !between.trim_matches(' ').is_empty() || !command {
            return;
        }
        let line = file.line(guard.name_span.start);
        let edit = match literal(body).and_then(|text| as_ruby(&text)) {
            Some(code) => Edit::new(RULE.name, file, line, (body.span.start, body.span.end), code),
            None => Edit::new(RULE.name, file, line, (guard.name_span.end, block.span.end), format!(" {source}")),
        };
        edits.push(edit);
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn commands_lose_their_braces() {
        for (guard, new) in [
            ("not_if { 'test -f /y' } # x", "not_if 'test -f /y' # x"),
            ("only_if {\"test -f #{y}\"} if z", "only_if \"test -f #{y}\" if z"),
            ("not_if do\n    'test -f /y'\n  end", "not_if 'test -f /y'"),
            ("not_if { \"File.exists?('/y')\" }", "not_if { ::File.exist?('/y') }"),
            ("not_if do\n    # why\n    'test -f /y'\n  end", "not_if do\n    # why\n    'test -f /y'\n  end"),
            ("not_if { x; 'test' }", "not_if { x; 'test' }"),
            ("only_if { \"#{node['a']}\" }", "only_if { \"#{node['a']}\" }"),
            ("not_if { '' }", "not_if { '' }"),
            ("not_if {}", "not_if {}"),
            ("not_if ''", "not_if ''"),
        ] {
            let text = |guard: &str| format!("file '/x' do\n  {guard}\nend\n");
            assert_eq!(mended_file("guard-block-string", "recipes/a.rb", &text(guard)), text(new));
        }
    }
}
