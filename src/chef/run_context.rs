//! `run_context` and the resource collection: looking resources up, changing them, declaring in the root context.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::resource::{self, data, declare};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const CONTEXT: &[(&str, Native)] = &[
    ("node", |i, _, _| Ok(client(i).node_object.borrow().clone())),
    ("resource_collection", |_, me, _| Ok(me.clone())),
    ("cookbook_collection", super::cookbook_collection::collection),
    ("root_run_context", |_, me, _| Ok(me.clone())),
    ("parent_run_context", |_, me, _| Ok(me.clone())),
    ("create_child", |_, me, _| Ok(me.clone())),
    ("include_recipe", super::load::include_recipe),
    ("loaded_recipes", |i, _, _| Ok(Value::strings(client(i).loaded_recipes.borrow().clone()))),
    ("loaded_recipe?", loaded),
    ("definitions", |_, _, _| Ok(Value::Hash(Value::new_hash()))),
    ("find", lookup_or_fail),
    ("lookup", lookup_or_fail),
    ("resources", lookup_or_fail),
    ("insert", insert),
    ("<<", insert),
    ("all_resources", |i, _, _| Ok(Value::array(all(i)))),
    ("each", each),
    ("to_a", |i, _, _| Ok(Value::array(all(i)))),
    ("has_cookbook_file_in_cookbook?", |_, _, _| Ok(Value::Bool(false))),
    ("has_template_in_cookbook?", |_, _, _| Ok(Value::Bool(false))),
    ("immediate_notifications", |_, _, _| Ok(Value::array(Vec::new()))),
    ("events", |_, me, _| Ok(me.clone())),
];

/// The run context object.
pub fn object(interpreter: &mut Interpreter) -> Value {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::RunContext", &object);
    if class.is_bare() {
        let enumerable = Rc::clone(&interpreter.classes.enumerable);
        interpreter.include(&class, &enumerable);
        interpreter.define(&class, CONTEXT);
    }
    interpreter.allocate(&class)
}

fn all(interpreter: &Interpreter) -> Vec<Value> {
    let state = client(interpreter);
    let numbers = state.contexts.borrow().get(state.context.get()).map(|context| context.resources.clone()).unwrap_or_default();
    numbers.into_iter().map(|number| state.resource(number)).collect()
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(block) = &args.block {
        for resource in all(interpreter) {
            interpreter.yield_values(block, vec![resource])?;
        }
    }
    Ok(me.clone())
}

fn loaded(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = args.value(0).text().unwrap_or_default();
    let full = if name.contains("::") { name } else { format!("{name}::default") };
    Ok(Value::Bool(client(interpreter).loaded_recipes.borrow().contains(&full)))
}

fn insert(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    declare::insert(interpreter, &args.value(0))?;
    Ok(me.clone())
}

/// Splits `type[name]` (or a bare `type`).
#[must_use]
pub fn split_reference(text: &str) -> Option<(&str, &str)> {
    let (kind, rest) = text.split_once('[')?;
    Some((kind, rest.strip_suffix(']')?))
}

/// The last declared resource with that type and name, searched from the current context outwards.
#[must_use]
pub fn find(interpreter: &Interpreter, kind: &str, name: &str, recursive: bool) -> Option<Value> {
    let state = client(interpreter);
    let mut context = Some(state.context.get());
    while let Some(number) = context {
        let (resources, parent) = {
            let contexts = state.contexts.borrow();
            let here = contexts.get(number)?;
            (here.resources.clone(), here.parent)
        };
        for resource in resources.into_iter().rev() {
            let value = state.resource(resource);
            if matches_reference(interpreter, &value, kind, name) {
                return Some(value);
            }
        }
        context = if recursive { parent } else { None };
    }
    None
}

fn matches_reference(interpreter: &Interpreter, value: &Value, kind: &str, name: &str) -> bool {
    let Some(resource) = data(value) else { return false };
    if !same_kind(interpreter, value, resource.kind.as_str(), kind) {
        return false;
    }
    let own = resource.name.borrow();
    match &*own {
        Value::Str(text) => {
            let text = text.text.borrow();
            *text == *name || interpreter.concrete(&text).as_deref() == Some(name)
        }
        _ => false,
    }
}

fn same_kind(interpreter: &Interpreter, value: &Value, own: &str, kind: &str) -> bool {
    if own == kind {
        return true;
    }
    // Chef only knows the name that declared it; a conversion follows another name of the type, too.
    if !client(interpreter).settings.lenient {
        return false;
    }
    let class = interpreter.class_of(value);
    resource::class_chain(interpreter, &class).first().is_some_and(|chain| {
        chain.provides.borrow().iter().any(|name| name.as_str() == kind)
            || chain.implicit_name.borrow().is_some_and(|name| name.as_str() == kind)
    })
}

/// Finds what `'type[name]'`, `type: 'name'` or `(:type, 'name')` names.
fn reference(interpreter: &mut Interpreter, args: &Args) -> Eval<Vec<(String, String)>> {
    let mut found = Vec::new();
    if let (Some(kind @ Value::Symbol(_)), Some(name)) = (args.get(0), args.get(1)) {
        if !matches!(name, Value::Hash(_)) {
            let kind = interpreter.display(kind)?;
            let name = interpreter.display(name)?;
            return Ok(vec![(kind, name)]);
        }
    }
    for value in &args.list {
        match value {
            Value::Hash(hash) => {
                for (kind, names) in hash.pairs() {
                    let kind = interpreter.display(&kind)?;
                    for name in names.items().unwrap_or_else(|| vec![names.clone()]) {
                        found.push((kind.clone(), interpreter.display(&name)?));
                    }
                }
            }
            other => {
                let text = interpreter.display(other)?;
                match split_reference(&text) {
                    Some((kind, name)) => found.push((kind.to_owned(), name.to_owned())),
                    None => found.push((text, String::new())),
                }
            }
        }
    }
    Ok(found)
}

fn not_found<T>(interpreter: &mut Interpreter, kind: &str, name: &str) -> Eval<T> {
    let above = Rc::clone(&interpreter.classes.runtime_error);
    let class = interpreter.define_class_path("Chef::Exceptions::ResourceNotFound", &above);
    let shown = interpreter.to_text(name).to_string();
    interpreter.raise(&class, format!("Cannot find a resource matching {kind}[{shown}] (did you define it first?)"))
}

/// `resources('service[nginx]')`: raises when there is none.
pub fn resources(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    lookup_or_fail(interpreter, me, args)
}

fn lookup_or_fail(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let wanted = reference(interpreter, args)?;
    let mut found = Vec::new();
    for (kind, name) in &wanted {
        match find(interpreter, kind, name, true) {
            Some(resource) => found.push(resource),
            None => return not_found(interpreter, kind, name),
        }
    }
    Ok(match found.as_slice() {
        [one] => one.clone(),
        _ => Value::array(found),
    })
}

fn find_one(interpreter: &mut Interpreter, args: &Args) -> Eval<Option<Value>> {
    let positional = Args::new(args.list.iter().filter(|value| !matches!(value, Value::Hash(_))).cloned().collect());
    let wanted = reference(interpreter, if positional.is_empty() { args } else { &positional })?;
    Ok(wanted.first().and_then(|(kind, name)| find(interpreter, kind, name, true)))
}

/// `find_resource(:file, '/a') { … }`: declares it when there is none and a block is given.
pub fn find_resource(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match find_one(interpreter, args)? {
        Some(resource) => Ok(resource),
        None if args.block.is_some() => super::recipe::declare_resource(interpreter, me, args),
        None => Ok(Value::Nil),
    }
}

/// `find_resource!`
pub fn find_resource_or_fail(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match find_one(interpreter, args)? {
        Some(resource) => Ok(resource),
        None => {
            let wanted = reference(interpreter, args)?;
            let (kind, name) = wanted.first().cloned().unwrap_or_default();
            not_found(interpreter, &kind, &name)
        }
    }
}

/// `edit_resource(:file, '/a') { … }`: runs the block on the one there is, or declares it.
pub fn edit_resource(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match find_one(interpreter, args)? {
        Some(resource) => {
            if let Some(block) = &args.block {
                let outer = declare::enclosing_resource(interpreter);
                interpreter.call_block_with_self(block, &resource, None, &Args::new(vec![outer]))?;
            }
            Ok(resource)
        }
        None => super::recipe::declare_resource(interpreter, me, args),
    }
}

/// `edit_resource!`
pub fn edit_resource_or_fail(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let resource = find_resource_or_fail(interpreter, me, &Args::new(args.list.clone()))?;
    if let Some(block) = &args.block {
        let outer = declare::enclosing_resource(interpreter);
        interpreter.call_block_with_self(block, &resource, None, &Args::new(vec![outer]))?;
    }
    Ok(resource)
}

/// `delete_resource(:file, '/a')`
pub fn delete_resource(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some(resource) = find_one(interpreter, args)? else { return Ok(Value::Nil) };
    let state = client(interpreter);
    if let Some(found) = data(&resource) {
        for context in state.contexts.borrow_mut().iter_mut() {
            context.resources.retain(|number| *number != found.number.get());
        }
    }
    Ok(resource)
}

/// `with_run_context(:root) { … }`: what the block declares goes to the root collection.
pub fn with_run_context(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(block) = &args.block else { return Ok(Value::Nil) };
    let state = client(interpreter);
    let here = state.context.get();
    let target = match args.value(0).text().as_deref() {
        Some("parent") => state.contexts.borrow().get(here).and_then(|context| context.parent).unwrap_or(0),
        _ => 0,
    };
    state.context.set(target);
    let answer = interpreter.call_block_with_self(block, me, None, &Args::none());
    state.context.set(here);
    answer
}

/// The resource that a notification names, seen from `context`.
#[must_use]
pub fn find_from(interpreter: &Interpreter, context: usize, text: &str) -> Option<Value> {
    let state = client(interpreter);
    let here = state.context.replace(context);
    let found = match split_reference(text) {
        Some((kind, name)) => find(interpreter, kind, name, true).or_else(|| {
            // Several names in one reference: `service[a,b]` is not followed; an alias of the type is.
            let class = state.resource_types.borrow().get(&Name::new(kind)).cloned()?;
            let own = class.data::<resource::ResourceClass>()?.implicit_name.borrow().map(Name::as_str)?;
            find(interpreter, own, name, true)
        }),
        None => find(interpreter, text, "", true),
    };
    state.context.set(here);
    found
}
