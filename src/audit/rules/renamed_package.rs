//! # renamed-package: A package that today's distributions don't have
//!
//! Packages change their names, merge and go. A cookbook of 2014 names those of Ubuntu 12.04 or 14.04; the image is built on Debian 12
//! or 13 or Ubuntu 24.04, and there `apt-get install` stops with "Unable to locate package": one old name, and no image.
//!
//! Found in `package` resources, lists that are looped over, attributes called `packages`, and `apt-get install` lines. Names that
//! stand only in a branch for RPM distributions are left alone; so is what a resource removes.
//!
//! Fix: the successor that the message names. `phantomjs` has none: use a headless Chromium.
//!
//! ```ruby
//! package 'git-core'                                    # finding
//! package 'git'                                         # instead
//! %w(curl libreadline6-dev).each { |p| package p }      # finding
//! %w(curl libreadline-dev).each { |p| package p }       # instead
//! ```
//!
//! Versioned runtimes (`php5-fpm`, `ruby1.9.1`) are `eol-version`.

use crate::audit::installed::installed;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::facts::package::successor;

pub(super) const RULE: Rule = Rule {
    code: "A604",
    name: "renamed-package",
    title: "A package today's distributions don't have",
    severity: Severity::Error,
    category: Category::EndOfLife,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("renamed_package.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        for package in installed(file).iter().filter(|package| !package.rpm) {
            let name = &package.name;
            let message = match successor(name) {
                None => continue,
                Some(Some(new)) => format!("`{name}` is gone; today it is `{new}`"),
                Some(None) => format!("`{name}` is gone, and nothing takes its place"),
            };
            findings.push(file.finding(RULE.name, package.line, message));
        }
    }
}
