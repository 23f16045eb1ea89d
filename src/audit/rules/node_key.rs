//! Places that name one key of the node's attributes at their top: `node['deploy']`, `node.deploy`, `default[:deploy]` in an attribute file.

use crate::audit::shape::{call, is_node, literal};
use crate::audit::{Context, Finding, Kind};
use crate::read::ruby::ast::{Arg, Expr, Node, P, Target};

/// Reports every place that reads or sets `node['key']` at any level, as an index or a method, under the rule's name.
pub(super) fn report(context: &Context, findings: &mut Vec<Finding>, rule: &'static str, key: &str) {
    for file in context.ruby() {
        let attributes = file.kind == Kind::Attributes;
        file.walk(&mut |node, _| {
            let found = match &node.expr {
                Expr::Call(call) => {
                    let by_method = call.name.as_str() == key && call.args.is_empty() && call.block.is_none();
                    let by_index = call.name.as_str() == "[]" && is_key(&call.args, key);
                    call.receiver.as_ref().is_some_and(|receiver| {
                        (by_method && is_node(receiver)) || (by_index && (is_node(receiver) || is_level(receiver, attributes)))
                    })
                }
                Expr::Assign { target: Target::Index { receiver, args, .. }, .. } => {
                    is_key(args, key) && (is_node(receiver) || is_level(receiver, attributes))
                }
                _ => false,
            };
            if found {
                findings.push(file.finding(rule, file.line(node.span.start), format!("nothing fills in `node['{key}']` any more")));
            }
        });
    }
}

fn is_key(args: &[Arg], key: &str) -> bool {
    matches!(args, [Arg::Value(value)] if literal(value).as_deref() == Some(key))
}

/// Whether `node` is `default` of an attribute file, or `node.default`.
fn is_level(node: &Node, attributes: bool) -> bool {
    let Some(level) = call(node).filter(|call| call.args.is_empty()) else { return false };
    let named = matches!(level.name.as_str(), "default" | "normal" | "override" | "force_default" | "force_override" | "set");
    named && level.receiver.as_ref().map_or(attributes, |receiver: &P| is_node(receiver))
}
