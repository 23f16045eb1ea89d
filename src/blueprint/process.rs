//! A process: what runs all the time, with what it needs and how it is stopped.

use std::collections::BTreeMap;

use super::{Origin, PerEnvironment};

/// Something that runs all the time.
#[derive(Debug, Clone, Default)]
pub struct Process {
    /// A DNS label: `sidekiq-default`.
    pub name: String,
    /// The image it runs in: [`Image::name`].
    pub image: String,
    /// The command in exec form; per environment where it differs.
    pub command: PerEnvironment<Vec<String>>,
    /// The user it ran as; the image's user where nothing says so.
    pub user: Option<String>,
    /// The directory it ran in, as a path of the image; the work directory where nothing says so.
    pub directory: Option<String>,
    /// What happened when it ended.
    pub restart: Restart,
    /// Limits of the host's supervisor or unit.
    pub limits: Limits,
    /// Files and facilities that its output went to on the hosts: `/var/log/a.log`, `syslog`. In a container it goes to the standard streams.
    pub logs: Vec<String>,
    /// What described it on the hosts: `monit`, `systemd`, `upstart`, `Procfile`.
    pub supervisor: String,
    /// The layers it ran on.
    pub layers: Vec<String>,
    /// The queues it works, when it is a worker of a known kind.
    pub worker: Option<Worker>,
    /// Its workers and threads, when it is an application server of a known kind.
    pub server: Option<Server>,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// Answers HTTP requests.
    Web,
    /// Works a queue.
    Worker,
    /// A proxy or cache beside others.
    Proxy,
    /// Anything else.
    #[default]
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

/// What happens when a process ends by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Restart {
    /// It is started again: what supervisors do, and clusters.
    #[default]
    Always,
    /// It is started again when it failed.
    OnFailure,
    /// It is not started again.
    Never,
}

impl Restart {
    /// The word for it: `always`, `on failure`, `never`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::OnFailure => "on failure",
            Self::Never => "never",
        }
    }
}

/// Limits that the host set to a process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Open files.
    pub open_files: Option<u64>,
    /// Processes of its user.
    pub processes: Option<u64>,
    /// MiB of memory at which it was killed or restarted.
    pub memory_mib: Option<u32>,
}

/// A process that works queues.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worker {
    /// The system: `sidekiq`, `resque`, `delayed_job`.
    pub system: String,
    /// Its locked version.
    pub version: Option<String>,
    /// Jobs that one process does at a time.
    pub concurrency: PerEnvironment<u32>,
    /// The queues, in the order of their priority.
    pub queues: PerEnvironment<Vec<Queue>>,
    /// Seconds that jobs under way have when it is stopped.
    pub timeout_seconds: Option<u32>,
    /// Where concurrency, queues and timeout come from: the command line, `config/sidekiq.yml`, the version's defaults.
    pub sources: Vec<String>,
}

/// A queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Its weight; `None` where the order counts.
    pub weight: Option<u32>,
}

/// An application server.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Server {
    /// `puma`, `unicorn`, `passenger`, `thin`.
    pub name: String,
    /// Its locked version.
    pub version: Option<String>,
    /// Processes that answer requests in one container.
    pub workers: PerEnvironment<u32>,
    /// Threads of each: least, most.
    pub threads: PerEnvironment<(u32, u32)>,
    /// Seconds after which a request is given up.
    pub timeout_seconds: Option<u32>,
}

impl Server {
    /// The same server, with the values of `other` for the environments that it has none for.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self { workers: self.workers.or(&other.workers), threads: self.threads.or(&other.threads), ..self.clone() }
    }
}
