//! `metadata.rb` and `metadata.json`: name, version, dependencies.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::chef::cookbook::{Cookbook, CookbookFiles};
use crate::chef::load::Trees;
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::read::ruby::parse;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::{FileId, Span};

const FILE: &[(&str, Native)] = &[
    ("method_missing", note),
    ("respond_to?", |_, _, _| Ok(Value::Bool(true))),
    ("name", |i, me, a| set(i, me, "name", a)),
    ("depends", pair),
    ("supports", pair),
];

fn set(interpreter: &mut Interpreter, me: &Value, field: &str, args: &Args) -> Eval {
    let value = args.value(0);
    interpreter.set_ivar(me, &format!("@{field}"), value.clone());
    Ok(value)
}

fn note(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(field) = args.value(0).name() else { return Ok(Value::Nil) };
    let rest = Args::new(args.list[1..].to_vec());
    set(interpreter, me, &field, &rest)
}

fn pair(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let method = if interpreter.calls.last().is_some_and(|(_, name)| name.as_str() == "supports") { "@supports" } else { "@depends" };
    let known = interpreter.get_ivar(me, method);
    let mut list = known.items().unwrap_or_default();
    let name = interpreter.display(&args.value(0))?;
    let constraint = match args.get(1) {
        Some(value) if !value.is_nil() => interpreter.display(value)?,
        _ => ">= 0.0.0".to_owned(),
    };
    list.push(Value::strings([name, constraint]));
    interpreter.set_ivar(me, method, Value::array(list));
    Ok(Value::Nil)
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let text = |value: Option<&Value>| value.and_then(Value::text).unwrap_or_default();
    value
        .items()
        .unwrap_or_default()
        .iter()
        .map(|pair| {
            let pair = pair.items().unwrap_or_default();
            (text(pair.first()), text(pair.get(1)))
        })
        .collect()
}

/// Reads a cookbook's metadata; without any, its folder's name is its name.
pub fn read(interpreter: &mut Interpreter, files: CookbookFiles, folder: &str, trees: &Trees) -> Cookbook {
    let mut cookbook = Cookbook {
        name: folder.to_owned(),
        version: "0.0.0".to_owned(),
        depends: Vec::new(),
        supports: Vec::new(),
        metadata: BTreeMap::new(),
        files,
    };
    if let Some(file) = cookbook.files.get("metadata.rb") {
        from_ruby(interpreter, &mut cookbook, file, trees);
    } else if let Some(file) = cookbook.files.get("metadata.json") {
        from_json(interpreter, &mut cookbook, file);
    }
    cookbook
}

fn from_ruby(interpreter: &mut Interpreter, cookbook: &mut Cookbook, file: FileId, trees: &Trees) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Cookbook::Metadata", &object);
    if class.is_bare() {
        interpreter.define(&class, FILE);
    }
    let receiver = interpreter.allocate(&class);
    let _ = trees;
    let sources = Rc::clone(&interpreter.sources);
    let (tree, problems) = parse(&sources, file);
    interpreter.diagnostics.extend(problems);
    let scope = interpreter.top_scope(receiver.clone());
    interpreter.steps = 0;
    if let Err(flow) = interpreter.run(&scope, &tree) {
        // What was read before the fault counts.
        let _ = super::load::report(interpreter, flow, &format!("`{}`", sources.file(file).path));
    }
    let field = |interpreter: &Interpreter, name: &str| interpreter.get_ivar(&receiver, name);
    if let Some(name) = field(interpreter, "@name").text() {
        cookbook.name = name;
    } else {
        let diagnostic =
            Diagnostic::warning("C111", format!("the metadata of `{}` has no name: Chef 12 and later refuse it", cookbook.name))
                .at(Span::new(file, 0, 0))
                .help(format!("add `name '{}'`", cookbook.name));
        interpreter.diagnostics.push(diagnostic);
    }
    if let Some(version) = field(interpreter, "@version").text() {
        cookbook.version = version;
    }
    cookbook.depends = pairs(&field(interpreter, "@depends"));
    cookbook.supports = pairs(&field(interpreter, "@supports"));
    if let Value::Object(object) = &receiver {
        for (name, value) in object.ivars.borrow().iter() {
            if let Some(text) = value.text() {
                cookbook.metadata.insert(name.trim_start_matches('@').to_owned(), text);
            }
        }
    }
    let _ = Name::new("");
}

fn from_json(interpreter: &mut Interpreter, cookbook: &mut Cookbook, file: FileId) {
    let sources = Rc::clone(&interpreter.sources);
    match serde_json::from_str::<serde_json::Value>(sources.file(file).text()) {
        Ok(json) => {
            if let Some(name) = json["name"].as_str() {
                name.clone_into(&mut cookbook.name);
            }
            if let Some(version) = json["version"].as_str() {
                version.clone_into(&mut cookbook.version);
            }
            let constraint = |value: &serde_json::Value| value.as_str().or_else(|| value[0].as_str()).unwrap_or(">= 0.0.0").to_owned();
            cookbook.depends =
                json["dependencies"].as_object().into_iter().flatten().map(|(name, value)| (name.clone(), constraint(value))).collect();
            cookbook.supports =
                json["platforms"].as_object().into_iter().flatten().map(|(name, value)| (name.clone(), constraint(value))).collect();
        }
        Err(error) => {
            let offset = super::role::offset_of(sources.file(file).text(), error.line(), error.column());
            let diagnostic = Diagnostic::error("C110", format!("`{}` is not valid JSON: {error}", sources.file(file).path))
                .at(Span::new(file, offset, offset + 1))
                .help("correct the file; the folder's name is taken as the cookbook's");
            interpreter.diagnostics.push(diagnostic);
        }
    }
}
