//! Every recipe of every cookbook evaluated by itself, and what that met.
//!
//! In: the sources. Out: [`Surveyed`]. The recipes are dealt out to threads, each with an interpreter of its own; into how many shares
//! depends on the recipes alone, so that every machine counts the same.

use std::collections::{BTreeSet, HashSet};

use super::{Prepared, STACK, keep_diagnostics, prepare};
use crate::chef::run::{self, Kitchen};
use crate::chef::{collect, plan};
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::Graph;
use crate::outcome::{Options, Outcome};
use crate::secrecy::is_distinctive;
use crate::source::SourceMap;
use crate::survey::Survey;

/// So many recipes are worth a thread.
const SHARE: usize = 48;
/// At most so many threads: each reads the cookbooks anew.
const SHARES: usize = 4;

/// Codes of diagnostics that say that a file or resource was not evaluated to its end.
const ENDING: &[&str] = &["C100", "C102", "C109"];

/// What the recipes met.
#[derive(Debug, Default)]
pub struct Surveyed {
    /// What is not supported or not there, and figures.
    pub survey: Survey,
    /// Values of secrets that the evaluation came across: for hiding them, never for showing.
    pub secrets: BTreeSet<String>,
}

/// The part of one thread.
#[derive(Default)]
struct Share {
    surveyed: Surveyed,
    diagnostics: Vec<Diagnostic>,
}

/// Evaluates every recipe of every cookbook, each alone, and counts what was met that is not supported.
#[must_use]
pub fn survey(sources: &SourceMap, options: &Options) -> Surveyed {
    let is_recipe = |path: &str| path.ends_with(".rb") && path.rsplit('/').nth(1) == Some("recipes");
    let recipes = sources.under(&options.root).filter(|(_, file)| is_recipe(&file.path)).count();
    let count = (recipes / SHARE + 1).min(SHARES);
    let shares: Vec<Share> = if count == 1 {
        vec![share(sources, options, 0, 1)]
    } else {
        std::thread::scope(|scope| {
            let start = |index| {
                let work = move || share(sources, options, index, count);
                std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).map_err(|_| index)
            };
            let started: Vec<_> = (0..count).map(start).collect();
            let finish = |thread: Result<std::thread::ScopedJoinHandle<'_, Share>, usize>| match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                // A machine that gives no more threads has this one.
                Err(index) => share(sources, options, index, count),
            };
            started.into_iter().map(finish).collect()
        })
    };
    let mut whole = Surveyed::default();
    let mut diagnostics = HashSet::new();
    for share in shares {
        whole.survey.merge(share.surveyed.survey);
        whole.secrets.extend(share.surveyed.secrets);
        diagnostics.extend(share.diagnostics);
    }
    whole.survey.diagnostics = diagnostics.iter().filter(|one| one.severity > Severity::Note).count();
    whole
}

/// Every `count`th recipe, from the `index`th on.
fn share(sources: &SourceMap, options: &Options, index: usize, count: usize) -> Share {
    let Prepared { kitchen, plan, mut outcome } = prepare(sources, options);
    let mut surveyed = Surveyed { survey: Survey::new(lines_of_ruby(&kitchen)), secrets: BTreeSet::new() };
    let mut seen: HashSet<Diagnostic> = outcome.diagnostics.iter().cloned().collect();
    let all = plan::of_every_recipe(&kitchen, &plan, options.platform.as_ref());
    note_secrets(&Graph { environments: plan.environments, runs: Vec::new() }, &mut surveyed.secrets);
    for planned in all.into_iter().skip(index).step_by(count) {
        let mut finished = run::evaluate(&kitchen, &planned.request);
        let run = collect::collect(&mut finished, planned.environment, &planned.layer, planned.event);
        let whole = !finished.interpreter.diagnostics.iter().any(|one| ENDING.contains(&one.code));
        let interpreter = &finished.interpreter;
        surveyed.survey.add(&planned.layer, &interpreter.ledger, whole, |span| interpreter.location(span));
        surveyed.survey.add_resources(&run);
        note_secrets(&Graph { environments: Vec::new(), runs: vec![run] }, &mut surveyed.secrets);
        keep_diagnostics(&mut outcome, &mut seen, &mut finished, sources);
        finished.dismantle();
    }
    let Outcome { diagnostics, .. } = outcome;
    Share { surveyed, diagnostics }
}

fn note_secrets(graph: &Graph, secrets: &mut BTreeSet<String>) {
    graph.each_hole(&mut |hole, _| {
        if let Some(value) = hole.value.as_ref().filter(|value| hole.secret && is_distinctive(value)) {
            secrets.insert(value.clone());
        }
    });
}

/// Lines of the Ruby files of all cookbooks.
fn lines_of_ruby(kitchen: &Kitchen) -> usize {
    let files = kitchen.cookbooks.values().flat_map(|cookbook| cookbook.files.files.iter());
    let code = files.filter(|(path, _)| {
        path.ends_with(".rb") && !path.starts_with("spec/") && !path.starts_with("test/") && !path.starts_with("files/")
    });
    code.map(|(_, id)| kitchen.sources.file(*id).text().lines().count()).sum()
}
