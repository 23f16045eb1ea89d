//! `Enumerator`: an iteration that is not done yet.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// What an enumerator keeps: what it iterates over, and how.
pub struct EnumeratorData {
    /// The object.
    pub receiver: Value,
    /// Its iterating method.
    pub method: Name,
    /// Arguments of that method.
    pub args: Vec<Value>,
}

const ENUMERATOR: &[(&str, Native)] = &[("each", each)];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Enumerator", &object);
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    interpreter.include(&class, &enumerable);
    interpreter.define(&class, ENUMERATOR);
}

impl Interpreter {
    /// The enumerator that `receiver.method(args)` without a block gives.
    ///
    /// # Errors
    /// None so far.
    pub fn enumerator(&mut self, receiver: &Value, method: &str, args: Vec<Value>) -> Eval {
        let object = Rc::clone(&self.classes.object);
        let class = self.define_class_path("Enumerator", &object);
        let made = self.allocate(&class);
        if let Value::Object(inner) = &made {
            *inner.data.borrow_mut() = Some(Rc::new(EnumeratorData { receiver: receiver.clone(), method: Name::new(method), args }));
        }
        Ok(made)
    }
}

fn data(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<EnumeratorData>> {
    match me {
        Value::Object(object) => match object.data::<EnumeratorData>() {
            Some(data) => Ok(data),
            None => interpreter.argument_error("uninitialized enumerator"),
        },
        _ => interpreter.type_error("not an enumerator"),
    }
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if args.block.is_none() {
        return Ok(me.clone());
    }
    let data = data(interpreter, me)?;
    let args = Args::new(data.args.clone()).with_block(args.block.clone());
    interpreter.call(&data.receiver, data.method, args, CallKind::Implicit)
}
