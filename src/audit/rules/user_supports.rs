//! # user-supports: supports on user or group
//!
//! Chef 13 removed the property; the home directory is then not created and later steps fail.
//!
//! Fix: `manage_home` true / `non_unique` true.
//!
//! ```ruby
//! user 'deploy' do
//!   supports manage_home: true   # finding
//!   manage_home true             # instead
//! end
//! ```

use crate::audit::fix::{Edit, each_call};
use crate::audit::shape::{call, literal};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Expr, Pair};

pub(super) const RULE: Rule = Rule {
    code: "A106",
    name: "user-supports",
    title: "supports on user or group",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12.14"),
    removed: Some("13"),
    also: &["Chef/Deprecations/UserDeprecatedSupportsProperty", "FC080", "CHEF-8"],
    page: include_str!("user_supports.rs"),
    check,
    fix: Some(mend),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Library]) {
        file.walk(&mut |node, place| {
            if let Some(call) = call(node)
                && call.receiver.is_none()
                && call.name.as_str() == "supports"
                && !call.args.is_empty()
                && place.resource().is_some_and(|resource| matches!(resource.name.as_str(), "user" | "group"))
            {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "`supports` is no property of users and groups"));
            }
        });
    }
}

/// `supports :manage_home => true` of a user → `manage_home true`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |node, supports, place| {
        let user = place.resource().is_some_and(|resource| matches!(resource.name.as_str(), "user" | "group"));
        if !user || supports.receiver.is_some() || supports.name.as_str() != "supports" {
            return;
        }
        let pairs = match supports.args.as_slice() {
            [Arg::Hash(pairs)] => pairs,
            [Arg::Value(value)] => match &value.expr {
                Expr::Hash(pairs) => pairs,
                _ => return,
            },
            _ => return,
        };
        if let [Pair::Entry(key, value)] = pairs.as_slice()
            && let Some(name) = literal(key).filter(|name| matches!(name.as_str(), "manage_home" | "non_unique"))
        {
            let text = format!("{name} {}", file.source(value.span));
            edits.push(Edit::new(RULE.name, file.line(supports.name_span.start), (node.span.start, node.span.end), text));
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn libraries_declare_users_too() {
        let code = "def add(name)\n  user name do\n    supports manage_home: true\n  end\nend\n";
        assert_eq!(lines("libraries/a.rb", code, "user-supports"), [3]);
    }
}
