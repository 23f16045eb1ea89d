//! From the hosts' configuration to the container's: other ports, no TLS, standard output, one app on localhost.
//!
//! `server unix:/srv/www/shop/shared/sockets/puma.sock fail_timeout=0;` becomes `server 127.0.0.1:3000 fail_timeout=0;`.

mod server;

use std::collections::{BTreeMap, BTreeSet};

use crate::pass::Input;
use crate::pass::proxy::node::Node;
use crate::text::SHOWN_HOLE;

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
                    if folder.contains(['$', SHOWN_HOLE]) {
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
