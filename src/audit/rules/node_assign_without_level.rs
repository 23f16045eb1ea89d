//! # node-assign-without-level: `node[...]` assigned without a precedence level
//!
//! Since Chef 11 the merged view is read-only; the assignment raises `ImmutableAttributeModification`.
//!
//! Fix: Write `node.default['app']['port']` = 80. `--fix` does it for `=` and `||=`. `<<`, `+=` and `merge!` are left: they begin with the
//! value of all levels together, and on one level they would begin with another.
//!
//! ```ruby
//! node['shop']['port'] = 80           # finding
//! node.default['shop']['port'] = 80   # instead
//! ```

use crate::audit::fix::{Edit, Fixer};
use crate::audit::shape::{depth_below_node, index, is_node};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Expr, Node, Target};

pub(super) const RULE: Rule = Rule {
    code: "A103",
    name: "node-assign-without-level",
    title: "node[...] assigned without a precedence level",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("11"),
    removed: Some("11"),
    also: &["Chef/Deprecations/NodeSetWithoutLevel", "FC047"],
    page: include_str!("node_assign_without_level.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

/// Methods that change what they are called on.
pub(super) const CHANGES: &[&str] =
    &["<<", "merge!", "delete", "push", "update", "concat", "unshift", "delete_if", "reject!", "store", "replace"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let found = match &node.expr {
                Expr::Assign { target: Target::Index { receiver, span, .. }, .. }
                | Expr::OperatorAssign { target: Target::Index { receiver, span, .. }, .. } => {
                    depth_below_node(receiver).map(|_| span.start)
                }
                Expr::Call(call) if CHANGES.contains(&call.name.as_str()) && !call.args.is_empty() => {
                    let depth = call.receiver.as_ref().and_then(|receiver| depth_below_node(receiver));
                    depth.filter(|depth| *depth > 0).map(|_| node.span.start)
                }
                _ => None,
            };
            if let Some(start) = found {
                findings.push(file.finding(RULE.name, file.line(start), "the merged attributes are read-only; write to `node.default`"));
            }
        });
    }
}

/// `node['a'] = 1` → `node.default['a'] = 1`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    file.walk(&mut |node, _| {
        let receiver = match &node.expr {
            Expr::Assign { target: Target::Index { receiver, .. }, .. } => receiver,
            Expr::OperatorAssign { target: Target::Index { receiver, .. }, operator, .. } if operator.as_str() == "||" => receiver,
            _ => return,
        };
        let mut inner: &Node = receiver;
        while let Some((around, _)) = index(inner) {
            inner = around;
        }
        if matches!(inner.expr, Expr::Call(_)) && is_node(inner) {
            let line = file.line(node.span.start);
            edits.push(Edit::new(RULE.name, file, line, (inner.span.end, inner.span.end), ".default"));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn plain_assignments_get_the_level() {
        for (text, new) in [
            ("node['a']['b']   = 1 # x\n", "node.default['a']['b']   = 1 # x\n"),
            ("x = node[:a] = y['b'] = 1\n", "x = node.default[:a] = y['b'] = 1\n"),
            ("node['a'] = node['b']\n", "node.default['a'] = node['b']\n"),
            ("node['a'] ||= 1\n", "node.default['a'] ||= 1\n"),
            ("node['a'] += [1]\n", "node['a'] += [1]\n"),
            ("node['a'] << 1\n", "node['a'] << 1\n"),
            ("def x(node)\n  node['a'] = 1\nend\n", "def x(node)\n  node['a'] = 1\nend\n"),
        ] {
            assert_eq!(mended_file("node-assign-without-level", "recipes/a.rb", text), new);
        }
    }
}
