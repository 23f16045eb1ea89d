//! Regular expressions of rules, compiled when first used.

use std::sync::OnceLock;

use fancy_regex::Regex;

/// A regular expression as a constant.
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Option<Regex>>,
    near: &'static str,
    compiled_near: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The pattern `source`; one that is malformed matches nothing.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self::near("", source)
    }

    /// The pattern `source`, which is only searched in lines that hold one of `words` (`md5|sha1`), in upper or lower case: every line that
    /// it matches must hold one. Many words are looked for at once, far quicker than a pattern that looks around itself.
    #[must_use]
    pub const fn near(words: &'static str, source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new(), near: words, compiled_near: OnceLock::new() }
    }

    /// The lines of `text` that it may match, with their numbers from 1.
    pub fn lines<'t>(&self, text: &'t str) -> Vec<(u32, &'t str)> {
        let all = || (1..).zip(text.lines());
        if self.near.is_empty() {
            return all().collect();
        }
        let regex = self.compiled_near.get_or_init(|| Regex::new(&format!("(?i:{})", self.near)).ok()).as_ref();
        debug_assert!(regex.is_some(), "malformed words {}", self.near);
        let Some(regex) = regex else { return all().collect() };
        let (mut found, mut line, mut at) = (Vec::new(), 1_u32, 0);
        while let Some(hit) = text.get(at..).and_then(|rest| regex.find(rest).ok().flatten()) {
            let hit = at + hit.start();
            let passed = text.get(at..hit).unwrap_or("");
            line = line.saturating_add(u32::try_from(passed.matches('\n').count()).unwrap_or(u32::MAX));
            let start = passed.rfind('\n').map_or(at, |last| at + last + 1);
            let end = text.get(hit..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| hit + end);
            let whole = text.get(start..end).unwrap_or("");
            found.push((line, whole.strip_suffix('\r').unwrap_or(whole)));
            line = line.saturating_add(1);
            at = end.saturating_add(1);
        }
        debug_assert!(
            all().filter(|(_, text)| self.matches(text)).all(|(line, _)| found.iter().any(|(found, _)| *found == line)),
            "{} matches lines without any of {}",
            self.source,
            self.near
        );
        found
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

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn lines_near_words_are_found_with_their_numbers() {
        static NEAR: Pattern = Pattern::near("md5|sha1", r"\bMD5\b");
        assert_eq!(NEAR.lines("a\nxMD5 md5\r\n\nSHA1"), [(2, "xMD5 md5"), (4, "SHA1")]);
        assert_eq!(NEAR.lines("md5\nmd5\n"), [(1, "md5"), (2, "md5")]);
        assert_eq!(NEAR.lines(""), []);
        static ALL: Pattern = Pattern::new("a");
        assert_eq!(ALL.lines("a\r\nb\n"), [(1, "a"), (2, "b")]);
    }
}
