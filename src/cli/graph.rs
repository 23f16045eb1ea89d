//! `ekiben graph`: loads, evaluates, and shows what Chef would do, with `--blueprint`
//! what that machine was for, or with `--unsupported` what ekiben could not do.

use super::arguments::{Format, Graph};
use super::load::load;
use super::progress::Progress;
use super::{Ending, Failure, print, print_error};
use crate::diagnostic::Severity;
use crate::report::blueprint;
use crate::report::diagnostics::{self, Places};
use crate::report::graph::{View, text};
use crate::report::mask::Masker;
use crate::report::survey;

/// Runs the command.
pub fn run(arguments: &Graph) -> Result<Ending, Failure> {
    let progress = Progress::start(arguments.quiet);
    progress.phase("reading");
    let loaded = load(&arguments.input)?;
    progress.phase("evaluating the cookbooks");
    if arguments.unsupported {
        let surveyed = crate::compile::survey(&loaded.sources, &loaded.options);
        drop(progress);
        let view = survey::View::of(&surveyed.survey, &Masker::with(&surveyed.secrets, None));
        match arguments.format {
            Format::Text => print(&survey::text(&view)),
            Format::Json => print(&view.json()),
        }
        return Ok(if view.unsupported.is_empty() { Ending::Clean } else { Ending::Findings });
    }
    let mut outcome = if arguments.blueprint {
        crate::compile::design(&loaded.sources, &loaded.options)
    } else {
        crate::compile::evaluate(&loaded.sources, &loaded.options)
    };
    drop(progress);
    let mut said = loaded.diagnostics;
    said.append(&mut outcome.diagnostics);
    let masker = Masker::new(&outcome);
    let places = Places { sources: &loaded.sources, masker: &masker };
    let least = if arguments.quiet { Severity::Warning } else { Severity::Note };
    print_error(&diagnostics::render(&said, &places, least, true));
    if arguments.blueprint {
        let view = blueprint::View::of(&outcome, &masker);
        match arguments.format {
            Format::Text => print(&blueprint::text(&view)),
            Format::Json => print(&view.json()),
        }
    } else {
        let view = View::of(&outcome, &masker);
        match arguments.format {
            Format::Text => print(&text(&view)),
            Format::Json => print(&view.json()),
        }
    }
    let is_finding = |finding: &diagnostics::Finding| finding.severity >= Severity::Warning;
    Ok(if diagnostics::list(&said, &places).iter().any(is_finding) { Ending::Findings } else { Ending::Clean })
}
