//! `Complex`: as much as shows up in practice, which is printing.

use std::rc::Rc;

use crate::ruby::core::machine::{data_of, object_with};
use crate::ruby::core::numeric::Number;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// The two parts.
struct Parts {
    real: Value,
    imaginary: Value,
}

const COMPLEX: &[(&str, Native)] = &[
    ("real", |_, me, _| Ok(parts(me).0)),
    ("imaginary", |_, me, _| Ok(parts(me).1)),
    ("imag", |_, me, _| Ok(parts(me).1)),
    ("rectangular", |_, me, _| Ok(Value::array(vec![parts(me).0, parts(me).1]))),
    ("conjugate", |interpreter, me, _| {
        let (real, imaginary) = parts(me);
        let imaginary = interpreter.send(&imaginary, "-@", &[])?;
        made(interpreter, real, imaginary)
    }),
    ("abs", |_, me, _| {
        let (real, imaginary) = parts(me);
        let float = |value: &Value| Number::of(value).map_or(0.0, |number| number.float());
        Ok(Value::Float(float(&real).hypot(float(&imaginary))))
    }),
    ("+", |interpreter, me, args| both(interpreter, me, args, "+")),
    ("-", |interpreter, me, args| both(interpreter, me, args, "-")),
    ("*", |interpreter, me, args| {
        let ((a, b), (c, d)) = (parts(me), parts(&args.value(0)));
        let product = |interpreter: &mut Interpreter, x: &Value, y: &Value| interpreter.arithmetic("*", x, y);
        let (ac, bd) = (product(interpreter, &a, &c)?, product(interpreter, &b, &d)?);
        let (ad, bc) = (product(interpreter, &a, &d)?, product(interpreter, &b, &c)?);
        let (real, imaginary) = (interpreter.arithmetic("-", &ac, &bd)?, interpreter.arithmetic("+", &ad, &bc)?);
        made(interpreter, real, imaginary)
    }),
    ("==", |interpreter, me, args| {
        let ((a, b), (c, d)) = (parts(me), parts(&args.value(0)));
        Ok(Value::Bool(interpreter.equal(&a, &c)? && interpreter.equal(&b, &d)?))
    }),
    ("real?", |_, _, _| Ok(Value::Bool(false))),
    ("to_s", |interpreter, me, _| Ok(Value::str(text(interpreter, me)?))),
    ("inspect", |interpreter, me, _| Ok(Value::str(format!("({})", text(interpreter, me)?)))),
];

/// Installs the class and `Complex()`.
pub fn install(interpreter: &mut Interpreter) {
    let numeric = Rc::clone(&interpreter.classes.numeric);
    let class = interpreter.define_class_path("Complex", &numeric);
    interpreter.define(&class, COMPLEX);
    let rectangular: &[(&str, Native)] = &[("rectangular", new), ("rect", new)];
    interpreter.define_singleton(&class, rectangular);
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(&kernel, &[("Complex", new)]);
}

/// A number as its real and imaginary part.
fn parts(value: &Value) -> (Value, Value) {
    match data_of::<Parts>(value) {
        Some(parts) => (parts.real.clone(), parts.imaginary.clone()),
        None => (value.clone(), Value::Integer(0)),
    }
}

fn made(interpreter: &mut Interpreter, real: Value, imaginary: Value) -> Eval {
    let numeric = Rc::clone(&interpreter.classes.numeric);
    let class = interpreter.define_class_path("Complex", &numeric);
    Ok(object_with(&class, Rc::new(Parts { real, imaginary })))
}

fn new(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let imaginary = args.get(1).cloned().unwrap_or(Value::Integer(0));
    if Number::of(&args.value(0)).is_none() || Number::of(&imaginary).is_none() {
        return interpreter.type_error("not a real");
    }
    made(interpreter, args.value(0), imaginary)
}

fn both(interpreter: &mut Interpreter, me: &Value, args: &Args, operator: &str) -> Eval {
    let ((a, b), (c, d)) = (parts(me), parts(&args.value(0)));
    let (real, imaginary) = (interpreter.arithmetic(operator, &a, &c)?, interpreter.arithmetic(operator, &b, &d)?);
    made(interpreter, real, imaginary)
}

fn text(interpreter: &mut Interpreter, me: &Value) -> Eval<String> {
    let (real, imaginary) = parts(me);
    let negative = Number::of(&imaginary).is_some_and(|number| number.is_negative());
    let (real, imaginary) = (interpreter.display(&real)?, interpreter.display(&imaginary)?);
    let sign = if negative { "" } else { "+" };
    Ok(format!("{real}{sign}{imaginary}i"))
}
