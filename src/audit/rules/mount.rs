//! # mount: Mounts, volumes and file systems
//!
//! A container can't mount devices; storage is given to it.
//!
//! Fix: Declare a volume (PVC, EFS) or drop the disk.
//!
//! ```ruby
//! mount '/data' do   # finding
//!   device '/dev/xvdf'
//! end
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A202",
    name: "mount",
    title: "Mounts, volumes and file systems",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("mount.rs"),
    check,
    fix: None,
    secret: false,
};

static COMMAND: Pattern = Pattern::new(
    r#"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|env|nohup)\s)\s*(?:\w+=\S*\s+)*(?:/usr)?(?:/s?bin/)?(?:mount(?!\s*(?:$|[|>;&)`]|-[vl]\b))|umount|mkfs(?:\.\w+)?|mdadm|lvcreate|parted)(?=\s|$|[;&|)])"#,
);

static SIGNS: Signs = Signs {
    resources: &["mount", "mdadm", "lvm_*", "filesystem", "aws_ebs_volume", "ebs_volume"],
    paths: &["/etc/fstab"],
    recipes: &[],
    command: Some(&COMMAND),
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "storage is given to a container, not mounted by it", findings);
}
