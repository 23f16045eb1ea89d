//! What recipe, resource, provider and library code can call beside the resources: platform helpers, data bags, search, logging.
//!
//! One file per theme; each installs its natives on the modules of Chef that have them. `Chef::DSL::Universal` is what recipes, resources
//! and providers share.

pub mod data;
pub mod exceptions;
pub mod files;
pub mod helpers;
pub mod log;
pub mod platform;
pub mod query;
pub mod require;
pub mod settings;
pub mod shell;

use std::rc::Rc;

use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::text::Hole;

/// Every theme.
const INSTALL: &[fn(&mut Interpreter)] = &[
    platform::install,
    data::install,
    log::install,
    require::install,
    shell::install,
    files::install,
    helpers::install,
    settings::install,
];

/// Installs all of them.
pub fn install(interpreter: &mut Interpreter) {
    for install in INSTALL {
        install(interpreter);
    }
}

/// A value that only the machine (or the server) knows.
pub(crate) fn unknown(name: impl Into<String>, reason: &str) -> Value {
    Value::Unknown(Rc::new(Hole::unknown(name, reason)))
}
