//! # background-process: A process sent to the background
//!
//! It dies with the build step; in a container the main process must stay in front.
//!
//! Fix: Make it the command of its own container, without nohup, & or the daemon flag.
//!
//! ```ruby
//! execute 'nohup /opt/shop/bin/worker &'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A224",
    name: "background-process",
    title: "A process sent to the background",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("background_process.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:nohup|setsid|start-stop-daemon(?![^|;&]*\s(?:--stop|--status|-K|-T)\b))(?=\s|$|[;&|)])|\s--daemon(?:ize)?(?=\s|$|=true)|\bunicorn\w*\b[^|;&]*\s-\w*D\w*(?=\s|$)|[^&;]&\s*$"#,
);

static SIGNS: Signs = Signs { resources: &[], paths: &[], recipes: &[], command: Some(&COMMAND) };

/// A script that an init system calls with `start`: it is the daemon's, and runs in no build.
static INIT: Pattern = Pattern::new(r"(?m)^### BEGIN INIT INFO|^#!/sbin/openrc-run|^#\s*chkconfig:|^\s*[\x22\x27]?start[\x22\x27]?\)\s*$");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    SIGNS.report(context, RULE.name, "it dies with the build step", &mut found);
    let init = |finding: &Finding| {
        context.files.iter().any(|file| file.path == finding.path && !file.path.ends_with(".rb") && INIT.matches(file.text))
    };
    findings.extend(found.into_iter().filter(|finding| !init(finding)));
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn what_stops_a_daemon_or_is_an_init_script() {
        let code = "execute 'start-stop-daemon --stop --pidfile /run/a.pid'\nexecute 'start-stop-daemon --start --exec /opt/a'\n";
        assert_eq!(lines("recipes/default.rb", code, "background-process"), [2]);
        let script = "#!/bin/sh\ncase \"$1\" in\n  start)\n    start-stop-daemon --start --exec /opt/a\n  ;;\nesac\n";
        assert!(lines("templates/default/a.sh.erb", script, "background-process").is_empty());
        assert_eq!(lines("files/default/a.sh", "#!/bin/sh\nnohup /opt/a &\n", "background-process"), [2]);
    }
}
