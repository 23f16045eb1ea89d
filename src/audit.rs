//! Reading a repository for what will break, leak or behave otherwise after the move; nothing is evaluated.
//!
//! In: the files under a root. Out: findings, such as `node-set` on `recipes/default.rb:3`. Every rule is a file of `src/audit/rules` whose
//! doc comment is its page. A comment `# ekiben: allow(rule)` takes a finding away (see [`allow`]).

pub mod allow;
pub mod command;
pub mod context;
pub mod cookbook;
pub mod credential;
pub mod entries;
pub mod examine;
pub mod fix;
pub mod installed;
pub mod notification;
pub mod pattern;
pub mod rendered;
pub mod rules;
pub mod setting;
pub mod shape;
pub mod signs;
pub mod visit;
pub mod words;
pub mod written;

pub use crate::diagnostic::Severity;
pub use context::{Context, File, Kind};
pub use rules::{RULES, UNUSED_ALLOW};

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// What newer Chef or Ruby no longer has.
    Removed,
    /// What has no place in a container.
    Container,
    /// Secrets and what lets anyone in.
    Security,
    /// What is wrong as it stands.
    Correctness,
    /// What makes two builds differ.
    Reproducible,
    /// What has reached its end of life.
    EndOfLife,
    /// What the `OpsWorks` service gave.
    OpsWorks,
}

/// The work that one finding takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// One line, as the page says.
    Trivial,
    /// A few lines in one file.
    Small,
    /// Several files, or a decision.
    Medium,
    /// A change of how the system is made.
    Large,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A person should look.
    Medium,
    /// It is so.
    High,
}

/// What a rule has to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One file (a few rules: the files that are given together).
    File,
    /// A whole cookbook: only where there is `metadata.rb`.
    Cookbook,
    /// Run lists, too: roles, nodes, a Policyfile, a stack.
    Repo,
}

/// A rule of the audit.
pub struct Rule {
    /// `A101`: stable, for filters and reports.
    pub code: &'static str,
    /// `node-set`: what `allow` names.
    pub name: &'static str,
    /// One line, for lists.
    pub title: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The work that one finding takes.
    pub effort: Effort,
    /// How sure a finding is.
    pub confidence: Confidence,
    /// What it has to see.
    pub scope: Scope,
    /// The version of Chef that said so first.
    pub since: Option<&'static str>,
    /// The version of Chef that no longer has it.
    pub removed: Option<&'static str>,
    /// What others call it: cops of Cookstyle, Foodcritic's rules, CWE.
    pub also: &'static [&'static str],
    /// The rule's own source, whose doc comment is the user's page.
    pub page: &'static str,
    /// Finds it in all files.
    pub check: fn(&Context, &mut Vec<Finding>),
    /// Mends it where a small exact edit can.
    pub fix: Option<fix::Fixer>,
    /// Its findings are secrets in clear text: nothing of their lines is shown, and all of them are to be made anew.
    pub secret: bool,
}

/// A place where a rule found something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, below the root.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// The rule's name.
    pub rule: &'static str,
    /// What was found, without any secret.
    pub message: String,
}

/// The findings of [`audit_as_of`] the day that the facts were last looked at.
#[must_use]
pub fn audit(sources: &crate::source::SourceMap, root: &str) -> Vec<Finding> {
    audit_as_of(sources, root, crate::facts::end::AS_OF)
}

/// The findings of all [`RULES`] in the files of `sources` under `root` (`""`: everywhere), by file and line; of several equal ones
/// on one line the first. Those that a comment allows are left out, and those in folders of tests. What has ended before `today` (`2026-11-21`) is past its end.
#[must_use]
pub fn audit_as_of(sources: &crate::source::SourceMap, root: &str, today: &str) -> Vec<Finding> {
    examine::examine(&Context { today, ..Context::new(sources, root) }).findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of the findings of `rule` in a repository of one file.
    pub(super) fn lines(path: &str, text: &str, rule: &str) -> Vec<u32> {
        let mut sources = crate::source::SourceMap::new();
        sources.add_text(path, text);
        audit(&sources, "").into_iter().filter(|finding| finding.rule == rule).map(|finding| finding.line).collect()
    }

    #[test]
    fn rules_stand_in_order_of_their_codes_and_names_are_unique() {
        assert!(RULES.windows(2).all(|pair| matches!(pair, [first, second] if first.code < second.code)));
        let names: std::collections::BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
    }

    #[test]
    fn ends_are_seen_from_the_day_that_is_given() {
        let mut sources = crate::source::SourceMap::new();
        sources.add_text("kitchen.yml", "platforms:\n  - name: ubuntu-22.04\n");
        assert!(audit(&sources, "").is_empty());
        assert!(matches!(audit_as_of(&sources, "", "2027-06-01").as_slice(), [finding] if finding.rule == "eol-os"));
    }

    #[test]
    fn only_files_under_the_root_are_looked_at() {
        let mut sources = crate::source::SourceMap::new();
        sources.add_text("a/recipes/default.rb", "node.set['x'] = 1\n");
        sources.add_text("ab/recipes/default.rb", "node.set['x'] = 1\n");
        let found: Vec<String> = audit(&sources, "a").into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["recipes/default.rb"]);
    }
}
