//! Which release of Debian a language's official image exists on.
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
    }
}
