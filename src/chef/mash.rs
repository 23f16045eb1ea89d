//! `Mash` (a hash with string keys that symbols reach too) and the attribute trees on it:
//! `VividMash` makes what is missing when it is read, `ImmutableMash` refuses to be changed.
//!
//! `node.default[:a]['b'] = 1` reads `a`, which comes into being, and writes `b` into it.

use std::cell::Cell;
use std::rc::Rc;

use crate::graph::Datum;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::{Array, Hash, Value};

/// The classes.
pub struct Mashes {
    /// `Mash`
    pub mash: Rc<Module>,
    /// `Chef::Node::VividMash`
    pub vivid: Rc<Module>,
    /// `Chef::Node::ImmutableMash`
    pub immutable: Rc<Module>,
    /// `Chef::Node::ImmutableArray`
    pub immutable_array: Rc<Module>,
    /// Chef 11's attributes were immutable but for their strings, which recipes append to.
    pub open_text: bool,
}

/// What a mash of an attribute level keeps: the counter of changes of all levels.
pub struct Level {
    /// Counts changes.
    pub version: Rc<Cell<u64>>,
    /// The level's name, for secrets and messages.
    pub name: &'static str,
}

const MASH: &[(&str, Native)] = &[
    ("[]", get),
    ("[]=", set),
    ("store", set),
    ("regular_writer", set),
    ("fetch", fetch),
    ("key?", has_key),
    ("has_key?", has_key),
    ("include?", has_key),
    ("member?", has_key),
    ("attribute?", has_key),
    ("exist?", exist),
    ("delete", delete),
    ("dig", dig),
    ("read", dig),
    ("values_at", values_at),
    ("update", update),
    ("merge!", update),
    ("merge", merge),
    ("to_hash", to_hash),
    ("to_h", to_h),
    ("except", except),
    ("slice", slice),
    ("default", default),
];

const VIVID: &[(&str, Native)] = &[
    ("[]", vivid_get),
    ("method_missing", vivid_missing),
    ("clear", vivid_clear),
    ("read", dig),
    ("write", vivid_write),
    ("unlink", vivid_unlink),
];

const REFUSED: &[&str] = &[
    "[]=",
    "store",
    "delete",
    "clear",
    "update",
    "merge!",
    "replace",
    "delete_if",
    "keep_if",
    "reject!",
    "select!",
    "map!",
    "compact!",
    "shift",
    "default=",
    "<<",
    "push",
    "unshift",
    "pop",
    "concat",
    "insert",
    "sort!",
    "uniq!",
    "flatten!",
    "collect!",
    "append",
    "prepend",
    "reverse!",
    "transform_values!",
    "transform_keys!",
    "filter!",
    "sort_by!",
    "fill",
];

/// Makes the classes. They are found again by [`mashes`].
pub fn install(interpreter: &mut Interpreter) -> Rc<Mashes> {
    let hash = Rc::clone(&interpreter.classes.hash);
    let array = Rc::clone(&interpreter.classes.array);
    let mash = interpreter.define_class_path("Mash", &hash);
    let utils = interpreter.define_module_path("ChefUtils");
    utils.constants.borrow_mut().insert("Mash".into(), Value::Module(Rc::clone(&mash)));
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define_class_path("Chef", &object);
    interpreter.define_class_path("Chef::Node", &object);
    let vivid = interpreter.define_class_path("Chef::Node::VividMash", &mash);
    let immutable = interpreter.define_class_path("Chef::Node::ImmutableMash", &mash);
    let immutable_array = interpreter.define_class_path("Chef::Node::ImmutableArray", &array);
    interpreter.define_class_path("Chef::Node::AttrArray", &array);
    interpreter.define(&mash, MASH);
    interpreter.define_singleton(&mash, &[("new", new), ("from_hash", new)]);
    interpreter.define(&vivid, VIVID);
    interpreter
        .define(&immutable, &[("method_missing", immutable_missing), ("dup", to_h), ("to_h", to_h), ("to_hash", attributes_to_hash)]);
    interpreter.define(&immutable_array, &[("dup", plain_array), ("to_a", plain_array), ("to_array", plain_array)]);
    let refused: Vec<(&str, Native)> = REFUSED.iter().map(|name| (*name, refuse as Native)).collect();
    interpreter.define_list(&immutable, &refused, Visibility::Public);
    interpreter.define_list(&immutable_array, &refused, Visibility::Public);
    let open_text = crate::chef::client::client(interpreter).settings.builtins;
    Rc::new(Mashes { mash, vivid, immutable, immutable_array, open_text })
}

/// The classes that [`install`] made.
pub fn mashes(interpreter: &mut Interpreter) -> Rc<Mashes> {
    let object = Rc::clone(&interpreter.classes.object);
    let open_text = crate::chef::client::client(interpreter).settings.builtins;
    Rc::new(Mashes {
        open_text,
        mash: interpreter.define_class_path("Mash", &object),
        vivid: interpreter.define_class_path("Chef::Node::VividMash", &object),
        immutable: interpreter.define_class_path("Chef::Node::ImmutableMash", &object),
        immutable_array: interpreter.define_class_path("Chef::Node::ImmutableArray", &object),
    })
}

/// An empty hash of `class`.
#[must_use]
pub fn of_class(class: &Rc<Module>) -> Rc<Hash> {
    let hash = Hash::default();
    *hash.class.borrow_mut() = Some(Rc::clone(class));
    Rc::new(hash)
}

/// A key as a mash keeps it: symbols become strings.
#[must_use]
pub fn key(value: &Value) -> Value {
    match value {
        Value::Symbol(name) => Value::str(name.as_str()),
        other => other.clone(),
    }
}

fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Hash>> {
    match me {
        Value::Hash(hash) => Ok(Rc::clone(hash)),
        _ => interpreter.type_error("not a Mash"),
    }
}

/// `value` as it is kept in a mash of the class of `like`: hashes become mashes of the same class and level.
///
/// What nests deeper than [`DEPTH`] (a hash inside itself), or goes on after the steps are used up, is unknown.
pub fn adopt(interpreter: &mut Interpreter, like: &Rc<Hash>, value: Value) -> Value {
    adopt_within(interpreter, like, value, 0)
}

/// Deepest nesting of an attribute's value.
const DEPTH: usize = 400;

/// What one nested value among many costs.
const STEPS_A_VALUE: u64 = 16;

fn adopt_within(interpreter: &mut Interpreter, like: &Rc<Hash>, value: Value, depth: usize) -> Value {
    let nested = matches!(value, Value::Hash(_) | Value::Array(_));
    if nested && (depth > DEPTH || interpreter.charge(STEPS_A_VALUE).is_err()) {
        return super::dsl::unknown("…", "the attribute nests too deep, or is too large");
    }
    match &value {
        Value::Hash(hash) => {
            let class = like.class.borrow().clone();
            let made = Rc::new(Hash::default());
            *made.class.borrow_mut() = class;
            made.data.borrow_mut().clone_from(&like.data.borrow());
            for (k, v) in hash.pairs() {
                let v = adopt_within(interpreter, like, v, depth + 1);
                made.insert_plain(key(&k), v);
            }
            Value::Hash(made)
        }
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            let items = items.into_iter().map(|item| adopt_within(interpreter, like, item, depth + 1)).collect();
            Value::array(items)
        }
        Value::Str(_) => value,
        other => other.clone(),
    }
}

/// Plain data as it is kept in a mash of the class of `like`, as [`adopt`] keeps a value.
pub fn of_datum(interpreter: &mut Interpreter, like: &Rc<Hash>, datum: &Datum) -> Value {
    of_datum_within(interpreter, like, datum, 0)
}

fn of_datum_within(interpreter: &mut Interpreter, like: &Rc<Hash>, datum: &Datum, depth: usize) -> Value {
    let nested = matches!(datum, Datum::Map(_) | Datum::List(_));
    if nested && (depth > DEPTH || interpreter.charge(STEPS_A_VALUE).is_err()) {
        return super::dsl::unknown("…", "the attribute nests too deep, or is too large");
    }
    match datum {
        Datum::Map(map) => {
            let made = Rc::new(Hash::default());
            made.class.borrow_mut().clone_from(&like.class.borrow());
            made.data.borrow_mut().clone_from(&like.data.borrow());
            for (key, value) in map {
                let value = of_datum_within(interpreter, like, value, depth + 1);
                made.insert_plain(Value::str(key.as_str()), value);
            }
            Value::Hash(made)
        }
        Datum::List(items) => Value::array(items.iter().map(|item| of_datum_within(interpreter, like, item, depth + 1)).collect()),
        plain => super::datum::to_value(interpreter, plain),
    }
}

/// Notes a change of an attribute level.
fn touch(hash: &Rc<Hash>) {
    if let Some(level) = hash.data.borrow().clone().and_then(|data| data.downcast::<Level>().ok()) {
        level.version.set(level.version.get() + 1);
    }
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Value::Module(class) = me else { return Ok(Value::Nil) };
    let made = of_class(class);
    if let Some(Value::Hash(from)) = args.get(0) {
        for (k, v) in from.pairs() {
            let v = adopt(interpreter, &made, v);
            made.insert_plain(key(&k), v);
        }
    } else if let Some(value) = args.get(0) {
        *made.default.borrow_mut() = value.clone();
    }
    made.default_proc.borrow_mut().clone_from(&args.block);
    Ok(Value::Hash(made))
}

fn lookup(interpreter: &mut Interpreter, me: &Value, wanted: &Value) -> Eval<Option<Value>> {
    let hash = this(interpreter, me)?;
    interpreter.hash_get(&hash, &key(wanted))
}

/// As [`lookup`]; a key with a hole in it may be any of those that are there.
fn read(interpreter: &mut Interpreter, me: &Value, wanted: &Value) -> Eval<Option<Value>> {
    let hash = this(interpreter, me)?;
    interpreter.hash_entry(&hash, &key(wanted))
}

fn get(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let wanted = args.value(0);
    if let Some(value) = read(interpreter, me, &wanted)? {
        return Ok(value);
    }
    let hash = this(interpreter, me)?;
    let block = hash.default_proc.borrow().clone();
    if let Some(block) = block {
        return interpreter.yield_values(&block, vec![me.clone(), key(&wanted)]);
    }
    let default = hash.default.borrow().clone();
    Ok(default)
}

fn set(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    interpreter.check_frozen(me)?;
    let is_level = hash.data.borrow().is_some();
    let value = adopt(interpreter, &hash, args.value(1));
    let value = if is_level { super::node::marked(interpreter, &args.value(0), value) } else { value };
    let value = super::node::under_conditions(interpreter, &hash, &key(&args.value(0)), value);
    interpreter.hash_insert(&hash, key(&args.value(0)), value)?;
    touch(&hash);
    Ok(args.value(1))
}

fn fetch(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Some(value) = read(interpreter, me, &args.value(0))? {
        return Ok(value);
    }
    if let Some(block) = &args.block {
        return interpreter.yield_values(block, vec![args.value(0)]);
    }
    if let Some(default) = args.get(1) {
        return Ok(default.clone());
    }
    let shown = interpreter.inspect(&key(&args.value(0)))?;
    let class = Rc::clone(&interpreter.classes.key_error);
    interpreter.raise(&class, format!("key not found: {shown}"))
}

fn has_key(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    Ok(match read(interpreter, me, &args.value(0))? {
        Some(Value::Unknown(hole)) if lookup(interpreter, me, &args.value(0))?.is_none() => interpreter.derived_prefix("key? ", &hole),
        found => Value::Bool(found.is_some()),
    })
}

fn exist(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut current = me.clone();
    for part in &args.list {
        let found = match &current {
            Value::Hash(_) => lookup(interpreter, &current, part)?,
            _ => None,
        };
        match found {
            Some(value) => current = value,
            None => return Ok(Value::Bool(false)),
        }
    }
    Ok(Value::Bool(true))
}

fn delete(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    interpreter.check_frozen(me)?;
    let wanted = interpreter.key(&key(&args.value(0)))?;
    let removed = hash.map.borrow_mut().shift_remove(&wanted);
    touch(&hash);
    Ok(removed.map_or(Value::Nil, |(_, value)| value))
}

/// `dig`, which never makes anything.
pub fn dig(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut current = me.clone();
    for part in &args.list {
        current = match &current {
            Value::Nil => return Ok(Value::Nil),
            Value::Hash(hash) if hash.class.borrow().is_some() => read(interpreter, &current, part)?.unwrap_or(Value::Nil),
            other => interpreter.send(&other.clone(), "[]", std::slice::from_ref(part))?,
        };
    }
    Ok(current)
}

fn values_at(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut values = Vec::new();
    for wanted in &args.list {
        values.push(read(interpreter, me, wanted)?.unwrap_or(Value::Nil));
    }
    Ok(Value::array(values))
}

fn update(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    for more in &args.list {
        let Value::Hash(more) = more else { continue };
        for (k, v) in more.pairs() {
            let value = match (&args.block, lookup(interpreter, me, &k)?) {
                (Some(block), Some(old)) => interpreter.yield_values(block, vec![key(&k), old, v])?,
                _ => v,
            };
            let value = adopt(interpreter, &hash, value);
            interpreter.hash_insert(&hash, key(&k), value)?;
        }
    }
    touch(&hash);
    Ok(me.clone())
}

fn merge(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mashes = mashes(interpreter);
    let hash = this(interpreter, me)?;
    let made = of_class(&mashes.mash);
    for (k, v) in hash.pairs() {
        made.insert_plain(k, v);
    }
    let made = Value::Hash(made);
    update(interpreter, &made, args)
}

fn to_hash(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    to_h(interpreter, me, args)
}

/// `to_hash` of attributes: Chef 11 took them apart at the first level alone, and recipes ask what is inside by symbols.
fn attributes_to_hash(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if !crate::chef::client::client(interpreter).settings.builtins {
        return to_h(interpreter, me, args);
    }
    let made = Value::new_hash();
    for (k, v) in this(interpreter, me)?.pairs() {
        made.insert_plain(k, v);
    }
    Ok(Value::Hash(made))
}

/// A plain hash with string keys, all the way down.
#[must_use]
pub fn plain(value: &Value) -> Value {
    match value {
        Value::Hash(hash) => {
            let made = Value::new_hash();
            for (k, v) in hash.pairs() {
                made.insert_plain(k, plain(&v));
            }
            Value::Hash(made)
        }
        Value::Array(array) => Value::array(array.items.borrow().iter().map(plain).collect()),
        other => other.clone(),
    }
}

fn to_h(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let made = plain(me);
    match &args.block {
        Some(_) => interpreter.call(&made, Name::new("to_h"), args.clone(), CallKind::Implicit),
        None => Ok(made),
    }
}

fn plain_array(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(plain(me))
}

fn pick(interpreter: &mut Interpreter, me: &Value, args: &Args, keep: bool) -> Eval {
    let hash = this(interpreter, me)?;
    let wanted: Vec<crate::ruby::value::Key> = args.list.iter().map(|value| interpreter.key(&key(value))).collect::<Eval<_>>()?;
    let made = Value::new_hash();
    for (k, v) in hash.pairs() {
        if wanted.contains(&interpreter.key(&k)?) == keep {
            made.insert_plain(k, v);
        }
    }
    Ok(Value::Hash(made))
}

fn except(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    pick(interpreter, me, args, false)
}

fn slice(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    pick(interpreter, me, args, true)
}

fn default(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    match args.get(0) {
        Some(wanted) => Ok(lookup(interpreter, me, wanted)?.unwrap_or(Value::Nil)),
        None => {
            let hash = this(interpreter, me)?;
            let value = hash.default.borrow().clone();
            Ok(value)
        }
    }
}

/// Reads a key of an attribute level, making an empty mash where there is nothing.
pub fn vivid_get(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let wanted = key(&args.value(0));
    if let Some(value) = lookup(interpreter, me, &wanted)? {
        return Ok(value);
    }
    let hash = this(interpreter, me)?;
    let class = hash.class.borrow().clone();
    let made = Rc::new(Hash::default());
    *made.class.borrow_mut() = class;
    made.data.borrow_mut().clone_from(&hash.data.borrow());
    let made = Value::Hash(made);
    interpreter.hash_insert(&hash, wanted, made.clone())?;
    touch(&hash);
    Ok(made)
}

fn vivid_clear(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let hash = this(interpreter, me)?;
    hash.map.borrow_mut().clear();
    touch(&hash);
    Ok(me.clone())
}

fn vivid_write(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some((value, path)) = args.list.split_last() else { return Ok(Value::Nil) };
    let Some((last, path)) = path.split_last() else { return Ok(Value::Nil) };
    let mut current = me.clone();
    for part in path {
        let next = vivid_get(interpreter, &current, &Args::new(vec![part.clone()]))?;
        current = match next {
            Value::Hash(_) => next,
            _ => {
                let hash = this(interpreter, &current)?;
                let made = adopt(interpreter, &hash, Value::Hash(Value::new_hash()));
                interpreter.hash_insert(&hash, key(part), made.clone())?;
                made
            }
        };
    }
    set(interpreter, &current, &Args::new(vec![last.clone(), value.clone()]))
}

fn vivid_unlink(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some((last, path)) = args.list.split_last() else { return Ok(Value::Nil) };
    let holder = dig(interpreter, me, &Args::new(path.to_vec()))?;
    match holder {
        Value::Hash(_) => delete(interpreter, &holder, &Args::new(vec![last.clone()])),
        _ => Ok(Value::Nil),
    }
}

/// Chef 11 and 12: attributes as methods, `default.app.port = 1`.
fn vivid_missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    if !super::client::client(interpreter).settings.compat {
        return interpreter.undefined_method(me, name, CallKind::Explicit);
    }
    if let Some(attribute) = name.strip_suffix('=') {
        return set(interpreter, me, &Args::new(vec![Value::str(attribute), args.value(1)]));
    }
    if args.len() > 1 {
        return set(interpreter, me, &Args::new(vec![Value::str(name.as_str()), args.value(1)]));
    }
    vivid_get(interpreter, me, &Args::new(vec![Value::Symbol(name)]))
}

fn immutable_missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    let compat = super::client::client(interpreter).settings.compat;
    if compat && args.len() == 1 {
        if let Some(value) = lookup(interpreter, me, &Value::Symbol(name))? {
            return Ok(value);
        }
    }
    if name.ends_with('=') && compat {
        return refuse(interpreter, me, args);
    }
    interpreter.undefined_method(me, name, CallKind::Explicit)
}

fn refuse(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let standard = Rc::clone(&interpreter.classes.no_method_error);
    let class = interpreter.define_class_path("Chef::Exceptions::ImmutableAttributeModification", &standard);
    interpreter.raise(
        &class,
        "Node attributes are read-only when you do not specify which precedence level to set. To set an attribute use code like `node.default[\"key\"] = \"value\"'",
    )
}

/// `value` as the merged view shows it: immutable all the way down.
#[must_use]
pub fn immutable(mashes: &Mashes, value: &Value) -> Value {
    match value {
        Value::Hash(hash) => {
            let made = of_class(&mashes.immutable);
            for (k, v) in hash.pairs() {
                made.insert_plain(key(&k), immutable(mashes, &v));
            }
            Value::Hash(made)
        }
        Value::Array(array) => {
            let items = array.items.borrow().iter().map(|item| immutable(mashes, item)).collect();
            Value::Array(Rc::new(Array::of(items, Some(Rc::clone(&mashes.immutable_array)))))
        }
        Value::Str(string) => {
            let text = std::cell::RefCell::new(string.text.borrow().clone());
            Value::Str(Rc::new(crate::ruby::value::Str { text, frozen: Cell::new(!mashes.open_text), class: string.class.clone() }))
        }
        other => other.clone(),
    }
}
