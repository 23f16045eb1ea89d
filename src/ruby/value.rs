//! Ruby's values, with the unknown among them.
//!
//! A string may hold *holes*: characters of Unicode's private planes that stand for something unknown or secret
//! (see [`crate::ruby::hole`]). That way a hole flows through `gsub`, `split`, `join` and templates by itself.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use indexmap::IndexMap;
use indexmap::map::Entry;

use crate::name::{Name, NameMap, Seed};
use crate::ruby::module::Module;
use crate::ruby::procs::Proc;
use crate::text::Hole;

/// A value.
#[derive(Clone)]
pub enum Value {
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// An integer of 64 bits.
    Integer(i64),
    /// A float.
    Float(f64),
    /// A symbol.
    Symbol(Name),
    /// A string.
    Str(Rc<Str>),
    /// A regular expression.
    Regexp(Rc<Regexp>),
    /// An array.
    Array(Rc<Array>),
    /// A hash, or an object of a subclass of `Hash`.
    Hash(Rc<Hash>),
    /// A range.
    Range(Rc<Range>),
    /// A proc or lambda.
    Proc(Rc<Proc>),
    /// A class or module.
    Module(Rc<Module>),
    /// Any other object.
    Object(Rc<Object>),
    /// Something that is not known before the program runs.
    Unknown(Rc<Hole>),
}

/// A string.
pub struct Str {
    /// Its characters, holes included.
    pub text: RefCell<String>,
    /// `freeze` was called.
    pub frozen: Cell<bool>,
    /// The class, for an object of a subclass of `String`.
    pub class: Option<Rc<Module>>,
}

/// An array.
pub struct Array {
    /// Its elements.
    pub items: RefCell<Vec<Value>>,
    /// `freeze` was called.
    pub frozen: Cell<bool>,
    /// The class, for an object of a subclass of `Array`.
    pub class: Option<Rc<Module>>,
    /// Instance variables of an object of a subclass.
    pub ivars: RefCell<Option<Box<NameMap<Value>>>>,
}

/// A hash.
pub struct Hash {
    /// Its entries in insertion order: key as compared, key as given, value.
    pub map: RefCell<IndexMap<Key, (Value, Value), Seed>>,
    /// The default value.
    pub default: RefCell<Value>,
    /// The default block.
    pub default_proc: RefCell<Option<Rc<Proc>>>,
    /// `freeze` was called.
    pub frozen: Cell<bool>,
    /// The class, for an object of a subclass of `Hash`.
    pub class: RefCell<Option<Rc<Module>>>,
    /// What the class's native methods keep with it.
    pub data: RefCell<Option<Rc<dyn Any>>>,
    /// Instance variables of an object of a subclass.
    pub ivars: RefCell<Option<Box<NameMap<Value>>>>,
    /// `compare_by_identity` was called.
    pub identity: Cell<bool>,
    /// How many iterations run over it: new keys are refused meanwhile.
    pub iterating: Cell<u32>,
}

/// A range.
pub struct Range {
    /// First, `nil` when open.
    pub low: Value,
    /// Last, `nil` when open.
    pub high: Value,
    /// `...`
    pub exclusive: bool,
}

/// A regular expression.
pub struct Regexp {
    /// Ruby's source text.
    pub source: String,
    /// `i`, `m`, `x` as written, in that order.
    pub options: String,
    /// The compiled form, or why it has none.
    pub compiled: Result<fancy_regex::Regex, String>,
    /// Names of its groups, in order.
    pub names: Vec<String>,
}

/// An object of a class.
pub struct Object {
    /// Its class; its singleton class once it has one.
    pub class: RefCell<Rc<Module>>,
    /// Its instance variables, in order of their first assignment.
    pub ivars: RefCell<NameMap<Value>>,
    /// `freeze` was called.
    pub frozen: Cell<bool>,
    /// What the class's native methods keep with it.
    pub data: RefCell<Option<Rc<dyn Any>>>,
}

impl Object {
    /// What native methods keep with it, when that is a `T`.
    #[must_use]
    pub fn data<T: Any>(&self) -> Option<Rc<T>> {
        self.data.borrow().clone().and_then(|data| data.downcast::<T>().ok())
    }
}

/// A hash key, compared as `eql?` compares.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    Nil,
    Bool(bool),
    Integer(i64),
    Float(u64),
    Symbol(Name),
    Str(Rc<str>),
    List(Vec<Key>),
    Map(Vec<(Key, Key)>),
    /// An object by its address.
    Identity(usize),
    /// An object whose class defines `hash`: what that returned, and the class's address.
    Custom(i64, usize),
}

impl Value {
    /// A string of `text`.
    #[must_use]
    pub fn str(text: impl Into<String>) -> Self {
        Self::Str(Rc::new(Str { text: RefCell::new(text.into()), frozen: Cell::new(false), class: None }))
    }

    /// The symbol `:text`.
    #[must_use]
    pub fn symbol(text: &str) -> Self {
        Self::Symbol(Name::new(text))
    }

    /// An array of `items`.
    #[must_use]
    pub fn array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(Array::of(items, None)))
    }

    /// An array of strings.
    #[must_use]
    pub fn strings<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Self {
        Self::array(items.into_iter().map(Self::str).collect())
    }

    /// An empty hash.
    #[must_use]
    pub fn new_hash() -> Rc<Hash> {
        Rc::new(Hash::default())
    }

    /// A hash of plain keys (strings, symbols, numbers) to values.
    #[must_use]
    pub fn hash(pairs: impl IntoIterator<Item = (Self, Self)>) -> Self {
        let hash = Self::new_hash();
        for (key, value) in pairs {
            hash.insert_plain(key, value);
        }
        Self::Hash(hash)
    }

    /// A range.
    #[must_use]
    pub fn range(low: Self, high: Self, exclusive: bool) -> Self {
        Self::Range(Rc::new(Range { low, high, exclusive }))
    }

    /// Neither `nil` nor `false`. An unknown is true here: ask [`Value::is_unknown`] first where it matters.
    #[must_use]
    pub fn truthy(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// Whether it is `nil`.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// The characters of a string or symbol.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Str(string) => Some(string.text.borrow().clone()),
            Self::Symbol(name) => Some(name.to_string()),
            _ => None,
        }
    }

    /// The name of a symbol or string.
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        match self {
            Self::Str(string) => Some(Name::new(&string.text.borrow())),
            Self::Symbol(name) => Some(*name),
            _ => None,
        }
    }

    /// A copy of the elements of an array.
    #[must_use]
    pub fn items(&self) -> Option<Vec<Self>> {
        match self {
            Self::Array(array) => Some(array.items.borrow().clone()),
            _ => None,
        }
    }

    /// The same object (`equal?`).
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Symbol(a), Self::Symbol(b)) => a == b,
            _ => self.address() != 0 && self.address() == other.address(),
        }
    }

    /// The address of a value on the heap; 0 for immediate values.
    #[must_use]
    pub fn address(&self) -> usize {
        match self {
            Self::Str(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            Self::Regexp(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            Self::Array(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            Self::Hash(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            Self::Range(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            Self::Proc(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            Self::Module(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            Self::Object(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            Self::Unknown(v) => Rc::as_ptr(v).cast::<u8>() as usize,
            _ => 0,
        }
    }
}

impl Default for Hash {
    fn default() -> Self {
        Self {
            map: RefCell::default(),
            default: RefCell::new(Value::Nil),
            default_proc: RefCell::default(),
            frozen: Cell::new(false),
            class: RefCell::default(),
            data: RefCell::default(),
            ivars: RefCell::default(),
            identity: Cell::new(false),
            iterating: Cell::new(0),
        }
    }
}

thread_local! {
    /// Whether values are being dropped, and those that wait for it.
    static DYING: RefCell<(bool, Vec<Value>)> = const { RefCell::new((false, Vec::new())) };
}

impl Value {
    /// Whether dropping this value drops others inside it.
    fn drops_others(&self) -> bool {
        match self {
            Self::Array(value) => Rc::strong_count(value) == 1,
            Self::Hash(value) => Rc::strong_count(value) == 1,
            Self::Object(value) => Rc::strong_count(value) == 1,
            Self::Proc(value) => Rc::strong_count(value) == 1,
            _ => false,
        }
    }

    /// Drops values one after the other instead of one inside the other: lists can be linked a million deep.
    pub(in crate::ruby) fn drop_flat(values: impl Iterator<Item = Self>) {
        let mut values = values.filter(Self::drops_others).peekable();
        if values.peek().is_none() {
            return;
        }
        let outermost = DYING.try_with(|dying| {
            let mut dying = dying.borrow_mut();
            dying.1.extend(values);
            !std::mem::replace(&mut dying.0, true)
        });
        if outermost != Ok(true) {
            return;
        }
        while let Ok(Some(value)) = DYING.try_with(|dying| dying.borrow_mut().1.pop()) {
            drop(value);
        }
        let _ = DYING.try_with(|dying| dying.borrow_mut().0 = false);
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        Value::drop_flat(std::mem::take(self.items.get_mut()).into_iter());
    }
}

impl Drop for Hash {
    fn drop(&mut self) {
        Value::drop_flat(std::mem::take(self.map.get_mut()).into_values().flat_map(|(key, value)| [key, value]));
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        Value::drop_flat(std::mem::take(self.ivars.get_mut()).into_values());
    }
}

impl Array {
    /// An array of `items`, of a subclass when `class` is given.
    #[must_use]
    pub fn of(items: Vec<Value>, class: Option<Rc<Module>>) -> Self {
        Self { items: RefCell::new(items), frozen: Cell::new(false), class, ivars: RefCell::default() }
    }
}

impl Hash {
    /// Inserts under a key that needs no user code to compare: string, symbol, number, nil, bool, or lists of these.
    /// Other objects are compared by identity. A string key is kept frozen, as Ruby does.
    pub fn insert_plain(&self, key: Value, value: Value) {
        let plain = self.plain_key(&key);
        let key = match &key {
            // Nobody else has it: there is nobody to see that it is frozen.
            Value::Str(string)
                if !self.identity.get() && string.class.is_none() && Rc::strong_count(string) == 1 && Rc::weak_count(string) == 0 =>
            {
                string.frozen.set(true);
                key
            }
            Value::Str(string) if !string.frozen.get() && !self.identity.get() => {
                let copy = Value::str(string.text.borrow().clone());
                if let Value::Str(string) = &copy {
                    string.frozen.set(true);
                }
                copy
            }
            _ => key,
        };
        match self.map.borrow_mut().entry(plain) {
            Entry::Occupied(mut known) => known.get_mut().1 = value,
            Entry::Vacant(place) => {
                place.insert((key, value));
            }
        }
    }

    /// The value under the string or symbol key `name`, in that spelling.
    #[must_use]
    pub fn get_plain(&self, key: &Value) -> Option<Value> {
        self.map.borrow().get(&self.plain_key(key)).map(|(_, value)| value.clone())
    }

    /// The key of a value in this hash, without asking user code.
    #[must_use]
    pub fn plain_key(&self, key: &Value) -> Key {
        if self.identity.get() && key.address() != 0 { Key::Identity(key.address()) } else { Key::plain(key) }
    }

    /// The value under the symbol `:name`.
    #[must_use]
    pub fn get_symbol(&self, name: &str) -> Option<Value> {
        self.get_plain(&Value::symbol(name))
    }

    /// The value under the string `"name"`.
    #[must_use]
    pub fn get_str(&self, name: &str) -> Option<Value> {
        self.map.borrow().get(&Key::Str(name.into())).map(|(_, value)| value.clone())
    }

    /// Copies of all pairs, in order.
    #[must_use]
    pub fn pairs(&self) -> Vec<(Value, Value)> {
        self.map.borrow().values().cloned().collect()
    }
}

impl Key {
    /// The key of a value, without asking user code.
    #[must_use]
    pub fn plain(value: &Value) -> Self {
        // Arrays and hashes can hold themselves: what is beyond the budget counts by its address.
        Self::plain_within(value, &mut 100_000, 200)
    }

    fn plain_within(value: &Value, budget: &mut u32, depth: u32) -> Self {
        *budget = budget.saturating_sub(1);
        if *budget == 0 || depth == 0 {
            return Self::Identity(value.address());
        }
        match value {
            Value::Nil => Self::Nil,
            Value::Bool(b) => Self::Bool(*b),
            Value::Integer(i) => Self::Integer(*i),
            Value::Float(f) => Self::Float(if *f == 0.0 { 0 } else { f.to_bits() }),
            Value::Symbol(name) => Self::Symbol(*name),
            Value::Str(string) => Self::Str(string.text.borrow().as_str().into()),
            Value::Array(array) => {
                Self::List(array.items.borrow().iter().map(|item| Self::plain_within(item, budget, depth - 1)).collect())
            }
            Value::Hash(hash) => {
                let map = hash.map.borrow();
                let mut pairs: Vec<_> =
                    map.iter().map(|(key, (_, value))| (key.clone(), Self::plain_within(value, budget, depth - 1))).collect();
                pairs.sort_by_cached_key(|pair| format!("{pair:?}"));
                Self::Map(pairs)
            }
            Value::Regexp(regexp) => Self::Str(format!("\u{0}regexp {} {}", regexp.options, regexp.source).into()),
            Value::Range(range) => Self::List(vec![
                Self::Str("\u{0}range".into()),
                Self::plain_within(&range.low, budget, depth - 1),
                Self::plain_within(&range.high, budget, depth - 1),
                Self::Bool(range.exclusive),
            ]),
            other => Self::Identity(other.address()),
        }
    }
}
