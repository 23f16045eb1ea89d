//! A tree as a pattern of the engine, in which nothing depends on flags around it.
//!
//! `^a.` becomes `(?m:^)a.`; every capturing group is a numbered one.

use std::fmt::Write as _;

use super::tree::{Anchor, Greed, Node};

/// One line start that is not the end of the text: Ruby's `^` does not match behind the last line end.
const STRICT_LINE_START: &str = r"(?:\A|(?<=\n)(?!\z))";
/// An approximation of an extended grapheme cluster.
const GRAPHEME: &str = r"(?>\r\n|[\x{1F1E6}-\x{1F1FF}]{2}|(?s:.)[\p{M}\x{200D}\x{FE0E}\x{FE0F}\x{1F3FB}-\x{1F3FF}]*(?:(?<=\x{200D})\p{So}[\p{M}\x{200D}\x{FE0E}\x{FE0F}\x{1F3FB}-\x{1F3FF}]*)*)";

/// The engine's pattern of `node`.
#[must_use]
pub fn pattern(node: &Node) -> String {
    let mut out = String::new();
    emit(node, false, &mut out);
    out
}

/// `followed`: at least one character is taken after `node`, so that it cannot end at the end of the text.
fn emit(node: &Node, followed: bool, out: &mut String) {
    match node {
        Node::Empty => out.push_str("(?:)"),
        Node::Char(character, true) if cased(*character) => {
            out.push_str("(?i:");
            literal(*character, out);
            out.push(')');
        }
        Node::Char(character, _) => literal(*character, out),
        Node::Any(true) => out.push_str("(?s:.)"),
        Node::Any(false) => out.push('.'),
        Node::Set(inside, negated, ignore_case) => {
            let negation = if *negated { "^" } else { "" };
            let (open, close) = if *ignore_case { ("(?i:", ")") } else { ("", "") };
            let _ = write!(out, "{open}[{negation}{inside}]{close}");
        }
        Node::Anchor(anchor) => out.push_str(match anchor {
            Anchor::LineStart if followed => "(?m:^)",
            Anchor::LineStart => STRICT_LINE_START,
            Anchor::LineEnd => "(?m:$)",
            Anchor::TextStart => r"\A",
            Anchor::TextEnd => r"\z",
            Anchor::TextEndOrNewline => r"(?=\n?\z)",
            Anchor::Word => r"\b",
            Anchor::NotWord => r"\B",
            Anchor::SearchStart => r"\G",
        }),
        Node::Group(_, inner) => {
            out.push('(');
            emit(inner, followed, out);
            out.push(')');
        }
        Node::Atomic(inner) => group("(?>", inner, followed, out),
        Node::Look { behind, negative, inner } => {
            let opening = match (behind, negative) {
                (false, false) => "(?=",
                (false, true) => "(?!",
                (true, false) => "(?<=",
                (true, true) => "(?<!",
            };
            // `(?!)` never matches.
            group(opening, inner, false, out);
        }
        Node::Backreference(numbers, ignore_case) => {
            let (open, close) = if *ignore_case { ("(?i:", ")") } else { ("(?:", ")") };
            // Where groups share a name the last one that matched counts.
            let choices: Vec<String> = numbers.iter().rev().map(|number| format!("\\{number}")).collect();
            let _ = write!(out, "{open}{}{close}", choices.join("|"));
        }
        Node::Call(number) => {
            let _ = write!(out, r"\g<{number}>");
        }
        Node::Conditional(number, yes, no) => {
            let _ = write!(out, "(?({number})");
            group("(?:", yes, followed, out);
            out.push('|');
            group("(?:", no, followed, out);
            out.push(')');
        }
        Node::Absent(inner) => group("(?~", inner, false, out),
        Node::Keep => out.push_str(r"\K"),
        Node::LineBreak => out.push_str(r"(?>\r\n|[\n\x0B\x0C\r\x{85}\x{2028}\x{2029}])"),
        Node::Grapheme => out.push_str(GRAPHEME),
        Node::Sequence(nodes) => sequence(nodes, followed, out),
        Node::Alternatives(nodes) => {
            out.push_str("(?:");
            for (index, node) in nodes.iter().enumerate() {
                if index > 0 {
                    out.push('|');
                }
                emit(node, followed, out);
            }
            out.push(')');
        }
        Node::Repeat { inner, low, high, greed } => repeat(inner, *low, *high, *greed, followed, out),
    }
}

fn sequence(nodes: &[Node], followed: bool, out: &mut String) {
    // Whether characters follow each node, from the back.
    let mut after = vec![followed; nodes.len()];
    let mut taken = followed;
    for (index, node) in nodes.iter().enumerate().rev() {
        after[index] = taken;
        taken = taken || node.least() > 0;
    }
    let mut index = 0;
    while let Some(node) = nodes.get(index) {
        // Neighbours whose case does not matter share a group.
        if matches!(node, Node::Char(character, true) if cased(*character)) {
            out.push_str("(?i:");
            while let Some(Node::Char(character, true)) = nodes.get(index) {
                literal(*character, out);
                index += 1;
            }
            out.push(')');
            continue;
        }
        emit(node, after.get(index).copied().unwrap_or(followed), out);
        index += 1;
    }
}

fn repeat(inner: &Node, low: u32, high: Option<u32>, greed: Greed, followed: bool, out: &mut String) {
    if inner.takes_nothing() {
        // The engine refuses to repeat a place; once is as good as often.
        if low > 0 {
            emit(inner, followed, out);
        } else {
            out.push_str("(?:)");
        }
        return;
    }
    if greed == Greed::Possessive {
        out.push_str("(?>");
    }
    if matches!(inner, Node::Char(..) | Node::Any(_) | Node::Set(..) | Node::Group(..) | Node::Alternatives(_) | Node::Atomic(_)) {
        emit(inner, followed, out);
    } else {
        group("(?:", inner, followed, out);
    }
    match (low, high) {
        (0, None) => out.push('*'),
        (1, None) => out.push('+'),
        (0, Some(1)) => out.push('?'),
        (low, None) => {
            let _ = write!(out, "{{{low},}}");
        }
        (low, Some(high)) if low == high => {
            let _ = write!(out, "{{{low}}}");
        }
        (low, Some(high)) => {
            let _ = write!(out, "{{{low},{high}}}");
        }
    }
    match greed {
        Greed::Greedy => {}
        Greed::Lazy => out.push('?'),
        Greed::Possessive => out.push(')'),
    }
}

fn group(opening: &str, inner: &Node, followed: bool, out: &mut String) {
    out.push_str(opening);
    if *inner != Node::Empty {
        emit(inner, followed, out);
    }
    out.push(')');
}

/// Whether a character has another case.
fn cased(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_alphabetic()
    } else {
        character.is_alphabetic() || character.is_lowercase() || character.is_uppercase()
    }
}

/// A character that stands for itself, in and out of classes.
pub(super) fn literal(character: char, out: &mut String) {
    if character.is_ascii() && !character.is_ascii_alphanumeric() && character != '_' {
        let _ = write!(out, "\\x{{{:X}}}", u32::from(character));
    } else {
        out.push(character);
    }
}
