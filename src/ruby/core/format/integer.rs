//! `%d`, `%x`, `%o`, `%b`: integers, negative ones of other bases with the endless digits of two's complement.

use super::Spec;

fn radix(letter: char) -> u32 {
    match letter {
        'x' | 'X' => 16,
        'o' => 8,
        'b' | 'B' => 2,
        _ => 10,
    }
}

/// The digits of `number` in `radix`.
fn digits(mut number: u128, radix: u32) -> String {
    let mut out = Vec::new();
    loop {
        let digit = u32::try_from(number % u128::from(radix)).unwrap_or(0);
        out.push(char::from_digit(digit, radix).unwrap_or('0'));
        number /= u128::from(radix);
        if number == 0 {
            return out.into_iter().rev().collect();
        }
    }
}

/// The digits of a negative number, of the endless leading ones only the last.
fn complement(number: i64, radix: u32) -> String {
    // 126 bits are whole digits of every base.
    let bits = u128::MAX >> 2;
    let all = digits(i128::from(number).cast_unsigned() & if radix == 16 { u128::MAX } else { bits }, radix);
    let last = char::from_digit(radix - 1, radix).unwrap_or('1');
    format!("{last}{}", all.trim_start_matches(last))
}

/// An integer as `letter` asks for it.
#[must_use]
pub fn show(spec: Spec, letter: char, number: i64) -> String {
    let radix = radix(letter);
    let signed = radix == 10 || spec.plus || spec.space;
    let dots = number < 0 && !signed;
    let digits = if dots { complement(number, radix) } else { digits(u128::from(number.unsigned_abs()), radix) };
    layout(spec, letter, &digits, number < 0, dots)
}

/// A whole float that stands for an integer of more than 64 bits.
#[must_use]
pub fn large(spec: Spec, letter: char, number: f64) -> String {
    let digits = match radix(letter) {
        10 => format!("{:.0}", number.abs()),
        radix => in_radix(number.abs(), radix),
    };
    layout(spec, letter, &digits, number < 0.0, false)
}

fn in_radix(mut number: f64, radix: u32) -> String {
    let base = f64::from(radix);
    let mut out = Vec::new();
    while number >= 1.0 && out.len() < 1100 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a digit of the base")]
        let digit = (number % base) as u32;
        out.push(char::from_digit(digit, radix).unwrap_or('0'));
        number = (number / base).trunc();
    }
    out.into_iter().rev().collect()
}

fn layout(spec: Spec, letter: char, digits: &str, negative: bool, dots: bool) -> String {
    // A precision of zero shows nothing of a zero.
    let digits = if digits == "0" && spec.precision == Some(0) && !(spec.alternate && letter == 'o') { "" } else { digits };
    let prefix = match letter {
        _ if !spec.alternate || digits == "0" => "",
        'x' => "0x",
        'X' => "0X",
        // Leading zeros say it already.
        'o' if dots || spec.precision.is_some_and(|precision| precision > digits.len()) => "",
        'o' => "0",
        'b' => "0b",
        'B' => "0B",
        _ => "",
    };
    let sign = format!("{}{prefix}", spec.sign(negative && !dots));
    let mark = if dots { ".." } else { "" };
    let length = mark.len() + digits.len();
    // The zero flag fills up behind the sign, unless a precision says how far.
    let digits_wanted = match spec.precision {
        None if spec.zero && !spec.left => spec.width.unwrap_or(0).saturating_sub(sign.len()),
        None => 0,
        Some(precision) => precision,
    };
    let fill = if dots { digits.chars().next().unwrap_or('0') } else { '0' };
    let filling: String = std::iter::repeat_n(fill, digits_wanted.saturating_sub(length)).collect();
    let whole = format!("{sign}{mark}{filling}{digits}");
    let whole = if letter == 'X' { whole.to_uppercase() } else { whole };
    spec.pad(&whole)
}
