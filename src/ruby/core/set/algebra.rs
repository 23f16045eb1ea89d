//! Sets and sets: `|`, `&`, `-`, `^`, subsets, and sets made from the elements.

use std::rc::Rc;

use super::{elements, enumerated, is_set, like, members};
use crate::ruby::core::enumerable::block_or_enumerator;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[
    ("|", union),
    ("+", union),
    ("union", union),
    ("&", intersection),
    ("intersection", intersection),
    ("-", difference),
    ("difference", difference),
    ("^", exclusive),
    ("==", |interpreter, me, args| {
        let other = args.value(0);
        if me.same(&other) {
            return Ok(Value::Bool(true));
        }
        Ok(Value::Bool(is_set(&other) && order(interpreter, me, &other)? == Some(0)))
    }),
    ("subset?", |interpreter, me, args| test(interpreter, me, args, |order| order.is_some_and(|order| order <= 0))),
    ("<=", |interpreter, me, args| test(interpreter, me, args, |order| order.is_some_and(|order| order <= 0))),
    ("superset?", |interpreter, me, args| test(interpreter, me, args, |order| order.is_some_and(|order| order >= 0))),
    (">=", |interpreter, me, args| test(interpreter, me, args, |order| order.is_some_and(|order| order >= 0))),
    ("proper_subset?", |interpreter, me, args| test(interpreter, me, args, |order| order == Some(-1))),
    ("<", |interpreter, me, args| test(interpreter, me, args, |order| order == Some(-1))),
    ("proper_superset?", |interpreter, me, args| test(interpreter, me, args, |order| order == Some(1))),
    (">", |interpreter, me, args| test(interpreter, me, args, |order| order == Some(1))),
    ("<=>", |interpreter, me, args| {
        let other = args.value(0);
        if !is_set(&other) {
            return Ok(Value::Nil);
        }
        Ok(order(interpreter, me, &other)?.map_or(Value::Nil, Value::Integer))
    }),
    ("intersect?", |interpreter, me, args| Ok(Value::Bool(common(interpreter, me, args)?))),
    ("disjoint?", |interpreter, me, args| Ok(Value::Bool(!common(interpreter, me, args)?))),
    ("classify", classify),
    ("flatten", |interpreter, me, _| {
        let mut flat = Vec::new();
        flatten_into(interpreter, me, &mut flat, 0)?;
        like(interpreter, me, flat)
    }),
];

fn union(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let mut all = elements(interpreter, me)?;
    all.extend(enumerated(interpreter, &args.list[0])?);
    like(interpreter, me, all)
}

/// The elements of `list` that are in the set (or are not).
fn sorted_out(interpreter: &mut Interpreter, set: &Value, list: Vec<Value>, inside: bool) -> Eval<Vec<Value>> {
    let table = members(interpreter, set)?;
    let mut kept = Vec::new();
    for item in list {
        if interpreter.hash_get(&table, &item)?.is_some() == inside {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn intersection(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let other = enumerated(interpreter, &args.list[0])?;
    let kept = sorted_out(interpreter, me, other, true)?;
    like(interpreter, me, kept)
}

fn difference(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let other = enumerated(interpreter, &args.list[0])?;
    let other = like(interpreter, me, other)?;
    let own = elements(interpreter, me)?;
    let kept = sorted_out(interpreter, &other, own, false)?;
    like(interpreter, me, kept)
}

fn exclusive(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let other = enumerated(interpreter, &args.list[0])?;
    let other = like(interpreter, me, other)?;
    let theirs = elements(interpreter, &other)?;
    let own = elements(interpreter, me)?;
    let mut kept = sorted_out(interpreter, me, theirs, false)?;
    kept.extend(sorted_out(interpreter, &other, own, false)?);
    like(interpreter, me, kept)
}

/// -1 for a proper subset, 0 for the same elements, 1 for a proper superset.
fn order(interpreter: &mut Interpreter, me: &Value, other: &Value) -> Eval<Option<i64>> {
    let (own, theirs) = (elements(interpreter, me)?, elements(interpreter, other)?);
    let (few, many) = (own.len(), theirs.len());
    let (small, large, answer) = match few.cmp(&many) {
        std::cmp::Ordering::Less => (own, other, -1),
        std::cmp::Ordering::Equal => (own, other, 0),
        std::cmp::Ordering::Greater => (theirs, me, 1),
    };
    let all = small.len();
    Ok((sorted_out(interpreter, large, small, true)?.len() == all).then_some(answer))
}

fn test(interpreter: &mut Interpreter, me: &Value, args: &Args, wanted: fn(Option<i64>) -> bool) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    members(interpreter, &args.list[0])?;
    let order = order(interpreter, me, &args.list[0])?;
    Ok(Value::Bool(wanted(order)))
}

fn common(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<bool> {
    interpreter.check_arity(args, 1, Some(1))?;
    let theirs = enumerated(interpreter, &args.list[0])?;
    let theirs = like(interpreter, me, theirs)?;
    let theirs = elements(interpreter, &theirs)?;
    Ok(!sorted_out(interpreter, me, theirs, true)?.is_empty())
}

fn classify(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "classify");
    let made = Value::new_hash();
    for item in elements(interpreter, me)? {
        let key = interpreter.yield_item(&block, item.clone())?;
        let group = match interpreter.hash_get(&made, &key)? {
            Some(group) => group,
            None => {
                let group = like(interpreter, me, Vec::new())?;
                interpreter.hash_insert(&made, key, group.clone())?;
                group
            }
        };
        let table = members(interpreter, &group)?;
        interpreter.hash_insert(&table, item, Value::Bool(true))?;
    }
    Ok(Value::Hash(Rc::clone(&made)))
}

fn flatten_into(interpreter: &mut Interpreter, set: &Value, flat: &mut Vec<Value>, depth: usize) -> Eval<()> {
    if depth > 500 {
        return interpreter.argument_error("tried to flatten recursive Set");
    }
    for item in elements(interpreter, set)? {
        interpreter.step()?;
        if is_set(&item) {
            flatten_into(interpreter, &item, flat, depth + 1)?;
        } else {
            flat.push(item);
        }
    }
    Ok(())
}
