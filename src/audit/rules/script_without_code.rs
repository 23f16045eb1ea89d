//! # script-without-code: Script resource without code
//!
//! bash, script, python, perl, ruby and csh need `code`; `command` in them, or nothing at all, is an error since Chef 13.
//!
//! Fix: Rename command to code.
//!
//! ```ruby
//! bash 'install' do
//!   command 'make install'   # finding: bash runs `code`
//! end
//! ```

use crate::audit::fix::{Edit, each_call};
use crate::audit::shape::{call, is_resource, properties};
use crate::audit::visit::declares;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};

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
    fix: Some(mend),
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
        {
            let line = file.line(script.name_span.start);
            edits.push(Edit::new(RULE.name, line, (command.name_span.start, command.name_span.end), "code"));
        }
    });
}
