//! Which body belongs to which heredoc: tree-sitter gives the body as a later sibling of the call that begins it, and does not
//! see a heredoc that begins inside the interpolation of another one (`<<~A` holding `#{<<~B}`); that one is found by hand.

use std::collections::HashMap;
use std::ops::Range;

use tree_sitter::{Node as Syntax, Tree};

/// How a heredoc begins: `<<~'EOS'`.
#[derive(Clone, Copy)]
pub(super) struct Opening<'a> {
    /// `<<~`: the common indentation goes away.
    pub(super) squiggly: bool,
    /// `<<-` and `<<~`: the terminator may be indented.
    indented: bool,
    /// `'`, `"`, `` ` `` or none.
    pub(super) quote: Option<char>,
    tag: &'a str,
}

/// Reads the text of a heredoc's beginning.
pub(super) fn opening(text: &str) -> Option<Opening<'_>> {
    let rest = text.strip_prefix("<<")?;
    let squiggly = rest.starts_with('~');
    let indented = squiggly || rest.starts_with('-');
    let rest = if indented { &rest[1..] } else { rest };
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'));
    let tag = quote.map_or(rest, |quote| rest.trim_matches(quote));
    Some(Opening { squiggly, indented, quote, tag })
}

/// A heredoc's body.
#[derive(Clone)]
pub(super) struct Body<'t> {
    /// The concrete node that holds its interpolations: its own, or the one of the heredoc around it.
    pub(super) node: Syntax<'t>,
    /// The lines of the body, without the terminator.
    pub(super) content: Range<usize>,
}

/// A heredoc inside the interpolation of another.
#[derive(Clone)]
pub(super) struct Nested {
    begin: Range<usize>,
    content: Range<usize>,
    /// Its lines including the terminator: no part of the outer body.
    pub(super) lines: Range<usize>,
}

/// The bodies of a file's heredocs, by the byte their heredoc begins at.
#[derive(Default)]
pub(super) struct Heredocs<'t> {
    pub(super) bodies: HashMap<usize, Body<'t>>,
    pub(super) nested: Vec<Nested>,
}

/// Finds heredocs that stand inside others; `text` with their beginnings made names of the same length, to be parsed again.
pub(super) fn hide_nested(tree: &Tree, text: &str, nested: &mut Vec<Nested>) -> Option<String> {
    let mut found = Vec::new();
    walk(tree, |node, inside| {
        if node.kind() == "heredoc_beginning" && inside.is_some() {
            let before = found.last().map(|one: &Nested| one.lines.clone());
            found.extend(nested_at(node, text, before));
        }
    });
    if found.is_empty() {
        return None;
    }
    let mut hidden = text.to_owned();
    for one in &found {
        let name: String = text[one.begin.clone()]
            .chars()
            .enumerate()
            .map(|(at, c)| {
                if at == 0 {
                    'h'
                } else if c.is_alphanumeric() {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        hidden.replace_range(one.begin.clone(), &name);
    }
    nested.append(&mut found);
    Some(hidden)
}

/// The heredoc that begins at `node`; `before` are the lines of the one before, which come first when both begin on one line.
fn nested_at(node: Syntax<'_>, text: &str, before: Option<Range<usize>>) -> Option<Nested> {
    let begin = node.byte_range();
    let opening = opening(&text[begin.clone()])?;
    let next = begin.end + text[begin.end..].find('\n')? + 1;
    let start = before.filter(|lines| lines.start == next).map_or(next, |lines| lines.end);
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let bare = if opening.indented { bare.trim_start() } else { bare };
        if bare == opening.tag {
            return Some(Nested { begin, content: start..at, lines: start..at + line.len() });
        }
        at += line.len();
    }
    None
}

impl<'t> Heredocs<'t> {
    /// Pairs beginnings and bodies of `tree`, which was made with `nested` hidden.
    pub(super) fn pair(tree: &'t Tree, text: &str, nested: Vec<Nested>) -> Self {
        let mut bodies: HashMap<usize, Body<'t>> = HashMap::new();
        let mut pending: Vec<Syntax<'t>> = Vec::new();
        walk(tree, |node, inside| {
            if node.kind() == "heredoc_beginning" {
                pending.push(node);
            } else if node.kind() == "heredoc_body" {
                let end = node.child(node.child_count().saturating_sub(1)).filter(|end| end.kind() == "heredoc_end");
                let terminator = end.map_or("", |end| text[end.byte_range()].trim());
                let is_its = |begin: &Syntax<'t>| opening(&text[begin.byte_range()]).is_some_and(|opening| opening.tag == terminator);
                let at = pending.iter().position(is_its).unwrap_or(0);
                // Without a terminator the body would be the rest of the file.
                if at < pending.len() && !terminator.is_empty() {
                    let content = content(node, end, text);
                    bodies.insert(pending.remove(at).start_byte(), Body { node, content });
                }
            } else if let Some(outer) = inside
                && node.kind() == "identifier"
                && let Some(one) = nested.iter().find(|one| one.begin.start == node.start_byte())
            {
                bodies.insert(one.begin.start, Body { node: outer, content: one.content.clone() });
            }
        });
        Self { bodies, nested }
    }
}

fn content(body: Syntax<'_>, end: Option<Syntax<'_>>, text: &str) -> Range<usize> {
    let start = text[body.start_byte()..body.end_byte()].find('\n').map_or(body.end_byte(), |at| body.start_byte() + at + 1);
    let end = end.map_or(body.end_byte(), |end| end.start_byte());
    let end = text[..end].rfind('\n').map_or(end, |at| at + 1);
    start..end.max(start)
}

/// Visits every node in document order, with the innermost heredoc body around it.
fn walk<'t>(tree: &'t Tree, mut visit: impl FnMut(Syntax<'t>, Option<Syntax<'t>>)) {
    let mut cursor = tree.walk();
    let mut around: Vec<Syntax<'t>> = Vec::new();
    loop {
        let node = cursor.node();
        visit(node, around.last().copied());
        if cursor.goto_first_child() {
            if node.kind() == "heredoc_body" {
                around.push(node);
            }
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
            if around.last().is_some_and(|body| body.id() == cursor.node().id()) {
                around.pop();
            }
        }
    }
}

/// A stretch of a heredoc: text, or a place of code.
pub(super) enum Fragment<'t> {
    Text(String),
    Code(Syntax<'t>),
}

/// Takes away the indentation that all lines share, as `<<~` does: blank lines do not count, a tab reaches to the next
/// multiple of eight, and code counts as something that is not blank.
pub(super) fn dedent(fragments: &mut [Fragment<'_>]) {
    let mut width = usize::MAX;
    let mut at_start = true;
    for fragment in fragments.iter() {
        match fragment {
            Fragment::Code(_) => {
                if at_start {
                    width = 0;
                }
                at_start = false;
            }
            Fragment::Text(text) => {
                for line in text.split_inclusive('\n') {
                    let rest = line.trim_start_matches([' ', '\t']);
                    let blank = matches!(rest, "\n" | "\r\n");
                    if at_start && !blank {
                        width = width.min(columns(&line[..line.len() - rest.len()]));
                    }
                    at_start = line.ends_with('\n');
                }
            }
        }
    }
    if width == usize::MAX || width == 0 {
        return;
    }
    let mut at_start = true;
    for fragment in fragments {
        let Fragment::Text(text) = fragment else {
            at_start = false;
            continue;
        };
        let mut kept = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            kept.push_str(if at_start { without(line, width) } else { line });
            at_start = line.ends_with('\n');
        }
        *text = kept;
    }
}

fn columns(blanks: &str) -> usize {
    blanks.bytes().fold(0, |column, byte| if byte == b'\t' { (column / 8 + 1) * 8 } else { column + 1 })
}

fn without(line: &str, width: usize) -> &str {
    let mut column = 0;
    for (at, byte) in line.bytes().enumerate() {
        let next = match byte {
            b' ' => column + 1,
            b'\t' => (column / 8 + 1) * 8,
            _ => return &line[at..],
        };
        if column >= width || next > width {
            return &line[at..];
        }
        column = next;
    }
    ""
}
