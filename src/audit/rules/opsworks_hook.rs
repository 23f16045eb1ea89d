//! # opsworks-hook: A deploy hook in the application
//!
//! deploy/`before_migrate`.rb and its kin ran inside the agent's Chef.
//!
//! Fix: Build steps go into the Dockerfile, migrations into a job.
//!
//! ```text
//! deploy/before_migrate.rb   # finding
//! ```

use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A706",
    name: "opsworks-hook",
    title: "A deploy hook in the application",
    severity: Severity::Warning,
    category: Category::OpsWorks,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("opsworks_hook.rs"),
    check,
    fix: None,
    secret: false,
};

const HOOKS: &[&str] = &["before_migrate.rb", "before_symlink.rb", "before_restart.rb", "after_restart.rb"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        let inside = file.path.strip_prefix("deploy/").or_else(|| file.path.rsplit_once("/deploy/").map(|(_, name)| name));
        if inside.is_some_and(|name| HOOKS.contains(&name)) {
            findings.push(file.finding(RULE.name, 1, "deploy hooks ran inside the agent's Chef"));
        }
    }
}
