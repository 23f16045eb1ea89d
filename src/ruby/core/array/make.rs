//! Making arrays and turning them into others: `Array.new`, `Array[]`, `to_a`, `to_ary`, `deconstruct`.

use std::rc::Rc;

use super::access::integer;
use super::{items, this, to_ary};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Array, Value};

pub const METHODS: &[(&str, Native)] = &[
    ("to_a", |_, me, _| match me {
        Value::Array(array) if array.class.is_some() => Ok(Value::array(array.items.borrow().clone())),
        _ => Ok(me.clone()),
    }),
    ("entries", |interpreter, me, _| Ok(Value::array(items(interpreter, me)?))),
    ("to_ary", |_, me, _| Ok(me.clone())),
    ("deconstruct", |_, me, _| Ok(me.clone())),
];

/// Installs `Array.new`'s part, `Array[]` and `Array.try_convert`.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.array);
    interpreter.define_private(&class, &[("initialize", initialize)]);
    interpreter.define_singleton(
        &class,
        &[
            ("[]", |interpreter, me, args| match me {
                Value::Module(class) if !Rc::ptr_eq(class, &interpreter.classes.array) => {
                    Ok(Value::Array(Rc::new(Array::of(args.list.clone(), Some(Rc::clone(class))))))
                }
                _ => Ok(Value::array(args.list.clone())),
            }),
            ("try_convert", |interpreter, _, args| match args.value(0) {
                list @ Value::Array(_) => Ok(list),
                other if interpreter.responds_to(&other, "to_ary")? => interpreter.send(&other, "to_ary", &[]),
                _ => Ok(Value::Nil),
            }),
        ],
    );
}

fn initialize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(2))?;
    let array = this(interpreter, me)?;
    let made = match args.list.as_slice() {
        [] => Vec::new(),
        [list @ Value::Array(_)] => to_ary(interpreter, list)?,
        [count, rest @ ..] => {
            let count = interpreter.size_argument(count, "negative array size")?;
            if count > interpreter.bounds.size {
                return interpreter.argument_error("array size too big");
            }
            match &args.block {
                Some(block) => {
                    let mut list = Vec::new();
                    for index in 0..count {
                        interpreter.step()?;
                        list.push(interpreter.yield_values(block, vec![integer(index)])?);
                    }
                    list
                }
                None => vec![rest.first().cloned().unwrap_or(Value::Nil); count],
            }
        }
    };
    *array.items.borrow_mut() = made;
    Ok(Value::Nil)
}
