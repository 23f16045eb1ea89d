//! # guard-block-string: A guard that always answers the same
//!
//! A string is true in Ruby, so `not_if` never lets the resource run and `only_if` always does.
//!
//! Fix: Drop the braces: `not_if` 'test -f /x'.
//!
//! ```ruby
//! not_if { 'test -f /x' }   # finding: always true
//! not_if 'test -f /x'       # instead
//! ```

use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{BlockArg, Call, Expr};

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
    fix: None,
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
