//! # require-recipe: `require_recipe` was removed
//!
//! It only ever was another name of `include_recipe`, which is what to write.
//!
//! ```ruby
//! require_recipe 'nginx'   # finding
//! include_recipe 'nginx'   # instead
//! ```

use super::shape::call;
use super::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A111",
    name: "require-recipe",
    title: "require_recipe was removed",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("10"),
    removed: Some("15"),
    also: &["Chef/Deprecations/RequireRecipe", "FC042"],
    page: include_str!("require_recipe.rs"),
    check,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) =
                call(node).filter(|call| call.receiver.is_none() && call.name.as_str() == "require_recipe" && !call.args.is_empty())
            {
                findings.push(file.finding(
                    RULE.name,
                    file.line(call.name_span.start),
                    "`require_recipe` no longer exists; write `include_recipe`",
                ));
            }
        });
    }
}
