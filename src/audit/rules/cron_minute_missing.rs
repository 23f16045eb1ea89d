//! # cron-minute-missing: An hour without a minute: sixty runs
//!
//! The minute defaults to *, so the job runs every minute of that hour.
//!
//! Fix: minute '0'.
//!
//! ```ruby
//! cron 'backup' do   # finding: every minute from 3 to 4
//!   hour '3'
//!   command '/srv/bin/backup'
//! end
//! ```

use crate::audit::shape::{argument, call, is_resource, literal, properties};
use crate::audit::signs::removes;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::Call;

pub(super) const RULE: Rule = Rule {
    code: "A403",
    name: "cron-minute-missing",
    title: "An hour without a minute: sixty runs",
    severity: Severity::Warning,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("cron_minute_missing.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && is_resource(call, &["cron", "cron_d"])
                && !removes(call)
                && ["hour", "day", "weekday"].iter().any(|field| is_fixed(call, field))
                && every_minute(call)
            {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "it runs sixty times in that hour"));
            }
        });
    }
}

/// Whether `field` is given and not `*`.
fn is_fixed(resource: &Call, field: &str) -> bool {
    properties(resource, field)
        .iter()
        .any(|(_, property)| argument(property, 0).is_some_and(|value| literal(value).as_deref() != Some("*")))
}

fn every_minute(resource: &Call) -> bool {
    !is_fixed(resource, "minute") && properties(resource, "time").is_empty() && properties(resource, "predefined_value").is_empty()
}
