//! The components of a URI (RFC 3986).

use std::fmt;

use super::SCHEMES;

/// The components.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    pub scheme: Option<String>,
    pub userinfo: Option<String>,
    pub host: Option<String>,
    pub port: Option<i64>,
    pub path: String,
    /// What follows the scheme of a URI without slashes: `mailto:a@b`.
    pub opaque: Option<String>,
    pub query: Option<String>,
    pub fragment: Option<String>,
}

fn allowed(text: &str, signs: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(index, byte)| match byte {
        b'%' => bytes.get(index + 1..index + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        byte => byte.is_ascii_alphanumeric() || signs.contains(char::from(*byte)),
    })
}

const COMMON: &str = "-._~!$&'()*+,;=%";

impl Parts {
    /// The components of `text`; `None` where it is no URI.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = Self::default();
        let (rest, fragment) = text.split_once('#').map_or((text, None), |(rest, fragment)| (rest, Some(fragment)));
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let tail = format!("{COMMON}:@/?");
        if !fragment.is_none_or(|text| allowed(text, &tail)) || !query.is_none_or(|text| allowed(text, &tail)) {
            return None;
        }
        parts.fragment = fragment.map(str::to_owned);
        parts.query = query.map(str::to_owned);
        let mut rest = rest;
        if let Some((scheme, after)) = rest.split_once(':') {
            let starts = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
            if starts && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
                parts.scheme = Some(scheme.to_ascii_lowercase());
                rest = after;
            }
        }
        let path_signs = format!("{COMMON}:@/");
        if let Some(after) = rest.strip_prefix("//") {
            let end = after.find('/').unwrap_or(after.len());
            let (authority, path) = after.split_at(end);
            parts.authority(authority)?;
            parts.path = path.to_owned();
        } else if parts.scheme.is_some() && !rest.is_empty() && !rest.starts_with('/') {
            if !allowed(rest, &path_signs) {
                return None;
            }
            let query = parts.query.take().map(|query| format!("?{query}")).unwrap_or_default();
            parts.opaque = Some(format!("{rest}{query}"));
            return Some(parts);
        } else {
            parts.path = rest.to_owned();
        }
        let first = parts.path.split('/').next().unwrap_or("");
        let ambiguous = parts.scheme.is_none() && parts.host.is_none() && first.contains(':');
        (allowed(&parts.path, &path_signs) && !ambiguous).then_some(parts)
    }

    fn authority(&mut self, text: &str) -> Option<()> {
        let (userinfo, rest) = text.rsplit_once('@').map_or((None, text), |(user, rest)| (Some(user), rest));
        if let Some(userinfo) = userinfo {
            if !allowed(userinfo, &format!("{COMMON}:")) {
                return None;
            }
            self.userinfo = Some(userinfo.to_owned());
        }
        let (host, port) = if rest.starts_with('[') {
            let end = rest.find(']')? + 1;
            let (host, port) = rest.split_at(end);
            let port = if port.is_empty() { None } else { Some(port.strip_prefix(':')?) };
            (host, port)
        } else {
            let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
            if !allowed(host, COMMON) {
                return None;
            }
            (host, port)
        };
        if let Some(port) = port.filter(|port| !port.is_empty()) {
            if !port.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            self.port = port.parse().ok();
        }
        self.host = Some(host.to_owned());
        Some(())
    }

    /// The port that the scheme stands for.
    #[must_use]
    pub fn default_port(&self) -> Option<i64> {
        let scheme = self.scheme.as_deref()?;
        SCHEMES.iter().find(|(known, ..)| *known == scheme).map(|(.., port)| *port).filter(|port| *port > 0)
    }

    /// The port, the scheme's where none is written.
    #[must_use]
    pub fn port(&self) -> Option<i64> {
        self.port.or_else(|| self.default_port())
    }

    /// The user's name.
    #[must_use]
    pub fn user(&self) -> Option<String> {
        self.userinfo.as_deref().map(|info| info.split(':').next().unwrap_or("").to_owned())
    }

    /// The password.
    #[must_use]
    pub fn password(&self) -> Option<String> {
        self.userinfo.as_deref().and_then(|info| info.split_once(':')).map(|(_, password)| password.to_owned())
    }

    /// Replaces the user's name.
    pub fn set_user(&mut self, user: Option<String>) {
        let password = self.password().map(|password| format!(":{password}")).unwrap_or_default();
        self.userinfo = user.map(|user| format!("{user}{password}"));
    }

    /// Replaces the password.
    pub fn set_password(&mut self, password: Option<String>) {
        let user = self.user().unwrap_or_default();
        self.userinfo = Some(password.map_or(user.clone(), |password| format!("{user}:{password}")));
    }

    /// Path and query as a request names them.
    #[must_use]
    pub fn request(&self) -> String {
        let path = if self.path.starts_with('/') { self.path.clone() } else { format!("/{}", self.path) };
        match &self.query {
            Some(query) => format!("{path}?{query}"),
            None => path,
        }
    }

    /// With the host in small letters and a path.
    #[must_use]
    pub fn normal(&self) -> Self {
        let mut parts = self.clone();
        parts.host = parts.host.map(|host| host.to_ascii_lowercase());
        if parts.path.is_empty() && parts.scheme.as_deref().is_some_and(|scheme| scheme.starts_with("http")) {
            parts.path = "/".to_owned();
        }
        if parts.port == parts.default_port() {
            parts.port = None;
        }
        parts
    }

    /// `other` as seen from here (RFC 3986, section 5).
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        if other.scheme.is_some() {
            return other.clone();
        }
        let mut merged = Self { fragment: other.fragment.clone(), ..self.clone() };
        if other.host.is_some() {
            return Self { scheme: self.scheme.clone(), ..other.clone() };
        }
        if other.path.is_empty() {
            if other.query.is_some() {
                merged.query.clone_from(&other.query);
            }
            return merged;
        }
        merged.query.clone_from(&other.query);
        let whole = if other.path.starts_with('/') {
            other.path.clone()
        } else {
            let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{}", other.path)
        };
        let mut names: Vec<&str> = Vec::new();
        let all: Vec<&str> = whole.split('/').skip(1).collect();
        for (index, name) in all.iter().enumerate() {
            let last = index + 1 == all.len();
            match *name {
                "." | ".." => {
                    if *name == ".." {
                        names.pop();
                    }
                    if last {
                        names.push("");
                    }
                }
                other => names.push(other),
            }
        }
        merged.path = format!("/{}", names.join("/"));
        merged
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = &self.scheme {
            write!(f, "{scheme}:")?;
        }
        if let Some(opaque) = &self.opaque {
            f.write_str(opaque)?;
        } else {
            if self.host.is_some() || self.scheme.as_deref() == Some("file") {
                f.write_str("//")?;
            }
            if let Some(userinfo) = &self.userinfo {
                write!(f, "{userinfo}@")?;
            }
            if let Some(host) = &self.host {
                f.write_str(host)?;
            }
            if let Some(port) = self.port.filter(|port| Some(*port) != self.default_port()) {
                write!(f, ":{port}")?;
            }
            if self.host.is_some() && !self.path.is_empty() && !self.path.starts_with('/') {
                f.write_str("/")?;
            }
            f.write_str(&self.path)?;
            if let Some(query) = &self.query {
                write!(f, "?{query}")?;
            }
        }
        if let Some(fragment) = &self.fragment {
            write!(f, "#{fragment}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Parts;

    fn merged(base: &str, other: &str) -> String {
        Parts::parse(base).expect("a URI").merge(&Parts::parse(other).expect("a URI")).to_string()
    }

    #[test]
    fn addresses_are_taken_apart_and_joined() {
        assert_eq!(merged("http://a/b/c/d", "../e"), "http://a/b/e");
        assert_eq!(merged("http://a/b/", "c"), "http://a/b/c");
        assert_eq!(merged("http://h", "x"), "http://h/x");
        assert_eq!(merged("http://h/a/b", "../c"), "http://h/c");
        assert!(Parts::parse("http://a b/c").is_none() && Parts::parse("git@github.com:a/b.git").is_none());
        assert!(Parts::parse("http://h:abc/").is_none() && Parts::parse("http://h/a|b").is_none());
    }
}
