//! The blueprint with the names that every target uses: legal, unique, the same in Dockerfile, Compose and Kubernetes.
//!
//! In: a [`Blueprint`], whatever its names look like. Out: each process, schedule, job, store, image, mount and environment
//! with its final name. One namespace for all that runs, so that no selector can match another's pods.

use crate::blueprint::{Blueprint, Environment, Image, Job, Mount, PerEnvironment, Process, Role, Runtime, Schedule, Store};
use crate::emit::name::{CRON_JOB, LABEL, Names, dns_label};

/// Labels and file names of the output's own.
const RESERVED: &[&str] = &[
    "any",
    "app",
    "cron",
    "cronjobs",
    "default",
    "externalsecret",
    "files",
    "ingress",
    "kustomization",
    "namespace",
    "networkpolicy",
    "patches",
    "remove",
    "serviceaccount",
    "settings",
    "stack",
    "test",
];

/// Something of the blueprint with its final name.
#[derive(Debug, Clone)]
pub struct Named<'a, T> {
    /// The final name.
    pub name: String,
    /// The thing.
    pub item: &'a T,
}

/// An environment with its names.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// Overlay: `production`.
    pub name: String,
    /// Namespace: `web-shop-production`.
    pub namespace: String,
    /// What is known about it.
    pub environment: Option<&'a Environment>,
}

/// The blueprint with final names.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// Where everything comes from.
    pub blueprint: &'a Blueprint,
    /// The project: `web-shop`.
    pub name: String,
    /// At least one.
    pub places: Vec<Place<'a>>,
    /// Images, those that copy from another image after it.
    pub images: Vec<Named<'a, Image>>,
    /// What runs all the time, sidecars included.
    pub processes: Vec<Named<'a, Process>>,
    /// What runs on a schedule.
    pub schedules: Vec<Named<'a, Schedule>>,
    /// What runs once per release.
    pub jobs: Vec<Named<'a, Job>>,
    /// Databases, caches, queues.
    pub stores: Vec<Named<'a, Store>>,
    /// Mounted files, each once.
    pub mounts: Vec<Named<'a, Mount>>,
}

impl<'a> Layout<'a> {
    /// Gives everything its final name.
    #[must_use]
    pub fn of(blueprint: &'a Blueprint) -> Self {
        let name = dns_label(&blueprint.name, 40, "app");
        let mut images = Names::default();
        let mut running = Names::reserving(RESERVED);
        let mut places = Names::default();
        let mut mounts = Names::reserving(&[name.as_str()]);
        // Other processes reach stores by name, so stores choose first.
        // What no image stands for is outside everywhere.
        let local = blueprint.stores.iter().filter(|store| !store.image.is_empty());
        let stores = local.map(|item| Named { name: running.give(&item.name, LABEL, "store"), item }).collect();
        let processes: Vec<_> =
            blueprint.processes.iter().map(|item| Named { name: running.give(&item.name, LABEL, "process"), item }).collect();
        let jobs = blueprint.jobs.iter().map(|item| Named { name: running.give(&item.name, LABEL, "job"), item }).collect();
        let schedules = blueprint.schedules.iter().map(|item| Named { name: running.give(&item.name, CRON_JOB, "task"), item }).collect();
        let mut ordered: Vec<&Image> = blueprint.images.iter().collect();
        ordered.sort_by_key(|image| matches!(image.runtime, Runtime::Daemon(_)) || copies_from_images(image));
        let mut unique: Vec<&Mount> = Vec::new();
        for mount in blueprint.mounts() {
            if !unique.iter().any(|other| same_mount(other, mount)) {
                unique.push(mount);
            }
        }
        Self {
            blueprint,
            places: places_of(blueprint, &name, &mut places),
            images: ordered.into_iter().map(|item| Named { name: images.give(&item.name, LABEL, "image"), item }).collect(),
            mounts: unique.into_iter().map(|item| Named { name: mounts.give(&item.name, LABEL, "mount"), item }).collect(),
            name,
            processes,
            schedules,
            jobs,
            stores,
        }
    }

    /// The image that the blueprint calls `raw`.
    #[must_use]
    pub fn image(&self, raw: &str) -> Option<&Named<'a, Image>> {
        self.images.iter().find(|image| image.item.name == raw)
    }

    /// The final name of the image that the blueprint calls `raw`.
    #[must_use]
    pub fn image_name(&self, raw: &str) -> String {
        self.image(raw).map_or_else(|| dns_label(raw, LABEL, "image"), |image| image.name.clone())
    }

    /// Whether the image that the blueprint calls `raw` is a daemon's own, which does not read the application's settings.
    #[must_use]
    pub fn is_daemon(&self, raw: &str) -> bool {
        self.image(raw).is_some_and(|image| matches!(image.item.runtime, Runtime::Daemon(_)))
    }

    /// The directory of something that runs from the image which the blueprint calls `raw`, where it is another than the image's own.
    #[must_use]
    pub fn own_directory<'d>(&self, raw: &str, directory: Option<&'d str>) -> Option<&'d str> {
        let of_image = self.image(raw).map_or("", |image| image.item.workdir.as_str());
        directory.filter(|directory| {
            let plain = |path: &str| path.trim_end_matches('/').to_owned();
            directory.starts_with('/') && plain(directory) != plain(of_image) && !directory.contains(char::is_control)
        })
    }

    /// Processes with a Deployment of their own.
    pub fn standalone(&self) -> impl Iterator<Item = &Named<'a, Process>> {
        self.processes.iter().filter(|process| !self.is_sidecar(process.item))
    }

    /// The sidecars of `process`.
    pub fn sidecars(&self, process: &Process) -> impl Iterator<Item = &Named<'a, Process>> {
        self.processes.iter().filter(move |other| other.item.sidecar_of.contains(&process.name) && self.is_sidecar(other.item))
    }

    /// Whether `process` runs beside another that exists.
    #[must_use]
    pub fn is_sidecar(&self, process: &Process) -> bool {
        let beside = |name: &String| {
            *name != process.name && self.blueprint.processes.iter().any(|other| other.name == *name && other.sidecar_of.is_empty())
        };
        process.sidecar_of.iter().any(beside)
    }

    /// Workers that stop within the two minutes that a spot node gives: they may run on one.
    pub fn spot_workers(&self) -> impl Iterator<Item = &Named<'a, Process>> {
        self.standalone().filter(|process| {
            process.item.role == Role::Worker && process.item.grace_seconds.saturating_add(process.item.drain_seconds) <= 120
        })
    }

    /// The final name of a mount.
    #[must_use]
    pub fn mount_name(&self, mount: &Mount) -> String {
        let found = self.mounts.iter().find(|other| same_mount(other.item, mount));
        found.map_or_else(|| dns_label(&mount.name, LABEL, "mount"), |mount| mount.name.clone())
    }

    /// Mounts that all tasks and jobs of an image have: those of all its processes, where none has another file at the same place.
    #[must_use]
    pub fn common_mounts(&self, image: &str) -> Vec<&'a Mount> {
        let schedules = self.blueprint.schedules.iter().filter(|schedule| schedule.image == image).flat_map(|schedule| &schedule.mounts);
        let jobs = self.blueprint.jobs.iter().filter(|job| job.image == image).flat_map(|job| &job.mounts);
        let own: Vec<&Mount> = schedules.chain(jobs).collect();
        let all = self.process_mounts(image).into_iter();
        all.filter(|mount| !own.iter().any(|other| other.path == mount.path && !same_mount(other, mount))).collect()
    }

    /// What a task or job of an image mounts: its own, and what all processes of the image have.
    #[must_use]
    pub fn task_mounts(&self, image: &str, own: &'a [Mount]) -> Vec<&'a Mount> {
        let mut mounts = self.process_mounts(image);
        mounts.retain(|mount| !own.iter().any(|other| other.path == mount.path));
        mounts.extend(own);
        mounts
    }

    /// Those of them that not all tasks and jobs of the image have.
    #[must_use]
    pub fn own_mounts(&self, image: &str, own: &'a [Mount]) -> Vec<&'a Mount> {
        let common = self.common_mounts(image);
        let mut mounts = self.task_mounts(image, own);
        mounts.retain(|mount| !common.iter().any(|other| same_mount(other, mount)));
        mounts
    }

    /// Mounts that all processes of an image have.
    fn process_mounts(&self, image: &str) -> Vec<&'a Mount> {
        let processes: Vec<&'a Process> = self.standalone().map(|process| process.item).filter(|process| process.image == image).collect();
        let Some((first, others)) = processes.split_first() else { return Vec::new() };
        first.mounts.iter().filter(|mount| others.iter().all(|other| other.mounts.iter().any(|same| same_mount(same, mount)))).collect()
    }

    /// The value in place `index`; a value given once holds everywhere.
    #[must_use]
    pub fn at<'v, T>(&self, value: &'v PerEnvironment<T>, index: usize) -> Option<&'v T> {
        let index = if value.values.len() == 1 { 0 } else { index };
        value.values.get(index).and_then(Option::as_ref)
    }

    /// Whether the value is there and the same in all places.
    #[must_use]
    pub fn is_same<T: PartialEq>(&self, value: &PerEnvironment<T>) -> bool {
        let first = self.at(value, 0);
        first.is_some() && (1..self.places.len()).all(|index| self.at(value, index) == first)
    }

    /// Whether `process` exists in place `index`.
    #[must_use]
    pub fn runs(&self, process: &Process, index: usize) -> bool {
        if process.replicas.values.iter().any(Option::is_some) {
            self.at(&process.replicas, index).is_some()
        } else if process.command.values.iter().any(Option::is_some) {
            self.at(&process.command, index).is_some()
        } else {
            true
        }
    }

    /// Whether `schedule` exists in place `index`; one without a time anywhere exists everywhere.
    #[must_use]
    pub fn scheduled(&self, schedule: &Schedule, index: usize) -> bool {
        schedule.cron.values.iter().all(Option::is_none) || self.at(&schedule.cron, index).is_some()
    }
}

/// The file name of a mount as key of a `ConfigMap` or Secret.
#[must_use]
pub fn mount_key(mount: &Mount) -> String {
    let file = mount.path.rsplit('/').find(|part| !part.is_empty()).unwrap_or("file");
    file.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect()
}

fn same_mount(one: &Mount, other: &Mount) -> bool {
    one.name == other.name && one.path == other.path && one.content == other.content
}

fn copies_from_images(image: &Image) -> bool {
    image.steps.iter().any(|step| matches!(step.action, crate::blueprint::Action::CopyFromImage { .. }))
}

fn places_of<'a>(blueprint: &'a Blueprint, project: &str, names: &mut Names) -> Vec<Place<'a>> {
    let nameless = blueprint.environments.len() < 2;
    let place = |environment: &'a Environment, names: &mut Names| {
        // A stack is often called after the project: `shop-production` is its `production`.
        let own = environment.name.strip_prefix(&format!("{project}-")).filter(|rest| !rest.is_empty());
        let name = names.give(own.unwrap_or(&environment.name), 20, "default");
        let namespace = if environment.name.is_empty() && nameless { project.to_owned() } else { format!("{project}-{name}") };
        Place { name, namespace, environment: Some(environment) }
    };
    if blueprint.environments.is_empty() {
        return vec![Place { name: "default".to_owned(), namespace: project.to_owned(), environment: None }];
    }
    blueprint.environments.iter().map(|environment| place(environment, names)).collect()
}
