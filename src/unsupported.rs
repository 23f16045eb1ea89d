//! What the evaluation met and could not do, as a ledger: `String#unpack1` at `recipes/default.rb:3:5`.
//!
//! In: the evaluator notes each where it meets it. Out: [`crate::survey`] counts them over a repository. Whose lack it is decides what helps:
//! ekiben's own is for its authors, a missing cookbook is for the owner of the repository, an error of the code would stop Chef as well.

use indexmap::IndexSet;
use serde::Serialize;

use crate::source::Span;

/// What kind of thing was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Syntax that is not read.
    Construct,
    /// A method of a class.
    Method,
    /// A constant.
    Constant,
    /// A library or gem that is `require`d.
    Gem,
    /// A type of resource.
    Resource,
    /// A cookbook.
    Cookbook,
    /// A recipe of a cookbook.
    Recipe,
    /// A file or template of a cookbook.
    File,
    /// A data bag, role or node of the Chef server.
    Data,
    /// A bound on the evaluation that was met.
    Bound,
    /// An exception that ended a recipe, file or resource.
    Error,
}

impl Kind {
    /// The word for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Construct => "construct",
            Self::Method => "method",
            Self::Constant => "constant",
            Self::Gem => "gem",
            Self::Resource => "resource",
            Self::Cookbook => "cookbook",
            Self::Recipe => "recipe",
            Self::File => "file",
            Self::Data => "data",
            Self::Bound => "bound",
            Self::Error => "error",
        }
    }
}

/// Whose lack it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lack {
    /// Real Ruby or Chef has it; ekiben does not.
    Ekiben,
    /// It is not among the files that were given.
    Repository,
    /// Real Chef would fail there too, for want of input or because the code is wrong.
    Input,
}

/// One thing at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unsupported {
    /// Whose lack it is.
    pub lack: Lack,
    /// What kind of thing it is.
    pub kind: Kind,
    /// `String#unpack1`, `aws-sdk`; secrets by name.
    pub name: String,
    /// Where it was met.
    pub span: Span,
}

/// Most entries of one run: a loop over faults is not told for ever.
const LIMIT: usize = 10_000;

/// What one run met: each thing at each place once, in the order in which it was met.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: IndexSet<Unsupported>,
}

impl Ledger {
    /// Notes one thing; the same at the same place counts once.
    pub fn note(&mut self, lack: Lack, kind: Kind, name: impl Into<String>, span: Span) {
        if self.entries.len() < LIMIT {
            self.entries.insert(Unsupported { lack, kind, name: name.into(), span });
        }
    }

    /// Everything, in the order in which it was met.
    pub fn iter(&self) -> impl Iterator<Item = &Unsupported> {
        self.entries.iter()
    }

    /// Whether ekiben lacks anything of it.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.entries.iter().all(|entry| entry.lack != Lack::Ekiben)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn a_thing_counts_once_a_place_and_never_without_end() {
        let mut ledger = Ledger::default();
        let at = |start| Span::new(FileId(0), start, start + 1);
        for start in [3, 3, 9] {
            ledger.note(Lack::Ekiben, Kind::Method, "String#unpack1", at(start));
        }
        assert_eq!((ledger.iter().count(), ledger.is_clean()), (2, false));
        for start in 0..LIMIT + 50 {
            ledger.note(Lack::Input, Kind::Error, "NoMethodError", at(start));
        }
        assert_eq!(ledger.iter().count(), LIMIT);
    }
}
