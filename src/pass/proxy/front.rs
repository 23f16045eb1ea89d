//! What stood before the app and is the load balancer's now: host names, TLS, redirects, what was served by itself, and what is left.

use std::collections::BTreeSet;

/// What a directive was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The load balancer, the route or the cluster does it.
    Done,
    /// A person must say where it goes; the words say what it is.
    Left(&'static str),
}

/// A site: a vhost of Apache, a way through HAProxy.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// The environment's number.
    pub environment: usize,
    /// Host names.
    pub hosts: Vec<String>,
    /// Path prefix, where it is not the whole site.
    pub path: Option<String>,
    /// The servers behind it.
    pub behind: Vec<String>,
    /// TLS ended here.
    pub tls: bool,
    /// Health check path of the servers behind.
    pub health: Option<String>,
    /// The item that wrote it.
    pub item: usize,
}

/// A directive that nothing has taken over yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The file on the host.
    pub path: String,
    /// Line of it.
    pub line: u32,
    /// As written.
    pub text: String,
    /// What it is for.
    pub what: &'static str,
    /// The item that wrote it.
    pub item: usize,
}

/// What a server before the app did, in all environments.
#[derive(Debug, Clone, Default)]
pub struct Front {
    /// It runs on beside the app, and may know names that are not meant for the outside.
    pub is_kept: bool,
    /// Its sites.
    pub sites: Vec<Site>,
    /// What a person must look at.
    pub left: Vec<Left>,
    /// Words about what the load balancer does now.
    pub notes: Vec<String>,
    seen: BTreeSet<(String, u32, String)>,
}

impl Front {
    /// A server that stays beside the app.
    #[must_use]
    pub fn kept(sites: Vec<Site>) -> Self {
        Self { is_kept: true, sites, ..Self::default() }
    }

    /// Notes something once.
    pub fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    /// Lists a directive once: another environment may have the same file.
    pub fn leave(&mut self, left: Left) {
        if self.seen.insert((left.path.clone(), left.line, left.text.clone())) {
            self.left.push(left);
        }
    }
}

/// Whether a route can be made for a host name: a name with a dot, perhaps a wildcard before it, nothing unknown in it.
#[must_use]
pub fn is_host(name: &str) -> bool {
    let rest = name.strip_prefix("*.").unwrap_or(name);
    rest.contains('.')
        && rest.chars().any(|c| c.is_ascii_alphabetic())
        && !rest.starts_with('.')
        && !rest.ends_with('.')
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

/// A host name as it is compared: lower case, without a scheme and a port.
#[must_use]
pub fn host(name: &str) -> String {
    let name = name.split_once("://").map_or(name, |(_, rest)| rest);
    name.split([':', '/']).next().unwrap_or(name).to_ascii_lowercase()
}
