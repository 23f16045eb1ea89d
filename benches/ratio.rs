//! How many times longer a conversion takes than reading its files and parsing them with tree-sitter, on one thread: the promise is 3 at most.
//!
//! `cargo bench --bench ratio` measures the largest repository of `corpus/`. With `EKIBEN_REPOSITORIES` naming a folder of repositories each
//! of them is measured, too: evaluated as `ekiben graph` does, and recipe by recipe, each alone, as real Chef compiles one run.
// A benchmark reads its input from the disk.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ekiben::compile::{evaluate, survey, with_stack};
use ekiben::outcome::Options;
use ekiben::read::erb;
use ekiben::source::{Content, FileId, SourceFile, SourceMap};

/// Files above this are no source text.
const LIMIT: u64 = 1 << 20;

/// The stacks of the largest repository of the corpus.
const STACKS: &[&str] = &["opsworks/production/", "opsworks/staging/"];

/// What real Chef 18 takes to compile one recipe of OpsWorks' own cookbooks, in the mean, in seconds of CPU.
const REAL_CHEF: f64 = 0.345;

fn load(folder: &Path, prefix: &str, sources: &mut SourceMap) {
    let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let Ok(metadata) = fs::symlink_metadata(entry.path()) else { continue };
        if metadata.is_dir() && entry.file_name() != ".git" {
            load(&entry.path(), &format!("{path}/"), sources);
        } else if metadata.is_file() && metadata.len() <= LIMIT {
            let Ok(bytes) = fs::read(entry.path()) else { continue };
            let content = String::from_utf8(bytes).map_or_else(|error| Content::Binary(error.into_bytes()), Content::Text);
            sources.add(SourceFile::new(path, content));
        }
    }
}

fn code(sources: &SourceMap) -> Vec<FileId> {
    let is_code = |path: &str| [".rb", ".erb"].iter().any(|ending| path.ends_with(ending));
    sources.iter().filter(|(_, file)| is_code(&file.path)).map(|(id, _)| id).collect()
}

/// Parses with tree-sitter and nothing else.
fn parse(sources: &SourceMap) {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_ruby::LANGUAGE.into()).expect("the grammar");
    for id in code(sources) {
        let file = sources.file(id);
        let tree = if file.path.ends_with(".erb") { parser.parse(erb::erubis(file.text()), None) } else { parser.parse(file.text(), None) };
        black_box(tree);
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The shortest of a few turns: what the machine does beside is no part of it.
fn shortest(turns: usize, mut work: impl FnMut()) -> Duration {
    (0..turns).map(|_| time(&mut work)).min().unwrap_or_default()
}

fn ratio(work: Duration, base: Duration) -> f64 {
    work.as_secs_f64() / base.as_secs_f64().max(1e-9)
}

fn read(folder: &Path) -> SourceMap {
    let mut sources = SourceMap::new();
    load(folder, "", &mut sources);
    sources
}

/// The most memory that this process ever held, in MB, where the system says it.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).map_or(0, |kilobytes| kilobytes / 1024)
}

fn corpus() {
    let folders: Vec<PathBuf> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"))
        .expect("corpus/")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    let bytes = |folder: &PathBuf| {
        let sources = read(folder);
        code(&sources).iter().map(|id| sources.file(*id).text().len()).sum::<usize>()
    };
    let largest = folders.iter().max_by_key(|folder| bytes(folder)).expect("a repository");
    let name = largest.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let base = shortest(20, || parse(&read(largest)));
    let whole = shortest(20, || {
        let sources = read(largest);
        let stacks = STACKS.iter().map(|stack| sources.under(stack).map(|(id, _)| id).collect()).collect();
        let options = Options { name: name.clone(), stacks, ..Options::default() };
        black_box(ekiben::compile(&sources, &options));
    });
    println!("{name}: read and parsed in {base:?}, converted in {whole:?}: {:.2} times", ratio(whole, base));
}

fn repositories(folder: &Path) {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    println!(
        "{:<46} {:>6} {:>9} {:>10} {:>10} {:>7} {:>8} {:>12}",
        "repository", "files", "kB", "parse ms", "graph ms", "times", "recipes", "ms a recipe"
    );
    let (mut parsed, mut evaluated, mut alone, mut recipes, mut files, mut bytes) =
        (Duration::ZERO, Duration::ZERO, Duration::ZERO, 0, 0, 0);
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let base = shortest(3, || parse(&read(&folder)));
        let sources = read(&folder);
        let ours = code(&sources);
        let size: usize = ours.iter().map(|id| sources.file(*id).text().len()).sum();
        let options = Options { name: name.clone(), ..Options::default() };
        let graph = shortest(3, || {
            let sources = read(&folder);
            black_box(evaluate(&sources, &options));
        });
        let mut count = 0;
        let every = time(|| count = survey(&sources, &options).survey.recipes);
        println!(
            "{name:<46} {:>6} {:>9} {:>10.1} {:>10.1} {:>7.2} {count:>8} {:>12.2}",
            ours.len(),
            size / 1024,
            base.as_secs_f64() * 1e3,
            graph.as_secs_f64() * 1e3,
            ratio(graph, base),
            every.as_secs_f64() * 1e3 / (count.max(1) as f64)
        );
        parsed += base;
        evaluated += graph;
        alone += every;
        recipes += count;
        files += ours.len();
        bytes += size;
    }
    println!(
        "all: {files} files, {} MB, parsed in {parsed:.2?}, evaluated in {evaluated:.2?}: {:.2} times; {recipes} recipes alone in {alone:.2?}, {:.1} ms each, real Chef {:.0} ms: {:.0} times faster; {} MB at most",
        bytes / 1_000_000,
        ratio(evaluated, parsed),
        alone.as_secs_f64() * 1e3 / (recipes.max(1) as f64),
        REAL_CHEF * 1e3,
        REAL_CHEF * recipes as f64 / alone.as_secs_f64().max(1e-9),
        peak()
    );
}

fn main() {
    with_stack(|| {
        corpus();
        match std::env::var_os("EKIBEN_REPOSITORIES") {
            Some(folder) if !folder.is_empty() => repositories(Path::new(&folder)),
            _ => println!("repositories: skipped: EKIBEN_REPOSITORIES names no folder"),
        }
    });
}
