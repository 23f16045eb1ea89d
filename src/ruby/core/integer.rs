//! `Integer`: 64 bits, and as many as it takes beyond.

use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::float::{Direction, Half, digits, half};
use crate::ruby::core::numeric::Number;
use crate::ruby::core::rational::Ratio;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const INTEGER: &[(&str, Native)] = &[
    ("to_s", to_s),
    ("inspect", to_s),
    ("to_i", |_, me, _| Ok(me.clone())),
    ("to_int", |_, me, _| Ok(me.clone())),
    ("to_f", |_, me, _| Ok(Value::Float(Number::of(me).map_or(0.0, |number| number.float())))),
    ("to_r", to_r),
    ("rationalize", to_r),
    ("numerator", |_, me, _| Ok(me.clone())),
    ("denominator", |_, _, _| Ok(Value::Integer(1))),
    ("~", |interpreter, me, _| interpreter.arithmetic("-", &Value::Integer(-1), me)),
    ("&", |interpreter, me, args| bits(interpreter, me, args, "&")),
    ("|", |interpreter, me, args| bits(interpreter, me, args, "|")),
    ("^", |interpreter, me, args| bits(interpreter, me, args, "^")),
    ("<<", |interpreter, me, args| shift(interpreter, me, args, 1)),
    (">>", |interpreter, me, args| shift(interpreter, me, args, -1)),
    ("[]", bit),
    ("zero?", |_, me, _| Ok(Value::Bool(matches!(me, Value::Integer(0))))),
    ("positive?", |_, me, _| Ok(Value::Bool(Number::of(me).is_some_and(|n| !n.is_negative() && !n.is_zero())))),
    ("negative?", |_, me, _| Ok(Value::Bool(Number::of(me).is_some_and(|n| n.is_negative())))),
    ("even?", |interpreter, me, _| odd(interpreter, me).map(|odd| Value::Bool(!odd))),
    ("odd?", |interpreter, me, _| odd(interpreter, me).map(Value::Bool)),
    ("integer?", |_, _, _| Ok(Value::Bool(true))),
    ("succ", |interpreter, me, _| interpreter.arithmetic("+", me, &Value::Integer(1))),
    ("next", |interpreter, me, _| interpreter.arithmetic("+", me, &Value::Integer(1))),
    ("pred", |interpreter, me, _| interpreter.arithmetic("-", me, &Value::Integer(1))),
    ("chr", chr),
    ("ord", |_, me, _| Ok(me.clone())),
    ("size", |_, me, _| {
        Ok(Value::Integer(match Number::of(me) {
            Some(Number::Big(big)) => i64::try_from(big.bits().div_ceil(64) * 8).unwrap_or(8),
            _ => 8,
        }))
    }),
    ("times", times),
    ("upto", upto),
    ("downto", downto),
    ("floor", |interpreter, me, args| rounded(interpreter, me, args, Some(Direction::Down))),
    ("ceil", |interpreter, me, args| rounded(interpreter, me, args, Some(Direction::Up))),
    ("truncate", |interpreter, me, args| {
        let up = Number::of(me).is_some_and(|number| number.is_negative());
        rounded(interpreter, me, args, Some(if up { Direction::Up } else { Direction::Down }))
    }),
    ("round", |interpreter, me, args| rounded(interpreter, me, args, None)),
    ("pow", pow),
    ("digits", split_digits),
    ("bit_length", bit_length),
    ("gcd", |interpreter, me, args| gcd(interpreter, me, args)),
    ("lcm", |interpreter, me, args| lcm(interpreter, me, args)),
    ("gcdlcm", |interpreter, me, args| {
        let pair = vec![gcd(interpreter, me, args)?, lcm(interpreter, me, args)?];
        Ok(Value::array(pair))
    }),
    ("allbits?", |interpreter, me, args| {
        let common = bits(interpreter, me, args, "&")?;
        Ok(Value::Bool(interpreter.equal(&common, &args.value(0))?))
    }),
    ("anybits?", |interpreter, me, args| Ok(Value::Bool(!matches!(bits(interpreter, me, args, "&")?, Value::Integer(0))))),
    ("nobits?", |interpreter, me, args| Ok(Value::Bool(matches!(bits(interpreter, me, args, "&")?, Value::Integer(0))))),
    ("real", |_, me, _| Ok(me.clone())),
    ("imaginary", |_, _, _| Ok(Value::Integer(0))),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.integer);
    interpreter.define(&class, INTEGER);
    interpreter.define_singleton(&class, &[("sqrt", square_root)]);
    let object = Rc::clone(&interpreter.classes.object);
    // Names of long ago that old cookbooks still check against.
    for name in ["Fixnum", "Bignum"] {
        interpreter.set_constant(&object, name.into(), Value::Module(Rc::clone(&class)));
    }
}

fn whole(me: &Value) -> Big {
    Number::of(me).and_then(|number| number.whole()).unwrap_or_else(|| Big::from(0))
}

/// The whole number that an argument is.
fn integer(interpreter: &mut Interpreter, args: &Args) -> Eval<Big> {
    interpreter.check_arity(args, 1, None)?;
    let value = args.value(0);
    match Number::of(&value).and_then(|number| number.whole()) {
        Some(big) => Ok(big),
        None => interpreter.type_error("not an integer"),
    }
}

fn to_s(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let radix = match args.get(0) {
        Some(value) => interpreter.to_integer(value)?,
        None => 10,
    };
    let Some(radix) = u32::try_from(radix).ok().filter(|radix| (2..=36).contains(radix)) else {
        return interpreter.argument_error(format!("invalid radix {radix}"));
    };
    let bits = whole(me).bits();
    interpreter.charge_product(bits, bits)?;
    Ok(Value::str(match me {
        Value::Integer(number) if radix == 10 => number.to_string(),
        other => whole(other).to_radix(radix),
    }))
}

fn to_r(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(interpreter.rational(Ratio::whole(whole(me))))
}

fn bits(interpreter: &mut Interpreter, me: &Value, args: &Args, operator: &str) -> Eval {
    let other = args.value(0);
    if let (Value::Integer(a), Value::Integer(b)) = (me, &other) {
        return Ok(Value::Integer(match operator {
            "&" => a & b,
            "|" => a | b,
            _ => a ^ b,
        }));
    }
    let (Some(a), Some(b)) = (Number::of(me).and_then(|n| n.whole()), Number::of(&other).and_then(|n| n.whole())) else {
        if matches!(other, Value::Object(_)) && interpreter.responds_to(&other, "coerce")? {
            return interpreter.arithmetic(operator, me, &other);
        }
        let shown = match &other {
            Value::Nil | Value::Bool(_) | Value::Float(_) | Value::Symbol(_) => interpreter.inspect(&other)?,
            value => interpreter.real_class(value).display_name(),
        };
        return match other {
            Value::Float(_) => interpreter.raise_no_bits(operator, &shown),
            _ => interpreter.type_error(format!("{shown} can't be coerced into Integer")),
        };
    };
    // Two's complement over as many 32-bit digits as both need and one for the sign.
    let size = a.bits().max(b.bits()) / 32 + 2;
    let modulus = Big::from(1).shift(i64::try_from(size * 32).unwrap_or(64));
    let wrap = |number: &Big| if number.is_negative() { modulus.add(number) } else { number.clone() };
    let (a, b) = (wrap(&a), wrap(&b));
    let base = Big::from(1 << 32);
    let (mut left, mut right) = (a, b);
    let mut digits = Vec::new();
    for _ in 0..size {
        let (Some((next_left, x)), Some((next_right, y))) = (left.divide(&base), right.divide(&base)) else { break };
        let (x, y) = (x.to_small().unwrap_or(0), y.to_small().unwrap_or(0));
        digits.push(match operator {
            "&" => x & y,
            "|" => x | y,
            _ => x ^ y,
        });
        left = next_left;
        right = next_right;
    }
    let answer = digits.iter().rev().fold(Big::from(0), |all, digit| all.shift(32).add(&Big::from(*digit)));
    let negative = digits.last().is_some_and(|top| top >> 31 & 1 == 1);
    let answer = if negative { answer.subtract(&modulus) } else { answer };
    Ok(interpreter.big_integer(answer))
}

impl Interpreter {
    fn raise_no_bits(&mut self, operator: &str, shown: &str) -> Eval {
        let class = Rc::clone(&self.classes.no_method_error);
        self.raise(&class, format!("undefined method `{operator}' for {shown}:Float"))
    }
}

fn shift(interpreter: &mut Interpreter, me: &Value, args: &Args, sign: i64) -> Eval {
    let by = interpreter.to_integer(&args.value(0))?.saturating_mul(sign);
    interpreter.check_size(usize::try_from(by / 8).unwrap_or(0))?;
    let by = by.max(-1_000_000_000);
    let number = whole(me).shift(by);
    Ok(interpreter.big_integer(number))
}

fn bit(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let index = interpreter.to_integer(&args.value(0))?;
    if index < 0 {
        return Ok(Value::Integer(0));
    }
    let shifted = whole(me).shift(-index.min(1_000_000_000));
    let shifted = interpreter.big_integer(shifted);
    if let Some(Value::Integer(length)) = args.get(1) {
        let mask = Big::from(1).shift((*length).clamp(0, 100_000)).subtract(&Big::from(1));
        let mask = interpreter.big_integer(mask);
        return bits(interpreter, &shifted, &Args::new(vec![mask]), "&");
    }
    Ok(Value::Integer(i64::from(odd(interpreter, &shifted)?)))
}

fn odd(interpreter: &mut Interpreter, me: &Value) -> Eval<bool> {
    match me {
        Value::Integer(number) => Ok(number & 1 == 1),
        other => Ok(!matches!(interpreter.arithmetic("%", other, &Value::Integer(2))?, Value::Integer(0))),
    }
}

fn chr(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let code = match me {
        Value::Integer(number) => u32::try_from(*number).ok(),
        _ => None,
    };
    let character = code.filter(|code| *code < 0x80 || !args.is_empty()).and_then(char::from_u32);
    match (character, code) {
        (Some(character), _) if !crate::ruby::hole::is_hole(character) => Ok(Value::str(character.to_string())),
        (_, Some(code @ 0x80..=0xFF)) => Ok(Value::str(crate::ruby::core::string::bytes::binary(&[u8::try_from(code).unwrap_or(0)]))),
        _ => {
            let class = Rc::clone(&interpreter.classes.range_error);
            let shown = interpreter.display(me)?;
            interpreter.raise(&class, format!("{shown} out of char range"))
        }
    }
}

fn times(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(block) = &args.block else { return interpreter.enumerator(me, "times", Vec::new()) };
    let Value::Integer(count) = me else { return Ok(me.clone()) };
    for index in 0..*count {
        interpreter.step()?;
        interpreter.yield_values(block, vec![Value::Integer(index)])?;
    }
    Ok(me.clone())
}

fn count_to(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, by: i64) -> Eval {
    let limit = args.value(0);
    let Some(block) = &args.block else { return interpreter.enumerator(me, name, vec![limit]) };
    let Some(end) = Number::of(&limit) else { return interpreter.comparison_failed(me, &limit) };
    let Value::Integer(start) = me else { return Ok(me.clone()) };
    let mut current = *start;
    loop {
        let order = Number::Small(current).compare(&end);
        if order.is_none_or(|order| if by > 0 { order.is_gt() } else { order.is_lt() }) {
            return Ok(me.clone());
        }
        interpreter.step()?;
        interpreter.yield_values(block, vec![Value::Integer(current)])?;
        let Some(next) = current.checked_add(by) else { return Ok(me.clone()) };
        current = next;
    }
}

fn upto(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    count_to(interpreter, me, args, "upto", 1)
}

fn downto(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    count_to(interpreter, me, args, "downto", -1)
}

fn scale(digits: i32) -> Big {
    Big::from(10).power(digits.unsigned_abs().min(10_000))
}

/// An integer rounded down or up to `10**-digits` (`digits` below zero).
///
/// # Errors
/// None so far.
pub fn towards(interpreter: &mut Interpreter, me: &Value, digits: i32, direction: Direction) -> Eval {
    let scale = scale(digits);
    let number = whole(me);
    let Some((quotient, rest)) = number.divide(&scale) else { return Ok(me.clone()) };
    let quotient = if direction == Direction::Up && !rest.is_zero() { quotient.add(&Big::from(1)) } else { quotient };
    let answer = quotient.multiply(&scale);
    Ok(interpreter.big_integer(answer))
}

/// An integer rounded to the nearest `10**-digits` (`digits` below zero).
///
/// # Errors
/// None so far.
pub fn round_integer(interpreter: &mut Interpreter, me: &Value, digits: i32, half: Half) -> Eval {
    let scale = scale(digits);
    let number = whole(me);
    let negative = number.is_negative();
    let size = if negative { number.negate() } else { number };
    let Some((quotient, rest)) = size.divide(&scale) else { return Ok(me.clone()) };
    let up = match rest.shift(1).cmp(&scale) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => match half {
            Half::Up => true,
            Half::Down => false,
            Half::Even => quotient.divide(&Big::from(2)).is_some_and(|(_, odd)| !odd.is_zero()),
        },
    };
    let quotient = if up { quotient.add(&Big::from(1)) } else { quotient };
    let answer = quotient.multiply(&scale);
    let answer = if negative { answer.negate() } else { answer };
    Ok(interpreter.big_integer(answer))
}

fn rounded(interpreter: &mut Interpreter, me: &Value, args: &Args, direction: Option<Direction>) -> Eval {
    let digits = digits(interpreter, args)?;
    let half = half(interpreter, args)?;
    if digits >= 0 {
        return Ok(me.clone());
    }
    match direction {
        Some(direction) => towards(interpreter, me, digits, direction),
        None => round_integer(interpreter, me, digits, half),
    }
}

fn pow(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(modulus) = args.get(1) else { return interpreter.arithmetic("**", me, &args.value(0)) };
    let modulus = whole(modulus);
    let mut exponent = integer(interpreter, args)?;
    if modulus.is_zero() {
        return interpreter.zero_division();
    }
    let mut base = whole(me);
    let mut answer = Big::from(1);
    let two = Big::from(2);
    while !exponent.is_zero() && !exponent.is_negative() {
        interpreter.step()?;
        let Some((half, odd)) = exponent.divide(&two) else { break };
        if !odd.is_zero() {
            answer = answer.multiply(&base).divide(&modulus).map_or(answer, |(_, rest)| rest);
        }
        base = base.multiply(&base).divide(&modulus).map_or(base, |(_, rest)| rest);
        exponent = half;
    }
    let answer = answer.divide(&modulus).map_or(answer, |(_, rest)| rest);
    Ok(interpreter.big_integer(answer))
}

fn split_digits(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let base = match args.get(0) {
        Some(value) => interpreter.to_integer(value)?,
        None => 10,
    };
    if base < 0 {
        return interpreter.argument_error("negative radix");
    }
    if base < 2 {
        return interpreter.argument_error(format!("invalid radix {base}"));
    }
    let mut rest = whole(me);
    if rest.is_negative() {
        let object = Rc::clone(&interpreter.classes.argument_error);
        let class = interpreter.define_class_path("Math::DomainError", &object);
        return interpreter.raise(&class, "out of domain");
    }
    let base = Big::from(base);
    let mut digits = Vec::new();
    loop {
        interpreter.step()?;
        let Some((quotient, digit)) = rest.divide(&base) else { break };
        digits.push(interpreter.big_integer(digit));
        rest = quotient;
        if rest.is_zero() {
            break;
        }
    }
    Ok(Value::array(digits))
}

fn bit_length(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let number = whole(me);
    let number = if number.is_negative() { number.add(&Big::from(1)) } else { number };
    Ok(Value::Integer(i64::try_from(number.bits()).unwrap_or(0)))
}

fn gcd(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = integer(interpreter, args)?;
    interpreter.charge_divisor(whole(me).bits(), other.bits())?;
    let answer = whole(me).gcd(&other);
    Ok(interpreter.big_integer(answer))
}

fn lcm(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (a, b) = (whole(me), integer(interpreter, args)?);
    interpreter.charge_divisor(a.bits(), b.bits())?;
    let Some((quotient, _)) = a.divide(&a.gcd(&b)) else { return Ok(Value::Integer(0)) };
    let answer = quotient.multiply(&b);
    let answer = if answer.is_negative() { answer.negate() } else { answer };
    Ok(interpreter.big_integer(answer))
}

fn square_root(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let number = Big::from(interpreter.to_integer(&args.value(0)).or_else(|flow| match Number::of(&args.value(0)) {
        Some(Number::Big(_)) => Ok(0),
        _ => Err(flow),
    })?);
    let number = Number::of(&args.value(0)).and_then(|n| n.whole()).unwrap_or(number);
    if number.is_negative() {
        let above = Rc::clone(&interpreter.classes.argument_error);
        let class = interpreter.define_class_path("Math::DomainError", &above);
        return interpreter.raise(&class, "Numerical argument is out of domain - \"isqrt\"");
    }
    let mut root = Big::from(1).shift(i64::try_from(number.bits() / 2 + 1).unwrap_or(0));
    loop {
        interpreter.step()?;
        let Some((quotient, _)) = number.divide(&root) else { break };
        let next = root.add(&quotient).shift(-1);
        if next >= root {
            break;
        }
        root = next;
    }
    let root = if number.is_zero() { Big::from(0) } else { root };
    Ok(interpreter.big_integer(root))
}
