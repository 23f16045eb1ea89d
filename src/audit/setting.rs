//! Settings that are written out: `name = value` in Ruby, in heredocs and in files of other forms, with what they are about.
//!
//! `default['redis']['bind'] = '0.0.0.0'` is the setting `bind`, about `default['redis']['bind']` in its file; in YAML and INI files the
//! keys and sections above a line tell what it is about.

use super::command::heredoc;
use super::context::{File, Kind};
use super::pattern::Pattern;
use super::shape::{argument, literal, outline};
use super::visit::{Place, declares};
use crate::read::ruby::ast::{Arg, Expr, Node, Pair, Target};
use crate::source::Span;

/// A name with a value that is written out.
pub struct Setting {
    /// The last name: `bind`.
    pub name: String,
    /// Its value; what is interpolated is `#{}`.
    pub value: String,
    /// The line of the value.
    pub line: u32,
    /// The names around it and the file's path.
    pub about: String,
    /// Whether it is a property that stands in a resource's block, or says how a process runs or whose a file is.
    pub property: bool,
}

/// A line of a text, with what it is about.
pub struct Line {
    /// As written.
    pub text: String,
    /// Its number.
    pub line: u32,
    /// The names around it and the file's path.
    pub about: String,
}

/// One entry of a line: `name = value`, `"name": "value"`, `name value`.
static ENTRY: Pattern = Pattern::new(
    r"(?:^\s*(?:export\s+|-\s+)?|[{,\[(]\s*)([\x22\x27]?-{0,2}[A-Za-z][\w.\-]*[\x22\x27]?(?:\s*(?:=>|[:=](?!=))\s*|\s+)(?:\x22[^\x22]*\x22|\x27[^\x27]*\x27|[^\s\x22\x27,;{}\[\]()]+))",
);

/// The settings of `file`.
#[must_use]
pub fn settings<'f>(file: &'f File<'_>) -> &'f [Setting] {
    file.known.settings.get_or_init(|| read(file))
}

fn read(file: &File) -> Vec<Setting> {
    let mut found = Vec::new();
    if is_code(file) {
        file.walk(&mut |node, place| of_node(file, node, place, &mut found));
    }
    for line in lines(file) {
        for (_, entry) in ENTRY.all(&line.text) {
            let name = entry.trim_start_matches(['"', '\'']);
            let end = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(name.len());
            let (name, rest) = name.split_at(end);
            let value = rest.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t', '=', ':', '>']);
            let quotes: &[char] = &['"', '\''];
            let value = if rest.trim_start_matches(quotes).trim().is_empty() { "" } else { value.trim_matches(quotes) };
            let about = format!("{} {name}", line.about);
            found.push(Setting { name: name.to_owned(), value: value.to_owned(), line: line.line, about, property: false });
        }
    }
    found
}

/// The lines of `file` that are no Ruby and no comments: all of another file, the heredocs of Ruby.
#[must_use]
pub fn lines<'f>(file: &'f File<'_>) -> &'f [Line] {
    file.known.lines.get_or_init(|| read_lines(file))
}

fn read_lines(file: &File) -> Vec<Line> {
    if !is_code(file) {
        let texts = (1_u32..).zip(file.text.lines()).map(|(line, text)| (line, text.to_owned()));
        return described(texts, &file.path);
    }
    let mut found = Vec::new();
    file.walk(&mut |node, place| {
        if matches!(node.expr, Expr::Str(_)) && file.source(node.span).starts_with("<<") {
            let texts = heredoc(file, node).into_iter().map(|line| (line.line, line.text));
            found.extend(described(texts, &around(file, node.span, place)));
        }
    });
    found
}

fn is_code(file: &File) -> bool {
    file.tree.is_some() && file.kind != Kind::Template
}

fn described(texts: impl Iterator<Item = (u32, String)>, about: &str) -> Vec<Line> {
    let mut section = String::new();
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut found = Vec::new();
    for (line, text) in texts {
        let inner = text.trim_start();
        if inner.is_empty() || inner.starts_with(['#', ';']) || inner.starts_with("//") {
            continue;
        }
        if let Some(name) = inner.strip_prefix('[').and_then(|rest| rest.trim_end().strip_suffix(']')) {
            name.clone_into(&mut section);
        }
        let depth = text.len() - inner.len();
        above.retain(|(column, _)| *column < depth);
        let keys: Vec<&str> = above.iter().map(|(_, key)| key.as_str()).collect();
        found.push(Line { line, about: format!("{about} {} [{section}]", keys.join(" ")), text: text.clone() });
        if let Some((key, _)) = inner.split_once(':') {
            above.push((depth, key.trim_matches(['"', '\'', '-', ' ']).to_owned()));
        }
    }
    found
}

fn of_node(file: &File, node: &Node, place: &Place, found: &mut Vec<Setting>) {
    match &node.expr {
        Expr::Assign { target, value } | Expr::OperatorAssign { target, value, .. } => {
            let name = match target {
                Target::Local(name) | Target::Instance(name) | Target::Attribute { name, .. } | Target::Const { name, .. } => {
                    Some(name.as_str().to_owned())
                }
                Target::Index { args, .. } => args.last().and_then(|key| if let Arg::Value(key) = key { literal(key) } else { None }),
                _ => None,
            };
            let left = file.source(Span { end: value.span.start, ..node.span });
            let about = format!("{} {left}", around(file, node.span, place));
            add(file, name, value, &about, false, found);
        }
        Expr::Hash(pairs) => in_pairs(file, pairs, &around(file, node.span, place), found),
        Expr::Call(call) => {
            let about = format!("{} {}", around(file, node.span, place), call.name);
            for argument in &call.args {
                if let Arg::Hash(pairs) = argument {
                    in_pairs(file, pairs, &about, found);
                }
            }
            if let Some(value) = argument(call, 0).filter(|_| call.receiver.is_none() && call.args.len() == 1 && call.block.is_none()) {
                add(file, Some(call.name.as_str().to_owned()), value, &about, place.resource().is_some(), found);
            }
        }
        _ => {}
    }
}

fn in_pairs(file: &File, pairs: &[Pair], about: &str, found: &mut Vec<Setting>) {
    // `user: 'postgres', group: 'postgres'` of a command or a file; `method: 'peer'` of an account of the system.
    let of_system = pairs.iter().any(|pair| {
        let Pair::Entry(key, value) = pair else { return false };
        let (key, value) = (literal(key).unwrap_or_default(), literal(value).unwrap_or_default());
        matches!(key.as_str(), "group" | "cwd" | "umask" | "input" | "mode") || matches!(value.as_str(), "peer" | "ident")
    });
    for pair in pairs {
        if let Pair::Entry(key, value) = pair {
            add(file, literal(key), value, &format!("{about} {}", literal(key).unwrap_or_default()), of_system, found);
        }
    }
}

fn add(file: &File, name: Option<String>, value: &Node, about: &str, property: bool, found: &mut Vec<Setting>) {
    let Some(name) = name else { return };
    match &value.expr {
        Expr::Str(pieces) if !file.source(value.span).starts_with("<<") => {
            let line = file.line(value.span.start);
            found.push(Setting { name, value: outline(pieces), line, about: about.to_owned(), property });
        }
        Expr::Array(items) => items.iter().for_each(|item| {
            if matches!(item.expr, Expr::Str(_)) {
                add(file, Some(name.clone()), item, about, property, found);
            }
        }),
        _ => {}
    }
}

/// The path of the file, and the names of the calls, resources, assignments and keys around what stands at `span`.
fn around(file: &File, span: Span, place: &Place) -> String {
    let mut words = vec![file.path.clone()];
    let keys = |pairs: &[Pair], words: &mut Vec<String>| {
        for pair in pairs {
            if let Pair::Entry(key, value) = pair
                && value.span.start <= span.start
                && span.end <= value.span.end
            {
                words.extend(literal(key));
            }
        }
    };
    for parent in &place.parents {
        match &parent.expr {
            Expr::Call(call) => {
                words.push(call.name.as_str().to_owned());
                if let Some(Expr::Str(pieces)) = argument(call, 0).filter(|_| declares(call)).map(|name| &name.expr) {
                    words.push(outline(pieces));
                }
                for argument in &call.args {
                    if let Arg::Hash(pairs) = argument {
                        keys(pairs, &mut words);
                    }
                }
            }
            Expr::Hash(pairs) => keys(pairs, &mut words),
            Expr::Assign { value, .. } | Expr::OperatorAssign { value, .. } => {
                words.push(file.source(Span { end: value.span.start, ..parent.span }).to_owned());
            }
            _ => {}
        }
    }
    words.join(" ")
}
