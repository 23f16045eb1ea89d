//! # notify-invalid: A notification that can't be understood
//!
//! The timing is no word that Chef knows, the action is a string, or the target isn't `type[name]`: Chef raises, or the other resource is
//! never told. What is started again after a change must be known before the process moves into a container.
//!
//! Fix: :delayed, :immediately, :before; 'service[nginx]'.
//!
//! ```ruby
//! notifies :reload, 'service[nginx]', :immediatly   # finding
//! notifies 'reload', 'service[nginx]'               # finding
//! notifies :reload, 'service[nginx]', :immediately  # instead
//! ```
//! Elsewhere: `Chef/Correctness/InvalidNotificationTiming`, `Chef/Correctness/InvalidNotificationResource`, `Chef/Correctness/NotifiesActionNotSymbol`, `FC032`.

use crate::audit::notification::{Notification, each, is_word, parts};
use crate::audit::shape::{argument, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::Expr;

pub(super) const RULE: Rule = Rule {
    code: "A419",
    name: "notify-invalid",
    title: "A notification that can't be understood",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[
        "Chef/Correctness/InvalidNotificationTiming",
        "Chef/Correctness/InvalidNotificationResource",
        "Chef/Correctness/NotifiesActionNotSymbol",
        "FC032",
    ],
    page: include_str!("notify_invalid.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        each(file, &mut |notification| {
            if let Some(message) = fault(notification) {
                findings.push(file.finding(RULE.name, notification.line, message));
            }
        });
    }
}

fn fault(notification: &Notification) -> Option<String> {
    if notification.action().is_some_and(|action| matches!(action.expr, Expr::Str(_))) {
        return Some("the action is a string; write a symbol".to_owned());
    }
    let other = notification.other()?;
    let target = literal(other);
    match &other.expr {
        Expr::Symbol(name) => return Some(format!("`:{name}` is no target; write `type[name]`")),
        // A type alone is the resource of that type without a name: `apt_update`.
        Expr::Str(_) if target.as_deref().is_some_and(|target| parts(target).is_none() && !is_word(target)) => {
            return Some(format!("`{}` has not the form `type[name]`", target.unwrap_or_default()));
        }
        _ => {}
    }
    let timing = argument(notification.call, 2).and_then(|timing| literal(timing))?;
    let known = matches!(timing.as_str(), "delayed" | "immediate" | "immediately" | "before");
    (!known).then(|| format!("`{timing}` is no timing; there are delayed, immediately and before"))
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    #[test]
    fn faults_and_what_is_right() {
        let wrong =
            ["notifies :run, \"execute['x']\"", "notifies :run, 'execute [x]'", "notifies :run, 'execute[x]', :now", "subscribes :run, :x"];
        let right = [
            "notifies :run, 'execute[say \"x\"]', :immediate",
            "notifies :update, 'apt_update'",
            "notifies :run, \"execute[#{name}]\", timing",
            "notifies :run, resources(:execute => 'x')",
            "notifies :run, 'execute[x]', 'delayed'",
        ];
        let text = |line: &str| format!("file '/a' do\n  {line}\nend\n");
        for line in wrong {
            assert_eq!(found("notify-invalid", &[("recipes/a.rb", &text(line))]), ["recipes/a.rb:2"], "{line}");
        }
        for line in right {
            assert!(found("notify-invalid", &[("recipes/a.rb", &text(line))]).is_empty(), "{line}");
        }
    }
}
