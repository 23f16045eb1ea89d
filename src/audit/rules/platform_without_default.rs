//! # platform-without-default: No branch for other platforms
//!
//! On the image's distribution the value is nil or nothing happens, silently.
//!
//! Fix: Add an else that raises.
//!
//! ```ruby
//! case node['platform_family']   # finding: no else
//! when 'debian' then package 'apache2'
//! end
//! ```

use crate::audit::shape::{literal, node_path};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Expr, Pair};

pub(super) const RULE: Rule = Rule {
    code: "A414",
    name: "platform-without-default",
    title: "No branch for other platforms",
    severity: Severity::Note,
    category: Category::Correctness,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("platform_without_default.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let found = match &node.expr {
                Expr::Case { subject: Some(subject), otherwise: None, .. } => {
                    let path = node_path(subject).unwrap_or_default();
                    matches!(path.as_slice(), [only] if matches!(only.as_str(), "platform" | "platform_family" | "platform_version" | "os"))
                }
                Expr::Call(choice) => {
                    let name = matches!(choice.name.as_str(), "value_for_platform" | "value_for_platform_family");
                    name && choice.receiver.is_none() && choice.args.first().is_some_and(lacks_default)
                }
                _ => false,
            };
            if found {
                findings.push(file.finding(RULE.name, file.line(node.span.start), "other platforms silently get nothing"));
            }
        });
    }
}

/// Whether the argument is a hash whose keys are written out, and none is `default`.
fn lacks_default(argument: &Arg) -> bool {
    let pairs = match argument {
        Arg::Hash(pairs) => pairs,
        Arg::Value(value) => match &value.expr {
            Expr::Hash(pairs) => pairs,
            _ => return false,
        },
        _ => return false,
    };
    !pairs.iter().any(|pair| match pair {
        Pair::Entry(key, _) => literal(key).as_deref() == Some("default"),
        Pair::Splat(_) => true,
    })
}
