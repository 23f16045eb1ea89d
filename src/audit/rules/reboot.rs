//! # reboot: Rebooting the machine
//!
//! Meaningless in a container and fatal in a build.
//!
//! Fix: Drop.
//!
//! ```ruby
//! reboot 'now' do   # finding
//!   action :request_reboot
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A219",
    name: "reboot",
    title: "Rebooting the machine",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("reboot.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:reboot)(?=\s|$|[;&|)])|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?shutdown\s+(?:\S+\s+)*-\w*r|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?init\s+6\b"#,
);

static SIGNS: Signs = Signs { resources: &["reboot"], paths: &[], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "a container is not rebooted", findings);
}
