//! The base image: by the project's language, what the cookbooks install of it, and the platform of the hosts.
//!
//! In: the runs and the project. Out: [`BaseChoice`]: `ruby:3.1.4-slim-bookworm` for a project with `.ruby-version` 3.1.4.

pub mod install;
pub mod platform;
pub mod release;

use crate::blueprint::{Origin, Packager, Runtime};
use crate::facts::end;
use crate::pass::Input;
use crate::pass::input::at;
use crate::project::{self, Project};
use install::Install;
use release::Language;

/// The base of an image, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseChoice {
    /// The image with its tag.
    pub image: String,
    /// Its package manager.
    pub packager: Packager,
    /// `debian` or `rhel`: whose package names it has.
    pub family: String,
    /// The release's name: `bookworm`, `focal`, `2023`.
    pub release: String,
    /// The language it brings.
    pub runtime: Runtime,
    /// What a reader should know: ends of support, versions that differ.
    pub notes: Vec<String>,
    /// What it was chosen by.
    pub origin: Vec<Origin>,
    /// The items that installed the language on the hosts: the image stands for them.
    pub installs: Vec<usize>,
    /// The platform of the hosts: name and version.
    pub platform: (String, String),
}

impl BaseChoice {
    /// The language it brings, if it is one that projects are written in.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        match &self.runtime {
            Runtime::Ruby(_) => Some(Language::Ruby),
            Runtime::Node(_) => Some(Language::Node),
            Runtime::Php(_) => Some(Language::Php),
            Runtime::Java(_) => Some(Language::Java),
            Runtime::Python(_) => Some(Language::Python),
            Runtime::System | Runtime::Daemon(_) => None,
        }
    }

    /// Whether package names of the hosts' platform have to be changed into another family's.
    #[must_use]
    pub fn changes_family(&self) -> bool {
        platform::family(&self.platform.0) != self.family
    }
}

/// What is known of the version, and from where.
struct Version {
    text: String,
    origin: Vec<Origin>,
    notes: Vec<String>,
}

/// Chooses the base for `project` (or for what the cookbooks install, where there is none) on hosts of `platform` (name, version).
#[must_use]
pub fn choose(input: &Input<'_>, project: Option<&Project>, platform: &(String, String)) -> BaseChoice {
    let installs = install::all(input);
    let language = project.and_then(of_project).or_else(|| of_apps(input)).or_else(|| of_installs(&installs));
    let Some(language) = language else { return system(platform) };
    let version = version(input, project, language, &installs, platform);
    let mut choice = of_language(language, &version.text, platform);
    choice.origin = version.origin;
    choice.notes.splice(0..0, version.notes);
    choice.installs = installs.iter().filter(|install| install.language == language).map(|install| install.item).collect();
    choice
}

fn of_project(project: &Project) -> Option<Language> {
    match project.language {
        project::Language::Ruby => Some(Language::Ruby),
        project::Language::Node => Some(Language::Node),
        project::Language::Php => Some(Language::Php),
        project::Language::Other => None,
    }
}

/// The kind of the first app that is bound to a language.
fn of_apps(input: &Input<'_>) -> Option<Language> {
    (0..input.graph.environments.len()).flat_map(|number| input.apps(number)).find_map(|app| match app.kind.as_str() {
        "rails" => Some(Language::Ruby),
        "nodejs" => Some(Language::Node),
        "php" => Some(Language::Php),
        "java" => Some(Language::Java),
        _ => None,
    })
}

/// Installing a version on purpose says more than a package that brings a language.
fn of_installs(installs: &[Install]) -> Option<Language> {
    let order = [Language::Ruby, Language::Php, Language::Node, Language::Java, Language::Python];
    let first = |explicit: bool| {
        order.into_iter().find(|language| installs.iter().any(|install| install.language == *language && install.explicit == explicit))
    };
    first(true).or_else(|| first(false))
}

/// A sentence on the end of a version's life, when that is known and past.
fn ended(subject: &str, line: &str) -> Option<String> {
    end::ended(subject, line, end::AS_OF).map(|date| format!("{subject} {line} has had no updates since {date}: plan a newer one"))
}

fn system(platform: &(String, String)) -> BaseChoice {
    let found = platform::system(&platform.0, &platform.1);
    let mut notes: Vec<String> = Vec::new();
    let line = platform::line(&platform.0, &platform.1);
    let moved = found.image == "debian:bookworm-slim" && platform.0 != "debian";
    if moved && !platform.0.is_empty() {
        notes.push(format!("{} {line} is not kept any more; packages have Debian 12's names", platform.0));
    } else {
        notes.extend(ended(&platform.0, &line));
    }
    if platform.0 == "windows" {
        notes = vec!["the hosts were Windows: nothing of them is converted".to_owned()];
    }
    BaseChoice {
        image: found.image,
        packager: found.packager,
        family: found.family.to_owned(),
        release: found.release,
        runtime: Runtime::System,
        notes,
        origin: Vec::new(),
        installs: Vec::new(),
        platform: platform.clone(),
    }
}

fn of_language(language: Language, version: &str, platform: &(String, String)) -> BaseChoice {
    let release = release::of(language, version);
    let tagged = |name: &str, end: &str| {
        // Images of those days had no release in their tags.
        if release == "jessie" { format!("{name}:{version}{end}") } else { format!("{name}:{version}{end}-{release}") }
    };
    let (image, release, runtime) = match language {
        Language::Ruby => (tagged("ruby", "-slim"), release, Runtime::Ruby(version.to_owned())),
        Language::Node if release == "jessie" => (format!("node:{version}-slim"), release, Runtime::Node(version.to_owned())),
        Language::Node => (format!("node:{version}-{release}-slim"), release, Runtime::Node(version.to_owned())),
        Language::Php => (tagged("php", "-apache"), release, Runtime::Php(version.to_owned())),
        Language::Python => (tagged("python", "-slim"), release, Runtime::Python(version.to_owned())),
        Language::Java => (format!("eclipse-temurin:{version}-jdk-jammy"), "jammy", Runtime::Java(version.to_owned())),
    };
    let mut notes: Vec<String> = ended(language.name(), &language.line(version)).into_iter().collect();
    if release::is_archived(release) {
        notes.push(format!("Debian {release} is in the archive: apt reads archive.debian.org, which gets no security updates"));
    } else if release == "bullseye" {
        notes.extend(ended("debian", "11").map(|_| "Debian 11 has had no security updates since 2026-08".to_owned()));
    }
    BaseChoice {
        image,
        packager: Packager::Apt,
        family: "debian".to_owned(),
        release: release.to_owned(),
        runtime,
        notes,
        origin: Vec::new(),
        installs: Vec::new(),
        platform: platform.clone(),
    }
}

/// The project's version holds, for Bundler and npm insist on it; the hosts' is taken where it is the same but more exact.
fn version(input: &Input<'_>, project: Option<&Project>, language: Language, installs: &[Install], platform: &(String, String)) -> Version {
    let pinned = project.filter(|project| of_project(project) == Some(language)).and_then(|project| project.version.clone());
    let mine = || installs.iter().filter(|install| install.language == language && install.version.is_some());
    let hosts = |wanted: &str| {
        mine().find(|install| install.version.as_deref().is_some_and(|known| known == wanted || known.starts_with(&format!("{wanted}."))))
    };
    let origin = |install: &Install| input.origin(install.item).into_iter().collect::<Vec<_>>();
    if let Some((wanted, location)) = pinned {
        let mut from = at(Some(location), &format!("{} {wanted}", language.name()));
        if let Some(install) = hosts(&wanted) {
            from.extend(origin(install));
            return Version { text: install.version.clone().unwrap_or(wanted), origin: from, notes: Vec::new() };
        }
        let notes = mine()
            .max_by_key(|install| install.explicit)
            .and_then(|install| install.version.as_ref())
            .map(|other| format!("the hosts had {} {other}, the project asks for {wanted}: the project's is taken", language.name()))
            .into_iter()
            .collect();
        return Version { text: wanted, origin: from, notes };
    }
    // Of several, the last one on purpose is what is in use: cookbooks install old ones before new ones.
    if let Some(install) = mine().rfind(|install| install.explicit).or_else(|| mine().next()) {
        let text = full(language, install.version.as_deref().unwrap_or_default());
        return Version { text, origin: origin(install), notes: Vec::new() };
    }
    let place: Vec<Origin> = installs.iter().find(|install| install.language == language).map(origin).unwrap_or_default();
    if !place.is_empty() {
        if let Some(own) = platform::own_version(&platform.0, &platform.1, language) {
            let notes = vec![format!("{} {own} is what {} {} has as its own package", language.name(), platform.0, platform.1)];
            return Version { text: own.to_owned(), origin: place, notes };
        }
    }
    let text = project.and_then(by_framework).unwrap_or(match language {
        Language::Ruby => "3.3",
        Language::Node => "22",
        Language::Php => "8.3",
        Language::Java => "17",
        Language::Python => "3.12",
    });
    let notes = vec![format!("nothing says which version of {} the hosts had: {text} is assumed", language.name())];
    Version { text: text.to_owned(), origin: place, notes }
}

/// A version that images have: not `7` for PHP.
fn full(language: Language, version: &str) -> String {
    match (language, version) {
        (Language::Php, "5") => "5.6".to_owned(),
        (Language::Php, "7") => "7.4".to_owned(),
        (Language::Php, "8") => "8.3".to_owned(),
        (Language::Ruby, "1.9") => "1.9.3".to_owned(),
        _ => version.to_owned(),
    }
}

/// The newest Ruby that the locked Rails runs on.
fn by_framework(project: &Project) -> Option<&'static str> {
    let rails = project.libraries.get("rails").or_else(|| project.libraries.get("railties"))?;
    let line: Vec<&str> = rails.split('.').take(2).collect();
    Some(match line.join(".").as_str() {
        "3.0" | "3.1" | "3.2" | "4.0" => "2.3",
        "4.1" | "4.2" => "2.4",
        "5.0" | "5.1" => "2.5",
        "5.2" | "6.0" => "2.7",
        "6.1" => "3.0",
        "7.0" => "3.2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::packages::example::{Example, resource};

    fn ubuntu() -> (String, String) {
        ("ubuntu".to_owned(), "18.04".to_owned())
    }

    #[test]
    fn a_version_that_the_cookbooks_install() {
        let example = Example::new(vec![resource("ruby_version", "3.1.4"), resource("package", "nginx")]);
        let choice = example.with(|input| choose(input, None, &ubuntu()));
        assert_eq!(choice.image, "ruby:3.1.4-slim-bookworm");
        assert_eq!(choice.installs, [0]);
        assert_eq!(choice.runtime, Runtime::Ruby("3.1.4".into()));
        assert!(choice.notes[0].contains("2025-03"));
    }

    #[test]
    fn the_project_decides() {
        let example = Example::new(vec![resource("package", "ruby2.3")]);
        let mut project = Example::project();
        project.language = project::Language::Ruby;
        project.version = Some(("2.7.4".into(), crate::source::Location { path: ".ruby-version".into(), line: 1, column: 1 }));
        let choice = example.with(|input| choose(input, Some(&project), &ubuntu()));
        assert_eq!(choice.image, "ruby:2.7.4-slim-bullseye");
        assert!(choice.notes[0].contains("the hosts had Ruby 2.3"));
    }

    #[test]
    fn no_language_keeps_the_platform() {
        let example = Example::new(vec![resource("package", "haproxy")]);
        let choice = example.with(|input| choose(input, None, &("ubuntu".into(), "20.04".into())));
        assert_eq!((choice.image.as_str(), choice.runtime), ("ubuntu:20.04", Runtime::System));
        let choice = example.with(|input| choose(input, None, &("centos".into(), "7.8.2003".into())));
        assert_eq!(choice.image, "debian:bookworm-slim");
        assert!(choice.changes_family());
    }

    #[test]
    fn a_platforms_own_package_has_its_version() {
        let example = Example::new(vec![resource("package", "php5")]);
        let choice = example.with(|input| choose(input, None, &("ubuntu".into(), "14.04".into())));
        assert_eq!(choice.image, "php:5.5-apache");
    }
}
