//! Writes a [`Node`] tree as text, two blanks a level.

use super::{Entry, Key, List, Map, Node, scalar};

/// One document of a YAML file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Comment lines at its head.
    pub comments: Vec<String>,
    /// Its content.
    pub root: Node,
}

impl Document {
    /// A document without comments.
    #[must_use]
    pub fn new(root: impl Into<Node>) -> Self {
        Self { comments: Vec::new(), root: root.into() }
    }

    /// With comment lines at its head.
    #[must_use]
    pub fn commented(mut self, comments: impl IntoIterator<Item = String>) -> Self {
        self.comments.extend(comments);
        self
    }
}

/// The text of a file of `documents`.
#[must_use]
pub fn render(documents: &[Document]) -> String {
    let mut out = String::new();
    for (index, document) in documents.iter().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        comments(&document.comments, 0, &mut out);
        match &document.root {
            Node::Map(map) if is_block_map(map) => map_entries(map, 0, false, &mut out),
            Node::List(list) if is_block_list(list) => list_items(list, 0, &mut out),
            other => {
                out.push_str(&inline(other, false));
                out.push('\n');
            }
        }
    }
    out
}

fn map_entries(map: &Map, indent: usize, first_on_this_line: bool, out: &mut String) {
    for (index, entry) in map.entries.iter().enumerate() {
        if map.spaced && index > 0 {
            out.push('\n');
        }
        if !(first_on_this_line && index == 0) {
            comments(&entry.above, indent, out);
            pad(indent, out);
        }
        match &entry.key {
            Some(Key::Text(key)) => out.push_str(&scalar::inline(key, true)),
            Some(Key::Merge) | None => out.push_str("<<"),
        }
        out.push(':');
        value(entry, indent, out);
    }
}

fn list_items(list: &List, indent: usize, out: &mut String) {
    for entry in &list.entries {
        comments(&entry.above, indent, out);
        match &entry.value {
            Node::Map(map) if is_block_map(map) && map.anchor.is_none() => {
                if let Some(first) = map.entries.first() {
                    comments(&first.above, indent, out);
                }
                if let Some(beside) = &entry.beside {
                    comments(std::slice::from_ref(beside), indent, out);
                }
                pad(indent, out);
                out.push_str("- ");
                map_entries(map, indent + 2, true, out);
            }
            _ => {
                pad(indent, out);
                out.push('-');
                value(entry, indent, out);
            }
        }
    }
}

/// What follows `key:` or `-`.
fn value(entry: &Entry, indent: usize, out: &mut String) {
    let beside = entry.beside.as_ref().map(|comment| format!(" # {}", clean(comment))).unwrap_or_default();
    match &entry.value {
        Node::Map(map) if is_block_map(map) => {
            if let Some(anchor) = &map.anchor {
                out.push_str(" &");
                out.push_str(anchor);
            }
            out.push_str(&beside);
            out.push('\n');
            map_entries(map, indent + 2, false, out);
        }
        Node::List(list) if is_block_list(list) => {
            out.push_str(&beside);
            out.push('\n');
            list_items(list, indent + 2, out);
        }
        // `key:` with nothing after it is how people write null.
        Node::Null if entry.key.is_some() => {
            out.push_str(&beside);
            out.push('\n');
        }
        Node::Text(text) => match scalar::block_header(text) {
            Some(header) => {
                out.push(' ');
                out.push_str(&header);
                out.push_str(&beside);
                out.push('\n');
                block_lines(text, indent + 2, out);
            }
            None => {
                out.push(' ');
                out.push_str(&scalar::inline(text, false));
                out.push_str(&beside);
                out.push('\n');
            }
        },
        other => {
            out.push(' ');
            out.push_str(&inline(other, false));
            out.push_str(&beside);
            out.push('\n');
        }
    }
}

fn block_lines(text: &str, indent: usize, out: &mut String) {
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            pad(indent, out);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn inline(node: &Node, flow: bool) -> String {
    match node {
        Node::Null => "null".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Integer(value) => value.to_string(),
        Node::Decimal(number) => number.clone(),
        Node::Text(text) => scalar::inline(text, flow),
        Node::Quoted(text) => scalar::quoted(text),
        Node::Verbatim(text) => (*text).to_owned(),
        Node::Alias(name) => format!("*{name}"),
        Node::List(list) => {
            let items: Vec<String> = list.entries.iter().map(|entry| inline(&entry.value, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Node::Map(map) => {
            let items: Vec<String> = map.entries.iter().map(flow_entry).collect();
            let anchor = map.anchor.as_ref().map(|name| format!("&{name} ")).unwrap_or_default();
            format!("{anchor}{{{}}}", items.join(", "))
        }
    }
}

fn flow_entry(entry: &Entry) -> String {
    let key = match &entry.key {
        Some(Key::Text(key)) => scalar::inline(key, true),
        Some(Key::Merge) | None => "<<".to_owned(),
    };
    format!("{key}: {}", inline(&entry.value, true))
}

/// Comments do not fit on one line: an entry with one makes its map a block.
fn is_block_map(map: &Map) -> bool {
    !(map.entries.is_empty() || map.flow && map.entries.iter().all(fits_in_flow))
}

fn is_block_list(list: &List) -> bool {
    !(list.entries.is_empty() || list.flow && list.entries.iter().all(fits_in_flow))
}

fn fits_in_flow(entry: &Entry) -> bool {
    let inside = match &entry.value {
        Node::Map(map) => map.entries.iter().all(fits_in_flow),
        Node::List(list) => list.entries.iter().all(fits_in_flow),
        _ => true,
    };
    entry.above.is_empty() && entry.beside.is_none() && inside
}

fn comments(lines: &[String], indent: usize, out: &mut String) {
    for line in lines.iter().flat_map(|line| line.lines()) {
        pad(indent, out);
        out.push_str("# ");
        out.push_str(&clean(line));
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
}

/// A comment must not end its line early.
fn clean(comment: &str) -> String {
    crate::emit::origin::one_line(comment)
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}
