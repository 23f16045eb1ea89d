//! `ekiben audit` finds secrets wherever people leave them, says where they are, and never says what they are.
//!
//! `tests/audit-secrets/planted` is a repository with `@@name@@` or `@@name:shape@@` wherever people put secrets; each becomes a value of its
//! own. The real program audits it in every form that it has. In `clean` is what looks much like it and is no secret.
#![allow(clippy::disallowed_methods)]

#[path = "secrets/canary.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod canary;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value as Json;

use canary::Canary;

/// The rules whose findings are secrets.
const RULES: &[&str] = &["hard-coded-secret", "secret-in-url", "private-key", "secret-on-command-line"];

/// What is not found, and why.
const LIMITS: &[(&str, &str)] = &[
    ("readme_words", "prose: only where the value follows the word is it known"),
    ("terraform_default", "no file of Chef's or of its hosts: Terraform's own tools look there"),
    ("travis_slack", "an opaque word under a name that means nothing"),
];

/// What only the evaluation finds.
const EVALUATED: &[&str] = &["three_files"];

/// What a comment allows: not reported, and not shown either.
const ALLOWED: &[&str] = &["allowed"];

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit-secrets").join(name)
}

fn each_file(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            each_file(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Writes the folder `from` with canaries to `to`; gives them.
fn plant(from: &Path, to: &Path) -> Vec<Canary> {
    let mut files = Vec::new();
    each_file(from, &mut files);
    let mut canaries: BTreeMap<String, Canary> = BTreeMap::new();
    for file in files {
        let inside = file.strip_prefix(from).expect("inside");
        let text = fs::read_to_string(&file).expect("text");
        let planted = canary::plant(&text, &inside.to_string_lossy(), &mut canaries);
        let path = to.join(inside);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(path, planted).expect("written");
    }
    canaries.into_values().collect()
}

fn run(place: &Path, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ekiben")).current_dir(place).arg("audit").args(arguments).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (out, error) = (text(output.stdout), text(output.stderr));
    assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {error}");
    (out, error)
}

/// The places that an audit in JSON names as secrets.
fn places(json: &str) -> BTreeSet<String> {
    let audit: Json = serde_json::from_str(json).expect("JSON");
    let mut found = BTreeSet::new();
    for repository in audit["repositories"].as_array().expect("repositories") {
        let place = |one: &Json| format!("{}:{}", one["path"].as_str().unwrap_or_default(), one["line"]);
        let findings = repository["findings"].as_array().expect("findings").iter();
        found.extend(findings.filter(|one| one["rule"].as_str().is_some_and(|rule| RULES.contains(&rule))).map(place));
        found.extend(repository["secrets"].as_array().expect("secrets").iter().map(place));
    }
    found
}

/// Everything that the program says about the folder `in`, with a name for each.
fn everything(place: &Path) -> Vec<(String, String)> {
    let mut said = Vec::new();
    let mut add = |name: String, (out, error): (String, String)| {
        said.push((format!("{name}: stdout"), out));
        said.push((format!("{name}: stderr"), error));
    };
    for quick in [&[][..], &["--quick"]] {
        for format in ["text", "markdown", "html", "json", "sarif", "csv", "github"] {
            let name = format!("{format} {}", quick.concat());
            add(name, run(place, &[&["in", "--fail-on", "none", "--format", format], quick].concat()));
        }
        // A page whose findings are others shows lines beside secrets all the same.
        add(
            "html of removed".to_owned(),
            run(place, &[&["in", "--fail-on", "none", "--format", "html", "--select", "removed"], quick].concat()),
        );
        add("baseline".to_owned(), run(place, &[&["in", "--write-baseline", "baseline.json"], quick].concat()));
        add("file".to_owned(), (fs::read_to_string(place.join("baseline.json")).expect("a baseline"), String::new()));
        add("with baseline".to_owned(), run(place, &[&["in", "--baseline", "baseline.json"], quick].concat()));
        add("diff".to_owned(), run(place, &[&["in", "--fix", "--diff"], quick].concat()));
    }
    add("fix".to_owned(), run(place, &["in", "--fix", "--quick"]));
    said
}

#[test]
fn secrets_are_found_and_never_shown() {
    let place = tempfile::tempdir().expect("folder");
    let canaries = plant(&fixtures("planted"), &place.path().join("in"));
    let mut faults = Vec::new();
    for quick in [false, true] {
        let arguments = ["in", "--format", "json", "--fail-on", "none", "--quick"];
        let found = places(&run(place.path(), &arguments[..if quick { 6 } else { 5 }]).0);
        for canary in &canaries {
            let is = |names: &[&str]| names.contains(&canary.name.as_str());
            let known = LIMITS.iter().any(|(name, _)| *name == canary.name) || is(ALLOWED) || (quick && is(EVALUATED));
            if found.contains(&canary.place) == known {
                let how = if quick { " with --quick" } else { "" };
                let what = if known { "is found after all" } else { "is not found" };
                faults.push(format!("{} of {} {what}{how}", canary.name, canary.place));
            }
        }
    }
    for (name, text) in everything(place.path()) {
        for canary in canaries.iter().filter(|canary| canary.is_hinted_in(&text)) {
            let line = text.lines().find(|line| canary.is_hinted_in(line)).unwrap_or_default();
            let at = line.find(&canary.heart[..6]).unwrap_or(0);
            let start = (0..=at.saturating_sub(60)).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
            let around: String = line[start..].chars().take(120).collect();
            faults.push(format!("{} of {} ({}) is in {name}: {around}", canary.name, canary.place, canary.value));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_is_no_secret_is_not_found() {
    let place = tempfile::tempdir().expect("folder");
    assert!(plant(&fixtures("clean"), &place.path().join("in")).is_empty());
    for quick in [&[][..], &["--quick"]] {
        let (json, _) = run(place.path(), &[&["in", "--format", "json", "--fail-on", "none"], quick].concat());
        let found = places(&json);
        assert!(found.is_empty(), "{} false alarms\n{}", found.len(), found.into_iter().collect::<Vec<_>>().join("\n"));
    }
}

/// What `ekiben convert` is tried with holds secrets, too; but one that is a word under a name which means nothing.
#[test]
fn inputs_of_conversions_show_none() {
    let mut faults = Vec::new();
    for name in ["opsworks", "chef-repo", "template"] {
        let place = tempfile::tempdir().expect("folder");
        let canaries = plant(&fixtures("../secrets").join(name), &place.path().join("in"));
        for (form, text) in everything(place.path()) {
            let limit = |canary: &&Canary| canary.name != "wrong_property_value";
            let shown = canaries.iter().filter(limit).filter(|canary| canary.is_hinted_in(&text));
            faults.extend(shown.map(|canary| format!("{name}: {} of {} ({}) is in {form}", canary.name, canary.place, canary.value)));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}
