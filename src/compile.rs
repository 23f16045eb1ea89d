//! The pipeline, stage after stage: find, evaluate, collect, pass, emit.

mod survey;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use crate::chef::opsworks;
use crate::chef::plan::{self, Wishes};
use crate::chef::repository::{Layout, Repository};
use crate::chef::run::{self, Kitchen};
use crate::chef::{collect, datum, stand_in};
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::Graph;
use crate::graph::item::Items;
use crate::outcome::{Options, Outcome};
use crate::project::{self, Project};
use crate::secrecy::is_distinctive;
use crate::source::SourceMap;

pub use survey::{Surveyed, survey};

/// Room for deeply nested Ruby: address space, of which only what is used costs memory.
const STACK: usize = 1 << 30;

/// Runs `work` on a thread with a stack that the evaluator's bound on depth never fills.
/// [`compile`] and [`evaluate`] are called inside it.
///
/// # Panics
/// When `work` panics.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        Err(error) => panic!("no thread can be started: {error}"),
    })
}

/// See [`crate::compile()`].
#[must_use]
pub fn compile(sources: &SourceMap, options: &Options) -> Outcome {
    let mut outcome = evaluate(sources, options);
    finish(sources, options, &mut outcome);
    outcome
}

/// Evaluates, and finds out what must be built and what must run; nothing is emitted.
#[must_use]
pub fn design(sources: &SourceMap, options: &Options) -> Outcome {
    let mut outcome = evaluate(sources, options);
    gather(sources, options, &mut outcome);
    outcome
}

/// Evaluates only: the graph, what was noted, and what is wrong.
#[must_use]
pub fn evaluate(sources: &SourceMap, options: &Options) -> Outcome {
    let Prepared { kitchen, plan, mut outcome } = prepare(sources, options);
    outcome.notes.extend(plan.notes.iter().cloned());
    let mut graph = Graph { environments: plan.environments, runs: Vec::new() };
    let mut loaded: BTreeSet<String> = BTreeSet::new();
    let mut seen: HashSet<Diagnostic> = outcome.diagnostics.iter().cloned().collect();
    for planned in &plan.runs {
        let mut finished = run::evaluate(&kitchen, &planned.request);
        graph.runs.push(collect::collect(&mut finished, planned.environment, &planned.layer, planned.event));
        loaded.extend(finished.client.loaded_recipes.borrow().iter().cloned());
        keep_diagnostics(&mut outcome, &mut seen, &mut finished, sources);
        finished.dismantle();
    }
    let unreached = plan::unreached(&kitchen, &loaded);
    if !unreached.is_empty() && !graph.runs.is_empty() {
        let shown = if unreached.len() > 10 {
            format!("{} and {} more", unreached[..10].join(", "), unreached.len() - 10)
        } else {
            unreached.join(", ")
        };
        outcome.notes.push(format!("{} recipes are reached by no run list and were not evaluated: {shown}", unreached.len()));
    }
    outcome.graph = graph;
    outcome
}

/// What stands before any run is evaluated.
struct Prepared {
    kitchen: Kitchen,
    plan: plan::Plan,
    outcome: Outcome,
}

/// Finds and reads cookbooks, stacks and attributes, and plans the runs.
fn prepare(sources: &SourceMap, options: &Options) -> Prepared {
    let mut outcome = Outcome::default();
    let mut all = sources.clone();
    stand_in::add(&mut all);
    let shared = Rc::new(all);
    let repository = Repository::find(sources, &options.root, &options.name);
    let layout = repository.layout.unwrap_or(Layout::Nothing);
    outcome.notes.push(format!("the input is {}", layout.describe()));
    let mut kitchen = Kitchen::new(Rc::clone(&shared), &repository, true);
    let named = |folder: String| (project::name_of(&folder, &options.name), folder);
    kitchen.projects = project_folders(sources, options).into_iter().map(named).collect();
    outcome.diagnostics.extend(kitchen.diagnostics.iter().cloned());
    let attributes = options.json_attributes.and_then(|file| match serde_json::from_str(sources.file(file).text()) {
        Ok(json) => Some(datum::from_json(&json, true)),
        Err(error) => {
            outcome.diagnostics.push(
                Diagnostic::error("C110", format!("the attributes are not valid JSON: {error}"))
                    .in_file(sources.file(file).path.clone())
                    .help("correct the file"),
            );
            None
        }
    });
    let wishes = Wishes {
        run_list: &options.run_list,
        layer: options.layer.as_deref(),
        platform: options.platform.as_ref(),
        environment: options.environment.as_deref(),
        attributes,
    };
    let mut stacks = Vec::new();
    for files in &options.stacks {
        let (read, diagnostics) = opsworks::read(sources, files);
        stacks.extend(read);
        outcome.diagnostics.extend(diagnostics);
    }
    let described = !stacks.is_empty() || !wishes.is_open() || !repository.nodes.is_empty() || !repository.roles.is_empty();
    if !described && layout != Layout::Nothing && opsworks::assumed::is_needed(&kitchen) {
        stacks = assumed_stack(&kitchen, &shared, &mut outcome);
    }
    outcome.diagnostics.extend(opsworks::environment::name_environments(&mut stacks));
    let plan =
        if stacks.is_empty() { plan::of_repository(&kitchen, &repository, sources, &wishes) } else { plan::of_stacks(&stacks, &wishes) };
    Prepared { kitchen, plan, outcome }
}

/// The stack that stands for the one which an `OpsWorks` repository came without; that it is assumed is said.
fn assumed_stack(kitchen: &Kitchen, sources: &SourceMap, outcome: &mut Outcome) -> Vec<opsworks::stack::Stack> {
    let files = opsworks::assumed::files(kitchen);
    if files.is_empty() {
        return Vec::new();
    }
    let mut all = sources.clone();
    let ids: Vec<_> = files.into_iter().map(|(path, text)| all.add_text(path, text)).collect();
    let (stacks, _) = opsworks::read(&all, &ids);
    outcome.notes.push(format!(
        "no stack is given: one app `{}`, a layer for each cookbook that no other needs and one host each are assumed (give the stack with --stack)",
        opsworks::assumed::APP
    ));
    stacks
}

/// Keeps a run's diagnostics, each once over all runs; what lies in a template's generated code is said by the template's line.
fn keep_diagnostics(outcome: &mut Outcome, seen: &mut HashSet<Diagnostic>, finished: &mut run::Finished, sources: &SourceMap) {
    let interpreter = &mut finished.interpreter;
    for mut diagnostic in std::mem::take(&mut interpreter.diagnostics) {
        if let Some(span) = diagnostic.span.filter(|span| (span.file.0 as usize) >= sources.len()) {
            if span.file.0 < crate::ruby::interpreter::GENERATED {
                // A stand-in is no file of the input: its place is said, its text is not shown.
                diagnostic.path = Some(interpreter.location(span).to_string());
                diagnostic.span = None;
            } else {
                let Some(file) = interpreter.generated_file(span.file) else { continue };
                // The template's path and line say it; the generated code itself is not shown.
                let (line, _) = file.line_column(span.start);
                diagnostic.path = Some(format!("{}:{line}", file.path));
                diagnostic.span = None;
            }
        }
        if seen.len() >= DIAGNOSTICS && diagnostic.severity < Severity::Error {
            continue;
        }
        if seen.insert(diagnostic.clone()) {
            outcome.diagnostics.push(diagnostic);
            if seen.len() == DIAGNOSTICS {
                let message = format!("there are more than {DIAGNOSTICS} findings about this input; of the others only errors are shown");
                outcome.diagnostics.push(Diagnostic::error("C117", message).help("mend those that are shown first"));
            }
        }
    }
}

/// Most findings about one input, errors apart.
const DIAGNOSTICS: usize = 20_000;

/// The folders of the projects that the cookbooks deploy.
fn project_folders(sources: &SourceMap, options: &Options) -> Vec<String> {
    match &options.app {
        Some(folder) => vec![folder.clone()],
        None => project::folders(sources, &options.root),
    }
}

/// The passes: blueprint and dispositions.
fn gather(sources: &SourceMap, options: &Options, outcome: &mut Outcome) {
    let folders = project_folders(sources, options);
    let projects: Vec<Project> = folders.iter().map(|folder| Project::read(sources, folder, &options.name)).collect();
    let items = Items::of(&outcome.graph);
    let made = crate::pass::run(&outcome.graph, &items, &projects, sources, &options.name);
    outcome.notes.extend(made.notes);
    outcome.diagnostics.extend(made.diagnostics);
    outcome.dispositions = made.dispositions;
    outcome.shares = made.shares;
    outcome.folders = made.folders;
    outcome.blueprint = made.blueprint;
}

fn finish(sources: &SourceMap, options: &Options, outcome: &mut Outcome) {
    gather(sources, options, outcome);
    outcome.tree = crate::emit::emit(&outcome.blueprint, &options.emit);
    last_guard(outcome);
}

/// The last guard before anything is written: no output holds the value of a secret that the input had in the clear.
fn last_guard(outcome: &mut Outcome) {
    let secrets = known_secrets(&outcome.graph);
    for artifact in &mut outcome.tree {
        for (value, name) in &secrets {
            if artifact.content.contains(value.as_str()) {
                artifact.content = artifact.content.replace(value.as_str(), &format!("REMOVED_{name}"));
                let message = format!("`{}` would have held the value of the secret `{name}`; it was taken out", artifact.path);
                let diagnostic = Diagnostic::error("C093", message)
                    .help("take the secret out of the place it comes from, and give it to the process as a setting");
                if !outcome.diagnostics.contains(&diagnostic) {
                    outcome.diagnostics.push(diagnostic);
                }
            }
        }
    }
}

/// Values of secrets, longest first, with their names.
fn known_secrets(graph: &Graph) -> Vec<(String, String)> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    graph.each_hole(&mut |hole, _| {
        if let (true, Some(value)) = (hole.secret, &hole.value) {
            if is_distinctive(value) && value != crate::secrecy::FILTERED {
                let name: String =
                    hole.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
                found.entry(value.clone()).or_insert(name);
            }
        }
    });
    let mut list: Vec<(String, String)> = found.into_iter().collect();
    list.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    list
}
