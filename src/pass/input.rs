//! What every pass sees: the graph, its items, the projects that are deployed.

use crate::graph::item::Items;
use crate::graph::site::{App, Layer};
use crate::graph::{FileKind, Graph, Resource, Run};
use crate::pass::unit::Unit;
use crate::project::Project;
use crate::source::{Location, SourceMap};
use crate::text::Text;

/// The input of all passes.
pub struct Input<'a> {
    /// The evaluated runs.
    pub graph: &'a Graph,
    /// Their resources, each declaration once.
    pub items: &'a Items,
    /// The deployed projects, by folder.
    pub projects: &'a [Project],
    /// The files of the input.
    pub sources: &'a SourceMap,
    /// Where projects lie on the hosts, and where that is in the image.
    pub roots: Vec<AppRoot>,
    /// The image whose runs are looked at; without it, all are.
    pub view: Option<&'a Unit>,
}

/// Where an app lies on the hosts: `/srv/www/shop`, with `current`, `releases` and `shared` below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRoot {
    /// The folder on the hosts.
    pub host: String,
    /// The app's name.
    pub app: String,
    /// The folder in the image.
    pub image: String,
}

/// A file that the converge left, in one run.
#[derive(Clone, Copy)]
pub struct RunFile<'a> {
    /// The run's number.
    pub run: usize,
    /// The path on the host.
    pub path: &'a str,
    /// The number of the item that wrote it.
    pub item: usize,
    /// What stands there.
    pub state: &'a crate::graph::FileState,
}

impl<'a> Input<'a> {
    /// The first occurrence of item `number` in the runs at hand.
    #[must_use]
    pub fn resource(&self, number: usize) -> Option<&'a Resource> {
        self.occurrences(number).next().map(|(_, resource)| resource)
    }

    /// Every occurrence of item `number` in the runs at hand: its run and the resource there.
    pub fn occurrences(&self, number: usize) -> impl Iterator<Item = (&'a Run, &'a Resource)> + '_ {
        let hidden = self.view.is_some_and(|unit| unit.hidden.contains(&number));
        let list = self.items.list.get(number).filter(|_| !hidden).map(|item| item.occurrences.as_slice()).unwrap_or_default();
        list.iter().filter_map(|(run, resource)| {
            let run = self.graph.runs.get(*run).filter(|_| self.sees(*run))?;
            Some((run, run.resources.get(*resource)?))
        })
    }

    /// Whether the run of that number is at hand: one image is made of some of the runs.
    #[must_use]
    pub fn sees(&self, run: usize) -> bool {
        self.view.is_none_or(|unit| unit.view.contains(&run))
    }

    /// Whether a command of run `run` is this image's work: the same hosts may run several apps. `text` is the line with its directory.
    #[must_use]
    pub fn owns(&self, run: usize, text: &str) -> bool {
        self.view.is_none_or(|unit| unit.owns(run, text))
    }

    /// The same for what a layer of an environment does, whatever the event.
    #[must_use]
    pub fn owns_on(&self, environment: usize, layer: &str, text: &str) -> bool {
        let run = self.runs().find(|(_, run)| run.environment == environment && run.layer == layer);
        run.is_none_or(|(number, _)| self.owns(number, text))
    }

    /// The apps of environment `number` that are this image's.
    pub fn apps(&self, number: usize) -> impl Iterator<Item = &'a App> + '_ {
        let all = self.graph.environments.get(number).map(|environment| environment.apps.as_slice()).unwrap_or_default();
        all.iter().filter(|app| self.view.is_none_or(|unit| unit.apps.contains(&app.name)))
    }

    /// The layers of environment `number` whose runs are at hand; a layer without runs is everybody's.
    pub fn layers(&self, number: usize) -> impl Iterator<Item = &'a Layer> + '_ {
        let all = self.graph.environments.get(number).map(|environment| environment.layers.as_slice()).unwrap_or_default();
        all.iter().filter(move |layer| {
            let mine = |run: &Run| run.environment == number && run.layer == layer.name;
            self.view.is_none() || self.runs().any(|(_, run)| mine(run)) || !self.graph.runs.iter().any(mine)
        })
    }

    /// The runs at hand with their numbers.
    pub fn runs(&self) -> impl Iterator<Item = (usize, &'a Run)> + '_ {
        self.graph.runs.iter().enumerate().filter(|(number, _)| self.sees(*number))
    }

    /// All items with their numbers.
    pub fn items(&self) -> impl Iterator<Item = (usize, &'a Resource)> + '_ {
        (0..self.items.list.len()).filter_map(|number| Some((number, self.resource(number)?)))
    }

    /// Every file of every run, in order of run and path.
    pub fn files(&self) -> impl Iterator<Item = RunFile<'a>> + '_ {
        self.runs().flat_map(move |(number, run)| {
            run.files.iter().filter_map(move |(path, state)| {
                let item = self.items.number(number, state.resource)?;
                if self.view.is_some_and(|unit| unit.hidden.contains(&item)) {
                    return None;
                }
                Some(RunFile { run: number, path, item, state })
            })
        })
    }

    /// The text of a file of a run, when it is one.
    #[must_use]
    pub fn text<'f>(&self, file: &RunFile<'f>) -> Option<&'f Text> {
        match &file.state.kind {
            FileKind::File(text) => Some(text),
            _ => None,
        }
    }

    /// How many environments there are, at least one.
    #[must_use]
    pub fn environments(&self) -> usize {
        self.graph.environments.len().max(1)
    }

    /// Where an item is declared, as an origin with the words `what`.
    #[must_use]
    pub fn origin(&self, item: usize) -> Option<crate::blueprint::Origin> {
        let item = self.items.list.get(item)?;
        Some(crate::blueprint::Origin { location: item.location.clone()?, what: item.reference.clone() })
    }

    /// A host path as it is in the image: `current`, `shared` and `releases/x` of an app become its work directory.
    #[must_use]
    pub fn image_path(&self, path: &str) -> String {
        let mut out = path.to_owned();
        for root in &self.roots {
            out = replace_root(&out, &root.host, &root.image);
        }
        out
    }
}

/// Replaces every mention of an app's folder `host`, and of `current`, `shared` and `releases/x` below it, by `image`.
#[must_use]
pub fn replace_root(text: &str, host: &str, image: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(host) {
        let after = &rest[at + host.len()..];
        let boundary = after.is_empty() || !after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        out.push_str(&rest[..at]);
        if !boundary {
            out.push_str(host);
            rest = after;
            continue;
        }
        out.push_str(image);
        rest = after;
        for part in ["/current", "/shared"] {
            if let Some(tail) = rest.strip_prefix(part) {
                if tail.is_empty() || !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-') {
                    rest = tail;
                    break;
                }
            }
        }
        if let Some(tail) = rest.strip_prefix("/releases/") {
            let end = tail.find(|c: char| c == '/' || c.is_whitespace() || c == '\'' || c == '"').unwrap_or(tail.len());
            if !tail[..end].contains('*') {
                rest = &tail[end..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A location for something that is not a resource: the stack's description, a file of the project.
#[must_use]
pub fn at(location: Option<Location>, what: &str) -> Vec<crate::blueprint::Origin> {
    location.map(|location| crate::blueprint::Origin { location, what: what.to_owned() }).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::replace_root;

    #[test]
    fn host_paths_become_image_paths() {
        for (host, image) in [
            ("/srv/www/shop/current/public", "/app/public"),
            ("/srv/www/shop/shared/config/puma.rb", "/app/config/puma.rb"),
            ("/srv/www/shop/releases/v1/log", "/app/log"),
            ("/srv/www/shop", "/app"),
            ("/srv/www/shopping/current", "/srv/www/shopping/current"),
            ("cd /srv/www/shop/current && x >> /srv/www/shop/shared/log/a.log", "cd /app && x >> /app/log/a.log"),
        ] {
            assert_eq!(replace_root(host, "/srv/www/shop", "/app"), image);
        }
    }
}
