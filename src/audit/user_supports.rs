//! # user-supports: supports on user or group
//!
//! Chef 13 removed the property; the home directory is then not created and later steps fail.
//!
//! Fix: `manage_home` true / `non_unique` true.
//!
//! ```ruby
//! user 'deploy' do
//!   supports manage_home: true   # finding
//!   manage_home true             # instead
//! end
//! ```

use super::shape::call;
use super::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A106",
    name: "user-supports",
    title: "supports on user or group",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12.14"),
    removed: Some("13"),
    also: &["Chef/Deprecations/UserDeprecatedSupportsProperty", "FC080", "CHEF-8"],
    page: include_str!("user_supports.rs"),
    check,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, place| {
            if let Some(call) = call(node)
                && call.receiver.is_none()
                && call.name.as_str() == "supports"
                && !call.args.is_empty()
                && place.resource().is_some_and(|resource| matches!(resource.name.as_str(), "user" | "group"))
            {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "`supports` is no property of users and groups"));
            }
        });
    }
}
