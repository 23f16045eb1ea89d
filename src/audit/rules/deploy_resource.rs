//! # deploy-resource: The deploy resource left Chef in version 14
//!
//! deploy, `deploy_revision`, `deploy_branch` and `timestamped_deploy` are gone. In a container the release directory is the image
//! itself.
//!
//! Fix: Copy the application into the image; run migrations as a job once per release; drop `restart_command`.
//!
//! ```ruby
//! deploy_revision '/srv/shop' do   # finding
//!   repo 'https://git.example.com/shop.git'
//! end
//! ```

use crate::audit::shape::{call, is_resource};
use crate::audit::visit::declares;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A104",
    name: "deploy-resource",
    title: "The deploy resource left Chef in version 14",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("13.6"),
    removed: Some("14"),
    also: &["FC101", "CHEF-20"],
    page: include_str!("deploy_resource.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && is_resource(call, &["deploy", "deploy_revision", "deploy_branch", "timestamped_deploy"])
                && declares(call)
            {
                findings.push(file.finding(
                    RULE.name,
                    file.line(call.name_span.start),
                    format!("resource `{}` no longer exists", call.name),
                ));
            }
        });
    }
}
