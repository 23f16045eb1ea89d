//! `at:` to a time: numbers as they are, strings by Chronic with the schedule's `chronic_options`.

use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::ruby::core::time::{calendar, time_stamp};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};
use crate::whenever::chronic::{self, Context, Guess};
use crate::whenever::cron::{At, Moment};
use crate::whenever::job_list::Declared;

/// What one `at:` of `job` means.
///
/// # Errors
/// What Chronic raises.
pub fn at(interpreter: &mut Interpreter, value: &Value, options: &Rc<Hash>, job: &Declared) -> Eval<At> {
    Ok(match value {
        Value::Nil | Value::Bool(false) => At::Number(0),
        Value::Integer(number) => At::Number(*number),
        Value::Str(text) => {
            let text = text.text.borrow().clone();
            match chronic(interpreter, &text, options)? {
                Some(seconds) => At::Moment(moment(seconds)),
                None => {
                    interpreter.diagnostics.push(
                        Diagnostic::warning("C211", format!("whenever does not understand the time `{}` and takes 0 for it", text.trim()))
                            .at(job.span)
                            .help("write the time as `4:30 am` or `16:30`"),
                    );
                    At::Number(0)
                }
            }
        }
        other => match time_stamp(other) {
            Some(stamp) => At::Moment(moment(stamp.seconds.saturating_add(stamp.offset))),
            None => At::Other(other.clone()),
        },
    })
}

fn moment(seconds: i64) -> Moment {
    let (_, month, day) = calendar::civil(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    Moment { month, day, hour: rest / 3600, minute: rest / 60 % 60 }
}

/// `Chronic.parse(text, options)`
///
/// # Errors
/// `ArgumentError`.
pub fn parse(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.display(&args.value(0))?;
    let options = match args.get(1) {
        Some(Value::Hash(options)) => Rc::clone(options),
        _ => Value::new_hash(),
    };
    match chronic(interpreter, &text, &options)? {
        Some(seconds) => {
            let class = interpreter.classes.object.constants.borrow().get(&Name::new("Time")).cloned().unwrap_or(Value::Nil);
            interpreter.send(&class, "at", &[Value::Integer(seconds)])
        }
        None => Ok(Value::Nil),
    }
}

fn chronic(interpreter: &mut Interpreter, text: &str, given: &Rc<Hash>) -> Eval<Option<i64>> {
    let mut options = chronic::Options::new(interpreter.now);
    for (key, value) in given.pairs() {
        let name = key.name().map(|name| name.to_string()).unwrap_or_default();
        match (name.as_str(), &value) {
            ("hours24", Value::Nil) => options.hours24 = None,
            ("hours24", value) => options.hours24 = Some(value.truthy()),
            ("ambiguous_time_range", Value::Integer(hours)) => options.ambiguous = Some(*hours),
            ("ambiguous_time_range", Value::Symbol(_)) => options.ambiguous = None,
            ("now", value) => {
                if let Some(stamp) = time_stamp(value) {
                    options.now = stamp.seconds.saturating_add(stamp.offset);
                }
            }
            ("context", value) => options.context = if value.text().as_deref() == Some("past") { Context::Past } else { Context::Future },
            ("endian_precedence", value) => {
                let first = value.items().and_then(|items| items.first().cloned()).unwrap_or_else(|| value.clone());
                match first.text().as_deref() {
                    Some("little") => options.little_endian = true,
                    Some("middle") => options.little_endian = false,
                    _ => {
                        let shown = interpreter.display(&first)?;
                        return interpreter.argument_error(format!("Unknown endian option '{shown}'"));
                    }
                }
            }
            ("ambiguous_year_future_bias", Value::Integer(years)) => options.year_bias = *years,
            ("guess", value) => {
                options.guess = match value.text().as_deref() {
                    Some("begin") => Guess::Begin,
                    Some("end") => Guess::End,
                    _ => Guess::Middle,
                }
            }
            _ => {}
        }
    }
    match chronic::parse(text, &options) {
        Ok(found) => Ok(found),
        Err(message) => interpreter.argument_error(message),
    }
}
