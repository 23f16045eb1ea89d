//! `every X, at: Y` to the five fields of cron, as whenever 1.0.0 does it (`lib/whenever/cron.rb`).
//!
//! `2.hours` with `at: 7` is `7 0,2,4,6,8,10,12,14,16,18,20,22 * * *`; `:weekend` is `0 0 * * 6,0`.

use std::rc::Rc;
use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::whenever::units::{self, DAY, HOUR, MINUTE, MONTH, YEAR};

const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const KEYWORDS: [&str; 8] = ["reboot", "yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];
/// Symbols that mean one of a unit.
const SHORTCUTS: [&str; 6] = ["year", "day", "month", "week", "hour", "minute"];

/// `Whenever::Output::Cron::REGEX`: what is taken for cron syntax as it stands.
static RAW: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let (keywords, months, days) = (KEYWORDS.join("|"), MONTHS.join("|"), DAYS.join("|"));
    let space = "[ \\t\\r\\n\\x0B\\x0C]";
    Regex::new(&format!(
        "(?im)^(@({keywords})|((\\*?[0-9/,\\-]*){space}){{3}}(\\*?([0-9/,\\-]|({months}))*{space})(\\*?([0-9/,\\-]|({days}))*))$"
    ))
    .ok()
});

/// A time of day and of the year, as `at:` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// 1 to 12
    pub month: i64,
    /// 1 to 31
    pub day: i64,
    /// 0 to 23
    pub hour: i64,
    /// 0 to 59
    pub minute: i64,
}

/// One `at:`.
#[derive(Clone)]
pub enum At {
    /// A `Time`.
    Moment(Moment),
    /// A number; 0 where nothing was given.
    Number(i64),
    /// Anything else.
    Other(Value),
}

impl At {
    fn minute(&self) -> i64 {
        if let Self::Moment(moment) = self { moment.minute } else { 0 }
    }

    fn hour(&self) -> i64 {
        if let Self::Moment(moment) = self { moment.hour } else { 0 }
    }
}

/// Whether `text` is cron syntax already.
#[must_use]
pub fn is_raw(text: &str) -> bool {
    RAW.as_ref().is_some_and(|pattern| pattern.is_match(text).unwrap_or(false))
}

/// Whether an `at:` string names a day of the year: a month's name anywhere in it, or `1/2`.
fn names_day(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bytes = text.as_bytes();
    let slash = bytes.windows(3).any(|three| three[0].is_ascii_digit() && three[1] == b'/' && three[2].is_ascii_digit());
    slash || MONTHS.iter().any(|month| lower.contains(month))
}

/// The schedule of one frequency at one time, `None` for the frequency `nil`. `given` is the `at:` as a string, where it was one.
///
/// # Errors
/// `ArgumentError` as Whenever words it.
pub fn syntax(interpreter: &mut Interpreter, every: &Value, at: &At, given: Option<&str>) -> Eval<Option<String>> {
    if let Some(text) = every.text().filter(|text| is_raw(text)) {
        return Ok(Some(text));
    }
    match every {
        Value::Symbol(name) => {
            let name = name.as_str();
            if KEYWORDS.contains(&name) {
                return if matches!(at, At::Moment(_)) || matches!(at, At::Number(number) if *number > 0) {
                    interpreter.argument_error("You cannot specify an ':at' when using the shortcuts for times.")
                } else {
                    Ok(Some(format!("@{name}")))
                };
            }
            match units::seconds(name).filter(|_| SHORTCUTS.contains(&name)) {
                Some(seconds) => period(interpreter, every, seconds, at, given).map(Some),
                None => weekday(interpreter, every, at).map(Some),
            }
        }
        Value::Str(_) => weekday(interpreter, every, at).map(Some),
        Value::Nil | Value::Bool(false) => Ok(None),
        Value::Integer(seconds) => period(interpreter, every, *seconds, at, given).map(Some),
        #[expect(clippy::cast_possible_truncation, reason = "`to_i`")]
        Value::Float(seconds) => {
            let seconds = seconds.trunc() as i64;
            period(interpreter, &Value::Integer(seconds), seconds, at, given).map(Some)
        }
        other => {
            let numeric = Rc::clone(&interpreter.classes.numeric);
            if interpreter.is_a(other, &numeric) {
                let whole = interpreter.send(other, "to_i", &[])?;
                if let Value::Integer(seconds) = whole {
                    return period(interpreter, &whole, seconds, at, given).map(Some);
                }
                return weekday(interpreter, &whole, at).map(Some);
            }
            weekday(interpreter, other, at).map(Some)
        }
    }
}

/// `parse_time`
fn period(interpreter: &mut Interpreter, every: &Value, seconds: i64, at: &At, given: Option<&str>) -> Eval<String> {
    let star = || "*".to_owned();
    let day_given = given.is_some_and(names_day);
    let fields = match seconds {
        0..MINUTE => return interpreter.argument_error("Time must be in minutes or higher"),
        MINUTE..HOUR => [list(interpreter, seconds / 60, 59, at)?, star(), star(), star(), star()],
        HOUR..DAY => {
            let minute = match at {
                At::Moment(moment) => moment.minute.to_string(),
                at => in_range(interpreter, at, 0, 59, "Minute")?,
            };
            [minute, list(interpreter, seconds / HOUR, 23, &At::Number(0))?, star(), star(), star()]
        }
        DAY..MONTH => {
            let hour = match at {
                At::Moment(moment) => moment.hour.to_string(),
                at => in_range(interpreter, at, 0, 23, "Hour")?,
            };
            [at.minute().to_string(), hour, list(interpreter, seconds / DAY, 31, &At::Number(1))?, star(), star()]
        }
        MONTH..YEAR => {
            let day = match at {
                At::Moment(moment) => if day_given { moment.day } else { 1 }.to_string(),
                At::Number(0) => "1".to_owned(),
                at => in_range(interpreter, at, 1, 31, "Day")?,
            };
            let months = list(interpreter, seconds / MONTH, 12, &At::Number(1))?;
            [at.minute().to_string(), at.hour().to_string(), day, months, star()]
        }
        YEAR => {
            let (day, month) = match at {
                At::Moment(moment) if day_given => (moment.day.to_string(), moment.month.to_string()),
                At::Moment(_) | At::Number(0) => ("1".to_owned(), "1".to_owned()),
                at => ("1".to_owned(), in_range(interpreter, at, 1, 12, "Month")?),
            };
            [at.minute().to_string(), at.hour().to_string(), day, month, star()]
        }
        _ => return weekday(interpreter, every, at),
    };
    Ok(fields.join(" "))
}

/// `parse_as_string`: days of the week.
fn weekday(interpreter: &mut Interpreter, every: &Value, at: &At) -> Eval<String> {
    let text = interpreter.display(every)?.to_lowercase();
    let days = if text.contains("weekday") {
        Some("1-5".to_owned())
    } else if text.contains("weekend") {
        Some("6,0".to_owned())
    } else {
        DAYS.iter().position(|day| text.contains(day)).map(|number| number.to_string())
    };
    match days {
        Some(days) => Ok(format!("{} {} * * {days}", at.minute(), at.hour())),
        None => {
            let shown = interpreter.inspect(every)?;
            interpreter.argument_error(format!("Couldn't parse: {shown}"))
        }
    }
}

/// `range_or_integer`
fn in_range(interpreter: &mut Interpreter, at: &At, low: i64, high: i64, name: &str) -> Eval<String> {
    let shown = match at {
        At::Number(number) if (low..=high).contains(number) => return Ok(number.to_string()),
        #[expect(clippy::cast_precision_loss, reason = "bounds below 60")]
        At::Other(Value::Float(number)) if (low as f64..=high as f64).contains(number) => {
            return interpreter.display(&Value::Float(*number));
        }
        At::Number(number) => number.to_string(),
        At::Other(value) => interpreter.display(value)?,
        At::Moment(_) => String::new(),
    };
    interpreter.argument_error(format!("{name} must be between {low}-{high}, {shown} given"))
}

/// `comma_separated_timing`
fn list(interpreter: &mut Interpreter, frequency: i64, max: i64, start: &At) -> Eval<String> {
    match frequency {
        0 => {
            return match start {
                At::Number(start) => Ok(start.to_string()),
                At::Other(value) => interpreter.display(value),
                At::Moment(_) => Ok(String::new()),
            };
        }
        1 => return Ok("*".to_owned()),
        frequency if frequency > (max + 1) / 2 => return Ok(frequency.to_string()),
        _ => {}
    }
    let original = match start {
        At::Number(start) => *start,
        At::Moment(_) if (max + 1) % frequency == 0 => return interpreter.argument_error("bad value for range"),
        At::Moment(_) => return interpreter.argument_error("comparison of Time with 0 failed"),
        #[expect(clippy::cast_possible_truncation, reason = "a fraction of a minute has no place in cron")]
        At::Other(Value::Float(start)) => start.trunc() as i64,
        At::Other(value) => return interpreter.undefined_method(value, ">".into(), CallKind::Explicit),
    };
    let mut current = original;
    if (max + 1) % frequency != 0 && current <= 0 {
        current = current.saturating_add(frequency);
    }
    // Half up, as `Float#round` does for positive numbers.
    let mut most = (max * 2 + frequency) / (frequency * 2);
    if original == 0 {
        most += 1;
    }
    let mut parts = Vec::new();
    while current <= max && most > 0 {
        parts.push(current.to_string());
        current += frequency;
        most -= 1;
    }
    Ok(parts.join(","))
}
