//! Programs of Node.js: which of them answer requests, and on which port; `pm2` and `forever` give way to `node`.
//!
//! `node server.js`, whose file has `listen(process.env.PORT || 3000)`, is a web process on port 3000.

use crate::blueprint::{Health, PerEnvironment, Process, Role, Server, Variable};
use crate::pass::configuration::{self, Files};
use crate::pass::program::{self, Program};
use crate::pass::runtime::health_path;
use crate::pass::web::PORT;
use crate::pass::{Input, Sink};
use crate::project::Project;

/// A program of Node.js.
struct Script {
    /// The file, relative to the project.
    path: Option<String>,
    /// The command in the foreground, where it is another.
    command: Option<Vec<String>>,
    /// How many `pm2` starts.
    copies: Option<u32>,
}

/// Where it listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listens {
    /// On the port of `PORT`, or on the one that stands beside it.
    Variable(Option<u16>),
    /// On a port that the code has.
    Fixed(u16),
    /// Somewhere.
    Somewhere,
}

/// Makes a process a web process where its program listens; `pm2` and its like become `node` in any case.
pub fn find(input: &Input<'_>, files: &Files<'_, '_>, process: &mut Process, all: &[Variable], sink: &mut Sink) {
    let mut found: Option<(Listens, usize)> = None;
    for environment in 0..input.environments() {
        let Some(words) = process.command.at(environment) else { continue };
        let program = program::of(words);
        let Some(script) = script(&program, files) else { continue };
        if let Some(command) = script.command {
            process.command.set(environment, command);
        }
        if let (Some(copies), Some((least, most))) = (script.copies, process.replicas.at(environment).copied()) {
            process.replicas.set(environment, (least.saturating_mul(copies), most.saturating_mul(copies)));
            process.notes.push(format!("pm2 started {copies} on each host: a copy for each"));
        }
        let text = script.path.as_deref().and_then(|path| source(files.project?, input, path));
        let listens = text.as_deref().and_then(listens);
        // A name that says so, where the program itself is not there to be read.
        let by_name = text.is_none() && (process.name == "web" || process.name.ends_with("-web"));
        // The supervisor asked there whether it is well.
        let own = process.variables.contains_key("PORT") || !process.ports.is_empty();
        if let Some(listens) = listens.or((own || by_name).then_some(Listens::Variable(None))) {
            found.get_or_insert((listens, environment));
        }
    }
    let Some((listens, environment)) = found else { return };
    let known = configuration::variables(process, all, environment);
    let given = known.get("PORT").and_then(|text| text.parse::<u16>().ok());
    let port = match listens {
        Listens::Fixed(port) => port,
        Listens::Variable(_) | Listens::Somewhere => given.or(process.ports.first().copied()).filter(|port| *port >= 1024).unwrap_or(PORT),
    };
    if matches!(listens, Listens::Variable(_)) && process.variables.contains_key("PORT") && given.is_some_and(|port| port < 1024) {
        process.variables.insert("PORT".to_owned(), PerEnvironment::same(port.to_string(), input.environments()));
        process.notes.push(format!("listened on port {}, which only root may: {port} here", given.unwrap_or_default()));
    }
    if listens == Listens::Somewhere {
        let what = format!("Check the port of `{}`", process.name);
        sink.task(what, format!("its program listens on a port that is not told by its code; {port} is assumed"), process.origin.clone());
    }
    process.role = Role::Web;
    process.ports = vec![port];
    process.drain_seconds = 20;
    process.health = Some(Health { path: health_path(input, files.project), port });
    let mut server = Server { name: "node".to_owned(), ..Server::default() };
    for (environment, command) in process.command.values.iter().enumerate() {
        if command.is_some() {
            server.workers.set(environment, 1);
        }
    }
    server.workers.values.resize(input.environments(), None);
    server.threads = PerEnvironment::nowhere(input.environments());
    process.server = Some(server);
}

fn script(program: &Program, files: &Files<'_, '_>) -> Option<Script> {
    let scripts = |name: &str| files.project.and_then(|project| project.scripts.get(name)).cloned();
    let first = |words: &[String]| words.iter().find(|word| !word.starts_with('-')).cloned();
    match program.name.as_str() {
        "node" | "nodejs" | "iojs" => Some(Script { path: first(&program.arguments), command: None, copies: None }),
        "npm" | "yarn" | "pnpm" => {
            let name = program.arguments.iter().find(|word| !word.starts_with('-') && *word != "run" && *word != "run-script")?;
            let line = scripts(name)?;
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let inner = program::of(&words);
            if !matches!(inner.name.as_str(), "node" | "nodejs") {
                return Some(Script { path: None, command: None, copies: None });
            }
            // npm does not pass signals on.
            let plain = !line.contains(['&', '|', ';', '$', '"', '\'', '=']);
            Some(Script { path: first(&inner.arguments), command: plain.then_some(words), copies: None })
        }
        "pm2" | "pm2-runtime" | "forever" | "nodemon" | "supervisor" => {
            let rest: Vec<String> =
                program.arguments.iter().filter(|word| *word != "start" && *word != "startOrRestart").cloned().collect();
            let path = rest.iter().find(|word| word.ends_with(".js") || word.ends_with(".mjs") || word.ends_with(".ts")).cloned()?;
            if path.contains("ecosystem") || path.contains("process.") {
                return Some(Script { path: None, command: Some(vec!["pm2-runtime".to_owned(), path]), copies: None });
            }
            let behind = rest.iter().position(|word| word == "--").map_or(&[][..], |at| &rest[at + 1..]);
            let command = ["node".to_owned(), path.clone()].into_iter().chain(behind.iter().cloned()).collect();
            let copies = program.option(&["-i", "--instances"]).and_then(|text| text.parse().ok()).filter(|copies| *copies > 1);
            Some(Script { path: Some(path), command: Some(command), copies })
        }
        _ => None,
    }
}

/// The script's text with those that it requires by a relative path.
fn source(project: &Project, input: &Input<'_>, path: &str) -> Option<String> {
    let path = input.image_path(path);
    let path = path.strip_prefix("/app/").or_else(|| path.strip_prefix("./")).unwrap_or(&path);
    let at = |path: &str| ["", ".js", "/index.js", ".ts"].iter().find_map(|ending| project.text(input.sources, &format!("{path}{ending}")));
    let own = at(path)?;
    let mut all = own.to_owned();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for quote in ['\'', '"'] {
        for piece in own.split(&format!("require({quote}")).skip(1).chain(own.split(&format!("from {quote}")).skip(1)) {
            let name = piece.split(quote).next().unwrap_or("");
            let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
            if !name.starts_with('.') {
                continue;
            }
            for part in name.split('/') {
                match part {
                    "." | "" => {}
                    ".." => {
                        parts.pop();
                    }
                    part => parts.push(part),
                }
            }
            if let Some(text) = at(&parts.join("/")) {
                all.push('\n');
                all.push_str(text);
            }
        }
    }
    Some(all)
}

/// Where a text listens: `listen(8080`, `listen(process.env.PORT || 3000`, `listen(port` with `port = …`.
fn listens(text: &str) -> Option<Listens> {
    let (_, rest) = text.split_once(".listen(")?;
    let argument = rest.split([',', ')', '\n']).next().unwrap_or("").trim();
    if let Ok(port) = argument.parse() {
        return Some(Listens::Fixed(port));
    }
    let value = |expression: &str| -> Option<Listens> {
        let last =
            expression.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty()).and_then(|digits| digits.parse().ok());
        if expression.contains("PORT") {
            return Some(Listens::Variable(last));
        }
        expression.trim().trim_matches(['\'', '"']).parse().ok().map(Listens::Fixed)
    };
    if let Some(found) = value(argument) {
        return Some(found);
    }
    let name = argument.trim_start_matches("this.");
    let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let written = text.lines().find_map(|line| {
        let (head, tail) = line.split_once('=')?;
        (head.trim().rsplit([' ', '.']).next() == Some(name.as_str()) && !name.is_empty())
            .then(|| tail.trim().trim_end_matches(';').to_owned())
    });
    written
        .as_deref()
        .and_then(value)
        .or_else(|| text.contains("process.env.PORT").then_some(Listens::Variable(None)))
        .or(Some(Listens::Somewhere))
}

#[cfg(test)]
mod tests {
    use super::{Listens, listens};

    #[test]
    fn ports() {
        for (text, expected) in [
            ("app.listen(8080);", Some(Listens::Fixed(8080))),
            ("app.listen(process.env.PORT || 3000, f)", Some(Listens::Variable(Some(3000)))),
            ("const port = process.env.PORT || 4000;\nserver.listen(port)", Some(Listens::Variable(Some(4000)))),
            ("var port = 5000;\nserver.listen(port)", Some(Listens::Fixed(5000))),
            ("server.listen(config.get('x'))", Some(Listens::Somewhere)),
            ("queue.process()", None),
        ] {
            assert_eq!(listens(text), expected, "{text}");
        }
    }
}
