//! No secret appears in anything that the program writes or says.
//!
//! `tests/secrets/NAME/` are input folders with `@@name@@` or `@@name:shape@@` wherever people put secrets. Each is written out with a value
//! of its own for every name (a canary), given to the real program in every way there is, and whatever comes out is searched for all of them.
#![allow(clippy::disallowed_methods)]

#[path = "secrets/canary.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod canary;
#[path = "secrets/expected.rs"]
mod expected;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use canary::Canary;

/// A folder of inputs and the arguments that say what it is.
struct Input {
    name: &'static str,
    arguments: &'static [&'static str],
}

const INPUTS: &[Input] = &[
    Input { name: "opsworks", arguments: &[".", "--app", "app", "--stack", "stack"] },
    Input { name: "chef-repo", arguments: &["."] },
    Input { name: "chef-repo", arguments: &[".", "--json-attributes", "attributes.json", "--platform", "ubuntu-20.04"] },
    Input { name: "template", arguments: &[".", "--stack", "stack.yaml"] },
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/secrets")
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

/// Writes the input `name` with canaries to `to`; gives them.
fn plant(name: &str, to: &Path) -> Vec<Canary> {
    let root = fixtures().join(name);
    let mut files = Vec::new();
    each_file(&root, &mut files);
    let mut canaries: BTreeMap<String, Canary> = BTreeMap::new();
    for file in files {
        let inside = file.strip_prefix(&root).expect("inside");
        let text = fs::read_to_string(&file).expect("text");
        let planted = canary::plant(&text, &inside.to_string_lossy(), &mut canaries);
        let path = to.join(inside);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(path, planted).expect("written");
    }
    canaries.into_values().collect()
}

/// All that came out: a name of the place, and the text.
fn everything(input: &Input, place: &Path) -> Vec<(String, String)> {
    let run = |said: &mut Vec<(String, String)>, name: &str, arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_ekiben")).current_dir(place.join("in")).args(arguments).output().expect("it runs");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        said.push((format!("{name}: stdout"), String::from_utf8(output.stdout).expect("UTF-8")));
        said.push((format!("{name}: stderr"), String::from_utf8(output.stderr).expect("UTF-8")));
    };
    let mut said = Vec::new();
    for format in ["text", "json"] {
        let common = [input.arguments, &["--format", format]].concat();
        let out = format!("../out-{format}");
        let convert = [&["convert"], common.as_slice(), &["--target", "all", "-o", &out]].concat();
        run(&mut said, &format!("dry run {format}"), &[convert.as_slice(), &["--dry-run"]].concat());
        run(&mut said, &format!("convert {format}"), &convert);
        for kind in [&[][..], &["--blueprint"], &["--unsupported"]] {
            run(&mut said, &format!("graph {format} {}", kind.concat()), &[&["graph"], common.as_slice(), kind].concat());
        }
        let mut files = Vec::new();
        each_file(&place.join(&out[3..]), &mut files);
        for file in files {
            let name = file.strip_prefix(place).expect("inside").to_string_lossy().into_owned();
            said.push((name, String::from_utf8_lossy(&fs::read(&file).expect("a file")).into_owned()));
        }
    }
    said
}

#[test]
fn no_secret_comes_out() {
    let mut faults = Vec::new();
    for input in INPUTS {
        let place = tempfile::tempdir().expect("folder");
        let canaries = plant(input.name, &place.path().join("in"));
        let said = everything(input, place.path());
        if let Ok(kept) = std::env::var("SECRETS_KEPT") {
            for (name, text) in &said {
                let path = Path::new(&kept).join(input.name).join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
                fs::write(path, text).expect("written");
            }
        }
        faults.extend(expected::judge(input.name, &canaries, &said));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}
