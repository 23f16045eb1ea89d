//! How strings and symbols are written as code: `inspect`, `dump`, `undump`.

use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::LazyLock;

use super::{bytes, encode, look, text};
use crate::ruby::flow::Eval;
use crate::ruby::hole::is_hole;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[("inspect", inspect), ("dump", dump), ("undump", undump)];

/// Characters that `inspect` shows as they are.
static PRINTABLE: LazyLock<Option<fancy_regex::Regex>> =
    LazyLock::new(|| fancy_regex::Regex::new(r"\A(?:[^\p{White_Space}\p{Cc}\p{Cn}\p{Cs}]|\p{Zs}|\x{85})\z").ok());

fn printable(character: char) -> bool {
    if character.is_ascii() {
        return matches!(character, ' '..='~');
    }
    if character.is_alphanumeric() || is_hole(character) {
        return true;
    }
    let mut buffer = [0; 4];
    let shown: &str = character.encode_utf8(&mut buffer);
    PRINTABLE.as_ref().is_none_or(|regex| regex.is_match(shown).unwrap_or(true))
}

/// The escape of characters that have one of a letter.
fn letter(character: char) -> Option<char> {
    Some(match character {
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{C}' => 'f',
        '\u{B}' => 'v',
        '\u{8}' => 'b',
        '\u{7}' => 'a',
        '\u{1B}' => 'e',
        _ => return None,
    })
}

/// What is alike in `inspect` and `dump`: quotes, backslashes, `#{`, letters. `false` when the character is none of these.
fn common(character: char, next: Option<char>, out: &mut String) -> bool {
    match character {
        '"' | '\\' => {
            out.push('\\');
            out.push(character);
        }
        '#' => {
            if matches!(next, Some('{' | '$' | '@')) {
                out.push('\\');
            }
            out.push('#');
        }
        _ => match letter(character) {
            Some(letter) => {
                out.push('\\');
                out.push(letter);
            }
            None => return false,
        },
    }
    true
}

fn unicode(character: char, out: &mut String) {
    let code = u32::from(character);
    let _ = if code > 0xFFFF { write!(out, "\\u{{{code:X}}}") } else { write!(out, "\\u{code:04X}") };
}

/// A string as `inspect` writes it; every byte on its own when it is `binary`.
#[must_use]
pub fn quoted(text: &str, binary: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if common(character, characters.peek().copied(), &mut out) {
            continue;
        }
        if let Some(byte) = bytes::raw_byte(character) {
            let _ = write!(out, "\\x{byte:02X}");
        } else if binary && !matches!(character, ' '..='~') && !is_hole(character) {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "\\x{byte:02X}");
            }
        } else if printable(character) {
            out.push(character);
        } else {
            unicode(character, &mut out);
        }
    }
    out.push('"');
    out
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let encoding = encode::name_of(interpreter, me);
    if let Some(decoded) = look(me, |text| encode::wide(text, encoding)) {
        return Ok(Value::str(escaped(&decoded)));
    }
    let binary = encoding != encode::UTF_8;
    Ok(Value::str(look(me, |text| quoted(text, binary))))
}

/// Text of a wide encoding: its characters that are not ASCII are escaped.
fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if !common(character, characters.peek().copied(), &mut out) {
            match character {
                ' '..='~' => out.push(character),
                other => unicode(other, &mut out),
            }
        }
    }
    out.push('"');
    out
}

fn dump(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::str(look(me, |text| {
        let mut out = String::from("\"");
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            if common(character, characters.peek().copied(), &mut out) {
                continue;
            }
            match bytes::raw_byte(character) {
                Some(byte) => {
                    let _ = write!(out, "\\x{byte:02X}");
                }
                None if matches!(character, ' '..='~') || is_hole(character) => out.push(character),
                None if character.is_ascii() => {
                    let _ = write!(out, "\\x{:02X}", u32::from(character));
                }
                None => unicode(character, &mut out),
            }
        }
        out.push('"');
        out
    })))
}

/// Reads what `dump` wrote.
fn undump(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    match undumped(&text(me)) {
        Ok(text) => Ok(Value::str(text)),
        Err(message) => {
            let class = Rc::clone(&interpreter.classes.runtime_error);
            interpreter.raise(&class, message)
        }
    }
}

fn undumped(text: &str) -> Result<String, &'static str> {
    const UNWRAPPED: &str = "invalid dumped string; not wrapped with '\"' nor '\"...\".force_encoding(\"...\")' form";
    let inside = text.strip_prefix('"').ok_or(UNWRAPPED)?;
    let mut out: Vec<u8> = Vec::with_capacity(inside.len());
    let push = |character: char, out: &mut Vec<u8>| out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    let mut characters = inside.chars();
    loop {
        match characters.next() {
            None => return Err("unterminated dumped string"),
            Some('"') => return if characters.as_str().is_empty() { Ok(bytes::from_bytes(&out)) } else { Err(UNWRAPPED) },
            Some('\\') => {}
            Some(other) => {
                push(other, &mut out);
                continue;
            }
        }
        let rest = characters.as_str();
        match characters.next().ok_or("invalid escape")? {
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            'f' => out.push(0xC),
            'v' => out.push(0xB),
            'b' => out.push(8),
            'a' => out.push(7),
            'e' => out.push(0x1B),
            'x' => {
                let digits = rest.get(1..3).ok_or("invalid hex escape")?;
                out.push(u8::from_str_radix(digits, 16).map_err(|_| "invalid hex escape")?);
                characters = rest[3..].chars();
            }
            'u' if rest.starts_with("u{") => {
                let (list, behind) = rest[2..].split_once('}').ok_or("unterminated Unicode escape")?;
                for digits in list.split_ascii_whitespace() {
                    let code = u32::from_str_radix(digits, 16).map_err(|_| "invalid Unicode escape")?;
                    push(char::from_u32(code).ok_or("invalid Unicode codepoint")?, &mut out);
                }
                characters = behind.chars();
            }
            'u' => {
                let digits = rest.get(1..5).ok_or("invalid Unicode escape")?;
                let code = u32::from_str_radix(digits, 16).map_err(|_| "invalid Unicode escape")?;
                push(char::from_u32(code).ok_or("invalid Unicode codepoint")?, &mut out);
                characters = rest[5..].chars();
            }
            other => push(other, &mut out),
        }
    }
}

/// A symbol as `inspect` writes it: `:name`, or quoted when that could not be read back.
#[must_use]
pub fn symbol(name: &str) -> String {
    if plain_symbol(name) { format!(":{name}") } else { format!(":{}", quoted(name, false)) }
}

/// Whether a name can be written behind a colon as it is.
#[must_use]
pub fn plain_symbol(name: &str) -> bool {
    const OPERATORS: &[&str] = &[
        "[]", "[]=", "+", "-", "*", "/", "**", "==", "!=", "===", "=~", "!~", "<=>", "<", "<=", ">", ">=", "<<", ">>", "!", "+@", "-@",
        "~", "%", "&", "|", "^", "`",
    ];
    if OPERATORS.contains(&name) {
        return true;
    }
    if let Some(special) = name.strip_prefix('$') {
        let mut characters = special.chars();
        return identifier(special)
            || special.bytes().all(|byte| byte.is_ascii_digit()) && !special.is_empty()
            || matches!((characters.next(), characters.next(), characters.next()), (Some('-'), Some(c), None) if c.is_alphanumeric() || c == '_')
            || special.chars().count() == 1 && special.contains(|c| "~*$?!@/\\;,.=:<>\"&`'+0_".contains(c));
    }
    if let Some(variable) = name.strip_prefix("@@").or_else(|| name.strip_prefix('@')) {
        return identifier(variable);
    }
    let stem = name.strip_suffix(['?', '!', '=']).unwrap_or(name);
    identifier(stem)
}

fn identifier(text: &str) -> bool {
    let word = |c: char| c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii();
    text.chars().all(word) && text.chars().next().is_some_and(|c| !c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii() || printable(c))
}
