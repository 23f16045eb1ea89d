//! # empty-password: An empty password
//!
//! Anyone who reaches the port is in, and in a cluster more can reach it than on one machine.
//!
//! Fix: Set one through a secret, or switch to authentication by socket.
//!
//! ```ruby
//! default['mysql']['root_password'] = ''   # finding
//! default['mysql']['root_password'] = nil  # instead: a value must then be given
//! ```
//!
//! Other tools: CWE-258, `GLITCH sec_empty_pass`.

use crate::audit::command::commands;
use crate::audit::context::is_description;
use crate::audit::pattern::Pattern;
use crate::audit::setting::{Setting, settings};
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A311",
    name: "empty-password",
    title: "An empty password",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-258", "GLITCH sec_empty_pass"],
    page: include_str!("empty_password.rs"),
    check,
    fix: None,
    secret: false,
};

static NAME: Pattern = Pattern::new(r"(?i)(?:passw(?:or)?d|passphrase|(?:^|[_\-.]|db|user|root|my|sql|require)pass|pwd)$");
/// What lets everyone in by its name.
static SWITCH: Pattern = Pattern::near(
    "allow_empty|grant",
    r"(?i)\bALLOW_EMPTY(?:_ROOT)?_PASSWORD[\x22\x27]?\]?\s*(?:=>|[=:])\s*[\x22\x27]?(?:yes|true|on|1)\b|--skip-grant-tables\b|^\s*skip[\-_]grant[\-_]tables\b",
);
static PREFIXED: Pattern = Pattern::near(
    "allow_empty",
    r"(?i)\b(?:MYSQL|MARIADB|POSTGRES|POSTGRESQL)_ALLOW_EMPTY(?:_ROOT)?_PASSWORD[\x22\x27]?\]?\s*(?:=>|[=:])\s*[\x22\x27]?(?:yes|true|on|1)\b",
);
static COMMAND: Pattern =
    Pattern::new(r"(?i)(?:^|\s)(?:export\s+|--?)?[\w\-]*(?:password|passwd|passphrase)[=\s]\s*(?:\x22\x22|\x27\x27)(?=\s|$|[;&|)])");
/// Who the password is for.
static USER: Pattern = Pattern::new(r"(?i)(?:user|username|login|account|email)$");
const MESSAGE: &str = "an empty password lets anyone in";

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &SWITCH, RULE.name, MESSAGE, findings);
    report_lines(context, &PREFIXED, RULE.name, MESSAGE, findings);
    for file in context.files.iter().filter(|file| !is_description(&file.path)) {
        let all = settings(file);
        for setting in all.iter().filter(|setting| setting.value.is_empty() && is_password(&setting.name)) {
            // With an empty user beside it nothing is set yet.
            let user = |other: &Setting| {
                USER.matches(&other.name) && other.value.is_empty() && other.line.abs_diff(setting.line) <= 3 && is_beside(other, setting)
            };
            if !all.iter().any(user) {
                findings.push(file.finding(RULE.name, setting.line, MESSAGE));
            }
        }
        for line in commands(file).iter().filter(|line| COMMAND.matches(&line.text)) {
            findings.push(file.finding(RULE.name, line.line, MESSAGE));
        }
    }
}

/// `htpasswd` is a file, and PHP's `mysql.default_password` is empty as it is delivered.
fn is_password(name: &str) -> bool {
    let lower = name.to_lowercase();
    let stock = lower.contains('.') && (lower.ends_with(".default_password") || lower.ends_with(".default_pw"));
    NAME.matches(name) && !lower.ends_with("htpasswd") && !stock
}

/// Whether both are of the same thing: what they are about differs in the last name only.
fn is_beside(one: &Setting, other: &Setting) -> bool {
    one.about.replace(&one.name, "") == other.about.replace(&other.name, "")
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn with_an_empty_user_nothing_is_set_yet() {
        let code = "default[:db][:replication][:user] = ''\ndefault[:db][:replication][:password] = ''\n\
                    default[:db][:admin][:user] = 'root'\ndefault[:db][:admin][:password] = ''\n";
        assert_eq!(lines("attributes/default.rb", code, "empty-password"), [4]);
    }

    #[test]
    fn files_of_passwords_and_defaults_of_php_are_none() {
        assert!(lines("templates/default/php.ini.erb", "mysql.default_password =\nifx.default_password =\n", "empty-password").is_empty());
        assert!(lines("recipes/default.rb", "htpasswd = ''\n", "empty-password").is_empty());
    }

    #[test]
    fn only_a_value_that_is_given_counts() {
        let code = "default['a']['passwd'] = \"\"\nif password == ''\nend\ndefault['a']['compass'] = ''\npassword ||= ''\n";
        assert_eq!(lines("attributes/default.rb", code, "empty-password"), [1, 5]);
        let text = "db:\n  password: ''\n  name: ''\nMYSQL_ALLOW_EMPTY_PASSWORD=yes\nALLOW_EMPTY_PASSWORD: \"no\"\nrequirepass \"\"\n";
        assert_eq!(lines("files/a.yml", text, "empty-password"), [2, 4, 6]);
    }
}
