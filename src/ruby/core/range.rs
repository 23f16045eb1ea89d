//! `Range`: over integers, strings, floats, and anything with `succ` and `<=>`.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::enumerable::block_or_enumerator;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::{Range, Value};

mod cover;
mod step;

pub use step::walk_sequence;

const RANGE: &[(&str, Native)] = &[
    ("begin", |interpreter, me, _| Ok(this(interpreter, me)?.low.clone())),
    ("end", |interpreter, me, _| Ok(this(interpreter, me)?.high.clone())),
    ("first", first),
    ("last", last),
    ("exclude_end?", |interpreter, me, _| Ok(Value::Bool(this(interpreter, me)?.exclusive))),
    ("each", each),
    ("reverse_each", reverse_each),
    ("to_a", to_a),
    ("entries", to_a),
    ("size", |interpreter, me, _| size(interpreter, me)),
    ("count", count),
    ("min", |interpreter, me, args| extreme(interpreter, me, args, Ordering::Less)),
    ("max", |interpreter, me, args| extreme(interpreter, me, args, Ordering::Greater)),
    ("minmax", |interpreter, me, args| {
        let bare = Args::none().with_block(args.block.clone());
        let low = extreme(interpreter, me, &bare, Ordering::Less)?;
        let high = extreme(interpreter, me, &bare, Ordering::Greater)?;
        Ok(Value::array(vec![low, high]))
    }),
    ("sum", sum),
    ("to_s", |interpreter, me, _| shown(interpreter, me, false)),
    ("inspect", |interpreter, me, _| shown(interpreter, me, true)),
    ("hash", |interpreter, me, _| {
        let key = interpreter.key(me)?;
        Ok(interpreter.hash_number(&key))
    }),
    ("dup", |_, me, _| Ok(me.clone())),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.range);
    interpreter.define(&class, RANGE);
    interpreter.define(&class, cover::METHODS);
    interpreter.define(&class, step::METHODS);
    interpreter.define_singleton(&class, &[("new", new)]);
}

fn new(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(3))?;
    interpreter.range_of(args.value(0), args.value(1), args.value(2).truthy())
}

impl Interpreter {
    /// A range, when its ends can be compared.
    ///
    /// # Errors
    /// `ArgumentError` when they cannot.
    pub fn range_of(&mut self, low: Value, high: Value, exclusive: bool) -> Eval {
        let simple = |value: &Value| matches!(value, Value::Nil | Value::Integer(_) | Value::Float(_) | Value::Str(_));
        let same_kind = matches!((&low, &high), (Value::Str(_), Value::Str(_)) | (Value::Nil, _) | (_, Value::Nil))
            || (simple(&low) && simple(&high) && !matches!(low, Value::Str(_)) && !matches!(high, Value::Str(_)));
        if !same_kind && self.compare(&low, &high)?.is_none() {
            return self.argument_error("bad value for range");
        }
        Ok(Value::range(low, high, exclusive))
    }
}

/// The range that `me` is.
fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Range>> {
    match me {
        Value::Range(range) => Ok(Rc::clone(range)),
        _ => interpreter.type_error("wrong argument type (expected Range)"),
    }
}

/// A `RangeError`, or another error of that kind.
fn range_error<T>(interpreter: &mut Interpreter, message: &str) -> Eval<T> {
    let class = Rc::clone(&interpreter.classes.range_error);
    interpreter.raise(&class, message)
}

/// First and last integer of a range of integers; the last is `None` when it goes on for ever.
fn integers(range: &Range) -> Option<(i64, Option<i64>)> {
    let Value::Integer(low) = range.low else { return None };
    #[expect(clippy::cast_possible_truncation, reason = "a float beyond 64 bits saturates")]
    let high = match range.high {
        Value::Integer(high) if range.exclusive => Some(high.checked_sub(1)?),
        Value::Integer(high) => Some(high),
        Value::Nil => None,
        Value::Float(high) if high == f64::INFINITY => None,
        Value::Float(high) => {
            let floor = high.floor();
            Some(if range.exclusive && floor >= high { floor as i64 - 1 } else { floor as i64 })
        }
        _ => return None,
    };
    Some((low, high))
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "each");
    walk(interpreter, me, &mut |interpreter, item| {
        interpreter.yield_values(&block, vec![item])?;
        Ok(true)
    })?;
    Ok(me.clone())
}

/// What goes through a range: `false` stops.
type Visit<'a> = &'a mut dyn FnMut(&mut Interpreter, Value) -> Eval<bool>;

/// Goes through the range.
fn walk(interpreter: &mut Interpreter, me: &Value, visit: Visit<'_>) -> Eval<()> {
    let range = this(interpreter, me)?;
    if let Some((low, high)) = integers(&range) {
        let mut current = low;
        while high.is_none_or(|high| current <= high) {
            interpreter.step()?;
            if !visit(interpreter, Value::Integer(current))? {
                return Ok(());
            }
            let Some(next) = current.checked_add(1) else { return Ok(()) };
            current = next;
        }
        return Ok(());
    }
    if let (Value::Str(_), Value::Str(_) | Value::Nil) = (&range.low, &range.high) {
        return walk_strings(interpreter, &range, visit);
    }
    if let (Value::Symbol(low), Value::Symbol(high)) = (&range.low, &range.high) {
        let strings = Range { low: Value::str(low.as_str()), high: Value::str(high.as_str()), exclusive: range.exclusive };
        return walk_strings(interpreter, &strings, &mut |interpreter, text| {
            let symbol = text.name().map_or(Value::Nil, Value::Symbol);
            visit(interpreter, symbol)
        });
    }
    if !interpreter.has_method(&range.low, Name::new("succ"), false) {
        let class = interpreter.real_class(&range.low).display_name();
        return interpreter.type_error(format!("can't iterate from {class}"));
    }
    let mut current = range.low.clone();
    loop {
        interpreter.step()?;
        if !range.high.is_nil() {
            match interpreter.compare(&current, &range.high)? {
                Some(Ordering::Less) => {}
                Some(Ordering::Equal) if !range.exclusive => {}
                _ => return Ok(()),
            }
        }
        if !visit(interpreter, current.clone())? {
            return Ok(());
        }
        current = interpreter.send(&current, "succ", &[])?;
    }
}

/// Goes through a range of strings as `String#upto` does.
fn walk_strings(interpreter: &mut Interpreter, range: &Range, visit: Visit<'_>) -> Eval<()> {
    let low = interpreter.to_str(&range.low)?;
    let Value::Str(high) = &range.high else {
        let mut current = range.low.clone();
        while visit(interpreter, current.clone())? {
            interpreter.step()?;
            current = interpreter.send(&current, "succ", &[])?;
        }
        return Ok(());
    };
    let high = high.text.borrow().clone();
    let single = |text: &str| if text.len() == 1 { text.bytes().next().filter(u8::is_ascii) } else { None };
    if let (Some(first), Some(last)) = (single(&low), single(&high)) {
        for byte in first..=last {
            interpreter.step()?;
            if (range.exclusive && byte == last) || !visit(interpreter, Value::str(char::from(byte)))? {
                return Ok(());
            }
        }
        return Ok(());
    }
    // Numbers in strings count as numbers, in the width of the first.
    let digits = |text: &str| !text.is_empty() && text.len() < 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(&low) && digits(&high) {
        let width = low.len();
        let (first, last) = (low.parse::<u64>().unwrap_or(0), high.parse::<u64>().unwrap_or(0));
        for number in first..=last {
            interpreter.step()?;
            if (range.exclusive && number == last) || !visit(interpreter, Value::str(format!("{number:0width$}")))? {
                return Ok(());
            }
        }
        return Ok(());
    }
    let order = low.as_bytes().cmp(high.as_bytes());
    if order == Ordering::Greater || (range.exclusive && order == Ordering::Equal) {
        return Ok(());
    }
    let after = interpreter.send(&range.high, "succ", &[])?;
    let after = interpreter.to_str(&after)?;
    let mut current = Value::str(low.clone());
    let mut text = low;
    let longest = high.chars().count();
    while text != after && text.chars().count() <= longest && !text.is_empty() {
        interpreter.step()?;
        if range.exclusive && text == high {
            return Ok(());
        }
        if !visit(interpreter, current.clone())? || text == high {
            return Ok(());
        }
        current = interpreter.send(&current, "succ", &[])?;
        text = interpreter.to_str(&current)?;
    }
    Ok(())
}

fn reverse_each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "reverse_each");
    let range = this(interpreter, me)?;
    match integers(&range) {
        Some((low, Some(high))) => {
            let mut current = high;
            while current >= low {
                interpreter.step()?;
                interpreter.yield_values(&block, vec![Value::Integer(current)])?;
                let Some(next) = current.checked_sub(1) else { break };
                current = next;
            }
        }
        _ => {
            let list = list(interpreter, me)?;
            for item in list.into_iter().rev() {
                interpreter.step()?;
                interpreter.yield_values(&block, vec![item])?;
            }
        }
    }
    Ok(me.clone())
}

/// All elements.
fn list(interpreter: &mut Interpreter, me: &Value) -> Eval<Vec<Value>> {
    let range = this(interpreter, me)?;
    if range.high.is_nil() {
        return range_error(interpreter, "cannot convert endless range to an array");
    }
    let mut items = Vec::new();
    walk(interpreter, me, &mut |interpreter, item| {
        items.push(item);
        interpreter.check_size(items.len())?;
        Ok(true)
    })?;
    Ok(items)
}

fn to_a(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::array(list(interpreter, me)?))
}

fn first(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let range = this(interpreter, me)?;
    if range.low.is_nil() {
        return range_error(interpreter, "cannot get the first element of beginless range");
    }
    let Some(count) = args.get(0) else { return Ok(range.low.clone()) };
    let count = interpreter.size_argument(count, "negative array size (or size too big)")?;
    let mut items = Vec::new();
    if count > 0 {
        walk(interpreter, me, &mut |interpreter, item| {
            items.push(item);
            interpreter.check_size(items.len())?;
            Ok(items.len() < count)
        })?;
    }
    Ok(Value::array(items))
}

fn last(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let range = this(interpreter, me)?;
    if range.high.is_nil() {
        return range_error(interpreter, "cannot get the last element of endless range");
    }
    let Some(count) = args.get(0) else { return Ok(range.high.clone()) };
    let count = interpreter.size_argument(count, "negative array size")?;
    if let Some((low, Some(high))) = integers(&range) {
        let start = high.saturating_sub(i64::try_from(count).unwrap_or(i64::MAX)).saturating_add(1).max(low);
        interpreter.check_size(usize::try_from(high.saturating_sub(start)).unwrap_or(0))?;
        return Ok(Value::array((start..=high).map(Value::Integer).collect()));
    }
    let items = list(interpreter, me)?;
    let skipped = items.len().saturating_sub(count);
    Ok(Value::array(items.into_iter().skip(skipped).collect()))
}

fn size(interpreter: &mut Interpreter, me: &Value) -> Eval {
    let range = this(interpreter, me)?;
    if let Some((low, high)) = integers(&range) {
        return Ok(match high {
            Some(high) => Value::Integer(high.saturating_sub(low).saturating_add(1).max(0)),
            None => Value::Float(f64::INFINITY),
        });
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "Ruby counts whole steps")]
    Ok(match (&range.low, &range.high) {
        (Value::Float(low), Value::Integer(_) | Value::Float(_)) => {
            let high = if let Value::Integer(high) = range.high {
                high as f64
            } else if let Value::Float(high) = range.high {
                high
            } else {
                0.0
            };
            if high.is_infinite() {
                return Ok(Value::Float(f64::INFINITY));
            }
            let steps = (high - low + 1e-9).floor();
            let steps = if range.exclusive && (low + steps) >= high { steps } else { steps + 1.0 };
            Value::Integer((steps as i64).max(0))
        }
        (Value::Float(_), Value::Nil) => Value::Float(f64::INFINITY),
        (Value::Nil, Value::Integer(_) | Value::Float(_)) => Value::Float(f64::INFINITY),
        _ => Value::Nil,
    })
}

fn generic(interpreter: &mut Interpreter, me: &Value, name: &str, args: &Args) -> Eval {
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    match interpreter.find_method(&enumerable, Name::new(name)) {
        Some(method) => interpreter.invoke(me, Name::new(name), &method, args.clone()),
        None => Ok(Value::Nil),
    }
}

fn count(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let range = this(interpreter, me)?;
    if args.is_empty() && args.block.is_none() {
        if range.low.is_nil() || range.high.is_nil() {
            return Ok(Value::Float(f64::INFINITY));
        }
        if integers(&range).is_some() {
            return size(interpreter, me);
        }
    }
    generic(interpreter, me, "count", args)
}

fn extreme(interpreter: &mut Interpreter, me: &Value, args: &Args, wanted: Ordering) -> Eval {
    let range = this(interpreter, me)?;
    let (word, name) = if wanted == Ordering::Less { ("minimum", "min") } else { ("maximum", "max") };
    let (open, other) = if wanted == Ordering::Less { (&range.low, &range.high) } else { (&range.high, &range.low) };
    if open.is_nil() {
        let kind = if wanted == Ordering::Less { "beginless" } else { "endless" };
        return range_error(interpreter, &format!("cannot get the {word} of {kind} range"));
    }
    if other.is_nil() && (!args.is_empty() || args.block.is_some()) {
        let kind = if wanted == Ordering::Less { "endless" } else { "beginless" };
        let how = if args.block.is_some() { " with custom comparison method" } else { "" };
        return range_error(interpreter, &format!("cannot get the {word} of {kind} range{how}"));
    }
    if !args.is_empty() || args.block.is_some() {
        return generic(interpreter, me, name, args);
    }
    if other.is_nil() {
        return Ok(open.clone());
    }
    let order = interpreter.compare(&range.low, &range.high)?;
    match order {
        Some(Ordering::Less) => {}
        Some(Ordering::Equal) if !range.exclusive => {}
        _ => return Ok(Value::Nil),
    }
    if wanted == Ordering::Less || !range.exclusive {
        if let (Ordering::Greater, Value::Integer(_), Value::Float(high)) = (wanted, &range.low, &range.high) {
            return Ok(Value::Float(*high));
        }
        return if matches!(open, Value::Str(_)) && wanted == Ordering::Greater {
            generic(interpreter, me, name, args)
        } else {
            Ok(open.clone())
        };
    }
    match (&range.low, &range.high) {
        (Value::Integer(_), Value::Integer(high)) => Ok(Value::Integer(high - 1)),
        (_, Value::Float(_)) => interpreter.type_error("cannot exclude non Integer end value"),
        (Value::Float(_), _) => interpreter.type_error("cannot exclude end value with non Integer begin value"),
        _ => generic(interpreter, me, name, args),
    }
}

fn sum(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let range = this(interpreter, me)?;
    let start = match args.get(0) {
        None => Some(0),
        Some(Value::Integer(start)) => Some(*start),
        Some(_) => None,
    };
    if let (None, Value::Integer(_), Some((low, Some(high))), Some(start)) = (&args.block, &range.high, integers(&range), start) {
        if high < low {
            return Ok(Value::Integer(start));
        }
        let total = (i128::from(low) + i128::from(high)) * (i128::from(high) - i128::from(low) + 1) / 2 + i128::from(start);
        return Ok(match i64::try_from(total) {
            Ok(total) => Value::Integer(total),
            Err(_) => interpreter.parse_big(&total.to_string()),
        });
    }
    generic(interpreter, me, "sum", args)
}

fn shown(interpreter: &mut Interpreter, me: &Value, inspected: bool) -> Eval {
    let range = this(interpreter, me)?;
    let both_open = range.low.is_nil() && range.high.is_nil();
    let mut end = |value: &Value| -> Eval<String> {
        match (value, inspected) {
            (Value::Nil, true) if !both_open => Ok(String::new()),
            (value, true) => interpreter.inspect(value),
            (value, false) => interpreter.display(value),
        }
    };
    let (low, high) = (end(&range.low)?, end(&range.high)?);
    Ok(Value::str(format!("{low}{}{high}", if range.exclusive { "..." } else { ".." })))
}

/// Calls the block with every item.
fn give(interpreter: &mut Interpreter, block: &Rc<Proc>, item: Value) -> Eval<()> {
    interpreter.step()?;
    interpreter.yield_values(block, vec![item])?;
    Ok(())
}
