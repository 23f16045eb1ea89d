//! Strings by evaluating Ruby, and what holds for any text.

use std::rc::Rc;

use proptest::prelude::*;

use super::{bytes, inspect, succ};
use crate::read::ruby::parse;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::source::SourceMap;

/// What `code` gives, as `inspect` shows it; the class and message of what it raises.
fn run(code: &str) -> String {
    let mut sources = SourceMap::new();
    let file = sources.add_text("test.rb", code);
    let sources = Rc::new(sources);
    let (tree, _) = parse(&sources, file);
    let mut interpreter = Interpreter::new(sources);
    let scope = interpreter.scope();
    match interpreter.run(&scope, &tree) {
        Ok(value) => interpreter.inspect(&value).unwrap_or_default(),
        Err(flow) => match *flow {
            crate::ruby::flow::Flow::Raise(error) => {
                let (class, message) = interpreter.describe_exception(&error);
                format!("{class}: {message}")
            }
            crate::ruby::flow::Flow::Halt(why) => why,
            _ => String::new(),
        },
    }
}

#[test]
fn substitution_sees_the_match() {
    assert_eq!(run(r##""a1b2".gsub(/([a-z])(\d)/) { "#{$2}#{$1}" }"##), r#""1a2b""#);
    assert_eq!(run(r#""john smith".gsub(/(?<a>\w+) (?<b>\w+)/, '\k<b> \k<a> \0 \\\\')"#), r#""smith john john smith \\""#);
    assert_eq!(run(r#""cat dog".gsub(/\w+/, "cat" => "C")"#), r#""C ""#);
    assert_eq!(run(r#"[$~, "x" =~ /(x)/, $1, "y".sub(/y/) { $&.upcase }, $1]"#), r#"[nil, 0, "x", "Y", nil]"#);
    assert_eq!(run(r"/(?<k>\w)=(?<v>\d)/ =~ 'a=1'; [k, v]"), r#"["a", "1"]"#);
}

#[test]
fn errors_are_worded_as_in_ruby() {
    for (code, want) in [
        (r#""a" + nil"#, "TypeError: no implicit conversion of nil into String"),
        (r#""a".freeze << "b""#, "FrozenError: can't modify frozen String: \"a\""),
        (r#""x".squish"#, "NoMethodError: undefined method `squish' for \"x\":String"),
        (r#""a".gsub(1, "")"#, "TypeError: wrong argument type Integer (expected Regexp)"),
        (r#"s = +"abc"; s[9] = "x""#, "IndexError: index 9 out of string"),
        (r#""é".encode("US-ASCII")"#, "Encoding::UndefinedConversionError: U+00E9 from UTF-8 to US-ASCII"),
        (r#"Regexp.new("(")"#, "RegexpError: end pattern with unmatched parenthesis: /(/"),
        (r#""a" * 99999999"#, "a value grew beyond 16777216 elements"),
    ] {
        assert_eq!(run(code), want, "{code}");
    }
}

#[test]
fn bytes_that_are_no_characters_survive() {
    assert_eq!(run(r#"s = +"caf\xC3"; s << "\xA9"; [s, s.valid_encoding?, "\xff".valid_encoding?]"#), r#"["café", true, false]"#);
    assert_eq!(run(r#"["a\xE3\x81b\xff".scrub("?"), "\xff\xfe".inspect, "\xff".bytes]"#), r#"["a?b?", "\"\\xFF\\xFE\"", [255]]"#);
    assert_eq!(run(r#"["616263ff"].pack("H*").unpack("C*")"#), "[97, 98, 99, 255]");
}

proptest! {
    #[test]
    fn bytes_come_back(all in proptest::collection::vec(any::<u8>(), 0..40)) {
        prop_assert_eq!(bytes::to_bytes(&bytes::from_bytes(&all)), all);
    }

    #[test]
    fn dumped_text_comes_back(text in "\\PC{0,20}|[\\x00-\\x7f]{0,20}") {
        let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
        let dumped = interpreter.send(&Value::str(text.clone()), "dump", &[]).ok();
        let back = dumped.and_then(|dumped| interpreter.send(&dumped, "undump", &[]).ok()).and_then(|back| back.text());
        prop_assert_eq!(back, Some(text));
    }

    #[test]
    fn parts_joined_are_the_text(text in "[ab,é\n]{0,20}") {
        let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
        let parts = interpreter.send(&Value::str(text.clone()), "split", &[Value::str(","), Value::Integer(-1)]).ok();
        let parts: Vec<String> = parts.and_then(|parts| parts.items()).unwrap_or_default().iter().filter_map(Value::text).collect();
        prop_assert_eq!(parts.join(","), text);
    }

    #[test]
    fn successors_differ_and_are_no_shorter(text in "[a-zA-Z0-9._é-]{1,10}") {
        let next = succ::succ(&text);
        prop_assert_ne!(&next, &text);
        prop_assert!(next.chars().count() >= text.chars().count());
    }

    #[test]
    fn no_template_panics(method in "(tr|delete|count|unpack|squeeze|insert|center|upto)", text in "\\PC{0,10}", argument in "[a-zA-Z0-9*@ ^\\\\-]{0,8}", number in -9i64..30) {
        let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
        let me = Value::str(text);
        let given = [Value::str(argument), Value::Integer(number)];
        for list in [&given[..1], &given[1..], &[given[0].clone(), given[0].clone()][..], &[given[1].clone(), given[0].clone()][..]] {
            let _ = interpreter.send(&me, &method, list);
        }
    }
}

#[test]
fn quoted_text_and_symbols() {
    assert_eq!(inspect::quoted("a\"#{b}\n\u{7f}é", false), r#""a\"\#{b}\n\u007Fé""#);
    assert_eq!(inspect::symbol("a b"), ":\"a b\"");
    for plain in ["a", "a?", "[]=", "@x", "$1", "é", "A="] {
        assert!(inspect::plain_symbol(plain), "{plain}");
    }
    for quoted in ["", "1a", "a-b", "@1", "a?=", "=", "$"] {
        assert!(!inspect::plain_symbol(quoted), "{quoted}");
    }
}
