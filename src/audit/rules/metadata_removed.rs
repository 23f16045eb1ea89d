//! # metadata-removed: Metadata fields that no longer work
//!
//! recommends, suggests, conflicts, replaces and grouping are ignored since 13; the constraints << and >> are an error since 16.
//!
//! Fix: Delete the line; write < and >. `--fix` does both, save where the line holds more than the field, a comment for one.
//!
//! ```ruby
//! recommends 'git'            # finding
//! depends 'nginx', '>> 1.0'   # finding
//! depends 'nginx', '> 1.0'    # instead
//! ```

use crate::audit::fix::{Edit, Fixer, each_call, quoted, whole_lines};
use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::Expr;

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
    fix: Some(Fixer::File(mend)),
    secret: false,
};

/// Fields that have no effect.
pub(super) const REMOVED: &[&str] = &["recommends", "suggests", "conflicts", "replaces", "grouping"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Metadata]) {
        file.walk(&mut |node, _| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none() && !call.args.is_empty()) else { return };
            let message = match call.name.as_str() {
                name if REMOVED.contains(&name) => format!("`{}` has no effect", call.name),
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

/// `suggests 'x'` goes with its line; `depends 'x', '>> 1.0'` → `depends 'x', '> 1.0'`.
fn mend(file: &File, edits: &mut Vec<Edit>) {
    if file.kind != Kind::Metadata {
        return;
    }
    each_call(file, &mut |node, field, place| {
        if field.receiver.is_some() {
            return;
        }
        let line = file.line(field.name_span.start);
        match field.name.as_str() {
            name if REMOVED.contains(&name) && place.parents.len() <= 1 && field.block.is_none() => {
                if let Some(whole) = whole_lines(file.text, node.span.start as usize, node.span.end as usize) {
                    edits.push(Edit::new(RULE.name, file, line, whole, ""));
                }
            }
            "depends" | "supports" => {
                let Some(constraint) = argument(field, 1).filter(|constraint| matches!(constraint.expr, Expr::Str(_))) else { return };
                let source = file.source(constraint.span);
                let doubled = source.find("<<").or_else(|| source.find(">>"));
                if let Some(at) = doubled.and_then(|at| u32::try_from(at).ok()).filter(|_| quoted(source).is_some()) {
                    let start = constraint.span.start + at;
                    edits.push(Edit::new(RULE.name, file, line, (start, start + 1), ""));
                }
            }
            _ => {}
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn lines_go_and_constraints_lose_a_sign() {
        for (text, new) in [
            ("name 'a'\nsuggests 'b'\nversion '1'\n", "name 'a'\nversion '1'\n"),
            ("name 'a'\r\nrecommends 'b',\r\n  '> 1'\r\n", "name 'a'\r\n"),
            ("grouping 'a', :title => 'b'", ""),
            ("depends \"c\", \">> 1.0\" # x\nsupports 'd', '<< 2'\n", "depends \"c\", \"> 1.0\" # x\nsupports 'd', '< 2'\n"),
            ("suggests 'b' # one day\n", "suggests 'b' # one day\n"),
            ("%w(a b).each { |x| suggests x }\n", "%w(a b).each { |x| suggests x }\n"),
        ] {
            assert_eq!(mended_file("metadata-removed", "metadata.rb", text), new);
        }
    }
}
