//! Integers of any size: what Ruby's integers become beyond 64 bits.
//!
//! `10**20` is a [`Big`]; whatever fits in 64 bits again becomes a plain [`Value::Integer`](crate::ruby::value::Value).

use std::cmp::Ordering;

/// An integer: a sign and a magnitude of 32-bit digits, least first, without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Big {
    negative: bool,
    digits: Vec<u32>,
}

#[expect(clippy::cast_possible_truncation, reason = "the low half of a product or remainder")]
const fn low(number: u64) -> u32 {
    number as u32
}

fn trim(mut digits: Vec<u32>) -> Vec<u32> {
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn add(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut out = Vec::with_capacity(a.len().max(b.len()) + 1);
    let mut carry = 0_u64;
    for index in 0..a.len().max(b.len()) {
        let sum = carry + u64::from(a.get(index).copied().unwrap_or(0)) + u64::from(b.get(index).copied().unwrap_or(0));
        out.push(low(sum));
        carry = sum >> 32;
    }
    out.push(low(carry));
    trim(out)
}

/// `a - b` where `a >= b`.
fn subtract(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut out = Vec::with_capacity(a.len());
    let mut borrow = 0_i64;
    for (index, digit) in a.iter().enumerate() {
        let mut difference = i64::from(*digit) - borrow - i64::from(b.get(index).copied().unwrap_or(0));
        borrow = i64::from(difference < 0);
        if difference < 0 {
            difference += 1 << 32;
        }
        out.push(u32::try_from(difference).unwrap_or(0));
    }
    trim(out)
}

fn multiply(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut out = vec![0_u32; a.len() + b.len()];
    for (i, x) in a.iter().enumerate() {
        let mut carry = 0_u64;
        for (j, y) in b.iter().enumerate() {
            let sum = u64::from(*x) * u64::from(*y) + u64::from(out[i + j]) + carry;
            out[i + j] = low(sum);
            carry = sum >> 32;
        }
        out[i + b.len()] = low(carry);
    }
    trim(out)
}

fn divide_small(a: &[u32], by: u32) -> (Vec<u32>, u32) {
    let mut out = vec![0; a.len()];
    let mut rest = 0_u64;
    for (index, digit) in a.iter().enumerate().rev() {
        let current = (rest << 32) | u64::from(*digit);
        out[index] = low(current / u64::from(by));
        rest = current % u64::from(by);
    }
    (trim(out), low(rest))
}

fn bits(a: &[u32]) -> usize {
    a.last().map_or(0, |top| a.len() * 32 - top.leading_zeros() as usize)
}

fn shift_left(a: &[u32], by: usize) -> Vec<u32> {
    let mut out = vec![0; by / 32];
    let small = by % 32;
    let mut carry = 0_u64;
    for digit in a {
        let current = (u64::from(*digit) << small) | carry;
        out.push(low(current));
        carry = current >> 32;
    }
    out.push(low(carry));
    trim(out)
}

fn shift_right(a: &[u32], by: usize) -> Vec<u32> {
    let rest = a.get(by / 32..).unwrap_or(&[]);
    let small = by % 32;
    let mut out = Vec::with_capacity(rest.len());
    for (index, digit) in rest.iter().enumerate() {
        let above = u64::from(rest.get(index + 1).copied().unwrap_or(0));
        out.push(low(((above << 32) | u64::from(*digit)) >> small));
    }
    trim(out)
}

/// Quotient and remainder of magnitudes, bit by bit; numbers here are a few hundred bits at most.
fn divide(a: &[u32], b: &[u32]) -> (Vec<u32>, Vec<u32>) {
    if let [one] = b {
        let (quotient, rest) = divide_small(a, *one);
        return (quotient, trim(vec![rest]));
    }
    if compare(a, b) == Ordering::Less {
        return (Vec::new(), a.to_vec());
    }
    let mut quotient = vec![0_u32; a.len()];
    let mut rest: Vec<u32> = Vec::new();
    for index in (0..bits(a)).rev() {
        rest = shift_left(&rest, 1);
        if a[index / 32] >> (index % 32) & 1 == 1 {
            if rest.is_empty() {
                rest.push(1);
            } else {
                rest[0] |= 1;
            }
        }
        if compare(&rest, b) != Ordering::Less {
            rest = subtract(&rest, b);
            quotient[index / 32] |= 1 << (index % 32);
        }
    }
    (trim(quotient), rest)
}

impl From<i64> for Big {
    fn from(number: i64) -> Self {
        let size = number.unsigned_abs();
        Self { negative: number < 0, digits: trim(vec![low(size), low(size >> 32)]) }
    }
}

impl Big {
    fn make(negative: bool, digits: Vec<u32>) -> Self {
        Self { negative: negative && !digits.is_empty(), digits }
    }

    /// The number of `text` (an optional minus, then digits of `radix`).
    #[must_use]
    pub fn parse(text: &str, radix: u32) -> Option<Self> {
        let (negative, body) = text.strip_prefix('-').map_or((false, text), |body| (true, body));
        if body.is_empty() {
            return None;
        }
        let mut digits: Vec<u32> = Vec::new();
        for character in body.chars() {
            let mut carry = u64::from(character.to_digit(radix)?);
            for digit in &mut digits {
                let current = u64::from(*digit) * u64::from(radix) + carry;
                *digit = low(current);
                carry = current >> 32;
            }
            if carry > 0 {
                digits.push(low(carry));
            }
        }
        Some(Self::make(negative, trim(digits)))
    }

    /// The whole part of `number`, which is finite.
    #[must_use]
    pub fn from_float(number: f64) -> Self {
        let bits = number.abs().to_bits();
        let exponent = i64::try_from(bits >> 52).unwrap_or(0) - 1075;
        let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
        let digits = trim(vec![low(mantissa), low(mantissa >> 32)]);
        let size = usize::try_from(exponent.unsigned_abs()).unwrap_or(0);
        let digits = if exponent >= 0 { shift_left(&digits, size) } else { shift_right(&digits, size) };
        Self::make(number < 0.0, digits)
    }

    /// The number as a float; infinite when it is too large.
    #[must_use]
    pub fn to_float(&self) -> f64 {
        // The decimal reader of the standard library rounds correctly.
        self.to_string().parse().unwrap_or(f64::INFINITY)
    }

    /// The number when it fits in 64 bits.
    #[must_use]
    pub fn to_small(&self) -> Option<i64> {
        if self.digits.len() > 2 {
            return None;
        }
        let size = self.digits.iter().rev().fold(0_i128, |all, digit| (all << 32) | i128::from(*digit));
        i64::try_from(if self.negative { -size } else { size }).ok()
    }

    /// Its digits in `radix` (2 to 36), with a minus below zero.
    #[must_use]
    pub fn to_radix(&self, radix: u32) -> String {
        if self.digits.is_empty() {
            return "0".to_owned();
        }
        let mut text = Vec::new();
        let mut rest = self.digits.clone();
        while !rest.is_empty() {
            let (quotient, digit) = divide_small(&rest, radix);
            text.push(char::from_digit(digit, radix).unwrap_or('0'));
            rest = quotient;
        }
        if self.negative {
            text.push('-');
        }
        text.iter().rev().collect()
    }

    /// Below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// How many bits its magnitude has.
    #[must_use]
    pub fn bits(&self) -> usize {
        bits(&self.digits)
    }

    /// `-self`
    #[must_use]
    pub fn negate(&self) -> Self {
        Self::make(!self.negative, self.digits.clone())
    }

    /// `self + other`
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self::make(self.negative, add(&self.digits, &other.digits));
        }
        if compare(&self.digits, &other.digits) == Ordering::Less {
            Self::make(other.negative, subtract(&other.digits, &self.digits))
        } else {
            Self::make(self.negative, subtract(&self.digits, &other.digits))
        }
    }

    /// `self - other`
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.add(&other.negate())
    }

    /// `self * other`
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        Self::make(self.negative != other.negative, multiply(&self.digits, &other.digits))
    }

    /// Quotient rounded down and the remainder with the divisor's sign; `None` for a zero divisor.
    #[must_use]
    pub fn divide(&self, by: &Self) -> Option<(Self, Self)> {
        if by.is_zero() {
            return None;
        }
        let (quotient, rest) = divide(&self.digits, &by.digits);
        let quotient = Self::make(self.negative != by.negative, quotient);
        let rest = Self::make(self.negative, rest);
        if !rest.is_zero() && self.negative != by.negative {
            return Some((quotient.subtract(&Self::from(1)), rest.add(by)));
        }
        Some((quotient, rest))
    }

    /// `self ** exponent`
    #[must_use]
    pub fn power(&self, exponent: u32) -> Self {
        let mut result = Self::from(1);
        let mut base = self.clone();
        let mut left = exponent;
        while left > 0 {
            if left & 1 == 1 {
                result = result.multiply(&base);
            }
            left >>= 1;
            if left > 0 {
                base = base.multiply(&base);
            }
        }
        result
    }

    /// `self * 2**by`, rounded down when `by` is below zero.
    #[must_use]
    pub fn shift(&self, by: i64) -> Self {
        let size = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        if by >= 0 {
            return Self::make(self.negative, shift_left(&self.digits, size));
        }
        let shifted = Self::make(self.negative, shift_right(&self.digits, size));
        let lost = self.negative && shift_left(&shifted.digits, size) != self.digits;
        if lost { shifted.subtract(&Self::from(1)) } else { shifted }
    }

    /// The greatest common divisor.
    #[must_use]
    pub fn gcd(&self, other: &Self) -> Self {
        let (mut a, mut b) = (Self::make(false, self.digits.clone()), Self::make(false, other.digits.clone()));
        while let Some((_, rest)) = a.divide(&b) {
            a = b;
            b = rest;
        }
        a
    }
}

impl std::fmt::Display for Big {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_radix(10))
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => compare(&self.digits, &other.digits),
            (true, true) => compare(&other.digits, &self.digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Big;

    #[test]
    fn large_numbers_divide_and_print() {
        let big = Big::parse("15511210043330985984000000", 10).expect("digits");
        assert_eq!(big.to_string(), "15511210043330985984000000");
        let (quotient, rest) = big.divide(&Big::parse("-123456789012345678901", 10).expect("digits")).expect("not zero");
        assert_eq!((quotient.to_string(), rest.to_string()), ("-125641".to_owned(), "-24384969137458800541".to_owned()));
        assert_eq!(Big::from(2).power(100).shift(-98).to_small(), Some(4));
        assert_eq!(Big::from(-5).shift(-1).to_small(), Some(-3));
        assert_eq!(Big::from_float(1e22).to_string(), "10000000000000000000000");
        assert_eq!(Big::from(i64::MIN).to_small(), Some(i64::MIN));
    }
}
