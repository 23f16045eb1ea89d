//! # service-restart: A service restarted while the recipe runs
//!
//! In an image build nothing runs yet; in a container a restart is a new rollout.
//!
//! Fix: Drop the step.
//!
//! ```ruby
//! execute 'service nginx restart'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::shape::{call, is_resource};
use crate::audit::signs::{Signs, actions};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A209",
    name: "service-restart",
    title: "A service restarted while the recipe runs",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Correctness/ServiceResource", "FC004"],
    page: include_str!("service_restart.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?service\s+\S+\s+(?:restart|reload|start|stop|force-reload)\b|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?systemctl\s+(?:-\S+\s+)*(?:restart|reload|start|stop|daemon-reload|try-restart|reload-or-restart)\b|/etc/init\.d/\S+\s+(?:restart|reload|start|stop)\b|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?monit\s+(?:-\S+\s+)*(?:restart|reload|start|stop)\b|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:initctl|supervisorctl)(?=\s|$|[;&|)])"#,
);

static SIGNS: Signs = Signs { resources: &[], paths: &[], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "nothing runs yet in an image build", findings);
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            let Some(service) = call(node).filter(|call| is_resource(call, &["service", "systemd_unit"])) else { return };
            let restarts = |action: &String| matches!(action.as_str(), "restart" | "reload");
            if actions(service).is_some_and(|actions| actions.iter().any(restarts)) {
                findings.push(file.finding(RULE.name, file.line(service.name_span.start), "nothing runs yet in an image build"));
            }
        });
    }
}
