//! Hosts and paths from outside: one Ingress for the AWS Load Balancer Controller; the overlay puts its hosts in.

use crate::blueprint::{PerEnvironment, Process, Route};
use crate::emit::kubernetes::{Cluster, object};
use crate::emit::layout::Named;
use crate::emit::origin;
use crate::emit::yaml::{Document, List, Map};

/// Longest name of an application load balancer.
const LOAD_BALANCER: usize = 32;

/// Routes that share their hosts.
struct Rule<'a> {
    hosts: &'a PerEnvironment<Vec<String>>,
    routes: Vec<(&'a Route, String)>,
}

impl Cluster<'_> {
    /// The base's Ingress.
    pub(super) fn ingress(&self) -> Option<Document> {
        let rules = self.rules();
        if rules.is_empty() {
            return None;
        }
        let prefix = "alb.ingress.kubernetes.io";
        let tls = self.layout.blueprint.routes.iter().any(|route| route.tls);
        let mut annotations = Map::new().with(format!("{prefix}/scheme"), "internet-facing").with(format!("{prefix}/target-type"), "ip");
        annotations = if tls {
            annotations
                .with(format!("{prefix}/listen-ports"), r#"[{"HTTP": 80}, {"HTTPS": 443}]"#)
                .beside("the certificate is found in ACM by the hosts; certificate-arn chooses another")
                .with(format!("{prefix}/ssl-redirect"), "443")
                .with(format!("{prefix}/ssl-policy"), "ELBSecurityPolicy-TLS13-1-2-2021-06")
        } else {
            annotations.with(format!("{prefix}/listen-ports"), r#"[{"HTTP": 80}]"#)
        };
        annotations = annotations.with_some(&format!("{prefix}/healthcheck-path"), self.common_health());
        let drain = self.layout.standalone().map(|process| process.item.drain_seconds).filter(|seconds| *seconds > 0).min();
        if let Some(seconds) = drain {
            annotations = annotations.above(format!("shorter than the {seconds} s that a pod waits before it stops")).with(
                format!("{prefix}/target-group-attributes"),
                format!("deregistration_delay.timeout_seconds={}", seconds.saturating_sub(5)),
            );
        }
        annotations = annotations
            .above("external-dns reads the rules' hosts; both spellings of its prefix are in use")
            .with("external-dns.alpha.kubernetes.io/ttl", "60")
            .with("external-dns.kubernetes.io/ttl", "60");
        let mut list = List::new();
        for rule in &rules {
            let host = rule.routes.first().map_or_else(String::new, |(_, process)| process.clone());
            let comments = rule.routes.iter().flat_map(|(route, _)| origin::lines(&route.origin)).collect::<Vec<_>>();
            list = list.above_all(comments).item(self.rule(rule, Some(&host)));
        }
        let spec = Map::new().with("ingressClassName", "alb").with("rules", list);
        let metadata = Map::new().with("name", self.layout.name.as_str()).with("annotations", annotations);
        let comment = "Hosts and the load balancer's name come from the overlay.".to_owned();
        Some(Document::new(object("networking.k8s.io/v1", "Ingress", metadata).with("spec", spec)).commented([comment]))
    }

    /// What overlay `index` changes about it, as JSON patch.
    pub(super) fn ingress_patch(&self, index: usize) -> Option<Document> {
        let rules = self.rules();
        if rules.is_empty() {
            return None;
        }
        let operation = |operation: &str, path: String| Map::new().with("op", operation).with("path", path);
        let single = |rule: &Rule| self.layout.at(rule.hosts, index).is_some_and(|hosts| hosts.len() == 1);
        let mut list = List::new();
        if rules.iter().all(single) {
            for (number, rule) in rules.iter().enumerate() {
                let host = self.layout.at(rule.hosts, index).and_then(|hosts| hosts.first()).cloned().unwrap_or_default();
                list.push(operation("replace", format!("/spec/rules/{number}/host")).with("value", host));
            }
        } else {
            let mut all = List::new();
            for rule in &rules {
                match self.layout.at(rule.hosts, index) {
                    // Without a host a rule takes every request.
                    Some(hosts) if hosts.is_empty() => all.push(self.rule(rule, None)),
                    Some(hosts) => hosts.iter().for_each(|host| all.push(self.rule(rule, Some(host)))),
                    None => {}
                }
            }
            list.push(operation("replace", "/spec/rules".to_owned()).with("value", all));
        }
        let name = &self.layout.places[index].namespace;
        if name.len() <= LOAD_BALANCER {
            list.push(
                operation("add", "/metadata/annotations/alb.ingress.kubernetes.io~1load-balancer-name".to_owned())
                    .with("value", name.as_str()),
            );
        }
        Some(Document::new(list))
    }

    /// The health check path of a process, where it is not the Ingress's.
    pub(super) fn own_health(&self, process: &Named<Process>) -> Option<String> {
        let route = self.rules().into_iter().flat_map(|rule| rule.routes).find(|(_, name)| *name == process.name)?;
        let health = route.0.health.clone()?;
        (self.common_health() != Some(health.clone())).then_some(health)
    }

    fn common_health(&self) -> Option<String> {
        self.rules().into_iter().flat_map(|rule| rule.routes).find_map(|(route, _)| route.health.clone())
    }

    /// Routes to processes that exist, those with the same hosts together.
    fn rules(&self) -> Vec<Rule<'_>> {
        let mut rules: Vec<Rule> = Vec::new();
        for route in &self.layout.blueprint.routes {
            let Some(process) = self.behind(route) else { continue };
            match rules.iter_mut().find(|rule| *rule.hosts == route.hosts) {
                Some(rule) => rule.routes.push((route, process)),
                None => rules.push(Rule { hosts: &route.hosts, routes: vec![(route, process)] }),
            }
        }
        rules
    }

    /// Whether a route leads to `process`.
    pub(super) fn is_routed(&self, process: &Named<Process>) -> bool {
        self.rules().iter().any(|rule| rule.routes.iter().any(|(_, name)| *name == process.name))
    }

    /// The process with the Service behind a route: a sidecar stands for the one it is beside.
    fn behind(&self, route: &Route) -> Option<String> {
        let direct = self.layout.standalone().find(|process| process.item.name == route.process);
        let beside = || {
            self.layout.standalone().find(|process| self.layout.sidecars(process.item).any(|sidecar| sidecar.item.name == route.process))
        };
        direct.or_else(beside).filter(|process| self.serves(process.item)).map(|process| process.name.clone())
    }

    fn rule(&self, rule: &Rule, host: Option<&str>) -> Map {
        let mut paths = List::new();
        let mut routes: Vec<_> = rule.routes.iter().collect();
        // The load balancer takes the first rule that fits.
        routes.sort_by_key(|(route, _)| std::cmp::Reverse(route.path.len()));
        for (route, name) in routes {
            let process = self.layout.standalone().find(|process| process.name == *name);
            let sidecar = process.is_some_and(|process| self.layout.sidecars(process.item).any(|sidecar| !sidecar.item.ports.is_empty()));
            let port = if sidecar { "http" } else { process.map_or("http", |process| Self::first_port(process.item)) };
            let service = Map::flow().with("name", name.as_str()).with("port", Map::flow().with("name", port));
            let path = if route.path.starts_with('/') { route.path.clone() } else { format!("/{}", route.path) };
            paths.push(Map::new().with("path", path).with("pathType", "Prefix").with("backend", Map::new().with("service", service)));
        }
        let http = Map::new().with("paths", paths);
        Map::new().with_some("host", host).with("http", http)
    }
}
