//! # removed-ruby-method: Ruby methods gone from the Ruby that Chef ships
//!
//! File.exists?, Dir.exists?, URI.escape/encode/unescape/decode, Fixnum, Bignum and taint/untaint don't exist in Ruby 3.2 and later.
//!
//! Fix: File.exist?, Dir.exist?, `ERB::Util`.`url_encode`, Integer.
//!
//! ```ruby
//! File.exists?('/x')   # finding
//! File.exist?('/x')    # instead
//! ```

use crate::audit::fix::{Edit, rename};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::Expr;

pub(super) const RULE: Rule = Rule {
    code: "A116",
    name: "removed-ruby-method",
    title: "Ruby methods gone from the Ruby that Chef ships",
    severity: Severity::Warning,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("16"),
    removed: Some("19"),
    also: &["Lint/DeprecatedClassMethods"],
    page: include_str!("removed_ruby_method.rs"),
    check,
    fix: Some(mend),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let found = match &node.expr {
                Expr::Const { name, .. } if matches!(name.as_str(), "Fixnum" | "Bignum") => Some((node.span.start, name.as_str())),
                Expr::Call(called) => {
                    let constant = called.receiver.as_ref().and_then(|receiver| match &receiver.expr {
                        Expr::Const { name, .. } => Some(name.as_str()),
                        _ => None,
                    });
                    let gone = match (constant, called.name.as_str()) {
                        (Some("File" | "Dir"), "exists?") | (Some("URI"), "escape" | "encode" | "unescape" | "decode") => true,
                        (None, "taint" | "untaint") => called.receiver.is_some() && called.args.is_empty(),
                        _ => false,
                    };
                    gone.then_some((called.name_span.start, called.name.as_str()))
                }
                _ => None,
            };
            if let Some((start, name)) = found {
                findings.push(file.finding(RULE.name, file.line(start), format!("`{name}` is gone from Ruby 3.2")));
            }
        });
    }
}

/// `File.exists?` → `File.exist?`, `Fixnum` → `Integer`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    file.walk(&mut |node, _| match &node.expr {
        Expr::Const { name, .. } if matches!(name.as_str(), "Fixnum" | "Bignum") => {
            let length = u32::try_from(name.as_str().len()).unwrap_or(0);
            let start = node.span.end.saturating_sub(length);
            edits.push(Edit::new(RULE.name, file.line(node.span.start), (start, node.span.end), "Integer"));
        }
        Expr::Call(called) if called.name.as_str() == "exists?" => {
            let constant = called.receiver.as_ref().map(|receiver| &receiver.expr);
            if matches!(constant, Some(Expr::Const { name, .. }) if matches!(name.as_str(), "File" | "Dir")) {
                edits.push(rename(RULE.name, file, called, "exist?"));
            }
        }
        _ => {}
    });
}
