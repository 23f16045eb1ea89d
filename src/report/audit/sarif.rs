//! An audit as SARIF 2.1.0, for code scanning: the rules with their pages, each finding with place, level and a stable fingerprint.
//!
//! In: an [`Audit`]. Out: one document with a run for each repository, or with one run where code scanning takes no more. What a comment
//! allows is there as suppressed. `primaryLocationLineHash` is left to the upload action, which reads the files: it warns of any other.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Audit, Finding, Repository, Severity};
use crate::audit::{Rule, words};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// What the places are relative to.
const ROOT: &str = "%SRCROOT%";
/// Code scanning refuses a document with more runs.
const RUNS: usize = 20;
/// Code scanning refuses a run with more results.
const RESULTS: usize = 25_000;
/// Code scanning refuses a rule with more tags.
const TAGS: usize = 20;

/// The document; the repositories' folders within the checkout, in the same order, are `folders`. `compared`: a baseline was given.
#[must_use]
pub fn sarif(audit: &Audit, folders: &[String], compared: bool) -> String {
    let together = audit.repositories.len() > RUNS;
    let folders = folders.iter().map(String::as_str).chain(std::iter::repeat(""));
    let parts: Vec<(String, &Repository)> = folders
        .zip(&audit.repositories)
        .map(|(folder, one)| (if folder.is_empty() && together { format!("{}/", one.name) } else { folder.to_owned() }, one))
        .collect();
    let runs: Vec<Value> = if together {
        vec![run(audit, "ekiben/", &parts, compared)]
    } else {
        let alone = |part: &(String, &Repository)| run(audit, &format!("ekiben/{}/", part.1.name), std::slice::from_ref(part), compared);
        parts.iter().map(alone).collect()
    };
    let document = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": runs});
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// The run `id` of repositories, each with its folder.
fn run(audit: &Audit, id: &str, parts: &[(String, &Repository)], compared: bool) -> Value {
    let used: BTreeSet<&str> = parts
        .iter()
        .flat_map(|(_, one)| one.findings.iter().chain(one.allowed.iter().map(|one| &one.finding)))
        .map(|one| one.code)
        .collect();
    let rules: Vec<&Rule> = words::all().filter(|rule| used.contains(rule.code)).collect();
    let mut results: Vec<(&Finding, Value)> = Vec::new();
    for (folder, repository) in parts {
        let result = |one: &Finding| result(one, rules.iter().position(|rule| rule.code == one.code), folder);
        results.extend(repository.findings.iter().map(|one| {
            let mut result = result(one);
            if compared {
                result["baselineState"] = json!(if one.known { "unchanged" } else { "new" });
            }
            (one, result)
        }));
        results.extend(repository.allowed.iter().map(|one| {
            let mut result = result(&one.finding);
            result["suppressions"] = json!([{"kind": "inSource", "status": "accepted", "justification": one.reason}]);
            (&one.finding, result)
        }));
    }
    let mut invocations: Vec<Value> = parts.iter().map(|(folder, repository)| invocation(folder, repository)).collect();
    let beyond = results.len().saturating_sub(RESULTS);
    if beyond > 0 {
        results.sort_by_key(|(one, result)| (result.get("suppressions").is_some(), std::cmp::Reverse(one.severity)));
        results.truncate(RESULTS);
        let text = format!(
            "{beyond} {} left out, the least of them, for code scanning takes {RESULTS}; --format json has all",
            if beyond == 1 { "finding is" } else { "findings are" }
        );
        let left = json!({"level": "warning", "message": {"text": text}});
        if let Some(Value::Array(list)) = invocations.first_mut().and_then(|one| one.get_mut("toolExecutionNotifications")) {
            list.push(left);
        }
    }
    json!({
        "tool": {"driver": {
            "name": audit.program,
            "fullName": format!("{} {}", audit.program, audit.version),
            "version": audit.version,
            "semanticVersion": audit.version,
            "rules": rules.iter().map(|rule| described(rule)).collect::<Vec<_>>(),
        }},
        "automationDetails": {"id": id},
        "originalUriBaseIds": {ROOT: {"description": {"text": "The checkout that the audited folders lie in."}}},
        "invocations": invocations,
        "columnKind": "unicodeCodePoints",
        "results": results.into_iter().map(|(_, result)| result).collect::<Vec<_>>(),
    })
}

fn result(one: &Finding, rule: Option<usize>, folder: &str) -> Value {
    json!({
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": level(one.severity),
        "message": {"text": message(&one.message)},
        "locations": [location(&format!("{folder}{}", one.path), Some(one.line))],
        "partialFingerprints": {"ekiben/v1": one.fingerprint},
        "properties": {"category": one.category, "effort": one.effort, "confidence": one.confidence},
    })
}

/// How the audit of one folder went: what could not be read.
fn invocation(folder: &str, repository: &Repository) -> Value {
    let unread = repository.unread.iter().map(|file| {
        let mut notification =
            json!({"level": "warning", "message": {"text": message(&format!("not read, or not to its end: {}", file.why))}});
        if !file.path.is_empty() {
            notification["locations"] = json!([location(&format!("{folder}{}", file.path), file.line)]);
        }
        notification
    });
    let failure = repository
        .failure
        .iter()
        .map(|why| json!({"level": "error", "message": {"text": message(&format!("{}: {why}", repository.name))}}));
    json!({
        "executionSuccessful": repository.failure.is_none(),
        "toolExecutionNotifications": unread.chain(failure).collect::<Vec<_>>(),
    })
}

/// Text in which nothing is a link: `[here](https://…)` would be one.
fn message(text: &str) -> String {
    if !text.contains("](") {
        return text.to_owned();
    }
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn described(rule: &Rule) -> Value {
    let page = rule.text();
    let mut tags = vec![rule.category.name()];
    tags.extend(rule.also);
    tags.truncate(TAGS);
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
        "fullDescription": {"text": description(&page).unwrap_or_else(|| rule.title.to_owned())},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": properties,
    })
}

/// The first paragraph of a page.
fn description(page: &str) -> Option<String> {
    let lines = page.lines().skip_while(|line| line.starts_with('#') || line.is_empty()).take_while(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join(" ");
    (!text.is_empty() && !text.starts_with("```")).then_some(text)
}

fn level(severity: Severity) -> &'static str {
    severity.name()
}

fn location(path: &str, line: Option<u32>) -> Value {
    let mut place = json!({"artifactLocation": {"uri": uri(path), "uriBaseId": ROOT}});
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
    use super::{RESULTS, message, sarif, uri};
    use crate::report::audit::{Audit, Finding, Repository, Severity, Totals};

    #[test]
    fn what_code_scanning_does_not_take_is_left_out_and_said() {
        let finding = |index: usize| Finding {
            path: "recipes/default.rb".to_owned(),
            line: 1,
            code: "A101",
            rule: "node-set",
            severity: if index == RESULTS { Severity::Error } else { Severity::Note },
            category: "removed",
            effort: "trivial",
            confidence: "high",
            message: "gone".to_owned(),
            snippet: None,
            fingerprint: index.to_string(),
            fixable: false,
            known: false,
        };
        let repository = Repository { findings: (0..=RESULTS).map(finding).collect(), ..Repository::default() };
        let audit = Audit { program: "ekiben", version: "1.0.0", repositories: vec![repository], whole: Totals::default() };
        let document: serde_json::Value = serde_json::from_str(&sarif(&audit, &[], false)).expect("JSON");
        let run = &document["runs"][0];
        assert_eq!(run["results"].as_array().map(Vec::len), Some(RESULTS));
        assert_eq!(run["results"][0]["level"], "error");
        let said = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
        assert!(said.as_str().is_some_and(|text| text.starts_with("1 finding ")), "{said}");
    }

    #[test]
    fn messages_hold_no_links() {
        assert_eq!(message("`node['a']` is read"), "`node['a']` is read");
        assert_eq!(message("[here](https://example.org)"), "\\[here\\](https://example.org)");
    }

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a:b%\n"), "a%3Ab%25%0A");
        assert_eq!(uri("a b/ä:c.rb"), "a%20b/%C3%A4%3Ac.rb");
    }
}
