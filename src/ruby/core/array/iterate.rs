//! Going through the elements in ways of an array's own: `each`, `each_index`, `reverse_each`, `cycle`.

use super::access::integer;
use super::this;
use crate::ruby::core::enumerable::block_or_enumerator;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[("each", each), ("each_index", each_index), ("reverse_each", reverse_each), ("cycle", cycle)];

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "each");
    let array = this(interpreter, me)?;
    let mut index = 0;
    // By index: the block may change the array.
    loop {
        let item = array.items.borrow().get(index).cloned();
        let Some(item) = item else { return Ok(me.clone()) };
        interpreter.step()?;
        interpreter.yield_values(&block, vec![item])?;
        index += 1;
    }
}

fn each_index(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "each_index");
    let array = this(interpreter, me)?;
    let mut index = 0;
    while index < array.items.borrow().len() {
        interpreter.step()?;
        interpreter.yield_values(&block, vec![integer(index)])?;
        index += 1;
    }
    Ok(me.clone())
}

fn reverse_each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "reverse_each");
    let array = this(interpreter, me)?;
    let mut index = array.items.borrow().len();
    while index > 0 {
        interpreter.step()?;
        index -= 1;
        let (item, length) = {
            let items = array.items.borrow();
            (items.get(index).cloned(), items.len())
        };
        match item {
            Some(item) => {
                interpreter.yield_values(&block, vec![item])?;
            }
            // The block made it shorter.
            None => index = index.min(length),
        }
    }
    Ok(me.clone())
}

fn cycle(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let block = block_or_enumerator!(interpreter, me, args, "cycle");
    let mut rounds = match args.get(0) {
        None | Some(Value::Nil) => i64::MAX,
        Some(number) => interpreter.to_integer(number)?,
    };
    let array = this(interpreter, me)?;
    while rounds > 0 && !array.items.borrow().is_empty() {
        let mut index = 0;
        loop {
            let item = array.items.borrow().get(index).cloned();
            let Some(item) = item else { break };
            interpreter.step()?;
            interpreter.yield_values(&block, vec![item])?;
            index += 1;
        }
        rounds -= 1;
    }
    Ok(Value::Nil)
}
