//! The configuration files that commands name: as Chef wrote them for a layer of an environment, else the project's own.

use std::collections::BTreeMap;

use crate::blueprint::{Process, Setting, Variable};
use crate::diagnostic::Diagnostic;
use crate::graph::{FileKind, Lifecycle};
use crate::pass::encode::{Encoded, encode};
use crate::pass::input::RunFile;
use crate::pass::{Input, Sink};
use crate::project::Project;
use crate::read::problem::Problem;

/// A configuration file.
#[derive(Debug, Clone)]
pub struct File {
    /// The path as a reader knows it.
    pub path: String,
    /// Its text; what is not known of it is characters of the private planes.
    pub encoded: Encoded,
    /// The item that writes it; none for a file of the project.
    pub item: Option<usize>,
    /// The place of its first line, or of the resource that writes it.
    pub place: String,
}

/// All of them.
pub struct Files<'i, 'a> {
    /// The input.
    pub input: &'i Input<'a>,
    /// The project that the processes belong to.
    pub project: Option<&'i Project>,
    written: BTreeMap<(usize, String), Vec<RunFile<'a>>>,
}

/// A path as it is compared: that of the image, relative to the work directory.
fn plain(path: &str) -> &str {
    path.strip_prefix("/app/").or_else(|| path.strip_prefix("./")).unwrap_or(path)
}

impl<'i, 'a> Files<'i, 'a> {
    /// Notes what the runs wrote.
    #[must_use]
    pub fn new(input: &'i Input<'a>, project: Option<&'i Project>) -> Self {
        let mut written: BTreeMap<(usize, String), Vec<RunFile<'a>>> = BTreeMap::new();
        for file in input.files() {
            let Some(run) = input.graph.runs.get(file.run) else { continue };
            let is_file = matches!(file.state.kind, FileKind::File(_));
            if is_file && !matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) {
                let path = input.image_path(file.path);
                written.entry((run.environment, plain(&path).to_owned())).or_default().push(file);
            }
        }
        Self { input, project, written }
    }

    /// The file at `path` of an environment; that of one of `layers` before others', a later event's before an earlier one's.
    #[must_use]
    pub fn find(&self, path: &str, environment: usize, layers: &[String]) -> Option<File> {
        let path = self.input.image_path(path);
        let path = plain(&path);
        if let Some(found) = self.written.get(&(environment, path.to_owned())) {
            let of = |file: &&RunFile<'a>| self.input.graph.runs.get(file.run).is_some_and(|run| layers.contains(&run.layer));
            let file = found.iter().rev().find(of).or_else(|| found.last())?;
            let FileKind::File(text) = &file.state.kind else { return None };
            let place = self.input.origin(file.item).map_or_else(|| file.path.to_owned(), |origin| origin.location.to_string());
            return Some(File { path: path.to_owned(), encoded: encode(text), item: Some(file.item), place });
        }
        let text = self.project?.text(self.input.sources, path)?;
        let encoded = Encoded { text: crate::ruby::hole::without_holes(text), holes: Vec::new() };
        let place = self.project.map_or_else(String::new, |project| format!("{}{path}", project.folder));
        Some(File { path: path.to_owned(), encoded, item: None, place })
    }

    /// Every item that writes `path` in any environment.
    #[must_use]
    pub fn items(&self, path: &str) -> Vec<usize> {
        let path = self.input.image_path(path);
        let path = plain(&path);
        let mut items: Vec<usize> =
            self.written.iter().filter(|((_, known), _)| known == path).flat_map(|(_, files)| files.iter().map(|file| file.item)).collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    /// Says what is wrong with a file.
    pub fn problem(&self, file: &File, problem: &Problem, code: &'static str, sink: &mut Sink) {
        let id = self.project.and_then(|project| project.files.get(&file.path)).filter(|_| file.item.is_none());
        let diagnostic = match id {
            Some(id) => {
                let mut one = problem.diagnostic(*id, 0, self.input.sources.file(*id).text());
                one.code = code;
                one
            }
            None => {
                let message = format!("`{}` line {}: {}", file.path, problem.line, file.encoded.show(&problem.message));
                Diagnostic::warning(code, message).in_file(file.place.clone())
            }
        };
        sink.diagnose(diagnostic);
    }

    /// The locked version of a library.
    #[must_use]
    pub fn version(&self, name: &str) -> Option<&str> {
        self.project?.libraries.get(name).map(String::as_str).filter(|version| !version.is_empty())
    }
}

/// The variables that a process has in an environment: its own, before those of all.
#[must_use]
pub fn variables(process: &Process, all: &[Variable], environment: usize) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for variable in all.iter().filter(|one| !one.secret && (one.images.is_empty() || one.images.contains(&process.image))) {
        if let Some(Setting::Known(value)) = variable.value.at(environment) {
            known.insert(variable.name.clone(), value.clone());
        }
    }
    for (name, value) in &process.variables {
        if let Some(value) = value.at(environment) {
            known.insert(name.clone(), value.clone());
        }
    }
    known
}

/// The Rails environment of a process: what its variables say, else `production`.
#[must_use]
pub fn rails_environment(variables: &BTreeMap<String, String>) -> String {
    ["APP_ENV", "RAILS_ENV", "RACK_ENV"]
        .iter()
        .find_map(|name| variables.get(*name))
        .filter(|value| !crate::read::lexeme::has_hole(value))
        .cloned()
        .unwrap_or_else(|| "production".to_owned())
}

/// Major and minor number of a version.
#[must_use]
pub fn release(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim_start_matches(|c: char| !c.is_ascii_digit()).split(|c: char| !c.is_ascii_digit());
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next().and_then(|text| text.parse().ok()).unwrap_or(0)))
}
