//! # background-process: A process sent to the background
//!
//! It dies with the build step; in a container the main process must stay in front.
//!
//! Fix: Make it the command of its own container, without nohup, & or the daemon flag.
//!
//! ```ruby
//! execute 'nohup /opt/shop/bin/worker &'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A224",
    name: "background-process",
    title: "A process sent to the background",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("background_process.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:nohup|setsid|start-stop-daemon)(?=\s|$|[;&|)])|\s--daemon(?:ize)?(?=\s|$|=true)|\bunicorn\w*\b[^|;&]*\s-\w*D\w*(?=\s|$)|[^&]&\s*$"#,
);

static SIGNS: Signs = Signs { resources: &[], paths: &[], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "it dies with the build step", findings);
}
