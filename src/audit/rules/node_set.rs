//! # node-set: `node.set` was removed in Chef 14
//!
//! `set` was an alias of `normal` that saved the value on the node. Chef 14 has no such method, so the run stops with `NoMethodError`.
//!
//! ```ruby
//! node.set['shop']['port'] = 3000       # finding
//! node.default['shop']['port'] = 3000   # instead, in a recipe
//! default['shop']['port'] = 3000        # instead, in an attribute file
//! ```
//! Use `override` only where a lower level must lose.

use crate::audit::fix::{Edit, each_call, rename};
use crate::audit::shape::{call, is_node};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A101",
    name: "node-set",
    title: "node.set was removed in Chef 14",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12"),
    removed: Some("14"),
    also: &["Chef/Deprecations/NodeSet", "Chef/Deprecations/NodeSetUnless", "FC082"],
    page: include_str!("node_set.rs"),
    check,
    fix: Some(mend),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let Some(set) = call(node).filter(|call| matches!(call.name.as_str(), "set" | "set_unless") && call.args.is_empty()) else {
                return;
            };
            let found = match &set.receiver {
                Some(receiver) => is_node(receiver),
                None => file.kind == Kind::Attributes && set.block.is_none(),
            };
            if found {
                let line = file.line(set.name_span.start);
                findings.push(file.finding(RULE.name, line, format!("`{}` no longer exists; write `default`", set.name)));
            }
        });
    }
}

/// `node.set['x']` → `node.default['x']`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, set, _| {
        let new = match set.name.as_str() {
            "set" => "default",
            "set_unless" => "default_unless",
            _ => return,
        };
        let receiver = set.receiver.as_ref().map_or(file.kind == Kind::Attributes, |receiver| is_node(receiver));
        if receiver && set.args.is_empty() && set.block.is_none() {
            edits.push(rename(RULE.name, file, set, new));
        }
    });
}
