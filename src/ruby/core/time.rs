//! `Time`: a moment with a zone. The clock stands still at [`Interpreter::now`]; the machine's zone is UTC.

pub mod calendar;
mod make;
pub mod parts;
pub mod stamp;

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::numeric::Number;
use crate::ruby::core::rational::Ratio;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::{Object, Value};
use stamp::Stamp;

/// What a `Time` keeps.
pub struct TimeData {
    /// The moment.
    pub stamp: RefCell<Stamp>,
    /// It is in UTC, not in a zone that happens to be as far.
    pub utc: Cell<bool>,
}

const TIME: &[(&str, Native)] = &[
    ("year", |_, me, _| Ok(Value::Integer(stamp(me).date().0))),
    ("month", |_, me, _| Ok(Value::Integer(stamp(me).date().1))),
    ("mon", |_, me, _| Ok(Value::Integer(stamp(me).date().1))),
    ("day", |_, me, _| Ok(Value::Integer(stamp(me).date().2))),
    ("mday", |_, me, _| Ok(Value::Integer(stamp(me).date().2))),
    ("hour", |_, me, _| Ok(Value::Integer(stamp(me).clock().0))),
    ("min", |_, me, _| Ok(Value::Integer(stamp(me).clock().1))),
    ("sec", |_, me, _| Ok(Value::Integer(stamp(me).clock().2))),
    ("wday", |_, me, _| Ok(Value::Integer(calendar::weekday(stamp(me).day_number())))),
    ("yday", |_, me, _| Ok(Value::Integer(calendar::year_day(stamp(me).day_number())))),
    ("usec", |_, me, _| Ok(digits(me, 6))),
    ("tv_usec", |_, me, _| Ok(digits(me, 6))),
    ("nsec", |_, me, _| Ok(digits(me, 9))),
    ("tv_nsec", |_, me, _| Ok(digits(me, 9))),
    ("subsec", subsec),
    ("to_i", |_, me, _| Ok(Value::Integer(stamp(me).seconds))),
    ("tv_sec", |_, me, _| Ok(Value::Integer(stamp(me).seconds))),
    ("to_f", |_, me, _| Ok(Value::Float(total(&stamp(me)).to_float()))),
    ("to_r", |interpreter, me, _| Ok(interpreter.rational(total(&stamp(me))))),
    ("to_s", |_, me, _| Ok(Value::str(to_s(me)))),
    ("inspect", inspect),
    ("to_a", to_a),
    ("to_time", |_, me, _| Ok(me.clone())),
    ("zone", |_, me, _| Ok(if stamp(me).zone.is_empty() { Value::Nil } else { Value::str(stamp(me).zone) })),
    ("utc_offset", |_, me, _| Ok(Value::Integer(stamp(me).offset))),
    ("gmt_offset", |_, me, _| Ok(Value::Integer(stamp(me).offset))),
    ("gmtoff", |_, me, _| Ok(Value::Integer(stamp(me).offset))),
    ("utc?", |_, me, _| Ok(Value::Bool(is_utc(me)))),
    ("gmt?", |_, me, _| Ok(Value::Bool(is_utc(me)))),
    ("dst?", |_, _, _| Ok(Value::Bool(false))),
    ("isdst", |_, _, _| Ok(Value::Bool(false))),
    ("utc", |_, me, _| Ok(move_to(me, 0, "UTC", true))),
    ("gmtime", |_, me, _| Ok(move_to(me, 0, "UTC", true))),
    ("getutc", |interpreter, me, _| Ok(moved(interpreter, me, 0, "UTC", true))),
    ("getgm", |interpreter, me, _| Ok(moved(interpreter, me, 0, "UTC", true))),
    ("localtime", |interpreter, me, args| {
        let (offset, zone, utc) = make::zone(interpreter, args.get(0))?;
        Ok(move_to(me, offset, &zone, utc))
    }),
    ("getlocal", |interpreter, me, args| {
        let (offset, zone, utc) = make::zone(interpreter, args.get(0))?;
        Ok(moved(interpreter, me, offset, &zone, utc))
    }),
    ("sunday?", |_, me, _| Ok(is_day(me, 0))),
    ("monday?", |_, me, _| Ok(is_day(me, 1))),
    ("tuesday?", |_, me, _| Ok(is_day(me, 2))),
    ("wednesday?", |_, me, _| Ok(is_day(me, 3))),
    ("thursday?", |_, me, _| Ok(is_day(me, 4))),
    ("friday?", |_, me, _| Ok(is_day(me, 5))),
    ("saturday?", |_, me, _| Ok(is_day(me, 6))),
    ("+", plus),
    ("-", minus),
    ("<=>", compare),
    ("==", |_, me, args| Ok(Value::Bool(order(me, &args.value(0)) == Some(Ordering::Equal)))),
    ("eql?", |_, me, args| Ok(Value::Bool(order(me, &args.value(0)) == Some(Ordering::Equal)))),
    ("hash", |_, me, _| Ok(Value::Integer(stamp(me).seconds))),
    ("succ", |interpreter, me, _| plus(interpreter, me, &Args::new(vec![Value::Integer(1)]))),
    ("round", |interpreter, me, args| rounded(interpreter, me, args, Ratio::round)),
    ("floor", |interpreter, me, args| rounded(interpreter, me, args, Ratio::floor)),
    ("ceil", |interpreter, me, args| {
        rounded(interpreter, me, args, |ratio| {
            let floor = ratio.floor();
            if Ratio::whole(floor.clone()) == *ratio { floor } else { floor.add(&Big::from(1)) }
        })
    }),
    ("strftime", strftime),
    ("iso8601", iso8601),
    ("xmlschema", iso8601),
    ("rfc2822", rfc2822),
    ("rfc822", rfc2822),
    ("httpdate", |_, me, _| {
        let mut stamp = stamp(me);
        stamp.offset = 0;
        Ok(Value::str(stamp.strftime("%a, %d %b %Y %H:%M:%S GMT", false)))
    }),
    ("ctime", |_, me, _| Ok(Value::str(stamp(me).strftime("%a %b %e %H:%M:%S %Y", false)))),
    ("asctime", |_, me, _| Ok(Value::str(stamp(me).strftime("%a %b %e %H:%M:%S %Y", false)))),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Time", &object);
    let comparable = Rc::clone(&interpreter.classes.comparable);
    interpreter.include(&class, &comparable);
    interpreter.define(&class, TIME);
    make::install(interpreter, &class);
}

/// The moment of a `Time`; 1970 for what is none.
#[must_use]
pub fn stamp(me: &Value) -> Stamp {
    time_stamp(me).unwrap_or(Stamp { seconds: 0, fraction: Ratio::whole(Big::from(0)), offset: 0, zone: "UTC".to_owned() })
}

/// The moment of a value that is a `Time`.
#[must_use]
pub fn time_stamp(value: &Value) -> Option<Stamp> {
    match value {
        Value::Object(object) => object.data::<TimeData>().map(|data| data.stamp.borrow().clone()),
        _ => None,
    }
}

/// Whether a `Time` is in UTC.
#[must_use]
pub fn is_utc(me: &Value) -> bool {
    match me {
        Value::Object(object) => object.data::<TimeData>().is_some_and(|data| data.utc.get()),
        _ => false,
    }
}

impl Interpreter {
    /// A `Time`.
    pub fn time(&mut self, stamp: Stamp, utc: bool) -> Value {
        let object = Rc::clone(&self.classes.object);
        let class = self.define_class_path("Time", &object);
        self.time_of(&class, stamp, utc)
    }

    /// An object of `class`, which is `Time` or below.
    pub fn time_of(&mut self, class: &Rc<Module>, stamp: Stamp, utc: bool) -> Value {
        let data = TimeData { stamp: RefCell::new(stamp), utc: Cell::new(utc) };
        Value::Object(Rc::new(Object {
            class: RefCell::new(Rc::clone(class)),
            ivars: RefCell::default(),
            frozen: Cell::new(false),
            data: RefCell::new(Some(Rc::new(data))),
        }))
    }
}

/// All seconds since 1970, the fraction included.
#[must_use]
pub fn total(stamp: &Stamp) -> Ratio {
    Ratio::whole(Big::from(stamp.seconds)).add(&stamp.fraction)
}

/// The stamp with another moment in the same zone; `None` beyond 64 bits.
#[must_use]
pub fn at_total(stamp: &Stamp, total: &Ratio) -> Option<Stamp> {
    let floor = total.floor();
    let seconds = floor.to_small().filter(|seconds| seconds.abs() < 1 << 55)?;
    Some(Stamp { seconds, fraction: total.subtract(&Ratio::whole(floor)), offset: stamp.offset, zone: stamp.zone.clone() })
}

fn digits(me: &Value, count: usize) -> Value {
    Value::Integer(stamp(me).fraction_digits(count).parse().unwrap_or(0))
}

fn subsec(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let fraction = stamp(me).fraction;
    if fraction.numerator.is_zero() {
        return Ok(Value::Integer(0));
    }
    Ok(interpreter.rational(fraction))
}

fn is_day(me: &Value, day: i64) -> Value {
    Value::Bool(calendar::weekday(stamp(me).day_number()) == day)
}

fn to_s(me: &Value) -> String {
    stamp(me).strftime(if is_utc(me) { "%Y-%m-%d %H:%M:%S UTC" } else { "%Y-%m-%d %H:%M:%S %z" }, false)
}

fn inspect(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let stamp = stamp(me);
    let mut text = stamp.strftime("%Y-%m-%d %H:%M:%S", false);
    if !stamp.fraction.numerator.is_zero() {
        let nanoseconds = stamp.fraction.multiply(&Ratio::whole(Big::from(1_000_000_000)));
        if nanoseconds.denominator == Big::from(1) {
            let digits = stamp.fraction_digits(9);
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        } else {
            text.push_str(&format!(" {}/{}", stamp.fraction.numerator, stamp.fraction.denominator));
        }
    }
    text.push_str(&if is_utc(me) { " UTC".to_owned() } else { format!(" {}", stamp.offset_text(0)) });
    Ok(Value::str(text))
}

fn to_a(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let stamp = stamp(me);
    let ((year, month, day), (hour, minute, second)) = (stamp.date(), stamp.clock());
    let days = stamp.day_number();
    let numbers = [second, minute, hour, day, month, year, calendar::weekday(days), calendar::year_day(days)];
    let mut items: Vec<Value> = numbers.into_iter().map(Value::Integer).collect();
    items.push(Value::Bool(false));
    items.push(if stamp.zone.is_empty() { Value::Nil } else { Value::str(stamp.zone) });
    Ok(Value::array(items))
}

fn move_to(me: &Value, offset: i64, zone: &str, utc: bool) -> Value {
    if let Value::Object(object) = me {
        if let Some(data) = object.data::<TimeData>() {
            let mut stamp = data.stamp.borrow_mut();
            stamp.offset = offset;
            zone.clone_into(&mut stamp.zone);
            data.utc.set(utc);
        }
    }
    me.clone()
}

fn moved(interpreter: &mut Interpreter, me: &Value, offset: i64, zone: &str, utc: bool) -> Value {
    let mut stamp = stamp(me);
    stamp.offset = offset;
    zone.clone_into(&mut stamp.zone);
    interpreter.time(stamp, utc)
}

/// The exact value of a number of seconds.
///
/// # Errors
/// `TypeError` for what is no number, `FloatDomainError` for NaN and infinities.
pub fn exact(interpreter: &mut Interpreter, value: &Value) -> Eval<Ratio> {
    match Number::of(value) {
        Some(Number::Float(number)) if number.is_finite() => Ok(Ratio::from_float(number)),
        Some(Number::Float(number)) => match interpreter.float_to_integer(number) {
            Ok(_) => Ok(Ratio::whole(Big::from(0))),
            Err(flow) => Err(flow),
        },
        Some(number) => Ok(number.ratio().unwrap_or_else(|| Ratio::whole(Big::from(0)))),
        None => {
            if matches!(value, Value::Object(_)) && interpreter.responds_to(value, "to_r")? {
                let ratio = interpreter.send(value, "to_r", &[])?;
                return exact(interpreter, &ratio);
            }
            let shown = match value {
                Value::Nil | Value::Bool(_) => interpreter.inspect(value)?,
                other => interpreter.real_class(other).display_name(),
            };
            interpreter.type_error(format!("can't convert {shown} into an exact number"))
        }
    }
}

fn shifted(interpreter: &mut Interpreter, me: &Value, by: &Ratio) -> Eval {
    let stamp = stamp(me);
    match at_total(&stamp, &total(&stamp).add(by)) {
        Some(made) => Ok(interpreter.time(made, is_utc(me))),
        None => {
            let class = Rc::clone(&interpreter.classes.range_error);
            interpreter.raise(&class, "time out of range")
        }
    }
}

fn plus(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if let Value::Unknown(hole) = &other {
        return Ok(interpreter.derived(hole, " (as a time)"));
    }
    if time_stamp(&other).is_some() {
        return interpreter.type_error("time + time?");
    }
    let by = exact(interpreter, &other)?;
    shifted(interpreter, me, &by)
}

fn minus(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if let Value::Unknown(hole) = &other {
        return Ok(interpreter.derived(hole, " (as a time)"));
    }
    if let Some(right) = time_stamp(&other) {
        return Ok(Value::Float(total(&stamp(me)).subtract(&total(&right)).to_float()));
    }
    let by = exact(interpreter, &other)?;
    let zero = Ratio::whole(Big::from(0));
    shifted(interpreter, me, &zero.subtract(&by))
}

fn order(me: &Value, other: &Value) -> Option<Ordering> {
    Some(total(&stamp(me)).compare(&total(&time_stamp(other)?)))
}

fn compare(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if let Value::Unknown(hole) = &other {
        return Ok(interpreter.derived(hole, " (compared)"));
    }
    Ok(order(me, &other).map_or(Value::Nil, |order| Value::Integer(order as i64)))
}

fn rounded(interpreter: &mut Interpreter, me: &Value, args: &Args, how: fn(&Ratio) -> Big) -> Eval {
    let digits = match args.get(0) {
        Some(value) => u32::try_from(interpreter.to_integer(value)?).unwrap_or(0).min(100),
        None => 0,
    };
    let scale = Ratio::whole(Big::from(10).power(digits));
    let stamp = stamp(me);
    let whole = Ratio::whole(how(&total(&stamp).multiply(&scale)));
    let answer = whole.divide(&scale).and_then(|total| at_total(&stamp, &total)).unwrap_or(stamp);
    Ok(interpreter.time(answer, is_utc(me)))
}

fn strftime(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let format = interpreter.to_str(&args.value(0))?;
    let mut stamp = stamp(me);
    if is_utc(me) {
        "UTC".clone_into(&mut stamp.zone);
    }
    Ok(Value::str(stamp.strftime(&format, false)))
}

fn iso8601(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let digits = match args.get(0) {
        Some(value) => usize::try_from(interpreter.to_integer(value)?).unwrap_or(0).min(100),
        None => 0,
    };
    let stamp = stamp(me);
    let mut text = stamp.strftime("%Y-%m-%dT%H:%M:%S", false);
    if digits > 0 {
        text.push('.');
        text.push_str(&stamp.fraction_digits(digits));
    }
    text.push_str(&if is_utc(me) { "Z".to_owned() } else { stamp.offset_text(1) });
    Ok(Value::str(text))
}

fn rfc2822(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let zone = if is_utc(me) { "-0000".to_owned() } else { stamp(me).offset_text(0) };
    Ok(Value::str(format!("{} {zone}", stamp(me).strftime("%a, %d %b %Y %H:%M:%S", false))))
}
