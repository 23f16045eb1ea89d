//! Making `Time`s: `Time.now`, `Time.utc(2024, 3, 5)`, `Time.parse('…')`.

use std::rc::Rc;
use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::ruby::big::Big;
use crate::ruby::core::rational::Ratio;
use crate::ruby::core::time::calendar::{self, month_number, zone_offset};
use crate::ruby::core::time::parts::Parts;
use crate::ruby::core::time::stamp::Stamp;
use crate::ruby::core::time::{at_total, exact, is_utc, time_stamp};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const CLASS: &[(&str, Native)] = &[
    ("now", now),
    ("new", new),
    ("at", at),
    ("utc", |interpreter, me, args| civil(interpreter, me, args, true)),
    ("gm", |interpreter, me, args| civil(interpreter, me, args, true)),
    ("local", |interpreter, me, args| civil(interpreter, me, args, false)),
    ("mktime", |interpreter, me, args| civil(interpreter, me, args, false)),
    ("parse", parse),
    ("strptime", strptime),
    ("iso8601", iso8601),
    ("xmlschema", iso8601),
    ("rfc2822", parse),
    ("rfc822", parse),
    ("httpdate", |interpreter, me, args| {
        let time = parse(interpreter, me, args)?;
        interpreter.send(&time, "utc", &[])
    }),
];

/// Installs the class methods.
pub fn install(interpreter: &mut Interpreter, class: &Rc<Module>) {
    interpreter.define_singleton(class, CLASS);
}

fn zero() -> Ratio {
    Ratio::whole(Big::from(0))
}

fn class(me: &Value, interpreter: &mut Interpreter) -> Rc<Module> {
    match me {
        Value::Module(class) => Rc::clone(class),
        other => interpreter.real_class(other),
    }
}

/// Offset, name and whether it is UTC, of a zone argument; the machine's zone without one.
///
/// # Errors
/// `ArgumentError` for what is no zone.
pub fn zone(interpreter: &mut Interpreter, value: Option<&Value>) -> Eval<(i64, String, bool)> {
    match value {
        None | Some(Value::Nil) => Ok((0, "UTC".to_owned(), false)),
        Some(Value::Str(text)) => {
            let text = text.text.borrow().clone();
            if text == "UTC" || text == "Z" || text == "-00:00" {
                return Ok((0, "UTC".to_owned(), true));
            }
            let signed = text.starts_with(['+', '-']) && text.len() >= 3;
            let letter = match text.as_bytes() {
                [letter @ b'A'..=b'I'] => Some(i64::from(letter - b'A') + 1),
                [letter @ b'K'..=b'M'] => Some(i64::from(letter - b'K') + 10),
                [letter @ b'N'..=b'Y'] => Some(-(i64::from(letter - b'N') + 1)),
                _ => None,
            };
            match letter.map(|hours| hours * 3600).or_else(|| zone_offset(&text).filter(|_| signed)) {
                Some(offset) => Ok((offset, String::new(), false)),
                None => interpreter.argument_error(format!(
                    "\"+HH:MM\", \"-HH:MM\", \"UTC\" or \"A\"..\"I\",\"K\"..\"Z\" expected for utc_offset: {text}"
                )),
            }
        }
        Some(value) => {
            let offset = interpreter.to_integer(value)?;
            if offset.abs() >= 86_400 {
                return interpreter.argument_error("utc_offset out of range");
            }
            Ok((offset, String::new(), false))
        }
    }
}

fn now(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = class(me, interpreter);
    let option = if args.keywords { args.option("in") } else { None };
    let (offset, zone, utc) = zone(interpreter, option.as_ref())?;
    let stamp = Stamp { seconds: interpreter.now, fraction: zero(), offset, zone };
    Ok(interpreter.time_of(&class, stamp, utc))
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let positional = args.list.len() - usize::from(args.keywords && !args.list.is_empty());
    if positional == 0 {
        return now(interpreter, me, args);
    }
    let option = if args.keywords { args.option("in") } else { None };
    let zone_value = option.or_else(|| args.list.get(6).filter(|_| positional > 6).cloned());
    let (offset, zone, utc) = zone(interpreter, zone_value.as_ref())?;
    let list: Vec<Value> = args.list.iter().take(positional.min(6)).cloned().collect();
    let mut stamp = from_numbers(interpreter, &list, None)?;
    stamp.seconds -= offset;
    stamp.offset = offset;
    stamp.zone = zone;
    let class = class(me, interpreter);
    Ok(interpreter.time_of(&class, stamp, utc))
}

fn civil(interpreter: &mut Interpreter, me: &Value, args: &Args, utc: bool) -> Eval {
    interpreter.check_arity(args, 1, Some(10))?;
    if let Some(Value::Unknown(hole)) = args.list.iter().find(|value| value.is_unknown()) {
        return Ok(interpreter.derived(&Rc::clone(hole), " (as a time)"));
    }
    let list: Vec<Value> = if args.len() == 10 {
        // The order of `to_a`: seconds first.
        [5, 4, 3, 2, 1, 0].iter().map(|index| args.value(*index)).collect()
    } else {
        args.list.clone()
    };
    let microseconds = list.get(6).cloned();
    let stamp = from_numbers(interpreter, &list[..list.len().min(6)], microseconds.as_ref())?;
    let class = class(me, interpreter);
    Ok(interpreter.time_of(&class, stamp, utc))
}

fn component(interpreter: &mut Interpreter, value: Option<&Value>, default: i64) -> Eval<i64> {
    match value {
        None | Some(Value::Nil) => Ok(default),
        Some(Value::Str(text)) => {
            let text = text.text.borrow().clone();
            match text.trim().trim_start_matches('0').parse() {
                Ok(number) => Ok(number),
                Err(_) if text.trim().trim_start_matches('0').is_empty() && !text.is_empty() => Ok(0),
                Err(_) => {
                    let shown = interpreter.inspect(&Value::str(text))?;
                    interpreter.argument_error(format!("invalid value for Integer(): {shown}"))
                }
            }
        }
        Some(value) => interpreter.to_integer(value),
    }
}

/// A moment from year, month, day, hour, minute, second (as UTC) and microseconds.
fn from_numbers(interpreter: &mut Interpreter, list: &[Value], microseconds: Option<&Value>) -> Eval<Stamp> {
    let year = component(interpreter, list.first(), 1970)?;
    let month = match list.get(1) {
        Some(Value::Str(text)) if month_number(&text.text.borrow()).is_some() => month_number(&text.text.borrow()).unwrap_or(1),
        other => component(interpreter, other, 1)?,
    };
    let day = component(interpreter, list.get(2), 1)?;
    let hour = component(interpreter, list.get(3), 0)?;
    let minute = component(interpreter, list.get(4), 0)?;
    let second = match list.get(5) {
        None | Some(Value::Nil) => zero(),
        Some(Value::Str(text)) => Ratio::parse(&text.text.borrow()).unwrap_or_else(zero),
        Some(value) => exact(interpreter, value)?,
    };
    let second = match microseconds {
        Some(value) if !value.is_nil() => {
            let extra = exact(interpreter, value)?.divide(&Ratio::whole(Big::from(1_000_000)));
            second.add(&extra.unwrap_or_else(zero))
        }
        _ => second,
    };
    let whole = second.floor().to_small().unwrap_or(-1);
    let wrong = if !(1..=12).contains(&month) {
        "mon out of range"
    } else if !(1..=31).contains(&day) {
        "argument out of range"
    } else if !(0..=24).contains(&hour) || hour == 24 && (minute, whole) != (0, 0) {
        "hour out of range"
    } else if !(0..60).contains(&minute) {
        "min out of range"
    } else if !(0..=60).contains(&whole) {
        "sec out of range"
    } else {
        ""
    };
    if !wrong.is_empty() {
        return interpreter.argument_error(wrong);
    }
    let seconds = calendar::days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + whole;
    Ok(Stamp { seconds, fraction: second.subtract(&Ratio::whole(Big::from(whole))), offset: 0, zone: "UTC".to_owned() })
}

fn at(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let positional = args.list.len() - usize::from(args.keywords && !args.list.is_empty());
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(interpreter.derived(&hole, " (as a time)"));
    }
    let option = if args.keywords { args.option("in") } else { None };
    let class = class(me, interpreter);
    let (offset, zone_name, utc) = zone(interpreter, option.as_ref())?;
    if let Some(stamp) = time_stamp(&args.value(0)) {
        let utc = is_utc(&args.value(0));
        let stamp = if option.is_some() { Stamp { offset, zone: zone_name, ..stamp } } else { stamp };
        return Ok(interpreter.time_of(&class, stamp, utc));
    }
    let mut seconds = exact(interpreter, &args.value(0))?;
    if positional > 1 {
        let unit = match args.list.get(2).filter(|_| positional > 2).and_then(Value::text).as_deref() {
            Some("millisecond") => 1000,
            Some("nsec" | "nanosecond") => 1_000_000_000,
            _ => 1_000_000,
        };
        let extra = exact(interpreter, &args.value(1))?.divide(&Ratio::whole(Big::from(unit)));
        seconds = seconds.add(&extra.unwrap_or_else(zero));
    }
    let base = Stamp { seconds: 0, fraction: zero(), offset, zone: zone_name };
    match at_total(&base, &seconds) {
        Some(stamp) => Ok(interpreter.time_of(&class, stamp, utc)),
        None => {
            let class = Rc::clone(&interpreter.classes.range_error);
            interpreter.raise(&class, "bignum too big to convert into `long'")
        }
    }
}

/// A `Time` from what a text says; what it does not say is today's.
fn assemble(interpreter: &mut Interpreter, me: &Value, parts: &Parts, shown: &str) -> Eval {
    let class = class(me, interpreter);
    let today = interpreter.now.div_euclid(86_400);
    let day = if parts.has_date() { parts.days(today) } else { Some(today) };
    let (Some(day), Some(clock)) = (day, parts.clock()) else {
        return interpreter.argument_error(if shown.is_empty() { "argument out of range" } else { shown });
    };
    let zone_word = parts.zone.as_deref().unwrap_or("").to_ascii_uppercase();
    let utc = matches!(zone_word.as_str(), "Z" | "UTC" | "-00:00");
    let offset = parts.offset.unwrap_or(0);
    let zone = if parts.offset.is_none() || utc || offset == 0 && !zone_word.starts_with('+') { "UTC" } else { "" };
    let seconds = day * 86_400 + clock - offset;
    let stamp = Stamp { seconds, fraction: parts.fraction.clone().unwrap_or_else(zero), offset, zone: zone.to_owned() };
    Ok(interpreter.time_of(&class, stamp, utc))
}

fn parse(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(interpreter.derived(&hole, " (as a time)"));
    }
    let text = interpreter.to_str(&args.value(0))?;
    if let Some(hole) = interpreter.holes_in(&text).first() {
        return Ok(interpreter.derived(&Rc::clone(hole), " (as a time)"));
    }
    let parts = Parts::read(&text);
    if parts.is_empty() || !parts.has_date() && parts.hour.is_none() {
        let shown = interpreter.inspect(&Value::str(text))?;
        return interpreter.argument_error(format!("no time information in {shown}"));
    }
    assemble(interpreter, me, &parts, "argument out of range")
}

fn strptime(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(2))?;
    let (text, format) = (interpreter.to_str(&args.value(0))?, interpreter.to_str(&args.value(1))?);
    match Parts::read_by(&text, &format) {
        Some(parts) => assemble(interpreter, me, &parts, "argument out of range"),
        None => interpreter.argument_error(format!("invalid date or strptime format - `{text}' `{format}'")),
    }
}

static ISO: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*[-+]?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d(?::?\d\d)?)?\s*$").ok());

fn iso8601(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let text = interpreter.to_str(&args.value(0))?;
    let matches = ISO.as_ref().and_then(|regex| regex.is_match(&text).ok()).unwrap_or(false);
    if !matches {
        let shown = interpreter.inspect(&Value::str(text))?;
        return interpreter.argument_error(format!("invalid xmlschema format: {shown}"));
    }
    parse(interpreter, me, args)
}
