//! Findings of the rules as they are reported: masked, with their line and a fingerprint.
//!
//! In: findings, the files, what is secret. Out: [`Finding`]s. The fingerprint is a digest of rule, file, the line's words and the
//! occurrence: it stays when lines are put in above, and changes with the line itself.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Finding;
use super::secret::Known;
use crate::audit::{self, words};
use crate::report::mask::{is_secret_file, names_for_next};
use crate::source::SourceMap;

/// Whether the rule's findings are secrets in clear text: of their lines nothing is shown.
#[must_use]
pub fn is_secret(rule: &str) -> bool {
    words::find(rule).is_some_and(|rule| rule.secret)
}

/// Longer lines are not shown: generated or minified files.
const LONGEST: usize = 300;

/// What the lines of findings may show.
pub struct Lines<'a> {
    /// The files.
    pub sources: &'a SourceMap,
    /// What is hidden.
    pub known: &'a Known,
}

impl Lines<'_> {
    /// The line as it may be shown.
    fn shown(&self, lines: &[&str], path: &str, line: u32) -> Option<String> {
        let index = (line as usize).checked_sub(1)?;
        let text = lines.get(index).filter(|text| text.len() <= LONGEST)?;
        if is_secret_file(path) || self.known.is_in(path, line) {
            return None;
        }
        let named = index.checked_sub(1).and_then(|before| lines.get(before)).is_some_and(|before| names_for_next(before));
        let text: String = text.chars().map(|c| if c.is_control() && c != '\t' { '\u{FFFD}' } else { c }).collect();
        Some(self.known.masker.line(text.trim_end(), named).text)
    }
}

/// The findings as they are reported, in the same order; which are known, and which can be mended, is for others to say.
#[must_use]
pub fn report(findings: &[audit::Finding], lines: &Lines<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut file: (&str, Vec<&str>) = ("", Vec::new());
    for one in findings {
        let Some(rule) = words::find(one.rule) else { continue };
        if file.0 != one.path || file.1.is_empty() {
            let text = lines.sources.find(&one.path).map_or("", |id| lines.sources.file(id).text());
            file = (&one.path, text.lines().collect());
        }
        let snippet = lines.shown(&file.1, &one.path, one.line);
        let message = lines.known.masker.message(&one.message);
        let words: Vec<&str> = snippet.as_deref().unwrap_or(&message).split_whitespace().collect();
        let key = format!("{}\n{}\n{}", rule.name, one.path, words.join(" "));
        let occurrence = seen.entry(key.clone()).or_default();
        *occurrence += 1;
        let digest = Sha256::digest(format!("{key}\n{occurrence}").as_bytes());
        found.push(Finding {
            path: one.path.clone(),
            line: one.line,
            code: rule.code,
            rule: rule.name,
            severity: rule.severity,
            category: rule.category.name(),
            effort: rule.effort.name(),
            confidence: rule.confidence.name(),
            message,
            snippet,
            fingerprint: digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect(),
            fixable: false,
            known: false,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(text: &str) -> Vec<Finding> {
        let mut sources = SourceMap::new();
        sources.add_text("recipes/default.rb", text);
        let context = audit::Context::new(&sources, "");
        let examined = audit::examine::examine(&context);
        let known = Known::new(&sources, &[], &examined, None, None);
        report(&examined.findings, &Lines { sources: &sources, known: &known })
    }

    #[test]
    fn fingerprints_do_not_know_the_line_but_the_occurrence() {
        let one = reported("node.set['a'] = 1\nnode.set['a'] = 1\n");
        let other = reported("# new\n\n  node.set['a']  =  1\nnode.set['a'] = 1\n");
        assert_eq!(one.len(), 2);
        assert_ne!(one[0].fingerprint, one[1].fingerprint);
        let prints = |list: &[Finding]| list.iter().map(|one| one.fingerprint.clone()).collect::<Vec<_>>();
        assert_eq!(prints(&one), prints(&other));
        assert_ne!(one[0].fingerprint, reported("node.set['b'] = 1\n")[0].fingerprint);
    }

    #[test]
    fn lines_with_secrets_are_not_shown() {
        let found = reported("node.set['db']['password'] = 'Hq7-pelican-33'\n");
        assert!(found.len() >= 2 && found.iter().all(|one| one.snippet.is_none()), "{found:?}");
    }
}
