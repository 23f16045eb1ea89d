//! # node-method-attribute: Attributes read or written as methods
//!
//! `node.app.port` and `default.app.port = 1` relied on `method_missing`, which Chef 13 removed.
//!
//! Fix: Use brackets: `node['app']['port']`. `--fix` writes them for a word that stands alone, is assigned to, or is followed by an index,
//! an operator or a call with arguments. In `node.app.size` only a person knows whether `size` is an attribute. Assignments get
//! `node.default`; `+=` and `<<` on the node are left, as they read all levels and write one.
//!
//! ```ruby
//! node.app.port      # finding
//! node['app']['port']  # instead
//! ```

use super::node_assign_without_level::CHANGES;
use crate::audit::fix::{Edit, Fixer};
use crate::audit::shape::{call, is_node};
use crate::audit::visit::Place;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr, Name, Node, Target};
use crate::source::Span;

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
    fix: Some(Fixer::File(mend)),
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

/// The levels of attributes that are written to.
const LEVELS: &[&str] = &["default", "normal", "override", "default_unless", "normal_unless", "override_unless"];

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
    LEVELS.contains(&level.name.as_str()) && level.receiver.as_ref().map_or(file.kind == Kind::Attributes, |receiver| is_node(receiver))
}

/// Methods that `Chef::Node` once had.
const GONE: &[&str] =
    &["deep_fetch", "load_attributes", "reload", "expand", "fetch_attributes", "runlist", "collapse", "destructive_merge"];

/// Methods without arguments that many values have, and that nobody calls an attribute.
const OF_VALUES: &[&str] = &[
    "chomp", "downcase", "empty", "flatten", "inspect", "join", "lines", "split", "strip", "to_a", "to_f", "to_h", "to_hash", "to_i",
    "to_json", "to_s", "to_sym", "upcase",
];

/// `node.app['port']` → `node['app']['port']`, `default.app.port = 1` → `default['app']['port'] = 1`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    file.walk(&mut |node, place| match &node.expr {
        Expr::Call(word) if by_method(file, word) && !GONE.contains(&word.name.as_str()) && !word.safe => {
            let Some(receiver) = &word.receiver else { return };
            let Some(level) = read_or_written(node, is_node(receiver), place) else { return };
            let line = file.line(word.name_span.start);
            let text = format!("{level}['{}']", word.name);
            edits.push(Edit::new(RULE.name, file, line, (receiver.span.end, word.name_span.end), text));
        }
        Expr::Assign { target: Target::Attribute { receiver, name, span, .. }, .. } => {
            edits.extend(written(file, receiver, name, *span, Some(".default")).into_iter().flatten());
        }
        Expr::OperatorAssign { target: Target::Attribute { receiver, name, span, .. }, operator, .. } => {
            let level = (operator.as_str() == "||").then_some(".default");
            edits.extend(written(file, receiver, name, *span, level).into_iter().flatten());
        }
        _ => {}
    });
}

/// What stands before the index that the call `node` becomes: nothing where it is read, the level where it is written; `None` where the
/// text does not say which of both, or whether the next word is an attribute or a method.
fn read_or_written(node: &Node, bare: bool, place: &Place) -> Option<&'static str> {
    let mut top = node;
    let is_top = |receiver: &Node, top: &Node| std::ptr::eq(receiver, top);
    for (depth, parent) in place.parents.iter().enumerate().rev() {
        match &parent.expr {
            Expr::Call(outer) if outer.receiver.as_ref().is_some_and(|receiver| is_top(receiver, top)) => {
                let name = outer.name.as_str();
                if name == "[]" {
                    top = parent;
                    continue;
                }
                let is_method = name.ends_with(['?', '!']) || !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                let is_method = is_method || !outer.args.is_empty() || outer.block.is_some() || OF_VALUES.contains(&name);
                let writes = bare && CHANGES.contains(&name);
                return ((is_method || !std::ptr::eq(top, node)) && !writes).then_some("");
            }
            Expr::Assign { target: Target::Index { receiver, .. }, .. } if is_top(receiver, top) => {
                return Some(if bare { ".default" } else { "" });
            }
            Expr::OperatorAssign { target: Target::Index { receiver, .. }, operator, .. } if is_top(receiver, top) => {
                return match (bare, operator.as_str()) {
                    (false, _) => Some(""),
                    (true, "||") => Some(".default"),
                    (true, _) => None,
                };
            }
            Expr::Assign { target: Target::Attribute { receiver, .. }, .. }
            | Expr::OperatorAssign { target: Target::Attribute { receiver, .. }, .. }
                if is_top(receiver, top) =>
            {
                return None;
            }
            Expr::MultiAssign { value, .. } if !(value.span.start <= top.span.start && top.span.end <= value.span.end) => return None,
            // A statement whose value nobody takes is a call.
            Expr::Sequence(list) if depth == 0 || !list.last().is_some_and(|last| is_top(last, top)) => return None,
            _ => return Some(""),
        }
    }
    None
}

/// The edits of a chain of words that something is assigned to: each is an attribute. `level` is put behind the bare node.
fn written(file: &File, receiver: &Node, name: &Name, span: Span, level: Option<&str>) -> Option<Vec<Edit>> {
    if file.source(span).contains('\n') {
        return None;
    }
    let mut words = vec![(receiver.span.end, span.end, name.as_str())];
    let mut current = receiver;
    while !is_node(current) && !is_level(file, current) {
        let word = call(current).filter(|word| word.args.is_empty() && word.block.is_none() && !word.safe)?;
        let inner = word.receiver.as_deref()?;
        words.push((inner.span.end, word.name_span.end, word.name.as_str()));
        current = inner;
    }
    let (_, _, first) = words.last()?;
    if METHODS.contains(first) || (is_level(file, current) && LEVEL_METHODS.contains(first)) {
        return None;
    }
    let line = file.line(span.start);
    let last = words.len() - 1;
    let level = if is_node(current) { level? } else { "" };
    let edit = |(index, (from, to, word)): (usize, (u32, u32, &str))| {
        Edit::new(RULE.name, file, line, (from, to), format!("{}['{word}']", if index == last { level } else { "" }))
    };
    Some(words.into_iter().enumerate().map(edit).collect())
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn words_become_indices_where_they_can_only_be_attributes() {
        for (path, text, new) in [
            ("recipes/a.rb", "x = node.app['port']\n", "x = node['app']['port']\n"),
            ("recipes/a.rb", "x = \"#{node.app}\" # node.app\n", "x = \"#{node['app']}\" # node.app\n"),
            (
                "recipes/a.rb",
                "x if node.os_x == 'a' && node.os_x.include?('b')\n",
                "x if node['os_x'] == 'a' && node['os_x'].include?('b')\n",
            ),
            ("recipes/a.rb", "x = node.vers.to_f\nnode.list.each { |y| y }\n", "x = node['vers'].to_f\nnode['list'].each { |y| y }\n"),
            ("recipes/a.rb", "node.app['x'] = 1\nnode.app.y = 2\n", "node.default['app']['x'] = 1\nnode.default['app']['y'] = 2\n"),
            (
                "recipes/a.rb",
                "node.default.app.y = 2\nnode.default.app['x'] = 3\n",
                "node.default['app']['y'] = 2\nnode.default['app']['x'] = 3\n",
            ),
            ("attributes/a.rb", "default.app.port = node.app\n", "default['app']['port'] = node['app']\n"),
            ("attributes/a.rb", "default.app.port ||= 1\n", "default['app']['port'] ||= 1\n"),
            ("recipes/a.rb", "x = node.app.port\n", "x = node.app.port\n"),
            (
                "recipes/a.rb",
                "node.app['x'] += 1\nnode.app.x += 1\nnode.app << 1\n",
                "node.app['x'] += 1\nnode.app.x += 1\nnode.app << 1\n",
            ),
            ("recipes/a.rb", "node.app['x'] ||= 1\nnode.app.x ||= 1\n", "node.default['app']['x'] ||= 1\nnode.default['app']['x'] ||= 1\n"),
            ("recipes/a.rb", "x = node.deep_fetch('a', 'b')\n", "x = node.deep_fetch('a', 'b')\n"),
            ("recipes/a.rb", "node.app\nblock { node.load_attributes }\nnode.b\n", "node.app\nblock { node.load_attributes }\nnode.b\n"),
            ("recipes/a.rb", "x = node&.app\n", "x = node&.app\n"),
        ] {
            assert_eq!(mended_file("node-method-attribute", path, text), new);
        }
    }
}
