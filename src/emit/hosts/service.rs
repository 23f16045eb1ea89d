//! Services of the Compose file for hosts.

use crate::blueprint::{Limits, Mount, Process, Restart, Setting};
use crate::emit::compose::{command, literal};
use crate::emit::docker::ending;
use crate::emit::hosts::{Hosts, Manner, comments, flow};
use crate::emit::layout::{Named, mount_key};
use crate::emit::settings::{self, Kind};
use crate::emit::yaml::{List, Map, Node};
use crate::emit::{origin, own_name, probe};

impl Hosts<'_> {
    /// What every service of an image begins with.
    pub(super) fn common(&self, manner: &Manner, image: &str) -> Map {
        let name = self.layout.image_name(image);
        let mut map =
            Map::new().with("image", format!("{}{name}:{}", manner.registry, manner.tag)).with("logging", Node::Alias("logging".into()));
        if !self.layout.is_daemon(image) {
            let secrets = self.secret_scopes().into_iter().filter(|scope| scope.is_none_or(|own| own == image));
            let files: Vec<String> =
                manner.env_files.iter().map(|file| (*file).to_owned()).chain(secrets.map(|scope| self.env_file(scope))).collect();
            if !files.is_empty() {
                map = map.with("env_file", flow(files));
            }
            let environment = self.environment(manner, image);
            if !environment.is_empty() {
                map = map.with("environment", environment.anchored(format!("{name}-settings")));
            }
            map = map.with("init", true);
        }
        map.anchored(name)
    }

    /// The settings of an image's containers that come from no file.
    pub(super) fn environment(&self, manner: &Manner, image: &str) -> Map {
        let mut map = Map::new();
        let mut seen: Vec<&str> = Vec::new();
        for scope in [Some(image), None] {
            for kind in [Kind::Plain, Kind::Unknown] {
                for variable in settings::of_scope(self.layout, kind, scope) {
                    if seen.contains(&variable.name.as_str()) || scope.is_none() && manner.elsewhere.contains(&variable.name) {
                        continue;
                    }
                    if let Some(value) = settings::known(self.layout, variable, self.index) {
                        seen.push(&variable.name);
                        let mut words = origin::lines(&variable.origin);
                        words.extend(variable.note.clone());
                        map = map.above_all(words).with(variable.name.as_str(), Node::Quoted(literal(value)));
                    } else if let Some(Setting::Unknown(reason)) = self.layout.at(&variable.value, self.index) {
                        map = map.above(format!("{}: set by hand: {reason}", variable.name));
                    }
                }
            }
        }
        map
    }

    pub(super) fn services(&self, manner: &Manner, services: &mut Map, volumes: &mut Map) {
        let published = self.published();
        for process in self.processes() {
            let port = published.iter().find(|(other, _)| other.name == process.name).map(|(_, port)| *port);
            let profiles = if manner.layered {
                std::iter::once("all".to_owned()).chain(Self::layers(&process.item.layers)).collect()
            } else {
                Vec::new()
            };
            let mut service = self.running(manner, process, &profiles, volumes);
            if let (Some(port), Some(served)) = (port, self.served(process.item)) {
                service = service.with("ports", flow([format!("{port}:{served}")]));
            }
            add(services, comments(&process.item.origin, &process.item.notes), process.name.as_str(), service);
            for sidecar in self.sidecars(process.item) {
                let condition = if process.item.health.is_some() { "service_healthy" } else { "service_started" };
                let mut service = self.running(manner, sidecar, &profiles, volumes);
                service = service.with("network_mode", format!("service:{}", process.name));
                service = service.with("depends_on", Map::new().with(process.name.as_str(), Map::flow().with("condition", condition)));
                let name = format!("{}-{}", process.name, sidecar.name);
                add(services, comments(&sidecar.item.origin, &sidecar.item.notes), &name, service);
            }
        }
        for job in &self.layout.jobs {
            let mounts = self.layout.task_mounts(&job.item.image, &job.item.mounts);
            let service = self.once(&job.item.image, &job.item.command, None, "jobs");
            let service = self.mounted(service, List::new(), &mounts);
            add(services, comments(&job.item.origin, &job.item.notes), &job.name, service);
        }
        for schedule in self.schedules() {
            let item = schedule.item;
            let words = self.layout.at(&item.command, self.index).map(Vec::as_slice).unwrap_or_default();
            let mut service = self.once(&item.image, words, item.directory.as_deref(), "cron");
            let own = item.variables.iter().filter(|(name, _)| settings::is_name(name) && !settings::is_secret(self.layout, name));
            let own: Vec<(&str, &str)> = own.map(|(name, value)| (name.as_str(), value.as_str())).collect();
            service = self.with_variables(manner, service, &item.image, &own);
            let mounts = self.layout.task_mounts(&item.image, &item.mounts);
            let service = self.mounted(service, List::new(), &mounts);
            let place = item.origin.first().map(|origin| format!("{} ", origin.location)).unwrap_or_default();
            let words = vec![origin::one_line(&format!("{place}{}", item.written))];
            add(services, words, &format!("cron-{}", schedule.name), service);
        }
    }

    fn base(&self, image: &str) -> Map {
        Map::new().merge(self.layout.image_name(image))
    }

    fn with_command(&self, map: Map, image: &str, words: &[String]) -> Map {
        let (words, note) = own_name::command(self.layout, image, words);
        let map = map.above_all(note);
        if words.is_empty() { map } else { map.with("command", command(&words)) }
    }

    /// Own variables beside the image's: a merge replaces whole maps.
    fn with_variables(&self, manner: &Manner, map: Map, image: &str, own: &[(&str, &str)]) -> Map {
        if own.is_empty() {
            return map;
        }
        let shared = !self.layout.is_daemon(image) && !self.environment(manner, image).is_empty();
        let start = if shared { Map::new().merge(format!("{}-settings", self.layout.image_name(image))) } else { Map::new() };
        let own = own.iter().fold(start, |map, (name, value)| map.with(*name, Node::Quoted(literal(value))));
        map.with("environment", own)
    }

    fn once(&self, image: &str, words: &[String], directory: Option<&str>, profile: &str) -> Map {
        let map = self.with_command(self.base(image), image, words);
        map.with_some("working_dir", self.layout.own_directory(image, directory).map(literal)).with("profiles", flow([profile.to_owned()]))
    }

    fn running(&self, manner: &Manner, process: &Named<Process>, profiles: &[String], volumes: &mut Map) -> Map {
        let item = process.item;
        let words = self.layout.at(&item.command, self.index).map(Vec::as_slice).unwrap_or_default();
        let mut map = self.with_command(self.base(&item.image), &item.image, words);
        map = map.with_some("working_dir", self.layout.own_directory(&item.image, item.directory.as_deref()).map(literal));
        if !profiles.is_empty() {
            map = map.with("profiles", flow(profiles.iter().cloned()));
        }
        map = map.with(
            "restart",
            match item.restart {
                Restart::Always => Node::from("always"),
                Restart::OnFailure => Node::from("on-failure"),
                Restart::Never => Node::Quoted("no".to_owned()),
            },
        );
        let own = item.variables.iter().filter(|(name, _)| settings::is_name(name) && !settings::is_secret(self.layout, name));
        let own: Vec<(&str, &str)> =
            own.filter_map(|(name, value)| Some((name.as_str(), self.layout.at(value, self.index)?.as_str()))).collect();
        map = self.with_variables(manner, map, &item.image, &own);
        if let Some(asked) = self.layout.at(&item.resources, self.index).filter(|asked| asked.memory_limit_mib >= 6) {
            map = map.with("mem_limit", format!("{}m", asked.memory_limit_mib));
        }
        map = limits(map, item.limits);
        let mut list = List::new();
        for volume in item.volumes.iter().filter(|volume| volume.persistent && volume.path.starts_with('/')) {
            let name = format!("{}-{}", process.name, crate::emit::name::dns_label(&volume.name, 40, "data"));
            list = list.above_all(origin::lines(&volume.origin)).item(format!("{name}:{}", literal(&volume.path)));
            if !volumes.has(&name) {
                volumes.set(name, Node::Null);
            }
        }
        map = self.mounted(map, list, &item.mounts.iter().collect::<Vec<_>>());
        if let Some(words) = item.health.as_ref().and_then(|health| probe::words(self.layout, &item.image, health)) {
            let test =
                words.iter().fold(List::flow().item(Node::Quoted("CMD".into())), |list, word| list.item(Node::Quoted(literal(word))));
            let check = Map::new().with("test", test).with("interval", "10s").with("timeout", "5s");
            map = map.with("healthcheck", check.with("retries", 6u32).with("start_period", "120s"));
        }
        let image = self.layout.image(&item.image).and_then(|image| ending::stop_signal(self.layout, image.item));
        let signal = item.stop_signal.as_deref().and_then(ending::signal_name).filter(|signal| signal != "SIGTERM");
        map = map.with_some("stop_signal", signal.filter(|signal| image.as_ref() != Some(signal)));
        map.with("stop_grace_period", format!("{}s", item.grace_seconds.max(1)))
    }

    fn mounted(&self, map: Map, mut list: List, mounts: &[&Mount]) -> Map {
        for mount in mounts.iter().filter(|mount| self.has_mount(mount)) {
            let folder = if mount.content.is_some() { "files" } else { "secrets" };
            let path = format!("./{folder}/{}/{}:{}:ro", self.layout.mount_name(mount), mount_key(mount), mount.path);
            list = list.above_all(origin::lines(&mount.origin)).item(literal(&path));
        }
        if list.is_empty() { map } else { map.with("volumes", list) }
    }
}

fn add(services: &mut Map, comments: Vec<String>, name: &str, service: Map) {
    let taken = std::mem::take(services);
    *services = taken.above_all(comments).with(name, service);
}

fn limits(map: Map, limits: Limits) -> Map {
    let number = |value: u64| Node::Integer(i64::try_from(value).unwrap_or(i64::MAX));
    let mut ulimits = Map::new();
    if let Some(files) = limits.open_files {
        ulimits.set("nofile", number(files));
    }
    if let Some(processes) = limits.processes {
        ulimits.set("nproc", number(processes));
    }
    if ulimits.is_empty() { map } else { map.with("ulimits", ulimits) }
}
