//! # missing-recipe: include_recipe of a recipe that isn't there
//!
//! The run stops with `RecipeNotFound`. Either the recipe was renamed, or nothing has run this one for a long time, and it needs no container.
//!
//! Fix: Correct the name.
//!
//! ```ruby
//! include_recipe 'shop::cashe'   # finding: there is no recipes/cashe.rb
//! include_recipe 'shop::cache'   # instead
//! ```

use crate::audit::cookbook::{cookbooks, includes, owner};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A412",
    name: "missing-recipe",
    title: "include_recipe of a recipe that isn't there",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::Cookbook,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("missing_recipe.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let all = cookbooks(context);
    for file in context.recipes() {
        let own = owner(&all, &file.path);
        for include in includes(file).0 {
            let Some(recipe) = &include.recipe else { continue };
            let own_name = include.cookbook.is_empty();
            let mut given = all
                .iter()
                .filter(
                    |cookbook| if own_name { own.is_some_and(|own| own.root == cookbook.root) } else { cookbook.name == include.cookbook },
                )
                .peekable();
            if given.peek().is_some() && !given.any(|cookbook| cookbook.has_recipe(context, recipe)) {
                findings.push(file.finding(RULE.name, include.line, format!("there is no recipe `{}::{recipe}`", include.cookbook)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    #[test]
    fn recipes_of_given_cookbooks() {
        let files = [
            ("a/metadata.rb", "name 'shop'\n"),
            (
                "a/recipes/web.rb",
                "include_recipe 'shop::app'\ninclude_recipe 'shop'\ninclude_recipe \"shop::#{x}\"\ninclude_recipe 'nginx::x', '::web'\n",
            ),
            ("a/recipes/app.yml", "resources: []\n"),
        ];
        assert_eq!(found("missing-recipe", &files), ["a/recipes/web.rb:2"]);
        assert!(found("missing-recipe", &[("recipes/default.rb", "include_recipe '::x'\n")]).is_empty());
    }
}
