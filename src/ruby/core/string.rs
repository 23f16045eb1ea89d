//! `String`.

use crate::ruby::interpreter::Interpreter;

/// Installs the methods.
pub fn install(_: &mut Interpreter) {}
