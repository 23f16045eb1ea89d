//! Names of packages: what a cookbook calls it, and what the base calls it.
//!
//! `libmysqlclient20` is `libmariadb3` on Debian 12; `openssl-devel` of CentOS is `libssl-dev`. `{icu}` in a name stands for the
//! number that the library has on the release. Sources: the releases' package indexes.

pub use crate::facts::package::fill;

use crate::facts::package;
use crate::pass::base::platform;

/// Names of RPM distributions with Debian's.
const FROM_RPM: &[(&str, &str)] = &[
    ("@Development Tools", "build-essential"),
    ("ImageMagick", "imagemagick"),
    ("ImageMagick-devel", "libmagickwand-dev"),
    ("aws-cli", "awscli"),
    ("bind-utils", "bind9-dnsutils"),
    ("bzip2-devel", "libbz2-dev"),
    ("curl-devel", "libcurl4-openssl-dev"),
    ("cyrus-sasl-devel", "libsasl2-dev"),
    ("dejavu-sans-fonts", "fonts-dejavu-core"),
    ("expat-devel", "libexpat1-dev"),
    ("freetype-devel", "libfreetype-dev"),
    ("gcc-c++", "g++"),
    ("gd-devel", "libgd-dev"),
    ("gdbm-devel", "libgdbm-dev"),
    ("geos-devel", "libgeos-dev"),
    ("glib2-devel", "libglib2.0-dev"),
    ("glibc-devel", "libc6-dev"),
    ("gmp-devel", "libgmp-dev"),
    ("google-noto-sans-cjk-fonts", "fonts-noto-cjk"),
    ("httpd", "apache2"),
    ("httpd-devel", "apache2-dev"),
    ("httpd24", "apache2"),
    ("ipa-gothic-fonts", "fonts-ipafont-gothic"),
    ("ipa-pgothic-fonts", "fonts-ipafont-gothic"),
    ("iproute", "iproute2"),
    ("jemalloc", "libjemalloc2"),
    ("jemalloc-devel", "libjemalloc-dev"),
    ("liberation-sans-fonts", "fonts-liberation"),
    ("libcurl-devel", "libcurl4-openssl-dev"),
    ("libevent-devel", "libevent-dev"),
    ("libffi-devel", "libffi-dev"),
    ("libicu", "libicu{icu}"),
    ("libicu-devel", "libicu-dev"),
    ("libjpeg-devel", "libjpeg-dev"),
    ("libjpeg-turbo-devel", "libjpeg-dev"),
    ("libmemcached-devel", "libmemcached-dev"),
    ("libpng-devel", "libpng-dev"),
    ("libtiff-devel", "libtiff-dev"),
    ("libtool-ltdl-devel", "libltdl-dev"),
    ("libwebp-devel", "libwebp-dev"),
    ("libxml2-devel", "libxml2-dev"),
    ("libxslt", "libxslt1.1"),
    ("libxslt-devel", "libxslt1-dev"),
    ("libyaml", "libyaml-0-2"),
    ("libyaml-devel", "libyaml-dev"),
    ("mariadb", "mariadb-client"),
    ("mariadb-connector-c-devel", "default-libmysqlclient-dev"),
    ("mariadb-devel", "default-libmysqlclient-dev"),
    ("mariadb105", "mariadb-client"),
    ("mysql", "default-mysql-client"),
    ("mysql-community-client", "default-mysql-client"),
    ("mysql-community-devel", "default-libmysqlclient-dev"),
    ("mysql-devel", "default-libmysqlclient-dev"),
    ("mysql55", "default-mysql-client"),
    ("mysql55-devel", "default-libmysqlclient-dev"),
    ("mysql56", "default-mysql-client"),
    ("mysql56-devel", "default-libmysqlclient-dev"),
    ("mysql57", "default-mysql-client"),
    ("mysql57-devel", "default-libmysqlclient-dev"),
    ("nc", "netcat-openbsd"),
    ("ncurses-devel", "libncurses-dev"),
    ("nmap-ncat", "netcat-openbsd"),
    ("openldap-devel", "libldap-dev"),
    ("openssl-devel", "libssl-dev"),
    ("pcre-devel", "libpcre2-dev"),
    ("perl-Digest-HMAC", "libdigest-hmac-perl"),
    ("perl-ExtUtils-MakeMaker", "perl"),
    ("perl-Image-ExifTool", "libimage-exiftool-perl"),
    ("pkgconfig", "pkg-config"),
    ("postgresql", "postgresql-client"),
    ("postgresql-devel", "libpq-dev"),
    ("postgresql-libs", "libpq5"),
    ("procps-ng", "procps"),
    ("python", "python3"),
    ("python-devel", "python3-dev"),
    ("python-pip", "python3-pip"),
    ("python27-devel", "python3-dev"),
    ("python27-pip", "python3-pip"),
    ("python3-devel", "python3-dev"),
    ("readline-devel", "libreadline-dev"),
    ("shadow-utils", "passwd"),
    ("sqlite", "sqlite3"),
    ("sqlite-devel", "libsqlite3-dev"),
    ("vlgothic-fonts", "fonts-vlgothic"),
    ("which", "debianutils"),
    ("xorg-x11-server-Xvfb", "xvfb"),
    ("xz", "xz-utils"),
    ("zlib-devel", "zlib1g-dev"),
];

/// Libraries that building against a `-dev` package leaves a program in need of.
const NEEDED: &[(&str, &[&str])] = &[
    ("default-libmysqlclient-dev", &["{mysql}"]),
    ("freetds-dev", &["libsybdb5"]),
    ("libcairo2-dev", &["libcairo2"]),
    ("libcurl4-gnutls-dev", &["libcurl3-gnutls"]),
    ("libcurl4-openssl-dev", &["libcurl{curl}"]),
    ("libevent-dev", &["libevent-2.1-{event}"]),
    ("libexpat1-dev", &["libexpat1"]),
    ("libfreetype-dev", &["libfreetype6"]),
    ("libfreetype6-dev", &["libfreetype6"]),
    ("libgd-dev", &["libgd3"]),
    ("libgeos-dev", &["libgeos-c1v5"]),
    ("libgif-dev", &["libgif7"]),
    ("libglib2.0-dev", &["libglib2.0-0"]),
    ("libicu-dev", &["libicu{icu}"]),
    ("libjpeg-dev", &["libjpeg62-turbo"]),
    ("libldap-dev", &["libldap-{ldap}"]),
    ("libldap2-dev", &["libldap-{ldap}"]),
    ("libmagic-dev", &["libmagic1"]),
    ("libmagickcore-dev", &["libmagickcore-6.q16-{magick}"]),
    ("libmagickwand-dev", &["libmagickwand-6.q16-{magick}"]),
    ("libmaxminddb-dev", &["libmaxminddb0"]),
    ("libmemcached-dev", &["libmemcached11"]),
    ("libmysqlclient-dev", &["{mysql}"]),
    ("libpango1.0-dev", &["libpango-1.0-0", "libpangocairo-1.0-0"]),
    ("libpng-dev", &["libpng16-16"]),
    ("libpq-dev", &["libpq5"]),
    ("libproj-dev", &["libproj{proj}"]),
    ("librsvg2-dev", &["librsvg2-2"]),
    ("libsasl2-dev", &["libsasl2-2"]),
    ("libsnappy-dev", &["libsnappy1v5"]),
    ("libsqlite3-dev", &["libsqlite3-0"]),
    ("libtiff-dev", &["libtiff{tiff}"]),
    ("libvips-dev", &["libvips{vips}"]),
    ("libwebp-dev", &["libwebp{webp}"]),
    ("libxml2-dev", &["libxml2"]),
    ("libxslt1-dev", &["libxslt1.1"]),
    ("libzmq3-dev", &["libzmq5"]),
    ("unixodbc-dev", &["unixodbc"]),
];

/// Libraries that every language image has, and that only building the language asks for.
const IN_LANGUAGES: &[&str] = &[
    "libbz2-dev",
    "libc6-dev",
    "libdb-dev",
    "libffi-dev",
    "libgdbm-compat-dev",
    "libgdbm-dev",
    "libgmp-dev",
    "libjemalloc-dev",
    "liblzma-dev",
    "libltdl-dev",
    "libncurses-dev",
    "libreadline-dev",
    "libssl-dev",
    "libyaml-dev",
    "uuid-dev",
    "zlib1g-dev",
];

/// The package's name on a base of `release` and `family`, when it was written for `platform`.
#[must_use]
pub fn to_base(name: &str, platform: &(String, String), family: &str, release: &str) -> String {
    if family != "debian" || platform::code_name(&platform.0, &platform.1) == Some(release) {
        return name.to_owned();
    }
    let old = if platform::family(&platform.0) == "rhel" { of_rpm(name) } else { name.to_owned() };
    if release == "jessie" && old.starts_with("libmysqlclient") && old.ends_with("-dev") {
        return "libmysqlclient-dev".to_owned();
    }
    package::on_debian(&old, release)
}

fn of_rpm(name: &str) -> String {
    if let Some((_, new)) = FROM_RPM.iter().find(|(known, _)| *known == name) {
        return (*new).to_owned();
    }
    if let Some(rest) = name
        .strip_prefix("postgresql")
        .and_then(|rest| rest.split_once('-').or(Some((rest, ""))))
        .filter(|(digits, _)| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
    {
        return match rest.1 {
            "devel" => "libpq-dev".to_owned(),
            "libs" => "libpq5".to_owned(),
            "server" => "postgresql".to_owned(),
            _ => "postgresql-client".to_owned(),
        };
    }
    match name.strip_prefix("perl-") {
        Some(module) => format!("lib{}-perl", module.to_lowercase()),
        None => name.strip_suffix("-devel").map_or_else(|| name.to_owned(), |stem| format!("{stem}-dev")),
    }
}

/// Whether only building needs it.
#[must_use]
pub fn is_for_building(name: &str) -> bool {
    let compilers = [
        "autoconf",
        "automake",
        "bison",
        "build-essential",
        "cmake",
        "flex",
        "g++",
        "gcc",
        "libtool",
        "make",
        "patch",
        "pkg-config",
        "ragel",
        "swig",
        "@Development Tools",
        "gcc-c++",
        "@development-tools",
        "rustc",
        "cargo",
        "re2c",
    ];
    name.ends_with("-dev") || name.ends_with("-devel") || name.starts_with("postgresql-server-dev") || compilers.contains(&name)
}

/// Whether every language image has the library already.
#[must_use]
pub fn is_in_languages(name: &str) -> bool {
    IN_LANGUAGES.contains(&name)
}

/// What a program built against the `-dev` package `name` needs when it runs; `None` when that is not known.
#[must_use]
pub fn needed(name: &str, release: &str) -> Option<Vec<String>> {
    if !name.ends_with("-dev") || is_in_languages(name) || matches!(name, "apache2-dev" | "python3-dev" | "ruby-dev") {
        return Some(Vec::new());
    }
    let (_, libraries) = NEEDED.iter().find(|(known, _)| *known == name)?;
    Some(libraries.iter().map(|library| fill(library, release)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(name: &str, platform: (&str, &str), release: &str) -> String {
        to_base(name, &(platform.0.to_owned(), platform.1.to_owned()), "debian", release)
    }

    #[test]
    fn names_of_old_releases() {
        assert_eq!(on("mysql-client", ("ubuntu", "14.04"), "jessie"), "mysql-client");
        assert_eq!(on("mysql-client", ("ubuntu", "14.04"), "stretch"), "default-mysql-client");
    }

    #[test]
    fn ubuntu_names_on_debian() {
        for (old, new) in [
            ("libmysqlclient20", "libmariadb3"),
            ("libmysqlclient18", "libmariadb3"),
            ("libmysqlclient-dev", "default-libmysqlclient-dev"),
            ("libreadline6-dev", "libreadline-dev"),
            ("libreadline6", "libreadline8"),
            ("libssl1.0.0", "libssl3"),
            ("libicu52", "libicu72"),
            ("libicu-dev", "libicu-dev"),
            ("libpng12-0", "libpng16-16"),
            ("libcurl3", "libcurl4"),
            ("libcurl3-gnutls", "libcurl3-gnutls"),
            ("libcurl4-openssl-dev", "libcurl4-openssl-dev"),
            ("libmagickwand-dev", "libmagickwand-dev"),
            ("libmagickwand-6.q16-3", "libmagickwand-6.q16-6"),
            ("libevent-2.0-5", "libevent-2.1-7"),
            ("libjemalloc1", "libjemalloc2"),
            ("ttf-dejavu-core", "fonts-dejavu-core"),
            ("ttf-mscorefonts-installer", "ttf-mscorefonts-installer"),
            ("python-yaml", "python3-yaml"),
            ("python-pip", "python3-pip"),
            ("postgresql-client-9.3", "postgresql-client"),
            ("postgresql-contrib-9.2", "postgresql-contrib"),
            ("jwhois", "whois"),
            ("gcc-4.8", "gcc"),
            ("libheif1", "libheif1"),
        ] {
            assert_eq!(on(old, ("ubuntu", "14.04"), "bookworm"), new, "{old}");
        }
        assert_eq!(on("libicu60", ("ubuntu", "18.04"), "bullseye"), "libicu67");
        assert_eq!(on("libmysqlclient20", ("ubuntu", "18.04"), "bionic"), "libmysqlclient20");
    }

    #[test]
    fn rpm_names_on_debian() {
        for (old, new) in [
            ("openssl-devel", "libssl-dev"),
            ("postgresql93-devel", "libpq-dev"),
            ("postgresql96", "postgresql-client"),
            ("ImageMagick-devel", "libmagickwand-dev"),
            ("perl-JSON", "libjson-perl"),
            ("wget", "wget"),
            ("libicu", "libicu72"),
        ] {
            assert_eq!(on(old, ("centos", "7"), "bookworm"), new, "{old}");
        }
        assert_eq!(to_base("openssl-devel", &("amazon".into(), "2".into()), "rhel", "2"), "openssl-devel");
    }

    #[test]
    fn libraries_behind_dev_packages() {
        assert_eq!(needed("default-libmysqlclient-dev", "bookworm"), Some(vec!["libmariadb3".into()]));
        assert_eq!(needed("libicu-dev", "bullseye"), Some(vec!["libicu67".into()]));
        assert_eq!(needed("libssl-dev", "bookworm"), Some(Vec::new()));
        assert_eq!(needed("libstrange-dev", "bookworm"), None);
    }

    #[test]
    fn tables_are_sorted_without_doubles() {
        let mut names: Vec<&str> = FROM_RPM.iter().map(|(old, _)| *old).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        let mut names: Vec<&str> = NEEDED.iter().map(|(old, _)| *old).collect();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(!IN_LANGUAGES.iter().any(|name| NEEDED.iter().any(|(known, _)| known == name)));
    }
}
