//! Ruby's standard library: what scripts `require`, always there here, one file per library.

use crate::ruby::interpreter::Interpreter;

pub mod date;
mod gem;
mod json;
mod yaml;

/// Installs every library. One line a file.
const INSTALL: &[fn(&mut Interpreter)] = &[date::install, gem::install, json::install, yaml::install];

/// Installs the standard library.
pub fn install(interpreter: &mut Interpreter) {
    for install in INSTALL {
        install(interpreter);
    }
}
