//! Definitions (`define :name, param: default do … end`): macros whose body runs where they are called.

use std::rc::Rc;

use crate::chef::client::client;
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Native, Visibility};
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::{Hash, Value};

/// A definition.
#[derive(Clone)]
pub struct Definition {
    /// Its name.
    pub name: Name,
    /// Default parameters, a Mash.
    pub defaults: Vec<(Value, Value)>,
    /// Its body.
    pub body: Rc<Proc>,
    /// The cookbook it stands in.
    pub cookbook: String,
}

/// What a `Chef::ResourceDefinition` file calls.
pub const FILE: &[(&str, Native)] = &[("define", define)];

fn define(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let (Some(name), Some(body)) = (args.value(0).name(), &args.block) else {
        return interpreter.argument_error("a definition needs a name and a block");
    };
    let defaults = match args.get(1) {
        Some(Value::Hash(hash)) => hash.pairs(),
        _ => Vec::new(),
    };
    let state = client(interpreter);
    let cookbook = state.place.borrow().0.clone();
    state.definitions.borrow_mut().insert(name, Definition { name, defaults, body: Rc::clone(body), cookbook });
    Ok(Value::Bool(true))
}

/// Expands a definition: its parameters are collected by the caller's block, then its body runs as recipe code.
///
/// # Errors
/// What the body raises.
pub fn expand(interpreter: &mut Interpreter, definition: &Definition, args: &Args) -> Eval {
    let mashes = super::mash::mashes(interpreter);
    let params = super::mash::of_class(&mashes.mash);
    for (key, value) in &definition.defaults {
        let value = super::mash::adopt(interpreter, &params, crate::ruby::core::object::copy(interpreter, value, false));
        params.insert_plain(super::mash::key(key), value);
    }
    if let Some(name) = args.get(0) {
        params.insert_plain(Value::str("name"), name.clone());
    }
    if let Some(block) = &args.block {
        let collector = collector(interpreter, &params);
        interpreter.call_block_with_self(block, &collector, None, &Args::none())?;
    }
    let recipe = super::recipe::object(interpreter);
    let meta = interpreter.singleton_class(&recipe);
    let held = Value::Hash(Rc::clone(&params));
    let reader = MethodBody::Closure(Rc::new(move |_: &mut Interpreter, _: &Value, _: &Args| Ok(held.clone())));
    interpreter.add_method(&meta, Name::new("params"), reader, Visibility::Public);
    interpreter.set_ivar(&recipe, "@params", Value::Hash(Rc::clone(&params)));
    let state = client(interpreter);
    // Blocks of resources in the body read the parameters from the resource.
    let outer = state.params.replace(Value::Hash(params));
    let name = args.value(0);
    let answer = interpreter.call_block_with_self(&definition.body, &recipe, None, &Args::new(vec![name]));
    state.params.replace(outer);
    answer
}

/// The object that a definition's caller sets parameters on: every method with an argument is one.
fn collector(interpreter: &mut Interpreter, params: &Rc<Hash>) -> Value {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::ResourceDefinition", &object);
    if class.is_bare() {
        interpreter.define(
            &class,
            &[
                ("method_missing", collect),
                ("node", |i, _, _| Ok(client(i).node_object.borrow().clone())),
                ("params", |i, me, _| Ok(i.get_ivar(me, "@params"))),
                ("name", named),
            ],
        );
    }
    let made = interpreter.allocate(&class);
    interpreter.set_ivar(&made, "@params", Value::Hash(Rc::clone(params)));
    made
}

fn named(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut list = vec![Value::symbol("name")];
    list.extend(args.list.iter().cloned());
    collect(interpreter, me, &Args::new(list))
}

fn collect(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Value::Hash(params) = interpreter.get_ivar(me, "@params") else { return Ok(Value::Nil) };
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    let key = Value::str(name.trim_end_matches('='));
    let value = match (&args.list[1..], &args.block) {
        ([], None) => return Ok(params.get_plain(&key).unwrap_or(Value::Nil)),
        ([], Some(block)) => Value::Proc(Rc::clone(block)),
        ([one], _) => one.clone(),
        (many, _) => Value::array(many.to_vec()),
    };
    let value = super::mash::adopt(interpreter, &params, value);
    params.insert_plain(key, value.clone());
    Ok(value)
}
