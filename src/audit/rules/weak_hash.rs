//! # weak-hash: MD5 or SHA-1
//!
//! Collisions are cheap; as a password hash both fall to guessing. Chef compares SHA-256, so a `checksum` of 32 or 40 digits never
//! matches.
//!
//! Fix: SHA-256; for passwords bcrypt or SHA-512 crypt, in PostgreSQL `scram-sha-256`.
//!
//! ```ruby
//! name = Digest::MD5.hexdigest(url)      # finding
//! name = Digest::SHA256.hexdigest(url)   # instead
//! ```
//!
//! Other tools: `Chef/Correctness/InvalidChecksum`, CWE-327, CWE-328, `GLITCH sec_weak_crypt`.

use crate::audit::command::commands;
use crate::audit::pattern::Pattern;
use crate::audit::setting::settings;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A310",
    name: "weak-hash",
    title: "MD5 or SHA-1",
    severity: Severity::Note,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Correctness/InvalidChecksum", "CWE-327", "CWE-328", "GLITCH sec_weak_crypt"],
    page: include_str!("weak_hash.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    r"md5|sha|digest|\$1\$|checksum",
    r"\bDigest::(?:MD5|SHA1)\b|\bOpenSSL::Digest(?:::Digest)?\.new\(?\s*[\x22\x27](?i:md5|sha-?1)[\x22\x27]|\$1\$[\w./]{1,8}\$[\w./]{8,}|(?<![\w\-])checksum[\x22\x27]?\]?\s*(?:=>|[=:(])?\s*[\x22\x27](?:[0-9a-fA-F]{40}|[0-9a-fA-F]{32})[\x22\x27]|^\s*(?:local|host(?:no)?(?:ssl|gssenc)?)\s+\S+\s+\S+\s+(?:\S+\s+){0,2}md5\s*$",
);
static PG_HBA: Pattern = Pattern::new(r"^\s*(?:local|host\w*)\s.*\smd5\s*$");
static COMMAND: Pattern = Pattern::new(
    r"(?:^|[\s;&|(`/])(?:md5sum|sha1sum)(?=\s|$|[;&|)`])|\bopenssl\s+passwd\s(?:[^;&|]*\s)?-1(?=\s|$)|\bopenssl\s+dgst\s(?:[^;&|]*\s)?-(?:md5|sha1)(?=\s|$)|\bopenssl\s+(?:md5|sha1)(?=\s|$)",
);
static COMPARED: Pattern =
    Pattern::new(r"Digest::(?:MD5|SHA1)\b.*[!=]=.*Digest::(?:MD5|SHA1)\b|Digest::(?:MD5|SHA1)\b.*\.(?:to_i\(16\)|hex\b)");
const MESSAGE: &str = "MD5 and SHA-1 are broken";

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    report_lines(context, &TEXT, RULE.name, MESSAGE, &mut found);
    findings.extend(found.into_iter().filter(|finding| !is_harmless(context, finding)));
    for file in &context.files {
        if file.path.contains("pg_hba") {
            let lines = (1_u32..).zip(file.text.lines()).filter(|(_, text)| PG_HBA.matches(text));
            findings.extend(lines.map(|(line, _)| file.finding(RULE.name, line, MESSAGE)));
        }
        for line in commands(file).iter().filter(|line| COMMAND.matches(&line.text)) {
            findings.push(file.finding(RULE.name, line.line, MESSAGE));
        }
        for setting in settings(file) {
            let method = matches!(setting.name.as_str(), "method" | "auth_method" | "access_method");
            if method && setting.value == "md5" && (setting.about.contains("pg_hba") || setting.about.contains("postgresql_access")) {
                findings.push(file.finding(RULE.name, setting.line, MESSAGE));
            }
        }
    }
}

/// Whether a digest only says whether two files differ, or spreads names over numbers: nobody gains by a collision.
fn is_harmless(context: &Context, finding: &Finding) -> bool {
    let file = context.file(&finding.path);
    let line = file.and_then(|file| file.text.lines().nth(finding.line.saturating_sub(1) as usize));
    line.is_some_and(|line| COMPARED.matches(line))
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn digests_that_are_compared_with_each_other() {
        let code = "a = Digest::MD5.hexdigest(File.read(x)) != Digest::MD5.hexdigest(File.read(y))\n\
                    b = Digest::MD5.hexdigest(name)[0...7].to_i(16)\nc = Digest::MD5.hexdigest(password)\n";
        assert_eq!(lines("libraries/a.rb", code, "weak-hash"), [3]);
    }

    #[test]
    fn the_forms_of_weak_hashes() {
        let code = "execute 'md5sum -c /a.md5'\npackage 'md5sum'\ndefault['x']['pg_hba'] = [{ 'type' => 'host', 'method' => 'md5' }]\n\
                    OpenSSL::Digest.new('SHA256')\nOpenSSL::Digest.new('sha1')\nexecute 'openssl passwd -6 -salt a'\n";
        assert_eq!(lines("recipes/default.rb", code, "weak-hash"), [1, 3, 5]);
    }
}
