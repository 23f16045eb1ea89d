//! Schedules that processes of the app keep by themselves: sidekiq-cron, sidekiq-scheduler, resque-scheduler, Clockwork, Rufus, Solid Queue.
//!
//! They go on running inside their processes, and no target makes anything of them: they are reported, with the process that keeps them.

mod clockwork;
mod document;
mod initializer;
mod job;
mod resque_scheduler;
mod sidekiq_cron;
mod sidekiq_scheduler;
mod solid_queue;
mod time;

use crate::blueprint::{InnerSchedule, Origin, Process, Role};
use crate::diagnostic::Diagnostic;
use crate::outcome::{Fate, Subject};
use crate::pass::schedule::entry::line_span;
use crate::pass::{Input, Sink};
use crate::project::Project;

/// What a source looks at.
pub struct Scene<'a> {
    /// The graph and the files.
    pub input: &'a Input<'a>,
    /// The app.
    pub project: &'a Project,
    /// The processes of the blueprint.
    pub processes: &'a [Process],
}

/// A source: finds the schedules of one library.
type Find = fn(&Scene<'_>, &mut Vec<InnerSchedule>, &mut Sink);

/// The sources.
const SOURCES: &[Find] =
    &[sidekiq_cron::find, sidekiq_scheduler::find, resque_scheduler::find, clockwork::find, initializer::rufus, solid_queue::find];

/// Finds the schedules of every project, and the process that keeps each.
pub fn run(input: &Input<'_>, processes: &[Process], sink: &mut Sink) -> Vec<InnerSchedule> {
    let mut all: Vec<InnerSchedule> = Vec::new();
    for project in input.projects {
        let scene = Scene { input, project, processes };
        for find in SOURCES {
            find(&scene, &mut all, sink);
        }
    }
    for one in &mut all {
        keeper(one, processes);
        let location = one.origin.first().map(|origin| origin.location.clone());
        let name = format!("{} {}", one.written, one.does);
        match &one.process {
            Some(process) => {
                let to = format!("process {process}");
                sink.other(Subject::Schedule, name, "", location, Fate::Absorbed, &to, "the process keeps it by itself", Vec::new());
            }
            None => {
                let why = format!("no process of {} was found that keeps it", one.kind);
                sink.task(format!("Decide what runs the schedule of {}", one.kind), why.clone(), one.origin.clone());
                sink.other(Subject::Schedule, name, "", location, Fate::Manual, "", &why, Vec::new());
            }
        }
    }
    all
}

/// Whether a word of the process's commands names a program.
fn names(process: &Process, programs: &[&str]) -> bool {
    let words = || process.command.values.iter().flatten().flatten();
    words().any(|word| {
        programs.iter().any(|program| word.rsplit('/').next() == Some(program) || word == program || word.contains(&format!(" {program}")))
    })
}

/// Finds the process, and says what many copies of it would do.
fn keeper(one: &mut InnerSchedule, processes: &[Process]) {
    let fits = |process: &&Process| match one.kind.as_str() {
        "sidekiq-cron" | "sidekiq-scheduler" => {
            process.worker.as_ref().is_some_and(|worker| worker.system == "sidekiq") || names(process, &["sidekiq", "sidekiqswarm"])
        }
        "resque-scheduler" => names(process, &["resque:scheduler", "resque-scheduler"]),
        "clockwork" => names(process, &["clockwork", "clockworkd"]),
        "solid_queue" => names(process, &["jobs", "solid_queue:start"]) || process.variables.contains_key("SOLID_QUEUE_IN_PUMA"),
        _ => process.role == Role::Web,
    };
    let keepers: Vec<&Process> = processes.iter().filter(fits).collect();
    one.process = keepers.first().map(|process| process.name.clone());
    let copies: u32 =
        keepers.iter().map(|process| process.replicas.values.iter().flatten().map(|(_, most)| *most).max().unwrap_or(1)).sum();
    match one.kind.as_str() {
        "clockwork" if copies > 1 => one.notes.push(format!("{copies} copies of the process: Clockwork needs exactly one")),
        "clockwork" => one.notes.push("exactly one copy of the process may run".to_owned()),
        "rufus-scheduler" if copies > 0 => {
            one.notes.push("every process that loads the app runs it: with several copies or workers several times".to_owned());
        }
        "sidekiq-scheduler" if copies > 1 && one.written.starts_with("every") => {
            one.notes.push(format!("{copies} copies of the process: each counts by itself"));
        }
        _ => {}
    }
}

impl Scene<'_> {
    /// The place of a line of a file of the project.
    fn origin(&self, path: &str, line: u32, what: &str) -> Vec<Origin> {
        vec![Origin { location: self.project.place(path, line), what: what.to_owned() }]
    }

    /// Whether the project is locked to the gem, or to nothing that is known.
    fn has_gem(&self, name: &str) -> bool {
        self.project.libraries.contains_key(name) || (self.project.libraries.is_empty() && self.gemfile_names(name))
    }

    fn gemfile_names(&self, name: &str) -> bool {
        let quoted = [format!("'{name}'"), format!("\"{name}\"")];
        self.project.text(self.input.sources, "Gemfile").is_some_and(|text| quoted.iter().any(|word| text.contains(word)))
    }

    /// Says that a file cannot be read.
    fn fault(&self, path: &str, line: u32, message: &str, sink: &mut Sink) {
        let place = self.project.place(path, line);
        let mut diagnostic = Diagnostic::warning("C147", format!("the schedule in {} cannot be read: {message}", place.path));
        match line_span(self.input.sources, &place.path, line) {
            Some(span) => diagnostic = diagnostic.at(span),
            None => diagnostic = diagnostic.in_file(place.path.clone()),
        }
        sink.diagnose(diagnostic.help("mend the file: its process does not start with it"));
        let origin = vec![Origin { location: place.clone(), what: path.to_owned() }];
        sink.other(Subject::Schedule, path, "", Some(place), Fate::Manual, "", message, Vec::new());
        sink.task(format!("Mend {}{path}", self.project.folder), message, origin);
    }
}
