//! `unpack` and `unpack1`: values out of bytes, by a template such as `"nC*a2"`.

use super::{bytes, look};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("unpack", |i, me, args| Ok(Value::array(unpack(i, me, args)?))),
    ("unpack1", |i, me, args| Ok(unpack(i, me, args)?.into_iter().next().unwrap_or(Value::Nil))),
];

/// How often a directive of a template counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Not given.
    One,
    /// A number.
    Times(usize),
    /// `*`
    All,
}

/// A directive of a template.
pub struct Directive {
    /// Which.
    pub letter: char,
    /// How often.
    pub count: Count,
    /// `>`: the highest byte comes first.
    pub big: bool,
}

impl Directive {
    /// The width in bytes of an integer directive, and whether it has a sign.
    #[must_use]
    pub fn integer(&self) -> Option<(usize, bool, bool)> {
        Some(match self.letter {
            'c' => (1, true, self.big),
            'C' => (1, false, self.big),
            's' => (2, true, self.big),
            'S' => (2, false, self.big),
            'l' | 'i' => (4, true, self.big),
            'L' | 'I' => (4, false, self.big),
            'q' | 'j' => (8, true, self.big),
            'Q' | 'J' => (8, false, self.big),
            'n' => (2, false, true),
            'N' => (4, false, true),
            'v' => (2, false, false),
            'V' => (4, false, false),
            _ => return None,
        })
    }

    /// The width of a float directive, and whether the highest byte comes first.
    #[must_use]
    pub fn float(&self) -> Option<(usize, bool)> {
        Some(match self.letter {
            'd' | 'D' | 'E' => (8, false),
            'G' => (8, true),
            'f' | 'F' | 'e' => (4, false),
            'g' => (4, true),
            _ => return None,
        })
    }

    /// How often, `all` standing for `*`.
    #[must_use]
    pub fn times(&self, all: usize) -> usize {
        match self.count {
            Count::One => 1,
            Count::Times(times) => times,
            Count::All => all,
        }
    }
}

/// Reads a template.
///
/// # Errors
/// `ArgumentError` for what is no directive.
pub fn template(interpreter: &mut Interpreter, text: &str) -> Eval<Vec<Directive>> {
    let mut list = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(letter) = characters.next() {
        if letter.is_whitespace() || letter == '\0' {
            continue;
        }
        if letter == '#' {
            while characters.next().is_some_and(|c| c != '\n') {}
            continue;
        }
        if !letter.is_ascii_alphabetic() && letter != '@' {
            return interpreter.argument_error(format!("unknown directive '{letter}' in '{text}'"));
        }
        let mut big = false;
        while let Some(modifier) = characters.next_if(|c| matches!(c, '_' | '!' | '<' | '>')) {
            big = modifier == '>';
        }
        let mut digits = String::new();
        let count = if characters.next_if_eq(&'*').is_some() {
            Count::All
        } else {
            while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            if digits.is_empty() { Count::One } else { Count::Times(digits.parse().unwrap_or(usize::MAX)) }
        };
        list.push(Directive { letter, count, big });
    }
    Ok(list)
}

fn unpack(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Vec<Value>> {
    interpreter.check_arity(args, 1, Some(2))?;
    let text = interpreter.to_str(&args.value(0))?;
    let all = look(me, bytes::to_bytes);
    let mut at = match args.option("offset") {
        Some(offset) => usize::try_from(interpreter.to_integer(&offset)?).unwrap_or(0).min(all.len()),
        None => 0,
    };
    let mut out = Vec::new();
    for directive in template(interpreter, &text)? {
        let rest = all.get(at..).unwrap_or_default();
        if let Some((width, signed, big)) = directive.integer() {
            let times = directive.times(rest.len() / width);
            interpreter.check_size(times)?;
            for index in 0..times {
                match rest.get(index * width..(index + 1) * width) {
                    Some(unit) => {
                        out.push(integer(interpreter, unit, signed, big));
                        at += width;
                    }
                    // What is missing is nil, but not for `*`.
                    None => out.push(Value::Nil),
                }
            }
            continue;
        }
        if let Some((width, big)) = directive.float() {
            for _ in 0..directive.times(rest.len() / width).min(rest.len() + 1) {
                let value = all.get(at..at + width).map(|unit| float(unit, big));
                at += if value.is_some() { width } else { 0 };
                out.push(value.map_or(Value::Nil, Value::Float));
            }
            continue;
        }
        match directive.letter {
            'a' | 'A' | 'Z' => {
                let length = directive.times(rest.len()).min(rest.len());
                let part = rest.get(..length).unwrap_or_default();
                at += length;
                let kept = match directive.letter {
                    'a' => part,
                    'A' => {
                        let end = part.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
                        part.get(..end).unwrap_or_default()
                    }
                    _ => {
                        let end = part.iter().position(|byte| *byte == 0);
                        if directive.count == Count::All {
                            at = at - length + end.map_or(length, |end| end + 1);
                        }
                        part.get(..end.unwrap_or(length)).unwrap_or_default()
                    }
                };
                out.push(Value::str(bytes::from_bytes(kept)));
            }
            'B' | 'b' => {
                let length = directive.times(rest.len() * 8).min(rest.len() * 8);
                let bit = |index: usize| {
                    let shift = if directive.letter == 'B' { 7 - index % 8 } else { index % 8 };
                    rest.get(index / 8).is_some_and(|byte| byte >> shift & 1 == 1)
                };
                out.push(Value::str((0..length).map(|index| if bit(index) { '1' } else { '0' }).collect::<String>()));
                at += length.div_ceil(8);
            }
            'H' | 'h' => {
                let length = directive.times(rest.len() * 2).min(rest.len() * 2);
                let digit = |index: usize| {
                    let high = index.is_multiple_of(2) == (directive.letter == 'H');
                    let byte = rest.get(index / 2).copied().unwrap_or(0);
                    char::from_digit(u32::from(if high { byte >> 4 } else { byte & 15 }), 16).unwrap_or('0')
                };
                out.push(Value::str((0..length).map(digit).collect::<String>()));
                at += length.div_ceil(2);
            }
            'U' => {
                let text = bytes::from_bytes(rest);
                for character in text.chars().take(directive.times(usize::MAX)) {
                    if bytes::raw_byte(character).is_some() {
                        return interpreter.argument_error("malformed UTF-8 character");
                    }
                    out.push(Value::Integer(i64::from(u32::from(character))));
                    at += character.len_utf8();
                }
            }
            'w' => {
                let mut value: i64 = 0;
                let mut left = directive.times(usize::MAX);
                while let Some(byte) = all.get(at).filter(|_| left > 0) {
                    value = value.checked_mul(128).unwrap_or(0) | i64::from(byte & 0x7f);
                    at += 1;
                    if byte & 0x80 == 0 {
                        out.push(Value::Integer(value));
                        value = 0;
                        left -= 1;
                    }
                }
            }
            'm' => {
                let strict = directive.count == Count::Times(0);
                match base64(rest, strict) {
                    Some(decoded) => out.push(Value::str(bytes::from_bytes(&decoded))),
                    None => return interpreter.argument_error("invalid base64"),
                }
                at = all.len();
            }
            'M' => {
                out.push(Value::str(bytes::from_bytes(&quoted_printable(rest))));
                at = all.len();
            }
            'u' => {
                out.push(Value::str(bytes::from_bytes(&uudecoded(rest))));
                at = all.len();
            }
            'x' => at = at.saturating_add(directive.times(rest.len())),
            'X' => match at.checked_sub(directive.times(0)) {
                Some(back) => at = back,
                None => return interpreter.argument_error("X outside of string"),
            },
            '@' => at = directive.times(rest.len()),
            other => return interpreter.argument_error(format!("unknown unpack directive '{other}' in '{text}'")),
        }
        if at > all.len() {
            return interpreter.argument_error(format!("{} outside of string", directive.letter));
        }
        interpreter.check_size(out.len())?;
    }
    Ok(out)
}

fn integer(interpreter: &mut Interpreter, unit: &[u8], signed: bool, big: bool) -> Value {
    let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    let value = if big { unit.iter().fold(0, fold) } else { unit.iter().rev().fold(0, fold) };
    if !signed {
        return i64::try_from(value).map_or_else(|_| interpreter.parse_big(&value.to_string()), Value::Integer);
    }
    let shift = u32::try_from(64 - unit.len() * 8).unwrap_or(0);
    Value::Integer((value << shift).cast_signed() >> shift)
}

fn float(unit: &[u8], big: bool) -> f64 {
    let mut all = unit.to_vec();
    if !big {
        all.reverse();
    }
    match all.as_slice() {
        [a, b, c, d] => f64::from(f32::from_be_bytes([*a, *b, *c, *d])),
        [a, b, c, d, e, f, g, h] => f64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]),
        _ => 0.0,
    }
}

/// Base64; what is no digit is passed over unless `strict`.
fn base64(encoded: &[u8], strict: bool) -> Option<Vec<u8>> {
    use base64::Engine as _;
    if strict {
        return base64::engine::general_purpose::STANDARD.decode(encoded).ok();
    }
    let digits: Vec<u8> = encoded
        .iter()
        .take_while(|byte| **byte != b'=')
        .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        .copied()
        .collect();
    // A single digit at the end means nothing.
    let length = if digits.len() % 4 == 1 { digits.len() - 1 } else { digits.len() };
    let config = base64::engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true);
    base64::engine::GeneralPurpose::new(&base64::alphabet::STANDARD, config).decode(digits.get(..length)?).ok()
}

fn quoted_printable(encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded.len());
    let mut at = 0;
    while let Some(byte) = encoded.get(at) {
        if *byte != b'=' {
            out.push(*byte);
            at += 1;
            continue;
        }
        match encoded.get(at + 1..) {
            Some([b'\n', ..]) => at += 2,
            Some([b'\r', b'\n', ..]) => at += 3,
            Some([a, b, ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
                out.push(digit(*a) << 4 | digit(*b));
                at += 3;
            }
            _ => {
                out.push(b'=');
                at += 1;
            }
        }
    }
    out
}

fn uudecoded(encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in encoded.split(|byte| *byte == b'\n') {
        let Some((length, digits)) = line.split_first() else { break };
        let length = usize::from(length.wrapping_sub(32) & 63);
        let mut decoded = Vec::new();
        for group in digits.chunks(4) {
            let at = |index: usize| group.get(index).map_or(0, |byte| byte.wrapping_sub(32) & 63);
            let (a, b, c, d) = (at(0), at(1), at(2), at(3));
            decoded.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
        decoded.truncate(length);
        out.extend(decoded);
    }
    out
}
