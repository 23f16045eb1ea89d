//! # admin-user: The application uses an administrator account
//!
//! One injection then owns the whole server.
//!
//! Fix: Make an account with the rights that the application needs. Owners of files and processes are not meant.
//!
//! ```ruby
//! default['shop']['db']['username'] = 'root'   # finding
//! default['shop']['db']['username'] = 'shop'   # instead
//! ```
//!
//! Other tools: CWE-250, `GLITCH sec_def_admin`.

use crate::audit::context::is_description;
use crate::audit::pattern::Pattern;
use crate::audit::setting::settings;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A312",
    name: "admin-user",
    title: "The application uses an administrator account",
    severity: Severity::Note,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-250", "GLITCH sec_def_admin"],
    page: include_str!("admin_user.rs"),
    check,
    fix: None,
    secret: false,
};

static NAME: Pattern = Pattern::new(r"(?i)(?:user|username|login)$");
static VALUE: Pattern = Pattern::new(r"^(?i:root|admin|sa|postgres|administrator)$");
/// Databases, brokers and web consoles.
static SERVER: Pattern = Pattern::new(
    r"(?i)mysql|maria|postgres|mongo|rabbit|redis|jenkins|grafana|database|console|my\.cnf|(?<![a-z])(?:db|pg|rds)(?=[^a-z]|user|login|admin|$)|[a-z]db(?![a-z])",
);
/// Accounts of processes in unit and supervisor files.
static PROCESS: Pattern = Pattern::new(r"\[(?:Service|program:[^\]]*|supervisord)\]");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.files.iter().filter(|file| !is_description(&file.path)) {
        for setting in settings(file) {
            let account = NAME.matches(&setting.name) && VALUE.matches(&setting.value);
            let process =
                (setting.property && setting.name == "user") || PROCESS.matches(&setting.about) || setting.about.contains("shell_out");
            if account && !process && SERVER.matches(&setting.about) {
                let message = format!("`{}` is an administrator account", setting.name);
                findings.push(file.finding(RULE.name, setting.line, message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn accounts_of_the_system_are_none() {
        let code = "shell_out('psql -c x', user: 'postgres')\ncreate_mysql(user: 'root', group: 'root')\n\
                    default['postgresql']['pg_hba'] = [{ user: 'postgres', method: 'ident' }, { user: 'postgres', method: 'trust' }]\n";
        assert_eq!(lines("recipes/default.rb", code, "admin-user"), [3]);
        let ident = "default['postgresql']['pg_hba'] = [{ user: 'postgres', method: 'ident' }]\n";
        assert!(lines("attributes/default.rb", ident, "admin-user").is_empty());
    }

    #[test]
    fn what_it_is_about_decides() {
        let code = "info = { host: 'a', username: 'root' }\nmysql_info = { host: 'a', username: 'root' }\nuser = 'admin'\n\
                    execute 'psql' do\n  user 'postgres'\n  environment 'PGUSER' => 'postgres'\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "admin-user"), [2, 6]);
        assert_eq!(lines("files/app.yml", "web:\n  user: root\nmysql:\n  main:\n    user: root\n", "admin-user"), [5]);
        assert!(lines("files/postgresql.service", "[Service]\nUser=postgres\n", "admin-user").is_empty());
    }
}
