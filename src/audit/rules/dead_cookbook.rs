//! # dead-cookbook: Depends on an abandoned cookbook
//!
//! No maintainer, and most fail on newer Chef.
//!
//! Fix: Replace it by what its resources do; the image rarely needs it.
//!
//! ```ruby
//! depends 'compat_resource'   # finding
//! ```

use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Pair};

pub(super) const RULE: Rule = Rule {
    code: "A605",
    name: "dead-cookbook",
    title: "Depends on an abandoned cookbook",
    severity: Severity::Note,
    category: Category::EndOfLife,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[
        "Chef/Deprecations/CookbookDependsOnPoise",
        "Chef/Deprecations/CookbookDependsOnCompatResource",
        "Chef/Deprecations/CookbookDependsOnPartialSearch",
        "Chef/Deprecations/DependsOnChefNginxCookbook",
        "Chef/Deprecations/DependsOnOmnibusUpdaterCookbook",
        "Chef/Deprecations/DependsOnChefReportingCookbook",
        "FC081",
        "FC116",
    ],
    page: include_str!("dead_cookbook.rs"),
    check,
    fix: None,
    secret: false,
};

const DEAD: &[&str] = &[
    "application",
    "application_ruby",
    "application_python",
    "application_javascript",
    "compat_resource",
    "partial_search",
    "chef_nginx",
    "omnibus_updater",
    "database",
    "python",
    "chef-reporting",
    "xml",
    "minitest-handler",
    "chef-solo-search",
    "rbenv",
    "nodejs-legacy",
    "poise",
];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Metadata, Kind::Other]) {
        let entry = if file.kind == Kind::Metadata { "depends" } else { "cookbook" };
        if file.kind == Kind::Other && !file.path.ends_with("Berksfile") {
            continue;
        }
        file.walk(&mut |node, _| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none() && call.name.as_str() == entry) else { return };
            let name = argument(call, 0).and_then(|name| literal(name)).unwrap_or_default();
            // A copy of one's own is maintained by its owner.
            let copied = call.args.iter().any(|arg| {
                let Arg::Hash(pairs) = arg else { return false };
                pairs.iter().any(|pair| matches!(pair, Pair::Entry(key, _) if literal(key).as_deref() == Some("path")))
            });
            if copied {
                return;
            }
            if DEAD.contains(&name.as_str()) || name.starts_with("poise-") || name.starts_with("rackspace_") {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), format!("nobody maintains `{name}`")));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_copy_in_the_repository_is_not_abandoned() {
        let code = "cookbook 'python'\ncookbook 'xml', path: '../xml'\n";
        assert_eq!(lines("Berksfile", code, "dead-cookbook"), [1]);
    }
}
