//! HAProxy before the app: its ways from a host name to a backend as sites, and each line that the load balancer does not do.

use std::collections::BTreeMap;

use crate::pass::proxy::apache::Place;
use crate::pass::proxy::front::{Front, Left, Site, Use, host, is_host};
use crate::read::haproxy::{Line, Section};

/// What lines are for, by their first words; the first entry that fits counts.
const TABLE: &[(&str, Use)] = &[
    ("bind", Use::Done),
    ("server", Use::Done),
    ("balance", Use::Done),
    ("mode http", Use::Done),
    ("mode health", Use::Done),
    ("mode tcp", Use::Left("TCP, not HTTP: no route can do it")),
    ("log", Use::Done),
    ("option httplog", Use::Done),
    ("option tcplog", Use::Done),
    ("option dontlog", Use::Done),
    ("option forwardfor", Use::Done),
    ("option http", Use::Done),
    ("option redispatch", Use::Done),
    ("option abortonclose", Use::Done),
    ("option contstats", Use::Done),
    ("option", Use::Left("an option of HAProxy")),
    ("no option", Use::Done),
    ("http-check", Use::Done),
    ("acl", Use::Done),
    ("use_backend", Use::Done),
    ("default_backend", Use::Done),
    ("retries", Use::Done),
    ("maxconn", Use::Done),
    ("fullconn", Use::Done),
    ("default-server", Use::Done),
    ("description", Use::Done),
    ("stats", Use::Left("HAProxy's statistics")),
    ("monitor-uri", Use::Done),
    ("timeout", Use::Left("a timeout: the load balancer's idle timeout")),
    ("clitimeout", Use::Left("a timeout: the load balancer's idle timeout")),
    ("srvtimeout", Use::Left("a timeout: the load balancer's idle timeout")),
    ("contimeout", Use::Done),
    ("errorfile", Use::Left("a page for errors")),
    ("errorloc", Use::Left("a page for errors")),
    ("cookie", Use::Left("a cookie that keeps a visitor with one server: sticky sessions of the load balancer")),
    ("appsession", Use::Left("a cookie that keeps a visitor with one server: sticky sessions of the load balancer")),
    ("stick", Use::Left("a visitor stays with one server: sticky sessions of the load balancer")),
    ("redirect", Use::Left("a redirect")),
    ("http-request redirect", Use::Left("a redirect")),
    ("http-request auth", Use::Left("authentication")),
    ("http-request deny", Use::Left("who may ask")),
    ("http-request", Use::Left("a change of requests")),
    ("http-response", Use::Left("a change of answers")),
    ("req", Use::Left("a change of requests")),
    ("rsp", Use::Left("a change of answers")),
    ("compression", Use::Left("compression")),
    ("tcp-request", Use::Left("who may ask")),
    ("block", Use::Left("who may ask")),
];

/// Adds what a file says to `front`.
pub fn read(sections: &[Section], place: &Place<'_>, front: &mut Front) {
    let backends: BTreeMap<&str, &Section> = sections
        .iter()
        .filter(|one| matches!(one.kind.as_str(), "backend" | "listen"))
        .filter_map(|one| Some((one.name.as_deref()?, one)))
        .collect();
    for section in sections {
        match section.kind.as_str() {
            "frontend" | "listen" => sites(section, &backends, place, front),
            _ => {}
        }
        match section.kind.as_str() {
            "frontend" | "listen" | "backend" | "defaults" => lines(section, place, front),
            "userlist" => front.leave(Left {
                path: place.path.to_owned(),
                line: section.line,
                text: format!("userlist {}", section.name.clone().unwrap_or_default()),
                what: "users and passwords",
                item: place.item,
            }),
            _ => {}
        }
    }
}

fn lines(section: &Section, place: &Place<'_>, front: &mut Front) {
    let name = section.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
    for line in &section.lines {
        let text = line.words.join(" ");
        let Use::Left(what) = use_of(line, &text) else {
            if text.contains("scheme https") {
                front.note("HAProxy's redirect to https is the load balancer's");
            }
            continue;
        };
        let text = format!("{text} (in {}{name})", section.kind);
        front.leave(Left { path: place.path.to_owned(), line: line.line, text, what, item: place.item });
    }
}

fn use_of(line: &Line, text: &str) -> Use {
    let first = line.words.first().map_or("", String::as_str);
    if matches!(first, "redirect" | "http-request") && text.contains("scheme https") {
        return Use::Done;
    }
    let header = text.to_ascii_lowercase();
    if matches!(first, "reqadd" | "http-request" | "reqidel" | "reqirep") && header.contains("x-forwarded-") {
        return Use::Done;
    }
    if first == "errorfile" && text.contains("/etc/haproxy/errors/") {
        return Use::Done;
    }
    let fits = |pattern: &str| {
        text.strip_prefix(pattern)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '-', '_', 'a', 'i']) || pattern.contains(' '))
    };
    TABLE.iter().find(|(pattern, _)| fits(pattern)).map_or(Use::Left("a line of HAProxy"), |(_, what)| *what)
}

/// The ways through a frontend.
fn sites(section: &Section, backends: &BTreeMap<&str, &Section>, place: &Place<'_>, front: &mut Front) {
    let of = |first: &str| section.lines.iter().filter(|line| line.words.first().is_some_and(|word| word == first)).collect::<Vec<_>>();
    if of("mode").iter().any(|line| line.words.get(1).is_some_and(|mode| mode == "tcp"))
        || section.lines.iter().all(|line| line.words.first().is_some_and(|word| word == "stats" || word == "bind" || word == "mode"))
    {
        return;
    }
    let tls = of("bind").iter().any(|line| line.words.iter().any(|word| word == "ssl" || word.ends_with(":443")));
    let base = |backend: Option<&&Section>| {
        let mut site = Site { environment: place.environment, tls, item: place.item, ..Site::default() };
        for line in backend.iter().flat_map(|one| &one.lines) {
            match line.words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["server", _, address, ..] => site.behind.push((*address).to_owned()),
                ["option", "httpchk", rest @ ..] => {
                    site.health = rest.iter().find(|word| word.starts_with('/')).map(|path| (*path).to_owned())
                }
                ["http-check", "send", rest @ ..] => {
                    site.health = rest
                        .iter()
                        .position(|word| *word == "uri")
                        .and_then(|at| rest.get(at + 1))
                        .map(|path| (*path).to_owned())
                        .or(site.health.take());
                }
                _ => {}
            }
        }
        site
    };
    // Names and paths of the conditions.
    let mut hosts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut paths: BTreeMap<&str, String> = BTreeMap::new();
    for line in of("acl") {
        let [_, name, what, values @ ..] = line.words.as_slice() else { continue };
        let values = values.iter().filter(|word| !word.starts_with('-')).cloned();
        if what.contains("hdr") && what.to_ascii_lowercase().contains("host") {
            let wild = if what.contains("_end") || what.contains("_dom") { "*." } else { "" };
            let names = values.map(|value| format!("{wild}{}", host(value.trim_start_matches('.')))).filter(|name| is_host(name));
            hosts.entry(name).or_default().extend(names);
        } else if what.starts_with("path_beg") || what == "path" {
            paths.extend(values.into_iter().next().map(|path| (name.as_str(), path)));
        }
    }
    for line in of("use_backend") {
        let [_, backend, rest @ ..] = line.words.as_slice() else { continue };
        let mut site = base(backends.get(backend.as_str()));
        let conditions: Vec<&str> = rest.iter().skip(1).map(String::as_str).collect();
        for name in &conditions {
            site.hosts.extend(hosts.get(name).into_iter().flatten().cloned());
            site.path = site.path.take().or_else(|| paths.get(name).cloned());
        }
        if rest.first().is_some_and(|word| word == "unless")
            || conditions.iter().any(|word| word.starts_with('!'))
            || (site.hosts.is_empty() && site.path.is_none())
        {
            let text = line.words.join(" ");
            front.leave(Left {
                path: place.path.to_owned(),
                line: line.line,
                text,
                what: "a way by a condition of its own",
                item: place.item,
            });
            continue;
        }
        front.sites.push(site);
    }
    let usual = of("default_backend").first().and_then(|line| backends.get(line.words.get(1)?.as_str()).copied());
    let own = (section.kind == "listen").then_some(section);
    if let Some(backend) = usual.or(own) {
        front.sites.push(base(Some(&backend)));
    }
}
