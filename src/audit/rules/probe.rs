//! What the tests of rules ask: the places where one rule finds something in files that are written out, and what mending makes of them.

use crate::audit::fix::fix;
use crate::audit::{Context, Finding, audit};
use crate::source::SourceMap;

/// `path:line` of every finding of `rule` in `files`.
pub fn found(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let findings = audit(&sources(files), "");
    findings.into_iter().filter(|finding| finding.rule == rule).map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
}

/// The text of the first of `files` when all that `rule` can mend is mended.
pub fn mended(rule: &str, files: &[(&str, &str)]) -> String {
    let mut files: Vec<(String, String)> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for _ in 0..4 {
        let sources = sources(&files);
        let findings = audit(&sources, "");
        let wanted: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == rule).collect();
        let fixed = fix(&Context::new(&sources, ""), &wanted);
        if fixed.is_empty() {
            return files.swap_remove(0).1;
        }
        for one in fixed {
            if let Some((_, text)) = files.iter_mut().find(|(path, _)| *path == one.path) {
                *text = one.new;
            }
        }
    }
    panic!("`{rule}` is never done with {files:?}");
}

/// The text of a file at `path` when all that `rule` can mend in it is mended.
pub fn mended_file(rule: &str, path: &str, text: &str) -> String {
    mended(rule, &[(path, text)])
}

fn sources(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> SourceMap {
    let mut sources = SourceMap::new();
    for (path, text) in files {
        sources.add_text(path.as_ref(), text.as_ref());
    }
    sources
}
