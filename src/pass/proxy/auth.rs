//! Basic authentication that only some environments have: an include where it stood, and the file that is mounted there.
//!
//! Staging's `auth_basic "staging"; auth_basic_user_file /etc/nginx/htpasswd;` becomes `include /etc/nginx/auth/*.conf;`.

use std::collections::BTreeSet;

use crate::pass::proxy::node::{Node, each, print};

/// One file of directives that environments mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mounted {
    /// The folder that is included: `/etc/nginx/auth`.
    pub folder: String,
    /// The text in each environment.
    pub content: Vec<Option<String>>,
}

/// The directives about users and passwords.
fn is_auth(node: &Node) -> bool {
    matches!(node.name.as_str(), "auth_basic" | "auth_basic_user_file")
}

/// The absolute paths of the password files that the nodes name.
#[must_use]
pub fn user_files(nodes: &[Node]) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    each(nodes, &mut |node| {
        if node.name == "auth_basic_user_file" && !node.disabled && !node.value().contains('$') {
            files.insert(absolute(node.value()));
        }
    });
    files
}

/// A path as nginx takes it: relative ones lie in its configuration folder.
#[must_use]
pub fn absolute(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/etc/nginx/{path}") }
}

/// One tree for all environments when they differ in authentication alone; none when they differ in more.
#[must_use]
pub fn merge(trees: &[Option<Vec<Node>>]) -> Option<(Vec<Node>, Vec<Mounted>)> {
    let there: Vec<(usize, &[Node])> = trees.iter().enumerate().filter_map(|(at, tree)| Some((at, tree.as_deref()?))).collect();
    let (_, first) = there.first()?;
    if there.iter().all(|(_, tree)| tree == first) {
        return Some((first.to_vec(), Vec::new()));
    }
    let mut mounted = Vec::new();
    let merged = level(&there, trees.len(), &mut mounted)?;
    Some((merged, mounted))
}

fn level(there: &[(usize, &[Node])], count: usize, mounted: &mut Vec<Mounted>) -> Option<Vec<Node>> {
    let plain: Vec<(usize, Vec<&Node>)> =
        there.iter().map(|(at, nodes)| (*at, nodes.iter().filter(|node| !is_auth(node)).collect())).collect();
    let own: Vec<(usize, Vec<&Node>)> =
        there.iter().map(|(at, nodes)| (*at, nodes.iter().filter(|node| is_auth(node)).collect())).collect();
    let (_, first) = plain.first()?;
    if plain.iter().any(|(_, nodes)| nodes.len() != first.len()) {
        return None;
    }
    let mut out = Vec::new();
    for (index, node) in first.iter().enumerate() {
        let row: Vec<(usize, &Node)> = plain.iter().filter_map(|(at, nodes)| Some((*at, *nodes.get(index)?))).collect();
        let shell = |node: &Node| Node { block: node.block.as_ref().map(|_| Vec::new()), ..node.clone() };
        if row.iter().any(|(_, other)| shell(other) != shell(node)) {
            return None;
        }
        let mut merged = (*node).clone();
        if node.block.is_some() {
            let inner: Vec<(usize, &[Node])> = row.iter().map(|(at, node)| (*at, node.children())).collect();
            merged.block = Some(level(&inner, count, mounted)?);
        }
        out.push(merged);
    }
    let same = own.windows(2).all(|pair| pair[0].1 == pair[1].1);
    // Where the first environment that has them has them.
    let position = there.iter().find_map(|(_, nodes)| nodes.iter().position(is_auth)).unwrap_or(0).min(out.len());
    if same {
        let nodes: Vec<Node> = own.first().map(|(_, nodes)| nodes.iter().map(|node| (*node).clone()).collect()).unwrap_or_default();
        out.splice(position..position, nodes);
        return Some(out);
    }
    let mut content = vec![None; count];
    for (at, nodes) in &own {
        let nodes: Vec<Node> = nodes.iter().map(|node| (*node).clone()).collect();
        if let Some(slot) = content.get_mut(*at).filter(|_| !nodes.is_empty()) {
            *slot = Some(print(&nodes));
        }
    }
    let folder = match mounted.iter().find(|one| one.content == content) {
        Some(known) => known.folder.clone(),
        None => {
            let folder = if mounted.is_empty() { "/etc/nginx/auth".to_owned() } else { format!("/etc/nginx/auth-{}", mounted.len() + 1) };
            mounted.push(Mounted { folder: folder.clone(), content });
            folder
        }
    };
    out.insert(
        position,
        Node::plain("include", &[&format!("{folder}/*.conf")]).commented("basic authentication, mounted in the environments that have it"),
    );
    Some(out)
}
