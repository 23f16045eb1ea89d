//! Resources that install a language: custom resources of version managers, their commands, source archives, packages.
//!
//! `ruby_version '3.1.4'`, `execute 'rbenv install 3.1.4'` and `package 'ruby2.3'` all say which Ruby the hosts had.

use crate::graph::{Datum, Resource, Status};
use crate::pass::Input;
use crate::pass::base::release::Language;

/// One resource that installs a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    /// The item's number.
    pub item: usize,
    /// The language.
    pub language: Language,
    /// The version, where the resource says it.
    pub version: Option<String>,
    /// It names the version as its purpose; a package that happens to bring a language does not.
    pub explicit: bool,
}

/// Types of well-known and home-made cookbooks.
const KINDS: &[(&str, Language)] = &[
    ("chruby", Language::Ruby),
    ("chruby_ruby", Language::Ruby),
    ("rbenv", Language::Ruby),
    ("rbenv_global", Language::Ruby),
    ("rbenv_install", Language::Ruby),
    ("rbenv_plugin", Language::Ruby),
    ("rbenv_rehash", Language::Ruby),
    ("rbenv_ruby", Language::Ruby),
    ("rbenv_system_install", Language::Ruby),
    ("rbenv_user_install", Language::Ruby),
    ("ruby_build", Language::Ruby),
    ("ruby_build_definition", Language::Ruby),
    ("ruby_build_install", Language::Ruby),
    ("ruby_build_ruby", Language::Ruby),
    ("ruby_install", Language::Ruby),
    ("ruby_install_ruby", Language::Ruby),
    ("ruby_runtime", Language::Ruby),
    ("ruby_version", Language::Ruby),
    ("rvm_default_ruby", Language::Ruby),
    ("rvm_environment", Language::Ruby),
    ("rvm_ruby", Language::Ruby),
    ("javascript_runtime", Language::Node),
    ("node_install", Language::Node),
    ("node_version", Language::Node),
    ("nodejs_install", Language::Node),
    ("nodenv_install", Language::Node),
    ("nvm", Language::Node),
    ("nvm_alias_default", Language::Node),
    ("nvm_install", Language::Node),
    ("php_install", Language::Php),
    ("php_runtime", Language::Php),
    ("adoptopenjdk_install", Language::Java),
    ("corretto_install", Language::Java),
    ("java_ark", Language::Java),
    ("java_oracle_install", Language::Java),
    ("openjdk_install", Language::Java),
    ("openjdk_pkg_install", Language::Java),
    ("openjdk_source_install", Language::Java),
    ("temurin_package_install", Language::Java),
    ("pyenv_global", Language::Python),
    ("pyenv_install", Language::Python),
    ("pyenv_python", Language::Python),
    ("pyenv_system_install", Language::Python),
    ("pyenv_user_install", Language::Python),
    ("python_runtime", Language::Python),
];

/// Commands that install a language, before its version.
const COMMANDS: &[(&str, Language)] = &[
    ("ruby-build ", Language::Ruby),
    ("rbenv install ", Language::Ruby),
    ("rbenv global ", Language::Ruby),
    ("rbenv rehash", Language::Ruby),
    ("rvm install ", Language::Ruby),
    ("rvm use ", Language::Ruby),
    ("rvm --default use ", Language::Ruby),
    ("rvm alias create default ", Language::Ruby),
    ("get.rvm.io", Language::Ruby),
    ("ruby-install ", Language::Ruby),
    ("ruby-switch --set ", Language::Ruby),
    ("update-alternatives --set ruby ", Language::Ruby),
    ("update-alternatives --set gem ", Language::Ruby),
    ("nvm install ", Language::Node),
    ("nvm alias default ", Language::Node),
    ("nodenv install ", Language::Node),
    ("nodenv global ", Language::Node),
    ("deb.nodesource.com/setup_", Language::Node),
    ("rpm.nodesource.com/setup_", Language::Node),
    ("pyenv install ", Language::Python),
    ("pyenv global ", Language::Python),
];

/// File names and repositories of sources and tools.
const SOURCES: &[(&str, Language)] = &[
    ("cache.ruby-lang.org/pub/ruby", Language::Ruby),
    ("ftp.ruby-lang.org/pub/ruby", Language::Ruby),
    ("rbenv/ruby-build", Language::Ruby),
    ("sstephenson/ruby-build", Language::Ruby),
    ("sstephenson/rbenv", Language::Ruby),
    ("rbenv/rbenv", Language::Ruby),
    ("postmodern/ruby-install", Language::Ruby),
    ("postmodern/chruby", Language::Ruby),
    ("nodejs.org/dist", Language::Node),
    ("nvm-sh/nvm", Language::Node),
    ("creationix/nvm", Language::Node),
    ("deb.nodesource.com/setup_", Language::Node),
    ("rpm.nodesource.com/setup_", Language::Node),
    ("pyenv/pyenv", Language::Python),
];

/// All installs, in order of the items.
#[must_use]
pub fn all(input: &Input<'_>) -> Vec<Install> {
    input
        .items()
        .filter(|(number, _)| {
            input.occurrences(*number).any(|(_, resource)| matches!(resource.status, Status::Run | Status::Expanded | Status::Unknown))
        })
        .filter_map(|(item, resource)| {
            let (language, version, explicit) = of(resource)?;
            Some(Install { item, language, version, explicit })
        })
        .collect()
}

/// The language, version and purpose of a resource that installs one.
fn of(resource: &Resource) -> Option<(Language, Option<String>, bool)> {
    let kind = resource.kind.as_str();
    if let Some((_, language)) = KINDS.iter().find(|(known, _)| *known == kind) {
        return Some((*language, declared_version(resource), true));
    }
    match kind {
        "execute" | "bash" | "script" | "ruby_build_script" | "rbenv_script" | "rvm_shell" | "rvm_script" => {
            let text =
                resource.text(if kind == "execute" { "command" } else { "code" }).unwrap_or_else(|| resource.name.clone()).to_string();
            let (_, language, rest) = COMMANDS
                .iter()
                .chain(SOURCES)
                .filter_map(|(start, language)| text.split_once(start).map(|(before, rest)| (before.len(), *language, rest)))
                .min_by_key(|(at, _, _)| *at)?;
            Some((language, first_version(rest), true))
        }
        "remote_file" | "git" | "ark" | "tar_extract" => {
            let source = ["source", "repository", "url"].iter().find_map(|name| resource.get(name))?;
            let text = source.items().first().and_then(Datum::as_text)?.to_string();
            let (language, rest) = SOURCES.iter().find_map(|(part, language)| text.split_once(part).map(|(_, rest)| (*language, rest)))?;
            let file = rest.rsplit('/').next().unwrap_or(rest);
            // `node-v0.12.10-linux-x64.tar.gz`
            let inside = || file.split('-').find_map(|part| first_version(part.trim_start_matches('v')));
            Some((language, first_version(file).or_else(inside).filter(|_| kind != "git"), true))
        }
        "apt_repository" | "yum_repository" => {
            let text = ["uri", "baseurl"].iter().find_map(|name| resource.text(name))?.to_string();
            let (_, rest) = text.split_once("nodesource.com/node_").or_else(|| text.split_once("nodesource.com/pub_"))?;
            Some((Language::Node, first_version(rest), true))
        }
        _ if is_system_package(kind) => {
            let names = crate::pass::packages::request::names(resource);
            let found: Vec<(Language, Option<String>)> = names.iter().filter_map(|name| of_package(name)).collect();
            // A list with other packages in it is more than a language.
            let (language, version) = found.first()?.clone();
            (found.len() == names.len()).then_some((language, version, false))
        }
        _ => None,
    }
}

/// Types that install packages of the system.
#[must_use]
pub fn is_system_package(kind: &str) -> bool {
    matches!(kind, "package" | "apt_package" | "yum_package" | "dnf_package" | "zypper_package" | "apk_package" | "yum_pkg" | "apt_pkg")
}

/// The language that a system package is, with the version in its name: `ruby2.3-dev`, `php7.4-fpm`, `nodejs`, `openjdk-8-jdk`.
#[must_use]
pub fn of_package(name: &str) -> Option<(Language, Option<String>)> {
    let dotted = |digits: &str| -> Option<String> {
        let digits: String = digits.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let digits = digits.trim_end_matches('.');
        match digits.len() {
            0 => None,
            // `php56`, `ruby23`
            2 if !digits.contains('.') => Some(format!("{}.{}", &digits[..1], &digits[1..])),
            _ => Some(digits.to_owned()),
        }
    };
    let strip = |prefix: &str, ends: &[&str]| -> Option<Option<String>> {
        let rest = name.strip_prefix(prefix)?;
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        ends.contains(&&rest[digits.len()..]).then(|| dotted(&digits))
    };
    if let Some(version) = strip("ruby", &["", "-dev", "-devel", "-full", "-switch", "-irb", "-rdoc", "-ri", "-libs", "-bundler"]) {
        let version = version.map(|version| match version.as_str() {
            "1.9.1" | "1.9" => "1.9.3".to_owned(),
            _ => version,
        });
        return Some((Language::Ruby, version.filter(|version| version.contains('.'))));
    }
    if let Some(version) = strip("libruby", &["", "-dev"]) {
        return Some((Language::Ruby, version));
    }
    if matches!(
        name,
        "rubygems" | "rubygems-integration" | "bundler" | "rubygem-bundler" | "rubygem-rake" | "rake" | "rbenv" | "ruby-build"
    ) {
        return Some((Language::Ruby, None));
    }
    if matches!(name, "nodejs" | "nodejs-legacy" | "node" | "nodejs-dev" | "nodejs-devel") {
        return Some((Language::Node, None));
    }
    let extension = name.starts_with("php")
        && name[3..].chars().next().is_some_and(|c| c.is_ascii_digit())
        && name.contains('-')
        && !["-cli", "-fpm", "-common", "-cgi", "-dev", "-devel"].iter().any(|end| name.ends_with(end));
    if !extension {
        if let Some(version) = strip("php", &["", "-cli", "-fpm", "-common", "-cgi", "-dev", "-devel"]) {
            return Some((Language::Php, version.filter(|version| version.contains('.'))));
        }
    }
    if let Some(version) = strip("libapache2-mod-php", &[""]) {
        return Some((Language::Php, version.filter(|version| version.contains('.'))));
    }
    for start in ["openjdk-", "java-1.", "java-", "temurin-"] {
        if let Some(rest) = name.strip_prefix(start) {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            if !digits.is_empty() && (start != "java-" || rest.contains("jdk") || rest.contains("corretto")) {
                return Some((Language::Java, Some(digits)));
            }
        }
    }
    if let Some(rest) = name.strip_prefix("oracle-java") {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        return Some((Language::Java, (!digits.is_empty()).then_some(digits)));
    }
    matches!(name, "default-jdk" | "default-jre" | "default-jre-headless" | "default-jdk-headless").then_some((Language::Java, None))
}

/// The version in a custom resource's properties or name.
fn declared_version(resource: &Resource) -> Option<String> {
    ["version", "ruby_version", "ruby_string", "definition", "ruby", "python_version", "node_version"]
        .iter()
        .filter_map(|name| resource.known(name))
        .chain(resource.name.known().map(str::to_owned))
        .find_map(|text| version(&text))
}

/// A version alone: `3.1.4`, `ruby-2.3.1`, `v20`, `2.3.1-p112`.
fn version(text: &str) -> Option<String> {
    let text = text.trim();
    let text = ["ruby-", "node-", "php-", "v"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let rest = &text[digits.len()..];
    let digits = digits.trim_end_matches('.');
    let patch = rest.is_empty() || rest.starts_with('-') || rest.starts_with('@') || rest.starts_with('p') || rest.starts_with(['_', '/']);
    (!digits.is_empty() && patch && digits.len() < 12).then(|| digits.to_owned())
}

/// The first version in the words after a command.
fn first_version(rest: &str) -> Option<String> {
    let separators = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '|' | '&' | '/');
    for word in rest.split(separators).filter(|word| !word.is_empty()).take(6) {
        let word = word.trim_end_matches(".tar.gz").trim_end_matches(".tar.bz2").trim_end_matches(".tar.xz").trim_end_matches(".x");
        if let Some(found) = version(word).filter(|found| found.contains('.') || found.len() < 3) {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_that_are_a_language() {
        for (name, expected) in [
            ("ruby2.3-dev", Some((Language::Ruby, Some("2.3")))),
            ("ruby1.9.1", Some((Language::Ruby, Some("1.9.3")))),
            ("ruby23", Some((Language::Ruby, Some("2.3")))),
            ("ruby-full", Some((Language::Ruby, None))),
            ("php56", Some((Language::Php, Some("5.6")))),
            ("php7.4-fpm", Some((Language::Php, Some("7.4")))),
            ("php5", Some((Language::Php, None))),
            ("php5-mysql", None),
            ("openjdk-8-jdk", Some((Language::Java, Some("8")))),
            ("java-1.8.0-openjdk", Some((Language::Java, Some("8")))),
            ("nodejs", Some((Language::Node, None))),
            ("ruby-mysql2", None),
            ("rubber", None),
        ] {
            let expected = expected.map(|(language, version)| (language, version.map(str::to_owned)));
            assert_eq!(of_package(name), expected, "{name}");
        }
    }

    #[test]
    fn versions_in_words() {
        assert_eq!(version("ruby-2.3.1"), Some("2.3.1".into()));
        assert_eq!(version("2.3.1-p112"), Some("2.3.1".into()));
        assert_eq!(version("jruby-9"), None);
        assert_eq!(first_version("20.x | bash -"), Some("20".into()));
        assert_eq!(first_version("ruby-2.3.1.tar.gz"), Some("2.3.1".into()));
        assert_eq!(first_version("-v 3.1.4 /usr/local"), Some("3.1.4".into()));
    }

    #[test]
    fn tables_have_no_doubles() {
        let mut kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        let count = kinds.len();
        kinds.dedup();
        assert_eq!(kinds.len(), count);
    }
}
