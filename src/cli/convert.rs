//! `ekiben convert`: loads, compiles, writes, and says what came of it.

use std::fmt::Write;

use super::arguments::{Convert, Format};
use super::load::load;
use super::plan::{Permission, Plan, State};
use super::progress::Progress;
use super::{Ending, Failure, print, print_error, reason, write};
use crate::blueprint::Artifact;
use crate::diagnostic::Severity;
use crate::emit::ALL;
use crate::report::accounting::{self, Account};
use crate::report::diagnostics::{self, Places};
use crate::report::mask::Masker;
use crate::report::{html, json, markdown};

/// The report's path in the output.
const REPORT: &str = "report.md";

/// The same for browsers.
const PAGE: &str = "report.html";

/// Runs the command.
pub fn run(arguments: &Convert) -> Result<Ending, Failure> {
    if arguments.output.exists() && !arguments.output.is_dir() {
        return Err(Failure::new(format!("`{}` (--output) is no folder", arguments.output.display())).help("name another folder"));
    }
    let progress = Progress::start(arguments.quiet);
    progress.phase("reading");
    let mut loaded = load(&arguments.input)?;
    loaded.options.emit = arguments.choices.options(&arguments.target);
    progress.phase("evaluating the cookbooks");
    let mut outcome = crate::compile(&loaded.sources, &loaded.options);
    outcome.notes.append(&mut loaded.notes);
    let mut said = loaded.diagnostics;
    said.append(&mut outcome.diagnostics);
    said.append(&mut accounting::check(&outcome));
    progress.phase("writing");
    let masker = Masker::new(&outcome);
    let places = Places { sources: &loaded.sources, masker: &masker };
    let found = diagnostics::list(&said, &places);
    let report = markdown::render(&outcome, &outcome.notes, &found, &masker);
    let page = html::conversion(&outcome, &outcome.notes, &found, &places);
    let mut tree: Vec<Artifact> =
        outcome.tree.iter().filter(|artifact| ![REPORT, PAGE].contains(&artifact.path.as_str())).cloned().collect();
    tree.extend([(REPORT, report), (PAGE, page)].map(|(path, content)| Artifact { path: path.to_owned(), content, mode: 0o644 }));
    tree.sort_by(|one, other| one.path.cmp(&other.path));
    let permission =
        Permission { force: arguments.force, remove: arguments.target.is_empty() || arguments.target.iter().any(|target| target == ALL) };
    let mut plan = Plan::make(&arguments.output, &tree, permission);
    if !arguments.dry_run {
        write::write(&arguments.output, &tree, &plan).map_err(|error| {
            let what = format!("`{}` (--output) cannot be written: {}", arguments.output.display(), reason(&error));
            Failure::new(what).help("nothing was changed; make the folder writable or name another")
        })?;
    }
    drop(progress);
    said.append(&mut plan.diagnostics);
    let findings = diagnostics::list(&said, &places);
    match arguments.format {
        Format::Json => print(&json::render(&outcome, &findings, &plan.entries, &masker)),
        Format::Text => {
            let least = if arguments.quiet { Severity::Warning } else { Severity::Note };
            print_error(&diagnostics::render(&said, &places, least, true));
            if !arguments.quiet {
                let notes = outcome.notes.iter().map(|note| format!("{}\n", masker.words(note))).collect::<String>();
                let gap = if notes.is_empty() { "" } else { "\n" };
                print(&format!("{notes}{gap}{}\n{}", Account::of(&outcome).text(), summary(&plan, arguments)));
            } else if arguments.dry_run {
                print(&listing(&plan));
            }
        }
    }
    let is_finding = |finding: &diagnostics::Finding| finding.severity >= Severity::Warning;
    Ok(if findings.iter().any(is_finding) { Ending::Findings } else { Ending::Clean })
}

/// What was, or would be, written.
fn summary(plan: &Plan, arguments: &Convert) -> String {
    let counts: Vec<String> = State::ALL
        .into_iter()
        .map(|state| (state, plan.count(state)))
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| format!("{count} {}", state.name()))
        .collect();
    let out = arguments.output.display();
    if arguments.dry_run {
        format!("{}\nnothing was written to {out}: {}\n", listing(plan), counts.join(", "))
    } else {
        format!("{out}: {}; begin with {REPORT}, or {PAGE} in a browser\n", counts.join(", "))
    }
}

/// The files, one in a line: state, size, path.
fn listing(plan: &Plan) -> String {
    let mut text = String::new();
    for entry in &plan.entries {
        let size = if entry.state == State::Removed { String::new() } else { entry.size.to_string() };
        let _infallible = writeln!(text, "{:9}  {size:>8}  {}", entry.state.name(), entry.path);
    }
    text
}
