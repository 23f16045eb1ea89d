//! `run_context.cookbook_collection`: the cookbooks as the code of cookbooks sees them (`Chef::CookbookVersion`).

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::cookbook::Cookbook;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const METADATA: &[(&str, Native)] = &[
    ("name", |i, me, _| Ok(i.get_ivar(me, "@name"))),
    ("version", |i, me, _| Ok(i.get_ivar(me, "@version"))),
    ("maintainer", |i, me, _| Ok(i.get_ivar(me, "@maintainer"))),
    ("maintainer_email", |i, me, _| Ok(i.get_ivar(me, "@maintainer_email"))),
    ("license", |i, me, _| Ok(i.get_ivar(me, "@license"))),
    ("description", |i, me, _| Ok(i.get_ivar(me, "@description"))),
    ("dependencies", |i, me, _| Ok(i.get_ivar(me, "@dependencies"))),
    ("platforms", |i, me, _| Ok(i.get_ivar(me, "@platforms"))),
];

const VERSION: &[(&str, Native)] = &[
    ("name", |i, me, _| Ok(i.get_ivar(me, "@name"))),
    ("version", |i, me, _| Ok(i.get_ivar(me, "@version"))),
    ("metadata", |i, me, _| Ok(i.get_ivar(me, "@metadata"))),
    ("root_dir", |i, me, _| Ok(i.get_ivar(me, "@root_dir"))),
    ("fully_qualified_recipe_names", |i, me, _| Ok(i.get_ivar(me, "@recipes"))),
    ("to_s", |i, me, _| Ok(i.get_ivar(me, "@name"))),
    ("preferred_filename_on_disk_location", preferred),
    ("has_template_for_node?", |i, me, args| has(i, me, "templates", args)),
    ("has_cookbook_file_for_node?", |i, me, args| has(i, me, "files", args)),
];

/// The collection: name to cookbook.
///
/// # Errors
/// None of its own.
pub fn collection(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let state = client(interpreter);
    let mut pairs = Vec::new();
    for (name, cookbook) in &state.cookbooks {
        // A stand-in counts where the run needs it.
        if state.stand_ins.contains(name) && !state.loaded_cookbooks.borrow().contains(name) {
            continue;
        }
        let value = version_of(interpreter, cookbook);
        pairs.push((Value::str(name.as_str()), value.clone()));
        // It is a Mash: symbols find the same.
        pairs.push((Value::symbol(name), value));
    }
    Ok(Value::hash(pairs))
}

fn version_of(interpreter: &mut Interpreter, cookbook: &Rc<Cookbook>) -> Value {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::CookbookVersion", &object);
    let described = interpreter.define_class_path("Chef::Cookbook::Description", &object);
    if class.is_bare() {
        interpreter.define(&class, VERSION);
        interpreter.define(&described, METADATA);
    }
    let strings = |pairs: &[(String, String)]| {
        Value::hash(pairs.iter().map(|(name, constraint)| (Value::str(name.as_str()), Value::str(constraint.as_str()))))
    };
    let metadata = interpreter.allocate(&described);
    let text = |key: &str| cookbook.metadata.get(key).map_or_else(|| Value::str(""), |text| Value::str(text.as_str()));
    let fields = [
        ("@name", Value::str(cookbook.name.as_str())),
        ("@version", Value::str(cookbook.version.as_str())),
        ("@maintainer", text("maintainer")),
        ("@maintainer_email", text("maintainer_email")),
        ("@license", text("license")),
        ("@description", text("description")),
        ("@dependencies", strings(&cookbook.depends)),
        ("@platforms", strings(&cookbook.supports)),
    ];
    for (name, value) in fields {
        interpreter.set_ivar(&metadata, name, value);
    }
    let made = interpreter.allocate(&class);
    let recipes: Vec<String> = cookbook.recipe_names().into_iter().map(|recipe| format!("{}::{recipe}", cookbook.name)).collect();
    let fields = [
        ("@name", Value::str(cookbook.name.as_str())),
        ("@version", Value::str(cookbook.version.as_str())),
        ("@metadata", metadata),
        ("@root_dir", Value::str(cookbook.files.folder.trim_end_matches('/'))),
        ("@recipes", Value::strings(recipes)),
    ];
    for (name, value) in fields {
        interpreter.set_ivar(&made, name, value);
    }
    made
}

/// The path in the cookbook of the file that the node gets for `source`.
fn found(interpreter: &mut Interpreter, me: &Value, folder: &str, source: &Value) -> Eval<Option<String>> {
    let name = interpreter.get_ivar(me, "@name").text().unwrap_or_default();
    let source = interpreter.display(source)?;
    let state = client(interpreter);
    let Some(cookbook) = state.cookbooks.get(&name) else { return Ok(None) };
    let (platform, version, fqdn) = super::template::platform(interpreter);
    Ok(cookbook
        .find_file(folder, &source, &platform, &version, &fqdn)
        .map(|(_, path)| format!("{}/{path}", cookbook.files.folder.trim_end_matches('/'))))
}

/// `preferred_filename_on_disk_location(node, :files, 'a.conf')`
fn preferred(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let folder = args.value(1).text().unwrap_or_else(|| "files".to_owned());
    match found(interpreter, me, &folder, &args.value(2))? {
        Some(path) => Ok(Value::str(path)),
        None => {
            let source = interpreter.display(&args.value(2))?;
            super::file_system::file_not_found(interpreter, format!("Cookbook does not contain file {folder}/{source}"))
        }
    }
}

fn has(interpreter: &mut Interpreter, me: &Value, folder: &str, args: &Args) -> Eval {
    Ok(Value::Bool(found(interpreter, me, folder, &args.value(1))?.is_some()))
}
