//! # undeclared-depends: A cookbook used but not declared
//!
//! Without `depends` the other cookbook isn't loaded: no attributes, libraries or resources of it, or whatever version happens to be there.
//! A conversion that follows the dependencies doesn't see it either.
//!
//! Fix: Add depends to metadata.rb.
//!
//! ```ruby
//! include_recipe 'nginx'   # finding without the line below
//! depends 'nginx'          # in metadata.rb
//! ```
//! Elsewhere: `FC007`.

use crate::audit::cookbook::{cookbooks, includes, owner};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A413",
    name: "undeclared-depends",
    title: "A cookbook used but not declared",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::Cookbook,
    since: None,
    removed: None,
    also: &["FC007"],
    page: include_str!("undeclared_depends.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let all = cookbooks(context);
    for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Library]) {
        let Some(own) = owner(&all, &file.path) else { continue };
        let Some(depends) = &own.depends else { continue };
        for include in includes(file).0 {
            let other = &include.cookbook;
            if !other.is_empty() && *other != own.name && !depends.contains(other) {
                findings.push(file.finding(RULE.name, include.line, format!("metadata.rb doesn't say `depends '{other}'`")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    #[test]
    fn cookbooks_that_metadata_does_not_name() {
        let recipe =
            ("recipes/default.rb", "include_recipe 'a::b'\ninclude_recipe \"c::#{x}\"\ninclude_recipe 'shop::d'\ninclude_recipe x\n");
        assert_eq!(
            found("undeclared-depends", &[recipe, ("metadata.rb", "name 'shop'\n")]),
            ["recipes/default.rb:1", "recipes/default.rb:2"]
        );
        assert!(found("undeclared-depends", &[recipe, ("metadata.rb", "name 'shop'\n%w[a c].each { |x| depends x }\n")]).is_empty());
        assert!(found("undeclared-depends", &[recipe]).is_empty());
    }
}
