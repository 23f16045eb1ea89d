//! Which bare words are local variables. Ruby decides that while parsing: a name is a local from its first assignment on,
//! as the text runs, in its scope. `x = 1; x` reads a local; `x; x = 1` calls a method first.

use std::collections::HashSet;

use super::ast::Name;

#[derive(Default)]
struct Scope {
    /// Whether outer scopes are visible: yes in blocks, no in `def`, `class` and `module`.
    open: bool,
    names: HashSet<Name>,
    /// In a block without written parameters: the highest `_1`… used in it.
    numbered: Option<u8>,
}

/// The scopes around the place that is being lowered, the outermost first.
pub(super) struct Scopes {
    stack: Vec<Scope>,
}

impl Scopes {
    /// The top of a file, with what is assigned already.
    pub(super) fn new(locals: impl IntoIterator<Item = Name>) -> Self {
        Self { stack: vec![Scope { open: false, names: locals.into_iter().collect(), numbered: None }] }
    }

    /// Enters a `def`, `class` or `module`.
    pub(super) fn enter_closed(&mut self) {
        self.stack.push(Scope::default());
    }

    /// Enters a block or lambda; `bare` when no parameters are written, so that `_1` means one.
    pub(super) fn enter_block(&mut self, bare: bool) {
        self.stack.push(Scope { open: true, names: HashSet::new(), numbered: bare.then_some(0) });
    }

    /// Leaves the innermost scope; how many numbered parameters it used.
    pub(super) fn leave(&mut self) -> u8 {
        self.stack.pop().and_then(|scope| scope.numbered).unwrap_or(0)
    }

    /// From here on `name` is a local.
    pub(super) fn declare(&mut self, name: Name) {
        if let Some(scope) = self.stack.last_mut() {
            scope.names.insert(name);
        }
    }

    /// Whether `name` is a local here. `_1` to `_9` become one in a block without parameters.
    pub(super) fn is_local(&mut self, name: &str) -> bool {
        let interned = Name::new(name);
        for scope in self.stack.iter().rev() {
            if scope.names.contains(&interned) {
                return true;
            }
            if !scope.open {
                break;
            }
        }
        let [b'_', digit @ b'1'..=b'9'] = name.as_bytes() else { return false };
        match self.stack.last_mut().and_then(|scope| scope.numbered.as_mut()) {
            Some(highest) => {
                *highest = (*highest).max(digit - b'0');
                true
            }
            None => false,
        }
    }
}
