//! Addresses in values: which kind of store a value leads to, and its host.

use crate::pass::stores::kind::{KINDS, Kind, of_scheme};

/// Last words of a variable's name that say what of a store it holds.
const PARTS: &[&str] = &[
    "URL",
    "URLS",
    "URI",
    "URIS",
    "DSN",
    "HOST",
    "HOSTS",
    "HOSTNAME",
    "SERVER",
    "SERVERS",
    "NODE",
    "NODES",
    "ADDRESS",
    "ADDR",
    "ENDPOINT",
    "ENDPOINTS",
    "PORT",
    "NAME",
    "DATABASE",
    "DB",
    "USER",
    "USERNAME",
    "LOGIN",
    "PASSWORD",
    "PASS",
    "PASSWD",
    "POOL",
    "BROKERS",
    "BROKER",
    "VHOST",
    "PROVIDER",
    "SOCKET",
    "PREFIX",
    "NAMESPACE",
    "INDEX",
    "REGION",
    "ADAPTER",
    "ENCODING",
    "BUCKET",
    "PROTOCOL",
    "DOMAIN",
    "AUTHENTICATION",
    "TLS",
    "SSL",
    "TIMEOUT",
    "STARTTLS",
];

/// What says where a store is.
const PLACES: &[&str] = &[
    "URL",
    "URLS",
    "URI",
    "URIS",
    "DSN",
    "HOST",
    "HOSTS",
    "HOSTNAME",
    "SERVER",
    "SERVERS",
    "NODE",
    "NODES",
    "ADDRESS",
    "ADDR",
    "ENDPOINT",
    "ENDPOINTS",
    "BROKERS",
    "BROKER",
    "BUCKET",
];

/// The words of a variable's name, in capitals.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_uppercase).collect()
}

/// A variable's name without the words that say what of a store it holds: `CACHE_REDIS` of `CACHE_REDIS_URL`.
#[must_use]
pub fn stem(name: &str) -> String {
    let mut words = words(name);
    while words.len() > 1 && words.last().is_some_and(|word| PARTS.contains(&word.as_str())) {
        words.pop();
    }
    words.join("_")
}

/// Whether a variable of that name says where a store is.
#[must_use]
pub fn is_place(name: &str) -> bool {
    let words = words(name);
    words.last().is_some_and(|last| PLACES.contains(&last.as_str())) || words.iter().any(|word| word == "BUCKET")
}

/// The kind that a variable's name means; `sql` is the kind of the app's database, where it is known.
#[must_use]
pub fn kind_of_name(name: &str, sql: Option<&'static Kind>) -> Option<&'static Kind> {
    let words = words(name);
    if let Some(kind) = KINDS.iter().find(|kind| kind.words.iter().any(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))) {
        return Some(kind);
    }
    let database = words.first().is_some_and(|first| ["DB", "DATABASE", "RDS"].contains(&first.as_str()))
        || words.last().is_some_and(|last| last == "URL") && words.iter().any(|word| word == "DATABASE" || word == "DB")
        || words.iter().any(|word| word == "RDS")
        || words.len() > 1 && words[1..words.len() - 1].iter().any(|word| word == "DB") && is_place(name);
    // `DATABASE_CLEANER` is none.
    let part = words.len() == 1 || words.last().is_some_and(|last| PARTS.contains(&last.as_str()));
    if database && part { sql } else { None }
}

/// The kind that a value's own form means: the scheme of a URL, a host of AWS.
#[must_use]
pub fn kind_of_value(value: &str) -> Option<&'static Kind> {
    let first = value.split([',', ' ']).next().unwrap_or(value);
    if let Some((scheme, rest)) = first.split_once("://") {
        if let Some(kind) = of_scheme(scheme) {
            return Some(kind);
        }
        if rest.starts_with("sqs.") {
            return KINDS.iter().find(|kind| kind.engine == "sqs");
        }
    }
    let host = host(first)?;
    KINDS.iter().find(|kind| kind.hosts.iter().any(|end| host.ends_with(end))).or_else(|| {
        let cache = host.ends_with(".cache.amazonaws.com");
        let port = first.rsplit(':').next().and_then(|port| port.split('/').next()).and_then(|port| port.parse::<u16>().ok());
        let memcached = port == Some(11211) || host.contains(".cfg.");
        let engine = match () {
            () if cache && memcached => "memcached",
            () if cache && port == Some(6379) => "redis",
            () if host.starts_with("email-smtp.") => "smtp",
            () => return None,
        };
        KINDS.iter().find(|kind| kind.engine == engine)
    })
}

/// The host of `redis://:x@host:6379/0`, `host:11211`, `host`; nothing where there is none.
#[must_use]
pub fn host(value: &str) -> Option<&str> {
    let first = value.split([',', ' ', ';']).next().unwrap_or(value);
    let rest = first.split_once("://").map_or(first, |(_, rest)| rest);
    let rest = rest.split(['/', '?']).next().unwrap_or(rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = rest.split(':').next().unwrap_or(rest);
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (!host.is_empty() && host.chars().all(good) && !host.chars().all(|c| c.is_ascii_digit())).then_some(host)
}

/// Whether a host is the machine itself.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "0.0.0.0") || host.starts_with("127.")
}

/// A name for a store beside the first of its kind: `redis-cache` of `CACHE_REDIS_URL`.
#[must_use]
pub fn further_name(kind: &Kind, stem: &str) -> Option<String> {
    let rest: Vec<String> = stem
        .split('_')
        .filter(|word| {
            !word.is_empty()
                && !kind.words.iter().any(|known| word.eq_ignore_ascii_case(known))
                && !word.eq_ignore_ascii_case(kind.name)
                && !["DB", "DATABASE", "RDS", "APP"].contains(word)
        })
        .map(str::to_lowercase)
        .collect();
    (!rest.is_empty()).then(|| format!("{}-{}", kind.name, rest.join("-")))
}

#[cfg(test)]
mod tests {
    use super::{host, kind_of_name, kind_of_value, stem};

    #[test]
    fn hosts_and_kinds() {
        for (value, expected, engine) in [
            ("redis://:x@cache.example:6379/0", Some("cache.example"), Some("redis")),
            ("a.b.cfg.apne1.cache.amazonaws.com:11211", Some("a.b.cfg.apne1.cache.amazonaws.com"), Some("memcached")),
            ("https://vpc-x.eu-west-1.es.amazonaws.com", Some("vpc-x.eu-west-1.es.amazonaws.com"), Some("elasticsearch")),
            ("https://sqs.eu-west-1.amazonaws.com/1/jobs", Some("sqs.eu-west-1.amazonaws.com"), Some("sqs")),
            ("10.0.0.1", Some("10.0.0.1"), None),
            ("", None, None),
            ("3306", None, None),
            ("a b", Some("a"), None),
        ] {
            assert_eq!((host(value), kind_of_value(value).map(|kind| kind.engine)), (expected, engine), "{value}");
        }
    }

    #[test]
    fn names() {
        for (name, expected, engine) in [
            ("CACHE_REDIS_URL", "CACHE_REDIS", Some("redis")),
            ("MEMCACHE_SERVERS", "MEMCACHE", Some("memcached")),
            ("DATABASE_URL", "DATABASE", None),
            ("SMTP_HOST", "SMTP", Some("smtp")),
            ("API_URL", "API", None),
        ] {
            assert_eq!((stem(name).as_str(), kind_of_name(name, None).map(|kind| kind.engine)), (expected, engine), "{name}");
        }
    }
}
