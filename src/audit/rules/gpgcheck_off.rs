//! # gpgcheck-off: Package signatures not checked
//!
//! A mirror or a man in the middle can install anything.
//!
//! Fix: Import the repository's key; use signed-by.
//!
//! ```ruby
//! yum_repository 'acme' do
//!   gpgcheck false   # finding
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::{is_chosen, report_lines};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A308",
    name: "gpgcheck-off",
    title: "Package signatures not checked",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-347", "GLITCH sec_no_int_check"],
    page: include_str!("gpgcheck_off.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    "gpg|trusted|allow-unauth|force-yes",
    r#"\bgpgcheck(?:[\x27\x22]?\]?)(?:\s+|\s*=>?\s*|:\s*)(?:false\b|[\x27\x22]?0\b)|^\s*trusted\s+true\b|\[(?:[^\]]*\s)?trusted=yes\b|--nogpgcheck\b|--no-gpg-checks?\b|--allow-unauthenticated\b|--force-yes\b"#,
);

/// What an attribute is called that turns it off only where it is wished.
static MATTER: Pattern = Pattern::new(r"(?i)gpg|trusted|verif");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    report_lines(context, &TEXT, RULE.name, "packages are installed unchecked", &mut found);
    findings.extend(found.into_iter().filter(|finding| !is_chosen(context, finding, &MATTER)));
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_template_that_writes_what_is_wished() {
        let text = "[main]\n<% if @config.gpgcheck %>\ngpgcheck=1\n<% else %>\ngpgcheck=0\n<% end %>\n";
        assert!(lines("templates/default/repo.erb", text, "gpgcheck-off").is_empty());
        assert_eq!(lines("templates/default/repo.erb", "[main]\nenabled=1\ngpgcheck=0\n", "gpgcheck-off"), [3]);
    }
}
