//! # script-without-code: Script resource without code
//!
//! bash, script, python, perl, ruby and csh need `code`; `command` in them, or nothing at all, is an error since Chef 13.
//!
//! Fix: Rename command to code. `--fix` does it where `command` stands once and is no list; without one there is nothing to run.
//!
//! ```ruby
//! bash 'install' do
//!   command 'make install'   # finding: bash runs `code`
//! end
//! ```

use crate::audit::fix::{Edit, Fixer, each_call};
use crate::audit::shape::{argument, call, is_resource, properties};
use crate::audit::visit::declares;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::Expr;

pub(super) const RULE: Rule = Rule {
    code: "A117",
    name: "script-without-code",
    title: "Script resource without code",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12"),
    removed: Some("13"),
    also: &["FC110"],
    page: include_str!("script_without_code.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(call) = call(node)
                && is_resource(call, &["bash", "script", "python", "perl", "ruby", "csh", "ksh"])
                && declares(call)
                && !call.args.is_empty()
                && properties(call, "code").is_empty()
            {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), format!("`{}` has no `code`", call.name)));
            }
        });
    }
}

/// `command` of a script resource → `code`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |_, script, _| {
        if is_resource(script, &["bash", "script", "python", "perl", "ruby", "csh", "ksh"])
            && properties(script, "code").is_empty()
            && let [(_, command)] = properties(script, "command").as_slice()
            && argument(command, 0).is_some_and(|value| matches!(value.expr, Expr::Str(_) | Expr::Local(_) | Expr::Call(_)))
        {
            let line = file.line(script.name_span.start);
            edits.push(Edit::new(RULE.name, file, line, (command.name_span.start, command.name_span.end), "code"));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn command_becomes_code() {
        for (text, new) in [
            ("bash 'x' do\n  command   'ls' # c\nend\n", "bash 'x' do\n  code   'ls' # c\nend\n"),
            ("python 'x' do\n  command <<-E\n    a\n  E\nend\n", "python 'x' do\n  code <<-E\n    a\n  E\nend\n"),
            ("bash 'x' do\n  command ['ls', '-l']\nend\n", "bash 'x' do\n  command ['ls', '-l']\nend\n"),
            ("bash 'x' do\n  cwd '/'\nend\n", "bash 'x' do\n  cwd '/'\nend\n"),
            (
                "bash 'x' do\n  if y\n    command 'a'\n  else\n    command 'b'\n  end\nend\n",
                "bash 'x' do\n  if y\n    command 'a'\n  else\n    command 'b'\n  end\nend\n",
            ),
        ] {
            assert_eq!(mended_file("script-without-code", "recipes/a.rb", text), new);
        }
    }
}
