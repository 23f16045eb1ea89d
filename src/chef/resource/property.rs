//! Properties: their rules (types, defaults, coercion), reading and setting them.

use std::rc::Rc;

use crate::chef::resource::{ResourceData, class_data, data, find_property};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Module, Visibility};
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::Value;

/// How a value becomes the one that is kept.
#[derive(Clone)]
pub enum Coerce {
    /// As given.
    None,
    /// Native code.
    Native(fn(&mut Interpreter, &Value) -> Eval),
    /// `coerce: proc { |x| … }`
    Block(Rc<Proc>),
}

/// A property of a resource class.
#[derive(Clone)]
pub struct Property {
    /// Its name.
    pub name: Name,
    /// Accepted types: classes, `nil`, `true`, `false`, other values; empty accepts all.
    pub types: Vec<Value>,
    /// `default:`; a lazy one is an object of `Chef::DelayedEvaluator`.
    pub default: Option<Value>,
    /// `name_property: true`
    pub name_property: bool,
    /// `required: true`, or the actions for which it is.
    pub required: Option<Vec<Name>>,
    /// `coerce:`
    pub coerce: Coerce,
    /// `equal_to:`
    pub equal_to: Vec<Value>,
    /// `regex:`
    pub regex: Vec<Value>,
    /// `callbacks:` message and proc
    pub callbacks: Vec<(String, Value)>,
    /// `respond_to:`
    pub respond_to: Vec<Name>,
    /// `cannot_be:`
    pub cannot_be: Vec<Name>,
    /// `sensitive: true`
    pub sensitive: bool,
    /// `identity: true`
    pub identity: bool,
    /// `desired_state: false`
    pub desired_state: bool,
    /// Several values given one after the other are a list (`members 'a', 'b'`).
    pub splat: bool,
}

impl Property {
    /// A property that accepts everything.
    #[must_use]
    pub fn new(name: Name) -> Self {
        Self {
            name,
            types: Vec::new(),
            default: None,
            name_property: false,
            required: None,
            coerce: Coerce::None,
            equal_to: Vec::new(),
            regex: Vec::new(),
            callbacks: Vec::new(),
            respond_to: Vec::new(),
            cannot_be: Vec::new(),
            sensitive: false,
            identity: false,
            desired_state: true,
            splat: false,
        }
    }
}

/// Adds `property` to `class`, with a method that reads and sets it.
pub fn add(interpreter: &mut Interpreter, class: &Rc<Module>, property: Property) {
    let name = property.name;
    class_data(class).properties.borrow_mut().insert(name, Rc::new(property));
    let access =
        MethodBody::Closure(Rc::new(move |interpreter: &mut Interpreter, me: &Value, args: &Args| accessor(interpreter, me, name, args)));
    interpreter.add_method(class, name, access, Visibility::Public);
    let set = MethodBody::Closure(Rc::new(move |interpreter: &mut Interpreter, me: &Value, args: &Args| {
        set(interpreter, me, name, args.value(0))
    }));
    interpreter.add_method(class, Name::new(&format!("{name}=")), set, Visibility::Public);
}

/// Adds a second name for the property `target`: it reads and sets that one.
pub fn add_alias(interpreter: &mut Interpreter, class: &Rc<Module>, alias: Name, target: Name) {
    let access =
        MethodBody::Closure(Rc::new(move |interpreter: &mut Interpreter, me: &Value, args: &Args| accessor(interpreter, me, target, args)));
    interpreter.add_method(class, alias, access, Visibility::Public);
}

fn accessor(interpreter: &mut Interpreter, me: &Value, name: Name, args: &Args) -> Eval {
    if args.is_empty() && args.block.is_none() {
        return get(interpreter, me, name);
    }
    if args.is_empty() {
        if let Some(block) = &args.block {
            return set(interpreter, me, name, Value::Proc(Rc::clone(block)));
        }
    }
    let value = if args.len() > 1 { Value::array(args.list.clone()) } else { args.value(0) };
    if args.len() == 1 && value.is_nil() {
        // Chef ≥ 13: `nil` sets the property where `nil` is valid, else it resets it to its default.
        let class = interpreter.class_of(me);
        let accepts = find_property(interpreter, &class, name)
            .is_some_and(|property| property.types.iter().any(Value::is_nil) || property.default.as_ref().is_some_and(Value::is_nil));
        if !accepts {
            if let Some(resource) = data(me) {
                resource.set.borrow_mut().shift_remove(&name);
            }
            return Ok(Value::Nil);
        }
    }
    set(interpreter, me, name, value)
}

/// Sets a property after coercion and validation.
///
/// # Errors
/// `Chef::Exceptions::ValidationFailed`.
pub fn set(interpreter: &mut Interpreter, me: &Value, name: Name, value: Value) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    let class = interpreter.class_of(me);
    let value = match find_property(interpreter, &class, name) {
        Some(property) if !is_lazy(interpreter, &value) => checked(interpreter, me, &property, value)?,
        _ => value,
    };
    resource.set.borrow_mut().insert(name, value.clone());
    Ok(value)
}

fn checked(interpreter: &mut Interpreter, me: &Value, property: &Property, value: Value) -> Eval {
    let value = coerced(interpreter, me, property, value)?;
    validate(interpreter, me, property, &value)?;
    Ok(value)
}

fn coerced(interpreter: &mut Interpreter, me: &Value, property: &Property, value: Value) -> Eval {
    if value.is_unknown() {
        return Ok(value);
    }
    match &property.coerce {
        Coerce::None => Ok(value),
        Coerce::Native(function) => function(interpreter, &value),
        Coerce::Block(block) => interpreter.call_block_with_self(block, me, None, &Args::new(vec![value])),
    }
}

/// Whether `value` is `lazy { … }`.
#[must_use]
pub fn is_lazy(interpreter: &Interpreter, value: &Value) -> bool {
    matches!(value, Value::Object(_)) && interpreter.real_class(value).display_name() == "Chef::DelayedEvaluator"
}

/// The value of `lazy { … }` for the resource `me`.
///
/// # Errors
/// What the block raises.
pub fn force(interpreter: &mut Interpreter, me: &Value, lazy: &Value) -> Eval {
    match interpreter.get_ivar(lazy, "@block") {
        Value::Proc(block) => interpreter.call_block_with_self(&block, me, None, &Args::new(vec![me.clone()])),
        _ => Ok(Value::Nil),
    }
}

/// Reads a property: what is set, else the name, else the default.
///
/// # Errors
/// What a lazy value raises.
pub fn get(interpreter: &mut Interpreter, me: &Value, name: Name) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    let class = interpreter.class_of(me);
    let property = find_property(interpreter, &class, name);
    let known = resource.set.borrow().get(&name).cloned();
    if let Some(value) = known {
        if is_lazy(interpreter, &value) {
            let value = force(interpreter, me, &value)?;
            return match &property {
                Some(property) => checked(interpreter, me, property, value),
                None => Ok(value),
            };
        }
        return Ok(value);
    }
    let Some(property) = property else { return Ok(Value::Nil) };
    if property.name_property {
        let value = resource.name.borrow().clone();
        return coerced(interpreter, me, &property, value);
    }
    let Some(default) = property.default.clone() else { return Ok(Value::Nil) };
    if is_lazy(interpreter, &default) {
        let value = force(interpreter, me, &default)?;
        return coerced(interpreter, me, &property, value);
    }
    let value = coerced(interpreter, me, &property, default)?;
    // Chef keeps a copy of a default that can be changed, so that changing it changes the resource's own.
    match &value {
        Value::Array(_) | Value::Hash(_) => {
            let copy = crate::ruby::core::object::copy(interpreter, &value, false);
            resource.set.borrow_mut().insert(name, copy.clone());
            Ok(copy)
        }
        Value::Str(_) => {
            let copy = crate::ruby::core::object::copy(interpreter, &value, false);
            Ok(copy)
        }
        _ => Ok(value),
    }
}

/// Refuses a value that the property's rules do not allow.
///
/// # Errors
/// `Chef::Exceptions::ValidationFailed`.
pub fn validate(interpreter: &mut Interpreter, me: &Value, property: &Property, value: &Value) -> Eval<()> {
    if value.is_unknown() {
        return Ok(());
    }
    let name = property.name;
    if !property.types.is_empty() {
        let mut matches = false;
        for kind in &property.types {
            let one = match kind {
                Value::Module(_) | Value::Regexp(_) | Value::Range(_) => interpreter.case_equal(kind, value)?.truthy(),
                Value::Proc(check) => interpreter.call_proc(check, &Args::new(vec![value.clone()]))?.truthy(),
                other => interpreter.equal(other, value)?,
            };
            if one {
                matches = true;
                break;
            }
        }
        let nil_default = value.is_nil() && property.default.as_ref().is_some_and(Value::is_nil);
        if !matches && !nil_default {
            let shown = interpreter.inspect(value)?;
            let mut kinds = Vec::new();
            for kind in &property.types {
                kinds.push(interpreter.display(kind)?);
            }
            return fail(interpreter, format!("Property {name} must be one of: {}!  You passed {shown}.", kinds.join(", ")));
        }
    }
    if !property.equal_to.is_empty() {
        let mut matches = value.is_nil() && property.default.is_none();
        for allowed in &property.equal_to {
            matches |= interpreter.equal(allowed, value)?;
        }
        if !matches {
            let shown = interpreter.inspect(value)?;
            let mut list = Vec::new();
            for allowed in &property.equal_to {
                list.push(interpreter.display(allowed)?);
            }
            return fail(interpreter, format!("Option {name} must be equal to one of: {}!  You passed {shown}.", list.join(", ")));
        }
    }
    if !property.regex.is_empty() && !value.is_nil() {
        let mut matches = false;
        for pattern in &property.regex {
            matches |= interpreter.case_equal(pattern, value)?.truthy();
        }
        if !matches {
            let shown = interpreter.display(value)?;
            return fail(interpreter, format!("Property {name}'s value {shown} does not match regular expression"));
        }
    }
    for method in &property.respond_to {
        if !interpreter.responds_to(value, method)? {
            return fail(interpreter, format!("Option {name} must have a {method} method!"));
        }
    }
    for (message, check) in &property.callbacks {
        let Value::Proc(check) = check else { continue };
        let answer = interpreter.call_block_with_self(check, me, None, &Args::new(vec![value.clone()]))?;
        if !answer.truthy() {
            let shown = interpreter.display(value)?;
            return fail(interpreter, format!("Property {name}'s value {shown} {message}!"));
        }
    }
    Ok(())
}

/// Raises `Chef::Exceptions::ValidationFailed`.
///
/// # Errors
/// Always.
pub fn fail<T>(interpreter: &mut Interpreter, message: String) -> Eval<T> {
    let above = std::rc::Rc::clone(&interpreter.classes.argument_error);
    let class = interpreter.define_class_path("Chef::Exceptions::ValidationFailed", &above);
    interpreter.raise(&class, message)
}

/// Checks that required properties are set, before `action` runs.
///
/// # Errors
/// `Chef::Exceptions::ValidationFailed`.
pub fn check_required(interpreter: &mut Interpreter, me: &Value, resource: &ResourceData, action: Name) -> Eval<()> {
    let class = interpreter.class_of(me);
    let mut missing = None;
    for chain in crate::chef::resource::class_chain(interpreter, &class) {
        for (name, property) in chain.properties.borrow().iter() {
            let wanted = property.required.as_ref().is_some_and(|actions| actions.is_empty() || actions.contains(&action));
            if wanted && !property.name_property && !resource.set.borrow().contains_key(name) && missing.is_none() {
                missing = Some(*name);
            }
        }
    }
    match missing {
        Some(name) => {
            let required = find_property(interpreter, &class, name).is_some_and(|property| property.default.is_none());
            if required { fail(interpreter, format!("{name} is a required property")) } else { Ok(()) }
        }
        None => Ok(()),
    }
}
