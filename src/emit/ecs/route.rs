//! Hosts and paths from outside: target groups and rules of the load balancer's listener.

use crate::blueprint::{Process, Role, Route};
use crate::emit::ecs::text::reference;
use crate::emit::ecs::{Resource, Stack};
use crate::emit::layout::Named;
use crate::emit::origin;
use crate::emit::yaml::{List, Map, Node};

/// Values that the conditions of one rule may have together.
const VALUES: usize = 5;

/// Seconds that a target may go on with what it has begun, where no source says how many.
const DRAIN: u32 = 30;

/// One rule of the listener.
pub struct Rule {
    /// The resource.
    pub id: String,
    /// The parameter with its priority.
    pub priority: String,
    /// The default of that parameter.
    pub number: u32,
    /// Final name of the process behind it.
    pub process: String,
    hosts: Vec<String>,
    paths: Vec<String>,
    comments: Vec<String>,
}

impl<'a> Stack<'a> {
    /// Routes to processes that run here.
    pub(super) fn routes(&self) -> Vec<&'a Route> {
        let blueprint = self.layout.blueprint;
        let here = |route: &&Route| route.hosts.values.is_empty() || self.layout.at(&route.hosts, self.index).is_some();
        blueprint.routes.iter().filter(here).filter(|route| self.behind(route).is_some()).collect()
    }

    /// The process behind a route: a sidecar stands for the one it is beside.
    fn behind(&self, route: &Route) -> Option<&Named<'a, Process>> {
        let processes = self.processes();
        let direct = processes.iter().find(|process| process.item.name == route.process).copied();
        let beside = || {
            let mut all = processes.iter();
            all.find(|process| self.sidecars(process.item).iter().any(|sidecar| sidecar.item.name == route.process)).copied()
        };
        direct.or_else(beside).filter(|process| self.served(process).is_some())
    }

    /// The container and port that requests go to: a sidecar's before the application's.
    pub(super) fn served(&self, process: &Named<'a, Process>) -> Option<(String, u16)> {
        let sidecars = self.sidecars(process.item);
        let sidecar = sidecars.iter().find_map(|sidecar| Some((sidecar.name.clone(), *sidecar.item.ports.first()?)));
        sidecar.or_else(|| Some((process.name.clone(), *process.item.ports.first()?)))
    }

    /// The routes of one process.
    pub(super) fn routes_of(&self, process: &Named<'a, Process>) -> Vec<&'a Route> {
        self.routes().into_iter().filter(|route| self.behind(route).is_some_and(|behind| behind.name == process.name)).collect()
    }

    /// Words for a process that people reach and no source names a host of.
    pub(super) fn unrouted(&self, process: &Named<'a, Process>) -> Option<String> {
        let served = self.served(process)?;
        if !self.routes_of(process).is_empty() {
            return None;
        }
        Some(match process.item.role {
            Role::Web | Role::Proxy => format!("No host is known for it: port {} of {} is in no target group.", served.1, served.0),
            _ => format!("Port {}: others reach it by Service Connect or an internal load balancer, which is not set up here.", served.1),
        })
    }

    /// All rules, those with longer paths first.
    pub(super) fn rules(&self) -> Vec<Rule> {
        let mut routes = self.routes();
        // The listener takes the first rule that fits.
        routes.sort_by_key(|route| std::cmp::Reverse(route.path.len()));
        let mut rules: Vec<Rule> = Vec::new();
        for route in routes {
            let Some(process) = self.behind(route) else { continue };
            let hosts = self.layout.at(&route.hosts, self.index).cloned().unwrap_or_default();
            let hosts: Vec<String> = hosts.into_iter().filter(|host| is_host(host)).collect();
            let paths = paths(&route.path);
            let room = (VALUES - paths.len()).max(1);
            let chunks: Vec<Vec<String>> =
                if hosts.is_empty() { vec![Vec::new()] } else { hosts.chunks(room).map(<[String]>::to_vec).collect() };
            for hosts in chunks {
                let stem = self.ids.running(&process.name);
                let before = rules.iter().filter(|rule| rule.process == process.name).count();
                let number = if before == 0 { String::new() } else { (before + 1).to_string() };
                // Several environments on one listener do not meet.
                let first = u32::try_from(self.index * 100 + rules.len() + 101).unwrap_or(101).min(50_000);
                let mut comments = origin::lines(&route.origin);
                if hosts.is_empty() && paths.is_empty() {
                    comments.push("no host is known: it takes every request".to_owned());
                }
                rules.push(Rule {
                    id: format!("{stem}Rule{number}"),
                    priority: format!("{stem}Priority{number}"),
                    number: first,
                    process: process.name.clone(),
                    hosts,
                    paths: paths.clone(),
                    comments,
                });
            }
        }
        rules
    }

    /// The rule's resource.
    pub(super) fn listener_rule(&self, rule: Rule) -> Resource {
        let condition = |field: &str, config: &str, values: Vec<String>| {
            let values = values.into_iter().fold(List::flow(), |list, value| list.item(Node::Quoted(value)));
            Map::new().with("Field", field).with(config, Map::new().with("Values", values))
        };
        let mut conditions = List::new();
        let paths = if rule.hosts.is_empty() && rule.paths.is_empty() { vec!["/*".to_owned()] } else { rule.paths };
        if !rule.hosts.is_empty() {
            conditions.push(condition("host-header", "HostHeaderConfig", rule.hosts));
        }
        if !paths.is_empty() {
            conditions.push(condition("path-pattern", "PathPatternConfig", paths));
        }
        let group = format!("{}TargetGroup", self.ids.running(&rule.process));
        let action = Map::flow().with("Type", "forward").with("TargetGroupArn", reference(group));
        let properties = Map::new()
            .with("ListenerArn", reference("ListenerArn"))
            .with("Priority", reference(rule.priority))
            .with("Conditions", conditions)
            .with("Actions", List::new().item(action));
        Resource::new(rule.id, "AWS::ElasticLoadBalancingV2::ListenerRule", properties).commented(rule.comments)
    }

    /// The target group of a process.
    pub(super) fn target_group(&self, process: &Named<'a, Process>, port: u16) -> Resource {
        let path = self.routes_of(process).into_iter().find_map(|route| route.health.clone());
        let path = path.or_else(|| process.item.health.as_ref().and_then(|health| health.path.clone())).filter(|path| is_path(path));
        let drain = if process.item.drain_seconds == 0 { DRAIN } else { process.item.drain_seconds.min(3600) };
        let attribute = Map::flow().with("Key", "deregistration_delay.timeout_seconds").with("Value", Node::Quoted(drain.to_string()));
        let properties = Map::new()
            .with("VpcId", reference("VpcId"))
            .with("TargetType", if self.is_addressed(process.item) { "ip" } else { "instance" })
            .with("Protocol", "HTTP")
            .with("Port", u32::from(port))
            .with("HealthCheckPort", "traffic-port")
            .with("HealthCheckPath", path.unwrap_or_else(|| "/".to_owned()))
            .with("HealthCheckIntervalSeconds", 15u32)
            .with("HealthCheckTimeoutSeconds", 5u32)
            .with("HealthyThresholdCount", 2u32)
            .with("UnhealthyThresholdCount", 3u32)
            .with("Matcher", Map::flow().with("HttpCode", "200-399"))
            .with("TargetGroupAttributes", List::new().item(attribute));
        let id = format!("{}TargetGroup", self.ids.running(&process.name));
        Resource::new(id, "AWS::ElasticLoadBalancingV2::TargetGroup", properties)
    }
}

/// `/api` as `/api` and `/api/*`; nothing for `/`, which is every path, and for what no pattern can say.
fn paths(path: &str) -> Vec<String> {
    let plain = path.trim_end_matches('/');
    if plain.is_empty() || !is_path(plain) || plain.len() > 126 || plain.contains(['*', '?']) {
        return Vec::new();
    }
    vec![plain.to_owned(), format!("{plain}/*")]
}

fn is_path(path: &str) -> bool {
    path.starts_with('/') && path.chars().all(|c| c.is_ascii_alphanumeric() || "_-.$/~'@:+&*?=%".contains(c))
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.len() <= 128 && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '*' | '?'))
}
