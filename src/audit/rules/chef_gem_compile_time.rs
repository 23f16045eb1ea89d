//! # chef-gem-compile-time: `chef_gem` runs later than it did
//!
//! Until Chef 12 the gem was installed while the recipe was read, so the require below it worked. From 13 it is installed at converge
//! and the require fails. It also only concerns Chef's own Ruby, which an image doesn't have.
//!
//! Fix: Drop it, or set `compile_time` true.
//!
//! ```ruby
//! chef_gem 'mysql2'   # finding
//! chef_gem 'mysql2' do
//!   compile_time true
//! end
//! ```

use crate::audit::shape::{call, is_resource, properties};
use crate::audit::signs::removes;
use crate::audit::visit::Place;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A109",
    name: "chef-gem-compile-time",
    title: "chef_gem runs later than it did",
    severity: Severity::Warning,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12.1"),
    removed: Some("13"),
    also: &["CHEF-3", "FC025"],
    page: include_str!("chef_gem_compile_time.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, place| {
            if let Some(call) = call(node)
                && is_resource(call, &["chef_gem"])
                && properties(call, "compile_time").is_empty()
                && !runs_at_once(place)
                && !removes(call)
            {
                findings.push(file.finding(
                    RULE.name,
                    file.line(call.name_span.start),
                    "the gem is installed after the recipe was read; a `require` in it fails",
                ));
            }
        });
    }
}

/// Whether `.run_action` is called on the resource.
fn runs_at_once(place: &Place) -> bool {
    place.parent().and_then(call).is_some_and(|call| call.receiver.is_some() && call.name.as_str() == "run_action")
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_gem_that_is_taken_away_is_not_required() {
        let code = "chef_gem 'aws-sdk'\nchef_gem 'old' do\n  action :remove\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "chef-gem-compile-time"), [1]);
    }
}
