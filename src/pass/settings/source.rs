//! Files of the runs that set variables: which they are, in one table, and what reads each.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::graph::{FileKind, Lifecycle};
use crate::outcome::Fate;
use crate::pass::encode::{Encoded, encode};
use crate::pass::process::Found;
use crate::pass::settings::value::reason_to_drop;
use crate::pass::settings::{Table, dotenv, figaro, ruby_config, shell, web_server};
use crate::pass::{Input, Sink, release};
use crate::read::lexeme::has_hole;
use crate::text::{Hole, Part, Text};

/// A file that may set variables.
pub struct Place<'a> {
    /// Its path on the host.
    pub path: &'a str,
    /// The path's last part.
    pub name: &'a str,
    /// Its text, holes encoded.
    pub text: &'a str,
    /// It lies in an app's folder.
    pub of_app: bool,
    /// A process or wrapper takes its environment from it.
    pub given: bool,
    /// A link in an app's folder leads to it by the name `.env`.
    pub linked: bool,
    /// Names of the processes that were found.
    pub processes: &'a BTreeSet<&'a str>,
    /// A process's command runs it.
    pub runs: bool,
    /// The names that the environment may have in the app: `production`.
    pub modes: &'a [String],
    /// The app is known and has the library of that name, or no app is known.
    pub has_library: &'a dyn Fn(&str) -> bool,
}

/// A part of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Characters as they stand.
    Literal(String),
    /// Another variable's value.
    Variable(String),
    /// What a command prints on the host.
    Command(String),
}

/// What was read from a file.
#[derive(Debug, Default)]
pub struct Read {
    /// Name and value.
    pub entries: Vec<(String, Vec<Piece>)>,
    /// The file holds nothing else: it need not be anywhere.
    pub whole: bool,
    /// What is wrong with it, with the line.
    pub problems: Vec<(u32, String)>,
}

struct Source {
    is: fn(&Place<'_>) -> bool,
    read: fn(&Place<'_>) -> Read,
}

/// The kinds of files, the first that fits counts.
const SOURCES: &[Source] = &[
    Source { is: dotenv::is, read: dotenv::read },
    Source { is: shell::is_login, read: shell::read_login },
    Source { is: shell::is_profile, read: shell::read_exports },
    Source { is: shell::is_settings, read: shell::read_settings },
    Source { is: shell::is_wrapper, read: shell::read_exports },
    Source { is: shell::is_env_folder, read: shell::read_env_folder },
    Source { is: figaro::is, read: figaro::read },
    Source { is: ruby_config::is, read: ruby_config::read },
    Source { is: web_server::is_nginx, read: web_server::read_nginx },
    Source { is: web_server::is_apache, read: web_server::read_apache },
    Source { is: web_server::is_fpm, read: web_server::read_fpm },
];

/// Puts what the files of the runs set into the table; claims those that do nothing else.
pub fn gather(input: &Input<'_>, found: &[Found], given: &BTreeSet<String>, table: &mut Table, sink: &mut Sink) {
    let processes: BTreeSet<&str> = found.iter().map(|one| one.name.as_str()).collect();
    let has_library = |name: &str| input.projects.is_empty() || input.projects.iter().any(|project| project.libraries.contains_key(name));
    let linked = linked(input);
    for file in input.files() {
        let Some(run) = input.graph.runs.get(file.run) else { continue };
        if matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) {
            continue;
        }
        let FileKind::File(text) = &file.state.kind else { continue };
        let encoded = encode(text);
        let name = file.path.rsplit('/').next().unwrap_or("");
        let environment = input.graph.environments.get(run.environment).map_or("", |environment| environment.name.as_str());
        let modes = [environment.to_owned(), "production".to_owned()];
        let place = Place {
            path: file.path,
            name,
            text: &encoded.text,
            of_app: release::in_root(input, file.path),
            given: given.contains(file.path),
            linked: linked.contains(file.path),
            processes: &processes,
            runs: found.iter().any(|one| one.plain.words.iter().any(|word| word == file.path)),
            modes: &modes,
            has_library: &has_library,
        };
        let Some(source) = SOURCES.iter().find(|source| (source.is)(&place)) else { continue };
        let read = (source.read)(&place);
        for (line, message) in &read.problems {
            let diagnostic = Diagnostic::warning("C150", format!("`{}` line {line}: {message}", file.path));
            let from = input.origin(file.item).map(|origin| origin.location.path).unwrap_or_default();
            sink.diagnose(diagnostic.in_file(from).help("the other lines are taken; mend this one"));
        }
        let mut known: BTreeMap<String, Text> = BTreeMap::new();
        for (name, pieces) in read.entries {
            // A name that is not known is no name.
            if has_hole(&name) {
                continue;
            }
            let value = join(&pieces, &encoded, &known);
            known.insert(name.clone(), value.clone());
            table.set_on(&name, run.environment, &run.layer, value, input.origin(file.item).into_iter().collect());
        }
        if read.whole && !is_sourced(input, file.path, given) {
            // What the image has by itself (its path, its locale) is no setting.
            match known.keys().map(|name| reason_to_drop(name)).reduce(Option::and).flatten() {
                Some(why) => sink.claim(file.item, Fate::Absorbed, "", why),
                None => {
                    let why = "its variables are the settings of every process: ConfigMap and secret references";
                    sink.claim(file.item, Fate::Translated, "settings", why);
                }
            }
        }
    }
}

/// The files that links by the name `.env` lead to.
fn linked(input: &Input<'_>) -> BTreeSet<String> {
    let links = input.files().filter(|file| file.path.ends_with("/.env"));
    let target = |kind: &FileKind| match kind {
        FileKind::Link(to) => to.known().map(str::to_owned),
        _ => None,
    };
    links.filter_map(|file| target(&file.state.kind)).collect()
}

/// Whether a script that stays reads the file by itself: then it must be there.
fn is_sourced(input: &Input<'_>, path: &str, given: &BTreeSet<String>) -> bool {
    if given.contains(path) {
        return false;
    }
    input.files().filter(|file| file.path != path).any(|file| {
        let FileKind::File(text) = &file.state.kind else { return false };
        let starts = text.parts().first().is_some_and(|part| matches!(part, Part::Literal(start) if start.starts_with("#!")));
        starts && text.parts().iter().any(|part| matches!(part, Part::Literal(literal) if literal.contains(path)))
    })
}

/// The text of a value, with what the file set before in its place and holes for what only the host knows.
fn join(pieces: &[Piece], encoded: &Encoded, known: &BTreeMap<String, Text>) -> Text {
    let mut text = Text::default();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => text.push(&encoded.decode(literal)),
            Piece::Variable(name) => match known.get(name) {
                Some(value) => text.push(value),
                None => text.push_hole(Rc::new(Hole::unknown(format!("${name}"), "the shell's own"))),
            },
            Piece::Command(command) => {
                text.push_hole(Rc::new(Hole::unknown(format!("$({})", encoded.show(command.trim())), "a command on the host")));
            }
        }
    }
    text
}

/// Whether it can be a variable's name.
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
