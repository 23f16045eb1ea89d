//! `OpenStruct`: an object whose attributes are made by assigning them.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::enumerable::{Verdict, block_or_enumerator};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Method, MethodBody, Native, NativeClosure, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};

/// What an `OpenStruct` keeps: symbols to values.
struct Attributes {
    table: Rc<Hash>,
}

const OPEN_STRUCT: &[(&str, Native)] = &[
    ("[]", |interpreter, me, args| {
        interpreter.check_arity(args, 1, Some(1))?;
        let table = table(interpreter, me)?;
        let key = symbol(interpreter, &args.list[0])?;
        Ok(table.get_plain(&key).unwrap_or(Value::Nil))
    }),
    ("[]=", |interpreter, me, args| {
        interpreter.check_arity(args, 2, Some(2))?;
        let key = symbol(interpreter, &args.list[0])?;
        assign(interpreter, me, key, args.value(1))
    }),
    ("dig", |interpreter, me, args| {
        interpreter.check_arity(args, 1, None)?;
        let table = table(interpreter, me)?;
        let key = symbol(interpreter, &args.list[0])?;
        let found = table.get_plain(&key).unwrap_or(Value::Nil);
        interpreter.dig_further(found, &args.list[1..])
    }),
    ("to_h", |interpreter, me, args| {
        let copy = Value::hash(table(interpreter, me)?.pairs());
        match &args.block {
            Some(_) => interpreter.call(&copy, Name::new("to_h"), args.clone(), CallKind::Implicit),
            None => Ok(copy),
        }
    }),
    ("each_pair", |interpreter, me, args| {
        let block = block_or_enumerator!(interpreter, me, args, "each_pair");
        for (key, value) in table(interpreter, me)?.pairs() {
            interpreter.step()?;
            interpreter.yield_values(&block, vec![Value::array(vec![key, value])])?;
        }
        Ok(me.clone())
    }),
    ("delete_field", delete_field),
    ("respond_to_missing?", |interpreter, me, args| {
        let Some(name) = args.value(0).name() else { return Ok(Value::Bool(false)) };
        let table = table(interpreter, me)?;
        let known = |name: &str| table.get_symbol(name).is_some();
        Ok(Value::Bool(match name.strip_suffix('=') {
            Some(attribute) => !interpreter.is_frozen(me) && known(attribute),
            None => known(&name),
        }))
    }),
    ("method_missing", method_missing),
    ("==", |interpreter, me, args| equal(interpreter, me, &args.value(0))),
    ("eql?", |interpreter, me, args| equal(interpreter, me, &args.value(0))),
    ("hash", |interpreter, me, _| {
        let table = Value::Hash(table(interpreter, me)?);
        interpreter.send(&table, "hash", &[])
    }),
    ("inspect", inspect),
    ("to_s", inspect),
    ("initialize_copy", |interpreter, me, args| {
        let copy = Value::new_hash();
        let from = table(interpreter, &args.value(0))?;
        copy.map.borrow_mut().clone_from(&from.map.borrow());
        keep(me, copy);
        Ok(me.clone())
    }),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("OpenStruct", &object);
    interpreter.define(&class, OPEN_STRUCT);
    interpreter.define_private(&class, &[("initialize", initialize)]);
}

fn keep(me: &Value, table: Rc<Hash>) {
    if let Value::Object(object) = me {
        *object.data.borrow_mut() = Some(Rc::new(Attributes { table }));
    }
}

fn table(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Hash>> {
    let Value::Object(object) = me else { return interpreter.type_error("not an OpenStruct") };
    if let Some(attributes) = object.data::<Attributes>() {
        return Ok(Rc::clone(&attributes.table));
    }
    // A subclass whose `initialize` does not call `super`.
    let table = Value::new_hash();
    *object.data.borrow_mut() = Some(Rc::new(Attributes { table: Rc::clone(&table) }));
    Ok(table)
}

fn symbol(interpreter: &mut Interpreter, key: &Value) -> Eval {
    match key.name() {
        Some(name) => Ok(Value::Symbol(name)),
        None => {
            let shown = interpreter.inspect(key)?;
            interpreter.type_error(format!("{shown} is not a symbol nor a string"))
        }
    }
}

fn initialize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    keep(me, Value::new_hash());
    let given = args.value(0);
    let pairs = match &given {
        Value::Nil | Value::Unknown(_) => Vec::new(),
        Value::Hash(hash) => hash.pairs(),
        other => match interpreter.send(other, "to_h", &[])? {
            Value::Hash(hash) => hash.pairs(),
            _ => Vec::new(),
        },
    };
    for (key, value) in pairs {
        let key = symbol(interpreter, &key)?;
        assign(interpreter, me, key, value)?;
    }
    Ok(Value::Nil)
}

fn assign(interpreter: &mut Interpreter, me: &Value, key: Value, value: Value) -> Eval {
    interpreter.check_frozen(me)?;
    let table = table(interpreter, me)?;
    let fresh = table.get_plain(&key).is_none();
    table.insert_plain(key.clone(), value.clone());
    let size = table.map.borrow().len();
    interpreter.check_size(size)?;
    // An attribute goes before a method of the same name that every object has.
    if let (true, Some(name)) = (fresh, key.name())
        && !name.ends_with('!')
        && hides_method(interpreter, me, name)
    {
        let reader: NativeClosure = Rc::new(move |interpreter, me, _| table_entry(interpreter, me, name));
        let meta = interpreter.singleton_class(me);
        let method = Method { name, owner: Rc::downgrade(&meta), visibility: Visibility::Public, body: MethodBody::Closure(reader) };
        meta.insert_method(name, method);
        interpreter.version += 1;
    }
    Ok(value)
}

fn table_entry(interpreter: &mut Interpreter, me: &Value, name: Name) -> Eval {
    Ok(table(interpreter, me)?.get_plain(&Value::Symbol(name)).unwrap_or(Value::Nil))
}

/// Whether `name` is a method that every object has (one of a subclass stays in the way).
fn hides_method(interpreter: &Interpreter, me: &Value, name: Name) -> bool {
    if matches!(name.as_str(), "object_id" | "instance_eval" | "instance_exec" | "__send__" | "__id__")
        || !name.starts_with(|c: char| c.is_alphabetic() || c == '_')
    {
        return false;
    }
    let classes = &interpreter.classes;
    interpreter.find_method(&interpreter.class_of(me), name).is_some_and(|method| {
        let owner = method.owner.upgrade();
        owner.is_some_and(|owner| [&classes.kernel, &classes.object, &classes.basic_object].iter().any(|class| Rc::ptr_eq(class, &owner)))
    })
}

fn method_missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    let rest = args.list.get(1..).unwrap_or_default();
    if let Some(attribute) = name.strip_suffix('=').filter(|attribute| !attribute.is_empty()) {
        let [value] = rest else {
            let count = rest.len();
            return interpreter.argument_error(format!("wrong number of arguments (given {count}, expected 1)"));
        };
        return assign(interpreter, me, Value::symbol(attribute), value.clone());
    }
    let found = table(interpreter, me)?.get_plain(&Value::Symbol(name));
    match found {
        Some(value) => Ok(value),
        None if rest.is_empty() => Ok(Value::Nil),
        None => interpreter.undefined_method(me, name, CallKind::Explicit),
    }
}

fn delete_field(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    interpreter.check_frozen(me)?;
    let table = Value::Hash(table(interpreter, me)?);
    let key = symbol(interpreter, &args.list[0])?;
    let Value::Hash(hash) = &table else { return Ok(Value::Nil) };
    if hash.get_plain(&key).is_some() {
        return interpreter.send(&table, "delete", &[key]);
    }
    if let Some(block) = &args.block {
        return interpreter.yield_values(block, Vec::new());
    }
    let (name, shown) = (interpreter.display(&key)?, interpreter.inspect(me)?);
    interpreter.name_error(format!("no field `{name}' in {shown}"))
}

fn equal(interpreter: &mut Interpreter, me: &Value, other: &Value) -> Eval {
    if !matches!(other, Value::Object(object) if object.data::<Attributes>().is_some()) {
        return Ok(Value::Bool(false));
    }
    let (left, right) = (Value::Hash(table(interpreter, me)?), Value::Hash(table(interpreter, other)?));
    Ok(match interpreter.equal_or_unknown(&left, &right)? {
        Verdict::Known(answer) => Value::Bool(answer),
        Verdict::Unknown(hole) => Value::Unknown(hole),
    })
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = interpreter.real_class(me).display_name();
    let again = format!("#<{class} ...>");
    interpreter.inspect_guarded(me, &again, |interpreter| {
        let mut parts = Vec::new();
        for (key, value) in table(interpreter, me)?.pairs() {
            let name = interpreter.display(&key)?;
            parts.push(format!(" {name}={}", interpreter.inspect(&value)?));
        }
        Ok(format!("#<{class}{}>", parts.join(",")))
    })
}
