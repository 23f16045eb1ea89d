//! Names of Debian's and Ubuntu's packages through the releases.
//!
//! `libmysqlclient20` is `libmariadb3` on Debian 12. `{icu}` in a name stands for the number that the library has on the release.
//! Sources: the releases' package indexes.

/// Old Debian and Ubuntu names with the ones of today.
const RENAMES: &[(&str, &str)] = &[
    ("ack-grep", "ack"),
    ("apache2-mpm-prefork", "apache2"),
    ("apache2-mpm-worker", "apache2"),
    ("apache2-prefork-dev", "apache2-dev"),
    ("apache2-threaded-dev", "apache2-dev"),
    ("chromium-browser", "chromium"),
    ("chromium-chromedriver", "chromium-driver"),
    ("dnsutils", "bind9-dnsutils"),
    ("firefox", "firefox-esr"),
    ("git-core", "git"),
    ("graphviz-dev", "libgraphviz-dev"),
    ("heirloom-mailx", "s-nail"),
    ("iceweasel", "firefox-esr"),
    ("jwhois", "whois"),
    ("libav-tools", "ffmpeg"),
    ("libavcodec-extra-53", "libavcodec-extra"),
    ("libavcodec-extra-54", "libavcodec-extra"),
    ("libdb4.8-dev", "libdb-dev"),
    ("libdb5.1-dev", "libdb-dev"),
    ("libfreetype6-dev", "libfreetype-dev"),
    ("libgd2-noxpm-dev", "libgd-dev"),
    ("libgd2-xpm-dev", "libgd-dev"),
    ("libgeoip-dev", "libmaxminddb-dev"),
    ("libgeos-c1", "libgeos-c1v5"),
    ("libgmp3-dev", "libgmp-dev"),
    ("libjpeg-turbo8-dev", "libjpeg-dev"),
    ("libjpeg62-dev", "libjpeg-dev"),
    ("libjpeg62-turbo-dev", "libjpeg-dev"),
    ("libjpeg8-dev", "libjpeg-dev"),
    ("libjpeg8", "libjpeg62-turbo"),
    ("libjpeg-turbo8", "libjpeg62-turbo"),
    ("libldap2-dev", "libldap-dev"),
    ("libmagick9-dev", "libmagickwand-dev"),
    ("libmysql-java", "libmariadb-java"),
    ("libmysqlclient-dev", "default-libmysqlclient-dev"),
    ("libmysqlclient15-dev", "default-libmysqlclient-dev"),
    ("libmysqlclient16-dev", "default-libmysqlclient-dev"),
    ("libncurses5-dev", "libncurses-dev"),
    ("libncursesw5-dev", "libncurses-dev"),
    ("libpam-dev", "libpam0g-dev"),
    ("libpcre3-dev", "libpcre2-dev"),
    ("libpng12-dev", "libpng-dev"),
    ("libpng3", "libpng16-16"),
    ("libqt4-dev", "libqt5webkit5-dev"),
    ("libqtwebkit-dev", "libqt5webkit5-dev"),
    ("libreadline-gplv2-dev", "libreadline-dev"),
    ("libreadline5-dev", "libreadline-dev"),
    ("libreadline6-dev", "libreadline-dev"),
    ("libssl1.0-dev", "libssl-dev"),
    ("libtiff4-dev", "libtiff-dev"),
    ("libtiff5-dev", "libtiff-dev"),
    ("libv8-dev", "libnode-dev"),
    ("libvips", "libvips{vips}"),
    ("libxslt-dev", "libxslt1-dev"),
    ("libzmq-dev", "libzmq3-dev"),
    ("mailutils-mh", "mailutils"),
    ("mailx", "bsd-mailx"),
    ("msttcorefonts", "ttf-mscorefonts-installer"),
    ("mysql-client", "default-mysql-client"),
    ("mysql-client-5.1", "default-mysql-client"),
    ("mysql-client-5.5", "default-mysql-client"),
    ("mysql-client-5.6", "default-mysql-client"),
    ("mysql-client-5.7", "default-mysql-client"),
    ("mysql-client-8.0", "default-mysql-client"),
    ("mysql-client-core-5.5", "default-mysql-client"),
    ("mysql-client-core-5.6", "default-mysql-client"),
    ("mysql-client-core-5.7", "default-mysql-client"),
    ("mysql-client-core-8.0", "default-mysql-client"),
    ("netcat", "netcat-openbsd"),
    ("node", "nodejs"),
    ("nodejs-legacy", "nodejs"),
    ("otf-ipafont", "fonts-ipafont"),
    ("p7zip", "7zip"),
    ("p7zip-full", "7zip"),
    ("pkgconf", "pkg-config"),
    ("python", "python3"),
    ("python-boto", "python3-boto3"),
    ("python-crypto", "python3-pycryptodome"),
    ("python-dev", "python3-dev"),
    ("python-imaging", "python3-pil"),
    ("python-mysqldb", "python3-mysqldb"),
    ("python-minimal", "python3-minimal"),
    ("python-software-properties", "software-properties-common"),
    ("python-virtualenv", "python3-venv"),
    ("python2.7", "python3"),
    ("python2.7-dev", "python3-dev"),
    ("qt5-default", "qtbase5-dev"),
    ("squid3", "squid"),
    ("ssmtp", "msmtp-mta"),
    ("telnet", "inetutils-telnet"),
    ("ttf-ipafont", "fonts-ipafont"),
    ("ttf-takao", "fonts-takao"),
    ("ttf-takao-gothic", "fonts-takao-gothic"),
    ("ttf-vlgothic", "fonts-vlgothic"),
    ("unrar", "unrar-free"),
    ("zlib-dev", "zlib1g-dev"),
];

/// Libraries whose package name has a number that changes from release to release: placeholder, beginnings of old names, and the
/// package's name with the placeholder.
const NUMBERED: &[(&[&str], &str)] = &[
    (&["libmysqlclient1", "libmysqlclient2", "libmariadbclient1"], "{mysql}"),
    (&["libicu"], "libicu{icu}"),
    (&["libssl0", "libssl1", "libssl3"], "libssl{ssl}"),
    (&["libffi"], "libffi{ffi}"),
    (&["libreadline"], "libreadline{readline}"),
    (&["libgdbm"], "libgdbm{gdbm}"),
    (&["libcurl3", "libcurl4"], "libcurl{curl}"),
    (&["libpng12-0", "libpng16-16"], "libpng16-16"),
    (&["libmagickwand5", "libmagickwand6", "libmagickwand-6.q16-"], "libmagickwand-6.q16-{magick}"),
    (&["libmagickcore5", "libmagickcore6", "libmagickcore-6.q16-"], "libmagickcore-6.q16-{magick}"),
    (&["libmemcached6", "libmemcached10", "libmemcached11"], "libmemcached11"),
    (&["libevent-1.4", "libevent-2.0-5", "libevent-2.1"], "libevent-2.1-{event}"),
    (&["libjemalloc1", "libjemalloc2"], "libjemalloc{jemalloc}"),
    (&["libproj0", "libproj9", "libproj1", "libproj2"], "libproj{proj}"),
    (&["libtiff4", "libtiff5", "libtiff6"], "libtiff{tiff}"),
    (&["libwebp5", "libwebp6", "libwebp7"], "libwebp{webp}"),
    (&["libvips42", "libvips38"], "libvips{vips}"),
    (&["libgeos-3"], "libgeos-c1v5"),
    (&["libldap-2"], "libldap-{ldap}"),
    (&["libncurses5", "libncurses6"], "libncurses{ncurses}"),
];

/// The numbers: release, then in the order of [`KEYS`].
const NUMBERS: &[(&str, [&str; 15])] = &[
    ("jessie", ["libmysqlclient18", "52", "1.0.0", "6", "6", "3", "3", "2", "2.0-5", "1", "0", "5", "5", "37", "2.4-2"]),
    ("stretch", ["libmariadbclient18", "57", "1.1", "6", "7", "3", "3", "3", "6", "1", "12", "5", "6", "42", "2.4-2"]),
    ("buster", ["libmariadb3", "63", "1.1", "6", "7", "6", "4", "6", "6", "2", "13", "5", "6", "42", "2.4-2"]),
    ("bullseye", ["libmariadb3", "67", "1.1", "7", "8", "6", "4", "6", "7", "2", "19", "5", "6", "42", "2.4-2"]),
    ("bookworm", ["libmariadb3", "72", "3", "8", "8", "6", "4", "6", "7", "2", "25", "6", "7", "42", "2.5-0"]),
    ("focal", ["libmysqlclient21", "66", "1.1", "7", "8", "6", "4", "6", "7", "2", "15", "5", "6", "42", "2.4-2"]),
    ("jammy", ["libmysqlclient21", "70", "3", "8", "8", "6", "4", "6", "7", "2", "22", "5", "7", "42", "2.5-0"]),
];

/// The order of the numbers.
const KEYS: [&str; 15] =
    ["mysql", "icu", "ssl", "ffi", "readline", "gdbm", "curl", "magick", "event", "jemalloc", "proj", "tiff", "webp", "vips", "ldap"];

/// Names that neither Debian 12 and later nor Ubuntu 24.04 and later has: `apt-get install` stops there. Others of [`RENAMES`] are only
/// gone from one of the two, or still there as a transitional package.
const GONE: &[&str] = &[
    "ack-grep",
    "apache2-mpm-prefork",
    "apache2-mpm-worker",
    "apache2-prefork-dev",
    "apache2-threaded-dev",
    "git-core",
    "heirloom-mailx",
    "libav-tools",
    "libcurl3",
    "libdb4.8-dev",
    "libgd2-noxpm-dev",
    "libgd2-xpm-dev",
    "libgmp3-dev",
    "libicu48",
    "libjpeg62-dev",
    "libmysql-java",
    "libmysqlclient15-dev",
    "libmysqlclient16-dev",
    "libpng12-0",
    "libpng12-dev",
    "libqt4-dev",
    "libreadline5-dev",
    "libreadline6-dev",
    "libssl0.9.8",
    "libssl1.0.0",
    "libv8-dev",
    "libxslt-dev",
    "libzmq-dev",
    "msttcorefonts",
    "phantomjs",
    "python-boto",
    "python-dev",
    "python-imaging",
    "python-mysqldb",
    "python-pip",
    "python-software-properties",
    "squid3",
    "ssmtp",
];

/// What stands in for a package that today's Debian and Ubuntu no longer have: `None` when they have it, `Some(None)` when nothing does.
#[must_use]
pub fn successor(name: &str) -> Option<Option<String>> {
    let font = name.starts_with("ttf-") && name != "ttf-mscorefonts-installer";
    if !font && !GONE.contains(&name) {
        return None;
    }
    Some(Some(on_debian(name, "bookworm")).filter(|new| new != name))
}

/// Those of [`GONE`] whose successor is the same thing under another name, and does not change its name with each release.
const SAME: &[&str] = &[
    "ack-grep",
    "apache2-mpm-prefork",
    "apache2-mpm-worker",
    "apache2-prefork-dev",
    "apache2-threaded-dev",
    "git-core",
    "libdb4.8-dev",
    "libgd2-noxpm-dev",
    "libgd2-xpm-dev",
    "libgmp3-dev",
    "libjpeg62-dev",
    "libmysqlclient15-dev",
    "libmysqlclient16-dev",
    "libpng12-dev",
    "libreadline5-dev",
    "libreadline6-dev",
    "libxslt-dev",
    "libzmq-dev",
    "msttcorefonts",
    "python-software-properties",
    "squid3",
    "ttf-dejavu",
    "ttf-dejavu-core",
    "ttf-dejavu-extra",
    "ttf-ipafont",
    "ttf-liberation",
    "ttf-opensymbol",
    "ttf-takao",
    "ttf-takao-gothic",
    "ttf-vlgothic",
    "ttf-wqy-microhei",
    "ttf-wqy-zenhei",
];

/// Whether the package of today that [`successor`] gives for `name` does what `name` did, so that nothing but the name has to change.
#[must_use]
pub fn is_same(name: &str) -> bool {
    SAME.contains(&name)
}

/// What Debian's `release` calls the package that some release of Debian or Ubuntu called `old`.
#[must_use]
pub fn on_debian(old: &str, release: &str) -> String {
    if let Some((_, new)) = NUMBERED.iter().find(|(starts, _)| !old.ends_with("-dev") && starts.iter().any(|start| is_numbered(old, start)))
    {
        return fill(new, release);
    }
    if let Some((_, new)) = RENAMES.iter().find(|(known, _)| *known == old) {
        return fill(&of_release(new, release), release);
    }
    if let Some(rest) = old.strip_prefix("ttf-").filter(|rest| *rest != "mscorefonts-installer") {
        return format!("fonts-{rest}");
    }
    if let Some(rest) = old.strip_prefix("python-").filter(|_| !matches!(release, "jessie" | "stretch" | "buster")) {
        return format!("python3-{rest}");
    }
    if let Some(rest) = old.strip_prefix("postgresql-client-").filter(|rest| is_version(rest)) {
        return if rest.is_empty() { old.to_owned() } else { "postgresql-client".to_owned() };
    }
    if old.strip_prefix("postgresql-contrib-").is_some_and(is_version) {
        return "postgresql-contrib".to_owned();
    }
    if old.strip_prefix("postgresql-server-dev-").is_some_and(is_version) {
        return "postgresql-server-dev-all".to_owned();
    }
    for compiler in ["gcc-", "g++-"] {
        if old.strip_prefix(compiler).is_some_and(is_version) {
            return compiler.trim_end_matches('-').to_owned();
        }
    }
    fill(&of_release(old, release), release)
}

/// Some of today's names did not exist on older releases.
fn of_release(name: &str, release: &str) -> String {
    let old = matches!(release, "jessie" | "stretch" | "buster" | "bullseye" | "focal");
    match name {
        "7zip" if old => "p7zip-full".to_owned(),
        "default-mysql-client" if release == "jessie" => "mysql-client".to_owned(),
        "libldap-dev" | "libldap2-dev" if old => "libldap2-dev".to_owned(),
        "bind9-dnsutils" if matches!(release, "jessie" | "stretch" | "buster") => "dnsutils".to_owned(),
        "libfreetype-dev" if matches!(release, "jessie" | "stretch" | "buster") => "libfreetype6-dev".to_owned(),
        "inetutils-telnet" if old => "telnet".to_owned(),
        other => other.to_owned(),
    }
}

/// `libicu52` starts with `libicu` and goes on with a number; `libicu-dev` does not.
fn is_numbered(name: &str, start: &str) -> bool {
    let Some(rest) = name.strip_prefix(start) else { return false };
    let whole = start.ends_with(|c: char| c.is_ascii_digit()) || start.ends_with('-');
    let number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    (whole && (rest.is_empty() || number(rest))) || (!rest.is_empty() && number(rest))
}

fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Puts the release's numbers into a name.
#[must_use]
pub fn fill(name: &str, release: &str) -> String {
    if !name.contains('{') {
        return name.to_owned();
    }
    let (_, numbers) = NUMBERS.iter().find(|(known, _)| *known == release).unwrap_or(&NUMBERS[4]);
    let mut out = name.replace("{ncurses}", if matches!(release, "jessie" | "stretch") { "5" } else { "6" });
    for (key, number) in KEYS.iter().zip(numbers) {
        out = out.replace(&format!("{{{key}}}"), number);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_gone() {
        assert_eq!(successor("git-core"), Some(Some("git".to_owned())));
        assert_eq!(successor("ttf-vlgothic"), Some(Some("fonts-vlgothic".to_owned())));
        assert_eq!(successor("phantomjs"), Some(None));
        assert_eq!(successor("ttf-mscorefonts-installer"), None);
        assert_eq!(successor("git"), None);
        let without: Vec<&&str> = GONE.iter().filter(|name| successor(name) == Some(None)).collect();
        assert_eq!(without, [&"phantomjs"]);
    }

    #[test]
    fn tables_have_no_doubles() {
        let mut names: Vec<&str> = RENAMES.iter().map(|(old, _)| *old).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
