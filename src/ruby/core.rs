//! Ruby's core and standard library, one file per class: tables of native functions.

use crate::ruby::interpreter::Interpreter;

pub mod array;
mod comparable;
pub mod enumerable;
pub mod enumerator;
mod exception;
mod hash;
mod integer;
pub mod kernel;
pub mod module;
pub mod object;
mod open_struct;
mod proc;
mod range;
mod regexp;
mod set;
mod string;
mod struct_class;
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
    enumerable::install,
    array::install,
    hash::install,
    range::install,
    enumerator::install,
    struct_class::install,
    set::install,
    open_struct::install,
];

/// Installs the core library.
pub fn install(interpreter: &mut Interpreter) {
    for install in INSTALL {
        install(interpreter);
    }
}
