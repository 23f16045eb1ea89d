//! # removed-ruby-method: Ruby methods gone from the Ruby that Chef ships
//!
//! File.exists?, Dir.exists?, URI.escape/encode/unescape/decode, Fixnum, Bignum and taint/untaint don't exist in Ruby 3.2 and later.
//!
//! Fix: File.exist?, Dir.exist?, `ERB::Util`.`url_encode`, Integer. For `URI.escape` `--fix` writes `URI::DEFAULT_PARSER.escape`, which is
//! the same method: `url_encode` also escapes `/` and `:`. Templates are left as they are.
//!
//! ```ruby
//! File.exists?('/x')   # finding
//! File.exist?('/x')    # instead
//! ```

use crate::audit::fix::{Edit, Fixer, rename};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{ConstScope, Expr, Node};
use crate::source::Span;

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
    fix: Some(Fixer::File(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let found = match &node.expr {
                Expr::Const { name, .. } if matches!(name.as_str(), "Fixnum" | "Bignum") => Some((node.span.start, name.as_str())),
                Expr::Call(called) => {
                    let constant = called.receiver.as_deref().and_then(of_ruby);
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

/// The constant that `node` is; `Addressable::URI` is another class than Ruby's.
fn of_ruby(node: &Node) -> Option<&str> {
    match &node.expr {
        Expr::Const { scope: ConstScope::Lexical | ConstScope::Top, name } => Some(name.as_str()),
        _ => None,
    }
}

/// `File.exists?` → `File.exist?`, `Fixnum` → `Integer`, `URI.escape` → `URI::DEFAULT_PARSER.escape`, `x.untaint` → `x`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    file.walk(&mut |node, _| match &node.expr {
        Expr::Const { name, .. } if matches!(name.as_str(), "Fixnum" | "Bignum") => {
            let length = u32::try_from(name.as_str().len()).unwrap_or(0);
            let start = node.span.end.saturating_sub(length);
            edits.push(Edit::new(RULE.name, file, file.line(node.span.start), (start, node.span.end), "Integer"));
        }
        Expr::Call(called) => {
            let Some(receiver) = &called.receiver else { return };
            let constant = of_ruby(receiver);
            let line = file.line(called.name_span.start);
            let new = match (constant, called.name.as_str()) {
                (Some("File" | "Dir"), "exists?") => return edits.push(rename(RULE.name, file, called, "exist?")),
                (Some("URI"), "escape" | "encode") => "::DEFAULT_PARSER.escape",
                (Some("URI"), "unescape" | "decode") => "::DEFAULT_PARSER.unescape",
                (None, "taint" | "untaint")
                    if called.args.is_empty() && called.block.is_none() && node.span.end == called.name_span.end =>
                {
                    ""
                }
                _ => return,
            };
            let span = (receiver.span.end, called.name_span.end);
            if !file.source(Span { end: span.1, start: span.0, ..node.span }).contains(['\n', '#']) {
                edits.push(Edit::new(RULE.name, file, line, span, new));
            }
        }
        _ => {}
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn names_of_today() {
        for (text, new) in [
            ("x if ::File.exists?('/a') || Dir.exists?(y)\n", "x if ::File.exist?('/a') || Dir.exist?(y)\n"),
            ("1.is_a?(Fixnum) || 1.is_a?(::Bignum) # Fixnum\n", "1.is_a?(Integer) || 1.is_a?(::Integer) # Fixnum\n"),
            ("x = URI.escape(a, /b/)\n", "x = URI::DEFAULT_PARSER.escape(a, /b/)\n"),
            ("x = \"#{::URI.decode a}\"\n", "x = \"#{::URI::DEFAULT_PARSER.unescape a}\"\n"),
            ("load x.untaint, y\n", "load x, y\n"),
            ("File.exists?(URI.encode(x))\n", "File.exist?(URI::DEFAULT_PARSER.escape(x))\n"),
            ("Addressable::URI.escape(x)\n", "Addressable::URI.escape(x)\n"),
            ("URI\n  .escape(x)\n", "URI\n  .escape(x)\n"),
        ] {
            assert_eq!(mended_file("removed-ruby-method", "libraries/a.rb", text), new);
        }
        let template = "<% if File.exists?('/a') %>\n<% end %>\n";
        assert_eq!(mended_file("removed-ruby-method", "templates/a.erb", template), template);
    }
}
