//! Text with holes for parsers that want plain text: each hole becomes one private character, and comes back afterwards.

use std::rc::Rc;

use crate::text::{Hole, Part, Text};

/// The first character that stands for a hole.
const FIRST: u32 = 0xF_0000;

/// Text whose holes are characters.
#[derive(Debug, Clone, Default)]
pub struct Encoded {
    /// The text, one character for each hole.
    pub text: String,
    /// The holes, in order.
    pub holes: Vec<Rc<Hole>>,
}

/// Encodes `text`.
#[must_use]
pub fn encode(text: &Text) -> Encoded {
    let mut encoded = Encoded::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => encoded.text.push_str(literal),
            Part::Hole(hole) => {
                let index = u32::try_from(encoded.holes.len()).unwrap_or(0);
                encoded.text.push(char::from_u32(FIRST + index).unwrap_or('\u{FFFD}'));
                encoded.holes.push(Rc::clone(hole));
            }
        }
    }
    encoded
}

impl Encoded {
    /// A piece of the encoded text, with its holes again.
    #[must_use]
    pub fn decode(&self, piece: &str) -> Text {
        let mut text = Text::default();
        let mut run = String::new();
        for character in piece.chars() {
            let hole = u32::from(character).checked_sub(FIRST).and_then(|index| self.holes.get(index as usize));
            match hole {
                Some(hole) => {
                    text.push_str(&run);
                    run.clear();
                    text.push_hole(Rc::clone(hole));
                }
                None => run.push(character),
            }
        }
        text.push_str(&run);
        text
    }

    /// A piece as it may be shown: holes by name.
    #[must_use]
    pub fn show(&self, piece: &str) -> String {
        self.decode(piece).to_string()
    }
}
