//! Ruby's standard library: what scripts `require`, always there here, one file per library.

use crate::ruby::interpreter::Interpreter;

mod date;

/// Installs every library. One line a file.
const INSTALL: &[fn(&mut Interpreter)] = &[date::install];

/// Installs the standard library.
pub fn install(interpreter: &mut Interpreter) {
    for install in INSTALL {
        install(interpreter);
    }
}
