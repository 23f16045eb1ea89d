//! Going through the entries in ways of a hash's own: `each`, `each_key`, `any?`, `select`, `filter_map`, `min_by`.

use super::this;
use crate::ruby::core::enumerable::{Verdict, block_or_enumerator};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[
    ("each", |interpreter, me, args| each(interpreter, me, args, "each")),
    ("each_pair", |interpreter, me, args| each(interpreter, me, args, "each_pair")),
    ("each_key", |interpreter, me, args| {
        let block = block_or_enumerator!(interpreter, me, args, "each_key");
        let hash = this(interpreter, me)?;
        interpreter.each_pair(&hash, |interpreter, key, _| interpreter.yield_values(&block, vec![key]).map(|_| true))?;
        Ok(me.clone())
    }),
    ("each_value", |interpreter, me, args| {
        let block = block_or_enumerator!(interpreter, me, args, "each_value");
        let hash = this(interpreter, me)?;
        interpreter.each_pair(&hash, |interpreter, _, value| interpreter.yield_values(&block, vec![value]).map(|_| true))?;
        Ok(me.clone())
    }),
    ("any?", any),
    ("count", count),
];

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    let hash = this(interpreter, me)?;
    interpreter
        .each_pair(&hash, |interpreter, key, value| interpreter.yield_values(&block, vec![Value::array(vec![key, value])]).map(|_| true))?;
    Ok(me.clone())
}

fn any(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let hash = this(interpreter, me)?;
    if args.is_empty() && args.block.is_none() {
        return Ok(Value::Bool(!hash.map.borrow().is_empty()));
    }
    let (mut found, mut unknown) = (false, None);
    interpreter.each_pair(&hash, |interpreter, key, value| {
        let pair = Value::array(vec![key, value]);
        let answer = match (args.get(0), &args.block) {
            (Some(pattern), _) => interpreter.case_equal(pattern, &pair)?,
            (None, Some(block)) => interpreter.yield_values(block, vec![pair])?,
            (None, None) => Value::Bool(true),
        };
        match Verdict::of(&answer) {
            Verdict::Known(answer) => found = answer,
            Verdict::Unknown(hole) => unknown = Some(hole),
        }
        Ok(!found)
    })?;
    Ok(if found { Value::Bool(true) } else { unknown.map_or(Value::Bool(false), Value::Unknown) })
}

fn count(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if args.is_empty() && args.block.is_none() {
        let length = this(interpreter, me)?.map.borrow().len();
        return Ok(Value::Integer(i64::try_from(length).unwrap_or(i64::MAX)));
    }
    let enumerable = std::rc::Rc::clone(&interpreter.classes.enumerable);
    match interpreter.find_method(&enumerable, "count".into()) {
        Some(method) => interpreter.invoke(me, "count".into(), &method, args.clone()),
        None => Ok(Value::Nil),
    }
}
