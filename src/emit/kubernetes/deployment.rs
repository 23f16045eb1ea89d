//! One process: Deployment, Service, autoscaler, disruption budget, claims.

use crate::blueprint::{Process, Role};
use crate::emit::kubernetes::container::port_name;
use crate::emit::kubernetes::{Cluster, labels, object};
use crate::emit::layout::Named;
use crate::emit::origin;
use crate::emit::yaml::{Document, List, Map};

impl Cluster<'_> {
    /// The file of `process`.
    pub(super) fn process(&self, process: &Named<Process>) -> Vec<Document> {
        let mut documents = vec![self.deployment(process)];
        documents.extend(self.service(process));
        documents.extend(self.scaled_object(process).or_else(|| self.autoscaler(process)));
        documents.extend(self.budget(process));
        documents.extend(self.claims(process));
        documents
    }

    /// Whether an autoscaler sets the number of pods: somewhere the most is above the least.
    pub(super) fn scales(process: &Process) -> bool {
        process.replicas.values.iter().flatten().any(|(least, most)| most > least)
    }

    /// Whether there is a Service.
    pub(super) fn serves(&self, process: &Process) -> bool {
        self.served(process).is_some()
    }

    /// Whether there is a disruption budget.
    pub(super) fn is_spread(process: &Process) -> bool {
        process.replicas.values.iter().flatten().any(|(_, most)| *most > 1)
    }

    fn deployment(&self, process: &Named<Process>) -> Document {
        let item = process.item;
        let both = || labels(&self.layout.name, &process.name);
        let mut spec = Map::new();
        if let Some((least, _)) = item.replicas.base().filter(|_| !Self::scales(item)) {
            spec = spec.with("replicas", *least);
        }
        spec = spec.with("strategy", strategy(item)).with("selector", Map::new().with("matchLabels", both()));
        spec = spec.with("template", Map::new().with("metadata", Map::new().with("labels", both())).with("spec", self.pod(process)));
        let metadata = Map::new().with("name", process.name.as_str()).with("labels", both());
        let comments = [origin::lines(&item.origin), item.notes.iter().map(|note| origin::one_line(note)).collect()].concat();
        Document::new(object("apps/v1", "Deployment", metadata).with("spec", spec)).commented(comments)
    }

    fn pod(&self, process: &Named<Process>) -> Map {
        let item = process.item;
        let mut spec = Map::new();
        if matches!(item.role, Role::Web | Role::Proxy) && Self::is_spread(item) {
            let selector = Map::new().with("matchLabels", labels(&self.layout.name, &process.name));
            let spread = Map::new()
                .with("maxSkew", 1u32)
                .with("topologyKey", "topology.kubernetes.io/zone")
                .with("whenUnsatisfiable", "ScheduleAnyway")
                .with("labelSelector", selector);
            spec = spec.with("topologySpreadConstraints", List::new().item(spread));
        }
        spec = spec.with("terminationGracePeriodSeconds", item.grace_seconds.saturating_add(item.drain_seconds).max(1));
        if item.drain_seconds > 0 {
            spec = spec.beside(format!("{} s until the load balancer has let go + {} s to finish", item.drain_seconds, item.grace_seconds));
        }
        let mut sidecars = List::new();
        for sidecar in self.layout.sidecars(item) {
            let mut comments = origin::lines(&sidecar.item.origin);
            comments.push("A sidecar: starts before the application, stops after it.".to_owned());
            sidecars = sidecars.above_all(comments).item(self.sidecar_container(process, sidecar));
        }
        if !sidecars.is_empty() {
            spec = spec.with("initContainers", sidecars);
        }
        spec = spec.with("containers", List::new().item(self.main_container(process)));
        let volumes = self.pod_volumes(process);
        if volumes.is_empty() { spec } else { spec.with("volumes", volumes) }
    }

    /// The process whose ports the outside sees, with the name of its first port.
    pub(super) fn served<'p>(&'p self, process: &'p Process) -> Option<(&'p Process, &'static str)> {
        let sidecar = self.layout.sidecars(process).map(|sidecar| sidecar.item).find(|sidecar| !sidecar.ports.is_empty());
        match sidecar {
            Some(sidecar) => Some((sidecar, "http")),
            None => (!process.ports.is_empty()).then(|| (process, Self::first_port(process))),
        }
    }

    /// What the first port of a process without sidecar is called.
    pub(super) fn first_port(process: &Process) -> &'static str {
        if matches!(process.role, Role::Web | Role::Proxy) { "http" } else { "tcp" }
    }

    fn service(&self, process: &Named<Process>) -> Option<Document> {
        let (serving, first) = self.served(process.item)?;
        let port = |(index, port): (usize, &u16)| {
            let outside = if index == 0 && first == "http" { 80 } else { u32::from(*port) };
            Map::flow().with("name", port_name(first, index)).with("port", outside).with("targetPort", port_name(first, index))
        };
        let ports = serving.ports.iter().enumerate().map(port).fold(List::new(), List::item);
        let mut metadata = Map::new().with("name", process.name.as_str()).with("labels", labels(&self.layout.name, &process.name));
        if let Some(path) = self.own_health(process) {
            metadata = metadata.with("annotations", Map::new().with("alb.ingress.kubernetes.io/healthcheck-path", path));
        }
        let spec = Map::new().with("selector", labels(&self.layout.name, &process.name)).with("ports", ports);
        Some(Document::new(object("v1", "Service", metadata).with("spec", spec)))
    }

    fn autoscaler(&self, process: &Named<Process>) -> Option<Document> {
        let (least, most) = process.item.replicas.base().filter(|_| Self::scales(process.item))?;
        let load = if matches!(process.item.role, Role::Web | Role::Proxy) { 60u32 } else { 70 };
        let target = Map::flow().with("type", "Utilization").with("averageUtilization", load);
        let metric = Map::new().with("type", "Resource").with("resource", Map::new().with("name", "cpu").with("target", target));
        let reference = Map::flow().with("apiVersion", "apps/v1").with("kind", "Deployment").with("name", process.name.as_str());
        let spec = Map::new()
            .with("scaleTargetRef", reference)
            .with("minReplicas", (*least).max(1))
            .with("maxReplicas", (*most).max(*least).max(1))
            .with("metrics", List::new().item(metric));
        let metadata = Map::new().with("name", process.name.as_str());
        Some(Document::new(object("autoscaling/v2", "HorizontalPodAutoscaler", metadata).with("spec", spec)))
    }

    fn budget(&self, process: &Named<Process>) -> Option<Document> {
        if !Self::is_spread(process.item) {
            return None;
        }
        let spec = Map::new()
            .with("maxUnavailable", 1u32)
            .with("unhealthyPodEvictionPolicy", "AlwaysAllow")
            .with("selector", Map::new().with("matchLabels", labels(&self.layout.name, &process.name)));
        Some(Document::new(object("policy/v1", "PodDisruptionBudget", Map::new().with("name", process.name.as_str())).with("spec", spec)))
    }
}

/// A new pod is ready before an old one goes, except where two at once would be wrong.
fn strategy(process: &Process) -> Map {
    let single = process.replicas.values.iter().flatten().all(|(_, most)| *most <= 1);
    let owns_disk = process.volumes.iter().any(|volume| volume.persistent);
    if single && (owns_disk || (process.role == Role::Daemon && process.ports.is_empty())) {
        return Map::new().with("type", "Recreate").beside("there was one on the hosts: never two at once");
    }
    Map::new().with("rollingUpdate", Map::flow().with("maxSurge", "25%").with("maxUnavailable", 0u32))
}
