//! External iteration: `next`, `peek`, `rewind`.
//!
//! Nothing can be suspended here. So each `next` runs the iteration again up to the element after those already given out,
//! taking back what the repeated part printed and did to the local variables of the generator's block.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{EnumeratorData, Generator};
use crate::name::Name;
use crate::ruby::core::enumerable::pack;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::{Args, Code};
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;

type Snapshot = Vec<(Rc<Scope>, Vec<(Name, Value)>)>;

/// Where `next` stands in an iteration.
#[derive(Default)]
pub struct Cursor {
    taken: RefCell<Vec<Vec<Value>>>,
    position: Cell<usize>,
    /// What the iteration returned, once it is known to be at its end.
    ended: RefCell<Option<Value>>,
    /// The generator's variables before the first run, and after the last one.
    before: RefCell<Snapshot>,
    after: RefCell<Snapshot>,
}

/// An enumerator's or lazy enumerator's cursor, with the object that it iterates over.
fn cursor<T>(interpreter: &mut Interpreter, me: &Value, work: impl FnOnce(&mut Interpreter, &Cursor, &Value) -> Eval<T>) -> Eval<T> {
    if let Value::Object(object) = me {
        if let Some(data) = object.data::<EnumeratorData>() {
            return work(interpreter, &data.cursor, &data.receiver);
        }
        if let Some(data) = object.data::<super::lazy::LazyData>() {
            return work(interpreter, &data.cursor, me);
        }
    }
    interpreter.argument_error("uninitialized enumerator")
}

/// The scope of a generator's block.
fn closure(receiver: &Value) -> Option<Rc<Scope>> {
    let Value::Object(object) = receiver else { return None };
    match &object.data::<Generator>()?.block.code {
        Code::Block { scope, .. } => Some(Rc::clone(scope)),
        _ => None,
    }
}

/// Sets the variables that differ between two snapshots to what the second says.
fn reapply(from: &Snapshot, to: &Snapshot) {
    for ((scope, new), (_, old)) in to.iter().zip(from) {
        for (name, value) in new {
            let unchanged = old.iter().any(|(known, before)| known == name && before.same(value));
            if !unchanged {
                scope.declare(*name, value.clone());
            }
        }
    }
}

/// Makes sure that the element at the cursor's position is there, if the iteration has so many.
fn fill(interpreter: &mut Interpreter, me: &Value, cursor: &Cursor, receiver: &Value) -> Eval<()> {
    let known = cursor.taken.borrow().len();
    if cursor.position.get() < known || cursor.ended.borrow().is_some() {
        return Ok(());
    }
    // Plain data can be read ahead: nobody sees it.
    let plain = matches!(receiver, Value::Array(_) | Value::Hash(_) | Value::Range(_) | Value::Integer(_) | Value::Str(_));
    let limit = if plain { (known * 2).max(64) } else { known + 1 };
    let scope = closure(receiver);
    let mut current: Snapshot = Vec::new();
    if let Some(scope) = &scope {
        current = scope.snapshot();
        if known == 0 {
            cursor.before.borrow_mut().clone_from(&current);
        } else {
            Scope::restore(&cursor.before.borrow());
        }
    }
    let id = interpreter.fresh_id();
    let printed = interpreter.stdout.len();
    let fresh: Rc<RefCell<Vec<Vec<Value>>>> = Rc::default();
    let sink = Rc::clone(&fresh);
    let index = Cell::new(0_usize);
    let block = interpreter.native_block(-1, move |interpreter, given| {
        interpreter.step()?;
        let now = index.get();
        index.set(now + 1);
        if now + 1 == known {
            interpreter.stdout.truncate(printed);
        }
        if now >= known {
            sink.borrow_mut().push(given.list.clone());
            if now + 1 >= limit {
                return Err(Box::new(Flow::Break(id, Value::Nil)));
            }
        }
        Ok(Value::Nil)
    });
    let answer = interpreter.call(me, Name::new("each"), Args::none().with_block(Some(block)), CallKind::Implicit);
    let answer = interpreter.catch_break(id, answer)?;
    let found = fresh.take();
    if found.len() < limit - known {
        *cursor.ended.borrow_mut() = Some(answer);
    }
    cursor.taken.borrow_mut().extend(found);
    if let Some(scope) = &scope {
        let now = scope.snapshot();
        if known > 0 {
            reapply(&cursor.after.borrow(), &current);
        }
        *cursor.after.borrow_mut() = now;
    }
    Ok(())
}

fn look(interpreter: &mut Interpreter, me: &Value, advance: bool) -> Eval<Vec<Value>> {
    cursor(interpreter, me, |interpreter, cursor, receiver| {
        fill(interpreter, me, cursor, receiver)?;
        let position = cursor.position.get();
        let found = cursor.taken.borrow().get(position).cloned();
        let Some(values) = found else {
            let class = Rc::clone(&interpreter.classes.stop_iteration);
            let error = interpreter.exception(&class, "iteration reached an end");
            let result = cursor.ended.borrow().clone().unwrap_or(Value::Nil);
            interpreter.set_ivar(&error, "@result", result);
            return interpreter.raise_object(error);
        };
        if advance {
            cursor.position.set(position + 1);
        }
        Ok(values)
    })
}

pub fn next(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(pack(look(interpreter, me, true)?))
}

pub fn peek(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(pack(look(interpreter, me, false)?))
}

pub fn next_values(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::array(look(interpreter, me, true)?))
}

pub fn rewind(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    cursor(interpreter, me, |_, cursor, _| {
        cursor.taken.borrow_mut().clear();
        cursor.position.set(0);
        *cursor.ended.borrow_mut() = None;
        Ok(())
    })?;
    Ok(me.clone())
}
