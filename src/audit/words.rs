//! The words of a rule: its page, and the names of its category, effort, confidence and scope.
//!
//! `ekiben rule node-set` prints [`Rule::text`]: the `//!` lines of the rule's source without their marks.

use super::{Category, Confidence, Effort, RULES, Rule, Scope, Severity, UNUSED_ALLOW};

/// All rules that can be named, those about the comments too, in order of their codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    std::iter::once(&UNUSED_ALLOW).chain(RULES)
}

/// The rule of that code or name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name.eq_ignore_ascii_case(name) || rule.code.eq_ignore_ascii_case(name))
}

impl Rule {
    /// The page, as Markdown.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.page.lines().map_while(|line| line.strip_prefix("//!"));
        lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
    }
}

impl Category {
    /// All, in order of the codes.
    pub const ALL: [Self; 7] =
        [Self::Removed, Self::Container, Self::Security, Self::Correctness, Self::Reproducible, Self::EndOfLife, Self::OpsWorks];

    /// The word for filters and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Container => "container",
            Self::Security => "security",
            Self::Correctness => "correctness",
            Self::Reproducible => "reproducible",
            Self::EndOfLife => "eol",
            Self::OpsWorks => "opsworks",
        }
    }
}

impl Effort {
    /// The word for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Trivial => "trivial",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }
}

impl Confidence {
    /// The word for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Scope {
    /// The word for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Cookbook => "cookbook",
            Self::Repo => "repo",
        }
    }
}

impl Severity {
    /// The word for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_found_by_code_and_name_and_has_a_page() {
        assert_eq!(find("a101").map(|rule| rule.name), Some("node-set"));
        assert_eq!(find("unused-allow").map(|rule| rule.code), Some("A001"));
        for rule in all() {
            let text = rule.text();
            assert!(text.starts_with(&format!("# {}: ", rule.name)) && !text.contains("//!"), "{}", rule.name);
        }
    }
}
