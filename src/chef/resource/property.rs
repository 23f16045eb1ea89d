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
    /// `regex:` was given as a list
    pub regex_list: bool,
    /// `validation_message:`
    pub message: Option<String>,
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
    /// `kind_of:`
    pub kinds: Vec<Value>,
    /// Declared by a cookbook: the method takes one value and no block.
    pub own: bool,
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
            regex_list: false,
            message: None,
            callbacks: Vec::new(),
            respond_to: Vec::new(),
            cannot_be: Vec::new(),
            sensitive: false,
            identity: false,
            desired_state: true,
            kinds: Vec::new(),
            own: false,
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
        return read(interpreter, me, name);
    }
    let class = interpreter.class_of(me);
    let property = find_property(interpreter, &class, name);
    if let (Some(block), true) = (&args.block, args.is_empty()) {
        if property.as_ref().is_some_and(|property| property.own) {
            let shown = interpreter.display(me)?;
            let error = Rc::clone(&interpreter.classes.runtime_error);
            let message = format!(
                "Property `{name}` of `{shown}` was incorrectly passed a block. Possible property-resource collision. To call a resource named `{name}` either rename the property or else use `declare_resource(:{name}, ...)`"
            );
            return interpreter.raise(&error, message);
        }
        return set(interpreter, me, name, Value::Proc(Rc::clone(block)));
    }
    if args.len() > 1 && property.as_ref().is_some_and(|property| property.own) {
        return interpreter.argument_error(format!("wrong number of arguments (given {}, expected 0..1)", args.len()));
    }
    let value = if args.len() > 1 { Value::array(args.list.clone()) } else { args.value(0) };
    set(interpreter, me, name, value)
}

/// The instance variable behind a property.
fn variable(name: Name) -> Name {
    Name::new(&format!("@{name}"))
}

/// Whether a property is set, directly or through its instance variable.
#[must_use]
pub fn is_set(me: &Value, name: Name) -> bool {
    stored(me, name).is_some()
}

/// What is kept for a property, lazy values as they are. Code of resource classes may set the instance variable itself.
#[must_use]
pub fn stored(me: &Value, name: Name) -> Option<Value> {
    let resource = data(me)?;
    if let Value::Object(object) = me {
        if let Some(value) = object.ivars.borrow().get(&variable(name)) {
            return Some(value.clone());
        }
    }
    resource.set.borrow().get(&name).cloned()
}

/// Keeps a value as it is.
pub fn store(me: &Value, name: Name, value: Value) {
    let Some(resource) = data(me) else { return };
    if let Value::Object(object) = me {
        object.ivars.borrow_mut().insert(variable(name), value.clone());
    }
    // A class with a property of its own for the name still goes by it.
    if name.as_str() == "name" && matches!(value, Value::Str(_) | Value::Symbol(_)) {
        *resource.name.borrow_mut() = value.clone();
    }
    resource.set.borrow_mut().insert(name, value);
}

/// Forgets what a property was set to.
pub fn unset(me: &Value, name: Name) {
    let Some(resource) = data(me) else { return };
    if let Value::Object(object) = me {
        object.ivars.borrow_mut().shift_remove(&variable(name));
    }
    resource.set.borrow_mut().shift_remove(&name);
}

/// Sets a property after coercion and validation. `nil` sets the default where `nil` is not explicitly allowed.
///
/// # Errors
/// `Chef::Exceptions::ValidationFailed`.
pub fn set(interpreter: &mut Interpreter, me: &Value, name: Name, value: Value) -> Eval {
    if data(me).is_none() {
        return Ok(Value::Nil);
    }
    let class = interpreter.class_of(me);
    let Some(property) = find_property(interpreter, &class, name) else {
        store(me, name, value.clone());
        return Ok(value);
    };
    let mut value = value;
    if value.is_nil() && !accepts_nil(interpreter, &property)? {
        if property.name_property || property.default.is_none() {
            unset(me, name);
            if let (Value::Object(object), false) = (me, property.name_property) {
                object.ivars.borrow_mut().insert(variable(name), Value::Nil);
            }
            let required = is_required_now(interpreter, me, &property);
            return if required { fail(interpreter, format!("{name} is a required property")) } else { Ok(Value::Nil) };
        }
        value = property.default.clone().unwrap_or(Value::Nil);
    }
    if !is_lazy(interpreter, &value) {
        value = checked(interpreter, me, &property, value)?;
        value = crate::chef::node::sealed_property(interpreter, name.as_str(), property.sensitive, value);
    }
    store(me, name, value.clone());
    if value.is_nil() && is_required_now(interpreter, me, &property) {
        return fail(interpreter, format!("{name} is a required property"));
    }
    Ok(value)
}

/// A type that lists `nil`, and every coercion, takes `nil` as it is.
fn accepts_nil(interpreter: &mut Interpreter, property: &Property) -> Eval<bool> {
    if !matches!(property.coerce, Coerce::None) {
        return Ok(true);
    }
    for kind in &property.types {
        if kind.is_nil() {
            return Ok(true);
        }
        if let Value::Module(_) = kind {
            if interpreter.case_equal(kind, &Value::Nil)?.truthy() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn is_required_now(interpreter: &Interpreter, me: &Value, property: &Property) -> bool {
    property
        .required
        .as_ref()
        .is_some_and(|actions| actions.is_empty() || super::base::actions_of(interpreter, me).iter().any(|action| actions.contains(action)))
}

fn checked(interpreter: &mut Interpreter, me: &Value, property: &Property, value: Value) -> Eval {
    let value = coerced(interpreter, me, property, value)?;
    // `nil` is only checked where there is a default.
    if !value.is_nil() || property.default.is_some() || property.name_property {
        validate(interpreter, me, property, &value)?;
    }
    Ok(value)
}

/// Runs a block of a property's rules: one that takes more than it is given gets the resource first.
fn in_resource(interpreter: &mut Interpreter, me: &Value, block: &Rc<Proc>, values: Vec<Value>) -> Eval {
    let arity = interpreter.send(&Value::Proc(Rc::clone(block)), "arity", &[])?;
    let takes = match arity {
        Value::Integer(arity) => arity,
        _ => 0,
    };
    if takes > i64::try_from(values.len()).unwrap_or(i64::MAX) {
        let mut all = vec![me.clone()];
        all.extend(values);
        return interpreter.call_proc(block, &Args::new(all));
    }
    interpreter.call_block_with_self(block, me, None, &Args::new(values))
}

fn coerced(interpreter: &mut Interpreter, me: &Value, property: &Property, value: Value) -> Eval {
    if value.is_unknown() || value.is_nil() {
        return Ok(value);
    }
    match &property.coerce {
        Coerce::None => Ok(value),
        Coerce::Native(function) => function(interpreter, &value),
        Coerce::Block(block) => in_resource(interpreter, me, block, vec![value]),
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
        Value::Proc(block) => in_resource(interpreter, me, &block, Vec::new()),
        _ => Ok(Value::Nil),
    }
}

/// Reads a property without changing the resource: what is set, else the name, else the default.
///
/// # Errors
/// What a lazy value raises.
pub fn get(interpreter: &mut Interpreter, me: &Value, name: Name) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    let class = interpreter.class_of(me);
    let property = find_property(interpreter, &class, name);
    if let Some(value) = stored(me, name) {
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
    let value = if property.name_property {
        resource.name.borrow().clone()
    } else {
        match property.default.clone() {
            Some(default) if is_lazy(interpreter, &default) => {
                let value = force(interpreter, me, &default)?;
                return checked(interpreter, me, &property, value);
            }
            Some(default) => default,
            None => return Ok(Value::Nil),
        }
    };
    let value = checked(interpreter, me, &property, value)?;
    Ok(deep_copy(interpreter, &value))
}

/// Reads a property as cookbook code does: a default that can be changed stays on the resource, so that changing it
/// changes the resource's own (not what a lazy default takes frozen, as a string of the node's attributes); a required property without
/// value is an error.
///
/// # Errors
/// `Chef::Exceptions::ValidationFailed`; what a lazy value raises.
pub fn read(interpreter: &mut Interpreter, me: &Value, name: Name) -> Eval {
    let class = interpreter.class_of(me);
    let property = find_property(interpreter, &class, name);
    let known = is_set(me, name);
    let value = get(interpreter, me, name)?;
    let Some(property) = property else { return Ok(value) };
    if let (false, true, Value::Str(_), Value::Object(object)) = (known, property.name_property, &value, me) {
        // A name that can be changed stays on the resource, too; it is nothing that the recipe has set.
        let given = data(me).map_or(Value::Nil, |resource| resource.name.borrow().clone());
        if !interpreter.is_frozen(&given) {
            object.ivars.borrow_mut().insert(variable(name), value.clone());
        }
    }
    if !known && !property.name_property && property.default.is_some() {
        let changeable =
            matches!(value, Value::Str(_) | Value::Array(_) | Value::Hash(_) | Value::Object(_)) && !interpreter.is_frozen(&value);
        if changeable {
            store(me, name, value.clone());
        }
    }
    if value.is_nil() && is_required_now(interpreter, me, &property) {
        return fail(interpreter, format!("{name} is a required property"));
    }
    Ok(value)
}

/// A copy of plain data, all the way down.
fn deep_copy(interpreter: &Interpreter, value: &Value) -> Value {
    match value {
        Value::Str(_) => crate::ruby::core::object::copy(interpreter, value, false),
        Value::Array(array) => Value::array(array.items.borrow().iter().map(|item| deep_copy(interpreter, item)).collect()),
        Value::Hash(_) => {
            let made = crate::ruby::core::object::copy(interpreter, value, false);
            if let Value::Hash(hash) = &made {
                for (key, item) in hash.pairs() {
                    hash.insert_plain(key, deep_copy(interpreter, &item));
                }
            }
            made
        }
        other => other.clone(),
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
                Value::Proc(check) => interpreter.call_block_with_self(check, me, None, &Args::new(vec![value.clone()]))?.truthy(),
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
                kinds.push(interpreter.inspect(kind)?);
            }
            return refuse(interpreter, property, format!("Property {name} must be one of: {}!  You passed {shown}.", kinds.join(", ")));
        }
    }
    if !property.kinds.is_empty() && !value.is_nil() {
        let mut matches = false;
        for kind in &property.kinds {
            matches |= matches!(kind, Value::Module(_)) && interpreter.case_equal(kind, value)?.truthy();
        }
        if !matches {
            let shown = interpreter.inspect(value)?;
            let kinds = interpreter.inspect(&Value::array(property.kinds.clone()))?;
            return refuse(interpreter, property, format!("Option {name} must be a kind of {kinds}!  You passed {shown}."));
        }
    }
    if !property.equal_to.is_empty() && !value.is_nil() {
        let mut matches = false;
        for allowed in &property.equal_to {
            matches |= interpreter.equal(allowed, value)?;
        }
        if !matches {
            let shown = interpreter.inspect(value)?;
            let mut list = Vec::new();
            for allowed in &property.equal_to {
                list.push(interpreter.inspect(allowed)?);
            }
            return refuse(
                interpreter,
                property,
                format!("Option {name} must be equal to one of: {}!  You passed {shown}.", list.join(", ")),
            );
        }
    }
    let shown = if value.is_nil() { String::new() } else { interpreter.display(value)? };
    let open = crate::ruby::hole::has_hole(&shown);
    if !property.regex.is_empty() && !value.is_nil() && !open {
        let mut matches = false;
        let mut patterns = Vec::new();
        for pattern in &property.regex {
            matches |= interpreter.case_equal(pattern, &Value::str(shown.as_str()))?.truthy();
            patterns.push(interpreter.inspect(pattern)?);
        }
        if !matches {
            let list = patterns.join(", ");
            let list = if property.regex_list { format!("[{list}]") } else { list };
            return refuse(interpreter, property, format!("Property {name}'s value {shown} does not match regular expression {list}"));
        }
    }
    for method in &property.cannot_be {
        let question = format!("{method}?");
        if interpreter.responds_to(value, &question)? && interpreter.send(value, &question, &[])?.truthy() {
            return refuse(interpreter, property, format!("Option {name} cannot be {method}"));
        }
    }
    for method in &property.respond_to {
        if !interpreter.responds_to(value, method)? {
            return refuse(interpreter, property, format!("Option {name} must have a {method} method!"));
        }
    }
    for (message, check) in &property.callbacks {
        let Value::Proc(check) = check else { continue };
        if value.is_nil() || (open && matches!(value, Value::Str(_))) {
            continue;
        }
        let answer = interpreter.call_block_with_self(check, me, None, &Args::new(vec![value.clone()]))?;
        if !answer.truthy() {
            return refuse(interpreter, property, format!("Option {name}'s value {shown} {message}!"));
        }
    }
    Ok(())
}

/// Raises `Chef::Exceptions::ValidationFailed` with the property's own message, where it has one.
fn refuse<T>(interpreter: &mut Interpreter, property: &Property, message: String) -> Eval<T> {
    fail(interpreter, property.message.clone().unwrap_or(message))
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
            if wanted && !property.name_property && resource.set.borrow().get(name).is_none_or(Value::is_nil) && missing.is_none() {
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
