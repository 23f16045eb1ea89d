//! The built-in resource types, one table a file. A new type is one file (or one entry) and one line in [`TYPES`].

mod execute;
mod file;
mod package;

use std::rc::Rc;

use crate::chef::client::Client;
use crate::chef::resource::class_data;
use crate::chef::resource::property::{self, Coerce, Property};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;

/// A built-in type of resource.
pub struct Type {
    /// The name that declares it: `apt_package`.
    pub name: &'static str,
    /// Its class below `Chef::Resource`: `AptPackage`.
    pub class: &'static str,
    /// The class it inherits from, below `Chef::Resource`; empty for `Chef::Resource` itself.
    pub above: &'static str,
    /// Its actions, the default ones first.
    pub actions: &'static [&'static str],
    /// How many of `actions` are the default: usually 1; 0 means `nothing`.
    pub defaults: usize,
    /// Its properties.
    pub properties: &'static [Field],
}

/// A property of a built-in type.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Accepted classes, `nil`, `true`, `false`; empty accepts all.
    pub types: &'static [&'static str],
    /// The default.
    pub default: Default,
    /// How a given value becomes the one that is kept.
    pub coerce: Option<fn(&mut Interpreter, &Value) -> Eval>,
    /// It has the resource's name when unset.
    pub name_property: bool,
    /// It must be set.
    pub required: bool,
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
    EmptyList,
    EmptyMap,
}

/// A property that accepts everything and has no default.
#[must_use]
pub const fn field(name: &'static str) -> Field {
    Field { name, types: &[], default: Default::Unset, coerce: None, name_property: false, required: false }
}

/// The property that has the resource's name.
#[must_use]
pub const fn named(name: &'static str) -> Field {
    Field { name_property: true, ..field(name) }
}

/// A property with a default.
#[must_use]
pub const fn with(name: &'static str, default: Default) -> Field {
    Field { default, ..field(name) }
}

/// A property whose values are coerced.
#[must_use]
pub const fn coerced(name: &'static str, coerce: fn(&mut Interpreter, &Value) -> Eval) -> Field {
    Field { coerce: Some(coerce), ..field(name) }
}

/// Every table.
const TYPES: &[&[Type]] = &[file::TYPES, package::TYPES, execute::TYPES];

/// Makes the classes of all built-in types.
pub fn install(interpreter: &mut Interpreter, state: &Rc<Client>) {
    for table in TYPES {
        for kind in *table {
            install_type(interpreter, state, kind);
        }
    }
}

fn install_type(interpreter: &mut Interpreter, state: &Rc<Client>, kind: &Type) {
    let object = Rc::clone(&interpreter.classes.object);
    let base = interpreter.define_class_path("Chef::Resource", &object);
    let above = if kind.above.is_empty() { base } else { interpreter.define_class_path(&format!("Chef::Resource::{}", kind.above), &base) };
    let class = interpreter.define_class_path(&format!("Chef::Resource::{}", kind.class), &above);
    let data = class_data(&class);
    *data.implicit_name.borrow_mut() = Some(Name::new(kind.name));
    data.allowed.borrow_mut().extend(kind.actions.iter().map(|action| Name::new(action)));
    let defaults: Vec<Name> = kind.actions[..kind.defaults.min(kind.actions.len())].iter().map(|action| Name::new(action)).collect();
    *data.default_action.borrow_mut() = if defaults.is_empty() { vec![Name::new("nothing")] } else { defaults };
    for field in kind.properties {
        let mut property = Property::new(Name::new(field.name));
        property.name_property = field.name_property;
        property.required = field.required.then(Vec::new);
        property.coerce = field.coerce.map_or(Coerce::None, Coerce::Native);
        property.default = match field.default {
            Default::Unset => None,
            Default::Nil => Some(Value::Nil),
            Default::True => Some(Value::Bool(true)),
            Default::False => Some(Value::Bool(false)),
            Default::Integer(number) => Some(Value::Integer(number)),
            Default::Text(text) => Some(Value::str(text)),
            Default::Symbol(text) => Some(Value::symbol(text)),
            Default::EmptyList => Some(Value::array(Vec::new())),
            Default::EmptyMap => Some(Value::Hash(Value::new_hash())),
        };
        property.types = field
            .types
            .iter()
            .filter_map(|name| match *name {
                "nil" => Some(Value::Nil),
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                class => interpreter.classes.object.constants.borrow().get(&Name::new(class)).cloned(),
            })
            .collect();
        property::add(interpreter, &class, property);
    }
    state.resource_types.borrow_mut().insert(Name::new(kind.name), class);
}
