//! `Kernel`: functions that are called without a receiver.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::scope::{Nesting, Scope};
use crate::ruby::value::Value;
use crate::text::Hole;

const KERNEL: &[(&str, Native)] = &[
    ("puts", puts),
    ("print", print),
    ("p", p),
    ("pp", p),
    ("printf", printf),
    ("warn", |_, _, _| Ok(Value::Nil)),
    ("require", require),
    ("require_relative", require),
    ("load", require),
    ("autoload", |_, _, _| Ok(Value::Nil)),
    ("raise", raise),
    ("fail", raise),
    ("loop", repeat),
    ("catch", catch),
    ("throw", throw),
    ("lambda", lambda),
    ("proc", proc),
    ("block_given?", block_given),
    ("iterator?", block_given),
    ("binding", binding),
    ("caller", caller),
    ("caller_locations", caller),
    ("__method__", current_method),
    ("__dir__", current_dir),
    ("String", string),
    ("Array", array),
    ("Hash", hash),
    ("at_exit", |_, _, _| Ok(Value::Nil)),
    ("exit", exit),
    ("exit!", exit),
    ("abort", abort),
    ("sleep", sleep),
    ("rand", random),
    ("srand", |_, _, _| Ok(Value::Integer(0))),
    ("system", shell),
    ("`", shell),
    ("spawn", shell),
    ("fork", shell),
    ("exec", shell),
    ("open", shell),
    ("gets", |_, _, _| Ok(Value::Nil)),
    ("eval", eval),
    ("local_variables", local_variables),
    ("global_variables", |interpreter, _, _| {
        let mut names: Vec<Name> = interpreter.globals.keys().copied().collect();
        names.sort();
        Ok(Value::array(names.into_iter().map(Value::Symbol).collect()))
    }),
    ("trap", |_, _, _| Ok(Value::Nil)),
    ("set_trace_func", |_, _, _| Ok(Value::Nil)),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(&kernel, KERNEL);
    // `Kernel.puts`, `Kernel.rand`: module functions.
    interpreter.define_singleton(&kernel, KERNEL);
}

fn puts(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.lines_of(&args.list)?;
    interpreter.print_out(&text)?;
    Ok(Value::Nil)
}

fn print(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    for value in &args.list {
        let text = interpreter.display(value)?;
        interpreter.print_out(&text)?;
    }
    Ok(Value::Nil)
}

fn p(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    for value in &args.list {
        let text = interpreter.inspect(value)?;
        interpreter.print_out(&format!("{text}\n"))?;
    }
    Ok(match args.list.as_slice() {
        [] => Value::Nil,
        [one] => one.clone(),
        many => Value::array(many.to_vec()),
    })
}

fn printf(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let text = interpreter.call(me, Name::new("format"), args.clone(), CallKind::Implicit)?;
    let text = interpreter.display(&text)?;
    interpreter.print_out(&text)?;
    Ok(Value::Nil)
}

/// Time does not pass here. What sleeps again and again waits for something that only happens on the machine, and is stopped.
fn sleep(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    const TURNS: u64 = 100;
    interpreter.check_arity(args, 0, Some(1))?;
    interpreter.steps += interpreter.bounds.steps / TURNS;
    if interpreter.steps > interpreter.bounds.steps {
        return Err(Box::new(Flow::Halt(crate::ruby::bounds::WAITS.to_owned())));
    }
    Ok(match args.value(0) {
        seconds @ Value::Integer(_) => seconds,
        _ => Value::Integer(0),
    })
}

fn require(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    // The standard library is always there; what else a file needs is the embedder's matter.
    interpreter.check_arity(args, 1, Some(2))?;
    if let Some(name) = args.value(0).text() {
        interpreter.require_script(&name)?;
    }
    Ok(Value::Bool(true))
}

fn raise(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut list = args.list.clone();
    let mut cause = None;
    if args.keywords {
        if let Some(Value::Hash(hash)) = list.last() {
            cause = hash.get_symbol("cause");
            if cause.is_some() && hash.map.borrow().len() == 1 {
                list.pop();
            }
        }
    }
    let error = match list.as_slice() {
        [] => {
            let current = interpreter.globals.get(&Name::new("$!")).cloned().unwrap_or(Value::Nil);
            if current.is_nil() {
                let class = Rc::clone(&interpreter.classes.runtime_error);
                return interpreter.raise(&class, "unhandled exception");
            }
            current
        }
        [message @ Value::Str(_)] => {
            let class = Rc::clone(&interpreter.classes.runtime_error);
            let text = interpreter.display(message)?;
            interpreter.exception(&class, text)
        }
        [Value::Unknown(hole)] => {
            let class = Rc::clone(&interpreter.classes.runtime_error);
            let text = interpreter.hole_character(&Rc::clone(hole)).to_string();
            interpreter.exception(&class, text)
        }
        [what, rest @ ..] => {
            if !interpreter.responds_to(what, "exception")? {
                return interpreter.type_error("exception class/object expected");
            }
            let given: Vec<Value> = rest.iter().take(1).cloned().collect();
            let keywords = args.keywords && rest.len() == 1 && cause.is_none();
            interpreter.call(what, Name::new("exception"), Args { list: given, keywords, block: None }, CallKind::Explicit)?
        }
    };
    if let Value::Object(object) = &error {
        if let Some(data) = object.data::<crate::ruby::raise::ExceptionData>() {
            if let Some(cause) = cause {
                *data.cause.borrow_mut() = cause;
            }
            if let Some(backtrace) = list.get(2) {
                *data.backtrace.borrow_mut() = backtrace.clone();
            }
        } else {
            return interpreter.type_error("exception object expected");
        }
    } else {
        return interpreter.type_error("exception object expected");
    }
    interpreter.span = interpreter.call_site();
    interpreter.raise_object(error)
}

fn repeat(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(block) = &args.block else { return interpreter.enumerator(me, "loop", Vec::new()) };
    loop {
        interpreter.step()?;
        if let Err(flow) = interpreter.yield_values(block, Vec::new()) {
            if let Flow::Raise(error) = &*flow {
                let stop = Rc::clone(&interpreter.classes.stop_iteration);
                if interpreter.is_a(error, &stop) {
                    return Ok(interpreter.get_ivar(error, "@result"));
                }
            }
            return Err(flow);
        }
    }
}

fn catch(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let tag = match args.get(0) {
        Some(tag) => tag.clone(),
        None => {
            let class = Rc::clone(&interpreter.classes.object);
            interpreter.allocate(&class)
        }
    };
    let Some(block) = &args.block else { return Ok(Value::Nil) };
    interpreter.tags.push(tag.clone());
    let answer = interpreter.yield_values(block, vec![tag.clone()]);
    interpreter.tags.pop();
    match answer {
        Err(flow) => match *flow {
            Flow::Throw(thrown, value) if same_tag(&thrown, &tag) => Ok(value),
            other => Err(Box::new(other)),
        },
        ok => ok,
    }
}

fn same_tag(left: &Value, right: &Value) -> bool {
    left.same(right)
}

fn throw(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let tag = args.value(0);
    if !interpreter.tags.iter().any(|known| same_tag(known, &tag)) {
        let shown = interpreter.inspect(&tag)?;
        let class = Rc::clone(&interpreter.classes.uncaught_throw_error);
        return interpreter.raise(&class, format!("uncaught throw {shown}"));
    }
    Err(Box::new(Flow::Throw(tag, args.value(1))))
}

fn lambda(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some(block) = &args.block else {
        return interpreter.argument_error("tried to create Proc object without a block");
    };
    match &block.code {
        Code::Block { block: syntax, scope } if !block.lambda => {
            let id = block.id;
            Ok(Value::Proc(Rc::new(Proc { id, code: Code::Block { block: Rc::clone(syntax), scope: Rc::clone(scope) }, lambda: true })))
        }
        _ => Ok(Value::Proc(Rc::clone(block))),
    }
}

fn proc(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => Ok(Value::Proc(Rc::clone(block))),
        None => interpreter.argument_error("tried to create Proc object without a block"),
    }
}

fn block_given(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    Ok(Value::Bool(interpreter.scope().frame.block.is_some()))
}

/// What a `Binding` keeps.
pub struct BindingData {
    /// The scope it was taken in.
    pub scope: Rc<Scope>,
}

fn binding(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Binding", &object);
    if class.is_bare() {
        interpreter.define(&class, BINDING);
    }
    let made = interpreter.allocate(&class);
    if let Value::Object(inner) = &made {
        *inner.data.borrow_mut() = Some(Rc::new(BindingData { scope: interpreter.scope() }));
    }
    Ok(made)
}

const BINDING: &[(&str, Native)] = &[
    ("local_variable_get", |interpreter, me, args| {
        let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
        match bound_scope(me).and_then(|scope| scope.get(name)) {
            Some(value) => Ok(value),
            None => interpreter.name_error(format!("local variable `{name}' is not defined for #<Binding>")),
        }
    }),
    ("local_variable_set", |_, me, args| {
        if let (Some(scope), Some(name)) = (bound_scope(me), args.value(0).name()) {
            scope.set(name, args.value(1));
        }
        Ok(args.value(1))
    }),
    ("local_variable_defined?", |_, me, args| {
        let found = bound_scope(me).zip(args.value(0).name()).is_some_and(|(scope, name)| scope.get(name).is_some());
        Ok(Value::Bool(found))
    }),
    ("local_variables", |_, me, _| Ok(bound_scope(me).map_or(Value::Nil, |scope| names_of(&scope)))),
    ("receiver", |_, me, _| Ok(bound_scope(me).map_or(Value::Nil, |scope| scope.frame.receiver.clone()))),
    ("eval", |interpreter, me, args| match bound_scope(me) {
        Some(scope) => interpreter.eval_in(&scope, &args.value(0)),
        None => Ok(Value::Nil),
    }),
];

/// The scope of a `Binding`.
#[must_use]
pub fn bound_scope(binding: &Value) -> Option<Rc<Scope>> {
    match binding {
        Value::Object(object) => object.data::<BindingData>().map(|data| Rc::clone(&data.scope)),
        _ => None,
    }
}

fn names_of(scope: &Rc<Scope>) -> Value {
    let mut names = Vec::new();
    let mut current = Some(Rc::clone(scope));
    while let Some(here) = current {
        names.extend(here.variables.borrow().iter().map(|(name, _)| Value::Symbol(*name)));
        current = here.outer.clone();
    }
    Value::array(names)
}

fn local_variables(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    Ok(names_of(&interpreter.scope()))
}

fn caller(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let spans: Vec<_> = interpreter.calls.iter().rev().skip(1).take(60).copied().collect();
    Ok(Value::strings(spans.into_iter().map(|(span, name)| format!("{}:in `{name}'", interpreter.location(span)))))
}

fn current_method(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    Ok(interpreter.scope().frame.method.as_ref().map_or(Value::Nil, |context| Value::Symbol(context.name)))
}

fn current_dir(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let path = interpreter.location(interpreter.call_site()).path;
    Ok(Value::str(path.rsplit_once('/').map_or(".", |(dir, _)| dir)))
}

fn string(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.display(&args.value(0))?;
    Ok(Value::str(text))
}

fn array(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let value = args.value(0);
    match &value {
        Value::Array(_) | Value::Unknown(_) => Ok(value),
        Value::Nil => Ok(Value::array(Vec::new())),
        Value::Hash(_) | Value::Range(_) => Ok(Value::array(interpreter.to_list(&value)?)),
        Value::Object(_) if interpreter.responds_to(&value, "to_a")? => interpreter.send(&value, "to_a", &[]),
        other => Ok(Value::array(vec![other.clone()])),
    }
}

fn hash(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let value = args.value(0);
    match &value {
        Value::Hash(_) | Value::Unknown(_) => Ok(value),
        Value::Nil => Ok(Value::Hash(Value::new_hash())),
        Value::Array(array) if array.items.borrow().is_empty() => Ok(Value::Hash(Value::new_hash())),
        other => {
            if interpreter.responds_to(other, "to_hash")? {
                return interpreter.send(other, "to_hash", &[]);
            }
            let class = interpreter.real_class(other).display_name();
            interpreter.type_error(format!("can't convert {class} into Hash"))
        }
    }
}

fn exit(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let class = Rc::clone(&interpreter.classes.system_exit);
    let error = interpreter.exception(&class, "exit");
    let status = match args.get(0) {
        Some(Value::Integer(number)) => *number,
        Some(Value::Bool(false)) => 1,
        _ => 0,
    };
    interpreter.set_ivar(&error, "@status", Value::Integer(status));
    interpreter.raise_object(error)
}

fn abort(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let class = Rc::clone(&interpreter.classes.system_exit);
    let text = match args.get(0) {
        Some(value) => interpreter.display(value)?,
        None => "exit".to_owned(),
    };
    let error = interpreter.exception(&class, text);
    interpreter.set_ivar(&error, "@status", Value::Integer(1));
    interpreter.raise_object(error)
}

fn random(_: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    Ok(Value::Unknown(Rc::new(Hole::unknown("rand", "a random number"))))
}

fn shell(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut words = Vec::new();
    for value in &args.list {
        if !matches!(value, Value::Hash(_)) {
            words.push(interpreter.display(value)?);
        }
    }
    let command = interpreter.to_text(&words.join(" ")).to_string();
    let short: String = command.chars().take(60).collect();
    Ok(Value::Unknown(Rc::new(Hole::unknown(format!("`{short}`"), "the output of a command on the machine"))))
}

fn eval(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let scope = bound_scope(&args.value(1)).unwrap_or_else(|| interpreter.scope());
    interpreter.eval_in(&scope, &args.value(0))
}

impl Interpreter {
    /// Evaluates source text in `scope`.
    ///
    /// # Errors
    /// What the code raises; `SyntaxError`.
    pub fn eval_in(&mut self, scope: &Rc<Scope>, text: &Value) -> Eval {
        if let Value::Unknown(hole) = text {
            return Ok(self.derived(hole, " (evaluated)"));
        }
        let source = self.to_str(text)?;
        let locals: Vec<&str> = match names_of(scope) {
            Value::Array(names) => names.items.borrow().iter().filter_map(Value::name).map(Name::as_str).collect(),
            _ => Vec::new(),
        };
        let parsed = self.add_evaluated("(eval)", source, &locals);
        if let Some(problem) = parsed.problems.first() {
            let class = Rc::clone(&self.classes.syntax_error);
            return self.raise(&class, format!("(eval):1: {}", problem.message));
        }
        self.eval(scope, &parsed.tree)
    }

    /// `instance_eval(text)`, or `class_eval(text)` with `module`.
    ///
    /// # Errors
    /// What the code raises; `SyntaxError`.
    pub fn eval_text(&mut self, receiver: &Value, text: &Value, module: Option<Rc<Module>>) -> Eval {
        let outer = self.scope();
        let nesting = match &module {
            Some(module) => Rc::new(Nesting { module: Rc::clone(module), outer: Some(Rc::clone(&outer.frame.nesting)) }),
            None => Rc::clone(&outer.frame.nesting),
        };
        let definee = module.unwrap_or_else(|| self.singleton_class(receiver));
        let frame = self.frame(receiver.clone(), nesting, definee, None, None);
        let scope = Scope::new(frame, Some(outer));
        self.frames.push(Rc::clone(&scope));
        let answer = self.eval_in(&scope, text);
        self.frames.pop();
        answer
    }
}
