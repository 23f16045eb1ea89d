//! The recipe DSL: what code in a recipe can call besides plain Ruby.
//!
//! `Chef::Recipe` objects answer it; definitions and provider actions share most of it (module `Chef::DSL::Recipe`).

use std::rc::Rc;

use crate::chef::client::{Client, LogLine, client};
use crate::chef::resource::{self, declare};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::unsupported::{Kind, Lack};

const DSL: &[(&str, Native)] = &[
    ("node", |i, _, _| Ok(client(i).node_object.borrow().clone())),
    ("include_recipe", super::load::include_recipe),
    ("require_recipe", super::load::include_recipe),
    ("load_recipe", super::load::include_recipe),
    ("include_attribute", super::load::include_attribute),
    ("cookbook_name", |i, _, _| Ok(Value::str(client(i).place.borrow().0.as_str()))),
    ("recipe_name", |i, _, _| Ok(Value::str(client(i).place.borrow().1.as_str()))),
    ("run_context", |i, _, _| Ok(super::run_context::object(i))),
    ("lazy", declare::lazy),
    ("run_state", |i, _, _| Ok(client(i).run_state.clone())),
    ("method_missing", missing),
    ("respond_to_missing?", |i, _, args| Ok(Value::Bool(args.value(0).name().is_some_and(|name| known(&client(i), name))))),
];

/// `Chef::DSL::DeclareResource`: what recipes, provider actions and resources themselves can do with the collection.
const DECLARE: &[(&str, Native)] = &[
    ("resources", super::run_context::resources),
    ("find_resource", super::run_context::find_resource),
    ("find_resource!", super::run_context::find_resource_or_fail),
    ("edit_resource", super::run_context::edit_resource),
    ("edit_resource!", super::run_context::edit_resource_or_fail),
    ("delete_resource", super::run_context::delete_resource),
    ("delete_resource!", super::run_context::delete_resource),
    ("declare_resource", declare_resource),
    ("build_resource", build_resource),
    ("with_run_context", super::run_context::with_run_context),
];

/// Makes the module and the class.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let dsl = interpreter.define_module_path("Chef::DSL::Recipe");
    interpreter.define(&dsl, DSL);
    let universal = interpreter.define_module_path("Chef::DSL::Universal");
    interpreter.include(&dsl, &universal);
    let declare = interpreter.define_module_path("Chef::DSL::DeclareResource");
    interpreter.define(&declare, DECLARE);
    interpreter.include(&dsl, &declare);
    let recipe = interpreter.define_class_path("Chef::Recipe", &object);
    interpreter.include(&recipe, &dsl);
    interpreter.define(
        &recipe,
        &[("to_s", |i, _, _| {
            let (cookbook, recipe) = client(i).place.borrow().clone();
            Ok(Value::str(format!("recipe[{cookbook}::{recipe}]")))
        })],
    );
    interpreter.define_class_path("Chef::Util", &object);
    for extra in [
        "Chef::DSL::IncludeRecipe",
        "Chef::DSL::PlatformIntrospection",
        "Chef::DSL::DataQuery",
        "Chef::Mixin::ShellOut",
        "Chef::Mixin::Command",
        "Chef::Mixin::Template",
        "Chef::DSL::Core",
        "Chef::Mixin::FromFile",
        "Chef::Mixin::Checksum",
        "Chef::Mixin::ParamsValidate",
        "Chef::Mixin::Language",
        "Chef::Mixin::LanguageIncludeRecipe",
        "Chef::Mixin::DeepMerge",
        "Chef::Mixin::EnforceOwnershipAndPermissions",
        "Chef::Mixin::Properties",
        "Chef::DSL::RegistryHelper",
        "Chef::Mixin::WhyRun",
        "Chef::Mixin::NotifyingBlock",
    ] {
        interpreter.define_module_path(extra);
    }
}

/// A recipe object.
pub fn object(interpreter: &mut Interpreter) -> Value {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Recipe", &object);
    interpreter.allocate(&class)
}

/// Whether `name` declares a resource or expands a definition.
#[must_use]
pub fn known(state: &Client, name: Name) -> bool {
    state.definitions.borrow().contains_key(&name) || state.resource_types.borrow().contains_key(&name)
}

/// A method that is not defined: a resource, a definition, or nothing that anybody knows.
pub fn missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    let rest = Args { list: args.list[1..].to_vec(), keywords: args.keywords && args.len() > 1, block: args.block.clone() };
    let state = client(interpreter);
    let definition = state.definitions.borrow().get(&name).cloned();
    if let Some(definition) = definition {
        return super::definition::expand(interpreter, &definition, &rest);
    }
    if state.settings.lenient && !known(&state, name) && looks_like_resource(&rest) {
        if let Some(cookbook) = super::stand_in::of_resource(&name) {
            super::load::need(interpreter, cookbook)?;
            let definition = state.definitions.borrow().get(&name).cloned();
            if let Some(definition) = definition {
                return super::definition::expand(interpreter, &definition, &rest);
            }
        }
    }
    let class = resource::types::class_of(interpreter, name);
    if let Some(class) = class {
        // `package` on its own is a call without name: Chef 13 and later allow it.
        return declare::declare(interpreter, name, &class, &rest.value(0), rest.block.as_ref());
    }
    if let Some(word) = interpreter.known_method(me, &name, true).filter(|_| state.settings.lenient) {
        return Ok(unsupported_word(interpreter, name, word));
    }
    // Inside an action: what the provider's resource or the recipe around knows.
    if state.settings.lenient && looks_like_resource(&rest) {
        return declare_unknown(interpreter, name, &rest);
    }
    let kind = if rest.is_empty() && rest.block.is_none() { CallKind::Bare } else { CallKind::Explicit };
    interpreter.undefined_method(me, name, kind)
}

/// A word of Chef's language that ekiben lacks: what it gives is unknown, and the recipe goes on.
fn unsupported_word(interpreter: &mut Interpreter, name: Name, word: String) -> Value {
    let at = interpreter.call_site();
    let diagnostic = Diagnostic::warning("C116", format!("`{word}` is not supported: what it gives is unknown"))
        .at(at)
        .help("check what the code around it does, and report it: Chef has it");
    interpreter.diagnostics.push(diagnostic);
    interpreter.ledger.note(Lack::Ekiben, Kind::Method, word, at);
    super::dsl::unknown(name.to_string(), "ekiben does not support this word of Chef's language")
}

fn looks_like_resource(args: &Args) -> bool {
    let named = matches!(args.list.as_slice(), [Value::Str(_) | Value::Symbol(_) | Value::Unknown(_) | Value::Array(_)]);
    (named && !args.keywords) || (args.is_empty() && args.block.is_some())
}

/// A resource of a type that nobody defines is kept with its properties.
fn declare_unknown(interpreter: &mut Interpreter, name: Name, args: &Args) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Resource", &object);
    let at = interpreter.call_site();
    let state = client(interpreter);
    let lack = if super::vocabulary::has_resource(&name) { Lack::Ekiben } else { Lack::Repository };
    interpreter.ledger.note(lack, Kind::Resource, name.as_str(), at);
    if state.missing.borrow_mut().insert(format!("resource {name}")) {
        let diagnostic = Diagnostic::warning("C101", format!("no cookbook defines the resource `{name}`"))
            .at(at)
            .help("add the cookbook that defines it, or translate this resource by hand: its properties are in the report");
        interpreter.diagnostics.push(diagnostic);
    }
    let made = interpreter.allocate(&class);
    if let Value::Object(inner) = &made {
        if let Some(old) = resource::data(&made) {
            let data = resource::ResourceData {
                number: std::cell::Cell::new(usize::MAX),
                kind: name,
                name: std::cell::RefCell::new(Value::Nil),
                actions: std::cell::RefCell::default(),
                set: std::cell::RefCell::default(),
                guards: std::cell::RefCell::default(),
                notifies: std::cell::RefCell::default(),
                subscribes: std::cell::RefCell::default(),
                declared: std::cell::Cell::new(at),
                cookbook: old.cookbook.clone(),
                recipe: old.recipe.clone(),
                conditions: old.conditions.clone(),
                context: std::cell::Cell::new(old.context.get()),
                enclosing: std::cell::RefCell::new(old.enclosing.borrow().clone()),
                lazy: std::cell::RefCell::default(),
                unknown: std::cell::Cell::new(true),
                params: std::cell::RefCell::new(Value::Nil),
                allowed: std::cell::RefCell::default(),
                compiled: std::cell::Cell::new(false),
                updated: std::cell::Cell::new(false),
                changed: std::cell::Cell::new(false),
                label: old.label.clone(),
            };
            *inner.data.borrow_mut() = Some(Rc::new(data));
        }
    }
    if let Some(data) = resource::data(&made) {
        let given = declare::name_of(interpreter, &args.value(0))?;
        *data.name.borrow_mut() = given;
    }
    if let Some(block) = &args.block {
        interpreter.call_block_with_self(block, &made, None, &Args::new(vec![made.clone()]))?;
    }
    declare::insert(interpreter, &made)?;
    Ok(made)
}

/// The class of the resource type `name`, or `NoMethodError` as Chef gives it.
///
/// # Errors
/// `Chef::Exceptions::NoSuchResourceType`.
pub fn class_of_type(interpreter: &mut Interpreter, name: Name) -> Eval<Rc<Module>> {
    match resource::types::class_of(interpreter, name) {
        Some(class) => Ok(class),
        None => {
            let above = Rc::clone(&interpreter.classes.name_error);
            let class = interpreter.define_class_path("Chef::Exceptions::NoSuchResourceType", &above);
            interpreter.raise(&class, format!("Cannot find a resource for {name}"))
        }
    }
}

/// `declare_resource(:file, '/a') { … }`
pub fn declare_resource(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some(kind) = args.value(0).name() else { return Ok(Value::Nil) };
    let class = class_of_type(interpreter, kind)?;
    declare::declare(interpreter, kind, &class, &args.value(1), args.block.as_ref())
}

fn build_resource(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some(kind) = args.value(0).name() else { return Ok(Value::Nil) };
    let class = class_of_type(interpreter, kind)?;
    let at = interpreter.call_site();
    declare::build(interpreter, kind, &class, &args.value(1), args.block.as_ref(), at)
}

/// Notes a line that cookbook code logged.
pub fn log(interpreter: &mut Interpreter, level: &str, message: &Value, by: &'static str) -> Eval<()> {
    let text = interpreter.display(message)?;
    let text = interpreter.to_text(&text).to_string();
    interpreter.charge_text(text.len())?;
    client(interpreter).log.borrow_mut().push(LogLine { level: level.to_owned(), message: text, by });
    Ok(())
}
