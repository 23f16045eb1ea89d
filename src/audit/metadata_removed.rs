//! # metadata-removed: Metadata fields that no longer work
//!
//! recommends, suggests, conflicts, replaces and grouping are ignored since 13; the constraints << and >> are an error since 16.
//!
//! Fix: Delete the line; write < and >.
//!
//! ```ruby
//! recommends 'git'            # finding
//! depends 'nginx', '>> 1.0'   # finding
//! depends 'nginx', '> 1.0'    # instead
//! ```

use super::shape::{argument, call, literal};
use super::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A113",
    name: "metadata-removed",
    title: "Metadata fields that no longer work",
    severity: Severity::Note,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12"),
    removed: Some("16"),
    also: &["FC052", "FC053", "FC076", "FC077"],
    page: include_str!("metadata_removed.rs"),
    check,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Metadata]) {
        file.walk(&mut |node, _| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none() && !call.args.is_empty()) else { return };
            let message = match call.name.as_str() {
                "recommends" | "suggests" | "conflicts" | "replaces" | "grouping" => format!("`{}` has no effect", call.name),
                "depends" | "supports" => match argument(call, 1).and_then(|constraint| literal(constraint)) {
                    Some(constraint) if constraint.trim_start().starts_with("<<") || constraint.trim_start().starts_with(">>") => {
                        format!("constraint `{constraint}` is no longer understood")
                    }
                    _ => return,
                },
                _ => return,
            };
            findings.push(file.finding(RULE.name, file.line(call.name_span.start), message));
        });
    }
}
