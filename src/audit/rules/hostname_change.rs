//! # hostname-change: Host name or hosts file
//!
//! The runtime writes /etc/hostname and /etc/hosts each time a container starts.
//!
//! Fix: hostAliases, Service names.
//!
//! ```ruby
//! hostname 'app1'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A216",
    name: "hostname-change",
    title: "Host name or hosts file",
    severity: Severity::Note,
    category: Category::Container,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("hostname_change.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?hostname\s+[^-\s|;&>]|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?hostnamectl\s+set-hostname|>>\s*/etc/hosts\b|tee\s+(?:-a|--append)\s+/etc/hosts\b"#,
);

static SIGNS: Signs = Signs {
    resources: &["hostname", "hostsfile_entry"],
    paths: &["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"],
    recipes: &[],
    command: Some(&COMMAND),
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "the runtime writes the host's name and `/etc/hosts`", findings);
}
