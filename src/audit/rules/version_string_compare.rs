//! # version-string-compare: Versions compared as text
//!
//! '9' is greater than '10' as text (before Chef 16).
//!
//! Fix: .`to_f`, .`to_i` or `Gem::Version`.
//!
//! ```ruby
//! node['platform_version'] >= '16.04'        # finding
//! node['platform_version'].to_f >= 16.04     # instead
//! ```

use crate::audit::shape::{argument, call, node_path};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A421",
    name: "version-string-compare",
    title: "Versions compared as text",
    severity: Severity::Warning,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Correctness/PlatformVersionStringComparison"],
    page: include_str!("version_string_compare.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let Some(compare) = call(node).filter(|call| matches!(call.name.as_str(), "<" | "<=" | ">" | ">=")) else { return };
            let (Some(left), Some(right)) = (&compare.receiver, argument(compare, 0)) else { return };
            let text = |node: &Node| matches!(node.expr, Expr::Str(_));
            if (is_version(left) && text(right)) || (text(left) && is_version(right)) {
                findings.push(file.finding(RULE.name, file.line(compare.name_span.start), "as text, `'9'` is greater than `'10'`"));
            }
        });
    }
}

/// Whether `node` reads an attribute that holds a version.
fn is_version(node: &Node) -> bool {
    let Some(path) = node_path(node) else { return false };
    path.last().is_some_and(|last| last.contains("version")) || path == ["kernel", "release"]
}
