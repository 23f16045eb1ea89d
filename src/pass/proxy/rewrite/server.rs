//! The servers of the container: one port, no TLS, no server that only leads to HTTPS.
//!
//! `listen 80 default_server; listen 443 ssl;` becomes `listen 8080 default_server;`.

use std::collections::BTreeSet;

use super::{PORT, Rewriter};
use crate::pass::proxy::node::{Node, each};

impl Rewriter<'_, '_> {
    /// The servers: those that only lead to HTTPS go, the others listen on one port.
    pub(super) fn servers(&mut self, block: Vec<Node>) -> Vec<Node> {
        let is_server = |node: &Node| node.name == "server" && node.block.is_some();
        let with_tls = block.iter().any(|node| is_server(node) && listens_with_tls(node));
        let (mut out, mut carried) = (Vec::new(), Vec::new());
        for mut node in block {
            if !is_server(&node) {
                node.comments.splice(0..0, carried.drain(..));
                out.push(node);
                continue;
            }
            if with_tls && leads_to_https(&node) && !listens_with_tls(&node) {
                self.out.changed("the server that only led to HTTPS is gone: the load balancer's redirect answers");
                self.out.names.extend(names(&node));
                carried.append(&mut node.comments);
                carried.push("the server that only led to HTTPS is the load balancer's redirect".to_owned());
                continue;
            }
            node.comments.splice(0..0, carried.drain(..));
            out.push(self.server(node));
        }
        settle(&mut out);
        let mut servers: Vec<&mut Node> = out.iter_mut().filter(|node| is_server(node)).collect();
        if let [only] = servers.as_mut_slice() {
            for child in only.block.iter_mut().flatten().filter(|child| child.name == "server_name") {
                let hosts: Vec<&str> = child.values().into_iter().filter(|name| *name != "_").collect();
                if hosts.is_empty() {
                    continue;
                }
                child.comments.push("the routes from outside know the hosts".to_owned());
                child.set(["_".to_owned()]);
                child.unknown.clear();
                child.disabled = false;
                self.out.changed("server_name is `_`: the routes from outside know the hosts");
            }
        }
        out
    }

    fn server(&mut self, mut node: Node) -> Node {
        let tls = listens_with_tls(&node);
        self.out.names.extend(names(&node));
        let mut children = node.block.take().unwrap_or_default();
        let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
        let mut out = Vec::new();
        let mut carried = Vec::new();
        for mut child in children.drain(..) {
            if child.name == "listen" {
                match self.listen(&child) {
                    Some(arguments) if seen.insert(arguments.iter().take(1).cloned().collect()) => {
                        child.set(arguments);
                        child.unknown.clear();
                        child.disabled = false;
                    }
                    _ => {
                        carried.append(&mut child.comments);
                        continue;
                    }
                }
            }
            child.comments.splice(0..0, carried.drain(..));
            out.push(child);
        }
        if seen.is_empty() {
            out.insert(0, Node::plain("listen", &[&PORT.to_string()]));
            self.out.changed("port 8080");
        }
        if tls {
            self.out.changed("TLS ends at the load balancer: no `listen 443 ssl`, no `ssl_…`");
            if let Some(listen) = out.iter_mut().find(|child| child.name == "listen") {
                listen.comments.push("TLS ends at the load balancer: listen … ssl and ssl_… are gone".to_owned());
            }
            self.forwarded(&mut out);
        }
        if out.iter().any(|child| child.name == "passenger_enabled" && child.value() == "on") {
            self.passenger(&mut out);
        }
        out.retain(|child| !child.name.starts_with("passenger_"));
        node.block = Some(out);
        node
    }

    /// The new arguments of `listen`; none where TLS or a socket was listened to.
    fn listen(&mut self, node: &Node) -> Option<Vec<String>> {
        let values = node.values();
        let (first, parameters) = values.split_first()?;
        if first.starts_with("unix:") || parameters.contains(&"ssl") || parameters.contains(&"quic") || port_of(first) == Some(443) {
            return None;
        }
        let old = port_of(first).unwrap_or(80);
        let new = if old < 1024 { if old == 80 { PORT } else { old.saturating_add(8000) } } else { old };
        if new != old {
            self.out.changed("port 8080");
        }
        let address = if first.starts_with('[') { format!("[::]:{new}") } else { new.to_string() };
        if parameters.contains(&"proxy_protocol") {
            self.out.changed("no PROXY protocol: the load balancer speaks HTTP");
        }
        let kept = parameters.iter().filter(|one| !matches!(**one, "http2" | "spdy" | "proxy_protocol"));
        Some(
            std::iter::once(address)
                .chain(kept.map(|one| if *one == "default" { "default_server".to_owned() } else { (*one).to_owned() }))
                .collect(),
        )
    }

    /// Where TLS ended here, `$scheme` was `https`; now the load balancer says so.
    fn forwarded(&mut self, nodes: &mut [Node]) {
        for node in nodes {
            let is_header = matches!(node.name.as_str(), "proxy_set_header" | "fastcgi_param");
            if is_header && node.values().get(1) == Some(&"$scheme") {
                if let Some(value) = node.arguments.get_mut(1) {
                    value.text = "$http_x_forwarded_proto".to_owned();
                }
                node.comments.push("was $scheme, when TLS ended here".to_owned());
                self.out.changed("`$scheme` in headers is the load balancer's X-Forwarded-Proto");
            }
            if node.name == "if" && node.arguments.iter().any(|argument| argument.text.contains("$scheme")) {
                for argument in &mut node.arguments {
                    argument.text = argument.text.replace("$scheme", "$http_x_forwarded_proto");
                }
                node.comments.push("was $scheme, when TLS ended here".to_owned());
            }
            self.forwarded(node.block.as_deref_mut().unwrap_or_default());
        }
    }

    /// An app inside nginx becomes an app behind it.
    fn passenger(&mut self, children: &mut Vec<Node>) {
        self.out.changed("Passenger's app runs in its own container, behind this proxy");
        if !children.iter().any(|child| child.name == "try_files") {
            children.push(Node::plain("try_files", &["$uri", "@app"]).commented("passenger_enabled on: the app answers what is no file"));
        }
        let mut location = Node::plain("location", &["@app"]);
        location.block = Some(vec![
            Node::plain("proxy_set_header", &["Host", "$host"]),
            Node::plain("proxy_set_header", &["X-Forwarded-For", "$proxy_add_x_forwarded_for"]),
            Node::plain("proxy_set_header", &["X-Forwarded-Proto", "$http_x_forwarded_proto"]),
            Node::plain("proxy_pass", &[&format!("http://127.0.0.1:{}", self.port)]),
        ]);
        children.push(location);
    }
}

/// One default server and one set of socket options for each address: nginx takes no second, and several addresses became one.
fn settle(servers: &mut [Node]) {
    let (mut defaults, mut options) = (BTreeSet::new(), BTreeSet::new());
    for server in servers.iter_mut().filter(|node| node.name == "server") {
        for listen in server.block.iter_mut().flatten().filter(|child| child.name == "listen") {
            let address = listen.value().to_owned();
            let has_options = listen.values().iter().skip(1).any(|one| *one != "default_server");
            let takes_options = !has_options || options.insert(address.clone());
            listen.arguments.retain(|argument| match argument.text.as_str() {
                "default_server" => defaults.insert(address.clone()),
                text => text == address || takes_options,
            });
        }
    }
}

fn port_of(address: &str) -> Option<u16> {
    if address.bytes().all(|byte| byte.is_ascii_digit()) {
        return address.parse().ok();
    }
    if address.ends_with(']') {
        return Some(80);
    }
    match address.rsplit_once(':') {
        Some((_, port)) => port.parse().ok(),
        None => Some(80),
    }
}

fn listens_with_tls(server: &Node) -> bool {
    server.children().iter().any(|child| {
        (child.name == "listen" && (child.values().contains(&"ssl") || port_of(child.value()) == Some(443)))
            || (child.name == "ssl" && child.value() == "on")
    })
}

fn names(server: &Node) -> Vec<String> {
    let named = server.children().iter().filter(|child| child.name == "server_name");
    named.flat_map(Node::values).filter(|name| *name != "_" && !name.is_empty()).map(str::to_owned).collect()
}

/// A server that answers everything with a redirect to HTTPS on the same host.
fn leads_to_https(server: &Node) -> bool {
    let own = names(server);
    let to_own = |target: &str| {
        target.strip_prefix("https://").is_some_and(|rest| {
            let host = rest.split('/').next().unwrap_or("");
            let host = host.split("$request_uri").next().unwrap_or("");
            matches!(host, "$host" | "$http_host" | "$server_name") || own.iter().any(|name| name == host)
        })
    };
    let redirects = |node: &Node| match node.name.as_str() {
        "return" => node.values().last().is_some_and(|target| to_own(target)),
        "rewrite" => node.values().get(1).is_some_and(|target| to_own(&target.replace("$1", "/"))),
        _ => false,
    };
    let mut any = false;
    each(server.children(), &mut |node| any |= redirects(node));
    let mut other = false;
    each(server.children(), &mut |node| {
        other |= matches!(node.name.as_str(), "proxy_pass" | "root" | "alias" | "fastcgi_pass" | "if" | "try_files")
    });
    any && !other
}
