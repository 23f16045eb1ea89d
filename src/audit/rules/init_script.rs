//! # init-script: Init scripts and process supervisors
//!
//! A container has no init; the process it starts is its service.
//!
//! Fix: Turn each program into a container with its own command.
//!
//! ```ruby
//! systemd_unit 'shop.service' do   # finding
//!   content 'x'
//! end
//! ```

use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A208",
    name: "init-script",
    title: "Init scripts and process supervisors",
    severity: Severity::Note,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("init_script.rs"),
    check,
    fix: None,
    secret: false,
};

const SIGNS: Signs = Signs {
    resources: &[
        "systemd_unit",
        "runit_service",
        "supervisor_service",
        "poise_service",
        "monit_monitrc",
        "god_monitor",
        "bluepill_service",
    ],
    paths: &[
        "/etc/init.d/",
        "/etc/init/",
        "/etc/systemd/system/",
        "/lib/systemd/system/",
        "/etc/monit/",
        "/etc/monit.d/",
        "/etc/supervisor/",
        "/etc/supervisord.d/",
    ],
    recipes: &[],
    command: None,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "a container has no init", findings);
}
