//! What a conversion gives: the tree of files, what became of everything, and what there is to say.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::blueprint::{Artifact, Blueprint};
use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::source::Location;

/// What became of a resource, schedule entry or process. Everything has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It is in the output.
    Translated,
    /// The base image or the target does it by itself.
    Absorbed,
    /// It concerns the host or cluster, not a container.
    Host,
    /// A person must do or decide something.
    Manual,
    /// A guard says that it does not run, or nothing ever asks it to.
    Skipped,
    /// It is not understood; its properties are in the report.
    Unknown,
}

impl Fate {
    /// All fates, in the order of the table.
    pub const ALL: [Self; 6] = [Self::Translated, Self::Absorbed, Self::Host, Self::Manual, Self::Skipped, Self::Unknown];

    /// The word for the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Translated => "translated",
            Self::Absorbed => "absorbed",
            Self::Host => "host",
            Self::Manual => "manual",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }
}

/// What a [`Disposition`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A resource of the collection.
    Resource,
    /// An entry of a schedule.
    Schedule,
    /// A process that ran on the hosts.
    Process,
}

/// What became of one thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Disposition {
    /// Resource, schedule entry or process.
    pub subject: Subject,
    /// `package[nginx]`, `30 4 * * * rake albums:expire_shares`; secrets and unknowns shown by name.
    pub name: String,
    /// `nginx::default`
    pub recipe: String,
    /// Where it is declared.
    pub location: Option<Location>,
    /// What became of it.
    pub fate: Fate,
    /// Where it went: `Dockerfile`, `kubernetes/base/web.yaml`, … with `:line` where one line answers for it.
    pub to: Vec<String>,
    /// The items of the blueprint that it ended in: `process web`, `variable REDIS_URL`.
    pub ends_in: Vec<String>,
    /// Why, in a sentence.
    pub why: String,
    /// In which environments, layers and events: `production/web/Setup`.
    pub contexts: Vec<String>,
    /// Conditions that could not be decided: `if node['ec2']`.
    pub conditions: Vec<String>,
}

/// The runs that some images of the blueprint were made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Share {
    /// The images' names: an app's own, and that of the daemon beside it.
    pub images: Vec<String>,
    /// The numbers of the runs in the graph.
    pub runs: BTreeSet<usize>,
    /// The numbers of the items in those runs that belong to other images alone.
    pub hidden: BTreeSet<usize>,
}

/// The result of a conversion. Never an error: a bad cookbook is a diagnostic.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files to write, sorted by path.
    pub tree: Vec<Artifact>,
    /// What there is to say of the input.
    pub diagnostics: Vec<Diagnostic>,
    /// What became of everything.
    pub dispositions: Vec<Disposition>,
    /// What was evaluated.
    pub graph: Graph,
    /// What was made of it.
    pub blueprint: Blueprint,
    /// Which runs each image was made of.
    pub shares: Vec<Share>,
    /// Where apps lie on the hosts, and where that is in their images: `/srv/www/shop`, `/app`.
    pub folders: Vec<(String, String)>,
    /// What the input is, and what was assumed, in sentences.
    pub notes: Vec<String>,
}

impl Outcome {
    /// How many dispositions of each fate there are for `subject`.
    #[must_use]
    pub fn accounting(&self, subject: Subject) -> Vec<(Fate, usize)> {
        Fate::ALL
            .into_iter()
            .map(|fate| (fate, self.dispositions.iter().filter(|one| one.subject == subject && one.fate == fate).count()))
            .collect()
    }
}

/// What is to be converted, and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Path prefix of the cookbooks (or repository) in the sources: empty, or with `/` at its end.
    pub root: String,
    /// The name of the input folder, for a project without another name.
    pub name: String,
    /// Path prefix of the Rails (or other) project, when given.
    pub app: Option<String>,
    /// One list of files for each `--stack`.
    pub stacks: Vec<Vec<crate::source::FileId>>,
    /// `--json-attributes`
    pub json_attributes: Option<crate::source::FileId>,
    /// `--run-list`
    pub run_list: Vec<String>,
    /// `--layer`
    pub layer: Option<String>,
    /// `--platform`: name and version.
    pub platform: Option<(String, String)>,
    /// `--environment`
    pub environment: Option<String>,
    /// What the user chose about the output.
    pub emit: crate::emit::Options,
}
