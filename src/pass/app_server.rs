//! Application servers: their configuration as command, variables and port of a container.

use std::collections::BTreeMap;

use crate::blueprint::{Artifact, PerEnvironment};
use crate::graph::FileKind;
use crate::outcome::Fate;
use crate::pass::process::Found;
use crate::pass::{Input, Sink};
use crate::project::Project;

/// The port of a web process where nothing else says one.
pub const PORT: u16 = 3000;

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
}

/// Whether a command is a server that answers HTTP.
#[must_use]
pub fn is_web(words: &[String]) -> bool {
    server_of(words).is_some()
}

fn server_of(words: &[String]) -> Option<&'static str> {
    const SERVERS: &[&str] = &[
        "puma",
        "pumactl",
        "unicorn",
        "unicorn_rails",
        "thin",
        "rackup",
        "passenger",
        "rainbows",
        "falcon",
        "gunicorn",
        "uwsgi",
        "php-fpm",
    ];
    let programs: Vec<&str> = words.iter().take(4).map(|word| word.rsplit('/').next().unwrap_or(word)).collect();
    if let Some(server) = SERVERS.iter().find(|server| programs.contains(server)) {
        return Some(server);
    }
    let rails = programs.iter().position(|word| *word == "rails")?;
    matches!(programs.get(rails + 1).copied(), Some("server" | "s")).then_some("rails")
}

/// Plans the process `name`, which `found` describes in several layers and environments.
pub fn plan(input: &Input<'_>, project: Option<&Project>, found: &[&Found], sink: &mut Sink) -> ServerPlan {
    let Some(first) = found.first() else { return ServerPlan::default() };
    let words = first.plain.words.clone();
    let mut plan = ServerPlan { command: words.iter().map(|word| input.image_path(word)).collect(), ..ServerPlan::default() };
    match server_of(&words) {
        Some("puma") => puma(input, project, found, &mut plan, sink),
        Some("unicorn" | "unicorn_rails") => unicorn(input, found, &mut plan, sink),
        _ => {}
    }
    plan
}

/// The host path behind `-C` or `-c` in a command.
fn config_path(words: &[String]) -> Option<&str> {
    words.iter().position(|word| word == "-C" || word == "-c" || word == "--config").and_then(|at| words.get(at + 1)).map(String::as_str)
}

/// The configuration's text in each environment and layer, and the items that write it.
fn texts(input: &Input<'_>, path: &str) -> (BTreeMap<(usize, String), String>, Vec<usize>) {
    let mut texts = BTreeMap::new();
    let mut items = Vec::new();
    for file in input.files().filter(|file| file.path == path) {
        if let FileKind::File(text) = &file.state.kind {
            let run = &input.graph.runs[file.run];
            texts.insert((run.environment, run.layer.clone()), text.to_string());
            if !items.contains(&file.item) {
                items.push(file.item);
            }
        }
    }
    (texts, items)
}

fn setting(text: &str, name: &str) -> Option<Vec<String>> {
    text.lines().map(str::trim).find_map(|line| {
        let rest = line.strip_prefix(name)?;
        if !rest.starts_with([' ', '(']) {
            return None;
        }
        let values = rest.trim_matches(|c: char| c == '(' || c == ')' || c.is_whitespace());
        Some(values.split(',').map(|value| value.trim().trim_matches(['\'', '"']).to_owned()).collect())
    })
}

fn puma(input: &Input<'_>, project: Option<&Project>, found: &[&Found], plan: &mut ServerPlan, sink: &mut Sink) {
    let path = found.iter().find_map(|one| config_path(&one.plain.words)).unwrap_or("").to_owned();
    let (texts, items) = texts(input, &path);
    let own = project.is_some_and(|project| project.has("config/puma.rb"));
    let reads = |name: &str| {
        project.is_some_and(|project| {
            project.reads.get(name).is_some_and(|places| places.iter().any(|place| place.starts_with("config/puma.rb")))
        })
    };
    let count = input.environments();
    let mut flags: Vec<String> = Vec::new();
    for ((environment, layer), text) in &texts {
        let mut set = |name: &str, value: &str| {
            let entry =
                plan.variables.entry((layer.clone(), name.to_owned())).or_insert_with(|| PerEnvironment { values: vec![None; count] });
            if let Some(slot) = entry.values.get_mut(*environment) {
                *slot = Some(value.to_owned());
            }
        };
        if let Some(workers) = setting(text, "workers").and_then(|values| values.first().cloned()) {
            set("WEB_CONCURRENCY", &workers);
        }
        if let Some(threads) = setting(text, "threads") {
            let most = threads.last().cloned().unwrap_or_default();
            let least = threads.first().cloned().unwrap_or_default();
            set("RAILS_MAX_THREADS", &most);
            if least != most {
                set("RAILS_MIN_THREADS", &least);
            }
        }
    }
    if own && reads("WEB_CONCURRENCY") && reads("RAILS_MAX_THREADS") {
        plan.command = ["bundle", "exec", "puma", "-C", "config/puma.rb"].map(str::to_owned).to_vec();
        plan.notes.push("the app's own config/puma.rb with `WEB_CONCURRENCY` and `RAILS_MAX_THREADS`; socket, pid file and log redirection of the hosts' file are dropped".to_owned());
    } else {
        // Puma 5 and later read WEB_CONCURRENCY by themselves, threads and port are flags.
        flags.extend(["-p".to_owned(), PORT.to_string()]);
        if let Some(threads) = texts.values().find_map(|text| setting(text, "threads")) {
            flags.extend(["-t".to_owned(), threads.join(":")]);
        }
        if let Some(workers) = texts.values().find_map(|text| setting(text, "workers")) {
            flags.extend(["-w".to_owned(), workers.join("")]);
        }
        if texts.values().any(|text| text.contains("preload_app!")) {
            flags.push("--preload".to_owned());
        }
        plan.command = ["bundle", "exec", "puma"].map(str::to_owned).into_iter().chain(flags).collect();
        plan.notes.push("the hosts' puma.rb as flags; socket, pid file and log redirection are dropped".to_owned());
    }
    for item in items {
        sink.claim(
            item,
            Fate::Translated,
            "the web process",
            "Puma's workers and threads are settings of the process; its socket is a port",
        );
    }
}

/// Lines of a unicorn.rb that belong to a host.
const UNICORN_DROPPED: &[&str] = &["listen", "pid", "stdout_path", "stderr_path", "working_directory", "user"];

fn unicorn(input: &Input<'_>, found: &[&Found], plan: &mut ServerPlan, sink: &mut Sink) {
    let Some(path) = found.iter().find_map(|one| config_path(&one.plain.words)).map(str::to_owned) else { return };
    let (texts, items) = texts(input, &path);
    let Some(text) = texts.values().next() else { return };
    let mut out = format!(
        "# From {}. Changed: a port instead of a socket; pid file, log files and folder dropped.\nlisten {PORT}\n",
        items.first().and_then(|item| input.origin(*item)).map_or_else(|| path.clone(), |origin| origin.location.to_string())
    );
    for line in text.lines() {
        let word = line.trim_start().split([' ', '(']).next().unwrap_or("");
        // Variables of the app are settings of the process.
        if UNICORN_DROPPED.contains(&word) || line.trim_start().starts_with("ENV[") {
            continue;
        }
        out.push_str(&input.image_path(line));
        out.push('\n');
    }
    plan.files.push(Artifact { path: "app/config/unicorn.rb".to_owned(), content: out, mode: 0o644 });
    plan.overlays.push(("app/config/unicorn.rb".to_owned(), "config/unicorn.rb".to_owned()));
    plan.command = ["bundle", "exec", "unicorn", "-c", "config/unicorn.rb"].map(str::to_owned).to_vec();
    plan.notes.push("the hosts' unicorn.rb listens on a port; socket, pid file and log files are dropped".to_owned());
    for item in items {
        sink.claim(item, Fate::Translated, "container/app/config/unicorn.rb", "copied with a port instead of a socket");
    }
}
