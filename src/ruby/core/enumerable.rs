//! `Enumerable`: everything that needs nothing but `each`.
//!
//! In: any object with `each`. `Array`, `Hash` and `Range` use these functions too, through `interpreter.each`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::Value;
use crate::text::Hole;

mod find;
mod group;
mod number;
mod order;
mod transform;

pub use order::{by_block, sorted};
pub use transform::add_pair;

/// The block, or the enumerator that the iteration without block returns.
macro_rules! block_or_enumerator {
    ($interpreter:expr, $me:expr, $args:expr, $name:expr) => {
        match &$args.block {
            Some(block) => std::rc::Rc::clone(block),
            None => return $interpreter.enumerator($me, $name, $args.list.clone()),
        }
    };
}
pub(in crate::ruby) use block_or_enumerator;

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let module = Rc::clone(&interpreter.classes.enumerable);
    interpreter.define(&module, find::METHODS);
    interpreter.define(&module, group::METHODS);
    interpreter.define(&module, number::METHODS);
    interpreter.define(&module, order::METHODS);
    interpreter.define(&module, transform::METHODS);
}

/// Several yielded values as one: an array of them.
#[must_use]
pub fn pack(mut args: Vec<Value>) -> Value {
    match args.len() {
        0 => Value::Nil,
        1 => args.swap_remove(0),
        _ => Value::array(args),
    }
}

/// What a block decides: `true`, `false`, or not known.
pub enum Verdict {
    /// Known.
    Known(bool),
    /// It depends on something unknown.
    Unknown(Rc<Hole>),
}

impl Verdict {
    /// The verdict that a block's value is.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Unknown(hole) => Self::Unknown(Rc::clone(hole)),
            other => Self::Known(other.truthy()),
        }
    }
}

impl Interpreter {
    /// Goes through what `each` yields, with the values of each yield as they are, until `visit` says `false`.
    ///
    /// # Errors
    /// What `each` or `visit` raises.
    pub fn each_args(&mut self, value: &Value, mut visit: impl FnMut(&mut Self, Vec<Value>) -> Eval<bool> + 'static) -> Eval<()> {
        if !matches!(value, Value::Object(_)) {
            return self.each(value, move |interpreter, item| visit(interpreter, vec![item]));
        }
        let id = self.fresh_id();
        let visit = RefCell::new(visit);
        let block = self.native_block(-1, move |interpreter, args| {
            let mut visit = visit.try_borrow_mut().map_err(|_| Box::new(Flow::Halt("an iteration entered itself".to_owned())))?;
            interpreter.step()?;
            if visit(interpreter, args.list.clone())? { Ok(Value::Nil) } else { Err(Box::new(Flow::Break(id, Value::Nil))) }
        });
        let answer = self.call(value, "each".into(), Args::none().with_block(Some(block)), CallKind::Implicit);
        self.catch_break(id, answer)?;
        Ok(())
    }

    /// Goes through what `each` yields, carrying a state along, until `visit` says `false`. Gives the state.
    ///
    /// # Errors
    /// What `each` or `visit` raises.
    pub fn fold<S: 'static>(
        &mut self,
        value: &Value,
        start: S,
        visit: impl Fn(&mut Self, &mut S, Vec<Value>) -> Eval<bool> + 'static,
    ) -> Eval<S> {
        let state = Rc::new(RefCell::new(Some(start)));
        let shared = Rc::clone(&state);
        self.each_args(value, move |interpreter, args| {
            let held = shared.borrow_mut().take();
            let Some(mut held) = held else { return Err(Box::new(Flow::Halt("an iteration entered itself".to_owned()))) };
            let answer = visit(interpreter, &mut held, args);
            *shared.borrow_mut() = Some(held);
            answer
        })?;
        let left = state.borrow_mut().take();
        left.ok_or_else(|| Box::new(Flow::Halt("an iteration lost its state".to_owned())))
    }

    /// Goes through the elements that `each` yields, carrying a state along.
    ///
    /// # Errors
    /// What `each` or `visit` raises.
    pub fn fold_items<S: 'static>(
        &mut self,
        value: &Value,
        start: S,
        visit: impl Fn(&mut Self, &mut S, Value) -> Eval<bool> + 'static,
    ) -> Eval<S> {
        self.fold(value, start, move |interpreter, state, args| visit(interpreter, state, pack(args)))
    }

    /// The first `limit` elements.
    ///
    /// # Errors
    /// What `each` raises.
    pub fn take_items(&mut self, value: &Value, limit: usize) -> Eval<Vec<Value>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        if let Value::Array(array) = value {
            return Ok(array.items.borrow().iter().take(limit).cloned().collect());
        }
        self.fold_items(value, Vec::new(), move |interpreter, list, item| {
            list.push(item);
            interpreter.check_size(list.len())?;
            Ok(list.len() < limit)
        })
    }

    /// Yields one element; a lambda gets the values of an element that several values made.
    ///
    /// # Errors
    /// What the block raises.
    pub fn yield_item(&mut self, block: &Rc<Proc>, item: Value) -> Eval {
        self.yield_values(block, vec![item])
    }

    /// A size argument: `first(n)`, `each_slice(n)`.
    ///
    /// # Errors
    /// `TypeError`; `ArgumentError` with `message` when it is negative.
    pub fn size_argument(&mut self, value: &Value, message: &str) -> Eval<usize> {
        let number = self.to_integer(value)?;
        match usize::try_from(number) {
            Ok(number) => Ok(number),
            Err(_) => self.argument_error(message),
        }
    }

    /// Whether the array holds an element equal to `wanted`; not known when one may be.
    ///
    /// # Errors
    /// What `==` raises.
    pub fn equal_or_unknown(&mut self, left: &Value, right: &Value) -> Eval<Verdict> {
        let holes = |me: &Self, value: &Value| match value {
            Value::Str(text) => !me.holes.is_empty() && crate::ruby::hole::has_hole(&text.text.borrow()),
            Value::Unknown(_) => true,
            _ => false,
        };
        if left.same(right) {
            return Ok(Verdict::Known(true));
        }
        if let (false, Value::Unknown(hole)) = (left.is_unknown(), right) {
            return Ok(Verdict::Unknown(Rc::clone(hole)));
        }
        if holes(self, left) || holes(self, right) {
            return Ok(Verdict::of(&self.equals(left, right)?));
        }
        Ok(Verdict::Known(self.equal(left, right)?))
    }
}
