//! `ENV`: the variables that the embedder gives; none by default.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::machine::unknown;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const ENV: &[(&str, Native)] = &[
    ("[]", get),
    ("fetch", fetch),
    ("[]=", store),
    ("store", store),
    ("key?", has),
    ("has_key?", has),
    ("include?", has),
    ("member?", has),
    ("delete", |interpreter, _, args| {
        let name = interpreter.to_str(&args.value(0))?;
        Ok(interpreter.environment.remove(&name).map_or(Value::Nil, Value::str))
    }),
    ("to_h", |interpreter, _, args| {
        let hash = hash(interpreter);
        if args.block.is_some() {
            return interpreter.call(&hash, Name::new("to_h"), args.clone(), CallKind::Explicit);
        }
        Ok(hash)
    }),
    ("to_hash", |interpreter, _, _| Ok(hash(interpreter))),
    ("dup", |interpreter, _, _| interpreter.type_error("Cannot dup ENV, use ENV.to_h to get a copy of ENV as a hash")),
    ("update", update),
    ("merge!", update),
    ("replace", |interpreter, me, args| {
        interpreter.environment.clear();
        update(interpreter, me, args)
    }),
    ("clear", |interpreter, me, _| {
        interpreter.environment.clear();
        Ok(me.clone())
    }),
    ("to_s", |_, _, _| Ok(Value::str("ENV"))),
];

/// Methods that a hash of the variables answers.
const AS_HASH: &[&str] = &[
    "inspect",
    "keys",
    "values",
    "each",
    "each_pair",
    "each_key",
    "each_value",
    "rassoc",
    "empty?",
    "size",
    "length",
    "values_at",
    "slice",
    "select",
    "filter",
    "reject",
    "map",
    "any?",
    "all?",
    "find",
    "key",
    "value?",
    "has_value?",
    "to_a",
    "except",
    "count",
    "sort",
    "sort_by",
    "each_with_object",
    "reduce",
    "inject",
    "dig",
    "filter_map",
    "partition",
    "none?",
    "min_by",
    "max_by",
    "group_by",
    "flat_map",
    "invert",
    "assoc",
    "collect",
    "detect",
    "sum",
    "to_set",
];

/// Installs the object.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let environment = interpreter.allocate(&object);
    let meta = interpreter.singleton_class(&environment);
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    interpreter.include(&meta, &enumerable);
    for name in AS_HASH {
        interpreter.define_list(
            &meta,
            &[(name, |interpreter, _, args| {
                let method = interpreter.calls.last().map_or_else(|| Name::new("to_h"), |(_, name)| *name);
                let hash = hash(interpreter);
                interpreter.call(&hash, method, args.clone(), CallKind::Explicit)
            })],
            Visibility::Public,
        );
    }
    interpreter.define(&meta, ENV);
    interpreter.set_constant(&object, Name::new("ENV"), environment);
}

fn hash(interpreter: &mut Interpreter) -> Value {
    Value::hash(interpreter.environment.iter().map(|(name, value)| (Value::str(name.as_str()), Value::str(value.as_str()))))
}

fn look(interpreter: &mut Interpreter, name: &str) -> Option<Value> {
    match interpreter.environment.get(name) {
        Some(value) => Some(Value::str(value.as_str())),
        None if interpreter.environment_open => Some(unknown(format!("ENV['{name}']"), "an environment variable of the machine")),
        None => None,
    }
}

fn get(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.to_str(&args.value(0))?;
    Ok(look(interpreter, &name).unwrap_or(Value::Nil))
}

fn fetch(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let name = interpreter.to_str(&args.value(0))?;
    if let Some(value) = look(interpreter, &name) {
        return Ok(value);
    }
    if let Some(block) = &args.block {
        return interpreter.yield_values(block, vec![args.value(0)]);
    }
    if let Some(default) = args.get(1) {
        return Ok(default.clone());
    }
    let shown = interpreter.inspect(&args.value(0))?;
    let class = Rc::clone(&interpreter.classes.key_error);
    let error = interpreter.exception(&class, format!("key not found: {shown}"));
    interpreter.set_ivar(&error, "@receiver", me.clone());
    interpreter.set_ivar(&error, "@key", args.value(0));
    interpreter.raise_object(error)
}

fn store(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.to_str(&args.value(0))?;
    match args.value(1) {
        Value::Nil => {
            interpreter.environment.remove(&name);
        }
        value => {
            let text = interpreter.to_str(&value)?;
            interpreter.environment.insert(name, text);
        }
    }
    Ok(args.value(1))
}

fn has(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.to_str(&args.value(0))?;
    if !interpreter.environment.contains_key(&name) && interpreter.environment_open {
        return Ok(unknown(format!("ENV.key?('{name}')"), "an environment variable of the machine"));
    }
    Ok(Value::Bool(interpreter.environment.contains_key(&name)))
}

fn update(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Value::Hash(hash) = args.value(0) {
        for (name, value) in hash.pairs() {
            store(interpreter, me, &Args::new(vec![name, value]))?;
        }
    }
    Ok(me.clone())
}
