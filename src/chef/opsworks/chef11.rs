//! What Ruby has in a Chef 11 run of the service and has no longer: `blank?`, and a `to_hash` of attributes that goes one level down.

use std::rc::Rc;

use crate::chef::mash::mashes;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// Adds it.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define(&object, &[("blank?", is_blank), ("present?", is_present)]);
    let mashes = mashes(interpreter);
    interpreter.define(&mashes.immutable, &[("to_hash", to_hash)]);
}

fn is_blank(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let asked = match me {
        Value::Nil | Value::Bool(false) => return Ok(Value::Bool(true)),
        Value::Str(_) => interpreter.call(me, Name::new("strip"), Args::none(), CallKind::Explicit)?,
        Value::Hash(_) | Value::Array(_) => me.clone(),
        _ => return Ok(Value::Bool(false)),
    };
    interpreter.call(&asked, Name::new("empty?"), Args::none(), CallKind::Explicit)
}

fn is_present(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let blank = is_blank(interpreter, me, args)?;
    interpreter.call(&blank, Name::new("!"), Args::none(), CallKind::Explicit)
}

/// A hash with string keys; what it holds stays as it is, and takes symbols.
fn to_hash(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Value::Hash(hash) = me else { return Ok(me.clone()) };
    let made = Value::new_hash();
    for (key, value) in hash.pairs() {
        made.insert_plain(key, value);
    }
    Ok(Value::Hash(made))
}
