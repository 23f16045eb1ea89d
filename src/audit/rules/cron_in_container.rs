//! # cron-in-container: Cron jobs and the cron daemon
//!
//! No cron runs in a container, and cron drops the environment that holds the configuration.
//!
//! Fix: A CronJob per entry.
//!
//! ```ruby
//! cron 'backup' do   # finding
//!   minute '0'
//!   command '/srv/bin/backup'
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::shape::call;
use crate::audit::signs::{Signs, started};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A211",
    name: "cron-in-container",
    title: "Cron jobs and the cron daemon",
    severity: Severity::Note,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Modernize/CronDFileOrTemplate"],
    page: include_str!("cron_in_container.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:crontab)(?=\s|$|[;&|)])|\bwhenever\s+(?:\S+\s+)*(?:--update-crontab|-i\b|-w\b)"#,
);

static SIGNS: Signs = Signs {
    resources: &["cron", "cron_d", "cron_access"],
    paths: &[
        "/etc/cron.d/",
        "/etc/cron.hourly/",
        "/etc/cron.daily/",
        "/etc/cron.weekly/",
        "/etc/cron.monthly/",
        "/etc/crontab",
        "/var/spool/cron/",
    ],
    recipes: &[],
    command: Some(&COMMAND),
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "no cron runs in a container", findings);

    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(service) = call(node)
                && started(service).is_some_and(|name| matches!(name.as_str(), "cron" | "crond"))
            {
                findings.push(file.finding(RULE.name, file.line(service.name_span.start), "no cron runs in a container"));
            }
        });
    }
}
