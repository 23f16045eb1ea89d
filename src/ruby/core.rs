//! Ruby's core and standard library, one file per class: tables of native functions.

use crate::ruby::interpreter::Interpreter;

pub mod arity;
pub mod array;
mod comparable;
mod complex;
pub mod conversion;
mod dir;
pub mod enumerable;
pub mod enumerator;
mod environment;
mod exception;
pub mod file;
pub mod float;
pub mod format;
mod hash;
pub mod integer;
mod io;
pub mod kernel;
pub mod machine;
mod match_data;
mod math;
pub mod module;
pub mod numeric;
pub mod object;
mod open_struct;
pub mod path;
mod proc;
mod process;
mod range;
pub mod rational;
mod refinement;
mod reflection;
pub mod regexp;
mod set;
pub mod string;
mod struct_class;
mod symbol;
mod thread;
pub mod time;

/// Installs every class's methods. One line a file.
const INSTALL: &[fn(&mut Interpreter)] = &[
    kernel::install,
    object::install,
    module::install,
    refinement::install,
    reflection::install,
    proc::install,
    exception::install,
    comparable::install,
    numeric::install,
    integer::install,
    float::install,
    rational::install,
    math::install,
    complex::install,
    conversion::install,
    time::install,
    file::install,
    dir::install,
    io::install,
    environment::install,
    process::install,
    thread::install,
    string::install,
    symbol::install,
    regexp::install,
    enumerable::install,
    match_data::install,
    format::install,
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
    crate::ruby::library::install(interpreter);
}
