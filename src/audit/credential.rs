//! Whether a value that stands behind a name is a secret which somebody wrote out.
//!
//! In: `db_password` and `Tr0ub4dor`. Out: yes. Of `db_password` and `<password>`, `/etc/db/password` or `get_password(` the answer is no.

use crate::secrecy::{is_distinctive, is_opaque, mark, name_is_secret};

/// Words that stand under such names and are none: settings of a pipeline, endings of files.
const WORDS: &[&str] = &["read", "write", "none", "inherit", "key", "default", "empty", "stable", "unstable", "randomly generated"];

/// Endings of the files that hold secrets.
const FILES: &[&str] = &[".key", ".pem", ".crt", ".p12", ".pfx", ".jks", ".json", ".yml", ".yaml", ".txt", ".erb"];

/// Whether `value` under `name` is a secret that is written out.
#[must_use]
pub fn is_secret(name: &str, value: &str) -> bool {
    let value = value.trim_matches(['"', '\'']);
    let lower = name.to_lowercase();
    let prose = value.split_whitespace().count() > 2;
    let public = value.starts_with("-----BEGIN") || value.contains("://") || value.starts_with("ssh-");
    if lower.ends_with("_id") || prose || public || WORDS.contains(&value) || is_reference(value) || is_placeholder(value) || is_file(value)
    {
        return false;
    }
    // `pass: 2` counts something.
    if value.len() < 3 && value.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    // `auth="Container"`, `auth: version=1.0` are settings.
    if lower.ends_with("auth") && (!is_no_word(value) || value.trim_end_matches('=').contains('=')) {
        return false;
    }
    let spice = matches!(lower.as_str(), "pepper" | "salt") && is_opaque(value);
    (name_is_secret(name) || spice) && !is_name(value) && mark("secret", value, "").is_secret()
}

/// Whether what stands in a text without quotes can be a value at all: `get(`, `node.password`, `@password` are code; so is what goes on
/// behind a space (`after`), where the sign before it has one, too.
#[must_use]
pub fn is_bare_value(value: &str, spaced: bool, after: &str) -> bool {
    let code = value.contains(['(', ')', '[', '`']) || value.contains("::") || value.starts_with(['@', '=', '&', '^', '!']);
    let words = after.trim_start_matches(' ');
    let goes_on =
        after.starts_with(' ') && words.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '(' | '{' | '"' | '\'' | '$' | '='));
    !(code || spaced && goes_on)
}

/// Whether `value` is no word: for places where names stand, too.
#[must_use]
pub fn is_no_word(value: &str) -> bool {
    is_distinctive(value) && value.bytes().any(|b| b.is_ascii_digit()) && !value.contains(char::is_whitespace)
}

/// Whether everything below `name` is a secret: `secrets`, `api_tokens`.
#[must_use]
pub fn is_collection(name: &str) -> bool {
    name_is_secret(name) && name.ends_with('s') && !name.ends_with("ss")
}

fn is_reference(value: &str) -> bool {
    let crypt = ["$1$", "$2", "$5$", "$6$", "$y$", "$apr1$"].iter().any(|start| value.starts_with(start));
    let inside = ["#{", "<%", "${", "$(", ":$", "{{"].iter().any(|mark| value.contains(mark));
    // Tags of YAML, regular expressions, objects.
    let other = value.starts_with(['[', '{', '!', '`', '^', '&', '('])
        || [r"\b", r"\w", r"\d", r"\s", r"\*"].iter().any(|form| value.contains(form));
    (value.starts_with(['$', '*']) && !crypt) || inside || other
}

/// `<password>`, `XXXX`, `…`, `YOUR_KEY`: nothing that opens anything. `changeme` is what somebody left.
fn is_placeholder(value: &str) -> bool {
    let lower = value.to_lowercase();
    let bare = value.trim_matches('-');
    (value.starts_with('<') && value.ends_with('>'))
        || bare.is_empty()
        || bare.bytes().all(|b| matches!(b, b'X' | b'x' | b'*' | b'.' | b'?' | b'_' | b'-'))
        || value.ends_with("...")
        || ["your_", "your-", "replace", "please"].iter().any(|start| lower.trim_start_matches(['-', '_']).starts_with(start))
        || ["goes-here", "goes_here", "[redacted]"].iter().any(|end| lower.ends_with(end))
}

fn is_file(value: &str) -> bool {
    let path = value.split_once(":/").map_or(value, |(_, path)| path);
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
    let rooted = (value.starts_with('/') || value.contains(":/")) && plain && !path.bytes().any(|b| b.is_ascii_uppercase());
    plain && (FILES.iter().any(|end| path.ends_with(end)) || path.ends_with("_file")) || rooted
}

/// `auth_pass`, `openbao-db-password`, `launcher.credentialsId`, `DB_PASSWORD`: the name of a secret, or of what holds it.
fn is_name(value: &str) -> bool {
    let capitals = value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let parts: Vec<&str> = value.split(['_', '-', '.', ':']).collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic());
    if parts.len() < 2 || (!capitals && !parts.iter().all(letters)) {
        return false;
    }
    name_is_secret(value) || value.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_written_out() {
        for value in ["Tr0ub4dor", "changeme", "password", "correct horse", "$6$abc$0123456789", "p@ss-w0rd", "a.b-c9", "wJalr/K7MDENG+bPx"]
        {
            assert!(is_secret("db_password", value), "{value}");
        }
    }

    #[test]
    fn names_files_and_placeholders_are_none() {
        for value in [
            "<password>",
            "XXXX",
            "YOUR_KEY",
            "--REPLACE-ME--",
            "/sbin/local-secrets",
            "localhost.key",
            "hash:/etc/sasl_passwd",
            "db_password",
            "DB_PASSWORD2",
            "openbao-db-password",
            "launcher.credentialsId",
            "#{x}",
            "$password",
            "lita:$password",
            "\"\"",
            "9cbaf...",
            "!Ref",
            "ask the operations team",
        ] {
            assert!(!is_secret("db_password", value), "{value}");
        }
        assert!(!is_secret("auth", "Container") && is_secret("redis_auth", "x9k2m4p"));
    }

    #[test]
    fn code_is_no_value() {
        assert!(is_bare_value("abc1", true, " # note") && is_bare_value("abc1", false, " psql -h db"));
        assert!(!is_bare_value("getenv(", true, "") && !is_bare_value("new", true, " X(") && !is_bare_value("@key", true, ","));
    }
}
