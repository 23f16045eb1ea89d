//! Every corpus repository converted: one reviewed snapshot for each output file, in `snapshots/NAME/`, with TREE and the diagnostics.
//!
//! A snapshot by itself freezes mistakes: each is also parsed here. `INSTA_UPDATE=always cargo test --test snapshots` writes them anew.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ekiben::outcome::{Options, Outcome, Subject};
use ekiben::source::{Content, SourceFile, SourceMap};

/// The corpus: folder, and its stacks.
const CORPUS: &[(&str, &[&str])] = &[
    ("photo-album", &["opsworks/production/", "opsworks/staging/"]),
    ("chef11-rails-php", &["stack/"]),
    ("chef-repo-timers", &[]),
    ("node-layer", &["opsworks.yaml"]),
    ("multi-platform-cookbook", &[]),
    ("broken-in-many-ways", &[]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn load(folder: &Path, inside: &Path, sources: &mut SourceMap) {
    let mut entries: Vec<PathBuf> = fs::read_dir(inside).expect("a corpus folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let kind = fs::symlink_metadata(&path).expect("an entry").file_type();
        if kind.is_dir() {
            load(folder, &path, sources);
        } else if kind.is_file() {
            let name = path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
            let content = match String::from_utf8(fs::read(&path).expect("a file")) {
                Ok(text) => Content::Text(text),
                Err(error) => Content::Binary(error.into_bytes()),
            };
            sources.add(SourceFile::new(name, content));
        }
    }
}

/// Every target there is.
fn everything(name: &str) -> Options {
    let emit = ekiben::emit::Options { targets: vec![ekiben::emit::ALL.to_owned()], ..ekiben::emit::Options::default() };
    Options { name: name.to_owned(), emit, ..Options::default() }
}

/// Converts a corpus repository and hands the outcome to `check`, on a thread with room for deep recipes.
fn converted(name: &str, stacks: &[&str], check: fn(&str, &SourceMap, &Outcome)) {
    let folder = root().join("corpus").join(name);
    let mut sources = SourceMap::new();
    load(&folder, &folder, &mut sources);
    let mut options = everything(name);
    for stack in stacks {
        options.stacks.push(sources.under(stack).map(|(id, _)| id).collect());
    }
    ekiben::compile::with_stack(|| {
        let outcome = ekiben::compile(&sources, &options);
        check(name, &sources, &outcome);
    });
}

fn each(check: fn(&str, &SourceMap, &Outcome)) {
    for (name, stacks) in CORPUS {
        converted(name, stacks, check);
    }
}

/// A file name for the snapshot of an output: `kubernetes/base/web.yaml` → `kubernetes__base__web.yaml`.
fn snapshot_name(path: &str) -> String {
    path.replace('/', "__")
}

fn diagnostics(sources: &SourceMap, outcome: &Outcome) -> String {
    let mut lines: Vec<String> = outcome
        .diagnostics
        .iter()
        .map(|one| {
            let place = match (one.span, &one.path) {
                (Some(span), _) => {
                    let location = sources.location(span);
                    format!("{}:{}:{}", location.path, location.line, location.column)
                }
                (None, Some(path)) => path.clone(),
                (None, None) => "-".to_owned(),
            };
            // The message of a cookbook's own exception may hold anything: what is shown of it is the program's matter.
            let message: String = one.message.chars().take(160).collect();
            format!("{} {:?} {place} {message}", one.code, one.severity)
        })
        .map(|line| line.replace("PLANTED", "…"))
        .collect();
    lines.sort();
    lines.join("\n")
}

#[test]
fn outputs_are_as_reviewed() {
    each(|name, sources, outcome| {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(root().join("snapshots").join(name));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            let tree: Vec<String> = outcome.tree.iter().map(|file| format!("{:o} {}", file.mode, file.path)).collect();
            insta::assert_snapshot!("TREE", tree.join("\n"));
            insta::assert_snapshot!("DIAGNOSTICS", diagnostics(sources, outcome));
            let fates: Vec<String> = outcome
                .dispositions
                .iter()
                .map(|one| {
                    let place = one.location.as_ref().map(ToString::to_string).unwrap_or_default();
                    format!(
                        "{} | {} | {place} | {} | {}",
                        one.fate.name(),
                        one.name.lines().next().unwrap_or(""),
                        one.to.join(", "),
                        one.why
                    )
                })
                .collect();
            insta::assert_snapshot!("DISPOSITIONS", fates.join("\n"));
            for file in &outcome.tree {
                insta::assert_snapshot!(snapshot_name(&file.path), file.content);
            }
        });
    });
}

/// What is in the output can be found in it: the items of the blueprint that a resource, entry or process ended in.
#[test]
fn what_is_translated_ends_in_an_item_of_the_blueprint() {
    each(|name, _, outcome| {
        let lost: Vec<String> = outcome
            .dispositions
            .iter()
            .filter(|one| one.fate == ekiben::outcome::Fate::Translated && one.ends_in.is_empty())
            .map(|one| format!("{} ({}: {})", one.name, one.to.join(", "), one.why))
            .collect();
        assert!(lost.is_empty(), "{name}: {lost:#?}");
    });
}

#[test]
fn every_snapshot_is_an_output() {
    for (name, stacks) in CORPUS {
        converted(name, stacks, |name, _, outcome| {
            let mut wanted: BTreeSet<String> = outcome.tree.iter().map(|file| format!("{}.snap", snapshot_name(&file.path))).collect();
            wanted.extend(["TREE.snap", "DIAGNOSTICS.snap", "DISPOSITIONS.snap"].map(str::to_owned));
            let folder = root().join("snapshots").join(name);
            let Ok(entries) = fs::read_dir(&folder) else { panic!("no snapshots of {name}") };
            for entry in entries {
                let file = entry.expect("an entry").file_name().to_string_lossy().into_owned();
                assert!(wanted.contains(&file), "snapshots/{name}/{file} belongs to no output");
            }
        });
    }
    let folders: BTreeSet<String> = CORPUS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for folder in ["corpus", "snapshots"] {
        let found: BTreeSet<String> = fs::read_dir(root().join(folder))
            .expect("the folder")
            .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(found, folders, "{folder}");
    }
}

#[test]
fn every_output_can_be_parsed() {
    each(|name, _, outcome| {
        for file in &outcome.tree {
            let path = &file.path;
            if (path.ends_with(".yaml") || path.ends_with(".yml")) && !path.starts_with("container/") {
                for document in serde_yaml::Deserializer::from_str(&file.content) {
                    let value: Result<serde_yaml::Value, _> = serde::Deserialize::deserialize(document);
                    assert!(value.is_ok(), "{name}/{path}: {:?}\n{}", value.err(), file.content);
                }
            }
            if path.starts_with("Dockerfile") || path.ends_with("/Dockerfile") {
                check_dockerfile(&format!("{name}/{path}"), &file.content);
            }
        }
    });
}

/// Known instructions, stages that exist, here-documents and continuations that end.
fn check_dockerfile(path: &str, text: &str) {
    const KNOWN: &[&str] = &[
        "FROM",
        "ARG",
        "ENV",
        "RUN",
        "COPY",
        "ADD",
        "WORKDIR",
        "USER",
        "EXPOSE",
        "CMD",
        "ENTRYPOINT",
        "LABEL",
        "STOPSIGNAL",
        "SHELL",
        "VOLUME",
        "HEALTHCHECK",
    ];
    let mut stages: BTreeSet<String> = BTreeSet::new();
    let mut lines = text.lines();
    let mut first = true;
    while let Some(line) = lines.next() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let word = line.split_whitespace().next().unwrap_or("");
        assert!(KNOWN.contains(&word), "{path}: `{line}`");
        assert!(!first || matches!(word, "FROM" | "ARG"), "{path} begins with `{line}`");
        first = false;
        let mut whole = line.to_owned();
        while whole.trim_end().ends_with('\\') {
            let Some(next) = lines.next() else { panic!("{path}: a line that goes on at the end: `{whole}`") };
            if next.trim_start().starts_with('#') {
                continue;
            }
            whole = format!("{}{next}", whole.trim_end().trim_end_matches('\\'));
        }
        if word == "RUN" || word == "COPY" {
            if let Some((_, mark)) = whole.split_once("<<") {
                let mark = mark
                    .trim_start_matches('-')
                    .trim_matches(['\'', '"'])
                    .split_whitespace()
                    .next()
                    .unwrap_or("")
                    .trim_matches(['\'', '"'])
                    .to_owned();
                assert!(lines.by_ref().any(|line| line.trim() == mark), "{path}: the here-document `{mark}` does not end");
            }
        }
        if word == "FROM" {
            let words: Vec<&str> = whole.split_whitespace().collect();
            if let [.., "AS" | "as", stage] = words.as_slice() {
                stages.insert((*stage).to_owned());
            }
        }
        for from in whole.split_whitespace().filter_map(|word| word.strip_prefix("--from=")) {
            assert!(stages.contains(from) || from.contains('$') || from.contains(':'), "{path}: stage `{from}` is not there yet");
        }
    }
}

#[test]
fn every_resource_has_one_disposition() {
    each(|name, _, outcome| {
        let items = ekiben::graph::item::Items::of(&outcome.graph);
        let counted: usize = outcome.accounting(Subject::Resource).iter().map(|(_, count)| count).sum();
        assert_eq!(counted, items.list.len(), "{name}");
    });
}

#[test]
fn no_planted_secret_reaches_an_output() {
    each(|name, _, outcome| {
        for file in &outcome.tree {
            assert!(!file.content.contains("PLANTED"), "{name}/{} holds a planted secret", file.path);
        }
        for one in &outcome.dispositions {
            assert!(!format!("{one:?}").contains("PLANTED"), "{name}: {one:?}");
        }
        assert!(!format!("{:?}", outcome.blueprint).contains("PLANTED"), "{name}: the blueprint holds a planted secret");
    });
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for (name, stacks) in CORPUS {
        let folder = root().join("corpus").join(name);
        let mut sources = SourceMap::new();
        load(&folder, &folder, &mut sources);
        let mut options = everything(name);
        for stack in *stacks {
            options.stacks.push(sources.under(stack).map(|(id, _)| id).collect());
        }
        let once = || {
            ekiben::compile::with_stack(|| {
                ekiben::compile(&sources, &options).tree.into_iter().map(|file| (file.path, file.content)).collect::<Vec<_>>()
            })
        };
        assert_eq!(once(), once(), "{name}");
    }
}
