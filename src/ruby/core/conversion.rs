//! `Integer()`, `Float()`, `Rational()`: strict conversions.

use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::numeric::Number;
use crate::ruby::core::rational::Ratio;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const FUNCTIONS: &[(&str, Native)] = &[("Integer", integer), ("Float", float), ("Rational", rational)];

/// Installs the functions.
pub fn install(interpreter: &mut Interpreter) {
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(&kernel, FUNCTIONS);
    interpreter.define_singleton(&kernel, FUNCTIONS);
}

/// The integer that the whole of `text` says, in Ruby's notations (`0x1f`, `0b1`, `017`, `1_000`); `radix` 0 goes by the prefix.
#[must_use]
pub fn read_integer(text: &str, radix: u32) -> Option<Big> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let (negative, body) = match text.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = body.to_ascii_lowercase();
    let prefixes = [("0x", 16), ("0b", 2), ("0o", 8), ("0d", 10)];
    let found = prefixes.iter().find(|(prefix, base)| lower.starts_with(prefix) && (radix == 0 || radix == *base));
    let (digits, radix) = match found {
        Some((prefix, base)) => (&lower[prefix.len()..], *base),
        None if radix == 0 && lower.len() > 1 && lower.starts_with('0') => (lower[1..].strip_prefix('_').unwrap_or(&lower[1..]), 8),
        None => (lower.as_str(), if radix == 0 { 10 } else { radix }),
    };
    if digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") || !(2..=36).contains(&radix) {
        return None;
    }
    if digits.starts_with(['-', '+']) {
        return None;
    }
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    let number = Big::parse(&digits, radix)?;
    Some(if negative { number.negate() } else { number })
}

/// The float that the whole of `text` says.
#[must_use]
pub fn read_float(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    if body.starts_with("0x") || body.starts_with("0X") {
        return read_integer(text, 16).map(|big| big.to_float());
    }
    let bytes = body.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let (before, after) = (digit(index.checked_sub(1)), digit(Some(index + 1)));
        let allowed = match byte {
            b'0'..=b'9' => true,
            b'_' => before && after,
            b'.' => after && (before || index == 0),
            b'e' | b'E' => before && (after || matches!(bytes.get(index + 1), Some(b'-' | b'+')) && digit(Some(index + 2))),
            b'-' | b'+' => matches!(index.checked_sub(1).and_then(|at| bytes.get(at)), Some(b'e' | b'E')),
            _ => false,
        };
        if !allowed {
            return None;
        }
    }
    text.replace('_', "").parse().ok()
}

fn quiet(args: &Args) -> bool {
    args.option("exception").is_some_and(|value| !value.truthy())
}

fn failed(interpreter: &mut Interpreter, quiet: bool, message: String, kind: bool) -> Eval {
    if quiet {
        return Ok(Value::Nil);
    }
    if kind { interpreter.type_error(message) } else { interpreter.argument_error(message) }
}

fn class_word(interpreter: &mut Interpreter, value: &Value) -> Eval<String> {
    Ok(match value {
        Value::Nil | Value::Bool(_) => interpreter.inspect(value)?,
        other => interpreter.real_class(other).display_name(),
    })
}

fn integer(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let value = args.value(0);
    let quiet = quiet(args);
    let radix = match args.get(1) {
        Some(Value::Integer(radix)) => u32::try_from(*radix).unwrap_or(99),
        _ => 0,
    };
    match &value {
        Value::Integer(_) => Ok(value),
        Value::Float(number) if !number.is_finite() && quiet => Ok(Value::Nil),
        Value::Float(number) => interpreter.float_to_integer(number.trunc()),
        Value::Unknown(hole) => Ok(interpreter.derived(hole, ".to_i")),
        Value::Str(text) => {
            let text = text.text.borrow().clone();
            if crate::ruby::hole::has_hole(&text) {
                match interpreter.concrete(&text) {
                    Some(text) => return integer(interpreter, &Value::Nil, &Args { list: vec![Value::str(text)], ..args.clone() }),
                    None => return unknown_text(interpreter, &text),
                }
            }
            match read_integer(&text, radix) {
                Some(big) => Ok(interpreter.big_integer(big)),
                None => {
                    let shown = interpreter.inspect(&Value::str(text))?;
                    failed(interpreter, quiet, format!("invalid value for Integer(): {shown}"), false)
                }
            }
        }
        Value::Object(_) if Number::of(&value).is_some() => interpreter.send(&value, "to_i", &[]),
        Value::Object(_) if interpreter.responds_to(&value, "to_int")? => interpreter.send(&value, "to_int", &[]),
        Value::Object(_) if interpreter.responds_to(&value, "to_i")? => interpreter.send(&value, "to_i", &[]),
        other => {
            let shown = class_word(interpreter, other)?;
            failed(interpreter, quiet, format!("can't convert {shown} into Integer"), true)
        }
    }
}

fn unknown_text(interpreter: &mut Interpreter, text: &str) -> Eval {
    match interpreter.holes_in(text).first() {
        Some(hole) => Ok(interpreter.derived(hole, " (as a number)")),
        None => Ok(Value::Nil),
    }
}

fn float(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let value = args.value(0);
    let quiet = quiet(args);
    match &value {
        Value::Float(_) => Ok(value),
        Value::Unknown(hole) => Ok(interpreter.derived(hole, ".to_f")),
        Value::Str(text) => {
            let text = text.text.borrow().clone();
            let text = match interpreter.concrete(&text) {
                Some(text) => text,
                None => return unknown_text(interpreter, &text),
            };
            match read_float(&text) {
                Some(number) => Ok(Value::Float(number)),
                None => {
                    let shown = interpreter.inspect(&Value::str(text))?;
                    failed(interpreter, quiet, format!("invalid value for Float(): {shown}"), false)
                }
            }
        }
        other => match Number::of(other) {
            Some(number) => Ok(Value::Float(number.float())),
            None if matches!(other, Value::Object(_)) && interpreter.responds_to(other, "to_f")? => interpreter.send(other, "to_f", &[]),
            None => {
                let shown = class_word(interpreter, other)?;
                failed(interpreter, quiet, format!("can't convert {shown} into Float"), true)
            }
        },
    }
}

fn fraction(interpreter: &mut Interpreter, value: &Value) -> Eval<Ratio> {
    match (value, Number::of(value)) {
        (Value::Float(number), _) if number.is_finite() => Ok(Ratio::from_float(*number)),
        (_, Some(number)) => Ok(number.ratio().unwrap_or_else(|| Ratio::whole(Big::from(0)))),
        (Value::Str(text), None) => {
            let text = text.text.borrow().clone();
            match Ratio::parse(&text) {
                Some(ratio) => Ok(ratio),
                None => {
                    let shown = interpreter.inspect(value)?;
                    interpreter.argument_error(format!("invalid value for convert(): {shown}"))
                }
            }
        }
        (other, None) => {
            let shown = class_word(interpreter, other)?;
            interpreter.type_error(format!("can't convert {shown} into Rational"))
        }
    }
}

fn rational(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let top = fraction(interpreter, &args.value(0))?;
    let bottom = match args.get(1).filter(|value| !matches!(value, Value::Hash(_))) {
        Some(value) => fraction(interpreter, value)?,
        None => Ratio::whole(Big::from(1)),
    };
    match top.divide(&bottom) {
        Some(ratio) => Ok(interpreter.rational(ratio)),
        None => interpreter.zero_division(),
    }
}
