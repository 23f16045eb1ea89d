//! # removed-chef-class: A Ruby class or helper that Chef dropped
//!
//! `Chef::REST`, `Chef::ShellOut`, `Chef::Mixin::Command`, `Chef::Platform`.set, `run_command` and popen4 left in Chef 13,
//! `Chef::Mixin::Language`* in 14. `ChefCompat::Resource` belongs to a cookbook that served Chef 12 only.
//!
//! Fix: `Chef::ServerAPI`, `shell_out`!, provides.
//!
//! ```ruby
//! Chef::REST.new(url)   # finding
//! Chef::ServerAPI.new(url)
//! ```

use std::collections::BTreeSet;

use crate::audit::cookbook::{cookbooks, owner};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{ConstScope, Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A110",
    name: "removed-chef-class",
    title: "A Ruby class or helper that Chef dropped",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12"),
    removed: Some("14"),
    also: &[
        "Chef/Deprecations/UsesChefRESTHelpers",
        "Chef/Deprecations/ChefShellout",
        "Chef/Deprecations/UsesDeprecatedMixins",
        "Chef/Deprecations/UsesRunCommandHelper",
        "Chef/Deprecations/DeprecatedPlatformMethods",
        "Chef/Deprecations/DeprecatedShelloutMethods",
        "Chef/Deprecations/ResourceInheritsFromCompatResource",
        "FC084",
        "FC087",
        "FC088",
        "FC089",
        "FC097",
        "FC100",
    ],
    page: include_str!("removed_chef_class.rs"),
    check,
    fix: None,
    secret: false,
};

const HELPERS: &[&str] = &["run_command", "popen4"];
const GONE: &[&str] = &["Chef::REST", "Chef::ShellOut", "Chef::Mixin::Command", "ChefCompat::Resource"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let all = cookbooks(context);
    let root = |file: &File| owner(&all, &file.path).map_or("", |own| &own.root).to_owned();
    let own: BTreeSet<(String, String)> =
        context.ruby().flat_map(|file| helpers(file).into_iter().map(|name| (root(file), name))).collect();
    for file in context.ruby() {
        // Chef mixed its helpers into recipes, providers and libraries alone.
        let mixed = matches!(file.kind, Kind::Recipe | Kind::Resource | Kind::Library);
        file.walk(&mut |node, place| {
            // `Chef::REST if defined?(Chef::REST)` knows that it may be gone.
            let asks = |around: &&Node| match &around.expr {
                Expr::Defined(_) => true,
                Expr::If { condition, .. } => file.source(condition.span).contains("defined?"),
                _ => false,
            };
            if place.parents.iter().any(asks) {
                return;
            }
            let found = match &node.expr {
                Expr::Const { .. } => {
                    let name = full_name(node);
                    let own = name.starts_with("ChefCompat") && file.code().contains("module ChefCompat");
                    ((GONE.contains(&name.as_str()) && !own) || name.starts_with("Chef::Mixin::Language"))
                        .then_some((node.span.start, name))
                }
                Expr::Call(call) => {
                    let on_platform = call.name.as_str() == "set"
                        && call.receiver.as_ref().is_some_and(|receiver| full_name(receiver) == "Chef::Platform");
                    let helper = mixed
                        && call.receiver.is_none()
                        && !call.args.is_empty()
                        && HELPERS.contains(&call.name.as_str())
                        && !own.contains(&(root(file), call.name.as_str().to_owned()));
                    (on_platform || helper).then_some((call.name_span.start, call.name.as_str().to_owned()))
                }
                _ => None,
            };
            if let Some((start, name)) = found {
                findings.push(file.finding(RULE.name, file.line(start), format!("`{name}` is gone")));
            }
        });
    }
}

/// Those of the helpers that `file` defines itself.
fn helpers(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    file.walk(&mut |node, _| {
        if let Expr::Def { name, .. } = &node.expr
            && HELPERS.contains(&name.as_str())
        {
            found.push(name.as_str().to_owned());
        }
    });
    found
}

/// `A::B` of a constant with its scopes.
fn full_name(node: &Node) -> String {
    match &node.expr {
        Expr::Const { scope: ConstScope::In(around), name } => format!("{}::{name}", full_name(around)),
        Expr::Const { name, .. } => name.as_str().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    #[test]
    fn a_helper_that_is_defined_here_is_not_chefs() {
        let call = "run_command('ls')\n";
        assert_eq!(found("removed-chef-class", &[("a/metadata.rb", ""), ("a/providers/x.rb", call)]), ["a/providers/x.rb:1"]);
        let own =
            [("a/metadata.rb", ""), ("a/libraries/h.rb", "def run_command(x)\nend\n"), ("a/providers/x.rb", call), ("Rakefile", call)];
        assert!(found("removed-chef-class", &own).is_empty());
        let compat = "module ChefCompat\n  class Resource\n  end\n  class Other < ChefCompat::Resource\n  end\nend\n";
        assert!(found("removed-chef-class", &[("libraries/a.rb", compat)]).is_empty());
    }
}
