//! # dead-url: An address that no longer answers
//!
//! The build can't fetch it.
//!
//! Fix: The successor's address.
//!
//! ```ruby
//! uri 'http://ppa.launchpad.net/chris-lea/node.js/ubuntu'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::facts::address;

pub(super) const RULE: Rule = Rule {
    code: "A603",
    name: "dead-url",
    title: "An address that no longer answers",
    severity: Severity::Error,
    category: Category::EndOfLife,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Modernize/LegacyBerksfileSource", "Chef/Deprecations/PolicyfileCommunitySource"],
    page: include_str!("dead_url.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    r"://|ppa|\.org|\.com|\.mit|\.net|opscode|community|opsworks",
    r#"ppa\.launchpad\.net/brightbox|ppa:brightbox|ppa\.launchpad\.net/chris-lea|ppa:chris-lea|ppa:ondrej/php5\b|\bmirror(?:list)?\.centos\.org|packages\.dotdeb\.org|\bbintray\.com|\bcode\.google\.com|googlecode\.com|\brubyforge\.org|gems\.github\.com|pgp\.mit\.edu|sks-keyservers\.net|packages\.elasticsearch\.org|apt\.opscode\.com|api\.berkshelf\.com|^\s*site\s+:opscode|default_source\s+:community|\bgit://github\.com|http://registry\.npmjs\.org|archive\.cloudera\.com|opsworks-instance-agent"#,
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    report_lines(context, &TEXT, RULE.name, "the address no longer answers", &mut found);
    for finding in &mut found {
        let line = context.file(&finding.path).and_then(|file| file.text.lines().nth(finding.line.saturating_sub(1) as usize));
        if let Some(why) = line.and_then(address::reason) {
            why.clone_into(&mut finding.message);
        }
    }
    findings.extend(found);
}
