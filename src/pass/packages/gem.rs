//! System packages that locked gems need: to build their extensions, and to run.
//!
//! `mysql2 (0.5.3)` in `Gemfile.lock` needs `default-libmysqlclient-dev` in the build stage and `libmariadb3` beside it.

use crate::blueprint::{Origin, Package};
use crate::pass::packages::rename;
use crate::project::Project;
use crate::read::gemfile_lock::{self, Lock, SourceKind};
use crate::read::version::GemVersion;
use crate::source::SourceMap;

/// Gem, packages for building, packages for running; before that version of the gem only, where one is given.
type Need = (&'static str, &'static [&'static str], &'static [&'static str], Option<&'static str>);

/// The table; names of Debian, `{icu}` for the release's number.
const NEEDS: &[Need] = &[
    ("charlock_holmes", &["libicu-dev", "zlib1g-dev"], &["libicu{icu}"], None),
    ("curb", &["libcurl4-openssl-dev"], &["libcurl{curl}"], None),
    ("eventmachine", &["libssl-dev"], &[], None),
    ("ethon", &[], &["libcurl{curl}"], None),
    ("ffi", &["libffi-dev"], &[], None),
    ("geos-extensions", &["libgeos-dev"], &["libgeos-c1v5"], None),
    ("grover", &[], &["chromium", "fonts-liberation"], None),
    ("icu4r", &["libicu-dev"], &["libicu{icu}"], None),
    ("idn-ruby", &["libidn11-dev"], &["libidn12"], None),
    ("libxml-ruby", &["libxml2-dev"], &["libxml2"], None),
    ("magic", &[], &["libmagic1"], None),
    ("memcached", &["libmemcached-dev", "libsasl2-dev"], &["libmemcached11", "libsasl2-2"], None),
    ("mimemagic", &[], &["shared-mime-info"], None),
    ("mini_magick", &[], &["imagemagick"], None),
    ("mini_exiftool", &[], &["libimage-exiftool-perl"], None),
    ("mysql", &["default-libmysqlclient-dev"], &["{mysql}"], None),
    ("mysql2", &["default-libmysqlclient-dev"], &["{mysql}"], None),
    ("nokogiri", &["libxml2-dev", "libxslt1-dev", "zlib1g-dev"], &["libxml2", "libxslt1.1"], Some("1.11")),
    ("pg", &["libpq-dev"], &["libpq5"], None),
    ("pdftoimage", &[], &["poppler-utils"], None),
    ("psych", &["libyaml-dev"], &["libyaml-0-2"], None),
    ("rgeo", &["libgeos-dev", "libproj-dev"], &["libgeos-c1v5", "libproj{proj}"], None),
    ("rmagick", &["libmagickwand-dev"], &["imagemagick", "libmagickwand-6.q16-{magick}"], None),
    ("ruby-filemagic", &["libmagic-dev"], &["libmagic1"], None),
    ("ruby-oci8", &[], &["libaio1"], None),
    ("ruby-odbc", &["unixodbc-dev"], &["unixodbc"], None),
    ("ruby-vips", &[], &["libvips{vips}"], None),
    ("rugged", &["cmake", "libssl-dev"], &[], None),
    ("snappy", &["libsnappy-dev"], &["libsnappy1v5"], None),
    ("sqlite3", &["libsqlite3-dev"], &["libsqlite3-0"], Some("1.5")),
    ("streamio-ffmpeg", &[], &["ffmpeg"], None),
    ("taglib-ruby", &["libtag1-dev"], &["libtag1v5"], None),
    ("tiny_tds", &["freetds-dev"], &["libsybdb5"], None),
    ("typhoeus", &[], &["libcurl{curl}"], None),
    ("webp-ffi", &["libjpeg-dev", "libpng-dev", "libtiff-dev", "libwebp-dev"], &["libwebp{webp}"], None),
    ("wkhtmltopdf-binary", &[], &["fontconfig", "libjpeg62-turbo", "libxext6", "libxrender1"], None),
    ("xapian-ruby", &["uuid-dev", "zlib1g-dev"], &[], None),
];

/// Gems that run JavaScript with the host's Node.js.
const JAVASCRIPT: &[&str] = &["execjs", "jsbundling-rails", "cssbundling-rails", "shakapacker", "vite_ruby", "webpacker", "react_on_rails"];

/// What a project's gems need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// For building.
    pub build: Vec<Package>,
    /// For running.
    pub runtime: Vec<Package>,
    /// The gem that runs JavaScript, with its place.
    pub javascript: Option<Origin>,
    /// A gem that comes from a repository, with its place.
    pub from_git: Option<Origin>,
    /// Gems that are locked, with their versions.
    pub locked: Vec<String>,
}

/// What the gems in `project`'s `Gemfile.lock` need on a Debian `release`.
#[must_use]
pub fn needs(project: &Project, sources: &SourceMap, release: &str) -> Needs {
    let mut needs = Needs::default();
    let Some(text) = project.text(sources, "Gemfile.lock") else { return needs };
    let (lock, _) = gemfile_lock::parse(text);
    let origin = |line: u32, what: String| Origin { location: project.place("Gemfile.lock", line), what };
    for spec in lock.specs() {
        let here = || origin(spec.line, format!("gem {} {}", spec.name, spec.version));
        if !needs.locked.contains(&spec.name) {
            needs.locked.push(spec.name.clone());
        }
        if needs.javascript.is_none() && JAVASCRIPT.contains(&spec.name.as_str()) && !runs_by_itself(&lock, &spec.name) {
            needs.javascript = Some(here());
        }
        let Some((_, build, runtime, before)) = NEEDS.iter().find(|(gem, ..)| *gem == spec.name) else { continue };
        if before.is_some_and(|before| !is_before(&spec.version, before)) {
            continue;
        }
        for name in *build {
            add(&mut needs.build, &of_release(name, release), here());
        }
        for name in *runtime {
            add(&mut needs.runtime, &rename::fill(name, release), here());
        }
    }
    if let Some(source) = lock.sources.iter().find(|source| source.kind == SourceKind::Git) {
        needs.from_git = Some(origin(source.line, {
            let remote = source.remotes.first().map_or("a repository", String::as_str);
            // The address may hold a login.
            format!("gem from {}", crate::secrecy::mark("LOGIN", remote, "in Gemfile.lock"))
        }));
    }
    let compilers = origin(1, "gems with extensions".to_owned());
    if !needs.locked.is_empty() {
        add(&mut needs.build, "build-essential", compilers.clone());
        add(&mut needs.build, "pkg-config", compilers);
    }
    if let Some(from) = &needs.from_git {
        add(&mut needs.build, "git", from.clone());
        add(&mut needs.build, "ca-certificates", from.clone());
    }
    needs
}

/// `mini_racer` brings an engine of its own.
fn runs_by_itself(lock: &Lock, gem: &str) -> bool {
    gem == "execjs" && lock.spec("mini_racer").is_some()
}

fn of_release(name: &str, release: &str) -> String {
    if release == "jessie" && name == "default-libmysqlclient-dev" { "libmysqlclient-dev".to_owned() } else { name.to_owned() }
}

fn is_before(version: &str, limit: &str) -> bool {
    match (version.parse::<GemVersion>(), limit.parse::<GemVersion>()) {
        (Ok(version), Ok(limit)) => version < limit,
        _ => false,
    }
}

/// Adds a package, or one more origin to it.
pub fn add(packages: &mut Vec<Package>, name: &str, origin: Origin) {
    match packages.iter_mut().find(|package| package.name == name) {
        Some(known) if !known.origin.contains(&origin) => known.origin.push(origin),
        Some(_) => {}
        None => packages.push(Package { name: name.to_owned(), version: None, renamed_from: None, origin: vec![origin] }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_locked_gems() {
        let mut sources = SourceMap::new();
        sources.add_text("Gemfile", "");
        sources.add_text(
            "Gemfile.lock",
            "GIT\n  remote: https://github.com/a/b.git\n  revision: 1\n  specs:\n    b (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    \
             mysql2 (0.5.3)\n    nokogiri (1.13.1)\n    charlock_holmes (0.7.7)\n    execjs (2.8.1)\n\nPLATFORMS\n  ruby\n",
        );
        let project = Project::read(&sources, "", "shop");
        let needs = needs(&project, &sources, "bullseye");
        let names = |list: &[Package]| list.iter().map(|package| package.name.clone()).collect::<Vec<_>>();
        assert_eq!(
            names(&needs.build),
            ["default-libmysqlclient-dev", "libicu-dev", "zlib1g-dev", "build-essential", "pkg-config", "git", "ca-certificates"]
        );
        assert_eq!(names(&needs.runtime), ["libmariadb3", "libicu67"]);
        assert_eq!(needs.runtime[0].origin[0].location.line, 10);
        assert!(needs.javascript.is_some());
    }

    #[test]
    fn the_table_has_no_doubles() {
        let mut gems: Vec<&str> = NEEDS.iter().map(|(gem, ..)| *gem).collect();
        gems.sort_unstable();
        let count = gems.len();
        gems.dedup();
        assert_eq!(gems.len(), count);
    }
}
