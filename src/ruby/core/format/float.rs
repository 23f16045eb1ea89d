//! `%f`, `%e`, `%g`, `%a`: floats, exact to the last digit as in C.

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
    let mut digits = format!("{number:.precision$}");
    if point && precision == 0 {
        digits.push('.');
    }
    digits
}

fn scientific(number: f64, precision: usize, point: bool) -> String {
    let written = format!("{number:.precision$e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let point = if point && precision == 0 { "." } else { "" };
    format!("{mantissa}{point}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn general(number: f64, precision: usize, keep_zeros: bool) -> String {
    let precision = precision.max(1);
    let written = format!("{number:.*e}", precision - 1);
    let exponent: i64 = written.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let limit = i64::try_from(precision).unwrap_or(i64::MAX);
    if exponent < -4 || exponent >= limit {
        let text = scientific(number, precision - 1, keep_zeros);
        if keep_zeros {
            return text;
        }
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
        return format!("{}e{exponent}", trimmed(mantissa));
    }
    let decimals = usize::try_from(limit - 1 - exponent).unwrap_or(0);
    let text = fixed(number, decimals, keep_zeros);
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
