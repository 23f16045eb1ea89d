//! # eol-os: A base system past its end
//!
//! An image on such a base gets no security updates any more, and its package mirrors move to an archive or go: the build that works
//! today fails tomorrow. On a host the old system could be left running; an image is built again and again.
//!
//! Found where a system is named with its release: an exact `supports` in `metadata.rb`, the platforms of Test Kitchen, `Os` and
//! `DefaultOs` of a stack (JSON or CloudFormation). A range (`>= 14.04`) says nothing about an end and is no finding.
//! Beside a `metadata.json` lies a cookbook as it was published: its test machines are its authors'.
//!
//! Fix: Debian 13 or Ubuntu 24.04; Amazon Linux 2023 where RPM is needed.
//!
//! ```ruby
//! supports 'ubuntu', '= 14.04'   # finding
//! supports 'ubuntu', '= 24.04'   # instead
//! ```
//! ```yaml
//! platforms:
//!   - name: centos-7.9           # finding
//!   - name: debian-13            # instead
//! ```

use crate::audit::context::{File, Kind};
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::facts::end::ended_by;

pub(super) const RULE: Rule = Rule {
    code: "A601",
    name: "eol-os",
    title: "A base system past its end",
    severity: Severity::Warning,
    category: Category::EndOfLife,
    effort: Effort::Large,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("eol_os.rs"),
    check,
    fix: None,
    secret: false,
};

/// A platform of Test Kitchen.
static KITCHEN: Pattern = Pattern::new(r#"\bname:\s*["']?(?:[\w.-]+/)?((?:ubuntu|debian|centos|amazon|redhat|rhel)[a-z-]*-\d[\d.]*)"#);

/// The system of a stack, a layer or an instance.
static STACK: Pattern =
    Pattern::new(r#"(?:^|[\s{,"'])(?:Default)?Os["']?\s*[:=]\s*["']?((?:Ubuntu|CentOS|Amazon Linux|Red ?Hat|RHEL)[A-Za-z ]*\s\d[\d.]*)"#);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let ends_with = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if file.kind == Kind::Metadata {
            supports(file, context.today, findings);
        } else if name.trim_start_matches('.').starts_with("kitchen.") && ends_with(&[".yml", ".yaml"]) {
            // Beside `metadata.json` lies a cookbook as it was published: its authors test there, not its users.
            let published = format!("{}metadata.json", file.path.strip_suffix(name).unwrap_or(""));
            if !context.files.iter().any(|other| other.path == published) {
                platforms(file, context.today, findings);
            }
        } else if ends_with(&[".json", ".yml", ".yaml", ".template"]) {
            for (line, text) in (1..).zip(file.text.lines()).filter(|(_, text)| !text.trim_start().starts_with('#')) {
                STACK.all(text).into_iter().for_each(|(_, system)| named(file, line, system, ' ', context.today, findings));
            }
        }
    }
}

fn supports(file: &File, today: &str, findings: &mut Vec<Finding>) {
    file.walk(&mut |node, _| {
        let Some(entry) = call(node).filter(|call| call.receiver.is_none() && call.name.as_str() == "supports") else { return };
        let mut texts = (0..entry.args.len()).filter_map(|index| argument(entry, index).and_then(|value| literal(value)));
        let Some(platform) = texts.next() else { return };
        for constraint in texts {
            let version = constraint.trim_start_matches('=').trim();
            report(file, file.line(entry.name_span.start), &platform, version, today, findings);
        }
    });
}

/// The names below the key `platforms`.
fn platforms(file: &File, today: &str, findings: &mut Vec<Finding>) {
    let mut inside = false;
    for (line, text) in (1..).zip(file.text.lines()) {
        if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            inside = text.starts_with("platforms:");
        }
        if inside && !text.trim_start().starts_with('#') {
            KITCHEN.all(text).into_iter().for_each(|(_, name)| named(file, line, name, '-', today, findings));
        }
    }
}

/// `Red Hat Enterprise Linux 7` and `centos-stream-8`: a name, and the release behind the last `separator`.
fn named(file: &File, line: u32, system: &str, separator: char, today: &str, findings: &mut Vec<Finding>) {
    let Some((name, version)) = system.rsplit_once(separator) else { return };
    let name = name.to_ascii_lowercase();
    let platform = ["ubuntu", "debian", "centos", "amazon"].into_iter().find(|known| name.starts_with(known)).unwrap_or("redhat");
    report(file, line, platform, version, today, findings);
}

fn report(file: &File, line: u32, platform: &str, version: &str, today: &str, findings: &mut Vec<Finding>) {
    let number = version.starts_with(|c: char| c.is_ascii_digit()) && version.chars().all(|c| c.is_ascii_digit() || c == '.');
    let version = version.trim_end_matches('.');
    if let Some(date) = ended_by(platform, version, today).filter(|_| number) {
        findings.push(file.finding(RULE.name, line, format!("{platform} {version} has had no updates since {date}")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    #[test]
    fn the_test_machines_of_a_published_cookbook_are_its_authors() {
        let kitchen = "platforms:\n  - name: ubuntu-14.04\n";
        let files = [("a/.kitchen.yml", kitchen), ("b/.kitchen.yml", kitchen), ("b/metadata.json", "{}")];
        assert_eq!(found("eol-os", &files), ["a/.kitchen.yml:2"]);
    }
}
