//! Ruby source text to the tree that is evaluated.
//!
//! tree-sitter gives the concrete tree; `lower` makes [`ast`] of it, resolving escapes, heredocs and local variables.

pub mod ast;

/// placeholder
pub fn parse_text(_: crate::source::FileId, _: &str, _: &[crate::name::Name]) -> (ast::P, Vec<crate::diagnostic::Diagnostic>) {
    todo!()
}
