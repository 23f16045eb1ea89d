//! Blueprint to files: one target per module.
//!
//! In: a [`Blueprint`] and [`Options`]. Out: the [`Artifact`]s of the output folder, sorted by path, each path once.
//! A target is one line of [`BACKENDS`].

pub mod beanstalk;
mod codebuild;
pub mod codedeploy;
pub mod compose;
mod digest;
pub mod docker;
pub mod ecs;
mod hosts;
mod identity;
mod layout;
mod name;
pub(crate) mod origin;
mod own_name;
mod probe;
mod procfile;
mod secrets;
mod settings;
mod template;
mod terraform;

pub mod hcl;
pub mod kubernetes;
pub mod yaml;

use std::collections::BTreeMap;

use crate::blueprint::{Artifact, Blueprint, Mount, Runtime};

/// What the user may choose about the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Names of the [`BACKENDS`] to run, or [`ALL`]; empty for those that are written unless asked otherwise.
    pub targets: Vec<String>,
    /// Registry and path before image names in the Kubernetes overlays; without it CI puts them in.
    pub registry: Option<String>,
    /// The `ClusterSecretStore` that the External Secrets Operator reads from.
    pub secret_store: String,
    /// Storage class of volumes of one pod.
    pub storage_class: String,
    /// Storage class of volumes that several pods share.
    pub shared_storage_class: String,
    /// Digests that pin base images: `ruby:3.3-slim-bookworm` → `sha256:…`.
    pub digests: BTreeMap<String, String>,
    /// Which pods may talk to which: `NetworkPolicy` objects.
    pub network_policy: bool,
    /// Workers scale by the length of their queues (KEDA's `ScaledObject`), not by CPU.
    pub keda: bool,
    /// Where Amazon ECS runs tasks.
    pub launch: Launch,
}

/// Where Amazon ECS runs tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Launch {
    /// On capacity of AWS: each task has an address of its own (`awsvpc`).
    #[default]
    Fargate,
    /// On instances of the cluster: ports of the hosts are given out dynamically (`bridge`).
    Ec2,
}

/// The word for every target there is.
pub const ALL: &str = "all";

impl Default for Options {
    fn default() -> Self {
        Self {
            targets: Vec::new(),
            registry: None,
            secret_store: "aws-secrets-manager".to_owned(),
            storage_class: "gp3".to_owned(),
            shared_storage_class: "efs".to_owned(),
            digests: BTreeMap::new(),
            network_policy: false,
            keda: false,
            launch: Launch::default(),
        }
    }
}

/// A target.
pub struct Backend {
    /// What `--target` calls it.
    pub name: &'static str,
    /// What it writes, in one line.
    pub doc: &'static str,
    /// Whether it is written unless asked otherwise.
    pub standard: bool,
    /// Writes it.
    pub emit: fn(&Blueprint, &Options) -> Vec<Artifact>,
}

/// All targets, in the order they run; of two files with one path the first stays.
pub const BACKENDS: &[Backend] = &[
    Backend {
        name: "docker",
        doc: "Dockerfile, docker-bake.hcl, .dockerignore and the files under container/",
        standard: true,
        emit: docker::emit,
    },
    Backend { name: "compose", doc: "compose.yaml and its settings for local development", standard: true, emit: compose::emit },
    Backend { name: "kubernetes", doc: "kustomize base, one overlay per environment, deploy.sh", standard: true, emit: kubernetes::emit },
    Backend { name: "ecs", doc: "Amazon ECS: a CloudFormation template per environment, deploy.sh", standard: false, emit: ecs::emit },
    Backend {
        name: "beanstalk",
        doc: "AWS Elastic Beanstalk: a bundle per environment, for Docker Compose and for ECS",
        standard: false,
        emit: beanstalk::emit,
    },
    Backend {
        name: "codedeploy",
        doc: "AWS CodeDeploy: a revision that runs Docker Compose on hosts",
        standard: false,
        emit: codedeploy::emit,
    },
    Backend { name: "procfile", doc: "Procfile: each process on a line", standard: false, emit: procfile::emit },
    Backend { name: "codebuild", doc: "buildspec.yml: tests, builds and pushes the images", standard: true, emit: codebuild::emit },
    Backend {
        name: "terraform",
        doc: "terraform/: image repositories, roles, secrets and spot nodes, one root per environment",
        standard: false,
        emit: terraform::emit,
    },
    Backend { name: "secrets", doc: "secrets.md: which secrets there are and how to create them", standard: true, emit: secrets::emit },
];

/// Whether target `name` is written with these options.
fn is_wanted(options: &Options, name: &str) -> bool {
    match options.targets.as_slice() {
        [] => BACKENDS.iter().any(|backend| backend.name == name && backend.standard),
        targets => targets.iter().any(|target| target == name || target == ALL),
    }
}

/// The whole output tree.
#[must_use]
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let blueprint = &with_known_places(with_secret_files(blueprint));
    let mut tree: BTreeMap<String, Artifact> = BTreeMap::new();
    let wanted = BACKENDS.iter().filter(|backend| is_wanted(options, backend.name));
    for artifact in wanted.flat_map(|backend| (backend.emit)(blueprint, options)) {
        tree.entry(artifact.path.clone()).or_insert(artifact);
    }
    tree.into_values().collect()
}

/// The blueprint with every secret file mounted that nothing mounts: into all that runs and is no daemon's.
fn with_secret_files(blueprint: &Blueprint) -> Blueprint {
    let mut blueprint = blueprint.clone();
    let is_mounted = |path: &str| blueprint.mounts().any(|mount| mount.path == path);
    let missing = blueprint.secret_files.iter().filter(|secret| secret.path.starts_with('/') && !is_mounted(&secret.path));
    let mounts: Vec<Mount> = missing
        .map(|secret| Mount { name: secret.name.clone(), path: secret.path.clone(), content: None, origin: secret.origin.clone() })
        .collect();
    let daemons: Vec<&str> =
        blueprint.images.iter().filter(|image| matches!(image.runtime, Runtime::Daemon(_))).map(|image| image.name.as_str()).collect();
    for process in blueprint.processes.iter_mut().filter(|process| !daemons.contains(&process.image.as_str())) {
        process.mounts.extend(mounts.iter().cloned());
    }
    for schedule in blueprint.schedules.iter_mut().filter(|schedule| !daemons.contains(&schedule.image.as_str())) {
        schedule.mounts.extend(mounts.iter().cloned());
    }
    for job in blueprint.jobs.iter_mut().filter(|job| !daemons.contains(&job.image.as_str())) {
        job.mounts.extend(mounts.iter().cloned());
    }
    blueprint
}

/// The blueprint with what its environments say of AWS where it can be so: names of regions, numbers of accounts and names of roles stand
/// in commands, addresses and scripts.
fn with_known_places(mut blueprint: Blueprint) -> Blueprint {
    let all = |text: &str, allowed: fn(char) -> bool| !text.is_empty() && text.len() <= 64 && text.chars().all(allowed);
    for environment in &mut blueprint.environments {
        environment.region.take_if(|region| !all(region, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        environment.account.take_if(|account| account.len() != 12 || !all(account, |c| c.is_ascii_digit()));
        environment.role.take_if(|role| !all(role, |c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c)));
    }
    blueprint
}

/// A file that is read, not run.
fn file(path: impl Into<String>, content: impl Into<String>) -> Artifact {
    Artifact { path: path.into(), content: content.into(), mode: 0o644 }
}

/// A file that is run.
fn program(path: impl Into<String>, content: impl Into<String>) -> Artifact {
    Artifact { path: path.into(), content: content.into(), mode: 0o755 }
}
