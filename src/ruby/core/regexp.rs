//! `Regexp` and `MatchData`.

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::{Regexp, Value};

/// Installs the methods.
pub fn install(_: &mut Interpreter) {}

impl Interpreter {
    /// A regular expression of Ruby's `source` and `options` (`imx`).
    ///
    /// # Errors
    /// `RegexpError` when it cannot be compiled.
    pub fn make_regexp(&mut self, source: &str, options: &str) -> Eval {
        let compiled = fancy_regex::Regex::new(source).map_err(|error| error.to_string());
        Ok(Value::Regexp(Rc::new(Regexp { source: source.to_owned(), options: options.to_owned(), compiled, names: Vec::new() })))
    }
}
