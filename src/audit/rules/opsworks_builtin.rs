//! # opsworks-builtin: Uses OpsWorks' own cookbooks
//!
//! They were on the instance only; nothing provides them now. Recipes, cookbooks and definitions that the repository has a copy of are
//! no findings: those keep working, and what they read of the service is found in them.
//!
//! Fix: Drop, or take over the few files that are needed.
//!
//! ```ruby
//! include_recipe 'opsworks_initial_setup'   # finding
//! ```

use std::collections::BTreeSet;

use crate::audit::cookbook::cookbooks;
use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A704",
    name: "opsworks-builtin",
    title: "Uses OpsWorks' own cookbooks",
    severity: Severity::Warning,
    category: Category::OpsWorks,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("opsworks_builtin.rs"),
    check,
    fix: None,
    secret: false,
};

/// Cookbooks of the service, beside those that begin with `opsworks_`.
const COOKBOOKS: &[&str] = &[
    "deploy",
    "rails",
    "unicorn",
    "passenger_apache2",
    "mod_php5_apache2",
    "dependencies",
    "ssh_users",
    "ssh_host_keys",
    "agent_version",
    "ebs",
    "test_suite",
    "scm_helper",
];
const CALLS: &[&str] = &[
    "opsworks_deploy",
    "opsworks_deploy_dir",
    "opsworks_deploy_user",
    "opsworks_rails",
    "opsworks_nodejs",
    "unicorn_web_app",
    "passenger_web_app",
];

/// Whether a cookbook was the service's.
pub(super) fn is_builtin(cookbook: &str) -> bool {
    cookbook.starts_with("opsworks_") || COOKBOOKS.contains(&cookbook)
}

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let own = Own::of(context);
    for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Metadata]) {
        file.walk(&mut |node, _| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none()) else { return };
            let name = call.name.as_str();
            let named = match (file.kind, name) {
                (Kind::Metadata, "depends") | (Kind::Recipe | Kind::Resource, "include_recipe") => {
                    argument(call, 0).and_then(|name| literal(name))
                }
                _ => None,
            };
            let cookbook = named.as_deref().and_then(|name| name.split("::").next()).unwrap_or("");
            let builtin = is_builtin(cookbook);
            let here = named.as_deref().is_some_and(|named| {
                file.path.contains(&format!("{cookbook}/recipes/"))
                    || own.is_in_unnamed_root(file, named)
                    || if file.kind == Kind::Metadata { own.cookbooks.contains(cookbook) } else { own.has_recipe(named) }
            });
            let calls = CALLS.contains(&name) && call.block.is_some() && !own.definitions.contains(name);
            if (builtin && !here) || calls {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "nothing provides the service's cookbooks now"));
            }
        });
    }
}

/// What the repository has itself: copies of the service's cookbooks keep working without the service.
struct Own<'c> {
    /// The folders that hold `metadata.rb`, and the names there.
    cookbooks: BTreeSet<String>,
    /// `cookbook/recipe`.
    recipes: BTreeSet<(&'c str, &'c str)>,
    /// The recipes of a cookbook that is the whole repository.
    roots: BTreeSet<&'c str>,
    /// The definitions.
    definitions: BTreeSet<String>,
}

impl<'c> Own<'c> {
    fn of(context: &'c Context) -> Self {
        let mut own = Own { cookbooks: BTreeSet::new(), recipes: BTreeSet::new(), roots: BTreeSet::new(), definitions: BTreeSet::new() };
        for cookbook in cookbooks(context) {
            own.cookbooks.extend([cookbook.root.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned(), cookbook.name]);
        }
        for file in context.of(&[Kind::Recipe]) {
            let mut parts = file.path.rsplit('/');
            let recipe = parts.next().and_then(|name| name.strip_suffix(".rb"));
            match (recipe, parts.nth(1)) {
                (Some(recipe), Some(cookbook)) => drop(own.recipes.insert((cookbook, recipe))),
                (Some(recipe), None) => drop(own.roots.insert(recipe)),
                _ => {}
            }
        }
        for file in context.of(&[Kind::Resource]).filter(|file| file.path.contains("definitions/")) {
            file.walk(&mut |node, _| {
                let defined = call(node).filter(|call| call.receiver.is_none() && call.name.as_str() == "define");
                own.definitions.extend(defined.and_then(|call| argument(call, 0)).and_then(|name| literal(name)));
            });
        }
        own
    }

    /// Whether the repository is the cookbook, whose name then is nowhere but in `opsworks_x::recipe` of its own recipes.
    fn is_in_unnamed_root(&self, file: &File, named: &str) -> bool {
        let recipe = named.split_once("::").map_or("", |(_, recipe)| recipe);
        let unnamed = !self.cookbooks.iter().any(|name| !name.is_empty());
        unnamed && file.path.starts_with("recipes/") && self.roots.contains(recipe)
    }

    fn has_recipe(&self, named: &str) -> bool {
        let (cookbook, recipe) = named.split_once("::").unwrap_or((named, "default"));
        self.recipes.contains(&(cookbook, recipe))
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    #[test]
    fn copies_in_the_repository_are_no_longer_the_services() {
        let code = "include_recipe 'deploy'\ninclude_recipe 'deploy::rails'\nopsworks_deploy do\n  user 'x'\nend\nopsworks_rails do\n  user 'x'\nend\n";
        let files = [
            ("shop/recipes/default.rb", code),
            ("shop/metadata.rb", "name 'shop'\ndepends 'deploy'\ndepends 'rails'\n"),
            ("deploy/metadata.rb", "name 'deploy'\n"),
            ("deploy/recipes/default.rb", ""),
            ("deploy/definitions/opsworks_deploy.rb", "define :opsworks_deploy do\nend\n"),
        ];
        let expected = ["shop/metadata.rb:3", "shop/recipes/default.rb:2", "shop/recipes/default.rb:6"];
        assert_eq!(found("opsworks-builtin", &files), expected);
    }

    #[test]
    fn a_repository_that_is_the_cookbook() {
        let files = [
            ("metadata.rb", "version '1'\n"),
            ("recipes/a.rb", "include_recipe 'opsworks_x::b'\ninclude_recipe 'deploy'\n"),
            ("recipes/b.rb", ""),
        ];
        assert_eq!(found("opsworks-builtin", &files), ["recipes/a.rb:2"]);
    }
}
