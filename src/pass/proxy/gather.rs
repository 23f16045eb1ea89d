//! The nginx configuration of one environment as one tree: `nginx.conf` with the files that its includes reach in their places.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{FileKind, Lifecycle};
use crate::pass::Input;
use crate::pass::encode::encode;
use crate::pass::input::RunFile;
use crate::pass::proxy::node::{Node, each, nodes};
use crate::read::nginx;

/// Where packages and builds of nginx keep their configuration.
pub const FOLDERS: [&str; 4] = ["/etc/nginx", "/opt/nginx/conf", "/usr/local/nginx/conf", "/usr/local/etc/nginx"];

/// What Debian's package has where Chef writes sites alone.
const PACKAGED: &str = "worker_processes auto;\nevents {\n  worker_connections 768;\n}\nhttp {\n  sendfile on;\n  tcp_nopush on;\n  types_hash_max_size 2048;\n  include /etc/nginx/mime.types;\n  default_type application/octet-stream;\n  gzip on;\n  include /etc/nginx/conf.d/*.conf;\n  include /etc/nginx/sites-enabled/*;\n}\n";

/// `proxy_params` of Debian's package, which the official image does not have.
const PROXY_PARAMS: &str = "proxy_set_header Host $http_host;\nproxy_set_header X-Real-IP $remote_addr;\nproxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\nproxy_set_header X-Forwarded-Proto $scheme;\n";

/// Files that the official image has.
const IN_IMAGE: [&str; 4] = ["mime.types", "fastcgi_params", "uwsgi_params", "scgi_params"];

/// Includes inside each other beyond this are not followed.
const DEPTH: usize = 8;

/// The configuration of one environment.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The tree, includes in their places.
    pub nodes: Vec<Node>,
    /// The files that it is made of, in order: path, item, template.
    pub files: Vec<(String, usize, Option<String>)>,
    /// Includes of files that nothing writes.
    pub missing: Vec<String>,
    /// Files that layers of the environment have with different text.
    pub conflicts: BTreeSet<String>,
    /// Whether the main file is the package's.
    pub packaged: bool,
}

struct Gatherer<'a> {
    folder: &'static str,
    files: BTreeMap<&'a str, RunFile<'a>>,
    conflicts: BTreeSet<&'a str>,
    found: Found,
}

/// The files of an environment at the end of what happens to a running host; where layers differ, the first one's.
fn files_of<'a>(input: &Input<'a>, environment: usize) -> (BTreeMap<&'a str, RunFile<'a>>, BTreeSet<&'a str>) {
    let mut files: BTreeMap<&'a str, RunFile<'a>> = BTreeMap::new();
    let mut conflicts = BTreeSet::new();
    for file in input.files() {
        let Some(run) = input.graph.runs.get(file.run) else { continue };
        if run.environment != environment || matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) {
            continue;
        }
        match files.get(file.path) {
            Some(known)
                if input.graph.runs.get(known.run).is_some_and(|other| other.layer != run.layer)
                    && known.state.kind != FileKind::Absent =>
            {
                if known.state.kind != file.state.kind {
                    conflicts.insert(file.path);
                }
            }
            _ => {
                files.insert(file.path, file);
            }
        }
    }
    (files, conflicts)
}

/// The configuration of `environment`, when it has a server.
#[must_use]
pub fn gather(input: &Input<'_>, environment: usize) -> Option<Found> {
    let (files, conflicts) = files_of(input, environment);
    let is_file = |path: &str| files.get(path).is_some_and(|file| matches!(file.state.kind, FileKind::File(_)));
    let with_main = FOLDERS.iter().find(|folder| is_file(&format!("{folder}/nginx.conf")));
    let folder = with_main
        .or_else(|| FOLDERS.iter().find(|folder| files.keys().any(|path| path.starts_with(&format!("{folder}/")) && is_file(path))))?;
    let mut gatherer = Gatherer { folder, files, conflicts, found: Found::default() };
    let mut nodes = match with_main {
        Some(_) => gatherer.file(&format!("{folder}/nginx.conf"), 0),
        None => {
            gatherer.found.packaged = true;
            gatherer.text(PACKAGED, 0)
        }
    };
    if !has_server(&nodes) {
        // Sites that a tool enables, by a link that no resource declares.
        let sites: Vec<String> = gatherer.matching(&format!("{folder}/sites-available/*"));
        let more: Vec<Node> = sites.iter().flat_map(|path| gatherer.file(path, 1)).collect();
        if let Some(block) = nodes.iter_mut().find(|node| node.name == "http").and_then(|node| node.block.as_mut()) {
            block.extend(more);
        }
    }
    let mut found = gatherer.found;
    found.nodes = nodes;
    has_server(&found.nodes).then_some(found)
}

fn has_server(nodes: &[Node]) -> bool {
    let mut any = false;
    each(nodes, &mut |node| any |= node.name == "server" && node.block.is_some());
    any
}

impl Gatherer<'_> {
    /// The nodes of a file; of a link, those of its target.
    fn file(&mut self, path: &str, depth: usize) -> Vec<Node> {
        if depth > DEPTH {
            return Vec::new();
        }
        let Some(file) = self.files.get(path).copied() else { return Vec::new() };
        if self.conflicts.contains(path) {
            self.found.conflicts.insert(path.to_owned());
        }
        match &file.state.kind {
            FileKind::Link(to) => {
                let to = to.known().unwrap_or_default().to_owned();
                let absolute = if to.starts_with('/') { to } else { join(path.rsplit_once('/').map_or("", |(folder, _)| folder), &to) };
                if absolute == path { Vec::new() } else { self.file(&absolute, depth + 1) }
            }
            FileKind::File(text) => {
                if !self.found.files.iter().any(|(known, ..)| known == path) {
                    self.found.files.push((path.to_owned(), file.item, file.state.source.clone()));
                }
                let encoded = encode(text);
                let all = nodes(&nginx::parse(&encoded.text).0, &encoded);
                let mut all = self.expand(all, depth);
                if let (Some(first), Some(source), true) = (all.first_mut(), &file.state.source, depth > 0) {
                    first.comments.insert(0, source.clone());
                }
                all
            }
            _ => Vec::new(),
        }
    }

    fn text(&mut self, text: &str, depth: usize) -> Vec<Node> {
        let all = nodes(&nginx::parse(text).0, &crate::pass::encode::Encoded::default());
        self.expand(all, depth)
    }

    fn expand(&mut self, all: Vec<Node>, depth: usize) -> Vec<Node> {
        let mut out = Vec::new();
        for mut node in all {
            if node.name == "include" && node.block.is_none() && node.unknown.is_empty() {
                out.extend(self.include(node, depth));
                continue;
            }
            // The tree's depth is bounded by the reader.
            node.block = node.block.take().map(|block| self.expand(block, depth));
            out.push(node);
        }
        out
    }

    fn include(&mut self, mut node: Node, depth: usize) -> Vec<Node> {
        let pattern = if node.value().starts_with('/') { node.value().to_owned() } else { join(self.folder, node.value()) };
        let name = pattern.rsplit('/').next().unwrap_or("").to_owned();
        let found = self.matching(&pattern);
        if !found.is_empty() {
            let mut all: Vec<Node> = found.iter().flat_map(|path| self.file(path, depth + 1)).collect();
            if let Some(first) = all.first_mut() {
                first.comments.splice(0..0, node.comments);
            }
            return all;
        }
        if pattern.contains(['*', '?', '[']) {
            return Vec::new();
        }
        if IN_IMAGE.contains(&name.as_str()) {
            node.set([format!("/etc/nginx/{name}")]);
            return vec![node];
        }
        if name == "proxy_params" {
            return self.text(PROXY_PARAMS, depth + 1);
        }
        self.found.missing.push(pattern);
        node.disabled = true;
        vec![node.commented("not written by any cookbook:")]
    }

    fn matching(&self, pattern: &str) -> Vec<String> {
        let there = |kind: &FileKind| matches!(kind, FileKind::File(_) | FileKind::Link(_));
        let paths = self.files.iter().filter(|(_, file)| there(&file.state.kind)).map(|(path, _)| *path);
        paths.filter(|path| glob(pattern, path)).map(str::to_owned).collect()
    }
}

/// A relative path in a folder, `..` and `.` resolved.
fn join(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// `glob(3)` as far as configurations use it: `*` and `?` inside one component, not a leading dot.
fn glob(pattern: &str, path: &str) -> bool {
    let (patterns, parts): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    patterns.len() == parts.len() && patterns.iter().zip(&parts).all(|(pattern, part)| component(pattern, part))
}

fn component(pattern: &str, part: &str) -> bool {
    if part.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, part): (Vec<char>, Vec<char>) = (pattern.chars().collect(), part.chars().collect());
    // The last star, and how far it reaches so far.
    let (mut at, mut from, mut star) = (0, 0, None);
    while from < part.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(c) if *c == '?' || Some(c) == part.get(from) => {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((star_at, star_from)) => {
                    star = Some((star_at, star_from + 1));
                    at = star_at + 1;
                    from = star_from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).is_none_or(|rest| rest.iter().all(|c| *c == '*'))
}

#[cfg(test)]
mod tests {
    use super::{glob, join};

    #[test]
    fn patterns_and_paths() {
        for (pattern, path, matches) in [
            ("/etc/nginx/sites-enabled/*", "/etc/nginx/sites-enabled/shop", true),
            ("/etc/nginx/sites-enabled/*", "/etc/nginx/sites-enabled/.keep", false),
            ("/etc/nginx/conf.d/*.conf", "/etc/nginx/conf.d/a.conf", true),
            ("/etc/nginx/conf.d/*.conf", "/etc/nginx/conf.d/a.conf.bak", false),
            ("/etc/nginx/*", "/etc/nginx/conf.d/a.conf", false),
            ("/a/x?z*y*", "/a/xyz-y-y", true),
            ("/a/x", "/a/xy", false),
        ] {
            assert_eq!(glob(pattern, path), matches, "{pattern} {path}");
        }
        assert_eq!(join("/etc/nginx/sites-enabled", "../sites-available/shop"), "/etc/nginx/sites-available/shop");
    }
}
