//! `--fix` over all cases of the audit: what it writes parses, takes away what it says, adds nothing, and is done after one time.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ekiben::audit::fix::{Fixed, Id, fix};
use ekiben::audit::{Context, Finding, RULES, audit};
use ekiben::source::SourceMap;
use serde_json::Value;

type Files = BTreeMap<String, String>;

fn cases() -> Vec<(String, Files)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/audit/cases");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("cases") {
        let text = fs::read_to_string(entry.expect("entry").path()).expect("text");
        for case in text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")) {
            let files = case["files"].as_object().expect("files").iter();
            let files = files.map(|(path, text)| (path.clone(), text.as_str().unwrap_or_default().to_owned())).collect();
            all.push((case["id"].as_str().unwrap_or("?").to_owned(), files));
        }
    }
    all
}

fn sources(files: &Files) -> SourceMap {
    let mut sources = SourceMap::new();
    for (path, text) in files {
        sources.add_text(path.as_str(), text.as_str());
    }
    sources
}

/// The fixes of one round for the findings that `wanted` names.
fn round(files: &Files, wanted: &dyn Fn(&Finding) -> bool) -> Vec<Fixed> {
    let sources = sources(files);
    let findings = audit(&sources, "");
    fix(&Context::new(&sources, ""), &findings.iter().filter(|one| wanted(one)).collect::<Vec<_>>())
}

/// The files when nothing more can be mended, and the findings that are gone with it.
fn mended(id: &str, files: &Files, wanted: &dyn Fn(&Finding) -> bool) -> (Files, Vec<Id>) {
    let mut files = files.clone();
    let mut gone = Vec::new();
    for _ in 0..5 {
        let fixed = round(&files, wanted);
        if fixed.is_empty() {
            return (files, gone);
        }
        gone.extend(fixed.iter().flat_map(|one| one.mended.iter().cloned()).collect::<BTreeSet<Id>>());
        files.extend(fixed.into_iter().map(|one| (one.path, one.new)));
    }
    panic!("{id}: never done");
}

/// How many findings each rule has in each file.
fn counts(files: &Files) -> BTreeMap<(&'static str, String), usize> {
    let mut counts = BTreeMap::new();
    for one in audit(&sources(files), "") {
        *counts.entry((one.rule, one.path)).or_default() += 1;
    }
    counts
}

fn faults(files: &Files) -> usize {
    let sources = sources(files);
    Context::new(&sources, "").files.iter().map(|file| file.faults.len()).sum()
}

#[test]
fn all_cases_are_mended_as_it_is_said() {
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, old) in cases() {
        let (new, gone) = mended(&id, &old, &|_| true);
        if new == old {
            continue;
        }
        assert_eq!(faults(&new), faults(&old), "{id}: {new:#?}");
        let (before, after) = (counts(&old), counts(&new));
        for (key, count) in &after {
            assert!(count <= before.get(key).unwrap_or(&0), "{id}: new finding {key:?} in {new:#?}");
        }
        let total = |counts: &BTreeMap<_, usize>| counts.values().sum::<usize>();
        assert_eq!(total(&before) - total(&after), gone.len(), "{id}: {gone:?} of {new:#?}");
        gone.iter().for_each(|(rule, ..)| *by_rule.entry(rule).or_default() += 1);
    }
    let never = RULES.iter().filter(|rule| rule.fix.is_some() && !by_rule.contains_key(rule.name)).map(|rule| rule.name);
    assert_eq!(never.collect::<Vec<_>>(), [""; 0], "mended in no case; {by_rule:?}");
}

/// With `--select` a rule mends alone: it must not leave to another what it breaks itself.
#[test]
fn each_rule_alone_adds_no_finding() {
    for (id, old) in cases() {
        let found: BTreeSet<&str> = audit(&sources(&old), "").into_iter().map(|one| one.rule).collect();
        for rule in RULES.iter().filter(|rule| rule.fix.is_some() && found.contains(rule.name)) {
            let (new, _) = mended(&id, &old, &|one| one.rule == rule.name);
            let before = counts(&old);
            for (key, count) in counts(&new) {
                assert!(count <= *before.get(&key).unwrap_or(&0), "{id}, {}: new finding {key:?} in {new:#?}", rule.name);
            }
        }
    }
}

#[test]
fn rules_that_are_to_mend_can() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/audit/rules.jsonl");
    for line in fs::read_to_string(catalogue).expect("catalogue").lines() {
        let rule: Value = serde_json::from_str(line).expect("JSON");
        let own = RULES.iter().find(|own| own.name == rule["name"]);
        assert_eq!(own.is_some_and(|own| own.fix.is_some()), rule["autofix"] == true, "{}", rule["name"]);
    }
}
