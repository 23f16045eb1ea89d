//! Sets of characters: `[a-z&&[^x]]`, `[[:alpha:]]`, `\p{Alpha}`, `\w`, as the engine writes them.
//!
//! Ruby's `\d`, `\s` and `\w` are ASCII; brackets (`[[:digit:]]`) and properties are Unicode. `(?u)` and `(?a)` change that.

use super::emit::literal;
use super::parse::{Flags, Parser};
use super::tree::Node;

/// What a letter escape or a name in brackets stands for.
pub(super) struct Set {
    /// The inside of a class.
    pub inside: String,
    /// Everything else.
    pub negated: bool,
}

impl Set {
    fn item(&self) -> String {
        if self.negated { format!("[^{}]", self.inside) } else { self.inside.clone() }
    }
}

/// One thing in a class.
enum Item {
    Char(char),
    Set(Set),
}

/// `\d`, `\W` and the like.
pub(super) fn shorthand(letter: char, flags: Flags) -> Option<Set> {
    let inside = match letter.to_ascii_lowercase() {
        'w' if flags.unicode => r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}",
        'w' => "A-Za-z0-9_",
        'd' if flags.unicode => r"\p{Nd}",
        'd' => "0-9",
        's' if flags.unicode => r"\p{White_Space}",
        's' => r"\x09-\x0D\x20",
        'h' => "0-9A-Fa-f",
        _ => return None,
    };
    Some(Set { inside: inside.to_owned(), negated: letter.is_ascii_uppercase() })
}

/// The names that stand in `[[:name:]]` and that `\p{name}` knows too.
fn posix(name: &str, ascii: bool, bracket: bool) -> Option<&'static str> {
    Some(match (name, ascii) {
        ("alnum", false) => r"\p{Alphabetic}\p{Nd}",
        ("alnum", true) => "A-Za-z0-9",
        ("alpha", false) => r"\p{Alphabetic}",
        ("alpha", true) => "A-Za-z",
        ("ascii", _) => r"\x00-\x7F",
        ("blank", false) => r"\p{Zs}\x09",
        ("blank", true) => r"\x09\x20",
        ("cntrl", false) => r"\p{Cc}",
        ("cntrl", true) => r"\x00-\x1F\x7F",
        ("digit", false) => r"\p{Nd}",
        ("digit", true) => "0-9",
        ("graph", false) => r"[^\p{White_Space}\p{Cc}\p{Cn}\p{Cs}]",
        ("graph", true) => r"\x21-\x7E",
        ("lower", false) => r"\p{Lowercase}",
        ("lower", true) => "a-z",
        ("print", false) => r"\p{Zs}[^\p{White_Space}\p{Cc}\p{Cn}\p{Cs}]",
        ("print", true) => r"\x20-\x7E",
        ("punct", false) if bracket => r"\p{P}\x24\x2B\x3C-\x3E\x5E\x60\x7C\x7E",
        ("punct", false) => r"\p{P}",
        ("punct", true) => r"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
        ("space", false) => r"\p{White_Space}",
        ("space", true) => r"\x09-\x0D\x20",
        ("upper", false) => r"\p{Uppercase}",
        ("upper", true) => "A-Z",
        ("xdigit", _) => "0-9A-Fa-f",
        ("word", false) => r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}",
        ("word", true) => "A-Za-z0-9_",
        _ => return None,
    })
}

/// The set that `\p{name}` stands for.
fn property(name: &str, flags: Flags) -> Option<String> {
    let plain: String = name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).collect::<String>().to_ascii_lowercase();
    if let Some(inside) = posix(&plain, flags.ascii, false) {
        return Some(inside.to_owned());
    }
    match plain.as_str() {
        "any" => return Some(r"\x{0}-\x{10FFFF}".to_owned()),
        "assigned" => return Some(r"\P{Cn}".to_owned()),
        "xposixpunct" => return posix("punct", flags.ascii, true).map(str::to_owned),
        "cs" | "surrogate" => return Some(r"[a&&b]".to_owned()),
        _ => {}
    }
    if !plain.chars().all(|c| c.is_ascii_alphanumeric()) || plain.is_empty() {
        return None;
    }
    if let Some(inside) = super::block::block(&plain) {
        return Some(inside);
    }
    let written = format!(r"\p{{{plain}}}");
    // The engine knows the general categories and scripts.
    fancy_regex::Regex::new(&written).is_ok().then_some(written)
}

impl Parser<'_> {
    /// `\p{name}`, standing at the brace; `negated` for `\P`.
    pub(super) fn property(&mut self, negated: bool) -> Result<Set, String> {
        self.at += 1;
        let negated_inside = self.peek() == Some('^');
        if negated_inside {
            self.at += 1;
        }
        let start = self.at;
        while self.peek().is_some_and(|c| c != '}') {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        if self.peek().is_none() {
            return Err(format!("invalid character property name {{{name}}}"));
        }
        self.at += 1;
        match property(&name, self.flags) {
            Some(inside) => Ok(Set { inside, negated: negated != negated_inside }),
            None => Err(format!("invalid character property name {{{}{name}}}", if negated_inside { "^" } else { "" })),
        }
    }

    /// A class, standing behind its opening bracket.
    pub(super) fn class(&mut self) -> Result<Node, String> {
        let set = self.class_inside()?;
        Ok(Node::Set(set.inside, set.negated, self.flags.ignore_case))
    }

    fn class_inside(&mut self) -> Result<Set, String> {
        self.deeper()?;
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        let mut operands: Vec<String> = Vec::new();
        let mut inside = String::new();
        if self.peek() == Some(']') {
            if !self.closes_later() {
                return Err("empty char-class".to_owned());
            }
            self.at += 1;
            self.range_from(']', &mut inside)?;
        }
        loop {
            let Some(character) = self.peek() else { return Err("premature end of char-class".to_owned()) };
            match character {
                ']' => {
                    self.at += 1;
                    break;
                }
                '&' if self.peek_at(1) == Some('&') => {
                    self.at += 2;
                    operands.push(std::mem::take(&mut inside));
                }
                _ => match self.class_item()? {
                    Item::Set(set) => inside.push_str(&set.item()),
                    Item::Char(first) => self.range_from(first, &mut inside)?,
                },
            }
        }
        self.depth -= 1;
        if operands.is_empty() {
            return Ok(Set { inside, negated });
        }
        operands.push(inside);
        // An operand without characters is the empty set.
        let parts: Vec<String> =
            operands.iter().map(|part| if part.is_empty() { "[a&&b]".to_owned() } else { format!("[{part}]") }).collect();
        Ok(Set { inside: parts.join("&&"), negated })
    }

    /// Whether another `]` follows, so that the first one is a character.
    fn closes_later(&self) -> bool {
        let mut index = self.at + 1;
        while let Some(character) = self.chars.get(index) {
            match character {
                '\\' => index += 1,
                ']' => return true,
                _ => {}
            }
            index += 1;
        }
        false
    }

    /// A character that may begin a range.
    fn range_from(&mut self, first: char, inside: &mut String) -> Result<(), String> {
        let ranges =
            self.peek() == Some('-') && !matches!((self.peek_at(1), self.peek_at(2)), (None | Some(']' | '['), _) | (Some('&'), Some('&')));
        if !ranges {
            literal(first, inside);
            // Before a class in the class the hyphen means nothing.
            if self.peek() == Some('-') && self.peek_at(1) == Some('[') {
                self.at += 1;
            }
            return Ok(());
        }
        self.at += 1;
        match self.class_item()? {
            Item::Set(_) => Err("char-class value at end of range".to_owned()),
            Item::Char(last) if last < first => Err("empty range in char class".to_owned()),
            Item::Char(last) => {
                literal(first, inside);
                inside.push('-');
                literal(last, inside);
                // `[a-c-e]`: what follows a range is a character.
                if self.peek() == Some('-') && self.peek_at(1) != Some(']') {
                    self.at += 1;
                    literal('-', inside);
                }
                Ok(())
            }
        }
    }

    fn class_item(&mut self) -> Result<Item, String> {
        let Some(character) = self.take() else { return Err("premature end of char-class".to_owned()) };
        match character {
            '[' => {
                if self.peek() == Some(':') {
                    if let Some(set) = self.bracket()? {
                        return Ok(Item::Set(set));
                    }
                }
                let set = self.class_inside()?;
                // A class of its own, so that `&&` in it stays inside.
                let negation = if set.negated { "^" } else { "" };
                Ok(Item::Set(Set { inside: format!("[{negation}{}]", set.inside), negated: false }))
            }
            '\\' => self.class_escape(),
            other => Ok(Item::Char(other)),
        }
    }

    /// `[:name:]`, standing at the colon; `None` when it is a class that begins with one.
    fn bracket(&mut self) -> Result<Option<Set>, String> {
        let mut index = self.at + 1;
        let negated = self.chars.get(index) == Some(&'^');
        if negated {
            index += 1;
        }
        let start = index;
        while self.chars.get(index).is_some_and(char::is_ascii_alphanumeric) {
            index += 1;
        }
        if self.chars.get(index) != Some(&':') || self.chars.get(index + 1) != Some(&']') {
            return Ok(None);
        }
        let name: String = self.chars[start..index].iter().collect();
        let Some(inside) = posix(&name, self.flags.ascii, true) else { return Err("invalid POSIX bracket type".to_owned()) };
        self.at = index + 2;
        Ok(Some(Set { inside: inside.to_owned(), negated }))
    }

    fn class_escape(&mut self) -> Result<Item, String> {
        let Some(letter) = self.peek() else { return Err("too short escape sequence".to_owned()) };
        if let Some(set) = shorthand(letter, self.flags) {
            self.at += 1;
            return Ok(Item::Set(set));
        }
        match letter {
            'p' | 'P' if self.peek_at(1) == Some('{') => {
                self.at += 1;
                Ok(Item::Set(self.property(letter == 'P')?))
            }
            'b' => {
                self.at += 1;
                Ok(Item::Char('\u{8}'))
            }
            'u' if self.peek_at(1) == Some('{') => {
                self.at += 2;
                let list = self.unicode_list()?;
                match list.as_slice() {
                    [one] => Ok(Item::Char(*one)),
                    many => {
                        let mut inside = String::new();
                        many.iter().for_each(|character| literal(*character, &mut inside));
                        Ok(Item::Set(Set { inside, negated: false }))
                    }
                }
            }
            _ => Ok(Item::Char(self.character_escape()?)),
        }
    }
}
