//! `Rational`: fractions, such as `1r / 3`, `2 ** -1` and what `Date - Date` gives.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::numeric::Number;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// A fraction in lowest terms; the denominator is above zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Above the bar.
    pub numerator: Big,
    /// Below the bar.
    pub denominator: Big,
}

impl Ratio {
    /// `numerator / denominator`; `None` for a zero denominator.
    #[must_use]
    pub fn new(numerator: Big, denominator: Big) -> Option<Self> {
        if denominator.is_zero() {
            return None;
        }
        let (numerator, denominator) =
            if denominator.is_negative() { (numerator.negate(), denominator.negate()) } else { (numerator, denominator) };
        let common = numerator.gcd(&denominator);
        let (numerator, _) = numerator.divide(&common)?;
        let (denominator, _) = denominator.divide(&common)?;
        Some(Self { numerator, denominator })
    }

    /// A whole number.
    #[must_use]
    pub fn whole(numerator: Big) -> Self {
        Self { numerator, denominator: Big::from(1) }
    }

    /// The exact value of a finite float.
    #[must_use]
    pub fn from_float(number: f64) -> Self {
        let mut scaled = number;
        let mut halvings = 0_i64;
        while scaled.fract() != 0.0 && halvings < 1100 {
            scaled *= 2.0;
            halvings += 1;
        }
        Self::new(Big::from_float(scaled), Big::from(1).shift(halvings)).unwrap_or_else(|| Self::whole(Big::from(0)))
    }

    /// The nearest float.
    #[must_use]
    pub fn to_float(&self) -> f64 {
        let (a, b) = (self.numerator.bits(), self.denominator.bits());
        if a <= 53 && b <= 53 {
            return self.numerator.to_float() / self.denominator.to_float();
        }
        // Scale so that the quotient has 66 bits, then divide: one rounding in the end.
        let shift = 66 + i64::try_from(b).unwrap_or(0) - i64::try_from(a).unwrap_or(0);
        let quotient = self.numerator.shift(shift.max(0)).divide(&self.denominator.shift((-shift).max(0)));
        let quotient = quotient.map_or(0.0, |(quotient, _)| quotient.to_float());
        quotient * 2.0_f64.powi(i32::try_from(-shift).unwrap_or(0))
    }

    /// `self <=> other`
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        self.numerator.multiply(&other.denominator).cmp(&other.numerator.multiply(&self.denominator))
    }

    fn reduced(numerator: Big, denominator: Big) -> Self {
        Self::new(numerator, denominator).unwrap_or_else(|| Self::whole(Big::from(0)))
    }

    /// `self + other`
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        let top = self.numerator.multiply(&other.denominator).add(&other.numerator.multiply(&self.denominator));
        Self::reduced(top, self.denominator.multiply(&other.denominator))
    }

    /// `self - other`
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.add(&Self { numerator: other.numerator.negate(), denominator: other.denominator.clone() })
    }

    /// `self * other`
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        Self::reduced(self.numerator.multiply(&other.numerator), self.denominator.multiply(&other.denominator))
    }

    /// `self / other`; `None` by zero.
    #[must_use]
    pub fn divide(&self, other: &Self) -> Option<Self> {
        Self::new(self.numerator.multiply(&other.denominator), self.denominator.multiply(&other.numerator))
    }

    /// `self ** exponent`
    #[must_use]
    pub fn power(&self, exponent: u32) -> Self {
        Self { numerator: self.numerator.power(exponent), denominator: self.denominator.power(exponent) }
    }

    /// The largest integer that is not above it.
    #[must_use]
    pub fn floor(&self) -> Big {
        self.numerator.divide(&self.denominator).map_or_else(|| Big::from(0), |(quotient, _)| quotient)
    }

    /// The nearest integer, halves away from zero.
    #[must_use]
    pub fn round(&self) -> Big {
        let half = Self::reduced(Big::from(1), Big::from(2));
        if self.numerator.is_negative() {
            Self { numerator: self.numerator.negate(), denominator: self.denominator.clone() }.add(&half).floor().negate()
        } else {
            self.add(&half).floor()
        }
    }

    /// The number that `text` says: `3/4`, `1.25`, `2`, `1e3`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace('_', "");
        let (top, bottom) = text.split_once('/').map_or((text.as_str(), None), |(top, bottom)| (top, Some(bottom)));
        let top = decimal(top)?;
        match bottom {
            Some(bottom) => top.divide(&decimal(bottom)?),
            None => Some(top),
        }
    }
}

fn decimal(text: &str) -> Option<Ratio> {
    let lower = text.to_ascii_lowercase();
    let (number, exponent) = lower.split_once('e').map_or((lower.as_str(), 0), |(n, e)| (n, e.parse::<i32>().unwrap_or(0)));
    let number = number.strip_prefix('+').unwrap_or(number);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.trim_start_matches('-').is_empty() || !fraction.chars().all(|c| c.is_ascii_digit()) || exponent.abs() > 4000 {
        return None;
    }
    let digits = Big::parse(&format!("{whole}{fraction}"), 10)?;
    let places = i32::try_from(fraction.len()).ok()? - exponent;
    let scale = Big::from(10).power(places.unsigned_abs());
    if places >= 0 { Ratio::new(digits, scale) } else { Some(Ratio::whole(digits.multiply(&scale))) }
}

const RATIONAL: &[(&str, Native)] = &[
    ("numerator", |interpreter, me, _| Ok(part(interpreter, me, |ratio| ratio.numerator.clone()))),
    ("denominator", |interpreter, me, _| Ok(part(interpreter, me, |ratio| ratio.denominator.clone()))),
    ("to_i", truncate),
    ("to_int", truncate),
    ("to_f", |_, me, _| Ok(Value::Float(this(me).to_float()))),
    ("to_r", |_, me, _| Ok(me.clone())),
    ("rationalize", |_, me, _| Ok(me.clone())),
    ("to_s", |_, me, _| Ok(Value::str(text(&this(me))))),
    ("inspect", |_, me, _| Ok(Value::str(format!("({})", text(&this(me)))))),
    ("floor", |interpreter, me, args| rounded(interpreter, me, args, Ratio::floor)),
    ("ceil", |interpreter, me, args| rounded(interpreter, me, args, ceil)),
    ("round", |interpreter, me, args| rounded(interpreter, me, args, Ratio::round)),
    (
        "truncate",
        |interpreter, me, args| if args.is_empty() { truncate(interpreter, me, args) } else { rounded(interpreter, me, args, cut) },
    ),
    ("zero?", |_, me, _| Ok(Value::Bool(this(me).numerator.is_zero()))),
    ("positive?", |_, me, _| Ok(Value::Bool(!this(me).numerator.is_negative() && !this(me).numerator.is_zero()))),
    ("negative?", |_, me, _| Ok(Value::Bool(this(me).numerator.is_negative()))),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let numeric = Rc::clone(&interpreter.classes.numeric);
    let class = interpreter.define_class_path("Rational", &numeric);
    interpreter.define(&class, RATIONAL);
}

fn this(me: &Value) -> Ratio {
    Number::of(me).and_then(|number| number.ratio()).unwrap_or_else(|| Ratio::whole(Big::from(0)))
}

fn text(ratio: &Ratio) -> String {
    format!("{}/{}", ratio.numerator, ratio.denominator)
}

fn part(interpreter: &mut Interpreter, me: &Value, which: fn(&Ratio) -> Big) -> Value {
    let number = which(&this(me));
    interpreter.big_integer(number)
}

fn ceil(ratio: &Ratio) -> Big {
    Ratio { numerator: ratio.numerator.negate(), denominator: ratio.denominator.clone() }.floor().negate()
}

fn cut(ratio: &Ratio) -> Big {
    if ratio.numerator.is_negative() { ceil(ratio) } else { ratio.floor() }
}

fn truncate(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let number = cut(&this(me));
    Ok(interpreter.big_integer(number))
}

fn rounded(interpreter: &mut Interpreter, me: &Value, args: &Args, how: fn(&Ratio) -> Big) -> Eval {
    let ratio = this(me);
    let digits = match args.get(0) {
        Some(Value::Integer(digits)) => i32::try_from(*digits).unwrap_or(0).clamp(-1000, 1000),
        _ => return Ok(interpreter.big_integer(how(&ratio))),
    };
    let scale = Ratio::whole(Big::from(10)).power(digits.unsigned_abs());
    let one = Ratio::whole(Big::from(1));
    let factor = if digits >= 0 { scale } else { one.divide(&scale).unwrap_or(one) };
    let answer = Ratio::whole(how(&ratio.multiply(&factor))).divide(&factor);
    let answer = answer.unwrap_or(ratio);
    Ok(if digits > 0 { interpreter.rational(answer) } else { interpreter.big_integer(answer.numerator) })
}
