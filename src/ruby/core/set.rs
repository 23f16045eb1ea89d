//! `Set`: values without order and without doubles; its order of insertion is kept all the same.

use std::rc::Rc;

use crate::ruby::core::enumerable::{Verdict, block_or_enumerator};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Key, Value};

mod algebra;
mod change;

/// What a set keeps: its elements are the keys.
pub struct Members {
    /// The table.
    pub table: Rc<Hash>,
}

const SET: &[(&str, Native)] = &[
    ("each", each),
    ("size", length),
    ("length", length),
    ("count", |interpreter, me, args| {
        if args.is_empty() && args.block.is_none() {
            return length(interpreter, me, args);
        }
        let list = Value::array(elements(interpreter, me)?);
        interpreter.call(&list, "count".into(), args.clone(), crate::ruby::dispatch::CallKind::Implicit)
    }),
    ("empty?", |interpreter, me, _| Ok(Value::Bool(elements(interpreter, me)?.is_empty()))),
    ("include?", include),
    ("member?", include),
    ("contain?", include),
    ("===", include),
    ("to_a", |interpreter, me, _| Ok(Value::array(elements(interpreter, me)?))),
    ("to_set", |_, me, _| Ok(me.clone())),
    ("inspect", inspect),
    ("to_s", inspect),
    ("join", |interpreter, me, args| {
        let list = Value::array(elements(interpreter, me)?);
        interpreter.send(&list, "join", &args.list)
    }),
    ("hash", |interpreter, me, _| {
        let key = set_key(interpreter, me)?;
        Ok(interpreter.hash_number(&key))
    }),
    ("eql?", |interpreter, me, args| {
        let same = is_set(&args.value(0)) && set_key(interpreter, me)? == set_key(interpreter, &args.value(0))?;
        Ok(Value::Bool(same))
    }),
    ("initialize_copy", |interpreter, me, args| {
        let table = members(interpreter, &args.value(0))?;
        let made = Value::new_hash();
        made.identity.set(table.identity.get());
        made.map.borrow_mut().clone_from(&table.map.borrow());
        if let Value::Object(object) = me {
            *object.data.borrow_mut() = Some(Rc::new(Members { table: made }));
        }
        Ok(me.clone())
    }),
    ("compare_by_identity", |interpreter, me, _| {
        let table = Value::Hash(members(interpreter, me)?);
        interpreter.send(&table, "compare_by_identity", &[])?;
        Ok(me.clone())
    }),
    ("compare_by_identity?", |interpreter, me, _| Ok(Value::Bool(members(interpreter, me)?.identity.get()))),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Set", &object);
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    interpreter.include(&class, &enumerable);
    interpreter.allocators.push((Rc::clone(&class), |_, class| {
        Value::Object(Rc::new(crate::ruby::value::Object {
            class: std::cell::RefCell::new(Rc::clone(class)),
            ivars: std::cell::RefCell::default(),
            frozen: std::cell::Cell::new(false),
            data: std::cell::RefCell::new(Some(Rc::new(Members { table: Value::new_hash() }))),
        }))
    }));
    interpreter.define(&class, SET);
    interpreter.define(&class, algebra::METHODS);
    interpreter.define(&class, change::METHODS);
    interpreter.define_private(&class, &[("initialize", initialize)]);
    interpreter.define_singleton(
        &class,
        &[("[]", |interpreter, me, args| {
            let Value::Module(class) = me else { return Ok(Value::Nil) };
            set_of(interpreter, class, args.list.clone())
        })],
    );
}

impl Interpreter {
    /// A set of `items`.
    ///
    /// # Errors
    /// What an element's `hash` raises.
    pub fn make_set(&mut self, items: Vec<Value>) -> Eval {
        let object = Rc::clone(&self.classes.object);
        let class = self.define_class_path("Set", &object);
        set_of(self, &class, items)
    }
}

fn set_of(interpreter: &mut Interpreter, class: &Rc<Module>, items: Vec<Value>) -> Eval {
    let made = interpreter.allocate(class);
    let table = members(interpreter, &made)?;
    for item in items {
        interpreter.hash_insert(&table, item, Value::Bool(true))?;
    }
    Ok(made)
}

/// A set of the same class with other elements.
fn like(interpreter: &mut Interpreter, me: &Value, items: Vec<Value>) -> Eval {
    let class = interpreter.real_class(me);
    let made = set_of(interpreter, &class, Vec::new())?;
    let table = members(interpreter, &made)?;
    table.identity.set(members(interpreter, me)?.identity.get());
    for item in items {
        interpreter.hash_insert(&table, item, Value::Bool(true))?;
    }
    Ok(made)
}

fn is_set(value: &Value) -> bool {
    matches!(value, Value::Object(object) if object.data::<Members>().is_some())
}

/// The table of a set.
fn members(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Hash>> {
    let found = match me {
        Value::Object(object) => object.data::<Members>(),
        _ => None,
    };
    match found {
        Some(members) => Ok(Rc::clone(&members.table)),
        None => interpreter.argument_error("value must be a set"),
    }
}

fn elements_of(me: &Value) -> Vec<Value> {
    match me {
        Value::Object(object) => {
            object.data::<Members>().map(|members| members.table.pairs().into_iter().map(|(key, _)| key).collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn elements(interpreter: &mut Interpreter, me: &Value) -> Eval<Vec<Value>> {
    members(interpreter, me)?;
    Ok(elements_of(me))
}

/// The elements of an argument that has to be enumerable.
fn enumerated(interpreter: &mut Interpreter, value: &Value) -> Eval<Vec<Value>> {
    match value {
        Value::Array(_) | Value::Hash(_) | Value::Range(_) | Value::Unknown(_) => interpreter.to_list(value),
        other if is_set(other) => Ok(elements_of(other)),
        other if !other.is_nil() && interpreter.responds_to(other, "each")? => interpreter.to_list(other),
        _ => interpreter.argument_error("value must be enumerable"),
    }
}

fn initialize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let table = members(interpreter, me)?;
    let given = args.value(0);
    if given.is_nil() {
        return Ok(Value::Nil);
    }
    for item in enumerated(interpreter, &given)? {
        let item = match &args.block {
            Some(block) => interpreter.yield_item(block, item)?,
            None => item,
        };
        interpreter.hash_insert(&table, item, Value::Bool(true))?;
    }
    Ok(Value::Nil)
}

/// The elements as a key that does not depend on their order.
fn set_key(interpreter: &mut Interpreter, me: &Value) -> Eval<Key> {
    // A set can hold itself.
    if interpreter.visiting.contains(&me.address()) {
        return Ok(Key::Nil);
    }
    interpreter.visiting.push(me.address());
    let mut keys: Vec<String> = Vec::new();
    let mut failure = None;
    for item in elements_of(me) {
        match interpreter.key(&item) {
            Ok(key) => keys.push(format!("{key:?}")),
            Err(flow) => {
                failure = Some(flow);
                break;
            }
        }
    }
    interpreter.visiting.pop();
    if let Some(flow) = failure {
        return Err(flow);
    }
    keys.sort();
    Ok(Key::List(keys.into_iter().map(|key| Key::Str(key.into())).collect()))
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "each");
    let table = members(interpreter, me)?;
    interpreter.each_pair(&table, |interpreter, item, _| interpreter.yield_values(&block, vec![item]).map(|_| true))?;
    Ok(me.clone())
}

fn length(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let length = members(interpreter, me)?.map.borrow().len();
    Ok(Value::Integer(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn include(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let table = members(interpreter, me)?;
    if interpreter.hash_get(&table, &args.list[0])?.is_some() {
        return Ok(Value::Bool(true));
    }
    // Something unknown may be the one that is asked for.
    if !interpreter.holes.is_empty() || args.list[0].is_unknown() {
        for item in elements(interpreter, me)? {
            if let Verdict::Unknown(hole) = interpreter.equal_or_unknown(&item, &args.list[0])? {
                return Ok(Value::Unknown(hole));
            }
        }
    }
    Ok(Value::Bool(false))
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = interpreter.real_class(me).display_name();
    let again = format!("#<{class}: {{...}}>");
    interpreter.inspect_guarded(me, &again, |interpreter| {
        let mut shown = Vec::new();
        for item in elements(interpreter, me)? {
            shown.push(interpreter.inspect(&item)?);
        }
        Ok(format!("#<{class}: {{{}}}>", shown.join(", ")))
    })
}
