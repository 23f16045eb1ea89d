//! Apache and HAProxy before the app: routes of the load balancer, and a task that lists line by line what it does not do.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::Origin;
use crate::diagnostic::Diagnostic;
use crate::graph::{FileKind, Lifecycle};
use crate::outcome::Fate;
use crate::pass::encode::encode;
use crate::pass::proxy::apache::{self, Place};
use crate::pass::proxy::front::Front;
use crate::pass::proxy::haproxy;
use crate::pass::{Input, Sink};
use crate::read;

/// Where Apache has its sites.
const APACHE: [&str; 8] = [
    "/etc/apache2/sites-",
    "/etc/apache2/conf-",
    "/etc/apache2/conf.d/",
    "/etc/apache2/mods-",
    "/etc/apache2/ports.conf",
    "/etc/httpd/conf.d/",
    "/etc/httpd/sites-",
    "/etc/httpd/mods-",
];
/// Main files.
const MAIN: [&str; 3] = ["/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf", "/etc/haproxy/haproxy.cfg"];

/// Reads the files, claims them, and says what is left of them; `web` are the processes behind.
pub fn run(input: &Input<'_>, web: &[String], sink: &mut Sink) -> Vec<Front> {
    let mut servers: BTreeMap<&str, (Front, BTreeSet<usize>)> = BTreeMap::new();
    for file in input.files() {
        let Some(run) = input.graph.runs.get(file.run) else { continue };
        let alive = !matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown);
        let ours = MAIN.contains(&file.path)
            || APACHE.iter().any(|prefix| file.path.starts_with(prefix))
            || file.path.starts_with("/etc/haproxy/");
        if !alive || !ours || sink.is_claimed(file.item) {
            continue;
        }
        let server = if file.path.starts_with("/etc/haproxy") { "HAProxy" } else { "Apache" };
        let (front, items) = servers.entry(server).or_default();
        items.insert(file.item);
        let FileKind::File(text) = &file.state.kind else { continue };
        let is_text = server == "HAProxy" && file.path.ends_with(".cfg") || server == "Apache" && !file.path.ends_with(".html");
        if !is_text {
            continue;
        }
        let encoded = encode(text);
        let (before, sites) = (front.left.len(), front.sites.len());
        let is_packaged = apache::is_packaged(file.path);
        let place = Place { path: file.path, environment: run.environment, item: file.item, is_packaged };
        let problems = if server == "HAProxy" {
            let (sections, problems) = read::haproxy::parse(&encoded.text);
            haproxy::read(&sections, &place, front);
            problems
        } else {
            let (nodes, problems) = read::apache::parse(&encoded.text);
            apache::read(&nodes, &place, front);
            problems
        };
        for left in front.left.iter_mut().skip(before) {
            left.text = encoded.show(&left.text);
        }
        for address in front.sites.iter_mut().skip(sites).flat_map(|site| &mut site.behind) {
            *address = encoded.show(address);
        }
        let origin = input.origin(file.item).map_or_else(|| file.path.to_owned(), |origin| origin.location.path);
        for problem in problems {
            let message = format!("`{}` line {}: {}", file.path, problem.line, encoded.show(&problem.message));
            sink.diagnose(Diagnostic::warning("C165", message).in_file(origin.clone()));
        }
    }
    servers.into_iter().map(|(server, (front, items))| finish(input, server, front, &items, web, sink)).collect()
}

fn finish(input: &Input<'_>, server: &str, mut front: Front, items: &BTreeSet<usize>, web: &[String], sink: &mut Sink) -> Front {
    let origins = |items: &mut dyn Iterator<Item = usize>| items.filter_map(|item| input.origin(item)).collect::<Vec<Origin>>();
    let behind: BTreeSet<String> = front.sites.iter().flat_map(|site| site.behind.iter().cloned()).collect();
    let hosts: BTreeSet<String> = front.sites.iter().flat_map(|site| site.hosts.iter().cloned()).collect();
    let list = |set: &BTreeSet<String>, none: &str| {
        if set.is_empty() { none.to_owned() } else { set.iter().cloned().collect::<Vec<_>>().join(", ") }
    };
    let (names, servers) = (list(&hosts, "none found"), list(&behind, "none found"));
    if web.is_empty() {
        // Nothing is known to stand behind it.
        let why = format!("host names: {names}; servers behind it: {servers}; no web process of the input answers there");
        for item in items {
            sink.claim(*item, Fate::Manual, "", format!("the configuration of {server} is not rewritten; {why}"));
        }
        let what = format!("Decide what takes the place of {server}: the cluster's ingress, or an image with its configuration");
        sink.task(what, why, origins(&mut items.iter().copied()));
        return front;
    }
    if front.sites.iter().any(|site| site.tls) {
        let why = format!("{server} ended TLS for {}", list(&hosts, "all names"));
        let what = format!("Give the load balancer the certificates that {server} had");
        sink.task(
            what,
            why,
            origins(&mut front.sites.iter().filter(|site| site.tls).map(|site| site.item).collect::<BTreeSet<_>>().into_iter()),
        );
    }
    let remote: BTreeSet<&String> = behind.iter().filter(|address| !is_local(address)).collect();
    if !remote.is_empty() {
        let all: Vec<&str> = remote.iter().map(|address| address.as_str()).collect();
        front.note(format!("{server} handed requests to {}: the service of the web process takes their place", all.join(", ")));
    }
    front.note(format!("{server} is not kept: the load balancer routes to the web process, ends TLS and checks its health"));
    let mut files: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, left) in front.left.iter().enumerate() {
        files.entry(left.path.clone()).or_default().push(number);
    }
    let open: BTreeSet<usize> = front.left.iter().map(|left| left.item).collect();
    for (path, numbers) in files {
        let lines = numbers.iter().filter_map(|number| front.left.get(*number));
        let lines: Vec<String> = lines.map(|left| format!("line {} `{}`: {}", left.line, left.text, left.what)).collect();
        let own: BTreeSet<usize> = numbers.iter().filter_map(|number| front.left.get(*number)).map(|left| left.item).collect();
        let what = format!("Bring over what {server} did in `{path}`: to the app, to the ingress, or keep {server} as a container");
        sink.task(what, lines.join("; "), origins(&mut own.into_iter()));
    }
    for item in items {
        if open.contains(item) {
            sink.claim(*item, Fate::Manual, "routes", format!("its hosts are routes; what else {server} did is a task, line by line"));
        } else {
            sink.claim(*item, Fate::Translated, "routes", format!("{server} gave way to the load balancer: hosts ({names}) are routes"));
        }
    }
    front
}

fn is_local(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.starts_with("127.")
        || rest.starts_with("localhost")
        || rest.starts_with("unix")
        || rest.starts_with('/')
        || rest.starts_with("0.0.0.0")
}
