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
//!
//! `--fix` writes `default` where something is assigned; what only reads `node.set['x']`, or changes a list in it, would find other values on
//! the other level, and is left. It also leaves `node.set_unless['x'] = secure_password`: the value was made once and kept on the node, and would
//! be another one with every run.

use crate::audit::fix::{Edit, Fixer, each_call, rename};
use crate::audit::shape::{call, index, is_node};
use crate::audit::visit::{Place, walk};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Expr, Node, Target};

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
    fix: Some(Fixer::File(mend)),
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

/// `node.set['x'] = 1` → `node.default['x'] = 1`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |node, set, place| {
        let new = match set.name.as_str() {
            "set" => "default",
            "set_unless" => "default_unless",
            _ => return,
        };
        let receiver = set.receiver.as_ref().map_or(file.kind == Kind::Attributes, |receiver| is_node(receiver));
        let Some(value) = assigned(node, place).filter(|_| receiver && set.args.is_empty() && set.block.is_none()) else { return };
        if set.name.as_str() == "set" || !is_made_anew(file, value) {
            edits.push(rename(RULE.name, file, set, new));
        }
    });
}

/// What is assigned to an attribute whose path begins with `node`.
fn assigned<'a>(node: &Node, place: &Place<'a>) -> Option<&'a Node> {
    let mut top = node;
    for parent in place.parents.iter().rev() {
        let is_top = |receiver: &Node| std::ptr::eq(receiver, top);
        match &parent.expr {
            Expr::Call(_) if index(parent).is_some_and(|(receiver, _)| is_top(receiver)) => top = parent,
            Expr::Assign { target: Target::Index { receiver, .. }, value } if is_top(receiver) => return Some(value),
            Expr::OperatorAssign { target: Target::Index { receiver, .. }, operator, value } if is_top(receiver) => {
                return (operator.as_str() == "||").then_some(&**value);
            }
            _ => return None,
        }
    }
    None
}

/// Whether the value is another one each time: a random password, the time.
fn is_made_anew(file: &File, value: &Node) -> bool {
    let mut anew = false;
    walk(value, &mut |node, _| {
        anew |= match &node.expr {
            Expr::Call(call) => {
                let name = call.name.as_str();
                let kernel = call.receiver.is_none() && matches!(name, "rand" | "random");
                kernel || ["secure_password", "random_", "generate", "uuid", "sample"].iter().any(|word| name.contains(word))
            }
            Expr::Const { .. } => ["SecureRandom", "Random", "Time", "OpenSSL"].iter().any(|name| file.source(node.span).contains(name)),
            _ => false,
        };
    });
    anew
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn set_becomes_default_unless_the_value_was_to_be_kept() {
        for (path, text, new) in [
            ("recipes/a.rb", "node.set['x'] = 1 # why\n", "node.default['x'] = 1 # why\n"),
            ("recipes/a.rb", "node\n  .set[:x][y[:y]] ||= 1\n", "node\n  .default[:x][y[:y]] ||= 1\n"),
            ("recipes/a.rb", "node.set_unless['x'] = 'a'\n", "node.default_unless['x'] = 'a'\n"),
            ("attributes/a.rb", "set_unless['x']  = 1\nset['y'] = 2\n", "default_unless['x']  = 1\ndefault['y'] = 2\n"),
            ("recipes/a.rb", "node.set_unless['x'] = secure_password\n", "node.set_unless['x'] = secure_password\n"),
            ("attributes/a.rb", "set_unless['x'] = SecureRandom.hex(8)\n", "set_unless['x'] = SecureRandom.hex(8)\n"),
            ("recipes/a.rb", "node.set['x'] = 1\nif (\n", "node.set['x'] = 1\nif (\n"),
            ("recipes/a.rb", "node.set['x'].each { |y| y }\n", "node.set['x'].each { |y| y }\n"),
            ("recipes/a.rb", "node.set['x'] << 1\nnode.set['x'] += [1]\n", "node.set['x'] << 1\nnode.set['x'] += [1]\n"),
            ("recipes/a.rb", "x = node.set['x']\ny node.set['x'] = 1\n", "x = node.set['x']\ny node.default['x'] = 1\n"),
            ("templates/default/a.erb", "<% node.set['x'] = 1 %>\n", "<% node.set['x'] = 1 %>\n"),
        ] {
            assert_eq!(mended_file("node-set", path, text), new);
        }
    }
}
