//! PHP's extensions: packages of the hosts, `docker-php-ext-install` of the official image.
//!
//! `php5-mysql` becomes `docker-php-ext-install mysqli pdo_mysql`; `php5-curl` is built in.

use crate::pass::packages::rename;

/// How the official image gets an extension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extension {
    /// Names for `docker-php-ext-install`.
    pub install: Vec<&'static str>,
    /// A name for `pecl install`, with the release where PHP is older than the newest one wants.
    pub pecl: Option<&'static str>,
    /// Options for `docker-php-ext-configure`: extension, options.
    pub configure: Option<(&'static str, &'static str)>,
    /// Packages that it is compiled with.
    pub packages: Vec<String>,
}

/// Name (without `php5-`), extensions, PECL, configuration, packages.
type Row = (&'static str, &'static [&'static str], Option<&'static str>, Option<(&'static str, &'static str)>, &'static [&'static str]);

/// The table.
const EXTENSIONS: &[Row] = &[
    ("apcu", &[], Some("apcu"), None, &[]),
    ("bcmath", &["bcmath"], None, None, &[]),
    ("bz2", &["bz2"], None, None, &["libbz2-dev"]),
    ("exif", &["exif"], None, None, &[]),
    ("gd", &["gd"], None, Some(("gd", "--with-freetype --with-jpeg")), &["libfreetype-dev", "libjpeg-dev", "libpng-dev"]),
    ("gettext", &["gettext"], None, None, &[]),
    ("gmp", &["gmp"], None, None, &["libgmp-dev"]),
    ("imagick", &[], Some("imagick"), None, &["libmagickwand-dev"]),
    ("intl", &["intl"], None, None, &["libicu-dev"]),
    ("ldap", &["ldap"], None, None, &["libldap-dev"]),
    ("memcache", &[], Some("memcache"), None, &["zlib1g-dev"]),
    ("memcached", &[], Some("memcached"), None, &["libmemcached-dev", "libssl-dev", "zlib1g-dev"]),
    ("mongodb", &[], Some("mongodb"), None, &["libssl-dev"]),
    ("mysql", &["mysqli", "pdo_mysql"], None, None, &[]),
    ("mysqlnd", &["mysqli", "pdo_mysql"], None, None, &[]),
    ("opcache", &["opcache"], None, None, &[]),
    ("pdo", &["pdo_mysql"], None, None, &[]),
    ("pgsql", &["pgsql", "pdo_pgsql"], None, None, &["libpq-dev"]),
    ("redis", &[], Some("redis"), None, &[]),
    ("soap", &["soap"], None, None, &["libxml2-dev"]),
    ("sockets", &["sockets"], None, None, &[]),
    ("tidy", &["tidy"], None, None, &["libtidy-dev"]),
    ("xsl", &["xsl"], None, None, &["libxslt1-dev"]),
    ("zip", &["zip"], None, None, &["libzip-dev"]),
];

/// The last releases for versions of PHP that PECL's newest are not made for: extension, start of PHP's version, what to install.
const LAST: &[(&str, &str, &str)] = &[
    ("apcu", "5", "apcu-4.0.11"),
    ("imagick", "5", "imagick-3.4.4"),
    ("memcache", "5", "memcache-2.2.7"),
    ("memcache", "7", "memcache-4.0.5.2"),
    ("memcached", "5", "memcached-2.2.0"),
    ("mongodb", "5", "mongodb-1.5.5"),
    ("mongodb", "7.0", "mongodb-1.9.2"),
    ("mongodb", "7.1", "mongodb-1.11.1"),
    ("redis", "5", "redis-4.3.0"),
    ("redis", "7.0", "redis-5.3.7"),
    ("redis", "7.1", "redis-5.3.7"),
    ("redis", "7.2", "redis-5.3.7"),
    ("redis", "7.3", "redis-5.3.7"),
];

/// Extensions that the official image has already.
const BUILT_IN: &[&str] = &[
    "cli",
    "common",
    "ctype",
    "curl",
    "devel",
    "dev",
    "fileinfo",
    "fpm",
    "ftp",
    "iconv",
    "json",
    "mbstring",
    "openssl",
    "phar",
    "posix",
    "process",
    "readline",
    "session",
    "simplexml",
    "sodium",
    "sqlite",
    "sqlite3",
    "tokenizer",
    "xml",
    "xmlreader",
    "xmlwriter",
    "zlib",
    "cgi",
    "pear",
];

/// What a package of an extension is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// To be added.
    Add(Extension),
    /// The image has it.
    BuiltIn,
    /// Not packaged for the official image: a person decides.
    Unknown(String),
}

/// The extension that a package `php5-x`, `php7.4-x`, `php-x`, `php56-x` or `php-pecl-x` is.
#[must_use]
pub fn extension(package: &str, version: &str, release: &str) -> Option<Kind> {
    let rest = package.strip_prefix("php")?;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let name = rest.strip_prefix('-')?;
    let name = name.strip_prefix("pecl-").unwrap_or(name);
    let name = name.trim_end_matches("-zts");
    let name = if name == "apc" || name == "apc-bc" { "apcu" } else { name };
    if BUILT_IN.contains(&name) {
        return Some(Kind::BuiltIn);
    }
    let Some((_, install, pecl, configure, packages)) = EXTENSIONS.iter().find(|(known, ..)| *known == name) else {
        return Some(Kind::Unknown(name.to_owned()));
    };
    let old = version.starts_with('5') || matches!(version.get(..3), Some("7.0" | "7.1" | "7.2" | "7.3"));
    let mut install = install.to_vec();
    if version.starts_with('5') && name == "mysql" {
        install.insert(0, "mysql");
    }
    let configure =
        configure.map(|(name, options)| if old { (name, "--with-freetype-dir=/usr --with-jpeg-dir=/usr") } else { (name, options) });
    let packages = packages.iter().map(|name| rename::to_base(name, &(String::new(), String::new()), "debian", release)).collect();
    let last = |name: &str| LAST.iter().find(|(known, php, _)| *known == name && version.starts_with(php)).map(|(_, _, last)| *last);
    let pecl = pecl.map(|name| last(name).unwrap_or(name));
    Some(Kind::Add(Extension { install, pecl, configure, packages }))
}

/// The script that adds `extensions`.
#[must_use]
pub fn script(extensions: &[Extension]) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut add = |line: String| {
        if !lines.contains(&line) {
            lines.push(line);
        }
    };
    for (name, options) in extensions.iter().filter_map(|extension| extension.configure) {
        add(format!("docker-php-ext-configure {name} {options}"));
    }
    let mut names: Vec<&str> = extensions.iter().flat_map(|extension| extension.install.iter().copied()).collect();
    names.sort_unstable();
    names.dedup();
    if !names.is_empty() {
        add(format!("docker-php-ext-install {}", names.join(" ")));
    }
    let mut pecl: Vec<&str> = extensions.iter().filter_map(|extension| extension.pecl).collect();
    pecl.sort_unstable();
    pecl.dedup();
    if !pecl.is_empty() {
        for name in &pecl {
            add(format!("pecl install {name} </dev/null"));
        }
        let names: Vec<&str> = pecl.iter().map(|name| name.split('-').next().unwrap_or(name)).collect();
        add(format!("docker-php-ext-enable {}", names.join(" ")));
    }
    if lines.len() > 1 {
        lines.insert(0, "set -e".to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_of_packages() {
        let Some(Kind::Add(mysql)) = extension("php5-mysql", "5.6", "stretch") else { panic!("no extension") };
        assert_eq!(mysql.install, ["mysql", "mysqli", "pdo_mysql"]);
        let Some(Kind::Add(gd)) = extension("php7.4-gd", "7.4", "bullseye") else { panic!("no extension") };
        assert_eq!(
            script(&[mysql, gd]),
            "set -e\ndocker-php-ext-configure gd --with-freetype --with-jpeg\ndocker-php-ext-install gd mysql mysqli pdo_mysql"
        );
        let Some(Kind::Add(cache)) = extension("php5-memcached", "5.6", "stretch") else { panic!("no extension") };
        assert_eq!(script(&[cache]), "set -e\npecl install memcached-2.2.0 </dev/null\ndocker-php-ext-enable memcached");
        assert_eq!(extension("php5-curl", "5.6", "stretch"), Some(Kind::BuiltIn));
        assert_eq!(extension("php-strange", "8.2", "bookworm"), Some(Kind::Unknown("strange".into())));
        assert_eq!(extension("phpmyadmin", "8.2", "bookworm"), None);
    }

    #[test]
    fn the_tables_have_no_doubles() {
        let mut names: Vec<&str> = EXTENSIONS.iter().map(|(name, ..)| *name).chain(BUILT_IN.iter().copied()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
