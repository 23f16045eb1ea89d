//! Ruby source text to the tree that is evaluated.
//!
//! tree-sitter gives the concrete tree; `lower` makes [`ast`] of it, resolving escapes, heredocs and local variables.
//! `package 'git'` becomes an [`ast::Expr::Call`] named `package` with one string argument.

pub mod ast;
mod concrete;
#[cfg(test)]
mod dump;
mod escape;
mod heredoc;
mod lower;
mod scope;
#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceMap};
use ast::P;

/// Parses file `file`: its tree, and what is wrong with it (`S001` unreadable code, `S002` nesting too deep, `S003` given up).
/// There always is a tree; what could not be read is [`ast::Expr::Broken`] in it.
#[must_use]
pub fn parse(sources: &SourceMap, file: FileId) -> (P, Vec<Diagnostic>) {
    parse_text(file, sources.file(file).text(), &[])
}

/// Parses file `file` where `locals` are already assigned (the local variables of a binding).
#[must_use]
pub fn parse_with_locals(sources: &SourceMap, file: FileId, locals: &[&str]) -> (P, Vec<Diagnostic>) {
    parse_text(file, sources.file(file).text(), locals)
}

/// Parses `text` that is not in the source map as such, such as what an ERB template was turned into. Spans are offsets
/// into `text` and name `file`; `locals` are the variables assigned before.
#[must_use]
pub fn parse_text(file: FileId, text: &str, locals: &[&str]) -> (P, Vec<Diagnostic>) {
    // The grammar misses a heredoc's terminator that ends the file without a newline.
    let closed;
    let whole = if text.ends_with('\n') {
        text
    } else {
        closed = format!("{text}\n");
        &closed
    };
    lower::lower(file, whole, text.len(), locals)
}
