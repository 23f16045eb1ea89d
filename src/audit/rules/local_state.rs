//! # local-state: State kept on local disk
//!
//! A container's file system goes away with it; uploads and data would be lost at the next rollout.
//!
//! Fix: Object storage, a volume, or a managed store.
//!
//! ```ruby
//! directory '/vol/uploads'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::shape::{call, is_resource};
use crate::audit::signs::{path, removes};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A217",
    name: "local-state",
    title: "State kept on local disk",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Medium,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("local_state.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && is_resource(call, &["directory", "link"])
                && !removes(call)
                && path(call).is_some_and(|path| STATE.matches(&path))
            {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "it is lost at the next rollout"));
            }
        });
    }
}

/// Places of data, and folders of uploads.
static STATE: Pattern = Pattern::new(
    r"^/(?:vol|mnt|data|ebs)(?:/|$)|^/var/lib/(?:mysql|postgresql|redis|mongodb|elasticsearch|rabbitmq)(?:/|$)|/shared/(?:system|uploads|files|storage)(?:/|$)|/public/(?:system|uploads)(?:/|$)",
);
