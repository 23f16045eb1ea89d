//! # duplicate-resource: The same resource twice
//!
//! Up to Chef 12 the second took over the first one's properties; from 13 both run on their own and a notification reaches only the last.
//! Whoever turns the recipe into a Dockerfile must know which of the two was meant.
//!
//! Fix: Merge them.
//!
//! ```ruby
//! service 'nginx' do
//!   action :enable
//! end
//! service 'nginx' do   # finding: `action [:enable, :start]` in one
//!   action :start
//! end
//! ```
//! Elsewhere: `CHEF-3694`, `FC005`.

use std::collections::BTreeSet;

use crate::audit::shape::{argument, call, literal, properties};
use crate::audit::visit::{Place, declares};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::chef::resource::types::actions;
use crate::read::ruby::ast::{Call, Expr};

pub(super) const RULE: Rule = Rule {
    code: "A408",
    name: "duplicate-resource",
    title: "The same resource twice",
    severity: Severity::Warning,
    category: Category::Correctness,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: Some("12"),
    removed: Some("13"),
    also: &["CHEF-3694", "FC005"],
    page: include_str!("duplicate_resource.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe]) {
        let mut seen = BTreeSet::new();
        file.walk(&mut |node, place| {
            let Some(call) = call(node).filter(|call| is_plain(call, place)) else { return };
            let Some(name) = argument(call, 0).and_then(|name| literal(name)) else { return };
            if !seen.insert((call.name, name.clone())) {
                let message = format!("`{}[{name}]` is declared above; properties and notifications no longer meet", call.name);
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), message));
            }
        });
    }
}

/// Whether `call` declares a resource that runs always: outside of branches and loops, without guards.
fn is_plain(call: &Call, place: &Place) -> bool {
    let top = place.parents.iter().all(|parent| matches!(parent.expr, Expr::Sequence(_)));
    let name = call.name.as_str();
    let resource = if declares(call) { !name.starts_with("with_") } else { call.receiver.is_none() && actions(name).is_some() };
    let guarded = ["not_if", "only_if"].iter().any(|guard| !properties(call, guard).is_empty() || has_block_guard(call, guard));
    // The same message twice is meant.
    top && call.args.len() == 1 && resource && !guarded && name != "log"
}

/// Whether the block of `resource` has the guard with a block.
fn has_block_guard(resource: &Call, guard: &str) -> bool {
    let mut found = false;
    if let Some(crate::read::ruby::ast::BlockArg::Block(block)) = &resource.block
        && let Some(body) = &block.body
    {
        crate::audit::visit::walk(body, &mut |node, place| {
            found |= place.resources.is_empty() && crate::audit::shape::call(node).is_some_and(|call| call.name.as_str() == guard);
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn in_recipe(text: &str) -> Vec<String> {
        found("duplicate-resource", &[("recipes/default.rb", text)])
    }

    #[test]
    fn twice_in_one_recipe() {
        assert_eq!(
            in_recipe("package 'git'\nuser 'a' do\n  uid 1\nend\npackage 'git'\nuser 'a' do\n  shell '/bin/sh'\nend\n"),
            ["recipes/default.rb:5", "recipes/default.rb:6"]
        );
    }

    #[test]
    fn guards_branches_and_other_calls() {
        assert!(in_recipe("execute 'x' do\n  only_if { a }\nend\nexecute 'x' do\n  not_if { a }\nend\n").is_empty());
        assert!(in_recipe("log 'x'\nlog 'x'\n").is_empty());
        assert!(in_recipe("package 'git' if a\npackage 'git' unless a\n").is_empty());
        assert!(in_recipe("include_recipe 'a'\ninclude_recipe 'a'\nraise 'x'\nraise 'x'\n").is_empty());
        assert!(in_recipe("%w(a b).each { |x| file x do mode '0644' end }\n%w(a b).each { |x| file x do mode '0644' end }\n").is_empty());
    }
}
