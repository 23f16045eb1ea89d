//! Exceptions: making them, and what an exception object keeps.

use std::cell::RefCell;
use std::rc::Rc;

use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::value::{Object, Value};
use crate::source::Span;
use crate::unsupported::{Kind, Lack};

/// What an exception object keeps besides its instance variables.
pub struct ExceptionData {
    /// The message; `nil` means the class's name.
    pub message: RefCell<Value>,
    /// `cause`
    pub cause: RefCell<Value>,
    /// Where it was raised, innermost first.
    pub trace: RefCell<Vec<Span>>,
    /// Set by `set_backtrace`.
    pub backtrace: RefCell<Value>,
    /// What ekiben lacks, where that is why it was raised: `String#unpack1`.
    pub lacking: RefCell<Option<String>>,
}

impl Interpreter {
    /// An exception object of `class` with `message`.
    pub fn exception(&mut self, class: &Rc<Module>, message: impl Into<String>) -> Value {
        let object = self.allocate_exception(class);
        if let Value::Object(object) = &object {
            if let Some(data) = object.data::<ExceptionData>() {
                *data.message.borrow_mut() = Value::str(message);
            }
        }
        object
    }

    /// An exception object without a message.
    pub fn allocate_exception(&mut self, class: &Rc<Module>) -> Value {
        let data = ExceptionData {
            message: RefCell::new(Value::Nil),
            cause: RefCell::new(Value::Nil),
            trace: RefCell::default(),
            backtrace: RefCell::new(Value::Nil),
            lacking: RefCell::default(),
        };
        Value::Object(Rc::new(Object {
            class: RefCell::new(Rc::clone(class)),
            ivars: RefCell::default(),
            frozen: std::cell::Cell::new(false),
            data: RefCell::new(Some(Rc::new(data))),
        }))
    }

    /// Raises an exception of `class` with `message`.
    ///
    /// # Errors
    /// Always: the exception.
    pub fn raise<T>(&mut self, class: &Rc<Module>, message: impl Into<String>) -> Eval<T> {
        let object = self.exception(class, message);
        self.raise_object(object)
    }

    /// Raises `object`, noting where.
    ///
    /// # Errors
    /// Always: the exception.
    pub fn raise_object<T>(&mut self, object: Value) -> Eval<T> {
        let trace: Vec<Span> = std::iter::once(self.span).chain(self.calls.iter().rev().map(|(span, _)| *span)).take(60).collect();
        let cause = self.globals.get(&crate::name::Name::new("$!")).cloned().unwrap_or(Value::Nil);
        if let Value::Object(exception) = &object {
            if let Some(data) = exception.data::<ExceptionData>() {
                if data.trace.borrow().is_empty() {
                    *data.trace.borrow_mut() = trace;
                    if data.cause.borrow().is_nil() && !cause.same(&object) {
                        *data.cause.borrow_mut() = cause;
                    }
                }
            }
        }
        Err(Box::new(Flow::Raise(object)))
    }

    /// Marks the exception `error` as one that only ekiben raises, since it lacks `name`, and notes that lack.
    pub fn mark_lacking(&mut self, error: &Value, kind: Kind, name: String) {
        self.ledger.note(Lack::Ekiben, kind, name.clone(), self.span);
        if let Value::Object(object) = error {
            if let Some(data) = object.data::<ExceptionData>() {
                *data.lacking.borrow_mut() = Some(name);
            }
        }
    }

    /// `ArgumentError`.
    ///
    /// # Errors
    /// Always.
    pub fn argument_error<T>(&mut self, message: impl Into<String>) -> Eval<T> {
        let class = Rc::clone(&self.classes.argument_error);
        self.raise(&class, message)
    }

    /// `TypeError`.
    ///
    /// # Errors
    /// Always.
    pub fn type_error<T>(&mut self, message: impl Into<String>) -> Eval<T> {
        let class = Rc::clone(&self.classes.type_error);
        self.raise(&class, message)
    }

    /// `NameError`.
    ///
    /// # Errors
    /// Always.
    pub fn name_error<T>(&mut self, message: impl Into<String>) -> Eval<T> {
        let class = Rc::clone(&self.classes.name_error);
        self.raise(&class, message)
    }

    /// `FrozenError` about `value`, as Ruby 3.1 words it.
    ///
    /// # Errors
    /// Always.
    pub fn frozen_error<T>(&mut self, value: &Value) -> Eval<T> {
        let class = Rc::clone(&self.classes.frozen_error);
        let shown = self.inspect(value)?;
        let name = self.class_of(value).display_name();
        self.raise(&class, format!("can't modify frozen {name}: {shown}"))
    }

    /// The exception class of the constant `path` (`Errno::ENOENT`), made when it does not exist.
    pub fn error_class(&mut self, path: &str, above: &Rc<Module>) -> Rc<Module> {
        self.define_class_path(path, above)
    }

    /// Class name and message of an exception, for diagnostics.
    pub fn describe_exception(&mut self, exception: &Value) -> (String, String) {
        let class = self.real_class(exception).display_name();
        let message = match self.send(exception, "message", &[]) {
            Ok(Value::Str(text)) => text.text.borrow().clone(),
            _ => class.clone(),
        };
        let text = self.to_text(&message);
        (class, text.to_string())
    }
}
