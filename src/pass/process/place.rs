//! The hosts of one layer in one environment: their files at the end of all events, and what is read from them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::found::Found;
use crate::diagnostic::Diagnostic;
use crate::graph::{FileKind, Lifecycle, Resource, Run};
use crate::outcome::Fate;
use crate::pass::command::{Around, Wrappers};
use crate::pass::encode::Encoded;
use crate::pass::input::RunFile;
use crate::pass::{Input, Sink};
use crate::read::lexeme::has_hole;
use crate::read::problem::Problem;
use crate::source::{Location, Span};
use crate::text::{Hole, Part, Text};

/// What was read from a file.
#[derive(Debug, Default)]
pub struct Reading {
    /// The processes.
    pub found: Vec<Found>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The file is understood and names nothing that runs; with the code, the line and the words for it.
    pub nothing: Option<(&'static str, u32, String)>,
    /// The file is understood, and it is right that it makes no process.
    pub settled: bool,
}

impl Reading {
    /// Notes that the file names nothing to run.
    pub fn nothing(&mut self, code: &'static str, line: u32, message: impl Into<String>) {
        self.nothing.get_or_insert((code, line, message.into()));
    }
}

/// A layer in an environment.
pub struct Place<'a> {
    /// The passes' input.
    pub input: &'a Input<'a>,
    /// The environment's number.
    pub environment: usize,
    /// The layer's name.
    pub layer: &'a str,
    /// Its runs while it lives, with their numbers.
    pub runs: Vec<(usize, &'a Run)>,
    /// Files by path, as the last event leaves them.
    pub files: BTreeMap<&'a str, RunFile<'a>>,
    /// Wrapper scripts.
    pub wrappers: &'a Wrappers,
    /// The holes of all texts of the place: each is one character.
    holes: RefCell<Vec<Rc<Hole>>>,
}

/// All places, in the order of their first runs.
pub fn all<'a>(input: &'a Input<'a>, wrappers: &'a Wrappers) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = Vec::new();
    for (number, run) in input.runs() {
        if matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) {
            continue;
        }
        match places.iter_mut().find(|place| place.environment == run.environment && place.layer == run.layer) {
            Some(place) => place.runs.push((number, run)),
            None => places.push(Place {
                input,
                environment: run.environment,
                layer: &run.layer,
                runs: vec![(number, run)],
                files: BTreeMap::new(),
                wrappers,
                holes: RefCell::default(),
            }),
        }
    }
    for file in input.files() {
        if let Some(place) = places.iter_mut().find(|place| place.runs.iter().any(|(number, _)| *number == file.run)) {
            place.files.insert(file.path, file);
        }
    }
    places
}

/// The first character that stands for a hole: as everywhere in the passes.
const FIRST: u32 = 0xF_0000;

impl<'a> Place<'a> {
    /// Text with one character for each hole, the same in all texts of the place.
    pub fn encode(&self, text: &Text) -> String {
        let mut out = String::new();
        for part in text.parts() {
            match part {
                Part::Literal(literal) => out.push_str(literal),
                Part::Hole(hole) => {
                    let mut holes = self.holes.borrow_mut();
                    let index = holes.iter().position(|known| known == hole).unwrap_or_else(|| {
                        holes.push(Rc::clone(hole));
                        holes.len() - 1
                    });
                    out.push(u32::try_from(index).ok().and_then(|index| char::from_u32(FIRST + index)).unwrap_or('\u{FFFD}'));
                }
            }
        }
        out
    }

    fn holes(&self) -> Encoded {
        Encoded { text: String::new(), holes: self.holes.borrow().clone() }
    }

    /// A piece of text with its holes again.
    pub fn decoded(&self, piece: &str) -> Text {
        if has_hole(piece) { self.holes().decode(piece) } else { Text::literal(piece) }
    }

    /// A piece as it may be shown: holes by name.
    pub fn show(&self, piece: &str) -> String {
        if has_hole(piece) { self.holes().show(piece) } else { piece.to_owned() }
    }

    /// The text of a file of the place.
    pub fn text(&self, path: &str) -> Option<String> {
        self.text_of(self.files.get(path)?)
    }

    /// The text of `file`.
    pub fn text_of(&self, file: &RunFile<'_>) -> Option<String> {
        match &file.state.kind {
            FileKind::File(text) => Some(self.encode(text)),
            _ => None,
        }
    }

    /// What is known around a script of the place.
    pub fn around<'p>(&'p self, files: &'p dyn Fn(&str) -> Option<String>) -> Around<'p> {
        Around { wrappers: self.wrappers, files }
    }

    /// Every resource of the place that acts: run, number in the run, resource.
    pub fn resources(&self) -> impl Iterator<Item = (usize, usize, &'a Resource)> + '_ {
        self.runs.iter().flat_map(|(number, run)| run.resources.iter().enumerate().map(move |(index, resource)| (*number, index, resource)))
    }

    /// `found` with the place, the item that describes it, and its origin.
    pub fn complete(&self, mut found: Found, item: Option<usize>) -> Found {
        found.environment = self.environment;
        self.layer.clone_into(&mut found.layer);
        // A file of variables is everybody's settings, not this process's.
        let sourced: Vec<String> = found.plain.sourced.iter().filter(|path| !found.environment_files.contains(path)).cloned().collect();
        for item in item.into_iter().chain(self.items_of(&sourced)).collect::<Vec<_>>() {
            if !found.items.contains(&item) {
                found.items.push(item);
            }
        }
        if found.origin.is_empty() {
            found.origin = found.items.first().and_then(|item| self.input.origin(*item)).into_iter().collect();
        }
        found
    }

    fn items_of(&self, paths: &[String]) -> Vec<usize> {
        paths.iter().filter_map(|path| self.files.get(path.as_str())).map(|file| file.item).collect()
    }

    /// Says what is wrong with a file, and what becomes of one that gave no process.
    pub fn say(&self, file: &RunFile<'_>, supervisor: &str, reading: &Reading, sink: &mut Sink) {
        let location = self.input.items.list.get(file.item).and_then(|item| item.location.clone());
        let origin = || self.input.origin(file.item).into_iter().collect::<Vec<_>>();
        let source = file.state.source.clone();
        let place = || match &source {
            Some(source) => format!(" that `{source}` renders"),
            None => String::new(),
        };
        for problem in reading.problems.iter().take(4) {
            let message = format!("`{}:{}`: {}", file.path, problem.line, self.show(&problem.message));
            let help = format!("mend the {supervisor} text{}; the rest of it is read", place());
            sink.diagnose(at(self.input, location.as_ref(), Diagnostic::warning("C130", message)).help(help));
        }
        if let Some((code, line, message)) = &reading.nothing {
            let message = format!("`{}:{line}`: {}", file.path, self.show(message));
            let help = format!("give the command that stays running in the {supervisor} text{}, or write the process by hand", place());
            sink.diagnose(at(self.input, location.as_ref(), Diagnostic::warning(code, message)).help(help));
        }
        if reading.found.is_empty() && !reading.settled && (reading.nothing.is_some() || !reading.problems.is_empty()) {
            sink.claim(file.item, Fate::Manual, "", format!("no command of a process was found in this {supervisor} text"));
            sink.task(
                format!("Write the process of `{}` by hand", file.path),
                format!("its {supervisor} text names no command that could be found"),
                origin(),
            );
        }
    }

    /// Puts the names of holes where their characters are; a variable with a hole becomes a setting.
    pub fn decode(&self, found: &mut Found) {
        if !self.holes.borrow().is_empty() {
            let unknown: Vec<String> =
                found.plain.variables.iter().filter(|(_, value)| has_hole(value)).map(|(name, _)| name.clone()).collect();
            for name in unknown {
                if let Some(value) = found.plain.variables.remove(&name) {
                    found.unknown.insert(name, self.decoded(&value));
                }
            }
            if found.plain.words.iter().any(|word| has_hole(word)) {
                found.note("a word of the command is only known on the host");
            }
            let plain = &mut found.plain;
            let texts = plain
                .words
                .iter_mut()
                .chain(&mut plain.user)
                .chain(&mut plain.group)
                .chain(&mut plain.directory)
                .chain(&mut plain.dropped)
                .chain(&mut found.environment_files)
                .chain(&mut found.logs)
                .chain(&mut found.notes)
                .chain([&mut found.name, &mut found.service]);
            for text in texts {
                if has_hole(text) {
                    *text = self.show(text);
                }
            }
        }
    }
}

/// A diagnostic with the line of `location`.
pub fn at(input: &Input<'_>, location: Option<&Location>, diagnostic: Diagnostic) -> Diagnostic {
    let Some(location) = location else { return diagnostic };
    let Some(file) = input.sources.find(&location.path) else { return diagnostic.in_file(location.path.clone()) };
    let text = input.sources.file(file).text();
    let skipped = usize::try_from(location.line.saturating_sub(1)).unwrap_or(0);
    let start: usize = text.split_inclusive('\n').take(skipped).map(str::len).sum();
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    diagnostic.at(Span::new(file, start, start + line.len()))
}
