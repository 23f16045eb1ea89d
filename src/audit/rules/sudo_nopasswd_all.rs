//! # sudo-nopasswd-all: Password-less sudo for everything
//!
//! The account is root.
//!
//! Fix: Drop sudo from the image.
//!
//! ```ruby
//! file '/etc/sudoers.d/ci' do
//!   content 'ci ALL=(ALL) NOPASSWD: ALL'   # finding
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A317",
    name: "sudo-nopasswd-all",
    title: "Password-less sudo for everything",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-250"],
    page: include_str!("sudo_nopasswd_all.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near("nopasswd", r#"NOPASSWD:\s*ALL\b"#);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &TEXT, RULE.name, "root without a password", findings);
}
