//! The concrete tree of tree-sitter: parsing within bounds, the ids of the grammar's fields, and what is broken in a tree.
//!
//! In: text. Out: a [`tree_sitter::Tree`], and an `S001` for each place the grammar could not make sense of.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use tree_sitter::{Language, Node as Syntax, ParseOptions, Parser, Tree};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| tree_sitter_ruby::LANGUAGE.into());

macro_rules! fields {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// The ids of the grammar's fields; a name per lookup would cost a search each.
        pub(super) struct Fields { $(pub(super) $name: u16),* }

        /// The fields of the grammar in use.
        pub(super) static FIELDS: LazyLock<Fields> = LazyLock::new(|| Fields {
            $($name: LANGUAGE.field_id_for_name($text).map_or(0, std::num::NonZeroU16::get)),*
        });
    };
}

fields! {
    alias = "alias", alternative = "alternative", arguments = "arguments", begin = "begin", block = "block", body = "body",
    class = "class", condition = "condition", consequence = "consequence", end = "end", exceptions = "exceptions", guard = "guard",
    handler = "handler", key = "key", left = "left", method = "method", name = "name", object = "object", operand = "operand",
    operator = "operator", parameters = "parameters", pattern = "pattern", receiver = "receiver", right = "right", scope = "scope",
    superclass = "superclass", value = "value", variable = "variable",
}

/// The concrete tree of `text`; `None` when the parser had to give up: recovering from faults costs it more than linear time,
/// and a bound that counts steps (not time) keeps the answer the same on every machine.
pub(super) fn parse(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&LANGUAGE).ok()?;
    let allowance = 20_000 + text.len() / 2;
    let mut reports = 0_usize;
    let mut watch = |_: &tree_sitter::ParseState| {
        reports += 1;
        if reports > allowance { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = text.as_bytes();
    let mut read = |offset: usize, _: tree_sitter::Point| bytes.get(offset..).unwrap_or_default();
    parser.parse_with_options(&mut read, None, Some(ParseOptions::new().progress_callback(&mut watch)))
}

/// An `S001` for every outermost broken or missing part of `tree`.
pub(super) fn faults(tree: &Tree, text: &str, file: FileId, length: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let broken = node.is_error() || node.is_missing();
        if broken {
            found.push(fault(node, text, file, length));
        }
        if !broken && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

fn fault(node: Syntax<'_>, text: &str, file: FileId, length: usize) -> Diagnostic {
    let span = Span::new(file, node.start_byte().min(length), node.end_byte().min(length));
    if node.is_missing() {
        let help = format!("add the missing `{}`; `ruby -c` shows what Ruby itself says about the file", node.kind());
        return Diagnostic::error("S001", format!("`{}` is missing here", node.kind())).at(span).help(help);
    }
    let line = text.get(node.byte_range()).unwrap_or("").trim().lines().next().unwrap_or("").trim_end();
    let mut shown: String = line.chars().take(40).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    Diagnostic::error("S001", format!("cannot make sense of `{shown}` as Ruby"))
        .at(span)
        .help("correct the syntax near this place; `ruby -c` shows what Ruby itself says about the file")
}
