//! # kernel-module: Kernel modules
//!
//! Modules are loaded into the node's kernel.
//!
//! Fix: Put them into the node image or drop them.
//!
//! ```ruby
//! execute 'modprobe nf_conntrack'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A204",
    name: "kernel-module",
    title: "Kernel modules",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["Chef/Modernize/DependsOnKernelModuleCookbook"],
    page: include_str!("kernel_module.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:modprobe|insmod|rmmod)(?=\s|$|[;&|)])"#,
);

static SIGNS: Signs = Signs {
    resources: &["kernel_module", "modules"],
    paths: &["/etc/modules", "/etc/modules-load.d/", "/etc/modprobe.d/"],
    recipes: &[],
    command: Some(&COMMAND),
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "modules are loaded into the node's kernel", findings);
}
