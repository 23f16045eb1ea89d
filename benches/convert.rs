//! How long each stage takes on each repository of `corpus/`: parse, evaluate, passes, emit, all of it, and the audit's rules.
//!
//! `cargo bench --bench convert` measures all of them, `cargo bench --bench convert -- photo-album/evaluate` one. The files are read from
//! the disk once, outside of what is measured.
// A benchmark reads its input from the disk.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput};
use ekiben::audit::audit;
use ekiben::compile::{evaluate, with_stack};
use ekiben::graph::item::Items;
use ekiben::outcome::Options;
use ekiben::project::{self, Project};
use ekiben::read::{erb, ruby};
use ekiben::source::{Content, FileId, SourceFile, SourceMap};

/// Files above this are no source text.
const LIMIT: u64 = 1 << 20;

/// The stacks of each repository: a file, or a folder with `/` at its end. What is not listed has none.
const STACKS: &[(&str, &[&str])] = &[
    ("chef11-rails-php", &["stack/"]),
    ("node-layer", &["opsworks.yaml"]),
    ("photo-album", &["opsworks/production/", "opsworks/staging/"]),
];

/// Adds every file below `folder`; symbolic links are left out.
fn load(folder: &Path, prefix: &str, sources: &mut SourceMap) {
    let mut entries: Vec<_> = fs::read_dir(folder).expect("a folder of the corpus").map(|entry| entry.expect("an entry")).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = fs::symlink_metadata(entry.path()).expect("what an entry is");
        if metadata.is_dir() {
            load(&entry.path(), &format!("{path}/"), sources);
        } else if metadata.is_file() && metadata.len() <= LIMIT {
            let bytes = fs::read(entry.path()).expect("a file of the corpus");
            let content = String::from_utf8(bytes).map_or_else(|error| Content::Binary(error.into_bytes()), Content::Text);
            sources.add(SourceFile::new(path, content));
        }
    }
}

/// Parses every recipe, library, attribute file and template; gives how many diagnostics there were.
fn parse(sources: &SourceMap, code: &[FileId]) -> usize {
    let parsed = code.iter().map(|id| {
        let file = sources.file(*id);
        let (tree, diagnostics) =
            if file.path.ends_with(".erb") { ruby::parse_text(*id, &erb::erubis(file.text()), &[]) } else { ruby::parse(sources, *id) };
        black_box(tree);
        diagnostics.len()
    });
    parsed.sum()
}

fn measure(criterion: &mut Criterion, name: &str, folder: &Path) {
    let mut sources = SourceMap::new();
    load(folder, "", &mut sources);
    let sources = &sources;
    let stacks = STACKS.iter().find(|(known, _)| *known == name).map(|(_, stacks)| *stacks).unwrap_or_default();
    let options = Options {
        name: name.to_owned(),
        stacks: stacks.iter().map(|stack| sources.under(stack).map(|(id, _)| id).collect()).collect(),
        ..Options::default()
    };
    let is_code = |path: &str| [".rb", ".erb"].iter().any(|ending| path.ends_with(ending));
    let code: Vec<FileId> = sources.iter().filter(|(_, file)| is_code(&file.path)).map(|(id, _)| id).collect();
    let bytes: usize = code.iter().map(|id| sources.file(*id).text().len()).sum();
    let evaluated = evaluate(sources, &options);
    let projects = || -> Vec<Project> {
        project::folders(sources, &options.root).iter().map(|folder| Project::read(sources, folder, &options.name)).collect()
    };
    let passes = || {
        let items = Items::of(&evaluated.graph);
        ekiben::pass::run(&evaluated.graph, &items, &projects(), sources, &options.name)
    };
    let blueprint = passes().blueprint;
    let emit_options = ekiben::emit::Options::default();

    let mut group = criterion.benchmark_group(name);
    group.sample_size(10);
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("parse", |bencher| bencher.iter(|| parse(sources, &code)));
    group.bench_function("evaluate", |bencher| bencher.iter(|| evaluate(sources, &options)));
    group.bench_function("passes", |bencher| bencher.iter(passes));
    group.bench_function("emit", |bencher| bencher.iter(|| ekiben::emit::emit(&blueprint, &emit_options)));
    group.bench_function("compile", |bencher| bencher.iter(|| ekiben::compile(sources, &options)));
    group.bench_function("audit", |bencher| bencher.iter(|| audit(sources, "")));
    group.finish();
}

fn main() {
    with_stack(|| {
        let mut criterion = Criterion::default().configure_from_args();
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let mut folders: Vec<_> = fs::read_dir(corpus).expect("corpus/").map(|entry| entry.expect("an entry").path()).collect();
        folders.retain(|folder| folder.is_dir());
        folders.sort();
        for folder in folders {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            measure(&mut criterion, &name, &folder);
        }
        criterion.final_summary();
    });
}
