//! `Object`, `BasicObject`, `nil`, `true`, `false`: what every value answers.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Method, MethodBody, Native, Visibility};
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::value::{Array, Hash, Object, Str, Value};

const OBJECT: &[(&str, Native)] = &[
    ("==", equal),
    ("!=", not_equal),
    ("!", not),
    ("equal?", same),
    ("eql?", eql),
    ("===", case_equal),
    ("=~", no_match),
    ("!~", not_match),
    ("<=>", spaceship),
    ("class", class),
    ("singleton_class", singleton_class),
    ("frozen?", frozen),
    ("freeze", freeze),
    ("dup", dup),
    ("clone", clone),
    ("itself", itself),
    ("nil?", nil),
    ("to_s", to_s),
    ("inspect", inspect),
    ("hash", hash),
    ("object_id", object_id),
    ("__id__", object_id),
    ("is_a?", is_a),
    ("kind_of?", is_a),
    ("instance_of?", instance_of),
    ("respond_to?", respond_to),
    ("send", send),
    ("__send__", send),
    ("public_send", public_send),
    ("method", method),
    ("public_method", method),
    ("methods", methods),
    ("singleton_methods", singleton_methods),
    ("instance_variable_get", ivar_get),
    ("instance_variable_set", ivar_set),
    ("instance_variable_defined?", ivar_defined),
    ("instance_variables", ivars),
    ("remove_instance_variable", remove_ivar),
    ("instance_eval", instance_eval),
    ("instance_exec", instance_exec),
    ("extend", extend),
    ("tap", tap),
    ("then", then),
    ("yield_self", then),
    ("define_singleton_method", define_singleton_method),
    ("singleton_method", method),
    ("display", display),
    ("enum_for", enum_for),
    ("to_enum", enum_for),
];

const NIL: &[(&str, Native)] = &[
    ("to_s", |_, _, _| Ok(Value::str(""))),
    ("to_a", |_, _, _| Ok(Value::array(Vec::new()))),
    ("to_h", |_, _, _| Ok(Value::Hash(Value::new_hash()))),
    ("to_i", |_, _, _| Ok(Value::Integer(0))),
    ("to_f", |_, _, _| Ok(Value::Float(0.0))),
    ("inspect", |_, _, _| Ok(Value::str("nil"))),
    ("nil?", |_, _, _| Ok(Value::Bool(true))),
    ("to_r", |interpreter, _, _| interpreter.send(&Value::Integer(0), "to_r", &[])),
    ("rationalize", |interpreter, _, _| interpreter.send(&Value::Integer(0), "to_r", &[])),
    ("to_c", |interpreter, _, _| interpreter.send(&Value::Integer(0), "to_c", &[])),
    ("^", |_, _, args| Ok(Value::Bool(args.value(0).truthy()))),
    ("&", |_, _, _| Ok(Value::Bool(false))),
    ("|", |_, _, args| Ok(Value::Bool(args.value(0).truthy()))),
];

const TRUE: &[(&str, Native)] = &[
    ("to_s", |_, _, _| Ok(Value::str("true"))),
    ("inspect", |_, _, _| Ok(Value::str("true"))),
    ("&", |_, _, args| Ok(Value::Bool(args.value(0).truthy()))),
    ("|", |_, _, _| Ok(Value::Bool(true))),
    ("^", |_, _, args| Ok(Value::Bool(!args.value(0).truthy()))),
];

const FALSE: &[(&str, Native)] = &[
    ("to_s", |_, _, _| Ok(Value::str("false"))),
    ("inspect", |_, _, _| Ok(Value::str("false"))),
    ("&", |_, _, _| Ok(Value::Bool(false))),
    ("|", |_, _, args| Ok(Value::Bool(args.value(0).truthy()))),
    ("^", |_, _, args| Ok(Value::Bool(args.value(0).truthy()))),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define(&kernel, OBJECT);
    let basic = Rc::clone(&interpreter.classes.basic_object);
    let few: Vec<(&str, Native)> = OBJECT
        .iter()
        .filter(|(name, _)| matches!(*name, "==" | "!=" | "!" | "equal?" | "__send__" | "__id__" | "instance_eval" | "instance_exec"))
        .copied()
        .collect();
    interpreter.define_list(&basic, &few, Visibility::Public);
    let object = Rc::clone(&interpreter.classes.object);
    interpreter
        .define_private(&object, &[("initialize", |_, _, _| Ok(Value::Nil)), ("respond_to_missing?", |_, _, _| Ok(Value::Bool(false)))]);
    let nil = Rc::clone(&interpreter.classes.nil);
    interpreter.define(&nil, NIL);
    let yes = Rc::clone(&interpreter.classes.true_class);
    interpreter.define(&yes, TRUE);
    let no = Rc::clone(&interpreter.classes.false_class);
    interpreter.define(&no, FALSE);
    let main = interpreter.main.clone();
    let meta = interpreter.singleton_class(&main);
    interpreter.define(&meta, &[("to_s", |_, _, _| Ok(Value::str("main"))), ("inspect", |_, _, _| Ok(Value::str("main")))]);
}

fn equal(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    Ok(Value::Bool(me.same(&args.value(0))))
}

fn same(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    Ok(Value::Bool(me.same(&args.value(0))))
}

fn not_equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let answer = interpreter.equals(me, &args.value(0))?;
    match &answer {
        Value::Unknown(hole) => Ok(interpreter.derived_prefix("!", hole)),
        other => Ok(Value::Bool(!other.truthy())),
    }
}

fn not(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Bool(!me.truthy()))
}

fn eql(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    Ok(Value::Bool(interpreter.key(me)? == interpreter.key(&other)?))
}

fn case_equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if me.same(&other) {
        return Ok(Value::Bool(true));
    }
    interpreter.equals(me, &other)
}

fn no_match(_: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    Ok(Value::Nil)
}

fn not_match(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let answer = interpreter.send(me, "=~", &args.list)?;
    match &answer {
        Value::Unknown(hole) => Ok(interpreter.derived_prefix("!", hole)),
        other => Ok(Value::Bool(!other.truthy())),
    }
}

fn spaceship(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    if me.same(&other) || interpreter.equal(me, &other)? {
        return Ok(Value::Integer(0));
    }
    Ok(Value::Nil)
}

fn class(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Module(interpreter.real_class(me)))
}

fn singleton_class(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Module(interpreter.singleton_class(me)))
}

fn frozen(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Bool(interpreter.is_frozen(me)))
}

fn freeze(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    match me {
        Value::Str(v) => v.frozen.set(true),
        Value::Array(v) => v.frozen.set(true),
        Value::Hash(v) => v.frozen.set(true),
        Value::Object(v) => v.frozen.set(true),
        Value::Module(v) => v.frozen.set(true),
        _ => {}
    }
    Ok(me.clone())
}

/// A copy of `me`, not frozen; native data is shared unless its class copies it in `initialize_copy`.
#[must_use]
pub fn copy(interpreter: &Interpreter, me: &Value, keep_singleton: bool) -> Value {
    use std::cell::{Cell, RefCell};
    match me {
        Value::Str(v) => {
            Value::Str(Rc::new(Str { text: RefCell::new(v.text.borrow().clone()), frozen: Cell::new(false), class: v.class.clone() }))
        }
        Value::Array(v) => {
            let made = Array::of(v.items.borrow().clone(), v.class.clone());
            made.ivars.borrow_mut().clone_from(&v.ivars.borrow());
            Value::Array(Rc::new(made))
        }
        Value::Hash(v) => Value::Hash(Rc::new(Hash {
            map: RefCell::new(v.map.borrow().clone()),
            default: RefCell::new(v.default.borrow().clone()),
            default_proc: RefCell::new(v.default_proc.borrow().clone()),
            frozen: Cell::new(false),
            class: RefCell::new(v.class.borrow().clone()),
            data: RefCell::new(v.data.borrow().clone()),
            ivars: RefCell::new(v.ivars.borrow().clone()),
            identity: Cell::new(v.identity.get()),
            iterating: Cell::new(0),
        })),
        Value::Object(v) => {
            let class = if keep_singleton { Rc::clone(&v.class.borrow()) } else { interpreter.real_class(me) };
            Value::Object(Rc::new(Object {
                class: RefCell::new(class),
                ivars: RefCell::new(v.ivars.borrow().clone()),
                frozen: Cell::new(false),
                data: RefCell::new(v.data.borrow().clone()),
            }))
        }
        Value::Module(v) => {
            let made = crate::ruby::module::Module::new(None, v.is_class, v.superclass.borrow().clone());
            made.methods_mut().clone_from(&v.methods());
            made.constants.borrow_mut().clone_from(&v.constants.borrow());
            made.includes.borrow_mut().clone_from(&v.includes.borrow());
            Value::Module(made)
        }
        other => other.clone(),
    }
}

fn copied(interpreter: &mut Interpreter, me: &Value, keep_singleton: bool) -> Eval {
    let made = copy(interpreter, me, keep_singleton);
    if matches!(me, Value::Object(_)) && interpreter.has_method(&made, Name::new("initialize_copy"), true) {
        interpreter.send(&made, "initialize_copy", std::slice::from_ref(me))?;
    }
    Ok(made)
}

fn dup(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    copied(interpreter, me, false)
}

fn clone(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let made = copied(interpreter, me, true)?;
    let wanted = args.option("freeze").filter(|value| !value.is_nil());
    if wanted.map_or_else(|| interpreter.is_frozen(me), |value| value.truthy()) {
        freeze(interpreter, &made, args)?;
    }
    Ok(made)
}

fn itself(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(me.clone())
}

fn nil(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Bool(me.is_nil()))
}

fn to_s(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = interpreter.real_class(me).display_name();
    let address = interpreter.address_text(me);
    Ok(Value::str(format!("#<{class}:{address}>")))
}

impl Interpreter {
    /// What stands for an object's address where Ruby prints one: the same in every run.
    pub fn address_text(&mut self, value: &Value) -> String {
        format!("0x{:016x}", self.identity(value))
    }

    /// The number of an object: addresses differ from run to run, so they are numbered in the order in which they are asked.
    fn identity(&mut self, value: &Value) -> i64 {
        let address = value.address();
        let known = self.identities.iter().position(|(id, _)| *id == address);
        let index = known.unwrap_or_else(|| {
            self.identities.push((address, value.clone()));
            self.identities.len() - 1
        });
        i64::try_from(index).unwrap_or(0) * 8 + 64
    }
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = interpreter.real_class(me).display_name();
    let Value::Object(object) = me else { return interpreter.send(me, "to_s", &[]) };
    let ivars: Vec<(Name, Value)> = object.ivars.borrow().iter().map(|(k, v)| (*k, v.clone())).collect();
    let address = interpreter.address_text(me);
    if ivars.is_empty() {
        return Ok(Value::str(format!("#<{class}:{address}>")));
    }
    if interpreter.visiting.contains(&me.address()) {
        return Ok(Value::str(format!("#<{class}:{address} ...>")));
    }
    interpreter.visiting.push(me.address());
    let mut shown = Vec::new();
    for (name, value) in ivars {
        let text = interpreter.inspect(&value);
        match text {
            Ok(text) => shown.push(format!("{name}={text}")),
            Err(flow) => {
                interpreter.visiting.pop();
                return Err(flow);
            }
        }
    }
    interpreter.visiting.pop();
    Ok(Value::str(format!("#<{class}:{address} {}>", shown.join(", "))))
}

fn hash(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    use std::hash::{DefaultHasher, Hash as _, Hasher};
    let mut hasher = DefaultHasher::new();
    format!("{:?}", crate::ruby::value::Key::plain(me)).hash(&mut hasher);
    Ok(Value::Integer(i64::from_ne_bytes(hasher.finish().to_ne_bytes()) >> 2))
}

fn object_id(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Integer(match me {
        Value::Nil => 8,
        Value::Bool(true) => 20,
        Value::Bool(false) => 0,
        Value::Integer(number) => number.wrapping_mul(2) + 1,
        other => interpreter.identity(other),
    }))
}

fn is_a(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match args.value(0) {
        Value::Module(class) => Ok(Value::Bool(interpreter.is_a(me, &class))),
        Value::Unknown(hole) => Ok(Value::Unknown(hole)),
        _ => interpreter.type_error("class or module required"),
    }
}

fn instance_of(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match args.value(0) {
        Value::Module(class) => Ok(Value::Bool(Rc::ptr_eq(&interpreter.real_class(me), &class))),
        _ => interpreter.type_error("class or module required"),
    }
}

fn respond_to(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Bool(false)) };
    if args.value(1).truthy() && interpreter.has_method(me, name, true) {
        return Ok(Value::Bool(true));
    }
    Ok(Value::Bool(interpreter.responds_to(me, &name)?))
}

fn split_name(interpreter: &mut Interpreter, args: &Args) -> Eval<(Name, Args)> {
    let Some(name) = args.list.first().and_then(Value::name) else {
        if args.is_empty() {
            return interpreter.argument_error("no method name given");
        }
        let shown = interpreter.inspect(&args.list[0])?;
        return interpreter.type_error(format!("{shown} is not a symbol nor a string"));
    };
    Ok((name, Args { list: args.list[1..].to_vec(), keywords: args.keywords && args.list.len() > 1, block: args.block.clone() }))
}

fn send(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (name, rest) = split_name(interpreter, args)?;
    interpreter.call(me, name, rest, CallKind::Implicit)
}

fn public_send(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (name, rest) = split_name(interpreter, args)?;
    interpreter.call(me, name, rest, CallKind::Explicit)
}

fn method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (name, _) = split_name(interpreter, args)?;
    let class = interpreter.class_of(me);
    let found = interpreter.find_method(&class, name);
    let method = match found {
        Some(method) => method,
        None if interpreter.responds_to(me, &name)? => Method {
            name,
            owner: Rc::downgrade(&class),
            visibility: Visibility::Public,
            body: MethodBody::Closure(Rc::new(move |interpreter, receiver, args| {
                interpreter.call(receiver, name, args.clone(), CallKind::Implicit)
            })),
        },
        None => {
            let class = interpreter.real_class(me).display_name();
            return interpreter.name_error(format!("undefined method `{name}' for class `{class}'"));
        }
    };
    let id = interpreter.fresh_id();
    Ok(Value::Proc(Rc::new(Proc { id, code: Code::Method { receiver: me.clone(), method: Box::new(method) }, lambda: true })))
}

fn methods(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let mut names = Vec::new();
    for module in interpreter.class_of(me).linearise(interpreter.version).iter() {
        for (name, method) in module.methods().iter() {
            if method.visibility != Visibility::Private && !names.contains(name) {
                names.push(*name);
            }
        }
    }
    Ok(Value::array(names.into_iter().map(Value::Symbol).collect()))
}

fn singleton_methods(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let mut names = Vec::new();
    let mut class = Some(interpreter.class_of(me));
    while let Some(current) = class.filter(|class| class.is_singleton) {
        names.extend(current.methods().iter().filter(|(_, m)| m.visibility != Visibility::Private).map(|(name, _)| Value::Symbol(*name)));
        for module in current.includes.borrow().iter() {
            names.extend(module.methods().keys().map(|name| Value::Symbol(*name)));
        }
        class = current.superclass.borrow().clone();
    }
    Ok(Value::array(names))
}

fn ivar_name(interpreter: &mut Interpreter, args: &Args) -> Eval<Name> {
    let name = args.value(0).name().unwrap_or_else(|| Name::new(""));
    if name.len() < 2 || !name.starts_with('@') {
        return interpreter.name_error(format!("`{name}' is not allowed as an instance variable name"));
    }
    Ok(name)
}

fn ivar_get(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let name = ivar_name(interpreter, args)?;
    Ok(interpreter.get_ivar_named(me, name))
}

fn ivar_set(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let name = ivar_name(interpreter, args)?;
    interpreter.check_frozen(me)?;
    interpreter.set_ivar_named(me, name, args.value(1));
    Ok(args.value(1))
}

fn ivar_defined(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let name = ivar_name(interpreter, args)?;
    Ok(Value::Bool(match me {
        Value::Object(object) => object.ivars.borrow().contains_key(&name),
        Value::Module(module) => module.ivars.borrow().contains_key(&name),
        Value::Array(array) => array.ivars.borrow().as_ref().is_some_and(|ivars| ivars.contains_key(&name)),
        Value::Hash(hash) => hash.ivars.borrow().as_ref().is_some_and(|ivars| ivars.contains_key(&name)),
        _ => false,
    }))
}

fn ivars(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let names: Vec<Value> = match me {
        Value::Object(object) => object.ivars.borrow().keys().map(|name| Value::Symbol(*name)).collect(),
        Value::Module(module) => module.ivars.borrow().keys().map(|name| Value::Symbol(*name)).collect(),
        Value::Array(array) => array.ivars.borrow().iter().flat_map(|ivars| ivars.keys()).map(|name| Value::Symbol(*name)).collect(),
        Value::Hash(hash) => hash.ivars.borrow().iter().flat_map(|ivars| ivars.keys()).map(|name| Value::Symbol(*name)).collect(),
        _ => Vec::new(),
    };
    Ok(Value::array(names))
}

fn remove_ivar(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let name = ivar_name(interpreter, args)?;
    interpreter.check_frozen(me)?;
    let removed = match me {
        Value::Object(object) => object.ivars.borrow_mut().shift_remove(&name),
        Value::Module(module) => module.ivars.borrow_mut().shift_remove(&name),
        _ => None,
    };
    match removed {
        Some(value) => Ok(value),
        None => {
            let shown = interpreter.inspect(me)?;
            interpreter.name_error(format!("instance variable {name} not defined for {shown}"))
        }
    }
}

fn instance_eval(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => interpreter.call_block_with_self(block, me, None, &Args::new(vec![me.clone()])),
        None => interpreter.eval_text(me, &args.value(0), None),
    }
}

fn instance_exec(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => {
            let rest = Args { list: args.list.clone(), keywords: args.keywords, block: None };
            interpreter.call_block_with_self(block, me, None, &rest)
        }
        None => {
            let class = Rc::clone(&interpreter.classes.local_jump_error);
            interpreter.raise(&class, "no block given (yield)")
        }
    }
}

fn extend(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    for module in args.list.iter().rev() {
        let Value::Module(module) = module else { continue };
        let meta = interpreter.singleton_class(me);
        interpreter.include(&meta, module);
        let owner = Value::Module(Rc::clone(module));
        if interpreter.has_method(&owner, Name::new("extended"), true) {
            interpreter.send(&owner, "extended", std::slice::from_ref(me))?;
        }
    }
    Ok(me.clone())
}

fn tap(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(block) = &args.block {
        interpreter.yield_values(block, vec![me.clone()])?;
    }
    Ok(me.clone())
}

fn then(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => interpreter.yield_values(block, vec![me.clone()]),
        None => Ok(me.clone()),
    }
}

fn define_singleton_method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let meta = interpreter.singleton_class(me);
    super::module::define_method_on(interpreter, &meta, args, Visibility::Public)
}

fn display(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let text = interpreter.display(me)?;
    interpreter.stdout.push_str(&text);
    Ok(Value::Nil)
}

fn enum_for(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let name = args.list.first().and_then(Value::name).unwrap_or_else(|| Name::new("each"));
    let rest = args.list.get(1..).map(<[Value]>::to_vec).unwrap_or_default();
    let size = args.block.clone().map(Value::Proc);
    interpreter.sized_enumerator(me, &name, rest, size)
}
