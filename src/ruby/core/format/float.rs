//! `%f`, `%e`, `%g`, `%a`: floats, exact to the last digit as in C, but for ties.
//!
//! Ruby rounds what it cannot tell from a tie in floating point to the even digit: `"%.2f" % 2.675` is `2.68`, in C `2.67`.

use super::Spec;
use crate::ruby::big::Big;

/// An integer as `%f` shows it: without going through a float.
#[must_use]
pub fn whole(spec: Spec, number: &Big) -> String {
    let precision = spec.precision.unwrap_or(6);
    let mut digits = number.to_radix(10).trim_start_matches('-').to_owned();
    if precision > 0 {
        digits.push('.');
        digits.push_str(&"0".repeat(precision));
    }
    spec.pad_number(spec.sign(number.is_negative()), &digits, true)
}

/// A float as `letter` asks for it.
#[must_use]
pub fn show(spec: Spec, letter: char, number: f64) -> String {
    let negative = number.is_sign_negative() && !number.is_nan();
    let sign = spec.sign(negative);
    if !number.is_finite() {
        return spec.pad_number(sign, if number.is_nan() { "NaN" } else { "Inf" }, false);
    }
    let number = number.abs();
    let precision = spec.precision.unwrap_or(6);
    let mut digits = match letter {
        'f' => fixed(number, precision, spec.alternate),
        'e' | 'E' => scientific(number, precision, spec.alternate),
        'g' | 'G' => general(number, precision, spec.alternate),
        _ => hexadecimal(number, spec.precision),
    };
    if letter.is_ascii_uppercase() {
        digits = digits.to_uppercase();
    }
    if matches!(letter, 'a' | 'A') {
        let (prefix, rest) = digits.split_at(2);
        return spec.pad_number(&format!("{sign}{prefix}"), rest, true);
    }
    spec.pad_number(sign, &digits, true)
}

fn fixed(number: f64, precision: usize, point: bool) -> String {
    let mut digits = fixed_tie(number, precision).unwrap_or_else(|| format!("{number:.precision$}"));
    if point && precision == 0 {
        digits.push('.');
    }
    digits
}

/// The digits with one before the point, and the exponent of ten.
fn mantissa(number: f64, precision: usize) -> (String, i32) {
    if let Some(tie) = tie(number, precision.saturating_add(1)) {
        let (first, rest) = tie.digits.split_at(1);
        return (if rest.is_empty() { first.to_owned() } else { format!("{first}.{rest}") }, tie.exponent);
    }
    split(&format!("{number:.precision$e}"))
}

fn split(written: &str) -> (String, i32) {
    let (mantissa, exponent) = written.split_once('e').unwrap_or((written, "0"));
    (mantissa.to_owned(), exponent.parse().unwrap_or(0))
}

/// A number that looks like a tie at `precision` digits behind the point.
fn fixed_tie(number: f64, precision: usize) -> Option<String> {
    let exponent = split(&format!("{number:e}")).1;
    let significant = i64::from(exponent) + 1 + i64::try_from(precision).ok()?;
    let Tie { digits, exponent, .. } = tie(number, usize::try_from(significant).ok()?)?;
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
    // A carry may have made one digit more.
    let all = format!("{zeros}{digits}{}", "0".repeat(whole.saturating_sub(digits.len())));
    let (whole, fraction) = all.split_at_checked(whole)?;
    let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(precision).collect();
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if precision == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

/// What a number that looks like a tie is rounded to.
struct Tie {
    digits: String,
    /// Of ten, for the first digit.
    exponent: i32,
    /// The last digit was even, so nothing was added.
    even: bool,
}

/// The digits of `number` rounded to the even one, and its exponent of ten, when the arithmetic of David Gay's `dtoa` with floats
/// (up to 14 digits) cannot tell what is behind the last of `significant` digits from a half. `None` when it can.
fn tie(number: f64, significant: usize) -> Option<Tie> {
    if number == 0.0 || !(1..=14).contains(&significant) {
        return None;
    }
    let exponent = split(&format!("{number:e}")).1;
    let mut rest = number;
    let mut error = 2.0;
    // Powers of ten up to 15, then by 16, 32, …: each product may be off by a bit.
    let power = exponent.unsigned_abs();
    let mut scale = 10f64.powi(i32::try_from(power & 15).unwrap_or(0));
    for (bit, factor) in [(16, 1e16), (32, 1e32), (64, 1e64), (128, 1e128), (256, 1e256)] {
        if power & bit != 0 {
            scale *= factor;
            error += 1.0;
        }
    }
    if exponent > 0 {
        rest /= scale;
    } else {
        rest *= scale;
    }
    if !rest.is_finite() {
        return None;
    }
    let places = i32::try_from(significant).unwrap_or(0) - 1;
    let error = (error * rest + 7.0) * f64::EPSILON * 10f64.powi(places);
    for place in 0..significant {
        rest -= rest.trunc();
        if rest == 0.0 {
            return None;
        }
        if place + 1 < significant {
            rest *= 10.0;
        }
    }
    if (rest - 0.5).abs() > error {
        return None;
    }
    let mut digits: Vec<u8> = format!("{number:.40e}").bytes().filter(u8::is_ascii_digit).take(significant).collect();
    let mut exponent = exponent;
    let even = digits.last().is_some_and(|digit| digit % 2 == 0);
    if !even {
        let mut carry = true;
        for digit in digits.iter_mut().rev() {
            if !carry {
                break;
            }
            carry = *digit == b'9';
            *digit = if carry { b'0' } else { *digit + 1 };
        }
        if carry {
            digits.insert(0, b'1');
            digits.pop();
            exponent += 1;
        }
    }
    Some(Tie { digits: String::from_utf8(digits).ok()?, exponent, even })
}

fn scientific(number: f64, precision: usize, point: bool) -> String {
    let (mantissa, exponent) = mantissa(number, precision);
    let point = if point && precision == 0 { "." } else { "" };
    format!("{mantissa}{point}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn general(number: f64, precision: usize, alternate: bool) -> String {
    let precision = precision.max(1);
    let exponent = i64::from(mantissa(number, precision - 1).1);
    // A tie at an even digit leaves the zeros in front of it.
    let keep_zeros = alternate || tie(number, precision).is_some_and(|tie| tie.even);
    let limit = i64::try_from(precision).unwrap_or(i64::MAX);
    if exponent < -4 || exponent >= limit {
        let text = scientific(number, precision - 1, alternate);
        if keep_zeros {
            return text;
        }
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
        return format!("{}e{exponent}", trimmed(mantissa));
    }
    let decimals = usize::try_from(limit - 1 - exponent).unwrap_or(0);
    let text = fixed(number, decimals, alternate);
    if keep_zeros { text } else { trimmed(&text).to_owned() }
}

/// Without zeros at the end of the fraction.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

fn hexadecimal(number: f64, precision: Option<usize>) -> String {
    let bits = number.to_bits();
    let (exponent, fraction) = (i64::try_from(bits >> 52 & 0x7ff).unwrap_or(0), bits & ((1 << 52) - 1));
    let (mut lead, exponent) = match (exponent, fraction) {
        (0, 0) => (0, 0),
        (0, _) => (0, -1022),
        (exponent, _) => (1, exponent - 1023),
    };
    let mut digits = format!("{fraction:013x}");
    match precision {
        None => digits.truncate(digits.trim_end_matches('0').len()),
        Some(precision) if precision < 13 => {
            let shift = u32::try_from((13 - precision) * 4).unwrap_or(0);
            let (unit, half) = (1u64 << shift, 1u64 << (shift - 1));
            let (kept, rest) = (fraction >> shift, fraction & (unit - 1));
            let up = rest > half || (rest == half && kept & 1 == 1);
            let kept = kept + u64::from(up);
            lead += kept >> (precision * 4);
            let kept = kept & ((1u64 << (precision * 4)) - 1);
            digits = if precision == 0 { String::new() } else { format!("{kept:0precision$x}") };
        }
        Some(precision) => digits.push_str(&"0".repeat(precision - 13)),
    }
    let point = if digits.is_empty() { "" } else { "." };
    format!("0x{lead}{point}{digits}p{exponent:+}")
}
