//! What must be built and what must run, in no target's words.
//!
//! In: the sections that the passes make of the resource collection. Out: every emitter reads this and nothing else.
//! Everything carries its [`Origin`]s, so that each generated line can say where it came from.

use std::collections::BTreeMap;

use crate::source::Location;

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

    /// The value in environment `index`.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&T> {
        self.values.get(index).and_then(Option::as_ref)
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
    /// What runs once per release (migration, database set-up), in order.
    pub jobs: Vec<Job>,
    /// Every environment variable.
    pub variables: Vec<Variable>,
    /// Secrets that are not environment variables: files, registry logins.
    pub secret_files: Vec<SecretFile>,
    /// Databases, caches, queues.
    pub stores: Vec<Store>,
    /// Hosts and paths that reach a process from outside.
    pub routes: Vec<Route>,
    /// Rendered files that go into images or are mounted: everything under `container/`.
    pub files: Vec<Artifact>,
    /// What a person must do, know or decide.
    pub tasks: Vec<Task>,
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

/// One image: a language runtime, system packages and libraries, source.
#[derive(Debug, Clone, Default)]
pub struct Image {
    /// A DNS label: `book-shop`.
    pub name: String,
    /// What the image is made for.
    pub runtime: Runtime,
    /// The base image with its tag: `ruby:3.1.4-slim-bookworm`.
    pub base: String,
    /// The base's package manager.
    pub packager: Packager,
    /// Why that base; origins of the version and platform.
    pub base_origin: Vec<Origin>,
    /// Packages that stay in the final image, by the base's names.
    pub packages: Vec<Package>,
    /// Packages that only building needs (compilers, `-dev`).
    pub build_packages: Vec<Package>,
    /// Users and groups that must exist.
    pub accounts: Vec<Account>,
    /// The user that processes run as: name and numeric ids.
    pub user: Option<Account>,
    /// Variables that are part of the image, with their values.
    pub variables: BTreeMap<String, (String, Vec<Origin>)>,
    /// What Chef made besides packages, in order.
    pub steps: Vec<Step>,
    /// Where the source goes: `/app`.
    pub workdir: String,
    /// Whether there is an app whose source is copied in.
    pub source: Option<Source>,
    /// Directories that the running processes write to, relative to the work directory or absolute.
    pub writable: Vec<String>,
    /// The port that the main process listens on.
    pub port: Option<u16>,
    /// The command of the image when none is given.
    pub command: Vec<String>,
}

/// Which language runtime an image carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Runtime {
    /// No language: a plain system.
    #[default]
    System,
    /// Ruby of that version.
    Ruby(String),
    /// Node.js of that version.
    Node(String),
    /// PHP of that version, with Apache.
    Php(String),
    /// A Java virtual machine of that version.
    Java(String),
    /// Python of that version.
    Python(String),
    /// A daemon's own image (`nginx`), configured by files.
    Daemon(String),
}

/// How the base installs system packages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Packager {
    /// Debian and Ubuntu.
    #[default]
    Apt,
    /// Amazon Linux 2023, Rocky, Alma, Fedora.
    Dnf,
    /// Amazon Linux 1 and 2, `CentOS` 7.
    Yum,
    /// Alpine.
    Apk,
}

/// A system package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name on the image's base.
    pub name: String,
    /// A version that Chef pinned.
    pub version: Option<String>,
    /// The name in the cookbook, where it differs.
    pub renamed_from: Option<String>,
    /// Where it was asked for.
    pub origin: Vec<Origin>,
}

/// A user with its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// User name.
    pub name: String,
    /// Numeric user id.
    pub uid: Option<u32>,
    /// Primary group.
    pub group: String,
    /// Numeric group id.
    pub gid: Option<u32>,
    /// Home directory.
    pub home: Option<String>,
    /// Login shell.
    pub shell: Option<String>,
    /// A system account.
    pub system: bool,
    /// Where it was declared.
    pub origin: Vec<Origin>,
}

/// The app's source inside an image.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Dependency manifests copied before the rest: `Gemfile`, `Gemfile.lock`.
    pub manifests: Vec<String>,
    /// Dependency install commands (shell), run with the manifests only.
    pub install: Vec<String>,
    /// Build commands (shell) that need the whole source: asset compilation.
    pub build: Vec<BuildStep>,
    /// Files that Chef rendered into the release, as (path in `container/`, path in the image relative to the work directory).
    pub overlays: Vec<(String, String)>,
    /// What the app needs no part of in the build context.
    pub ignore: Vec<String>,
    /// Whether there are RSpec tests (a `test` stage and service).
    pub tests: Option<Vec<String>>,
    /// Bundler groups left out: `development:test`.
    pub without: Vec<String>,
}

/// A build command of the source stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildStep {
    /// The shell command.
    pub command: String,
    /// Variables for this step alone: a dummy key.
    pub variables: BTreeMap<String, String>,
    /// Where it was declared.
    pub origin: Vec<Origin>,
}

/// One thing that Chef did to the file system of the image, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// In which stage it goes.
    pub stage: Stage,
    /// What it does.
    pub action: Action,
    /// Where it was declared.
    pub origin: Vec<Origin>,
    /// Guards and conditions, for the comment above it.
    pub note: Option<String>,
}

/// The stages rebuild at different rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The language runtime and what every process needs.
    Runtime,
    /// System packages and libraries.
    Dependencies,
    /// The source.
    Source,
}

/// What a [`Step`] does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Copies a file of the output tree (path under `container/`) to an absolute path.
    Copy { from: String, to: String, owner: Option<String>, group: Option<String>, mode: Option<String> },
    /// Copies a path of another image of the blueprint (compiled assets for the proxy): [`Image::name`], absolute paths.
    CopyFromImage { image: String, from: String, to: String },
    /// Makes a directory.
    Directory { path: String, owner: Option<String>, group: Option<String>, mode: Option<String> },
    /// Makes a symbolic link at `path` that points to `to`.
    Link { path: String, to: String },
    /// Removes a path.
    Remove { path: String },
    /// Runs a shell script with its guards already in it.
    Run { script: String, interpreter: String, cwd: Option<String>, user: Option<String>, variables: BTreeMap<String, String> },
    /// Fetches a URL.
    Download { url: String, to: String, checksum: Option<String>, mode: Option<String> },
    /// Checks a repository out.
    Checkout { url: String, revision: String, to: String },
    /// Adds a package repository.
    Repository { name: String, line: String, key: Option<String> },
    /// Installs a language's packages: `gem`, `npm`, `pip`.
    Install { manager: String, name: String, version: Option<String> },
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

/// Something that runs all the time.
#[derive(Debug, Clone)]
pub struct Process {
    /// A DNS label: `sidekiq-default`.
    pub name: String,
    /// The image it runs in: [`Image::name`].
    pub image: String,
    /// The command in exec form; per environment where it differs.
    pub command: PerEnvironment<Vec<String>>,
    /// What it is, for probes, resources and scaling.
    pub role: Role,
    /// Variables of this process alone.
    pub variables: BTreeMap<String, PerEnvironment<String>>,
    /// Ports that it listens on.
    pub ports: Vec<u16>,
    /// HTTP path and port that tell whether it is ready.
    pub health: Option<Health>,
    /// How many, per environment: (at least, at most).
    pub replicas: PerEnvironment<(u32, u32)>,
    /// CPU in thousandths, memory in MiB: what to ask for, and the memory limit.
    pub resources: PerEnvironment<Resources>,
    /// Signal that stops it, when not SIGTERM.
    pub stop_signal: Option<String>,
    /// Seconds between the stop signal and the kill.
    pub grace_seconds: u32,
    /// Seconds to wait before the stop signal, until the load balancer has let go.
    pub drain_seconds: u32,
    /// A proxy that runs beside it, by process name; a sidecar is itself a process with `sidecar_of`.
    pub sidecar_of: Vec<String>,
    /// Files mounted into it: configuration that differs between environments or holds a secret.
    pub mounts: Vec<Mount>,
    /// Volumes that it writes to.
    pub volumes: Vec<Volume>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
    /// Words for the reader: what was dropped, what changed.
    pub notes: Vec<String>,
}

/// What a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Answers HTTP requests.
    Web,
    /// Works a queue.
    Worker,
    /// A proxy or cache beside others.
    Proxy,
    /// Anything else.
    Daemon,
}

/// How to see that a process is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// HTTP path; `None` for a TCP check.
    pub path: Option<String>,
    /// Port.
    pub port: u16,
}

/// What a process asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resources {
    /// Thousandths of a CPU.
    pub cpu_millis: u32,
    /// MiB asked for.
    pub memory_mib: u32,
    /// MiB at which it is killed.
    pub memory_limit_mib: u32,
}

/// A file that is mounted, not baked.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// Name of the `ConfigMap` or Secret: a DNS label.
    pub name: String,
    /// Absolute path in the container.
    pub path: String,
    /// Content per environment, for configuration; `None` for a secret, which exists where the secret variable of the mount's
    /// name in capitals (`BASIC_AUTH` for `basic-auth`) does, and everywhere when there is no such variable.
    pub content: Option<PerEnvironment<String>>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}

/// A place on disk that outlives a file system layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// A DNS label.
    pub name: String,
    /// Absolute path in the container.
    pub path: String,
    /// GiB per environment; `None` for scratch space without a size.
    pub size_gib: Option<PerEnvironment<u32>>,
    /// Must survive the pod.
    pub persistent: bool,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}

/// Something that runs on a schedule.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// A DNS label of at most 52 characters: `daily-digest`.
    pub name: String,
    /// The image it runs in.
    pub image: String,
    /// Five cron fields in a form that Kubernetes reads the same way; `None` for `@reboot` and others that have none.
    pub cron: PerEnvironment<String>,
    /// As written in the source: `every 1.week`, `15 2 1 * *`.
    pub written: String,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// The command in exec form.
    pub command: PerEnvironment<Vec<String>>,
    /// The command as cron had it, wrappers and redirections included.
    pub original: String,
    /// The user cron ran it as.
    pub user: Option<String>,
    /// Variables of this entry alone.
    pub variables: BTreeMap<String, String>,
    /// Emitted but not running: why.
    pub suspended: Option<String>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
    /// Surprises that a reader must know: "runs on days 1, 8, 15 and 22, not weekly".
    pub notes: Vec<String>,
}

/// Something that runs once per release.
#[derive(Debug, Clone)]
pub struct Job {
    /// A DNS label: `migrate`.
    pub name: String,
    /// The image it runs in.
    pub image: String,
    /// The command in exec form.
    pub command: Vec<String>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
    /// Words for the reader.
    pub notes: Vec<String>,
}

/// One environment variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether the value is a secret.
    pub secret: bool,
    /// The value per environment; for a secret `Known(..)` never occurs.
    pub value: PerEnvironment<Setting>,
    /// Where it is set.
    pub origin: Vec<Origin>,
    /// Who reads it: `config/environments/production.rb:8`, `sidekiq-default`.
    pub readers: Vec<String>,
    /// Value for local development in Compose, where the real one makes no sense there.
    pub local: Option<String>,
    /// Words for the reader.
    pub note: Option<String>,
}

/// What a variable is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// A value that may be written down.
    Known(String),
    /// A secret: only its name is written.
    Secret,
    /// Not known before the program runs: why.
    Unknown(String),
    /// The pod's own name.
    PodName,
}

/// A secret that is mounted as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFile {
    /// A DNS label.
    pub name: String,
    /// Absolute path in the container.
    pub path: String,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}

/// A database, cache or queue.
#[derive(Debug, Clone)]
pub struct Store {
    /// A DNS label: `db`, `redis`.
    pub name: String,
    /// `mysql`, `postgresql`, `redis`, `memcached`, `elasticsearch`, …
    pub engine: String,
    /// Official image for local use: `mysql:8.0`.
    pub image: String,
    /// Port.
    pub port: u16,
    /// Address per environment where it lies outside (RDS, `ElastiCache`).
    pub address: Option<PerEnvironment<String>>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}

/// A host (and path) from outside to a process.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The process behind it.
    pub process: String,
    /// Host names per environment.
    pub hosts: PerEnvironment<Vec<String>>,
    /// Path prefix.
    pub path: String,
    /// TLS ends at the load balancer.
    pub tls: bool,
    /// Health check path.
    pub health: Option<String>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
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
