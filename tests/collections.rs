//! Array, Hash, Range, Enumerable, Enumerator, Struct, Set, blocks and assignment against what Ruby 3.1.2 answered
//! (`collections/*.jsonl`; `language` and `libraries` hold the rest of the core), and what these classes do with the unknown and with hostile programs.
#![allow(clippy::disallowed_methods)]

#[allow(dead_code, reason = "shared with the conformance suites")]
mod suite;

use std::path::Path;
use std::rc::Rc;

use ekiben::read::ruby::parse;
use ekiben::ruby::flow::Flow;
use ekiben::ruby::interpreter::Interpreter;
use ekiben::source::SourceMap;

/// Runs `work` with room for deep calls.
fn on_a_large_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(256 << 20).spawn(work).expect("a thread").join().expect("no panic")
}

/// What the last expression inspects to; `raise Class: message` and `halt` for other ends.
fn run(code: &str) -> String {
    let code = code.to_owned();
    on_a_large_stack(move || {
        let mut sources = SourceMap::new();
        let file = sources.add_text("case.rb", &code);
        let sources = Rc::new(sources);
        let (tree, problems) = parse(&sources, file);
        assert!(problems.is_empty(), "{code}");
        let mut interpreter = Interpreter::new(Rc::clone(&sources));
        interpreter.bounds.steps = 2_000_000;
        let scope = interpreter.scope();
        match interpreter.run(&scope, &tree) {
            Ok(value) if value.is_unknown() => "unknown".to_owned(),
            Ok(value) => match interpreter.inspect(&value) {
                Ok(text) => interpreter.to_text(&text).to_string(),
                Err(_) => "not to be inspected".to_owned(),
            },
            Err(flow) => match *flow {
                Flow::Raise(error) => {
                    let (class, message) = interpreter.describe_exception(&error);
                    format!("raise {class}: {message}")
                }
                Flow::Halt(_) => "halt".to_owned(),
                _ => "unwound".to_owned(),
            },
        }
    })
}

#[test]
fn answers_are_those_of_ruby() {
    let failures: Vec<String> = on_a_large_stack(|| {
        let outcomes = suite::ruby::cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/collections"));
        assert!(outcomes.len() > 500, "cases are missing");
        outcomes.into_iter().filter_map(|outcome| outcome.failure.map(|failure| format!("{}\n{failure}", outcome.id))).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn an_unknown_decides_nothing() {
    for code in [
        "[1, 2].select { |x| x == rand }",
        "[1, 2].find { |x| x == rand }",
        "[1, 2].any? { |x| x == rand }",
        "[1, 2].include?(rand)",
        "[rand, 1].include?(2)",
        "[1, 2].count { |x| x == rand }",
        "[1, 2].index(rand)",
        "{ 'a' => 1 }.select { |k, v| v == rand }",
        "{ 'a' => 1 }[\"#{rand}\"]",
        "{ 'a' => 1 }.key?(\"x#{rand}\")",
        "{ 'a' => 1 }.fetch(\"x#{rand}\", 2)",
        "[rand] == [1]",
        "{ a: rand } == { a: 1 }",
        "require 'set'; Set[1].include?(rand)",
        "[1, 2, 3].sample",
    ] {
        assert_eq!(run(code), "unknown", "{code}");
    }
    // What is known whatever the unknown turns out to be.
    for (code, answer) in [
        ("[rand, 1].include?(1)", "true"),
        ("[1, 2].any? { |x| x == 2 ? true : x == rand }.nil?", "false"),
        ("[rand, 1] == [1]", "false"),
        ("[1, rand] == [2, rand]", "false"),
        ("{ a: rand } == { b: 1 }", "false"),
        ("{}[\"#{rand}\"].nil?", "true"),
    ] {
        assert_eq!(run(code), answer, "{code}");
    }
}

#[test]
fn endless_work_is_stopped() {
    for code in [
        "loop {}",
        "(1..).each {}",
        "(1..).sum",
        "[1, 2].cycle {}",
        "Enumerator.new { |y| loop { y << 1 } }.to_a",
        "(1..20).to_a.permutation.count",
        "[1, 2].product(*[[1, 2]] * 30).size",
        "[1] * (1 << 62)",
        "a = []; a[1 << 40] = 1",
        "[1].pack('x99999999999')",
    ] {
        assert_eq!(run(code), "halt", "{code}");
    }
}

#[test]
fn what_holds_itself_is_shown_and_compared() {
    for (code, answer) in [
        ("a = [1]; a << a", "[1, [...]]"),
        ("h = {}; h[:h] = h; h", "{:h=>{...}}"),
        ("a = []; 3.times { a << a }; b = []; 3.times { b << b }; { a => 1 }.size + [a, b].size", "3"),
        ("a = [1]; a << a; a.flatten", "raise ArgumentError: tried to flatten recursive array"),
        ("a = [1]; a << a; a.join", "raise ArgumentError: recursive array join"),
        ("s = Struct.new(:me).new; s.me = s; s", "#<struct me=#<struct:...>>"),
        ("require 'set'; s = Set.new; s << s; s", "#<Set: {#<Set: {...}>}>"),
        ("a = []; 10_000.times { a = [a] }; a.flatten", "raise SystemStackError: stack level too deep"),
        ("h = Hash.new { |hash, key| hash[key] }; h[1]", "raise SystemStackError: stack level too deep"),
    ] {
        assert_eq!(run(code), answer, "{code}");
    }
}

#[test]
fn deep_structures_are_dropped() {
    for code in [
        "a = []; 100_000.times { a = [a] }; a = nil; 1",
        "h = {}; 100_000.times { h = { a: h } }; h = nil; 1",
        "S = Struct.new(:n); n = nil; 100_000.times { n = S.new(n) }; n = nil; 1",
        "f = nil; 100_000.times { g = f; f = -> { g } }; f = nil; 1",
    ] {
        assert_eq!(run(code), "1", "{code}");
    }
}

#[test]
fn changing_what_is_gone_through_does_no_harm() {
    for (code, answer) in [
        ("a = [1, 2, 3]; a.map! { |x| a.clear; x }", "[]"),
        ("a = [3, 2, 1]; a.sort_by! { |x| a.clear; x }", "[1, 2, 3]"),
        ("a = [1, 2, 3, 4]; r = []; a.each { |x| r << x; a.delete(2) }; r", "[1, 3, 4]"),
        ("h = { a: 1, b: 2 }; h.each { |k, v| h.delete(:b) }; h", "{:a=>1}"),
        ("h = { a: 1 }; h.each { h[:b] = 1 }", "raise RuntimeError: can't add a new key into hash during iteration"),
        ("h = { a: 1 }; h.each { break }; h[:b] = 1; h", "{:a=>1, :b=>1}"),
        ("h = { a: 1 }; (h.each { raise 'x' } rescue nil); h[:b] = 1; h", "{:a=>1, :b=>1}"),
        ("(1..40).to_a.sort { |a, b| (a * 7 + b) % 3 - 1 }.size", "40"),
    ] {
        assert_eq!(run(code), answer, "{code}");
    }
}
