//! # template-unused-variable: A variable passed but not used
//!
//! The setting has no effect; often a misspelt name. It needs no environment variable after the move, or the template has lost a line.
//!
//! Fix: Use it or drop it.
//!
//! ```ruby
//! variables(
//!   port: 8080,
//!   workers: 4   # finding: the template never reads @workers
//! )
//! ```
//! Elsewhere: `FC034`.

use crate::audit::rendered::Rendered;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A411",
    name: "template-unused-variable",
    title: "A variable passed but not used",
    severity: Severity::Note,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::Cookbook,
    since: None,
    removed: None,
    also: &["FC034"],
    page: include_str!("template_unused_variable.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let rendered = Rendered::new(context);
    for used in &rendered.uses {
        let Some(keys) = &used.keys else { continue };
        let Some(read) = rendered.read_by(used) else { continue };
        for (key, line) in keys.iter().filter(|(key, _)| !read.contains(key)) {
            findings.push(used.file.finding(RULE.name, *line, format!("the template never reads `@{key}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn recipe(variables: &str, text: &str) -> Vec<String> {
        let recipe = format!("template '/a' do\n  variables({variables})\nend\n");
        found("template-unused-variable", &[("metadata.rb", "name 'x'\n"), ("recipes/default.rb", &recipe), ("templates/a.erb", text)])
    }

    #[test]
    fn keys_that_no_template_reads() {
        assert_eq!(recipe("'b' => 1,\n c: 2", "<%= @b %>@c"), ["recipes/default.rb:3"]);
        assert!(recipe("b: 1", "<% if @b %>x<% end %>").is_empty());
        assert!(recipe("b: 1", "<%= render partial %>").is_empty());
        assert!(recipe("b: 1", "<%= instance_variable_get(\"@#{x}\") %>").is_empty());
        assert!(recipe("b: 1, **others", "").len() < 2);
    }
}
