//! # host-key-check-off: ssh host keys not checked
//!
//! The clone or copy may come from anyone.
//!
//! Fix: Put the host's key into `known_hosts`.
//!
//! ```ruby
//! execute 'ssh -o StrictHostKeyChecking=no host'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A316",
    name: "host-key-check-off",
    title: "ssh host keys not checked",
    severity: Severity::Warning,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-322"],
    page: include_str!("host_key_check_off.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    "hostkeychecking|knownhostsfile",
    r#"StrictHostKeyChecking[\s=]+[\x22\x27]?(?:no|off)\b|UserKnownHostsFile[\s=]+[\x22\x27]?/dev/null"#,
);
/// A guard that looks whether the option is there.
static GUARD: Pattern = Pattern::new(r"^\s*(?:not_if|only_if)\b.*\bgrep\b");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    report_lines(context, &TEXT, RULE.name, "whoever answers is believed", &mut found);
    let guard = |finding: &Finding| {
        let file = context.file(&finding.path);
        file.and_then(|file| file.text.lines().nth(finding.line.saturating_sub(1) as usize)).is_some_and(|line| GUARD.matches(line))
    };
    findings.extend(found.into_iter().filter(|finding| !guard(finding)));
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_guard_that_looks_for_it_sets_nothing() {
        let code = "execute \"echo 'StrictHostKeyChecking no' > /a\" do\n  not_if \"grep 'StrictHostKeyChecking no' /a\"\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "host-key-check-off"), [1]);
    }
}
