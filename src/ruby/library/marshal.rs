//! `Marshal`: only for `Marshal.load(Marshal.dump(value))`, the deep copy. The dump is no text here.

use std::rc::Rc;

use crate::ruby::core::machine::{data_of, object_with};
use crate::ruby::core::object::copy;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// A dumped value.
struct Dump(Value);

/// Deeper values would not fit on the program's stack.
const DEEPEST: usize = 400;

/// Installs the module.
pub fn install(interpreter: &mut Interpreter) {
    let module = interpreter.define_module_path("Marshal");
    interpreter.define_singleton(&module, &[("dump", dump), ("load", load), ("restore", load)]);
}

fn dump(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Marshal::Dump", &object);
    let copied = deep(interpreter, &args.value(0), 0, &mut Vec::new())?;
    Ok(object_with(&class, Rc::new(Dump(copied))))
}

fn load(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match (data_of::<Dump>(&args.value(0)), args.value(0)) {
        (Some(dump), _) => deep(interpreter, &dump.0, 0, &mut Vec::new()),
        (None, Value::Unknown(hole)) => Ok(interpreter.derived(&hole, " (as a dump)")),
        (None, _) => interpreter.type_error("incompatible marshal file format (can't be read)"),
    }
}

/// A copy of `value` and of everything in it; what occurs twice in it occurs twice in the copy.
fn deep(interpreter: &mut Interpreter, value: &Value, depth: usize, seen: &mut Vec<(usize, Value)>) -> Eval {
    interpreter.step()?;
    if depth > DEEPEST {
        return Err(Box::new(Flow::Halt(format!("a value nests deeper than {DEEPEST} levels"))));
    }
    if let Some((_, known)) = seen.iter().find(|(address, _)| *address == value.address() && *address != 0) {
        return Ok(known.clone());
    }
    match value {
        Value::Proc(_) => {
            let class = interpreter.real_class(value).display_name();
            interpreter.type_error(format!("no _dump_data is defined for class {class}"))
        }
        Value::Str(_) => Ok(copy(interpreter, value, false)),
        Value::Array(array) => {
            let made = copy(interpreter, value, false);
            seen.push((value.address(), made.clone()));
            let items = array.items.borrow().clone();
            let items = items.iter().map(|item| deep(interpreter, item, depth + 1, seen)).collect::<Eval<Vec<_>>>()?;
            if let Value::Array(array) = &made {
                *array.items.borrow_mut() = items;
            }
            Ok(made)
        }
        Value::Hash(hash) => {
            if hash.default_proc.borrow().is_some() {
                return interpreter.type_error("can't dump hash with default proc");
            }
            let made = copy(interpreter, value, false);
            seen.push((value.address(), made.clone()));
            if let Value::Hash(copied) = &made {
                copied.map.borrow_mut().clear();
                for (key, value) in hash.pairs() {
                    let key = deep(interpreter, &key, depth + 1, seen)?;
                    let value = deep(interpreter, &value, depth + 1, seen)?;
                    interpreter.hash_insert(copied, key, value)?;
                }
            }
            Ok(made)
        }
        Value::Object(object) => {
            let made = copy(interpreter, value, false);
            seen.push((value.address(), made.clone()));
            let ivars: Vec<_> = object.ivars.borrow().iter().map(|(name, value)| (*name, value.clone())).collect();
            for (name, value) in ivars {
                let value = deep(interpreter, &value, depth + 1, seen)?;
                interpreter.set_ivar_named(&made, name, value);
            }
            // Structs and sets keep what they hold with their native data: they copy it themselves.
            if interpreter.has_method(&made, "initialize_copy".into(), true) {
                interpreter.send(&made, "initialize_copy", std::slice::from_ref(value))?;
            }
            Ok(made)
        }
        other => Ok(other.clone()),
    }
}
