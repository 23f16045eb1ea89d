//! # private-key: A private key in the repository
//!
//! The key must be taken as known to others. A marker without a key (in a message, a check) and keys of tests are no findings.
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

static TEXT: Pattern = Pattern::near(
    "-----BEGIN",
    r#"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?!\\n(?:-----END|\.|")|[\x22\x27]?[)\s]*(?:,\s*)?(?:\w|[&|}{?]))"#,
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &TEXT, RULE.name, "the key must be taken as known to others", findings);
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_marker_alone_is_no_key() {
        let code = "fail \"it begins with '-----BEGIN RSA PRIVATE KEY-----' and so on\"\nx = \"-----BEGIN RSA PRIVATE KEY-----\\n...\"\n\
                    y = \"-----BEGIN PGP PRIVATE KEY BLOCK-----\\n-----END PGP PRIVATE KEY BLOCK-----\"\n\
                    z = \"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIE\\n\"\n";
        assert_eq!(lines("recipes/default.rb", code, "private-key"), [4]);
        assert_eq!(lines("files/a", "-----BEGIN PRIVATE KEY-----\nMIIE\n", "private-key"), [1]);
        assert_eq!(lines("files/a.yml", "key: |\n  -----BEGIN PRIVATE KEY-----\n  MIIE\n", "private-key"), [2]);
    }
}
