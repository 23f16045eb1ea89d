//! Changing the hash itself: `[]=`, `delete`, `merge!`, `select!`, `replace`, `shift`, `rehash`.

use std::rc::Rc;

use super::{Found, look, put, remove, this, to_hash};
use crate::ruby::core::enumerable::block_or_enumerator;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::{Hash, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("[]=", store),
    ("store", store),
    ("delete", delete),
    ("delete_if", |interpreter, me, args| sift(interpreter, me, args, "delete_if", false, false)),
    ("reject!", |interpreter, me, args| sift(interpreter, me, args, "reject!", false, true)),
    ("select!", |interpreter, me, args| sift(interpreter, me, args, "select!", true, true)),
    ("filter!", |interpreter, me, args| sift(interpreter, me, args, "filter!", true, true)),
    ("keep_if", |interpreter, me, args| sift(interpreter, me, args, "keep_if", true, false)),
    ("merge!", merge),
    ("update", merge),
    ("replace", replace),
    ("initialize_copy", replace),
    ("clear", |interpreter, me, _| {
        open(interpreter, me)?.map.borrow_mut().clear();
        Ok(me.clone())
    }),
    ("shift", shift),
    ("compact!", compact),
    ("transform_values!", transform_values),
    ("transform_keys!", transform_keys),
    ("rehash", rehash),
];

/// The hash, which may be changed.
fn open(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Hash>> {
    interpreter.check_frozen(me)?;
    this(interpreter, me)
}

fn store(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(2))?;
    let hash = open(interpreter, me)?;
    interpreter.hash_insert(&hash, args.value(0), args.value(1))?;
    Ok(args.value(1))
}

fn delete(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let hash = open(interpreter, me)?;
    match remove(interpreter, &hash, &args.list[0])? {
        Some(value) => Ok(value),
        None => match &args.block {
            Some(block) => interpreter.yield_values(block, vec![args.value(0)]),
            None => Ok(Value::Nil),
        },
    }
}

/// Keeps the entries for which the block's truth is `keep`; with `quiet_nil` nil when nothing was removed.
fn sift(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, keep: bool, quiet_nil: bool) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    let hash = open(interpreter, me)?;
    let before = hash.map.borrow().len();
    let table = Rc::clone(&hash);
    interpreter.each_pair(&hash, |interpreter, key, value| {
        let answer = interpreter.yield_values(&block, vec![key.clone(), value])?;
        if !answer.is_unknown() && answer.truthy() != keep {
            remove(interpreter, &table, &key)?;
        }
        Ok(true)
    })?;
    let changed = hash.map.borrow().len() != before;
    Ok(if quiet_nil && !changed { Value::Nil } else { me.clone() })
}

/// Adds the entries of `others` to `me`; where a key is in both the block decides.
pub(super) fn merge_into(interpreter: &mut Interpreter, me: &Value, others: &[Value], block: Option<&Rc<Proc>>) -> Eval<()> {
    for other in others {
        for (key, value) in to_hash(interpreter, other)?.pairs() {
            interpreter.step()?;
            let value = match block {
                Some(block) => match look(interpreter, me, &key)? {
                    Found::Value(old) => interpreter.yield_values(block, vec![key.clone(), old, value])?,
                    _ => value,
                },
                None => value,
            };
            put(interpreter, me, key, value)?;
        }
    }
    Ok(())
}

fn merge(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_frozen(me)?;
    merge_into(interpreter, me, &args.list, args.block.as_ref())?;
    Ok(me.clone())
}

fn replace(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let hash = open(interpreter, me)?;
    let other = to_hash(interpreter, &args.list[0])?;
    if Rc::ptr_eq(&hash, &other) {
        return Ok(me.clone());
    }
    hash.identity.set(other.identity.get());
    let entries = other.map.borrow().clone();
    *hash.map.borrow_mut() = entries;
    let (default, block) = (other.default.borrow().clone(), other.default_proc.borrow().clone());
    *hash.default.borrow_mut() = default;
    *hash.default_proc.borrow_mut() = block;
    Ok(me.clone())
}

fn shift(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let hash = open(interpreter, me)?;
    let first = hash.map.borrow_mut().shift_remove_index(0);
    match first {
        Some((_, (key, value))) => Ok(Value::array(vec![key, value])),
        None => {
            // Ruby 3.1 still gives the default here.
            let block = hash.default_proc.borrow().clone();
            match block {
                Some(block) => interpreter.yield_values(&block, vec![me.clone(), Value::Nil]),
                None => Ok(hash.default.borrow().clone()),
            }
        }
    }
}

fn compact(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let hash = open(interpreter, me)?;
    let mut map = hash.map.borrow_mut();
    let before = map.len();
    map.retain(|_, (_, value)| !value.is_nil());
    Ok(if map.len() == before { Value::Nil } else { me.clone() })
}

fn transform_values(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "transform_values!");
    let hash = open(interpreter, me)?;
    let table = Rc::clone(&hash);
    interpreter.each_pair(&hash, |interpreter, key, value| {
        let value = interpreter.yield_values(&block, vec![value])?;
        interpreter.hash_insert(&table, key, value)?;
        Ok(true)
    })?;
    Ok(me.clone())
}

fn transform_keys(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if args.is_empty() && args.block.is_none() {
        return interpreter.enumerator(me, "transform_keys!", Vec::new());
    }
    let hash = open(interpreter, me)?;
    let made = super::derive::with_keys(interpreter, &hash, args)?;
    let entries = made.map.borrow().clone();
    *hash.map.borrow_mut() = entries;
    Ok(me.clone())
}

fn rehash(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let hash = open(interpreter, me)?;
    if hash.iterating.get() > 0 {
        let class = Rc::clone(&interpreter.classes.runtime_error);
        return interpreter.raise(&class, "rehash during iteration");
    }
    let entries = hash.pairs();
    hash.map.borrow_mut().clear();
    for (key, value) in entries {
        let plain = interpreter.hash_key(&hash, &key)?;
        hash.map.borrow_mut().entry(plain).or_insert((key, value));
    }
    Ok(me.clone())
}
