//! All rules over all files, with the comments that allow findings taken into account.
//!
//! In: a [`Context`]. Out: [`Examined`]: what remains, what was allowed, and a finding for each comment that allows nothing.

use std::collections::BTreeSet;

use super::context::{is_of_pipelines, is_of_test_kitchen, is_of_tests};
use super::rules::EOL_OS;
use super::{Context, Finding, RULES, UNUSED_ALLOW, allow};

/// What the rules found.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    /// Findings that no comment allows, by file and line, one of a rule on a line.
    pub findings: Vec<Finding>,
    /// Findings that a comment allows.
    pub allowed: Vec<Finding>,
    /// Comments that allow nothing, as findings of [`UNUSED_ALLOW`].
    pub unused: Vec<Finding>,
}

/// Runs all rules.
#[must_use]
pub fn examine(context: &Context) -> Examined {
    examine_with(context, Vec::new())
}

/// Runs all rules; `secrets` are findings that need no rule, such as those of an evaluation: they count where no rule found a secret.
#[must_use]
pub fn examine_with(context: &Context, secrets: Vec<Finding>) -> Examined {
    let mut all = Vec::new();
    for rule in RULES {
        (rule.check)(context, &mut all);
    }
    let found: BTreeSet<(String, u32)> = all.iter().filter(|one| is_secret(one)).map(|one| (one.path.clone(), one.line)).collect();
    all.extend(secrets.into_iter().filter(|one| !is_of_test_kitchen(&one.path) && !found.contains(&(one.path.clone(), one.line))));
    all.retain(counts);
    all.sort();
    all.dedup_by(|later, first| (later.rule, &later.path, later.line) == (first.rule, &first.path, first.line));
    let mut examined = Examined::default();
    let mut rest = all.into_iter().peekable();
    for file in &context.files {
        let allowances = allow::allowances(file.text);
        let mut used = BTreeSet::new();
        while rest.peek().is_some_and(|finding| finding.path < file.path) {
            examined.findings.extend(rest.next());
        }
        while let Some(finding) = rest.next_if(|finding| finding.path == file.path) {
            let mut allowed = false;
            for (index, allowance) in allowances.iter().enumerate() {
                if allowance.covers == finding.line && allowance.rules.iter().any(|rule| rule == finding.rule) {
                    allowed = true;
                    used.insert((index, finding.rule));
                }
            }
            if allowed { examined.allowed.push(finding) } else { examined.findings.push(finding) }
        }
        for (index, allowance) in allowances.iter().enumerate() {
            for rule in &allowance.rules {
                if !used.iter().any(|(at, name)| *at == index && name == rule) {
                    examined.unused.push(file.finding(UNUSED_ALLOW.name, allowance.line, unused(rule, &allowance.reason)));
                }
            }
        }
    }
    examined.findings.extend(rest);
    examined.unused.sort();
    examined.unused.dedup_by(|later, first| (&later.path, later.line) == (&first.path, first.line));
    examined
}

/// Whether a finding is about what runs on a host, or about something that is dangerous wherever it lies.
fn counts(finding: &Finding) -> bool {
    let secret = is_secret(finding);
    if is_of_test_kitchen(&finding.path) {
        return (secret || finding.rule == EOL_OS.name) && !is_of_tests(&finding.path);
    }
    !is_of_tests(&finding.path) && (secret || !is_of_pipelines(&finding.path))
}

fn is_secret(finding: &Finding) -> bool {
    RULES.iter().any(|rule| rule.name == finding.rule && rule.secret)
}

fn unused(rule: &str, reason: &str) -> String {
    let what = if RULES.iter().any(|known| known.name == rule) {
        format!("`{rule}` finds nothing there")
    } else {
        format!("no rule is called `{rule}`")
    };
    if reason.is_empty() { what } else { format!("{what}; its reason was: {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    #[test]
    fn comments_allow_and_unused_ones_are_found() {
        let mut sources = SourceMap::new();
        let text =
            "node.set['x'] = 1 # ekiben: allow(node-set, require-recipe) for the old hosts\n# ekiben: allow(nothing)\nnode.set['y'] = 1\n";
        sources.add_text("recipes/default.rb", text);
        let examined = examine(&Context::new(&sources, ""));
        let shown = |list: &[Finding]| list.iter().map(|one| format!("{} {}: {}", one.rule, one.line, one.message)).collect::<Vec<_>>();
        assert_eq!(examined.allowed.len(), 1);
        assert_eq!(examined.findings.iter().map(|one| one.line).collect::<Vec<_>>(), [3]);
        assert_eq!(
            shown(&examined.unused),
            [
                "unused-allow 1: `require-recipe` finds nothing there; its reason was: for the old hosts",
                "unused-allow 2: no rule is called `nothing`"
            ]
        );
    }
}
