//! # removed-property: A property that newer Chef rejects
//!
//! execute `path` (13), `epic_fail` (14) and `%{file}` in verify (13) raise when the recipe is loaded or run.
//!
//! Fix: environment 'PATH' => …, `ignore_failure` true, %{path}.
//!
//! ```ruby
//! execute 'gem list' do
//!   path ['/usr/local/bin']                    # finding
//!   environment 'PATH' => '/usr/local/bin'     # instead
//! end
//! ```

use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A107",
    name: "removed-property",
    title: "A property that newer Chef rejects",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12.5"),
    removed: Some("14"),
    also: &[
        "Chef/Deprecations/ExecutePathProperty",
        "Chef/Deprecations/EpicFail",
        "Chef/Deprecations/VerifyPropertyUsesFileExpansion",
        "FC083",
        "FC107",
    ],
    page: include_str!("removed_property.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, place| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none() && !call.args.is_empty()) else { return };
            let Some(resource) = place.resource() else { return };
            let found = match call.name.as_str() {
                "path" => resource.name.as_str() == "execute",
                "epic_fail" => true,
                "verify" => argument(call, 0).and_then(|check| literal(check)).is_some_and(|check| check.contains("%{file}")),
                _ => false,
            };
            if found {
                let line = file.line(call.name_span.start);
                findings.push(file.finding(RULE.name, line, format!("`{}` is rejected by newer Chef here", call.name)));
            }
        });
    }
}
