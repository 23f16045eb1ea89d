//! Running a suite: cases in, ids that fail out.

pub mod audit;
pub mod chef;
pub mod chefspec;
pub mod erb;
pub mod ruby;
pub mod truth;
pub mod whenever;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A case: its id, and what is wrong with our answer.
pub struct Outcome {
    pub id: String,
    pub failure: Option<String>,
}

/// The folder of the suites.
fn root() -> (PathBuf, bool) {
    match std::env::var_os("EKIBEN_CONFORMANCE") {
        Some(dir) => (PathBuf::from(dir), false),
        None => (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance"), true),
    }
}

/// Runs the suite `name` and compares with its baseline.
pub fn run(name: &str, cases: fn(&Path) -> Vec<Outcome>) {
    let (root, own) = root();
    let folder = root.join(name);
    if !folder.exists() {
        println!("{name}: 0/0");
        return;
    }
    let name_owned = name.to_owned();
    let outcomes = std::thread::Builder::new()
        .stack_size(512 << 20)
        .spawn(move || cases(&folder))
        .expect("a thread")
        .join()
        .unwrap_or_else(|_| panic!("{name_owned}: a case made the program panic"));
    let failing: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.failure.is_some()).collect();
    println!("{name}: {}/{}", outcomes.len() - failing.len(), outcomes.len());
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/conformance");
    fs::create_dir_all(&target).expect("target/conformance");
    let mut ids = String::new();
    let mut details = String::new();
    for outcome in &failing {
        ids.push_str(&outcome.id);
        ids.push('\n');
        details.push_str(&format!("{}\t{}\n", outcome.id, outcome.failure.as_deref().unwrap_or("").replace('\n', "\n\t")));
    }
    fs::write(target.join(format!("{name}.txt")), &ids).expect("ids");
    fs::write(target.join(format!("{name}.details")), details).expect("details");
    if !own {
        return;
    }
    assert!(!outcomes.is_empty(), "{name}: no case found");
    let baseline = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/conformance-baseline/{name}.txt"));
    if std::env::var_os("EKIBEN_BLESS").is_some() {
        fs::create_dir_all(baseline.parent().expect("folder")).expect("folder");
        fs::write(&baseline, &ids).expect("baseline");
        return;
    }
    let allowed = fs::read_to_string(&baseline).unwrap_or_default();
    let allowed: BTreeSet<&str> = allowed.lines().collect();
    let worse: Vec<&str> = failing.iter().map(|outcome| outcome.id.as_str()).filter(|id| !allowed.contains(id)).collect();
    assert!(worse.is_empty(), "{name}: these passed before: {worse:#?}");
}

/// The cases of every `*.jsonl` in `folder`, in order of file and line.
pub fn lines(folder: &Path) -> Vec<serde_json::Value> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the suite's folder")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        for line in fs::read_to_string(&file).expect("a case file").lines().filter(|line| !line.trim().is_empty()) {
            cases.push(serde_json::from_str(line).expect("a case"));
        }
    }
    cases
}
