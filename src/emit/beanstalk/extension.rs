//! `.ebextensions`: properties, the load balancer's ports and rules, the leader, cron.

use crate::blueprint::Variable;
use crate::emit::hosts::Hosts;
use crate::emit::layout::Layout;
use crate::emit::origin;
use crate::emit::settings::{self, Kind};
use crate::emit::yaml::{Document, List, Map, Node, render};

/// Bytes that all properties of an environment may have together; some are the platform's.
const ROOM: usize = 3500;

/// The file that marks the leader of the last deployment.
pub fn leader(layout: &Layout) -> String {
    format!("/var/lib/{}-leader", layout.name)
}

/// The variables that become properties of the environment: short ones, of every image, that no shell or Compose would expand.
pub fn properties<'a>(hosts: &Hosts<'a>) -> Vec<&'a Variable> {
    let mut room = ROOM;
    let plain = |value: &str| value.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@,+%=~?&".contains(c)) && !value.is_empty();
    let all = settings::of_scope(hosts.layout, Kind::Plain, None).into_iter();
    all.filter(|variable| {
        let Some(value) = settings::known(hosts.layout, variable, hosts.index).filter(|value| plain(value)) else { return false };
        let size = variable.name.len() + value.len() + 2;
        let fits = size <= room && variable.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if fits {
            room -= size;
        }
        fits
    })
    .collect()
}

/// The files by name.
pub fn all(hosts: &Hosts, properties: &[&Variable]) -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    if !properties.is_empty() {
        files.push(("environment", environment(hosts, properties)));
    }
    files.extend(load_balancer(hosts).map(|text| ("load-balancer", text)));
    if !hosts.layout.jobs.is_empty() || !hosts.schedules().is_empty() {
        files.push(("leader", leader_file(hosts)));
    }
    if !hosts.schedules().is_empty() {
        files.push(("cron", cron(hosts)));
    }
    files
}

fn options(namespaces: Map) -> Map {
    Map::new().with("option_settings", namespaces)
}

fn environment(hosts: &Hosts, properties: &[&Variable]) -> String {
    let mut map = Map::new();
    for variable in properties {
        let value = settings::known(hosts.layout, variable, hosts.index).unwrap_or_default();
        map = map.above_all(origin::lines(&variable.origin)).with(variable.name.as_str(), Node::Quoted(value.to_owned()));
    }
    let root = options(Map::new().with("aws:elasticbeanstalk:application:environment", map));
    let comment = "No secrets: .platform/hooks/prebuild/01_secrets.sh fetches them on the instance.".to_owned();
    let comments = hosts.has_secrets().then_some(comment);
    render(&[Document::new(root).commented(comments)])
}

/// A process of Elastic Beanstalk is a port of the instances: the first is the default, others get rules of their own.
fn load_balancer(hosts: &Hosts) -> Option<String> {
    let published = hosts.published();
    if published.is_empty() {
        return None;
    }
    let mut root = Map::new()
        .with("aws:elasticbeanstalk:environment", Map::new().with("LoadBalancerType", "application"))
        .above("The containers publish their ports themselves.")
        .with("aws:elasticbeanstalk:environment:proxy", Map::new().with("ProxyServer", "none"));
    let mut rules: Vec<(String, Map)> = Vec::new();
    for (index, (process, port)) in published.iter().enumerate() {
        let name = if index == 0 { "default" } else { process.name.as_str() };
        let routes: Vec<_> = hosts.layout.blueprint.routes.iter().filter(|route| route.process == process.item.name).collect();
        let path = routes.iter().find_map(|route| route.health.clone());
        let path = path.or_else(|| process.item.health.as_ref().and_then(|health| health.path.clone()));
        let drain = if process.item.drain_seconds == 0 { 20 } else { process.item.drain_seconds };
        let settings = Map::new()
            .with("Port", Node::Quoted(port.to_string()))
            .with("Protocol", "HTTP")
            .with("HealthCheckPath", path.filter(|path| path.starts_with('/')).unwrap_or_else(|| "/".to_owned()))
            .with("MatcherHTTPCode", "200-399")
            .with("DeregistrationDelay", Node::Quoted(drain.to_string()));
        root = root.with(format!("aws:elasticbeanstalk:environment:process:{name}"), settings);
        if index == 0 {
            continue;
        }
        let hosts_here = routes.iter().filter_map(|route| hosts.layout.at(&route.hosts, hosts.index)).flatten();
        let names: Vec<&str> = hosts_here.map(String::as_str).filter(|host| is_host(host)).take(5).collect();
        if names.is_empty() {
            continue;
        }
        let rule = Map::new().with("HostHeaders", names.join(",")).with("Process", name).with("Priority", Node::Quoted(index.to_string()));
        // Names of rules are letters and digits.
        rules.push((name.chars().filter(char::is_ascii_alphanumeric).collect(), rule));
    }
    if !rules.is_empty() {
        let names: Vec<&str> = rules.iter().map(|(name, _)| name.as_str()).collect();
        root = root
            .above("With HTTPS, the same rules go to aws:elbv2:listener:443, with SSLCertificateArns.")
            .with("aws:elbv2:listener:default", Map::new().with("Rules", names.join(",")));
        for (name, rule) in rules {
            root = root.with(format!("aws:elbv2:listenerrule:{name}"), rule);
        }
    }
    Some(render(&[Document::new(options(root))]))
}

fn leader_file(hosts: &Hosts) -> String {
    let path = leader(hosts.layout);
    let commands = Map::new()
        .with("01_nobody", Map::new().with("command", format!("rm -f {path}")))
        .with("02_leader", Map::new().with("command", format!("touch {path}")).with("leader_only", true));
    let comment = "Marks the one instance that runs what only one may run.".to_owned();
    render(&[Document::new(Map::new().with("container_commands", commands)).commented([comment])])
}

fn cron(hosts: &Hosts) -> String {
    let project = &hosts.layout.name;
    let path = leader(hosts.layout);
    let mut tab = String::from("SHELL=/bin/sh\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
    let command = |name: &str| {
        let run = format!("docker compose --profile cron run --rm --no-deps -T cron-{name}");
        format!("test ! -e {path} || (cd /var/app/current && {run}) 2>&1 | logger --tag {project}-{name}")
    };
    tab.push_str(&hosts.crontab(|_| true, command));
    let file = Map::new().with("mode", Node::Quoted("000644".to_owned())).with("owner", "root").with("group", "root").with("content", tab);
    let root = Map::new()
        .above("Amazon Linux 2023 comes without cron.")
        .with("packages", Map::new().with("yum", Map::new().with("cronie", List::flow())))
        .with("files", Map::new().with(format!("/etc/cron.d/{project}"), file))
        .with(
            "services",
            Map::new().with("systemd", Map::new().with("crond", Map::flow().with("enabled", true).with("ensureRunning", true))),
        );
    render(&[Document::new(root)])
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.len() <= 128 && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '*' | '?'))
}
