//! From the hosts' configuration to the container's: other ports, no TLS, standard output, one app on localhost.
//!
//! `server unix:/srv/www/shop/shared/sockets/puma.sock fail_timeout=0;` becomes `server 127.0.0.1:3000 fail_timeout=0;`.

use std::collections::{BTreeMap, BTreeSet};

use crate::pass::Input;
use crate::pass::proxy::node::{Node, each};

/// The port that the container listens on.
pub const PORT: u16 = 8080;

/// What the container writes to.
const TEMPORARY: [(&str, &str); 5] = [
    ("client_body_temp_path", "/tmp/client_body"),
    ("proxy_temp_path", "/tmp/proxy"),
    ("fastcgi_temp_path", "/tmp/fastcgi"),
    ("uwsgi_temp_path", "/tmp/uwsgi"),
    ("scgi_temp_path", "/tmp/scgi"),
];

/// What rewriting found.
#[derive(Debug, Clone, Default)]
pub struct Rewrite {
    /// Folders of the app's image that are served, and where they are in this one: `/app/public` → `/srv/public`.
    pub folders: BTreeMap<String, String>,
    /// Local addresses that are now the app's port.
    pub local: BTreeSet<String>,
    /// Other hosts that requests go to.
    pub remote: BTreeSet<String>,
    /// Host names of the servers.
    pub names: BTreeSet<String>,
    /// Certificates and keys that are no longer used.
    pub certificates: BTreeSet<String>,
    /// What changed, in words.
    pub changes: Vec<String>,
    /// Directives that a person must look at: the words, why.
    pub open: Vec<(String, String)>,
}

impl Rewrite {
    /// Adds what rewriting another environment found.
    pub fn add(&mut self, other: Self) {
        self.folders.extend(other.folders);
        self.local.extend(other.local);
        self.remote.extend(other.remote);
        self.names.extend(other.names);
        self.certificates.extend(other.certificates);
        other.changes.iter().for_each(|change| self.changed(change));
        other.open.into_iter().for_each(|(what, why)| self.left_open(what, &why));
    }

    fn changed(&mut self, change: &str) {
        if !self.changes.iter().any(|known| known == change) {
            self.changes.push(change.to_owned());
        }
    }

    fn left_open(&mut self, what: String, why: &str) {
        if !self.open.iter().any(|(known, _)| *known == what) {
            self.open.push((what, why.to_owned()));
        }
    }
}

struct Rewriter<'i, 'a> {
    input: &'i Input<'a>,
    port: u16,
    out: Rewrite,
}

/// Rewrites the tree; `port` is the app's.
#[must_use]
pub fn rewrite(input: &Input<'_>, nodes: Vec<Node>, port: u16) -> (Vec<Node>, Rewrite) {
    let mut rewriter = Rewriter { input, port, out: Rewrite::default() };
    let nodes = rewriter.main(nodes);
    (nodes, rewriter.out)
}

impl Rewriter<'_, '_> {
    fn main(&mut self, nodes: Vec<Node>) -> Vec<Node> {
        let mut nodes = self.block(nodes, "main");
        let pid = Node::plain("pid", &["/tmp/nginx.pid"]);
        match nodes.iter().position(|node| node.name == "pid") {
            Some(at) => nodes[at].set(["/tmp/nginx.pid".to_owned()]),
            None => nodes.insert(nodes.iter().position(|node| node.name != "worker_processes").unwrap_or(0), pid),
        }
        if !nodes.iter().any(|node| node.name == "events") {
            let mut events = Node::plain("events", &[]);
            events.block = Some(Vec::new());
            nodes.insert(nodes.iter().position(|node| node.block.is_some()).unwrap_or(nodes.len()), events);
        }
        for http in nodes.iter_mut().filter(|node| node.name == "http") {
            let Some(block) = http.block.take() else { continue };
            http.block = Some(self.http(block));
        }
        nodes
    }

    fn http(&mut self, block: Vec<Node>) -> Vec<Node> {
        let mut block = self.servers(block);
        let mut temporary: Vec<Node> = TEMPORARY.iter().map(|(name, path)| Node::plain(name, &[path])).collect();
        if let Some(first) = temporary.first_mut() {
            first.comments.push("the root file system is read-only: request bodies and other temporary files".to_owned());
        }
        let at = block.iter().take_while(|node| matches!(node.name.as_str(), "include" | "default_type") && !node.disabled).count();
        block.splice(at..at, temporary);
        self.out.changed("writable paths under /tmp");
        block
    }

    /// The servers: those that only lead to HTTPS go, the others listen on one port.
    fn servers(&mut self, block: Vec<Node>) -> Vec<Node> {
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

    fn block(&mut self, nodes: Vec<Node>, within: &str) -> Vec<Node> {
        let mut out: Vec<Node> = Vec::new();
        let mut carried: Vec<String> = Vec::new();
        for node in nodes {
            let comments = node.comments.clone();
            match self.node(node, within) {
                Some(mut node) => {
                    node.comments.splice(0..0, carried.drain(..));
                    // Several local sockets are now one port.
                    let twice = within == "upstream"
                        && node.name == "server"
                        && out.iter().any(|one| one.name == "server" && one.value() == node.value());
                    if !twice {
                        out.push(node);
                    }
                }
                None => carried.extend(comments),
            }
        }
        if within == "upstream" && !out.iter().any(|node| node.name == "server" && !node.disabled) {
            out.push(Node::plain("server", &[&format!("127.0.0.1:{}", self.port)]));
        }
        out
    }

    /// The node for the container; none where it goes.
    fn node(&mut self, mut node: Node, within: &str) -> Option<Node> {
        let name = node.name.clone();
        match name.as_str() {
            "user" | "daemon" | "lock_file" | "worker_priority" | "master_process" if within == "main" => return None,
            "open_log_file_cache" | "ssl" => return None,
            "http2" if within == "server" || within == "http" => return None,
            "passenger_enabled" if within != "server" => {
                if within != "location" || node.value() != "on" {
                    return None;
                }
                self.out.changed("Passenger's app runs in its own container, behind this proxy");
                let port = self.port;
                node.comments.push("was passenger_enabled on".to_owned());
                "proxy_pass".clone_into(&mut node.name);
                node.set([format!("http://127.0.0.1:{port}")]);
            }
            _ if (name.starts_with("passenger_") && name != "passenger_enabled") || name.starts_with("spdy_") => return None,
            _ if is_foreign(&name) => {
                self.out.left_open(name.clone(), "the official image does not have or not load the module");
                node.comments.push("of a module that the official image does not have or not load:".to_owned());
                node.disabled = true;
            }
            "real_ip_header" if node.value() == "proxy_protocol" => node.set(["X-Forwarded-For".to_owned()]),
            _ if name.starts_with("ssl_") => {
                if matches!(
                    name.as_str(),
                    "ssl_certificate" | "ssl_certificate_key" | "ssl_dhparam" | "ssl_trusted_certificate" | "ssl_client_certificate"
                ) {
                    self.out.certificates.insert(node.value().to_owned());
                }
                return None;
            }
            _ if TEMPORARY.iter().any(|(temporary, _)| *temporary == name) => return None,
            "load_module" => {
                self.out
                    .left_open(format!("load_module {}", node.value()), "the official image has no such module, or has it at another path");
                node.disabled = true;
            }
            "access_log" if node.value() != "off" => self.access_log(&mut node),
            "error_log" => {
                let level = node.values().get(1).map(|level| (*level).to_owned());
                node.set(std::iter::once("/dev/stderr".to_owned()).chain(level));
                node.unknown.clear();
                self.out.changed("logs to the container's output");
            }
            "worker_processes" if !node.unknown.is_empty() => {
                node.set(["auto".to_owned()]);
                let unknown = std::mem::take(&mut node.unknown).join(", ");
                node.comments.push(format!("was {unknown}"));
            }
            "proxy_cache_path" | "fastcgi_cache_path" => {
                if let Some(path) = node.arguments.first_mut().filter(|path| !path.text.starts_with("/tmp/")) {
                    path.text = format!("/tmp/{}", path.text.trim_end_matches('/').rsplit('/').next().unwrap_or("cache"));
                }
            }
            "server" if within == "upstream" => self.upstream_server(&mut node),
            "proxy_pass" | "grpc_pass" => self.pass(&mut node),
            "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" => {
                self.out.left_open(format!("{name} {}", node.value()), "say where that program answers: it was beside nginx on the host");
            }
            _ => {}
        }
        if name == "listen" || name == "server_name" {
            return Some(node);
        }
        self.paths(&mut node);
        node.block = node.block.take().map(|block| self.block(block, &name));
        if !node.unknown.is_empty() && !node.disabled {
            let unknown = node.unknown.join(", ");
            self.out.left_open(format!("{name} {}", node.values().join(" ")), &format!("it depends on {unknown}"));
            node.comments.push(format!("to be decided, it depends on {unknown}:"));
            node.disabled = true;
        }
        Some(node)
    }

    fn access_log(&mut self, node: &mut Node) {
        let values: Vec<String> = node.values().into_iter().skip(1).map(str::to_owned).collect();
        let kept = values
            .into_iter()
            .enumerate()
            .filter(|(at, value)| (*at == 0 && !value.contains('=') && value != "gzip") || value.starts_with("if="));
        let arguments: Vec<String> = std::iter::once("/dev/stdout".to_owned()).chain(kept.map(|(_, value)| value)).collect();
        node.set(arguments);
        node.unknown.clear();
        self.out.changed("logs to the container's output");
    }

    fn upstream_server(&mut self, node: &mut Node) {
        let address = node.value().to_owned();
        if !is_local(&address) {
            if node.unknown.is_empty() {
                self.out.remote.insert(address);
            }
            return;
        }
        self.out.local.insert(address);
        if let Some(first) = node.arguments.first_mut() {
            first.text = format!("127.0.0.1:{}", self.port);
        }
        node.unknown.clear();
        self.out.changed("the app on a port of localhost");
    }

    /// `proxy_pass http://localhost:8000/api` and `http://unix:/run/app.sock:/api`.
    fn pass(&mut self, node: &mut Node) {
        let port = self.port;
        let Some(first) = node.arguments.first_mut() else { return };
        let (scheme, rest) =
            first.text.split_once("://").map_or((String::new(), first.text.as_str()), |(scheme, rest)| (format!("{scheme}://"), rest));
        let (address, uri) = match rest.strip_prefix("unix:") {
            Some(socket) => {
                let (path, uri) = socket.split_once(':').unwrap_or((socket, ""));
                (format!("unix:{path}"), uri.to_owned())
            }
            None => {
                let end = rest.find(['/', '$', '?']).unwrap_or(rest.len());
                (rest.get(..end).unwrap_or_default().to_owned(), rest.get(end..).unwrap_or_default().to_owned())
            }
        };
        if is_local(&address) {
            self.out.local.insert(address);
            first.text = format!("{scheme}127.0.0.1:{port}{uri}");
            node.unknown.clear();
            self.out.changed("the app on a port of localhost");
        }
    }

    /// Folders of the app on the hosts are `/srv/…` here.
    fn paths(&mut self, node: &mut Node) {
        for argument in &mut node.arguments {
            let mut text = self.input.image_path(&argument.text);
            if text == argument.text && matches!(node.name.as_str(), "root" | "alias") {
                // An app that nothing deploys, in the usual folders.
                if let Some((_, rest)) = text.split_once("/current/public") {
                    text = format!("/app/public{rest}");
                }
            }
            if !(text == "/app" || text.contains("/app/")) {
                argument.text = text;
                continue;
            }
            match text.strip_prefix("/app").filter(|_| matches!(node.name.as_str(), "root" | "alias")) {
                Some(below) => {
                    let folder = below.split('/').nth(1).unwrap_or("").to_owned();
                    if folder.contains(['$', '‹']) {
                        continue;
                    }
                    let (from, to) = if folder.is_empty() {
                        ("/app".to_owned(), "/srv/app".to_owned())
                    } else {
                        (format!("/app/{folder}"), format!("/srv/{folder}"))
                    };
                    text = text.replacen(&from, &to, 1);
                    self.out.changed(&format!("{from} of the app's image is {to}"));
                    self.out.folders.insert(from, to);
                }
                None => text = text.replace("/app/public", "/srv/public"),
            }
            argument.text = text;
        }
    }
}

/// Whether the directive is of a module that `nginx-extras`, Passenger's build or a build of one's own has.
fn is_foreign(name: &str) -> bool {
    const PREFIXES: [&str; 14] = [
        "more_",
        "lua_",
        "pagespeed",
        "brotli",
        "upload_",
        "push_stream_",
        "vhost_traffic_",
        "fancyindex",
        "newrelic_",
        "geoip_",
        "geoip2",
        "image_filter",
        "xslt_",
        "perl_",
    ];
    name.contains("_by_lua") || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
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

/// An address on the same host.
fn is_local(address: &str) -> bool {
    if address.starts_with("unix:") || address.starts_with('/') {
        return true;
    }
    let host = if let Some(rest) = address.strip_prefix('[') {
        rest.split(']').next().unwrap_or("")
    } else {
        address.split(':').next().unwrap_or("")
    };
    matches!(host, "localhost" | "0.0.0.0" | "::1") || host.starts_with("127.")
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
