//! # many-daemons: Several daemons in one recipe
//!
//! One container runs one process; two daemons in one layer need two images or two containers.
//!
//! Fix: Split them into containers of one pod or separate deployments.
//!
//! ```ruby
//! service 'nginx' do
//!   action :start
//! end
//! service 'unicorn' do   # finding
//!   action :start
//! end
//! ```

use super::host_daemon::SERVICES;
use crate::audit::shape::call;
use crate::audit::signs::started;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A210",
    name: "many-daemons",
    title: "Several daemons in one recipe",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Medium,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("many_daemons.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe]) {
        let mut services: Vec<(String, u32)> = Vec::new();
        file.walk(&mut |node, _| {
            if let Some(service) = call(node)
                && let Some(name) =
                    started(service).filter(|name| !SERVICES.contains(&name.as_str()) && !matches!(name.as_str(), "cron" | "crond"))
                && !services.iter().any(|(known, _)| *known == name)
            {
                services.push((name, file.line(service.name_span.start)));
            }
        });
        if let Some((name, line)) = services.get(1) {
            findings.push(file.finding(RULE.name, *line, format!("`{name}` is a second daemon in this recipe")));
        }
    }
}
