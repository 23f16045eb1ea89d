//! Groups: `group_by`, `each_slice`, `each_cons`, `chunk`, `chunk_while`, `slice_when`.

use std::rc::Rc;

use super::block_or_enumerator;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[
    ("group_by", group_by),
    ("each_slice", each_slice),
    ("each_cons", each_cons),
    ("chunk", chunk),
    ("chunk_while", chunk_while),
    ("slice_when", slice_when),
    ("slice_before", slice_before),
    ("slice_after", slice_after),
];

fn group_by(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "group_by");
    let hash = Value::new_hash();
    let made = Rc::clone(&hash);
    interpreter.fold_items(me, (), move |interpreter, (), item| {
        let key = interpreter.yield_item(&block, item.clone())?;
        match interpreter.hash_get(&made, &key)? {
            Some(Value::Array(group)) => group.items.borrow_mut().push(item),
            _ => interpreter.hash_insert(&made, key, Value::array(vec![item]))?,
        }
        Ok(true)
    })?;
    Ok(Value::Hash(hash))
}

fn positive(interpreter: &mut Interpreter, args: &Args, message: &str) -> Eval<usize> {
    interpreter.check_arity(args, 1, Some(1))?;
    match interpreter.size_argument(&args.value(0), message)? {
        0 => interpreter.argument_error(message),
        size => Ok(size),
    }
}

fn each_slice(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let size = positive(interpreter, args, "invalid slice size")?;
    let block = block_or_enumerator!(interpreter, me, args, "each_slice");
    let last = Rc::clone(&block);
    let rest = interpreter.fold_items(me, Vec::new(), move |interpreter, slice: &mut Vec<Value>, item| {
        slice.push(item);
        if slice.len() == size {
            interpreter.yield_values(&block, vec![Value::array(std::mem::take(slice))])?;
        }
        Ok(true)
    })?;
    if !rest.is_empty() {
        interpreter.yield_values(&last, vec![Value::array(rest)])?;
    }
    Ok(me.clone())
}

fn each_cons(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let size = positive(interpreter, args, "invalid size")?;
    let block = block_or_enumerator!(interpreter, me, args, "each_cons");
    interpreter.fold_items(me, Vec::new(), move |interpreter, window: &mut Vec<Value>, item| {
        if window.len() == size {
            window.remove(0);
        }
        window.push(item);
        if window.len() == size {
            interpreter.yield_values(&block, vec![Value::array(window.clone())])?;
        }
        Ok(true)
    })?;
    Ok(me.clone())
}

/// The enumerator over groups that were found.
fn enumerator_over(interpreter: &mut Interpreter, groups: Vec<Value>) -> Eval {
    interpreter.enumerator(&Value::array(groups), "each", Vec::new())
}

fn chunk(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "chunk");
    let mut groups: Vec<(Value, Vec<Value>, bool)> = Vec::new();
    let mut cut = true;
    for item in interpreter.to_list(me)? {
        interpreter.step()?;
        let key = interpreter.yield_item(&block, item.clone())?;
        let word = match &key {
            Value::Symbol(name) => name.as_str(),
            _ => "",
        };
        if key.is_nil() || word == "_separator" {
            cut = true;
            continue;
        }
        let alone = word == "_alone";
        let joins = match groups.last() {
            Some((known, _, known_alone)) if !cut && !alone && !known_alone => interpreter.equal(known, &key)?,
            _ => false,
        };
        match groups.last_mut() {
            Some((_, items, _)) if joins => items.push(item),
            _ => groups.push((key, vec![item], alone)),
        }
        cut = false;
    }
    let groups = groups.into_iter().map(|(key, items, _)| Value::array(vec![key, Value::array(items)])).collect();
    enumerator_over(interpreter, groups)
}

fn between(interpreter: &mut Interpreter, me: &Value, args: &Args, cut_when: bool) -> Eval {
    let Some(block) = args.block.clone() else {
        return interpreter.argument_error("tried to create Proc object without a block");
    };
    let mut groups: Vec<Vec<Value>> = Vec::new();
    for item in interpreter.to_list(me)? {
        interpreter.step()?;
        let before = groups.last().and_then(|group| group.last().cloned());
        let cut = match before {
            Some(before) => interpreter.yield_values(&block, vec![before, item.clone()])?.truthy() == cut_when,
            None => true,
        };
        match groups.last_mut() {
            Some(group) if !cut => group.push(item),
            _ => groups.push(vec![item]),
        }
    }
    enumerator_over(interpreter, groups.into_iter().map(Value::array).collect())
}

/// `chunk_while { |before, after| … }`
///
/// # Errors
/// What the block raises.
pub fn chunk_while(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    between(interpreter, me, args, false)
}

/// `slice_when { |before, after| … }`
///
/// # Errors
/// What the block raises.
pub fn slice_when(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    between(interpreter, me, args, true)
}

fn decides(interpreter: &mut Interpreter, args: &Args, item: &Value) -> Eval<bool> {
    let answer = match (args.get(0), &args.block) {
        (Some(pattern), _) => interpreter.case_equal(pattern, item)?,
        (None, Some(block)) => interpreter.yield_item(block, item.clone())?,
        (None, None) => return interpreter.argument_error("wrong number of arguments (given 0, expected 1)"),
    };
    Ok(answer.truthy())
}

fn slice_before(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut groups: Vec<Vec<Value>> = Vec::new();
    for item in interpreter.to_list(me)? {
        interpreter.step()?;
        let cut = decides(interpreter, args, &item)?;
        match groups.last_mut() {
            Some(group) if !cut => group.push(item),
            _ => groups.push(vec![item]),
        }
    }
    enumerator_over(interpreter, groups.into_iter().map(Value::array).collect())
}

fn slice_after(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut groups: Vec<Vec<Value>> = Vec::new();
    let mut cut = true;
    for item in interpreter.to_list(me)? {
        interpreter.step()?;
        let cuts = decides(interpreter, args, &item)?;
        match groups.last_mut() {
            Some(group) if !cut => group.push(item),
            _ => groups.push(vec![item]),
        }
        cut = cuts;
    }
    enumerator_over(interpreter, groups.into_iter().map(Value::array).collect())
}
