//! `Math`: functions and constants.

use std::rc::Rc;

use crate::ruby::core::numeric::Number;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const MATH: &[(&str, Native)] = &[
    ("sqrt", |interpreter, _, args| within(interpreter, args, "sqrt", 0.0, f64::sqrt)),
    ("cbrt", |interpreter, _, args| apply(interpreter, args, f64::cbrt)),
    ("sin", |interpreter, _, args| apply(interpreter, args, f64::sin)),
    ("cos", |interpreter, _, args| apply(interpreter, args, f64::cos)),
    ("tan", |interpreter, _, args| apply(interpreter, args, f64::tan)),
    ("asin", |interpreter, _, args| apply(interpreter, args, f64::asin)),
    ("acos", |interpreter, _, args| apply(interpreter, args, f64::acos)),
    ("atan", |interpreter, _, args| apply(interpreter, args, f64::atan)),
    ("sinh", |interpreter, _, args| apply(interpreter, args, f64::sinh)),
    ("cosh", |interpreter, _, args| apply(interpreter, args, f64::cosh)),
    ("tanh", |interpreter, _, args| apply(interpreter, args, f64::tanh)),
    ("exp", |interpreter, _, args| apply(interpreter, args, f64::exp)),
    ("log2", |interpreter, _, args| within(interpreter, args, "log2", 0.0, f64::log2)),
    ("log10", |interpreter, _, args| within(interpreter, args, "log10", 0.0, f64::log10)),
    ("log", log),
    ("pow", |interpreter, _, args| {
        let (a, b) = (number(interpreter, &args.value(0))?, number(interpreter, &args.value(1))?);
        Ok(Value::Float(a.powf(b)))
    }),
    ("hypot", |interpreter, _, args| {
        let (a, b) = (number(interpreter, &args.value(0))?, number(interpreter, &args.value(1))?);
        Ok(Value::Float(a.hypot(b)))
    }),
    ("atan2", |interpreter, _, args| {
        let (a, b) = (number(interpreter, &args.value(0))?, number(interpreter, &args.value(1))?);
        Ok(Value::Float(a.atan2(b)))
    }),
];

/// Installs the functions and constants.
pub fn install(interpreter: &mut Interpreter) {
    let module = interpreter.define_module_path("Math");
    let above = Rc::clone(&interpreter.classes.argument_error);
    interpreter.define_class_path("Math::DomainError", &above);
    interpreter.define_private(&module, MATH);
    interpreter.define_singleton(&module, MATH);
    interpreter.set_constant(&module, "PI".into(), Value::Float(std::f64::consts::PI));
    interpreter.set_constant(&module, "E".into(), Value::Float(std::f64::consts::E));
}

fn number(interpreter: &mut Interpreter, value: &Value) -> Eval<f64> {
    match Number::of(value) {
        Some(number) => Ok(number.float()),
        None => {
            let shown = match value {
                Value::Nil | Value::Bool(_) => interpreter.inspect(value)?,
                other => interpreter.real_class(other).display_name(),
            };
            interpreter.type_error(format!("can't convert {shown} into Float"))
        }
    }
}

fn apply(interpreter: &mut Interpreter, args: &Args, function: fn(f64) -> f64) -> Eval {
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(interpreter.derived(&hole, " (computed)"));
    }
    Ok(Value::Float(function(number(interpreter, &args.value(0))?)))
}

fn within(interpreter: &mut Interpreter, args: &Args, name: &str, least: f64, function: fn(f64) -> f64) -> Eval {
    if let Value::Unknown(_) = args.value(0) {
        return apply(interpreter, args, function);
    }
    if number(interpreter, &args.value(0))? < least {
        let above = Rc::clone(&interpreter.classes.argument_error);
        let class = interpreter.define_class_path("Math::DomainError", &above);
        return interpreter.raise(&class, format!("Numerical argument is out of domain - \"{name}\""));
    }
    apply(interpreter, args, function)
}

fn log(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let natural = within(interpreter, args, "log", 0.0, f64::ln)?;
    match (&natural, args.get(1)) {
        (Value::Float(top), Some(base)) => {
            let base = number(interpreter, base)?;
            Ok(Value::Float(top / base.ln()))
        }
        _ => Ok(natural),
    }
}
