//! # legacy-notify: notifies with resources(...)
//!
//! resources(:service => 'x') looks the target up while reading, so the order of declarations matters and a target declared later
//! raises.
//!
//! Fix: notifies :restart, 'service[x]'.
//!
//! ```ruby
//! notifies :restart, resources(service: 'nginx')   # finding
//! notifies :restart, 'service[nginx]'              # instead
//! ```

use super::shape::{argument, call};
use super::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A112",
    name: "legacy-notify",
    title: "notifies with resources(...)",
    severity: Severity::Warning,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("10"),
    removed: None,
    also: &["Chef/Deprecations/LegacyNotifySyntax", "FC043"],
    page: include_str!("legacy_notify.rs"),
    check,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && call.receiver.is_none()
                && matches!(call.name.as_str(), "notifies" | "subscribes")
                && argument(call, 1)
                    .and_then(|target| super::shape::call(target))
                    .is_some_and(|target| target.receiver.is_none() && target.name.as_str() == "resources")
            {
                findings.push(file.finding(
                    RULE.name,
                    file.line(call.name_span.start),
                    "the target is looked up while the recipe is read; name it `type[name]`",
                ));
            }
        });
    }
}
