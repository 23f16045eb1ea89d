//! Order: `sort`, `sort_by`, `min`, `max`, `minmax` and their `_by` forms.

use std::cmp::Ordering;
use std::rc::Rc;

use super::block_or_enumerator;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[
    ("sort", sort),
    ("sort_by", sort_by),
    ("min", |interpreter, me, args| extreme(interpreter, me, args, Ordering::Less)),
    ("max", |interpreter, me, args| extreme(interpreter, me, args, Ordering::Greater)),
    ("min_by", |interpreter, me, args| extreme_by(interpreter, me, args, "min_by", Ordering::Less)),
    ("max_by", |interpreter, me, args| extreme_by(interpreter, me, args, "max_by", Ordering::Greater)),
    ("minmax", minmax),
    ("minmax_by", minmax_by),
];

/// The order of two elements as a block (or `<=>`) gives it.
///
/// # Errors
/// `ArgumentError` where they cannot be compared.
pub fn order(interpreter: &mut Interpreter, block: Option<&Rc<Proc>>, left: &Value, right: &Value) -> Eval<Ordering> {
    let Some(block) = block else { return interpreter.compare_or_fail(left, right) };
    let answer = interpreter.yield_values(block, vec![left.clone(), right.clone()])?;
    match &answer {
        Value::Integer(number) => Ok(number.cmp(&0)),
        Value::Unknown(_) => Ok(Ordering::Equal),
        Value::Nil => {
            let shown = match right {
                Value::Nil | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => interpreter.inspect(right)?,
                other => interpreter.real_class(other).display_name(),
            };
            let class = interpreter.real_class(left).display_name();
            interpreter.argument_error(format!("comparison of {class} with {shown} failed"))
        }
        other => interpreter.compare_or_fail(other, &Value::Integer(0)),
    }
}

/// `items` sorted by `<=>` or the block.
///
/// # Errors
/// What comparing raises.
pub fn sorted(interpreter: &mut Interpreter, items: Vec<Value>, block: Option<&Rc<Proc>>) -> Eval<Vec<Value>> {
    interpreter.sort(items, &mut |interpreter, left, right| order(interpreter, block, left, right))
}

/// `items` sorted by what the block gives for each.
///
/// # Errors
/// What the block or comparing raises.
pub fn by_block(interpreter: &mut Interpreter, items: Vec<Value>, block: &Rc<Proc>) -> Eval<Vec<Value>> {
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        interpreter.step()?;
        let key = interpreter.yield_item(block, item.clone())?;
        keyed.push(Value::array(vec![key, item]));
    }
    let part = |pair: &Value, index: usize| match pair {
        Value::Array(pair) => pair.items.borrow().get(index).cloned().unwrap_or(Value::Nil),
        _ => Value::Nil,
    };
    let keyed = interpreter.sort(keyed, &mut |interpreter, left, right| {
        let (left, right) = (part(left, 0), part(right, 0));
        interpreter.compare_or_fail(&left, &right)
    })?;
    Ok(keyed.iter().map(|pair| part(pair, 1)).collect())
}

fn sort(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let items = interpreter.to_list(me)?;
    Ok(Value::array(sorted(interpreter, items, args.block.as_ref())?))
}

fn sort_by(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "sort_by");
    let items = interpreter.to_list(me)?;
    Ok(Value::array(by_block(interpreter, items, &block)?))
}

/// The first element that stands at the `wanted` end.
fn outermost(interpreter: &mut Interpreter, items: &[Value], block: Option<&Rc<Proc>>, wanted: Ordering) -> Eval {
    let Some((first, rest)) = items.split_first() else { return Ok(Value::Nil) };
    let mut best = first.clone();
    for item in rest {
        interpreter.step()?;
        if order(interpreter, block, item, &best)? == wanted {
            best = item.clone();
        }
    }
    Ok(best)
}

fn some_of(interpreter: &mut Interpreter, sorted: Vec<Value>, count: &Value, wanted: Ordering) -> Eval {
    let count_shown = interpreter.display(count)?;
    let count = interpreter.size_argument(count, &format!("negative size ({count_shown})"))?;
    let items: Vec<Value> =
        if wanted == Ordering::Less { sorted.into_iter().take(count).collect() } else { sorted.into_iter().rev().take(count).collect() };
    Ok(Value::array(items))
}

fn extreme(interpreter: &mut Interpreter, me: &Value, args: &Args, wanted: Ordering) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let items = interpreter.to_list(me)?;
    match args.get(0) {
        None | Some(Value::Nil) => outermost(interpreter, &items, args.block.as_ref(), wanted),
        Some(count) => {
            let sorted = sorted(interpreter, items, args.block.as_ref())?;
            some_of(interpreter, sorted, count, wanted)
        }
    }
}

fn outermost_by(interpreter: &mut Interpreter, items: Vec<Value>, block: &Rc<Proc>, wanted: Ordering) -> Eval {
    let mut best: Option<(Value, Value)> = None;
    for item in items {
        interpreter.step()?;
        let key = interpreter.yield_item(block, item.clone())?;
        let better = match &best {
            Some((known, _)) => interpreter.compare_or_fail(&key, known)? == wanted,
            None => true,
        };
        if better {
            best = Some((key, item));
        }
    }
    Ok(best.map_or(Value::Nil, |(_, item)| item))
}

fn extreme_by(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, wanted: Ordering) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let block = block_or_enumerator!(interpreter, me, args, name);
    let items = interpreter.to_list(me)?;
    match args.get(0) {
        None | Some(Value::Nil) => outermost_by(interpreter, items, &block, wanted),
        Some(count) => {
            let sorted = by_block(interpreter, items, &block)?;
            some_of(interpreter, sorted, count, wanted)
        }
    }
}

fn minmax(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let items = interpreter.to_list(me)?;
    let low = outermost(interpreter, &items, args.block.as_ref(), Ordering::Less)?;
    let high = outermost(interpreter, &items, args.block.as_ref(), Ordering::Greater)?;
    Ok(Value::array(vec![low, high]))
}

fn minmax_by(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "minmax_by");
    let items = interpreter.to_list(me)?;
    let sorted = by_block(interpreter, items.clone(), &block)?;
    let high = outermost_by(interpreter, items, &block, Ordering::Greater)?;
    Ok(Value::array(vec![sorted.into_iter().next().unwrap_or(Value::Nil), high]))
}
