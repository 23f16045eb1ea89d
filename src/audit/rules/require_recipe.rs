//! # require-recipe: `require_recipe` was removed
//!
//! It only ever was another name of `include_recipe`, which is what to write.
//!
//! ```ruby
//! require_recipe 'nginx'   # finding
//! include_recipe 'nginx'   # instead
//! ```

use crate::audit::fix::{Edit, Fixer, each_call, rename};
use crate::audit::shape::call;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};

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
    fix: Some(Fixer::File(mend)),
    secret: false,
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

/// `require_recipe 'a'` → `include_recipe 'a'`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, call, _| {
        if call.receiver.is_none() && call.name.as_str() == "require_recipe" && !call.args.is_empty() {
            edits.push(rename(RULE.name, file, call, "include_recipe"));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn the_name_changes_alone() {
        for (text, new) in [
            ("require_recipe \"x\" # old\n", "include_recipe \"x\" # old\n"),
            ("require_recipe('x') if y; require_recipe 'z'\n", "include_recipe('x') if y; include_recipe 'z'\n"),
            ("# require_recipe 'x'\na.require_recipe 'x'\n", "# require_recipe 'x'\na.require_recipe 'x'\n"),
        ] {
            assert_eq!(mended_file("require-recipe", "recipes/a.rb", text), new);
        }
    }
}
