//! What all pods of one image have in common: identity, settings, security. Written once, as a patch of the base.

use crate::blueprint::{Image, Mount, Runtime};
use crate::emit::identity;
use crate::emit::kubernetes::{Cluster, container, read_only, volume};
use crate::emit::layout::{Layout, Named};
use crate::emit::origin;
use crate::emit::yaml::{List, Map};

/// An image with what runs from it, besides sidecars.
pub struct Group<'a> {
    /// Final name of the image.
    pub image: String,
    /// The image, where the blueprint has it.
    pub item: Option<&'a Image>,
    /// The blueprint's name of the image.
    pub raw: &'a str,
    /// Final names of its Deployments.
    pub deployments: Vec<String>,
    /// Final names of its Jobs.
    pub jobs: Vec<String>,
    /// Final names of its `CronJob`s.
    pub cron_jobs: Vec<String>,
}

/// The groups, in order of first use.
pub fn groups<'a>(layout: &Layout<'a>) -> Vec<Group<'a>> {
    fn group<'g, 'a>(layout: &Layout<'a>, groups: &'g mut Vec<Group<'a>>, raw: &'a str) -> &'g mut Group<'a> {
        let index = groups.iter().position(|group| group.raw == raw).unwrap_or_else(|| {
            let (image, item) = (layout.image_name(raw), layout.image(raw).map(|image| image.item));
            groups.push(Group { image, item, raw, deployments: Vec::new(), jobs: Vec::new(), cron_jobs: Vec::new() });
            groups.len() - 1
        });
        &mut groups[index]
    }
    let mut groups: Vec<Group> = Vec::new();
    for process in layout.standalone() {
        group(layout, &mut groups, &process.item.image).deployments.push(process.name.clone());
    }
    for job in &layout.jobs {
        group(layout, &mut groups, &job.item.image).jobs.push(job.name.clone());
    }
    for schedule in &layout.schedules {
        group(layout, &mut groups, &schedule.item.image).cron_jobs.push(schedule.name.clone());
    }
    groups
}

impl Cluster<'_> {
    /// The shared part of a pod's spec. `restarts` is false for what runs once.
    pub(super) fn shared_pod(&self, group: &Group, restarts: bool) -> Map {
        let who = identity::of(group.item);
        let mut spec = Map::new().with("serviceAccountName", self.layout.name.as_str());
        spec = spec.with("automountServiceAccountToken", false).beside("nothing asks the cluster; the token for AWS is another one");
        spec = spec.with("enableServiceLinks", false).beside("no WEB_PORT=tcp://… among the application's variables");
        if !restarts {
            spec = spec.with("restartPolicy", "Never");
        }
        let security = Map::new()
            .with("runAsNonRoot", true)
            .with("runAsUser", who.uid)
            .with("runAsGroup", who.gid)
            .with("fsGroup", who.gid)
            .with("seccompProfile", Map::flow().with("type", "RuntimeDefault"));
        spec = spec.with("securityContext", security);
        let mounts: Vec<&Mount> = if restarts { Vec::new() } else { self.layout.common_mounts(group.raw) };
        let mounts: Vec<&Mount> = mounts.into_iter().filter(|mount| self.is_everywhere(mount)).collect();
        let scratch = self.scratch(group);
        spec = spec.with("containers", List::new().item(self.shared_container(group, restarts, &mounts, &scratch)));
        let mut volumes = mounts.iter().fold(List::new(), |list, mount| list.item(self.mount_volume(mount)));
        if !scratch.is_empty() {
            volumes.push(Map::new().with("name", read_only::VOLUME).with("emptyDir", Map::flow()));
        }
        if volumes.is_empty() { spec } else { spec.with("volumes", volumes) }
    }

    /// Directories of the image that are empty volumes, so that the rest can be read-only; none where that would not do.
    fn scratch(&self, group: &Group) -> Vec<String> {
        let paths = group.item.and_then(read_only::scratch).unwrap_or_default();
        let processes = || self.layout.standalone().filter(|process| process.item.image == group.raw);
        let taken = |path: &str| paths.iter().any(|own| own == path);
        let meets = processes().any(|process| {
            let mut volumes = process.item.volumes.iter();
            volumes.any(|volume| taken(&volume.path) || volume::volume_name(volume) == read_only::VOLUME)
        });
        if meets { Vec::new() } else { paths }
    }

    fn shared_container(&self, group: &Group, restarts: bool, mounts: &[&Mount], scratch: &[String]) -> Map {
        let daemon = self.layout.is_daemon(group.raw);
        let mut map = Map::new().with("name", "app").with("image", group.image.as_str());
        let mut from = List::new();
        let scopes = if daemon { Vec::new() } else { self.scopes_of(group.raw) };
        for scope in scopes.iter().filter(|scope| self.has_settings(**scope)) {
            from.push(Map::new().with("configMapRef", Map::flow().with("name", self.settings_name(*scope))));
        }
        for scope in scopes.iter().filter(|scope| self.has_secrets(**scope)) {
            from.push(Map::new().with("secretRef", Map::flow().with("name", self.settings_name(*scope))));
        }
        if !from.is_empty() {
            map = map.with("envFrom", from);
        }
        let mut variables = List::new();
        for variable in self.pod_names().into_iter().filter(|_| !daemon) {
            let value = Map::new().with("fieldRef", Map::flow().with("fieldPath", "metadata.name"));
            variables = variables
                .above_all(origin::lines(&variable.origin))
                .item(Map::new().with("name", variable.name.as_str()).with("valueFrom", value));
        }
        if !variables.is_empty() {
            map = map.with("env", variables);
        }
        let own_scratch = daemon && group.item.is_some_and(|image| image.writable.iter().any(|path| path.starts_with('/')));
        let read_only = own_scratch || !scratch.is_empty();
        if group.item.is_some_and(|image| matches!(image.runtime, Runtime::Ruby(_))) {
            map = map
                .above("Not readOnlyRootFilesystem: that needs an emptyDir on /tmp, and Ruby does not take one (world-writable,")
                .above("no sticky bit) as its Dir.tmpdir; and one on tmp/pids would outlive a container that was killed, with the")
                .above("file of process 1, and servers then do not start. The source is root's; only a few directories can be written to.");
        }
        map = map.with("securityContext", container::restricted(Map::new(), read_only));
        if !restarts {
            let asked = crate::blueprint::Resources { cpu_millis: 250, memory_mib: 512, memory_limit_mib: 1024 };
            map = map.with("resources", container::resources(&asked)).beside("starting values: measure");
        }
        let mut inside = mounts.iter().fold(List::new(), |list, mount| list.item(self.volume_mount(mount)));
        for path in scratch {
            let part = path.trim_start_matches('/');
            inside.push(Map::flow().with("name", read_only::VOLUME).with("mountPath", path.as_str()).with("subPath", part));
        }
        if inside.is_empty() { map } else { map.with("volumeMounts", inside) }
    }

    /// Volumes of a process's pod: its own, its sidecars', mounted files, scratch space of daemons.
    pub(super) fn pod_volumes(&self, process: &Named<crate::blueprint::Process>) -> List {
        let mut list = process.item.volumes.iter().fold(List::new(), |list, one| list.item(self.volume(process, one)));
        let mut seen: Vec<String> = Vec::new();
        let sidecars: Vec<_> = self.layout.sidecars(process.item).collect();
        for one in std::iter::once(process).chain(sidecars) {
            for mount in one.item.mounts.iter().filter(|mount| self.is_everywhere(mount)) {
                let name = self.layout.mount_name(mount);
                if !seen.contains(&name) {
                    list.push(self.mount_volume(mount));
                    seen.push(name);
                }
            }
            for (name, _) in volume::scratch(one, self.layout.image(&one.item.image).map(|image| image.item)) {
                list.push(Map::new().with("name", name).with("emptyDir", Map::flow()));
            }
        }
        list
    }
}
