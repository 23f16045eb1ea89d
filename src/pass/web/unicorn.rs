//! Unicorn and Rainbows: their Ruby file with a port in the place of the socket; SIGQUIT lets requests finish.

use crate::pass::configuration::File;
use crate::pass::program::Program;
use crate::pass::web::{Case, Finding, PORT, puma};

/// Whether it is Unicorn.
pub fn is(program: &Program) -> bool {
    matches!(program.name.as_str(), "unicorn" | "unicorn_rails")
}

/// Whether it is Rainbows, Unicorn with threads.
pub fn is_rainbows(program: &Program) -> bool {
    program.name == "rainbows"
}

/// Lines of a unicorn.rb that belong to a host.
const DROPPED: &[&str] = &["listen", "pid", "stdout_path", "stderr_path", "working_directory", "user"];

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { stop_signal: Some("SIGQUIT"), threads: Some((1, 1)), ..Finding::default() };
    let server = if is_rainbows(case.program) { "rainbows" } else { "unicorn" };
    let named = case.program.option(&["-c", "--config-file"]);
    let file = match &named {
        Some(path) => case.file(path),
        None => None,
    };
    let Some(file) = file else {
        if let Some(path) = &named {
            let why = "the command names it, and neither a cookbook nor the project has it";
            found.tasks.push((
                format!("Write `config/unicorn.rb` for the container, from `{}` of the hosts", case.files.input.image_path(path)),
                why.to_owned(),
            ));
        }
        found.workers = Some(case.variable("WEB_CONCURRENCY").filter(|_| named.is_none()).unwrap_or(1));
        found.timeout = Some(60);
        let port = PORT.to_string();
        found.command = case.bundled(&[server, "-p", &port]);
        return found;
    };
    let said = puma::said(&file, case, &mut found);
    found.workers = said.number("worker_processes").or_else(|| (!said.has("worker_processes")).then_some(1));
    found.timeout = said.number("timeout").or(Some(60));
    if server == "rainbows" {
        found.threads = said.number("worker_connections").map(|most| (1, most)).or(found.threads);
    }
    if let Some(workers) = said.number("worker_processes").filter(|_| differs(case, &file)) {
        found.variables.push(("WEB_CONCURRENCY".to_owned(), workers.to_string()));
    }
    found.overlay = Some(("config/unicorn.rb".to_owned(), rewritten(case, &file, said.number("worker_processes"))));
    found.command = case.bundled(&[server, "-c", "config/unicorn.rb"]);
    if file.item.is_some() {
        found.notes.push(format!("the hosts' {server}.rb listens on a port; socket, pid file and log files are dropped"));
    } else {
        found.notes.push(format!("the project's {} listens on a port; socket, pid file and log files are dropped", file.path));
    }
    if let Some(path) = named {
        found.taken.push((path, "container/app/config/unicorn.rb", "copied with a port instead of a socket"));
    }
    found
}

/// Whether other environments have another text.
fn differs(case: &Case<'_, '_>, file: &File) -> bool {
    let all = 0..case.files.input.environments();
    all.filter_map(|environment| case.files.find(&file.path, environment, case.layers))
        .any(|other| other.encoded.show(&other.encoded.text) != file.encoded.show(&file.encoded.text))
}

fn rewritten(case: &Case<'_, '_>, file: &File, workers: Option<u32>) -> String {
    let mut out =
        format!("# From {}. Changed: a port instead of a socket; pid file, log files and folder dropped.\nlisten {PORT}\n", file.place);
    let by_variable = differs(case, file);
    // Lines of a directive that goes on over several.
    let mut goes_on = false;
    for line in file.encoded.show(&file.encoded.text).lines() {
        let text = line.trim_start();
        let word = text.split([' ', '(']).next().unwrap_or("");
        let dropped = DROPPED.contains(&word) || text.starts_with("ENV[") || std::mem::take(&mut goes_on);
        if dropped {
            goes_on = text.trim_end().ends_with([',', '\\']);
            continue;
        }
        if by_variable && word == "worker_processes" {
            out.push_str(&format!("worker_processes Integer(ENV.fetch('WEB_CONCURRENCY', {}))\n", workers.unwrap_or(1)));
            continue;
        }
        out.push_str(&case.files.input.image_path(line));
        out.push('\n');
    }
    out
}
