//! Which release of Debian a language's official image exists on, and when languages and distributions stop being kept.
//!
//! `ruby 3.1.2` gives `bullseye`: images on bookworm begin with 3.1.4. Source: the official images' published tags.

/// For one line of versions: releases, newest first, each with the first patch (or minor) version that has images on it.
type Line = (&'static str, &'static [(&'static str, u32)]);

/// Ruby, by `major.minor`; the number is the patch version.
const RUBY: &[Line] = &[
    ("3.2", &[("bookworm", 2), ("bullseye", 0)]),
    ("3.1", &[("bookworm", 4), ("bullseye", 0)]),
    ("3.0", &[("bookworm", 6), ("bullseye", 2), ("buster", 0)]),
    ("2.7", &[("bullseye", 4), ("buster", 0)]),
    ("2.6", &[("bullseye", 8), ("buster", 3), ("stretch", 0)]),
    ("2.5", &[("buster", 5), ("stretch", 0)]),
    ("2.4", &[("buster", 6), ("stretch", 2), ("jessie", 0)]),
    ("2.3", &[("stretch", 5), ("jessie", 0)]),
    ("2.2", &[("jessie", 0)]),
    ("2.1", &[("jessie", 0)]),
    ("2.0", &[("jessie", 0)]),
    ("1.9", &[("jessie", 0)]),
];

/// Node.js, by major version; the number is the minor version.
const NODE: &[Line] = &[
    ("20", &[("bookworm", 4), ("bullseye", 0)]),
    ("18", &[("bookworm", 17), ("bullseye", 0)]),
    ("16", &[("bullseye", 7), ("buster", 0)]),
    ("14", &[("bullseye", 18), ("buster", 0)]),
    ("12", &[("buster", 5), ("stretch", 0)]),
    ("10", &[("buster", 17), ("stretch", 0)]),
    ("8", &[("buster", 17), ("stretch", 10), ("jessie", 0)]),
    ("6", &[("stretch", 12), ("jessie", 0)]),
    ("5", &[("jessie", 0)]),
    ("4", &[("jessie", 0)]),
    ("0", &[("jessie", 0)]),
];

/// PHP, by `major.minor`; the number is the patch version.
const PHP: &[Line] = &[
    ("8.1", &[("bookworm", 20), ("bullseye", 0)]),
    ("8.0", &[("bullseye", 9), ("buster", 0)]),
    ("7.4", &[("bullseye", 23), ("buster", 0)]),
    ("7.3", &[("buster", 6), ("stretch", 0)]),
    ("7.2", &[("buster", 19), ("stretch", 0)]),
    ("7.1", &[("buster", 30), ("stretch", 7), ("jessie", 0)]),
    ("7.0", &[("stretch", 20), ("jessie", 0)]),
    ("5.6", &[("stretch", 31), ("jessie", 0)]),
    ("5.5", &[("jessie", 0)]),
    ("5.4", &[("jessie", 0)]),
    ("5.3", &[("jessie", 0)]),
];

/// Python, by `major.minor`; the number is the patch version.
const PYTHON: &[Line] = &[
    ("3.7", &[("bookworm", 17), ("bullseye", 12), ("buster", 0)]),
    ("3.6", &[("bullseye", 15), ("buster", 0)]),
    ("3.5", &[("buster", 8), ("stretch", 0)]),
    ("2.7", &[("buster", 17), ("stretch", 0)]),
];

/// The newest release that all later versions have images on.
pub const DEFAULT: &str = "bookworm";

/// When versions stop (or stopped) being kept: language, line, month.
const ENDS: &[(&str, &str, &str)] = &[
    ("Ruby", "1.9", "2015-02"),
    ("Ruby", "2.0", "2016-02"),
    ("Ruby", "2.1", "2017-03"),
    ("Ruby", "2.2", "2018-03"),
    ("Ruby", "2.3", "2019-03"),
    ("Ruby", "2.4", "2020-03"),
    ("Ruby", "2.5", "2021-03"),
    ("Ruby", "2.6", "2022-03"),
    ("Ruby", "2.7", "2023-03"),
    ("Ruby", "3.0", "2024-04"),
    ("Ruby", "3.1", "2025-03"),
    ("Ruby", "3.2", "2026-03"),
    ("Node.js", "0", "2016-12"),
    ("Node.js", "4", "2018-04"),
    ("Node.js", "5", "2016-06"),
    ("Node.js", "6", "2019-04"),
    ("Node.js", "8", "2019-12"),
    ("Node.js", "10", "2021-04"),
    ("Node.js", "12", "2022-04"),
    ("Node.js", "14", "2023-04"),
    ("Node.js", "16", "2023-09"),
    ("Node.js", "18", "2025-04"),
    ("Node.js", "20", "2026-04"),
    ("PHP", "5.3", "2014-08"),
    ("PHP", "5.4", "2015-09"),
    ("PHP", "5.5", "2016-07"),
    ("PHP", "5.6", "2018-12"),
    ("PHP", "7.0", "2019-01"),
    ("PHP", "7.1", "2019-12"),
    ("PHP", "7.2", "2020-11"),
    ("PHP", "7.3", "2021-12"),
    ("PHP", "7.4", "2022-11"),
    ("PHP", "8.0", "2023-11"),
    ("PHP", "8.1", "2025-12"),
    ("PHP", "8.2", "2026-12"),
    ("Python", "2.7", "2020-01"),
    ("Python", "3.5", "2020-09"),
    ("Python", "3.6", "2021-12"),
    ("Python", "3.7", "2023-06"),
    ("Python", "3.8", "2024-10"),
    ("Python", "3.9", "2025-10"),
    ("ubuntu", "12.04", "2017-04"),
    ("ubuntu", "14.04", "2019-04"),
    ("ubuntu", "16.04", "2021-04"),
    ("ubuntu", "18.04", "2023-05"),
    ("ubuntu", "20.04", "2025-05"),
    ("ubuntu", "22.04", "2027-04"),
    ("debian", "7", "2018-05"),
    ("debian", "8", "2020-06"),
    ("debian", "9", "2022-07"),
    ("debian", "10", "2024-06"),
    ("debian", "11", "2026-08"),
    ("amazon", "2", "2026-06"),
    ("centos", "5", "2017-03"),
    ("centos", "6", "2020-11"),
    ("centos", "7", "2024-06"),
    ("centos", "8", "2021-12"),
    ("redhat", "6", "2020-11"),
    ("redhat", "7", "2024-06"),
];

/// Dates before this one are in the past.
const TODAY: &str = "2026-11";

/// Which language's images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Ruby.
    Ruby,
    /// Node.js.
    Node,
    /// PHP.
    Php,
    /// Java.
    Java,
    /// Python.
    Python,
}

impl Language {
    /// The language's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ruby => "Ruby",
            Self::Node => "Node.js",
            Self::Php => "PHP",
            Self::Java => "Java",
            Self::Python => "Python",
        }
    }

    fn table(self) -> &'static [Line] {
        match self {
            Self::Ruby => RUBY,
            Self::Node => NODE,
            Self::Php => PHP,
            Self::Python => PYTHON,
            Self::Java => &[],
        }
    }

    /// `3.1` of `3.1.4`; the major number alone for Node.js.
    #[must_use]
    pub fn line(self, version: &str) -> String {
        let count = if matches!(self, Self::Node | Self::Java) { 1 } else { 2 };
        version.split('.').take(count).collect::<Vec<_>>().join(".")
    }
}

/// The newest Debian release, bookworm at the most, that has an image of `version`. A line without patch number counts as its last.
#[must_use]
pub fn of(language: Language, version: &str) -> &'static str {
    let line = language.line(version);
    let parts: Vec<&str> = version.split('.').collect();
    let patch = parts.get(line.split('.').count()).and_then(|part| part.parse::<u32>().ok()).unwrap_or(u32::MAX);
    let Some((_, releases)) = language.table().iter().find(|(known, _)| *known == line) else { return DEFAULT };
    releases.iter().find(|(_, first)| patch >= *first).map_or(DEFAULT, |(release, _)| release)
}

/// A sentence on the end of a version's life, when that is known and past.
#[must_use]
pub fn ended(subject: &str, line: &str) -> Option<String> {
    let (_, _, date) = ENDS.iter().find(|(known, version, _)| *known == subject && *version == line)?;
    (*date < TODAY).then(|| format!("{subject} {line} has had no updates since {date}: plan a newer one"))
}

/// Releases of Debian whose packages have moved to the archive.
#[must_use]
pub fn is_archived(release: &str) -> bool {
    matches!(release, "wheezy" | "jessie" | "stretch" | "buster")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_by_patch_version() {
        for (language, version, release) in [
            (Language::Ruby, "3.1.4", "bookworm"),
            (Language::Ruby, "3.1.2", "bullseye"),
            (Language::Ruby, "2.7", "bullseye"),
            (Language::Ruby, "2.3.1", "jessie"),
            (Language::Ruby, "3.4.1", "bookworm"),
            (Language::Node, "20", "bookworm"),
            (Language::Node, "20.1.0", "bullseye"),
            (Language::Php, "7.4", "bullseye"),
        ] {
            assert_eq!(of(language, version), release, "{version}");
        }
    }

    #[test]
    fn tables_have_no_doubles() {
        for table in [RUBY, NODE, PHP, PYTHON] {
            let mut lines: Vec<&str> = table.iter().map(|(line, _)| *line).collect();
            lines.sort_unstable();
            let count = lines.len();
            lines.dedup();
            assert_eq!(lines.len(), count);
            // Every line has an image for its first patch version.
            assert!(table.iter().all(|(_, releases)| releases.last().is_some_and(|(_, first)| *first == 0)));
        }
        let mut ends: Vec<(&str, &str)> = ENDS.iter().map(|(subject, line, _)| (*subject, *line)).collect();
        ends.sort_unstable();
        let count = ends.len();
        ends.dedup();
        assert_eq!(ends.len(), count);
    }

    #[test]
    fn ends_of_life() {
        assert!(ended("Ruby", "3.1").is_some_and(|note| note.contains("2025-03")));
        assert_eq!(ended("PHP", "8.2"), None);
        assert_eq!(ended("Ruby", "9.9"), None);
    }
}
