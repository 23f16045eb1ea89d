//! What a parser without knowledge of locals reads otherwise than Ruby: after a local, `x -1` subtracts, `x *y` multiplies and
//! `x [1]` indexes, where after a method's name they would be arguments; and `a&b` and `a<<b` are operators anywhere.
//!
//! The places are noted while lowering. Then the text is spelled so that it can be read in one way alone (`x- 1`, of the same
//! length, so that every other place stays where it is), parsed again and lowered again.

use tree_sitter::Node as Syntax;

use super::Lowering;

/// A place that was read as an argument and is an operator.
#[derive(Clone, Copy)]
pub(super) enum Respell {
    /// The blank before this byte moves behind the operator of this length.
    Blank(usize, usize),
    /// `<<` becomes `>>`, which binds alike and begins no heredoc.
    Shift(usize),
    /// `&` becomes `^`, which binds nearly alike and passes no block.
    And(usize),
}

impl Respell {
    pub(super) fn apply(self, text: &mut String) {
        // A place can be noted twice.
        let (range, spelled) = match self {
            Self::Blank(at, length) => {
                let Some((before, operator)) = text.get(at - 1..at + length).and_then(|text| text.split_at_checked(1)) else { return };
                if !matches!(before, " " | "\t") || operator.starts_with(' ') {
                    return;
                }
                (at - 1..at + length, format!("{operator} "))
            }
            Self::Shift(at) => (at..at + 2, ">>".to_owned()),
            Self::And(at) => (at..at + 1, "^".to_owned()),
        };
        text.replace_range(range, &spelled);
    }
}

impl<'t> Lowering<'t> {
    /// Notes the call `method arguments` if it is none.
    pub(super) fn note_misread(&mut self, method: Syntax<'t>, arguments: Syntax<'t>, has_receiver: bool) {
        let start = arguments.start_byte();
        let after = self.text.get(start..).unwrap_or("");
        if method.end_byte() == start {
            if after.starts_with("<<") {
                self.respell.push(Respell::Shift(start));
            } else if after.starts_with('&') {
                self.respell.push(Respell::And(start));
            }
            return;
        }
        if has_receiver || method.kind() != "identifier" || !self.scopes.is_local(self.source(method)) {
            return;
        }
        let blank = self.text.as_bytes().get(start - 1).is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        if after.starts_with("<<") {
            self.respell.push(Respell::Shift(start));
        } else if blank && after.starts_with("**") {
            self.respell.push(Respell::Blank(start, 2));
        } else if blank && after.starts_with(['-', '+', '*', '&', '[', '/', '%']) && !after.starts_with("->") {
            self.respell.push(Respell::Blank(start, 1));
        }
    }

    /// Notes `x /2` after a local in what could not be read: the slash began a regular expression without an end.
    pub(super) fn note_division(&mut self, broken: Syntax<'t>) {
        let Some(at) = self.source(broken).find('/').map(|at| broken.start_byte() + at) else { return };
        let before = self.text.get(..at).unwrap_or("");
        let word = before.trim_end_matches([' ', '\t']);
        let start = word.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |end| end + 1);
        let follows = self.text.get(at + 1..).is_some_and(|after| !after.starts_with(char::is_whitespace));
        if word.len() < before.len() && follows && word.get(start..).is_some_and(|name| self.scopes.is_local(name)) {
            self.respell.push(Respell::Blank(at, 1));
        }
    }
}
