//! # template-undefined-variable: A template variable that nobody passes
//!
//! It is nil: the configuration gets an empty value without any error. The wrong value goes into the image, or the setting is missed when
//! the template becomes an environment variable.
//!
//! Fix: Pass it in variables.
//!
//! ```ruby
//! variables(port: 8080)
//! # the template:
//! listen = <%= @prot %>   # finding
//! listen = <%= @port %>   # instead
//! ```

use crate::audit::rendered::{Rendered, read};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A410",
    name: "template-undefined-variable",
    title: "A template variable that nobody passes",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::Cookbook,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("template_undefined_variable.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let rendered = Rendered::new(context);
    for file in rendered.templates() {
        let Some(passed) = rendered.passed(file) else { continue };
        for (name, lines) in read(file).names.iter().filter(|(name, _)| !passed.contains(*name)) {
            for line in lines {
                findings.push(file.finding(RULE.name, *line, format!("nothing passes `@{name}`")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn template(recipe: &str, text: &str) -> Vec<String> {
        let files = [("metadata.rb", "name 'x'\n"), ("recipes/default.rb", recipe), ("templates/default/a.erb", text)];
        found("template-undefined-variable", &files)
    }

    const PLAIN: &str = "template '/a'\n";

    #[test]
    fn what_nothing_passes() {
        assert_eq!(
            template("template '/etc/a' do\n  variables b: 1\nend\n", "<% if @b %>\n<%= @c[:d] %>\n<% end %>\n"),
            ["templates/default/a.erb:2"]
        );
        assert_eq!(template(PLAIN, "<%= @x %>"), ["templates/default/a.erb:1"]);
    }

    #[test]
    fn what_may_be_passed_or_is_set_here() {
        assert!(template(PLAIN, "<% if @tls %><%= @tls %><% end %><% for @site in node['x'] %><%= @site %><% end %>").is_empty());
        assert!(template("template '/b' do\n  source \"#{c}.erb\"\n  variables(d: 1)\nend\n", "<%= @x %>").is_empty());
        assert!(template(PLAIN, "<% @x = 1 %><%= @x %> <%= @node['y'] %> <%= @cookbook_name %> <%= defined?(@z) %> user@host").is_empty());
        assert!(template("", "<%= @x %>").is_empty(), "nothing uses it here");
        assert!(template("template '/a' do\n  variables node['x']\nend\n", "<%= @x %>").is_empty());
        assert!(template("template '/a'\ntemplate '/b' do\n  source \"#{c}.erb\"\n  variables(d)\nend\n", "<%= @x %>").is_empty());
        assert!(template("template '/a'\nsite 'b' do\n  template 'a.erb'\n  variables x: 1\nend\n", "<%= @x %>").is_empty());
    }
}
