//! New arrays from this one: operators, `flatten`, `uniq`, `rotate`, `transpose`, `join`, and equality.

use std::collections::HashSet;
use std::rc::Rc;

use super::change::{distinct, rotated, rotation};
use super::{items, this, to_ary};
use crate::ruby::core::enumerable::Verdict;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Key, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("+", plus),
    ("-", minus),
    ("*", times),
    ("&", and),
    ("|", or),
    ("difference", |interpreter, me, args| many(interpreter, me, args, minus)),
    ("union", |interpreter, me, args| {
        let all = many(interpreter, me, args, or)?;
        let list = items(interpreter, &all)?;
        Ok(Value::array(distinct(interpreter, list, None)?))
    }),
    ("intersection", |interpreter, me, args| many(interpreter, me, args, and)),
    ("intersect?", |interpreter, me, args| {
        let common = and(interpreter, me, args)?;
        Ok(Value::Bool(common.items().is_some_and(|items| !items.is_empty())))
    }),
    ("reverse", |interpreter, me, _| Ok(Value::array(items(interpreter, me)?.into_iter().rev().collect()))),
    ("rotate", |interpreter, me, args| {
        let count = rotation(interpreter, args)?;
        Ok(Value::array(rotated(items(interpreter, me)?, count)))
    }),
    ("compact", |interpreter, me, _| Ok(Value::array(items(interpreter, me)?.into_iter().filter(|item| !item.is_nil()).collect()))),
    ("flatten", |interpreter, me, args| Ok(Value::array(flattened(interpreter, me, args)?))),
    ("uniq", |interpreter, me, args| {
        let list = items(interpreter, me)?;
        Ok(Value::array(distinct(interpreter, list, args.block.as_ref())?))
    }),
    ("take", |interpreter, me, args| {
        interpreter.check_arity(args, 1, Some(1))?;
        let count = interpreter.size_argument(&args.value(0), "attempt to take negative size")?;
        Ok(Value::array(items(interpreter, me)?.into_iter().take(count).collect()))
    }),
    ("shuffle", |_, me, _| {
        let items = me.items().unwrap_or_default();
        if items.len() < 2 {
            return Ok(Value::array(items));
        }
        Ok(Value::Unknown(Rc::new(crate::text::Hole::unknown("shuffle", "a random order"))))
    }),
    ("transpose", transpose),
    ("join", join),
    ("==", equal),
    ("eql?", |interpreter, me, args| {
        let other = args.value(0);
        Ok(Value::Bool(matches!(other, Value::Array(_)) && interpreter.key(me)? == interpreter.key(&other)?))
    }),
    ("<=>", spaceship),
    ("hash", hash),
    ("inspect", inspect),
    ("to_s", inspect),
];

fn plus(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let mut list = items(interpreter, me)?;
    list.extend(to_ary(interpreter, &args.list[0])?);
    interpreter.check_size(list.len())?;
    Ok(Value::array(list))
}

fn keys(interpreter: &mut Interpreter, value: &Value) -> Eval<HashSet<Key>> {
    let list = to_ary(interpreter, value)?;
    list.iter().map(|item| interpreter.key(item)).collect()
}

fn minus(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let gone = keys(interpreter, &args.list[0])?;
    let mut kept = Vec::new();
    for item in items(interpreter, me)? {
        if !gone.contains(&interpreter.key(&item)?) {
            kept.push(item);
        }
    }
    Ok(Value::array(kept))
}

fn and(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let common = keys(interpreter, &args.list[0])?;
    let mut kept = Vec::new();
    for item in items(interpreter, me)? {
        if common.contains(&interpreter.key(&item)?) {
            kept.push(item);
        }
    }
    Ok(Value::array(distinct(interpreter, kept, None)?))
}

fn or(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let all = plus(interpreter, me, args)?;
    let list = items(interpreter, &all)?;
    Ok(Value::array(distinct(interpreter, list, None)?))
}

fn many(interpreter: &mut Interpreter, me: &Value, args: &Args, operator: Native) -> Eval {
    let mut so_far = Value::array(items(interpreter, me)?);
    for other in &args.list {
        so_far = operator(interpreter, &so_far, &Args::new(vec![other.clone()]))?;
    }
    Ok(so_far)
}

fn times(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    if let Value::Str(_) = &args.list[0] {
        return join(interpreter, me, args);
    }
    let count = interpreter.size_argument(&args.list[0], "negative argument")?;
    let list = items(interpreter, me)?;
    interpreter.check_size(list.len().saturating_mul(count))?;
    Ok(Value::array(std::iter::repeat_n(list, count).flatten().collect()))
}

/// The elements of the arrays inside, down to the depth that `args` says.
pub(super) fn flattened(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Vec<Value>> {
    interpreter.check_arity(args, 0, Some(1))?;
    let depth = match args.get(0) {
        None | Some(Value::Nil) => -1,
        Some(depth) => interpreter.to_integer(depth)?,
    };
    let mut flat = Vec::new();
    flatten_into(interpreter, &mut flat, me, depth, &mut Vec::new())?;
    Ok(flat)
}

fn flatten_into(interpreter: &mut Interpreter, flat: &mut Vec<Value>, list: &Value, depth: i64, inside: &mut Vec<usize>) -> Eval<()> {
    if inside.contains(&list.address()) {
        return interpreter.argument_error("tried to flatten recursive array");
    }
    if inside.len() > 800 {
        let class = Rc::clone(&interpreter.classes.system_stack_error);
        return interpreter.raise(&class, "stack level too deep");
    }
    inside.push(list.address());
    for item in items(interpreter, list)? {
        interpreter.step()?;
        let nested = match &item {
            Value::Array(_) => Some(item.clone()),
            Value::Object(_) if depth != 0 && interpreter.has_method(&item, "to_ary".into(), false) => {
                Some(interpreter.send(&item, "to_ary", &[])?).filter(|list| matches!(list, Value::Array(_)))
            }
            _ => None,
        };
        match nested {
            Some(nested) if depth != 0 => flatten_into(interpreter, flat, &nested, depth - 1, inside)?,
            _ => flat.push(item),
        }
        interpreter.check_size(flat.len())?;
    }
    inside.pop();
    Ok(())
}

fn transpose(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let mut rows = Vec::new();
    for row in items(interpreter, me)? {
        rows.push(to_ary(interpreter, &row)?);
    }
    let width = rows.first().map_or(0, Vec::len);
    for row in &rows {
        if row.len() != width {
            let class = Rc::clone(&interpreter.classes.index_error);
            return interpreter.raise(&class, format!("element size differs ({} should be {width})", row.len()));
        }
    }
    let column = |index: usize| Value::array(rows.iter().filter_map(|row| row.get(index).cloned()).collect());
    Ok(Value::array((0..width).map(column).collect()))
}

fn join(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let separator = match args.get(0) {
        None | Some(Value::Nil) => match interpreter.globals.get(&"$,".into()).cloned() {
            Some(Value::Str(text)) => text.text.borrow().clone(),
            _ => String::new(),
        },
        Some(separator) => interpreter.to_str(separator)?,
    };
    let mut text = String::new();
    join_into(interpreter, &mut text, me, &separator, &mut true, &mut Vec::new())?;
    Ok(Value::str(text))
}

fn join_into(
    interpreter: &mut Interpreter,
    text: &mut String,
    list: &Value,
    separator: &str,
    first: &mut bool,
    inside: &mut Vec<usize>,
) -> Eval<()> {
    if inside.contains(&list.address()) || inside.len() > 800 {
        return interpreter.argument_error("recursive array join");
    }
    inside.push(list.address());
    for item in items(interpreter, list)? {
        interpreter.step()?;
        if let Value::Array(_) = &item {
            join_into(interpreter, text, &item, separator, first, inside)?;
            continue;
        }
        if !std::mem::take(first) {
            text.push_str(separator);
        }
        text.push_str(&interpreter.display(&item)?);
        interpreter.check_size(text.len())?;
    }
    inside.pop();
    Ok(())
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let other = &args.list[0];
    let Value::Array(_) = other else {
        if matches!(other, Value::Object(_)) && interpreter.has_method(other, "to_ary".into(), false) {
            return interpreter.equals(other, me);
        }
        return Ok(Value::Bool(false));
    };
    if me.same(other) {
        return Ok(Value::Bool(true));
    }
    let (left, right) = (items(interpreter, me)?, items(interpreter, other)?);
    if left.len() != right.len() {
        return Ok(Value::Bool(false));
    }
    // Arrays that hold themselves are equal when nothing else differs.
    if interpreter.visiting.iter().filter(|known| **known == me.address()).count() > 1 {
        return Ok(Value::Bool(true));
    }
    interpreter.visiting.push(me.address());
    let mut answer = Ok(Value::Bool(true));
    for (left, right) in left.iter().zip(&right) {
        match interpreter.step().and_then(|()| interpreter.equal_or_unknown(left, right)) {
            Ok(Verdict::Known(true)) => {}
            Ok(Verdict::Known(false)) => {
                answer = Ok(Value::Bool(false));
                break;
            }
            Ok(Verdict::Unknown(hole)) => answer = Ok(Value::Unknown(hole)),
            Err(flow) => {
                answer = Err(flow);
                break;
            }
        }
    }
    interpreter.visiting.pop();
    answer
}

fn spaceship(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if !matches!(other, Value::Array(_)) {
        return Ok(Value::Nil);
    }
    Ok(interpreter.compare(me, &other)?.map_or(Value::Nil, |order| Value::Integer(order as i64)))
}

fn hash(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let key = interpreter.key(me)?;
    Ok(interpreter.hash_number(&key))
}

impl Interpreter {
    /// The number that `hash` gives for a key.
    #[must_use]
    pub fn hash_number(&self, key: &Key) -> Value {
        use std::hash::{DefaultHasher, Hash as _, Hasher};
        let mut hasher = DefaultHasher::new();
        format!("{key:?}").hash(&mut hasher);
        Value::Integer(i64::from_ne_bytes(hasher.finish().to_ne_bytes()) >> 2)
    }

    /// Runs `work` for the inspection of `me`; `again` is what an object inside itself shows.
    ///
    /// # Errors
    /// What `work` raises.
    pub fn inspect_guarded(&mut self, me: &Value, again: &str, work: impl FnOnce(&mut Self) -> Eval<String>) -> Eval {
        if self.visiting.contains(&me.address()) {
            return Ok(Value::str(again));
        }
        self.visiting.push(me.address());
        let shown = work(self);
        self.visiting.pop();
        let shown = shown?;
        self.check_size(shown.len())?;
        Ok(Value::str(shown))
    }
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let array = this(interpreter, me)?;
    interpreter.inspect_guarded(me, "[...]", |interpreter| {
        let list = array.items.borrow().clone();
        let mut shown = String::from("[");
        for (index, item) in list.iter().enumerate() {
            interpreter.step()?;
            if index > 0 {
                shown.push_str(", ");
            }
            shown.push_str(&interpreter.inspect(item)?);
            interpreter.check_size(shown.len())?;
        }
        shown.push(']');
        Ok(shown)
    })
}
