//! `Forwardable`, `SimpleDelegator`, `Singleton`: methods that are somebody else's.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Module, Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const FORWARDABLE: &[(&str, Native)] = &[
    ("def_delegators", def_delegators),
    ("def_instance_delegators", def_delegators),
    ("def_delegator", def_delegator),
    ("def_instance_delegator", def_delegator),
    ("delegate", delegate),
    ("instance_delegate", delegate),
];

const DELEGATOR: &[(&str, Native)] = &[
    ("initialize", |interpreter, me, args| {
        interpreter.set_ivar(me, "@delegate_sd_obj", args.value(0));
        Ok(Value::Nil)
    }),
    ("__getobj__", |interpreter, me, _| Ok(target(interpreter, me))),
    ("__setobj__", |interpreter, me, args| {
        interpreter.set_ivar(me, "@delegate_sd_obj", args.value(0));
        Ok(args.value(0))
    }),
    ("method_missing", |interpreter, me, args| {
        let target = target(interpreter, me);
        let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
        let rest = Args { list: args.list.iter().skip(1).cloned().collect(), keywords: args.keywords, block: args.block.clone() };
        if !interpreter.responds_to(&target, &name)? {
            return interpreter.undefined_method(me, name, CallKind::Explicit);
        }
        interpreter.call(&target, name, rest, CallKind::Explicit)
    }),
    ("respond_to_missing?", |interpreter, me, args| {
        let target = target(interpreter, me);
        let name = interpreter.display(&args.value(0))?;
        Ok(Value::Bool(interpreter.responds_to(&target, &name)?))
    }),
    ("==", |interpreter, me, args| {
        let target = target(interpreter, me);
        let other = args.value(0);
        if me.same(&other) { Ok(Value::Bool(true)) } else { Ok(Value::Bool(interpreter.equal(&target, &other)?)) }
    }),
    ("!=", |interpreter, me, args| {
        let target = target(interpreter, me);
        Ok(Value::Bool(!me.same(&args.value(0)) && !interpreter.equal(&target, &args.value(0))?))
    }),
    ("!", |interpreter, me, _| Ok(Value::Bool(!target(interpreter, me).truthy()))),
    ("to_s", |interpreter, me, _| {
        let target = target(interpreter, me);
        interpreter.send(&target, "to_s", &[])
    }),
    ("inspect", |interpreter, me, _| {
        let target = target(interpreter, me);
        interpreter.send(&target, "inspect", &[])
    }),
];

/// Installs the modules.
pub fn install(interpreter: &mut Interpreter) {
    let forwardable = interpreter.define_module_path("Forwardable");
    interpreter.define(&forwardable, FORWARDABLE);
    let single = interpreter.define_module_path("SingleForwardable");
    interpreter.define(
        &single,
        &[
            ("def_delegators", |interpreter, me, args| {
                let meta = Value::Module(interpreter.singleton_class(me));
                def_delegators(interpreter, &meta, args)
            }),
            ("def_delegator", |interpreter, me, args| {
                let meta = Value::Module(interpreter.singleton_class(me));
                def_delegator(interpreter, &meta, args)
            }),
        ],
    );
    let object = Rc::clone(&interpreter.classes.object);
    let delegator = interpreter.define_class_path("Delegator", &object);
    interpreter.define(&delegator, DELEGATOR);
    interpreter.define_class_path("SimpleDelegator", &delegator);
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(
        &kernel,
        &[("DelegateClass", |interpreter, _, _| {
            let object = Rc::clone(&interpreter.classes.object);
            let delegator = interpreter.define_class_path("Delegator", &object);
            Ok(Value::Module(Module::new(None, true, Some(delegator))))
        })],
    );
    let singleton = interpreter.define_module_path("Singleton");
    interpreter.define_singleton(
        &singleton,
        &[("included", |interpreter, _, args| {
            let Value::Module(class) = args.value(0) else { return Ok(Value::Nil) };
            interpreter.define_singleton(&class, &[("instance", instance)]);
            let meta = interpreter.singleton_class(&args.value(0));
            let new = MethodBody::Closure(Rc::new(|interpreter: &mut Interpreter, me: &Value, args: &Args| {
                let class = Rc::clone(&interpreter.classes.class);
                match interpreter.find_method(&class, Name::new("new")) {
                    Some(method) => interpreter.invoke(me, Name::new("new"), &method, args.clone()),
                    None => Ok(Value::Nil),
                }
            }));
            interpreter.add_method(&meta, Name::new("new"), new, Visibility::Private);
            Ok(Value::Nil)
        })],
    );
    interpreter.define(
        &singleton,
        &[("clone", |interpreter, me, _| refuse(interpreter, me, "clone")), ("dup", |interpreter, me, _| refuse(interpreter, me, "dup"))],
    );
}

fn refuse(interpreter: &mut Interpreter, me: &Value, word: &str) -> Eval {
    let class = interpreter.real_class(me).display_name();
    interpreter.type_error(format!("can't {word} instance of singleton {class}"))
}

fn instance(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let known = interpreter.get_ivar(me, "@singleton__instance__");
    if !known.is_nil() {
        return Ok(known);
    }
    let made = interpreter.send(me, "new", &[])?;
    interpreter.set_ivar(me, "@singleton__instance__", made.clone());
    Ok(made)
}

fn target(interpreter: &mut Interpreter, me: &Value) -> Value {
    interpreter.get_ivar(me, "@delegate_sd_obj")
}

/// Defines `name` on `me` as `accessor.method`.
fn forward(interpreter: &mut Interpreter, me: &Value, accessor: &Value, method: Name, name: Name) -> Eval<()> {
    let module = match me {
        Value::Module(module) => Rc::clone(module),
        other => interpreter.singleton_class(other),
    };
    let path = interpreter.display(accessor)?;
    let body = MethodBody::Closure(Rc::new(move |interpreter: &mut Interpreter, me: &Value, args: &Args| {
        let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '?' | '!'));
        let receiver = if path.starts_with('@') && plain(&path[1..]) {
            interpreter.get_ivar(me, &path)
        } else if plain(&path) && !path.starts_with(|c: char| c.is_uppercase()) {
            interpreter.send(me, &path, &[])?
        } else {
            interpreter.eval_text(me, &Value::str(path.as_str()), None)?
        };
        interpreter.call(&receiver, method, args.clone(), CallKind::Explicit)
    }));
    interpreter.add_method(&module, name, body, Visibility::Public);
    Ok(())
}

fn def_delegators(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let accessor = args.value(0);
    for value in args.list.iter().skip(1) {
        if let Some(name) = value.name().filter(|name| !matches!(name.as_str(), "__send__" | "__id__")) {
            forward(interpreter, me, &accessor, name, name)?;
        }
    }
    Ok(Value::array(args.list.iter().skip(1).cloned().collect()))
}

fn def_delegator(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(3))?;
    let Some(method) = args.value(1).name() else { return Ok(Value::Nil) };
    let name = args.get(2).and_then(Value::name).unwrap_or(method);
    forward(interpreter, me, &args.value(0), method, name)?;
    Ok(Value::Symbol(name))
}

fn delegate(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Value::Hash(hash) = args.value(0) {
        for (methods, accessor) in hash.pairs() {
            for name in methods.items().unwrap_or_else(|| vec![methods.clone()]).iter().filter_map(Value::name) {
                forward(interpreter, me, &accessor, name, name)?;
            }
        }
    }
    Ok(Value::Nil)
}
