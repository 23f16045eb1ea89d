//! # curl-pipe-shell: A download piped into a shell
//!
//! Code that nobody has seen runs as root; a cut connection runs half of it.
//!
//! Fix: Fetch a fixed version, check it, then run it.
//!
//! ```ruby
//! execute 'curl -fsSL https://get.example.com/x.sh | sh'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A307",
    name: "curl-pipe-shell",
    title: "A download piped into a shell",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-494", "hadolint DL4006"],
    page: include_str!("curl_pipe_shell.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"\b(?:curl|wget)\b[^;&]*?\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:env\s+)?(?:/usr)?(?:/bin/)?(?:ba|z|da|k)?sh\b|\b(?:curl|wget)\b[^;&]*?\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:/usr)?(?:/bin/)?(?:python[0-9.]*|ruby|perl)(?=\s*$|\s*-\s*$|\s+-\s|\s*[;&])|\b(?:ba|z|da|k)?sh\b[^|;]*(?:\$\(|`|<\()\s*(?:sudo\s+)?(?:curl|wget)\b|(?:\b(?:source|eval)|^\s*\.)\s+[\x22']?(?:<\(|\$\()\s*(?:curl|wget)\b"#,
);

static SIGNS: Signs = Signs { resources: &[], paths: &[], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "code that nobody has seen runs as root", findings);
}
