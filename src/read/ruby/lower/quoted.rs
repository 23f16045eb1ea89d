//! Everything between quotes: strings, symbols, regular expressions, commands, word lists, heredocs.
//!
//! The text between the delimiters is read from the source and resolved here; of the concrete tree only the places of
//! `#{…}` are used, because the grammar does not know every escape. `"a\t#{b}"` becomes two pieces.

use std::ops::Range;
use std::rc::Rc;

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{Expr, P, Piece};
use crate::read::ruby::escape;
use crate::read::ruby::heredoc::{self, Fragment};

/// How text between quotes is resolved.
#[derive(Clone, Copy)]
enum Quoting {
    Double,
    Single(char, char),
    Word(char, char),
    Regexp(char),
    /// `<<'EOS'`
    Verbatim,
}

impl Quoting {
    fn resolve(self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::Double => escape::double(text, out),
            Self::Single(open, close) => escape::single(text, (open, close), out),
            Self::Word(open, close) => escape::word(text, (open, close), out),
            Self::Regexp(close) => escape::regexp(text, close, out),
            Self::Verbatim => out.extend_from_slice(text.as_bytes()),
        }
    }
}

/// A literal's outer parts.
struct Frame<'t> {
    opening: &'t str,
    closing: &'t str,
    inside: Range<usize>,
    delimiters: (char, char),
    code: Vec<Syntax<'t>>,
}

impl<'t> Lowering<'t> {
    pub(super) fn quoted(&mut self, node: Syntax<'t>, kind: &str) -> Expr {
        match kind {
            "string" => Expr::Str(self.string(node)),
            "chained_string" => {
                let mut pieces = Vec::new();
                for child in self.named(node) {
                    let more = self.string(child);
                    join(&mut pieces, more);
                }
                Expr::Str(pieces)
            }
            "character" => {
                let mut out = Vec::new();
                escape::double(self.source(node).trim_start_matches('?'), &mut out);
                // `??` is the question mark itself.
                if out.is_empty() {
                    out.push(b'?');
                }
                Expr::Str(vec![piece(out)])
            }
            "simple_symbol" => Expr::Symbol(self.intern(self.source(node).trim_start_matches(':'))),
            "hash_key_symbol" => Expr::Symbol(self.name(node)),
            "delimited_symbol" => {
                let pieces = self.string(node);
                symbol(pieces)
            }
            "subshell" => {
                let frame = self.frame(node);
                Expr::Command(self.pieces(&frame, Quoting::Double))
            }
            "regex" => {
                let frame = self.frame(node);
                let options = frame.closing.get(frame.delimiters.1.len_utf8()..).unwrap_or("").into();
                Expr::Regexp { pieces: self.pieces(&frame, Quoting::Regexp(frame.delimiters.1)), options }
            }
            "string_array" | "symbol_array" => self.words(node, kind == "symbol_array"),
            "heredoc_beginning" => self.heredoc(node),
            _ => Expr::Broken,
        }
    }

    /// A key of a hash before a colon: `a:`, `"a b":`.
    pub(super) fn key_symbol(&mut self, node: Syntax<'t>) -> P {
        let expr = match node.kind() {
            "string" => symbol(self.string(node)),
            _ => Expr::Symbol(self.name(node)),
        };
        self.node(node, expr)
    }

    fn string(&mut self, node: Syntax<'t>) -> Vec<Piece> {
        let frame = self.frame(node);
        let raw =
            matches!(frame.opening.trim_start_matches(':'), "'") || frame.opening.starts_with("%q") || frame.opening.starts_with("%s");
        let quoting = if raw { Quoting::Single(frame.delimiters.0, frame.delimiters.1) } else { Quoting::Double };
        self.pieces(&frame, quoting)
    }

    fn frame(&mut self, node: Syntax<'t>) -> Frame<'t> {
        let children = self.children(node);
        let (first, last) = (children.first().copied(), children.last().copied());
        let opening = first.map_or("", |first| self.source(first));
        // `%w( a` and the like: the token takes leading blanks with it.
        let opening = opening.trim_end();
        let closing = last.map_or("", |last| self.source(last));
        let start = first.map_or(node.start_byte(), |first| first.start_byte() + opening.len());
        let end = last.map_or(node.end_byte(), |last| last.start_byte());
        let delimiters = (opening.chars().last().unwrap_or('"'), closing.chars().next().unwrap_or('"'));
        let mut code = Vec::new();
        for child in children {
            match child.kind() {
                "interpolation" => code.push(child),
                "bare_string" | "bare_symbol" => code.extend(self.named(child).into_iter().filter(|part| part.kind() == "interpolation")),
                _ => {}
            }
        }
        Frame { opening, closing, inside: start..end.max(start), delimiters, code }
    }

    fn pieces(&mut self, frame: &Frame<'t>, quoting: Quoting) -> Vec<Piece> {
        let verbatim = matches!(quoting, Quoting::Single(..));
        let code: &[Syntax<'t>] = if verbatim { &[] } else { &frame.code };
        let fragments = self.fragments(frame.inside.clone(), code, &[]);
        self.resolve(fragments, quoting)
    }

    /// Cuts `inside` into text and code; `left_out` are stretches that belong to something else.
    fn fragments(&self, inside: Range<usize>, code: &[Syntax<'t>], left_out: &[Range<usize>]) -> Vec<Fragment<'t>> {
        let mut holes: Vec<(Range<usize>, Option<Syntax<'t>>)> = code.iter().map(|node| (node.byte_range(), Some(*node))).collect();
        holes.extend(left_out.iter().map(|range| (range.clone(), None)));
        holes.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut fragments = Vec::new();
        let mut at = inside.start;
        for (range, node) in holes {
            if range.start < at || range.end > inside.end {
                continue;
            }
            self.add_text(&mut fragments, at..range.start);
            fragments.extend(node.map(Fragment::Code));
            at = range.end;
        }
        self.add_text(&mut fragments, at..inside.end);
        fragments
    }

    /// Ruby reads every line end as `\n`.
    fn add_text(&self, fragments: &mut Vec<Fragment<'t>>, range: Range<usize>) {
        let text = self.text.get(range).unwrap_or("").replace("\r\n", "\n");
        match fragments.last_mut() {
            _ if text.is_empty() => {}
            Some(Fragment::Text(before)) => before.push_str(&text),
            _ => fragments.push(Fragment::Text(text)),
        }
    }

    fn resolve(&mut self, fragments: Vec<Fragment<'t>>, quoting: Quoting) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(fragments.len());
        for fragment in fragments {
            match fragment {
                Fragment::Text(text) => {
                    let mut out = Vec::with_capacity(text.len());
                    quoting.resolve(&text, &mut out);
                    pieces.push(piece(out));
                }
                Fragment::Code(node) => pieces.push(Piece::Code(self.parenthesized(node))),
            }
        }
        if pieces.is_empty() {
            pieces.push(Piece::Text("".into()));
        }
        pieces
    }

    /// `%w()`, `%W()`, `%i()`, `%I()`: split at blanks, which a backslash makes part of a word.
    fn words(&mut self, node: Syntax<'t>, symbols: bool) -> Expr {
        let frame = self.frame(node);
        let interpolated = frame.opening.starts_with("%W") || frame.opening.starts_with("%I");
        let quoting = if interpolated { Quoting::Double } else { Quoting::Word(frame.delimiters.0, frame.delimiters.1) };
        let code = if interpolated { frame.code.clone() } else { Vec::new() };
        let mut words: Vec<Vec<Fragment<'t>>> = Vec::new();
        let mut open = false;
        for fragment in self.fragments(frame.inside.clone(), &code, &[]) {
            let text = match fragment {
                Fragment::Text(text) => text,
                code @ Fragment::Code(_) => {
                    add(&mut words, open, code);
                    open = true;
                    continue;
                }
            };
            let mut word = String::new();
            let mut characters = text.chars();
            while let Some(character) = characters.next() {
                if character.is_ascii_whitespace() {
                    if !word.is_empty() {
                        add(&mut words, open, Fragment::Text(std::mem::take(&mut word)));
                    }
                    open = false;
                    continue;
                }
                match (character, characters.clone().next()) {
                    // In `%W` an escaped line end is the line end itself, not a continued line.
                    ('\\', Some('\n')) if interpolated => {
                        word.push_str("\\n");
                        characters.next();
                    }
                    ('\\', Some(next)) => {
                        word.extend([character, next]);
                        characters.next();
                    }
                    _ => word.push(character),
                }
            }
            if !word.is_empty() {
                add(&mut words, open, Fragment::Text(word));
                open = true;
            }
        }
        let elements = words.into_iter().map(|word| {
            let pieces = self.resolve(word, quoting);
            let expr = if symbols { symbol(pieces) } else { Expr::Str(pieces) };
            self.node(node, expr)
        });
        Expr::Array(elements.collect())
    }

    fn heredoc(&mut self, node: Syntax<'t>) -> Expr {
        let Some(opening) = heredoc::opening(self.source(node)) else { return Expr::Broken };
        let Some(body) = self.heredocs.bodies.get(&node.start_byte()).cloned() else {
            return self.refuse(node, format!("the heredoc `{}` has no end", self.source(node)));
        };
        let verbatim = opening.quote == Some('\'');
        let code = if verbatim { Vec::new() } else { self.named(body.node) };
        let code: Vec<Syntax<'t>> = code.into_iter().filter(|child| child.kind() == "interpolation").collect();
        let left_out: Vec<Range<usize>> = self.heredocs.nested.iter().map(|one| one.lines.clone()).collect();
        let left_out: Vec<Range<usize>> = left_out.into_iter().filter(|lines| !lines.contains(&body.content.start)).collect();
        let mut fragments = self.fragments(body.content, &code, &left_out);
        if opening.squiggly {
            heredoc::dedent(&mut fragments);
            fragments.retain(|fragment| !matches!(fragment, Fragment::Text(text) if text.is_empty()));
        }
        let pieces = self.resolve(fragments, if verbatim { Quoting::Verbatim } else { Quoting::Double });
        if opening.quote == Some('`') { Expr::Command(pieces) } else { Expr::Str(pieces) }
    }
}

/// Adds `fragment` to the word that is open, or begins a word.
fn add<'t>(words: &mut Vec<Vec<Fragment<'t>>>, open: bool, fragment: Fragment<'t>) {
    match words.last_mut() {
        Some(word) if open => word.push(fragment),
        _ => words.push(vec![fragment]),
    }
}

fn piece(bytes: Vec<u8>) -> Piece {
    match String::from_utf8(bytes) {
        Ok(text) => Piece::Text(text.into()),
        Err(error) => Piece::Bytes(error.into_bytes().into()),
    }
}

fn symbol(pieces: Vec<Piece>) -> Expr {
    match pieces.as_slice() {
        [Piece::Text(text)] => Expr::Symbol(Rc::clone(text)),
        _ => Expr::DynamicSymbol(pieces),
    }
}

/// Appends the pieces of an adjacent literal.
fn join(pieces: &mut Vec<Piece>, more: Vec<Piece>) {
    for piece in more {
        match (pieces.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => *before = format!("{before}{text}").into(),
            (_, piece) => pieces.push(piece),
        }
    }
}
