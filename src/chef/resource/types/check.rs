//! What built-in resources ask of a value beyond its class: a cron field in its range, a positive number, a date.
//!
//! In: a value as kept. Out: whether it is allowed; the message stands in the table of the type.

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;

fn within(value: &Value, low: i64, high: i64) -> bool {
    matches!(value, Value::Integer(number) if (low..=high).contains(number))
}

/// Zero or more.
pub fn not_negative(_: &mut Interpreter, value: &Value) -> Eval<bool> {
    Ok(within(value, 0, i64::MAX))
}

/// One or more.
pub fn positive(_: &mut Interpreter, value: &Value) -> Eval<bool> {
    Ok(within(value, 1, i64::MAX))
}

/// A priority as `nice` takes it.
pub fn niceness(_: &mut Interpreter, value: &Value) -> Eval<bool> {
    Ok(within(value, -20, 19))
}

/// A priority of a scheduled task.
pub fn up_to_ten(_: &mut Interpreter, value: &Value) -> Eval<bool> {
    Ok(within(value, 0, 10))
}

/// Hours between two looks for updates.
pub fn detection_hours(_: &mut Interpreter, value: &Value) -> Eval<bool> {
    Ok(within(value, 0, 22))
}

/// An hour from 1 to 24.
pub fn clock_hour(_: &mut Interpreter, value: &Value) -> Eval<bool> {
    Ok(within(value, 1, 24))
}

/// The only `gem` that a gem for Chef itself is installed with.
pub fn own_gem_binary(interpreter: &mut Interpreter, value: &Value) -> Eval<bool> {
    Ok(interpreter.display(value)? == "/usr/bin/gem")
}

/// Four numbers with dots between them.
pub fn ipv4(interpreter: &mut Interpreter, value: &Value) -> Eval<bool> {
    let text = interpreter.display(value)?;
    let parts: Vec<&str> = text.split('.').collect();
    Ok(parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok()))
}

/// `YYYY-MM-DD`, and such a day exists.
pub fn calendar_date(interpreter: &mut Interpreter, value: &Value) -> Eval<bool> {
    let text = interpreter.display(value)?;
    Ok(text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok())
}

/// Every hash of the list has the key `name`.
pub fn named_values(_: &mut Interpreter, value: &Value) -> Eval<bool> {
    let named = |item: &Value| match item {
        Value::Hash(hash) => hash.pairs().iter().any(|(key, _)| key.name().is_some_and(|name| name.as_str() == "name")),
        _ => true,
    };
    Ok(value.items().is_none_or(|items| items.iter().all(named)))
}

/// Names of profiles of the firewall of Windows.
pub fn firewall_profiles(_: &mut Interpreter, value: &Value) -> Eval<bool> {
    let known =
        |item: &Value| item.name().is_some_and(|name| ["public", "private", "domain", "any", "notapplicable"].contains(&name.as_str()));
    Ok(value.items().is_none_or(|items| items.iter().all(known)))
}

/// A field of a schedule: `*`, a number, or numbers with `/`, `-` and `,` between them, all of them in range.
fn cron_field(interpreter: &mut Interpreter, value: &Value, low: i64, high: i64, names: &[&str]) -> Eval<bool> {
    if matches!(value, Value::Integer(_)) {
        return Ok(within(value, low, high));
    }
    let text = interpreter.display(value)?;
    if crate::ruby::hole::has_hole(&text) || names.contains(&text.to_lowercase().as_str()) {
        return Ok(true);
    }
    let part = |part: &str| {
        part == "*" || (part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse().is_ok_and(|n| (low..=high).contains(&n)))
    };
    Ok(text.split(['/', '-', ',']).all(part))
}

/// The minute of a schedule.
pub fn cron_minute(interpreter: &mut Interpreter, value: &Value) -> Eval<bool> {
    cron_field(interpreter, value, 0, 59, &[])
}

/// The hour of a schedule.
pub fn cron_hour(interpreter: &mut Interpreter, value: &Value) -> Eval<bool> {
    cron_field(interpreter, value, 0, 23, &[])
}

/// The day of the month of a schedule.
pub fn cron_day(interpreter: &mut Interpreter, value: &Value) -> Eval<bool> {
    cron_field(interpreter, value, 1, 31, &[])
}

/// The month of a schedule, by number or by its first three letters.
pub fn cron_month(interpreter: &mut Interpreter, value: &Value) -> Eval<bool> {
    const NAMES: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    cron_field(interpreter, value, 1, 12, NAMES)
}

/// The weekday of a schedule, by number or name.
pub fn cron_weekday(interpreter: &mut Interpreter, value: &Value) -> Eval<bool> {
    const NAMES: &[&str] =
        &["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    cron_field(interpreter, value, 0, 7, NAMES)
}
