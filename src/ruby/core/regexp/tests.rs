//! The translation of Ruby's syntax, checked by what it matches; and that no source makes the program panic or hang.

use std::rc::Rc;

use proptest::prelude::*;

use super::{emit, parse};
use crate::ruby::flow::Flow;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::source::SourceMap;

fn pattern(source: &str) -> String {
    parse::parse(source, "").map_or_else(|why| format!("error: {why}"), |parsed| emit::pattern(&parsed.tree))
}

/// The place in bytes of the first match.
fn find(source: &str, options: &str, text: &str) -> Option<(usize, usize)> {
    let parsed = parse::parse(source, options).expect(source);
    let regex = fancy_regex::Regex::new(&emit::pattern(&parsed.tree)).expect(source);
    regex.find(text).expect(source).map(|found| (found.start(), found.end()))
}

#[test]
fn ruby_syntax_becomes_the_engines() {
    for (source, want) in [
        ("ab", "ab"),
        ("^a", "(?m:^)a"),
        ("a$", "a(?m:$)"),
        ("^", r"(?:\A|(?<=\n)(?!\z))"),
        (r"\w\s", r"[A-Za-z0-9_][\x09-\x0D\x20]"),
        (r"a\/b", r"a\x{2F}b"),
        ("a++", "(?>a+)"),
        ("a{2}+", "(?:a{2})+"),
        ("a{2}?", "(?:a{2})?"),
        ("a{,3}", "a{0,3}"),
        ("a{,}", r"a\x{7B}\x{2C}\x{7D}"),
        ("(?<n>a)(b)", "(a)b"),
        (r"(?<n>a)\k<n>", r"(a)(?:\1)"),
        ("(?i)ab", "(?i:ab)"),
        ("a(?i)b|c", "a(?:(?i:b)|(?i:c))"),
        ("(?m-i:.)", "(?s:.)"),
        ("[a-z&&[^b]]", "[[a-z]&&[[^b]]]"),
    ] {
        assert_eq!(pattern(source), want, "{source}");
    }
}

#[test]
fn matches_as_ruby_does() {
    for (source, options, text, want) in [
        ("a.b", "", "a\nb", None),
        ("a.b", "m", "a\nb", Some((0, 3))),
        ("^b$", "", "a\nb\nc", Some((2, 3))),
        (r"a\Z", "", "a\n", Some((0, 1))),
        (r"a\z", "", "a\n", None),
        (r"[[:alpha:]]+", "", "1é", Some((1, 3))),
        (r"\w+", "", "é1", Some((2, 3))),
        (r"\h+", "", "xyzfa", Some((3, 5))),
        ("a b # c", "x", "ab", Some((0, 2))),
        ("A", "i", "a", Some((0, 1))),
        (r"(a)?(?(1)b|c)", "", "c", Some((0, 1))),
        (r"\((?:[^()]|\g<0>)*\)", "", "x(a(b)c)", Some((1, 8))),
        (r"(?<=\.)\w+", "", "a.bc", Some((2, 4))),
        (r"\x41\u0042\103", "", "ABC", Some((0, 3))),
        (r"[\b]", "", "\u{8}", Some((0, 1))),
        (r"\R", "", "a\r\n", Some((1, 3))),
        (r"[]a]+", "", "]a", Some((0, 2))),
        (r"(?:^)*a", "", "a", Some((0, 1))),
    ] {
        assert_eq!(find(source, options, text), want, "{source}");
    }
}

#[test]
fn errors_are_those_of_ruby() {
    for (source, want) in [
        ("(", "end pattern with unmatched parenthesis"),
        (")", "unmatched close parenthesis"),
        ("[", "premature end of char-class"),
        ("[]", "empty char-class"),
        ("[z-a]", "empty range in char class"),
        ("*", "target of repeat operator is not specified"),
        ("a|*", "target of repeat operator is not specified"),
        ("a{3,1}", "upper is smaller than lower in repeat range"),
        (r"\1", "invalid backref number/name"),
        (r"(?<a>x)\k<b>", "undefined name <b> reference"),
        (r"(?<a>x)(y)\1", "numbered backref/call is not allowed. (use name)"),
        ("(?<=a+)b", "invalid pattern in look-behind"),
        ("(?z)", "undefined group option"),
        (r"\p{Foo}", "invalid character property name {Foo}"),
        ("[[:foo:]]", "invalid POSIX bracket type"),
        ("\\", "too short escape sequence"),
        (r"\xff", "invalid multibyte escape"),
    ] {
        assert_eq!(parse::parse(source, "").map(|parsed| parsed.names).unwrap_err(), want, "{source}");
    }
}

#[test]
fn endless_backtracking_stops() {
    let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
    let regexp = interpreter.make_regexp(r"(x+x+)+\1y", "").map_err(|_| "no regexp").expect("a regexp");
    let answer = interpreter.send(&regexp, "=~", &[Value::str("x".repeat(60))]);
    assert!(matches!(answer.map_err(|flow| *flow), Err(Flow::Halt(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_source_panics(source in r"[\\\[\](){}|*+?.^$&:<>=!~#a-cA-Z0-9 ,\-]{0,24}|\PC{0,16}", options in "[imxn]{0,3}", text in "[a-c \n]{0,12}") {
        let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
        if let Ok(regexp) = interpreter.make_regexp(&source, &options) {
            let _ = interpreter.send(&regexp, "match", &[Value::str(text)]);
            let _ = interpreter.inspect(&regexp);
        }
    }

    #[test]
    fn escaped_text_matches_itself(text in "\\PC{1,20}") {
        let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
        if let Ok(regexp) = interpreter.make_regexp(&format!("\\A{}\\z", super::escape(&text)), "") {
            let answer = interpreter.send(&regexp, "match?", &[Value::str(text)]);
            prop_assert!(matches!(answer, Ok(Value::Bool(true) | Value::Unknown(_))));
        } else {
            prop_assert!(false, "{text} cannot be compiled");
        }
    }
}
