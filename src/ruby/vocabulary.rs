//! What real Ruby has, whether ekiben has it or not: it tells a method that ekiben lacks from a call that would fail in Ruby too.
//!
//! In: a table as text (`String#` and the methods below it). Out: [`Vocabulary::has`]: `("String#", "unpack1")` is Ruby's, `("String#", "blank?")`
//! is nobody's. Who embeds the interpreter adds tables of its own (`Interpreter::vocabularies`).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::OnceLock;

use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::value::Value;

/// Methods and constants by the class they belong to.
pub struct Vocabulary {
    words: HashMap<&'static str, HashSet<&'static str>>,
}

/// Ruby's core and standard library.
const RUBY: &str = include_str!("vocabulary/ruby.txt");

/// The key of constants.
const CONSTANTS: &str = "::";

impl Vocabulary {
    /// Reads a table: a line at the margin is a class with `#` (methods of objects), `-` (private ones), `.` (of the class itself) or `::` (constants); lines
    /// below it are its words; `# ` starts a comment.
    #[must_use]
    pub fn parse(text: &'static str) -> Self {
        let mut words: HashMap<&'static str, HashSet<&'static str>> = HashMap::new();
        let mut head = "";
        for line in text.lines().filter(|line| !line.starts_with("# ")) {
            if line.starts_with(' ') {
                words.entry(head).or_default().extend(line.split_whitespace());
            } else {
                head = line;
            }
        }
        Self { words }
    }

    /// Ruby's own.
    pub fn ruby() -> &'static Self {
        static TABLE: OnceLock<Vocabulary> = OnceLock::new();
        TABLE.get_or_init(|| Self::parse(RUBY))
    }

    /// Whether `head` (`String#`, `File.`) has `word`.
    #[must_use]
    pub fn has(&self, head: &str, word: &str) -> bool {
        self.words.get(head).is_some_and(|words| words.contains(word))
    }

    /// Whether there is a constant `path`.
    #[must_use]
    pub fn has_constant(&self, path: &str) -> bool {
        self.has(CONSTANTS, path)
    }
}

impl Interpreter {
    /// `String#name` when real Ruby (or a vocabulary that was added) has the method `name` for `receiver`; `None` when nobody has.
    /// `private`: the call has no receiver, so that private methods count.
    #[must_use]
    pub fn known_method(&self, receiver: &Value, name: &str, private: bool) -> Option<String> {
        if let Value::Module(module) = receiver {
            for above in module.linearise(self.version).iter().filter(|above| above.is_class || Rc::ptr_eq(above, module)) {
                if let Some(known) = self.known_word(&above.display_name(), '.', name) {
                    return Some(known);
                }
            }
        }
        self.class_of(receiver).linearise(self.version).iter().find_map(|above: &Rc<Module>| {
            let class = above.display_name();
            let hidden = if private { self.known_word(&class, '-', name) } else { None };
            self.known_word(&class, '#', name).or(hidden)
        })
    }

    fn known_word(&self, class: &str, mark: char, name: &str) -> Option<String> {
        let head = format!("{class}{mark}");
        self.vocabularies
            .iter()
            .any(|vocabulary| vocabulary.has(&head, name))
            .then(|| format!("{class}{}{name}", if mark == '.' { '.' } else { '#' }))
    }

    /// Whether real Ruby (or a vocabulary that was added) has the constant `path`.
    #[must_use]
    pub fn known_constant(&self, path: &str) -> bool {
        self.vocabularies.iter().any(|vocabulary| vocabulary.has_constant(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ruby_s_words_are_told_from_those_of_nobody() {
        let ruby = Vocabulary::ruby();
        for (head, word) in
            [("String#", "unpack1"), ("File.", "join"), ("Kernel-", "system"), ("Enumerable#", "each_slice"), ("Integer#", "<=>")]
        {
            assert!(ruby.has(head, word), "{head}{word}");
        }
        for (head, word) in [("String#", "blank?"), ("String.", "join"), ("Nothing#", "to_s")] {
            assert!(!ruby.has(head, word), "{head}{word}");
        }
        assert!(ruby.has_constant("Net::HTTP") && ruby.has_constant("Comparable") && !ruby.has_constant("ActiveSupport"));
    }
}
