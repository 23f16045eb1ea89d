//! Apache and HAProxy configuration: not rewritten, but read as far as a person needs who does it.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{FileKind, Lifecycle};
use crate::outcome::Fate;
use crate::pass::{Input, Sink};

/// Where Apache has its sites.
const APACHE: [&str; 6] =
    ["/etc/apache2/sites-", "/etc/apache2/conf-", "/etc/apache2/conf.d/", "/etc/apache2/mods-", "/etc/httpd/conf.d/", "/etc/httpd/sites-"];
/// Main files.
const MAIN: [&str; 3] = ["/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf", "/etc/haproxy/haproxy.cfg"];

/// What the files of a server say.
#[derive(Default)]
struct Said {
    names: BTreeSet<String>,
    behind: BTreeSet<String>,
}

/// Claims the files, with one task for each server.
pub fn run(input: &Input<'_>, sink: &mut Sink) {
    let mut servers: BTreeMap<&str, (Said, BTreeSet<usize>)> = BTreeMap::new();
    for file in input.files() {
        let alive = input.graph.runs.get(file.run).is_some_and(|run| !matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown));
        let ours = MAIN.contains(&file.path) || APACHE.iter().any(|prefix| file.path.starts_with(prefix));
        if !alive || !ours || sink.is_claimed(file.item) {
            continue;
        }
        let server = if file.path.starts_with("/etc/haproxy") { "HAProxy" } else { "Apache" };
        let (said, items) = servers.entry(server).or_default();
        if let FileKind::File(text) = &file.state.kind {
            read(&text.to_string(), server, said);
        }
        items.insert(file.item);
    }
    for (server, (said, items)) in servers {
        let list = |set: &BTreeSet<String>, none: &str| {
            if set.is_empty() { none.to_owned() } else { set.iter().cloned().collect::<Vec<_>>().join(", ") }
        };
        let why = match server {
            "HAProxy" => format!("backends: {}", list(&said.behind, "none found")),
            _ => format!("server names: {}; behind it: {}", list(&said.names, "none found"), list(&said.behind, "no other server")),
        };
        let origin = items.iter().filter_map(|item| input.origin(*item)).collect();
        for item in &items {
            sink.claim(*item, Fate::Manual, "", format!("the configuration of {server} is not rewritten; {why}"));
        }
        sink.task(
            format!("Decide what takes the place of {server}: the cluster's ingress, or an image with its configuration"),
            why,
            origin,
        );
    }
}

fn read(text: &str, server: &str, said: &mut Said) {
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match (server, words.as_slice()) {
            ("HAProxy", ["server", name, address, ..]) => {
                said.behind.insert(format!("{name} {address}"));
            }
            ("Apache", [directive, rest @ ..])
                if directive.eq_ignore_ascii_case("ServerName") || directive.eq_ignore_ascii_case("ServerAlias") =>
            {
                said.names.extend(rest.iter().map(|name| (*name).to_owned()));
            }
            ("Apache", [directive, rest @ ..])
                if ["ProxyPass", "BalancerMember", "ProxyPassMatch"].iter().any(|name| directive.eq_ignore_ascii_case(name)) =>
            {
                said.behind.extend(rest.iter().filter(|word| word.contains("://")).take(1).map(|word| (*word).to_owned()));
            }
            _ => {}
        }
    }
}
