//! `1.day`, `30.minutes`: what Whenever adds to numbers, and what `ActiveSupport` makes of a month and a year.
//!
//! `2.hours` is `7200`. Whenever cuts the number to an integer first: `1.5.hours` is `3600`.

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Visibility};
use crate::ruby::value::Value;

/// Seconds of a minute.
pub const MINUTE: i64 = 60;
/// Seconds of an hour.
pub const HOUR: i64 = 3_600;
/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// Seconds of a week.
pub const WEEK: i64 = 604_800;
/// Seconds of Whenever's month: 30 days.
pub const MONTH: i64 = 2_592_000;
/// Seconds of Whenever's year: 365.25 days.
pub const YEAR: i64 = 31_557_600;

/// Seconds of `ActiveSupport`'s month and year: a twelfth of, and one, mean Gregorian year.
const ACTIVE_SUPPORT: [(&str, i64); 2] = [("month", 2_629_746), ("year", 31_556_952)];

/// The units by their names in the singular; each is also known with an `s`.
pub const UNITS: [(&str, i64); 7] =
    [("second", 1), ("minute", MINUTE), ("hour", HOUR), ("day", DAY), ("week", WEEK), ("month", MONTH), ("year", YEAR)];

/// The seconds of the unit `name`, singular or plural.
#[must_use]
pub fn seconds(name: &str) -> Option<i64> {
    let singular = name.strip_suffix('s').unwrap_or(name);
    UNITS.iter().find(|(unit, _)| *unit == singular).map(|(_, seconds)| *seconds)
}

/// Defines `Numeric#minutes` and the others.
pub fn install(interpreter: &mut Interpreter) {
    for (unit, seconds) in UNITS {
        define(interpreter, unit, seconds, false);
    }
}

/// Goes over to the lengths of `ActiveSupport`, which also keeps fractions.
pub fn use_active_support(interpreter: &mut Interpreter) {
    for (unit, seconds) in UNITS {
        let seconds = ACTIVE_SUPPORT.iter().find(|(name, _)| *name == unit).map_or(seconds, |(_, seconds)| *seconds);
        define(interpreter, unit, seconds, true);
    }
}

fn define(interpreter: &mut Interpreter, unit: &str, seconds: i64, fractions: bool) {
    let numeric = Rc::clone(&interpreter.classes.numeric);
    for name in [unit.to_owned(), format!("{unit}s")] {
        let body = MethodBody::Closure(Rc::new(move |interpreter, me, _| multiply(interpreter, me, seconds, fractions)));
        interpreter.add_method(&numeric, name.as_str().into(), body, Visibility::Public);
    }
}

/// `number` units of `seconds` each.
///
/// # Errors
/// `RangeError` beyond 64 bits.
pub fn multiply(interpreter: &mut Interpreter, number: &Value, seconds: i64, fractions: bool) -> Eval {
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "`to_i` truncates; a schedule is far below 2**52")]
    let total = match number {
        Value::Integer(number) => number.checked_mul(seconds),
        Value::Float(number) if fractions => Some((number * seconds as f64) as i64),
        Value::Float(number) => (number.trunc() as i64).checked_mul(seconds),
        other => match interpreter.send(other, "to_i", &[])? {
            Value::Integer(number) => number.checked_mul(seconds),
            unknown @ Value::Unknown(_) => return Ok(unknown),
            _ => None,
        },
    };
    match total {
        Some(total) => Ok(Value::Integer(total)),
        None => {
            let class = Rc::clone(&interpreter.classes.standard_error);
            let class = interpreter.error_class("RangeError", &class);
            interpreter.raise(&class, "bignum too big to convert into `long'")
        }
    }
}
