//! New hashes from this one: `merge`, `select`, `transform_values`, `invert`, `slice`, `except`, `to_a`, `to_h`.

use std::rc::Rc;

use super::change::merge_into;
use super::{Found, hash_of, look, remove, this};
use crate::ruby::core::enumerable::{Verdict, block_or_enumerator};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("merge", merge),
    ("select", |interpreter, me, args| sift(interpreter, me, args, "select", true)),
    ("filter", |interpreter, me, args| sift(interpreter, me, args, "filter", true)),
    ("reject", |interpreter, me, args| sift(interpreter, me, args, "reject", false)),
    ("transform_values", transform_values),
    ("transform_keys", |interpreter, me, args| {
        if args.is_empty() && args.block.is_none() {
            return interpreter.enumerator(me, "transform_keys", Vec::new());
        }
        let hash = this(interpreter, me)?;
        Ok(Value::Hash(with_keys(interpreter, &hash, args)?))
    }),
    ("invert", invert),
    ("slice", slice),
    ("except", except),
    ("compact", |interpreter, me, _| {
        let hash = this(interpreter, me)?;
        let entries: Vec<_> =
            hash.map.borrow().iter().filter(|(_, (_, value))| !value.is_nil()).map(|(key, entry)| (key.clone(), entry.clone())).collect();
        Ok(hash_of(&hash, entries))
    }),
    ("to_a", |interpreter, me, _| {
        let pairs = this(interpreter, me)?.pairs();
        Ok(Value::array(pairs.into_iter().map(|(key, value)| Value::array(vec![key, value])).collect()))
    }),
    ("to_h", to_h),
    ("to_hash", |_, me, _| Ok(me.clone())),
    ("flatten", flatten),
    ("deconstruct_keys", |_, me, _| Ok(me.clone())),
];

fn merge(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let made = crate::ruby::core::object::copy(interpreter, me, false);
    merge_into(interpreter, &made, &args.list, args.block.as_ref())?;
    Ok(made)
}

fn sift(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, keep: bool) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    let hash = this(interpreter, me)?;
    let Value::Hash(kept) = hash_of(&hash, []) else { return Ok(Value::Nil) };
    let mut unknown = None;
    interpreter.each_pair(&hash, |interpreter, key, value| {
        match Verdict::of(&interpreter.yield_values(&block, vec![key.clone(), value.clone()])?) {
            Verdict::Known(answer) if answer == keep => interpreter.hash_insert(&kept, key, value)?,
            Verdict::Known(_) => {}
            Verdict::Unknown(hole) => unknown = Some(hole),
        }
        Ok(true)
    })?;
    Ok(match unknown {
        Some(hole) => interpreter.derived(&hole, &format!(" (decides `{name}`)")),
        None => Value::Hash(kept),
    })
}

fn transform_values(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "transform_values");
    let hash = this(interpreter, me)?;
    let Value::Hash(made) = hash_of(&hash, []) else { return Ok(Value::Nil) };
    interpreter.each_pair(&hash, |interpreter, key, value| {
        let value = interpreter.yield_values(&block, vec![value])?;
        interpreter.hash_insert(&made, key, value)?;
        Ok(true)
    })?;
    Ok(Value::Hash(made))
}

/// The entries under new keys: from the hash argument, else from the block, else as they are.
pub(super) fn with_keys(interpreter: &mut Interpreter, hash: &Rc<Hash>, args: &Args) -> Eval<Rc<Hash>> {
    interpreter.check_arity(args, 0, Some(1))?;
    let table = match args.get(0) {
        Some(table) => Some(super::to_hash(interpreter, table)?),
        None => None,
    };
    let made = Value::new_hash();
    interpreter.each_pair(hash, |interpreter, key, value| {
        let renamed = match &table {
            Some(table) => interpreter.hash_get(table, &key)?,
            None => None,
        };
        let key = match (renamed, &args.block) {
            (Some(renamed), _) => renamed,
            (None, Some(block)) => interpreter.yield_values(block, vec![key])?,
            (None, None) => key,
        };
        interpreter.hash_insert(&made, key, value)?;
        Ok(true)
    })?;
    Ok(made)
}

fn invert(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let made = Value::new_hash();
    for (key, value) in this(interpreter, me)?.pairs() {
        interpreter.hash_insert(&made, value, key)?;
    }
    Ok(Value::Hash(made))
}

fn slice(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    let Value::Hash(made) = hash_of(&hash, []) else { return Ok(Value::Nil) };
    for key in &args.list {
        if let Found::Value(value) = look(interpreter, me, key)? {
            interpreter.hash_insert(&made, key.clone(), value)?;
        }
    }
    Ok(Value::Hash(made))
}

fn except(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    let entries = hash.map.borrow().clone();
    let made = hash_of(&hash, entries);
    if let Value::Hash(left) = &made {
        for key in &args.list {
            remove(interpreter, left, key)?;
        }
    }
    Ok(made)
}

fn to_h(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    let Some(block) = &args.block else {
        if hash.class.borrow().is_none() {
            return Ok(me.clone());
        }
        let entries = hash.map.borrow().clone();
        let made = hash_of(&hash, entries);
        if let Value::Hash(made) = &made {
            made.default.borrow_mut().clone_from(&hash.default.borrow());
            made.default_proc.borrow_mut().clone_from(&hash.default_proc.borrow());
        }
        return Ok(made);
    };
    let made = Value::new_hash();
    interpreter.each_pair(&hash, |interpreter, key, value| {
        let pair = interpreter.yield_values(block, vec![key, value])?;
        match &pair {
            Value::Array(_) | Value::Unknown(_) | Value::Object(_) => {}
            other => {
                let class = interpreter.real_class(other).display_name();
                return interpreter.type_error(format!("wrong element type {class} (expected array)"));
            }
        }
        crate::ruby::core::enumerable::add_pair(interpreter, &made, &pair, "")?;
        Ok(true)
    })?;
    Ok(Value::Hash(made))
}

fn flatten(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let depth = match args.get(0) {
        None => 1,
        Some(depth) => interpreter.to_integer(depth)?,
    };
    let pairs = this(interpreter, me)?.pairs();
    if depth == 0 {
        return Ok(Value::array(pairs.into_iter().map(|(key, value)| Value::array(vec![key, value])).collect()));
    }
    let flat = Value::array(pairs.into_iter().flat_map(|(key, value)| [key, value]).collect());
    if depth == 1 {
        return Ok(flat);
    }
    let rest = if depth < 0 { -1 } else { depth - 1 };
    interpreter.send(&flat, "flatten", &[Value::Integer(rest)])
}
