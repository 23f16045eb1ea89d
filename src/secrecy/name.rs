//! Which names mean a secret: `DB_PASSWORD`, `apiToken`, `ssl_certificate_key`; not `SECRET_NAME`, `public_key`, `CLOUDFRONT_KEY_ID`.
//!
//! A name is cut into words; one of them must be a secret's noun, and the last must not turn it into something about the secret.

/// Words that are a secret by themselves.
const NOUNS: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "secrets",
    "token",
    "tokens",
    "credential",
    "credentials",
    "htpasswd",
    "apikey",
    "apikeys",
    "privatekey",
    "secretkey",
    "accesskey",
    "sshkey",
    "privkey",
    "licensekey",
    "requirepass",
    "masterauth",
];

/// Words that make a secret of the `key` that follows: `api_key`, `ssl_certificate_key`.
const KEY_KINDS: &[&str] = &[
    "access",
    "account",
    "aes",
    "api",
    "app",
    "application",
    "auth",
    "aws",
    "certificate",
    "cert",
    "cipher",
    "client",
    "consumer",
    "crypt",
    "crypto",
    "decryption",
    "deploy",
    "dsa",
    "ecdsa",
    "encrypt",
    "encryption",
    "hmac",
    "host",
    "ingest",
    "insert",
    "jwt",
    "licence",
    "license",
    "master",
    "priv",
    "private",
    "root",
    "rsa",
    "secret",
    "server",
    "service",
    "shared",
    "sign",
    "signing",
    "ssh",
    "ssl",
    "storage",
    "tls",
    "validation",
    "write",
];

/// Last words that speak about a secret without being one: `password_file`, `token_ttl`, `SECRET_NAME`.
const ABOUT: &[&str] = &[
    "age",
    "alg",
    "algorithm",
    "arn",
    "algorithms",
    "attr",
    "attributes",
    "channel",
    "class",
    "command",
    "cookiename",
    "glob",
    "maps",
    "options",
    "types",
    "uuid",
    "attempts",
    "attribute",
    "authentication",
    "column",
    "complexity",
    "retries",
    "strength",
    "audience",
    "backend",
    "bag",
    "bits",
    "bucket",
    "charset",
    "cookbook",
    "count",
    "days",
    "dir",
    "directory",
    "disabled",
    "domain",
    "email",
    "enable",
    "enabled",
    "endpoint",
    "engine",
    "expiration",
    "expires",
    "expiry",
    "field",
    "file",
    "filename",
    "fingerprint",
    "format",
    "group",
    "header",
    "hint",
    "host",
    "hostname",
    "id",
    "ids",
    "interval",
    "issuer",
    "item",
    "label",
    "length",
    "level",
    "lifetime",
    "limit",
    "location",
    "manager",
    "max",
    "method",
    "min",
    "mode",
    "name",
    "names",
    "owner",
    "param",
    "parameter",
    "path",
    "paths",
    "pattern",
    "policy",
    "port",
    "prefix",
    "prompt",
    "provider",
    "query",
    "realm",
    "regex",
    "region",
    "required",
    "reset",
    "role",
    "rotation",
    "scope",
    "scopes",
    "seconds",
    "stdin",
    "separator",
    "size",
    "source",
    "store",
    "suffix",
    "template",
    "timeout",
    "ttl",
    "type",
    "uri",
    "url",
    "user",
    "username",
    "validity",
    "version",
];

/// First words that make a switch or a number of it: `enable_password_reset`, `max_tokens`.
const SWITCHES: &[&str] = &[
    "allow", "disable", "enable", "generate", "has", "is", "max", "min", "no", "num", "require", "requires", "show", "skip", "use", "with",
];

/// Whether a thing of that name is a password, token, private key or the like.
#[must_use]
pub fn name_is_secret(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let [.., last] = words.as_slice() else { return false };
    if words.len() > 1 && words.first().is_some_and(|first| SWITCHES.contains(first)) {
        return false;
    }
    // The web servers' `server_tokens off`, and public halves.
    if words.ends_with(&["server", "tokens"]) || *last == "servertokens" || is_public(&words) {
        return false;
    }
    // `aws_access_key_id` is half of a login; other `…_key_id`s name a key.
    if words.windows(3).any(|three| three == ["access", "key", "id"]) {
        return true;
    }
    if ABOUT.contains(last) {
        return false;
    }
    words.iter().any(|word| is_noun(word)) || has_secret_key(&words) || is_login(&words)
}

/// Whether what stands at `key` is secret, inside something that is (or is not) secret itself: everything under `secrets` but its
/// `host`, `user`, `path`, … is.
#[must_use]
pub fn inherits(around: bool, key: &str) -> bool {
    if name_is_secret(key) {
        return true;
    }
    let words = words(key);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    around && !is_public(&words) && !words.last().is_some_and(|last| ABOUT.contains(last))
}

/// Whether the last word is `key`: then the value decides.
pub(super) fn ends_in_key(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.last().is_some_and(|last| matches!(*last, "key" | "keys")) && !is_public(&words)
}

/// Whether it is the header of that name, whose value is a scheme and a login.
pub(super) fn is_authorization(name: &str) -> bool {
    words(name).last().is_some_and(|last| last == "authorization")
}

/// The scheme before a login: `Bearer`, `Basic`, `token`.
pub(super) fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token", "digest", "apikey", "key", "negotiate"].contains(&word.to_lowercase().as_str())
}

fn is_public(words: &[&str]) -> bool {
    words.iter().any(|word| matches!(*word, "public" | "pub" | "publishable" | "authorized" | "publickey" | "pubkey"))
}

fn is_noun(word: &str) -> bool {
    NOUNS.contains(&word)
        // None of them is shorter, and most words are.
        || (word.len() >= 6
            && ["password", "passwd", "passphrase", "privatekey", "apikey", "secretkey"].iter().any(|noun| word.contains(noun)))
        || (word.len() > 6 && (word.ends_with("token") || word.ends_with("secret")))
}

fn has_secret_key(words: &[&str]) -> bool {
    words.windows(2).any(|pair| matches!(pair[1], "key" | "keys") && KEY_KINDS.contains(&pair[0]))
}

/// `DB_PASS`, `basic_auth`, `REDIS_AUTH`, `erlang_cookie`, `devise_pepper`.
fn is_login(words: &[&str]) -> bool {
    let [before @ .., last] = words else { return false };
    let previous = before.last().copied();
    match *last {
        "pass" => !matches!(previous, Some("proxy" | "fastcgi" | "uwsgi" | "scgi" | "by" | "grpc" | "memcached")),
        "pw" | "pwd" | "salt" | "pepper" => previous.is_some(),
        "auth" => !matches!(previous, Some("smtp" | "omni" | "o")),
        "cookie" => previous == Some("erlang"),
        "pat" => matches!(previous, Some("github" | "gitlab")),
        _ => false,
    }
}

/// The words of a name, in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` are all `db`, `password`.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before: Option<char> = None;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let previous = before.replace(character);
        if !character.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let after_small = previous.is_some_and(|previous| previous.is_lowercase() || previous.is_ascii_digit());
        let before_small = characters.peek().is_some_and(|next| next.is_lowercase());
        let in_capitals = previous.is_some_and(char::is_uppercase);
        if character.is_uppercase() && (after_small || (in_capitals && before_small)) {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if character.is_ascii() {
            word.push(character.to_ascii_lowercase());
        } else {
            word.extend(character.to_lowercase());
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_a_secret() {
        for name in [
            "password",
            "Password",
            "DB_PASSWORD",
            "dbPassword",
            "db-password",
            "dbpassword",
            "mysql_root_passwd",
            "passwd",
            "MysqlRootPassword",
            "server_root_password",
            "password_hash",
            "password_salt",
            "secret",
            "SECRET_KEY_BASE",
            "secret_token",
            "client_secret",
            "clientsecret",
            "aws_secret_access_key",
            "AWS_ACCESS_KEY_ID",
            "accessKeyId",
            "access_key",
            "token",
            "PUSH_API_TOKEN",
            "authToken",
            "accesstoken",
            "api_key",
            "API-KEY",
            "apikey",
            "NEW_RELIC_LICENSE_KEY",
            "license_key",
            "private_key",
            "CLOUDFRONT_PRIVATE_KEY",
            "SshKey",
            "deploy_key",
            "ssl_certificate_key",
            "SSLKey",
            "RAILS_MASTER_KEY",
            "encryption_key",
            "signing_keys",
            "credential",
            "credentials",
            "basic_auth",
            "http_auth",
            "auth",
            "REDIS_AUTH",
            "htpasswd",
            "DB_PASS",
            "smtp_pass",
            "db_pwd",
            "db_pw",
            "erlang_cookie",
            "devise_pepper",
            "secrets",
            "tokens",
            "passphrase",
            "DbPassword",
            "GITHUB_PAT",
            "app_key",
        ] {
            assert!(name_is_secret(name), "{name} means a secret");
        }
    }

    #[test]
    fn names_that_do_not() {
        for name in [
            "",
            "CLOUDFRONT_KEY_ID",
            "kms_key_id",
            "public_key",
            "ssh_public_key",
            "SshPublicKey",
            "authorized_keys",
            "publishable_key",
            "SECRET_NAME",
            "secret_arn",
            "password_file",
            "password_min_length",
            "token_ttl",
            "token_url",
            "max_tokens",
            "enable_password_reset",
            "require_password",
            "server_tokens",
            "servertokens",
            "secrets_manager",
            "primary_key",
            "cache_key",
            "session_key",
            "key",
            "keys",
            "keyserver",
            "monkey",
            "passenger",
            "compass",
            "proxy_pass",
            "fastcgi_pass",
            "pass_rate",
            "PWD",
            "pwd",
            "tokenizer",
            "secretary",
            "keyboard",
            "authentication",
            "smtp_auth",
            "author",
            "auth_basic_realm",
            "password_authentication",
            "username",
            "SMTP_USERNAME",
            "AWS_REGION",
            "DefaultSshKeyName",
            "ssl_certificate",
            "deploy_key_path",
            "api_key_header",
            "S3_BUCKET",
            "LANG",
            "salt",
        ] {
            assert!(!name_is_secret(name), "{name} means no secret");
        }
    }

    #[test]
    fn words_are_cut_at_case_and_punctuation() {
        assert_eq!(words("SSLCertificateKey"), ["ssl", "certificate", "key"]);
        assert_eq!(words("AWS_SECRET-key.base"), ["aws", "secret", "key", "base"]);
        assert_eq!(words("oauth2Token"), ["oauth2", "token"]);
    }

    #[test]
    fn a_secret_container_passes_it_on_but_to_details() {
        assert!(inherits(true, "github"));
        assert!(!inherits(true, "host"));
        assert!(!inherits(true, "public_key"));
        assert!(!inherits(false, "github"));
        assert!(inherits(false, "password"));
    }
}
