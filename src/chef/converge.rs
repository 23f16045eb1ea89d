//! The converge: every resource in order, its guards, its actions, notifications at once and at the end.
//!
//! As a fresh machine would see it: every resource that runs changes something, so every notification fires.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::chef::client::{Client, Delayed, Note, RunContext, client};
use crate::chef::resource::property;
use crate::chef::resource::{class_chain, class_data, data};
use crate::graph::{Datum, Status};
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::unsupported::{Kind, Lack};

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
    /// The properties that were set when it ran.
    pub properties: IndexMap<Name, Datum>,
}

/// What the converge of a run keeps.
#[derive(Default)]
pub struct Converge {
    /// What was done, in order.
    pub steps: std::cell::RefCell<Vec<Step>>,
    /// How deep resources run inside each other, or notified at once by each other.
    depth: std::cell::Cell<usize>,
}

/// Converges the root context: every resource, then the delayed notifications.
///
/// # Errors
/// Bounds; with strict settings, the first failure.
pub fn run(interpreter: &mut Interpreter) -> Eval<()> {
    client(interpreter).converging.set(true);
    run_context(interpreter, 0, None)
}

/// Converges a context. An error in it does not keep the delayed notifications from running.
pub(super) fn run_context(interpreter: &mut Interpreter, context: usize, within: Option<usize>) -> Eval<()> {
    let outcome = run_resources(interpreter, context, within);
    if matches!(&outcome, Err(flow) if matches!(**flow, Flow::Halt(_))) {
        return outcome;
    }
    let delayed = run_delayed(interpreter, context);
    outcome.and(delayed)
}

fn run_resources(interpreter: &mut Interpreter, context: usize, within: Option<usize>) -> Eval<()> {
    let state = client(interpreter);
    if state.contexts.borrow().get(context).is_some_and(|here| here.unified) {
        // They ran when they were declared.
        return Ok(());
    }
    // Every notification must find its target before anything runs.
    let numbers = state.contexts.borrow().get(context).map(|here| here.resources.clone()).unwrap_or_default();
    for number in numbers {
        let resource = state.resource(number);
        resolve(interpreter, &resource)?;
    }
    let mut position = 0;
    loop {
        let number = state.contexts.borrow().get(context).and_then(|here| here.resources.get(position).copied());
        let Some(number) = number else { return Ok(()) };
        position += 1;
        if let Some(here) = state.contexts.borrow_mut().get_mut(context) {
            here.insert_at = Some(position);
        }
        share(interpreter, &state);
        interpreter.step()?;
        let resource = state.resource(number);
        let outer = state.context.replace(context);
        let answer = run_resource(interpreter, &resource, within);
        state.context.set(outer);
        answer?;
        // What was declared meanwhile stands right behind it and is next.
    }
}

/// Every resource of the run has a share of steps; what happens inside it is part of that.
fn share(interpreter: &mut Interpreter, state: &Client) {
    if state.progress.depth.get() == 0 {
        interpreter.steps = 0;
    }
}

fn run_resource(interpreter: &mut Interpreter, resource: &Value, within: Option<usize>) -> Eval<()> {
    if data(resource).is_some_and(|found| found.compiled.get()) {
        return Ok(());
    }
    for action in super::resource::base::actions_of(interpreter, resource) {
        run_one(interpreter, resource, action, within, None, Mode::Converge)?;
    }
    Ok(())
}

/// Runs a resource of a unified context as soon as it is declared, then what was notified before it existed.
///
/// # Errors
/// What it raises.
pub fn run_declared(interpreter: &mut Interpreter, resource: &Value) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let context = found.context.get();
    let within = owner_of(interpreter, resource);
    run_resource(interpreter, resource, within)?;
    let key = found.reference(interpreter);
    let state = client(interpreter);
    let mut waiting = Vec::new();
    if let Some(here) = state.contexts.borrow_mut().get_mut(context) {
        here.pending.retain(|(target, action, by)| {
            if *target == key {
                waiting.push((*action, *by));
            }
            *target != key
        });
    }
    for (action, by) in waiting {
        run_one(interpreter, resource, action, within, Some(("immediate".to_owned(), Some(by))), Mode::Converge)?;
    }
    Ok(())
}

fn run_delayed(interpreter: &mut Interpreter, context: usize) -> Eval<()> {
    let mut index = 0;
    loop {
        let next = client(interpreter).contexts.borrow().get(context).and_then(|here| here.delayed.get(index).cloned());
        let Some(next) = next else { return Ok(()) };
        index += 1;
        let state = client(interpreter);
        share(interpreter, &state);
        interpreter.step()?;
        let target = match target_of(interpreter, context, &next.target)? {
            Some(target) => target,
            None => {
                missing_target(interpreter, &Value::Nil, &next.target)?;
                continue;
            }
        };
        let within = owner_of(interpreter, &target);
        run_one(interpreter, &target, next.action, within, Some(("delayed".to_owned(), None)), Mode::Converge)?;
    }
}

/// Queues a delayed notification with the run context of its target, unless it waits or ran there already.
pub fn delay(interpreter: &Interpreter, target: &Value, action: Name, context: usize) {
    let state = client(interpreter);
    let context = data(target).map_or(context, |found| found.context.get());
    if let Some(here) = state.contexts.borrow_mut().get_mut(context) {
        let same = |one: &Delayed| {
            one.action == action && (one.target.same(target) || (one.target.text().is_some() && one.target.text() == target.text()))
        };
        if !here.delayed.iter().any(same) {
            here.delayed.push(Delayed { target: target.clone(), action });
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
        run_one(interpreter, me, action, within, None, Mode::Alone)?;
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
    run_one(interpreter, resource, action, None, None, Mode::Compile)
}

/// How an action comes to run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// By the converge, with notifications.
    Converge,
    /// `run_action` while converging: nothing is notified.
    Alone,
    /// `run_action` or `compile_time` while compiling: nothing is notified.
    Compile,
}

/// Runs one action of a resource: guards, then the action, then its notifications.
fn run_one(
    interpreter: &mut Interpreter,
    resource: &Value,
    action: Name,
    within: Option<usize>,
    triggered: Option<(String, Option<usize>)>,
    mode: Mode,
) -> Eval<()> {
    if action.as_str() == "nothing" {
        return Ok(());
    }
    let state = client(interpreter);
    let progress = &state.progress;
    if progress.depth.get() >= NESTING {
        return too_deep(interpreter, resource);
    }
    interpreter.charge(STEPS_OF_AN_ACTION)?;
    progress.depth.set(progress.depth.get() + 1);
    let answer = run_within(interpreter, resource, action, within, triggered, mode);
    progress.depth.set(progress.depth.get() - 1);
    answer
}

/// Deepest nesting of resources that run inside another or because another notifies them at once.
const NESTING: usize = 100;

/// What an action costs beside the code that it runs.
const STEPS_OF_AN_ACTION: u64 = 10;

/// Says once where resources nest without end; they stop there.
fn too_deep(interpreter: &mut Interpreter, resource: &Value) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let what = found.reference(interpreter);
    let state = client(interpreter);
    if state.missing.borrow_mut().insert("nesting".to_owned()) {
        let why = format!("resources nest deeper than {NESTING} levels");
        interpreter.ledger.note(Lack::Ekiben, Kind::Bound, why.as_str(), found.declared.get());
        let diagnostic = crate::diagnostic::Diagnostic::error("C102", format!("{what} was not evaluated to its end: {why}"))
            .at(found.declared.get())
            .help("look for resources that declare or notify each other");
        interpreter.diagnostics.push(diagnostic);
    }
    Ok(())
}

fn run_within(
    interpreter: &mut Interpreter,
    resource: &Value,
    action: Name,
    within: Option<usize>,
    triggered: Option<(String, Option<usize>)>,
    mode: Mode,
) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let state = client(interpreter);
    let number = found.number.get();
    let progress = &state.progress;
    // What natives raise from here on is about this resource.
    interpreter.span = found.declared.get();
    resolve(interpreter, resource)?;
    let depth = interpreter.conditions.len();
    interpreter.conditions.extend(found.conditions.iter().cloned());
    if mode == Mode::Converge
        && state.settings.rehearsal.is_none()
        && has_notes(interpreter, resource, "before")
        && prepare(interpreter, resource, action).is_ok_and(|no| no.is_none())
    {
        notify(interpreter, resource, "before")?;
    }
    let index = progress.steps.borrow().len();
    progress.steps.borrow_mut().push(Step {
        resource: number,
        action,
        status: Status::Run,
        within,
        triggered,
        compile: mode == Mode::Compile,
        properties: IndexMap::new(),
    });
    found.updated.set(false);
    let outcome = attempt(interpreter, resource, action, number, index);
    interpreter.conditions.truncate(depth);
    let status = match outcome {
        Ok(status) => status,
        Err(flow) => match *flow {
            // The resource around it, or the file whose code runs it, has used up its share.
            Flow::Halt(_) if !state.settings.lenient || progress.depth.get() > 1 || mode != Mode::Converge => return Err(flow),
            Flow::Halt(_) if interpreter.is_spent() => return Err(flow),
            Flow::Halt(why) => {
                // The other resources have steps of their own.
                interpreter.steps = 0;
                let what = found.reference(interpreter);
                super::load::report(interpreter, Box::new(Flow::Halt(why.clone())), &what)?;
                if let Some(step) = progress.steps.borrow_mut().get_mut(index) {
                    step.status = Status::Failed(why);
                }
                return Ok(());
            }
            Flow::Raise(error) => {
                let (class, message) = interpreter.describe_exception(&error);
                let ignored = property::stored(resource, Name::new("ignore_failure")).is_some_and(|value| value.truthy());
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
    // A custom resource has changed something when anything inside it has; a conversion assumes that it has.
    let changed = match &status {
        Status::Skipped(_) => false,
        _ if state.settings.rehearsal.is_some() => false,
        Status::Expanded => {
            let inner =
                progress.steps.borrow().iter().skip(index + 1).any(|step| step.within == Some(number) && step.status == Status::Run);
            inner || found.updated.get() || state.settings.lenient
        }
        _ => true,
    };
    found.updated.set(changed);
    found.changed.set(found.changed.get() || changed);
    if let Some(step) = progress.steps.borrow_mut().get_mut(index) {
        step.status = status;
    }
    if changed {
        // The custom resource around it has changed, too.
        if let Some(outer) = within.and_then(|outer| data(&state.resource(outer))) {
            outer.updated.set(true);
            outer.changed.set(true);
        }
        if mode == Mode::Converge {
            notify(interpreter, resource, "immediate")?;
            notify(interpreter, resource, "delayed")?;
        }
    }
    Ok(())
}

/// What comes before an action: required properties, lazy values, guards. The words of the guard that says no.
fn prepare(interpreter: &mut Interpreter, resource: &Value, action: Name) -> Eval<Option<String>> {
    let Some(found) = data(resource) else { return Ok(None) };
    if !found.unknown.get() {
        property::check_required(interpreter, resource, &found, action)?;
    }
    resolve_lazy(interpreter, resource)?;
    super::guard::refuses(interpreter, resource)
}

/// The properties that are set now, as plain data: also instance variables that older resource classes keep.
pub fn snapshot(interpreter: &mut Interpreter, resource: &Value) -> IndexMap<Name, Datum> {
    const OTHER: &[&str] =
        &["action", "allowed_actions", "resource_name", "run_context", "name", "node", "not_if", "only_if", "source_line", "updated"];
    let Some(found) = data(resource) else { return IndexMap::new() };
    let mut names: IndexMap<Name, ()> =
        found.set.borrow().keys().filter(|name| !OTHER.contains(&name.as_str())).map(|name| (*name, ())).collect();
    if let Value::Object(object) = resource {
        for name in object.ivars.borrow().keys() {
            let plain = name.trim_start_matches('@');
            if !plain.starts_with('_') && !OTHER.contains(&plain) {
                names.insert(Name::new(plain), ());
            }
        }
    }
    let mut all = IndexMap::new();
    for name in names.into_keys() {
        match property::stored(resource, name) {
            None | Some(Value::Nil) => {}
            Some(value) => {
                let datum = super::datum::from_value(interpreter, &value);
                all.insert(name, datum);
            }
        }
    }
    all
}

fn attempt(interpreter: &mut Interpreter, resource: &Value, action: Name, number: usize, index: usize) -> Eval<Status> {
    let Some(found) = data(resource) else { return Ok(Status::Run) };
    let class = interpreter.class_of(resource);
    let refusal = prepare(interpreter, resource, action);
    let properties = snapshot(interpreter, resource);
    if let Some(step) = client(interpreter).progress.steps.borrow_mut().get_mut(index) {
        step.properties = properties;
    }
    // Properties that are too large have used up the steps.
    interpreter.charge(0)?;
    if let Some(reason) = refusal? {
        return Ok(Status::Skipped(reason));
    }
    if found.unknown.get() {
        return Ok(Status::Unknown);
    }
    let rehearsal = client(interpreter).settings.rehearsal.as_ref().map(|entered| entered.contains(found.kind.as_str()));
    if rehearsal != Some(false) && expand(interpreter, resource, &class, action, number)? {
        return Ok(Status::Expanded);
    }
    if rehearsal == Some(false) {
        return Ok(Status::Run);
    }
    super::file_system::apply(interpreter, resource, action)?;
    let deploys = matches!(found.kind.as_str(), "deploy" | "deploy_revision" | "deploy_branch" | "timestamped_deploy");
    if deploys && client(interpreter).settings.lenient && matches!(action.as_str(), "deploy" | "force_deploy") {
        super::deploy::callbacks(interpreter, resource, number)?;
    }
    Ok(Status::Run)
}

/// Lazy values are resolved when the resource first runs.
fn resolve_lazy(interpreter: &mut Interpreter, resource: &Value) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let lazy: Vec<Name> = found.set.borrow().keys().copied().collect();
    for name in lazy {
        let is_lazy = property::stored(resource, name).is_some_and(|value| property::is_lazy(interpreter, &value));
        if is_lazy {
            let value = property::get(interpreter, resource, name)?;
            property::store(resource, name, value);
            found.lazy.borrow_mut().push(name);
        }
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
    let explicit = property::stored(resource, Name::new("provider"));
    let provider = match (&block, explicit) {
        (Some(_), _) => {
            // Blocks of a parent class see the action class of the resource's own class.
            let own = class.linearise(interpreter.version).iter().find(|module| !module.is_singleton).cloned();
            own.map(|own| super::action_class::provider_class(interpreter, &own))
        }
        (None, Some(Value::Module(provider))) if custom || provider_is_ruby(&provider) => Some(provider),
        _ => {
            let name = found.kind;
            let implicit = *class_data(class).implicit_name.borrow();
            let mut known = super::custom::provider_for(interpreter, name)?;
            if let (None, Some(implicit)) = (&known, implicit) {
                known = super::custom::provider_for(interpreter, implicit)?;
            }
            known.or_else(|| named_provider(interpreter, class)).filter(|_| custom)
        }
    };
    let Some(provider) = provider else {
        if custom && block.is_none() && class_data(class).allowed.borrow().contains(&action) {
            return Ok(true);
        }
        return Ok(false);
    };
    if block.is_some() {
        let own = class.linearise(interpreter.version).iter().find(|module| !module.is_singleton).cloned();
        super::action_class::forward_methods(interpreter, &provider, &own.unwrap_or_else(|| Rc::clone(class)))?;
    }
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
        parent: Some(state.context.get()),
        owner: Some(number),
        unified: is_unified(interpreter, class),
        ..RunContext::default()
    });
    let outer_context = state.context.replace(inner);
    let outer_provider = state.provider.replace(object.clone());
    // What an action declares belongs to the cookbook that declared its resource, not to the one that defines its class.
    let place = state.place.replace((found.cookbook.clone(), found.recipe.clone()));
    let answer = run_body(interpreter, resource, &object, class, action, block.as_ref());
    state.provider.replace(outer_provider);
    let answer = answer.and_then(|()| run_context(interpreter, inner, Some(number)));
    state.context.set(outer_context);
    state.place.replace(place);
    answer?;
    Ok(true)
}

/// `unified_mode true` in the class or one above it.
fn is_unified(interpreter: &Interpreter, class: &Rc<crate::ruby::module::Module>) -> bool {
    class_chain(interpreter, class).iter().find_map(|data| data.unified.get()).unwrap_or(false)
}

fn provider_is_ruby(provider: &Rc<crate::ruby::module::Module>) -> bool {
    provider.methods().keys().any(|name| name.starts_with("action_"))
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

/// The notifications of `resource` with that timing, as its run context has them: those of every resource of its type and
/// name, and those that subscribe to it.
fn notes_of(interpreter: &Interpreter, resource: &Value, timing: Option<&str>) -> Vec<Note> {
    let Some(found) = data(resource) else { return Vec::new() };
    let key = found.reference(interpreter);
    let state = client(interpreter);
    let contexts = state.contexts.borrow();
    let notes = contexts.get(found.context.get()).and_then(|here| here.notes.get(&key));
    notes.into_iter().flatten().filter(|note| timing.is_none_or(|timing| note.timing == timing)).cloned().collect()
}

fn has_notes(interpreter: &Interpreter, resource: &Value, timing: &str) -> bool {
    !notes_of(interpreter, resource, Some(timing)).is_empty()
}

/// Every notification of `resource` must find its target; in unified mode it may be declared later.
fn resolve(interpreter: &mut Interpreter, resource: &Value) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let context = found.context.get();
    if client(interpreter).contexts.borrow().get(context).is_some_and(|here| here.unified) {
        return Ok(());
    }
    for note in notes_of(interpreter, resource, None) {
        if target_of(interpreter, context, &note.target)?.is_none() {
            missing_target(interpreter, resource, &note.target)?;
        }
    }
    Ok(())
}

/// Fires the notifications of a resource with that timing, and those that subscribe to it.
fn notify(interpreter: &mut Interpreter, resource: &Value, timing: &'static str) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let state = client(interpreter);
    let (context, number) = (found.context.get(), found.number.get());
    for note in notes_of(interpreter, resource, Some(timing)) {
        let target = target_of(interpreter, context, &note.target)?;
        let Some(target) = target else {
            let unified = state.contexts.borrow().get(context).is_some_and(|here| here.unified);
            if !unified {
                missing_target(interpreter, resource, &note.target)?;
            } else if timing == "delayed" {
                delay(interpreter, &note.target, note.action, context);
            } else if let (Some(here), Some(key)) = (state.contexts.borrow_mut().get_mut(context), note.target.text()) {
                here.pending.push((key, note.action, number));
            }
            continue;
        };
        let Some(inner) = data(&target) else { continue };
        if timing == "delayed" {
            delay(interpreter, &target, note.action, context);
            continue;
        }
        let within = owner_of(interpreter, &target);
        let outer = state.context.replace(inner.context.get());
        let by = Some((timing.to_owned(), Some(number)));
        let answer = run_one(interpreter, &target, note.action, within, by, Mode::Converge);
        state.context.set(outer);
        answer?;
    }
    Ok(())
}

fn target_of(interpreter: &mut Interpreter, context: usize, target: &Value) -> Eval<Option<Value>> {
    if data(target).is_some() {
        return Ok(Some(target.clone()));
    }
    let text = interpreter.display(target)?;
    if let Some(found) = super::run_context::find_from(interpreter, context, &text) {
        return Ok(Some(found));
    }
    // `service[a,b]` names several resources, which a notification cannot have.
    let several = super::run_context::split_reference(&text).filter(|(_, names)| names.contains(','));
    if let (Some((kind, names)), false) = (several, client(interpreter).settings.lenient) {
        let all = names.split(',').all(|name| super::run_context::find_from(interpreter, context, &format!("{kind}[{name}]")).is_some());
        if all {
            return several_targets(interpreter, &text);
        }
    }
    Ok(None)
}

/// Raises `Chef::Exceptions::InvalidResourceReference`.
///
/// # Errors
/// Always.
fn several_targets<T>(interpreter: &mut Interpreter, text: &str) -> Eval<T> {
    let above = Rc::clone(&interpreter.classes.runtime_error);
    let class = interpreter.define_class_path("Chef::Exceptions::InvalidResourceReference", &above);
    let message = format!("Notification {text} was created with a reference to multiple resources, but can only notify one resource.");
    interpreter.raise(&class, message)
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
