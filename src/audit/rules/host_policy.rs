//! # host-policy: SELinux, AppArmor, limits
//!
//! These are set on the node or by the container runtime.
//!
//! Fix: securityContext, ulimits of the runtime, or drop.
//!
//! ```ruby
//! user_ulimit 'deploy' do   # finding
//!   filehandle_limit 8192
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A220",
    name: "host-policy",
    title: "SELinux, AppArmor, limits",
    severity: Severity::Note,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("host_policy.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:setenforce|setsebool|semanage|aa-complain)(?=\s|$|[;&|)])|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?ulimit\s+-"#,
);

static SIGNS: Signs = Signs {
    resources: &["selinux_*", "apparmor_*", "user_ulimit", "limits_domain", "limits_config"],
    paths: &["/etc/selinux/", "/etc/apparmor.d/", "/etc/security/limits.conf", "/etc/security/limits.d/"],
    recipes: &["selinux", "ulimit", "limits"],
    command: Some(&COMMAND),
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "set on the node or by the container runtime", findings);
}
