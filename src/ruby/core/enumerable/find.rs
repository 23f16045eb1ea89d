//! Searching and testing: `find`, `first`, `include?`, `all?`, `take_while`, `grep`.

use std::rc::Rc;

use super::{Verdict, block_or_enumerator, pack};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::text::Hole;

pub const METHODS: &[(&str, Native)] = &[
    ("all?", all),
    ("any?", any),
    ("none?", none),
    ("one?", one),
    ("find", find),
    ("detect", find),
    ("find_index", find_index),
    ("include?", include),
    ("member?", include),
    ("first", first),
    ("take", take),
    ("take_while", take_while),
    ("drop", drop_some),
    ("drop_while", drop_while),
    ("count", count),
    ("grep", grep),
    ("grep_v", grep_v),
];

/// How many elements pass: tests them by the pattern, the block or themselves, until `stop` says it is enough.
fn tally_truth(
    interpreter: &mut Interpreter,
    me: &Value,
    args: &Args,
    stop: fn(yes: usize, no: usize) -> bool,
) -> Eval<(usize, usize, Option<Rc<Hole>>)> {
    interpreter.check_arity(args, 0, Some(1))?;
    let pattern = args.get(0).cloned();
    let block = args.block.clone();
    interpreter.fold_items(me, (0, 0, None), move |interpreter, (yes, no, unknown), item| {
        let answer = match (&pattern, &block) {
            (Some(pattern), _) => interpreter.case_equal(pattern, &item)?,
            (None, Some(block)) => interpreter.yield_item(block, item)?,
            (None, None) => item,
        };
        match Verdict::of(&answer) {
            Verdict::Known(true) => *yes += 1,
            Verdict::Known(false) => *no += 1,
            Verdict::Unknown(hole) => *unknown = Some(hole),
        }
        Ok(!stop(*yes, *no))
    })
}

fn all(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (_, no, unknown) = tally_truth(interpreter, me, args, |_, no| no > 0)?;
    Ok(if no > 0 { Value::Bool(false) } else { unknown.map_or(Value::Bool(true), Value::Unknown) })
}

fn any(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (yes, _, unknown) = tally_truth(interpreter, me, args, |yes, _| yes > 0)?;
    Ok(if yes > 0 { Value::Bool(true) } else { unknown.map_or(Value::Bool(false), Value::Unknown) })
}

fn none(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (yes, _, unknown) = tally_truth(interpreter, me, args, |yes, _| yes > 0)?;
    Ok(match unknown {
        _ if yes > 0 => Value::Bool(false),
        Some(hole) => interpreter.derived_prefix("!", &hole),
        None => Value::Bool(true),
    })
}

fn one(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (yes, _, unknown) = tally_truth(interpreter, me, args, |yes, _| yes > 1)?;
    Ok(if yes > 1 { Value::Bool(false) } else { unknown.map_or(Value::Bool(yes == 1), Value::Unknown) })
}

fn find(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "find");
    let found = interpreter.fold_items(me, None, move |interpreter, found, item| {
        let answer = interpreter.yield_item(&block, item.clone())?;
        match Verdict::of(&answer) {
            Verdict::Known(true) => *found = Some(item),
            Verdict::Known(false) => return Ok(true),
            Verdict::Unknown(hole) => *found = Some(interpreter.derived(&hole, " (decides `find`)")),
        }
        Ok(false)
    })?;
    match found {
        Some(value) => Ok(value),
        None if !args.value(0).is_nil() => interpreter.send(&args.value(0), "call", &[]),
        None => Ok(Value::Nil),
    }
}

fn find_index(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let wanted = args.get(0).cloned();
    let block = match &wanted {
        Some(_) => None,
        None => Some(block_or_enumerator!(interpreter, me, args, "find_index")),
    };
    let (index, found, unknown) = interpreter.fold(me, (0_i64, false, None), move |interpreter, (index, found, unknown), values| {
        let verdict = match (&wanted, &block) {
            (Some(wanted), _) => interpreter.equal_or_unknown(&pack(values), wanted)?,
            (None, Some(block)) => Verdict::of(&interpreter.yield_values(block, values)?),
            (None, None) => Verdict::Known(false),
        };
        match verdict {
            Verdict::Known(true) => *found = true,
            Verdict::Known(false) => {
                *index += 1;
                return Ok(true);
            }
            Verdict::Unknown(hole) => *unknown = Some(hole),
        }
        Ok(false)
    })?;
    Ok(match unknown {
        Some(hole) => interpreter.derived(&hole, " (decides `index`)"),
        None if found => Value::Integer(index),
        None => Value::Nil,
    })
}

fn include(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let wanted = args.value(0);
    let (found, unknown) = interpreter.fold_items(me, (false, None), move |interpreter, (found, unknown), item| {
        match interpreter.equal_or_unknown(&item, &wanted)? {
            Verdict::Known(true) => *found = true,
            Verdict::Known(false) => {}
            Verdict::Unknown(hole) => *unknown = Some(hole),
        }
        Ok(!*found)
    })?;
    Ok(if found { Value::Bool(true) } else { unknown.map_or(Value::Bool(false), Value::Unknown) })
}

fn first(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    match args.get(0) {
        None => Ok(interpreter.take_items(me, 1)?.into_iter().next().unwrap_or(Value::Nil)),
        Some(number) => {
            let number = interpreter.size_argument(number, "attempt to take negative size")?;
            Ok(Value::array(interpreter.take_items(me, number)?))
        }
    }
}

fn take(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    first(interpreter, me, args)
}

fn take_while(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "take_while");
    let taken = interpreter.fold(me, (Vec::new(), None), move |interpreter, (taken, unknown), values| {
        match Verdict::of(&interpreter.yield_values(&block, values.clone())?) {
            Verdict::Known(true) => taken.push(pack(values)),
            Verdict::Known(false) => return Ok(false),
            Verdict::Unknown(hole) => {
                *unknown = Some(hole);
                return Ok(false);
            }
        }
        interpreter.check_size(taken.len())?;
        Ok(true)
    })?;
    Ok(match taken {
        (_, Some(hole)) => interpreter.derived(&hole, " (decides `take_while`)"),
        (taken, None) => Value::array(taken),
    })
}

fn drop_some(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let number = interpreter.size_argument(&args.value(0), "attempt to drop negative size")?;
    Ok(Value::array(interpreter.to_list(me)?.into_iter().skip(number).collect()))
}

fn drop_while(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "drop_while");
    let left = interpreter.fold_items(me, (Vec::new(), false, None), move |interpreter, (left, started, unknown), item| {
        if !*started {
            match Verdict::of(&interpreter.yield_item(&block, item.clone())?) {
                Verdict::Known(true) => return Ok(true),
                Verdict::Known(false) => *started = true,
                Verdict::Unknown(hole) => {
                    *unknown = Some(hole);
                    return Ok(false);
                }
            }
        }
        left.push(item);
        interpreter.check_size(left.len())?;
        Ok(true)
    })?;
    Ok(match left {
        (_, _, Some(hole)) => interpreter.derived(&hole, " (decides `drop_while`)"),
        (left, _, None) => Value::array(left),
    })
}

fn count(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let wanted = args.get(0).cloned();
    let block = args.block.clone();
    let (number, unknown) = interpreter.fold(me, (0_i64, None), move |interpreter, (number, unknown), values| {
        let verdict = match (&wanted, &block) {
            (Some(wanted), _) => interpreter.equal_or_unknown(&pack(values), wanted)?,
            (None, Some(block)) => Verdict::of(&interpreter.yield_values(block, values)?),
            (None, None) => Verdict::Known(true),
        };
        match verdict {
            Verdict::Known(yes) => *number += i64::from(yes),
            Verdict::Unknown(hole) => *unknown = Some(hole),
        }
        Ok(true)
    })?;
    Ok(match unknown {
        Some(hole) => interpreter.derived(&hole, " (decides `count`)"),
        None => Value::Integer(number),
    })
}

fn sift(interpreter: &mut Interpreter, me: &Value, args: &Args, keep: bool) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let pattern = args.value(0);
    let block = args.block.clone();
    let (kept, unknown) = interpreter.fold_items(me, (Vec::new(), None), move |interpreter, (kept, unknown), item| {
        match Verdict::of(&interpreter.case_equal(&pattern, &item)?) {
            Verdict::Known(matched) if matched == keep => {
                let value = match &block {
                    Some(block) => interpreter.yield_item(block, item)?,
                    None => item,
                };
                kept.push(value);
            }
            Verdict::Known(_) => {}
            Verdict::Unknown(hole) => *unknown = Some(hole),
        }
        interpreter.check_size(kept.len())?;
        Ok(true)
    })?;
    Ok(match unknown {
        Some(hole) => interpreter.derived(&hole, " (decides `grep`)"),
        None => Value::array(kept),
    })
}

fn grep(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    sift(interpreter, me, args, true)
}

fn grep_v(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    sift(interpreter, me, args, false)
}
