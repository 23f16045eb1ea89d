//! # unknown-action: An action the resource doesn't have
//!
//! Chef raises when the resource is declared or notified, so the recipe never got that far: look whether what follows is needed at all.
//!
//! Fix: Use one of its actions.
//!
//! ```ruby
//! service 'nginx' do
//!   action :enabled   # finding
//!   action :enable    # instead
//! end
//! ```
//! Elsewhere: `Chef/Correctness/ResourceWithNoneAction`, `FC037`, `FC038`.

use crate::audit::cookbook::{cookbooks, owner};
use crate::audit::notification::{each, parts};
use crate::audit::shape::{argument, call, is_resource, literal, properties};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::chef::resource::types::actions;
use crate::read::ruby::ast::Expr;

pub(super) const RULE: Rule = Rule {
    code: "A418",
    name: "unknown-action",
    title: "An action the resource doesn't have",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Correctness/ResourceWithNoneAction", "FC037", "FC038"],
    page: include_str!("unknown_action.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let all = cookbooks(context);
    for file in context.recipes() {
        let depends = owner(&all, &file.path).and_then(|cookbook| cookbook.depends.as_ref());
        // A cookbook may bring a type of the same name, with other actions: `apt_repository` of the cookbook `apt`.
        let replaced = |kind: &str| {
            is_ours(context, kind)
                || depends.is_some_and(|depends| {
                    depends.iter().any(|other| kind == other || kind.strip_prefix(&**other).is_some_and(|rest| rest.starts_with('_')))
                })
        };
        let mut report = |line: u32, kind: &str, action: &str| {
            if let Some(known) = actions(kind).filter(|known| !known.contains(&action) && !replaced(kind)) {
                findings.push(file.finding(RULE.name, line, format!("`{kind}` has no action `{action}`: {}", known.join(", "))));
            }
        };
        in_properties(file, &mut report);
        each(file, &mut |notification| {
            let Some(action) = notification.action().and_then(|action| literal(action)) else { return };
            let target = notification.other().and_then(|other| literal(other));
            if notification.subscribes() {
                report(notification.line, notification.resource.name.as_str(), &action);
            } else if let Some((kind, _)) = target.as_deref().and_then(parts) {
                report(notification.line, kind, &action);
            }
        });
    }
}

fn in_properties(file: &File, report: &mut dyn FnMut(u32, &str, &str)) {
    file.walk(&mut |node, _| {
        let Some(resource) = call(node).filter(|call| is_resource(call, &[call.name.as_str()])) else { return };
        for (_, property) in properties(resource, "action") {
            let line = file.line(property.name_span.start);
            let Some(value) = argument(property, 0) else { continue };
            match &value.expr {
                Expr::Array(items) => {
                    items.iter().filter_map(|item| literal(item)).for_each(|action| report(line, resource.name.as_str(), &action));
                }
                _ => literal(value).into_iter().for_each(|action| report(line, resource.name.as_str(), &action)),
            }
        }
    });
}

/// Whether a given cookbook defines the type `kind`: `shop_site` of `resources/site.rb`, or one that it provides.
fn is_ours(context: &Context, kind: &str) -> bool {
    context.of(&[Kind::Resource, Kind::Library]).any(|file| {
        let stem = file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rb")).unwrap_or("");
        let provides = [":", "'", "\""].iter().any(|quote| file.text.contains(&format!("{quote}{kind}")));
        (file.kind == Kind::Resource && (kind == stem || kind.ends_with(&format!("_{stem}")))) || provides
    })
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn in_recipe(text: &str) -> Vec<String> {
        found("unknown-action", &[("recipes/default.rb", text)])
    }

    #[test]
    fn actions_that_the_type_does_not_have() {
        assert_eq!(in_recipe("package 'a' do\n  version '1'\n  action :installed\nend\n"), ["recipes/default.rb:3"]);
        assert_eq!(in_recipe("template '/a' do\n  subscribes :restart, 'service[b]'\nend\nservice 'b'\n"), ["recipes/default.rb:2"]);
        assert!(
            in_recipe("apt_package 'a' do\n  action %w(install nothing)\nend\ndeploy '/x' do\n  action :force_deploy\nend\n").is_empty()
        );
        assert!(in_recipe("service 'a' do\n  action node['x'] ? :start : :stop\nend\n").is_empty());
    }

    #[test]
    fn a_type_of_a_cookbook_may_have_others() {
        let recipe = ("recipes/default.rb", "sudo 'a' do\n  action :installed\nend\n");
        assert_eq!(found("unknown-action", &[recipe]).len(), 1);
        assert!(found("unknown-action", &[recipe, ("metadata.rb", "name 'x'\ndepends 'sudo'\n")]).is_empty());
    }
}
