//! Changing the set itself: `add`, `delete`, `merge`, `select!`, `map!`.

use std::rc::Rc;

use super::{elements, enumerated, members};
use crate::ruby::core::enumerable::block_or_enumerator;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("add", add),
    ("<<", add),
    ("add?", |interpreter, me, args| {
        let table = open(interpreter, me)?;
        if interpreter.hash_get(&table, &args.value(0))?.is_some() {
            return Ok(Value::Nil);
        }
        add(interpreter, me, args)
    }),
    ("delete", delete),
    ("delete?", |interpreter, me, args| {
        let table = open(interpreter, me)?;
        if interpreter.hash_get(&table, &args.value(0))?.is_none() {
            return Ok(Value::Nil);
        }
        delete(interpreter, me, args)
    }),
    ("merge", |interpreter, me, args| {
        let table = open(interpreter, me)?;
        for list in &args.list {
            for item in enumerated(interpreter, list)? {
                interpreter.hash_insert(&table, item, Value::Bool(true))?;
            }
        }
        Ok(me.clone())
    }),
    ("subtract", |interpreter, me, args| {
        open(interpreter, me)?;
        for item in enumerated(interpreter, &args.value(0))? {
            delete(interpreter, me, &Args::new(vec![item]))?;
        }
        Ok(me.clone())
    }),
    ("replace", |interpreter, me, args| {
        let table = open(interpreter, me)?;
        let items = enumerated(interpreter, &args.value(0))?;
        refill(interpreter, &table, items)?;
        Ok(me.clone())
    }),
    ("clear", |interpreter, me, _| {
        open(interpreter, me)?.map.borrow_mut().clear();
        Ok(me.clone())
    }),
    ("reset", |interpreter, me, _| {
        let table = open(interpreter, me)?;
        let items = elements(interpreter, me)?;
        refill(interpreter, &table, items)?;
        Ok(me.clone())
    }),
    ("select!", |interpreter, me, args| sift(interpreter, me, args, "select!", true, true)),
    ("filter!", |interpreter, me, args| sift(interpreter, me, args, "filter!", true, true)),
    ("reject!", |interpreter, me, args| sift(interpreter, me, args, "reject!", false, true)),
    ("keep_if", |interpreter, me, args| sift(interpreter, me, args, "keep_if", true, false)),
    ("delete_if", |interpreter, me, args| sift(interpreter, me, args, "delete_if", false, false)),
    ("map!", map),
    ("collect!", map),
];

/// The table of a set that may be changed.
fn open(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Hash>> {
    interpreter.check_frozen(me)?;
    members(interpreter, me)
}

fn refill(interpreter: &mut Interpreter, table: &Rc<Hash>, items: Vec<Value>) -> Eval<()> {
    table.map.borrow_mut().clear();
    for item in items {
        interpreter.hash_insert(table, item, Value::Bool(true))?;
    }
    Ok(())
}

fn add(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let table = open(interpreter, me)?;
    interpreter.hash_insert(&table, args.value(0), Value::Bool(true))?;
    Ok(me.clone())
}

fn delete(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let table = open(interpreter, me)?;
    let key = interpreter.hash_key(&table, &args.list[0])?;
    table.map.borrow_mut().shift_remove(&key);
    Ok(me.clone())
}

fn sift(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, keep: bool, quiet_nil: bool) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    open(interpreter, me)?;
    let mut changed = false;
    for item in elements(interpreter, me)? {
        interpreter.step()?;
        let answer = interpreter.yield_item(&block, item.clone())?;
        if !answer.is_unknown() && answer.truthy() != keep {
            delete(interpreter, me, &Args::new(vec![item]))?;
            changed = true;
        }
    }
    Ok(if quiet_nil && !changed { Value::Nil } else { me.clone() })
}

fn map(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "map!");
    let table = open(interpreter, me)?;
    let mut mapped = Vec::new();
    for item in elements(interpreter, me)? {
        interpreter.step()?;
        mapped.push(interpreter.yield_item(&block, item)?);
    }
    refill(interpreter, &table, mapped)?;
    Ok(me.clone())
}
