//! Puma: `puma.rb` as Chef wrote it or the project's own, run on the interpreter; a port in the place of the socket.

use crate::pass::configuration::{File, release};
use crate::pass::evaluate::{self, Said};
use crate::pass::program::Program;
use crate::pass::web::{Case, Finding, PORT};
use crate::read::problem::Problem;

/// Whether it is Puma.
pub fn is(program: &Program) -> bool {
    matches!(program.name.as_str(), "puma" | "pumactl")
}

/// What a configuration file says, with its faults noted.
pub fn said(file: &File, case: &Case<'_, '_>, found: &mut Finding) -> Said {
    let said = evaluate::directives(&file.encoded.text, &file.path, case.variables);
    found.problems.extend(said.faults.iter().map(|(line, message)| (file.clone(), Problem::on_line(*line, message.clone()))));
    said
}

fn threads(said: &Said) -> Option<(u32, u32)> {
    let values = &said.last("threads")?.values;
    let number = |value: Option<&Option<String>>| value?.as_ref()?.trim().parse::<u32>().ok();
    let (least, most) = (number(values.first())?, number(values.last())?);
    Some((least, most))
}

/// `-t 5:16`, `-t 5`
fn thread_flag(text: &str) -> Option<(u32, u32)> {
    let (least, most) = text.split_once(':').unwrap_or((text, text));
    Some((least.parse().ok()?, most.parse().ok()?))
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding::default();
    let project = case.files.project;
    let named = case.program.option(&["-C", "--config", "-F", "--config-file"]).filter(|path| path != "-");
    let path = named.clone().unwrap_or_else(|| "config/puma.rb".to_owned());
    let file = case.file(&path);
    let is_hosts = file.as_ref().is_some_and(|file| file.item.is_some());
    let hosts = file.as_ref().map(|file| said(file, case, &mut found)).unwrap_or_default();
    let own = project.is_some_and(|project| project.has("config/puma.rb"));
    let flag = case.program.option(&["-t", "--threads"]).and_then(|text| thread_flag(&text));
    let version = case.files.version("puma").and_then(release);
    let usual = match version {
        Some(version) if version < (5, 0) => (0, 16),
        _ => (0, 5),
    };
    let workers = case.number(&["-w", "--workers"]).or_else(|| hosts.number("workers"));
    let least_and_most = flag.or_else(|| threads(&hosts));
    found.workers = workers.or_else(|| case.variable("WEB_CONCURRENCY")).or(Some(1));
    found.threads = least_and_most.or_else(|| case.variable("RAILS_MAX_THREADS").map(|most| (most, most))).or(Some(usual));
    found.timeout = hosts.number("worker_timeout");
    if hosts.has("workers") && hosts.value("workers").is_none() {
        found.workers = None;
        found.notes.push("the number of workers depends on the machine: one for each CPU that the container asks for".to_owned());
    }
    let reads = |name: &str| {
        let places = project.and_then(|project| project.reads.get(name));
        places.is_some_and(|places| places.iter().any(|place| place.starts_with("config/puma.rb")))
    };
    if !is_hosts {
        own_or_flags(case, file.as_ref(), &hosts, own, &mut found);
        return found;
    }
    let mut set = |name: &str, value: u32| found.variables.push((name.to_owned(), value.to_string()));
    if let Some(workers) = hosts.number("workers") {
        set("WEB_CONCURRENCY", workers);
    }
    if let Some((least, most)) = threads(&hosts) {
        set("RAILS_MAX_THREADS", most);
        if least != most {
            set("RAILS_MIN_THREADS", least);
        }
    }
    if own && reads("WEB_CONCURRENCY") && reads("RAILS_MAX_THREADS") {
        found.command = case.bundled(&["puma", "-C", "config/puma.rb"]);
        found.notes.push("the app's own config/puma.rb with `WEB_CONCURRENCY` and `RAILS_MAX_THREADS`; socket, pid file and log redirection of the hosts' file are dropped".to_owned());
    } else {
        // Puma 5 and later read WEB_CONCURRENCY by themselves, threads and port are flags.
        found.command = case.bundled(&["puma", "-p", &PORT.to_string()]);
        flags(least_and_most, workers, hosts.has("preload_app!"), &mut found.command);
        found.notes.push("the hosts' puma.rb as flags; socket, pid file and log redirection are dropped".to_owned());
        hooks(&hosts, &path, &mut found);
    }
    found.taken.push((path, "the web process", "Puma's workers and threads are settings of the process; its socket is a port"));
    found
}

fn flags(threads: Option<(u32, u32)>, workers: Option<u32>, preload: bool, command: &mut Vec<String>) {
    if let Some((least, most)) = threads {
        command.extend(["-t".to_owned(), format!("{least}:{most}")]);
    }
    if let Some(workers) = workers {
        command.extend(["-w".to_owned(), workers.to_string()]);
    }
    if preload {
        command.push("--preload".to_owned());
    }
}

/// Blocks that flags cannot carry.
fn hooks(said: &Said, path: &str, found: &mut Finding) {
    let names: Vec<&str> =
        said.directives.iter().filter(|one| one.has_block && !one.name.starts_with("log_")).map(|one| one.name.as_str()).collect();
    if !names.is_empty() {
        let name = path.rsplit('/').next().unwrap_or(path);
        let why = format!("the hosts' file has {}, and it is flags now", names.join(", "));
        found.tasks.push((format!("Move the blocks of the hosts' `{name}` to the project's config/puma.rb"), why));
    }
}

/// Options that belong to a host, with a value.
const DROPPED: &[&str] = &[
    "-b",
    "--bind",
    "-p",
    "--port",
    "--pidfile",
    "-S",
    "--state",
    "--control",
    "--control-url",
    "--control-token",
    "--redirect-stdout",
    "--redirect-stderr",
    "--dir",
    "-C",
    "--config",
    "-F",
    "--config-file",
    "-e",
    "--environment",
    "-t",
    "--threads",
    "-w",
    "--workers",
];

/// The project's own file, or none: the command's flags, on a port.
fn own_or_flags(case: &Case<'_, '_>, file: Option<&File>, said: &Said, own: bool, found: &mut Finding) {
    let socket =
        said.directives.iter().any(|one| one.name == "bind" && one.values.iter().flatten().any(|value| value.starts_with("unix:")));
    let background =
        said.value("daemonize").is_some_and(|value| value != "false") || (said.has("daemonize") && said.value("daemonize").is_none());
    found.command = case.bundled(&["puma"]);
    if let Some(file) = file.filter(|_| !background) {
        found.command.extend(["-C".to_owned(), file.path.clone()]);
        if socket {
            // The command line's comes before the file's.
            found.command.extend(["-b".to_owned(), format!("tcp://0.0.0.0:{PORT}")]);
            found.notes.push(format!("listens on a port: `bind` of {} is a socket of the host", file.path));
        }
        let redirected = said.directives.iter().find(|one| one.name == "stdout_redirect");
        if let Some(redirected) = redirected.filter(|one| one.values.iter().flatten().any(|value| value != "nil" && !value.is_empty())) {
            let why = "its output would go to a file, and a container's belongs to the standard streams";
            found.tasks.push((format!("Take `stdout_redirect` out of `{}` (line {})", file.path, redirected.line), why.to_owned()));
        }
    } else {
        if own {
            found.command.extend(["-C".to_owned(), "-".to_owned()]);
            found.notes.push("config/puma.rb goes to the background: its settings are flags here".to_owned());
        } else if let Some(path) = case.program.option(&["-C", "--config"]).filter(|path| path != "-") {
            let shown = case.files.input.image_path(&path);
            let why = "the command names it, and neither a cookbook nor the project has it; Puma runs with its defaults";
            found.tasks.push((format!("Check what `{shown}` said of Puma"), why.to_owned()));
        }
        found.command.extend(["-p".to_owned(), PORT.to_string()]);
    }
    let flag = case.program.option(&["-t", "--threads"]).and_then(|text| thread_flag(&text));
    let workers = case.number(&["-w", "--workers"]);
    let (threads_of_file, workers_of_file) = if background { (threads(said), said.number("workers")) } else { (None, None) };
    flags(flag.or(threads_of_file), workers.or(workers_of_file), case.program.has(&["--preload"]), &mut found.command);
    let rest = super::super::worker::without(&case.program.arguments, &["-d", "--daemon", "--preload", "start", "-q", "--quiet"], DROPPED);
    found.command.extend(rest.into_iter().filter(|word| {
        !word.contains("unix:") && !word.starts_with('$') && !DROPPED.iter().any(|flag| word.starts_with(&format!("{flag}=")))
    }));
}
