//! # opsworks-builtin: Uses OpsWorks' own cookbooks
//!
//! They were on the instance only; nothing provides them now.
//!
//! Fix: Drop, or take over the few files that are needed.
//!
//! ```ruby
//! include_recipe 'opsworks_initial_setup'   # finding
//! ```

use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A704",
    name: "opsworks-builtin",
    title: "Uses OpsWorks' own cookbooks",
    severity: Severity::Warning,
    category: Category::OpsWorks,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("opsworks_builtin.rs"),
    check,
    fix: None,
    secret: false,
};

/// Cookbooks of the service, beside those that begin with `opsworks_`.
const COOKBOOKS: &[&str] = &[
    "deploy",
    "rails",
    "unicorn",
    "passenger_apache2",
    "mod_php5_apache2",
    "dependencies",
    "ssh_users",
    "ssh_host_keys",
    "agent_version",
    "ebs",
    "test_suite",
    "scm_helper",
];
const CALLS: &[&str] = &[
    "opsworks_deploy",
    "opsworks_deploy_dir",
    "opsworks_deploy_user",
    "opsworks_rails",
    "opsworks_nodejs",
    "unicorn_web_app",
    "passenger_web_app",
];

/// Whether a cookbook was the service's.
pub(super) fn is_builtin(cookbook: &str) -> bool {
    cookbook.starts_with("opsworks_") || COOKBOOKS.contains(&cookbook)
}

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Metadata]) {
        file.walk(&mut |node, _| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none()) else { return };
            let name = call.name.as_str();
            let named = match (file.kind, name) {
                (Kind::Metadata, "depends") | (Kind::Recipe | Kind::Resource, "include_recipe") => {
                    argument(call, 0).and_then(|name| literal(name))
                }
                _ => None,
            };
            let cookbook = named.as_deref().and_then(|name| name.split("::").next()).unwrap_or("");
            let own = file.path.contains(&format!("{cookbook}/recipes/"));
            let builtin = is_builtin(cookbook) && !own;
            if builtin || (CALLS.contains(&name) && call.block.is_some()) {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "nothing provides the service's cookbooks now"));
            }
        });
    }
}
