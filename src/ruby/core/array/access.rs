//! Reading elements: `[]`, `fetch`, `dig`, `first`, `last`, `values_at`, `index`, `bsearch`.

use super::{items, position, range_part, this};
use crate::ruby::core::enumerable::Verdict;
use crate::ruby::core::enumerator::EnumeratorData;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Range, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("[]", at),
    ("slice", at),
    ("at", |interpreter, me, args| {
        interpreter.check_arity(args, 1, Some(1))?;
        let index = interpreter.to_integer(&args.value(0))?;
        element(interpreter, me, index)
    }),
    ("fetch", fetch),
    ("dig", dig),
    ("first", first),
    ("last", last),
    ("values_at", values_at),
    ("length", |interpreter, me, _| length(interpreter, me)),
    ("size", |interpreter, me, _| length(interpreter, me)),
    ("empty?", |interpreter, me, _| Ok(Value::Bool(this(interpreter, me)?.items.borrow().is_empty()))),
    ("index", index),
    ("find_index", index),
    ("rindex", rindex),
    ("bsearch", |interpreter, me, args| Ok(bsearch(interpreter, me, args)?.map_or(Value::Nil, |(_, item)| item))),
    ("bsearch_index", |interpreter, me, args| Ok(bsearch(interpreter, me, args)?.map_or(Value::Nil, |(index, _)| integer(index)))),
    ("assoc", |interpreter, me, args| associated(interpreter, me, args, 0)),
    ("rassoc", |interpreter, me, args| associated(interpreter, me, args, 1)),
    ("sample", sample),
];

/// A length or position as a value.
pub(super) fn integer(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn length(interpreter: &mut Interpreter, me: &Value) -> Eval {
    Ok(integer(this(interpreter, me)?.items.borrow().len()))
}

fn element(interpreter: &mut Interpreter, me: &Value, index: i64) -> Eval {
    let array = this(interpreter, me)?;
    let items = array.items.borrow();
    Ok(position(index, items.len()).and_then(|index| items.get(index).cloned()).unwrap_or(Value::Nil))
}

/// The elements of a range of positions that goes on in steps: `a[(1..).step(2)]`.
fn stepped(interpreter: &mut Interpreter, items: &[Value], range: &Range, step: i64) -> Eval {
    let Some((start, count)) = range_part(interpreter, range, items.len())? else { return Ok(Value::Nil) };
    let part = items.get(start..start + count).unwrap_or_default();
    let width = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
    if width == 0 {
        return interpreter.argument_error("step can't be 0");
    }
    let picked = if step < 0 { part.iter().rev().step_by(width).cloned().collect() } else { part.iter().step_by(width).cloned().collect() };
    Ok(Value::array(picked))
}

fn at(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    if args.len() == 1 {
        return match &args.list[0] {
            Value::Integer(index) => element(interpreter, me, *index),
            Value::Range(range) => {
                let items = items(interpreter, me)?;
                Ok(match range_part(interpreter, range, items.len())? {
                    Some((start, count)) => Value::array(items.get(start..start + count).unwrap_or_default().to_vec()),
                    None => Value::Nil,
                })
            }
            Value::Object(object) => {
                if let Some(data) = object.data::<EnumeratorData>()
                    && let (Value::Range(range), Some(Value::Integer(step))) = (&data.receiver, data.args.first())
                {
                    let items = items(interpreter, me)?;
                    return stepped(interpreter, &items, range, *step);
                }
                let index = interpreter.to_integer(&args.list[0])?;
                element(interpreter, me, index)
            }
            other => {
                let index = interpreter.to_integer(other)?;
                element(interpreter, me, index)
            }
        };
    }
    let (start, count) = (interpreter.to_integer(&args.list[0])?, interpreter.to_integer(&args.list[1])?);
    let items = items(interpreter, me)?;
    let Some(start) = position(start, items.len()).filter(|start| *start <= items.len()) else { return Ok(Value::Nil) };
    let Ok(count) = usize::try_from(count) else { return Ok(Value::Nil) };
    let end = start.saturating_add(count).min(items.len());
    Ok(Value::array(items.get(start..end).unwrap_or_default().to_vec()))
}

fn fetch(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let index = interpreter.to_integer(&args.value(0))?;
    let items = items(interpreter, me)?;
    if let Some(item) = position(index, items.len()).and_then(|index| items.get(index)) {
        return Ok(item.clone());
    }
    if let Some(block) = &args.block {
        return interpreter.yield_values(block, vec![args.value(0)]);
    }
    if let Some(default) = args.get(1) {
        return Ok(default.clone());
    }
    let class = std::rc::Rc::clone(&interpreter.classes.index_error);
    let length = items.len();
    let sign = if length == 0 { "" } else { "-" };
    interpreter.raise(&class, format!("index {index} outside of array bounds: {sign}{length}...{length}"))
}

fn dig(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, None)?;
    let found = interpreter.send(me, "[]", &args.list[..1])?;
    interpreter.dig_further(found, &args.list[1..])
}

impl Interpreter {
    /// `value.dig(*rest)`; `value` itself when there is nothing left.
    ///
    /// # Errors
    /// `TypeError` when `value` cannot be gone into.
    pub fn dig_further(&mut self, value: Value, rest: &[Value]) -> Eval {
        if rest.is_empty() || value.is_nil() {
            return Ok(value);
        }
        if !value.is_unknown() && !self.responds_to(&value, "dig")? {
            let class = self.real_class(&value).display_name();
            return self.type_error(format!("{class} does not have #dig method"));
        }
        self.send(&value, "dig", rest)
    }
}

fn first(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let items = items(interpreter, me)?;
    match args.get(0) {
        None => Ok(items.first().cloned().unwrap_or(Value::Nil)),
        Some(count) => {
            let count = interpreter.size_argument(count, "negative array size")?;
            Ok(Value::array(items.into_iter().take(count).collect()))
        }
    }
}

fn last(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let items = items(interpreter, me)?;
    match args.get(0) {
        None => Ok(items.last().cloned().unwrap_or(Value::Nil)),
        Some(count) => {
            let count = interpreter.size_argument(count, "negative array size")?;
            let skipped = items.len().saturating_sub(count);
            Ok(Value::array(items.into_iter().skip(skipped).collect()))
        }
    }
}

fn values_at(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let items = items(interpreter, me)?;
    let mut picked = Vec::new();
    for wanted in &args.list {
        if let Value::Range(range) = wanted {
            if let Some((start, count)) = range_part(interpreter, range, items.len())? {
                picked.extend_from_slice(items.get(start..start + count).unwrap_or_default());
                // A range beyond the end is filled up with nil.
                if let Value::Integer(high) = range.high {
                    let wanted = usize::try_from(high.saturating_add(i64::from(!range.exclusive))).unwrap_or(0).saturating_sub(start);
                    interpreter.check_size(wanted)?;
                    picked.extend(std::iter::repeat_n(Value::Nil, wanted.saturating_sub(count)));
                }
            }
        } else {
            let index = interpreter.to_integer(wanted)?;
            picked.push(position(index, items.len()).and_then(|index| items.get(index).cloned()).unwrap_or(Value::Nil));
        }
    }
    Ok(Value::array(picked))
}

fn test(interpreter: &mut Interpreter, args: &Args, item: Value) -> Eval<Verdict> {
    match (args.get(0), &args.block) {
        (Some(wanted), _) => interpreter.equal_or_unknown(&item, wanted),
        (None, Some(block)) => Ok(Verdict::of(&interpreter.yield_item(block, item)?)),
        (None, None) => Ok(Verdict::Known(false)),
    }
}

fn index(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if args.is_empty() && args.block.is_none() {
        return interpreter.enumerator(me, "index", Vec::new());
    }
    let array = this(interpreter, me)?;
    let mut index = 0;
    loop {
        let item = array.items.borrow().get(index).cloned();
        let Some(item) = item else { return Ok(Value::Nil) };
        interpreter.step()?;
        match test(interpreter, args, item)? {
            Verdict::Known(true) => return Ok(integer(index)),
            Verdict::Known(false) => index += 1,
            Verdict::Unknown(hole) => return Ok(interpreter.derived(&hole, " (decides `index`)")),
        }
    }
}

fn rindex(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if args.is_empty() && args.block.is_none() {
        return interpreter.enumerator(me, "rindex", Vec::new());
    }
    for (index, item) in items(interpreter, me)?.into_iter().enumerate().rev() {
        interpreter.step()?;
        match test(interpreter, args, item)? {
            Verdict::Known(true) => return Ok(integer(index)),
            Verdict::Known(false) => {}
            Verdict::Unknown(hole) => return Ok(interpreter.derived(&hole, " (decides `rindex`)")),
        }
    }
    Ok(Value::Nil)
}

fn bsearch(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Option<(usize, Value)>> {
    let Some(block) = args.block.clone() else { return interpreter.argument_error("no block given") };
    let items = items(interpreter, me)?;
    let (mut low, mut high) = (0, items.len());
    let mut found = None;
    while low < high {
        interpreter.step()?;
        let middle = low + (high - low) / 2;
        let Some(item) = items.get(middle) else { break };
        match interpreter.yield_values(&block, vec![item.clone()])? {
            Value::Bool(true) => {
                found = Some((middle, item.clone()));
                high = middle;
            }
            Value::Bool(false) | Value::Nil => low = middle + 1,
            Value::Integer(0) => return Ok(Some((middle, item.clone()))),
            Value::Integer(number) if number < 0 => high = middle,
            Value::Integer(_) => low = middle + 1,
            Value::Float(0.0) => return Ok(Some((middle, item.clone()))),
            Value::Float(number) if number < 0.0 => high = middle,
            Value::Float(_) => low = middle + 1,
            other => {
                let class = interpreter.real_class(&other).display_name();
                return interpreter.type_error(format!("wrong argument type {class} (must be numeric, true, false or nil)"));
            }
        }
    }
    Ok(found)
}

fn associated(interpreter: &mut Interpreter, me: &Value, args: &Args, place: usize) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    for item in items(interpreter, me)? {
        let Value::Array(pair) = &item else { continue };
        let candidate = pair.items.borrow().get(place).cloned();
        let Some(candidate) = candidate else { continue };
        if interpreter.equal(&candidate, &args.list[0])? {
            return Ok(item);
        }
    }
    Ok(Value::Nil)
}

/// Which element it is depends on chance: not known, unless there is only one.
fn sample(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let items = items(interpreter, me)?;
    if let (true, [] | [_]) = (args.is_empty() || args.keywords, items.as_slice()) {
        return Ok(items.first().cloned().unwrap_or(Value::Nil));
    }
    let shown = interpreter.inspect(me)?;
    let name: String = format!("{shown}.sample").chars().take(60).collect();
    Ok(Value::Unknown(std::rc::Rc::new(crate::text::Hole::unknown(name, "a random element"))))
}
