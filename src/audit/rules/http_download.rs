//! # http-download: Download without TLS
//!
//! Whoever sits on the path can change what gets installed.
//!
//! Fix: https, and a checksum.
//!
//! ```ruby
//! remote_file '/opt/tool.tgz' do
//!   source 'http://dl.example.com/tool-1.0.tgz'   # finding
//! end
//! ```

use crate::audit::command::commands;
use crate::audit::context::File;
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, outline};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A305",
    name: "http-download",
    title: "Download without TLS",
    severity: Severity::Warning,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Security/InsecureRemoteFileSource", "CWE-319", "SLAC http without TLS"],
    page: include_str!("http_download.rs"),
    check,
    fix: None,
    secret: false,
};

/// An address of another host without TLS.
static PLAIN: Pattern = Pattern::new(r"(?i)\b(?:http|ftp)://(?!localhost\b|127\.|169\.254\.|0\.0\.0\.0|\[::1\]|[#$<{%])[\w\-]");
static FETCH: Pattern = Pattern::new(
    r"\b(?:wget|curl|pip3?|gem|npm|yarn|git|rpm|yum|dnf|easy_install)\s[^|;&]*?(?<!proxy=)(?<!proxy )(?<!-x )[\x27\x22]?\b((?:http|ftp)://[^\s\x27\x22]+)",
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        for line in commands(file) {
            if FETCH.all(&line.text).iter().any(|(_, address)| PLAIN.matches(address)) {
                findings.push(file.finding(RULE.name, line.line, "whoever sits on the path can change what is fetched"));
            }
        }
        file.walk(&mut |node, place| {
            let Some(property) = call(node).filter(|call| call.receiver.is_none()) else { return };
            if is_fetched(file, property, place.resource()) {
                (0..property.args.len()).filter_map(|index| argument(property, index)).for_each(|value| in_value(file, value, findings));
            }
        });
    }
}

/// Whether what `property` names is fetched: the `source` of a download, package or Gemfile, the address of a repository.
fn is_fetched(file: &File, property: &Call, resource: Option<&Call>) -> bool {
    let Some(resource) = resource else {
        return property.name.as_str() == "source" && (file.path.ends_with("Gemfile") || file.path.ends_with("Berksfile"));
    };
    match resource.name.as_str() {
        "remote_file" | "gem_package" | "chef_gem" | "ark" | "package" | "rpm_package" | "dpkg_package" => {
            matches!(property.name.as_str(), "source" | "url")
        }
        "yum_repository" => matches!(property.name.as_str(), "baseurl" | "mirrorlist" | "url"),
        "apt_repository" => property.name.as_str() == "uri",
        "git" | "subversion" => matches!(property.name.as_str(), "repository" | "repo"),
        _ => false,
    }
}

fn in_value(file: &File, value: &Node, findings: &mut Vec<Finding>) {
    match &value.expr {
        Expr::Str(pieces) if PLAIN.matches(&outline(pieces)) => {
            findings.push(file.finding(RULE.name, file.line(value.span.start), "whoever sits on the path can change what is fetched"));
        }
        Expr::Array(items) => items.iter().for_each(|item| in_value(file, item, findings)),
        _ => {}
    }
}
