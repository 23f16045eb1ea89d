//! A sandboxed, deterministic evaluator of Ruby with unknown values. Knows nothing of Chef.
//!
//! In: a tree of [`crate::read::ruby::ast`]. Out: a [`value::Value`]. See [`interpreter::Interpreter`].

pub mod arguments;
pub mod big;
pub mod bounds;
pub mod classes;
pub mod convert;
pub mod core;
pub mod dismantle;
pub mod dispatch;
pub mod evaluate;
pub mod flow;
pub mod generated;
pub mod hole;
mod hole_pattern;
pub mod interpreter;
pub mod library;
pub mod module;
pub mod natives;
pub mod procs;
pub mod raise;
pub mod scope;
pub mod unknown;
pub mod value;
pub mod vocabulary;
