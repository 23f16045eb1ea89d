//! Elements to one value: `inject`, `sum`, `tally`.

use super::pack;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[("inject", inject), ("reduce", inject), ("sum", sum), ("tally", tally)];

fn inject(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(2))?;
    let (start, operator) = match (args.list.as_slice(), &args.block) {
        ([], _) => (None, None),
        ([start], Some(_)) => (Some(start.clone()), None),
        ([operator], None) => (None, Some(operator.clone())),
        ([start, operator, ..], _) => (Some(start.clone()), Some(operator.clone())),
    };
    let operator = match operator {
        None => None,
        Some(operator) => match operator.name() {
            Some(name) => Some(name),
            None => {
                let shown = interpreter.inspect(&operator)?;
                return interpreter.type_error(format!("{shown} is not a symbol nor a string"));
            }
        },
    };
    let block = args.block.clone();
    if operator.is_none() && block.is_none() {
        let class = std::rc::Rc::clone(&interpreter.classes.local_jump_error);
        return interpreter.raise(&class, "no block given");
    }
    let answer = interpreter.fold_items(me, start, move |interpreter, held, item| {
        let next = match (held.take(), operator, &block) {
            (None, _, _) => item,
            (Some(so_far), Some(operator), _) => interpreter.call(&so_far, operator, Args::new(vec![item]), CallKind::Explicit)?,
            (Some(so_far), None, Some(block)) => interpreter.yield_values(block, vec![so_far, item])?,
            (Some(so_far), None, None) => so_far,
        };
        *held = Some(next);
        Ok(true)
    })?;
    Ok(answer.unwrap_or(Value::Nil))
}

/// A sum in progress. Floats are added as Ruby adds them: Kahan and Babuška's way.
enum Sum {
    Integer(i64),
    Float { total: f64, lost: f64 },
    Other(Value),
}

impl Sum {
    fn value(self) -> Value {
        match self {
            Self::Integer(number) => Value::Integer(number),
            Self::Float { total, lost } => Value::Float(total + lost),
            Self::Other(value) => value,
        }
    }
}

fn sum(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let start = match args.get(0) {
        None => Sum::Integer(0),
        Some(Value::Integer(number)) => Sum::Integer(*number),
        Some(Value::Float(number)) => Sum::Float { total: *number, lost: 0.0 },
        Some(other) => Sum::Other(other.clone()),
    };
    let block = args.block.clone();
    let total = interpreter.fold(me, start, move |interpreter, sum, values| {
        let item = match &block {
            Some(block) => interpreter.yield_values(block, values)?,
            None => pack(values),
        };
        let before = std::mem::replace(sum, Sum::Integer(0));
        *sum = add(interpreter, before, item)?;
        Ok(true)
    })?;
    Ok(total.value())
}

#[expect(clippy::cast_precision_loss, reason = "Ruby adds integers to floats as floats")]
fn add(interpreter: &mut Interpreter, sum: Sum, item: Value) -> Eval<Sum> {
    let number = match &item {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    };
    Ok(match (sum, &item, number) {
        (Sum::Integer(total), Value::Integer(number), _) if total.checked_add(*number).is_some() => Sum::Integer(total + number),
        (Sum::Integer(total), Value::Float(_), Some(number)) => kahan(total as f64, 0.0, number),
        (Sum::Float { total, lost }, _, Some(number)) => kahan(total, lost, number),
        (sum, _, _) => {
            let so_far = sum.value();
            Sum::Other(interpreter.call(&so_far, Name::new("+"), Args::new(vec![item]), CallKind::Explicit)?)
        }
    })
}

fn kahan(total: f64, lost: f64, number: f64) -> Sum {
    if !number.is_finite() || !total.is_finite() {
        return Sum::Float { total: total + number, lost: 0.0 };
    }
    let next = total + number;
    let lost = lost + if total.abs() >= number.abs() { (total - next) + number } else { (number - next) + total };
    Sum::Float { total: next, lost }
}

fn tally(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 0, Some(1))?;
    let hash = match args.get(0) {
        Some(given @ Value::Hash(hash)) => {
            interpreter.check_frozen(given)?;
            std::rc::Rc::clone(hash)
        }
        _ => Value::new_hash(),
    };
    for item in interpreter.to_list(me)? {
        let count = match interpreter.hash_get(&hash, &item)? {
            Some(Value::Integer(count)) => count + 1,
            None => 1,
            Some(other) => {
                let class = interpreter.real_class(&other).display_name();
                return interpreter.type_error(format!("wrong argument type {class} (expected Integer)"));
            }
        };
        interpreter.hash_insert(&hash, item, Value::Integer(count))?;
    }
    Ok(Value::Hash(hash))
}
