//! `Enumerator::Lazy`: steps that run element by element, only as far as somebody asks.
//!
//! `(1..Float::INFINITY).lazy.map { |x| x * 2 }.select { |x| x % 3 == 0 }.first(2)`

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use super::{Cursor, data};
use crate::name::Name;
use crate::ruby::core::enumerable::pack;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::{Key, Value};

/// What a lazy enumerator keeps.
pub struct LazyData {
    source: Value,
    steps: Vec<Step>,
    /// The names of the methods that added a step, for `inspect`.
    names: Vec<(String, Vec<Value>)>,
    /// Where `next` stands.
    pub cursor: Cursor,
}

#[derive(Clone)]
enum Step {
    Map(Rc<Proc>),
    Sift(Rc<Proc>, bool),
    FilterMap(Rc<Proc>),
    FlatMap(Rc<Proc>),
    TakeWhile(Rc<Proc>),
    DropWhile(Rc<Proc>),
    Take(usize),
    Drop(usize),
    Uniq(Option<Rc<Proc>>),
    Compact,
    WithIndex(i64, Option<Rc<Proc>>),
    Zip(Vec<Value>),
    Grep(Value, Option<Rc<Proc>>, bool),
}

/// What a step remembers during one run.
#[derive(Default)]
struct State {
    count: usize,
    started: bool,
    seen: HashSet<Key>,
}

const LAZY: &[(&str, Native)] = &[
    ("each", each),
    ("map", |i, me, args| with_block(i, me, args, "map", Step::Map)),
    ("collect", |i, me, args| with_block(i, me, args, "collect", Step::Map)),
    ("select", |i, me, args| with_block(i, me, args, "select", |block| Step::Sift(block, true))),
    ("filter", |i, me, args| with_block(i, me, args, "filter", |block| Step::Sift(block, true))),
    ("find_all", |i, me, args| with_block(i, me, args, "find_all", |block| Step::Sift(block, true))),
    ("reject", |i, me, args| with_block(i, me, args, "reject", |block| Step::Sift(block, false))),
    ("filter_map", |i, me, args| with_block(i, me, args, "filter_map", Step::FilterMap)),
    ("flat_map", |i, me, args| with_block(i, me, args, "flat_map", Step::FlatMap)),
    ("collect_concat", |i, me, args| with_block(i, me, args, "collect_concat", Step::FlatMap)),
    ("take_while", |i, me, args| with_block(i, me, args, "take_while", Step::TakeWhile)),
    ("drop_while", |i, me, args| with_block(i, me, args, "drop_while", Step::DropWhile)),
    ("take", |i, me, args| {
        let count = i.size_argument(&args.value(0), "attempt to take negative size")?;
        add(i, me, args, "take", Step::Take(count))
    }),
    ("drop", |i, me, args| {
        let count = i.size_argument(&args.value(0), "attempt to drop negative size")?;
        add(i, me, args, "drop", Step::Drop(count))
    }),
    ("uniq", |i, me, args| add(i, me, args, "uniq", Step::Uniq(args.block.clone()))),
    ("compact", |i, me, args| add(i, me, args, "compact", Step::Compact)),
    ("with_index", with_index),
    ("each_with_index", with_index),
    ("zip", |i, me, args| add(i, me, args, "zip", Step::Zip(args.list.clone()))),
    ("grep", |i, me, args| add(i, me, args, "grep", Step::Grep(args.value(0), args.block.clone(), true))),
    ("grep_v", |i, me, args| add(i, me, args, "grep_v", Step::Grep(args.value(0), args.block.clone(), false))),
    ("force", to_a),
    ("to_a", to_a),
    ("eager", |interpreter, me, _| interpreter.enumerator(me, "each", Vec::new())),
    ("lazy", |_, me, _| Ok(me.clone())),
    ("size", size),
    ("inspect", inspect),
];

/// Installs the class and `Enumerable#lazy`.
pub fn install(interpreter: &mut Interpreter, enumerator: &Rc<Module>) {
    let class = interpreter.define_class_path("Enumerator::Lazy", enumerator);
    interpreter.define(&class, LAZY);
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    interpreter.define(&enumerable, &[("lazy", |interpreter, me, _| make(interpreter, me.clone(), Vec::new(), Vec::new()))]);
}

fn make(interpreter: &mut Interpreter, source: Value, steps: Vec<Step>, names: Vec<(String, Vec<Value>)>) -> Eval {
    let above = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Enumerator::Lazy", &above);
    Ok(interpreter.object_with(&class, LazyData { source, steps, names, cursor: Cursor::default() }))
}

fn add(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, step: Step) -> Eval {
    let before = data::<LazyData>(interpreter, me)?;
    let mut steps = before.steps.clone();
    steps.push(step);
    let mut names = before.names.clone();
    names.push((name.to_owned(), args.list.clone()));
    make(interpreter, before.source.clone(), steps, names)
}

fn with_block(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str, step: fn(Rc<Proc>) -> Step) -> Eval {
    match &args.block {
        Some(block) => add(interpreter, me, args, name, step(Rc::clone(block))),
        None => interpreter.argument_error(format!("tried to call lazy {name} without a block")),
    }
}

/// The number of elements where it is known without running the steps: `(1..20).lazy.map { … }.size` is 20, after `select` it is nil.
fn size(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let lazy = data::<LazyData>(interpreter, me)?;
    let (source, steps) = (lazy.source.clone(), lazy.steps.clone());
    if !interpreter.responds_to(&source, "size")? {
        return Ok(Value::Nil);
    }
    let mut size = match interpreter.send(&source, "size", &[])? {
        Value::Integer(size) => size,
        other => return Ok(other),
    };
    for step in steps {
        size = match step {
            Step::Map(_) | Step::WithIndex(..) | Step::Zip(_) => size,
            Step::Take(count) => size.min(i64::try_from(count).unwrap_or(i64::MAX)),
            Step::Drop(count) => size.saturating_sub(i64::try_from(count).unwrap_or(i64::MAX)).max(0),
            _ => return Ok(Value::Nil),
        };
    }
    Ok(Value::Integer(size))
}

fn with_index(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let start = match args.get(0) {
        None | Some(Value::Nil) => 0,
        Some(number) => interpreter.to_integer(number)?,
    };
    add(interpreter, me, args, "with_index", Step::WithIndex(start, args.block.clone()))
}

/// Where elements go that pass every step; `false` asks for no more.
type Sink = Rc<dyn Fn(&mut Interpreter, Value) -> Eval<bool>>;

/// Sends an element through the steps from `index` on; `false` asks for no more.
fn push(
    interpreter: &mut Interpreter,
    lazy: &LazyData,
    states: &RefCell<Vec<State>>,
    index: usize,
    values: Vec<Value>,
    sink: &Sink,
) -> Eval<bool> {
    let Some(step) = lazy.steps.get(index) else { return sink(interpreter, pack(values)) };
    let count = |add: usize| {
        let mut states = states.borrow_mut();
        states.get_mut(index).map_or(0, |state| {
            state.count += add;
            state.count
        })
    };
    let next = index + 1;
    match step {
        Step::Map(block) => {
            let value = interpreter.yield_values(block, values)?;
            push(interpreter, lazy, states, next, vec![value], sink)
        }
        Step::Sift(block, keep) => {
            let item = pack(values);
            if interpreter.yield_item(block, item.clone())?.truthy() == *keep {
                return push(interpreter, lazy, states, next, vec![item], sink);
            }
            Ok(true)
        }
        Step::FilterMap(block) => {
            let value = interpreter.yield_values(block, values)?;
            if value.truthy() { push(interpreter, lazy, states, next, vec![value], sink) } else { Ok(true) }
        }
        Step::FlatMap(block) => match interpreter.yield_values(block, values)? {
            Value::Array(list) => {
                let items = list.items.borrow().clone();
                for item in items {
                    if !push(interpreter, lazy, states, next, vec![item], sink)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            other => push(interpreter, lazy, states, next, vec![other], sink),
        },
        Step::TakeWhile(block) => {
            if interpreter.yield_values(block, values.clone())?.truthy() {
                return push(interpreter, lazy, states, next, values, sink);
            }
            Ok(false)
        }
        Step::DropWhile(block) => {
            let started = states.borrow().get(index).is_some_and(|state| state.started);
            if !started {
                if interpreter.yield_values(block, values.clone())?.truthy() {
                    return Ok(true);
                }
                if let Some(state) = states.borrow_mut().get_mut(index) {
                    state.started = true;
                }
            }
            push(interpreter, lazy, states, next, values, sink)
        }
        Step::Take(limit) => {
            let taken = count(1);
            if taken > *limit {
                return Ok(false);
            }
            Ok(push(interpreter, lazy, states, next, values, sink)? && taken < *limit)
        }
        Step::Drop(limit) => {
            if count(1) <= *limit {
                return Ok(true);
            }
            push(interpreter, lazy, states, next, values, sink)
        }
        Step::Uniq(block) => {
            let item = pack(values);
            let by = match block {
                Some(block) => interpreter.yield_item(block, item.clone())?,
                None => item.clone(),
            };
            let key = interpreter.key(&by)?;
            let fresh = states.borrow_mut().get_mut(index).is_some_and(|state| state.seen.insert(key));
            if fresh { push(interpreter, lazy, states, next, vec![item], sink) } else { Ok(true) }
        }
        Step::Compact => {
            let item = pack(values);
            if item.is_nil() { Ok(true) } else { push(interpreter, lazy, states, next, vec![item], sink) }
        }
        Step::WithIndex(start, block) => {
            let item = pack(values);
            let number = start.saturating_add(i64::try_from(count(1)).unwrap_or(i64::MAX) - 1);
            match block {
                Some(block) => {
                    interpreter.yield_values(block, vec![item.clone(), Value::Integer(number)])?;
                    push(interpreter, lazy, states, next, vec![item], sink)
                }
                None => push(interpreter, lazy, states, next, vec![Value::array(vec![item, Value::Integer(number)])], sink),
            }
        }
        Step::Zip(others) => {
            let place = count(1) - 1;
            let mut row = vec![pack(values)];
            for other in others {
                let item = match other {
                    Value::Array(array) => array.items.borrow().get(place).cloned(),
                    other => interpreter.take_items(other, place + 1)?.get(place).cloned(),
                };
                row.push(item.unwrap_or(Value::Nil));
            }
            push(interpreter, lazy, states, next, vec![Value::array(row)], sink)
        }
        Step::Grep(pattern, block, keep) => {
            let item = pack(values);
            if interpreter.case_equal(pattern, &item)?.truthy() != *keep {
                return Ok(true);
            }
            let value = match block {
                Some(block) => interpreter.yield_item(block, item)?,
                None => item,
            };
            push(interpreter, lazy, states, next, vec![value], sink)
        }
    }
}

fn run(interpreter: &mut Interpreter, me: &Value, sink: Sink) -> Eval<()> {
    let lazy = data::<LazyData>(interpreter, me)?;
    if lazy.steps.iter().any(|step| matches!(step, Step::Take(0))) {
        return Ok(());
    }
    let states: RefCell<Vec<State>> = RefCell::new(lazy.steps.iter().map(|_| State::default()).collect());
    let source = lazy.source.clone();
    interpreter.each_args(&source, move |interpreter, values| push(interpreter, &lazy, &states, 0, values, &sink))
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(block) = args.block.clone() else { return Ok(me.clone()) };
    run(
        interpreter,
        me,
        Rc::new(move |interpreter, item| {
            interpreter.yield_values(&block, vec![item])?;
            Ok(true)
        }),
    )?;
    Ok(Value::Nil)
}

fn to_a(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let list: Rc<RefCell<Vec<Value>>> = Rc::default();
    let sink = Rc::clone(&list);
    run(
        interpreter,
        me,
        Rc::new(move |interpreter, item| {
            sink.borrow_mut().push(item);
            interpreter.check_size(sink.borrow().len())?;
            Ok(true)
        }),
    )?;
    let items = list.take();
    Ok(Value::array(items))
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let lazy = data::<LazyData>(interpreter, me)?;
    let mut shown = format!("#<Enumerator::Lazy: {}>", interpreter.inspect(&lazy.source)?);
    for (name, args) in &lazy.names {
        let mut list = Vec::new();
        for arg in args {
            list.push(interpreter.inspect(arg)?);
        }
        let args = if list.is_empty() { String::new() } else { format!("({})", list.join(", ")) };
        shown = format!("#<Enumerator::Lazy: {shown}:{}{args}>", Name::new(name));
    }
    Ok(Value::str(shown))
}
