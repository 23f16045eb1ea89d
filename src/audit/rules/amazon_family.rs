//! # amazon-family: Amazon Linux is no longer in the rhel family
//!
//! Since Chef 13 `platform_family` is `amazon` on Amazon Linux. A test for `rhel` alone sends it to the wrong branch, also while an
//! image is made from it.
//!
//! Fix: Name both families.
//!
//! ```ruby
//! package 'httpd' if platform_family?('rhel')             # finding, where metadata.rb supports 'amazon'
//! package 'httpd' if platform_family?('rhel', 'amazon')   # instead
//! ```
//!
//! Other tools: OHAI-7.

use crate::audit::context::File;
use crate::audit::shape::{argument, call, literal};
use crate::audit::visit::walk;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Call, Expr, Node, Pair, When};

pub(super) const RULE: Rule = Rule {
    code: "A115",
    name: "amazon-family",
    title: "Amazon Linux is no longer in the rhel family",
    severity: Severity::Warning,
    category: Category::Removed,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::Cookbook,
    since: Some("12"),
    removed: Some("13"),
    also: &["OHAI-7"],
    page: include_str!("amazon_family.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for metadata in context.of(&[Kind::Metadata]).filter(|file| supports_amazon(file)) {
        let root = metadata.path.strip_suffix("metadata.rb").unwrap_or("");
        for file in context.ruby().filter(|file| file.path.starts_with(root)) {
            in_file(file, findings);
        }
    }
}

/// `supports 'amazon'`, also from a list.
fn supports_amazon(metadata: &File) -> bool {
    let (mut supported, mut from_list, mut listed) = (false, false, false);
    metadata.walk(&mut |node, _| {
        listed |= literal(node).is_some_and(|text| text == "amazon");
        if let Some(value) = call(node).filter(|call| call.name.as_str() == "supports").and_then(|call| argument(call, 0)) {
            let name = literal(value);
            supported |= name.as_deref() == Some("amazon");
            from_list |= name.is_none();
        }
    });
    supported || (from_list && listed)
}

fn in_file(file: &File, findings: &mut Vec<Finding>) {
    const MESSAGE: &str = "Amazon Linux is of the family `amazon`, and this names `rhel` alone";
    file.walk(&mut |node, place| match &node.expr {
        Expr::Case { whens, .. } if !names(node, "amazon") => {
            for value in whens.iter().filter_map(rhel) {
                findings.push(file.finding(RULE.name, file.line(value.span.start), MESSAGE));
            }
        }
        Expr::Call(call) => {
            // `platform_family?('rhel') || platform?('amazon')` names both.
            let whole = place.parents.iter().rev().take_while(|parent| is_joined(parent)).last().copied().unwrap_or(node);
            // `platform_family?('rhel') && node['platform_version'].to_i < 7` is about the versions of RHEL.
            if tests_rhel(call) && !names(whole, "amazon") && !(matches!(whole.expr, Expr::And(..)) && names(whole, "platform_version")) {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), MESSAGE));
            }
        }
        _ => {}
    });
}

fn is_joined(node: &Node) -> bool {
    matches!(&node.expr, Expr::Or(..) | Expr::And(..)) || matches!(&node.expr, Expr::Sequence(list) if list.len() == 1)
}

fn rhel(when: &When) -> Option<&Node> {
    when.values.iter().map(|value| &**value).find(|value| names(value, "rhel"))
}

fn tests_rhel(call: &Call) -> bool {
    match call.name.as_str() {
        "platform_family?" => call.args.iter().any(|arg| matches!(arg, Arg::Value(value) | Arg::Splat(value) if names(value, "rhel"))),
        "value_for_platform_family" => call.args.iter().any(|arg| match arg {
            Arg::Hash(pairs) => has_key(pairs),
            Arg::Value(value) => matches!(&value.expr, Expr::Hash(pairs) if has_key(pairs)),
            _ => false,
        }),
        _ => false,
    }
}

fn has_key(pairs: &[Pair]) -> bool {
    pairs.iter().any(|pair| matches!(pair, Pair::Entry(key, _) if names(key, "rhel")))
}

/// Whether `family` is written anywhere in `node`.
fn names(node: &Node, family: &str) -> bool {
    let mut found = false;
    walk(node, &mut |inner, _| found |= literal(inner).is_some_and(|text| text == family));
    found
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    #[test]
    fn what_is_about_versions_or_names_both() {
        let code = "a if platform_family?('rhel') && node['platform_version'].to_i < 7\n\
                    a if platform_family?('rhel')\n\
                    a if (platform?('amazon') && x) || (platform_family?('rhel') && y)\n";
        let files = [("metadata.rb", "name 'x'\nsupports 'amazon'\n"), ("recipes/a.rb", code)];
        assert_eq!(found("amazon-family", &files), ["recipes/a.rb:2"]);
    }
}
