//! `Hash`. What needs nothing but `each` stands in `enumerable`.
//!
//! Entries are read and written through `interpreter.hash_get` and `hash_insert`; natives that a subclass defines for `[]`, `[]=`
//! or `key?` (other kinds of keys) are asked where Ruby's own methods would go to the table.

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Method, MethodBody};
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Key, Value};
use crate::text::Hole;

mod access;
mod change;
mod compare;
mod derive;
mod iterate;
mod make;

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.hash);
    interpreter.allocators.push((Rc::clone(&class), |interpreter, class| {
        let made = Value::new_hash();
        if !Rc::ptr_eq(class, &interpreter.classes.hash) {
            *made.class.borrow_mut() = Some(Rc::clone(class));
        }
        Value::Hash(made)
    }));
    interpreter.define(&class, access::METHODS);
    interpreter.define(&class, change::METHODS);
    interpreter.define(&class, compare::METHODS);
    interpreter.define(&class, derive::METHODS);
    interpreter.define(&class, iterate::METHODS);
    interpreter.define(&class, make::METHODS);
    make::install(interpreter);
}

/// The hash that `me` is.
pub(super) fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Hash>> {
    match me {
        Value::Hash(hash) => Ok(Rc::clone(hash)),
        other => {
            let class = interpreter.real_class(other).display_name();
            interpreter.type_error(format!("wrong argument type {class} (expected Hash)"))
        }
    }
}

/// The hash that an argument is (or has `to_hash`).
pub(super) fn to_hash(interpreter: &mut Interpreter, value: &Value) -> Eval<Rc<Hash>> {
    match value {
        Value::Hash(hash) => Ok(Rc::clone(hash)),
        // Nothing is known of its entries.
        Value::Unknown(_) => Ok(Value::new_hash()),
        other => {
            if matches!(other, Value::Object(_))
                && interpreter.responds_to(other, "to_hash")?
                && let Value::Hash(hash) = interpreter.send(other, "to_hash", &[])?
            {
                return Ok(hash);
            }
            let shown = match other {
                Value::Nil => "nil".to_owned(),
                Value::Bool(answer) => answer.to_string(),
                other => interpreter.real_class(other).display_name(),
            };
            interpreter.type_error(format!("no implicit conversion of {shown} into Hash"))
        }
    }
}

/// The native method `name` that a subclass has in the place of the table's own.
pub(super) fn special(interpreter: &Interpreter, me: &Value, name: &str) -> Option<Method> {
    let Value::Hash(hash) = me else { return None };
    let class = hash.class.borrow().clone()?;
    let method = interpreter.find_method(&class, name.into())?;
    let own = method.owner.upgrade().is_some_and(|owner| Rc::ptr_eq(&owner, &interpreter.classes.hash));
    let native = matches!(method.body, MethodBody::Native(..) | MethodBody::Closure(_));
    (native && !own).then_some(method)
}

/// `me[key] = value` as Ruby's own methods do it.
pub(super) fn put(interpreter: &mut Interpreter, me: &Value, key: Value, value: Value) -> Eval<()> {
    if let Some(method) = special(interpreter, me, "[]=") {
        interpreter.invoke(me, "[]=".into(), &method, Args::new(vec![key, value]))?;
        return Ok(());
    }
    let hash = this(interpreter, me)?;
    interpreter.hash_insert(&hash, key, value)
}

/// What a look at a key finds.
pub(super) enum Found {
    /// The value.
    Value(Value),
    /// No such key.
    Nothing,
    /// It depends on a key that is not known.
    Unknown(Rc<Hole>),
}

/// The value under `key`, without default.
pub(super) fn look(interpreter: &mut Interpreter, me: &Value, key: &Value) -> Eval<Found> {
    let hash = this(interpreter, me)?;
    if let Some(method) = special(interpreter, me, "[]") {
        let known = match special(interpreter, me, "key?") {
            Some(known) => interpreter.invoke(me, "key?".into(), &known, Args::new(vec![key.clone()]))?,
            None => Value::Bool(interpreter.hash_get(&hash, key)?.is_some()),
        };
        if !known.truthy() {
            return Ok(Found::Nothing);
        }
        return Ok(Found::Value(interpreter.invoke(me, "[]".into(), &method, Args::new(vec![key.clone()]))?));
    }
    look_own(interpreter, &hash, key)
}

/// The value in the table itself, without default.
fn look_own(interpreter: &mut Interpreter, hash: &Rc<Hash>, key: &Value) -> Eval<Found> {
    if let Some(value) = interpreter.hash_get(hash, key)? {
        return Ok(Found::Value(value));
    }
    // A key with a hole in it is another key once the hole is filled.
    let text = match key {
        Value::Str(text) if !interpreter.holes.is_empty() => text.text.borrow().clone(),
        _ => return Ok(Found::Nothing),
    };
    let Some(hole) = interpreter.holes_in(&text).into_iter().next() else { return Ok(Found::Nothing) };
    Ok(match interpreter.concrete(&text) {
        Some(text) => hash.get_str(&text).map_or(Found::Nothing, Found::Value),
        None if hash.map.borrow().is_empty() => Found::Nothing,
        None => Found::Unknown(hole),
    })
}

/// The unknown that reading under a key with `hole` gives.
pub(super) fn unknown_entry(interpreter: &mut Interpreter, hole: &Rc<Hole>) -> Value {
    interpreter.derived_prefix("value under ", hole)
}

impl Interpreter {
    /// The value under a key, without default; where the key has a hole and is not there, something unknown.
    pub fn hash_entry(&mut self, hash: &Rc<Hash>, key: &Value) -> Eval<Option<Value>> {
        Ok(match look_own(self, hash, key)? {
            Found::Value(value) => Some(value),
            Found::Nothing => None,
            Found::Unknown(hole) => Some(unknown_entry(self, &hole)),
        })
    }
}

/// `me[key]`: the value or the default.
pub(super) fn get(interpreter: &mut Interpreter, me: &Value, key: &Value) -> Eval {
    if let Some(method) = special(interpreter, me, "[]") {
        return interpreter.invoke(me, "[]".into(), &method, Args::new(vec![key.clone()]));
    }
    get_own(interpreter, me, key)
}

/// `Hash#[]` itself.
pub(super) fn get_own(interpreter: &mut Interpreter, me: &Value, key: &Value) -> Eval {
    let hash = this(interpreter, me)?;
    match look_own(interpreter, &hash, key)? {
        Found::Value(value) => return Ok(value),
        Found::Unknown(hole) => return Ok(unknown_entry(interpreter, &hole)),
        Found::Nothing => {}
    }
    if hash.class.borrow().is_some() {
        let method = interpreter.find_method(&interpreter.class_of(me), "default".into());
        if method.is_some_and(|method| !matches!(method.body, MethodBody::Native(..))) {
            return interpreter.send(me, "default", std::slice::from_ref(key));
        }
    }
    let block = hash.default_proc.borrow().clone();
    match block {
        Some(block) => interpreter.yield_values(&block, vec![me.clone(), key.clone()]),
        None => Ok(hash.default.borrow().clone()),
    }
}

/// Takes an entry out.
pub(super) fn remove(interpreter: &mut Interpreter, hash: &Rc<Hash>, key: &Value) -> Eval<Option<Value>> {
    let plain = interpreter.hash_key(hash, key)?;
    Ok(hash.map.borrow_mut().shift_remove(&plain).map(|(_, value)| value))
}

/// A hash of these entries that compares keys as `like` does.
pub(super) fn hash_of(like: &Hash, entries: impl IntoIterator<Item = (Key, (Value, Value))>) -> Value {
    let made = Value::new_hash();
    made.identity.set(like.identity.get());
    made.map.borrow_mut().extend(entries);
    Value::Hash(made)
}
