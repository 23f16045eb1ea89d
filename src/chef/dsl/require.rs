//! `require_relative` and `require` of files of the cookbooks: libraries that load each other in an order of their own.
//!
//! `require_relative 'builders'` in `libraries/default.rb` runs `libraries/builders.rb` there and then, once. What is no file of
//! the input is the standard library's or a gem's, which are there already or unknown.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::load::run_file;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::FileId;

const METHODS: &[(&str, Native)] = &[("require_relative", relative), ("require", absolute)];

/// Defines both on every object.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define(&object, METHODS);
}

fn relative(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.display(&args.value(0))?;
    let here = interpreter.location(interpreter.call_site()).path;
    let folder = here.rsplit_once('/').map_or("", |(folder, _)| folder);
    load(interpreter, &format!("{folder}/{name}"))
}

fn absolute(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.display(&args.value(0))?;
    // A bare name is the standard library's or a gem's.
    if name.contains('/') {
        return load(interpreter, &name);
    }
    interpreter.require_script(&name)?;
    Ok(Value::Bool(true))
}

/// `libraries/../files/x.rb` → `files/x.rb`
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

fn load(interpreter: &mut Interpreter, path: &str) -> Eval {
    let path = plain(path);
    let found: Option<FileId> = [path.clone(), format!("{path}.rb")].iter().find_map(|path| interpreter.sources.find(path));
    let Some(file) = found else { return Ok(Value::Bool(true)) };
    let state = client(interpreter);
    if !path.contains("libraries/") || !state.loaded_libraries.borrow_mut().insert(file) {
        return Ok(Value::Bool(false));
    }
    let (cookbook, _) = state.place.borrow().clone();
    let stem = path.rsplit('/').next().unwrap_or(&path).trim_end_matches(".rb").to_owned();
    let main = interpreter.main.clone();
    run_file(interpreter, &Rc::clone(&state.trees), file, &main, &cookbook, &stem)?;
    Ok(Value::Bool(true))
}
