//! Comparing and showing hashes: `==`, `<=`, `hash`, `inspect`.

use std::rc::Rc;

use super::{this, to_hash};
use crate::ruby::core::enumerable::Verdict;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("==", equal),
    ("eql?", |interpreter, me, args| {
        let other = args.value(0);
        Ok(Value::Bool(matches!(other, Value::Hash(_)) && interpreter.key(me)? == interpreter.key(&other)?))
    }),
    ("hash", |interpreter, me, _| {
        let key = interpreter.key(me)?;
        Ok(interpreter.hash_number(&key))
    }),
    ("<=", |interpreter, me, args| contained(interpreter, me, &args.value(0), false)),
    ("<", |interpreter, me, args| contained(interpreter, me, &args.value(0), true)),
    (">=", |interpreter, me, args| contained(interpreter, &args.value(0), me, false)),
    (">", |interpreter, me, args| contained(interpreter, &args.value(0), me, true)),
    ("inspect", inspect),
    ("to_s", inspect),
];

/// Whether every entry of `small` is in `large` with an equal value.
fn covers(interpreter: &mut Interpreter, small: &Rc<Hash>, large: &Rc<Hash>) -> Eval {
    let mut answer = Value::Bool(true);
    for (key, value) in small.pairs() {
        interpreter.step()?;
        let Some(other) = interpreter.hash_get(large, &key)? else { return Ok(Value::Bool(false)) };
        match interpreter.equal_or_unknown(&value, &other)? {
            Verdict::Known(true) => {}
            Verdict::Known(false) => return Ok(Value::Bool(false)),
            Verdict::Unknown(hole) => answer = Value::Unknown(hole),
        }
    }
    Ok(answer)
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let other = &args.list[0];
    let Value::Hash(large) = other else {
        if matches!(other, Value::Object(_)) && interpreter.has_method(other, "to_hash".into(), false) {
            return interpreter.equals(other, me);
        }
        return Ok(Value::Bool(false));
    };
    if me.same(other) {
        return Ok(Value::Bool(true));
    }
    let small = this(interpreter, me)?;
    let sizes = (small.map.borrow().len(), large.map.borrow().len());
    if sizes.0 != sizes.1 {
        return Ok(Value::Bool(false));
    }
    // Hashes that hold themselves are equal when nothing else differs.
    if interpreter.visiting.iter().filter(|known| **known == me.address()).count() > 1 {
        return Ok(Value::Bool(true));
    }
    interpreter.visiting.push(me.address());
    let answer = covers(interpreter, &small, large);
    interpreter.visiting.pop();
    answer
}

fn contained(interpreter: &mut Interpreter, small: &Value, large: &Value, proper: bool) -> Eval {
    let (small, large) = (to_hash(interpreter, small)?, to_hash(interpreter, large)?);
    let (few, many) = (small.map.borrow().len(), large.map.borrow().len());
    if few > many || (proper && few == many) {
        return Ok(Value::Bool(false));
    }
    covers(interpreter, &small, &large)
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    interpreter.inspect_guarded(me, "{...}", |interpreter| {
        let mut shown = String::from("{");
        for (index, (key, value)) in hash.pairs().into_iter().enumerate() {
            interpreter.step()?;
            if index > 0 {
                shown.push_str(", ");
            }
            shown.push_str(&interpreter.inspect(&key)?);
            shown.push_str("=>");
            shown.push_str(&interpreter.inspect(&value)?);
            interpreter.check_size(shown.len())?;
        }
        shown.push('}');
        Ok(shown)
    })
}
