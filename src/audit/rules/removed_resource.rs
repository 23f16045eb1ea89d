//! # removed-resource: A resource type that Chef no longer has
//!
//! `easy_install_package` and `erl_call` were removed in 13 and 14; env became `windows_env` and does nothing on Linux.
//!
//! Fix: Use pip in the image, rabbitmqctl or erl for `erl_call`, and ENV or a ConfigMap for env.
//!
//! ```ruby
//! easy_install_package 'supervisor'   # finding
//! python_package 'supervisor'         # instead
//! ```

use crate::audit::shape::{argument, call, is_resource};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::Expr;

pub(super) const RULE: Rule = Rule {
    code: "A105",
    name: "removed-resource",
    title: "A resource type that Chef no longer has",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12.10"),
    removed: Some("14"),
    also: &[
        "Chef/Deprecations/EasyInstallResource",
        "Chef/Deprecations/ErlCallResource",
        "Chef/Deprecations/EOLAuditModeUsage",
        "FC079",
        "FC105",
    ],
    page: include_str!("removed_resource.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && is_resource(call, &["easy_install_package", "easy_install", "erl_call", "env", "control_group"])
                && argument(call, 0).is_some_and(|name| matches!(name.expr, Expr::Str(_)))
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
