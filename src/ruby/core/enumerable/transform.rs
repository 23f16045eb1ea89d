//! From elements to other elements: `map`, `select`, `zip`, `each_with_index`, `to_h`, `uniq`.

use std::collections::HashSet;
use std::rc::Rc;

use super::{Verdict, block_or_enumerator, pack};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::value::{Key, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("map", |interpreter, me, args| map(interpreter, me, args, "map")),
    ("collect", |interpreter, me, args| map(interpreter, me, args, "collect")),
    ("flat_map", |interpreter, me, args| flat_map(interpreter, me, args, "flat_map")),
    ("collect_concat", |interpreter, me, args| flat_map(interpreter, me, args, "collect_concat")),
    ("select", |interpreter, me, args| sift(interpreter, me, args, "select", true)),
    ("filter", |interpreter, me, args| sift(interpreter, me, args, "filter", true)),
    ("find_all", |interpreter, me, args| sift(interpreter, me, args, "find_all", true)),
    ("reject", |interpreter, me, args| sift(interpreter, me, args, "reject", false)),
    ("filter_map", filter_map),
    ("partition", partition),
    ("zip", zip),
    ("each_with_index", each_with_index),
    ("each_with_object", each_with_object),
    ("each_entry", each_entry),
    ("reverse_each", reverse_each),
    ("to_a", to_a),
    ("entries", to_a),
    ("to_h", to_h),
    ("to_set", to_set),
    ("uniq", uniq),
    ("compact", compact),
    ("cycle", cycle),
    ("chain", chain),
];

/// A lambda that takes several parameters: `Hash#map` spreads the pair for it.
fn takes_several(block: &Proc) -> bool {
    match &block.code {
        Code::Block { block: syntax, .. } => block.lambda && syntax.params.list.len() > 1,
        Code::Method { method, .. } => match &method.body {
            crate::ruby::module::MethodBody::Ruby(definition) => definition.params.list.len() > 1,
            _ => false,
        },
        Code::Native { .. } => false,
    }
}

fn map(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    let spread = !matches!(me, Value::Array(_)) && takes_several(&block);
    let mapped = interpreter.fold(me, Vec::new(), move |interpreter, mapped: &mut Vec<Value>, mut values| {
        if let (true, [Value::Array(pair)]) = (spread, values.as_slice()) {
            let pair = pair.items.borrow().clone();
            values = pair;
        }
        mapped.push(interpreter.yield_values(&block, values)?);
        interpreter.check_size(mapped.len())?;
        Ok(true)
    })?;
    Ok(Value::array(mapped))
}

fn flat_map(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    let mapped = interpreter.fold(me, Vec::new(), move |interpreter, mapped: &mut Vec<Value>, values| {
        match interpreter.yield_values(&block, values)? {
            Value::Array(list) => mapped.extend(list.items.borrow().iter().cloned()),
            other @ Value::Object(_) if interpreter.has_method(&other, "to_ary".into(), false) => {
                let list = interpreter.send(&other, "to_ary", &[])?;
                mapped.extend(list.items().unwrap_or_else(|| vec![other]));
            }
            other => mapped.push(other),
        }
        interpreter.check_size(mapped.len())?;
        Ok(true)
    })?;
    Ok(Value::array(mapped))
}

fn sift(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &'static str, keep: bool) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, name);
    let (kept, unknown) = interpreter.fold_items(me, (Vec::new(), None), move |interpreter, (kept, unknown), item| {
        match Verdict::of(&interpreter.yield_item(&block, item.clone())?) {
            Verdict::Known(answer) if answer == keep => kept.push(item),
            Verdict::Known(_) => {}
            Verdict::Unknown(hole) => *unknown = Some(hole),
        }
        interpreter.check_size(kept.len())?;
        Ok(true)
    })?;
    Ok(match unknown {
        Some(hole) => interpreter.derived(&hole, &format!(" (decides `{name}`)")),
        None => Value::array(kept),
    })
}

fn filter_map(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "filter_map");
    let mapped = interpreter.fold(me, Vec::new(), move |interpreter, mapped: &mut Vec<Value>, values| {
        let value = interpreter.yield_values(&block, values)?;
        if value.truthy() {
            mapped.push(value);
        }
        interpreter.check_size(mapped.len())?;
        Ok(true)
    })?;
    Ok(Value::array(mapped))
}

fn partition(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "partition");
    let (yes, no, unknown) = interpreter.fold_items(me, (Vec::new(), Vec::new(), None), move |interpreter, (yes, no, unknown), item| {
        match Verdict::of(&interpreter.yield_item(&block, item.clone())?) {
            Verdict::Known(true) => yes.push(item),
            Verdict::Known(false) => no.push(item),
            Verdict::Unknown(hole) => *unknown = Some(hole),
        }
        Ok(true)
    })?;
    if let Some(hole) = unknown {
        let half = interpreter.derived(&hole, " (decides `partition`)");
        return Ok(Value::array(vec![half.clone(), half]));
    }
    Ok(Value::array(vec![Value::array(yes), Value::array(no)]))
}

fn zip(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let own = interpreter.to_list(me)?;
    let mut others = Vec::new();
    for other in &args.list {
        others.push(match other {
            Value::Array(array) => array.items.borrow().clone(),
            Value::Unknown(_) => vec![other.clone(); own.len()],
            other => {
                if !interpreter.responds_to(other, "each")? {
                    let class = interpreter.real_class(other).display_name();
                    return interpreter.type_error(format!("wrong argument type {class} (must respond to :each)"));
                }
                interpreter.take_items(other, own.len())?
            }
        });
    }
    let mut zipped = Vec::with_capacity(own.len());
    for (index, item) in own.into_iter().enumerate() {
        let mut row = vec![item];
        row.extend(others.iter().map(|other| other.get(index).cloned().unwrap_or(Value::Nil)));
        let row = Value::array(row);
        match &args.block {
            Some(block) => {
                interpreter.yield_values(block, vec![row])?;
            }
            None => zipped.push(row),
        }
    }
    Ok(if args.block.is_some() { Value::Nil } else { Value::array(zipped) })
}

fn each_with_index(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "each_with_index");
    interpreter.fold_items(me, 0_i64, move |interpreter, index, item| {
        interpreter.yield_values(&block, vec![item, Value::Integer(*index)])?;
        *index += 1;
        Ok(true)
    })?;
    Ok(me.clone())
}

fn each_with_object(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let block = block_or_enumerator!(interpreter, me, args, "each_with_object");
    let memo = args.value(0);
    interpreter.fold_items(me, memo.clone(), move |interpreter, memo, item| {
        interpreter.yield_values(&block, vec![item, memo.clone()])?;
        Ok(true)
    })?;
    Ok(memo)
}

fn each_entry(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "each_entry");
    interpreter.fold_items(me, (), move |interpreter, (), item| {
        interpreter.yield_values(&block, vec![item])?;
        Ok(true)
    })?;
    Ok(me.clone())
}

fn reverse_each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "reverse_each");
    for item in interpreter.to_list(me)?.into_iter().rev() {
        interpreter.step()?;
        interpreter.yield_values(&block, vec![item])?;
    }
    Ok(me.clone())
}

fn to_a(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::array(interpreter.to_list(me)?))
}

/// Adds a pair to the hash that `to_h` makes.
pub fn add_pair(interpreter: &mut Interpreter, hash: &Rc<crate::ruby::value::Hash>, pair: &Value, place: &str) -> Eval<()> {
    let items = match pair {
        Value::Array(array) => array.items.borrow().clone(),
        Value::Unknown(_) => return Ok(()),
        other if matches!(other, Value::Object(_)) && interpreter.has_method(other, "to_ary".into(), false) => {
            interpreter.send(other, "to_ary", &[])?.items().unwrap_or_default()
        }
        other => {
            let class = interpreter.real_class(other).display_name();
            return interpreter.type_error(format!("wrong element type {class}{place} (expected array)"));
        }
    };
    match items.as_slice() {
        [key, value] => interpreter.hash_insert(hash, key.clone(), value.clone()),
        other => {
            let count = other.len();
            interpreter.argument_error(if place.is_empty() {
                format!("element has wrong array length (expected 2, was {count})")
            } else {
                format!("wrong array length{place} (expected 2, was {count})")
            })
        }
    }
}

fn to_h(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = Value::new_hash();
    let made = Rc::clone(&hash);
    let block = args.block.clone();
    let is_array = matches!(me, Value::Array(_));
    interpreter.fold(me, 0_usize, move |interpreter, index, values| {
        let pair = match &block {
            Some(block) => interpreter.yield_values(block, values)?,
            None => pack(values),
        };
        let place = if is_array && block.is_none() { format!(" at {index}") } else { String::new() };
        *index += 1;
        add_pair(interpreter, &made, &pair, &place)?;
        Ok(true)
    })?;
    Ok(Value::Hash(hash))
}

fn to_set(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let items = interpreter.to_list(me)?;
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        kept.push(match &args.block {
            Some(block) => interpreter.yield_item(block, item)?,
            None => item,
        });
    }
    interpreter.make_set(kept)
}

fn uniq(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = args.block.clone();
    let (kept, _) = interpreter.fold_items(me, (Vec::new(), HashSet::<Key>::new()), move |interpreter, (kept, seen), item| {
        let by = match &block {
            Some(block) => interpreter.yield_item(block, item.clone())?,
            None => item.clone(),
        };
        if seen.insert(interpreter.key(&by)?) {
            kept.push(item);
        }
        Ok(true)
    })?;
    Ok(Value::array(kept))
}

fn compact(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let items = interpreter.to_list(me)?;
    Ok(Value::array(items.into_iter().filter(|item| !item.is_nil()).collect()))
}

fn cycle(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let block = block_or_enumerator!(interpreter, me, args, "cycle");
    let mut rounds = match args.get(0) {
        None | Some(Value::Nil) => i64::MAX,
        Some(number) => interpreter.to_integer(number)?,
    };
    let items = interpreter.to_list(me)?;
    while rounds > 0 && !items.is_empty() {
        for item in &items {
            interpreter.step()?;
            interpreter.yield_values(&block, vec![item.clone()])?;
        }
        rounds -= 1;
    }
    Ok(Value::Nil)
}

fn chain(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut parts = vec![me.clone()];
    parts.extend(args.list.iter().cloned());
    interpreter.make_chain(parts)
}
