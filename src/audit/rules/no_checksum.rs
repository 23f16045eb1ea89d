//! # no-checksum: Download without a checksum
//!
//! A changed or broken file goes unnoticed into the image.
//!
//! Fix: Add checksum with the SHA-256.
//!
//! ```ruby
//! remote_file '/opt/tool.tgz' do   # finding
//!   source 'https://dl.example.com/tool-1.0.tgz'
//! end
//! ```

use crate::audit::shape::{argument, call, is_resource, outline, properties};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A306",
    name: "no-checksum",
    title: "Download without a checksum",
    severity: Severity::Note,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-494", "GLITCH sec_no_int_check"],
    page: include_str!("no_checksum.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && is_resource(call, &["remote_file"])
                && fetches(call)
                && properties(call, "checksum").is_empty()
            {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "a changed file goes unnoticed"));
            }
        });
    }
}

/// Whether a source is a literal address.
fn fetches(resource: &Call) -> bool {
    let given = properties(resource, "source");
    given.iter().any(|(_, source)| (0..source.args.len()).filter_map(|index| argument(source, index)).any(|value| is_url(value)))
}

fn is_url(node: &Node) -> bool {
    match &node.expr {
        Expr::Str(pieces) => {
            let text = outline(pieces).to_lowercase();
            let here = ["http://localhost", "http://127.", "https://localhost", "https://127."].iter().any(|host| text.starts_with(host));
            !here && ["http://", "https://", "ftp://", "s3://"].iter().any(|scheme| text.starts_with(scheme))
        }
        Expr::Array(items) => items.iter().any(|item| is_url(item)),
        _ => false,
    }
}
