//! # logrotate: Log rotation
//!
//! Logs go to standard output; there is nothing to rotate.
//!
//! Fix: Drop and log to stdout.
//!
//! ```ruby
//! logrotate_app 'shop'   # finding
//! ```

use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A212",
    name: "logrotate",
    title: "Log rotation",
    severity: Severity::Note,
    category: Category::Container,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("logrotate.rs"),
    check,
    fix: None,
    secret: false,
};

const SIGNS: Signs =
    Signs { resources: &["logrotate_app"], paths: &["/etc/logrotate.d/", "/etc/logrotate.conf"], recipes: &["logrotate"], command: None };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "logs go to standard output", findings);
}
