//! `%d`, `%x`, `%o`, `%b`: integers, negative ones of other bases with the endless digits of two's complement.

use super::Spec;
use crate::ruby::big::Big;

fn radix(letter: char) -> u32 {
    match letter {
        'x' | 'X' => 16,
        'o' => 8,
        'b' | 'B' => 2,
        _ => 10,
    }
}

/// The digits of a negative number, of the endless leading ones only the last.
fn complement(number: &Big, radix: u32) -> String {
    let bits = match radix {
        16 => 4,
        8 => 3,
        _ => 1,
    };
    // One digit more than the magnitude needs is all ones.
    let width = number.bits() / bits + 2;
    let power = Big::from(1).shift(i64::try_from(width * bits).unwrap_or(0));
    let all = power.add(number).to_radix(radix);
    let last = char::from_digit(radix - 1, radix).unwrap_or('1');
    format!("{last}{}", all.trim_start_matches(last))
}

/// An integer as `letter` asks for it.
#[must_use]
pub fn show(spec: Spec, letter: char, number: &Big) -> String {
    let radix = radix(letter);
    let signed = radix == 10 || spec.plus || spec.space;
    let dots = number.is_negative() && !signed;
    let digits = if dots { complement(number, radix) } else { number.to_radix(radix).trim_start_matches('-').to_owned() };
    layout(spec, letter, &digits, number.is_negative(), dots)
}

fn layout(spec: Spec, letter: char, digits: &str, negative: bool, dots: bool) -> String {
    // A precision of zero shows nothing of a zero.
    let digits = if digits == "0" && spec.precision == Some(0) && !(spec.alternate && letter == 'o') { "" } else { digits };
    let prefix = match letter {
        _ if !spec.alternate || matches!(digits, "0" | "") => "",
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
