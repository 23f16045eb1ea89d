//! Custom resources, LWRPs and HWRPs: the DSL of resource classes, and loading `resources/` and `providers/`.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::cookbook::Cookbook;
use crate::chef::load::{Trees, tolerate};
use crate::chef::resource::property::{self, Coerce, Property};
use crate::chef::resource::{class_data, find_property};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::scope::{Nesting, Scope};
use crate::ruby::value::Value;

/// Class methods of `Chef::Resource`.
const CLASS: &[(&str, Native)] = &[
    ("property", property),
    ("property_type", property_type),
    ("attribute", attribute),
    ("actions", actions),
    ("allowed_actions", actions),
    ("default_action", default_action),
    ("action", action),
    ("provides", provides),
    ("resource_name", resource_name),
    ("action_class", super::action_class::action_class),
    ("load_current_value", load_current_value),
    ("unified_mode", unified_mode),
    ("lazy", super::resource::declare::lazy),
    ("use", use_partial),
    ("properties", properties),
    ("state_attrs", |_, _, _| Ok(Value::array(Vec::new()))),
    ("identity_attr", |_, _, _| Ok(Value::Nil)),
    ("state_properties", |_, _, _| Ok(Value::array(Vec::new()))),
    ("identity_properties", |_, _, _| Ok(Value::array(Vec::new()))),
    ("property_is_set?", |_, _, _| Ok(Value::Bool(false))),
    ("description", |_, _, _| Ok(Value::Nil)),
    ("introduced", |_, _, _| Ok(Value::Nil)),
    ("examples", |_, _, _| Ok(Value::Nil)),
    ("preview_resource", |_, _, _| Ok(Value::Nil)),
    ("chef_version_for_provides", |_, _, _| Ok(Value::Nil)),
    ("deprecated", |_, _, _| Ok(Value::Nil)),
    ("deprecated_property_alias", alias_property),
    ("property_alias", alias_property),
    ("rights_attribute", |_, _, _| Ok(Value::Nil)),
    ("default_guard_interpreter", |_, _, _| Ok(Value::Nil)),
    ("allow_unit", |_, _, _| Ok(Value::Nil)),
    ("after_resource", |_, _, _| Ok(Value::Nil)),
    ("inherited", inherited),
    ("subclass_directives", |_, _, _| Ok(Value::Nil)),
    ("node", |i, _, _| Ok(client(i).node_object.borrow().clone())),
    ("node_map", |_, _, _| Ok(Value::Nil)),
    ("default_action=", default_action),
    ("allowed_actions=", actions),
    ("resource_name=", resource_name),
    ("cookbook_name", |i, me, _| Ok(cookbook_of(i, me))),
];

/// Instance methods of LWRP providers and of the action objects of custom resources.
pub const PROVIDER: &[(&str, Native)] = &[
    ("new_resource", |i, me, _| Ok(i.get_ivar(me, "@new_resource"))),
    ("current_resource", |i, me, _| Ok(i.get_ivar(me, "@current_resource"))),
    ("current_resource=", |i, me, args| {
        i.set_ivar(me, "@current_resource", args.value(0));
        Ok(args.value(0))
    }),
    ("updated_by_last_action", updated),
    ("whyrun_supported?", |_, _, _| Ok(Value::Bool(true))),
    ("whyrun_mode?", |_, _, _| Ok(Value::Bool(false))),
    ("why_run?", |_, _, _| Ok(Value::Bool(false))),
    ("converge_by", converge_by),
    ("converge_if_changed", converge_if_changed),
    ("action", |i, me, _| Ok(i.get_ivar(me, "@action"))),
    ("load_current_resource", |_, _, _| Ok(Value::Nil)),
    ("load_new_resource_state", |_, _, _| Ok(Value::Nil)),
    ("define_resource_requirements", |_, _, _| Ok(Value::Nil)),
    ("notifying_block", yield_block),
    ("compile_and_converge_action", yield_block),
    ("use_inline_resources", |_, _, _| Ok(Value::Nil)),
    ("run_action", super::converge::provider_run_action),
    ("cleanup_after_converge", |_, _, _| Ok(Value::Nil)),
    ("requirements", |_, me, _| Ok(me.clone())),
    ("assert", |_, _, _| Ok(Value::Nil)),
    ("process_resource_requirements", |_, _, _| Ok(Value::Nil)),
    ("cookbook_name", |i, me, _| {
        let resource = i.get_ivar(me, "@new_resource");
        i.send(&resource, "cookbook_name", &[])
    }),
    ("to_s", |i, me, _| {
        let resource = i.get_ivar(me, "@new_resource");
        i.send(&resource, "to_s", &[])
    }),
];

/// Class methods of providers.
const PROVIDER_CLASS: &[(&str, Native)] = &[
    ("action", provider_action),
    ("use_inline_resources", |_, _, _| Ok(Value::Nil)),
    ("provides", provider_provides),
    ("include_resource_dsl", |_, _, _| Ok(Value::Nil)),
    ("implements", |_, _, _| Ok(Value::Nil)),
    ("supports?", |_, _, _| Ok(Value::Bool(true))),
    ("priority", |_, _, _| Ok(Value::Nil)),
];

/// Installs the class methods on `Chef::Resource` and makes `Chef::Provider`.
pub fn install(interpreter: &mut Interpreter, resource: &Rc<Module>) {
    interpreter.define_singleton(resource, CLASS);
    let object = Rc::clone(&interpreter.classes.object);
    for path in ["Chef::Resource::LWRPBase", "Chef::Resource::ActionClass"] {
        interpreter.define_class_path(path, resource);
    }
    let provider = interpreter.define_class_path("Chef::Provider", &object);
    interpreter.define(&provider, PROVIDER);
    interpreter.define_private(
        &provider,
        &[("initialize", |i, me, args| {
            i.set_ivar(me, "@new_resource", args.value(0));
            i.set_ivar(me, "@run_context", args.value(1));
            Ok(Value::Nil)
        })],
    );
    interpreter.define_singleton(&provider, PROVIDER_CLASS);
    let dsl = interpreter.define_module_path("Chef::DSL::Recipe");
    interpreter.include(&provider, &dsl);
    interpreter.define(&provider, &[("method_missing", super::recipe::missing)]);
    interpreter.define_class_path("Chef::Provider::LWRPBase", &provider);
    interpreter.define_class_path("Chef::Provider::InlineResources", &object);
    super::deploy::install(interpreter);
}

fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Module>> {
    match me {
        Value::Module(module) => Ok(Rc::clone(module)),
        _ => interpreter.type_error("not a resource class"),
    }
}

fn cookbook_of(_: &mut Interpreter, me: &Value) -> Value {
    match me {
        Value::Module(module) => Value::str(class_data(module).cookbook.borrow().as_str()),
        _ => Value::Nil,
    }
}

/// The rules of a property from `types` and options, as `property` and `attribute` take them.
///
/// # Errors
/// What evaluating an option raises.
pub fn property_from(interpreter: &mut Interpreter, name: Name, args: &Args) -> Eval<Property> {
    let mut made = Property::new(name);
    options_of(interpreter, &mut made, args)?;
    Ok(made)
}

fn options_of(interpreter: &mut Interpreter, made: &mut Property, args: &Args) -> Eval<()> {
    for value in &args.list {
        match value {
            Value::Hash(options) => {
                for (key, value) in options.pairs() {
                    let Some(key) = key.text() else { continue };
                    apply_option(interpreter, made, &key, value)?;
                }
            }
            Value::Array(kinds) => {
                let kinds = kinds.items.borrow().clone();
                for kind in kinds {
                    match kept_options(interpreter, &kind) {
                        Some(options) => made.types.extend(options.get_symbol("is").iter().flat_map(list_of)),
                        None => made.types.push(kind),
                    }
                }
            }
            Value::Object(_) if kept_options(interpreter, value).is_some() => {
                if let Some(options) = kept_options(interpreter, value) {
                    options_of(interpreter, made, &Args::new(vec![Value::Hash(options)]))?;
                }
            }
            kind => made.types.push(kind.clone()),
        }
    }
    Ok(())
}

/// `Limit = property_type(is: Integer, coerce: …)`: options that `property :soft, Limit` takes over.
fn property_type(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Property", &object);
    let made = interpreter.allocate(&class);
    let options = match args.value(0) {
        options @ Value::Hash(_) => options,
        _ => Value::Hash(Value::new_hash()),
    };
    interpreter.set_ivar(&made, "@options", options);
    Ok(made)
}

/// The options of what [`property_type`] made.
fn kept_options(interpreter: &mut Interpreter, value: &Value) -> Option<Rc<crate::ruby::value::Hash>> {
    let Value::Object(_) = value else { return None };
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Property", &object);
    match interpreter.get_ivar(value, "@options") {
        Value::Hash(options) if interpreter.is_a(value, &class) => Some(options),
        _ => None,
    }
}

fn list_of(value: &Value) -> Vec<Value> {
    value.items().unwrap_or_else(|| vec![value.clone()])
}

fn apply_option(interpreter: &mut Interpreter, made: &mut Property, key: &str, value: Value) -> Eval<()> {
    match key {
        "default" => made.default = Some(value),
        "name_property" | "name_attribute" => made.name_property = value.truthy(),
        "required" => {
            made.required = match &value {
                Value::Array(actions) => Some(actions.items.borrow().iter().filter_map(Value::name).collect()),
                value if value.truthy() => Some(Vec::new()),
                _ => None,
            }
        }
        "coerce" => {
            if let Value::Proc(block) = value {
                made.coerce = Coerce::Block(block);
            }
        }
        "equal_to" | "in" => made.equal_to = list_of(&value),
        "is" | "is_a" => made.types.extend(list_of(&value)),
        "kind_of" | "instance_of" => made.kinds = list_of(&value),
        "regex" => {
            made.regex_list = matches!(value, Value::Array(_));
            made.regex = list_of(&value).iter().flat_map(list_of).collect();
        }
        "validation_message" => made.message = Some(interpreter.display(&value)?),
        "respond_to" => made.respond_to = list_of(&value).iter().filter_map(Value::name).collect(),
        "cannot_be" => made.cannot_be = list_of(&value).iter().filter_map(Value::name).collect(),
        "callbacks" => {
            if let Value::Hash(hash) = &value {
                for (message, check) in hash.pairs() {
                    let message = interpreter.display(&message)?;
                    made.callbacks.push((message, check));
                }
            }
        }
        "sensitive" => made.sensitive = value.truthy(),
        "identity" => made.identity = value.truthy(),
        "desired_state" => made.desired_state = value.truthy(),
        _ => {}
    }
    Ok(())
}

fn property(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    let rest = Args::new(args.list[1..].to_vec());
    let options = rest.list.iter().all(|value| matches!(value, Value::Hash(_)));
    let inherited = find_property(interpreter, &class, name).filter(|_| options);
    let mut made = match inherited {
        // Declaring a property of the class above again, without types, changes only what is given.
        Some(inherited) => {
            let mut base = (*inherited).clone();
            let given = |key: &str| rest.option(key).is_some();
            if given("default") || given("name_property") || given("name_attribute") {
                base.default = None;
                base.name_property = false;
            }
            if given("is") {
                base.types.clear();
            }
            if given("callbacks") {
                base.callbacks.clear();
            }
            options_of(interpreter, &mut base, &rest)?;
            base
        }
        None => property_from(interpreter, name, &rest)?,
    };
    made.own = true;
    if made.default.is_some() && made.name_property {
        let message = format!(
            "A property cannot be both a name_property/name_attribute and have a default value. Use one or the other on property {name}"
        );
        return interpreter.argument_error(message);
    }
    property::add(interpreter, &class, made);
    Ok(Value::Symbol(name))
}

fn attribute(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    property(interpreter, me, args)
}

fn alias_property(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let (Some(new), Some(old)) = (args.value(0).name(), args.value(1).name()) else { return Ok(Value::Nil) };
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_name(new.as_str()) && is_name(old.as_str()) {
        // The property may be declared behind its alias.
        let code = format!("def {new}(*arguments, &block)\n{old}(*arguments, &block)\nend\ndef {new}=(value)\nself.{old} = value\nend");
        interpreter.eval_text(me, &Value::str(code), Some(class))?;
    }
    Ok(Value::Nil)
}

fn names_of(args: &Args) -> Vec<Name> {
    args.list.iter().flat_map(list_of).filter_map(|value| value.name()).collect()
}

fn actions(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let data = class_data(&class);
    data.custom.set(true);
    let names = names_of(args);
    let mut allowed = data.allowed.borrow_mut();
    for name in names {
        if !allowed.contains(&name) {
            allowed.push(name);
        }
    }
    Ok(Value::array(allowed.iter().map(|name| Value::Symbol(*name)).collect()))
}

fn default_action(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let data = class_data(&class);
    if args.is_empty() {
        let names = super::resource::base::default_actions(interpreter, &class);
        return Ok(Value::array(names.into_iter().map(Value::Symbol).collect()));
    }
    *data.default_action.borrow_mut() = names_of(args);
    Ok(args.value(0))
}

fn action(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let data = class_data(&class);
    data.custom.set(true);
    if let (Some(name), Some(block)) = (args.value(0).name(), &args.block) {
        data.actions.borrow_mut().insert(name, Rc::clone(block));
    }
    Ok(args.value(0))
}

fn provides(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let state = client(interpreter);
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    if !provided_here(interpreter, args)? {
        return Ok(Value::Nil);
    }
    let data = class_data(&class);
    if data.implicit_name.borrow().is_none() {
        *data.implicit_name.borrow_mut() = Some(name);
    }
    data.provides.borrow_mut().push(name);
    state.resource_types.borrow_mut().insert(name, class);
    Ok(Value::Nil)
}

/// Whether the conditions of `provides :x, platform: 'ubuntu', os: 'linux' { |node| … }` hold for the node.
fn provided_here(interpreter: &mut Interpreter, args: &Args) -> Eval<bool> {
    for key in ["platform", "platform_family", "os"] {
        let Some(wanted) = args.option(key) else { continue };
        let own = super::node::merged(interpreter, key).and_then(|value| value.text()).unwrap_or_default();
        let wanted: Vec<String> = list_of(&wanted).iter().filter_map(Value::text).collect();
        let negative = wanted.iter().any(|name| name.strip_prefix('!') == Some(own.as_str()));
        let positive: Vec<&String> = wanted.iter().filter(|name| !name.starts_with('!')).collect();
        if negative || !(positive.is_empty() || positive.iter().any(|name| name.as_str() == own || name.as_str() == "all")) {
            return Ok(false);
        }
    }
    if let Some(block) = &args.block {
        let node = client(interpreter).node_object.borrow().clone();
        return Ok(interpreter.yield_values(block, vec![node])?.truthy());
    }
    Ok(true)
}

fn resource_name(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let data = class_data(&class);
    let Some(name) = args.value(0).name() else {
        let name = *data.implicit_name.borrow();
        return Ok(name.map_or(Value::Nil, Value::Symbol));
    };
    *data.implicit_name.borrow_mut() = Some(name);
    data.provides.borrow_mut().push(name);
    client(interpreter).resource_types.borrow_mut().insert(name, class);
    Ok(Value::Symbol(name))
}

fn load_current_value(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    class_data(&class).load_current_value.borrow_mut().clone_from(&args.block);
    Ok(Value::Nil)
}

fn unified_mode(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    class_data(&class).unified.set(Some(args.list.first().is_none_or(Value::truthy)));
    Ok(Value::Bool(true))
}

/// `use 'partial/_common'`: the file's code runs as part of the class.
fn use_partial(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let cookbook = class_data(&class).cookbook.borrow().clone();
    let state = client(interpreter);
    let partial = args.value(0).text().unwrap_or_default();
    let Some(book) = state.cookbooks.get(&cookbook).cloned() else { return Ok(Value::Nil) };
    let (folder, file) = partial.rsplit_once('/').map_or(("", partial.as_str()), |(folder, file)| (folder, file));
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let candidates = [format!("resources/{partial}.rb"), format!("resources/{prefix}_{file}.rb"), format!("resources/{prefix}{file}.rb")];
    let found = candidates.iter().find_map(|path| book.files.get(path));
    if let Some(file) = found {
        let tree = Rc::clone(&state.trees).get(interpreter, file);
        run_in_class(interpreter, &class, &tree)?;
    }
    Ok(Value::Nil)
}

fn properties(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let mut pairs = Vec::new();
    for chain in super::resource::class_chain(interpreter, &class) {
        for name in chain.properties.borrow().keys() {
            pairs.push((Value::Symbol(*name), Value::Bool(true)));
        }
    }
    Ok(Value::hash(pairs))
}

/// A class below `Chef::Resource` that library code makes declares itself by its name (`class MyThing` → `my_thing`) in Chef 12.
fn inherited(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Value::Module(class) = args.value(0) else { return Ok(Value::Nil) };
    let data = class_data(&class);
    data.custom.set(true);
    let state = client(interpreter);
    *data.cookbook.borrow_mut() = state.place.borrow().0.clone();
    if state.settings.compat || state.settings.lenient {
        let full = class.display_name();
        let last = full.rsplit("::").next().unwrap_or("");
        if full.starts_with("Chef::Resource::") && !last.is_empty() {
            let name = Name::new(&snake_case(last));
            if !state.resource_types.borrow().contains_key(&name) {
                *data.implicit_name.borrow_mut() = Some(name);
                state.resource_types.borrow_mut().insert(name, Rc::clone(&class));
            }
        }
    }
    Ok(Value::Nil)
}

fn snake_case(text: &str) -> String {
    let mut out = String::new();
    let characters: Vec<char> = text.chars().collect();
    for (index, c) in characters.iter().enumerate() {
        if c.is_uppercase() {
            let before_lower = index > 0 && !characters[index - 1].is_uppercase();
            let after_lower = index > 0 && characters.get(index + 1).is_some_and(|next| next.is_lowercase());
            if before_lower || after_lower {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        } else {
            out.push(*c);
        }
    }
    out
}

/// `updated_by_last_action(true)` of a provider: its resource has changed.
fn updated(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let resource = interpreter.get_ivar(me, "@new_resource");
    if let Some(found) = super::resource::data(&resource) {
        found.updated.set(found.updated.get() || args.value(0).truthy());
        found.changed.set(found.updated.get());
    }
    Ok(args.value(0))
}

fn converge_by(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let answer = yield_block(interpreter, me, args)?;
    updated(interpreter, me, &Args::new(vec![Value::Bool(true)]))?;
    Ok(answer)
}

fn yield_block(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => interpreter.yield_values(block, Vec::new()),
        None => Ok(Value::Nil),
    }
}

/// Runs the block when a property differs from what `load_current_value` found, or when that found nothing.
fn converge_if_changed(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(block) = &args.block else { return interpreter.argument_error("converge_if_changed must be passed a block!") };
    let (new, current) = (interpreter.get_ivar(me, "@new_resource"), interpreter.get_ivar(me, "@current_resource"));
    if super::resource::data(&current).is_none() {
        converge_by(interpreter, me, &Args { block: Some(Rc::clone(block)), ..Args::none() })?;
        return Ok(Value::Bool(true));
    }
    let class = interpreter.class_of(&new);
    let mut names: Vec<Name> = args.list.iter().flat_map(list_of).filter_map(|value| value.name()).collect();
    if names.is_empty() {
        for chain in super::resource::class_chain(interpreter, &class) {
            for (name, property) in chain.properties.borrow().iter() {
                if property.own && property.desired_state && !property.name_property && !names.contains(name) {
                    names.push(*name);
                }
            }
        }
    }
    for name in names {
        let has_default = find_property(interpreter, &class, name).is_some_and(|p| p.default.is_some() || p.name_property);
        if !(property::is_set(&new, name) || has_default) {
            continue;
        }
        let wanted = interpreter.call(&new, name, Args::none(), crate::ruby::dispatch::CallKind::Implicit)?;
        let there = interpreter.call(&current, name, Args::none(), crate::ruby::dispatch::CallKind::Implicit)?;
        if wanted.is_unknown() || there.is_unknown() || !interpreter.equal(&wanted, &there)? {
            converge_by(interpreter, me, &Args { block: Some(Rc::clone(block)), ..Args::none() })?;
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// `action :create do … end` of an LWRP provider: a method `action_create`.
fn provider_action(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    if let (Some(name), Some(block)) = (args.value(0).name(), &args.block) {
        let body = crate::ruby::module::MethodBody::Block(Rc::clone(block));
        interpreter.add_method(&class, Name::new(&format!("action_{name}")), body, crate::ruby::module::Visibility::Public);
    }
    Ok(Value::Nil)
}

fn provider_provides(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    if let Some(name) = args.value(0).name() {
        let state = client(interpreter);
        let mut provided = state.provided.borrow_mut();
        let all = provided.entry(name).or_default();
        all.retain(|(known, _)| !Rc::ptr_eq(known, &class));
        all.push((class, args.clone()));
    }
    Ok(Value::Nil)
}

/// The provider class for resources named `name`: of those whose conditions hold for the node now, one that has a block before one that
/// has none, one that names platforms before one that names systems, and then the one that was declared last.
///
/// # Errors
/// What the block of a `provides` raises.
pub fn provider_for(interpreter: &mut Interpreter, name: Name) -> Eval<Option<Rc<Module>>> {
    let state = client(interpreter);
    let all = state.provided.borrow().get(&name).cloned().unwrap_or_default();
    let mut best: Option<([bool; 4], Rc<Module>)> = None;
    for (class, args) in all {
        if !provided_here(interpreter, &args)? {
            continue;
        }
        let says = |key: &str| args.option(key).is_some();
        let rank = [args.block.is_some(), says("platform"), says("platform_family"), says("os")];
        if best.as_ref().is_none_or(|(known, _)| rank >= *known) {
            best = Some((rank, class));
        }
    }
    let plain = state.providers.borrow().get(&name).cloned();
    Ok(best.map(|(_, class)| class).or(plain))
}

/// The implicit name of `resources/FILE.rb` in a cookbook.
fn implicit_name(cookbook: &str, file: &str) -> Name {
    let cookbook = cookbook.replace('-', "_");
    let file = file.replace(['-', '/'], "_");
    Name::new(&if file == "default" { cookbook } else { format!("{cookbook}_{file}") })
}

fn run_in_class(interpreter: &mut Interpreter, class: &Rc<Module>, tree: &crate::read::ruby::ast::Node) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let top = Rc::new(Nesting { module: object, outer: None });
    let nesting = Rc::new(Nesting { module: Rc::clone(class), outer: Some(top) });
    let frame = interpreter.frame(Value::Module(Rc::clone(class)), nesting, Rc::clone(class), None, None);
    let scope = Scope::new(frame, None);
    interpreter.run(&scope, tree)
}

/// Loads the providers and resources of a cookbook.
///
/// # Errors
/// With `strict`, what a file raises.
pub fn load(interpreter: &mut Interpreter, trees: &Trees, cookbook: &Rc<Cookbook>, strict: bool) -> Eval<()> {
    let state = client(interpreter);
    let object = Rc::clone(&interpreter.classes.object);
    let provider_base = interpreter.define_class_path("Chef::Provider::LWRPBase", &object);
    let resource_base = interpreter.define_class_path("Chef::Resource::LWRPBase", &object);
    let providers: Vec<_> = cookbook.files.ruby("providers/").map(|(stem, id)| (stem.to_owned(), id)).collect();
    let resources: Vec<_> = cookbook
        .files
        .ruby("resources/")
        .filter(|(stem, _)| !stem.split('/').any(|part| part.starts_with('_')))
        .map(|(stem, id)| (stem.to_owned(), id))
        .collect();
    let place = state.place.replace((cookbook.name.clone(), String::new()));
    for (stem, file) in providers {
        let name = implicit_name(&cookbook.name, &stem);
        let class = Module::new(Some(format!("Chef::Provider::{}", camel_case(&name))), true, Some(Rc::clone(&provider_base)));
        state.providers.borrow_mut().insert(name, Rc::clone(&class));
        state.place.replace((cookbook.name.clone(), stem.clone()));
        let answer = trees.checked(interpreter, file).and_then(|tree| run_in_class(interpreter, &class, &tree));
        tolerate(interpreter, answer, &format!("provider `{}/providers/{stem}.rb`", cookbook.name), strict)?;
    }
    for (stem, file) in resources {
        let name = implicit_name(&cookbook.name, &stem);
        let class =
            Module::new(Some(format!("Custom resource {name} from cookbook {}", cookbook.name)), true, Some(Rc::clone(&resource_base)));
        let data = class_data(&class);
        data.custom.set(true);
        cookbook.name.clone_into(&mut data.cookbook.borrow_mut());
        state.place.replace((cookbook.name.clone(), stem.clone()));
        let answer = trees.checked(interpreter, file).and_then(|tree| run_in_class(interpreter, &class, &tree));
        tolerate(interpreter, answer, &format!("resource `{}/resources/{stem}.rb`", cookbook.name), strict)?;
        // The name of the file always declares it, besides what it says it provides.
        let named = !data.provides.borrow().is_empty();
        if !named {
            *data.implicit_name.borrow_mut() = Some(name);
            data.provides.borrow_mut().push(name);
        }
        state.resource_types.borrow_mut().entry(name).or_insert_with(|| Rc::clone(&class));
        let constant = Name::new(&camel_case(&name));
        if let Some(Value::Module(parent)) = interpreter.constant_path("Chef::Resource") {
            parent.constants.borrow_mut().entry(constant).or_insert(Value::Module(class));
        }
    }
    state.place.replace(place);
    Ok(())
}

fn camel_case(text: &str) -> String {
    text.split('_')
        .map(|part| part.chars().next().map(|c| c.to_uppercase().collect::<String>() + &part[c.len_utf8()..]).unwrap_or_default())
        .collect()
}

impl Interpreter {
    /// The constant at a path, when it exists.
    #[must_use]
    pub fn constant_path(&self, path: &str) -> Option<Value> {
        let mut current = Rc::clone(&self.classes.object);
        let mut value = None;
        for part in path.split("::") {
            let found = current.constants.borrow().get(&Name::new(part)).cloned();
            if let Some(Value::Module(module)) = &found {
                current = Rc::clone(module);
            }
            value = found;
            value.as_ref()?;
        }
        value
    }
}
