//! `Proc`, `Method`, `UnboundMethod`.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Method, MethodBody, Native};
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::value::Value;

const PROC: &[(&str, Native)] = &[
    ("call", call),
    ("()", call),
    ("yield", call),
    ("[]", call),
    ("===", call),
    ("to_proc", |_, me, _| Ok(me.clone())),
    ("lambda?", lambda),
    ("arity", arity),
    ("parameters", parameters),
    ("curry", curry),
    (">>", compose_right),
    ("<<", compose_left),
    ("source_location", source_location),
    ("inspect", inspect),
    ("to_s", inspect),
    ("binding", |interpreter, _, _| Ok(interpreter.scope().frame.receiver.clone())),
    ("ruby2_keywords", |_, me, _| Ok(me.clone())),
];

const METHOD: &[(&str, Native)] = &[("unbind", unbind), ("name", name), ("owner", owner), ("receiver", receiver), ("original_name", name)];

const UNBOUND: &[(&str, Native)] = &[
    ("bind", bind),
    ("bind_call", bind_call),
    ("name", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@name"))),
    ("owner", unbound_owner),
    ("arity", unbound_arity),
    ("original_name", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@name"))),
    ("inspect", unbound_inspect),
    ("to_s", unbound_inspect),
    ("parameters", unbound_parameters),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.proc_class);
    interpreter.define(&class, PROC);
    interpreter.define_singleton(&class, &[("new", new)]);
    let method = Rc::clone(&interpreter.classes.method);
    interpreter.define(&method, PROC);
    interpreter.define(&method, METHOD);
    let unbound = Rc::clone(&interpreter.classes.unbound_method);
    interpreter.define(&unbound, UNBOUND);
}

fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Proc>> {
    match me {
        Value::Proc(code) => Ok(Rc::clone(code)),
        _ => interpreter.type_error("wrong argument type (expected Proc)"),
    }
}

fn new(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => Ok(Value::Proc(Rc::clone(block))),
        None => interpreter.argument_error("tried to create Proc object without a block"),
    }
}

fn call(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let code = this(interpreter, me)?;
    interpreter.call_proc(&code, args)
}

fn lambda(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Bool(this(interpreter, me)?.lambda))
}

fn method_arity(method: &Method) -> i64 {
    match &method.body {
        MethodBody::Ruby(definition) => crate::ruby::arguments::arity(&definition.params, true),
        MethodBody::Reader(_) => 0,
        MethodBody::Writer(_) => 1,
        MethodBody::Block(code) => match &code.code {
            Code::Block { block, .. } => crate::ruby::arguments::arity(&block.params, true),
            _ => -1,
        },
        MethodBody::Native(_, Some(arity)) => arity.number(),
        _ => native_arity(&method.name),
    }
}

/// How many arguments a native method takes, where its name says so.
fn native_arity(name: &str) -> i64 {
    match name {
        "+" | "-" | "*" | "/" | "%" | "**" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "<=>" | "===" | "=~" | "!~" | "&" | "|" | "^"
        | "<<" | ">>" => 1,
        "eql?" | "equal?" | "is_a?" | "kind_of?" | "instance_of?" | "include?" | "key?" | "has_key?" | "member?" | "divmod" | "coerce" => 1,
        "instance_variable_get" | "instance_variable_defined?" | "replace" => 1,
        "[]=" | "store" | "instance_variable_set" => 2,
        "-@" | "+@" | "!" | "~" | "to_s" | "inspect" | "to_i" | "to_f" | "to_a" | "to_h" | "to_sym" | "hash" | "class" | "nil?"
        | "itself" => 0,
        "upcase" | "downcase" | "capitalize" | "swapcase" | "puts" | "print" | "p" | "split" | "join" | "first" | "last" | "push" => -1,
        "length" | "size" | "empty?" | "keys" | "values" | "reverse" | "compact" | "freeze" | "frozen?" | "strip" | "chars" | "succ" => 0,
        "next" | "pred" | "abs" | "even?" | "odd?" | "zero?" | "clear" | "object_id" => 0,
        _ if name.ends_with('=') => 1,
        _ => -1,
    }
}

fn arity(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let code = this(interpreter, me)?;
    Ok(Value::Integer(match &code.code {
        Code::Block { block, .. } => crate::ruby::arguments::arity(&block.params, code.lambda),
        Code::Native { arity, .. } => *arity,
        Code::Method { method, .. } => method_arity(method),
    }))
}

fn parameter_list(params: &crate::read::ruby::ast::Params, strict: bool) -> Value {
    use crate::read::ruby::ast::Param;
    let required = if strict { "req" } else { "opt" };
    let entry = |kind: &str, name: Option<Name>| {
        let mut pair = vec![Value::symbol(kind)];
        pair.extend(name.map(Value::Symbol));
        Value::array(pair)
    };
    let list = params
        .list
        .iter()
        .flat_map(|param| match param {
            Param::Required(name) => vec![entry(required, Some(*name))],
            Param::Destructure(_) if strict => vec![entry("req", None)],
            Param::Destructure(_) => vec![Value::array(vec![Value::symbol("opt"), Value::Nil])],
            Param::Optional(name, _) => vec![entry("opt", Some(*name))],
            Param::Rest(name) => vec![entry("rest", name.or(Some(Name::new("*"))))],
            Param::Keyword(name, None) => vec![entry("keyreq", Some(*name))],
            Param::Keyword(name, Some(_)) => vec![entry("key", Some(*name))],
            Param::KeywordRest(name) => vec![entry("keyrest", name.or(Some(Name::new("**"))))],
            Param::NoKeywords => vec![entry("nokey", None)],
            Param::Block(name) => vec![entry("block", name.or(Some(Name::new("&"))))],
            Param::Forward => {
                vec![entry("rest", Some(Name::new("*"))), entry("keyrest", Some(Name::new("**"))), entry("block", Some(Name::new("&")))]
            }
        })
        .collect();
    Value::array(list)
}

fn method_parameters(method: &Method) -> Value {
    match &method.body {
        MethodBody::Ruby(definition) => parameter_list(&definition.params, true),
        MethodBody::Block(code) => match &code.code {
            Code::Block { block, .. } => parameter_list(&block.params, true),
            _ => Value::array(vec![Value::array(vec![Value::symbol("rest")])]),
        },
        MethodBody::Reader(_) => Value::array(Vec::new()),
        _ => match usize::try_from(method_arity(method)) {
            Ok(count) => Value::array(vec![Value::array(vec![Value::symbol("req")]); count]),
            Err(_) => Value::array(vec![Value::array(vec![Value::symbol("rest")])]),
        },
    }
}

fn parameters(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let code = this(interpreter, me)?;
    Ok(match &code.code {
        Code::Block { block, .. } => parameter_list(&block.params, code.lambda),
        // `&:name` takes the receiver and whatever the method takes.
        Code::Native { arity: -2, .. } => {
            Value::array(vec![Value::array(vec![Value::symbol("req")]), Value::array(vec![Value::symbol("rest")])])
        }
        Code::Native { .. } => Value::array(vec![Value::array(vec![Value::symbol("rest")])]),
        Code::Method { method, .. } => method_parameters(method),
    })
}

fn curry(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let code = this(interpreter, me)?;
    let own = match arity(interpreter, me, &Args::none())? {
        Value::Integer(number) => number,
        _ => 0,
    };
    let wanted = match args.get(0) {
        Some(Value::Integer(number)) => {
            if code.lambda && own >= 0 && *number != own {
                return interpreter.argument_error(format!("wrong number of arguments (given {number}, expected {own})"));
            }
            *number
        }
        _ if own < 0 => -own - 1,
        _ => own,
    };
    Ok(Value::Proc(curried(interpreter, code, usize::try_from(wanted).unwrap_or(0), Vec::new())))
}

fn curried(interpreter: &mut Interpreter, code: Rc<Proc>, wanted: usize, given: Vec<Value>) -> Rc<Proc> {
    let id = interpreter.fresh_id();
    let lambda = code.lambda;
    let function = move |interpreter: &mut Interpreter, args: &Args| {
        let mut all = given.clone();
        all.extend(args.list.iter().cloned());
        if all.len() >= wanted {
            return interpreter.call_proc(&code, &Args::new(all));
        }
        Ok(Value::Proc(curried(interpreter, Rc::clone(&code), wanted, all)))
    };
    Rc::new(Proc { id, code: Code::Native { function: Rc::new(function), arity: -1 }, lambda })
}

fn compose(interpreter: &mut Interpreter, first: Value, second: Value) -> Eval {
    for callable in [&first, &second] {
        if !callable.is_unknown() && !interpreter.responds_to(callable, "call")? {
            return interpreter.type_error("callable object is expected");
        }
    }
    let id = interpreter.fresh_id();
    let function = move |interpreter: &mut Interpreter, args: &Args| {
        let middle = interpreter.call(&first, Name::new("call"), args.clone(), crate::ruby::dispatch::CallKind::Implicit)?;
        interpreter.send(&second, "call", &[middle])
    };
    Ok(Value::Proc(Rc::new(Proc { id, code: Code::Native { function: Rc::new(function), arity: -1 }, lambda: true })))
}

fn compose_right(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    compose(interpreter, me.clone(), args.value(0))
}

fn compose_left(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    compose(interpreter, args.value(0), me.clone())
}

fn source_location(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let code = this(interpreter, me)?;
    let span = match &code.code {
        Code::Block { block, .. } => block.span,
        Code::Method { method, .. } => match &method.body {
            MethodBody::Ruby(definition) => definition.span,
            _ => return Ok(Value::Nil),
        },
        Code::Native { .. } => return Ok(Value::Nil),
    };
    let location = interpreter.location(span);
    Ok(Value::array(vec![Value::str(location.path), Value::Integer(i64::from(location.line))]))
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let code = this(interpreter, me)?;
    Ok(Value::str(match &code.code {
        Code::Method { method, receiver } => inspect_method(interpreter, method, receiver),
        shape => {
            let address = interpreter.address_text(me);
            let place = match shape {
                Code::Block { block, .. } => {
                    let location = interpreter.location(block.span);
                    format!(" {}:{}", location.path, location.line)
                }
                _ => String::new(),
            };
            format!("#<Proc:{address}{place}{}>", if code.lambda { " (lambda)" } else { "" })
        }
    }))
}

/// `#<Method: Integer#+(_)>`
fn inspect_method(interpreter: &mut Interpreter, method: &Method, receiver: &Value) -> String {
    let owner = method.owner.upgrade();
    let class = interpreter.real_class(receiver);
    let owned = match (&owner, receiver) {
        (Some(owner), Value::Module(module)) if owner.is_singleton => format!("{}.", module.display_name()),
        (Some(owner), _) if Rc::ptr_eq(owner, &class) || owner.is_singleton => format!("{}#", class.display_name()),
        (Some(owner), _) => format!("{}({})#", class.display_name(), owner.display_name()),
        (None, _) => format!("{}#", class.display_name()),
    };
    described(interpreter, "Method", &owned, method)
}

/// `#<UnboundMethod: Integer#+(_)>`
fn unbound_inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let method = unbound(interpreter, me)?;
    let owner = method.owner.upgrade().map_or_else(String::new, |owner| owner.display_name());
    Ok(Value::str(described(interpreter, "UnboundMethod", &format!("{owner}#"), &method)))
}

fn described(interpreter: &mut Interpreter, kind: &str, owned: &str, method: &Method) -> String {
    let mut shown = Vec::new();
    for pair in method_parameters(method).items().unwrap_or_default() {
        let pair = pair.items().unwrap_or_default();
        let kind = pair.first().and_then(Value::text).unwrap_or_default();
        let word = pair.get(1).and_then(Value::text);
        let word = word.as_deref();
        shown.push(match kind.as_str() {
            "req" => word.unwrap_or("_").to_owned(),
            "opt" => format!("{}=...", word.unwrap_or("_")),
            "rest" => format!("*{}", word.filter(|word| *word != "*").unwrap_or("")),
            "keyreq" => format!("{}:", word.unwrap_or("_")),
            "key" => format!("{}: ...", word.unwrap_or("_")),
            "keyrest" => format!("**{}", word.filter(|word| *word != "**").unwrap_or("")),
            "nokey" => "**nil".to_owned(),
            _ => format!("&{}", word.filter(|word| *word != "&").unwrap_or("")),
        });
    }
    let place = match &method.body {
        MethodBody::Ruby(definition) => {
            let location = interpreter.location(definition.span);
            format!(" {}:{}", location.path, location.line)
        }
        _ => String::new(),
    };
    format!("#<{kind}: {owned}{}({}){place}>", method.name, shown.join(", "))
}

fn bound(interpreter: &mut Interpreter, me: &Value) -> Eval<(Value, Method)> {
    let code = this(interpreter, me)?;
    match &code.code {
        Code::Method { receiver, method } => Ok((receiver.clone(), (**method).clone())),
        _ => interpreter.type_error("not a method"),
    }
}

fn unbind(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let (_, method) = bound(interpreter, me)?;
    let class = Rc::clone(&interpreter.classes.unbound_method);
    let object = interpreter.allocate(&class);
    interpreter.set_ivar(&object, "@name", Value::Symbol(method.name));
    if let Value::Object(inner) = &object {
        *inner.data.borrow_mut() = Some(Rc::new(method));
    }
    Ok(object)
}

fn name(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Symbol(bound(interpreter, me)?.1.name))
}

fn owner(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(bound(interpreter, me)?.1.owner.upgrade().map_or(Value::Nil, Value::Module))
}

fn receiver(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(bound(interpreter, me)?.0)
}

fn unbound(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Method>> {
    match me {
        Value::Object(object) => match object.data::<Method>() {
            Some(method) => Ok(method),
            None => interpreter.type_error("not a method"),
        },
        _ => interpreter.type_error("not a method"),
    }
}

fn bind(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let method = unbound(interpreter, me)?;
    let id = interpreter.fresh_id();
    Ok(Value::Proc(Rc::new(Proc { id, code: Code::Method { receiver: args.value(0), method: Box::new((*method).clone()) }, lambda: true })))
}

fn bind_call(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let method = unbound(interpreter, me)?;
    let rest =
        Args { list: args.list.get(1..).map(<[Value]>::to_vec).unwrap_or_default(), keywords: args.keywords, block: args.block.clone() };
    interpreter.invoke(&args.value(0), method.name, &method, rest)
}

fn unbound_owner(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(unbound(interpreter, me)?.owner.upgrade().map_or(Value::Nil, Value::Module))
}

fn unbound_arity(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::Integer(method_arity(&*unbound(interpreter, me)?)))
}

fn unbound_parameters(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(method_parameters(&*unbound(interpreter, me)?))
}
