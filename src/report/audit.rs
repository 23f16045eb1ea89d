//! What an audit says: per repository findings, what stands in the way of each recipe, effort, forecast, secrets, dependencies.
//!
//! In: files, findings, what the evaluation met. Out: [`Audit`], whose fields are the JSON form, and every other form of it.
//! No value of a secret and no path of the machine is in it.

pub mod build;
pub mod csv;
pub mod diff;
pub mod external;
pub mod finding;
pub mod forecast;
pub mod github;
pub mod markdown;
pub mod pages;
pub mod plain;
pub mod recipes;
pub mod sarif;
pub mod secret;
pub mod summary;
pub mod text;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use crate::diagnostic::Severity;

/// The audit of all folders that were given.
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    /// `ekiben`
    pub program: &'static str,
    /// Its version.
    pub version: &'static str,
    /// One for each folder, in the order given.
    pub repositories: Vec<Repository>,
    /// All of them together.
    pub whole: Totals,
}

/// Figures of a repository or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Folders that were given; 1 in a repository.
    pub repositories: usize,
    /// Folders that could not be read at all, or whose audit ended early.
    pub broken: usize,
    /// Files.
    pub files: usize,
    /// Cookbooks.
    pub cookbooks: usize,
    /// Recipes by state.
    pub ready: usize,
    /// Recipes that want a person's work.
    pub manual: usize,
    /// Recipes that something stands in the way of.
    pub blocked: usize,
    /// Findings by severity.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Findings that a comment in the source allows.
    pub allowed: usize,
    /// Findings that the baseline knows; they never fail.
    pub known: usize,
    /// Findings by category: `security` → 12.
    pub categories: BTreeMap<&'static str, usize>,
    /// The work.
    pub effort: Effort,
}

/// The audit of one folder.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Repository {
    /// The folder's name; numbered where several have the same.
    pub name: String,
    /// What it is, in words: `a Chef repository`.
    pub layout: String,
    /// Why there is no audit of it, or why it ended early.
    pub failure: Option<String>,
    /// Its figures.
    pub totals: Totals,
    /// Everything found, by file and line.
    pub findings: Vec<Finding>,
    /// What a comment in the source allows: it fails nothing and counts nowhere.
    pub allowed: Vec<Allowed>,
    /// Files that could not be read, or not to their end.
    pub unread: Vec<Unread>,
    /// Its cookbooks, by name.
    pub cookbooks: Vec<Cookbook>,
    /// How much of it is understood.
    pub knowledge: Knowledge,
    /// What a conversion would give; `None` where it was not asked for or there is no cookbook.
    pub forecast: Option<Forecast>,
    /// At most ten things to do first.
    pub first: Vec<First>,
    /// Base systems, runtimes and packages past their end of life.
    pub past: Vec<Past>,
    /// Secrets in clear text: to be made anew.
    pub secrets: Vec<Secret>,
    /// Hosts that something is fetched from.
    pub hosts: Vec<Host>,
    /// Cookbooks that are needed and are not in the folder.
    pub missing: Vec<Missing>,
}

impl Repository {
    /// The files that something in here names.
    #[must_use]
    pub fn files(&self) -> BTreeSet<&str> {
        let place = |place: &'_ str| place.rsplit_once(':').map_or(0, |(path, _)| path.len());
        let mut files: BTreeSet<&str> = self.findings.iter().map(|one| one.path.as_str()).collect();
        files.extend(self.unread.iter().map(|one| one.path.as_str()));
        files.extend(self.secrets.iter().map(|one| one.path.as_str()));
        files.extend(self.cookbooks.iter().flat_map(|one| &one.recipes).map(|one| one.path.as_str()));
        let reasons = self.cookbooks.iter().flat_map(|one| one.reasons.iter().chain(one.recipes.iter().flat_map(|recipe| &recipe.reasons)));
        files.extend(reasons.map(|reason| reason.path.as_str()));
        let places = self.past.iter().flat_map(|one| &one.places).chain(self.hosts.iter().map(|one| &one.first));
        files.extend(places.chain(self.missing.iter().map(|one| &one.first)).filter_map(|one| one.get(..place(one))));
        files
    }
}

/// Something a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file, below the repository.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// `A101`
    pub code: &'static str,
    /// `node-set`
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// `removed`, `container`, `security`, `correctness`, `reproducible`, `eol`, `opsworks`, `audit`
    pub category: &'static str,
    /// The work it takes: `trivial`, `small`, `medium`, `large`.
    pub effort: &'static str,
    /// How sure it is: `high`, `medium`.
    pub confidence: &'static str,
    /// What was found.
    pub message: String,
    /// The line, with secrets hidden; `None` where no line of the file may be shown.
    pub snippet: Option<String>,
    /// The same as long as rule, file and the line's words are: for baselines and code scanning.
    pub fingerprint: String,
    /// `ekiben audit --fix` can do it.
    pub fixable: bool,
    /// The baseline knows it.
    pub known: bool,
}

/// A finding that a comment in the source allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Allowed {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// The comment's reason; empty where it gives none.
    pub reason: String,
}

/// A file that could not be read, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// The file, below the repository.
    pub path: String,
    /// The line from which on it is not understood.
    pub line: Option<u32>,
    /// Why.
    pub why: String,
}

/// What stands between a recipe and a container.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing, or notes alone.
    #[default]
    Ready,
    /// Warnings or errors that a person has to look at, or something that ekiben does not evaluate.
    Manual,
    /// It cannot be read, it needs what is not there, or what it does has to be built anew.
    Blocked,
}

/// A cookbook: the worst of its recipes and of its other files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cookbook {
    /// Its name.
    pub name: String,
    /// Its folder in the repository.
    pub path: String,
    /// What stands in the way.
    pub state: State,
    /// Why, for what lies outside its recipes: attributes, templates, libraries.
    pub reasons: Vec<Reason>,
    /// Its recipes, by name.
    pub recipes: Vec<Recipe>,
}

/// A recipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipe {
    /// `web::default`
    pub name: String,
    /// Its file, below the repository.
    pub path: String,
    /// What stands in the way.
    pub state: State,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Why something is not ready.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reason {
    /// What it leads to: manual work, or blocked.
    pub state: State,
    /// In words: `deploy-resource: the deploy resource was removed in Chef 13`.
    pub why: String,
    /// The rule, where it is one.
    pub rule: Option<&'static str>,
    /// How often.
    pub count: usize,
    /// The first place.
    pub path: String,
    /// Its line.
    pub line: u32,
}

/// How much of the cookbooks is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Knowledge {
    /// Recipes that were evaluated, each alone.
    pub recipes: usize,
    /// Of these, the ones in which everything was understood.
    pub understood: usize,
    /// Resources they declare.
    pub resources: usize,
    /// Values of resources and files that only the running system knows.
    pub unknown: usize,
    /// Things that ekiben does not support: methods, constants, resources.
    pub unsupported: usize,
    /// Things that are not in the folder: cookbooks, data bags, templates.
    pub missing: usize,
}

/// The work, as pieces by class; never hours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// One line each.
    pub trivial: Range,
    /// A few lines in one file each.
    pub small: Range,
    /// Several files or a decision each.
    pub medium: Range,
    /// A change of how the system is made each.
    pub large: Range,
    /// What `ekiben audit --fix` does by itself.
    pub fixable: usize,
}

/// A number of pieces of work, from the least to the most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The sure findings, those that say the same in one file (of an end of life: anywhere) as one piece.
    pub least: usize,
    /// All findings, each by itself.
    pub most: usize,
}

/// What `ekiben convert` would make of the same files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// Images: name, base image.
    pub images: Vec<Forecasted>,
    /// Processes: name, command.
    pub processes: Vec<Forecasted>,
    /// Schedules: name, as written.
    pub schedules: Vec<Forecasted>,
    /// Volumes: name, path.
    pub volumes: Vec<Forecasted>,
    /// Databases, caches, queues: name, engine.
    pub stores: Vec<Forecasted>,
    /// Environment variables that must be set.
    pub variables: usize,
    /// Of these, secrets.
    pub secrets: usize,
    /// Tasks that are left for a person.
    pub tasks: usize,
    /// What had to be assumed, in sentences.
    pub notes: Vec<String>,
}

/// One thing of a forecast.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Forecasted {
    /// Its name.
    pub name: String,
    /// What it is.
    pub what: String,
}

/// A thing to do first: all findings of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct First {
    /// `A101`
    pub code: &'static str,
    /// `node-set`
    pub rule: &'static str,
    /// What it is, on one line.
    pub title: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub category: &'static str,
    /// The work that each takes.
    pub effort: &'static str,
    /// How many there are.
    pub count: usize,
    /// The first places: `recipes/default.rb:3`.
    pub places: Vec<String>,
}

/// Something past its end of life.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Past {
    /// What, since when, in a sentence.
    pub what: String,
    /// Where it is chosen: `attributes/default.rb:3`; empty where the conversion found it out.
    pub places: Vec<String>,
}

/// A secret in clear text. Its value is never part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Secret {
    /// The file, below the repository.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// What kind it is: `Password or key in the source`.
    pub kind: String,
    /// What it is called there.
    pub name: String,
}

/// A host that something is fetched from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Host {
    /// `downloads.example.org`
    pub name: String,
    /// How many lines name it.
    pub count: usize,
    /// Whether one of them has no encryption.
    pub plain: bool,
    /// The first place: `recipes/default.rb:3`.
    pub first: String,
}

/// A cookbook that is needed and is not in the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missing {
    /// Its name.
    pub name: String,
    /// How many recipes need it.
    pub recipes: usize,
    /// The first place: `recipes/default.rb:3`.
    pub first: String,
}
