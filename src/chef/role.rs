//! Roles and environments, from Ruby or JSON files.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::datum;
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::{FileId, Span};

/// A role or an environment.
#[derive(Clone, Default)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// `run_list`
    pub run_list: Vec<String>,
    /// `env_run_lists`: environment, run list.
    pub env_run_lists: Vec<(String, Vec<String>)>,
    /// `default_attributes`
    pub default_attributes: Option<Value>,
    /// `override_attributes`
    pub override_attributes: Option<Value>,
}

const FILE: &[(&str, Native)] = &[
    ("name", |i, me, a| keep(i, me, "@name", a.value(0))),
    ("description", |_, _, _| Ok(Value::Nil)),
    ("run_list", |i, me, a| keep(i, me, "@run_list", list(a))),
    ("recipes", |i, me, a| keep(i, me, "@run_list", list(a))),
    ("env_run_lists", |i, me, a| keep(i, me, "@env_run_lists", a.value(0))),
    ("env_run_list", |i, me, a| keep(i, me, "@env_run_lists", a.value(0))),
    ("default_attributes", |i, me, a| keep(i, me, "@default_attributes", a.value(0))),
    ("override_attributes", |i, me, a| keep(i, me, "@override_attributes", a.value(0))),
    ("cookbook", |_, _, _| Ok(Value::Nil)),
    ("cookbook_versions", |_, _, _| Ok(Value::Nil)),
    ("chef_type", |_, _, _| Ok(Value::Nil)),
    ("json_class", |_, _, _| Ok(Value::Nil)),
];

fn keep(interpreter: &mut Interpreter, me: &Value, name: &str, value: Value) -> Eval {
    interpreter.set_ivar(me, name, value.clone());
    Ok(value)
}

fn list(args: &Args) -> Value {
    Value::array(args.list.iter().flat_map(|value| value.items().unwrap_or_else(|| vec![value.clone()])).collect())
}

fn texts(value: &Value) -> Vec<String> {
    value.items().unwrap_or_default().iter().filter_map(Value::text).collect()
}

/// Reads a role or environment file; what is wrong with it becomes a diagnostic.
pub fn read(interpreter: &mut Interpreter, file: FileId, fallback: &str) -> Option<Role> {
    let sources = Rc::clone(&interpreter.sources);
    let source = sources.file(file);
    if source.path.ends_with(".json") {
        return from_json(interpreter, file, fallback);
    }
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Role", &object);
    if class.is_bare() {
        interpreter.define(&class, FILE);
    }
    let receiver = interpreter.allocate(&class);
    let trees = Rc::clone(&client(interpreter).trees);
    let answer = super::load::run_file(interpreter, &trees, file, &receiver, "", "");
    if let Err(flow) = answer {
        super::load::report(interpreter, flow, &format!("`{}`", source.path)).ok()?;
    }
    let read = |interpreter: &Interpreter, name: &str| interpreter.get_ivar(&receiver, name);
    let env_run_lists = match read(interpreter, "@env_run_lists") {
        Value::Hash(hash) => hash.pairs().iter().map(|(key, value)| (key.text().unwrap_or_default(), texts(value))).collect(),
        _ => Vec::new(),
    };
    let some = |value: Value| if value.is_nil() { None } else { Some(value) };
    Some(Role {
        name: read(interpreter, "@name").text().unwrap_or_else(|| fallback.to_owned()),
        run_list: texts(&read(interpreter, "@run_list")),
        env_run_lists,
        default_attributes: some(read(interpreter, "@default_attributes")),
        override_attributes: some(read(interpreter, "@override_attributes")),
    })
}

fn from_json(interpreter: &mut Interpreter, file: FileId, fallback: &str) -> Option<Role> {
    let sources = Rc::clone(&interpreter.sources);
    let source = sources.file(file);
    let json: serde_json::Value = match serde_json::from_str(source.text()) {
        Ok(json) => json,
        Err(error) => {
            let offset = offset_of(source.text(), error.line(), error.column());
            let diagnostic = Diagnostic::error("C110", format!("`{}` is not valid JSON: {error}", source.path))
                .at(Span::new(file, offset, offset + 1))
                .help("correct the file; what it says is not used");
            interpreter.diagnostics.push(diagnostic);
            return None;
        }
    };
    let strings = |value: &serde_json::Value| {
        value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let secrecy = client(interpreter).settings.secrecy;
    let mut attributes = |key: &str| {
        json.get(key).filter(|value| value.is_object()).map(|value| {
            let datum = datum::from_json(value, secrecy);
            datum::to_value(interpreter, &datum)
        })
    };
    let default_attributes = attributes("default_attributes");
    let override_attributes = attributes("override_attributes");
    Some(Role {
        name: json["name"].as_str().unwrap_or(fallback).to_owned(),
        run_list: strings(&json["run_list"]),
        env_run_lists: json["env_run_lists"].as_object().into_iter().flatten().map(|(key, value)| (key.clone(), strings(value))).collect(),
        default_attributes,
        override_attributes,
    })
}

/// The byte offset of a line and column (both from 1, column in bytes).
#[must_use]
pub fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// What a run list comes to: recipes in order, and the roles that were met, outermost first.
#[derive(Default)]
pub struct Expansion {
    /// `cookbook::recipe`, each once.
    pub recipes: Vec<String>,
    /// The same as `node['recipes']` names them.
    pub names: Vec<String>,
    /// Roles, each once.
    pub roles: Vec<Role>,
    /// Roles that are named and not there.
    pub missing: Vec<String>,
}

/// Expands a run list through roles.
pub fn expand(interpreter: &mut Interpreter, items: &[String], environment: &str) -> Expansion {
    let mut expansion = Expansion::default();
    walk(interpreter, items, environment, &mut expansion, 0);
    expansion
}

fn walk(interpreter: &mut Interpreter, items: &[String], environment: &str, expansion: &mut Expansion, depth: usize) {
    if depth > 50 {
        return;
    }
    for item in items {
        let item = item.trim();
        if let Some(name) = item.strip_prefix("role[").and_then(|rest| rest.strip_suffix(']')) {
            if expansion.roles.iter().any(|role| role.name == name) {
                continue;
            }
            let file = client(interpreter).roles.get(name).copied();
            let Some(role) = file.and_then(|file| read(interpreter, file, name)) else {
                if !expansion.missing.iter().any(|known| known == name) {
                    expansion.missing.push(name.to_owned());
                }
                continue;
            };
            let list = role
                .env_run_lists
                .iter()
                .find(|(known, _)| known == environment)
                .map_or_else(|| role.run_list.clone(), |(_, list)| list.clone());
            expansion.roles.push(role);
            walk(interpreter, &list, environment, expansion, depth + 1);
            continue;
        }
        let name = item.strip_prefix("recipe[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(item);
        let name = name.split('@').next().unwrap_or(name);
        if name.is_empty() {
            continue;
        }
        let full = if name.contains("::") { name.to_owned() } else { format!("{name}::default") };
        if !expansion.recipes.contains(&full) {
            // `node['recipes']` has both names of a default recipe that was named by its cookbook.
            if full != name {
                expansion.names.push(name.to_owned());
            }
            expansion.names.push(full.clone());
            expansion.recipes.push(full);
        }
    }
}

/// Sets a role's attributes at their levels.
pub fn apply(interpreter: &mut Interpreter, attributes: Option<&Value>, level: super::attribute::LevelName) -> Eval<()> {
    if let Some(attributes @ Value::Hash(_)) = attributes {
        let tree = Value::Hash(client(interpreter).node.level(level));
        merge_into(interpreter, &tree, attributes)?;
    }
    Ok(())
}

/// Deep-merges plain attributes into a level's tree; arrays of the default levels unite when read, here they replace.
///
/// # Errors
/// None in practice.
pub fn merge_into(interpreter: &mut Interpreter, tree: &Value, attributes: &Value) -> Eval<()> {
    let (Value::Hash(into), Value::Hash(from)) = (tree, attributes) else { return Ok(()) };
    for (key, value) in from.pairs() {
        let key = super::mash::key(&key);
        match (into.get_plain(&key), &value) {
            (Some(known @ Value::Hash(_)), Value::Hash(_)) => merge_into(interpreter, &known, &value)?,
            _ => {
                interpreter.call(tree, Name::new("[]="), Args::new(vec![key, value]), crate::ruby::dispatch::CallKind::Implicit)?;
            }
        }
    }
    Ok(())
}
