//! Processes that work queues: which system, which queues, how many jobs at a time, how it is stopped.
//!
//! In: the finished processes. Out: `Process::worker`, and a command that stays in the foreground. One file for each system.

mod celery;
mod clockwork;
mod delayed_job;
mod good_job;
mod others;
mod que;
mod resque;
mod shoryuken;
mod sidekiq;
mod solid_queue;

use std::collections::BTreeMap;

use crate::blueprint::{Origin, PerEnvironment, Process, Queue, Role, Variable, Worker};
use crate::diagnostic::Diagnostic;
use crate::outcome::{Fate, Subject};
use crate::pass::configuration::{self, File, Files};
use crate::pass::label::label;
use crate::pass::program::{self, Program};
use crate::pass::{Input, Sink};
use crate::project::Project;
use crate::read::problem::Problem;

/// A system of queues.
pub struct System {
    /// Its name.
    pub name: &'static str,
    /// The library whose locked version is its version.
    pub library: &'static str,
    /// Whether a program is its worker.
    pub is: fn(&Program) -> bool,
    /// What a command of it says.
    pub read: fn(&Case<'_, '_>) -> Finding,
}

/// All of them; the first that knows a program reads it.
pub const SYSTEMS: &[System] = &[
    System { name: "sidekiq", library: "sidekiq", is: sidekiq::is, read: sidekiq::read },
    System { name: "resque-scheduler", library: "resque-scheduler", is: resque::is_scheduler, read: resque::read_scheduler },
    System { name: "resque", library: "resque", is: resque::is, read: resque::read },
    System { name: "delayed_job", library: "delayed_job", is: delayed_job::is, read: delayed_job::read },
    System { name: "shoryuken", library: "shoryuken", is: shoryuken::is, read: shoryuken::read },
    System { name: "good_job", library: "good_job", is: good_job::is, read: good_job::read },
    System { name: "solid_queue", library: "solid_queue", is: solid_queue::is, read: solid_queue::read },
    System { name: "que", library: "que", is: que::is, read: que::read },
    System { name: "sneakers", library: "sneakers", is: others::is_sneakers, read: others::read_sneakers },
    System { name: "backburner", library: "backburner", is: others::is_backburner, read: others::read_backburner },
    System { name: "qless", library: "qless", is: others::is_qless, read: others::read_qless },
    System { name: "karafka", library: "karafka", is: others::is_karafka, read: others::read_karafka },
    System { name: "clockwork", library: "clockwork", is: clockwork::is, read: clockwork::read },
    System { name: "celery beat", library: "celery", is: celery::is_beat, read: celery::read_beat },
    System { name: "celery", library: "celery", is: celery::is, read: celery::read },
];

/// A command in one environment, with what it can look up.
pub struct Case<'c, 'a> {
    /// The program.
    pub program: &'c Program,
    /// The command, a shell of one command taken off.
    pub words: &'c [String],
    /// The variables it has.
    pub variables: &'c BTreeMap<String, String>,
    /// The environment's number.
    pub environment: usize,
    /// The layers it ran on.
    pub layers: &'c [String],
    /// The library's locked version.
    pub version: Option<&'c str>,
    /// What was taken off its command: `-d`, `-P x.pid`.
    pub dropped: &'c [String],
    /// Configuration files.
    pub files: &'c Files<'c, 'a>,
}

impl Case<'_, '_> {
    /// Major and minor number of the locked version.
    #[must_use]
    pub fn release(&self) -> Option<(u32, u32)> {
        configuration::release(self.version?)
    }

    /// A configuration file in this environment.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<File> {
        self.files.find(path, self.environment, self.layers)
    }

    /// A variable of a rake command line, else of the process.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        self.program.assigned(name).or_else(|| self.variables.get(name).cloned()).filter(|value| !crate::read::lexeme::has_hole(value))
    }

    /// Such a variable as a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        self.variable(name)?.trim().parse().ok()
    }
}

/// What a command says.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// Jobs at a time in one process.
    pub concurrency: Option<u32>,
    /// Queues, by priority.
    pub queues: Option<Vec<Queue>>,
    /// Seconds for jobs under way.
    pub timeout: Option<u32>,
    /// Where they come from.
    pub sources: Vec<String>,
    /// Words for the reader.
    pub notes: Vec<String>,
    /// What a person must do: what, why.
    pub tasks: Vec<(String, String)>,
    /// What is wrong with files.
    pub problems: Vec<(File, Problem)>,
    /// What is wrong with the command.
    pub faults: Vec<String>,
    /// The command for a container, where it is another.
    pub command: Option<Vec<String>>,
    /// How many processes one command starts.
    pub copies: Option<u32>,
    /// There must be one of it, not more.
    pub single: bool,
    /// Signal that lets it finish, when not SIGTERM.
    pub stop_signal: Option<&'static str>,
    /// Variables for a container.
    pub variables: Vec<(String, String)>,
    /// Variables that must not reach a container: they send it to the background.
    pub unset: &'static [&'static str],
    /// Processes with queues of their own that the same command starts: queues, copies.
    pub pools: Vec<(Vec<String>, u32)>,
}

/// `a,b` as queues.
#[must_use]
pub fn queues(list: &str) -> Vec<Queue> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| Queue { name: name.to_owned(), weight: None }).collect()
}

/// Words that must not reach a container, with their values.
#[must_use]
pub fn without(words: &[String], flags: &[&str], with_value: &[&str]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut skip = false;
    for word in words {
        let named = |names: &[&str]| names.iter().any(|name| word == name);
        if std::mem::take(&mut skip) || named(flags) {
            continue;
        }
        if named(with_value) {
            skip = true;
        } else if !with_value.iter().any(|name| name.starts_with("--") && word.starts_with(&format!("{name}="))) {
            kept.push(word.clone());
        }
    }
    kept
}

/// Fills in what the processes are as workers; a command with several pools becomes several processes.
pub fn run(input: &Input<'_>, processes: &mut Vec<Process>, project: Option<&Project>, variables: &[Variable], sink: &mut Sink) {
    let files = Files::new(input, project);
    let mut more: Vec<(usize, Vec<Process>)> = Vec::new();
    for (number, process) in processes.iter_mut().enumerate() {
        if process.role == Role::Proxy || process.worker.is_some() {
            continue;
        }
        let pools = one(input, &files, process, variables, sink);
        if pools.len() > 1 {
            more.push((number, split(process, &pools, sink)));
        }
    }
    for (number, others) in more.into_iter().rev() {
        processes.splice(number + 1..=number, others);
    }
}

/// One process; the pools that its command starts, where it is more than one.
fn one(input: &Input<'_>, files: &Files<'_, '_>, process: &mut Process, all: &[Variable], sink: &mut Sink) -> Vec<(Vec<String>, u32)> {
    let mut worker: Option<Worker> = None;
    let mut pools = Vec::new();
    let dropped = dropped(process);
    let mut timeout = None;
    let mut signal = None;
    let mut gone: Vec<&str> = Vec::new();
    for environment in 0..input.environments() {
        let Some(words) = process.command.at(environment).cloned() else { continue };
        let program = program::of(&words);
        let Some(system) = SYSTEMS.iter().find(|system| (system.is)(&program)) else { continue };
        let words = program.unwrapped.clone().unwrap_or(words);
        let version = files.version(system.library);
        let mut variables = configuration::variables(process, all, environment);
        variables.extend(program.variables.iter().cloned());
        let layers = process.layers.clone();
        let case = Case {
            program: &program,
            words: &words,
            variables: &variables,
            environment,
            layers: &layers,
            version,
            dropped: &dropped,
            files,
        };
        let found = (system.read)(&case);
        let into = worker.get_or_insert_with(|| Worker {
            system: system.name.to_owned(),
            version: version.map(str::to_owned),
            concurrency: PerEnvironment::nowhere(input.environments()),
            queues: PerEnvironment::nowhere(input.environments()),
            ..Worker::default()
        });
        if let Some(concurrency) = found.concurrency {
            into.concurrency.set(environment, concurrency);
        }
        if let Some(queues) = found.queues {
            into.queues.set(environment, queues);
        }
        timeout = timeout.max(found.timeout);
        signal = signal.or(found.stop_signal);
        into.sources.extend(found.sources.into_iter().filter(|source| !into.sources.contains(source)).collect::<Vec<_>>());
        process.notes.extend(found.notes.into_iter().filter(|note| !process.notes.contains(note)).collect::<Vec<_>>());
        say(process, files, found.tasks, found.problems, found.faults, sink);
        for (name, value) in program.variables.iter().cloned().chain(found.variables) {
            let entry = process.variables.entry(name).or_insert_with(|| PerEnvironment::nowhere(input.environments()));
            if entry.at(environment).is_none() {
                entry.set(environment, value);
            }
        }
        gone.extend(found.unset);
        if let Some(command) = found.command.or_else(|| program.unwrapped.clone()) {
            process.command.set(environment, command);
        }
        copies(process, environment, found.copies.unwrap_or(1), found.single);
        if pools.is_empty() {
            pools = found.pools;
        }
    }
    let Some(mut worker) = worker else { return pools };
    process.variables.retain(|name, _| !gone.contains(&name.as_str()));
    worker.timeout_seconds = timeout;
    if let Some(seconds) = timeout {
        // Time to give unfinished jobs back, and to close.
        process.grace_seconds = process.grace_seconds.max(seconds.saturating_add(10));
    }
    if process.stop_signal.is_none() {
        process.stop_signal = signal.map(str::to_owned);
    }
    // What the host's load balancer waited for is nothing to a worker.
    if process.role != Role::Web {
        process.role = Role::Worker;
        process.drain_seconds = 0;
    }
    process.worker = Some(worker);
    pools
}

fn say(
    process: &Process,
    files: &Files<'_, '_>,
    tasks: Vec<(String, String)>,
    problems: Vec<(File, Problem)>,
    faults: Vec<String>,
    sink: &mut Sink,
) {
    for (what, why) in tasks {
        sink.task(what, why, process.origin.clone());
    }
    for (file, problem) in problems {
        files.problem(&file, &problem, "C160", sink);
    }
    for fault in faults {
        let place = process.origin.first().map_or_else(|| process.name.clone(), |origin| origin.location.path.clone());
        sink.diagnose(Diagnostic::warning("C161", format!("process `{}`: {fault}", process.name)).in_file(place));
    }
}

fn copies(process: &mut Process, environment: usize, copies: u32, single: bool) {
    let Some((least, most)) = process.replicas.at(environment).copied() else { return };
    if single && most > 1 {
        process.notes.push(format!("exactly one copy, though {most} ran on the hosts: each would do everything again"));
    }
    let now = if single { (1, 1) } else { (least.saturating_mul(copies), most.saturating_mul(copies)) };
    process.replicas.set(environment, now);
    if copies > 1 && !single {
        process.notes.push(format!("the command started {copies} processes: {copies} copies for each"));
    }
}

/// The words that the command's reader took off.
fn dropped(process: &Process) -> Vec<String> {
    let notes = process.notes.iter().filter_map(|note| note.strip_prefix("dropped: "));
    notes.flat_map(|note| note.split("; ")).map(str::to_owned).collect()
}

/// The first pool stays with the process; the others are processes like it.
fn split(process: &mut Process, pools: &[(Vec<String>, u32)], sink: &mut Sink) -> Vec<Process> {
    let whole = process.clone();
    let mut others = Vec::new();
    for (number, (names, count)) in pools.iter().enumerate() {
        let mut one = whole.clone();
        let word = if names.is_empty() { "all".to_owned() } else { names.join("-") };
        one.name = label(&format!("{}-{word}", whole.name));
        one.replicas.values = whole
            .replicas
            .values
            .iter()
            .map(|value| value.map(|(least, most)| (least.saturating_mul(*count), most.saturating_mul(*count))))
            .collect();
        let environments = one.command.values.len();
        let queues: Vec<Queue> = names.iter().map(|name| Queue { name: name.clone(), weight: None }).collect();
        for environment in (0..environments).filter(|environment| whole.command.at(*environment).is_some()) {
            if !names.is_empty() {
                let entry = one.variables.entry("QUEUES".to_owned()).or_insert_with(|| PerEnvironment::nowhere(environments));
                entry.set(environment, names.join(","));
            }
            if let Some(worker) = &mut one.worker {
                worker.queues.set(environment, queues.clone());
            }
        }
        one.notes.push(format!("one of {} pools that `{}` started on the hosts", pools.len(), whole.name));
        if number == 0 {
            *process = one;
            continue;
        }
        let place = whole.origin.first().map(|origin: &Origin| origin.location.clone());
        let (to, why) = (format!("Deployment {}", one.name), "a pool of workers with queues of its own");
        sink.other(Subject::Process, one.name.clone(), "", place, Fate::Translated, &to, why, Vec::new());
        others.push(one);
    }
    others
}
