//! # resource-name-only: Custom resource with resource_name but no provides
//!
//! From Chef 16.2 on `resource_name` alone registers nothing: every use of the resource is an unknown method, and the run stops
//! before the image has anything in it.
//!
//! Fix: Write `provides` beside it; on a class in `libraries/` too. `--fix` does the first; what a class was called in recipes, its file
//! does not say.
//!
//! ```ruby
//! resource_name :shop_site   # finding, where the file has no `provides`
//! provides :shop_site        # add this
//! ```
//!
//! Other tools: `Chef/Deprecations/ResourceUsesOnlyResourceName`, `Chef/Deprecations/HWRPWithoutProvides`, CHEF-31.

use crate::audit::context::File;
use crate::audit::fix::{Edit, Fixer, each_call, indent, line_end, whole_lines};
use crate::audit::shape::{argument, call, literal};
use crate::audit::visit::walk;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::chef::resource::types::actions;
use crate::read::ruby::ast::{Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A114",
    name: "resource-name-only",
    title: "Custom resource with resource_name but no provides",
    severity: Severity::Warning,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("15.13"),
    removed: Some("16.2"),
    also: &["Chef/Deprecations/ResourceUsesOnlyResourceName", "Chef/Deprecations/HWRPWithoutProvides", "CHEF-31"],
    page: include_str!("resource_name_only.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Resource]).filter(|file| file.path.starts_with("resources/") || file.path.contains("/resources/")) {
        let Some(tree) = file.tree.as_deref().filter(|tree| line_of(file, tree, "provides").is_none()) else { continue };
        if let Some(line) = line_of(file, tree, "resource_name") {
            findings.push(file.finding(RULE.name, line, "`resource_name` registers nothing without `provides`"));
        }
    }
    for file in context.of(&[Kind::Library]) {
        file.walk(&mut |node, _| {
            let Expr::Class { name, superclass: Some(above), body, .. } = &node.expr else { return };
            let named = body
                .as_deref()
                .is_some_and(|body| line_of(file, body, "provides").is_some() || line_of(file, body, "resource_name").is_some());
            // `class Chef::Resource::ChefGem` opens a type of Chef's once more.
            if is_resource(file, above) && !named && actions(&snake(name)).is_none() {
                findings.push(file.finding(RULE.name, file.line(node.span.start), format!("`{name}` is registered under no name")));
            }
        });
    }
}

/// `ChefGem` as `chef_gem`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.rsplit("::").next().unwrap_or(name).chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// The line of the first call of the declaration `name`.
fn line_of(file: &File, tree: &Node, name: &str) -> Option<u32> {
    let mut line = None;
    walk(tree, &mut |node, _| {
        if let Some(call) = call(node).filter(|call| call.receiver.is_none() && call.name.as_str() == name && !call.args.is_empty()) {
            line = line.or_else(|| Some(file.line(call.name_span.start)));
        }
    });
    line
}

/// Whether the superclass is `Chef::Resource`, one below it, or `Resource` inside `class Chef`.
fn is_resource(file: &File, superclass: &Node) -> bool {
    let name = file.source(superclass.span).trim_start_matches("::");
    match name.strip_prefix("Chef::Resource") {
        Some(rest) => rest.is_empty() || rest.starts_with("::"),
        None => matches!(name, "Resource" | "Resource::LWRPBase") && file.code().contains("class Chef"),
    }
}

/// `resource_name :shop` in a file of `resources/` gets `provides :shop` below it.
fn mend(file: &File, edits: &mut Vec<Edit>) {
    if file.kind != Kind::Resource {
        return;
    }
    each_call(file, &mut |node, named, place| {
        let alone = whole_lines(file.text, node.span.start as usize, node.span.end as usize);
        if named.receiver.is_none()
            && named.name.as_str() == "resource_name"
            && place.parents.len() <= 1
            && let (Some(value), Some(_)) = (argument(named, 0), alone)
            && literal(value).is_some()
        {
            let (end, indent) = (line_end(file.text), indent(file.text, node.span.start as usize));
            let text = format!("{end}{indent}provides {}", file.source(value.span));
            edits.push(Edit::new(RULE.name, file, file.line(named.name_span.start), (node.span.end, node.span.end), text));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;
    use crate::audit::tests::lines;

    #[test]
    fn a_type_of_chefs_that_is_opened_once_more_has_its_name() {
        assert!(
            lines("libraries/a.rb", "class Chef::Resource::ChefGem < Chef::Resource::GemPackage\nend\n", "resource-name-only").is_empty()
        );
    }

    #[test]
    fn classes_count_by_their_superclass() {
        let code =
            "class Site < Chef::Resource\nend\nclass Page < Chef::Resource\n  provides :page\nend\nclass Error < StandardError\nend\n";
        assert_eq!(lines("libraries/site.rb", code, "resource-name-only"), [1]);
        assert!(lines("providers/site.rb", "resource_name :site\n", "resource-name-only").is_empty());
    }

    #[test]
    fn provides_stands_below() {
        for (text, new) in [
            ("resource_name :site\n\nproperty :x\n", "resource_name :site\nprovides :site\n\nproperty :x\n"),
            ("  resource_name 'site'\r\nactions :a\r\n", "  resource_name 'site'\r\n  provides 'site'\r\nactions :a\r\n"),
            ("resource_name :site", "resource_name :site\nprovides :site"),
            ("resource_name name\n", "resource_name name\n"),
            ("resource_name :site # x\n", "resource_name :site # x\n"),
        ] {
            assert_eq!(mended_file("resource-name-only", "resources/site.rb", text), new);
        }
    }
}
