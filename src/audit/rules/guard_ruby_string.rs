//! # guard-ruby-string: Ruby code in a guard string
//!
//! The shell gets it, fails, and the guard answers the same always.
//!
//! Fix: Put it in a block: `not_if` { ::File.exist?('/x') }.
//!
//! ```ruby
//! not_if "File.exist?('/x')"      # finding
//! not_if { ::File.exist?('/x') }   # instead
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A405",
    name: "guard-ruby-string",
    title: "Ruby code in a guard string",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("guard_ruby_string.rs"),
    check,
    fix: None,
    secret: false,
};

static RUBY: Pattern = Pattern::new(r"^\s*!?\s*(?:(?:::)?(?:File|Dir|FileTest|Pathname|Chef|Mixlib)(?:\.|::)\w+|node\s*\[|defined\?)");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            let Some(guard) = call(node).filter(|call| call.receiver.is_none() && matches!(call.name.as_str(), "not_if" | "only_if"))
            else {
                return;
            };
            if guard.block.is_none() && argument(guard, 0).and_then(|command| literal(command)).is_some_and(|text| RUBY.matches(&text)) {
                findings.push(file.finding(RULE.name, file.line(guard.name_span.start), "the shell runs this, not Ruby"));
            }
        });
    }
}
