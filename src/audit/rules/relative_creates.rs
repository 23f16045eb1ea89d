//! # relative-creates: creates with a relative path and no cwd
//!
//! Since Chef 13 this is an error; before, the answer depended on where the agent was started.
//!
//! Fix: Give the absolute path or a cwd.
//!
//! ```ruby
//! execute 'tar xzf ruby.tar.gz' do
//!   creates 'ruby-3.3.0'              # finding
//!   creates '/usr/src/ruby-3.3.0'     # instead
//! end
//! ```

use crate::audit::shape::{argument, call, literal, properties};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A108",
    name: "relative-creates",
    title: "creates with a relative path and no cwd",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12"),
    removed: Some("13"),
    also: &["Chef/Deprecations/ExecuteRelativeCreatesWithoutCwd"],
    page: include_str!("relative_creates.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            let scripts = ["execute", "bash", "script", "sh", "ksh", "csh", "python", "perl", "ruby"];
            let Some(resource) = call(node).filter(|call| call.receiver.is_none() && scripts.contains(&call.name.as_str())) else { return };
            if !properties(resource, "cwd").is_empty() {
                return;
            }
            for (place, creates) in properties(resource, "creates") {
                let path = argument(creates, 0).and_then(|path| literal(path)).unwrap_or_default();
                if !path.is_empty() && !path.starts_with('/') {
                    findings.push(file.finding(
                        RULE.name,
                        file.line(place.span.start),
                        format!("`{path}` is relative and there is no `cwd`"),
                    ));
                }
            }
        });
    }
}
