//! Snippets and what they are lowered to; every Ruby file at hand; and nothing makes it panic.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::ast::{Expr, P};
use super::{dump, parse, parse_text};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceMap};

fn read(code: &str) -> (P, Vec<Diagnostic>) {
    parse_text(FileId(0), code, &[])
}

/// What a snippet is lowered to.
fn lowered(code: &str) -> String {
    let (program, diagnostics) = read(code);
    let messages: String = diagnostics.iter().map(|d| format!(" !{} {}", d.code, d.message)).collect();
    dump::program(&program) + &messages
}

/// Pairs of snippet and tree, apart by a line of their own.
fn check(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(code, tree)| {
            let got = lowered(code);
            (got != *tree).then(|| format!("{code:?}\n   got {got}\n  want {tree}\n"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
