//! Numbers at the start of text: `to_i`, `to_f`, `hex`, `oct`, `to_r`.
//!
//! `"42 apples".to_i` is 42, `"apples".to_i` is 0.

use super::{look, text};
use crate::ruby::big::Big;
use crate::ruby::core::rational::Ratio;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("to_i", to_i),
    ("to_f", |_, me, _| Ok(Value::Float(look(me, leading_float)))),
    ("hex", |i, me, _| integer(i, me, 16, false)),
    ("oct", |i, me, _| integer(i, me, 8, true)),
    ("to_r", to_r),
];

fn to_i(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let base = match args.get(0) {
        Some(base) => interpreter.to_integer(base)?,
        None => 10,
    };
    match u32::try_from(base) {
        Ok(base @ (0 | 2..=36)) => integer(interpreter, me, base, base == 0),
        _ => interpreter.argument_error(format!("invalid radix {base}")),
    }
}

fn blank(character: char) -> bool {
    matches!(character, '\t'..='\r' | ' ')
}

/// The integer at the start of `text`, and what follows it; `None` when there is none. With `any` a prefix chooses the base.
#[must_use]
fn leading_integer(text: &str, base: u32, any: bool) -> Option<(Big, &str)> {
    let trimmed = text.trim_start_matches(blank);
    let (negative, unsigned) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    let lower = unsigned.as_bytes().get(1).map(u8::to_ascii_lowercase);
    let prefix = match (unsigned.as_bytes().first(), lower) {
        (Some(b'0'), Some(b'x')) => Some(16),
        (Some(b'0'), Some(b'b')) => Some(2),
        (Some(b'0'), Some(b'o')) => Some(8),
        (Some(b'0'), Some(b'd')) => Some(10),
        _ => None,
    };
    let (mut radix, mut digits) = (if base == 0 { 10 } else { base }, unsigned);
    match prefix {
        // `0x` without a digit is zero.
        Some(prefix) if (any || prefix == base) && unsigned[2..].chars().next().is_some_and(|c| c.is_digit(prefix)) => {
            (radix, digits) = (prefix, &unsigned[2..]);
        }
        None if base == 0 && unsigned.starts_with('0') => radix = 8,
        _ => {}
    }
    let mut written = String::from(if negative { "-" } else { "" });
    let mut end = 0;
    let mut underscore = true;
    for (index, character) in digits.char_indices() {
        if character == '_' && !underscore {
            underscore = true;
            continue;
        }
        if !character.is_digit(radix) {
            break;
        }
        underscore = false;
        written.push(character);
        end = index + character.len_utf8();
    }
    Some((Big::parse(&written, radix)?, &digits[end..]))
}

/// [`leading_integer`] as a value, 0 when there is none. Reading takes the square of the length, so that is bounded.
fn integer(interpreter: &mut Interpreter, me: &Value, base: u32, any: bool) -> Eval {
    let text = text(me);
    let digits =
        text.trim_start_matches(blank).bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'));
    interpreter.check_size(digits.count().saturating_mul(500))?;
    let number = leading_integer(&text, base, any).map(|(number, _)| number);
    Ok(number.map_or(Value::Integer(0), |number| interpreter.big_integer(number)))
}

/// The float at the start of `text`; 0.0 when there is none.
fn leading_float(text: &str) -> f64 {
    let trimmed = text.trim_start_matches(blank);
    let bytes = trimmed.as_bytes();
    let mut written = String::new();
    let mut at = 0;
    if let Some(sign @ (b'-' | b'+')) = bytes.first() {
        written.push(char::from(*sign));
        at = 1;
    }
    // Digits with single underscores between them.
    let digits = |mut at: usize, written: &mut String| {
        let start = at;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(digit), _) if digit.is_ascii_digit() => {
                    written.push(char::from(*digit));
                    at += 1;
                }
                (Some(b'_'), Some(next)) if at > start && next.is_ascii_digit() => at += 1,
                _ => return at,
            }
        }
    };
    let whole = digits(at, &mut written);
    let mut any = whole > at;
    if !any {
        written.push('0');
    }
    at = whole;
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        written.push('.');
        at = digits(at + 1, &mut written);
        any = true;
    }
    if !any {
        return 0.0;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        if bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
            written.push('e');
            if sign == 1 {
                written.push(char::from(bytes[at + 1]));
            }
            digits(at + 1 + sign, &mut written);
        }
    }
    written.parse().unwrap_or(0.0)
}

fn to_r(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let text = text(me);
    interpreter.check_size(text.len().saturating_mul(500))?;
    let trimmed = text.trim_start_matches(blank);
    let written = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_') || c == '-' || c == '+';
    let end = trimmed.find(|c| !written(c)).unwrap_or(trimmed.len());
    let number = |part: &str| {
        let (sign, unsigned) = match part.strip_prefix('-') {
            Some(unsigned) => ("-", unsigned),
            None => ("", part.strip_prefix('+').unwrap_or(part)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits =
            |text: &str| -> String { text.chars().take_while(|c| c.is_ascii_digit() || *c == '_').filter(|c| *c != '_').collect() };
        let (whole, fraction) = (digits(whole), digits(fraction));
        let top = Big::parse(&format!("{sign}{whole}{fraction}"), 10)?;
        Ratio::new(top, Big::from(10).power(u32::try_from(fraction.len()).ok()?))
    };
    let top = number(&trimmed[..end]).unwrap_or_else(|| Ratio::whole(Big::from(0)));
    let bottom = trimmed[end..].strip_prefix('/').and_then(|rest| leading_integer(rest, 10, false)).map(|(bottom, _)| Ratio::whole(bottom));
    match bottom {
        Some(bottom) => match top.divide(&bottom) {
            Some(ratio) => Ok(interpreter.rational(ratio)),
            None => interpreter.zero_division(),
        },
        None => Ok(interpreter.rational(top)),
    }
}
