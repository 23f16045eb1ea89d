//! # opsworks-node: Reads `node[:opsworks]`
//!
//! The agent that filled it in ended with the service on 2024-05-26.
//!
//! Fix: Stack and layer facts become settings of the deployment; instances become Service names.
//!
//! ```ruby
//! node[:opsworks]   # finding
//! ```

use super::shape::{call, is_node, literal};
use super::{Category, Context, Finding, Kind, Rule, Severity};
use crate::read::ruby::ast::{Arg, Expr, Node, P, Target};

pub(super) const RULE: Rule = Rule {
    code: "A701",
    name: "opsworks-node",
    title: "Reads node[:opsworks]",
    severity: Severity::Warning,
    category: Category::OpsWorks,
    check,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        let attributes = file.kind == Kind::Attributes;
        file.walk(&mut |node, _| {
            let found = match &node.expr {
                Expr::Call(call) => {
                    let by_method = call.name.as_str() == "opsworks" && call.args.is_empty() && call.block.is_none();
                    let by_index = call.name.as_str() == "[]" && is_key(&call.args);
                    call.receiver.as_ref().is_some_and(|receiver| {
                        (by_method && is_node(receiver)) || (by_index && (is_node(receiver) || is_level(receiver, attributes)))
                    })
                }
                Expr::Assign { target: Target::Index { receiver, args, .. }, .. } => {
                    is_key(args) && (is_node(receiver) || is_level(receiver, attributes))
                }
                _ => false,
            };
            if found {
                findings.push(file.finding(RULE.name, file.line(node.span.start), "nothing fills in `node['opsworks']` any more"));
            }
        });
    }
}

fn is_key(args: &[Arg]) -> bool {
    matches!(args, [Arg::Value(key)] if literal(key).as_deref() == Some("opsworks"))
}

/// Whether `node` is `default` of an attribute file, or `node.default`.
fn is_level(node: &Node, attributes: bool) -> bool {
    let Some(level) = call(node).filter(|call| call.args.is_empty()) else { return false };
    let named = matches!(level.name.as_str(), "default" | "normal" | "override" | "force_default" | "force_override" | "set");
    named && level.receiver.as_ref().map_or(attributes, |receiver: &P| is_node(receiver))
}
