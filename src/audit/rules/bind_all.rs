//! # bind-all: A data store or console open to every address
//!
//! It listens on 0.0.0.0 or admits 0.0.0.0/0, so only the network keeps others out. A web application or proxy must listen there:
//! that is fine.
//!
//! Fix: Bind to localhost, or admit the pod network only.
//!
//! ```ruby
//! default['redis']['bind'] = '0.0.0.0'     # finding
//! default['redis']['bind'] = '127.0.0.1'   # instead
//! ```
//!
//! Other tools: CWE-284, `GLITCH sec_invalid_bind`.

use crate::audit::command::commands;
use crate::audit::context::is_description;
use crate::audit::pattern::Pattern;
use crate::audit::setting::{lines, settings};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A314",
    name: "bind-all",
    title: "A data store or console open to every address",
    severity: Severity::Warning,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-284", "GLITCH sec_invalid_bind"],
    page: include_str!("bind_all.rs"),
    check,
    fix: None,
    secret: false,
};

/// Data stores, brokers and consoles.
static STORE: Pattern = Pattern::new(
    r"(?i)mysql|maria|postgres|pg_hba|listen_addresses|redis|memcache|mongo|elasticsearch|rabbitmq|consul(?!t)|jenkins|kibana|(?<![a-z])my\.cnf",
);
static DOCKER: Pattern = Pattern::new(r"(?i)docker(?!-?compose|file)");
static ANY: Pattern = Pattern::new(r"(?<![\d.\w])0\.0\.0\.0(?:/0)?(?![\d.\w/])|(?<![\w:])::/0(?!\d)");
static STAR: Pattern = Pattern::new(r"^(?:tcp://)?\*(?::\d+)?$");
static LISTEN: Pattern = Pattern::new(r"(?i)listen|bind");
static SERVER: Pattern = Pattern::new(
    r"(?:^|[\s;&|/])(?:memcached|redis-server|mongod|mysqld(?:_safe)?|postgres|pg_ctl|consul|elasticsearch|kibana|rabbitmq-server)\s|\bjenkins\.war\b",
);
static DOCKER_SERVER: Pattern = Pattern::new(r"(?:^|[\s;&|/])(?:dockerd|docker\s+(?:-d|daemon))\s");
const MESSAGE: &str = "it can be reached from every address";

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.files.iter().filter(|file| !is_description(&file.path)) {
        for setting in settings(file) {
            let star = LISTEN.matches(&setting.name) && STAR.matches(&setting.value);
            if (star || ANY.matches(&setting.value)) && is_store(&setting.about, &setting.value) {
                findings.push(file.finding(RULE.name, setting.line, MESSAGE));
            }
        }
        for line in lines(file).iter().filter(|line| ANY.matches(&line.text) && is_store(&line.about, &line.text)) {
            findings.push(file.finding(RULE.name, line.line, MESSAGE));
        }
        for line in commands(file).iter().filter(|line| ANY.matches(&line.text)) {
            if SERVER.matches(&line.text) || (DOCKER_SERVER.matches(&line.text) && line.text.contains("tcp://")) {
                findings.push(file.finding(RULE.name, line.line, MESSAGE));
            }
        }
    }
}

/// Whether this is about a data store, or about the address of the Docker daemon.
fn is_store(about: &str, value: &str) -> bool {
    STORE.matches(about) || (DOCKER.matches(about) && value.contains("tcp://"))
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn stores_count_and_applications_do_not() {
        let code = "default['shop']['bind'] = '0.0.0.0'\ndefault['postgresql']['config']['listen_addresses'] = '*'\n\
                    default['docker']['host'] = ['unix:///run/a', 'tcp://0.0.0.0:2375']\ndefault['redis']['version'] = '0.0.0.1'\n";
        assert_eq!(lines("attributes/default.rb", code, "bind-all"), [2, 3]);
        assert_eq!(lines("files/pg_hba.conf", "# 0.0.0.0/0\nhost all all 0.0.0.0/0 reject\n", "bind-all"), [2]);
        assert_eq!(lines("recipes/a.rb", "execute 'memcached -d -l 0.0.0.0'\nexecute 'puma -b tcp://0.0.0.0:80'\n", "bind-all"), [1]);
    }
}
