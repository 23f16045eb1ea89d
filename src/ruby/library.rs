//! Ruby's standard library: what scripts `require`, always there here, one file per library.

use crate::ruby::interpreter::Interpreter;

pub mod date;
mod delegate;
mod digest;
pub mod encode;
mod gem;
mod ip_addr;
mod json;
mod logger;
mod marshal;
mod pathname;
mod scripts;
mod string_io;
mod template;
mod uri;
mod yaml;

/// Installs every library. One line a file.
const INSTALL: &[fn(&mut Interpreter)] = &[
    date::install,
    delegate::install,
    digest::install,
    encode::install,
    gem::install,
    ip_addr::install,
    json::install,
    logger::install,
    marshal::install,
    pathname::install,
    string_io::install,
    template::install,
    uri::install,
    yaml::install,
];

/// Installs the standard library.
pub fn install(interpreter: &mut Interpreter) {
    for install in INSTALL {
        install(interpreter);
    }
}
