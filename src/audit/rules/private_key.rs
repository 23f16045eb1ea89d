//! # private-key: A private key in the repository
//!
//! The key must be taken as known to others.
//!
//! Fix: Replace the key pair and mount the new one as a secret.
//!
//! ```ruby
//! key "-----BEGIN RSA PRIVATE KEY-----\n…"   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A303",
    name: "private-key",
    title: "A private key in the repository",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Security/SshPrivateKey", "CWE-321"],
    page: include_str!("private_key.rs"),
    check,
    fix: None,
    secret: true,
};

static TEXT: Pattern = Pattern::near("-----BEGIN", r#"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"#);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &TEXT, RULE.name, "the key must be taken as known to others", findings);
}
