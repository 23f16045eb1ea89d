//! The exports of the corpus, and templates, instance JSON and data bags as people save them, from files to runs.

macro_rules! corpus {
    ($stack:literal) => {
        corpus!($stack, "apps", "elastic-load-balancers", "instances", "layers", "rds-db-instances", "stacks")
    };
    ($stack:literal, $($name:literal),*) => {
        [$((
            concat!("opsworks/", $stack, "/describe-", $name, ".json"),
            include_str!(concat!("../../corpus/photo-album/opsworks/", $stack, "/describe-", $name, ".json")),
        )),*]
    };
}

mod chef11;
mod corpus;
mod data_bags;
mod faults;
mod joining;
mod template;

use indexmap::IndexMap;

use ekiben::chef::opsworks::run::{RunInput, runs};
use ekiben::chef::opsworks::stack::{ChefVersion, Stack};
use ekiben::chef::opsworks::{environment, read};
use ekiben::diagnostic::{Diagnostic, Severity};
use ekiben::graph::{Datum, Lifecycle};
use ekiben::source::{FileId, SourceMap};
use ekiben::text::Text;

fn load(files: &[(&str, &str)]) -> (Vec<Stack>, Vec<Diagnostic>) {
    let mut sources = SourceMap::new();
    let ids: Vec<FileId> = files.iter().map(|(path, text)| sources.add_text(*path, *text)).collect();
    read(&sources, &ids)
}

fn one(files: &[(&str, &str)]) -> Stack {
    let (mut stacks, diagnostics) = load(files);
    assert_eq!(stacks.len(), 1, "{diagnostics:?}");
    stacks.remove(0)
}

fn dig<'a>(datum: &'a Datum, path: &[&str]) -> &'a Datum {
    path.iter().fold(datum, |datum, key| match datum {
        Datum::Map(map) => map.get(*key).unwrap_or_else(|| panic!("no `{key}` in {:?}", map.keys().collect::<Vec<_>>())),
        Datum::List(items) => &items[key.parse::<usize>().unwrap()],
        other => panic!("no `{key}` in {other:?}"),
    })
}

fn run<'a>(runs: &'a [RunInput], layer: &str, event: Lifecycle) -> &'a RunInput {
    runs.iter().find(|run| run.layer == layer && run.event == event).unwrap()
}

fn keys(datum: &Datum) -> Vec<&str> {
    match datum {
        Datum::Map(map) => map.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn hole_value(datum: &Datum) -> Option<String> {
    datum.as_text()?.holes().next()?.value.clone()
}
