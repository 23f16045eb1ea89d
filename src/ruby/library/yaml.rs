//! `YAML` (`Psych` 4.0.3): `to_yaml`, `dump`, `load`, `safe_load`.

mod dump;
mod emit;
mod load;
mod parse;
mod resolve;

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};
use load::Options;

const YAML: &[(&str, Native)] = &[
    ("dump", dump_value),
    ("safe_dump", dump_value),
    ("dump_stream", dump_stream),
    ("load", |interpreter, _, args| read(interpreter, args, &["Symbol"], Value::Nil)),
    ("safe_load", |interpreter, _, args| read(interpreter, args, &[], Value::Nil)),
    ("unsafe_load", |interpreter, _, args| read(interpreter, args, &["*"], Value::Bool(false))),
    ("load_stream", load_stream),
    ("load_file", load_file),
    ("safe_load_file", load_file),
    ("unsafe_load_file", load_file),
    ("libyaml_version", |_, _, _| Ok(Value::array(vec![Value::Integer(0), Value::Integer(2), Value::Integer(5)]))),
];

/// Installs the modules and `to_yaml`.
pub fn install(interpreter: &mut Interpreter) {
    let module = interpreter.define_module_path("Psych");
    interpreter.define_singleton(&module, YAML);
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.set_constant(&object, "YAML".into(), Value::Module(Rc::clone(&module)));
    interpreter.set_constant(&module, "VERSION".into(), Value::str("4.0.3"));
    for name in ["SyntaxError", "BadAlias", "DisallowedClass"] {
        error(interpreter, name);
    }
    let disallowed = error(interpreter, "DisallowedClass");
    interpreter.define_private(
        &disallowed,
        &[("initialize", |interpreter, me, args| {
            interpreter.check_arity(args, 2, Some(2))?;
            let (action, class) = (interpreter.display(&args.value(0))?, interpreter.display(&args.value(1))?);
            set_message(interpreter, me, format!("Tried to {action} unspecified class: {class}"))
        })],
    );
    let syntax = error(interpreter, "SyntaxError");
    interpreter.define_private(&syntax, &[("initialize", syntax_error)]);
    const READERS: &[(&str, Native)] = &[
        ("file", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@file"))),
        ("line", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@line"))),
        ("column", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@column"))),
        ("offset", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@offset"))),
        ("problem", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@problem"))),
        ("context", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@context"))),
    ];
    interpreter.define(&syntax, READERS);
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define(&kernel, &[("to_yaml", to_yaml)]);
}

/// The error class `Psych::NAME`.
fn error(interpreter: &mut Interpreter, name: &str) -> Rc<Module> {
    let above = Rc::clone(&interpreter.classes.runtime_error);
    let base = interpreter.define_class_path("Psych::Exception", &above);
    interpreter.define_class_path(&format!("Psych::{name}"), &base)
}

fn set_message(_: &mut Interpreter, me: &Value, message: String) -> Eval {
    if let Value::Object(object) = me {
        if let Some(data) = object.data::<crate::ruby::raise::ExceptionData>() {
            *data.message.borrow_mut() = Value::str(message);
        }
    }
    Ok(Value::Nil)
}

fn syntax_error(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 6, Some(6))?;
    for (index, name) in ["@file", "@line", "@column", "@offset", "@problem", "@context"].iter().enumerate() {
        interpreter.set_ivar(me, name, args.value(index));
    }
    let mut words = Vec::new();
    for index in [4, 5] {
        if !args.value(index).is_nil() {
            words.push(interpreter.display(&args.value(index))?);
        }
    }
    let file = if args.value(0).truthy() { interpreter.display(&args.value(0))? } else { "<unknown>".to_owned() };
    let (line, column) = (interpreter.display(&args.value(1))?, interpreter.display(&args.value(2))?);
    set_message(interpreter, me, format!("({file}): {} at line {line} column {column}", words.join(" ")))
}

fn options(args: &Args) -> Option<Rc<Hash>> {
    match args.list.last() {
        Some(Value::Hash(hash)) if args.keywords || args.len() > 1 => Some(Rc::clone(hash)),
        _ => None,
    }
}

fn to_yaml(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let options = match args.list.last() {
        Some(Value::Hash(hash)) => Some(Rc::clone(hash)),
        _ => None,
    };
    Ok(Value::str(dump::dump(interpreter, me, options.as_ref())?))
}

fn dump_value(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(3))?;
    // `dump(a: 1)` dumps the keywords.
    let given = options(args).filter(|_| args.len() > 1);
    let text = dump::dump(interpreter, &args.value(0), given.as_ref())?;
    match args.get(1) {
        Some(output @ Value::Object(_)) => {
            interpreter.send(output, "write", &[Value::str(text)])?;
            Ok(output.clone())
        }
        _ => Ok(Value::str(text)),
    }
}

fn dump_stream(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut text = String::new();
    for value in &args.list {
        text.push_str(&dump::dump(interpreter, value, None)?);
    }
    Ok(Value::str(text))
}

fn names(interpreter: &mut Interpreter, value: Option<Value>) -> Eval<Vec<String>> {
    let mut names = Vec::new();
    for item in value.and_then(|value| value.items()).unwrap_or_default() {
        names.push(interpreter.display(&item)?);
    }
    Ok(names)
}

/// The options of a `load` that permits `classes` (`*` for all) unless it says otherwise.
fn load_options(interpreter: &mut Interpreter, given: Option<&Hash>, classes: &[&str]) -> Eval<Options> {
    let option = |name: &str| given.and_then(|hash| hash.get_symbol(name));
    let flag = |name: &str| option(name).is_some_and(|value| value.truthy());
    let all = classes.contains(&"*");
    let permitted = match option("permitted_classes") {
        Some(list) => names(interpreter, Some(list))?,
        None => classes.iter().map(|name| (*name).to_owned()).collect(),
    };
    Ok(Options {
        permitted: if all { None } else { Some(permitted) },
        symbols: names(interpreter, option("permitted_symbols"))?,
        aliases: all || flag("aliases"),
        symbolize: flag("symbolize_names"),
        freeze: flag("freeze"),
    })
}

/// The documents of a text; `None` with an unknown in their place.
fn trees(interpreter: &mut Interpreter, source: &Value, file: Option<Value>) -> Eval<Result<Vec<parse::Tree>, Value>> {
    let mut source = source.clone();
    if matches!(source, Value::Object(_)) && interpreter.responds_to(&source, "read")? {
        source = interpreter.send(&source, "read", &[])?;
    }
    if let Value::Unknown(hole) = &source {
        return Ok(Err(interpreter.derived(hole, " (as YAML)")));
    }
    let text = interpreter.to_str(&source)?;
    match parse::documents(&text) {
        Ok(trees) => Ok(Ok(trees)),
        Err(problem) => {
            if let Some(hole) = interpreter.holes_in(&text).first() {
                return Ok(Err(interpreter.derived(&Rc::clone(hole), " (as YAML)")));
            }
            let class = error(interpreter, "SyntaxError");
            let number = |number: usize| Value::Integer(i64::try_from(number).unwrap_or(0));
            let list = vec![
                file.unwrap_or(Value::Nil),
                number(problem.line),
                number(problem.column),
                number(problem.offset),
                Value::str(problem.problem),
                problem.context.map_or(Value::Nil, Value::str),
            ];
            let error = interpreter.instantiate(&class, Args::new(list))?;
            interpreter.raise_object(error)
        }
    }
}

fn read(interpreter: &mut Interpreter, args: &Args, classes: &[&str], fallback: Value) -> Eval {
    interpreter.check_arity(args, 1, Some(5))?;
    let given = options(args);
    let settings = load_options(interpreter, given.as_deref(), classes)?;
    let option = |name: &str| given.as_ref().and_then(|hash| hash.get_symbol(name));
    match trees(interpreter, &args.value(0), option("filename"))? {
        Ok(trees) => match trees.first() {
            Some(tree) => load::load(interpreter, tree, settings),
            None => Ok(option("fallback").unwrap_or(fallback)),
        },
        Err(unknown) => Ok(unknown),
    }
}

fn load_stream(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let settings = load_options(interpreter, None, &["*"])?;
    let trees = match trees(interpreter, &args.value(0), None)? {
        Ok(trees) => trees,
        Err(unknown) => return Ok(unknown),
    };
    let mut values = Vec::new();
    for tree in trees {
        let value = load::load(interpreter, &tree, settings.clone())?;
        match &args.block {
            Some(block) => {
                interpreter.yield_values(block, vec![value])?;
            }
            None => values.push(value),
        }
    }
    Ok(Value::array(values))
}

fn load_file(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let path = interpreter.display(&args.value(0))?;
    Ok(interpreter.machine_file(&path, "YAML.load_file"))
}
