//! Which values look like a secret, and which part of them it is: the password in a URL, a PEM private key, an access key.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::LazyLock;

use fancy_regex::Regex;

use super::FILTERED;
use super::name::name_is_secret;
use crate::text::{Hole, Text};

/// How many of the first [`SHAPES`] are nothing but secrets, wherever they stand.
const CERTAIN: usize = 8;

/// Shapes of secrets. The last group is the secret; where there are two, the first is a name that must mean a secret.
const SHAPES: &[(&str, &str)] = &[
    ("private_key", r"(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z))"),
    ("password", r#"[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#:@'"]*:([^\s/?#'"]+)@"#),
    // An unescaped `/` in the password; not the port of `http://host:80/a@b`.
    ("password", r#"[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#:@'"]*:([^\s'"<>]+?)@"#),
    ("access_key_id", r"\b(AKIA[0-9A-Z]{7,}|ASIA[0-9A-Z]{16})\b"),
    (
        "token",
        r"\b(SK[0-9a-f]{32}\b|(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{8,}|gh[pousr]_[0-9A-Za-z]{20,}|github_pat_\w{20,}|glpat-[\w\-]{16,}|xox[abeprs]-[\w\-]{10,}|SG\.[\w\-]{10,}\.[\w\-]{10,}|AIza[\w\-]{35}|NRAK-[A-Z0-9]{20,}|shp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}|npm_[0-9A-Za-z]{36}|dop_v1_[0-9a-f]{64}|hv[sb]\.[\w\-]{20,}|key-[0-9a-f]{32}|ya29\.[\w\-]{20,}|eyJ[\w\-]{10,}\.eyJ[\w\-]{10,}\.[\w\-]+)",
    ),
    ("token", r#"https://hooks\.slack\.com/(?:services|workflows)/([^\s'"]+)"#),
    ("token", r#"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/([^\s'"]+)"#),
    ("password_hash", r"(\$(?:apr1|1|2[abxy]?|5|6|y)\$[./A-Za-z0-9$=,]{22,}|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{26,}=*)"),
    ("bearer", r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9+/=._~\-]{16,})"),
    ("authorization", r#"(?i)\bauthorization["']?\s*(?::|=>|=)?\s*["']?(?:bearer|basic|token|digest|apikey)\s+["']?([^\s"',;]{6,})"#),
    // SQL: `IDENTIFIED BY 'x'`, `WITH PASSWORD 'x'`, `PASSWORD('x')`; Ruby's `password 'x'`.
    ("password", r#"(?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?\\?['"]([^'"\\\s=]+)\\?['"]"#),
    ("password", r#"(?i)\bpassword(?:\s*\(\s*|\s+)\\?['"]([^'"\\]+)\\?['"]"#),
    // .netrc, .pgpass, monit's `allow`, elements and attributes of XML.
    ("password", r"\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S+)"),
    ("password", r#"(?m)(?:^|["'])[^\s:#/"']+:(?:\d+|\*):[^\s:/]+:[^\s:/]+:([^\s:/"'\\]+)(?=$|["'\\])"#),
    ("password", r#"\ballow\s+["']?[A-Za-z_][\w.\-]*:([^\s:"']+)["']?(?:\s|$)"#),
    ("value", r"<([A-Za-z][\w.\-]*)>\s*([^<>\s][^<>]*)</"),
    ("value", r#"(?i)\b(?:name|key)\s*=\s*["']([A-Za-z][\w.\-]*)["']\s+value\s*=\s*["']([^"'\n]+)["']"#),
    ("password_hash", r#"(\$(?:apr1|1|2[abxy]?|5|6|y)\$[^\s:'"]+)"#),
    ("password_hash", r"(\{SSHA(?:256|512)?\}[A-Za-z0-9+/=]{16,}|\{SHA\}[A-Za-z0-9+/=]{16,}|\{(?:PLAIN|CRYPT|S?MD5|CLEARTEXT)\}\S+)"),
    ("value", r#"([A-Za-z_][\w.\-]*)\s?=\s?["']?([^\s&;,'"]+)"#),
    ("value", r#"["']([A-Za-z_][\w.\-]*)["']\s*(?::|=>)\s*["']([^"']+)["']"#),
    ("value", r"(?m)^[ \t]*([A-Za-z_][\w.\-]*):[ \t]+([^\s]+)[ \t]*$"),
    ("value", r"--([a-z][a-z\-]*)[ \t]+([^\s\-][^\s]*)"),
    // Sentences, and settings of a word each.
    ("pair", r#"(?::|["'])([A-Za-z_][\w.\-]*)["']?,[ \t]*["']([^"'\s]+)["']"#),
    (
        "prose",
        r#"(?i)\b(?:password|passwd|passphrase|passcode|secret|api[ _\-]?key|token)(?:[ \t]+(?:is|was|of|for))?[ \t]+["'`]?([^\s"'`:;,<>()\[\]{}=/]{6,})"#,
    ),
    ("directive", r#"(?m)^[ \t]*(?:[A-Za-z_]+[ \t]+)?([A-Za-z][\w.\-]*)[ \t]+["']?([^\s"';#=]+)["']?;?[ \t]*$"#),
];

static COMPILED: LazyLock<Vec<(&'static str, Regex)>> =
    LazyLock::new(|| SHAPES.iter().filter_map(|(label, shape)| Regex::new(&ascii(shape)).ok().map(|regex| (*label, regex))).collect());

/// A shape whose letters and digits are ASCII's: those of all of Unicode, repeated, cost more to compile than everything else here.
fn ascii(shape: &str) -> String {
    shape.replace(r"[\w", "[0-9A-Za-z_").replace(r"\w", "[0-9A-Za-z_]").replace(r"\d", "[0-9]")
}

/// Whether `value` looks like a secret or has one inside, whatever its name.
#[must_use]
pub fn holds_secret(value: &str) -> bool {
    !find(value).is_empty()
}

/// The stretches of `text` that are secrets wherever they stand, with their names: private keys, tokens, passwords of URLs.
#[must_use]
pub fn certain(text: &str) -> Vec<(usize, usize, &'static str)> {
    let mut found = Vec::new();
    for (label, regex) in COMPILED.iter().take(CERTAIN) {
        for captures in regex.captures_iter(text).map_while(Result::ok) {
            if let Some(secret) = captures.get(1).filter(|one| !is_reference(one.as_str()) && is_likely(label, one.as_str())) {
                found.push((secret.start(), secret.end(), *label));
            }
        }
    }
    found.sort_unstable();
    found.dedup_by(|later, earlier| later.0 < earlier.1);
    found
}

/// The text of `value`, with a hole for each part that looks like a secret.
pub(super) fn mark_parts(label: &str, value: &str, reason: &str) -> Text {
    let mut text = Text::default();
    let mut done = 0;
    let mut names = Names::default();
    for (start, end, part) in find(value).iter().map(|(start, end, part)| (*start, *end, part)) {
        text.push_str(&value[done..start]);
        let secret = &value[start..end];
        // The whole value is the secret: then it has the value's own name.
        let whole = start == 0 && end == value.len() && !label.is_empty();
        let name = if whole { label.to_owned() } else { names.of(label, part, secret) };
        text.push_hole(Rc::new(Hole::secret(name, reason, (secret != FILTERED).then(|| secret.to_owned()))));
        done = end;
    }
    text.push_str(&value[done..]);
    text
}

/// The names of the parts of one value: the same secret has the same name.
#[derive(Default)]
struct Names {
    given: BTreeMap<(String, String), String>,
    counts: BTreeMap<String, usize>,
}

impl Names {
    /// `DATABASE_URL` and `password` make `DATABASE_URL_PASSWORD`; a second, different one makes `DATABASE_URL_PASSWORD_2`.
    fn of(&mut self, label: &str, part: &str, secret: &str) -> String {
        let key = (part.to_owned(), secret.to_owned());
        if let Some(name) = self.given.get(&key) {
            return name.clone();
        }
        let count = self.counts.entry(part.to_owned()).or_default();
        *count += 1;
        let part = if label.chars().any(char::is_lowercase) { part.to_owned() } else { part.to_uppercase() };
        let ending = if *count == 1 { part } else { format!("{part}_{count}") };
        let name = match label.strip_suffix("']") {
            // Running text has no name: the part's stands alone.
            None if label.is_empty() => ending,
            Some(inside) => format!("{inside}_{ending}']"),
            None => format!("{label}_{ending}"),
        };
        self.given.insert(key, name.clone());
        name
    }
}

/// The secret stretches of a value: start, end, name.
type Stretches = Rc<[(usize, usize, String)]>;

/// How many values are remembered.
const KEPT: usize = 1 << 16;

thread_local! {
    /// What was found in a value before: the runs over one repository meet the same values again and again.
    static KNOWN: RefCell<HashMap<Box<str>, Stretches>> = RefCell::default();
}

/// The secret stretches of `value`, in order, without overlap; the shapes that stand first win.
fn find(value: &str) -> Stretches {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(value).map(Rc::clone)) {
        return known;
    }
    let found: Stretches = search(value).into();
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(value.into(), Rc::clone(&found));
    });
    found
}

fn search(value: &str) -> Vec<(usize, usize, String)> {
    if is_aws_secret_key(value) {
        return vec![(0, value.len(), "secret_access_key".to_owned())];
    }
    // By start; neighbours are enough to see an overlap.
    let mut found: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    for (label, regex) in COMPILED.iter() {
        for captures in regex.captures_iter(value).map_while(Result::ok) {
            let (secret, part) = match (captures.get(1), captures.get(2)) {
                (Some(name), Some(secret))
                    if name_is_secret(name.as_str())
                        && can_be_secret(secret.as_str())
                        && is_setting(label, name.as_str(), secret.as_str()) =>
                {
                    (secret, name.as_str().trim_matches('-').replace(['-', '.'], "_").to_lowercase())
                }
                (Some(secret), None) if !is_reference(secret.as_str()) && is_likely(label, secret.as_str()) => {
                    (secret, if *label == "prose" { "secret".to_owned() } else { (*label).to_owned() })
                }
                _ => continue,
            };
            let before = found.range(..secret.end()).next_back();
            if before.is_none_or(|(_, (end, _))| *end <= secret.start()) {
                found.insert(secret.start(), (secret.end(), part));
            }
        }
    }
    for (start, end, part) in super::command::find(value) {
        let before = found.range(..end).next_back();
        if before.is_none_or(|(_, (other, _))| *other <= start) {
            found.insert(start, (end, part.to_owned()));
        }
    }
    found.into_iter().map(|(start, (end, part))| (start, end, part)).collect()
}

/// What a shape alone cannot say: `80/a` of `http://host:80/a@b` is a port, `basic authorization` is prose.
fn is_likely(label: &str, secret: &str) -> bool {
    match label {
        "password" => !secret.split_once('/').is_some_and(|(port, _)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())),
        // A word of a sentence has no digits.
        "prose" => {
            can_be_secret(secret)
                && !secret.starts_with(['-', '$', '%', '#', '\\', '.'])
                && secret.bytes().any(|b| b.is_ascii_digit())
                && secret.bytes().any(|b| b.is_ascii_alphabetic())
        }
        "bearer" => secret.bytes().any(|b| b.is_ascii_digit() || b == b'='),
        _ => true,
    }
}

/// Whether `name value` on a line of its own is a setting, not two words of a sentence; `'name', 'value'` a pair, not two names.
fn is_setting(label: &str, name: &str, value: &str) -> bool {
    let digit = value.bytes().any(|b| b.is_ascii_digit());
    match label {
        "directive" => name.contains(['_', '-']) || matches!(name, "requirepass" | "masterauth") || digit,
        "pair" => digit,
        _ => true,
    }
}

/// Whether a value of a secret name can be the secret itself: not empty, no switch, no method, no path, no reference, no public key.
pub(super) fn can_be_secret(value: &str) -> bool {
    let trimmed = value.trim();
    let lower = trimmed.to_lowercase();
    let word = matches!(
        lower.as_str(),
        "" | "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "none"
            | "nil"
            | "null"
            | "plain"
            | "login"
            | "cram_md5"
            | "cram-md5"
            | "basic"
            | "digest"
            | "md5"
            | "trust"
            | "peer"
            | "ident"
            | "scram-sha-256"
            | "enabled"
            | "disabled"
            | "prod"
            | "full"
            | "minimal"
            | "read"
            | "write"
            | "inherit"
            | "*"
            | "!"
            | "!!"
            | "0"
            | "1"
    );
    !word && !is_reference(trimmed) && !is_path(trimmed) && !is_public_material(trimmed) && !lower.starts_with("arn:")
}

/// A name of a value that stands elsewhere: `${X}`, `#{x}`, `%{x}`, `$X`, `<%= x %>`, `{{ x }}`, `ENV['X']`.
fn is_reference(value: &str) -> bool {
    let shell = value.strip_prefix('$').is_some_and(|name| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
            && !name.starts_with(|c: char| c.is_ascii_digit())
    });
    let braced = [("${", "}"), ("#{", "}"), ("%{", "}"), ("<%", "%>"), ("{{", "}}"), ("ENV[", "]"), ("$(", ")")]
        .iter()
        .any(|(open, close)| value.starts_with(open) && value.ends_with(close));
    shell || braced || value == "%s"
}

fn is_path(value: &str) -> bool {
    let rooted = [
        "/etc/", "/srv/", "/opt/", "/home/", "/usr/", "/var/", "/root/", "/run/", "/mnt/", "/tmp/", "/vol/", "/data/", "/app/", "~/", "./",
    ];
    rooted.iter().any(|root| value.starts_with(root)) && value.chars().all(|c| c.is_alphanumeric() || "/._-~@+".contains(c))
}

/// SSH public keys, certificates, PGP public keys.
fn is_public_material(value: &str) -> bool {
    let ssh = ["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|kind| value.starts_with(kind));
    let pem = ["-----BEGIN CERTIFICATE", "-----BEGIN PUBLIC KEY", "-----BEGIN RSA PUBLIC KEY", "-----BEGIN PGP PUBLIC KEY"];
    ssh || (pem.iter().any(|head| value.starts_with(head)) && !value.contains("PRIVATE KEY"))
}

/// Forty letters of base 64 in mixed case with digits: the other half of an AWS access key. Digests are lower-case only.
fn is_aws_secret_key(value: &str) -> bool {
    value.len() == 40
        && !value.starts_with('/')
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'+'))
        && value.bytes().any(|b| b.is_ascii_uppercase())
        && value.bytes().any(|b| b.is_ascii_lowercase())
        && value.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a value cannot be mistaken for an ordinary word: hiding `production` everywhere would say more than it hides.
#[must_use]
pub fn is_distinctive(value: &str) -> bool {
    let is_word = value.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'_' | b'/' | b'.' | b' '));
    value.len() >= if is_word { 12 } else { 6 }
}

/// Whether `value` is random-looking: at least sixteen letters and digits without a separator that words, paths or hosts have.
#[must_use]
pub fn is_opaque(value: &str) -> bool {
    value.len() >= 16
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'='))
        && value.bytes().filter(u8::is_ascii_digit).count() >= 3
        && value.bytes().filter(u8::is_ascii_alphabetic).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::super::mark;
    use super::*;

    #[test]
    fn every_shape_compiles() {
        assert_eq!(COMPILED.len(), SHAPES.len());
    }

    #[test]
    fn the_secret_part_alone_is_hidden() {
        for (value, shown) in [
            ("mysql2://album:pa55@db.example/album", "mysql2://album:‹X_PASSWORD›@db.example/album"),
            ("redis://:pa55@cache:6379/0", "redis://:‹X_PASSWORD›@cache:6379/0"),
            ("redis://:a1@h1:1,redis://:b2@h2:2", "redis://:‹X_PASSWORD›@h1:1,redis://:‹X_PASSWORD_2›@h2:2"),
            ("redis://:a1@h1:1,redis://:a1@h2:2", "redis://:‹X_PASSWORD›@h1:1,redis://:‹X_PASSWORD›@h2:2"),
            ("amqp://u:p@ss@mq/vhost", "amqp://u:‹X_PASSWORD›@mq/vhost"),
            ("postgres://u:pa/ss@pg/db", "postgres://u:‹X_PASSWORD›@pg/db"),
            ("https://abc@sentry.example/1", "https://abc@sentry.example/1"),
            ("http://host:80/a@b", "http://host:80/a@b"),
            ("http://host:80/", "http://host:80/"),
            ("git@git.example:album/app.git", "git@git.example:album/app.git"),
            ("mysql://u:${DB_PASSWORD}@h/d", "mysql://u:${DB_PASSWORD}@h/d"),
            ("jdbc:mysql://h/d?user=u&password=pa55&ssl=true", "jdbc:mysql://h/d?user=u&password=‹X_PASSWORD›&ssl=true"),
            ("mysqldump --password=pa55 album", "mysqldump --password=‹X_PASSWORD› album"),
            ("mysqldump --password pa55 album", "mysqldump --password ‹X_PASSWORD› album"),
            ("{\"api_key\": \"abc\"}", "{\"api_key\": \"‹X_API_KEY›\"}"),
            ("user: bob\npassword: pa55\n", "user: bob\npassword: ‹X_PASSWORD›\n"),
            ("album:$apr1$example0$not.a.real.hash", "album:‹X_PASSWORD_HASH›"),
            ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer ‹X_BEARER›"),
            ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/services/‹X_TOKEN›"),
            ("id AKIAIOSFODNN7EXAMPLE here", "id ‹X_ACCESS_KEY_ID› here"),
            ("AKIAIOSFODNN7EXAMPLE", "‹X›"),
            ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "‹X›"),
            ("da39a3ee5e6b4b0d3255bfef95601890afd80709", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "‹X›"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n", "‹X_PRIVATE_KEY›\n"),
            ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "‹X›"),
            (
                "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n",
            ),
            ("ssh-ed25519 AAAAC3-example-sato", "ssh-ed25519 AAAAC3-example-sato"),
            ("APKAEXAMPLE", "APKAEXAMPLE"),
            ("ja_JP.UTF-8", "ja_JP.UTF-8"),
            ("/srv/www/app/current/config/application.yml", "/srv/www/app/current/config/application.yml"),
            ("日本語 password=ひみつ 終", "日本語 password=‹X_PASSWORD› 終"),
        ] {
            assert_eq!(mark("X", value, "r").to_string(), shown, "{value}");
        }
    }

    #[test]
    fn an_opaque_value_of_a_key_is_secret() {
        assert!(mark("sendgrid_key", "abc123def456ghi789", "r").is_secret());
        assert!(!mark("cache_key", "views/photos", "r").is_secret());
        assert!(!mark("revision", "abc123def456ghi789", "r").is_secret());
    }

    #[test]
    fn parts_of_a_path_label_stay_inside_its_brackets() {
        assert_eq!(
            super::super::mark_as("node['redis']['url']", "url", false, "redis://:a1@h", "r").to_string(),
            "redis://:‹node['redis']['url_password']›@h"
        );
    }

    #[test]
    fn long_values_take_no_long_time() {
        // Nothing in the shapes may look back: these take hours when the work grows with the square.
        for unit in ["a", "a:", "a://", "a://b:", "x=", "\"a\":", "-----BEGIN RSA PRIVATE KEY-----", "$1$", "password=p "] {
            let value = unit.repeat(400_000 / unit.len());
            assert_eq!(mark("X", &value, "r").fill(|hole| hole.value.clone().unwrap_or_default()).len(), value.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn marking_keeps_every_character(value in ".{0,200}", name in "[a-zA-Z_]{0,20}") {
            let text = mark(&name, &value, "r");
            if value != super::super::FILTERED {
                proptest::prop_assert_eq!(text.fill(|hole| hole.value.clone().unwrap_or_default()), value);
            }
        }
    }
}
