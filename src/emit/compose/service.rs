//! Services of processes, sidecars and tests.

use crate::blueprint::{Health, Mount, Process, Role};
use crate::emit::compose::{Parts, command, literal, mount_path};
use crate::emit::docker::ending;
use crate::emit::layout::{Layout, Named};
use crate::emit::yaml::{List, Map, Node};
use crate::emit::{origin, probe, settings};

/// Whether a person opens it in a browser: a web process, or one with a route.
pub fn is_public(layout: &Layout, process: &Process) -> bool {
    let routed = layout.blueprint.routes.iter().any(|route| route.process == process.name);
    routed || process.role == Role::Web || (process.role == Role::Proxy && !process.ports.is_empty())
}

impl Parts<'_> {
    /// The service of `process`.
    pub(super) fn process(&self, process: &Named<Process>, published: Option<String>, volumes: &mut Map) -> Map {
        let mut service = self.based_on(&process.item.image, "-running");
        if let Some(words) =
            self.local.here(&process.item.command).filter(|words| !words.is_empty() && !self.is_default(&process.item.image, words))
        {
            service = service.with("command", command(words));
        }
        service = service.with_some("working_dir", self.layout.own_directory(&process.item.image, process.item.directory.as_deref()));
        let environment = self.variables(process.item);
        if !environment.is_empty() {
            service = service.with("environment", environment);
        }
        if let Some(published) = published {
            service = service.with("ports", List::flow().item(published));
        }
        service = self.volumes(service.above_all(self.not_mounted(&process.item.mounts)), process, volumes);
        if let Some(check) = process.item.health.as_ref().and_then(|health| self.check(&process.item.image, health)) {
            service = service.with("healthcheck", check);
        }
        self.stop(service, process.item)
    }

    /// The service of `sidecar` beside `process`: the same network, as in a pod.
    pub(super) fn sidecar(&self, process: &Named<Process>, sidecar: &Named<Process>) -> Map {
        let checked = process.item.health.as_ref().and_then(|health| self.check(&process.item.image, health)).is_some();
        let condition = if checked { "service_healthy" } else { "service_started" };
        let service = self.based_on(&sidecar.item.image, "").above_all(self.not_mounted(&sidecar.item.mounts));
        let mut service = service.with("network_mode", format!("service:{}", process.name));
        service = service.beside(format!("as in the pod: {} on 127.0.0.1", process.name));
        if let Some(words) =
            self.local.here(&sidecar.item.command).filter(|words| !words.is_empty() && !self.is_default(&sidecar.item.image, words))
        {
            service = service.with("command", command(words));
        }
        let environment = self.variables(sidecar.item);
        if !environment.is_empty() {
            service = service.with("environment", environment);
        }
        service = service.with("depends_on", Map::new().with(process.name.as_str(), Map::flow().with("condition", condition)));
        service = self.stop(service, sidecar.item);
        let mut unused = Map::new();
        self.volumes(service, sidecar, &mut unused)
    }

    /// The image and service of the tests, where there are some.
    pub(super) fn tested(&self) -> Option<(String, &Named<'_, crate::blueprint::Image>)> {
        let image = self.layout.images.iter().find(|image| image.item.source.as_ref().is_some_and(|source| source.tests.is_some()))?;
        self.stages.get(&image.name).map(|stages| (stages.test.clone(), image))
    }

    /// Adds the test service with a database of its own.
    pub(super) fn test(&self, services: &mut Map) {
        for image in self.layout.images.iter().filter(|image| image.item.source.as_ref().is_some_and(|source| source.tests.is_some())) {
            let Some(stages) = self.stages.get(&image.name) else { continue };
            let mut service = Map::new()
                .with("image", format!("{}-test:local", image.name))
                .with("build", self.build_of(image, &stages.test))
                .with("profiles", List::flow().item("test"))
                .with("env_file", crate::emit::compose::environment::files(self.layout, &image.item.name));
            let environment = self.local.for_tests(self.layout).into_iter();
            service = service.with("environment", environment.fold(Map::new(), |map, (name, value)| map.with(name, literal(&value))));
            let mut waits = Map::new();
            for store in &self.layout.stores {
                let condition = if super::store::is_checked(store.item) { "service_healthy" } else { "service_started" };
                let name = if super::store::is_sql(store.item) { format!("test-{}", store.name) } else { store.name.clone() };
                waits.set(name, Map::flow().with("condition", condition));
            }
            if !waits.is_empty() {
                service = service.with("depends_on", waits);
            }
            services.set(stages.test.as_str(), service);
        }
        if self.tested().is_some() {
            for store in self.layout.stores.iter().filter(|store| super::store::is_sql(store.item)) {
                services.set(format!("test-{}", store.name), super::store::test_service(self.options, &self.local, store));
            }
        }
    }

    fn is_default(&self, image: &str, words: &[String]) -> bool {
        self.layout.image(image).is_some_and(|image| image.item.command == words)
    }

    fn variables(&self, process: &Process) -> Map {
        let mut map = Map::new();
        for (name, value) in process.variables.iter().filter(|(name, _)| settings::is_name(name) && !settings::is_secret(self.layout, name))
        {
            if let Some(value) = self.local.here(value) {
                map.set(name.as_str(), literal(value));
            }
        }
        map
    }

    fn volumes(&self, service: Map, process: &Named<Process>, volumes: &mut Map) -> Map {
        let mut list = List::new();
        for volume in process.item.volumes.iter().filter(|volume| volume.persistent) {
            let name = format!("{}-{}", process.name, crate::emit::name::dns_label(&volume.name, 40, "data"));
            list = list.item(format!("{name}:{}", literal(&volume.path)));
            volumes.set(name, Node::Null);
        }
        let mounts: Vec<&Mount> = process.item.mounts.iter().collect();
        self.mounted(service, list, &mounts)
    }

    /// The service with files mounted, after the volumes in `list`.
    pub(super) fn mounted(&self, service: Map, mut list: List, mounts: &[&Mount]) -> Map {
        for mount in mounts.iter().filter(|mount| self.local.content(mount).is_some()) {
            let file = mount_path(&self.layout.mount_name(mount), mount);
            list = list.above_all(origin::lines(&mount.origin)).item(literal(&format!("./{file}:{}:ro", mount.path)));
        }
        if list.is_empty() { service } else { service.with("volumes", list) }
    }

    /// Words about files that are not there locally; they stand above the service's next key.
    pub(super) fn not_mounted<'m>(&self, mounts: impl IntoIterator<Item = &'m Mount>) -> Vec<String> {
        let absent = mounts.into_iter().filter(|mount| self.local.content(mount).is_none());
        let words = |mount: &Mount| {
            let from = if mount.content.is_some() { "only some environments have it" } else { "a secret" };
            origin::one_line(&format!("not mounted here: {}, {from}", mount.path))
        };
        absent.map(words).collect()
    }

    fn stop(&self, service: Map, process: &Process) -> Map {
        let image = self.layout.image(&process.image).and_then(|image| ending::stop_signal(self.layout, image.item));
        let signal = process.stop_signal.as_deref().and_then(ending::signal_name).filter(|signal| signal != "SIGTERM");
        let service = match signal {
            Some(signal) if image.as_ref() != Some(&signal) => service.with("stop_signal", signal),
            _ => service,
        };
        service.with("stop_grace_period", format!("{}s", process.grace_seconds.max(1)))
    }

    /// A check by what the image surely has.
    fn check(&self, image: &str, health: &Health) -> Option<Map> {
        let words = probe::words(self.layout, image, health)?;
        let test =
            words.iter().fold(List::flow().item(Node::Quoted("CMD".to_owned())), |list, word| list.item(Node::Quoted(literal(word))));
        Some(Map::new().with("test", test).with("interval", "5s").with("timeout", "5s").with("retries", 12u32).with("start_period", "20s"))
    }
}
