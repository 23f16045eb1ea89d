//! `Enumerator`: an iteration that is not done yet.
//!
//! `[1, 2].map.with_index(1) { |x, i| … }`: keeps the object, the method and its arguments, and calls it with the block it gets.

use std::cell::RefCell;
use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::enumerable::{block_or_enumerator, pack};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::Value;

mod external;
mod lazy;

pub use external::Cursor;

/// What an enumerator keeps: what it iterates over, and how.
pub struct EnumeratorData {
    /// The object.
    pub receiver: Value,
    /// Its iterating method.
    pub method: Name,
    /// Arguments of that method.
    pub args: Vec<Value>,
    /// The size that was told to `Enumerator.new`.
    pub size: Option<Value>,
    /// Where `next` stands.
    pub cursor: Cursor,
}

impl Drop for EnumeratorData {
    fn drop(&mut self) {
        Value::drop_flat(std::iter::once(std::mem::replace(&mut self.receiver, Value::Nil)));
    }
}

/// What an `Enumerator::Generator` keeps: the block of `Enumerator.new`.
pub struct Generator {
    /// Called with a yielder.
    pub block: Rc<Proc>,
}

/// What an `Enumerator::Yielder` keeps: where its values go.
struct Yielder {
    block: Rc<Proc>,
}

/// What an `Enumerator::Chain` keeps.
struct Chain {
    parts: Vec<Value>,
}

const ENUMERATOR: &[(&str, Native)] = &[
    ("each", each),
    ("with_index", with_index),
    ("each_with_index", |interpreter, me, args| {
        let block = block_or_enumerator!(interpreter, me, args, "each_with_index");
        index_from(interpreter, me, 0, &block)
    }),
    ("with_object", with_object),
    ("each_with_object", with_object),
    ("size", size),
    ("inspect", inspect),
    ("+", |interpreter, me, args| interpreter.make_chain(vec![me.clone(), args.value(0)])),
    ("next", external::next),
    ("peek", external::peek),
    ("next_values", external::next_values),
    ("rewind", external::rewind),
    ("==", |interpreter, me, args| equal(interpreter, me, &args.value(0))),
];

const YIELDER: &[(&str, Native)] = &[
    ("<<", |interpreter, me, args| {
        yield_to(interpreter, me, args)?;
        Ok(me.clone())
    }),
    ("yield", yield_to),
    ("call", yield_to),
    ("to_proc", |interpreter, me, _| {
        let me = me.clone();
        Ok(Value::Proc(interpreter.native_block(-1, move |interpreter, args| yield_to(interpreter, &me, args))))
    }),
];

const CHAIN: &[(&str, Native)] = &[("each", chain_each), ("size", chain_size), ("inspect", chain_inspect), ("to_s", chain_inspect)];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = class_of(interpreter, "Enumerator");
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    interpreter.include(&class, &enumerable);
    interpreter.define(&class, ENUMERATOR);
    interpreter.define_singleton(&class, &[("new", new), ("produce", produce)]);
    let generator = class_of(interpreter, "Enumerator::Generator");
    interpreter.include(&generator, &enumerable);
    interpreter.define(&generator, &[("each", generate)]);
    let yielder = class_of(interpreter, "Enumerator::Yielder");
    interpreter.define(&yielder, YIELDER);
    let chain = interpreter.define_class_path("Enumerator::Chain", &class);
    interpreter.define(&chain, CHAIN);
    lazy::install(interpreter, &class);
}

fn class_of(interpreter: &mut Interpreter, path: &str) -> Rc<Module> {
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define_class_path(path, &object)
}

impl Interpreter {
    /// The enumerator that `receiver.method(args)` without a block gives.
    ///
    /// # Errors
    /// None so far.
    pub fn enumerator(&mut self, receiver: &Value, method: &str, args: Vec<Value>) -> Eval {
        self.sized_enumerator(receiver, method, args, None)
    }

    /// The enumerator of `receiver.method(args)` that knows its size (or a block that gives it).
    ///
    /// # Errors
    /// None so far.
    pub fn sized_enumerator(&mut self, receiver: &Value, method: &str, args: Vec<Value>, size: Option<Value>) -> Eval {
        let class = class_of(self, "Enumerator");
        let data = EnumeratorData { receiver: receiver.clone(), method: Name::new(method), args, size, cursor: Cursor::default() };
        Ok(self.object_with(&class, data))
    }

    /// An object of `class` that keeps `data`.
    pub fn object_with<T: std::any::Any>(&mut self, class: &Rc<Module>, data: T) -> Value {
        let made = self.allocate(class);
        if let Value::Object(inner) = &made {
            *inner.data.borrow_mut() = Some(Rc::new(data));
        }
        made
    }

    /// An enumerator whose `each` calls `block` with a yielder.
    ///
    /// # Errors
    /// None so far.
    pub fn generator(&mut self, block: Rc<Proc>, size: Option<Value>) -> Eval {
        let class = class_of(self, "Enumerator::Generator");
        let source = self.object_with(&class, Generator { block });
        self.sized_enumerator(&source, "each", Vec::new(), Some(size.unwrap_or(Value::Nil)))
    }

    /// One enumerator over several.
    ///
    /// # Errors
    /// None so far.
    pub fn make_chain(&mut self, parts: Vec<Value>) -> Eval {
        let class = class_of(self, "Enumerator::Chain");
        Ok(self.object_with(&class, Chain { parts }))
    }
}

/// What native methods keep with an object, when that is a `T`.
pub(super) fn data<T: std::any::Any>(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<T>> {
    let found = match me {
        Value::Object(object) => object.data::<T>(),
        _ => None,
    };
    match found {
        Some(data) => Ok(data),
        None => interpreter.argument_error("uninitialized enumerator"),
    }
}

fn new(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match &args.block {
        Some(block) => interpreter.generator(Rc::clone(block), args.get(0).cloned()),
        None => interpreter.argument_error("no block given"),
    }
}

fn produce(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let Some(step) = args.block.clone() else { return interpreter.argument_error("no block given") };
    let start = args.get(0).cloned();
    let block = interpreter.native_block(1, move |interpreter, given| {
        let yielder = given.value(0);
        let mut current = match &start {
            Some(start) => start.clone(),
            None => match stopped(interpreter, Vec::new(), &step)? {
                Some(value) => value,
                None => return Ok(Value::Nil),
            },
        };
        loop {
            interpreter.step()?;
            yield_to(interpreter, &yielder, &Args::new(vec![current.clone()]))?;
            match stopped(interpreter, vec![current], &step)? {
                Some(value) => current = value,
                None => return Ok(Value::Nil),
            }
        }
    });
    interpreter.generator(block, Some(Value::Float(f64::INFINITY)))
}

/// Calls the block; `None` when it raises `StopIteration`.
fn stopped(interpreter: &mut Interpreter, args: Vec<Value>, block: &Rc<Proc>) -> Eval<Option<Value>> {
    match interpreter.yield_values(block, args) {
        Ok(value) => Ok(Some(value)),
        Err(flow) => {
            if let Flow::Raise(error) = &*flow {
                let stop = Rc::clone(&interpreter.classes.stop_iteration);
                if interpreter.is_a(error, &stop) {
                    return Ok(None);
                }
            }
            Err(flow)
        }
    }
}

fn generate(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let generator = data::<Generator>(interpreter, me)?;
    let Some(block) = args.block.clone() else { return Ok(me.clone()) };
    let class = class_of(interpreter, "Enumerator::Yielder");
    let yielder = interpreter.object_with(&class, Yielder { block });
    let mut list = vec![yielder];
    list.extend(args.list.iter().cloned());
    interpreter.yield_values(&generator.block, list)
}

fn yield_to(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let yielder = data::<Yielder>(interpreter, me)?;
    interpreter.call_proc(&yielder.block, &Args { list: args.list.clone(), keywords: args.keywords, block: None })
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let data = data::<EnumeratorData>(interpreter, me)?;
    let mut list = data.args.clone();
    list.extend(args.list.iter().cloned());
    if args.block.is_none() {
        return if args.list.is_empty() { Ok(me.clone()) } else { interpreter.enumerator(&data.receiver, &data.method, list) };
    }
    if let (Value::Range(range), "step" | "%", Some(block)) = (&data.receiver, data.method.as_str(), &args.block)
        && super::range::walk_sequence(interpreter, range, data.args.first(), block)?
    {
        return Ok(me.clone());
    }
    let keywords = data.method.as_str() == "step" && matches!(list.last(), Some(Value::Hash(_)));
    interpreter.call(&data.receiver, data.method, Args { list, keywords, block: args.block.clone() }, CallKind::Implicit)
}

/// Calls `each`, giving the block every element and its number from `start` on.
fn index_from(interpreter: &mut Interpreter, me: &Value, start: i64, block: &Rc<Proc>) -> Eval {
    let block = Rc::clone(block);
    let index = RefCell::new(start);
    let counting = interpreter.native_block(-1, move |interpreter, given| {
        let now = index.replace_with(|index| index.saturating_add(1));
        interpreter.yield_values(&block, vec![pack(given.list.clone()), Value::Integer(now)])
    });
    interpreter.call(me, Name::new("each"), Args::none().with_block(Some(counting)), CallKind::Implicit)
}

fn with_index(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let block = block_or_enumerator!(interpreter, me, args, "with_index");
    let start = match args.get(0) {
        None | Some(Value::Nil) => 0,
        Some(number) => interpreter.to_integer(number)?,
    };
    index_from(interpreter, me, start, &block)
}

fn with_object(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let block = block_or_enumerator!(interpreter, me, args, "with_object");
    let memo = args.value(0);
    let held = memo.clone();
    let with = interpreter
        .native_block(-1, move |interpreter, given| interpreter.yield_values(&block, vec![pack(given.list.clone()), held.clone()]));
    interpreter.call(me, Name::new("each"), Args::none().with_block(Some(with)), CallKind::Implicit)?;
    Ok(memo)
}

/// How many elements `receiver` has, where that is known without going through it.
fn count_of(interpreter: &mut Interpreter, receiver: &Value) -> Eval<Option<i64>> {
    let length = match receiver {
        Value::Array(array) => array.items.borrow().len(),
        Value::Hash(hash) => hash.map.borrow().len(),
        Value::Range(_) | Value::Object(_) if interpreter.has_method(receiver, Name::new("size"), false) => {
            return Ok(match interpreter.send(receiver, "size", &[])? {
                Value::Integer(number) => Some(number),
                Value::Float(number) if number.is_infinite() => Some(i64::MAX),
                _ => None,
            });
        }
        _ => return Ok(None),
    };
    Ok(i64::try_from(length).ok())
}

fn size(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let data = data::<EnumeratorData>(interpreter, me)?;
    if let Some(size) = &data.size {
        return match size {
            Value::Proc(code) => interpreter.call_proc(code, &Args::none()),
            other => Ok(other.clone()),
        };
    }
    let argument = match data.args.first() {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    };
    match (data.method.as_str(), &data.receiver, argument) {
        ("times", Value::Integer(number), _) => return Ok(Value::Integer((*number).max(0))),
        ("loop", _, _) => return Ok(Value::Float(f64::INFINITY)),
        ("upto", Value::Integer(low), Some(high)) => return Ok(Value::Integer(high.saturating_sub(*low).saturating_add(1).max(0))),
        ("downto", Value::Integer(high), Some(low)) => return Ok(Value::Integer(high.saturating_sub(low).saturating_add(1).max(0))),
        ("each_char" | "chars", text @ Value::Str(_), _) => return interpreter.send(text, "length", &[]),
        ("find" | "detect" | "find_index" | "index" | "rindex" | "take_while" | "drop_while" | "chunk" | "each_entry", _, _) => {
            return Ok(Value::Nil);
        }
        ("step" | "%", receiver, _) if !matches!(receiver, Value::Object(_)) => {
            let list = interpreter.to_list(me)?;
            return Ok(Value::Integer(i64::try_from(list.len()).unwrap_or(i64::MAX)));
        }
        _ => {}
    }
    let Some(count) = count_of(interpreter, &data.receiver)? else { return Ok(Value::Nil) };
    let answer = match (data.method.as_str(), argument) {
        ("each_slice", Some(size)) if size > 0 => count / size + i64::from(count % size != 0),
        ("each_cons", Some(size)) if size > 0 => (count - size + 1).max(0),
        ("cycle", _) if count == 0 => 0,
        ("cycle", Some(rounds)) => count.saturating_mul(rounds.max(0)),
        ("cycle", None) => i64::MAX,
        ("combination" | "permutation" | "repeated_combination" | "repeated_permutation" | "product", _) => {
            i64::try_from(interpreter.to_list(me)?.len()).unwrap_or(i64::MAX)
        }
        _ => count,
    };
    Ok(if answer == i64::MAX { Value::Float(f64::INFINITY) } else { Value::Integer(answer) })
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let data = data::<EnumeratorData>(interpreter, me)?;
    let receiver = match &data.receiver {
        Value::Object(object) if object.data::<Generator>().is_some() => "#<Enumerator::Generator>".to_owned(),
        other => interpreter.inspect(other)?,
    };
    let mut shown = Vec::new();
    for arg in &data.args {
        shown.push(interpreter.inspect(arg)?);
    }
    let args = if shown.is_empty() { String::new() } else { format!("({})", shown.join(", ")) };
    Ok(Value::str(match (&data.receiver, data.method.as_str()) {
        // Arithmetic sequences.
        (Value::Range(_), "step" | "%") => format!("(({receiver}).{}{args})", data.method),
        (Value::Integer(_) | Value::Float(_), "step") => format!("({receiver}.{}{args})", data.method),
        _ => format!("#<Enumerator: {receiver}:{}{args}>", data.method),
    }))
}

fn equal(interpreter: &mut Interpreter, me: &Value, other: &Value) -> Eval {
    if me.same(other) {
        return Ok(Value::Bool(true));
    }
    // Arithmetic sequences compare by what they are made of; other enumerators are equal only to themselves.
    let parts = |value: &Value| match value {
        Value::Object(object) => object.data::<EnumeratorData>(),
        _ => None,
    };
    let (Some(a), Some(b)) = (parts(me), parts(other)) else { return Ok(Value::Bool(false)) };
    let sequence = matches!(a.method.as_str(), "step" | "%") && matches!(b.method.as_str(), "step" | "%");
    if !sequence || matches!(a.receiver, Value::Object(_)) {
        return Ok(Value::Bool(false));
    }
    let same =
        interpreter.equal(&a.receiver, &b.receiver)? && interpreter.equal(&Value::array(a.args.clone()), &Value::array(b.args.clone()))?;
    Ok(Value::Bool(same))
}

fn chain_each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(block) = &args.block else { return Ok(me.clone()) };
    let chain = data::<Chain>(interpreter, me)?;
    for part in &chain.parts {
        let args = Args::none().with_block(Some(Rc::clone(block)));
        interpreter.call(part, Name::new("each"), args, CallKind::Implicit)?;
    }
    Ok(me.clone())
}

fn chain_size(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let chain = data::<Chain>(interpreter, me)?;
    let mut total = 0_i64;
    for part in &chain.parts {
        match interpreter.send(part, "size", &[])? {
            Value::Integer(number) => total = total.saturating_add(number),
            other => return Ok(other),
        }
    }
    Ok(Value::Integer(total))
}

fn chain_inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let chain = data::<Chain>(interpreter, me)?;
    let parts = interpreter.inspect(&Value::array(chain.parts.clone()))?;
    Ok(Value::str(format!("#<Enumerator::Chain: {parts}>")))
}
