//! What only the machine knows: its files, processes, addresses, chance. All of it is unknown here, with the reason.
//!
//! `File.read('/etc/hosts')` is unknown because it is "a file of the machine". Whoever embeds the interpreter defines these
//! methods anew where it knows better.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::value::{Object, Value};
use crate::text::Hole;

/// Why a file is unknown.
pub const FILE: &str = "a file of the machine";
/// Why what depends on the machine is unknown.
pub const HOST: &str = "depends on the machine";
/// Why what is random is unknown.
pub const RANDOM: &str = "a random value";

/// The unknown `name`.
#[must_use]
pub fn unknown(name: impl Into<String>, reason: &str) -> Value {
    Value::Unknown(Rc::new(Hole::unknown(name, reason)))
}

impl Interpreter {
    /// The unknown that `method` gives for the file `path`.
    pub fn machine_file(&mut self, path: &str, method: &str) -> Value {
        let shown = self.to_text(path).to_string();
        let shown: String = shown.chars().take(60).collect();
        unknown(format!("{method}('{shown}')"), FILE)
    }
}

impl Interpreter {
    /// Marks the functions of a module as looking at their arguments: with unknown arguments what they give is unknown.
    pub fn looks_at_data(&mut self, module: &Rc<Module>) {
        self.singleton_class(&Value::Module(Rc::clone(module))).looks_at_data.set(true);
    }
}

/// An object of `class` that keeps `data`.
#[must_use]
pub fn object_with(class: &Rc<Module>, data: Rc<dyn Any>) -> Value {
    Value::Object(Rc::new(Object {
        class: RefCell::new(Rc::clone(class)),
        ivars: RefCell::default(),
        frozen: Cell::new(false),
        data: RefCell::new(Some(data)),
    }))
}

/// What a native object keeps, when that is a `T`.
#[must_use]
pub fn data_of<T: Any>(value: &Value) -> Option<Rc<T>> {
    match value {
        Value::Object(object) => object.data::<T>(),
        _ => None,
    }
}

/// The class that a class method was called on.
pub fn receiver_class(interpreter: &mut Interpreter, me: &Value) -> Rc<Module> {
    match me {
        Value::Module(class) => Rc::clone(class),
        other => interpreter.real_class(other),
    }
}
