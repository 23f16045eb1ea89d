//! `Date` and `DateTime` (proleptic Gregorian calendar).
//!
//! `Date.new(2024, 1, 31) >> 1` is the 29th of February.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::numeric::Number;
use crate::ruby::core::rational::Ratio;
use crate::ruby::core::time::calendar::{self, DAYS, EPOCH_JULIAN, MONTHS};
use crate::ruby::core::time::parts::Parts;
use crate::ruby::core::time::stamp::Stamp;
use crate::ruby::core::time::{at_total, time_stamp, total};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::{Object, Value};

/// What a `Date` or `DateTime` keeps.
struct DateData {
    stamp: Stamp,
}

const CLASS: &[(&str, Native)] = &[
    ("new", civil),
    ("civil", civil),
    ("today", today),
    ("parse", parse),
    ("strptime", strptime),
    ("_parse", raw_parse),
    ("iso8601", iso8601),
    ("xmlschema", iso8601),
    ("rfc3339", parse),
    ("jd", |interpreter, me, args| {
        let day = interpreter.to_integer(&args.value(0))? - EPOCH_JULIAN;
        Ok(made(interpreter, me, day))
    }),
    ("ordinal", |interpreter, me, args| {
        let (year, day) = (integer(interpreter, args, 0, -4712)?, integer(interpreter, args, 1, 1)?);
        let length = 365 + i64::from(calendar::is_leap(year));
        let day = if day < 0 { day + length + 1 } else { day };
        let found = (1..=length).contains(&day).then(|| calendar::days(year, 1, 1) + day - 1);
        checked(interpreter, me, found)
    }),
    ("commercial", |interpreter, me, args| {
        let (year, week, day) =
            (integer(interpreter, args, 0, -4712)?, integer(interpreter, args, 1, 1)?, integer(interpreter, args, 2, 1)?);
        checked(interpreter, me, calendar::from_iso_week(year, week, day))
    }),
    ("valid_date?", valid),
    ("valid_civil?", valid),
    ("leap?", |interpreter, _, args| Ok(Value::Bool(calendar::is_leap(interpreter.to_integer(&args.value(0))?)))),
    ("gregorian_leap?", |interpreter, _, args| Ok(Value::Bool(calendar::is_leap(interpreter.to_integer(&args.value(0))?)))),
];

const DATE: &[(&str, Native)] = &[
    ("year", |_, me, _| Ok(Value::Integer(stamp(me).date().0))),
    ("month", |_, me, _| Ok(Value::Integer(stamp(me).date().1))),
    ("mon", |_, me, _| Ok(Value::Integer(stamp(me).date().1))),
    ("day", |_, me, _| Ok(Value::Integer(stamp(me).date().2))),
    ("mday", |_, me, _| Ok(Value::Integer(stamp(me).date().2))),
    ("wday", |_, me, _| Ok(Value::Integer(calendar::weekday(stamp(me).day_number())))),
    ("yday", |_, me, _| Ok(Value::Integer(calendar::year_day(stamp(me).day_number())))),
    ("cwday", |_, me, _| Ok(Value::Integer((calendar::weekday(stamp(me).day_number()) + 6) % 7 + 1))),
    ("cweek", |_, me, _| Ok(Value::Integer(calendar::iso_week(stamp(me).day_number()).1))),
    ("cwyear", |_, me, _| Ok(Value::Integer(calendar::iso_week(stamp(me).day_number()).0))),
    ("jd", |_, me, _| Ok(Value::Integer(stamp(me).julian()))),
    ("mjd", |_, me, _| Ok(Value::Integer(stamp(me).julian() - 2_400_001))),
    ("ld", |_, me, _| Ok(Value::Integer(stamp(me).julian() - 2_299_160))),
    ("leap?", |_, me, _| Ok(Value::Bool(calendar::is_leap(stamp(me).date().0)))),
    ("sunday?", |_, me, _| Ok(is_day(me, 0))),
    ("monday?", |_, me, _| Ok(is_day(me, 1))),
    ("tuesday?", |_, me, _| Ok(is_day(me, 2))),
    ("wednesday?", |_, me, _| Ok(is_day(me, 3))),
    ("thursday?", |_, me, _| Ok(is_day(me, 4))),
    ("friday?", |_, me, _| Ok(is_day(me, 5))),
    ("saturday?", |_, me, _| Ok(is_day(me, 6))),
    ("+", plus),
    ("-", minus),
    (">>", |interpreter, me, args| months(interpreter, me, args, 1)),
    ("<<", |interpreter, me, args| months(interpreter, me, args, -1)),
    ("next_day", |interpreter, me, args| days_on(interpreter, me, args, 1)),
    ("prev_day", |interpreter, me, args| days_on(interpreter, me, args, -1)),
    ("next_month", |interpreter, me, args| months(interpreter, me, &or_one(args), 1)),
    ("prev_month", |interpreter, me, args| months(interpreter, me, &or_one(args), -1)),
    ("next_year", |interpreter, me, args| months(interpreter, me, &or_one(args), 12)),
    ("prev_year", |interpreter, me, args| months(interpreter, me, &or_one(args), -12)),
    ("next", |interpreter, me, _| days_on(interpreter, me, &Args::none(), 1)),
    ("succ", |interpreter, me, _| days_on(interpreter, me, &Args::none(), 1)),
    ("<=>", compare),
    ("==", |_, me, args| Ok(Value::Bool(order(me, &args.value(0)) == Some(Ordering::Equal)))),
    ("eql?", |_, me, args| Ok(Value::Bool(order(me, &args.value(0)) == Some(Ordering::Equal)))),
    ("===", |_, me, args| {
        let same = date_stamp(&args.value(0)).is_some_and(|other| other.day_number() == stamp(me).day_number());
        Ok(Value::Bool(same))
    }),
    ("hash", |_, me, _| Ok(Value::Integer(stamp(me).seconds))),
    ("step", step),
    ("upto", |interpreter, me, args| walk(interpreter, me, args, "upto", 1)),
    ("downto", |interpreter, me, args| walk(interpreter, me, args, "downto", -1)),
    ("strftime", strftime),
    ("to_s", to_s),
    ("iso8601", to_s),
    ("xmlschema", to_s),
    ("inspect", inspect),
    ("ctime", |_, me, _| Ok(Value::str(stamp(me).strftime("%a %b %e %H:%M:%S %Y", true)))),
    ("asctime", |_, me, _| Ok(Value::str(stamp(me).strftime("%a %b %e %H:%M:%S %Y", true)))),
    ("rfc3339", |_, me, _| Ok(Value::str(stamp(me).strftime("%Y-%m-%dT%H:%M:%S%:z", true)))),
    ("rfc2822", |_, me, _| Ok(Value::str(stamp(me).strftime("%a, %-d %b %Y %T %z", true)))),
    ("httpdate", |_, me, _| Ok(Value::str(Stamp { offset: 0, ..stamp(me) }.strftime("%a, %d %b %Y %T GMT", true)))),
    ("to_date", |interpreter, me, _| {
        let day = stamp(me).day_number();
        let class = date_class(interpreter);
        Ok(object(&class, whole_day(day)))
    }),
    ("to_datetime", |interpreter, me, _| {
        let class = datetime_class(interpreter);
        Ok(object(&class, stamp(me)))
    }),
    ("to_time", to_time),
];

const DATETIME: &[(&str, Native)] = &[
    ("hour", |_, me, _| Ok(Value::Integer(stamp(me).clock().0))),
    ("minute", |_, me, _| Ok(Value::Integer(stamp(me).clock().1))),
    ("min", |_, me, _| Ok(Value::Integer(stamp(me).clock().1))),
    ("second", |_, me, _| Ok(Value::Integer(stamp(me).clock().2))),
    ("sec", |_, me, _| Ok(Value::Integer(stamp(me).clock().2))),
    ("sec_fraction", |interpreter, me, _| Ok(interpreter.rational(stamp(me).fraction))),
    ("zone", |_, me, _| Ok(Value::str(stamp(me).offset_text(1)))),
    ("offset", |interpreter, me, _| {
        let ratio = Ratio::new(Big::from(stamp(me).offset), Big::from(86_400));
        Ok(interpreter.rational(ratio.unwrap_or_else(zero)))
    }),
    ("new_offset", new_offset),
    ("to_s", |_, me, _| Ok(Value::str(stamp(me).strftime("%Y-%m-%dT%H:%M:%S%:z", true)))),
    ("iso8601", datetime_iso8601),
    ("xmlschema", datetime_iso8601),
];

const DATETIME_CLASS: &[(&str, Native)] = &[
    ("new", datetime_civil),
    ("civil", datetime_civil),
    ("now", datetime_now),
    ("parse", datetime_parse),
    ("strptime", datetime_strptime),
    ("iso8601", datetime_parse),
];

/// Installs the classes.
pub fn install(interpreter: &mut Interpreter) {
    let class = date_class(interpreter);
    let comparable = Rc::clone(&interpreter.classes.comparable);
    interpreter.include(&class, &comparable);
    interpreter.define(&class, DATE);
    interpreter.define_singleton(&class, CLASS);
    let argument_error = Rc::clone(&interpreter.classes.argument_error);
    interpreter.define_class_path("Date::Error", &argument_error);
    let names = |list: &[&str], length: usize| list.iter().map(|name| Value::str(&name[..length.min(name.len())])).collect::<Vec<_>>();
    for (constant, length) in [("MONTHNAMES", 99), ("ABBR_MONTHNAMES", 3)] {
        let mut list = vec![Value::Nil];
        list.extend(names(&MONTHS, length));
        interpreter.set_constant(&class, constant.into(), Value::array(list));
    }
    for (constant, length) in [("DAYNAMES", 99), ("ABBR_DAYNAMES", 3)] {
        interpreter.set_constant(&class, constant.into(), Value::array(names(&DAYS, length)));
    }
    interpreter.set_constant(&class, "ITALY".into(), Value::Integer(2_299_161));
    interpreter.set_constant(&class, "GREGORIAN".into(), Value::Float(f64::NEG_INFINITY));
    let datetime = datetime_class(interpreter);
    interpreter.define(&datetime, DATETIME);
    interpreter.define_singleton(&datetime, DATETIME_CLASS);
    let object = Rc::clone(&interpreter.classes.object);
    let time = interpreter.define_class_path("Time", &object);
    interpreter.define(
        &time,
        &[
            ("to_date", |interpreter, me, _| {
                let day = time_stamp(me).map_or(0, |stamp| stamp.day_number());
                let class = date_class(interpreter);
                Ok(self::object(&class, whole_day(day)))
            }),
            ("to_datetime", |interpreter, me, _| {
                let class = datetime_class(interpreter);
                Ok(self::object(&class, time_stamp(me).unwrap_or_else(|| whole_day(0))))
            }),
        ],
    );
}

fn date_class(interpreter: &mut Interpreter) -> Rc<Module> {
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define_class_path("Date", &object)
}

fn datetime_class(interpreter: &mut Interpreter) -> Rc<Module> {
    let date = date_class(interpreter);
    interpreter.define_class_path("DateTime", &date)
}

impl Interpreter {
    /// A `Date` of a calendar day; `None` where there is no such day.
    pub fn date(&mut self, year: i64, month: i64, day: i64) -> Option<Value> {
        let day = calendar::checked_days(year, month, day)?;
        let class = date_class(self);
        Some(object(&class, whole_day(day)))
    }
}

fn zero() -> Ratio {
    Ratio::whole(Big::from(0))
}

fn whole_day(day: i64) -> Stamp {
    Stamp { seconds: day.saturating_mul(86_400), fraction: zero(), offset: 0, zone: "+00:00".to_owned() }
}

fn object(class: &Rc<Module>, stamp: Stamp) -> Value {
    Value::Object(Rc::new(Object {
        class: RefCell::new(Rc::clone(class)),
        ivars: RefCell::default(),
        frozen: Cell::new(true),
        data: RefCell::new(Some(Rc::new(DateData { stamp }))),
    }))
}

/// The moment of a value that is a `Date` or `DateTime`.
#[must_use]
pub fn date_stamp(value: &Value) -> Option<Stamp> {
    match value {
        Value::Object(object) => object.data::<DateData>().map(|data| data.stamp.clone()),
        _ => None,
    }
}

fn stamp(me: &Value) -> Stamp {
    date_stamp(me).unwrap_or_else(|| whole_day(0))
}

fn class_of(interpreter: &mut Interpreter, me: &Value) -> Rc<Module> {
    match me {
        Value::Module(class) => Rc::clone(class),
        other => interpreter.real_class(other),
    }
}

fn made(interpreter: &mut Interpreter, me: &Value, day: i64) -> Value {
    let class = class_of(interpreter, me);
    object(&class, whole_day(day))
}

fn invalid<T>(interpreter: &mut Interpreter) -> Eval<T> {
    let above = Rc::clone(&interpreter.classes.argument_error);
    let class = interpreter.define_class_path("Date::Error", &above);
    interpreter.raise(&class, "invalid date")
}

fn checked(interpreter: &mut Interpreter, me: &Value, day: Option<i64>) -> Eval {
    match day {
        Some(day) => Ok(made(interpreter, me, day)),
        None => invalid(interpreter),
    }
}

fn integer(interpreter: &mut Interpreter, args: &Args, index: usize, default: i64) -> Eval<i64> {
    match args.get(index) {
        None => Ok(default),
        Some(Value::Nil | Value::Str(_)) => interpreter.type_error(match index {
            0 => "invalid year (not numeric)",
            1 => "invalid month (not numeric)",
            _ => "invalid day (not numeric)",
        }),
        Some(value) => interpreter.to_integer(value),
    }
}

fn unknown_argument(interpreter: &mut Interpreter, args: &Args) -> Option<Value> {
    let hole = args.list.iter().find_map(|value| match value {
        Value::Unknown(hole) => Some(Rc::clone(hole)),
        Value::Str(text) => interpreter.holes_in(&text.text.borrow()).first().cloned(),
        _ => None,
    })?;
    Some(interpreter.derived(&hole, " (as a date)"))
}

fn civil(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let (year, month, day) = (integer(interpreter, args, 0, -4712)?, integer(interpreter, args, 1, 1)?, integer(interpreter, args, 2, 1)?);
    checked(interpreter, me, calendar::checked_days(year, month, day))
}

fn today(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let day = interpreter.now.div_euclid(86_400);
    Ok(made(interpreter, me, day))
}

fn valid(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut numbers = Vec::new();
    for value in args.list.iter().take(3) {
        match value {
            Value::Integer(number) => numbers.push(*number),
            Value::Unknown(hole) => return Ok(interpreter.derived(&Rc::clone(hole), " (as a date)")),
            _ => return Ok(Value::Bool(false)),
        }
    }
    Ok(Value::Bool(matches!(numbers.as_slice(), [year, month, day] if calendar::checked_days(*year, *month, *day).is_some())))
}

fn parse(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let text = interpreter.to_str(&args.value(0))?;
    let parts = Parts::read(&text);
    let today = interpreter.now.div_euclid(86_400);
    let day = if parts.has_date() { parts.days(today) } else { None };
    checked(interpreter, me, day)
}

fn raw_parse(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.to_str(&args.value(0))?;
    let parts = Parts::read(&text);
    let known = [
        ("year", parts.year),
        ("mon", parts.month),
        ("mday", parts.day),
        ("hour", parts.hour),
        ("min", parts.minute),
        ("sec", parts.second),
        ("offset", parts.offset),
        ("wday", parts.week_day),
        ("yday", parts.year_day),
    ];
    let pairs = known.into_iter().filter_map(|(name, number)| Some((Value::symbol(name), Value::Integer(number?))));
    Ok(Value::hash(pairs))
}

fn iso8601(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let text = interpreter.to_str(&args.value(0))?;
    let formats = ["%Y-%m-%d", "%Y%m%d", "%G-W%V-%u", "%Y-%j"];
    let strict = text.get(..10).filter(|_| text.contains('T')).unwrap_or(&text);
    let wide = strict.split('-').all(|part| part.len() != 1);
    let found = formats.iter().find_map(|format| Parts::read_by(strict, format)).filter(|_| wide || strict.contains('W'));
    let today = interpreter.now.div_euclid(86_400);
    checked(interpreter, me, found.and_then(|parts| parts.days(today)))
}

fn strptime(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let text = interpreter.to_str(&args.value(0))?;
    let format = match args.get(1) {
        Some(format) => interpreter.to_str(format)?,
        None => "%F".to_owned(),
    };
    let today = interpreter.now.div_euclid(86_400);
    let parts = Parts::read_by(&text, &format).filter(Parts::has_date);
    checked(interpreter, me, parts.and_then(|parts| parts.days(today)))
}

fn is_day(me: &Value, day: i64) -> Value {
    Value::Bool(calendar::weekday(stamp(me).day_number()) == day)
}

fn or_one(args: &Args) -> Args {
    if args.is_empty() { Args::new(vec![Value::Integer(1)]) } else { args.clone() }
}

fn shifted(interpreter: &mut Interpreter, me: &Value, days: &Ratio) -> Eval {
    let stamp = stamp(me);
    let seconds = days.multiply(&Ratio::whole(Big::from(86_400)));
    let class = class_of(interpreter, me);
    match at_total(&stamp, &total(&stamp).add(&seconds)) {
        Some(made) => Ok(object(&class, made)),
        None => invalid(interpreter),
    }
}

fn amount(interpreter: &mut Interpreter, value: &Value) -> Eval<Ratio> {
    match Number::of(value) {
        Some(Number::Float(number)) if number.is_finite() => Ok(Ratio::from_float(number)),
        Some(number) => Ok(number.ratio().unwrap_or_else(zero)),
        None => interpreter.type_error("expected numeric"),
    }
}

fn plus(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let days = amount(interpreter, &args.value(0))?;
    shifted(interpreter, me, &days)
}

fn minus(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let other = args.value(0);
    if let Some(right) = date_stamp(&other) {
        let seconds = total(&stamp(me)).subtract(&total(&right));
        let days = seconds.divide(&Ratio::whole(Big::from(86_400))).unwrap_or_else(zero);
        return Ok(interpreter.rational(days));
    }
    let days = amount(interpreter, &other)?;
    shifted(interpreter, me, &zero().subtract(&days))
}

fn days_on(interpreter: &mut Interpreter, me: &Value, args: &Args, sign: i64) -> Eval {
    let count = amount(interpreter, &or_one(args).value(0))?;
    shifted(interpreter, me, &count.multiply(&Ratio::whole(Big::from(sign))))
}

fn months(interpreter: &mut Interpreter, me: &Value, args: &Args, factor: i64) -> Eval {
    let value = args.value(0);
    if Number::of(&value).is_none() {
        return interpreter.type_error("expected numeric");
    }
    let by = interpreter.to_integer(&value)?.saturating_mul(factor).clamp(-10_000_000, 10_000_000);
    let stamp = stamp(me);
    let (year, month, day) = stamp.date();
    let index = year * 12 + month - 1 + by;
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
    let target = calendar::days(year, month, day.min(calendar::month_length(year, month)));
    let seconds = stamp.seconds + (target - stamp.day_number()) * 86_400;
    let class = class_of(interpreter, me);
    Ok(object(&class, Stamp { seconds, ..stamp }))
}

fn order(me: &Value, other: &Value) -> Option<Ordering> {
    if let Some(right) = date_stamp(other) {
        return Some(total(&stamp(me)).compare(&total(&right)));
    }
    // A number is an astronomical Julian day.
    let number = Number::of(other)?.ratio()?;
    let days = total(&stamp(me)).divide(&Ratio::whole(Big::from(86_400)))?;
    let half = Ratio::new(Big::from(2 * EPOCH_JULIAN - 1), Big::from(2))?;
    Some(days.add(&half).compare(&number))
}

fn compare(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    Ok(order(me, &args.value(0)).map_or(Value::Nil, |order| Value::Integer(order as i64)))
}

fn step(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let limit = args.value(0);
    let by = args.get(1).cloned().unwrap_or(Value::Integer(1));
    let Some(block) = &args.block else { return interpreter.enumerator(me, "step", vec![limit, by]) };
    let amount = amount(interpreter, &by)?;
    if amount.numerator.is_zero() {
        return interpreter.argument_error("step can't be 0");
    }
    let down = amount.numerator.is_negative();
    let mut current = me.clone();
    loop {
        interpreter.step()?;
        match interpreter.compare(&current, &limit)? {
            Some(Ordering::Greater) if !down => return Ok(me.clone()),
            Some(Ordering::Less) if down => return Ok(me.clone()),
            None => return interpreter.comparison_failed(&current, &limit),
            _ => {}
        }
        interpreter.yield_values(block, vec![current.clone()])?;
        current = shifted(interpreter, &current, &amount)?;
    }
}

fn walk(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, by: i64) -> Eval {
    if args.block.is_none() {
        return interpreter.enumerator(me, name, args.list.clone());
    }
    let list = vec![args.value(0), Value::Integer(by)];
    step(interpreter, me, &Args::new(list).with_block(args.block.clone()))
}

fn strftime(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let format = match args.get(0) {
        Some(format) => interpreter.to_str(format)?,
        None => "%F".to_owned(),
    };
    let stamp = stamp(me);
    let zone = stamp.offset_text(1);
    Ok(Value::str(Stamp { zone, ..stamp }.strftime(&format, true)))
}

fn to_s(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::str(stamp(me).strftime("%Y-%m-%d", true)))
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let shown = interpreter.send(me, "to_s", &[])?;
    let shown = interpreter.display(&shown)?;
    let class = interpreter.real_class(me).display_name();
    let stamp = stamp(me);
    let (day, seconds) = (stamp.seconds.div_euclid(86_400) + EPOCH_JULIAN, stamp.seconds.rem_euclid(86_400));
    let nanoseconds: i64 = stamp.fraction_digits(9).parse().unwrap_or(0);
    let offset = stamp.offset;
    Ok(Value::str(format!("#<{class}: {shown} (({day}j,{seconds}s,{nanoseconds}n),{offset:+}s,2299161j)>")))
}

fn to_time(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let stamp = stamp(me);
    let zone = if stamp.offset == 0 { "UTC" } else { "" };
    Ok(interpreter.time(Stamp { zone: zone.to_owned(), ..stamp }, false))
}

fn new_offset(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let offset = match args.get(0) {
        Some(Value::Str(text)) => calendar::zone_offset(&text.text.borrow()).unwrap_or(0),
        Some(value) => fraction_offset(interpreter, value)?,
        None => 0,
    };
    let class = class_of(interpreter, me);
    Ok(object(&class, Stamp { offset, ..stamp(me) }))
}

/// Seconds of an offset that is given as a fraction of a day.
fn fraction_offset(interpreter: &mut Interpreter, value: &Value) -> Eval<i64> {
    let days = amount(interpreter, value)?;
    Ok(days.multiply(&Ratio::whole(Big::from(86_400))).round().to_small().unwrap_or(0))
}

fn datetime_iso8601(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let digits = match args.get(0) {
        Some(value) => usize::try_from(interpreter.to_integer(value)?).unwrap_or(0).min(100),
        None => 0,
    };
    let stamp = stamp(me);
    let fraction = if digits > 0 { format!(".{}", stamp.fraction_digits(digits)) } else { String::new() };
    Ok(Value::str(format!("{}{fraction}{}", stamp.strftime("%Y-%m-%dT%H:%M:%S", true), stamp.offset_text(1))))
}

fn datetime_civil(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let (year, month, day) = (integer(interpreter, args, 0, -4712)?, integer(interpreter, args, 1, 1)?, integer(interpreter, args, 2, 1)?);
    let (hour, minute) = (integer(interpreter, args, 3, 0)?, integer(interpreter, args, 4, 0)?);
    let second = match args.get(5) {
        Some(value) => amount(interpreter, value)?,
        None => zero(),
    };
    let offset = match args.get(6) {
        Some(Value::Str(text)) => calendar::zone_offset(&text.text.borrow()).unwrap_or(0),
        Some(value) => fraction_offset(interpreter, value)?,
        None => 0,
    };
    let from_end = |number: i64, size: i64| if number < 0 { number + size } else { number };
    let (hour, minute) = (from_end(hour, 24), from_end(minute, 60));
    let whole = second.floor();
    let fits = (0..=24).contains(&hour) && (0..60).contains(&minute) && whole.to_small().is_some_and(|s| (0..60).contains(&s));
    let Some(day) = calendar::checked_days(year, month, day).filter(|_| fits) else { return invalid(interpreter) };
    let seconds = day * 86_400 + hour * 3600 + minute * 60 + whole.to_small().unwrap_or(0) - offset;
    let class = class_of(interpreter, me);
    Ok(object(&class, Stamp { seconds, fraction: second.subtract(&Ratio::whole(whole)), offset, zone: String::new() }))
}

fn datetime_now(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let seconds = interpreter.now;
    let class = class_of(interpreter, me);
    Ok(object(&class, Stamp { seconds, ..whole_day(0) }))
}

fn from_parts(interpreter: &mut Interpreter, me: &Value, parts: Option<Parts>) -> Eval {
    let today = interpreter.now.div_euclid(86_400);
    let found = parts.filter(|parts| !parts.is_empty()).and_then(|parts| {
        let day = if parts.has_date() { parts.days(today)? } else { today };
        let offset = parts.offset.unwrap_or(0);
        let seconds = day * 86_400 + parts.clock()? - offset;
        Some(Stamp { seconds, fraction: parts.fraction.clone().unwrap_or_else(zero), offset, zone: String::new() })
    });
    let class = class_of(interpreter, me);
    match found {
        Some(stamp) => Ok(object(&class, stamp)),
        None => invalid(interpreter),
    }
}

fn datetime_parse(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let text = interpreter.to_str(&args.value(0))?;
    from_parts(interpreter, me, Some(Parts::read(&text)))
}

fn datetime_strptime(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(unknown) = unknown_argument(interpreter, args) {
        return Ok(unknown);
    }
    let text = interpreter.to_str(&args.value(0))?;
    let format = match args.get(1) {
        Some(format) => interpreter.to_str(format)?,
        None => "%FT%T%z".to_owned(),
    };
    from_parts(interpreter, me, Parts::read_by(&text, &format))
}
