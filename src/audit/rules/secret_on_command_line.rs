//! # secret-on-command-line: A password as a command's argument
//!
//! It shows in the process list, the Chef log and the image history.
//!
//! Fix: Use an option file, an environment variable from a secret, or a build secret.
//!
//! ```ruby
//! execute 'mysql -uroot -pS3cret shop'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A318",
    name: "secret-on-command-line",
    title: "A password as a command's argument",
    severity: Severity::Warning,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-214"],
    page: include_str!("secret_on_command_line.rs"),
    check,
    fix: None,
    secret: true,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:mysql|mysqladmin|mysqldump)\s(?:[^|;&]*\s)?(?:-p[^\s\x27\x22]|-p[\x27\x22]\S|--password[= ]\S)|\bcurl\s(?:[^|;&]*\s)?(?:-u|--user)[ =]?[\x27\x22]?[\w#{}.\-]+:[^\s\x27\x22]|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?htpasswd\s+(?:-\S+\s+)*-\w*b|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?sshpass\s+-p|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?redis-cli\s(?:[^|;&]*\s)?-a\s|\bdocker\s+login\s(?:[^|;&]*\s)?(?:-p\s|--password[= ])|\becho\s[^|;&]*\|\s*(?:sudo\s+)?(?:passwd|chpasswd)\b"#,
);

static SIGNS: Signs = Signs { resources: &[], paths: &[], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "it shows in the process list", findings);
}
