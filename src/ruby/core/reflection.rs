//! What code asks of methods and modules about themselves: visibilities, kinds of methods, what a method hides.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::object::copy;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Method, MethodBody, Module, Native, Visibility};
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::value::Value;

const OBJECT: &[(&str, Native)] = &[
    ("public_methods", |interpreter, me, args| names(interpreter, me, args, Visibility::Public)),
    ("private_methods", |interpreter, me, args| names(interpreter, me, args, Visibility::Private)),
    ("protected_methods", |interpreter, me, args| names(interpreter, me, args, Visibility::Protected)),
    ("pretty_inspect", |interpreter, me, _| Ok(Value::str(format!("{}\n", interpreter.inspect(me)?)))),
    // Marks of old that Ruby still takes and that mean nothing any more.
    ("taint", itself),
    ("untaint", itself),
    ("trust", itself),
    ("untrust", itself),
    ("tainted?", |_, _, _| Ok(Value::Bool(false))),
    ("untrusted?", |_, _, _| Ok(Value::Bool(false))),
];

const MODULE: &[(&str, Native)] = &[
    ("protected_instance_methods", protected_instance_methods),
    ("singleton_class?", |_, me, _| Ok(Value::Bool(matches!(me, Value::Module(module) if module.is_singleton)))),
    ("remove_class_variable", remove_class_variable),
];

const METHOD: &[(&str, Native)] = &[
    ("public?", |_, me, _| Ok(Value::Bool(is(me, Visibility::Public)))),
    ("private?", |_, me, _| Ok(Value::Bool(is(me, Visibility::Private)))),
    ("protected?", |_, me, _| Ok(Value::Bool(is(me, Visibility::Protected)))),
    ("super_method", super_method),
    ("clone", |interpreter, me, _| Ok(copy(interpreter, me, true))),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define(&kernel, OBJECT);
    interpreter.define_private(&kernel, &[("putc", putc), ("gem", |_, _, _| Ok(Value::Bool(true)))]);
    let module = Rc::clone(&interpreter.classes.module);
    interpreter.define(&module, MODULE);
    interpreter.define_private(&module, &[("ruby2_keywords", |_, _, _| Ok(Value::Nil))]);
    let method = Rc::clone(&interpreter.classes.method);
    interpreter.define(&method, METHOD);
    let unbound = Rc::clone(&interpreter.classes.unbound_method);
    interpreter.define(&unbound, &METHOD[..3]);
}

fn itself(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(me.clone())
}

fn putc(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let standard = interpreter.globals.get(&Name::new("$stdout")).cloned().unwrap_or(Value::Nil);
    interpreter.send(&standard, "putc", &[args.value(0)])
}

/// The methods with that visibility; with `false`, of the object itself and its class alone.
fn names(interpreter: &mut Interpreter, me: &Value, args: &Args, wanted: Visibility) -> Eval {
    let all = args.list.first().is_none_or(Value::truthy);
    let class = interpreter.class_of(me);
    let mut names: Vec<Name> = Vec::new();
    for module in class.linearise(interpreter.version).iter() {
        collect(module, wanted, &mut names);
        if !all && module.is_class && !module.is_singleton {
            break;
        }
    }
    Ok(Value::array(names.into_iter().map(Value::Symbol).collect()))
}

fn collect(module: &Rc<Module>, wanted: Visibility, names: &mut Vec<Name>) {
    for (name, method) in module.methods().iter() {
        if method.visibility == wanted && !names.contains(name) && !matches!(method.body, MethodBody::Undefined) {
            names.push(*name);
        }
    }
}

fn protected_instance_methods(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Value::Module(module) = me else { return Ok(Value::Nil) };
    let all = args.list.first().is_none_or(Value::truthy);
    let list = if all { module.linearise(interpreter.version) } else { Rc::new(vec![Rc::clone(module)]) };
    let mut names = Vec::new();
    for module in list.iter() {
        collect(module, Visibility::Protected, &mut names);
    }
    Ok(Value::array(names.into_iter().map(Value::Symbol).collect()))
}

fn remove_class_variable(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (Value::Module(module), Some(name)) = (me, args.value(0).name()) else { return Ok(Value::Nil) };
    let removed = module.class_variables.borrow_mut().shift_remove(&name);
    match removed {
        Some(value) => Ok(value),
        None => interpreter.name_error(format!("class variable {name} not defined for {}", module.display_name())),
    }
}

fn is(me: &Value, visibility: Visibility) -> bool {
    match me {
        Value::Proc(code) => matches!(&code.code, Code::Method { method, .. } if method.visibility == visibility),
        Value::Object(object) => object.data::<Method>().is_some_and(|method| method.visibility == visibility),
        _ => false,
    }
}

/// The method that `super` would call in this one.
fn super_method(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Value::Proc(code) = me else { return Ok(Value::Nil) };
    let Code::Method { receiver, method } = &code.code else { return Ok(Value::Nil) };
    let class = interpreter.class_of(receiver);
    let owner = method.owner.upgrade();
    let Some(above) = interpreter.find_method_after(&class, method.name, owner.as_ref()) else { return Ok(Value::Nil) };
    let id = interpreter.fresh_id();
    Ok(Value::Proc(Rc::new(Proc { id, code: Code::Method { receiver: receiver.clone(), method: Box::new(above) }, lambda: true })))
}
