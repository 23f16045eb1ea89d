//! # guard-without-block: A Ruby guard without a block
//!
//! It is evaluated while the recipe is read, and true/false is no command, so Chef raises.
//!
//! Fix: Wrap it in braces. `--fix` does it, save for a bare `node['a']['b']`: it may hold a command, which is no block.
//!
//! ```ruby
//! not_if ::File.exist?('/x')       # finding
//! not_if { ::File.exist?('/x') }   # instead
//! ```

use crate::audit::fix::{Edit, Fixer, each_call, into_block};
use crate::audit::shape::{argument, call, depth_below_node};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A406",
    name: "guard-without-block",
    title: "A Ruby guard without a block",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Correctness/RubyGuardWithoutBlock"],
    page: include_str!("guard_without_block.rs"),
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
            if guard.block.is_none() && argument(guard, 0).is_some_and(|value| is_decided(value)) {
                findings.push(file.finding(RULE.name, file.line(guard.name_span.start), "this is decided while the recipe is read"));
            }
        });
    }
}

/// Whether the argument is Ruby that answers at once, and neither a command nor something that may hold one.
fn is_decided(value: &Node) -> bool {
    match &value.expr {
        Expr::Not(_) | Expr::And(..) | Expr::Or(..) | Expr::True | Expr::False | Expr::Nil | Expr::Defined(_) => true,
        Expr::Sequence(list) => matches!(list.as_slice(), [only] if is_decided(only)),
        Expr::Call(call) => {
            let compares = matches!(call.name.as_str(), "==" | "!=" | "=~" | "<" | ">" | "<=" | ">=" | "system");
            compares || call.name.ends_with('?') || depth_below_node(value).is_some_and(|depth| depth > 0)
        }
        _ => false,
    }
}

/// `not_if ::File.exist?('/x')` → `not_if { ::File.exist?('/x') }`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |node, guard, _| {
        if guard.receiver.is_some() || !matches!(guard.name.as_str(), "not_if" | "only_if") || guard.block.is_some() {
            return;
        }
        let Some(value) = argument(guard, 0).filter(|value| is_decided(value) && depth_below_node(value).is_none()) else { return };
        edits.extend(into_block(RULE.name, file, node, guard, value, file.source(value.span)));
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn braces_are_put_around_what_answers_at_once() {
        for (guard, new) in [
            ("not_if ::File.exist?('/y')", "not_if { ::File.exist?('/y') }"),
            ("only_if   !node['a'] && x == 1 # why", "only_if   { !node['a'] && x == 1 } # why"),
            ("not_if(File.exist?('/y'))", "not_if { File.exist?('/y') }"),
            ("not_if (File.exist?('/y'))", "not_if { File.exist?('/y') }"),
            ("only_if system('which x') if y", "only_if { system('which x') } if y"),
            ("only_if ::File.exist?(\n    '/y'\n  )", "only_if { ::File.exist?(\n    '/y'\n  ) }"),
            ("only_if node['a']['b']", "only_if node['a']['b']"),
            ("not_if File.exist?('/y'), user: 'x'", "not_if File.exist?('/y'), user: 'x'"),
        ] {
            let text = |guard: &str| format!("file '/x' do\n  {guard}\nend\n");
            assert_eq!(mended_file("guard-without-block", "recipes/a.rb", &text(guard)), text(new));
        }
    }
}
