//! # node-method-attribute: Attributes read or written as methods
//!
//! `node.app.port` and `default.app.port = 1` relied on `method_missing`, which Chef 13 removed.
//!
//! Fix: Use brackets: `node['app']['port']`.
//!
//! ```ruby
//! node.app.port      # finding
//! node['app']['port']  # instead
//! ```

use crate::audit::fix::{Edit, each_call};
use crate::audit::shape::{call, is_node};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr, Node, Target};

pub(super) const RULE: Rule = Rule {
    code: "A102",
    name: "node-method-attribute",
    title: "Attributes read or written as methods",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("11"),
    removed: Some("13"),
    also: &["Chef/Deprecations/NodeMethodsInsteadofAttributes", "Chef/Deprecations/NodeDeepFetch", "FC019", "CHEF-4"],
    page: include_str!("node_method_attribute.rs"),
    check,
    fix: Some(mend),
    secret: false,
};

/// Public methods of `Chef::Node` (and of `Object`) in Chef 12 and later, without those that end in `?`, `!` or `=`.
const METHODS: &[&str] = &[
    "all_rpm",
    "apply_expansion_attributes",
    "attribute",
    "attributes",
    "automatic",
    "automatic_attrs",
    "chef_environment",
    "chef_server_rest",
    "class",
    "clone",
    "consume_attributes",
    "consume_external_attrs",
    "consume_ohai_data",
    "consume_run_list",
    "cookbook_collection",
    "count",
    "create",
    "construct_attributes",
    "debug_value",
    "default",
    "default_attrs",
    "default_unless",
    "delete",
    "destroy",
    "dig",
    "display_hash",
    "dup",
    "each",
    "each_attribute",
    "each_key",
    "each_pair",
    "each_value",
    "environment",
    "extend",
    "fetch",
    "find_file",
    "first",
    "force_default",
    "force_override",
    "for_json",
    "freeze",
    "from_file",
    "hash",
    "include_attribute",
    "inspect",
    "instance_eval",
    "instance_variable_get",
    "instance_variable_set",
    "itself",
    "json_class",
    "keys",
    "length",
    "loaded_recipe",
    "lock",
    "logger",
    "map",
    "merge",
    "method",
    "methods",
    "name",
    "node",
    "normal",
    "normal_attrs",
    "normal_unless",
    "object_id",
    "override",
    "override_attrs",
    "override_runlist",
    "override_unless",
    "policy_group",
    "policy_name",
    "primary_runlist",
    "public_send",
    "read",
    "recipe_list",
    "recipes",
    "reject",
    "reset_defaults_and_overrides",
    "rm",
    "rm_default",
    "rm_normal",
    "rm_override",
    "role",
    "roles",
    "run_context",
    "run_list",
    "run_state",
    "save",
    "select",
    "send",
    "set",
    "set_cookbook_attribute",
    "set_unless",
    "size",
    "tag",
    "tags",
    "tap",
    "then",
    "to_h",
    "to_hash",
    "to_json",
    "to_s",
    "to_text",
    "unlink",
    "untag",
    "validate",
    "values",
    "values_at",
    "write",
];

/// Methods of the attribute levels, beside those of the node.
const LEVEL_METHODS: &[&str] = &[
    "any",
    "clear",
    "collect",
    "compact",
    "deep_merge",
    "except",
    "find",
    "flat_map",
    "group_by",
    "has_key",
    "invert",
    "max_by",
    "min_by",
    "push",
    "reduce",
    "slice",
    "sort",
    "sort_by",
    "store",
    "sum",
    "to_a",
    "to_yaml",
    "transform_keys",
    "transform_values",
    "update",
    "with_object",
    "zip",
];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut own = std::collections::BTreeSet::new();
    for file in context.of(&[Kind::Library]) {
        file.walk(&mut |node, _| {
            if let Expr::Def { name, .. } = &node.expr {
                own.insert(name.as_str());
            }
        });
    }
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let found = match &node.expr {
                Expr::Call(call) => by_method(file, call).then_some((call.name_span.start, call.name.as_str())),
                Expr::Assign { target: Target::Attribute { receiver, name, span, .. }, .. }
                | Expr::OperatorAssign { target: Target::Attribute { receiver, name, span, .. }, .. } => {
                    let known = METHODS.contains(&name.as_str());
                    ((is_node(receiver) && !known) || is_level(file, receiver)).then_some((span.start, name.as_str()))
                }
                _ => None,
            };
            // A library of the repository may add methods to the node.
            if let Some((start, name)) = found.filter(|(_, name)| !own.contains(name)) {
                findings.push(file.finding(RULE.name, file.line(start), format!("`.{name}` is no method; write `['{name}']`")));
            }
        });
    }
}

pub(super) fn by_method(file: &File, call: &Call) -> bool {
    let name = call.name.as_str();
    let word = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let Some(receiver) = call.receiver.as_ref().filter(|_| word) else { return false };
    if is_node(receiver) && name == "deep_fetch" {
        return true;
    }
    if !call.args.is_empty() || call.block.is_some() || METHODS.contains(&name) {
        return false;
    }
    is_node(receiver) || (is_level(file, receiver) && !LEVEL_METHODS.contains(&name))
}

/// Whether `node` is `node.default`, or `default` in an attribute file.
fn is_level(file: &File, node: &Node) -> bool {
    let Some(level) = call(node).filter(|call| call.args.is_empty() && call.block.is_none()) else { return false };
    let named = matches!(level.name.as_str(), "default" | "normal" | "override" | "default_unless" | "normal_unless" | "override_unless");
    named && level.receiver.as_ref().map_or(file.kind == Kind::Attributes, |receiver| is_node(receiver))
}

/// `node.app['port']` → `node['app']['port']`; a longer chain of words is left, for its last word may be a method.
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |node, word, place| {
        let Some(receiver) = word.receiver.as_ref().filter(|receiver| is_node(receiver) && !word.safe) else { return };
        let ends = match place.parent().map(|parent| &parent.expr) {
            Some(Expr::Call(outer)) if outer.receiver.as_ref().is_some_and(|receiver| std::ptr::eq(&raw const **receiver, node)) => {
                outer.name.as_str() == "[]"
            }
            Some(
                Expr::Assign { target: Target::Attribute { receiver, .. }, .. }
                | Expr::OperatorAssign { target: Target::Attribute { receiver, .. }, .. },
            ) => !std::ptr::eq(&raw const **receiver, node),
            _ => true,
        };
        if ends && word.name.as_str() != "deep_fetch" && by_method(file, word) {
            let text = format!("['{}']", word.name);
            let line = file.line(word.name_span.start);
            edits.push(Edit::new(RULE.name, line, (receiver.span.end, word.name_span.end), text));
        }
    });
}
