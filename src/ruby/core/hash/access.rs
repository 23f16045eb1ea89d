//! Reading entries: `[]`, `fetch`, `dig`, `key?`, `values_at`, defaults.

use std::rc::Rc;

use super::{Found, get, get_own, look, this, unknown_entry};
use crate::ruby::core::enumerable::Verdict;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[
    ("[]", |interpreter, me, args| {
        interpreter.check_arity(args, 1, Some(1))?;
        get_own(interpreter, me, &args.list[0])
    }),
    ("fetch", fetch),
    ("dig", dig),
    ("key?", has_key),
    ("has_key?", has_key),
    ("include?", has_key),
    ("member?", has_key),
    ("value?", has_value),
    ("has_value?", has_value),
    ("key", key),
    ("keys", |interpreter, me, _| Ok(Value::array(this(interpreter, me)?.pairs().into_iter().map(|(key, _)| key).collect()))),
    ("values", |interpreter, me, _| Ok(Value::array(this(interpreter, me)?.pairs().into_iter().map(|(_, value)| value).collect()))),
    ("values_at", |interpreter, me, args| {
        let mut values = Vec::new();
        for key in &args.list {
            values.push(get(interpreter, me, key)?);
        }
        Ok(Value::array(values))
    }),
    ("fetch_values", |interpreter, me, args| {
        let mut values = Vec::new();
        for key in &args.list {
            values.push(fetch(interpreter, me, &Args::new(vec![key.clone()]).with_block(args.block.clone()))?);
        }
        Ok(Value::array(values))
    }),
    ("length", length),
    ("size", length),
    ("empty?", |interpreter, me, _| Ok(Value::Bool(this(interpreter, me)?.map.borrow().is_empty()))),
    ("first", first),
    ("assoc", assoc),
    ("rassoc", rassoc),
    ("default", default),
    ("default=", set_default),
    ("default_proc", |interpreter, me, _| Ok(this(interpreter, me)?.default_proc.borrow().clone().map_or(Value::Nil, Value::Proc))),
    ("default_proc=", set_default_proc),
    ("to_proc", to_proc),
    ("compare_by_identity", compare_by_identity),
    ("compare_by_identity?", |interpreter, me, _| Ok(Value::Bool(this(interpreter, me)?.identity.get()))),
];

fn fetch(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let key = &args.list[0];
    match look(interpreter, me, key)? {
        Found::Value(value) => return Ok(value),
        Found::Unknown(hole) => return Ok(unknown_entry(interpreter, &hole)),
        Found::Nothing => {}
    }
    if let Value::Unknown(hole) = key {
        return Ok(unknown_entry(interpreter, hole));
    }
    if let Some(block) = &args.block {
        return interpreter.yield_values(block, vec![key.clone()]);
    }
    match args.get(1) {
        Some(default) => Ok(default.clone()),
        None => interpreter.key_error(me, key),
    }
}

impl Interpreter {
    /// Raises the `KeyError` of a key that is not there.
    ///
    /// # Errors
    /// Always.
    pub fn key_error<T>(&mut self, receiver: &Value, key: &Value) -> Eval<T> {
        let shown = self.inspect(key)?;
        let class = Rc::clone(&self.classes.key_error);
        let error = self.exception(&class, format!("key not found: {shown}"));
        self.set_ivar(&error, "@receiver", receiver.clone());
        self.set_ivar(&error, "@key", key.clone());
        self.raise_object(error)
    }
}

fn dig(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, None)?;
    if let Value::Unknown(hole) = &args.list[0] {
        return Ok(unknown_entry(interpreter, hole));
    }
    let found = get(interpreter, me, &args.list[0])?;
    interpreter.dig_further(found, &args.list[1..])
}

fn has_key(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    Ok(match look(interpreter, me, &args.list[0])? {
        Found::Value(_) => Value::Bool(true),
        Found::Nothing => Value::Bool(false),
        Found::Unknown(hole) => interpreter.derived_prefix("key? ", &hole),
    })
}

fn has_value(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let mut unknown = None;
    for (_, value) in this(interpreter, me)?.pairs() {
        match interpreter.equal_or_unknown(&value, &args.list[0])? {
            Verdict::Known(true) => return Ok(Value::Bool(true)),
            Verdict::Known(false) => {}
            Verdict::Unknown(hole) => unknown = Some(hole),
        }
    }
    Ok(unknown.map_or(Value::Bool(false), Value::Unknown))
}

fn key(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    for (key, value) in this(interpreter, me)?.pairs() {
        if interpreter.equal(&value, &args.list[0])? {
            return Ok(key);
        }
    }
    Ok(Value::Nil)
}

fn length(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let length = this(interpreter, me)?.map.borrow().len();
    Ok(Value::Integer(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn first(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let mut pairs = this(interpreter, me)?.pairs().into_iter().map(|(key, value)| Value::array(vec![key, value]));
    match args.get(0) {
        None => Ok(pairs.next().unwrap_or(Value::Nil)),
        Some(count) => {
            let count = interpreter.size_argument(count, "attempt to take negative size")?;
            Ok(Value::array(pairs.take(count).collect()))
        }
    }
}

fn assoc(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let hash = this(interpreter, me)?;
    let plain = interpreter.hash_key(&hash, &args.list[0])?;
    let found = hash.map.borrow().get(&plain).cloned();
    Ok(found.map_or(Value::Nil, |(key, value)| Value::array(vec![key, value])))
}

fn rassoc(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    for (key, value) in this(interpreter, me)?.pairs() {
        if interpreter.equal(&value, &args.list[0])? {
            return Ok(Value::array(vec![key, value]));
        }
    }
    Ok(Value::Nil)
}

fn default(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let hash = this(interpreter, me)?;
    let block = hash.default_proc.borrow().clone();
    match (block, args.get(0)) {
        (Some(block), Some(key)) => interpreter.yield_values(&block, vec![me.clone(), key.clone()]),
        (Some(_), None) => Ok(Value::Nil),
        (None, _) => Ok(hash.default.borrow().clone()),
    }
}

fn set_default(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    interpreter.check_frozen(me)?;
    let hash = this(interpreter, me)?;
    *hash.default.borrow_mut() = args.value(0);
    *hash.default_proc.borrow_mut() = None;
    Ok(args.value(0))
}

/// A lambda as default block takes exactly the hash and the key.
pub(super) fn check_default_proc(interpreter: &mut Interpreter, block: &Proc) -> Eval<()> {
    if let (true, Code::Block { block: syntax, .. }) = (block.lambda, &block.code) {
        let arity = crate::ruby::arguments::arity(&syntax.params, true);
        if arity != 2 && !(-3..0).contains(&arity) {
            return interpreter.type_error(format!("default_proc takes two arguments (2 for {arity})"));
        }
    }
    Ok(())
}

fn set_default_proc(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    interpreter.check_frozen(me)?;
    let hash = this(interpreter, me)?;
    match args.value(0) {
        Value::Nil => *hash.default_proc.borrow_mut() = None,
        Value::Proc(block) => {
            check_default_proc(interpreter, &block)?;
            *hash.default_proc.borrow_mut() = Some(block);
        }
        other => {
            let class = interpreter.real_class(&other).display_name();
            return interpreter.type_error(format!("wrong default_proc type {class} (expected Proc)"));
        }
    }
    *hash.default.borrow_mut() = Value::Nil;
    Ok(args.value(0))
}

fn to_proc(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let me = me.clone();
    let id = interpreter.fresh_id();
    let function = move |interpreter: &mut Interpreter, args: &Args| {
        interpreter.check_arity(args, 1, Some(1))?;
        get(interpreter, &me, &args.list[0])
    };
    Ok(Value::Proc(Rc::new(Proc { id, code: Code::Native { function: Rc::new(function), arity: 1 }, lambda: true })))
}

fn compare_by_identity(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    interpreter.check_frozen(me)?;
    let hash = this(interpreter, me)?;
    hash.identity.set(true);
    let entries = hash.pairs();
    let rekeyed = entries.into_iter().map(|(key, value)| (hash.plain_key(&key), (key, value))).collect();
    *hash.map.borrow_mut() = rekeyed;
    Ok(me.clone())
}
