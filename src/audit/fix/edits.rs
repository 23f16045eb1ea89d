//! The edits of each rule that can be mended: where the text alone says what is meant, and nowhere else.
//!
//! `notifies :restart, resources(:service => 'nginx')` → `notifies :restart, 'service[nginx]'`.

use super::Edit;
use crate::audit::shape::{argument, call, index, is_node, is_resource, literal, properties};
use crate::audit::visit::Place;
use crate::audit::{File, Kind, node_method_attribute};
use crate::read::ruby::ast::{Arg, Call, Expr, Node, Pair, Target};

/// `node.set['x']` → `node.default['x']`
pub(super) fn node_set(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, set, _| {
        let new = match set.name.as_str() {
            "set" => "default",
            "set_unless" => "default_unless",
            _ => return,
        };
        let receiver = set.receiver.as_ref().map_or(file.kind == Kind::Attributes, |receiver| is_node(receiver));
        if receiver && set.args.is_empty() && set.block.is_none() {
            edits.push(rename("node-set", file, set, new));
        }
    });
}

/// `node.app['port']` → `node['app']['port']`; a longer chain of words is left, for its last word may be a method.
pub(super) fn method(file: &File, edits: &mut Vec<Edit>) {
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
        if ends && word.name.as_str() != "deep_fetch" && node_method_attribute::by_method(file, word) {
            let text = format!("['{}']", word.name);
            let line = file.line(word.name_span.start);
            edits.push(Edit::new("node-method-attribute", line, (receiver.span.end, word.name_span.end), text));
        }
    });
}

/// `node['a'] = 1` → `node.default['a'] = 1`
pub(super) fn assign(file: &File, edits: &mut Vec<Edit>) {
    file.walk(&mut |node, _| {
        let Expr::Assign { target: Target::Index { receiver, .. }, .. } = &node.expr else { return };
        let mut inner: &Node = receiver;
        while let Some((around, _)) = index(inner) {
            inner = around;
        }
        if matches!(inner.expr, Expr::Call(_)) && is_node(inner) {
            let line = file.line(node.span.start);
            edits.push(Edit::new("node-assign-without-level", line, (inner.span.end, inner.span.end), ".default"));
        }
    });
}

/// `require_recipe 'a'` → `include_recipe 'a'`
pub(super) fn require_recipe(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, call, _| {
        if call.receiver.is_none() && call.name.as_str() == "require_recipe" && !call.args.is_empty() {
            edits.push(rename("require-recipe", file, call, "include_recipe"));
        }
    });
}

/// `resources(:service => 'nginx')` → `'service[nginx]'`
pub(super) fn legacy_notify(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, notify, _| {
        if notify.receiver.is_some() || !matches!(notify.name.as_str(), "notifies" | "subscribes") {
            return;
        }
        let Some(target) = argument(notify, 1) else { return };
        let Some(looked_up) = call(target).filter(|call| call.receiver.is_none() && call.name.as_str() == "resources") else { return };
        let [only] = looked_up.args.as_slice() else { return };
        let new = match only {
            Arg::Value(value) if literal(value).is_some() && matches!(value.expr, Expr::Str(_)) => file.source(value.span).to_owned(),
            Arg::Hash(pairs) => match pairs.as_slice() {
                [Pair::Entry(key, value)] => match (literal(key), quoted(file.source(value.span))) {
                    (Some(kind), Some((quote, name))) if matches!(value.expr, Expr::Str(_)) => format!("{quote}{kind}[{name}]{quote}"),
                    _ => return,
                },
                _ => return,
            },
            _ => return,
        };
        edits.push(Edit::new("legacy-notify", file.line(notify.name_span.start), (target.span.start, target.span.end), new));
    });
}

/// The quote and the inside of a literal in plain quotes.
fn quoted(source: &str) -> Option<(char, &str)> {
    let quote = source.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let inside = source[1..].strip_suffix(quote)?;
    (!inside.contains(['\n'])).then_some((quote, inside))
}

/// `suggests 'x'` goes with its line; `depends 'x', '>> 1.0'` → `depends 'x', '> 1.0'`.
pub(super) fn metadata(file: &File, edits: &mut Vec<Edit>) {
    if file.kind != Kind::Metadata {
        return;
    }
    each_call(file, &mut |node, field, place| {
        if field.receiver.is_some() {
            return;
        }
        let line = file.line(field.name_span.start);
        match field.name.as_str() {
            "recommends" | "suggests" | "conflicts" | "replaces" | "grouping" if place.parents.len() <= 1 && field.block.is_none() => {
                if let Some(whole) = whole_lines(file.text, node.span.start as usize, node.span.end as usize) {
                    edits.push(Edit::new("metadata-removed", line, whole, ""));
                }
            }
            "depends" | "supports" => {
                let Some(constraint) = argument(field, 1).filter(|constraint| matches!(constraint.expr, Expr::Str(_))) else { return };
                let source = file.source(constraint.span);
                let doubled = source.find("<<").or_else(|| source.find(">>"));
                if let Some(at) = doubled.and_then(|at| u32::try_from(at).ok()).filter(|_| quoted(source).is_some()) {
                    let start = constraint.span.start + at;
                    edits.push(Edit::new("metadata-removed", line, (start, start + 1), ""));
                }
            }
            _ => {}
        }
    });
}

/// The lines of `start..end` where nothing else stands on them.
fn whole_lines(text: &str, start: usize, end: usize) -> Option<(u32, u32)> {
    let first = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let last = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at + 1);
    let alone = text.get(first..start)?.trim().is_empty() && text.get(end..last)?.trim().is_empty();
    alone.then_some((u32::try_from(first).ok()?, u32::try_from(last).ok()?))
}

/// `File.exists?` → `File.exist?`, `Fixnum` → `Integer`
pub(super) fn ruby_method(file: &File, edits: &mut Vec<Edit>) {
    file.walk(&mut |node, _| match &node.expr {
        Expr::Const { name, .. } if matches!(name.as_str(), "Fixnum" | "Bignum") => {
            let length = u32::try_from(name.as_str().len()).unwrap_or(0);
            let start = node.span.end.saturating_sub(length);
            edits.push(Edit::new("removed-ruby-method", file.line(node.span.start), (start, node.span.end), "Integer"));
        }
        Expr::Call(called) if called.name.as_str() == "exists?" => {
            let constant = called.receiver.as_ref().map(|receiver| &receiver.expr);
            if matches!(constant, Some(Expr::Const { name, .. }) if matches!(name.as_str(), "File" | "Dir")) {
                edits.push(rename("removed-ruby-method", file, called, "exist?"));
            }
        }
        _ => {}
    });
}

/// `command` of a script resource → `code`
pub(super) fn script_code(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, script, _| {
        if is_resource(script, &["bash", "script", "python", "perl", "ruby", "csh", "ksh"])
            && properties(script, "code").is_empty()
            && let [(_, command)] = properties(script, "command").as_slice()
        {
            let line = file.line(script.name_span.start);
            edits.push(Edit::new("script-without-code", line, (command.name_span.start, command.name_span.end), "code"));
        }
    });
}

/// `mode 755` → `mode '0755'`
pub(super) fn mode(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, mode, _| {
        if mode.receiver.is_some() || !matches!(mode.name.as_str(), "mode" | "files_mode") {
            return;
        }
        let Some(value) = argument(mode, 0).filter(|value| matches!(value.expr, Expr::Integer(_))) else { return };
        let written = file.source(value.span);
        let new = match written.len() {
            3 => format!("'0{written}'"),
            4 => format!("'{written}'"),
            _ => return,
        };
        if !written.starts_with('0') && written.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
            edits.push(Edit::new("mode-decimal", file.line(mode.name_span.start), (value.span.start, value.span.end), new));
        }
    });
}

/// `resource_name :shop` in a file of `resources/` gets `provides :shop` below it.
pub(super) fn resource_name(file: &File, edits: &mut Vec<Edit>) {
    if !file.path.contains("resources/") || file.kind != Kind::Resource {
        return;
    }
    each_call(file, &mut |node, named, place| {
        let alone = whole_lines(file.text, node.span.start as usize, node.span.end as usize);
        if named.receiver.is_none()
            && named.name.as_str() == "resource_name"
            && place.parents.len() <= 1
            && let (Some(value), Some((start, end))) = (argument(named, 0), alone)
            && literal(value).is_some()
        {
            let indent = file.text.get(start as usize..node.span.start as usize).unwrap_or("");
            let gap = if file.text.get(..end as usize).is_some_and(|text| text.ends_with('\n')) { "" } else { "\n" };
            let text = format!("{gap}{indent}provides {}\n", file.source(value.span));
            edits.push(Edit::new("resource-name-only", file.line(named.name_span.start), (end, end), text));
        }
    });
}

/// `supports :manage_home => true` of a user → `manage_home true`
pub(super) fn user_supports(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |node, supports, place| {
        let user = place.resource().is_some_and(|resource| matches!(resource.name.as_str(), "user" | "group"));
        if !user || supports.receiver.is_some() || supports.name.as_str() != "supports" {
            return;
        }
        let pairs = match supports.args.as_slice() {
            [Arg::Hash(pairs)] => pairs,
            [Arg::Value(value)] => match &value.expr {
                Expr::Hash(pairs) => pairs,
                _ => return,
            },
            _ => return,
        };
        if let [Pair::Entry(key, value)] = pairs.as_slice()
            && let Some(name) = literal(key).filter(|name| matches!(name.as_str(), "manage_home" | "non_unique"))
        {
            let text = format!("{name} {}", file.source(value.span));
            edits.push(Edit::new("user-supports", file.line(supports.name_span.start), (node.span.start, node.span.end), text));
        }
    });
}

/// `not_if ::File.exist?('/x')` → `not_if { ::File.exist?('/x') }`
pub(super) fn guard(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, guard, _| {
        if guard.receiver.is_some() || !matches!(guard.name.as_str(), "not_if" | "only_if") || guard.block.is_some() {
            return;
        }
        let (Some(value), 1) = (argument(guard, 0), guard.args.len()) else { return };
        let between = file.text.get(guard.name_span.end as usize..value.span.start as usize).unwrap_or("(");
        let source = file.source(value.span);
        let plain = matches!(&value.expr, Expr::Call(call) if call.block.is_none()) || matches!(value.expr, Expr::Not(_));
        if plain && !between.is_empty() && between.bytes().all(|byte| byte == b' ') && !source.contains("<<") {
            let line = file.line(guard.name_span.start);
            edits.push(Edit::new("guard-without-block", line, (value.span.start, value.span.end), format!("{{ {source} }}")));
        }
    });
}

fn each_call(file: &File, each: &mut dyn FnMut(&Node, &Call, &Place)) {
    file.walk(&mut |node, place| {
        if let Expr::Call(call) = &node.expr {
            each(node, call, place);
        }
    });
}

fn rename(rule: &'static str, file: &File, call: &Call, new: &str) -> Edit {
    Edit::new(rule, file.line(call.name_span.start), (call.name_span.start, call.name_span.end), new)
}

#[cfg(test)]
mod tests {
    use crate::audit::fix::fix;
    use crate::audit::{Context, audit};
    use crate::source::SourceMap;

    /// What becomes of `text` at `path`.
    fn mended(path: &str, text: &str) -> String {
        let mut sources = SourceMap::new();
        sources.add_text(path, text);
        let found = audit(&sources, "");
        let context = Context::new(&sources, "");
        let wanted = |rule: &str, path: &str, line: u32| found.iter().any(|one| one.rule == rule && one.path == path && one.line == line);
        fix(&context, &wanted).into_iter().next().map_or_else(|| text.to_owned(), |fixed| fixed.new)
    }

    #[test]
    fn edits_are_exact_and_a_second_time_changes_nothing() {
        for (path, text, new) in [
            ("recipes/a.rb", "node.set['x'] = 1 # why\n", "node.default['x'] = 1 # why\n"),
            ("attributes/a.rb", "set_unless['x']  = 1\n", "default_unless['x']  = 1\n"),
            ("recipes/a.rb", "x = node.app['port']\n", "x = node['app']['port']\n"),
            ("recipes/a.rb", "x = \"#{node.app}\"\n", "x = \"#{node['app']}\"\n"),
            ("recipes/a.rb", "x = node.app.port\n", "x = node.app.port\n"),
            ("recipes/a.rb", "node['a']['b']   = 1\n", "node.default['a']['b']   = 1\n"),
            ("recipes/a.rb", "require_recipe \"x\" # old\n", "include_recipe \"x\" # old\n"),
            (
                "recipes/a.rb",
                "file '/x' do\n  notifies :restart, resources(:service => \"a-#{b}\"), :delayed\nend\n",
                "file '/x' do\n  notifies :restart, \"service[a-#{b}]\", :delayed\nend\n",
            ),
            ("metadata.rb", "name 'a'\nsuggests 'b'\ndepends 'c', '>> 1.0'\n", "name 'a'\ndepends 'c', '> 1.0'\n"),
            ("recipes/a.rb", "x if File.exists?('/a') && 1.is_a?(Fixnum)\n", "x if File.exist?('/a') && 1.is_a?(Integer)\n"),
            ("recipes/a.rb", "bash 'x' do\n  command 'ls'\nend\n", "bash 'x' do\n  code 'ls'\nend\n"),
            ("recipes/a.rb", "file '/x' do\n  mode 644 # r\nend\n", "file '/x' do\n  mode '0644' # r\nend\n"),
            ("recipes/a.rb", "file '/x' do\n  mode 493\nend\n", "file '/x' do\n  mode 493\nend\n"),
            ("recipes/a.rb", "user 'x' do\n  supports :manage_home => true\nend\n", "user 'x' do\n  manage_home true\nend\n"),
            ("recipes/a.rb", "file '/x' do\n  not_if ::File.exist?('/y')\nend\n", "file '/x' do\n  not_if { ::File.exist?('/y') }\nend\n"),
            ("recipes/a.rb", "node.set['x'] = 1\nif (\n", "node.set['x'] = 1\nif (\n"),
        ] {
            let once = mended(path, text);
            assert_eq!(once, new);
            assert_eq!(mended(path, &once), once);
        }
    }
}
