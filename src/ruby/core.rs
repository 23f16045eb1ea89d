//! Ruby's core and standard library, one file per class: tables of native functions.

use crate::ruby::interpreter::Interpreter;

mod array;
mod comparable;
pub mod enumerator;
mod exception;
pub mod format;
mod hash;
mod integer;
pub mod kernel;
mod match_data;
pub mod module;
pub mod object;
mod proc;
pub mod regexp;
pub mod string;
mod symbol;

/// Installs every class's methods. One line a file.
const INSTALL: &[fn(&mut Interpreter)] = &[
    kernel::install,
    object::install,
    module::install,
    proc::install,
    exception::install,
    comparable::install,
    integer::install,
    string::install,
    symbol::install,
    regexp::install,
    match_data::install,
    format::install,
    array::install,
    hash::install,
    enumerator::install,
];

/// Installs the core library.
pub fn install(interpreter: &mut Interpreter) {
    for install in INSTALL {
        install(interpreter);
    }
}
