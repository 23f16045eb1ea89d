//! `audit/cases/CATEGORY.jsonl`: files, and the findings (rule, file, line) that an audit of them must give, all and no more.

use std::collections::BTreeSet;
use std::path::Path;

use ekiben::audit::audit;
use ekiben::source::SourceMap;
use serde_json::Value as Json;

use super::Outcome;

/// Rule, file and line of a finding.
type Label = (String, String, u64);

pub fn cases(folder: &Path) -> Vec<Outcome> {
    super::lines(&folder.join("cases"))
        .iter()
        .map(|case| Outcome { id: case["id"].as_str().unwrap_or("?").to_owned(), failure: check(case) })
        .collect()
}

fn check(case: &Json) -> Option<String> {
    let mut sources = SourceMap::new();
    for (path, text) in case["files"].as_object().into_iter().flatten() {
        sources.add_text(path, text.as_str().unwrap_or(""));
    }
    let want: BTreeSet<Label> = case["expect"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|label| {
            let text = |key: &str| label[key].as_str().unwrap_or("?").to_owned();
            (text("rule"), text("file"), label["line"].as_u64().unwrap_or(0))
        })
        .collect();
    let got: BTreeSet<Label> =
        audit(&sources, "").into_iter().map(|finding| (finding.rule.to_owned(), finding.path, u64::from(finding.line))).collect();
    if want == got {
        return None;
    }
    let list = |labels: BTreeSet<&Label>| {
        labels.into_iter().map(|(rule, file, line)| format!("{rule} {file}:{line}")).collect::<Vec<_>>().join(", ")
    };
    let missing = want.difference(&got).collect();
    let alarms = got.difference(&want).collect();
    Some(format!("missing: {}\nfalse alarms: {}", list(missing), list(alarms)))
}
