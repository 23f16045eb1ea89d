//! Code that no file holds: what a template compiles to, a library written in Ruby, the text of an `eval`.
//!
//! In: a path and a text. Out: a [`Parsed`], the same for all runs that share a [`Generated`]: the forty runs of a stack render the same
//! templates.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::read::ruby::ast::P;
use crate::read::ruby::parse_text;
use crate::ruby::interpreter::GENERATED;
use crate::source::{Content, FileId, SourceFile};

/// A text of generated code with its tree.
pub struct Parsed {
    /// Its number, from [`GENERATED`] on.
    pub file: FileId,
    /// The text; its line numbers are those of the path.
    pub source: Rc<SourceFile>,
    /// The tree.
    pub tree: P,
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
}

/// The generated code of all runs that share it.
#[derive(Default)]
pub struct Generated {
    known: RefCell<HashMap<(String, String), Rc<Parsed>>>,
    count: Cell<u32>,
}

impl Generated {
    /// `text`, parsed when it is met for the first time; its line numbers are those of `path`.
    #[must_use]
    pub fn get(&self, path: &str, text: String) -> Rc<Parsed> {
        let key = (path.to_owned(), text);
        if let Some(parsed) = self.known.borrow().get(&key) {
            return Rc::clone(parsed);
        }
        let parsed = Rc::new(self.parse(path, key.1.clone(), &[]));
        self.known.borrow_mut().insert(key, Rc::clone(&parsed));
        parsed
    }

    /// `text`, in which the words of `locals` are variables, parsed now: what a run puts together is hardly met again.
    #[must_use]
    pub fn parse(&self, path: &str, text: String, locals: &[&str]) -> Parsed {
        let number = self.count.get();
        self.count.set(number.saturating_add(1));
        let file = FileId(GENERATED.saturating_add(number));
        let (tree, problems) = parse_text(file, &text, locals);
        Parsed { file, source: Rc::new(SourceFile::new(path.to_owned(), Content::Text(text))), tree, problems }
    }
}

#[cfg(test)]
mod tests {
    use super::Generated;

    #[test]
    fn the_same_text_is_parsed_once() {
        let generated = Generated::default();
        let first = generated.get("a.erb", "1".to_owned());
        assert_eq!(generated.get("a.erb", "1".to_owned()).file, first.file);
        assert_ne!(generated.get("b.erb", "1".to_owned()).file, first.file);
        assert_ne!(generated.parse("a.erb", "1".to_owned(), &[]).file, first.file);
    }
}
