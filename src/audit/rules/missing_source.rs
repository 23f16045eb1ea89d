//! # missing-source: Template or file that isn't in the cookbook
//!
//! The run stops at that resource. What reads the file in the image would not start; whoever moves the recipe has to find what it held.
//!
//! Fix: Add the file or correct source.
//!
//! ```ruby
//! template '/etc/shop.conf' do
//!   source 'shop.cfg.erb'    # finding: templates/ has only shop.conf.erb
//!   source 'shop.conf.erb'   # instead
//! end
//! ```
//! Elsewhere: `FC033`.

use crate::audit::cookbook::{cookbooks, owner};
use crate::audit::rendered::{Source, folder_is_searched, source};
use crate::audit::shape::{call, is_resource, properties};
use crate::audit::signs::removes;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A409",
    name: "missing-source",
    title: "Template or file that isn't in the cookbook",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::Cookbook,
    since: None,
    removed: None,
    also: &["FC033"],
    page: include_str!("missing_source.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let all = cookbooks(context);
    for file in context.recipes() {
        let Some(own) = owner(&all, &file.path) else { continue };
        file.walk(&mut |node, place| {
            let Some(resource) = call(node).filter(|call| is_resource(call, &["template", "cookbook_file", "remote_directory"])) else {
                return;
            };
            let elsewhere = ["cookbook", "local"].iter().any(|name| !properties(resource, name).is_empty());
            if place.resource().is_some_and(|outer| {
                properties(outer, resource.name.as_str())
                    .iter()
                    .any(|(_, property)| std::ptr::eq(*property, resource) && resource.block.is_none())
            }) || elsewhere
                || removes(resource)
            {
                return;
            }
            let Source::Known { names, node } = source(resource) else { return };
            let there = names.iter().any(|name| exists(context, &own.root, resource.name.as_str(), name));
            if !there && let Some(name) = names.first() {
                let line = node.map_or(resource.name_span.start, |node| node.span.start);
                findings.push(file.finding(RULE.name, file.line(line), format!("the cookbook has no `{name}`")));
            }
        });
    }
}

fn exists(context: &Context, root: &str, kind: &str, name: &str) -> bool {
    let base = format!("{root}{}/", if kind == "template" { "templates" } else { "files" });
    let same = |path: &str| {
        if kind == "remote_directory" { path.strip_prefix(name).is_some_and(|rest| rest.starts_with('/')) } else { path == name }
    };
    context
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix(&base))
        .any(|path| same(path) || path.split_once('/').is_some_and(|(folder, rest)| folder_is_searched(folder) && same(rest)))
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn in_cookbook(recipe: &str) -> Vec<String> {
        let files = [
            ("metadata.rb", "name 'x'\n"),
            ("recipes/default.rb", recipe),
            ("templates/ubuntu-14.04/a/b.erb", ""),
            ("templates/other/c.erb", ""),
            ("files/host-one/d", ""),
        ];
        found("missing-source", &files)
    }

    #[test]
    fn sources_that_are_not_there() {
        assert_eq!(in_cookbook("template '/c' do\n  mode '0644'\n  source 'c.erb'\nend\n"), ["recipes/default.rb:3"]);
        assert_eq!(in_cookbook("cookbook_file '/etc/e'\n"), ["recipes/default.rb:1"]);
        assert_eq!(in_cookbook("cookbook_file '/etc/x' do\n  source ['e', 'f']\nend\n"), ["recipes/default.rb:2"]);
    }

    #[test]
    fn sources_that_are_or_may_be() {
        assert!(in_cookbook("template '/x' do\n  source 'a/b.erb'\nend\ntemplate 'y' do\n  source 'other/c.erb'\nend\n").is_empty());
        assert!(in_cookbook("cookbook_file '/x' do\n  source %w(e d)\nend\ntemplate '/x/#{y}'.z\ntemplate \"/x/#{y}\"\n").is_empty());
        assert!(in_cookbook("template '/x' do\n  local true\n  source '/y.erb'\nend\nfoo 'x' do\n  template 'q.erb'\nend\n").is_empty());
        assert!(in_cookbook("cookbook_file '/q' do\n  action :delete\nend\n").is_empty());
    }
}
