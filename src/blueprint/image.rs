//! An image: a language runtime, system packages and libraries, what Chef laid out, the source.

use std::collections::BTreeMap;

use super::Origin;

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
    /// Its folder in the build context, with `/` at its end; empty for the context itself.
    pub folder: String,
    /// Dependency manifests copied before the rest: `Gemfile`, `Gemfile.lock`.
    pub manifests: Vec<String>,
    /// Dependency install commands (shell), run with the manifests only.
    pub install: Vec<String>,
    /// A file with a registry's login that the install commands read, relative to the folder: `.npmrc`. Never part of the image.
    pub login: Option<String>,
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
    Checkout { url: String, revision: String, to: String, owner: Option<String>, group: Option<String> },
    /// Adds a package repository.
    Repository { name: String, line: String, key: Option<String> },
    /// Installs a language's packages: `gem`, `npm`, `pip`.
    Install { manager: String, name: String, version: Option<String> },
}
