//! # private-key: A private key in the repository
//!
//! The key must be taken as known to others. It is reported on its `BEGIN` line, wherever a key follows; code that looks for the marker
//! alone is not.
//!
//! Fix: Replace the key pair and mount the new one as a secret.
//!
//! ```ruby
//! key "-----BEGIN RSA PRIVATE KEY-----\n…"   # finding
//! ```

use crate::audit::pattern::Pattern;
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

/// The key itself, right behind the marker.
static BODY: Pattern = Pattern::new(r#"PRIVATE KEY(?: BLOCK)?-----(?:\\+[nr]|\s)+(?:[A-Za-z-]+: [^\\]*(?:\\+[nr])+)*[A-Za-z0-9+/=]{3}"#);
/// A line of the key, or of what may stand before it.
static LINE: Pattern = Pattern::new(
    r#"^\s*[\x22\x27]?(?:[A-Za-z0-9+/=]{3,}(?:\\+[nr])?[\x22\x27]?,?\s*\\?\s*$|(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): )"#,
);

/// How many lines below the marker the key may begin.
const BELOW: usize = 4;

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        if !file.text.contains("PRIVATE KEY") {
            continue;
        }
        let lines: Vec<&str> = file.text.lines().collect();
        for (index, text) in lines.iter().enumerate() {
            let comment = text.trim_start().starts_with(['#', ';']) || text.trim_start().starts_with("//");
            if comment || !TEXT.matches(text) {
                continue;
            }
            // Code and prose name the marker; a key follows it.
            let ends = text.trim_end().ends_with("-----") || text.trim_end().ends_with("-----\\n\" \\");
            let below = || lines.iter().skip(index + 1).take(BELOW).any(|line| LINE.matches(line));
            if BODY.matches(text) || (ends && below()) {
                let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
                findings.push(file.finding(RULE.name, line, "the key must be taken as known to others"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_marker_alone_is_no_key() {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34GkxFhD9\n-----END RSA PRIVATE KEY-----\n";
        assert_eq!(lines("files/default/a.pem", key, "private-key"), [1]);
        assert_eq!(lines("files/default/b.json", &format!("{{\"k\": {key:?}}}"), "private-key"), [1]);
        for text in ["raise unless key.start_with?('-----BEGIN RSA PRIVATE KEY-----')\n", "k = \"-----BEGIN PRIVATE KEY-----\\n...\"\n"] {
            assert!(lines("libraries/a.rb", text, "private-key").is_empty(), "{text}");
        }
    }

    #[test]
    fn a_key_in_a_string_and_in_a_list() {
        let code = "fail \"it begins with '-----BEGIN RSA PRIVATE KEY-----' and so on\"\nx = \"-----BEGIN RSA PRIVATE KEY-----\\n...\"\n\
                    y = \"-----BEGIN PGP PRIVATE KEY BLOCK-----\\n-----END PGP PRIVATE KEY BLOCK-----\"\n\
                    z = \"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIE\\n\"\n";
        assert_eq!(lines("recipes/default.rb", code, "private-key"), [4]);
        assert_eq!(lines("files/a", "-----BEGIN PRIVATE KEY-----\nMIIE\n", "private-key"), [1]);
        assert_eq!(lines("files/a.yml", "key: |\n  -----BEGIN PRIVATE KEY-----\n  MIIE\n", "private-key"), [2]);
    }
}
