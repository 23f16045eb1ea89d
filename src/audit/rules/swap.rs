//! # swap: Swap space
//!
//! Swap belongs to the node; swapon is not allowed in a container.
//!
//! Fix: Drop it and set memory requests and limits.
//!
//! ```ruby
//! swap_file '/swapfile' do   # finding
//!   size 2048
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A203",
    name: "swap",
    title: "Swap space",
    severity: Severity::Note,
    category: Category::Container,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("swap.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:swapon(?!\s*(?:$|[|>;&)`]|-s\b|--summary|--show))|swapoff|mkswap)(?=\s|$|[;&|)])"#,
);

static SIGNS: Signs = Signs { resources: &["swap_file"], paths: &[], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "swap belongs to the node", findings);
}
