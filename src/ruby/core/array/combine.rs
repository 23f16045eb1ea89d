//! Combinations: `combination`, `permutation`, their `repeated_` forms, `product`.

use super::{items, to_ary};
use crate::ruby::core::enumerable::block_or_enumerator;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[
    ("combination", |interpreter, me, args| {
        choose(interpreter, me, args, "combination", |chosen, next| chosen.last().is_none_or(|last| next > *last))
    }),
    ("repeated_combination", |interpreter, me, args| {
        choose(interpreter, me, args, "repeated_combination", |chosen, next| chosen.last().is_none_or(|last| next >= *last))
    }),
    ("permutation", |interpreter, me, args| choose(interpreter, me, args, "permutation", |chosen, next| !chosen.contains(&next))),
    ("repeated_permutation", |interpreter, me, args| choose(interpreter, me, args, "repeated_permutation", |_, _| true)),
    ("product", product),
];

/// Yields every choice of so many elements, in order of their positions; `allowed` says which position may come next.
fn choose(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, allowed: fn(&[usize], usize) -> bool) -> Eval {
    interpreter.check_arity(args, usize::from(name != "permutation"), Some(1))?;
    let block = block_or_enumerator!(interpreter, me, args, name);
    let list = items(interpreter, me)?;
    let count = match args.get(0) {
        None | Some(Value::Nil) => list.len(),
        Some(count) => match usize::try_from(interpreter.to_integer(count)?) {
            Ok(count) => count,
            Err(_) => return Ok(me.clone()),
        },
    };
    if count > list.len() && !name.starts_with("repeated") {
        return Ok(me.clone());
    }
    interpreter.check_size(count)?;
    let mut chosen: Vec<usize> = Vec::new();
    let mut next = 0;
    loop {
        interpreter.step()?;
        if chosen.len() == count {
            let picked = chosen.iter().filter_map(|index| list.get(*index).cloned()).collect();
            interpreter.yield_values(&block, vec![Value::array(picked)])?;
        } else {
            while next < list.len() && !allowed(&chosen, next) {
                next += 1;
            }
            if next < list.len() {
                chosen.push(next);
                next = 0;
                continue;
            }
        }
        match chosen.pop() {
            Some(last) => next = last + 1,
            None => return Ok(me.clone()),
        }
    }
}

fn product(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut rows: Vec<Vec<Value>> = items(interpreter, me)?.into_iter().map(|item| vec![item]).collect();
    for other in &args.list {
        let other = to_ary(interpreter, other)?;
        interpreter.check_size(rows.len().saturating_mul(other.len()))?;
        let longer = |row: &Vec<Value>| {
            let row = row.clone();
            other.clone().into_iter().map(move |item| row.iter().cloned().chain([item]).collect()).collect::<Vec<Vec<Value>>>()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    let Some(block) = &args.block else { return Ok(Value::array(rows.into_iter().map(Value::array).collect())) };
    for row in rows {
        interpreter.step()?;
        interpreter.yield_values(block, vec![Value::array(row)])?;
    }
    Ok(me.clone())
}
