//! `JSON`, as version 2.6.1 of the library reads and prints it, and `to_json` on every value.

mod generate;
mod parse;

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};
use generate::State;
use parse::Options;

const JSON: &[(&str, Native)] = &[
    ("parse", |interpreter, _, args| read(interpreter, args, false)),
    ("parse!", |interpreter, _, args| read(interpreter, args, true)),
    ("generate", |interpreter, _, args| write(interpreter, args, State::compact())),
    ("fast_generate", |interpreter, _, args| write(interpreter, args, State::compact())),
    ("unparse", |interpreter, _, args| write(interpreter, args, State::compact())),
    ("pretty_generate", |interpreter, _, args| write(interpreter, args, State::pretty())),
    ("pretty_unparse", |interpreter, _, args| write(interpreter, args, State::pretty())),
    ("dump", dump),
    ("load", load),
    ("restore", load),
    ("[]", |interpreter, me, args| match args.value(0) {
        Value::Str(_) => read(interpreter, args, false),
        _ => interpreter.call(me, "generate".into(), args.clone(), crate::ruby::dispatch::CallKind::Explicit),
    }),
    ("load_file", |interpreter, _, args| {
        let path = interpreter.to_str(&args.value(0))?;
        Ok(interpreter.machine_file(&path, "JSON.load_file"))
    }),
    ("state", |interpreter, _, _| Ok(Value::Module(state_class(interpreter)))),
    ("create_id", |_, _, _| Ok(Value::str("json_class"))),
];

/// Installs the module, its errors and `to_json`.
pub fn install(interpreter: &mut Interpreter) {
    let module = interpreter.define_module_path("JSON");
    interpreter.define_singleton(&module, JSON);
    error(interpreter, "ParserError");
    error(interpreter, "NestingError");
    error(interpreter, "GeneratorError");
    let generator = error(interpreter, "GeneratorError");
    interpreter.set_constant(&module, "UnparserError".into(), Value::Module(generator));
    for (name, number) in [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("MinusInfinity", f64::NEG_INFINITY)] {
        interpreter.set_constant(&module, name.into(), Value::Float(number));
    }
    interpreter.set_constant(&module, "VERSION".into(), Value::str("2.6.1"));
    let state = state_class(interpreter);
    interpreter.set_constant(&module, "State".into(), Value::Module(state));
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define(&kernel, &[("to_json", generate::to_json)]);
    interpreter.define_private(
        &kernel,
        &[("JSON", |interpreter, _, args| match args.value(0) {
            Value::Str(_) => read(interpreter, args, false),
            _ => write(interpreter, args, State::compact()),
        })],
    );
}

/// The error class `JSON::NAME`.
fn error(interpreter: &mut Interpreter, name: &str) -> Rc<Module> {
    let standard = Rc::clone(&interpreter.classes.standard_error);
    let base = interpreter.define_class_path("JSON::JSONError", &standard);
    if name == "NestingError" {
        let parser = interpreter.define_class_path("JSON::ParserError", &base);
        return interpreter.define_class_path("JSON::NestingError", &parser);
    }
    interpreter.define_class_path(&format!("JSON::{name}"), &base)
}

fn state_class(interpreter: &mut Interpreter) -> Rc<Module> {
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define_module_path("JSON::Ext::Generator");
    let class = interpreter.define_class_path("JSON::Ext::Generator::State", &object);
    if class.is_bare() {
        generate::define_state(interpreter, &class);
    }
    class
}

fn options(args: &Args) -> Option<Rc<Hash>> {
    match args.get(1) {
        Some(Value::Hash(hash)) => Some(Rc::clone(hash)),
        _ => None,
    }
}

fn read(interpreter: &mut Interpreter, args: &Args, lenient: bool) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(interpreter.derived(&hole, " (as JSON)"));
    }
    let text = interpreter.to_str(&args.value(0))?;
    let mut settings = Options { allow_nan: lenient, max_nesting: if lenient { 0 } else { 100 }, ..Options::default() };
    if let Some(value) = args.get(1).filter(|value| !value.is_nil()) {
        let Some(hash) = options(args) else {
            let class = interpreter.real_class(value).display_name();
            return interpreter.type_error(format!("no implicit conversion of {class} into Hash"));
        };
        settings.read(&hash);
    }
    parse::parse(interpreter, &text, settings)
}

fn write(interpreter: &mut Interpreter, args: &Args, mut state: State) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    if let Some(hash) = options(args) {
        state.read(interpreter, &hash)?;
    } else if let Some(given) = args.get(1).and_then(State::of) {
        state = (*given).clone();
    }
    let text = state.text(interpreter, &args.value(0))?;
    Ok(Value::str(text))
}

fn dump(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut state = State::compact();
    state.allow_nan = true;
    state.max_nesting = 0;
    if let Some(hash) = options(args) {
        state.read(interpreter, &hash)?;
    }
    let text = Value::str(state.text(interpreter, &args.value(0))?);
    match args.get(1) {
        Some(output @ Value::Object(_)) => {
            interpreter.send(output, "write", &[text])?;
            Ok(output.clone())
        }
        _ => Ok(text),
    }
}

fn load(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut source = args.value(0);
    if matches!(source, Value::Object(_)) && interpreter.responds_to(&source, "read")? {
        source = interpreter.send(&source, "read", &[])?;
    }
    match &source {
        Value::Nil => return Ok(Value::Nil),
        Value::Unknown(hole) => return Ok(interpreter.derived(hole, " (as JSON)")),
        Value::Str(text) if text.text.borrow().is_empty() => return Ok(Value::Nil),
        _ => {}
    }
    let text = interpreter.to_str(&source)?;
    let mut settings = Options { allow_nan: true, max_nesting: 0, ..Options::default() };
    let last = args.list.last().filter(|_| args.len() > 1);
    if let Some(Value::Hash(hash)) = last {
        settings.read(hash);
    }
    let value = parse::parse(interpreter, &text, settings)?;
    if let Some(Value::Proc(visit)) = args.get(1) {
        walk(interpreter, &value, visit, 0)?;
    }
    Ok(value)
}

fn walk(interpreter: &mut Interpreter, value: &Value, visit: &Rc<crate::ruby::procs::Proc>, depth: usize) -> Eval<()> {
    interpreter.step()?;
    let inner = match value {
        Value::Array(array) => array.items.borrow().clone(),
        Value::Hash(hash) => hash.pairs().into_iter().flat_map(|(key, value)| [key, value]).collect(),
        _ => Vec::new(),
    };
    if depth < 200 {
        for item in inner {
            walk(interpreter, &item, visit, depth + 1)?;
        }
    }
    interpreter.yield_values(visit, vec![value.clone()])?;
    Ok(())
}
