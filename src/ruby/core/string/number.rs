//! Numbers in text: `to_i`, `to_f`, `hex`, `oct`, `to_r`, `to_c`; and the strict reading of `Integer()` and `Float()`.

use super::{look, text};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("to_i", to_i),
    ("to_f", |_, me, _| Ok(Value::Float(look(me, |text| leading_float(text).0)))),
    ("hex", |_, me, _| Ok(look(me, |text| leading_integer(text, 16, false).0))),
    ("oct", |_, me, _| Ok(look(me, |text| leading_integer(text, 8, true).0))),
    ("to_r", to_r),
    ("to_c", to_c),
];

fn to_i(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let base = match args.get(0) {
        Some(base) => interpreter.to_integer(base)?,
        None => 10,
    };
    match u32::try_from(base) {
        Ok(base @ (0 | 2..=36)) => Ok(look(me, |text| leading_integer(text, base, base == 0).0)),
        _ => interpreter.argument_error(format!("invalid radix {base}")),
    }
}

fn blank(character: char) -> bool {
    matches!(character, '\t'..='\r' | ' ')
}

/// The integer at the start of `text`, and what follows it; 0 when there is none. With `any` a prefix chooses the base.
/// What does not fit 64 bits is a float, as for literals.
#[must_use]
pub fn leading_integer(text: &str, base: u32, any: bool) -> (Value, &str) {
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
        Some(prefix) if any || prefix == base => {
            // `0x` without a digit is zero.
            let begins = unsigned[2..].chars().next().is_some_and(|c| c.is_digit(prefix));
            if begins {
                (radix, digits) = (prefix, &unsigned[2..]);
            }
        }
        None if base == 0 && unsigned.starts_with('0') => radix = 8,
        _ => {}
    }
    let mut total: i64 = 0;
    let mut large: Option<f64> = None;
    let mut end = 0;
    let mut underscore = true;
    for (index, character) in digits.char_indices() {
        if character == '_' && !underscore {
            underscore = true;
            continue;
        }
        let Some(digit) = character.to_digit(radix) else { break };
        underscore = false;
        end = index + character.len_utf8();
        #[expect(clippy::cast_precision_loss, reason = "beyond 64 bits a float stands for the integer")]
        match (large, total.checked_mul(i64::from(radix)).and_then(|total| total.checked_add(i64::from(digit)))) {
            (None, Some(sum)) => total = sum,
            (None, None) => large = Some(total as f64 * f64::from(radix) + f64::from(digit)),
            (Some(sum), _) => large = Some(sum * f64::from(radix) + f64::from(digit)),
        }
    }
    if end == 0 {
        return (Value::Integer(0), text);
    }
    let value = match large {
        Some(sum) => Value::Float(if negative { -sum } else { sum }),
        None => Value::Integer(if negative { -total } else { total }),
    };
    (value, &digits[end..])
}

/// The float at the start of `text`, and what follows it; 0.0 when there is none.
#[must_use]
pub fn leading_float(text: &str) -> (f64, &str) {
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
        return (0.0, text);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        if bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
            written.push('e');
            if sign == 1 {
                written.push(char::from(bytes[at + 1]));
            }
            at = digits(at + 1 + sign, &mut written);
        }
    }
    (written.parse().unwrap_or(0.0), trimmed.get(at..).unwrap_or_default())
}

/// The integer that `text` is as a whole, as `Integer(text, base)` reads it.
#[must_use]
pub fn strict_integer(text: &str, base: u32) -> Option<Value> {
    let trimmed = text.trim_matches(blank);
    let (value, rest) = leading_integer(trimmed, base, base == 0);
    (rest.is_empty() && !trimmed.is_empty() && !trimmed.contains('\0') && trimmed.contains(|c: char| c.is_ascii_alphanumeric()))
        .then_some(value)
}

/// The float that `text` is as a whole, as `Float(text)` reads it.
#[must_use]
pub fn strict_float(text: &str) -> Option<f64> {
    let trimmed = text.trim_matches(blank);
    let unsigned = trimmed.trim_start_matches(['-', '+']);
    if unsigned.starts_with("0x") || unsigned.starts_with("0X") {
        #[expect(clippy::cast_precision_loss, reason = "as Ruby converts it")]
        return match strict_integer(trimmed, 16)? {
            Value::Integer(number) => Some(number as f64),
            Value::Float(number) => Some(number),
            _ => None,
        };
    }
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let (value, rest) = leading_float(trimmed);
    rest.is_empty().then_some(value)
}

/// `Rational(top, bottom)` or `Complex(real, imaginary)`.
fn made(interpreter: &mut Interpreter, name: &str, first: Value, second: Value) -> Eval {
    let main = interpreter.main.clone();
    interpreter.send(&main, name, &[first, second])
}

fn to_r(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let text = text(me);
    let (top, rest) = leading_integer(&text, 10, false);
    if let Some(bottom) = rest.strip_prefix('/').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        let (bottom, _) = leading_integer(bottom, 10, false);
        return made(interpreter, "Rational", top, bottom);
    }
    let trimmed = text.trim_start_matches(blank);
    let end = trimmed.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '_'))).unwrap_or(trimmed.len());
    let written = trimmed.get(..end).unwrap_or_default().replace('_', "");
    let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
    let part: String = part.chars().take_while(char::is_ascii_digit).take(17).collect();
    let top = format!("{whole}{part}").parse::<i64>().unwrap_or(0);
    let bottom = 10i64.checked_pow(u32::try_from(part.len()).unwrap_or(0)).unwrap_or(1);
    made(interpreter, "Rational", Value::Integer(top), Value::Integer(bottom))
}

fn to_c(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let text = text(me);
    let number = |part: &str| {
        let (value, rest) = leading_integer(part, 10, false);
        if rest.starts_with(['.', 'e']) { Value::Float(leading_float(part).0) } else { value }
    };
    let trimmed = text.trim_start_matches(blank);
    let end = trimmed.char_indices().skip(1).find(|(_, c)| matches!(c, '+' | '-')).map_or(trimmed.len(), |(index, _)| index);
    let (real, rest) = trimmed.split_at(end);
    if real.contains('i') {
        return made(interpreter, "Complex", Value::Integer(0), number(real));
    }
    let imaginary = if rest.contains('i') { number(rest) } else { Value::Integer(0) };
    made(interpreter, "Complex", number(real), imaginary)
}
