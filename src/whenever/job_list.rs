//! `Whenever::JobList`: the object that a schedule is evaluated in (`lib/whenever/job_list.rb`).
//!
//! Its variables are instance variables, as in the gem: `set :app, 'shop'` makes `@app` and `app`.

use std::rc::Rc;

use crate::graph::Condition;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Native, Visibility};
use crate::ruby::procs::{Args, Code};
use crate::ruby::scope::{Nesting, Scope};
use crate::ruby::value::{Hash, Key, Value};
use crate::source::Span;
use crate::whenever::{job, state};

/// A job as it was declared.
pub struct Declared {
    /// The group by mail address: the value, and what it is compared by.
    pub mailto: (Value, Key),
    /// The group by frequency.
    pub every: (Value, Key),
    /// All options, those of `set` and `every` merged in.
    pub options: Rc<Hash>,
    /// `at:`
    pub at: Value,
    /// The job type's template.
    pub template: Value,
    /// The template around it.
    pub job_template: Value,
    /// `roles:`
    pub roles: Vec<Value>,
    /// The job type.
    pub kind: Name,
    /// Where it was called.
    pub span: Span,
    /// The head of its `every`.
    pub written: String,
    /// Unknown conditions.
    pub conditions: Vec<Condition>,
}

const METHODS: &[(&str, Native)] = &[
    ("set", |interpreter, me, args| {
        interpreter.check_arity(args, 2, Some(2))?;
        let Some(name) = args.value(0).name() else {
            return interpreter.undefined_method(&args.value(0), "to_sym".into(), CallKind::Explicit);
        };
        set(interpreter, me, name.as_str(), args.value(1))
    }),
    ("env", |interpreter, me, args| {
        interpreter.check_arity(args, 2, Some(2))?;
        let name = interpreter.display(&args.value(0))?;
        match interpreter.get_ivar(me, "@env") {
            Value::Hash(hash) => interpreter.hash_insert(&hash, Value::str(name), args.value(1))?,
            other => return interpreter.undefined_method(&other, "[]=".into(), CallKind::Explicit),
        }
        Ok(args.value(1))
    }),
    ("every", every),
    ("job_type", |interpreter, me, args| {
        interpreter.check_arity(args, 2, Some(2))?;
        let Some(name) = args.value(0).name() else {
            let shown = interpreter.inspect(&args.value(0))?;
            return interpreter.type_error(format!("{shown} is not a symbol nor a string"));
        };
        define_job_type(interpreter, me, name, args.value(1));
        Ok(Value::Symbol(name))
    }),
    ("roles", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@roles"))),
    ("method_missing", missing),
];

/// The class, and an object of it with what `--set` and `--roles` give.
///
/// # Errors
/// `NameError` for a `--set` whose name is no variable's.
pub fn make(interpreter: &mut Interpreter) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Whenever::JobList", &object);
    interpreter.define(&class, METHODS);
    let list = interpreter.allocate(&class);
    for name in ["@jobs", "@env", "@set_variables", "@pre_set_variables"] {
        interpreter.set_ivar(&list, name, Value::Hash(Value::new_hash()));
    }
    let options = state(interpreter).options.clone();
    for pair in options.set.as_deref().unwrap_or("").split('&').filter(|pair| pair.contains('=')) {
        let mut halves = pair.split('=');
        let (name, value) = (halves.next().unwrap_or(""), halves.next().unwrap_or(""));
        if name.is_empty() || value.is_empty() {
            continue;
        }
        let name = name.trim();
        set(interpreter, &list, name, Value::str(value.trim()))?;
        if let Value::Hash(fixed) = interpreter.get_ivar(&list, "@pre_set_variables") {
            fixed.insert_plain(Value::symbol(name), Value::str(value));
        }
    }
    let roles = options.roles.iter().map(|role| Value::symbol(role)).collect();
    interpreter.set_ivar(&list, "@roles", Value::array(roles));
    Ok(list)
}

/// The scope that a schedule runs in: as `instance_eval` of a string.
pub fn scope(interpreter: &mut Interpreter, list: &Value) -> Rc<Scope> {
    let own = interpreter.singleton_class(list);
    let outer = Rc::new(Nesting { module: Rc::clone(&interpreter.classes.object), outer: None });
    let nesting = Rc::new(Nesting { module: Rc::clone(&own), outer: Some(outer) });
    let frame = interpreter.frame(list.clone(), nesting, own, None, None);
    Scope::new(frame, None)
}

/// `set :name, value`; what the command line set stays.
///
/// # Errors
/// `NameError` for a name that no variable can have.
pub fn set(interpreter: &mut Interpreter, list: &Value, name: &str, value: Value) -> Eval {
    let symbol = Value::symbol(name);
    if let Value::Hash(fixed) = interpreter.get_ivar(list, "@pre_set_variables") {
        if fixed.get_plain(&symbol).is_some_and(|value| value.truthy()) {
            return Ok(Value::Nil);
        }
    }
    let fits =
        name.chars().enumerate().all(|(index, c)| c == '_' || c.is_alphabetic() || !c.is_ascii() || (index > 0 && c.is_ascii_digit()));
    if name.is_empty() || !fits {
        return interpreter.name_error(format!("'@{name}' is not allowed as an instance variable name"));
    }
    interpreter.set_ivar(list, &format!("@{name}"), value.clone());
    if let Value::Hash(variables) = interpreter.get_ivar(list, "@set_variables") {
        variables.insert_plain(symbol, value.clone());
    }
    Ok(value)
}

/// `every(frequency, options) { … }`: the options stay in force after the block, as in the gem.
fn every(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    interpreter.set_ivar(me, "@current_time_scope", args.value(0));
    let options = args.get(1).cloned().unwrap_or_else(|| Value::Hash(Value::new_hash()));
    interpreter.set_ivar(me, "@options", options);
    let Some(block) = &args.block else {
        let class = Rc::clone(&interpreter.classes.standard_error);
        let class = interpreter.error_class("LocalJumpError", &class);
        return interpreter.raise(&class, "no block given (yield)");
    };
    let call = interpreter.call_site();
    let head = match &block.code {
        Code::Block { block, .. } if block.span.file == call.file && block.span.start > call.start => {
            Span { end: block.span.start.min(call.end.max(block.span.start)), ..call }
        }
        _ => call,
    };
    let written = interpreter.slice(head).trim().to_owned();
    *state(interpreter).written.borrow_mut() = written;
    interpreter.yield_values(block, Vec::new())
}

fn missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    if let Value::Hash(variables) = interpreter.get_ivar(me, "@set_variables") {
        if let Some(value) = variables.get_plain(&Value::Symbol(name)) {
            return Ok(value);
        }
    }
    let bare = args.len() == 1 && interpreter.slice(interpreter.call_site()) == name.as_str();
    interpreter.undefined_method(me, name, if bare { CallKind::Bare } else { CallKind::Explicit })
}

/// `job_type name, template`: a method of `list` that declares jobs.
pub fn define_job_type(interpreter: &mut Interpreter, list: &Value, name: Name, template: Value) {
    let own = interpreter.singleton_class(list);
    let body = MethodBody::Closure(Rc::new(move |interpreter: &mut Interpreter, me: &Value, args: &Args| {
        if args.is_empty() {
            return interpreter.argument_error("wrong number of arguments (given 0, expected 1+)");
        }
        declare(interpreter, me, name, &template, args)
    }));
    interpreter.add_method(&own, name, body, Visibility::Public);
}

/// An instance variable, `None` when it is not defined.
fn defined(list: &Value, name: &str) -> Option<Value> {
    match list {
        Value::Object(object) => object.ivars.borrow().get(&Name::new(name)).cloned(),
        _ => None,
    }
}

fn declare(interpreter: &mut Interpreter, list: &Value, kind: Name, template: &Value, args: &Args) -> Eval {
    let mut own: Vec<(Value, Value)> = Vec::new();
    if let Some(Value::Hash(given)) = args.get(1) {
        own = given.pairs();
    }
    let options = Value::new_hash();
    options.insert_plain(Value::symbol("task"), args.value(0));
    options.insert_plain(Value::symbol("template"), template.clone());
    merge(interpreter, &options, own)?;
    let around = match interpreter.get_ivar(list, "@options") {
        Value::Hash(around) => around,
        other => return interpreter.undefined_method(&other, "fetch".into(), CallKind::Explicit),
    };
    if !options.get_symbol("mailto").is_some_and(|mailto| mailto.truthy()) {
        let mailto = around.get_symbol("mailto").unwrap_or_else(|| Value::symbol("default_mailto"));
        options.insert_plain(Value::symbol("mailto"), mailto);
    }
    let log = defined(list, "@cron_log");
    if log.is_some() || options.get_symbol("cron_log").is_some() {
        let log = options.get_symbol("cron_log").filter(Value::truthy).or(log).unwrap_or(Value::Nil);
        options.insert_plain(Value::symbol("output"), log);
    }
    if let (Some(output), None) = (defined(list, "@output"), options.get_symbol("output")) {
        options.insert_plain(Value::symbol("output"), output);
    }
    let mailto = options.get_symbol("mailto").unwrap_or(Value::Nil);
    let mailto_key = interpreter.key(&mailto)?;
    let every = interpreter.get_ivar(list, "@current_time_scope");
    let every_key = interpreter.key(&every)?;

    let all = Value::new_hash();
    merge(interpreter, &all, around.pairs())?;
    if let Value::Hash(variables) = interpreter.get_ivar(list, "@set_variables") {
        merge(interpreter, &all, variables.pairs())?;
    }
    merge(interpreter, &all, options.pairs())?;
    let job_template = all.get_symbol("job_template").filter(Value::truthy).unwrap_or_else(|| Value::str(":job"));
    let roles = match all.get_symbol("roles") {
        None => Vec::new(),
        Some(Value::Array(roles)) => roles.items.borrow().clone(),
        Some(other) => interpreter.to_splat_items(&other)?,
    };
    let output = match all.get_symbol("output") {
        Some(output) => job::redirection(interpreter, &output)?,
        None => Value::str(""),
    };
    let at = all.get_symbol("at").unwrap_or(Value::Nil);
    let template = all.get_symbol("template").unwrap_or(Value::Nil);
    for name in ["at", "template", "job_template", "roles"] {
        all.map.borrow_mut().shift_remove(&Key::plain(&Value::symbol(name)));
    }
    all.insert_plain(Value::symbol("output"), output);
    default(&all, "environment_variable", Value::str("RAILS_ENV"));
    default(&all, "environment", Value::symbol("production"));
    default(&all, "path", Value::str(state(interpreter).options.path.clone()));
    let path = interpreter.display(&all.get_symbol("path").unwrap_or(Value::Nil))?;
    all.insert_plain(Value::symbol("path"), Value::str(job::shell_escape(&path)));

    let state = state(interpreter);
    let job = Declared {
        mailto: (mailto, mailto_key),
        every: (every, every_key),
        options: all,
        at,
        template,
        job_template,
        roles,
        kind,
        span: interpreter.call_site(),
        written: state.written.borrow().clone(),
        conditions: interpreter.conditions.clone(),
    };
    state.jobs.borrow_mut().push(job);
    interpreter.check_size(state.jobs.borrow().len())?;
    Ok(Value::Nil)
}

fn merge(interpreter: &mut Interpreter, into: &Rc<Hash>, pairs: Vec<(Value, Value)>) -> Eval<()> {
    for (key, value) in pairs {
        interpreter.hash_insert(into, key, value)?;
    }
    Ok(())
}

/// `options[name] ||= value`
fn default(options: &Rc<Hash>, name: &str, value: Value) {
    if !options.get_symbol(name).is_some_and(|value| value.truthy()) {
        options.insert_plain(Value::symbol(name), value);
    }
}
