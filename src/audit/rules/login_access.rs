//! # login-access: Accounts and keys to log in
//!
//! Nobody logs in to a container; ssh keys and sudo rights there are only attack surface.
//!
//! Fix: Drop; use kubectl exec or SSM and the cluster's roles.
//!
//! ```ruby
//! sudo 'deploy' do   # finding
//!   nopasswd true
//! end
//! ```

use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A206",
    name: "login-access",
    title: "Accounts and keys to log in",
    severity: Severity::Note,
    category: Category::Container,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("login_access.rs"),
    check,
    fix: None,
    secret: false,
};

const SIGNS: Signs = Signs {
    resources: &["users_manage", "ssh_authorize_key", "sudo"],
    paths: &["/etc/sudoers", "/etc/sudoers.d/", "*/.ssh/authorized_keys"],
    recipes: &["users", "sudo", "openssh", "ssh_users"],
    command: None,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "nobody logs in to a container", findings);
}
