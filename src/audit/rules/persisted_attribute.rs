//! # persisted-attribute: A value saved on the node object
//!
//! No node object survives a build. A password or flag that was generated once and saved is new in every image, and the data that
//! depends on it no longer opens.
//!
//! Fix: Supply the value as a secret or a setting; for what a recipe only passes on, `node.default` or `node.run_state`.
//!
//! ```ruby
//! node.normal['shop']['installed'] = true                  # finding
//! node.default_unless['shop']['cookie'] = secure_password  # finding: generated, and not kept
//! default_unless['shop']['port'] = 3000                    # fine: the same each time
//! ```
//!
//! Other tools: `Chef/Correctness/CookbookUsesNodeSave`, `Chef/Correctness/NodeNormal`, `Chef/Correctness/NodeNormalUnless`,
//! `Chef/Correctness/OpenSSLPasswordHelpers`, FC046, FC075.

use crate::audit::context::File;
use crate::audit::shape::{call, index, is_node};
use crate::audit::visit::walk;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr, Node, Target};

pub(super) const RULE: Rule = Rule {
    code: "A222",
    name: "persisted-attribute",
    title: "A value saved on the node object",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[
        "Chef/Correctness/CookbookUsesNodeSave",
        "Chef/Correctness/NodeNormal",
        "Chef/Correctness/NodeNormalUnless",
        "Chef/Correctness/OpenSSLPasswordHelpers",
        "FC046",
        "FC075",
    ],
    page: include_str!("persisted_attribute.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe, Kind::Attributes, Kind::Resource, Kind::Library]) {
        file.walk(&mut |node, _| match &node.expr {
            Expr::Call(call) if call.receiver.as_deref().is_some_and(is_node) && saves(file, call) => report(file, call, findings),
            Expr::Assign { target: Target::Index { receiver, .. }, value }
            | Expr::OperatorAssign { target: Target::Index { receiver, .. }, value, .. } => {
                if let Some(level) = level(receiver).filter(|level| is_once(level) && is_generated(value)) {
                    report(file, level, findings);
                }
            }
            _ => {}
        });
    }
}

fn report(file: &File, call: &Call, findings: &mut Vec<Finding>) {
    findings.push(file.finding(RULE.name, file.line(call.name_span.start), "no node object keeps this after a build"));
}

/// `node.save`, `node.normal` and `node.normal_unless`; an attribute file sets `normal` anew in each run.
fn saves(file: &File, call: &Call) -> bool {
    match call.name.as_str() {
        "save" => true,
        "normal" | "normal_unless" => file.kind != Kind::Attributes,
        _ => false,
    }
}

/// `default_unless` of `node.default_unless['a']['b']`.
fn level(target: &Node) -> Option<&Call> {
    let mut current = target;
    while let Some((receiver, _)) = index(current) {
        current = receiver;
    }
    call(current).filter(|call| call.receiver.as_deref().is_none_or(is_node))
}

fn is_once(level: &Call) -> bool {
    matches!(level.name.as_str(), "default_unless" | "override_unless" | "set_unless" | "normal_unless")
}

/// Whether chance is part of the value.
pub(super) fn is_generated(value: &Node) -> bool {
    let mut generated = false;
    walk(value, &mut |node, _| {
        generated |= match &node.expr {
            Expr::Const { name, .. } => name.as_str() == "SecureRandom",
            Expr::Call(call) => matches!(call.name.as_str(), "secure_password" | "random_password" | "rand" | "random_bytes"),
            _ => false,
        };
    });
    generated
}
