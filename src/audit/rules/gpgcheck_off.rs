//! # gpgcheck-off: Package signatures not checked
//!
//! A mirror or a man in the middle can install anything.
//!
//! Fix: Import the repository's key; use signed-by.
//!
//! ```ruby
//! yum_repository 'acme' do
//!   gpgcheck false   # finding
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A308",
    name: "gpgcheck-off",
    title: "Package signatures not checked",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-347", "GLITCH sec_no_int_check"],
    page: include_str!("gpgcheck_off.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    "gpg|trusted|allow-unauth|force-yes",
    r#"\bgpgcheck(?:[\x27\x22]?\]?)(?:\s+|\s*=>?\s*|:\s*)(?:false\b|[\x27\x22]?0\b)|^\s*trusted\s+true\b|\[(?:[^\]]*\s)?trusted=yes\b|--nogpgcheck\b|--no-gpg-checks?\b|--allow-unauthenticated\b|--force-yes\b"#,
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &TEXT, RULE.name, "packages are installed unchecked", findings);
}
