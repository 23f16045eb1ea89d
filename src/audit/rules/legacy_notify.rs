//! # legacy-notify: notifies with resources(...)
//!
//! resources(:service => 'x') looks the target up while reading, so the order of declarations matters and a target declared later
//! raises.
//!
//! Fix: notifies :restart, 'service[x]'. `--fix` writes it for one target whose name is a string; lists and computed names are left.
//!
//! ```ruby
//! notifies :restart, resources(service: 'nginx')   # finding
//! notifies :restart, 'service[nginx]'              # instead
//! ```

use crate::audit::fix::{Edit, Fixer, each_call, quoted};
use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Expr, Pair};

pub(super) const RULE: Rule = Rule {
    code: "A112",
    name: "legacy-notify",
    title: "notifies with resources(...)",
    severity: Severity::Warning,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("10"),
    removed: None,
    also: &["Chef/Deprecations/LegacyNotifySyntax", "FC043"],
    page: include_str!("legacy_notify.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && call.receiver.is_none()
                && matches!(call.name.as_str(), "notifies" | "subscribes")
                && argument(call, 1)
                    .and_then(|target| crate::audit::shape::call(target))
                    .is_some_and(|target| target.receiver.is_none() && target.name.as_str() == "resources")
            {
                findings.push(file.finding(
                    RULE.name,
                    file.line(call.name_span.start),
                    "the target is looked up while the recipe is read; name it `type[name]`",
                ));
            }
        });
    }
}

/// `resources(:service => 'nginx')` → `'service[nginx]'`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, notify, _| {
        if notify.receiver.is_some() || !matches!(notify.name.as_str(), "notifies" | "subscribes") {
            return;
        }
        let Some(target) = argument(notify, 1) else { return };
        let Some(looked_up) = call(target).filter(|call| call.receiver.is_none() && call.name.as_str() == "resources") else { return };
        let [only] = looked_up.args.as_slice() else { return };
        let new = match only {
            Arg::Value(value) if literal(value).is_some() && matches!(value.expr, Expr::Str(_)) => file.source(value.span).to_owned(),
            Arg::Hash(pairs) => match pairs.as_slice() {
                [Pair::Entry(key, value)] => match (literal(key), quoted(file.source(value.span))) {
                    (Some(kind), Some((quote, name))) if matches!(value.expr, Expr::Str(_)) && !name.contains([',', ']']) => {
                        format!("{quote}{kind}[{name}]{quote}")
                    }
                    _ => return,
                },
                _ => return,
            },
            _ => return,
        };
        edits.push(Edit::new(RULE.name, file, file.line(notify.name_span.start), (target.span.start, target.span.end), new));
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn targets_become_strings() {
        for (target, new) in [
            ("resources(:service => 'nginx'), :delayed # why", "'service[nginx]', :delayed # why"),
            ("resources(service: \"a-#{b}\")", "\"service[a-#{b}]\""),
            ("resources('service[nginx]')", "'service[nginx]'"),
            ("resources(\"execute\" => \"it's\")", "\"execute[it's]\""),
            ("resources(:service => ['a', 'b'])", "resources(:service => ['a', 'b'])"),
            ("resources(:service => 'a,b')", "resources(:service => 'a,b')"),
            ("resources(:service => name)", "resources(:service => name)"),
            ("resources(:service => 'a', :file => 'b')", "resources(:service => 'a', :file => 'b')"),
        ] {
            let text = |target: &str| format!("file '/x' do\n  notifies :restart, {target}\nend\n");
            assert_eq!(mended_file("legacy-notify", "recipes/a.rb", &text(target)), text(new));
        }
    }
}
