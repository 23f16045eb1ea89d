//! What the tests of rules ask: the places where one rule finds something in files that are written out.

use crate::source::SourceMap;

/// `path:line` of every finding of `rule` in `files`.
pub fn found(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let mut sources = SourceMap::new();
    for (path, text) in files {
        sources.add_text(*path, *text);
    }
    let findings = crate::audit::audit(&sources, "");
    findings.into_iter().filter(|finding| finding.rule == rule).map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
}
