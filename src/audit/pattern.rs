//! Regular expressions of rules, compiled when first used.

use std::sync::OnceLock;

use fancy_regex::Regex;

/// A regular expression as a constant.
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The pattern `source`; one that is malformed matches nothing.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    fn regex(&self) -> Option<&Regex> {
        let compiled = self.compiled.get_or_init(|| Regex::new(self.source).ok()).as_ref();
        debug_assert!(compiled.is_some(), "malformed pattern {}", self.source);
        compiled
    }

    /// Whether it is found in `text`. A search that is given up counts as not found.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text).unwrap_or(false))
    }

    /// The first of two groups that took part in each match in `text` (the whole match where there is no group), with its place.
    #[must_use]
    pub fn all<'t>(&self, text: &'t str) -> Vec<(usize, &'t str)> {
        let Some(regex) = self.regex() else { return Vec::new() };
        let captures = regex.captures_iter(text).map_while(Result::ok);
        captures
            .filter_map(|found| found.get(1).or_else(|| found.get(2)).or_else(|| found.get(0)).map(|group| (group.start(), group.as_str())))
            .collect()
    }
}
