//! # firewall: Packet filter rules
//!
//! A container has no right to change netfilter, and the rules belong to the network around it.
//!
//! Fix: NetworkPolicy and security groups.
//!
//! ```ruby
//! include_recipe 'ufw'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A205",
    name: "firewall",
    title: "Packet filter rules",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("firewall.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:ip6?tables(?!\s+(?:-n\s+)?(?:-L|-S|--list|-nv?L)\w*\b)|ufw|firewall-cmd|nft)(?=\s|$|[;&|)])"#,
);

static SIGNS: Signs = Signs {
    resources: &["iptables_rule", "simple_iptables_rule", "firewall", "firewall_rule", "ufw_*"],
    paths: &[],
    recipes: &["iptables", "ufw", "firewall"],
    command: Some(&COMMAND),
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "packet filters belong to the network around", findings);
}
