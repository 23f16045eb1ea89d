//! JSON with the place of every value: the files of the AWS command line, stacks' custom JSON, the instances' own JSON.
//!
//! In: text, of one value or several behind each other. Out: [`Node`]s, or the byte at which it stops being JSON and why.

use indexmap::IndexMap;

use super::document::{Node, Value};
use crate::source::Span;
use crate::text::Text;

/// Where and why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The byte.
    pub offset: usize,
    /// What was expected, in lower case.
    pub message: String,
}

/// Deeper values are refused, so that no input can exhaust the stack.
const DEEPEST: usize = 128;

/// Turns byte offsets into a place.
pub type Place<'a> = &'a dyn Fn(usize, usize) -> Option<Span>;

/// Parses one value.
///
/// # Errors
/// Where the text is no JSON, or something follows the value.
pub fn parse(text: &str, place: Place) -> Result<Node, Failure> {
    let mut reader = Reader::new(text, place);
    let node = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { Err(reader.fail("nothing more")) } else { Ok(node) }
}

/// Parses values behind each other (`cat *.json`), with or without commas between them: those that could be read, and the first fault.
#[must_use]
pub fn parse_all(text: &str, place: Place) -> (Vec<Node>, Option<Failure>) {
    let mut reader = Reader::new(text, place);
    let mut nodes = Vec::new();
    loop {
        reader.space();
        if !nodes.is_empty() && reader.peek() == Some(b',') {
            reader.at += 1;
            reader.space();
        }
        if reader.at >= text.len() {
            return (nodes, None);
        }
        match reader.value(0) {
            Ok(node) => nodes.push(node),
            Err(failure) => return (nodes, Some(failure)),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    place: Place<'a>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, place: Place<'a>) -> Self {
        // Files saved on Windows begin with a byte order mark.
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at, place }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn fail(&self, expected: &str) -> Failure {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(character) => format!("found `{}`", character.escape_debug()),
            None => "the text ends".to_owned(),
        };
        Failure { offset: self.at, message: format!("expected {expected}, {found}") }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Failure> {
        self.space();
        if depth > DEEPEST {
            return Err(Failure { offset: self.at, message: format!("nested deeper than {DEEPEST} levels") });
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::Text(Text::literal(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return Err(self.fail("a value")),
        };
        Ok(Node { span: (self.place)(start, self.at), value })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Failure> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.fail("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, Failure> {
        let mut map = IndexMap::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Map(map));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.fail("a key in double quotes"));
            }
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.fail("`:`"));
            }
            self.at += 1;
            // A key given twice has the last value, as in Ruby.
            let value = self.value(depth + 1)?;
            map.insert(key, value);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Map(map));
                }
                _ => return Err(self.fail("`,` or `}`")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Failure> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::List(items));
                }
                _ => return Err(self.fail("`,` or `]`")),
            }
        }
    }

    fn number(&mut self) -> Result<Value, Failure> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let written = &self.text[start..self.at];
        if serde_json::from_str::<serde_json::Number>(written).is_err() {
            self.at = start;
            return Err(self.fail("a number"));
        }
        Ok(Value::Number(written.to_owned()))
    }

    fn string(&mut self) -> Result<String, Failure> {
        let mut string = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
                self.at += 1;
            }
            string.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => {
                    self.at += 1;
                    string.push(self.escape()?);
                }
                _ => return Err(self.fail("the closing `\"`")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Failure> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let high = self.hexadecimal()?;
                if (0xD800..0xDC00).contains(&high) && self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
                    let back = self.at;
                    self.at += 2;
                    let low = self.hexadecimal()?;
                    if (0xDC00..0xE000).contains(&low) {
                        return Ok(char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).unwrap_or('\u{fffd}'));
                    }
                    self.at = back;
                }
                return Ok(char::from_u32(high).unwrap_or('\u{fffd}'));
            }
            _ => return Err(self.fail("an escape")),
        };
        self.at += 1;
        Ok(character)
    }

    fn hexadecimal(&mut self) -> Result<u32, Failure> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return Err(self.fail("four hexadecimal digits"));
        };
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn plain(text: &str) -> Result<Node, Failure> {
        parse(text, &|_, _| None)
    }

    /// The same value by the library that everybody trusts.
    fn same(node: &Node, value: &serde_json::Value) -> bool {
        match (&node.value, value) {
            (Value::Null, serde_json::Value::Null) => true,
            (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
            (Value::Number(a), serde_json::Value::Number(b)) => a.parse::<f64>().ok() == b.as_f64(),
            (Value::Text(a), serde_json::Value::String(b)) => a.known() == Some(b),
            (Value::List(a), serde_json::Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
            (Value::Map(a), serde_json::Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|o| same(v, o)))
            }
            _ => false,
        }
    }

    #[test]
    fn faults_have_a_place() {
        for (text, offset, message) in [
            ("{\"a\": }", 6, "expected a value, found `}`"),
            ("{\"a\": 1", 7, "expected `,` or `}`, the text ends"),
            ("[1, 2", 5, "expected `,` or `]`, the text ends"),
            ("{a: 1}", 1, "expected a key in double quotes, found `a`"),
            ("\"a\nb\"", 2, "expected the closing `\"`, found `\\n`"),
            ("01", 0, "expected a number, found `0`"),
            ("\"\\ux\"", 3, "expected four hexadecimal digits, found `x`"),
            ("", 0, "expected a value, the text ends"),
        ] {
            assert_eq!(plain(text), Err(Failure { offset, message: message.to_owned() }), "{text}");
        }
        assert!(plain(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn values_behind_each_other() {
        let (nodes, failure) = parse_all("{\"a\":1}\n[2] , \"x\" nope", &|_, _| None);
        assert_eq!(nodes.len(), 3);
        assert_eq!(failure.map(|failure| failure.offset), Some(18));
    }

    #[test]
    fn every_value_has_its_span() {
        let node = parse("{\"a\": [10, true]}", &|start, end| Some(Span::new(FileId(0), start, end))).unwrap();
        assert_eq!(node.list("a")[0].span, Some(Span::new(FileId(0), 7, 9)));
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_serde_json(text in r#"([\[\]{}:, ]|"[a-c\\u0-9nd]{0,6}"|-?[0-9.e]{1,4}|true|null){0,12}"#) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match (plain(&text), theirs) {
                (Ok(ours), Ok(theirs)) => proptest::prop_assert!(same(&ours, &theirs), "{} {:?}", text, ours),
                (Err(_), Err(_)) => {}
                // Lone surrogates: Ruby takes them, too.
                (Ok(_), Err(error)) => proptest::prop_assert!(error.to_string().contains("surrogate") || error.to_string().contains("hex escape") || error.to_string().contains("out of range"), "{} {}", text, error),
                (Err(failure), Ok(_)) => proptest::prop_assert!(false, "{} {:?}", text, failure),
            }
        }
    }
}
