//! One container: command, variables, ports, probes, resources, how it stops.

use crate::blueprint::{Health, Process, Resources, Role};
use crate::emit::docker::ending;
use crate::emit::identity;
use crate::emit::kubernetes::{Cluster, command, unexpanded, volume};
use crate::emit::layout::Named;
use crate::emit::yaml::{List, Map, Node};

impl Cluster<'_> {
    /// The main container of a Deployment; image, settings and security come from the base's patch.
    pub(super) fn main_container(&self, process: &Named<Process>) -> Map {
        let sidecar_serves = self.layout.sidecars(process.item).any(|sidecar| !sidecar.item.ports.is_empty());
        let mut map = Map::new().with("name", "app");
        map = self.how_it_runs(map, process.item);
        if !process.item.ports.is_empty() {
            map = map.with("ports", ports(process.item, if sidecar_serves { "app" } else { Self::first_port(process.item) }));
        }
        if let Some(health) = &process.item.health {
            // Only the start waits for a while; later trouble of one process ends that one alone.
            map = map.with(
                "startupProbe",
                probe(health).with("periodSeconds", 2u32).with("timeoutSeconds", 2u32).with("failureThreshold", 60u32),
            );
            map = map.with("readinessProbe", probe(health).with("periodSeconds", 5u32).with("timeoutSeconds", 3u32));
            map = map.with(
                "livenessProbe",
                probe(health).with("periodSeconds", 10u32).with("timeoutSeconds", 5u32).with("failureThreshold", 6u32),
            );
        }
        if let Some(stop) = self.before_stop(process.item) {
            map = map.with("lifecycle", Map::new().with("preStop", Map::new().with("exec", Map::flow().with("command", stop))));
        }
        let mounts: Vec<_> = process.item.mounts.iter().filter(|mount| self.is_everywhere(mount)).collect();
        let scratch = volume::scratch(process, self.layout.image(&process.item.image).map(|image| image.item));
        self.end(map, process.item, self.volume_mounts(process.item, &mounts, &scratch))
    }

    /// A sidecar: starts before the main container, stops after it.
    pub(super) fn sidecar_container(&self, process: &Named<Process>, sidecar: &Named<Process>) -> Map {
        let image = self.layout.image(&sidecar.item.image).map(|image| image.item);
        let who = identity::of(image);
        let scratch = volume::scratch(sidecar, image);
        let mut map = Map::new()
            .with("name", sidecar.name.as_str())
            .with("image", self.layout.image_name(&sidecar.item.image))
            .with("restartPolicy", "Always");
        map = self.how_it_runs(map, sidecar.item);
        if !sidecar.item.ports.is_empty() {
            map = map.with("ports", ports(sidecar.item, "http"));
        }
        let through = process.item.health.as_ref().and_then(|health| health.path.clone()).filter(|_| sidecar.item.role == Role::Proxy);
        let own = sidecar.item.health.clone().or_else(|| sidecar.item.ports.first().map(|port| Health { path: through, port: *port }));
        if let Some(health) = own {
            map = map.with("readinessProbe", probe(&health).with("periodSeconds", 5u32).with("timeoutSeconds", 3u32));
        }
        let security = Map::new().with("runAsUser", who.uid).with("runAsGroup", who.gid);
        map = map.with("securityContext", restricted(security, !scratch.is_empty()));
        let mounts: Vec<_> = sidecar.item.mounts.iter().filter(|mount| self.is_everywhere(mount)).collect();
        self.end(map, sidecar.item, self.volume_mounts(sidecar.item, &mounts, &scratch))
    }

    /// What place `index` changes about the container of `process` called `name`; `None` for nothing.
    pub(super) fn container_patch(&self, process: &Process, name: &str, index: usize) -> Option<Map> {
        let mut map = Map::new().with("name", name);
        if let (Some(base), Some(here)) = (process.command.base(), self.layout.at(&process.command, index))
            && base != here
        {
            map = map.with("command", command(here));
        }
        let mut variables = List::new();
        for ((variable, here), (_, base)) in
            self.own_variables(&process.variables, Some(index)).into_iter().zip(self.own_variables(&process.variables, None))
        {
            match here {
                Some(value) if Some(value) != base => variables.push(variable_of(variable, value)),
                None => variables.push(Map::flow().with("name", variable).with("$patch", "delete")),
                Some(_) => {}
            }
        }
        if !variables.is_empty() {
            map = map.with("env", variables);
        }
        if let (Some(base), Some(here)) = (process.resources.base(), self.layout.at(&process.resources, index))
            && base != here
        {
            map = map.with("resources", resources(here));
        }
        let mounts = process.mounts.iter().filter(|mount| !self.is_everywhere(mount) && self.has_mount(mount, index));
        let mounts = mounts.fold(List::new(), |list, mount| list.item(self.volume_mount(mount)));
        if !mounts.is_empty() {
            map = map.with("volumeMounts", mounts);
        }
        (map.len() > 1).then_some(map)
    }

    fn how_it_runs(&self, mut map: Map, process: &Process) -> Map {
        if let Some(words) = process.command.base().filter(|words| !words.is_empty()) {
            map = map.with("command", command(words));
        }
        map = map.with_some("workingDir", self.layout.own_directory(&process.image, process.directory.as_deref()));
        let variables = self.own_variables(&process.variables, None);
        let variables = variables.into_iter().filter_map(|(name, value)| value.map(|value| variable_of(name, value)));
        let list = variables.fold(List::new(), List::item);
        if list.is_empty() { map } else { map.with("env", list) }
    }

    fn end(&self, mut map: Map, process: &Process, mounts: List) -> Map {
        if let Some(asked) = process.resources.base() {
            map = map.with("resources", resources(asked));
        }
        if mounts.is_empty() { map } else { map.with("volumeMounts", mounts) }
    }

    /// The command before the stop signal: waits until the load balancer has let go; sends a signal that the image does not name.
    fn before_stop(&self, process: &Process) -> Option<List> {
        let image = self.layout.image(&process.image).and_then(|image| ending::stop_signal(self.layout, image.item));
        let signal = process
            .stop_signal
            .as_deref()
            .and_then(ending::signal_name)
            .filter(|signal| signal != "SIGTERM" && image.as_ref() != Some(signal));
        let words: Vec<String> = match (process.drain_seconds, signal) {
            (0, None) => return None,
            (seconds, None) => vec!["sleep".to_owned(), seconds.to_string()],
            (seconds, Some(signal)) => {
                let kill = format!("kill -{} 1; sleep {}", signal.trim_start_matches("SIG"), process.grace_seconds.max(1));
                vec!["/bin/sh".to_owned(), "-c".to_owned(), if seconds == 0 { kill } else { format!("sleep {seconds}; {kill}") }]
            }
        };
        Some(List::command(&words))
    }
}

/// `securityContext` of a container under the restricted profile.
pub fn restricted(map: Map, read_only: bool) -> Map {
    let map = map.with("allowPrivilegeEscalation", false);
    let map = if read_only { map.with("readOnlyRootFilesystem", true) } else { map };
    map.with("capabilities", Map::flow().with("drop", List::flow().item("ALL")))
}

/// `{name: A, value: "1"}`.
pub fn variable_of(name: &str, value: &str) -> Map {
    Map::flow().with("name", name).with("value", Node::Quoted(unexpanded(value)))
}

/// The name of port number `index` of a container whose first one is called `first`.
pub fn port_name(first: &str, index: usize) -> String {
    if index == 0 { first.to_owned() } else { format!("{first}-{}", index + 1) }
}

fn ports(process: &Process, first: &str) -> List {
    let port = |(index, port): (usize, &u16)| Map::flow().with("name", port_name(first, index)).with("containerPort", u32::from(*port));
    process.ports.iter().enumerate().map(port).fold(List::new(), List::item)
}

fn probe(health: &Health) -> Map {
    let port = u32::from(health.port);
    match &health.path {
        Some(path) => Map::new().with("httpGet", Map::flow().with("path", path.as_str()).with("port", port)),
        None => Map::new().with("tcpSocket", Map::flow().with("port", port)),
    }
}

/// Requests and the memory limit; no CPU limit, which would only slow down.
pub fn resources(asked: &Resources) -> Map {
    let mut requests = Map::flow();
    if asked.cpu_millis > 0 {
        requests = requests.with("cpu", cpu(asked.cpu_millis));
    }
    if asked.memory_mib > 0 {
        requests = requests.with("memory", memory(asked.memory_mib));
    }
    let map = Map::new().with("requests", requests);
    if asked.memory_limit_mib == 0 {
        return map;
    }
    map.with("limits", Map::flow().with("memory", memory(asked.memory_limit_mib.max(asked.memory_mib))))
}

fn cpu(millis: u32) -> String {
    if millis.is_multiple_of(1000) { (millis / 1000).to_string() } else { format!("{millis}m") }
}

fn memory(mib: u32) -> String {
    if mib.is_multiple_of(1024) { format!("{}Gi", mib / 1024) } else { format!("{mib}Mi") }
}
