//! # mode-decimal: A mode that isn't octal
//!
//! 755 is 01363 in octal: other bits than meant.
//!
//! Fix: '0755'. `--fix` writes it, save where the number may have been meant as it is (420 is 0644, 511 is 0777), and save 777 and 666:
//! nothing is opened to everyone without a person's word.
//!
//! ```ruby
//! directory '/srv' do
//!   mode 755      # finding: this is 01363
//!   mode '0755'   # instead
//! end
//! ```

use crate::audit::fix::{Edit, Fixer, each_call};
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
    fix: Some(Fixer::File(mend)),
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
        let (octal, decimal) = (u32::from_str_radix(written, 8), written.parse());
        if let (Ok(octal), Ok(decimal)) = (octal, decimal)
            && !written.starts_with('0')
            && is_usual(octal)
            && !is_usual(decimal)
            && octal & 0o002 == 0
        {
            edits.push(Edit::new(RULE.name, file, file.line(mode.name_span.start), (value.span.start, value.span.end), new));
        }
    });
}

/// Whether someone means this mode: the owner reads at least, and nobody may do what those before may not.
fn is_usual(mode: u32) -> bool {
    let [owner, group, others] = [mode >> 6 & 7, mode >> 3 & 7, mode & 7];
    let known = |bits: u32| matches!(bits, 0 | 1 | 4..=7);
    mode <= 0o7777 && owner >= 4 && known(group) && known(others) && group & !owner == 0 && others & !group == 0
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn numbers_become_octal_unless_they_are_right_as_they_are() {
        for (mode, new) in [
            ("755 # x", "'0755' # x"),
            ("(644)", "('0644')"),
            ("1755", "'1755'"),
            ("1777", "1777"),
            ("600", "'0600'"),
            ("400", "'0400'"),
            ("440", "'0440'"),
            ("666", "666"),
            ("777", "777"),
            ("493", "493"),
            ("420", "420"),
            ("511", "511"),
            ("384", "384"),
            ("75", "75"),
        ] {
            let text = |mode: &str| format!("file '/x' do\n  mode {mode}\nend\n");
            assert_eq!(mended_file("mode-decimal", "recipes/a.rb", &text(mode)), text(new));
        }
    }
}
