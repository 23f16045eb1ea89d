//! Text with holes: what is known of a string, and where something unknown or secret stands in it.
//!
//! `"server #{node['ipaddress']};"` is `Literal("server ")`, `Hole(node['ipaddress'])`, `Literal(";")`.

use std::fmt;
use std::rc::Rc;

use crate::source::Location;

/// Why a piece of text is not known, or must not be shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hole {
    /// What stands there, as code a reader knows: `node['ipaddress']`, `DB_PASSWORD`.
    pub name: String,
    /// Why it is a hole, in the words of the report: "host-dependent", "secure variable of app `shop`".
    pub reason: String,
    /// It is a password, token or key: its value must reach no output, log or report.
    pub secret: bool,
    /// A secret's value where the input had it in the clear. Never printed; used to keep it out of the outputs.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: Option<Location>,
}

/// Never prints the value.
impl fmt::Debug for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hole({}, {}{})", self.name, self.reason, if self.secret { ", secret" } else { "" })
    }
}

impl Hole {
    /// Something not known before the program runs.
    #[must_use]
    pub fn unknown(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { name: name.into(), reason: reason.into(), secret: false, value: None, origin: None }
    }

    /// Something that must not be shown; `value` where the input had it in the clear.
    #[must_use]
    pub fn secret(name: impl Into<String>, reason: impl Into<String>, value: Option<String>) -> Self {
        Self { name: name.into(), reason: reason.into(), secret: true, value, origin: None }
    }
}

/// A piece of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Known characters.
    Literal(String),
    /// Something unknown or secret.
    Hole(Rc<Hole>),
}

/// A string of known and unknown pieces. Neighbouring literals are always joined.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    parts: Vec<Part>,
}

impl Text {
    /// Known text.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        let mut all = Self::default();
        all.push_str(&text.into());
        all
    }

    /// A text that is one hole.
    #[must_use]
    pub fn hole(hole: Rc<Hole>) -> Self {
        Self { parts: vec![Part::Hole(hole)] }
    }

    /// Appends known characters.
    pub fn push_str(&mut self, more: &str) {
        if more.is_empty() {
            return;
        }
        if let Some(Part::Literal(last)) = self.parts.last_mut() {
            last.push_str(more);
        } else {
            self.parts.push(Part::Literal(more.to_owned()));
        }
    }

    /// Appends a hole.
    pub fn push_hole(&mut self, hole: Rc<Hole>) {
        self.parts.push(Part::Hole(hole));
    }

    /// Appends another text.
    pub fn push(&mut self, more: &Self) {
        for part in &more.parts {
            match part {
                Part::Literal(text) => self.push_str(text),
                Part::Hole(hole) => self.push_hole(Rc::clone(hole)),
            }
        }
    }

    /// The text with `origin` for the holes that have none.
    #[must_use]
    pub fn placed(mut self, origin: &Location) -> Self {
        for part in &mut self.parts {
            if let Part::Hole(hole) = part {
                if hole.origin.is_none() {
                    *hole = Rc::new(Hole { origin: Some(origin.clone()), ..Hole::clone(hole) });
                }
            }
        }
        self
    }

    /// The pieces, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The holes, in order.
    pub fn holes(&self) -> impl Iterator<Item = &Rc<Hole>> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(hole) => Some(hole),
            Part::Literal(_) => None,
        })
    }

    /// The whole string, when nothing of it is a hole.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether any piece is secret.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.holes().any(|hole| hole.secret)
    }

    /// The text with every hole replaced by what `show` makes of it.
    pub fn fill(&self, mut show: impl FnMut(&Hole) -> String) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Hole(hole) => show(hole),
            })
            .collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::literal(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::literal(text)
    }
}

/// What a hole begins with where a text is shown: a shown text that has it is not wholly known.
pub const SHOWN_HOLE: char = '‹';

/// For people: a hole prints as `‹name›`, never with its value.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Literal(text) => f.write_str(text)?,
                Part::Hole(hole) => write!(f, "‹{}›", hole.name)?,
            }
        }
        Ok(())
    }
}
