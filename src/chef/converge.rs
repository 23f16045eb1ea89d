//! The converge: every resource in order, its guards, its actions, notifications at once and at the end.
//!
//! As a fresh machine would see it: every resource that runs changes something, so every notification fires.

use std::rc::Rc;

use crate::chef::client::{RunContext, client};
use crate::chef::resource::property;
use crate::chef::resource::{class_chain, class_data, data};
use crate::graph::Status;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// One (resource, action) of the converge.
#[derive(Debug, Clone)]
pub struct Step {
    /// The resource's number.
    pub resource: usize,
    /// The action.
    pub action: Name,
    /// What became of it.
    pub status: Status,
    /// The custom resource in whose action it stands, by number.
    pub within: Option<usize>,
    /// Why it ran, when by a notification: timing and the notifying resource.
    pub triggered: Option<(String, Option<usize>)>,
    /// It ran while compiling.
    pub compile: bool,
}

/// What the converge of a run keeps.
#[derive(Default)]
pub struct Converge {
    /// What was done, in order.
    pub steps: std::cell::RefCell<Vec<Step>>,
    /// Delayed notifications, in the order in which they were first asked for: resource, action, by.
    delayed: std::cell::RefCell<Vec<(usize, Name, usize)>>,
    /// How deep notifications nest.
    depth: std::cell::Cell<usize>,
}

/// Converges the root context: every resource, then the delayed notifications.
///
/// # Errors
/// Bounds; with strict settings, the first failure.
pub fn run(interpreter: &mut Interpreter) -> Eval<()> {
    client(interpreter).converging.set(true);
    let outcome = run_context(interpreter, 0, None);
    let delayed = run_delayed(interpreter);
    outcome.and(delayed)
}

fn run_context(interpreter: &mut Interpreter, context: usize, within: Option<usize>) -> Eval<()> {
    let state = client(interpreter);
    let mut position = 0;
    loop {
        let number = state.contexts.borrow().get(context).and_then(|here| here.resources.get(position).copied());
        let Some(number) = number else { return Ok(()) };
        position += 1;
        if let Some(here) = state.contexts.borrow_mut().get_mut(context) {
            here.insert_at = Some(position);
        }
        interpreter.step()?;
        let resource = state.resource(number);
        let outer = state.context.replace(context);
        let answer = run_resource(interpreter, &resource, within);
        state.context.set(outer);
        answer?;
    }
}

fn run_resource(interpreter: &mut Interpreter, resource: &Value, within: Option<usize>) -> Eval<()> {
    for action in super::resource::base::actions_of(interpreter, resource) {
        run_one(interpreter, resource, action, within, None, false)?;
    }
    Ok(())
}

fn run_delayed(interpreter: &mut Interpreter) -> Eval<()> {
    let mut done: Vec<(usize, Name)> = Vec::new();
    loop {
        let next =
            client(interpreter).progress.delayed.borrow().iter().find(|(number, action, _)| !done.contains(&(*number, *action))).copied();
        let Some((number, action, _)) = next else { return Ok(()) };
        done.push((number, action));
        let resource = client(interpreter).resource(number);
        let within = owner_of(interpreter, &resource);
        run_one(interpreter, &resource, action, within, Some(("delayed".to_owned(), None)), false)?;
        if done.len() > 10_000 {
            return Ok(());
        }
    }
}

/// The custom resource in whose action `resource` stands.
fn owner_of(interpreter: &Interpreter, resource: &Value) -> Option<usize> {
    let context = data(resource)?.context.get();
    client(interpreter).contexts.borrow().get(context).and_then(|context| context.owner)
}

/// `resource.run_action(:install)`
pub fn run_action_native(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(action) = args.value(0).name() else { return Ok(Value::Nil) };
    if client(interpreter).converging.get() {
        let within = owner_of(interpreter, me);
        run_one(interpreter, me, action, within, None, false)?;
    } else {
        run_at_compile(interpreter, me, action)?;
    }
    Ok(Value::Bool(true))
}

/// Runs an action while compiling.
///
/// # Errors
/// What it raises.
pub fn run_at_compile(interpreter: &mut Interpreter, resource: &Value, action: Name) -> Eval<()> {
    if let Some(found) = data(resource) {
        if found.number.get() == usize::MAX {
            // Built but not in any collection: it still has a number, so that what it did can be told.
            let state = client(interpreter);
            let number = state.resources.borrow().len();
            state.resources.borrow_mut().push(resource.clone());
            found.number.set(number);
        }
    }
    run_one(interpreter, resource, action, None, None, true)
}

/// Runs one action of a resource: guards, then the action, then its notifications.
fn run_one(
    interpreter: &mut Interpreter,
    resource: &Value,
    action: Name,
    within: Option<usize>,
    triggered: Option<(String, Option<usize>)>,
    compile: bool,
) -> Eval<()> {
    if action.as_str() == "nothing" {
        return Ok(());
    }
    let Some(found) = data(resource) else { return Ok(()) };
    let state = client(interpreter);
    let number = found.number.get();
    let progress = &state.progress;
    if progress.depth.get() > 100 {
        return Ok(());
    }
    let depth = interpreter.conditions.len();
    interpreter.conditions.extend(found.conditions.iter().cloned());
    let index = progress.steps.borrow().len();
    progress.steps.borrow_mut().push(Step { resource: number, action, status: Status::Run, within, triggered, compile });
    notify(interpreter, resource, "before", index)?;
    let outcome = attempt(interpreter, resource, action, number);
    interpreter.conditions.truncate(depth);
    let status = match outcome {
        Ok(status) => status,
        Err(flow) => match *flow {
            Flow::Halt(_) => return Err(flow),
            Flow::Raise(error) => {
                let (class, message) = interpreter.describe_exception(&error);
                let ignored = found.set.borrow().get(&Name::new("ignore_failure")).is_some_and(Value::truthy);
                if let Some(step) = progress.steps.borrow_mut().get_mut(index) {
                    step.status = Status::Failed(format!("{class}: {message}"));
                }
                if ignored {
                    return Ok(());
                }
                if state.settings.lenient {
                    let what = found.reference(interpreter);
                    super::load::report(interpreter, Box::new(Flow::Raise(error)), &what)?;
                    return Ok(());
                }
                return Err(Box::new(Flow::Raise(error)));
            }
            other => return Err(Box::new(other)),
        },
    };
    let ran = !matches!(status, Status::Skipped(_));
    if let Some(step) = progress.steps.borrow_mut().get_mut(index) {
        step.status = status;
    }
    if ran {
        notify(interpreter, resource, "immediate", index)?;
        notify(interpreter, resource, "delayed", index)?;
    }
    Ok(())
}

fn attempt(interpreter: &mut Interpreter, resource: &Value, action: Name, number: usize) -> Eval<Status> {
    let Some(found) = data(resource) else { return Ok(Status::Run) };
    let class = interpreter.class_of(resource);
    if !found.unknown.get() {
        property::check_required(interpreter, resource, &found, action)?;
    }
    resolve_lazy(interpreter, resource)?;
    if let Some(reason) = super::guard::refuses(interpreter, resource)? {
        return Ok(Status::Skipped(reason));
    }
    if found.unknown.get() {
        return Ok(Status::Unknown);
    }
    if expand(interpreter, resource, &class, action, number)? {
        return Ok(Status::Expanded);
    }
    super::file_system::apply(interpreter, resource, action)?;
    Ok(Status::Run)
}

/// Lazy values are resolved when the resource first runs.
fn resolve_lazy(interpreter: &mut Interpreter, resource: &Value) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let lazy: Vec<Name> =
        found.set.borrow().iter().filter(|(_, value)| property::is_lazy(interpreter, value)).map(|(name, _)| *name).collect();
    for name in lazy {
        let value = property::get(interpreter, resource, name)?;
        found.set.borrow_mut().insert(name, value);
        found.lazy.borrow_mut().push(name);
    }
    Ok(())
}

/// Runs the action of a custom resource, LWRP or HWRP; `false` for a built-in type.
fn expand(
    interpreter: &mut Interpreter,
    resource: &Value,
    class: &Rc<crate::ruby::module::Module>,
    action: Name,
    number: usize,
) -> Eval<bool> {
    let Some(found) = data(resource) else { return Ok(false) };
    let state = client(interpreter);
    let chain = class_chain(interpreter, class);
    let block = chain.iter().find_map(|data| data.actions.borrow().get(&action).cloned());
    let custom = chain.first().is_some_and(|data| data.custom.get());
    let explicit = found.set.borrow().get(&Name::new("provider")).cloned();
    let provider = match (&block, explicit) {
        (Some(_), _) => {
            // Blocks of a parent class see the action class of the resource's own class.
            let own = class.linearise(interpreter.version).iter().find(|module| !module.is_singleton).cloned();
            own.map(|own| super::custom::provider_class(interpreter, &own))
        }
        (None, Some(Value::Module(provider))) if custom || provider_is_ruby(&provider) => Some(provider),
        _ => {
            let name = found.kind;
            let known = state.providers.borrow().get(&name).cloned();
            known
                .or_else(|| {
                    let implicit = *class_data(class).implicit_name.borrow();
                    implicit.and_then(|name| state.providers.borrow().get(&name).cloned())
                })
                .or_else(|| named_provider(interpreter, class))
                .filter(|_| custom)
        }
    };
    let Some(provider) = provider else {
        if custom && block.is_none() && class_data(class).allowed.borrow().contains(&action) {
            return Ok(true);
        }
        return Ok(false);
    };
    let object = interpreter.allocate(&provider);
    let context = super::run_context::object(interpreter);
    interpreter.set_ivar(&object, "@new_resource", resource.clone());
    interpreter.set_ivar(&object, "@run_context", context.clone());
    interpreter.set_ivar(&object, "@action", Value::Symbol(action));
    interpreter.set_ivar(&object, "@cookbook_name", Value::str(found.cookbook.as_str()));
    let node = state.node_object.borrow().clone();
    interpreter.set_ivar(&object, "@node", node);
    let initialize = Name::new("initialize");
    if let Some(method) = interpreter.find_method(&provider, initialize) {
        if matches!(method.body, crate::ruby::module::MethodBody::Ruby(_)) {
            interpreter.invoke(&object, initialize, &method, Args::new(vec![resource.clone(), context]))?;
        }
    }
    // A new context for what the action declares.
    let inner = state.contexts.borrow().len();
    state.contexts.borrow_mut().push(RunContext {
        resources: Vec::new(),
        parent: Some(state.context.get()),
        insert_at: None,
        owner: Some(number),
    });
    let outer_context = state.context.replace(inner);
    let outer_provider = state.provider.replace(object.clone());
    let place = state.place.replace((class_cookbook(class, &found.cookbook), found.recipe.clone()));
    let answer = run_body(interpreter, resource, &object, class, action, block.as_ref());
    state.provider.replace(outer_provider);
    let answer = answer.and_then(|()| run_context(interpreter, inner, Some(number)));
    state.context.set(outer_context);
    state.place.replace(place);
    answer?;
    Ok(true)
}

fn provider_is_ruby(provider: &Rc<crate::ruby::module::Module>) -> bool {
    provider.methods.borrow().keys().any(|name| name.starts_with("action_"))
}

/// The provider class that Chef finds by the resource class's name: `Chef::Resource::Foo` → `Chef::Provider::Foo`.
fn named_provider(interpreter: &Interpreter, class: &Rc<crate::ruby::module::Module>) -> Option<Rc<crate::ruby::module::Module>> {
    let name = class.display_name();
    let last = name.strip_prefix("Chef::Resource::")?;
    match interpreter.constant_path(&format!("Chef::Provider::{last}")) {
        Some(Value::Module(provider)) => Some(provider),
        _ => None,
    }
}

fn class_cookbook(class: &Rc<crate::ruby::module::Module>, other: &str) -> String {
    let own = class_data(class).cookbook.borrow().clone();
    if own.is_empty() { other.to_owned() } else { own }
}

fn run_body(
    interpreter: &mut Interpreter,
    resource: &Value,
    object: &Value,
    class: &Rc<crate::ruby::module::Module>,
    action: Name,
    block: Option<&Rc<crate::ruby::procs::Proc>>,
) -> Eval<()> {
    match block {
        Some(block) => {
            let current = current_value(interpreter, resource, class)?;
            interpreter.set_ivar(object, "@current_resource", current);
            let definee = interpreter.class_of(object);
            let answer = interpreter.call_block_with_self(block, object, Some(definee), &Args::none());
            leave_action(answer)
        }
        None => {
            let method = Name::new(&format!("action_{action}"));
            if interpreter.has_method(object, Name::new("load_current_resource"), true) {
                interpreter.call(object, Name::new("load_current_resource"), Args::none(), CallKind::Implicit)?;
            }
            if !interpreter.has_method(object, method, true) {
                if class_data(class).allowed.borrow().contains(&action) || action.as_str() == "nothing" {
                    return Ok(());
                }
                return Ok(());
            }
            let answer = interpreter.call(object, method, Args::none(), CallKind::Implicit);
            leave_action(answer)
        }
    }
}

/// A `return` or `next` in an action ends only the action.
fn leave_action(answer: Eval) -> Eval<()> {
    match answer {
        Ok(_) => Ok(()),
        Err(flow) => match *flow {
            Flow::Return(..) | Flow::Next(_) | Flow::Break(..) => Ok(()),
            other => Err(Box::new(other)),
        },
    }
}

/// What `load_current_value` finds; on an empty machine mostly nothing.
fn current_value(interpreter: &mut Interpreter, resource: &Value, class: &Rc<crate::ruby::module::Module>) -> Eval {
    let block = class_chain(interpreter, class).into_iter().find_map(|data| data.load_current_value.borrow().clone());
    let Some(found) = data(resource) else { return Ok(Value::Nil) };
    let Some(block) = block else { return Ok(Value::Nil) };
    let current =
        super::resource::declare::build(interpreter, found.kind, class, &found.name.borrow().clone(), None, found.declared.get())?;
    for chain in class_chain(interpreter, class) {
        for (name, property) in chain.properties.borrow().iter() {
            if property.identity || property.name_property {
                if let Some(value) = found.set.borrow().get(name) {
                    if let Some(inner) = data(&current) {
                        inner.set.borrow_mut().insert(*name, value.clone());
                    }
                }
            }
        }
    }
    match interpreter.call_block_with_self(&block, &current, None, &Args::new(vec![resource.clone()])) {
        Ok(_) => Ok(current),
        Err(flow) => match *flow {
            Flow::Raise(error) if interpreter.real_class(&error).display_name().ends_with("CurrentValueDoesNotExist") => Ok(Value::Nil),
            other => Err(Box::new(other)),
        },
    }
}

/// Fires the notifications of a resource with that timing, and those that subscribe to it.
fn notify(interpreter: &mut Interpreter, resource: &Value, timing: &str, step: usize) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let state = client(interpreter);
    let number = found.number.get();
    let mut wanted: Vec<(Value, Name)> = Vec::new();
    let notifies: Vec<_> = found.notifies.borrow().iter().filter(|spec| spec.timing == timing).cloned().collect();
    for spec in notifies {
        match target_of(interpreter, found.context.get(), &spec.target)? {
            Some(target) => wanted.push((target, spec.action)),
            None => missing_target(interpreter, resource, &spec.target)?,
        }
    }
    // Only a step of the resource's own counts for `before` once.
    let all = state.resources.borrow().clone();
    for other in &all {
        let Some(listener) = data(other) else { continue };
        let subscriptions: Vec<_> = listener.subscribes.borrow().iter().filter(|spec| spec.timing == timing).cloned().collect();
        for spec in subscriptions {
            let target = target_of(interpreter, listener.context.get(), &spec.target)?;
            if target.is_some_and(|target| target.same(resource)) {
                wanted.push((other.clone(), spec.action));
            }
        }
    }
    for (target, action) in wanted {
        let Some(inner) = data(&target) else { continue };
        if timing == "delayed" {
            let progress = &state.progress;
            let known = progress.delayed.borrow().iter().any(|(n, a, _)| *n == inner.number.get() && *a == action);
            if !known {
                progress.delayed.borrow_mut().push((inner.number.get(), action, number));
            }
            continue;
        }
        let progress = &state.progress;
        progress.depth.set(progress.depth.get() + 1);
        let within = owner_of(interpreter, &target);
        let outer = state.context.replace(inner.context.get());
        let answer = run_one(interpreter, &target, action, within, Some((timing.to_owned(), Some(number))), false);
        state.context.set(outer);
        progress.depth.set(progress.depth.get() - 1);
        answer?;
    }
    let _ = step;
    Ok(())
}

fn target_of(interpreter: &mut Interpreter, context: usize, target: &Value) -> Eval<Option<Value>> {
    if data(target).is_some() {
        return Ok(Some(target.clone()));
    }
    let text = interpreter.display(target)?;
    Ok(super::run_context::find_from(interpreter, context, &text))
}

fn missing_target(interpreter: &mut Interpreter, resource: &Value, target: &Value) -> Eval<()> {
    let state = client(interpreter);
    let shown = interpreter.display(target)?;
    let shown = interpreter.to_text(&shown).to_string();
    let (what, span) =
        data(resource).map_or((String::new(), interpreter.span), |found| (found.reference(interpreter), found.declared.get()));
    if state.settings.lenient {
        if state.missing.borrow_mut().insert(format!("notification {what} {shown}")) {
            let diagnostic = crate::diagnostic::Diagnostic::warning("C107", format!("`{what}` notifies `{shown}`, which is not declared"))
                .at(span)
                .help("declare it, or remove the notification: Chef would stop the run");
            interpreter.diagnostics.push(diagnostic);
        }
        return Ok(());
    }
    let above = Rc::clone(&interpreter.classes.runtime_error);
    let class = interpreter.define_class_path("Chef::Exceptions::ResourceNotFound", &above);
    interpreter.raise(
        &class,
        format!("resource {what} is configured to notify resource {shown}, but {shown} cannot be found in the resource collection."),
    )
}

/// `run_action` of a provider that library code holds.
pub fn provider_run_action(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let action = args.value(0).name().unwrap_or_else(|| Name::new("create"));
    let method = Name::new(&format!("action_{action}"));
    if interpreter.has_method(me, method, true) {
        return interpreter.call(me, method, Args::none(), CallKind::Implicit);
    }
    Ok(Value::Nil)
}
