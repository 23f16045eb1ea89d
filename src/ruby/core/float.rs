//! `Float`: how it prints, rounding as Ruby does it, constants.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::integer::round_integer;
use crate::ruby::core::rational::Ratio;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const FLOAT: &[(&str, Native)] = &[
    ("to_s", |_, me, _| Ok(Value::str(text(this(me))))),
    ("inspect", |_, me, _| Ok(Value::str(text(this(me))))),
    ("to_f", |_, me, _| Ok(me.clone())),
    ("to_i", to_i),
    ("to_int", to_i),
    ("to_r", to_r),
    ("rationalize", rationalize),
    ("numerator", |interpreter, me, _| {
        let ratio = to_r(interpreter, me, &Args::none())?;
        interpreter.send(&ratio, "numerator", &[])
    }),
    ("denominator", |interpreter, me, _| {
        let ratio = to_r(interpreter, me, &Args::none())?;
        interpreter.send(&ratio, "denominator", &[])
    }),
    ("-@", |_, me, _| Ok(Value::Float(-this(me)))),
    ("nan?", |_, me, _| Ok(Value::Bool(this(me).is_nan()))),
    ("finite?", |_, me, _| Ok(Value::Bool(this(me).is_finite()))),
    ("infinite?", |_, me, _| {
        let number = this(me);
        Ok(if number.is_infinite() { Value::Integer(if number > 0.0 { 1 } else { -1 }) } else { Value::Nil })
    }),
    ("zero?", |_, me, _| Ok(Value::Bool(this(me) == 0.0))),
    ("positive?", |_, me, _| Ok(Value::Bool(this(me) > 0.0))),
    ("negative?", |_, me, _| Ok(Value::Bool(this(me) < 0.0))),
    ("floor", |interpreter, me, args| towards(interpreter, me, args, Direction::Down)),
    ("ceil", |interpreter, me, args| towards(interpreter, me, args, Direction::Up)),
    ("truncate", |interpreter, me, args| {
        let direction = if this(me) < 0.0 { Direction::Up } else { Direction::Down };
        towards(interpreter, me, args, direction)
    }),
    ("round", round),
    ("next_float", |_, me, _| Ok(Value::Float(this(me).next_up()))),
    ("prev_float", |_, me, _| Ok(Value::Float(this(me).next_down()))),
];

/// Installs the methods and constants.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.float);
    interpreter.define(&class, FLOAT);
    let constants = [
        ("INFINITY", Value::Float(f64::INFINITY)),
        ("NAN", Value::Float(f64::NAN)),
        ("EPSILON", Value::Float(f64::EPSILON)),
        ("MAX", Value::Float(f64::MAX)),
        ("MIN", Value::Float(f64::MIN_POSITIVE)),
        ("DIG", Value::Integer(15)),
        ("MANT_DIG", Value::Integer(53)),
        ("RADIX", Value::Integer(2)),
        ("MAX_10_EXP", Value::Integer(308)),
        ("MIN_10_EXP", Value::Integer(-307)),
        ("MAX_EXP", Value::Integer(1024)),
        ("MIN_EXP", Value::Integer(-1021)),
    ];
    for (name, value) in constants {
        interpreter.set_constant(&class, name.into(), value);
    }
}

fn this(me: &Value) -> f64 {
    match me {
        Value::Float(number) => *number,
        _ => 0.0,
    }
}

/// A float as `to_s` prints it: the fewest digits that read back as the same float.
#[must_use]
pub fn text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let point = exponent + 1;
    if number == 0.0 {
        return format!("{sign}0.0");
    }
    if (1..=15).contains(&point) {
        let zeros = usize::try_from(point - count).unwrap_or(0);
        let whole = usize::try_from(point).unwrap_or(0).min(digits.len());
        let fraction = &digits[whole..];
        let fraction = if fraction.is_empty() { "0" } else { fraction };
        return format!("{sign}{}{}.{fraction}", &digits[..whole], "0".repeat(zeros));
    }
    if (-3..=0).contains(&point) {
        return format!("{sign}0.{}{digits}", "0".repeat(usize::try_from(-point).unwrap_or(0)));
    }
    let (first, rest) = digits.split_at(1);
    let rest = if rest.is_empty() { "0" } else { rest };
    let mark = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}.{rest}e{mark}{:02}", exponent.abs())
}

fn to_i(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    interpreter.float_to_integer(this(me).trunc())
}

fn to_r(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let number = this(me);
    if !number.is_finite() {
        return interpreter.float_to_integer(number);
    }
    Ok(interpreter.rational(Ratio::from_float(number)))
}

fn rationalize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    // The simplest fraction that reads as the same float is the one of its printed digits or simpler: go through
    // the continued fraction until it does.
    let number = this(me);
    if !number.is_finite() {
        return interpreter.float_to_integer(number);
    }
    let tolerance = args.get(0).and_then(crate::ruby::core::numeric::Number::of).map(|n| n.float().abs());
    let exact = Ratio::from_float(number);
    let (mut before, mut current) = ((Big::from(0), Big::from(1)), (Big::from(1), Big::from(0)));
    let mut rest = exact.clone();
    for _ in 0..200 {
        let whole = rest.floor();
        let next = (whole.multiply(&current.0).add(&before.0), whole.multiply(&current.1).add(&before.1));
        before = current;
        current = next;
        let Some(found) = Ratio::new(current.0.clone(), current.1.clone()) else { break };
        let close = match tolerance {
            Some(tolerance) => (found.to_float() - number).abs() <= tolerance,
            None => found.to_float().partial_cmp(&number) == Some(Ordering::Equal),
        };
        if close {
            return Ok(interpreter.rational(found));
        }
        let remainder = rest.subtract(&Ratio::whole(whole));
        match Ratio::whole(Big::from(1)).divide(&remainder) {
            Some(next) => rest = next,
            None => break,
        }
    }
    Ok(interpreter.rational(exact))
}

/// Where rounding goes.
#[derive(Clone, Copy, PartialEq)]
pub enum Direction {
    /// To the number below.
    Down,
    /// To the number above.
    Up,
}

/// What happens to halves.
#[derive(Clone, Copy, PartialEq)]
pub enum Half {
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// To the even neighbour.
    Even,
}

/// The `half:` option of `round`.
///
/// # Errors
/// `ArgumentError` for another word.
pub fn half(interpreter: &mut Interpreter, args: &Args) -> Eval<Half> {
    let Some(option) = args.option("half").filter(|value| !value.is_nil()) else { return Ok(Half::Up) };
    let word = interpreter.display(&option)?;
    match word.as_str() {
        "up" => Ok(Half::Up),
        "down" => Ok(Half::Down),
        "even" => Ok(Half::Even),
        other => interpreter.argument_error(format!("invalid rounding mode: {other}")),
    }
}

/// The number of digits given to `round` and friends.
///
/// # Errors
/// `TypeError` where it is no integer.
pub fn digits(interpreter: &mut Interpreter, args: &Args) -> Eval<i32> {
    match args.get(0) {
        None | Some(Value::Hash(_) | Value::Nil) => Ok(0),
        Some(value) => Ok(i32::try_from(interpreter.to_integer(value)?).unwrap_or(i32::MAX)),
    }
}

/// The exponent that `frexp` gives.
fn binary_exponent(number: f64) -> i32 {
    if number == 0.0 || !number.is_finite() {
        return 0;
    }
    let exponent = i32::try_from(number.abs().to_bits() >> 52).unwrap_or(0);
    exponent - 1022
}

fn keeps_all(digits: i32, exponent: i32) -> bool {
    digits >= 17 - (if exponent > 0 { exponent / 4 } else { exponent / 3 - 1 })
}

fn loses_all(digits: i32, exponent: i32) -> bool {
    digits < -(if exponent > 0 { exponent / 3 + 1 } else { exponent / 4 })
}

fn towards(interpreter: &mut Interpreter, me: &Value, args: &Args, direction: Direction) -> Eval {
    let number = this(me);
    let digits = digits(interpreter, args)?;
    if digits > 0 {
        let exponent = binary_exponent(number);
        if number == 0.0 || !number.is_finite() || keeps_all(digits, exponent) {
            return Ok(me.clone());
        }
        if number > 0.0 && direction == Direction::Down && loses_all(digits, exponent) {
            return Ok(Value::Float(0.0));
        }
        let factor = 10.0_f64.powi(digits);
        let answer = if direction == Direction::Down {
            let scaled = (number * factor).floor();
            let above = (scaled + 1.0) / factor;
            if above > number { scaled / factor } else { above }
        } else {
            let scaled = (number * factor).ceil();
            let below = (scaled - 1.0) / factor;
            if below < number { scaled / factor } else { below }
        };
        return Ok(Value::Float(answer));
    }
    let whole = interpreter.float_to_integer(if direction == Direction::Down { number.floor() } else { number.ceil() })?;
    if digits == 0 {
        return Ok(whole);
    }
    super::integer::towards(interpreter, &whole, digits, direction)
}

fn rounded(number: f64, factor: f64, half: Half) -> f64 {
    let scaled = number * factor;
    let whole = scaled.round();
    let away = number.signum();
    match half {
        Half::Up => {
            // `1.005 * 100` is a little below 100.5; what prints as a half counts as one.
            let next = (whole + 0.5 * away) / factor;
            let reaches = if number > 0.0 { next <= number } else { next >= number };
            if factor != 1.0 && reaches { whole + away } else { whole }
        }
        Half::Down => {
            let before = (whole - 0.5 * away) / factor;
            let reaches = if number > 0.0 { before >= number } else { before <= number };
            if reaches { whole - away } else { whole }
        }
        Half::Even => {
            if (scaled - scaled.trunc()).abs() == 0.5 {
                2.0 * (scaled / 2.0).round()
            } else {
                whole
            }
        }
    }
}

fn round(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let number = this(me);
    let digits = digits(interpreter, args)?;
    let half = half(interpreter, args)?;
    if digits > 0 {
        let exponent = binary_exponent(number);
        if number == 0.0 || !number.is_finite() || keeps_all(digits, exponent) {
            return Ok(me.clone());
        }
        if number > 0.0 && loses_all(digits, exponent) {
            return Ok(Value::Float(0.0));
        }
        if digits > 14 {
            let ratio = to_r(interpreter, me, &Args::none())?;
            let answer = interpreter.send(&ratio, "round", &[Value::Integer(i64::from(digits))])?;
            return interpreter.send(&answer, "to_f", &[]);
        }
        let factor = 10.0_f64.powi(digits);
        return Ok(Value::Float(rounded(number, factor, half) / factor));
    }
    if digits == 0 {
        return interpreter.float_to_integer(if number.is_finite() { rounded(number, 1.0, half) } else { number });
    }
    let whole = interpreter.float_to_integer(number.trunc())?;
    round_integer(interpreter, &whole, digits, half)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn floats_print_as_in_ruby() {
        let printed: Vec<String> = [1.0, 1e15, 123_456_789_012_345.0, 1e-4, 0.00001, -0.0, 123e18, 2.5e-7].map(text).to_vec();
        assert_eq!(printed, ["1.0", "1.0e+15", "123456789012345.0", "0.0001", "1.0e-05", "-0.0", "1.23e+20", "2.5e-07"]);
    }
}
