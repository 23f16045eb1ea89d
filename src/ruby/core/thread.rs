//! `Thread`, `Mutex`, `Queue`, `Monitor`, `Timeout`: one after the other. A thread's block runs when the thread is made.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::machine::{data_of, object_with, receiver_class, unknown};
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};

/// What a thread keeps: how its block ended, and its variables.
struct Thread {
    outcome: RefCell<Result<Value, Value>>,
    variables: Rc<Hash>,
}

const THREAD: &[(&str, Native)] = &[
    ("join", |interpreter, me, _| {
        value(interpreter, me)?;
        Ok(me.clone())
    }),
    ("value", |interpreter, me, _| value(interpreter, me)),
    ("alive?", |_, _, _| Ok(Value::Bool(false))),
    ("status", |_, _, _| Ok(Value::Bool(false))),
    ("kill", |_, me, _| Ok(me.clone())),
    ("exit", |_, me, _| Ok(me.clone())),
    ("wakeup", |_, me, _| Ok(me.clone())),
    ("abort_on_exception=", |_, _, args| Ok(args.value(0))),
    ("report_on_exception=", |_, _, args| Ok(args.value(0))),
    ("priority=", |_, _, args| Ok(args.value(0))),
    ("name=", |_, _, args| Ok(args.value(0))),
    ("[]", |interpreter, me, args| {
        let Some(thread) = data_of::<Thread>(me) else { return Ok(Value::Nil) };
        let name = interpreter.display(&args.value(0))?;
        Ok(thread.variables.get_str(&name).unwrap_or(Value::Nil))
    }),
    ("[]=", |interpreter, me, args| {
        let name = interpreter.display(&args.value(0))?;
        if let Some(thread) = data_of::<Thread>(me) {
            thread.variables.insert_plain(Value::str(name), args.value(1));
        }
        Ok(args.value(1))
    }),
    ("key?", |interpreter, me, args| {
        let name = interpreter.display(&args.value(0))?;
        Ok(Value::Bool(data_of::<Thread>(me).is_some_and(|thread| thread.variables.get_str(&name).is_some())))
    }),
    ("thread_variable_get", |interpreter, me, args| interpreter.send(me, "[]", &args.list)),
    ("thread_variable_set", |interpreter, me, args| interpreter.send(me, "[]=", &args.list)),
];

const MUTEX: &[(&str, Native)] = &[
    ("synchronize", |interpreter, me, args| match &args.block {
        Some(block) => {
            interpreter.set_ivar(me, "@locked", Value::Bool(true));
            let answer = interpreter.yield_values(block, Vec::new());
            interpreter.set_ivar(me, "@locked", Value::Bool(false));
            answer
        }
        None => {
            let class = Rc::clone(&interpreter.classes.thread_error);
            interpreter.raise(&class, "must be called with a block")
        }
    }),
    ("lock", |interpreter, me, _| {
        if interpreter.get_ivar(me, "@locked").truthy() && interpreter.real_class(me).display_name() != "Monitor" {
            let class = Rc::clone(&interpreter.classes.thread_error);
            return interpreter.raise(&class, "deadlock; recursive locking");
        }
        interpreter.set_ivar(me, "@locked", Value::Bool(true));
        Ok(me.clone())
    }),
    ("unlock", |interpreter, me, _| {
        if !interpreter.get_ivar(me, "@locked").truthy() {
            let class = Rc::clone(&interpreter.classes.thread_error);
            return interpreter.raise(&class, "Attempt to unlock a mutex which is not locked");
        }
        interpreter.set_ivar(me, "@locked", Value::Bool(false));
        Ok(me.clone())
    }),
    ("try_lock", |interpreter, me, _| {
        let free = !interpreter.get_ivar(me, "@locked").truthy();
        interpreter.set_ivar(me, "@locked", Value::Bool(true));
        Ok(Value::Bool(free))
    }),
    ("locked?", |interpreter, me, _| Ok(Value::Bool(interpreter.get_ivar(me, "@locked").truthy()))),
    ("owned?", |interpreter, me, _| Ok(Value::Bool(interpreter.get_ivar(me, "@locked").truthy()))),
];

const MONITOR: &[(&str, Native)] = &[
    ("synchronize", yields),
    ("mon_synchronize", yields),
    ("enter", |_, _, _| Ok(Value::Nil)),
    ("exit", |_, _, _| Ok(Value::Nil)),
    ("mon_enter", |_, _, _| Ok(Value::Nil)),
    ("mon_exit", |_, _, _| Ok(Value::Nil)),
    ("try_enter", |_, _, _| Ok(Value::Bool(true))),
    ("new_cond", |interpreter, _, _| {
        let object = Rc::clone(&interpreter.classes.object);
        let class = interpreter.define_class_path("ConditionVariable", &object);
        Ok(interpreter.allocate(&class))
    }),
];

/// What a queue keeps.
struct Queue(RefCell<VecDeque<Value>>);

const QUEUE: &[(&str, Native)] = &[
    ("push", push),
    ("<<", push),
    ("enq", push),
    ("pop", pop),
    ("shift", pop),
    ("deq", pop),
    ("empty?", |_, me, _| Ok(Value::Bool(length(me) == 0))),
    ("size", |_, me, _| Ok(Value::Integer(length(me)))),
    ("length", |_, me, _| Ok(Value::Integer(length(me)))),
    ("clear", |_, me, _| {
        if let Some(queue) = data_of::<Queue>(me) {
            queue.0.borrow_mut().clear();
        }
        Ok(me.clone())
    }),
    ("close", |_, me, _| Ok(me.clone())),
    ("closed?", |_, _, _| Ok(Value::Bool(false))),
    ("num_waiting", |_, _, _| Ok(Value::Integer(0))),
];

/// Installs the classes.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let thread = interpreter.define_class_path("Thread", &object);
    interpreter.define(&thread, THREAD);
    interpreter.define_singleton(
        &thread,
        &[
            ("new", start),
            ("start", start),
            ("fork", start),
            ("current", current),
            ("main", current),
            ("list", |interpreter, me, args| Ok(Value::array(vec![current(interpreter, me, args)?]))),
            ("pass", |_, _, _| Ok(Value::Nil)),
            ("abort_on_exception=", |_, _, args| Ok(args.value(0))),
            ("report_on_exception=", |_, _, args| Ok(args.value(0))),
        ],
    );
    for (name, table) in [("Thread::Mutex", MUTEX), ("Monitor", MONITOR)] {
        let class = interpreter.define_class_path(name, &object);
        interpreter.define(&class, table);
        if name == "Thread::Mutex" {
            interpreter.set_constant(&object, Name::new("Mutex"), Value::Module(class));
        }
    }
    let mixin = interpreter.define_module_path("MonitorMixin");
    interpreter.define(&mixin, MONITOR);
    for name in ["Queue", "SizedQueue"] {
        let class = interpreter.define_class_path(&format!("Thread::{name}"), &object);
        interpreter.define(&class, QUEUE);
        interpreter.define_singleton(
            &class,
            &[("new", |interpreter, me, args| {
                let items = match args.get(0) {
                    Some(Value::Array(array)) => array.items.borrow().iter().cloned().collect(),
                    _ => VecDeque::new(),
                };
                let class = receiver_class(interpreter, me);
                Ok(object_with(&class, Rc::new(Queue(RefCell::new(items)))))
            })],
        );
        interpreter.set_constant(&object, Name::new(name), Value::Module(class));
    }
    let condition = interpreter.define_class_path("Thread::ConditionVariable", &object);
    interpreter.define(
        &condition,
        &[("wait", |_, me, _| Ok(me.clone())), ("signal", |_, me, _| Ok(me.clone())), ("broadcast", |_, me, _| Ok(me.clone()))],
    );
    interpreter.set_constant(&object, Name::new("ConditionVariable"), Value::Module(condition));
    let timeout = interpreter.define_module_path("Timeout");
    let runtime = Rc::clone(&interpreter.classes.runtime_error);
    let error = interpreter.define_class_path("Timeout::Error", &runtime);
    interpreter.set_constant(&object, Name::new("TimeoutError"), Value::Module(error));
    const TIMEOUT: &[(&str, Native)] = &[("timeout", |interpreter, _, args| match &args.block {
        Some(block) => interpreter.yield_values(block, vec![args.value(0)]),
        None => Ok(Value::Nil),
    })];
    interpreter.define_singleton(&timeout, TIMEOUT);
    interpreter.define_private(&timeout, TIMEOUT);
    let benchmark = interpreter.define_module_path("Benchmark");
    interpreter.define_singleton(&benchmark, &[("realtime", measure), ("measure", measure)]);
}

fn yields(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => interpreter.yield_values(block, Vec::new()),
        None => Ok(Value::Nil),
    }
}

fn measure(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    yields(interpreter, me, args)?;
    Ok(unknown("Benchmark.realtime", super::machine::HOST))
}

fn start(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = receiver_class(interpreter, me);
    let Some(block) = &args.block else {
        let class = Rc::clone(&interpreter.classes.thread_error);
        return interpreter.raise(&class, "must be called with a block");
    };
    let outcome = match interpreter.yield_values(block, args.list.clone()) {
        Ok(value) => Ok(value),
        Err(flow) => match *flow {
            // Raised again by `join`.
            Flow::Raise(error) => Err(error),
            other => return Err(Box::new(other)),
        },
    };
    Ok(object_with(&class, Rc::new(Thread { outcome: RefCell::new(outcome), variables: Value::new_hash() })))
}

fn current(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let known = interpreter.get_ivar(me, "@current");
    if !known.is_nil() {
        return Ok(known);
    }
    let class = receiver_class(interpreter, me);
    let made = object_with(&class, Rc::new(Thread { outcome: RefCell::new(Ok(Value::Nil)), variables: Value::new_hash() }));
    interpreter.set_ivar(me, "@current", made.clone());
    Ok(made)
}

fn value(interpreter: &mut Interpreter, me: &Value) -> Eval {
    let Some(thread) = data_of::<Thread>(me) else { return Ok(Value::Nil) };
    let outcome = thread.outcome.borrow().clone();
    match outcome {
        Ok(value) => Ok(value),
        Err(error) => interpreter.raise_object(error),
    }
}

fn push(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(queue) = data_of::<Queue>(me) {
        queue.0.borrow_mut().push_back(args.value(0));
    }
    Ok(me.clone())
}

fn pop(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let next = data_of::<Queue>(me).and_then(|queue| queue.0.borrow_mut().pop_front());
    match next {
        Some(value) => Ok(value),
        None if args.value(0).truthy() => {
            let class = Rc::clone(&interpreter.classes.thread_error);
            interpreter.raise(&class, "queue empty")
        }
        // Nobody else could ever push.
        None => Ok(Value::Nil),
    }
}

fn length(me: &Value) -> i64 {
    data_of::<Queue>(me).map_or(0, |queue| i64::try_from(queue.0.borrow().len()).unwrap_or(0))
}
