//! Declaring a resource: making the object, running its block, adding it to the collection.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::resource::{ResourceData, data};
use crate::name::Name;
use crate::ruby::flow::Eval;
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
        params: RefCell::new(Value::Nil),
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
    }
    Ok(Value::Nil)
}

/// Makes a resource of the type `kind` without adding it to a collection.
///
/// # Errors
/// What its block or `initialize` raises.
pub fn build(interpreter: &mut Interpreter, kind: Name, class: &Rc<Module>, name: &Value, block: Option<&Rc<Proc>>, at: Span) -> Eval {
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
    if let Value::Array(_) = name {
        // `package %w(a b)`: the list itself is the name property.
        if let Some(resource) = &resource {
            let class = interpreter.class_of(&object);
            let properties = super::class_chain(interpreter, &class);
            let named =
                properties.iter().find_map(|chain| chain.properties.borrow().iter().find(|(_, p)| p.name_property).map(|(name, _)| *name));
            if let (Some(named), "package" | "apt_package" | "yum_package" | "dnf_package" | "zypper_package") = (named, kind.as_str()) {
                resource.set.borrow_mut().insert(named, name.clone());
            }
        }
    }
    // A package takes the name itself as its property, so that a symbol is refused.
    let package = Name::new("package_name");
    if matches!(name, Value::Symbol(_)) && super::find_property(interpreter, class, package).is_some() {
        super::property::set(interpreter, &object, package, name.clone())?;
    }
    clone_earlier(interpreter, &object);
    if let Some(block) = block {
        interpreter.call_block_with_self(block, &object, None, &Args::new(vec![object.clone()]))?;
    }
    if interpreter.has_method(&object, Name::new("after_created"), true) {
        interpreter.send(&object, "after_created", &[])?;
    }
    Ok(object)
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
    let number = state.add_resource(object.clone());
    if let Some(resource) = data(object) {
        resource.number.set(number);
        resource.context.set(state.context.get());
        let compile = resource.set.borrow().get(&Name::new("compile_time")).is_some_and(Value::truthy);
        if compile && !state.converging.get() {
            for action in super::base::actions_of(interpreter, object) {
                super::super::converge::run_at_compile(interpreter, object, action)?;
            }
            *resource.actions.borrow_mut() = Some(vec![Name::new("nothing")]);
        }
    }
    Ok(())
}

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
