//! Compose file for local development: everything that runs, with stores of its own.
//!
//! In: the blueprint. Out: `compose.yaml`, `container/local.env` (no secret in it), `.env.example` (names of secrets) and
//! mounted configuration under `container/mounts/`.

mod environment;
mod local;
mod service;
mod store;

pub use service::is_public;

use crate::blueprint::{Artifact, Blueprint, Process, Schedule};
use crate::emit::compose::local::Local;
use crate::emit::docker::{product, stage::Stages};
use crate::emit::layout::{Layout, Named, mount_key};
use crate::emit::yaml::{Document, List, Map, render};
use crate::emit::{Options, file, origin};

/// What the Compose file is made of.
struct Parts<'a> {
    layout: &'a Layout<'a>,
    stages: Stages,
    local: Local,
    options: &'a Options,
}

/// The Compose target.
#[must_use]
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    if layout.images.is_empty() && layout.processes.is_empty() && layout.stores.is_empty() {
        return Vec::new();
    }
    let parts = Parts { layout: &layout, stages: Stages::of(&layout), local: Local::of(&layout), options };
    let mut files = vec![file("compose.yaml", parts.compose())];
    for scope in crate::emit::settings::scopes(&layout) {
        files.push(file(environment::path(&layout, scope), environment::local_env(&layout, &parts.local, scope)));
    }
    files.extend(environment::example(&layout).map(|content| file(".env.example", content)));
    for mount in &layout.mounts {
        if let Some(content) = parts.local.content(mount.item) {
            files.push(file(mount_path(&mount.name, mount.item), content));
        }
    }
    files
}

/// Where a mounted file lies in the output folder.
fn mount_path(name: &str, mount: &crate::blueprint::Mount) -> String {
    format!("container/mounts/{name}/{}", mount_key(mount))
}

/// A literal of the blueprint: Compose would replace what follows a dollar sign.
pub(crate) fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

pub(crate) fn command(words: &[String]) -> List {
    List::command(&words.iter().map(|word| literal(word)).collect::<Vec<_>>())
}

impl Parts<'_> {
    fn compose(&self) -> String {
        let mut root = Map::new().spaced().with("name", self.layout.name.as_str());
        if !self.layout.images.is_empty() {
            root = root.with("x-build", self.build());
        }
        for image in &self.layout.images {
            root = root.with(format!("x-{}", self.anchor(&image.item.name)), self.image(image));
        }
        for image in self.layout.images.iter().filter(|image| self.is_used(&image.item.name)) {
            let anchor = self.anchor(&image.item.name);
            root = root.with(format!("x-{anchor}-running"), self.running(&anchor));
            if self.layout.schedules.iter().any(|schedule| schedule.item.image == image.item.name) {
                let profiles = List::flow().item("cron");
                let cron = Map::new().merge(format!("{anchor}-running")).with("profiles", profiles).anchored(format!("{anchor}-cron"));
                root = root.with(format!("x-{anchor}-cron"), cron);
            }
        }
        let (mut services, mut volumes) = (Map::new().spaced(), Map::new());
        self.processes(&mut services, &mut volumes);
        self.jobs(&mut services);
        for schedule in &self.layout.schedules {
            services =
                services.above_all(schedule_comments(schedule.item)).with(format!("cron-{}", schedule.name), self.schedule(schedule));
        }
        self.test(&mut services);
        for store in &self.layout.stores {
            services = services
                .above_all(origin::lines(&store.item.origin))
                .with(store.name.as_str(), store::service(self.options, &self.local, store, &mut volumes));
        }
        root = root.with("services", services);
        if !volumes.is_empty() {
            root = root.with("volumes", volumes);
        }
        let logins = self.logins();
        if !logins.is_empty() {
            root = root.with("secrets", logins);
        }
        render(&[Document::new(root).commented(self.header())])
    }

    fn header(&self) -> Vec<String> {
        let mut lines = vec!["docker compose up --build --wait".to_owned()];
        if let Some((name, _)) = self.tested() {
            lines.push(format!("docker compose run --rm --build {name}"));
        }
        if let Some(schedule) = self.layout.schedules.first() {
            lines.push(format!("docker compose run --rm cron-{}   a scheduled task, with the command that its CronJob has", schedule.name));
        }
        lines
    }

    /// `app` for the only image with source, else the stage's name.
    fn anchor(&self, image: &str) -> String {
        self.stages.target(self.layout, image).unwrap_or_else(|| self.layout.image_name(image))
    }

    /// A service that begins with what its image's services have in common; an image that is not built here goes by its name.
    fn based_on(&self, image: &str, kind: &str) -> Map {
        match self.layout.image(image) {
            Some(_) => Map::new().merge(format!("{}{kind}", self.anchor(image))),
            None if kind == "-cron" => Map::new().with("image", self.layout.image_name(image)).with("profiles", List::flow().item("cron")),
            None => Map::new().with("image", self.layout.image_name(image)),
        }
    }

    /// Whether something besides sidecars runs from the image.
    fn is_used(&self, image: &str) -> bool {
        let blueprint = self.layout.blueprint;
        self.layout.standalone().any(|process| process.item.image == image)
            || blueprint.schedules.iter().any(|schedule| schedule.image == image)
            || blueprint.jobs.iter().any(|job| job.image == image)
    }

    fn build(&self) -> Map {
        let published = self.layout.images.iter().flat_map(|image| self.stages.arguments(image)).filter(|argument| argument.published);
        let arguments = published
            .fold(Map::new(), |map, argument| map.with(argument.name.as_str(), format!("${{{}:-{}}}", argument.name, argument.value)));
        let build = Map::new().with("context", ".").anchored("build");
        if arguments.is_empty() {
            return build;
        }
        build.with("args", arguments).beside("CI names published images; by default the Dockerfile's own stages")
    }

    fn image(&self, image: &Named<crate::blueprint::Image>) -> Map {
        let anchor = self.anchor(&image.item.name);
        let map = Map::new().with("image", format!("{}:local", image.name)).with("build", self.build_of(image, &anchor)).anchored(anchor);
        if self.layout.is_daemon(&image.item.name) { map } else { map.with("env_file", environment::files(self.layout, &image.item.name)) }
    }

    /// How an image's `target` is built, with the login that installing needs.
    fn build_of(&self, image: &Named<crate::blueprint::Image>, target: &str) -> Map {
        let build = Map::new().merge("build").with("target", target);
        let logins = product::logins(self.layout, image);
        let ids = logins.iter().fold(List::flow(), |list, (id, _)| list.item(id));
        if ids.is_empty() { build } else { build.with("secrets", ids) }
    }

    /// Where the logins lie: outside the build context's images.
    fn logins(&self) -> Map {
        let with_login = self.layout.images.iter().filter(|image| image.item.source.as_ref().is_some_and(|source| source.login.is_some()));
        let all = with_login.filter_map(|image| product::logins(self.layout, image).into_iter().next());
        all.fold(Map::new(), |map, (id, file)| map.with(id, Map::flow().with("file", format!("./{file}"))))
    }

    /// What everything that runs from an image waits for.
    fn running(&self, anchor: &str) -> Map {
        let map = Map::new().merge(anchor).anchored(format!("{anchor}-running"));
        let waits = self.waits(self.layout.jobs.last().map(|job| job.name.as_str()));
        if waits.is_empty() { map } else { map.with("depends_on", waits) }
    }

    fn waits(&self, job: Option<&str>) -> Map {
        let condition = |condition: &str| Map::flow().with("condition", condition);
        let mut waits = Map::new();
        if let Some(job) = job {
            waits.set(job, condition("service_completed_successfully"));
        }
        for store in &self.layout.stores {
            let state = if store::is_checked(store.item) { "service_healthy" } else { "service_started" };
            waits.set(store.name.as_str(), condition(state));
        }
        waits
    }

    fn processes(&self, services: &mut Map, volumes: &mut Map) {
        let mut port = 8080;
        for process in self.layout.standalone() {
            let sidecars: Vec<_> = self.layout.sidecars(process.item).collect();
            let served = sidecars.iter().find_map(|sidecar| sidecar.item.ports.first()).or(process.item.ports.first());
            let mut published = None;
            if let Some(served) = served.filter(|_| service::is_public(self.layout, process.item)) {
                published = Some(format!("{port}:{served}"));
                port += 1;
            }
            let taken = std::mem::take(services);
            *services =
                taken.above_all(process_comments(process.item)).with(process.name.as_str(), self.process(process, published, volumes));
            for sidecar in sidecars {
                let name = format!("{}-{}", process.name, sidecar.name);
                let taken = std::mem::take(services);
                *services = taken.above_all(process_comments(sidecar.item)).with(name, self.sidecar(process, sidecar));
            }
        }
    }

    fn jobs(&self, services: &mut Map) {
        let mut before: Option<&str> = None;
        for job in &self.layout.jobs {
            let mounts = self.layout.task_mounts(&job.item.image, &job.item.mounts);
            let mut service = self.based_on(&job.item.image, "").above_all(self.not_mounted(mounts.iter().copied()));
            if !job.item.command.is_empty() {
                service = service.with("command", command(&job.item.command));
            }
            service = self.mounted(service, List::new(), &mounts);
            let waits = self.waits(before);
            if !waits.is_empty() {
                service = service.with("depends_on", waits);
            }
            let comments = [origin::lines(&job.item.origin), job.item.notes.iter().map(|note| origin::one_line(note)).collect()].concat();
            let taken = std::mem::take(services);
            *services = taken.above_all(comments).with(job.name.as_str(), service);
            before = Some(&job.name);
        }
    }

    fn schedule(&self, schedule: &Named<Schedule>) -> Map {
        let mounts = self.layout.task_mounts(&schedule.item.image, &schedule.item.mounts);
        let mut service = self.based_on(&schedule.item.image, "-cron").above_all(self.not_mounted(mounts.iter().copied()));
        if let Some(words) = self.local.here(&schedule.item.command).filter(|words| !words.is_empty()) {
            service = service.with("command", command(words));
        }
        let directory = schedule.item.directory.as_deref();
        service = service.with_some("working_dir", self.layout.own_directory(&schedule.item.image, directory));
        let environment = schedule.item.variables.iter().filter(|(name, _)| !crate::emit::settings::is_secret(self.layout, name));
        let environment = environment.fold(Map::new(), |map, (name, value)| map.with(name.as_str(), literal(value)));
        let service = if environment.is_empty() { service } else { service.with("environment", environment) };
        self.mounted(service, List::new(), &mounts)
    }
}

fn process_comments(process: &Process) -> Vec<String> {
    [origin::lines(&process.origin), process.notes.iter().map(|note| origin::one_line(note)).collect()].concat()
}

fn schedule_comments(schedule: &Schedule) -> Vec<String> {
    let place = schedule.origin.first().map(|origin| format!("{} ", origin.location)).unwrap_or_default();
    vec![origin::one_line(&format!("{place}{}", schedule.written))]
}
