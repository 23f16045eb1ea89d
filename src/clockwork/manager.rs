//! `Clockwork`'s words: `every`, `handler`, `configure`, `on`, `error_handler`; and `require`, `ENV`, `Rails` as far as a clock needs them.

use std::rc::Rc;

use super::{Event, State};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::value::{Hash, Value};
use crate::source::Span;
use crate::text::Hole;

const WORDS: &[(&str, Native)] = &[
    ("every", every),
    ("handler", |interpreter, _, args| {
        if let Some(block) = &args.block {
            let line = first_line(interpreter, block);
            *state(interpreter).handler.borrow_mut() = line;
        }
        Ok(Value::Nil)
    }),
    ("configure", |interpreter, _, args| {
        let options = Value::new_hash();
        if let Some(block) = &args.block {
            interpreter.yield_values(block, vec![Value::Hash(Rc::clone(&options))])?;
        }
        let zone = zone(interpreter, &options)?;
        if zone.is_some() {
            *state(interpreter).zone.borrow_mut() = zone;
        }
        Ok(Value::Nil)
    }),
    ("on", |_, _, _| Ok(Value::Nil)),
    ("error_handler", |_, _, _| Ok(Value::Nil)),
    ("run", |_, _, _| Ok(Value::Nil)),
    ("manager", |_, me, _| Ok(me.clone())),
];

const LOADING: &[(&str, Native)] = &[("require", nothing), ("require_relative", nothing), ("load", nothing)];

/// The application and its gems are not loaded: their constants are unknown.
const CONSTANTS: &[(&str, Native)] = &[("const_missing", |_, _, args| {
    let name = args.value(0).name().map_or_else(|| "a constant".to_owned(), |name| name.as_str().to_owned());
    Ok(Value::Unknown(Rc::new(Hole::unknown(name, "the application is not loaded"))))
})];

fn nothing(_: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    Ok(Value::Bool(true))
}

fn state(interpreter: &Interpreter) -> Rc<State> {
    interpreter.host::<State>().unwrap_or_default()
}

/// Defines `Clockwork`, the lengths of time, and the ways to load files.
pub fn install(interpreter: &mut Interpreter) {
    crate::whenever::units::install(interpreter);
    crate::whenever::units::use_active_support(interpreter);
    let module = interpreter.define_module_path("Clockwork");
    interpreter.define_singleton(&module, WORDS);
    interpreter.define(&module, WORDS);
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(&kernel, LOADING);
    let modules = Rc::clone(&interpreter.classes.module);
    interpreter.define(&modules, CONSTANTS);
    let object = Rc::clone(&interpreter.classes.object);
    for (name, why) in [("Rails", "the Rails application is not loaded"), ("ENV", "variables of the process")] {
        object.constants.borrow_mut().insert(Name::new(name), Value::Unknown(Rc::new(Hole::unknown(name, why))));
    }
    interpreter.version += 1;
}

/// `every(period, job = 'unnamed', options = {}, &block)`; several jobs make several events.
fn every(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let period = match args.value(0) {
        Value::Integer(seconds) => Some(seconds),
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a schedule")]
        Value::Float(seconds) => Some(seconds as i64),
        _ => None,
    };
    let mut rest: Vec<Value> = args.list.iter().skip(1).cloned().collect();
    let options = match rest.last() {
        Some(Value::Hash(options)) => {
            let options = Rc::clone(options);
            rest.pop();
            options
        }
        _ => Value::new_hash(),
    };
    let jobs = match rest.first() {
        Some(Value::Array(list)) => list.items.borrow().clone(),
        Some(job) => vec![job.clone()],
        None => vec![Value::str("unnamed")],
    };
    let call = interpreter.call_site();
    let head = match args.block.as_ref().map(|block| &block.code) {
        Some(Code::Block { block, .. }) if block.span.file == call.file && block.span.start > call.start => {
            Span { end: block.span.start.min(call.end.max(block.span.start)), ..call }
        }
        _ => call,
    };
    let written = interpreter.slice(head).split_whitespace().collect::<Vec<_>>().join(" ");
    let does = args.block.as_ref().and_then(|block| first_line(interpreter, block)).unwrap_or_default();
    let mut times = Vec::new();
    match options.get_symbol("at") {
        Some(Value::Array(list)) => {
            let list = list.items.borrow().clone();
            for value in list {
                times.push(shown(interpreter, &value)?);
            }
        }
        Some(Value::Nil) | None => {}
        Some(value) => times.push(shown(interpreter, &value)?),
    }
    let mut notes = Vec::new();
    if options.get_symbol("if").is_some() {
        notes.push("runs only where its `if:` says so".to_owned());
    }
    if options.get_symbol("skip_first_run").is_some_and(|value| value.truthy()) {
        notes.push("the first run after a start is left out".to_owned());
    }
    let zone = zone(interpreter, &options)?;
    for job in jobs {
        let job = shown(interpreter, &job)?;
        let event = Event {
            job,
            period,
            times: times.clone(),
            zone: zone.clone(),
            written: written.clone(),
            does: does.clone(),
            at: interpreter.location(call),
            notes: notes.clone(),
        };
        interpreter.step()?;
        state(interpreter).events.borrow_mut().push(event);
    }
    Ok(Value::Nil)
}

fn zone(interpreter: &mut Interpreter, options: &Rc<Hash>) -> Eval<Option<String>> {
    match options.get_symbol("tz") {
        Some(Value::Nil) | None => Ok(None),
        Some(value) => Ok(Some(shown(interpreter, &value)?)),
    }
}

fn shown(interpreter: &mut Interpreter, value: &Value) -> Eval<String> {
    let text = interpreter.display(value)?;
    Ok(interpreter.to_text(&text).to_string())
}

/// The first line of a block's body.
fn first_line(interpreter: &Interpreter, block: &Rc<Proc>) -> Option<String> {
    let Code::Block { block, .. } = &block.code else { return None };
    let body = block.body.as_ref()?;
    interpreter.slice(body.span).lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}
