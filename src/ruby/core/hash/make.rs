//! Making hashes: `Hash.new`, `Hash[]`, `Hash.try_convert`.

use std::rc::Rc;

use super::access::check_default_proc;
use super::this;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[];

/// Installs `initialize` and the class's own methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.hash);
    interpreter.define_private(&class, &[("initialize", initialize)]);
    interpreter.define_singleton(
        &class,
        &[
            ("[]", brackets),
            ("try_convert", |interpreter, _, args| match args.value(0) {
                hash @ Value::Hash(_) => Ok(hash),
                other if interpreter.responds_to(&other, "to_hash")? => interpreter.send(&other, "to_hash", &[]),
                _ => Ok(Value::Nil),
            }),
        ],
    );
}

fn initialize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    match &args.block {
        Some(block) => {
            interpreter.check_arity(args, 0, Some(0))?;
            check_default_proc(interpreter, block)?;
            *hash.default_proc.borrow_mut() = Some(Rc::clone(block));
        }
        None => {
            interpreter.check_arity(args, 0, Some(1))?;
            *hash.default.borrow_mut() = args.value(0);
        }
    }
    Ok(Value::Nil)
}

fn brackets(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let made = match me {
        Value::Module(class) => interpreter.allocate(class),
        _ => Value::Hash(Value::new_hash()),
    };
    let hash = this(interpreter, &made)?;
    let mut pairs = Vec::new();
    match args.list.as_slice() {
        [Value::Hash(given)] => pairs = given.pairs(),
        [Value::Array(list)] => {
            let list = list.items.borrow().clone();
            for (index, pair) in list.iter().enumerate() {
                let Value::Array(pair) = pair else {
                    let class = interpreter.real_class(pair).display_name();
                    return interpreter.argument_error(format!("wrong element type {class} at {index} (expected array)"));
                };
                let pair = pair.items.borrow().clone();
                match pair.as_slice() {
                    [key] => pairs.push((key.clone(), Value::Nil)),
                    [key, value] => pairs.push((key.clone(), value.clone())),
                    other => {
                        let count = other.len();
                        return interpreter.argument_error(format!("invalid number of elements ({count} for 1..2)"));
                    }
                }
            }
        }
        [given @ Value::Object(_)] if interpreter.responds_to(given, "to_hash")? => {
            pairs = super::to_hash(interpreter, given)?.pairs();
        }
        [unknown @ Value::Unknown(_)] => return Ok(unknown.clone()),
        list if list.len() % 2 == 0 => {
            pairs = list.chunks(2).map(|pair| (pair[0].clone(), pair.get(1).cloned().unwrap_or(Value::Nil))).collect();
        }
        _ => return interpreter.argument_error("odd number of arguments for Hash"),
    }
    let special = super::special(interpreter, &made, "[]=").is_some();
    for (key, value) in pairs {
        if special {
            super::put(interpreter, &made, key, value)?;
        } else {
            interpreter.hash_insert(&hash, key, value)?;
        }
    }
    Ok(made)
}
