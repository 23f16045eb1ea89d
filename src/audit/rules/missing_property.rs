//! # missing-property: A property the resource can't do without
//!
//! Chef raises when it gets there.
//!
//! Fix: Set it.
//!
//! ```ruby
//! link '/srv/shop/current' do   # finding: no to
//!   owner 'deploy'
//! end
//! ```

use crate::audit::shape::{call, is_resource, properties};
use crate::audit::signs::removes;
use crate::audit::visit::declares;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A417",
    name: "missing-property",
    title: "A property the resource can't do without",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("missing_property.rs"),
    check,
    fix: None,
    secret: false,
};

/// Types, and the properties of which each needs one.
const NEEDS: &[(&str, &[&str])] = &[
    ("link", &["to"]),
    ("git", &["repository", "repo"]),
    ("subversion", &["repository", "repo"]),
    ("mount", &["device"]),
    ("apt_repository", &["uri"]),
    ("yum_repository", &["baseurl", "mirrorlist", "url"]),
];

/// Calls that set properties whose names are computed.
const DYNAMIC: &[&str] = &["send", "public_send", "__send__", "instance_eval"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, place| {
            let Some(resource) = call(node).filter(|call| declares(call) && !call.args.is_empty() && place.resource().is_none()) else {
                return;
            };
            for (name, needs) in NEEDS {
                if is_resource(resource, &[name])
                    && !removes(resource)
                    && needs.iter().chain(DYNAMIC).all(|need| properties(resource, need).is_empty())
                {
                    let line = file.line(resource.name_span.start);
                    findings.push(file.finding(RULE.name, line, format!("`{name}` needs `{}`", needs.join("` or `"))));
                }
            }
        });
    }
}
