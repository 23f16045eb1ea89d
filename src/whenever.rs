//! `config/schedule.rb` of the `whenever` gem, evaluated to the crontab that whenever 1.0.0 would write.
//!
//! In: the file, the `--set` and `--roles` of the command line, the working directory. Out: a [`Schedule`].
//! `every(1.day, at: '4:30 am') { rake 'clean' }` is `30 4 * * * /bin/bash -l -c 'cd /app && RAILS_ENV=production rake clean --silent'`.

mod chronic;
mod cron;
mod crontab;
mod job;
mod job_list;
mod machine;
mod moment;
mod setup;
#[cfg(test)]
mod tests;
pub(crate) mod units;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::graph::Condition;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::raise::ExceptionData;
use crate::ruby::value::Value;
use crate::source::{FileId, Location, SourceMap};
use crate::text::Text;

/// How `whenever` was called, and on what machine.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What follows `--set`: `environment=staging&path=/x`.
    pub set: Option<String>,
    /// The roles of `--roles`; empty means all.
    pub roles: Vec<String>,
    /// The working directory: where the application is deployed.
    pub path: String,
    /// Paths below `path` that exist besides the files of the source map: `bin/rails`, `Gemfile`.
    pub exists: BTreeSet<String>,
    /// The clock: seconds since 1970, UTC.
    pub now: i64,
    /// What stands before the application's paths in the source map (`rails/`); told from the schedule's own path where it is `None`.
    pub root: Option<String>,
    /// Environment variables that are known: of the resource, and before `whenever` on the line.
    pub variables: BTreeMap<String, String>,
    /// `environment` where neither `set` nor `--set` says one (Whenever 1.1 takes it from `RAILS_ENV`).
    pub environment: Option<String>,
}

/// One line of the crontab.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The schedule: five fields, or `@daily`; a hole where it is not known. Empty for `every nil`.
    pub cron: Text,
    /// The whole command as cron gets it: templates filled, output redirected, `%` escaped.
    pub command: Text,
    /// What was given to the job type: `db:vacuum`.
    pub task: Text,
    /// The job type: `rake`, `runner`, `command`, `script`, or one of the file's own.
    pub kind: String,
    /// Who gets its mail, where anything says so (`mailto:`, or `MAILTO` in the environment).
    pub mailto: Option<Text>,
    /// `description:`
    pub description: Option<Text>,
    /// `roles:`
    pub roles: Vec<String>,
    /// Where the job type was called.
    pub at: Location,
    /// The `every …` it stands in, as written: `every 1.day, at: '4:30 am'`.
    pub written: String,
    /// Unknown conditions under which it is there.
    pub conditions: Vec<Condition>,
}

/// What a `schedule.rb` schedules.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schedule {
    /// The lines, in the order of the crontab.
    pub jobs: Vec<Job>,
    /// `env`: names and values, in order.
    pub environment: Vec<(String, Text)>,
    /// The crontab as `Whenever.cron` prints it.
    pub text: Text,
    /// What a person has to know: times that were not understood, an application that was not loaded.
    pub diagnostics: Vec<Diagnostic>,
}

impl Schedule {
    /// The crontab as `Whenever.cron` prints it; a hole shows its name.
    #[must_use]
    pub fn crontab(&self) -> String {
        self.text.to_string()
    }
}

/// Why there is no schedule: the exception that ended the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its class: `ArgumentError`.
    pub class: String,
    /// Its message.
    pub message: String,
    /// Where it was raised.
    pub at: Option<Location>,
}

/// What the evaluation keeps with its interpreter.
struct Whenever {
    options: Options,
    /// What stands before `config/…` in the paths of the source map: `""` or `rails/`.
    root: String,
    /// The jobs in the order of their declaration.
    jobs: RefCell<Vec<job_list::Declared>>,
    /// The `every` that runs: its head as written.
    written: RefCell<String>,
    /// Files that were required.
    required: RefCell<BTreeSet<FileId>>,
    /// The files of the application: path below the root to id.
    files: BTreeMap<String, FileId>,
    /// `Rails` is an unknown already.
    rails: Cell<bool>,
}

/// The state of the evaluation that `interpreter` runs.
fn state(interpreter: &Interpreter) -> Rc<Whenever> {
    interpreter.host::<Whenever>().unwrap_or_else(|| Rc::new(Whenever::new(&SourceMap::new(), "", Options::default())))
}

impl Whenever {
    fn new(sources: &SourceMap, schedule: &str, options: Options) -> Self {
        let root = options.root.clone().unwrap_or_else(|| schedule.strip_suffix("config/schedule.rb").unwrap_or_default().to_owned());
        let files = sources.iter().filter_map(|(id, file)| Some((file.path.strip_prefix(&root)?.to_owned(), id))).collect();
        Self {
            options,
            root,
            jobs: RefCell::default(),
            written: RefCell::default(),
            required: RefCell::default(),
            files,
            rails: Cell::new(false),
        }
    }
}

/// Evaluates the schedule `file`.
///
/// # Errors
/// The exception that real whenever would end with.
pub fn evaluate(sources: Rc<SourceMap>, file: FileId, options: &Options) -> Result<Schedule, Failure> {
    let (tree, problems) = crate::read::ruby::parse(&sources, file);
    if let Some(problem) = problems.iter().find(|problem| problem.severity == crate::diagnostic::Severity::Error) {
        let at = problem.span.map(|span| sources.location(span));
        return Err(Failure { class: "SyntaxError".to_owned(), message: problem.message.clone(), at });
    }
    let mut interpreter = Interpreter::new(Rc::clone(&sources));
    interpreter.now = options.now;
    interpreter.host = Some(Rc::new(Whenever::new(&sources, &sources.file(file).path, options.clone())));
    machine::install(&mut interpreter);
    units::install(&mut interpreter);
    let outcome = run(&mut interpreter, &tree);
    let outcome = match outcome {
        Ok(mut schedule) => {
            schedule.diagnostics = problems;
            schedule.diagnostics.append(&mut interpreter.diagnostics);
            Ok(schedule)
        }
        Err(flow) => Err(failure(&mut interpreter, *flow)),
    };
    interpreter.dismantle(Vec::new());
    outcome
}

fn run(interpreter: &mut Interpreter, tree: &crate::read::ruby::ast::Node) -> Eval<Schedule> {
    let list = job_list::make(interpreter)?;
    setup::run(interpreter, &list)?;
    let scope = job_list::scope(interpreter, &list);
    interpreter.run(&scope, tree)?;
    crontab::generate(interpreter, &list)
}

fn failure(interpreter: &mut Interpreter, flow: Flow) -> Failure {
    match flow {
        Flow::Raise(error) => {
            let (class, message) = interpreter.describe_exception(&error);
            let span = match &error {
                Value::Object(object) => object.data::<ExceptionData>().and_then(|data| data.trace.borrow().first().copied()),
                _ => None,
            };
            Failure { class, message, at: span.map(|span| interpreter.location(span)) }
        }
        Flow::Halt(why) => Failure { class: "Halt".to_owned(), message: why, at: Some(interpreter.location(interpreter.span)) },
        Flow::Throw(..) => Failure { class: "UncaughtThrowError".to_owned(), message: "uncaught throw".to_owned(), at: None },
        _ => Failure { class: "LocalJumpError".to_owned(), message: "unexpected jump".to_owned(), at: None },
    }
}
