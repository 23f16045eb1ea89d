//! The built-in resource types, one table a family. A new type is one entry (or one file and one line in [`TYPES`]).
//!
//! Names, actions, properties and defaults are those of Chef Infra 18; what later versions of Chef dropped is in `removed`.

mod client;
mod coerce;
mod cron;
mod execute;
mod file;
mod foreign;
mod mount;
mod openssl;
mod package;
mod removed;
mod repository;
mod scm;
mod service;
mod system;
mod user;

use std::rc::Rc;

use crate::chef::client::Client;
use crate::chef::resource::class_data;
use crate::chef::resource::property::{self, Coerce, Property};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;

/// A built-in type of resource.
#[derive(Clone, Copy)]
pub struct Type {
    /// The name that declares it: `apt_package`.
    pub name: &'static str,
    /// Its class below `Chef::Resource`: `AptPackage`.
    pub class: &'static str,
    /// The class it inherits from, below `Chef::Resource`; empty for `Chef::Resource` itself.
    pub above: &'static str,
    /// Further names that declare it.
    pub also: &'static [&'static str],
    /// Its actions; empty means those of the class above.
    pub actions: &'static [&'static str],
    /// Its default actions; empty means `nothing`.
    pub runs: &'static [&'static str],
    /// Its properties.
    pub properties: &'static [Field],
    /// Other names of properties.
    pub aliases: &'static [(&'static str, &'static str)],
    /// It takes any property: a type for another system, of which only the name is known.
    pub open: bool,
    /// Chef had it up to version 13.
    pub removed: bool,
}

/// A type without properties of its own.
#[must_use]
pub const fn kind(name: &'static str, class: &'static str) -> Type {
    Type { name, class, above: "", also: &[], actions: &[], runs: &[], properties: &[], aliases: &[], open: false, removed: false }
}

impl Type {
    const fn under(self, above: &'static str) -> Self {
        Self { above, ..self }
    }

    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    const fn actions(self, actions: &'static [&'static str]) -> Self {
        Self { actions, ..self }
    }

    const fn runs(self, runs: &'static [&'static str]) -> Self {
        Self { runs, ..self }
    }

    const fn properties(self, properties: &'static [Field]) -> Self {
        Self { properties, ..self }
    }

    const fn aliases(self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        Self { aliases, ..self }
    }

    const fn open(self) -> Self {
        Self { open: true, ..self }
    }

    const fn removed(self) -> Self {
        Self { removed: true, ..self }
    }
}

/// A property of a built-in type.
#[derive(Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Accepted classes, `nil`, or symbols with their colon; empty accepts all.
    pub types: &'static [&'static str],
    /// The default.
    pub default: Default,
    /// How a given value becomes the one that is kept.
    pub coerce: Option<fn(&mut Interpreter, &Value) -> Eval>,
    /// It has the resource's name when unset.
    pub named: bool,
    /// It must be set for these actions; an empty list means for all.
    pub required: Option<&'static [&'static str]>,
    /// The only values allowed; empty allows all.
    pub one_of: &'static [Default],
    /// Its value is a secret.
    pub secret: bool,
}

/// A default value.
#[derive(Clone, Copy)]
pub enum Default {
    /// None at all.
    Unset,
    Nil,
    True,
    False,
    Integer(i64),
    Text(&'static str),
    Symbol(&'static str),
    List(&'static [Default]),
    Map(&'static [(Default, Default)]),
    EmptyList,
    EmptyMap,
}

impl Default {
    /// The value, `None` when unset.
    fn value(self) -> Option<Value> {
        let one = |item: &Self| item.value().unwrap_or(Value::Nil);
        Some(match self {
            Self::Unset => return None,
            Self::Nil => Value::Nil,
            Self::True => Value::Bool(true),
            Self::False => Value::Bool(false),
            Self::Integer(number) => Value::Integer(number),
            Self::Text(text) => Value::str(text),
            Self::Symbol(text) => Value::symbol(text),
            Self::List(items) => Value::array(items.iter().map(one).collect()),
            Self::Map(pairs) => Value::hash(pairs.iter().map(|(key, value)| (one(key), one(value)))),
            Self::EmptyList => Value::array(Vec::new()),
            Self::EmptyMap => Value::Hash(Value::new_hash()),
        })
    }
}

/// A property that accepts everything and has no default.
#[must_use]
pub const fn field(name: &'static str) -> Field {
    Field { name, types: &[], default: Default::Unset, coerce: None, named: false, required: None, one_of: &[], secret: false }
}

/// A property that is text.
#[must_use]
pub const fn text(name: &'static str) -> Field {
    field(name).types(&["String"])
}

/// A property that is true or false.
#[must_use]
pub const fn flag(name: &'static str) -> Field {
    field(name).types(&["TrueClass", "FalseClass"])
}

/// A property that is an integer.
#[must_use]
pub const fn number(name: &'static str) -> Field {
    field(name).types(&["Integer"])
}

/// A property that is a list.
#[must_use]
pub const fn list_of(name: &'static str) -> Field {
    field(name).types(&["Array"])
}

/// A property that is a hash.
#[must_use]
pub const fn map(name: &'static str) -> Field {
    field(name).types(&["Hash"])
}

impl Field {
    const fn types(self, types: &'static [&'static str]) -> Self {
        Self { types, ..self }
    }

    const fn default(self, default: Default) -> Self {
        Self { default, ..self }
    }

    const fn coerce(self, coerce: fn(&mut Interpreter, &Value) -> Eval) -> Self {
        Self { coerce: Some(coerce), ..self }
    }

    const fn named(self) -> Self {
        Self { named: true, ..self }
    }

    const fn required(self, actions: &'static [&'static str]) -> Self {
        Self { required: Some(actions), ..self }
    }

    const fn one_of(self, values: &'static [Default]) -> Self {
        Self { one_of: values, ..self }
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

/// Every table; a class stands after the one it inherits from.
const TYPES: &[&[Type]] = &[
    file::TYPES,
    package::TYPES,
    execute::TYPES,
    user::TYPES,
    cron::TYPES,
    repository::TYPES,
    service::TYPES,
    scm::TYPES,
    mount::TYPES,
    system::TYPES,
    openssl::TYPES,
    client::TYPES,
    foreign::TYPES,
    removed::TYPES,
];

/// Makes the classes of all built-in types.
pub fn install(interpreter: &mut Interpreter, state: &Rc<Client>) {
    for kind in TYPES.iter().copied().flatten() {
        install_type(interpreter, state, kind);
    }
    file::install(interpreter);
    removed::install(interpreter);
}

fn install_type(interpreter: &mut Interpreter, state: &Rc<Client>, kind: &Type) {
    let object = Rc::clone(&interpreter.classes.object);
    let base = interpreter.define_class_path("Chef::Resource", &object);
    let above = if kind.above.is_empty() { base } else { interpreter.define_class_path(&format!("Chef::Resource::{}", kind.above), &base) };
    let class = interpreter.define_class_path(&format!("Chef::Resource::{}", kind.class), &above);
    let data = class_data(&class);
    *data.implicit_name.borrow_mut() = Some(Name::new(kind.name));
    data.open.set(kind.open);
    data.built_in.set(true);
    if !kind.actions.is_empty() {
        data.allowed.borrow_mut().extend(kind.actions.iter().map(|action| Name::new(action)));
        let defaults: Vec<Name> = kind.runs.iter().map(|action| Name::new(action)).collect();
        // Without its own, a type below another one has that one's.
        if !defaults.is_empty() || kind.above.is_empty() {
            *data.default_action.borrow_mut() = if defaults.is_empty() { vec![Name::new("nothing")] } else { defaults };
        }
    }
    for field in kind.properties {
        let rules = property_of(interpreter, field);
        property::add(interpreter, &class, rules);
    }
    for (alias, target) in kind.aliases {
        property::add_alias(interpreter, &class, Name::new(alias), Name::new(target));
    }
    if kind.removed && !state.settings.compat && !state.settings.lenient {
        return;
    }
    let mut types = state.resource_types.borrow_mut();
    for name in std::iter::once(&kind.name).chain(kind.also) {
        types.insert(Name::new(name), Rc::clone(&class));
    }
    data.provides.borrow_mut().extend(kind.also.iter().map(|name| Name::new(name)));
}

fn property_of(interpreter: &mut Interpreter, field: &Field) -> Property {
    let types = field.types.iter().filter_map(|name| match (*name, name.strip_prefix(':')) {
        ("nil", _) => Some(Value::Nil),
        (_, Some(symbol)) => Some(Value::symbol(symbol)),
        (class, None) => interpreter.classes.object.constants.borrow().get(&Name::new(class)).cloned(),
    });
    Property {
        types: types.collect(),
        name_property: field.named,
        required: field.required.map(|actions| actions.iter().map(|action| Name::new(action)).collect()),
        coerce: field.coerce.map_or(Coerce::None, Coerce::Native),
        default: field.default.value(),
        equal_to: field.one_of.iter().filter_map(|value| value.value()).collect(),
        sensitive: field.secret,
        ..Property::new(Name::new(field.name))
    }
}
