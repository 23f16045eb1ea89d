//! # node-search: Peers found by search
//!
//! There is no Chef server to ask, and the list of peers would be frozen at build.
//!
//! Fix: Use the Service name; a headless Service where the list itself is needed.
//!
//! ```ruby
//! search(:node, 'role:web')   # finding
//! ```

use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A214",
    name: "node-search",
    title: "Peers found by search",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Deprecations/PartialSearchHelperUsage", "Chef/Deprecations/PartialSearchClassUsage"],
    page: include_str!("node_search.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && matches!(call.name.as_str(), "search" | "partial_search")
                && call.receiver.as_ref().is_none_or(|receiver| file.source(receiver.span).contains("Chef::Search::Query"))
                && argument(call, 0).and_then(|index| literal(index)).as_deref() == Some("node")
            {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "the list of peers would be frozen into the image"));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_query_of_chefs_counts_and_that_of_others_does_not() {
        let code = "Chef::Search::Query.new.search(:node, 'role:x')\ncatalogue.search(:node)\n";
        assert_eq!(lines("libraries/a.rb", code, "node-search"), [1]);
    }
}
