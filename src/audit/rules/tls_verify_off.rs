//! # tls-verify-off: Certificates not verified
//!
//! The encrypted connection can be to anyone.
//!
//! Fix: Install the CA certificate and verify.
//!
//! ```ruby
//! execute 'curl -k https://files.internal/a'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::{is_chosen, report_lines};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A309",
    name: "tls-verify-off",
    title: "Certificates not verified",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-295"],
    page: include_str!("tls_verify_off.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    "verify|curl|no-check-certificate|strict-ssl|reject_unauthorized|trusted-host|httpsverify",
    r#"\bVERIFY_NONE\b|:verify_none\b|\bcurl\b[^|;&]*\s(?:--insecure\b|-[a-zA-Z]*k[a-zA-Z]*(?=\s))|--no-check-certificate\b|\bsslVerify(?:\s+|\s*=\s*)false\b|\bGIT_SSL_NO_VERIFY\b|\bstrict-ssl(?:\s+|\s*=\s*)false\b|(?:NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)[\x27\x22]?\s*(?:=>?|:)\s*[\x27\x22]?0|\bverify\s+none\b|\bsslverify(?:\s+|\s*=\s*)(?:false\b|[\x27\x22]?0\b)|--trusted-host\b"#,
);

/// What an attribute is called that turns it off only where it is wished.
static MATTER: Pattern = Pattern::new(r"(?i)verif|insecure|trusted|ssl");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    report_lines(context, &TEXT, RULE.name, "the other side can be anyone", &mut found);
    findings.extend(found.into_iter().filter(|finding| !is_chosen(context, finding, &MATTER)));
}
