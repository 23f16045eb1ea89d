//! What evaluation may cost: steps, depth, size. Whoever hits a bound gets [`Flow::Halt`], which no `rescue` catches.
//!
//! `loop { }` stops after [`Bounds::steps`], `'a' * 10**10` at [`Bounds::size`]; a method that calls itself gets Ruby's own `SystemStackError`
//! at [`Bounds::depth`]. Native work that is not one expression a unit is [charged](Interpreter::charge) for: new strings and collections
//! by their size, arithmetic of large integers by their digits.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;

/// Why what sleeps again and again is stopped: no bound of ours would have it end.
pub const WAITS: &str = "it waits with `sleep` for something that only happens on the machine";

/// What evaluation may cost before it is stopped.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Expressions evaluated by one file or resource.
    pub steps: u64,
    /// Expressions evaluated by everything that shares one budget: all runs over a repository.
    pub total: u64,
    /// Calls inside calls.
    pub depth: usize,
    /// Bytes of one string, and elements of one collection.
    pub size: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { steps: 20_000_000, total: u64::MAX, depth: 900, size: 16 << 20 }
    }
}

/// So many bytes of a new string cost one step.
const BYTES_A_STEP: usize = 16;

/// So many elements of a new collection cost one step.
const ELEMENTS_A_STEP: usize = 4;

/// Strings and collections up to this size are free: the expression that made them has been counted.
const FREE: usize = 256;

/// Strings and arrays of so many bytes or elements are large: a walk through them is charged for.
const LARGE: usize = 16 << 10;

/// What a walk through [`LARGE`] bytes or elements costs.
const WALK: usize = 64;

/// Methods that take the same time however large their receiver is.
const CONSTANT_TIME: &[&str] = &[
    "<<",
    "push",
    "append",
    "pop",
    "concat",
    "[]",
    "[]=",
    "at",
    "dig",
    "fetch",
    "first",
    "last",
    "length",
    "size",
    "empty?",
    "nil?",
    "!",
    "is_a?",
    "kind_of?",
    "class",
    "respond_to?",
    "frozen?",
    "freeze",
    "equal?",
    "to_s",
    "to_str",
    "to_a",
    "to_ary",
    "each",
    "each_with_index",
    "map",
];

/// So many products of digits (of 32 bits) cost one step.
const PRODUCTS_A_STEP: usize = 16;

impl Interpreter {
    /// Counts one expression.
    ///
    /// # Errors
    /// [`Flow::Halt`] when a bound is reached.
    pub fn step(&mut self) -> Eval<()> {
        self.charge(1)
    }

    /// Counts as much as `steps` expressions.
    ///
    /// # Errors
    /// [`Flow::Halt`] when a bound is reached.
    pub fn charge(&mut self, steps: u64) -> Eval<()> {
        self.steps = self.steps.saturating_add(steps);
        self.spent = self.spent.saturating_add(steps);
        if self.steps > self.bounds.steps {
            return Err(Box::new(Flow::Halt(format!("stopped after {} steps", self.bounds.steps))));
        }
        if self.spent > self.bounds.total {
            return Err(Box::new(Flow::Halt(format!("all files together have used their {} steps", self.bounds.total))));
        }
        Ok(())
    }

    /// Whether nothing more can be evaluated: the budget of all files together is used up.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.spent > self.bounds.total
    }

    /// Refuses collections and strings beyond the bound.
    ///
    /// # Errors
    /// [`Flow::Halt`] when `size` is beyond it.
    pub fn check_size(&self, size: usize) -> Eval<()> {
        if size > self.bounds.size {
            return Err(Box::new(Flow::Halt(format!("a value grew beyond {} elements", self.bounds.size))));
        }
        Ok(())
    }

    /// Charges for a value that a native method has just made: nobody else holds it yet.
    ///
    /// # Errors
    /// [`Flow::Halt`] when a bound is reached.
    pub fn charge_for(&mut self, made: &Value) -> Eval<()> {
        let cost = match made {
            Value::Str(string) if Rc::strong_count(string) == 1 => cost(string.text.borrow().len(), BYTES_A_STEP),
            Value::Array(array) if Rc::strong_count(array) == 1 => cost(array.items.borrow().len(), ELEMENTS_A_STEP),
            Value::Hash(hash) if Rc::strong_count(hash) == 1 => cost(hash.map.borrow().len(), ELEMENTS_A_STEP),
            _ => 0,
        };
        if cost == 0 { Ok(()) } else { self.charge(cost) }
    }

    /// Charges for a native method that may walk through all of a large receiver.
    ///
    /// # Errors
    /// [`Flow::Halt`] when a bound is reached.
    pub fn charge_walk(&mut self, receiver: &Value, method: Name) -> Eval<()> {
        let cost = match receiver {
            Value::Str(string) => string.text.try_borrow().map_or(0, |text| text.len()) / LARGE,
            Value::Array(array) => array.items.try_borrow().map_or(0, |items| items.len()) / LARGE,
            _ => 0,
        };
        if cost == 0 || CONSTANT_TIME.contains(&method.as_str()) {
            return Ok(());
        }
        self.charge(u64::try_from(cost.saturating_mul(WALK)).unwrap_or(u64::MAX))
    }

    /// Charges for a text of `size` bytes that was made or printed.
    ///
    /// # Errors
    /// [`Flow::Halt`] when a bound is reached.
    pub fn charge_text(&mut self, size: usize) -> Eval<()> {
        let cost = cost(size, BYTES_A_STEP);
        if cost == 0 { Ok(()) } else { self.charge(cost) }
    }

    /// Charges for a product (or quotient) of integers of so many bits.
    ///
    /// # Errors
    /// [`Flow::Halt`] when a bound is reached.
    pub fn charge_product(&mut self, one: usize, other: usize) -> Eval<()> {
        let products = (one / 32 + 1).saturating_mul(other / 32 + 1);
        self.charge(u64::try_from(products / PRODUCTS_A_STEP).unwrap_or(u64::MAX))
    }

    /// Charges for a greatest common divisor of integers of so many bits: a division, bit by bit, for every other bit.
    ///
    /// # Errors
    /// [`Flow::Halt`] when a bound is reached.
    pub fn charge_divisor(&mut self, one: usize, other: usize) -> Eval<()> {
        let (one, other) = (one.max(other), one.min(other));
        let divisions = other / 8 + 1;
        self.charge_product(one.saturating_mul(32).saturating_mul(divisions), other)
    }
}

fn cost(size: usize, a_step: usize) -> u64 {
    if size <= FREE { 0 } else { u64::try_from(size / a_step).unwrap_or(u64::MAX) }
}
