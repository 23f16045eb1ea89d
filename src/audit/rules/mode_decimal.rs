//! # mode-decimal: A mode that isn't octal
//!
//! 755 is 01363 in octal: other bits than meant.
//!
//! Fix: '0755'.
//!
//! ```ruby
//! directory '/srv' do
//!   mode 755      # finding: this is 01363
//!   mode '0755'   # instead
//! end
//! ```

use crate::audit::fix::{Edit, each_call};
use crate::audit::shape::{argument, call};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::Expr;

pub(super) const RULE: Rule = Rule {
    code: "A407",
    name: "mode-decimal",
    title: "A mode that isn't octal",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["FC006"],
    page: include_str!("mode_decimal.rs"),
    check,
    fix: Some(mend),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, place| {
            let Some(mode) = call(node).filter(|call| call.receiver.is_none() && matches!(call.name.as_str(), "mode" | "files_mode"))
            else {
                return;
            };
            let Some(value) = argument(mode, 0).filter(|value| matches!(value.expr, Expr::Integer(_)) && place.resource().is_some()) else {
                return;
            };
            let written = file.source(value.span);
            if written.len() > 1 && !written.starts_with('0') {
                findings.push(file.finding(
                    RULE.name,
                    file.line(mode.name_span.start),
                    format!("`{written}` is decimal; write `'0{written}'`"),
                ));
            }
        });
    }
}

/// `mode 755` → `mode '0755'`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, mode, _| {
        if mode.receiver.is_some() || !matches!(mode.name.as_str(), "mode" | "files_mode") {
            return;
        }
        let Some(value) = argument(mode, 0).filter(|value| matches!(value.expr, Expr::Integer(_))) else { return };
        let written = file.source(value.span);
        let new = match written.len() {
            3 => format!("'0{written}'"),
            4 => format!("'{written}'"),
            _ => return,
        };
        if !written.starts_with('0') && written.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
            edits.push(Edit::new(RULE.name, file.line(mode.name_span.start), (value.span.start, value.span.end), new));
        }
    });
}
