//! Platforms: which image keeps a platform's packages, and which versions of languages its own packages have.
//!
//! `ubuntu 20.04` stays `ubuntu:20.04`; `centos 7`, whose mirrors are gone, becomes `debian:bookworm-slim`.

use crate::blueprint::Packager;
use crate::pass::base::release::Language;

/// An image of a platform, without a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// The image.
    pub image: String,
    /// Its package manager.
    pub packager: Packager,
    /// `debian` or `rhel`.
    pub family: &'static str,
    /// `bookworm`, `focal`, `2023`.
    pub release: String,
}

/// Ubuntu's releases: number, name.
const UBUNTU: &[(&str, &str)] = &[
    ("10.04", "lucid"),
    ("12.04", "precise"),
    ("14.04", "trusty"),
    ("16.04", "xenial"),
    ("18.04", "bionic"),
    ("20.04", "focal"),
    ("22.04", "jammy"),
    ("24.04", "noble"),
    ("26.04", "resolute"),
];

/// Debian's releases: number, name.
const DEBIAN: &[(&str, &str)] = &[
    ("6", "squeeze"),
    ("7", "wheezy"),
    ("8", "jessie"),
    ("9", "stretch"),
    ("10", "buster"),
    ("11", "bullseye"),
    ("12", "bookworm"),
    ("13", "trixie"),
];

/// The versions in a platform's own packages: platform, release, Ruby, Node.js, PHP, Java.
const OWN: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("ubuntu", "12.04", "1.9.3", "0.6", "5.3", "6"),
    ("ubuntu", "14.04", "1.9.3", "0.10", "5.5", "7"),
    ("ubuntu", "16.04", "2.3", "4", "7.0", "8"),
    ("ubuntu", "18.04", "2.5", "8", "7.2", "11"),
    ("ubuntu", "20.04", "2.7", "10", "7.4", "11"),
    ("ubuntu", "22.04", "3.0", "12", "8.1", "11"),
    ("ubuntu", "24.04", "3.2", "18", "8.3", "21"),
    ("debian", "8", "2.1", "0.10", "5.6", "7"),
    ("debian", "9", "2.3", "4", "7.0", "8"),
    ("debian", "10", "2.5", "10", "7.3", "11"),
    ("debian", "11", "2.7", "12", "7.4", "11"),
    ("debian", "12", "3.1", "18", "8.2", "17"),
    ("debian", "13", "3.3", "20", "8.4", "21"),
    ("centos", "6", "1.8.7", "", "5.3", "7"),
    ("centos", "7", "2.0", "", "5.4", "8"),
    ("centos", "8", "2.5", "10", "7.2", "8"),
    ("redhat", "7", "2.0", "", "5.4", "8"),
    ("redhat", "8", "2.5", "10", "7.2", "8"),
    ("amazon", "2", "2.0", "", "5.4", "8"),
    ("amazon", "2023", "3.2", "18", "8.2", "17"),
];

/// `14.04` of `14.04.5` on Ubuntu, `7` of `7.8.2003` on CentOS.
#[must_use]
pub fn line(platform: &str, version: &str) -> String {
    let count = if platform == "ubuntu" { 2 } else { 1 };
    version.split('.').take(count).collect::<Vec<_>>().join(".")
}

/// The code name of a platform's release.
#[must_use]
pub fn code_name(platform: &str, version: &str) -> Option<&'static str> {
    let line = line(platform, version);
    let table = match platform {
        "ubuntu" => UBUNTU,
        "debian" => DEBIAN,
        _ => return None,
    };
    table.iter().find(|(number, _)| *number == line).map(|(_, name)| *name)
}

/// Whether `name` is the code name of a release of Ubuntu or Debian.
#[must_use]
pub fn is_code_name(name: &str) -> bool {
    UBUNTU.iter().chain(DEBIAN).any(|(_, known)| *known == name)
}

/// Whether `name` is the code name of a release of Ubuntu.
#[must_use]
pub fn is_ubuntu(name: &str) -> bool {
    UBUNTU.iter().any(|(_, known)| *known == name)
}

/// `debian`, `rhel` or the platform itself.
#[must_use]
pub fn family(platform: &str) -> &'static str {
    match platform {
        "centos" | "redhat" | "amazon" | "rocky" | "almalinux" | "oracle" | "fedora" | "scientific" => "rhel",
        "windows" => "windows",
        "suse" | "opensuse" | "opensuseleap" => "suse",
        _ => "debian",
    }
}

/// The image that has a platform's packages under their names, as long as its repositories answer; Debian 12 otherwise.
#[must_use]
pub fn system(platform: &str, version: &str) -> System {
    let line = line(platform, version);
    let number: u32 = line.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    let rpm = |image: String, packager: Packager| System { image, packager, family: "rhel", release: line.clone() };
    match platform {
        "ubuntu" if number >= 18 && code_name(platform, version).is_some() => System {
            image: format!("ubuntu:{line}"),
            packager: Packager::Apt,
            family: "debian",
            release: code_name(platform, version).unwrap_or_default().to_owned(),
        },
        "debian" if matches!(number, 11..=13) => {
            let name = code_name(platform, version).unwrap_or_default();
            System { image: format!("debian:{name}-slim"), packager: Packager::Apt, family: "debian", release: name.to_owned() }
        }
        "amazon" if number == 2 => rpm("amazonlinux:2".to_owned(), Packager::Yum),
        "amazon" if matches!(number, 2022 | 2023) => rpm("amazonlinux:2023".to_owned(), Packager::Dnf),
        "centos" | "redhat" | "rocky" | "almalinux" | "oracle" if matches!(number, 8..=10) => {
            rpm(format!("almalinux:{number}"), Packager::Dnf)
        }
        "fedora" if number >= 40 => rpm(format!("fedora:{number}"), Packager::Dnf),
        _ => System { image: "debian:bookworm-slim".to_owned(), packager: Packager::Apt, family: "debian", release: "bookworm".to_owned() },
    }
}

/// The version of a language that a platform's own packages have.
#[must_use]
pub fn own_version(platform: &str, version: &str, language: Language) -> Option<&'static str> {
    let line = line(platform, version);
    let (_, _, ruby, node, php, java) = OWN.iter().find(|(known, number, ..)| *known == platform && *number == line)?;
    let found = match language {
        Language::Ruby => ruby,
        Language::Node => node,
        Language::Php => php,
        Language::Java => java,
        Language::Python => return None,
    };
    (!found.is_empty()).then_some(*found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_and_their_images() {
        for (platform, version, image, release) in [
            ("ubuntu", "20.04", "ubuntu:20.04", "focal"),
            ("ubuntu", "14.04", "debian:bookworm-slim", "bookworm"),
            ("debian", "11.6", "debian:bullseye-slim", "bullseye"),
            ("amazon", "2", "amazonlinux:2", "2"),
            ("amazon", "2018.03", "debian:bookworm-slim", "bookworm"),
            ("centos", "7.8.2003", "debian:bookworm-slim", "bookworm"),
            ("rocky", "8", "almalinux:8", "8"),
        ] {
            let found = system(platform, version);
            assert_eq!((found.image.as_str(), found.release.as_str()), (image, release), "{platform} {version}");
        }
    }

    #[test]
    fn own_versions() {
        assert_eq!(own_version("ubuntu", "16.04", Language::Ruby), Some("2.3"));
        assert_eq!(own_version("centos", "7.8.2003", Language::Php), Some("5.4"));
        assert_eq!(own_version("centos", "7.8.2003", Language::Node), None);
    }
}
