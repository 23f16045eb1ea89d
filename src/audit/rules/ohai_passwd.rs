//! # ohai-passwd: Ohai data that is no longer collected
//!
//! `node['etc']['passwd']`, `node['etc']['group']`, `node['passwd']`, `node['filesystem2']` and `node['cloud_v2']` need optional
//! plugins or are gone; the read gives nil.
//!
//! Fix: Use ::Dir.home(user), Etc.getpwnam, or a fixed path; in an image the account is known.
//!
//! ```ruby
//! node['etc']['passwd']   # finding
//! ```

use crate::audit::shape::{call, is_node, node_path};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A118",
    name: "ohai-passwd",
    title: "Ohai data that is no longer collected",
    severity: Severity::Warning,
    category: Category::Removed,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: Some("13"),
    removed: Some("15"),
    also: &["FC094", "FC095"],
    page: include_str!("ohai_passwd.rs"),
    check,
    fix: None,
    secret: false,
};

const GONE: &[&str] = &["passwd", "filesystem2", "cloud_v2"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let path = node_path(node).unwrap_or_default();
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let method = call(node).filter(|call| call.args.is_empty() && call.receiver.as_ref().is_some_and(|receiver| is_node(receiver)));
            let method = method.map(|call| call.name.as_str());
            if matches!(path.as_slice(), ["etc", "passwd" | "group"])
                || matches!(path.as_slice(), [only] if GONE.contains(only))
                || method.is_some_and(|method| GONE.contains(&method))
            {
                findings.push(file.finding(RULE.name, file.line(node.span.start), "the value is no longer collected"));
            }
        });
    }
}
