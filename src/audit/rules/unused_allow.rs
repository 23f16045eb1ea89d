//! # unused-allow: A comment that allows nothing
//!
//! `# ekiben: allow(rule)` takes a finding of `rule` away: at the end of a line those of that line, alone on a line those of the next.
//! Where the rule finds nothing there, the comment is left over from code that has changed, stands in the wrong place, or names a rule
//! that does not exist; it would hide the next fault of that kind.
//!
//! ```ruby
//! # ekiben: allow(node-set) the old hosts need it
//! node.default['shop']['port'] = 3000   # finding: take the comment out
//! ```

use crate::audit::{Category, Confidence, Effort, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A001",
    name: "unused-allow",
    title: "A comment that allows nothing",
    severity: Severity::Note,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("unused_allow.rs"),
    fix: None,
    secret: false,
    // What is unused shows only after all other rules have run: `examine` finds it.
    check: |_, _| {},
};
