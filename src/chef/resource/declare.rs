//! Declaring a resource: making the object, running its block, adding it to the collection.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::resource::{ResourceData, data};
use crate::name::Name;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::{Object, Value};
use crate::source::Span;

/// A resource's name from what was given: text, or a list joined with commas.
///
/// # Errors
/// `Chef::Exceptions::ValidationFailed` where it is neither.
pub fn name_of(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) | Value::Unknown(_) => match value {
            Value::Unknown(hole) => Ok(interpreter.hole_string(hole)),
            other => Ok(other.clone()),
        },
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            let mut parts = Vec::new();
            for item in &items {
                parts.push(interpreter.display(item)?);
            }
            Ok(Value::str(parts.join(", ")))
        }
        Value::Nil => Ok(Value::Nil),
        other => {
            let text = interpreter.display(other)?;
            Ok(Value::str(text))
        }
    }
}

/// An empty resource object of `class`.
pub fn allocate(interpreter: &mut Interpreter, class: &Rc<Module>) -> Value {
    let kind = super::class_data(class).implicit_name.borrow().unwrap_or_else(|| Name::new(&class.display_name()));
    object_of(interpreter, class, kind)
}

fn object_of(interpreter: &mut Interpreter, class: &Rc<Module>, kind: Name) -> Value {
    let state = client(interpreter);
    let (cookbook, recipe) = state.place.borrow().clone();
    let resource = ResourceData {
        number: Cell::new(usize::MAX),
        kind,
        name: RefCell::new(Value::Nil),
        actions: RefCell::default(),
        set: RefCell::default(),
        guards: RefCell::default(),
        notifies: RefCell::default(),
        subscribes: RefCell::default(),
        declared: Cell::new(interpreter.call_site()),
        cookbook,
        recipe,
        conditions: interpreter.conditions.clone(),
        context: Cell::new(state.context.get()),
        enclosing: RefCell::new(state.provider.borrow().clone()),
        lazy: RefCell::default(),
        unknown: Cell::new(false),
        params: RefCell::new(state.params.borrow().clone()),
        allowed: RefCell::default(),
        compiled: Cell::new(false),
        updated: Cell::new(false),
        changed: Cell::new(false),
        label: super::show::label(interpreter, interpreter.call_site()),
    };
    Value::Object(Rc::new(Object {
        class: RefCell::new(Rc::clone(class)),
        ivars: RefCell::default(),
        frozen: Cell::new(false),
        data: RefCell::new(Some(Rc::new(resource))),
    }))
}

/// `initialize(name, run_context)`
pub fn initialize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(resource) = data(me) {
        let name = name_of(interpreter, &args.value(0))?;
        *resource.name.borrow_mut() = name;
        let class = interpreter.class_of(me);
        let own = Name::new("name");
        if super::find_property(interpreter, &class, own).is_some() && !args.value(0).is_nil() {
            let name = resource.name.borrow().clone();
            super::property::set(interpreter, me, own, name)?;
        }
        if super::class_data(&class).custom.get() {
            // What `initialize` of older classes adds to or replaces.
            let mut allowed = vec![Value::symbol("nothing")];
            allowed.extend(super::base::allowed(interpreter, me).into_iter().map(Value::Symbol));
            interpreter.set_ivar(me, "@allowed_actions", Value::array(allowed));
        }
    }
    Ok(Value::Nil)
}

/// Makes a resource of the type `kind` without adding it to a collection.
///
/// # Errors
/// What its block or `initialize` raises.
pub fn build(interpreter: &mut Interpreter, kind: Name, class: &Rc<Module>, name: &Value, block: Option<&Rc<Proc>>, at: Span) -> Eval {
    let class = &super::types::for_platform(interpreter, kind, class);
    let object = object_of(interpreter, class, kind);
    let resource = data(&object);
    if let Some(resource) = &resource {
        resource.declared.set(at);
        let given = name_of(interpreter, name)?;
        *resource.name.borrow_mut() = given;
    }
    let initialize = Name::new("initialize");
    if let Some(method) = interpreter.find_method(&interpreter.class_of(&object), initialize) {
        let context = super::super::run_context::object(interpreter);
        let name = resource.as_ref().map_or(Value::Nil, |resource| resource.name.borrow().clone());
        interpreter.invoke(&object, initialize, &method, Args::new(vec![name, context]))?;
    }
    if let Some(resource) = &resource {
        after_initialize(interpreter, &object, resource)?;
    }
    package_names(interpreter, &object, name)?;
    clone_earlier(interpreter, &object);
    if let Some(block) = block {
        let outer = enclosing_resource(interpreter);
        interpreter.call_block_with_self(block, &object, None, &Args::new(vec![outer]))?;
    }
    if interpreter.has_method(&object, Name::new("after_created"), true) {
        interpreter.send(&object, "after_created", &[])?;
    }
    Ok(object)
}

/// The `new_resource` of the action that runs: what the block of a resource inside it is given.
pub fn enclosing_resource(interpreter: &mut Interpreter) -> Value {
    let provider = client(interpreter).provider.borrow().clone();
    interpreter.get_ivar(&provider, "@new_resource")
}

/// `package %w(a b)`: the list itself is the package's name, which must be text or a list.
fn package_names(interpreter: &mut Interpreter, object: &Value, name: &Value) -> Eval<()> {
    let class = interpreter.class_of(object);
    let named = Name::new("package_name");
    let is_package = super::find_property(interpreter, &class, named).is_some_and(|property| property.name_property && !property.own);
    if !is_package {
        return Ok(());
    }
    match name {
        Value::Array(_) => super::property::store(object, named, name.clone()),
        Value::Str(_) | Value::Unknown(_) | Value::Nil => {}
        other => {
            let shown = interpreter.inspect(other)?;
            return super::property::fail(
                interpreter,
                format!("Property package_name must be one of: String, Array!  You passed {shown}."),
            );
        }
    }
    Ok(())
}

/// Takes over what `initialize` of an older resource class set: `@action`, `@allowed_actions`.
fn after_initialize(interpreter: &mut Interpreter, object: &Value, resource: &Rc<ResourceData>) -> Eval<()> {
    let names =
        |value: &Value| -> Vec<Name> { value.items().unwrap_or_else(|| vec![value.clone()]).iter().filter_map(Value::name).collect() };
    let allowed = interpreter.get_ivar(object, "@allowed_actions");
    if !allowed.is_nil() {
        *resource.allowed.borrow_mut() = names(&allowed);
    }
    let action = interpreter.get_ivar(object, "@action");
    if !action.is_nil() {
        *resource.actions.borrow_mut() = Some(names(&action));
    }
    Ok(())
}

/// Chef 11 and 12 start a resource with what an earlier one of the same type and name had (CHEF-3694); later versions do not.
fn clone_earlier(_: &mut Interpreter, _: &Value) {}

/// Declares a resource: builds it and adds it to the collection.
///
/// # Errors
/// As [`build`].
pub fn declare(interpreter: &mut Interpreter, kind: Name, class: &Rc<Module>, name: &Value, block: Option<&Rc<Proc>>) -> Eval {
    let at = interpreter.call_site();
    let object = build(interpreter, kind, class, name, block, at)?;
    insert(interpreter, &object)?;
    Ok(object)
}

/// Adds a built resource to the current collection; runs it at once where it asks for that (`compile_time`).
///
/// # Errors
/// What running it at once raises.
pub fn insert(interpreter: &mut Interpreter, object: &Value) -> Eval<()> {
    let state = client(interpreter);
    if state.resources.borrow().len() >= RESOURCES {
        return Err(Box::new(Flow::Halt(format!("the run declares more than {RESOURCES} resources"))));
    }
    let number = state.add_resource(object.clone());
    if let Some(resource) = data(object) {
        resource.number.set(number);
        resource.context.set(state.context.get());
        let compile = !state.converging.get() && super::property::get(interpreter, object, Name::new("compile_time"))?.truthy();
        if compile {
            for action in super::base::actions_of(interpreter, object) {
                super::super::converge::run_at_compile(interpreter, object, action)?;
            }
            resource.compiled.set(true);
        }
        let unified = state.contexts.borrow().get(state.context.get()).is_some_and(|here| here.unified);
        if unified {
            super::super::converge::run_declared(interpreter, object)?;
        }
    }
    Ok(())
}

/// Most resources that one run may declare: ten times what the largest real ones do.
const RESOURCES: usize = 20_000;

/// `lazy { … }`
pub fn lazy(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::DelayedEvaluator", &object);
    let made = interpreter.allocate(&class);
    if let Some(block) = &args.block {
        interpreter.set_ivar(&made, "@block", Value::Proc(Rc::clone(block)));
    }
    Ok(made)
}
