//! What must be built and what must run, in no target's words.
//!
//! In: the sections that the passes make of the resource collection. Out: every emitter reads this and nothing else.
//! Everything carries its [`Origin`]s, so that each generated line can say where it came from.

mod image;
mod process;
mod route;
mod schedule;
mod store;
mod variable;

use crate::source::Location;

pub use image::{Account, Action, BuildStep, Image, Package, Packager, Runtime, Source, Stage, Step};
pub use process::{Health, Limits, Mount, Process, Queue, Resources, Restart, Role, Server, Volume, Worker};
pub use route::Route;
pub use schedule::{InnerSchedule, Job, Overlap, Schedule};
pub use store::Store;
pub use variable::{Exposed, SecretFile, Setting, Unset, Variable};

/// Where something of the blueprint comes from: `cookbooks/web/recipes/default.rb:12`, with a word of why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The place in the input.
    pub location: Location,
    /// What stands there, shortly: `package[nginx]`, `every 1.week`.
    pub what: String,
}

/// A value that may differ between the environments. Index = index into [`Blueprint::environments`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerEnvironment<T> {
    /// One value for each environment; `None` where the thing does not exist there.
    pub values: Vec<Option<T>>,
}

impl<T: Clone + PartialEq> PerEnvironment<T> {
    /// The same value in `count` environments.
    #[must_use]
    pub fn same(value: T, count: usize) -> Self {
        Self { values: vec![Some(value); count.max(1)] }
    }

    /// The first value there is: what the base of an overlay shows.
    #[must_use]
    pub fn base(&self) -> Option<&T> {
        self.values.iter().flatten().next()
    }

    /// Whether it exists everywhere with the same value.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.values.windows(2).all(|pair| pair[0] == pair[1]) && self.values.iter().all(Option::is_some)
    }

    /// These values, and those of `other` where there is none.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let count = self.values.len().max(other.values.len());
        Self { values: (0..count).map(|index| self.at(index).or_else(|| other.at(index)).cloned()).collect() }
    }

    /// It exists nowhere, in `count` environments.
    #[must_use]
    pub fn nowhere(count: usize) -> Self {
        Self { values: vec![None; count.max(1)] }
    }

    /// Sets the value of environment `index`.
    pub fn set(&mut self, index: usize, value: T) {
        if self.values.len() <= index {
            self.values.resize(index + 1, None);
        }
        self.values[index] = Some(value);
    }

    /// The value in environment `index`.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&T> {
        self.values.get(index).and_then(Option::as_ref)
    }
}

impl<T> Default for PerEnvironment<T> {
    /// It exists nowhere.
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

/// The whole set-up.
#[derive(Debug, Clone, Default)]
pub struct Blueprint {
    /// The project's name, a DNS label: `book-shop`.
    pub name: String,
    /// The environments (stacks), in the order given; one without a name where there is none.
    pub environments: Vec<Environment>,
    /// The images to build.
    pub images: Vec<Image>,
    /// What runs all the time.
    pub processes: Vec<Process>,
    /// What runs on a schedule.
    pub schedules: Vec<Schedule>,
    /// What processes of the app do on schedules of their own.
    pub inner_schedules: Vec<InnerSchedule>,
    /// What runs once per release (migration, database set-up), in order.
    pub jobs: Vec<Job>,
    /// Every environment variable.
    pub variables: Vec<Variable>,
    /// Variables that something reads and nothing sets.
    pub unset: Vec<Unset>,
    /// Secrets that are not environment variables: files, registry logins.
    pub secret_files: Vec<SecretFile>,
    /// Secrets that stand in clear text in the input.
    pub exposed: Vec<Exposed>,
    /// Databases, caches, queues.
    pub stores: Vec<Store>,
    /// Hosts and paths that reach a process from outside.
    pub routes: Vec<Route>,
    /// Rendered files that go into images or are mounted: everything under `container/`.
    pub files: Vec<Artifact>,
    /// What a person must do, know or decide.
    pub tasks: Vec<Task>,
}

impl Blueprint {
    /// The files mounted into anything that runs.
    pub fn mounts(&self) -> impl Iterator<Item = &Mount> {
        let processes = self.processes.iter().flat_map(|process| &process.mounts);
        let schedules = self.schedules.iter().flat_map(|schedule| &schedule.mounts);
        processes.chain(schedules).chain(self.jobs.iter().flat_map(|job| &job.mounts))
    }
}

/// One environment that the set-up is deployed to: one overlay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment {
    /// A DNS label: `production`.
    pub name: String,
    /// The stack's own name: `book-shop-production`.
    pub stack: Option<String>,
    /// AWS region, account and the role the hosts had, where known.
    pub region: Option<String>,
    /// Twelve digits.
    pub account: Option<String>,
    /// The instance profile's role name.
    pub role: Option<String>,
}

/// A file of the output that is neither Dockerfile nor manifest: rendered configuration under `container/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Path in the output folder.
    pub path: String,
    /// The whole content.
    pub content: String,
    /// Unix mode.
    pub mode: u32,
}

/// Something for a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Task {
    /// What to do, in the imperative.
    pub what: String,
    /// Why.
    pub why: String,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}
