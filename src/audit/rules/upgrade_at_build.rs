//! # upgrade-at-build: Upgrades while building
//!
//! The image depends on the day it was built.
//!
//! Fix: Take a newer base image instead.
//!
//! ```ruby
//! execute 'apt-get -y dist-upgrade'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, literal, properties};
use crate::audit::signs::{Signs, actions};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A504",
    name: "upgrade-at-build",
    title: "Upgrades while building",
    severity: Severity::Note,
    category: Category::Reproducible,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["hadolint DL3005"],
    page: include_str!("upgrade_at_build.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?apt(?:-get)?\s+(?:-\S+\s+)*(?:upgrade|dist-upgrade|full-upgrade)\b|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:yum|dnf)\s+(?:-\S+\s+)*(?:update|upgrade)(?:\s+-\S+)*\s*(?=$|[;&|])|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?gem\s+update\b|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:\S*/)?pip[0-9.]*\s+install\s+(?:\S+\s+)*(?:--upgrade|-U)(?=\s|$)|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?npm\s+update\s+(?:\S+\s+)*-g\b"#,
);

static SIGNS: Signs = Signs { resources: &[], paths: &[], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "the image depends on the day it was built", findings);

    for file in context.recipes() {
        file.walk(&mut |node, _| {
            let Some(package) =
                call(node).filter(|call| call.receiver.is_none() && (call.name.as_str() == "package" || call.name.ends_with("_package")))
            else {
                return;
            };
            let upgrades = actions(package).is_some_and(|actions| actions.iter().any(|action| action == "upgrade"));
            for (place, property) in properties(package, "action").iter().filter(|_| upgrades).chain(&properties(package, "version")) {
                let pinned = property.name.as_str() == "version"
                    && argument(property, 0).and_then(|value| literal(value)).as_deref() != Some("latest");
                if !pinned {
                    findings.push(file.finding(RULE.name, file.line(place.span.start), "the image depends on the day it was built"));
                }
            }
        });
    }
}
