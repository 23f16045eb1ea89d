//! What hosts run with Docker Compose in production: images of a registry, settings of one environment, files beside.
//!
//! In: the layout and a place. Out: the text of a `docker-compose.yml`, the files it mounts, the script that fetches its secrets.
//! CodeDeploy and Elastic Beanstalk differ in little, which [`Manner`] says.

mod cron;
mod secret;
mod service;

use std::collections::BTreeSet;

use crate::blueprint::{Artifact, Mount, Process, Schedule};
use crate::emit::layout::{Layout, Named, mount_key};
use crate::emit::yaml::{Document, List, Map, render};
use crate::emit::{file, name, origin, secrets};

/// What systems that run Compose on hosts differ in.
pub struct Manner<'m> {
    /// What stands before the name of an image, with `/` at its end.
    pub registry: &'m str,
    /// The tag of the images.
    pub tag: &'m str,
    /// Each host runs the processes of its layer: profiles are layers.
    pub layered: bool,
    /// Env files besides those of secrets.
    pub env_files: &'m [&'m str],
    /// Variables that come from elsewhere.
    pub elsewhere: &'m BTreeSet<String>,
    /// Comment lines at the head.
    pub comments: &'m [String],
}

/// One environment as hosts run it.
pub struct Hosts<'a> {
    /// The blueprint with final names.
    pub layout: &'a Layout<'a>,
    /// The environment.
    pub index: usize,
}

impl<'a> Hosts<'a> {
    /// What runs all the time here, without sidecars.
    pub fn processes(&self) -> Vec<&Named<'a, Process>> {
        self.layout.standalone().filter(|process| self.layout.runs(process.item, self.index)).collect()
    }

    /// The sidecars of a process.
    pub fn sidecars(&self, process: &Process) -> Vec<&Named<'a, Process>> {
        self.layout.sidecars(process).filter(|sidecar| self.layout.runs(sidecar.item, self.index)).collect()
    }

    /// What runs on a schedule here.
    pub fn schedules(&self) -> Vec<&Named<'a, Schedule>> {
        self.layout.schedules.iter().filter(|schedule| self.layout.scheduled(schedule.item, self.index)).collect()
    }

    /// Whether nothing runs here.
    pub fn is_empty(&self) -> bool {
        self.processes().is_empty() && self.schedules().is_empty() && self.layout.jobs.is_empty()
    }

    /// The port that requests go to, the sidecar's before the process's.
    pub fn served(&self, process: &Process) -> Option<u16> {
        let sidecar = self.sidecars(process).iter().find_map(|sidecar| sidecar.item.ports.first().copied());
        sidecar.or_else(|| process.ports.first().copied())
    }

    /// Public processes with the ports of the host that lead to them: 80, then from 8081 on.
    pub fn published(&self) -> Vec<(&Named<'a, Process>, u16)> {
        let processes = self.processes().into_iter();
        let public =
            processes.filter(|process| crate::emit::compose::is_public(self.layout, process.item) && self.served(process.item).is_some());
        public.zip(std::iter::once(80).chain(8081..)).collect()
    }

    /// The layers of a process as profiles.
    pub fn layers(layers: &[String]) -> Vec<String> {
        let label = |layer: &String| {
            let label = name::dns_label(layer, 40, "layer");
            if matches!(label.as_str(), "all" | "cron" | "jobs") { format!("{label}-layer") } else { label }
        };
        let labels: BTreeSet<String> = layers.iter().map(label).collect();
        labels.into_iter().collect()
    }

    /// The Compose file.
    pub fn compose(&self, manner: &Manner) -> String {
        let mut root = Map::new().spaced().with("name", self.layout.name.as_str());
        let options = Map::flow().with("max-size", "50m").with("max-file", crate::emit::yaml::Node::Quoted("5".to_owned()));
        root = root.with("x-logging", Map::new().with("driver", "json-file").with("options", options).anchored("logging"));
        for image in self.images() {
            root = root.with(format!("x-{}", self.layout.image_name(image)), self.common(manner, image));
        }
        let (mut services, mut volumes) = (Map::new().spaced(), Map::new());
        self.services(manner, &mut services, &mut volumes);
        root = root.with("services", services);
        if !volumes.is_empty() {
            root = root.with("volumes", volumes);
        }
        render(&[Document::new(root).commented(manner.comments.iter().cloned())])
    }

    /// The mounted configuration files, below `folder`.
    pub fn files(&self, folder: &str) -> Vec<Artifact> {
        let here = |mount: &Named<Mount>| {
            let content = self.layout.at(mount.item.content.as_ref()?, self.index)?;
            Some(file(format!("{folder}/files/{}/{}", mount.name, mount_key(mount.item)), content.clone()))
        };
        self.layout.mounts.iter().filter_map(here).collect()
    }

    /// The blueprint's names of the images that something here runs from, in the layout's order, then those it does not have.
    fn images(&self) -> Vec<&'a str> {
        let mut used: Vec<&'a str> = Vec::new();
        for process in self.layout.processes.iter().filter(|process| self.layout.runs(process.item, self.index)) {
            used.push(&process.item.image);
        }
        used.extend(self.layout.jobs.iter().map(|job| job.item.image.as_str()));
        used.extend(self.layout.schedules.iter().map(|schedule| schedule.item.image.as_str()));
        let mut seen = BTreeSet::new();
        used.retain(|image| seen.insert(*image));
        used
    }

    /// Whether a mounted file exists here.
    fn has_mount(&self, mount: &Mount) -> bool {
        match &mount.content {
            Some(content) => self.layout.at(content, self.index).is_some(),
            None => secrets::exists(self.layout, mount, self.index),
        }
    }
}

/// The words above a service.
fn comments(origins: &[crate::blueprint::Origin], notes: &[String]) -> Vec<String> {
    [origin::lines(origins), notes.iter().map(|note| origin::one_line(note)).collect()].concat()
}

/// A list of words on one line.
fn flow(words: impl IntoIterator<Item = String>) -> List {
    words.into_iter().fold(List::flow(), List::item)
}
