//! JSON text to values, with the messages of the library's own parser.

use std::rc::Rc;

use crate::ruby::flow::{Eval, Flow};
use crate::ruby::hole::{has_hole, is_hole};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::value::{Hash, Value};

/// How to read.
#[derive(Default)]
pub struct Options {
    /// Keys become symbols.
    pub symbolize: bool,
    /// `NaN` and `Infinity` are numbers.
    pub allow_nan: bool,
    /// Deepest nesting; 0 for any.
    pub max_nesting: usize,
    /// Class of objects.
    pub object_class: Option<Rc<Module>>,
    /// Everything is frozen.
    pub freeze: bool,
}

impl Options {
    /// Takes over what the keyword arguments say.
    pub fn read(&mut self, hash: &Hash) {
        if let Some(value) = hash.get_symbol("symbolize_names") {
            self.symbolize = value.truthy();
        }
        if let Some(value) = hash.get_symbol("allow_nan") {
            self.allow_nan = value.truthy();
        }
        if let Some(value) = hash.get_symbol("freeze") {
            self.freeze = value.truthy();
        }
        match hash.get_symbol("max_nesting") {
            Some(Value::Integer(depth)) => self.max_nesting = usize::try_from(depth).unwrap_or(0),
            Some(Value::Nil | Value::Bool(false)) => self.max_nesting = 0,
            _ => {}
        }
        if let Some(Value::Module(class)) = hash.get_symbol("object_class") {
            self.object_class = Some(class);
        }
    }
}

/// The values of more levels would not fit on the program's stack.
const DEEPEST: usize = 600;

/// Why reading stopped: the value at this place is not one, or an error is raised.
enum Stop {
    Soft,
    Raised(Box<Flow>),
}

impl From<Box<Flow>> for Stop {
    fn from(flow: Box<Flow>) -> Self {
        Self::Raised(flow)
    }
}

struct Parser<'a> {
    interpreter: &'a mut Interpreter,
    text: &'a str,
    at: usize,
    options: Options,
}

/// The value that `text` says; text whose holes stand outside of strings and values is unknown.
///
/// # Errors
/// `JSON::ParserError`, `JSON::NestingError`.
pub fn parse(interpreter: &mut Interpreter, text: &str, options: Options) -> Eval {
    let mut parser = Parser { interpreter, text, at: 0, options };
    match parser.document() {
        Ok(value) => Ok(value),
        Err(_) if has_hole(text) => {
            let hole = interpreter.holes_in(text).first().cloned();
            Ok(hole.map_or(Value::Nil, |hole| interpreter.derived(&hole, " (as JSON)")))
        }
        Err(flow) => Err(flow),
    }
}

impl Parser<'_> {
    fn fail<T>(&mut self, line: u32, at: usize) -> Eval<T> {
        let rest = self.text.get(at..).unwrap_or("").to_owned();
        let class = super::error(self.interpreter, "ParserError");
        self.interpreter.raise(&class, format!("{line}: unexpected token at '{rest}'"))
    }

    fn document(&mut self) -> Eval {
        self.blank();
        let start = self.at;
        match self.value(0) {
            Ok(value) => {
                let closed = self.blank();
                if self.at < self.text.len() || !closed {
                    let at = self.at;
                    return self.fail(859, at);
                }
                Ok(value)
            }
            Err(Stop::Soft) => self.fail(859, start),
            Err(Stop::Raised(flow)) => Err(flow),
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips white space and comments; whether the last comment was closed.
    fn blank(&mut self) -> bool {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'/') if self.rest().starts_with("/*") => match self.rest().find("*/") {
                    Some(end) => self.at += end + 2,
                    None => return true,
                },
                Some(b'/') if self.rest().starts_with("//") => match self.rest().find('\n') {
                    Some(end) => self.at += end + 1,
                    None => {
                        self.at = self.text.len();
                        return false;
                    }
                },
                _ => return true,
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Stop> {
        self.interpreter.step()?;
        let start = self.at;
        let word = |text: &str, word: &str| text.starts_with(word);
        let rest = self.rest();
        match rest.as_bytes().first() {
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') if !rest.starts_with("-Infinity") => self.number(),
            _ if word(rest, "null") => self.constant(4, Value::Nil),
            _ if word(rest, "true") => self.constant(4, Value::Bool(true)),
            _ if word(rest, "false") => self.constant(5, Value::Bool(false)),
            _ if word(rest, "NaN") => self.special(3, f64::NAN, 225, start),
            _ if word(rest, "Infinity") => self.special(8, f64::INFINITY, 232, start + 8),
            _ if word(rest, "-Infinity") => self.special(9, f64::NEG_INFINITY, 249, start),
            _ => match rest.chars().next().filter(|c| is_hole(*c)) {
                Some(character) => {
                    let hole = self.interpreter.hole_of(character).cloned().ok_or(Stop::Soft)?;
                    self.constant(character.len_utf8(), Value::Unknown(hole))
                }
                None => Err(Stop::Soft),
            },
        }
    }

    fn constant(&mut self, length: usize, value: Value) -> Result<Value, Stop> {
        self.at += length;
        Ok(value)
    }

    fn special(&mut self, length: usize, number: f64, line: u32, shown: usize) -> Result<Value, Stop> {
        if !self.options.allow_nan {
            return Ok(self.fail(line, shown)?);
        }
        self.constant(length, Value::Float(number))
    }

    fn number(&mut self) -> Result<Value, Stop> {
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| bytes.get(from..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_digit()).count();
        let sign = usize::from(bytes.first() == Some(&b'-'));
        let whole = digits(sign);
        if whole == 0 || (whole > 1 && bytes.get(sign) == Some(&b'0')) {
            return Err(Stop::Soft);
        }
        let mut end = sign + whole;
        let mut float = false;
        if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
            float = true;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let signed = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
            let count = digits(end + 1 + signed);
            if count > 0 {
                end += 1 + signed + count;
                float = true;
            }
        }
        let text = self.rest().get(..end).unwrap_or("0").to_owned();
        self.at += end;
        if float {
            return Ok(Value::Float(text.parse().unwrap_or(f64::NAN)));
        }
        Ok(text.parse().map(Value::Integer).unwrap_or_else(|_| self.interpreter.parse_big(&text)))
    }

    fn too_deep(&mut self, depth: usize) -> Result<(), Stop> {
        if self.options.max_nesting > 0 && depth > self.options.max_nesting || depth > DEEPEST {
            let class = super::error(self.interpreter, "NestingError");
            return Ok(self.interpreter.raise(&class, format!("nesting of {depth} is too deep"))?);
        }
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<Value, Stop> {
        self.too_deep(depth)?;
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        if self.peek() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                self.blank();
                let start = self.at;
                match self.value(depth) {
                    Ok(value) => items.push(value),
                    Err(Stop::Soft) => return Ok(self.fail(451, start)?),
                    Err(raised) => return Err(raised),
                }
                self.blank();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => {
                        self.at += 1;
                        break;
                    }
                    _ => {
                        let at = self.at;
                        return Ok(self.fail(451, at)?);
                    }
                }
            }
        }
        let array = Value::array(items);
        self.finish(array)
    }

    fn object(&mut self, depth: usize) -> Result<Value, Stop> {
        self.too_deep(depth)?;
        self.at += 1;
        let hash = Value::new_hash();
        let mut holder = None;
        if let Some(class) = self.options.object_class.clone() {
            if !Rc::ptr_eq(&class, &self.interpreter.classes.hash) {
                holder = Some(self.interpreter.instantiate(&class, crate::ruby::procs::Args::none())?);
            }
        }
        self.blank();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                self.blank();
                if self.peek() != Some(b'"') {
                    return Err(Stop::Soft);
                }
                let key = self.string()?;
                let key = match key.name() {
                    Some(name) if self.options.symbolize => Value::Symbol(name),
                    _ => key,
                };
                self.blank();
                if self.peek() != Some(b':') {
                    return Err(Stop::Soft);
                }
                self.at += 1;
                self.blank();
                let value = self.value(depth)?;
                match &holder {
                    Some(holder) => {
                        self.interpreter.send(holder, "[]=", &[key, value])?;
                    }
                    None => hash.insert_plain(key, value),
                }
                self.blank();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => {
                        self.at += 1;
                        break;
                    }
                    _ => return Err(Stop::Soft),
                }
            }
        }
        self.finish(holder.unwrap_or(Value::Hash(hash)))
    }

    fn finish(&mut self, value: Value) -> Result<Value, Stop> {
        if self.options.freeze {
            return Ok(self.interpreter.send(&value, "freeze", &[])?);
        }
        Ok(value)
    }

    fn string(&mut self) -> Result<Value, Stop> {
        let mut out = String::new();
        let mut at = self.at + 1;
        loop {
            let rest = self.text.get(at..).unwrap_or("");
            let mut characters = rest.chars();
            match characters.next() {
                None => return Err(Stop::Soft),
                Some('"') => {
                    at += 1;
                    break;
                }
                Some('\\') => {
                    let Some(escaped) = characters.next() else { return Err(Stop::Soft) };
                    at += 1 + escaped.len_utf8();
                    match escaped {
                        'b' => out.push('\u{8}'),
                        'f' => out.push('\u{c}'),
                        'n' => out.push('\n'),
                        'r' => out.push('\r'),
                        't' => out.push('\t'),
                        'u' => {
                            let (character, length) = self.escape(at)?;
                            out.push(character);
                            at += length;
                        }
                        other => out.push(other),
                    }
                }
                Some(control) if u32::from(control) < 0x20 => return Err(Stop::Soft),
                Some(character) => {
                    out.push(character);
                    at += character.len_utf8();
                }
            }
        }
        self.at = at;
        let text = Value::str(out);
        self.finish(text)
    }

    /// The character of `\uXXXX` (its digits start at `at`), and how many bytes behind the `u` it takes.
    fn escape(&mut self, at: usize) -> Result<(char, usize), Stop> {
        let unit = |from: usize| {
            let digits = self.text.get(from..from + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
            u32::from_str_radix(digits, 16).ok()
        };
        let Some(first) = unit(at) else { return Err(Stop::Soft) };
        if (0xD800..0xDC00).contains(&first) {
            let second = if self.text.get(at + 4..at + 6) == Some("\\u") { unit(at + 6) } else { None };
            let Some(second) = second.filter(|unit| (0xDC00..0xE000).contains(unit)) else {
                let rest = self.text.get(at - 2..).unwrap_or("").to_owned();
                let class = super::error(self.interpreter, "ParserError");
                return Ok(self.interpreter.raise(&class, format!("521: incomplete surrogate pair at '{rest}'"))?);
            };
            let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            let character = char::from_u32(code).filter(|c| !is_hole(*c)).unwrap_or('\u{FFFD}');
            return Ok((character, 10));
        }
        Ok((char::from_u32(first).unwrap_or('\u{FFFD}'), 4))
    }
}
