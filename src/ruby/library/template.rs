//! `ERB` and `Erubis::Eruby`: templates that the script itself renders.

use std::cell::RefCell;
use std::rc::Rc;

use super::encode::{html, percent};
use crate::ruby::core::kernel::bound_scope;
use crate::ruby::core::machine::{data_of, object_with, receiver_class};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;

/// What an `ERB` keeps: the Ruby source of the template.
struct Template {
    source: String,
    name: RefCell<String>,
}

const ERB: &[(&str, Native)] = &[
    ("result", result),
    ("run", |interpreter, me, args| {
        let text = result(interpreter, me, args)?;
        let text = interpreter.display(&text)?;
        interpreter.stdout.push_str(&text);
        Ok(Value::Nil)
    }),
    ("result_with_hash", result_with_hash),
    ("src", |_, me, _| Ok(data_of::<Template>(me).map_or(Value::Nil, |template| Value::str(template.source.as_str())))),
    ("filename", |_, me, _| Ok(data_of::<Template>(me).map_or(Value::Nil, |template| Value::str(template.name.borrow().clone())))),
    ("filename=", |interpreter, me, args| {
        let name = interpreter.display(&args.value(0))?;
        if let Some(template) = data_of::<Template>(me) {
            *template.name.borrow_mut() = name;
        }
        Ok(args.value(0))
    }),
    ("location=", |_, _, args| Ok(args.value(0))),
];

const UTIL: &[(&str, Native)] = &[("html_escape", escape), ("h", escape), ("url_encode", url_encode), ("u", url_encode)];

/// Installs the class.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("ERB", &object);
    interpreter.define(&class, ERB);
    interpreter.define_singleton(&class, &[("new", new), ("version", |_, _, _| Ok(Value::str("2.2.3")))]);
    let util = interpreter.define_module_path("ERB::Util");
    interpreter.define_private(&util, UTIL);
    interpreter.define_singleton(&util, UTIL);
    const ERUBY: &[(&str, Native)] = &[("result", eruby_result), ("evaluate", evaluate)];
    let eruby = interpreter.define_class_path("Erubis::Eruby", &object);
    interpreter.define(&eruby, ERB);
    interpreter.define(&eruby, ERUBY);
    interpreter.define_singleton(&eruby, &[("new", new_eruby)]);
    interpreter.define_class_path("Erubis::FastEruby", &eruby);
    interpreter.define_class_path("Erubis::Context", &object);
}

/// `Erubis::Eruby.new(text)`; its properties only tune how fast the generated code is.
fn new_eruby(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(interpreter.derived(&hole, " (as a template)"));
    }
    let text = interpreter.to_str(&args.value(0))?;
    let class = receiver_class(interpreter, me);
    let template = Template { source: crate::read::erb::erubis(&text), name: RefCell::new("(erubis)".to_owned()) };
    Ok(object_with(&class, Rc::new(template)))
}

/// `result(binding)`, or `result(names)` with a hash of local variables.
fn eruby_result(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if matches!(args.value(0), Value::Hash(_)) { result_with_hash(interpreter, me, args) } else { result(interpreter, me, args) }
}

/// `evaluate(context)`: the template's self is the context; a hash becomes the instance variables of one.
fn evaluate(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(template) = data_of::<Template>(me) else { return Ok(Value::Nil) };
    let context = match args.value(0) {
        values @ (Value::Hash(_) | Value::Nil) => {
            let object = Rc::clone(&interpreter.classes.object);
            let class = interpreter.define_class_path("Erubis::Context", &object);
            let context = interpreter.allocate(&class);
            if let Value::Hash(hash) = values {
                for (key, value) in hash.pairs() {
                    if let Some(name) = key.name() {
                        interpreter.set_ivar(&context, &format!("@{name}"), value);
                    }
                }
            }
            context
        }
        other => other,
    };
    interpreter.eval_text(&context, &Value::str(template.source.as_str()), None)
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let option = if args.keywords { args.option("trim_mode") } else { None };
    // `ERB.new(text, safe_level, trim_mode)` of old.
    let trim = option.or_else(|| args.get(2).filter(|value| !matches!(value, Value::Hash(_))).cloned()).unwrap_or(Value::Nil);
    let trim = interpreter.display(&trim)?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(interpreter.derived(&hole, " (as a template)"));
    }
    let text = interpreter.to_str(&args.value(0))?;
    let class = receiver_class(interpreter, me);
    let template = Template { source: crate::read::erb::erb(&text, &trim), name: RefCell::new("(erb)".to_owned()) };
    Ok(object_with(&class, Rc::new(template)))
}

fn render(interpreter: &mut Interpreter, me: &Value, scope: &Rc<Scope>) -> Eval {
    let Some(template) = data_of::<Template>(me) else { return Ok(Value::Nil) };
    let inner = Scope::new(Rc::clone(&scope.frame), Some(Rc::clone(scope)));
    interpreter.eval_in(&inner, &Value::str(template.source.as_str()))
}

fn result(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let scope = match bound_scope(&args.value(0)) {
        Some(scope) => scope,
        None => {
            let main = interpreter.main.clone();
            interpreter.top_scope(main)
        }
    };
    render(interpreter, me, &scope)
}

fn result_with_hash(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let main = interpreter.main.clone();
    let scope = interpreter.top_scope(main);
    if let Value::Hash(hash) = args.value(0) {
        for (key, value) in hash.pairs() {
            if let Some(name) = key.name() {
                scope.declare(name, value);
            }
        }
    }
    render(interpreter, me, &scope)
}

fn escape(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.display(&args.value(0))?;
    Ok(Value::str(html(&text)))
}

fn url_encode(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.display(&args.value(0))?;
    Ok(Value::str(percent(&text, "-_.~", false)))
}
