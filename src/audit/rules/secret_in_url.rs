//! # secret-in-url: User and password inside a URL
//!
//! URLs land in logs, process lists and git configuration.
//!
//! Fix: Compose it at start-up from a secret.
//!
//! ```ruby
//! 'postgres://shop:hunter2@db/shop'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A302",
    name: "secret-in-url",
    title: "User and password inside a URL",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-798", "CWE-522"],
    page: include_str!("secret_in_url.rs"),
    check,
    fix: None,
    secret: true,
};

static TEXT: Pattern =
    Pattern::near("://", r#"\b[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#:@\x27\x22<>{}$]+:(?![$#{<%*])[^\s/?#\x27\x22<>{}$@]+@[\w\[<#$]"#);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &TEXT, RULE.name, "the password lands in logs and process lists", findings);
}
