//! What integers, floats and rationals share: one arithmetic over all of them, `coerce`, `step`.
//!
//! `7 / 2.0` reads both as [`Number`]s, lifts them to the wider kind and computes there.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::rational::Ratio;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::{Object, Value};

/// A number of any kind.
#[derive(Clone)]
pub enum Number {
    /// An integer of 64 bits.
    Small(i64),
    /// A larger integer.
    Big(Rc<Big>),
    /// A fraction.
    Ratio(Rc<Ratio>),
    /// A float.
    Float(f64),
}

impl Number {
    /// The number that `value` is.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(Self::Small(*number)),
            Value::Float(number) => Some(Self::Float(*number)),
            Value::Object(object) => {
                let data = object.data.borrow().clone()?;
                match data.downcast::<Big>() {
                    Ok(big) => Some(Self::Big(big)),
                    Err(data) => data.downcast::<Ratio>().ok().map(Self::Ratio),
                }
            }
            _ => None,
        }
    }

    /// The integer, when it is one.
    #[must_use]
    pub fn whole(&self) -> Option<Big> {
        match self {
            Self::Small(number) => Some(Big::from(*number)),
            Self::Big(big) => Some((**big).clone()),
            _ => None,
        }
    }

    /// The nearest float.
    #[must_use]
    pub fn float(&self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "Ruby rounds too")]
            Self::Small(number) => *number as f64,
            Self::Big(big) => big.to_float(),
            Self::Ratio(ratio) => ratio.to_float(),
            Self::Float(number) => *number,
        }
    }

    /// As a fraction; `None` for floats.
    #[must_use]
    pub fn ratio(&self) -> Option<Ratio> {
        match self {
            Self::Ratio(ratio) => Some((**ratio).clone()),
            Self::Float(_) => None,
            other => other.whole().map(Ratio::whole),
        }
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Small(number) => *number == 0,
            Self::Big(_) => false,
            Self::Ratio(ratio) => ratio.numerator.is_zero(),
            Self::Float(number) => *number == 0.0,
        }
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match self {
            Self::Small(number) => *number < 0,
            Self::Big(big) => big.is_negative(),
            Self::Ratio(ratio) => ratio.numerator.is_negative(),
            Self::Float(number) => *number < 0.0,
        }
    }

    /// `self <=> other`; `None` with a NaN.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Small(a), Self::Small(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Float(a), b) => {
                if a.is_infinite() || a.is_nan() {
                    a.partial_cmp(&0.0)
                } else {
                    Some(Ratio::from_float(*a).compare(&b.ratio()?))
                }
            }
            (_, Self::Float(_)) => other.compare(self).map(Ordering::reverse),
            (a, b) => Some(a.ratio()?.compare(&b.ratio()?)),
        }
    }
}

impl Interpreter {
    fn number_object(&mut self, class: &Rc<crate::ruby::module::Module>, data: Rc<dyn Any>) -> Value {
        Value::Object(Rc::new(Object {
            class: RefCell::new(Rc::clone(class)),
            ivars: RefCell::default(),
            frozen: Cell::new(true),
            data: RefCell::new(Some(data)),
        }))
    }

    /// The integer `big`: a plain one where it fits in 64 bits.
    pub fn big_integer(&mut self, big: Big) -> Value {
        match big.to_small() {
            Some(small) => Value::Integer(small),
            None => {
                let class = Rc::clone(&self.classes.integer);
                self.number_object(&class, Rc::new(big))
            }
        }
    }

    /// The integer that the decimal `digits` (with an optional minus) say.
    pub fn parse_big(&mut self, digits: &str) -> Value {
        match Big::parse(digits, 10) {
            Some(big) => self.big_integer(big),
            None => Value::Integer(0),
        }
    }

    /// The rational `ratio`.
    pub fn rational(&mut self, ratio: Ratio) -> Value {
        let object = Rc::clone(&self.classes.numeric);
        let class = self.define_class_path("Rational", &object);
        self.number_object(&class, Rc::new(ratio))
    }

    /// The whole part of a float, cut towards zero.
    ///
    /// # Errors
    /// `FloatDomainError` for NaN and the infinities.
    pub fn float_to_integer(&mut self, number: f64) -> Eval {
        if !number.is_finite() {
            let class = Rc::clone(&self.classes.float_domain_error);
            return self.raise(&class, super::float::text(number));
        }
        #[expect(clippy::cast_possible_truncation, reason = "in range")]
        if number.abs() < 9.0e18 {
            return Ok(Value::Integer(number as i64));
        }
        Ok(self.big_integer(Big::from_float(number)))
    }

    /// `ZeroDivisionError`
    ///
    /// # Errors
    /// Always.
    pub fn zero_division<T>(&mut self) -> Eval<T> {
        let class = Rc::clone(&self.classes.zero_division_error);
        self.raise(&class, "divided by 0")
    }

    /// `left operator right` for a number on the left.
    ///
    /// # Errors
    /// `ZeroDivisionError`; `TypeError` where the right is no number and does not `coerce`.
    pub fn arithmetic(&mut self, operator: &str, left: &Value, right: &Value) -> Eval {
        let (Some(a), Some(b)) = (Number::of(left), Number::of(right)) else {
            return self.coerced(operator, left, right);
        };
        match (&a, &b) {
            (Number::Small(x), Number::Small(y)) => {
                if let Some(answer) = small(operator, *x, *y) {
                    return Ok(Value::Integer(answer));
                }
                self.big_arithmetic(operator, &Big::from(*x), &Big::from(*y))
            }
            (Number::Float(_), _) | (_, Number::Float(_)) => self.float_arithmetic(operator, a.float(), b.float()),
            (Number::Ratio(_), _) | (_, Number::Ratio(_)) => match (a.ratio(), b.ratio()) {
                (Some(x), Some(y)) => self.ratio_arithmetic(operator, &x, &y, b.whole()),
                _ => Ok(Value::Nil),
            },
            _ => match (a.whole(), b.whole()) {
                (Some(x), Some(y)) => self.big_arithmetic(operator, &x, &y),
                _ => Ok(Value::Nil),
            },
        }
    }

    fn coerced(&mut self, operator: &str, left: &Value, right: &Value) -> Eval {
        if matches!(right, Value::Object(_)) && self.responds_to(right, "coerce")? {
            let pair = self.send(right, "coerce", std::slice::from_ref(left))?;
            if let Some([a, b]) = pair.items().as_deref() {
                return self.send(a, operator, std::slice::from_ref(b));
            }
            return self.type_error("coerce must return [x, y]");
        }
        let shown = match right {
            Value::Nil | Value::Bool(_) | Value::Symbol(_) => self.inspect(right)?,
            other => self.real_class(other).display_name(),
        };
        let class = self.real_class(left).display_name();
        self.type_error(format!("{shown} can't be coerced into {class}"))
    }

    fn big_arithmetic(&mut self, operator: &str, a: &Big, b: &Big) -> Eval {
        let answer = match operator {
            "+" => a.add(b),
            "-" => a.subtract(b),
            "*" => {
                self.check_size((a.bits() + b.bits()) / 8)?;
                self.charge_product(a.bits(), b.bits())?;
                a.multiply(b)
            }
            "/" | "%" => {
                // Division goes bit by bit.
                self.charge_product(a.bits().saturating_mul(32), b.bits())?;
                match a.divide(b) {
                    Some((quotient, _)) if operator == "/" => quotient,
                    Some((_, rest)) => rest,
                    None => return self.zero_division(),
                }
            }
            _ => return self.big_power(a, b),
        };
        Ok(self.big_integer(answer))
    }

    fn big_power(&mut self, a: &Big, b: &Big) -> Eval {
        let exponent = b.to_small();
        if b.is_negative() {
            let ratio = Ratio::new(Big::from(1), a.clone());
            return match (ratio, exponent.and_then(|e| u32::try_from(-e).ok())) {
                (Some(ratio), Some(exponent)) => {
                    let powered = ratio.power(exponent);
                    Ok(self.rational(powered))
                }
                _ => self.zero_division(),
            };
        }
        let exponent = exponent.and_then(|e| u32::try_from(e).ok());
        match exponent.filter(|e| a.bits().saturating_mul(*e as usize) <= 32 * 1024 * 1024) {
            Some(exponent) if a.bits() <= 1 || exponent < 200_000 => {
                let bits = if a.bits() <= 1 { 1 } else { a.bits().saturating_mul(exponent as usize) };
                self.charge_product(bits, bits)?;
                let answer = if a.bits() <= 1 { a.power((exponent & 1) | (u32::from(exponent > 0) << 1)) } else { a.power(exponent) };
                Ok(self.big_integer(answer))
            }
            // Ruby warns and gives infinity for what is too large to compute.
            _ => Ok(Value::Float(f64::INFINITY)),
        }
    }

    fn float_arithmetic(&mut self, operator: &str, a: f64, b: f64) -> Eval {
        Ok(Value::Float(match operator {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "%" => float_modulo(a, b),
            _ => a.powf(b),
        }))
    }

    fn ratio_arithmetic(&mut self, operator: &str, a: &Ratio, b: &Ratio, whole: Option<Big>) -> Eval {
        let bits = |ratio: &Ratio| ratio.numerator.bits().max(ratio.denominator.bits());
        let times = match (operator, whole.as_ref().and_then(Big::to_small)) {
            ("**", Some(exponent)) => usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX).min(10_000),
            _ => 1,
        };
        let size = (bits(a) + bits(b)).saturating_mul(times);
        self.charge_divisor(size, size)?;
        let answer = match operator {
            "+" => Some(a.add(b)),
            "-" => Some(a.subtract(b)),
            "*" => Some(a.multiply(b)),
            "/" => a.divide(b),
            "%" => a.divide(b).map(|quotient| a.subtract(&b.multiply(&Ratio::whole(quotient.floor())))),
            _ => {
                return match whole.and_then(|whole| whole.to_small()) {
                    Some(exponent) => {
                        let size = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX).min(10_000);
                        let powered = a.power(size);
                        let powered = if exponent < 0 { Ratio::whole(Big::from(1)).divide(&powered) } else { Some(powered) };
                        match powered {
                            Some(powered) => Ok(self.rational(powered)),
                            None => self.zero_division(),
                        }
                    }
                    None => Ok(Value::Float(a.to_float().powf(b.to_float()))),
                };
            }
        };
        match answer {
            Some(answer) => Ok(self.rational(answer)),
            None => self.zero_division(),
        }
    }

    /// The order of two numbers, or `None` where the right is none (after asking its `coerce`).
    ///
    /// # Errors
    /// What `coerce` raises.
    pub fn compare_numbers(&mut self, left: &Value, right: &Value) -> Eval<Option<Ordering>> {
        if let (Some(a), Some(b)) = (Number::of(left), Number::of(right)) {
            return Ok(a.compare(&b));
        }
        if matches!(right, Value::Object(_)) && self.responds_to(right, "coerce")? {
            let pair = self.send(right, "coerce", std::slice::from_ref(left))?;
            if let Some([a, b]) = pair.items().as_deref() {
                return self.compare(a, b);
            }
        }
        Ok(None)
    }

    /// `ArgumentError` of `<` and friends on what cannot be compared.
    ///
    /// # Errors
    /// Always.
    pub fn comparison_failed<T>(&mut self, left: &Value, right: &Value) -> Eval<T> {
        let class = self.real_class(left).display_name();
        let shown = match right {
            Value::Nil | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Symbol(_) => self.inspect(right)?,
            other => self.real_class(other).display_name(),
        };
        self.argument_error(format!("comparison of {class} with {shown} failed"))
    }
}

fn small(operator: &str, a: i64, b: i64) -> Option<i64> {
    match operator {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => {
            let quotient = a.checked_div(b)?;
            if a.checked_rem(b)? != 0 && (a < 0) != (b < 0) { quotient.checked_sub(1) } else { Some(quotient) }
        }
        "%" => {
            let rest = a.checked_rem(b)?;
            if rest != 0 && (rest < 0) != (b < 0) { rest.checked_add(b) } else { Some(rest) }
        }
        _ => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
    }
}

/// `a % b` with the divisor's sign.
#[must_use]
pub fn float_modulo(a: f64, b: f64) -> f64 {
    if b.is_infinite() && a.is_finite() {
        return if a == 0.0 || (a < 0.0) == (b < 0.0) { a } else { b };
    }
    let rest = a % b;
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
}

const NUMERIC: &[(&str, Native)] = &[
    ("+", |interpreter, me, args| binary(interpreter, "+", me, args)),
    ("-", |interpreter, me, args| binary(interpreter, "-", me, args)),
    ("*", |interpreter, me, args| binary(interpreter, "*", me, args)),
    ("/", |interpreter, me, args| binary(interpreter, "/", me, args)),
    ("%", |interpreter, me, args| binary(interpreter, "%", me, args)),
    ("modulo", |interpreter, me, args| binary(interpreter, "%", me, args)),
    ("**", |interpreter, me, args| binary(interpreter, "**", me, args)),
    ("-@", |interpreter, me, _| interpreter.arithmetic("-", &Value::Integer(0), me)),
    ("==", equal),
    ("===", equal),
    ("<=>", spaceship),
    ("<", |interpreter, me, args| relation(interpreter, me, args, Ordering::is_lt)),
    ("<=", |interpreter, me, args| relation(interpreter, me, args, Ordering::is_le)),
    (">", |interpreter, me, args| relation(interpreter, me, args, Ordering::is_gt)),
    (">=", |interpreter, me, args| relation(interpreter, me, args, Ordering::is_ge)),
    ("eql?", eql),
    ("div", div),
    ("fdiv", fdiv),
    ("divmod", divmod),
    ("remainder", remainder),
    ("quo", quo),
    ("abs", abs),
    ("magnitude", abs),
    ("coerce", coerce),
    ("hash", hash),
];

/// What a user's subclass of `Numeric` gets.
const NUMERIC_ONLY: &[(&str, Native)] = &[
    ("+@", |_, me, _| Ok(me.clone())),
    ("zero?", zero),
    ("nonzero?", |interpreter, me, args| Ok(if zero(interpreter, me, args)?.truthy() { Value::Nil } else { me.clone() })),
    ("positive?", |interpreter, me, _| interpreter.send(me, ">", &[Value::Integer(0)])),
    ("negative?", |interpreter, me, _| interpreter.send(me, "<", &[Value::Integer(0)])),
    ("integer?", |_, _, _| Ok(Value::Bool(false))),
    ("real?", |_, _, _| Ok(Value::Bool(true))),
    ("real", |_, me, _| Ok(me.clone())),
    ("finite?", |_, _, _| Ok(Value::Bool(true))),
    ("infinite?", |_, _, _| Ok(Value::Nil)),
    ("to_int", |interpreter, me, _| interpreter.send(me, "to_i", &[])),
    ("to_c", |_, me, _| Ok(me.clone())),
    ("dup", |_, me, _| Ok(me.clone())),
    ("clone", |_, me, _| Ok(me.clone())),
    ("step", step),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let numeric = Rc::clone(&interpreter.classes.numeric);
    let user: Vec<(&str, Native)> = NUMERIC
        .iter()
        .filter(|(name, _)| matches!(*name, "div" | "fdiv" | "divmod" | "remainder" | "quo" | "abs" | "magnitude" | "coerce"))
        .copied()
        .collect();
    interpreter.define_list(&numeric, &user, Visibility::Public);
    interpreter.define(&numeric, NUMERIC_ONLY);
    interpreter.define(
        &numeric,
        &[("-@", |interpreter, me, _| {
            let pair = interpreter.send(me, "coerce", &[Value::Integer(0)])?;
            match pair.items().as_deref() {
                Some([zero, number]) => interpreter.send(zero, "-", std::slice::from_ref(number)),
                _ => interpreter.type_error("coerce must return [x, y]"),
            }
        })],
    );
    let rational = interpreter.define_class_path("Rational", &numeric);
    for class in [&interpreter.classes.integer, &interpreter.classes.float, &rational].map(Rc::clone) {
        interpreter.define(&class, NUMERIC);
        // Numbers are written, not made.
        let meta = interpreter.singleton_class(&Value::Module(class));
        for name in ["new", "allocate"] {
            let _ = interpreter.undef_method(&meta, name.into());
        }
    }
}

fn binary(interpreter: &mut Interpreter, operator: &str, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    interpreter.arithmetic(operator, me, &args.value(0))
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    match (Number::of(me), Number::of(&other)) {
        (Some(a), Some(b)) => Ok(Value::Bool(a.compare(&b) == Some(Ordering::Equal))),
        _ if matches!(other, Value::Object(_)) => interpreter.send(&other, "==", std::slice::from_ref(me)),
        _ => Ok(Value::Bool(false)),
    }
}

fn eql(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    Ok(Value::Bool(match (Number::of(me), Number::of(&args.value(0))) {
        (Some(Number::Small(a)), Some(Number::Small(b))) => a == b,
        (Some(Number::Float(a)), Some(Number::Float(b))) => a == b,
        (Some(Number::Big(a)), Some(Number::Big(b))) => a == b,
        (Some(Number::Ratio(a)), Some(Number::Ratio(b))) => a == b,
        _ => false,
    }))
}

fn spaceship(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    Ok(match interpreter.compare_numbers(me, &args.value(0))? {
        Some(order) => Value::Integer(order as i64),
        None => Value::Nil,
    })
}

fn relation(interpreter: &mut Interpreter, me: &Value, args: &Args, test: fn(Ordering) -> bool) -> Eval {
    let other = args.value(0);
    match interpreter.compare_numbers(me, &other)? {
        Some(order) => Ok(Value::Bool(test(order))),
        None if matches!((me, &other), (Value::Float(_), _) | (_, Value::Float(_))) && Number::of(&other).is_some() => {
            Ok(Value::Bool(false))
        }
        None => interpreter.comparison_failed(me, &other),
    }
}

/// The whole number of times that the argument fits, rounded down.
fn floor_quotient(interpreter: &mut Interpreter, me: &Value, other: &Value) -> Eval {
    let quotient = interpreter.send(me, "/", std::slice::from_ref(other))?;
    match &quotient {
        Value::Integer(_) => Ok(quotient),
        Value::Float(number) => interpreter.float_to_integer(number.floor()),
        other => interpreter.send(other, "floor", &[]),
    }
}

fn div(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if Number::of(&other).is_some_and(|number| number.is_zero()) {
        return interpreter.zero_division();
    }
    floor_quotient(interpreter, me, &other)
}

fn fdiv(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    match (Number::of(me), Number::of(&other)) {
        (Some(a), Some(b)) => Ok(Value::Float(a.float() / b.float())),
        _ => {
            let left = Value::Float(Number::of(me).map_or(0.0, |number| number.float()));
            interpreter.arithmetic("/", &left, &other)
        }
    }
}

fn divmod(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if let (Some(a), Some(b)) = (Number::of(me), Number::of(&other)) {
        if b.is_zero() {
            return interpreter.zero_division();
        }
        if let (Number::Float(_), _) | (_, Number::Float(_)) = (&a, &b) {
            let (a, b) = (a.float(), b.float());
            let rest = float_modulo(a, b);
            let quotient = ((a - rest) / b).round();
            return Ok(Value::array(vec![interpreter.float_to_integer(quotient)?, Value::Float(rest)]));
        }
    }
    let quotient = floor_quotient(interpreter, me, &other)?;
    let rest = interpreter.send(me, "%", std::slice::from_ref(&other))?;
    Ok(Value::array(vec![quotient, rest]))
}

fn remainder(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if let (Some(a), Some(b)) = (Number::of(me), Number::of(&other)) {
        if let (Number::Float(_), _) | (_, Number::Float(_)) = (&a, &b) {
            return Ok(Value::Float(a.float() % b.float()));
        }
        let rest = interpreter.arithmetic("%", me, &other)?;
        let differ = a.is_negative() != b.is_negative();
        let zero = Number::of(&rest).is_none_or(|rest| rest.is_zero());
        return if differ && !zero { interpreter.arithmetic("-", &rest, &other) } else { Ok(rest) };
    }
    interpreter.coerced("remainder", me, &other)
}

fn quo(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match Number::of(me).and_then(|number| number.ratio()) {
        Some(ratio) => {
            let left = interpreter.rational(ratio);
            interpreter.arithmetic("/", &left, &args.value(0))
        }
        None => interpreter.arithmetic("/", me, &args.value(0)),
    }
}

fn abs(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    match Number::of(me) {
        Some(Number::Float(number)) => Ok(Value::Float(number.abs())),
        Some(number) if number.is_negative() => interpreter.arithmetic("-", &Value::Integer(0), me),
        Some(_) => Ok(me.clone()),
        None => {
            if interpreter.send(me, "<", &[Value::Integer(0)])?.truthy() {
                interpreter.send(me, "-@", &[])
            } else {
                Ok(me.clone())
            }
        }
    }
}

fn zero(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    match Number::of(me) {
        Some(number) => Ok(Value::Bool(number.is_zero())),
        None => Ok(Value::Bool(interpreter.equal(me, &Value::Integer(0))?)),
    }
}

fn coerce(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    let (Some(a), Some(b)) = (Number::of(me), Number::of(&other)) else {
        if matches!(other, Value::Str(_)) {
            let float = interpreter.call(me, "Float".into(), Args::new(vec![other]), CallKind::Implicit)?;
            let own = Value::Float(Number::of(me).map_or(0.0, |number| number.float()));
            return Ok(Value::array(vec![float, own]));
        }
        if Rc::ptr_eq(&interpreter.real_class(me), &interpreter.real_class(&other)) {
            return Ok(Value::array(vec![other, me.clone()]));
        }
        let shown = match &other {
            Value::Nil | Value::Bool(_) => interpreter.inspect(&other)?,
            value => interpreter.real_class(value).display_name(),
        };
        return interpreter.type_error(format!("can't convert {shown} into Float"));
    };
    if a.whole().is_some() && b.whole().is_some() {
        return Ok(Value::array(vec![other, me.clone()]));
    }
    if let (Some(a), Some(b)) = (a.ratio(), b.ratio()) {
        let pair = vec![interpreter.rational(b), interpreter.rational(a)];
        return Ok(Value::array(pair));
    }
    Ok(Value::array(vec![Value::Float(b.float()), Value::Float(a.float())]))
}

fn hash(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    use std::hash::{DefaultHasher, Hash as _, Hasher};
    let text = interpreter.inspect(me)?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    Ok(Value::Integer(i64::from_ne_bytes(hasher.finish().to_ne_bytes()) >> 2))
}

/// How many steps of `by` lead from `low` to at most `high`, as Ruby counts them for floats.
#[must_use]
pub fn float_steps(low: f64, high: f64, by: f64, exclusive: bool) -> Option<i64> {
    let count = (high - low) / by;
    let slack = ((low.abs() + high.abs() + (high - low).abs()) / by.abs() * f64::EPSILON).min(0.5);
    if by == 0.0 || count.is_nan() || count < 0.0 && count + slack < 0.0 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    let whole = (count + slack).floor() as i64;
    #[expect(clippy::cast_precision_loss, reason = "a step's number")]
    if exclusive && whole as f64 * by + low >= high { whole.checked_sub(1).filter(|n| *n >= 0) } else { Some(whole) }
}

fn step(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let keyed = |name: &str| if args.keywords { args.option(name) } else { None };
    let positional = if args.keywords { args.list.len().saturating_sub(1) } else { args.list.len() };
    let limit = keyed("to").or_else(|| args.list.first().filter(|_| positional > 0).cloned()).unwrap_or(Value::Nil);
    let by = keyed("by").or_else(|| args.list.get(1).filter(|_| positional > 1).cloned()).unwrap_or(Value::Integer(1));
    if Number::of(&by).is_some_and(|number| number.is_zero()) {
        return interpreter.argument_error("step can't be 0");
    }
    let Some(block) = &args.block else { return interpreter.enumerator(me, "step", vec![limit, by]) };
    if let (Some(start), Some(size)) = (Number::of(me), Number::of(&by)) {
        let end = Number::of(&limit);
        let floats = [Some(&start), Some(&size), end.as_ref()].iter().flatten().any(|n| matches!(n, Number::Float(_)));
        if floats {
            let high = end.map_or(if size.is_negative() { f64::NEG_INFINITY } else { f64::INFINITY }, |number| number.float());
            let (low, by) = (start.float(), size.float());
            let Some(count) = float_steps(low, high, by, false) else { return Ok(me.clone()) };
            for index in 0..=count {
                interpreter.step()?;
                #[expect(clippy::cast_precision_loss, reason = "a step's number")]
                let value = index as f64 * by + low;
                let value = if by >= 0.0 && high < value || by < 0.0 && high > value { high } else { value };
                interpreter.yield_values(block, vec![Value::Float(value)])?;
            }
            return Ok(me.clone());
        }
    } else if Number::of(&by).is_none() {
        return interpreter.comparison_failed(&Value::Integer(0), &by);
    }
    let down = Number::of(&by).is_some_and(|number| number.is_negative());
    let mut current = me.clone();
    loop {
        interpreter.step()?;
        if !limit.is_nil() {
            match interpreter.compare(&current, &limit)? {
                None => return interpreter.comparison_failed(&current, &limit),
                Some(Ordering::Greater) if !down => return Ok(me.clone()),
                Some(Ordering::Less) if down => return Ok(me.clone()),
                _ => {}
            }
        }
        interpreter.yield_values(block, vec![current.clone()])?;
        current = interpreter.send(&current, "+", std::slice::from_ref(&by))?;
    }
}
