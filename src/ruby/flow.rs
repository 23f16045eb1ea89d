//! How evaluation goes on: a value, or something that unwinds.

use crate::ruby::value::Value;

/// What unwinds the evaluation.
pub enum Flow {
    /// An exception object.
    Raise(Value),
    /// `break` out of the block with that id.
    Break(usize, Value),
    /// `next`: the value of the block (or of the loop's turn).
    Next(Value),
    /// `return` from the frame with that id.
    Return(usize, Value),
    /// `throw tag, value`
    Throw(Value, Value),
    /// `retry`
    Retry,
    /// `redo`
    Redo,
    /// A bound was hit (steps, depth, size): everything stops, no `rescue` helps.
    Halt(String),
}

/// The outcome of an evaluation.
pub type Eval<T = Value> = Result<T, Box<Flow>>;
