//! # opsworks-node: Reads `node[:opsworks]`
//!
//! The agent that filled it in ended with the service on 2024-05-26.
//!
//! Fix: Stack and layer facts become settings of the deployment; instances become Service names.
//!
//! ```ruby
//! node[:opsworks]   # finding
//! ```

use super::node_key::report;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A701",
    name: "opsworks-node",
    title: "Reads node[:opsworks]",
    severity: Severity::Warning,
    category: Category::OpsWorks,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("opsworks_node.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report(context, findings, RULE.name, "opsworks");
}
