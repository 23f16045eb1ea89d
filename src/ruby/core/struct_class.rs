//! `Struct`: classes of objects with named members.
//!
//! `Point = Struct.new(:x, :y) { def sum; x + y; end }`

use std::cell::RefCell;
use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::enumerable::{Verdict, block_or_enumerator};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Method, MethodBody, Module, Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::{Key, Value};

/// What a class made by `Struct.new` keeps.
pub struct Shape {
    /// Names of the members.
    pub members: Vec<Name>,
    /// `keyword_init: true`
    pub keyword_init: Option<bool>,
}

/// What an object of such a class keeps.
pub struct Fields {
    /// Values of the members.
    pub values: RefCell<Vec<Value>>,
}

impl Drop for Fields {
    fn drop(&mut self) {
        Value::drop_flat(std::mem::take(self.values.get_mut()).into_iter());
    }
}

const STRUCT: &[(&str, Native)] = &[
    ("members", |interpreter, me, _| Ok(members(&*shape(interpreter, me)?))),
    ("to_a", |interpreter, me, _| Ok(Value::array(values(interpreter, me)?))),
    ("deconstruct", |interpreter, me, _| Ok(Value::array(values(interpreter, me)?))),
    ("values", |interpreter, me, _| Ok(Value::array(values(interpreter, me)?))),
    ("to_h", to_h),
    ("deconstruct_keys", deconstruct_keys),
    ("[]", get),
    ("[]=", set),
    ("dig", |interpreter, me, args| {
        interpreter.check_arity(args, 1, None)?;
        let found = match place(interpreter, me, &args.list[0]) {
            Ok(index) => values(interpreter, me)?.get(index).cloned().unwrap_or(Value::Nil),
            Err(flow) if matches!(args.list[0], Value::Integer(_)) => {
                drop(flow);
                Value::Nil
            }
            Err(flow) => return Err(flow),
        };
        interpreter.dig_further(found, &args.list[1..])
    }),
    ("values_at", |interpreter, me, args| {
        let list = Value::array(values(interpreter, me)?);
        interpreter.send(&list, "values_at", &args.list)
    }),
    ("each", each),
    ("each_pair", each_pair),
    ("==", |interpreter, me, args| equal(interpreter, me, &args.value(0))),
    ("eql?", |interpreter, me, args| {
        let same = interpreter.key(me)? == interpreter.key(&args.value(0))?;
        Ok(Value::Bool(same))
    }),
    ("hash", |interpreter, me, _| {
        let list = Value::array(values(interpreter, me)?);
        let class = Name::new(&interpreter.real_class(me).display_name());
        let key = Key::List(vec![Key::Symbol(class), interpreter.key(&list)?]);
        Ok(interpreter.hash_number(&key))
    }),
    ("size", length),
    ("length", length),
    ("inspect", inspect),
    ("to_s", inspect),
    ("initialize_copy", copy),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Struct", &object);
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    interpreter.include(&class, &enumerable);
    interpreter.allocators.push((Rc::clone(&class), |interpreter, class| {
        let count = find_shape(interpreter, class).map_or(0, |shape| shape.members.len());
        // Not through `object_with`: that would come back here.
        Value::Object(Rc::new(crate::ruby::value::Object {
            class: RefCell::new(Rc::clone(class)),
            ivars: RefCell::default(),
            frozen: std::cell::Cell::new(false),
            data: RefCell::new(Some(Rc::new(Fields { values: RefCell::new(vec![Value::Nil; count]) }))),
        }))
    }));
    interpreter.define(&class, STRUCT);
    interpreter.define_private(&class, &[("initialize", initialize)]);
    interpreter.define_singleton(&class, &[("new", new_class)]);
}

fn find_shape(interpreter: &Interpreter, class: &Rc<Module>) -> Option<Rc<Shape>> {
    class.linearise(interpreter.version).iter().find_map(|ancestor| ancestor.data::<Shape>())
}

fn shape(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Shape>> {
    let class = match me {
        Value::Module(class) => Rc::clone(class),
        other => interpreter.real_class(other),
    };
    match find_shape(interpreter, &class) {
        Some(shape) => Ok(shape),
        None => interpreter.type_error("uninitialized struct"),
    }
}

fn fields(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Fields>> {
    let found = match me {
        Value::Object(object) => object.data::<Fields>(),
        _ => None,
    };
    match found {
        Some(fields) => Ok(fields),
        None => interpreter.type_error("uninitialized struct"),
    }
}

fn values(interpreter: &mut Interpreter, me: &Value) -> Eval<Vec<Value>> {
    let fields = fields(interpreter, me)?;
    let values = fields.values.borrow().clone();
    Ok(values)
}

fn members(shape: &Shape) -> Value {
    Value::array(shape.members.iter().map(|name| Value::Symbol(*name)).collect())
}

/// `Struct.new("Name", :a, :b, keyword_init: true) { … }`
fn new_class(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Value::Module(above) = me else { return Ok(Value::Nil) };
    let mut list = args.list.clone();
    let mut keyword_init = None;
    if args.keywords
        && let Some(Value::Hash(options)) = list.pop()
    {
        keyword_init = options.get_symbol("keyword_init").filter(|value| !value.is_nil()).map(|value| value.truthy());
    }
    let mut constant = None;
    if let Some(Value::Str(text)) = list.first() {
        constant = Some(Name::new(&text.text.borrow()));
        list.remove(0);
    } else if let Some(Value::Nil) = list.first() {
        list.remove(0);
    }
    if list.is_empty() && constant.is_none() {
        return interpreter.argument_error("wrong number of arguments (given 0, expected 1+)");
    }
    let mut names = Vec::new();
    for member in &list {
        let Some(name) = member.name() else {
            let shown = interpreter.inspect(member)?;
            return interpreter.type_error(format!("{shown} is not a symbol nor a string"));
        };
        if names.contains(&name) {
            return interpreter.argument_error(format!("duplicate member: {name}"));
        }
        names.push(name);
    }
    let class = Module::new(None, true, Some(Rc::clone(above)));
    if let Some(name) = constant {
        if !name.starts_with(|c: char| c.is_uppercase()) {
            return interpreter.name_error(format!("identifier {name} needs to be constant"));
        }
        interpreter.set_constant(above, name, Value::Module(Rc::clone(&class)));
    }
    for (index, name) in names.iter().enumerate() {
        accessors(&class, index, *name);
    }
    *class.data.borrow_mut() = Some(Rc::new(Shape { members: names, keyword_init }));
    let meta = interpreter.singleton_class(&Value::Module(Rc::clone(&class)));
    let make = interpreter.find_method(&interpreter.classes.class, Name::new("new"));
    if let Some(make) = make {
        for name in ["new", "[]"] {
            meta.insert_method(Name::new(name), Method { name: Name::new(name), ..make.clone() });
        }
    }
    interpreter.define(
        &meta,
        &[
            ("members", |interpreter, me, _| Ok(members(&*shape(interpreter, me)?))),
            ("keyword_init?", |interpreter, me, _| Ok(shape(interpreter, me)?.keyword_init.map_or(Value::Nil, Value::Bool))),
            ("inspect", class_inspect),
        ],
    );
    interpreter.tell_inherited(above, &class)?;
    if let Some(block) = &args.block {
        interpreter.call_block_in_module(block, &class, &Args::new(vec![Value::Module(Rc::clone(&class))]))?;
    }
    Ok(Value::Module(class))
}

fn class_inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let name = match me {
        Value::Module(class) => class.display_name(),
        _ => String::new(),
    };
    let by_keyword = shape(interpreter, me)?.keyword_init == Some(true);
    Ok(Value::str(if by_keyword { format!("{name}(keyword_init: true)") } else { name }))
}

/// Defines the reader and the writer of member number `index`.
fn accessors(class: &Rc<Module>, index: usize, name: Name) {
    let reader: crate::ruby::module::NativeClosure = Rc::new(move |interpreter, me, args| {
        interpreter.check_arity(args, 0, Some(0))?;
        Ok(values(interpreter, me)?.get(index).cloned().unwrap_or(Value::Nil))
    });
    let writer: crate::ruby::module::NativeClosure = Rc::new(move |interpreter, me, args| {
        interpreter.check_arity(args, 1, Some(1))?;
        assign(interpreter, me, index, args.value(0))
    });
    let assigned = Name::new(&format!("{name}="));
    for (name, body) in [(name, reader), (assigned, writer)] {
        let method = Method { name, owner: Rc::downgrade(class), visibility: Visibility::Public, body: MethodBody::Closure(body) };
        class.insert_method(name, method);
    }
}

fn assign(interpreter: &mut Interpreter, me: &Value, index: usize, value: Value) -> Eval {
    interpreter.check_frozen(me)?;
    let fields = fields(interpreter, me)?;
    if let Some(slot) = fields.values.borrow_mut().get_mut(index) {
        *slot = value.clone();
    }
    Ok(value)
}

fn initialize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let shape = shape(interpreter, me)?;
    let fields = fields(interpreter, me)?;
    // Not told, Ruby 3.1 takes lone keywords as one hash.
    let by_keyword = shape.keyword_init == Some(true);
    if !by_keyword {
        if args.len() > shape.members.len() {
            return interpreter.argument_error("struct size differs");
        }
        for (slot, value) in fields.values.borrow_mut().iter_mut().zip(&args.list) {
            *slot = value.clone();
        }
        return Ok(Value::Nil);
    }
    if args.is_empty() {
        return Ok(Value::Nil);
    }
    let [Value::Hash(given)] = args.list.as_slice() else {
        let count = args.len();
        return interpreter.argument_error(format!("wrong number of arguments (given {count}, expected 0)"));
    };
    let mut unknown = Vec::new();
    for (key, value) in given.pairs() {
        match key.name().and_then(|name| shape.members.iter().position(|member| *member == name)) {
            Some(index) => {
                if let Some(slot) = fields.values.borrow_mut().get_mut(index) {
                    *slot = value;
                }
            }
            None => unknown.push(interpreter.display(&key)?),
        }
    }
    if unknown.is_empty() { Ok(Value::Nil) } else { interpreter.argument_error(format!("unknown keywords: {}", unknown.join(", "))) }
}

/// The number of the member that `key` (a name or an index) means.
fn place(interpreter: &mut Interpreter, me: &Value, key: &Value) -> Eval<usize> {
    let shape = shape(interpreter, me)?;
    if let Some(name) = key.name() {
        return match shape.members.iter().position(|member| *member == name) {
            Some(index) => Ok(index),
            None => interpreter.name_error(format!("no member '{name}' in struct")),
        };
    }
    let index = interpreter.to_integer(key)?;
    let length = shape.members.len();
    match super::array::position(index, length) {
        Some(place) if place < length => Ok(place),
        found => {
            let word = if found.is_some() { "large" } else { "small" };
            let class = Rc::clone(&interpreter.classes.index_error);
            let sign = if found.is_some() { "" } else { "-" };
            interpreter.raise(&class, format!("offset {index} too {word} for struct(size:{sign}{length})"))
        }
    }
}

fn get(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let index = place(interpreter, me, &args.list[0])?;
    Ok(values(interpreter, me)?.get(index).cloned().unwrap_or(Value::Nil))
}

fn set(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(2))?;
    let index = place(interpreter, me, &args.list[0])?;
    assign(interpreter, me, index, args.value(1))
}

fn pairs(interpreter: &mut Interpreter, me: &Value) -> Eval<Vec<(Value, Value)>> {
    let shape = shape(interpreter, me)?;
    let values = values(interpreter, me)?;
    Ok(shape.members.iter().map(|name| Value::Symbol(*name)).zip(values).collect())
}

fn to_h(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let pairs = pairs(interpreter, me)?;
    let Some(block) = &args.block else { return Ok(Value::hash(pairs)) };
    let made = Value::new_hash();
    for (key, value) in pairs {
        let pair = interpreter.yield_values(block, vec![key, value])?;
        super::enumerable::add_pair(interpreter, &made, &pair, "")?;
    }
    Ok(Value::Hash(made))
}

fn deconstruct_keys(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let pairs = pairs(interpreter, me)?;
    let Some(wanted) = args.value(0).items() else { return Ok(Value::hash(pairs)) };
    let is_wanted = |key: &Value| wanted.iter().any(|name| name.same(key));
    Ok(Value::hash(pairs.into_iter().filter(|(key, _)| is_wanted(key))))
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "each");
    for value in values(interpreter, me)? {
        interpreter.step()?;
        interpreter.yield_values(&block, vec![value])?;
    }
    Ok(me.clone())
}

fn each_pair(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let block = block_or_enumerator!(interpreter, me, args, "each_pair");
    for (key, value) in pairs(interpreter, me)? {
        interpreter.step()?;
        interpreter.yield_values(&block, vec![Value::array(vec![key, value])])?;
    }
    Ok(me.clone())
}

fn equal(interpreter: &mut Interpreter, me: &Value, other: &Value) -> Eval {
    if me.same(other) {
        return Ok(Value::Bool(true));
    }
    if !Rc::ptr_eq(&interpreter.real_class(me), &interpreter.real_class(other)) {
        return Ok(Value::Bool(false));
    }
    if interpreter.visiting.iter().filter(|known| **known == me.address()).count() > 1 {
        return Ok(Value::Bool(true));
    }
    let (left, right) = (values(interpreter, me)?, values(interpreter, other)?);
    interpreter.visiting.push(me.address());
    let mut answer = Ok(Value::Bool(true));
    for (left, right) in left.iter().zip(&right) {
        match interpreter.equal_or_unknown(left, right) {
            Ok(Verdict::Known(true)) => {}
            Ok(Verdict::Known(false)) => {
                answer = Ok(Value::Bool(false));
                break;
            }
            Ok(Verdict::Unknown(hole)) => answer = Ok(Value::Unknown(hole)),
            Err(flow) => {
                answer = Err(flow);
                break;
            }
        }
    }
    interpreter.visiting.pop();
    answer
}

fn length(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let length = values(interpreter, me)?.len();
    Ok(Value::Integer(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = interpreter.real_class(me);
    let named = class.name.borrow().clone();
    let head = named.map_or_else(|| "#<struct".to_owned(), |name| format!("#<struct {name}"));
    let again = format!("{head}:...>");
    interpreter.inspect_guarded(me, &again, |interpreter| {
        let mut parts = Vec::new();
        for (key, value) in pairs(interpreter, me)? {
            let name = interpreter.display(&key)?;
            parts.push(format!("{name}={}", interpreter.inspect(&value)?));
        }
        Ok(format!("{head} {}>", parts.join(", ")))
    })
}

fn copy(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let values = values(interpreter, &args.value(0))?;
    if let Value::Object(object) = me {
        *object.data.borrow_mut() = Some(Rc::new(Fields { values: RefCell::new(values) }));
    }
    Ok(me.clone())
}
