//! Changing the array itself: `push`, `insert`, `[]=`, `delete`, `fill`, and the methods with `!`.

use std::collections::HashSet;
use std::rc::Rc;

use super::access::integer;
use super::{items, position, range_part, this, to_ary};
use crate::ruby::core::enumerable::{block_or_enumerator, by_block, sorted};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::{Array, Key, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("push", push),
    ("append", push),
    ("<<", append_one),
    ("pop", pop),
    ("shift", shift),
    ("unshift", unshift),
    ("prepend", unshift),
    ("insert", insert),
    ("[]=", store),
    ("concat", concat),
    ("replace", replace),
    ("initialize_copy", replace),
    ("clear", clear),
    ("fill", fill),
    ("delete", delete),
    ("delete_at", delete_at),
    ("delete_if", |interpreter, me, args| sift(interpreter, me, args, "delete_if", false, false)),
    ("reject!", |interpreter, me, args| sift(interpreter, me, args, "reject!", false, true)),
    ("select!", |interpreter, me, args| sift(interpreter, me, args, "select!", true, true)),
    ("filter!", |interpreter, me, args| sift(interpreter, me, args, "filter!", true, true)),
    ("keep_if", |interpreter, me, args| sift(interpreter, me, args, "keep_if", true, false)),
    ("slice!", slice),
    ("compact!", compact),
    ("flatten!", flatten),
    ("uniq!", uniq),
    ("map!", |interpreter, me, args| map(interpreter, me, args, "map!")),
    ("collect!", |interpreter, me, args| map(interpreter, me, args, "collect!")),
    ("reverse!", |interpreter, me, _| change(interpreter, me, |_, items| Ok(items.into_iter().rev().collect()))),
    ("rotate!", |interpreter, me, args| {
        let count = rotation(interpreter, args)?;
        change(interpreter, me, |_, items| Ok(rotated(items, count)))
    }),
    ("sort!", |interpreter, me, args| change(interpreter, me, |interpreter, items| sorted(interpreter, items, args.block.as_ref()))),
    ("sort_by!", |interpreter, me, args| {
        let block = block_or_enumerator!(interpreter, me, args, "sort_by!");
        change(interpreter, me, |interpreter, items| by_block(interpreter, items, &block))
    }),
    ("shuffle!", |_, me, _| Ok(me.clone())),
];

/// The array, which may be changed.
fn open(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Array>> {
    interpreter.check_frozen(me)?;
    this(interpreter, me)
}

fn change(interpreter: &mut Interpreter, me: &Value, work: impl FnOnce(&mut Interpreter, Vec<Value>) -> Eval<Vec<Value>>) -> Eval {
    let array = open(interpreter, me)?;
    let before = array.items.borrow().clone();
    let after = work(interpreter, before)?;
    interpreter.check_size(after.len())?;
    *array.items.borrow_mut() = after;
    Ok(me.clone())
}

fn push(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let array = open(interpreter, me)?;
    array.items.borrow_mut().extend(args.list.iter().cloned());
    let size = array.items.borrow().len();
    interpreter.check_size(size)?;
    Ok(me.clone())
}

fn append_one(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    push(interpreter, me, args)
}

fn pop(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let array = open(interpreter, me)?;
    match args.get(0) {
        None => Ok(array.items.borrow_mut().pop().unwrap_or(Value::Nil)),
        Some(count) => {
            let count = interpreter.size_argument(count, "negative array size")?;
            let mut items = array.items.borrow_mut();
            let start = items.len().saturating_sub(count);
            Ok(Value::array(items.split_off(start)))
        }
    }
}

fn shift(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let array = open(interpreter, me)?;
    match args.get(0) {
        None => {
            let mut items = array.items.borrow_mut();
            Ok(if items.is_empty() { Value::Nil } else { items.remove(0) })
        }
        Some(count) => {
            let count = interpreter.size_argument(count, "negative array size")?;
            let mut items = array.items.borrow_mut();
            let end = count.min(items.len());
            Ok(Value::array(items.drain(..end).collect()))
        }
    }
}

fn unshift(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let array = open(interpreter, me)?;
    array.items.borrow_mut().splice(..0, args.list.iter().cloned());
    let size = array.items.borrow().len();
    interpreter.check_size(size)?;
    Ok(me.clone())
}

fn insert(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, None)?;
    let array = open(interpreter, me)?;
    let index = interpreter.to_integer(&args.value(0))?;
    let new = args.list.get(1..).unwrap_or_default();
    if new.is_empty() {
        return Ok(me.clone());
    }
    let length = array.items.borrow().len();
    // A negative index inserts behind the element that it means.
    let place = if index < 0 { position(index, length).map(|place| place + 1) } else { position(index, length) };
    let Some(place) = place else {
        let class = Rc::clone(&interpreter.classes.index_error);
        return interpreter.raise(&class, format!("index {index} too small for array; minimum: -{}", length + 1));
    };
    write(interpreter, &array, place, 0, new)?;
    Ok(me.clone())
}

/// Replaces `count` elements from `start` on; what lies between the end and `start` becomes nil.
fn write(interpreter: &mut Interpreter, array: &Array, start: usize, count: usize, new: &[Value]) -> Eval<()> {
    interpreter.check_size(start.saturating_add(new.len()))?;
    let mut items = array.items.borrow_mut();
    if start > items.len() {
        items.resize(start, Value::Nil);
    }
    let end = start.saturating_add(count).min(items.len());
    items.splice(start..end, new.iter().cloned());
    interpreter.check_size(items.len())
}

fn replacement(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(array) => array.items.borrow().clone(),
        other => vec![other.clone()],
    }
}

fn store(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(3))?;
    let array = open(interpreter, me)?;
    let length = array.items.borrow().len();
    let index_error = Rc::clone(&interpreter.classes.index_error);
    if args.len() == 3 {
        let (start, count) = (interpreter.to_integer(&args.list[0])?, interpreter.to_integer(&args.list[1])?);
        let Ok(count) = usize::try_from(count) else {
            return interpreter.raise(&index_error, format!("negative length ({count})"));
        };
        let Some(place) = position(start, length) else {
            return interpreter.raise(&index_error, format!("index {start} too small for array; minimum: -{length}"));
        };
        write(interpreter, &array, place, count, &replacement(&args.list[2]))?;
        return Ok(args.value(2));
    }
    let value = args.value(1);
    if let Value::Range(range) = &args.list[0] {
        let low = if range.low.is_nil() { 0 } else { interpreter.to_integer(&range.low)? };
        let Some(start) = position(low, length) else {
            let class = Rc::clone(&interpreter.classes.range_error);
            let shown = interpreter.inspect(&args.list[0])?;
            return interpreter.raise(&class, format!("{shown} out of range"));
        };
        let count = range_part(interpreter, range, length)?.map_or(0, |(_, count)| count);
        write(interpreter, &array, start, count, &replacement(&value))?;
        return Ok(value);
    }
    let index = interpreter.to_integer(&args.list[0])?;
    let Some(place) = position(index, length) else {
        return interpreter.raise(&index_error, format!("index {index} too small for array; minimum: -{length}"));
    };
    write(interpreter, &array, place, 1, std::slice::from_ref(&value))?;
    Ok(value)
}

fn concat(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let array = open(interpreter, me)?;
    let mut new = Vec::new();
    for list in &args.list {
        new.extend(to_ary(interpreter, list)?);
    }
    array.items.borrow_mut().extend(new);
    let size = array.items.borrow().len();
    interpreter.check_size(size)?;
    Ok(me.clone())
}

fn replace(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let new = to_ary(interpreter, &args.list[0])?;
    change(interpreter, me, |_, _| Ok(new))
}

fn clear(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    change(interpreter, me, |_, _| Ok(Vec::new()))
}

fn fill(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let array = open(interpreter, me)?;
    let with_block = usize::from(args.block.is_none());
    interpreter.check_arity(args, with_block, Some(with_block + 2))?;
    let rest = args.list.get(with_block..).unwrap_or_default();
    let length = array.items.borrow().len();
    let (start, end) = match rest {
        [Value::Range(range)] => {
            let low = if range.low.is_nil() { 0 } else { interpreter.to_integer(&range.low)? };
            let start = position(low, length).unwrap_or(0);
            let high = if range.high.is_nil() { -1 } else { interpreter.to_integer(&range.high)? };
            let end = position(high, length).map_or(0, |end| end + usize::from(!range.exclusive || range.high.is_nil()));
            (start, end)
        }
        _ => {
            let start = match rest.first() {
                None | Some(Value::Nil) => 0,
                Some(start) => {
                    let start = interpreter.to_integer(start)?;
                    position(start, length).unwrap_or(0)
                }
            };
            let end = match rest.get(1) {
                None | Some(Value::Nil) => length,
                Some(count) => {
                    let count = interpreter.to_integer(count)?;
                    start.saturating_add(usize::try_from(count).unwrap_or(0))
                }
            };
            (start, end)
        }
    };
    interpreter.check_size(end)?;
    for index in start..end {
        let value = match &args.block {
            Some(block) => interpreter.yield_values(block, vec![integer(index)])?,
            None => args.value(0),
        };
        let mut items = array.items.borrow_mut();
        if index >= items.len() {
            items.resize(index + 1, Value::Nil);
        }
        if let Some(slot) = items.get_mut(index) {
            *slot = value;
        }
    }
    Ok(me.clone())
}

fn delete(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let array = this(interpreter, me)?;
    let mut found = None;
    let mut kept = Vec::new();
    for item in items(interpreter, me)? {
        if interpreter.equal(&item, &args.list[0])? {
            found = Some(item);
        } else {
            kept.push(item);
        }
    }
    match found {
        Some(value) => {
            interpreter.check_frozen(me)?;
            *array.items.borrow_mut() = kept;
            Ok(value)
        }
        None => match &args.block {
            Some(block) => interpreter.yield_values(block, vec![args.value(0)]),
            None => Ok(Value::Nil),
        },
    }
}

fn delete_at(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let array = open(interpreter, me)?;
    let index = interpreter.to_integer(&args.list[0])?;
    let mut items = array.items.borrow_mut();
    Ok(match position(index, items.len()).filter(|index| *index < items.len()) {
        Some(index) => items.remove(index),
        None => Value::Nil,
    })
}

/// Keeps the elements for which the block's truth is `keep`; with `quiet_nil` nil when nothing was removed.
fn sift(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, keep: bool, quiet_nil: bool) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    let array = open(interpreter, me)?;
    let before = array.items.borrow().clone();
    let count = before.len();
    let mut kept = Vec::with_capacity(count);
    let mut outcome = Ok(());
    let mut rest = before.into_iter();
    for item in rest.by_ref() {
        match interpreter.step().and_then(|()| interpreter.yield_item(&block, item.clone())) {
            Ok(answer) => {
                // What is not known may stay.
                if answer.is_unknown() || answer.truthy() == keep {
                    kept.push(item);
                }
            }
            Err(flow) => {
                kept.push(item);
                outcome = Err(flow);
                break;
            }
        }
    }
    kept.extend(rest);
    let changed = kept.len() != count;
    *array.items.borrow_mut() = kept;
    outcome?;
    Ok(if quiet_nil && !changed { Value::Nil } else { me.clone() })
}

fn slice(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let array = open(interpreter, me)?;
    let length = array.items.borrow().len();
    let part = match args.list.as_slice() {
        [Value::Range(range)] => range_part(interpreter, range, length)?,
        [start, count] => {
            let (start, count) = (interpreter.to_integer(start)?, interpreter.to_integer(count)?);
            position(start, length).filter(|start| *start <= length).zip(usize::try_from(count).ok())
        }
        _ => return delete_at(interpreter, me, args),
    };
    let Some((start, count)) = part else { return Ok(Value::Nil) };
    let end = start.saturating_add(count).min(length);
    Ok(Value::array(array.items.borrow_mut().drain(start..end).collect()))
}

fn compact(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let array = open(interpreter, me)?;
    let mut items = array.items.borrow_mut();
    let before = items.len();
    items.retain(|item| !item.is_nil());
    Ok(if items.len() == before { Value::Nil } else { me.clone() })
}

fn flatten(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let array = open(interpreter, me)?;
    let before = array.items.borrow().clone();
    if !before.iter().any(|item| matches!(item, Value::Array(_))) {
        return Ok(Value::Nil);
    }
    let after = super::derive::flattened(interpreter, me, args)?;
    *array.items.borrow_mut() = after;
    Ok(me.clone())
}

/// Each element once, by `eql?` (of what the block gives).
pub(super) fn distinct(interpreter: &mut Interpreter, list: Vec<Value>, block: Option<&Rc<Proc>>) -> Eval<Vec<Value>> {
    let mut seen: HashSet<Key> = HashSet::new();
    let mut kept = Vec::new();
    for item in list {
        interpreter.step()?;
        let key = match block {
            Some(block) => {
                let by = interpreter.yield_item(block, item.clone())?;
                interpreter.key(&by)?
            }
            None => interpreter.key(&item)?,
        };
        if seen.insert(key) {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn uniq(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let array = open(interpreter, me)?;
    let before = array.items.borrow().clone();
    let count = before.len();
    let kept = distinct(interpreter, before, args.block.as_ref())?;
    let changed = kept.len() != count;
    *array.items.borrow_mut() = kept;
    Ok(if changed { me.clone() } else { Value::Nil })
}

fn map(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    let array = open(interpreter, me)?;
    let mut index = 0;
    loop {
        let item = array.items.borrow().get(index).cloned();
        let Some(item) = item else { return Ok(me.clone()) };
        interpreter.step()?;
        let value = interpreter.yield_item(&block, item)?;
        if let Some(slot) = array.items.borrow_mut().get_mut(index) {
            *slot = value;
        }
        index += 1;
    }
}

/// How far `rotate` goes.
pub(super) fn rotation(interpreter: &mut Interpreter, args: &Args) -> Eval<i64> {
    match args.get(0) {
        Some(count) => interpreter.to_integer(count),
        None => Ok(1),
    }
}

/// The elements with the first `count` moved to the end.
pub(super) fn rotated(mut items: Vec<Value>, count: i64) -> Vec<Value> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if length > 0 {
        items.rotate_left(usize::try_from(count.rem_euclid(length)).unwrap_or(0));
    }
    items
}
