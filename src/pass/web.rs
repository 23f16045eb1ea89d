//! Servers of the web tier: their configuration as command, variables, port and stop signal of a container.
//!
//! In: what supervisors and the Procfile run. Out: `Process::server`, the command in the foreground on a port. One file for each family.

mod apache;
mod falcon;
mod node;
mod passenger;
mod puma;
mod python;
mod rack;
mod site;
mod thin;
mod unicorn;

use std::collections::BTreeMap;

use crate::blueprint::{Artifact, Health, PerEnvironment, Process, Role, Server, Variable};
use crate::diagnostic::Diagnostic;
use crate::outcome::Fate;
use crate::pass::configuration::{self, File, Files};
use crate::pass::process::Found;
use crate::pass::program::{self, Program};
use crate::pass::runtime::health_path;
use crate::pass::{Input, Sink};
use crate::project::Project;
use crate::read::problem::Problem;

pub use site::from_sites;

/// The port of a web process where nothing else says one.
pub const PORT: u16 = 3000;

/// A kind of server.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Whether a program is it.
    pub is: fn(&Program) -> bool,
    /// What a command of it says.
    pub read: fn(&Case<'_, '_>) -> Finding,
}

/// All of them; the first that knows a program reads it.
pub const SERVERS: &[Kind] = &[
    Kind { name: "puma", is: puma::is, read: puma::read },
    Kind { name: "unicorn", is: unicorn::is, read: unicorn::read },
    Kind { name: "rainbows", is: unicorn::is_rainbows, read: unicorn::read },
    Kind { name: "passenger", is: passenger::is, read: passenger::read },
    Kind { name: "thin", is: thin::is, read: thin::read },
    Kind { name: "falcon", is: falcon::is, read: falcon::read },
    Kind { name: "rails", is: rack::is_rails, read: rack::read_rails },
    Kind { name: "rackup", is: rack::is_rackup, read: rack::read_rackup },
    Kind { name: "gunicorn", is: python::is_gunicorn, read: python::read_gunicorn },
    Kind { name: "uwsgi", is: python::is_uwsgi, read: python::read_uwsgi },
    Kind { name: "php-fpm", is: apache::is_fpm, read: apache::read_fpm },
    Kind { name: "apache", is: apache::is, read: apache::read },
    Kind { name: "tomcat", is: apache::is_tomcat, read: apache::read_tomcat },
];

/// A command in one environment and layer, with what it can look up.
pub struct Case<'c, 'a> {
    /// The program.
    pub program: &'c Program,
    /// The variables it has.
    pub variables: &'c BTreeMap<String, String>,
    /// The environment's number.
    pub environment: usize,
    /// The layers it ran on.
    pub layers: &'c [String],
    /// Configuration files, and the project.
    pub files: &'c Files<'c, 'a>,
}

impl Case<'_, '_> {
    /// A configuration file in this environment.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<File> {
        self.files.find(path, self.environment, self.layers)
    }

    /// A number of the command line.
    #[must_use]
    pub fn number(&self, names: &[&str]) -> Option<u32> {
        let text = self.program.option(names)?;
        match text.strip_prefix('$') {
            Some(name) => self.variable(name.trim_matches(['{', '}'])),
            None => text.parse().ok(),
        }
    }

    /// A variable that is a number.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<u32> {
        self.variables.get(name)?.trim().parse().ok()
    }

    /// Whether the project's bundle has a library.
    #[must_use]
    pub fn has(&self, library: &str) -> bool {
        self.files.project.is_some_and(|project| project.libraries.contains_key(library))
    }

    /// `bundle exec` where there is a bundle, and the words.
    #[must_use]
    pub fn bundled(&self, words: &[&str]) -> Vec<String> {
        let bundle =
            self.files.project.is_none_or(|project| project.has("Gemfile")) || self.program.words.iter().any(|word| word == "bundle");
        let prefix: &[&str] = if bundle { &["bundle", "exec"] } else { &[] };
        prefix.iter().chain(words).map(|word| (*word).to_owned()).collect()
    }
}

/// What a command says.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// The command in the foreground, on a port.
    pub command: Vec<String>,
    /// The server's own name, where it is another than the program's.
    pub name: Option<&'static str>,
    /// Processes.
    pub workers: Option<u32>,
    /// Threads of each: least, most.
    pub threads: Option<(u32, u32)>,
    /// Seconds for a request.
    pub timeout: Option<u32>,
    /// Its port, where not [`PORT`].
    pub port: Option<u16>,
    /// Variables of the process.
    pub variables: Vec<(String, String)>,
    /// A file that takes the place of one of the source: path below the work directory, text.
    pub overlay: Option<(String, String)>,
    /// Words for the reader.
    pub notes: Vec<String>,
    /// What a person must do: what, why.
    pub tasks: Vec<(String, String)>,
    /// What is wrong with files.
    pub problems: Vec<(File, Problem)>,
    /// How many servers the command starts.
    pub copies: Option<u32>,
    /// Signal that lets requests finish, when not SIGTERM.
    pub stop_signal: Option<&'static str>,
    /// Paths of configuration files that it stands for, and what became of them.
    pub taken: Vec<(String, &'static str, &'static str)>,
}

/// What a server's process becomes.
#[derive(Debug, Clone, Default)]
pub struct ServerPlan {
    /// The command in exec form.
    pub command: Vec<String>,
    /// Variables by layer and name.
    pub variables: BTreeMap<(String, String), PerEnvironment<String>>,
    /// Files copied over the source: under `container/`, below the work directory.
    pub overlays: Vec<(String, String)>,
    /// Those files.
    pub files: Vec<Artifact>,
    /// What was dropped.
    pub notes: Vec<String>,
    /// Workers and threads, by layer.
    pub servers: BTreeMap<String, Server>,
    /// The signal that lets requests finish.
    pub stop_signal: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// Servers that one command starts, by layer and environment.
    pub copies: BTreeMap<(String, usize), u32>,
}

/// Whether a command is a server that answers HTTP.
#[must_use]
pub fn is_web(words: &[String]) -> bool {
    kind_of(&program::of(words)).is_some()
}

fn kind_of(program: &Program) -> Option<&'static Kind> {
    SERVERS.iter().find(|kind| (kind.is)(program))
}

/// Plans the process `name`, which `found` describes in several layers and environments.
pub fn plan(input: &Input<'_>, project: Option<&Project>, found: &[&Found], sink: &mut Sink) -> ServerPlan {
    let mut plan = ServerPlan::default();
    let Some(first) = found.first() else { return plan };
    plan.command = first.plain.words.iter().map(|word| input.image_path(word)).collect();
    let files = Files::new(input, project);
    for one in found {
        let program = program::of(&one.plain.words);
        let Some(kind) = kind_of(&program) else { continue };
        let layers = [one.layer.clone()];
        let case =
            Case { program: &program, variables: &one.plain.variables, environment: one.environment, layers: &layers, files: &files };
        let mut read = (kind.read)(&case);
        say(&files, &one.origin, &mut read, sink);
        for (path, to, why) in &read.taken {
            for item in files.items(path) {
                sink.claim(item, Fate::Translated, *to, *why);
            }
        }
        let name = read.name.unwrap_or(kind.name);
        let server = plan.servers.entry(one.layer.clone()).or_insert_with(|| server(name, &files, input.environments()));
        fill(server, one.environment, &read);
        if plan.port.is_none() {
            plan.command.clone_from(&read.command);
            plan.stop_signal = read.stop_signal.map(str::to_owned);
            plan.port = Some(read.port.unwrap_or(PORT));
        }
        for (name, value) in read.variables {
            let key = (one.layer.clone(), name);
            plan.variables.entry(key).or_insert_with(|| PerEnvironment::nowhere(input.environments())).set(one.environment, value);
        }
        if let Some((path, content)) = read.overlay.filter(|_| plan.files.is_empty()) {
            plan.files.push(Artifact { path: format!("app/{path}"), content, mode: 0o644 });
            plan.overlays.push((format!("app/{path}"), path));
        }
        plan.notes.extend(read.notes.into_iter().filter(|note| !plan.notes.contains(note)).collect::<Vec<_>>());
        if let Some(copies) = read.copies {
            plan.copies.insert((one.layer.clone(), one.environment), copies);
        }
    }
    plan
}

fn say(files: &Files<'_, '_>, origin: &[crate::blueprint::Origin], read: &mut Finding, sink: &mut Sink) {
    for (what, why) in read.tasks.drain(..) {
        sink.task(what, why, origin.to_vec());
    }
    for (file, problem) in read.problems.drain(..) {
        files.problem(&file, &problem, "C162", sink);
    }
}

fn server(name: &str, files: &Files<'_, '_>, environments: usize) -> Server {
    Server {
        name: name.to_owned(),
        version: files.version(name).map(str::to_owned),
        workers: PerEnvironment::nowhere(environments),
        threads: PerEnvironment::nowhere(environments),
        timeout_seconds: None,
    }
}

fn fill(server: &mut Server, environment: usize, read: &Finding) {
    if let Some(workers) = read.workers {
        server.workers.set(environment, workers.max(1));
    }
    if let Some(threads) = read.threads {
        server.threads.set(environment, threads);
    }
    server.timeout_seconds = server.timeout_seconds.max(read.timeout);
}

/// Fills in the servers of processes that no supervisor's file described, and finds the web processes among programs of other names.
pub fn run(
    input: &Input<'_>,
    processes: &mut [Process],
    project: Option<&Project>,
    variables: &[Variable],
    sink: &mut Sink,
) -> Vec<(Artifact, String)> {
    let files = Files::new(input, project);
    let mut overlays = Vec::new();
    for process in processes.iter_mut() {
        if process.role != Role::Web {
            node::find(input, &files, process, variables, sink);
        }
        if process.role != Role::Web || process.server.is_some() {
            continue;
        }
        let mut whole: Option<Server> = None;
        for environment in 0..input.environments() {
            let Some(words) = process.command.at(environment) else { continue };
            let program = program::of(words);
            let Some(kind) = kind_of(&program) else { continue };
            let mut known = configuration::variables(process, variables, environment);
            known.extend(program.variables.iter().cloned());
            let layers = process.layers.clone();
            let mut read = (kind.read)(&Case { program: &program, variables: &known, environment, layers: &layers, files: &files });
            say(&files, &process.origin, &mut read, sink);
            for item in read.taken.iter().flat_map(|(path, ..)| files.items(path)).collect::<Vec<_>>() {
                sink.claim(item, Fate::Translated, format!("process {}", process.name), "its settings are those of the process");
            }
            let name = read.name.unwrap_or(kind.name);
            fill(whole.get_or_insert_with(|| server(name, &files, input.environments())), environment, &read);
            process.command.set(environment, read.command);
            let port = read.port.unwrap_or(PORT);
            process.ports = vec![port];
            process.health.get_or_insert_with(|| Health { path: health_path(input, project), port }).port = port;
            process.stop_signal = process.stop_signal.take().or_else(|| read.stop_signal.map(str::to_owned));
            process.notes.extend(read.notes.into_iter().filter(|note| !process.notes.contains(note)).collect::<Vec<_>>());
            for (name, value) in program.variables.iter().cloned().chain(read.variables) {
                process.variables.entry(name).or_insert_with(|| PerEnvironment::nowhere(input.environments())).set(environment, value);
            }
            if let (Some(copies), Some((least, most))) = (read.copies, process.replicas.at(environment).copied()) {
                process.replicas.set(environment, (least.saturating_mul(copies), most.saturating_mul(copies)));
            }
            if let Some((path, content)) = read.overlay {
                if !overlays.iter().any(|(_, known)| *known == path) {
                    overlays.push((Artifact { path: format!("app/{path}"), content, mode: 0o644 }, path));
                }
            }
        }
        process.server = whole;
    }
    for process in processes.iter().filter(|process| process.role == Role::Web) {
        for port in process.ports.iter().filter(|port| **port < 1024) {
            let place = process.origin.first().map_or_else(String::new, |origin| origin.location.path.clone());
            let message = format!("process `{}` answers on port {port}: only root may, and containers do not run as root", process.name);
            sink.diagnose(Diagnostic::warning("C163", message).in_file(place));
        }
    }
    overlays
}
