//! # weak-tls: Old TLS versions or ciphers
//!
//! SSLv2, SSLv3, TLS 1.0 and 1.1 and RC4/3DES/EXPORT ciphers are broken or forbidden.
//!
//! Fix: TLSv1.2 TLSv1.3 and a current cipher list.
//!
//! ```ruby
//! ssl_protocols TLSv1 TLSv1.2;   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A319",
    name: "weak-tls",
    title: "Old TLS versions or ciphers",
    severity: Severity::Warning,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-326", "CWE-327"],
    page: include_str!("weak_tls.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    "ssl|tls|cipher",
    r#"\bssl_protocols\s[^;]*(?:\bSSLv[23]\b|\bTLSv1(?:\.1)?(?=[\s;]))|^\s*SSLProtocol\s+(?:[^-]*\s)?\+?(?:SSLv[23]|TLSv1(?:\.1)?)(?=\s|$)|^\s*SSLProtocol\s+all(?!.*-TLSv1(?=\s|$))|(?i:ciphers?(?:suite)?)[\x27\x22]?\]?\s*=?\s*[\x27\x22]?(?:[^\x27\x22;]*:)?\+?(?:RC4|3?DES|EXP(?:ORT)?|NULL)\b"#,
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &TEXT, RULE.name, "old protocols can be broken", findings);
}
