//! # sysctl: Kernel parameters
//!
//! A container shares the node's kernel; most sysctls can't be set from it and a Dockerfile never can.
//!
//! Fix: Set namespaced ones in the pod's securityContext.sysctls, others on the node.
//!
//! ```ruby
//! sysctl 'vm.swappiness' do   # finding
//!   value 10
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A201",
    name: "sysctl",
    title: "Kernel parameters",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Modernize/SysctlParamResource", "Chef/Modernize/ExecuteSysctl"],
    page: include_str!("sysctl.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?sysctl\s+(?:-\S+\s+)*(?:-w\b|-p\b|--system\b|--write\b|--load\b|[\w.]+=)|(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?sysctl\s+(?:-w|-p|--system)|>\s*/proc/sys/|tee\s+(?:-a\s+)?/proc/sys/"#,
);

static SIGNS: Signs =
    Signs { resources: &["sysctl", "sysctl_param"], paths: &["/etc/sysctl.conf", "/etc/sysctl.d/"], recipes: &[], command: Some(&COMMAND) };

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "kernel parameters are the node's", findings);
}
