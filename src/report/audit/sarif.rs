//! An audit as SARIF 2.1.0, for code scanning: the rules with their pages, each finding with place, level and a stable fingerprint.
//!
//! In: an [`Audit`]. Out: one document with a run for each repository.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Audit, Repository, Severity};
use crate::audit::{Rule, words};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document; the repositories' folders within the checkout, in the same order, are `folders`.
#[must_use]
pub fn sarif(audit: &Audit, folders: &[String]) -> String {
    let runs: Vec<Value> = audit
        .repositories
        .iter()
        .enumerate()
        .map(|(index, repository)| run(audit, repository, folders.get(index).map_or("", String::as_str)))
        .collect();
    let document = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": runs});
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn run(audit: &Audit, repository: &Repository, folder: &str) -> Value {
    let used: BTreeSet<&str> = repository.findings.iter().map(|one| one.code).collect();
    let rules: Vec<&Rule> = words::all().filter(|rule| used.contains(rule.code)).collect();
    let results: Vec<Value> = repository
        .findings
        .iter()
        .map(|one| {
            json!({
                "ruleId": one.code,
                "ruleIndex": rules.iter().position(|rule| rule.code == one.code),
                "level": level(one.severity),
                "message": {"text": one.message},
                "locations": [location(&format!("{folder}{}", one.path), Some(one.line))],
                "partialFingerprints": {"ekiben/v1": one.fingerprint},
                "baselineState": if one.known { "unchanged" } else { "new" },
                "properties": {"category": one.category, "effort": one.effort, "confidence": one.confidence},
            })
        })
        .collect();
    let mut notifications: Vec<Value> = repository
        .unread
        .iter()
        .map(|file| {
            json!({
                "level": "warning",
                "message": {"text": format!("not read, or not to its end: {}", file.why)},
                "locations": [location(&format!("{folder}{}", file.path), file.line)],
            })
        })
        .collect();
    notifications.extend(repository.failure.iter().map(|why| json!({"level": "error", "message": {"text": why}})));
    json!({
        "tool": {"driver": {
            "name": audit.program,
            "version": audit.version,
            "rules": rules.iter().map(|rule| described(rule)).collect::<Vec<_>>(),
        }},
        "automationDetails": {"id": format!("ekiben/{}/", repository.name)},
        "invocations": [{
            "executionSuccessful": repository.failure.is_none(),
            "toolExecutionNotifications": notifications,
        }],
        "columnKind": "unicodeCodePoints",
        "results": results,
    })
}

fn described(rule: &Rule) -> Value {
    let page = rule.text();
    let mut tags = vec![rule.category.name()];
    tags.extend(rule.also);
    // Code scanning ranks what is about security by a number of its own.
    let rank = match rule.severity {
        Severity::Error => "8.0",
        Severity::Warning => "5.0",
        Severity::Note => "2.0",
    };
    let mut properties = json!({"tags": tags, "precision": rule.confidence.name(), "effort": rule.effort.name()});
    if rule.category == crate::audit::Category::Security {
        properties["security-severity"] = json!(rank);
    }
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.title},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": properties,
    })
}

fn level(severity: Severity) -> &'static str {
    severity.name()
}

fn location(path: &str, line: Option<u32>) -> Value {
    let mut place = json!({"artifactLocation": {"uri": uri(path), "uriBaseId": "%SRCROOT%"}});
    if let Some(line) = line {
        place["region"] = json!({"startLine": line.max(1)});
    }
    json!({"physicalLocation": place})
}

/// A relative reference: what may not stand in one is written in hexadecimal.
fn uri(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~' | b'+' | b'@');
    path.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a b/ä:c.rb"), "a%20b/%C3%A4%3Ac.rb");
    }
}
