//! # apt-key: apt-key no longer exists
//!
//! Debian 13 and Ubuntu 24.10 dropped it.
//!
//! Fix: Put the key into /etc/apt/keyrings and name it by signed-by.
//!
//! ```ruby
//! execute 'apt-key add /tmp/acme.gpg'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A606",
    name: "apt-key",
    title: "apt-key no longer exists",
    severity: Severity::Warning,
    category: Category::EndOfLife,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("apt_key.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:apt-key)(?=\s|$|[;&|)])"#,
);

static SIGNS: Signs = Signs { resources: &[], paths: &[], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "`apt-key` is gone from Debian 13", findings);
}
