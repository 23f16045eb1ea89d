//! Ruby's core and standard library, one file per class: tables of native functions.

use crate::ruby::interpreter::Interpreter;

mod array;
mod comparable;
pub mod conversion;
pub mod enumerator;
mod exception;
pub mod float;
mod hash;
pub mod integer;
pub mod kernel;
mod math;
pub mod module;
pub mod numeric;
pub mod object;
mod proc;
pub mod rational;
mod regexp;
mod string;
mod symbol;
pub mod time;

/// Installs every class's methods. One line a file.
const INSTALL: &[fn(&mut Interpreter)] = &[
    kernel::install,
    object::install,
    module::install,
    proc::install,
    exception::install,
    comparable::install,
    numeric::install,
    integer::install,
    float::install,
    rational::install,
    math::install,
    conversion::install,
    time::install,
    string::install,
    symbol::install,
    regexp::install,
    array::install,
    hash::install,
    enumerator::install,
];

/// Installs the core library.
pub fn install(interpreter: &mut Interpreter) {
    for install in INSTALL {
        install(interpreter);
    }
    crate::ruby::library::install(interpreter);
}
