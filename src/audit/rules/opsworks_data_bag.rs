//! # opsworks-data-bag: Searches the agent's data bags
//!
//! `aws_opsworks_`* were made by the agent for each run.
//!
//! Fix: app.environment becomes ConfigMap and Secret, rds a Secret, instances Service names.
//!
//! ```ruby
//! search('aws_opsworks_app').first   # finding
//! ```

use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A703",
    name: "opsworks-data-bag",
    title: "Searches the agent's data bags",
    severity: Severity::Warning,
    category: Category::OpsWorks,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("opsworks_data_bag.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let Some(call) = call(node).filter(|call| matches!(call.name.as_str(), "search" | "data_bag" | "data_bag_item")) else {
                return;
            };
            let bag = argument(call, 0).and_then(|bag| literal(bag)).filter(|bag| bag.starts_with("aws_opsworks_"));
            if let Some(bag) = bag {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), format!("nothing fills data bag `{bag}` any more")));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_query_that_is_kept_in_a_variable_counts() {
        let code = "query = Chef::Search::Query.new\nquery.search(:aws_opsworks_app)\nquery.search(:apps)\n";
        assert_eq!(lines("libraries/a.rb", code, "opsworks-data-bag"), [2]);
    }
}
