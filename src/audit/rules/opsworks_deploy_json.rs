//! # opsworks-deploy-json: Reads `node[:deploy]`
//!
//! The deploy attributes came from the service with every command.
//!
//! Fix: Repository and revision become the image; `environment_variables` and database become ConfigMap and Secret.
//!
//! ```ruby
//! node[:deploy]   # finding
//! ```

use super::node_key::report;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A702",
    name: "opsworks-deploy-json",
    title: "Reads node[:deploy]",
    severity: Severity::Warning,
    category: Category::OpsWorks,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("opsworks_deploy_json.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report(context, findings, RULE.name, "deploy");
}
