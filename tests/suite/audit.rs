//! `audit/cases/CATEGORY.jsonl`: files, and the findings (rule, file, line) that an audit of them must give, all and no more.
//!
//! The figures by rule and of all together are printed; [`hold`] fails where they are below the floors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use ekiben::audit::{RULES, audit};
use ekiben::source::SourceMap;
use serde_json::Value as Json;

use super::Outcome;

/// Precision and recall that all findings together must reach.
const OVERALL: (f64, f64) = (0.97, 0.97);

/// Precision and recall that each rule of the program must reach.
const EACH: f64 = 0.9;

/// Rules that may stay below [`EACH`].
const SHORT: &[&str] = &[];

/// The figures of the last run, by rule.
static FIGURES: OnceLock<BTreeMap<String, Tally>> = OnceLock::new();

/// Rule, file and line of a finding.
type Label = (String, String, u64);

/// What a rule, or all of them, reached.
#[derive(Default, Clone, Copy)]
struct Tally {
    labelled: usize,
    reported: usize,
    right: usize,
}

impl Tally {
    fn precision(self) -> f64 {
        share(self.right, self.reported)
    }

    fn recall(self) -> f64 {
        share(self.right, self.labelled)
    }
}

/// `part` of `whole`; of nothing, all.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

pub fn cases(folder: &Path) -> Vec<Outcome> {
    let cases = super::lines(&folder.join("cases"));
    let mut rules: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut exact, mut clean, mut alarmed) = (0, 0, 0);
    let mut outcomes = Vec::new();
    for case in &cases {
        let (want, got) = (labels(case), findings(case));
        want.iter().for_each(|(rule, ..)| rules.entry(rule.clone()).or_default().labelled += 1);
        got.iter().for_each(|(rule, ..)| rules.entry(rule.clone()).or_default().reported += 1);
        want.intersection(&got).for_each(|(rule, ..)| rules.entry(rule.clone()).or_default().right += 1);
        exact += usize::from(want == got);
        clean += usize::from(want.is_empty());
        alarmed += usize::from(want.is_empty() && !got.is_empty());
        outcomes.push(Outcome { id: case["id"].as_str().unwrap_or("?").to_owned(), failure: failure(&want, &got) });
    }
    print(&rules);
    println!("cases: {exact} of {} are exact; {alarmed} of {clean} clean ones have a false alarm", cases.len());
    FIGURES.get_or_init(|| rules);
    outcomes
}

/// Fails where the figures of the suite that has run are below the floors. The cases of another folder only give figures.
pub fn hold() {
    let Some(rules) = FIGURES.get().filter(|_| std::env::var_os("EKIBEN_CONFORMANCE").is_none()) else { return };
    let all = total(rules);
    assert!(
        all.precision() >= OVERALL.0 && all.recall() >= OVERALL.1,
        "audit: precision {:.4} and recall {:.4} must reach {:.4} and {:.4}",
        all.precision(),
        all.recall(),
        OVERALL.0,
        OVERALL.1
    );
    let own = |name: &str| RULES.iter().any(|rule| rule.name == name) && !SHORT.contains(&name);
    let low: Vec<&str> = low(rules).into_iter().filter(|name| own(name)).collect();
    assert!(low.is_empty(), "audit: below {EACH}: {}", low.join(", "));
}

fn low(rules: &BTreeMap<String, Tally>) -> Vec<&str> {
    let low = |tally: &Tally| tally.precision() < EACH || tally.recall() < EACH;
    rules.iter().filter(|(_, tally)| low(tally)).map(|(name, _)| name.as_str()).collect()
}

fn total(rules: &BTreeMap<String, Tally>) -> Tally {
    rules.values().fold(Tally::default(), |sum, rule| Tally {
        labelled: sum.labelled + rule.labelled,
        reported: sum.reported + rule.reported,
        right: sum.right + rule.right,
    })
}

fn print(rules: &BTreeMap<String, Tally>) {
    println!("{:<28} labelled reported right precision recall", "rule");
    let line = |name: &str, tally: Tally| {
        let Tally { labelled, reported, right } = tally;
        println!("{name:<28} {labelled:>8} {reported:>8} {right:>5} {:>9.3} {:>6.3}", tally.precision(), tally.recall());
    };
    rules.iter().for_each(|(name, tally)| line(name, *tally));
    line("micro", total(rules));
    let with_label: Vec<Tally> = rules.values().copied().filter(|tally| tally.labelled > 0).collect();
    let mean = |of: fn(Tally) -> f64| with_label.iter().map(|tally| of(*tally)).sum::<f64>() / with_label.len().max(1) as f64;
    let name = format!("macro, {} rules with a label", with_label.len());
    println!("{name:<51} {:>9.3} {:>6.3}", mean(Tally::precision), mean(Tally::recall));
    let below = low(rules);
    println!("below {EACH}: {}", if below.is_empty() { "none".to_owned() } else { below.join(", ") });
}

fn labels(case: &Json) -> BTreeSet<Label> {
    let label = |label: &Json| {
        let text = |key: &str| label[key].as_str().unwrap_or("?").to_owned();
        (text("rule"), text("file"), label["line"].as_u64().unwrap_or(0))
    };
    case["expect"].as_array().into_iter().flatten().map(label).collect()
}

fn findings(case: &Json) -> BTreeSet<Label> {
    let mut sources = SourceMap::new();
    for (path, text) in case["files"].as_object().into_iter().flatten() {
        sources.add_text(path, text.as_str().unwrap_or(""));
    }
    audit(&sources, "").into_iter().map(|finding| (finding.rule.to_owned(), finding.path, u64::from(finding.line))).collect()
}

fn failure(want: &BTreeSet<Label>, got: &BTreeSet<Label>) -> Option<String> {
    if want == got {
        return None;
    }
    let list = |labels: BTreeSet<&Label>| {
        labels.into_iter().map(|(rule, file, line)| format!("{rule} {file}:{line}")).collect::<Vec<_>>().join(", ")
    };
    let missing = want.difference(got).collect();
    let alarms = got.difference(want).collect();
    Some(format!("missing: {}\nfalse alarms: {}", list(missing), list(alarms)))
}
