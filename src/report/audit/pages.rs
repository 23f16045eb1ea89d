//! The catalogue of rules: `ekiben rules` and `ekiben rule NAME`.
//!
//! In: [`Rule`]s. Out: a table, the page of one rule, or JSON.

use serde::Serialize;

use crate::audit::{Rule, Severity, words};

/// A rule for programs.
#[derive(Debug, Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    title: &'static str,
    severity: Severity,
    category: &'static str,
    effort: &'static str,
    confidence: &'static str,
    scope: &'static str,
    since: Option<&'static str>,
    removed: Option<&'static str>,
    also: &'static [&'static str],
    fixable: bool,
    page: String,
}

fn row(rule: &Rule) -> Row {
    Row {
        code: rule.code,
        name: rule.name,
        title: rule.title,
        severity: rule.severity,
        category: rule.category.name(),
        effort: rule.effort.name(),
        confidence: rule.confidence.name(),
        scope: rule.scope.name(),
        since: rule.since,
        removed: rule.removed,
        also: rule.also,
        fixable: rule.fix.is_some(),
        page: rule.text(),
    }
}

/// All rules as a table.
#[must_use]
pub fn table() -> String {
    let width = words::all().map(|rule| rule.name.len()).max().unwrap_or(0);
    let line = |rule: &Rule| {
        let fix = if rule.fix.is_some() { "fix" } else { "" };
        let (severity, category) = (rule.severity.name(), rule.category.name());
        format!("{}  {:width$}  {severity:<7}  {category:<12}  {:<7}  {fix:<3}  {}\n", rule.code, rule.name, rule.effort.name(), rule.title)
    };
    let head = format!("code  {:width$}  severity {:<13}  {:<7}  {:<3}  what it finds\n", "name", "category", "effort", "");
    head + &words::all().map(line).collect::<String>()
}

/// All rules as JSON.
#[must_use]
pub fn json() -> String {
    let rows: Vec<Row> = words::all().map(row).collect();
    serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n"
}

/// The page of one rule with its facts.
#[must_use]
pub fn page(rule: &Rule) -> String {
    let mut text = rule.text();
    let fact = |name: &str, value: &str| format!("{name:<11} {value}\n");
    text.push('\n');
    text.push_str(&fact("code", rule.code));
    text.push_str(&fact("severity", rule.severity.name()));
    text.push_str(&fact("category", rule.category.name()));
    text.push_str(&fact("effort", rule.effort.name()));
    text.push_str(&fact("confidence", rule.confidence.name()));
    text.push_str(&fact("looks at", rule.scope.name()));
    if let Some(since) = rule.since {
        text.push_str(&fact("since", &format!("Chef {since}")));
    }
    if let Some(removed) = rule.removed {
        text.push_str(&fact("removed in", &format!("Chef {removed}")));
    }
    if !rule.also.is_empty() {
        text.push_str(&fact("other names", &rule.also.join(", ")));
    }
    if rule.fix.is_some() {
        text.push_str(&fact("fix", "ekiben audit --fix (with --diff to look first)"));
    }
    text.push_str(&fact("allow", &format!("# ekiben: allow({}) the reason", rule.name)));
    text
}

/// One rule as JSON.
#[must_use]
pub fn page_json(rule: &Rule) -> String {
    serde_json::to_string_pretty(&row(rule)).unwrap_or_default() + "\n"
}
