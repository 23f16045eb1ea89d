//! # host-key-check-off: ssh host keys not checked
//!
//! The clone or copy may come from anyone.
//!
//! Fix: Put the host's key into `known_hosts`.
//!
//! ```ruby
//! execute 'ssh -o StrictHostKeyChecking=no host'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A316",
    name: "host-key-check-off",
    title: "ssh host keys not checked",
    severity: Severity::Warning,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-322"],
    page: include_str!("host_key_check_off.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    "hostkeychecking|knownhostsfile",
    r#"StrictHostKeyChecking[\s=]+[\x22\x27]?(?:no|off)\b|UserKnownHostsFile[\s=]+[\x22\x27]?/dev/null"#,
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &TEXT, RULE.name, "whoever answers is believed", findings);
}
