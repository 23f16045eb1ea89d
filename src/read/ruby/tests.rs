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

mod assignments;
mod calls;
mod control;
mod literals;
mod locals;

/// The first [`Expr::Broken`] of a tree shows in its dump, which is written for every part of it.
fn is_whole(program: &P) -> bool {
    !dump::program(program).contains("BROKEN")
}

fn files(below: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(below)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_conformance_snippet_is_read_whole() {
    let mut count = 0;
    for path in files("tests/conformance/ruby", ".jsonl") {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let code = case["code"].as_str().unwrap();
            let (program, diagnostics) = read(code);
            assert!(diagnostics.is_empty() && is_whole(&program), "{}\n{code}\n{diagnostics:?}\n{}", case["id"], dump::program(&program));
            count += 1;
        }
    }
    assert!(count > 1000, "{count} snippets");
}

#[test]
fn every_recipe_at_hand_is_read_whole() {
    let mut paths = files("tests/conformance/chef", ".rb");
    // What is broken on purpose has its snapshots of diagnostics.
    paths.extend(files("corpus", ".rb").into_iter().filter(|path| !path.to_string_lossy().contains("broken")));
    assert!(paths.len() > 100, "{} files", paths.len());
    let mut sources = SourceMap::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let refused = path.ancestors().any(|folder| {
            fs::read_to_string(folder.join("expected.json")).is_ok_and(|expected| expected.contains("\"class\": \"SyntaxError\""))
        });
        if refused && !path.ends_with("metadata.rb") {
            assert!(!read(&text).1.is_empty(), "{} passes", path.display());
            continue;
        }
        let id = sources.add_text(path.display().to_string(), text);
        let (program, diagnostics) = parse(&sources, id);
        assert!(diagnostics.is_empty() && is_whole(&program), "{}\n{diagnostics:?}", path.display());
    }
}

#[test]
fn faults_are_reported_and_the_rest_is_read() {
    let (program, diagnostics) = read("package 'a'\nx = (1 +\n");
    assert!(!diagnostics.is_empty() && diagnostics.iter().all(|d| d.code == "S001" && d.help.is_some()), "{diagnostics:?}");
    assert!(!is_whole(&program));
    let shown = lowered("package 'a'\nfoo(1 +)\npackage 'b'\n");
    assert!(shown.starts_with("(call package \"a\") (call foo 1 BROKEN) (call package \"b\") !S001"), "{shown}");
    for code in [
        "if true\nx\n",
        "1 +\n",
        "x = (",
        "def a\n",
        "<<A\nb\n",
        "foo(",
        "[1, 2",
        "\"abc",
        "a b c d: {",
        "end",
        "a\nend\n",
        "x.each do |y| end end",
    ] {
        assert!(!read(code).1.is_empty(), "{code:?} passes");
    }
}

#[test]
fn deep_nesting_is_refused() {
    // As the program does: on a stack with room for what the bounds let through.
    std::thread::Builder::new().stack_size(1 << 28).spawn(refuse_deep_nesting).unwrap().join().unwrap();
}

fn refuse_deep_nesting() {
    for code in [
        format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000)),
        format!("x = {}", "a + ".repeat(5_000)) + "1",
        format!("{}x", "!".repeat(5_000)),
        format!("x{}", ".y".repeat(5_000)),
        format!("case 1\nin {}1{}\nend", "[".repeat(3_000), "]".repeat(3_000)),
        format!("{}a{} = 1", "(".repeat(3_000), ",)".repeat(3_000)),
        format!("x {{ |{}a{}| }}", "(".repeat(3_000), ")".repeat(3_000)),
        format!("{}x{}", "a { ".repeat(3_000), " }".repeat(3_000)),
        format!("{}x{}", "\"#{".repeat(3_000), "}\"".repeat(3_000)),
        format!("{}\nend", "if x\n1\nels".repeat(3_000)),
    ] {
        let (_, diagnostics) = read(&code);
        assert!(diagnostics.iter().any(|d| matches!(d.code, "S001" | "S002" | "S003")), "{}", &code[..20]);
    }
    assert!(lowered(&format!("{}1{}", "(".repeat(400), ")".repeat(400))) == "1");
}

#[test]
fn places_are_those_of_the_text() {
    let code = "a\nnode['x'].each do |y|\n  foo y\nend";
    let (program, _) = read(code);
    let Expr::Sequence(statements) = &program.expr else { panic!("{program:?}") };
    let slice = |span: crate::source::Span| &code[span.start as usize..span.end as usize];
    let Expr::Call(each) = &statements[1].expr else { panic!("{statements:?}") };
    assert_eq!(slice(statements[1].span), "node['x'].each do |y|\n  foo y\nend");
    assert_eq!(slice(each.name_span), "each");
    let index = each.receiver.as_ref().unwrap();
    assert_eq!(slice(index.span), "node['x']");
    let Expr::Call(index) = &index.expr else { panic!("{index:?}") };
    assert_eq!(slice(index.name_span), "['x']");
    let (program, _) = read("1 + 22");
    let Expr::Sequence(statements) = &program.expr else { panic!("{program:?}") };
    let Expr::Call(plus) = &statements[0].expr else { panic!("{statements:?}") };
    assert_eq!((plus.name_span.start, plus.name_span.end), (2, 3));
    // The newline that is added at the end is nobody's.
    assert_eq!((program.span.start, program.span.end), (0, 6));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,80}") {
        let (_, diagnostics) = read(&text);
        prop_assert!(diagnostics.iter().all(|d| d.span.is_none_or(|span| span.end as usize <= text.len())));
    }

    #[test]
    fn no_mix_of_tokens_is_too_strange(tokens in prop::collection::vec(prop::sample::select(vec![
        "foo", " ", "\n", "<<~A", "A\n", "#{", "}", "{", "\"", "'", "do", "end", "|x|", "if", "in", "=>", "*", "&", "[", "]", "(", ")", "%w(", "/",
        "\\", "?", ":", "x: ", "1", ".", "::", "=", "-", "_1", "case 1\n", "def ", "é", "\r\n", "\t", "->", "**", "...", "rescue", "<<'B'", "B\n", ",",
    ]), 0..40)) {
        let text: String = tokens.concat();
        read(&text);
    }

    #[test]
    fn no_damage_is_too_bad(seed in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), length in 0usize..30, put in "\\PC{0,4}") {
        let whole = MUTATED[seed.index(MUTATED.len())];
        let places: Vec<usize> = whole.char_indices().map(|(place, _)| place).collect();
        let first = at.index(places.len());
        let start = places[first];
        let end = places.get(first + length).copied().unwrap_or(whole.len());
        let text = format!("{}{put}{}", &whole[..start], &whole[end..]);
        read(&text);
    }
}

const MUTATED: [&str; 4] = [
    "template '/etc/é.conf' do\n  source \"a#{x[:b]}.erb\"\n  variables(a: 1, 'b' => %w(a b#{c}), **d)\n  only_if { ::File.exist?('/x') && !y }\nend\n",
    "x = <<~A + <<-'B'\n    a #{b <<~C}\n  in\n  C\n  \\t\n  A\n raw\n  B\ncase x\nin {a: Integer => n, **nil} | [1, *r] if n then 1\nelse 2\nend\n",
    "class A::B < C\n  def self.d(e, (f, *g), h = 1, *i, j:, k: 2, **l, &m)\n    yield e rescue super\n  ensure\n    @n ||= _1\n  end\nend\n",
    "a, (b, *c), d.e, f[1] = *g, 1\nfor i, j in {a: 1} do puts i -1, ?\\C-a, /x\\/#{y}/im, 0x1f, 1.5e3r end while true\nBEGIN { alias $x $y }\n",
];
