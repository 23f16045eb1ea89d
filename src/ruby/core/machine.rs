//! What only the machine knows: its files, processes, addresses, chance. All of it is unknown here, with the reason.
//!
//! `File.read('/etc/hosts')` is unknown because it is "a file of the machine". Whoever embeds the interpreter defines these
//! methods anew where it knows better.

use std::rc::Rc;

use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::text::Hole;

/// Why a file is unknown.
pub const FILE: &str = "a file of the machine";
/// Why what depends on the machine is unknown.
pub const HOST: &str = "depends on the machine";
/// Why what is random is unknown.
pub const RANDOM: &str = "a random value";

/// The unknown `name`.
#[must_use]
pub fn unknown(name: impl Into<String>, reason: &str) -> Value {
    Value::Unknown(Rc::new(Hole::unknown(name, reason)))
}

impl Interpreter {
    /// The unknown that `method` gives for the file `path`.
    pub fn machine_file(&mut self, path: &str, method: &str) -> Value {
        let shown = self.to_text(path).to_string();
        let shown: String = shown.chars().take(60).collect();
        unknown(format!("{method}('{shown}')"), FILE)
    }
}
