//! # lost-shell-state: cd, export or source that affects nothing
//!
//! Each `execute` is its own shell, and the next one starts afresh: the directory, the variable or the mask is gone. In a Dockerfile the
//! same holds of each `RUN`, for which there are `WORKDIR` and `ENV`.
//!
//! Fix: Cwd, environment, or one command with &&.
//!
//! ```ruby
//! execute 'cd /srv/shop'       # finding: the next one runs elsewhere
//! execute 'bundle install' do   # instead
//!   cwd '/srv/shop'
//! end
//! ```
//! Elsewhere: `hadolint DL3003`.

use crate::audit::command::heredoc;
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, is_resource, outline, properties};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::Expr;

pub(super) const RULE: Rule = Rule {
    code: "A422",
    name: "lost-shell-state",
    title: "cd, export or source that affects nothing",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["hadolint DL3003"],
    page: include_str!("lost_shell_state.rs"),
    check,
    fix: None,
    secret: false,
};

/// Commands that change their own shell and nothing else, and nothing but these.
static STATE: Pattern = Pattern::new(
    r#"\A\s*(?:(?:cd|export|source|\.|umask|ulimit)(?:[ \t]+(?:"[^"`$]*"|'[^']*'|\$\w+|\$\{\w+\}|#\{\}|[^\s;&|<>"'`$()])+)*[ \t]*(?:;|&&|\n|\z)\s*)+\z"#,
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            let Some(execute) = call(node).filter(|call| is_resource(call, &["execute"])) else { return };
            let given = properties(execute, "command");
            let command = given.first().map_or_else(|| argument(execute, 0), |(_, property)| argument(property, 0));
            let Some((value, Expr::Str(pieces))) = command.map(|value| (value, &value.expr)) else { return };
            if !STATE.matches(&outline(pieces)) {
                return;
            }
            let body = if file.source(value.span).starts_with("<<") { heredoc(file, value) } else { Vec::new() };
            let first = body.iter().find(|line| !line.text.trim().is_empty()).map(|line| line.line);
            let line = first.unwrap_or_else(|| file.line(value.span.start));
            findings.push(file.finding(RULE.name, line, "it changes a shell that ends at once"));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn command(text: &str) -> usize {
        found("lost-shell-state", &[("recipes/default.rb", &format!("execute 'x' do\n  command {text}\nend\n"))]).len()
    }

    #[test]
    fn whole_commands_only() {
        for text in
            ["'export PATH=$PATH:/opt/bin'", "\"cd #{dir}\"", "'. /etc/profile'", "'cd /a && umask 022'", "<<-EOH\n  ulimit -n 9\n  EOH"]
        {
            assert_eq!(command(text), 1, "{text}");
        }
        for text in [
            "'cd /a; make'",
            "'source x && y'",
            "'cdrecord x'",
            "'export A=$(date > /x)'",
            "'./configure'",
            "'umask 022 | x'",
            "\"cd /a\nmake\"",
        ] {
            assert_eq!(command(text), 0, "{text}");
        }
    }
}
