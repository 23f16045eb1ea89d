//! What recipe, resource, provider and library code can call beside the resources: platform helpers, data bags, search, logging.
//!
//! One file per theme; each installs its natives on the modules of Chef that have them.

use crate::ruby::interpreter::Interpreter;

/// Every theme.
const INSTALL: &[fn(&mut Interpreter)] = &[];

/// Installs all of them.
pub fn install(interpreter: &mut Interpreter) {
    for install in INSTALL {
        install(interpreter);
    }
}
