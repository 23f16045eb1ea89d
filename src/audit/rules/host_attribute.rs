//! # host-attribute: Configuration computed from the machine
//!
//! hostname, address, cpu and memory of the build machine would be frozen into the image.
//!
//! Fix: Read them when the container starts: downward API, environment, service DNS.
//!
//! ```ruby
//! node['fqdn']   # finding
//! ```

use std::collections::BTreeSet;

use crate::audit::shape::{call, index, is_node, literal, node_path};
use crate::audit::visit::Place;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Expr, Node, Target};

pub(super) const RULE: Rule = Rule {
    code: "A213",
    name: "host-attribute",
    title: "Configuration computed from the machine",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("host_attribute.rs"),
    check,
    fix: None,
    secret: false,
};

/// What Ohai finds out about the machine.
const MACHINE: &[&str] = &[
    "hostname",
    "fqdn",
    "machinename",
    "domain",
    "ipaddress",
    "ip6address",
    "macaddress",
    "ec2",
    "cloud",
    "cpu",
    "memory",
    "network",
    "filesystem",
    "block_device",
];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let own = own(context);
    for file in context.ruby() {
        file.walk(&mut |node, place| {
            let path = node_path(node).unwrap_or_default();
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let method = call(node).filter(|call| call.args.is_empty() && call.receiver.as_ref().is_some_and(|receiver| is_node(receiver)));
            let method = method.map(|call| call.name.as_str());
            let measured = |name: &str| MACHINE.contains(&name) && !own.contains(name);
            let read = matches!(path.as_slice(), [only] if measured(only)) || method.is_some_and(measured);
            if read && !is_in_kitchen(place, node) && !is_in_comment(file, file.line(node.span.start)) {
                findings.push(file.finding(
                    RULE.name,
                    file.line(node.span.start),
                    "the build machine's value would be frozen into the image",
                ));
            }
        });
    }
}

/// Those that the attribute files set themselves: `default['block_device']['size']` is a cookbook's own.
fn own(context: &Context) -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    for file in context.of(&[Kind::Attributes]) {
        file.walk(&mut |node, _| {
            let (Expr::Assign { target: Target::Index { receiver, args, .. }, .. }
            | Expr::OperatorAssign { target: Target::Index { receiver, args, .. }, .. }) = &node.expr
            else {
                return;
            };
            let mut key = args.first().and_then(|key| if let Arg::Value(key) = key { literal(key) } else { None });
            let mut below = &**receiver;
            while let Some((receiver, inner)) = index(below) {
                key = literal(inner);
                below = receiver;
            }
            if call(below).is_some_and(|level| matches!(level.name.as_str(), "default" | "set" | "normal" | "override")) {
                own.extend(key);
            }
        });
    }
    own
}

/// Whether only Test Kitchen, which sets `node['kitchen']`, comes here.
fn is_in_kitchen(place: &Place, node: &Node) -> bool {
    place.parents.iter().any(|parent| {
        let Expr::If { condition, then: Some(then), .. } = &parent.expr else { return false };
        let inside = then.span.start <= node.span.start && node.span.end <= then.span.end;
        inside && node_path(condition).is_some_and(|path| path == ["kitchen"])
    })
}

/// Whether the line of a template is a comment of the file that it becomes.
fn is_in_comment(file: &File, line: u32) -> bool {
    let text = file.text.lines().nth(line.saturating_sub(1) as usize).unwrap_or("").trim_start();
    file.kind == Kind::Template && ["#", "//", ";", "<!--", "/*", "--", "\" "].iter().any(|mark| text.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    #[test]
    fn what_a_cookbook_sets_itself_is_not_the_machines() {
        let code = "node['block_device']['size']\nnode['fqdn']\n";
        let mut files = vec![("recipes/a.rb", code)];
        assert_eq!(found("host-attribute", &files), ["recipes/a.rb:1", "recipes/a.rb:2"]);
        files.push(("attributes/a.rb", "default[:block_device][:size] = 1\n"));
        assert_eq!(found("host-attribute", &files), ["recipes/a.rb:2"]);
    }

    #[test]
    fn what_only_test_kitchen_takes() {
        let code = "x = node['fqdn'] if node['kitchen']\ny = node['kitchen'] ? 'a' : node['fqdn']\n";
        assert_eq!(found("host-attribute", &[("recipes/a.rb", code)]), ["recipes/a.rb:2"]);
    }

    #[test]
    fn comments_in_a_template_configure_nothing() {
        let text = "# written by Chef on <%= node['fqdn'] %>\nserver <%= node['fqdn'] %>\n";
        assert_eq!(found("host-attribute", &[("templates/default/a.erb", text)]), ["templates/default/a.erb:2"]);
    }
}
