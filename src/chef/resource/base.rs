//! `Chef::Resource`: what every resource answers.

use std::rc::Rc;

use indexmap::IndexSet;

use crate::chef::client::client;
use crate::chef::resource::property::{self, Property};
use crate::chef::resource::{GuardSpec, NotificationSpec, class_chain, class_data, data, find_property};
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::unsupported::Kind;

const RESOURCE: &[(&str, Native)] = &[
    ("name", name),
    ("action", action),
    ("action=", action),
    ("allowed_actions", allowed_actions),
    ("only_if", only_if),
    ("not_if", not_if),
    ("notifies", notifies),
    ("notifies_immediately", |i, me, a| notify_with(i, me, a, "immediate")),
    ("notifies_delayed", |i, me, a| notify_with(i, me, a, "delayed")),
    ("notifies_before", |i, me, a| notify_with(i, me, a, "before")),
    ("subscribes", subscribes),
    ("lazy", super::declare::lazy),
    ("current_value_does_not_exist!", |i, _, _| {
        let above = std::rc::Rc::clone(&i.classes.runtime_error);
        let class = i.define_class_path("Chef::Exceptions::CurrentValueDoesNotExist", &above);
        i.raise(&class, "the current value does not exist".to_owned())
    }),
    ("run_action", super::super::converge::run_action_native),
    ("node", |i, _, _| Ok(client(i).node_object.borrow().clone())),
    ("run_context", |i, _, _| Ok(super::super::run_context::object(i))),
    ("cookbook_name", |i, me, _| Ok(data(me).map_or(Value::Nil, |d| interned(i, &d.cookbook)))),
    ("recipe_name", |i, me, _| Ok(data(me).map_or(Value::Nil, |d| interned(i, &d.recipe)))),
    ("declared_type", |_, me, _| Ok(data(me).map_or(Value::Nil, |d| Value::Symbol(d.kind)))),
    ("property_is_set?", is_set),
    ("reset_property", reset),
    ("set_or_return", set_or_return),
    ("params", params),
    ("updated_by_last_action", set_updated),
    ("updated_by_last_action?", was_updated),
    ("updated?", ever_updated),
    ("updated", ever_updated),
    ("enclosing_provider", |_, me, _| Ok(data(me).map_or(Value::Nil, |d| d.enclosing.borrow().clone()))),
    ("load_from", |_, me, _| Ok(me.clone())),
    ("is", |_, _, args| Ok(if args.len() == 1 { args.value(0) } else { Value::array(args.list.clone()) })),
    ("validate", |_, _, args| Ok(args.value(0))),
    ("method_missing", missing),
    ("respond_to_missing?", responds),
    ("declared_key", |i, me, _| Ok(data(me).map_or(Value::Nil, |d| Value::str(d.reference(i))))),
    ("elapsed_time", |_, _, _| Ok(Value::Integer(0))),
    ("should_skip?", |_, _, _| Ok(Value::Bool(false))),
    ("resolve_notification_references", |_, _, _| Ok(Value::Nil)),
    ("before_notifications", |_, _, _| Ok(Value::array(Vec::new()))),
    ("immediate_notifications", |_, _, _| Ok(Value::array(Vec::new()))),
    ("delayed_notifications", |_, _, _| Ok(Value::array(Vec::new()))),
    ("delayed_action", delayed_action),
    ("resources", super::super::run_context::resources),
    ("after_created", |_, _, _| Ok(Value::Nil)),
    ("action_description", |_, _, _| Ok(Value::Nil)),
    ("copy_properties_from", copy_properties),
    ("resource_updated?", |_, _, _| Ok(Value::Bool(true))),
    ("not_if_args", |_, _, _| Ok(Value::Nil)),
];

/// Properties that every resource has: name, accepted classes or values, default.
const COMMON: &[(&str, &[&str], Option<Value>)] = &[
    ("ignore_failure", &["TrueClass", "FalseClass", ":quiet", "quiet"], Some(Value::Bool(false))),
    ("retries", &["Integer"], Some(Value::Integer(0))),
    ("retry_delay", &["Integer"], Some(Value::Integer(2))),
    ("sensitive", &["TrueClass", "FalseClass"], Some(Value::Bool(false))),
    ("umask", &["String", "Integer"], None),
    ("compile_time", &["TrueClass", "FalseClass"], Some(Value::Bool(false))),
    ("guard_interpreter", &["Symbol"], None),
    ("epic_fail", &[], None),
    ("supports", &[], None),
    ("provider", &[], None),
    ("live_stream_resource", &[], None),
    ("default_guard_interpreter", &[], None),
];

/// Whether `name` is a property of every resource.
#[must_use]
pub fn is_common(name: Name) -> bool {
    COMMON.iter().any(|(known, _, _)| *known == name.as_str())
}

fn interned(_: &Interpreter, text: &str) -> Value {
    Value::str(text)
}

/// Makes the class.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Resource", &object);
    interpreter.define(&class, RESOURCE);
    interpreter.define(&class, super::show::SHOW);
    interpreter.define_private(&class, &[("initialize", super::declare::initialize)]);
    let data = class_data(&class);
    data.default_action.borrow_mut().push(Name::new("nothing"));
    for (name, types, default) in COMMON {
        let types = super::types::accepted(interpreter, types);
        let rules = Property { types, default: default.clone(), desired_state: false, ..Property::new(Name::new(name)) };
        property::add(interpreter, &class, rules);
    }
    interpreter.allocators.push((Rc::clone(&class), super::declare::allocate));
    super::super::custom::install(interpreter, &class);
    let universal = interpreter.define_module_path("Chef::DSL::Universal");
    interpreter.include(&class, &universal);
    let declare = interpreter.define_module_path("Chef::DSL::DeclareResource");
    interpreter.include(&class, &declare);
}

fn name(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    if let Some(value) = args.get(0) {
        let value = super::declare::name_of(interpreter, value)?;
        *resource.name.borrow_mut() = value;
    }
    // A custom resource may declare `property :name` with its own rules.
    let class = interpreter.class_of(me);
    if args.is_empty() && find_property(interpreter, &class, Name::new("name")).is_some() {
        let own = resource.set.borrow().get(&Name::new("name")).cloned();
        if let Some(own) = own {
            return Ok(own);
        }
    }
    let value = resource.name.borrow().clone();
    Ok(value)
}

/// The actions of a resource: what is set, else its class's default.
#[must_use]
pub fn actions_of(interpreter: &Interpreter, me: &Value) -> Vec<Name> {
    let Some(resource) = data(me) else { return Vec::new() };
    if let Some(actions) = &*resource.actions.borrow() {
        return actions.clone();
    }
    default_actions(interpreter, &interpreter.class_of(me))
}

/// The default actions of a class.
#[must_use]
pub fn default_actions(interpreter: &Interpreter, class: &Rc<crate::ruby::module::Module>) -> Vec<Name> {
    for chain in class_chain(interpreter, class) {
        let default = chain.default_action.borrow();
        if !default.is_empty() && (default[0].as_str() != "nothing" || !chain.custom.get()) {
            return default.clone();
        }
        if chain.custom.get() {
            if let Some((first, _)) = chain.actions.borrow().iter().find(|(name, _)| name.as_str() != "nothing") {
                return vec![*first];
            }
            if let Some(first) = chain.allowed.borrow().iter().find(|name| name.as_str() != "nothing") {
                return vec![*first];
            }
            if !default.is_empty() {
                return default.clone();
            }
        }
    }
    vec![Name::new("nothing")]
}

fn action(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    if args.is_empty() || (args.len() == 1 && args.value(0).is_nil()) {
        let names = actions_of(interpreter, me);
        return Ok(Value::array(names.into_iter().map(Value::Symbol).collect()));
    }
    if let Some(Value::Unknown(hole)) = args.get(0) {
        let shown = format!("‹{}›", hole.name);
        *resource.actions.borrow_mut() = Some(vec![Name::new(&shown)]);
        return Ok(args.value(0));
    }
    let mut names = Vec::new();
    for value in &args.list {
        let items = match value {
            Value::Array(array) => array.items.borrow().clone(),
            other => vec![other.clone()],
        };
        for item in items {
            if item.is_nil() {
                continue;
            }
            let text = interpreter.display(&item)?;
            let text = interpreter.to_text(&text).to_string();
            names.push(Name::new(&text));
        }
    }
    let allowed = allowed(interpreter, me);
    if !resource.unknown.get() && !allowed.is_empty() && !stands_in(interpreter, me) {
        if let Some(wrong) = names.iter().find(|name| !allowed.contains(name) && name.as_str() != "nothing" && !name.starts_with('‹')) {
            let list: Vec<String> = std::iter::once(":nothing".to_owned()).chain(allowed.iter().map(|name| format!(":{name}"))).collect();
            return property::fail(
                interpreter,
                format!("Option action must be equal to one of: {}!  You passed :{wrong}.", list.join(", ")),
            );
        }
    }
    *resource.actions.borrow_mut() = Some(names);
    Ok(args.value(0))
}

/// The actions that a resource allows beside `nothing`.
pub fn allowed(interpreter: &Interpreter, me: &Value) -> Vec<Name> {
    // What a class allows joins what the classes above it do.
    let mut all: IndexSet<Name> = IndexSet::new();
    for chain in class_chain(interpreter, &interpreter.class_of(me)).into_iter().rev() {
        all.extend(chain.allowed.borrow().iter().copied());
        all.extend(chain.actions.borrow().keys().copied());
    }
    all.extend(data(me).map(|resource| resource.allowed.borrow().clone()).unwrap_or_default());
    all.into_iter().filter(|name| name.as_str() != "nothing").collect()
}

fn allowed_actions(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let mut names = vec![Value::symbol("nothing")];
    names.extend(allowed(interpreter, me).into_iter().map(Value::Symbol));
    Ok(Value::array(names))
}

fn guard(_: &mut Interpreter, me: &Value, args: &Args, only_if: bool) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    // `nil` and `false` are no guard; anything else that is no command fails when the resource runs.
    let command = args.get(0).filter(|value| value.truthy() || value.is_unknown()).cloned().unwrap_or(Value::Nil);
    if command.is_nil() && args.block.is_none() {
        return Ok(Value::array(Vec::new()));
    }
    let options = args.get(1).cloned();
    resource.guards.borrow_mut().push(GuardSpec {
        only_if,
        command,
        options,
        block: args.block.clone(),
        result: std::cell::Cell::new(None),
    });
    Ok(Value::Nil)
}

fn only_if(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    guard(interpreter, me, args, true)
}

fn not_if(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    guard(interpreter, me, args, false)
}

fn timing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<&'static str> {
    Ok(match args.value(2).text().as_deref() {
        None | Some("delayed") => "delayed",
        Some("immediate" | "immediately") => "immediate",
        Some("before") => "before",
        Some(other) => {
            let action = args.value(0).text().unwrap_or_default();
            let targets = interpreter.to_splat_items(&args.value(1))?;
            let targets = interpreter.inspect(&Value::array(targets))?;
            let shown = interpreter.display(me)?;
            let message = format!(
                "invalid timing: {other} for notifies({action}, {targets}, {other}) resource {shown} Valid timings are: :delayed, :immediate, :immediately, :before"
            );
            return interpreter.argument_error(message);
        }
    })
}

fn spec(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Option<NotificationSpec>> {
    let Some(action) = args.value(0).name() else { return Ok(None) };
    let timing = timing(interpreter, me, args)?;
    Ok(Some(NotificationSpec { action, target: args.value(1), timing }))
}

fn targets(target: &Value) -> Vec<Value> {
    match target {
        Value::Array(array) => array.items.borrow().clone(),
        // `service: 'x'`; several names are one reference, which a notification refuses.
        Value::Hash(hash) => hash
            .pairs()
            .into_iter()
            .map(|(kind, names)| {
                let names: Vec<String> = names.items().unwrap_or_else(|| vec![names]).iter().filter_map(Value::text).collect();
                Value::str(format!("{}[{}]", kind.text().unwrap_or_default(), names.join(",")))
            })
            .collect(),
        other => vec![other.clone()],
    }
}

fn notifies(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    if let Some(spec) = spec(interpreter, me, args)? {
        for target in targets(&spec.target) {
            if let Value::Str(text) = &target {
                let text = text.text.borrow().clone();
                if !crate::ruby::hole::has_hole(&text) && !text.contains('[') && !text.is_empty() && text.contains(' ') {
                    let message = format!(
                        "The string `{text}' is not valid for resource collection lookup. Correct syntax is `resource_type[resource_name]'"
                    );
                    return invalid_reference(interpreter, message);
                }
            } else if data(&target).is_none() && !target.is_unknown() {
                let shown = interpreter.inspect(&target)?;
                let message = format!(
                    "The object `{shown}' is not valid for resource collection lookup. Use a String like `resource_type[resource_name]' or a Chef::Resource object"
                );
                return invalid_reference(interpreter, message);
            }
            register(interpreter, me, &resource.reference(interpreter), &target, &spec);
            resource.notifies.borrow_mut().push(NotificationSpec { target, ..spec.clone() });
        }
    }
    Ok(Value::Bool(true))
}

fn invalid_reference(interpreter: &mut Interpreter, message: String) -> Eval {
    let above = Rc::clone(&interpreter.classes.argument_error);
    let class = interpreter.define_class_path("Chef::Exceptions::InvalidResourceSpecification", &above);
    interpreter.raise(&class, message)
}

fn set_updated(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let (Some(resource), Some(value)) = (data(me), args.get(0)) {
        resource.updated.set(value.truthy());
        resource.changed.set(resource.changed.get() || value.truthy());
    }
    Ok(args.value(0))
}

fn was_updated(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Bool(data(me).is_some_and(|resource| resource.updated.get())))
}

fn ever_updated(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Bool(data(me).is_some_and(|resource| resource.changed.get())))
}

/// Notes a notification with the run context of `holder`, under the resource that sends it.
fn register(interpreter: &Interpreter, holder: &Value, key: &str, target: &Value, spec: &NotificationSpec) {
    let Some(holder) = data(holder) else { return };
    let state = client(interpreter);
    if let Some(context) = state.contexts.borrow_mut().get_mut(holder.context.get()) {
        let note = crate::chef::client::Note { timing: spec.timing, target: target.clone(), action: spec.action };
        context.notes.entry(key.to_owned()).or_default().push(note);
    }
}

/// `delayed_action :create`: the resource notifies itself, delayed.
fn delayed_action(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    for value in args.list.iter().flat_map(|value| value.items().unwrap_or_else(|| vec![value.clone()])) {
        if let Some(action) = value.name() {
            super::super::converge::delay(interpreter, me, action, resource.context.get());
        }
    }
    Ok(Value::Nil)
}

fn notify_with(interpreter: &mut Interpreter, me: &Value, args: &Args, timing: &'static str) -> Eval {
    notifies(interpreter, me, &Args::new(vec![args.value(0), args.value(1), Value::symbol(timing)]))
}

fn subscribes(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    if let Some(spec) = spec(interpreter, me, args)? {
        for target in targets(&spec.target) {
            // The other resource notifies this one: in its own run context, or in this one when it is only named.
            let (holder, key) = match data(&target) {
                Some(other) => (target.clone(), other.reference(interpreter)),
                None => (me.clone(), interpreter.display(&target)?),
            };
            let key = interpreter.to_text(&key).to_string();
            register(interpreter, &holder, &key, me, &spec);
            resource.subscribes.borrow_mut().push(NotificationSpec { target, ..spec.clone() });
        }
    }
    Ok(Value::Bool(true))
}

fn is_set(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Bool(false)) };
    let class = interpreter.class_of(me);
    if find_property(interpreter, &class, name).is_none() && data(me).is_some_and(|resource| !resource.unknown.get()) {
        let shown = interpreter.display(me)?;
        return interpreter.argument_error(format!("Property {name} is not defined in class {shown}"));
    }
    Ok(Value::Bool(property::is_set(me, name)))
}

fn reset(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(name) = args.value(0).name() {
        property::unset(me, name);
    }
    Ok(Value::Nil)
}

/// `set_or_return(:name, arg, kind_of: …, default: …)` of older resource classes.
fn set_or_return(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    let given = args.value(1);
    let rules = super::super::custom::property_from(interpreter, name, &Args::new(args.list.get(2).cloned().into_iter().collect()))?;
    if !given.is_nil() {
        if !property::is_lazy(interpreter, &given) {
            property::validate(interpreter, me, &rules, &given)?;
        }
        property::store(me, name, given.clone());
        return Ok(given);
    }
    if let Some(value) = property::stored(me, name).filter(|value| !value.is_nil()) {
        return if property::is_lazy(interpreter, &value) { property::force(interpreter, me, &value) } else { Ok(value) };
    }
    if rules.name_property {
        return Ok(data(me).map_or(Value::Nil, |resource| resource.name.borrow().clone()));
    }
    match rules.default {
        // `set_or_return` keeps the default it gives.
        Some(default) if !default.is_nil() => {
            let value = if property::is_lazy(interpreter, &default) { property::force(interpreter, me, &default)? } else { default };
            property::store(me, name, value.clone());
            Ok(value)
        }
        _ if rules.required.is_some() => property::fail(interpreter, format!("Required argument {name} is missing!")),
        _ => Ok(Value::Nil),
    }
}

fn params(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Nil) };
    let known = resource.params.borrow().clone();
    if !known.is_nil() {
        return Ok(known);
    }
    let made = Value::Hash(Value::new_hash());
    resource.params.replace(made.clone());
    Ok(made)
}

fn copy_properties(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (Some(_), Some(other)) = (data(me), data(&args.value(0))) else { return Ok(me.clone()) };
    let only: Vec<Name> = args.list.iter().skip(1).filter_map(Value::name).collect();
    let excluded: Vec<Name> =
        args.option("exclude").and_then(|list| list.items()).unwrap_or_default().iter().filter_map(Value::name).collect();
    let class = interpreter.class_of(me);
    let all: Vec<(Name, Value)> = other.set.borrow().iter().map(|(k, v)| (*k, v.clone())).collect();
    for (name, value) in all {
        let wanted = (only.is_empty() || only.contains(&name)) && !excluded.contains(&name);
        if wanted && find_property(interpreter, &class, name).is_some() {
            property::store(me, name, value);
        }
    }
    Ok(me.clone())
}

fn responds(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::Bool(false)) };
    let enclosing = resource.enclosing.borrow().clone();
    let Some(name) = args.value(0).name() else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(!enclosing.is_nil() && interpreter.has_method(&enclosing, name, true)))
}

/// Whether a stand-in defines its type: releases of the real cookbook differ, so that it takes any property and action.
fn stands_in(interpreter: &Interpreter, me: &Value) -> bool {
    let state = client(interpreter);
    !state.stand_ins.is_empty()
        && class_chain(interpreter, &interpreter.class_of(me)).iter().any(|class| state.stand_ins.contains(&*class.cookbook.borrow()))
}

/// What a resource does not know it asks the provider in whose action it stands; an unknown resource keeps it as a property.
fn missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    let Some(resource) = data(me) else { return interpreter.undefined_method(me, name, CallKind::Explicit) };
    let enclosing = resource.enclosing.borrow().clone();
    let rest = Args { list: args.list[1..].to_vec(), keywords: args.keywords && args.len() > 1, block: args.block.clone() };
    if !enclosing.is_nil() && interpreter.responds_to_all(&enclosing, name)? {
        return interpreter.call(&enclosing, name, rest, CallKind::Implicit);
    }
    if resource.unknown.get() || stands_in(interpreter, me) {
        let key = Name::new(name.trim_end_matches('='));
        if rest.is_empty() && rest.block.is_none() {
            let known = resource.set.borrow().get(&key).cloned();
            return Ok(known.unwrap_or(Value::Nil));
        }
        let value = match (rest.list.as_slice(), rest.block) {
            ([], Some(block)) => Value::Proc(block),
            ([one], _) => one.clone(),
            (many, _) => Value::array(many.to_vec()),
        };
        property::store(me, key, value.clone());
        return Ok(value);
    }
    let class = Rc::clone(&interpreter.classes.no_method_error);
    let shown = interpreter.real_class(me).display_name();
    let error = interpreter.exception(&class, format!("undefined method `{name}' for {shown}"));
    // The properties of the built-in types are all known: another word is the code's fault, or of a cookbook that is not loaded.
    if let Some(known) = interpreter.known_method(me, &name, true) {
        interpreter.mark_lacking(&error, Kind::Method, known);
    }
    interpreter.raise_object(error)
}

impl Interpreter {
    /// Whether `value` answers `name`, private methods included.
    ///
    /// # Errors
    /// What `respond_to_missing?` raises.
    pub fn responds_to_all(&mut self, value: &Value, name: Name) -> Eval<bool> {
        if self.has_method(value, name, true) {
            return Ok(true);
        }
        self.responds_to(value, &name)
    }
}
