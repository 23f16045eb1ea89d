//! How a resource shows itself: `to_s`, `to_text`, `inspect`, `to_hash`, `to_json`, `identity`, and the line that declares it.
//!
//! Chef keeps everything of a resource in instance variables and lists these; here they stand in `ResourceData`.

use indexmap::IndexMap;

use crate::chef::resource::property::{self, Property};
use crate::chef::resource::{ResourceData, class_chain, class_data, data};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::Span;

/// The methods.
pub const SHOW: &[(&str, Native)] = &[
    ("to_s", to_s),
    ("to_text", to_text),
    ("inspect", inspect),
    ("to_hash", to_hash),
    ("to_h", to_hash),
    ("as_json", as_json),
    ("to_json", to_json),
    ("source_line", source_line),
    ("source_line_file", source_line_file),
    ("source_line_number", source_line_number),
    ("defined_at", defined_at),
    ("identity", identity),
    ("state_for_resource_reporter", state),
    ("resource_name", resource_name),
];

/// The name that its class is declared by: `package` on Ubuntu is an `apt_package`.
#[must_use]
pub fn class_name(interpreter: &Interpreter, me: &Value) -> Option<Name> {
    let found = data(me)?;
    let own = *class_data(&interpreter.class_of(me)).implicit_name.borrow();
    Some(own.unwrap_or(found.kind))
}

fn resource_name(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(class_name(interpreter, me).map_or(Value::Nil, Value::Symbol))
}

fn to_s(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Some(resource) = data(me) else { return Ok(Value::str("")) };
    let kind = class_name(interpreter, me).unwrap_or(resource.kind);
    let name = resource.name.borrow().clone();
    let name = interpreter.display(&name)?;
    Ok(Value::str(format!("{kind}[{name}]")))
}

/// The properties of its class and those above, those of the class that is highest first.
fn properties(interpreter: &Interpreter, me: &Value) -> Vec<std::rc::Rc<Property>> {
    let mut all: IndexMap<Name, std::rc::Rc<Property>> = IndexMap::new();
    let mut chains = class_chain(interpreter, &interpreter.class_of(me));
    chains.reverse();
    for chain in chains {
        for (name, rules) in chain.properties.borrow().iter() {
            all.insert(*name, std::rc::Rc::clone(rules));
        }
    }
    all.into_values().collect()
}

/// What Chef keeps in instance variables, those aside that it never lists (run context, guards, provider around).
fn variables(interpreter: &mut Interpreter, me: &Value) -> Eval<IndexMap<Name, Value>> {
    let mut all = IndexMap::new();
    let Some(found) = data(me) else { return Ok(all) };
    let mut add = |name: &str, value: Value| {
        all.insert(Name::new(name), value);
    };
    let symbols = |names: Vec<Name>| Value::array(names.into_iter().map(Value::Symbol).collect());
    let mut allowed = vec![Name::new("nothing")];
    allowed.extend(super::base::allowed(interpreter, me));
    allowed.dedup();
    // A recipe's resources have an empty hash of params; those that an action declares have none.
    let params = found.params.borrow().clone();
    let params = if params.is_nil() && found.enclosing.borrow().is_nil() { Value::Hash(Value::new_hash()) } else { params };
    add("name", found.name.borrow().clone());
    add("before", Value::Nil);
    add("params", params);
    add("provider", Value::Nil);
    add("allowed_actions", symbols(allowed));
    add("action", symbols(super::base::actions_of(interpreter, me)));
    add("updated", Value::Bool(found.changed.get()));
    add("updated_by_last_action", Value::Bool(found.updated.get()));
    add("source_line", source_line(interpreter, me, &Args::none())?);
    add("guard_interpreter", Value::Nil);
    add("default_guard_interpreter", Value::symbol("default"));
    add("elapsed_time", Value::Integer(0));
    add("declared_type", Value::Symbol(found.kind));
    add("cookbook_name", Value::str(found.cookbook.as_str()));
    add("recipe_name", Value::str(found.recipe.as_str()));
    for (name, value) in found.set.borrow().iter() {
        all.insert(*name, value.clone());
    }
    if let Value::Object(object) = me {
        for (name, value) in object.ivars.borrow().iter() {
            all.insert(Name::new(name.trim_start_matches('@')), value.clone());
        }
    }
    Ok(all)
}

/// The properties of the desired state with their values, then whatever else is kept.
fn to_hash(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    if data(me).is_none() {
        return Ok(Value::Nil);
    }
    let hash = Value::new_hash();
    for rules in properties(interpreter, me) {
        if rules.desired_state && !rules.name_property && !super::base::is_common(rules.name) {
            let value = property::read(interpreter, me, rules.name)?;
            hash.insert_plain(Value::Symbol(rules.name), value);
        }
    }
    for (name, value) in variables(interpreter, me)? {
        let key = Value::Symbol(name);
        if hash.get_plain(&key).is_none() {
            hash.insert_plain(key, value);
        }
    }
    Ok(Value::Hash(hash))
}

fn as_json(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = interpreter.real_class(me).display_name();
    let kept = variables(interpreter, me)?.into_iter().map(|(name, value)| (Value::str(name.as_str()), value));
    let kept = Value::hash(kept.collect::<Vec<_>>());
    Ok(Value::hash([(Value::str("json_class"), Value::str(class)), (Value::str("instance_vars"), kept)]))
}

fn to_json(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let plain = as_json(interpreter, me, &Args::none())?;
    interpreter.send(&plain, "to_json", &[])
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let shown = interpreter.display(me)?;
    let mut text = format!("<{shown}");
    for (name, value) in variables(interpreter, me)? {
        let value = interpreter.inspect(&value)?;
        text.push_str(&format!(" @{name}: {value}"));
    }
    Ok(Value::str(text + ">"))
}

/// The declaration as text, as Chef prints it below an error; what is sensitive is not in it.
fn to_text(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    const HIDDEN: &[&str] = &["name", "allowed_actions", "resource_name", "source_line", "elapsed_time"];
    let Some(found) = data(me) else { return Ok(Value::Nil) };
    if property::get(interpreter, me, Name::new("sensitive"))?.truthy() {
        return Ok(Value::str("suppressed sensitive resource output"));
    }
    let line = source_line(interpreter, me, &Args::none())?;
    let line = interpreter.display(&line)?;
    let kind = class_name(interpreter, me).unwrap_or(found.kind);
    let name = found.name.borrow().clone();
    let name = interpreter.display(&name)?;
    let mut text = format!("# Declared in {line}\n\n{kind}(\"{name}\") do\n");
    let rules = properties(interpreter, me);
    for (name, value) in variables(interpreter, me)? {
        let empty = match &value {
            Value::Nil | Value::Bool(false) => true,
            Value::Str(text) => text.text.borrow().is_empty(),
            Value::Array(array) => array.items.borrow().is_empty(),
            Value::Hash(hash) => hash.pairs().is_empty(),
            _ => false,
        };
        if HIDDEN.contains(&name.as_str()) || empty {
            continue;
        }
        let secret = rules.iter().any(|rules| rules.name == name && rules.sensitive);
        let shown = if secret { "\"*sensitive value suppressed*\"".to_owned() } else { interpreter.inspect(&value)? };
        text.push_str(&format!("  {name} {shown}\n"));
    }
    for guard in found.guards.borrow().clone() {
        let word = if guard.only_if { "only_if" } else { "not_if" };
        let shown = if guard.command.is_nil() { "{ #code block }".to_owned() } else { interpreter.inspect(&guard.command)? };
        text.push_str(&format!("  {word} {shown}\n"));
    }
    Ok(Value::str(text + "end\n"))
}

/// The value of the identity property, else the name; with several, a hash of them.
fn identity(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Some(found) = data(me) else { return Ok(Value::Nil) };
    let all = properties(interpreter, me);
    let mut names: Vec<Name> = all.iter().filter(|rules| rules.identity).map(|rules| rules.name).collect();
    if names.is_empty() {
        names = all.iter().filter(|rules| rules.name_property).map(|rules| rules.name).collect();
    }
    match names.as_slice() {
        [] => Ok(found.name.borrow().clone()),
        [one] => property::get(interpreter, me, *one),
        many => {
            let mut pairs = Vec::new();
            for name in many {
                pairs.push((Value::Symbol(*name), property::get(interpreter, me, *name)?));
            }
            Ok(Value::hash(pairs))
        }
    }
}

/// The set properties of the desired state.
fn state(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let mut pairs = Vec::new();
    for rules in properties(interpreter, me) {
        if !rules.desired_state || rules.name_property || !property::is_set(me, rules.name) {
            continue;
        }
        let value = if rules.sensitive { Value::str("*sensitive value suppressed*") } else { property::get(interpreter, me, rules.name)? };
        pairs.push((Value::Symbol(rules.name), value));
    }
    Ok(Value::hash(pairs))
}

/// What Ruby's backtrace calls the code around: the method, `from_file` of a recipe, `class_from_file` of a resource file, and
/// how many blocks it stands in.
pub fn label(interpreter: &Interpreter, at: Span) -> String {
    let scope = interpreter.scope();
    let mut blocks = 0_usize;
    let mut around = scope.outer.clone();
    while let Some(outer) = around {
        blocks += 1;
        around = outer.outer.clone();
    }
    let path = interpreter.location(at).path;
    let of_class = path.contains("/resources/") || path.contains("/providers/");
    let method = match &scope.frame.method {
        Some(context) => context.name.to_string(),
        None if of_class => "class_from_file".to_owned(),
        None => "from_file".to_owned(),
    };
    match blocks {
        0 => method,
        1 => format!("block in {method}"),
        many => format!("block ({many} levels) in {method}"),
    }
}

/// `cookbook/recipes/default.rb:11`: Chef's own path starts where it keeps cookbooks.
fn place(interpreter: &Interpreter, found: &ResourceData) -> (String, u32) {
    let location = interpreter.location(found.declared.get());
    let folder = format!("{}/", found.cookbook);
    let start = match location.path.rfind(&format!("/{folder}")) {
        Some(at) => at + 1,
        None => 0,
    };
    let path = location.path.get(start..).unwrap_or_default();
    let path = path.split_once("cookbooks/").filter(|_| start == 0).map_or(path, |(_, rest)| rest);
    (path.to_owned(), location.line)
}

fn source_line(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Some(found) = data(me) else { return Ok(Value::Nil) };
    let (path, line) = place(interpreter, &found);
    Ok(Value::str(format!("{path}:{line}:in `{}'", found.label)))
}

fn source_line_file(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(data(me).map_or(Value::Nil, |found| Value::str(place(interpreter, &found).0)))
}

fn source_line_number(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(data(me).map_or(Value::Nil, |found| Value::str(place(interpreter, &found).1.to_string())))
}

fn defined_at(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Some(found) = data(me) else { return Ok(Value::Nil) };
    let (path, line) = place(interpreter, &found);
    let recipe = !found.cookbook.is_empty() && !found.recipe.is_empty();
    Ok(Value::str(if recipe { format!("{}::{} line {line}", found.cookbook, found.recipe) } else { format!("{path} line {line}") }))
}
