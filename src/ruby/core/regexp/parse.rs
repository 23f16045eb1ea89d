//! Ruby's regular expressions: source text to a tree, or the message of the `RegexpError`.
//!
//! The rules are those of Onigmo with Ruby's syntax: `^` and `$` are line anchors, `m` lets `.` match line ends, plain groups
//! capture only when no group has a name, `a{2}+` repeats a repetition, `(?i)` holds to the end of the group.

use super::class::{Set, shorthand};
use super::tree::{Anchor, Greed, Node};

/// Groups in groups, and classes in classes.
const DEEPEST: usize = 120;
/// The largest count of a repetition.
const MOST: u32 = 100_000;

/// What `(?imx)` and its like switch.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "five independent switches of the syntax")]
pub struct Flags {
    /// `i`
    pub ignore_case: bool,
    /// `m`: `.` matches line ends.
    pub dot_all: bool,
    /// `x`: blanks and comments mean nothing.
    pub extended: bool,
    /// `(?a)`: everything is ASCII.
    pub ascii: bool,
    /// `(?u)`: everything is Unicode.
    pub unicode: bool,
}

/// A regular expression that was read.
#[derive(Debug)]
pub struct Parsed {
    /// The tree.
    pub tree: Node,
    /// The names of its groups: that of group 1 first. Empty when they have none.
    pub names: Vec<String>,
}

/// Where reading stands.
pub(super) struct Parser<'a> {
    pub(super) chars: &'a [char],
    pub(super) at: usize,
    pub(super) flags: Flags,
    pub(super) depth: usize,
    /// Option `n`: escapes of single bytes are characters.
    pub(super) binary: bool,
    pub(super) names: Vec<String>,
    pub(super) groups: usize,
    /// Names count, so plain groups do not capture.
    pub(super) named: bool,
    /// Groups that references name, to be checked at the end.
    wanted: Vec<Wanted>,
}

/// A reference whose group may follow later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Number(usize),
    Name(String),
    CallNumber(usize),
    CallName(String),
}

/// Reads `source` under `options` (letters of `imxn`).
///
/// # Errors
/// What is wrong with it, as Ruby words it, without the `: /source/` at the end.
pub fn parse(source: &str, options: &str) -> Result<Parsed, String> {
    let chars: Vec<char> = source.chars().collect();
    let flags =
        Flags { ignore_case: options.contains('i'), dot_all: options.contains('m'), extended: options.contains('x'), ..Flags::default() };
    let mut named = false;
    loop {
        let mut parser = Parser {
            chars: &chars,
            at: 0,
            flags,
            depth: 0,
            binary: options.contains('n'),
            names: Vec::new(),
            groups: 0,
            named,
            wanted: Vec::new(),
        };
        let mut tree = parser.alternatives()?;
        if parser.at < chars.len() {
            return Err("unmatched close parenthesis".to_owned());
        }
        if !parser.names.is_empty() && !named {
            // Only now it is known that plain groups do not capture.
            named = true;
            continue;
        }
        parser.check_references()?;
        parser.resolve(&mut tree);
        return Ok(Parsed { tree, names: parser.names });
    }
}

/// Groups whose number is not known yet have numbers from here on, by their place in `wanted`.
pub(super) const LATER: usize = 1 << 32;

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, offset: usize) -> Option<char> {
        self.chars.get(self.at + offset).copied()
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, character)| self.peek_at(offset) == Some(character))
    }

    pub(super) fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST { Err("too deep nest level".to_owned()) } else { Ok(()) }
    }

    pub(super) fn alternatives(&mut self) -> Result<Node, String> {
        let flags = self.flags;
        let mut all = vec![self.sequence()?];
        while self.peek() == Some('|') {
            self.at += 1;
            all.push(self.sequence()?);
        }
        self.flags = flags;
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Alternatives(all) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        loop {
            self.skip_blanks()?;
            match self.peek() {
                None | Some('|' | ')') => break,
                Some('*' | '+' | '?') => return Err("target of repeat operator is not specified".to_owned()),
                Some('{') if self.interval()?.is_some() => return Err("target of repeat operator is not specified".to_owned()),
                _ => {}
            }
            if self.starts_with("(?") {
                if let Some(rest) = self.isolated_options()? {
                    nodes.push(rest);
                    break;
                }
            }
            let mut atoms = self.atom()?;
            let last = atoms.pop().unwrap_or(Node::Empty);
            nodes.append(&mut atoms);
            nodes.push(self.quantified(last)?);
        }
        Ok(match nodes.len() {
            0 => Node::Empty,
            1 => nodes.remove(0),
            _ => Node::Sequence(nodes),
        })
    }

    /// Blanks and comments of `x`, and `(?#…)`.
    fn skip_blanks(&mut self) -> Result<(), String> {
        loop {
            if self.flags.extended {
                match self.peek() {
                    Some(blank) if blank.is_ascii_whitespace() || blank == '\u{B}' => {
                        self.at += 1;
                        continue;
                    }
                    Some('#') => {
                        while self.take().is_some_and(|c| c != '\n') {}
                        continue;
                    }
                    _ => {}
                }
            }
            if !self.starts_with("(?#") {
                return Ok(());
            }
            loop {
                match self.take() {
                    None => return Err("end pattern in group".to_owned()),
                    Some('\\') => self.at += 1,
                    Some(')') => break,
                    Some(_) => {}
                }
            }
        }
    }

    /// `(?i)`: the rest of the group, with these flags; `None` when something else stands here.
    fn isolated_options(&mut self) -> Result<Option<Node>, String> {
        let start = self.at;
        self.at += 2;
        if self.peek().is_some_and(|c| !matches!(c, 'i' | 'm' | 'x' | '-' | 'a' | 'd' | 'u')) {
            self.at = start;
            return Ok(None);
        }
        let flags = self.options()?;
        if self.take() == Some(':') {
            self.at = start;
            return Ok(None);
        }
        self.flags = flags;
        self.deeper()?;
        let rest = self.alternatives()?;
        self.depth -= 1;
        Ok(Some(rest))
    }

    /// The letters of `(?imx-imx`, up to `)` or `:`.
    pub(super) fn options(&mut self) -> Result<Flags, String> {
        let mut flags = self.flags;
        let mut on = true;
        loop {
            match self.peek() {
                None => return Err("end pattern in group".to_owned()),
                Some(')' | ':') => return Ok(flags),
                Some('-') if on => on = false,
                Some('i') => flags.ignore_case = on,
                Some('m') => flags.dot_all = on,
                Some('x') => flags.extended = on,
                Some('a') if on => (flags.ascii, flags.unicode) = (true, false),
                Some('u') if on => (flags.ascii, flags.unicode) = (false, true),
                Some('d') if on => (flags.ascii, flags.unicode) = (false, false),
                Some(_) => return Err("undefined group option".to_owned()),
            }
            self.at += 1;
        }
    }

    /// `{n,m}` ahead: its bounds and its length in characters.
    fn interval(&self) -> Result<Option<(u32, Option<u32>, usize)>, String> {
        let (low, index) = self.count(self.at + 1)?;
        if self.chars.get(index) == Some(&'}') {
            return Ok(low.map(|low| (low, Some(low), index + 1 - self.at)));
        }
        if self.chars.get(index) != Some(&',') {
            return Ok(None);
        }
        let (high, index) = self.count(index + 1)?;
        if self.chars.get(index) != Some(&'}') || (low.is_none() && high.is_none()) {
            return Ok(None);
        }
        let low = low.unwrap_or(0);
        if high.is_some_and(|high| high < low) {
            return Err("upper is smaller than lower in repeat range".to_owned());
        }
        Ok(Some((low, high, index + 1 - self.at)))
    }

    /// The number at `start`, if any, and the place behind it.
    fn count(&self, start: usize) -> Result<(Option<u32>, usize), String> {
        let digits: String = self.chars.get(start..).unwrap_or_default().iter().take_while(|c| c.is_ascii_digit()).collect();
        if digits.is_empty() {
            return Ok((None, start));
        }
        match digits.parse::<u32>() {
            Ok(value) if value <= MOST => Ok((Some(value), start + digits.len())),
            _ => Err("too big number for repeat range".to_owned()),
        }
    }

    fn quantified(&mut self, atom: Node) -> Result<Node, String> {
        let mut node = atom;
        let mut count = 0;
        loop {
            self.skip_blanks()?;
            let (low, high, interval) = match self.peek() {
                Some('*') => (0, None, false),
                Some('+') => (1, None, false),
                Some('?') => (0, Some(1), false),
                Some('{') => match self.interval()? {
                    Some((low, high, length)) => {
                        self.at += length - 1;
                        (low, high, true)
                    }
                    None => return Ok(node),
                },
                _ => return Ok(node),
            };
            self.at += 1;
            count += 1;
            if count > 20 {
                return Err("too deep nest level".to_owned());
            }
            let greed = match self.peek() {
                // `a{2}?` is an optional `a{2}`.
                Some('?') if !(interval && high == Some(low)) => Greed::Lazy,
                Some('+') if !interval => Greed::Possessive,
                _ => Greed::Greedy,
            };
            if greed != Greed::Greedy {
                self.at += 1;
            }
            node = Node::Repeat { inner: Box::new(node), low, high, greed };
        }
    }

    /// One atom; several for `\u{61 62}`, of which the last can be repeated.
    fn atom(&mut self) -> Result<Vec<Node>, String> {
        let Some(character) = self.take() else { return Ok(vec![Node::Empty]) };
        Ok(vec![match character {
            '.' => Node::Any(self.flags.dot_all),
            '^' => Node::Anchor(Anchor::LineStart),
            '$' => Node::Anchor(Anchor::LineEnd),
            '[' => self.class()?,
            '(' => self.group()?,
            '\\' => return self.escape(),
            other => Node::Char(other, self.flags.ignore_case),
        }])
    }

    pub(super) fn later(&mut self, wanted: Wanted) -> usize {
        self.wanted.push(wanted);
        LATER + self.wanted.len() - 1
    }

    fn escape(&mut self) -> Result<Vec<Node>, String> {
        let Some(letter) = self.peek() else { return Err("too short escape sequence".to_owned()) };
        if let Some(Set { inside, negated }) = shorthand(letter, self.flags) {
            self.at += 1;
            // These sets are closed under case.
            return Ok(vec![Node::Set(inside, negated, false)]);
        }
        let simple = match letter {
            'A' => Some(Node::Anchor(Anchor::TextStart)),
            'z' => Some(Node::Anchor(Anchor::TextEnd)),
            'Z' => Some(Node::Anchor(Anchor::TextEndOrNewline)),
            'b' => Some(Node::Anchor(Anchor::Word)),
            'B' => Some(Node::Anchor(Anchor::NotWord)),
            'G' => Some(Node::Anchor(Anchor::SearchStart)),
            'K' => Some(Node::Keep),
            'R' => Some(Node::LineBreak),
            'X' => Some(Node::Grapheme),
            _ => None,
        };
        if let Some(node) = simple {
            self.at += 1;
            return Ok(vec![node]);
        }
        let ignore_case = self.flags.ignore_case;
        match letter {
            'p' | 'P' if self.peek_at(1) == Some('{') => {
                self.at += 1;
                let set = self.property(letter == 'P')?;
                Ok(vec![Node::Set(set.inside, set.negated, ignore_case)])
            }
            'k' if matches!(self.peek_at(1), Some('<' | '\'')) => {
                let name = self.reference()?;
                let number = match name.parse::<i64>() {
                    Ok(number) => {
                        let number = self.relative(number).ok_or("invalid backref number/name")?;
                        self.later(Wanted::Number(number))
                    }
                    Err(_) => self.later(Wanted::Name(name)),
                };
                Ok(vec![Node::Backreference(vec![number], ignore_case)])
            }
            'g' if matches!(self.peek_at(1), Some('<' | '\'')) => {
                let name = self.reference()?;
                let number = match name.parse::<i64>() {
                    Ok(0) => return Ok(vec![Node::Call(0)]),
                    Ok(number) => {
                        let number = self.relative(number).ok_or_else(|| format!("undefined group <{name}> reference"))?;
                        self.later(Wanted::CallNumber(number))
                    }
                    Err(_) => self.later(Wanted::CallName(name)),
                };
                Ok(vec![Node::Call(number)])
            }
            '1'..='9' => {
                let digits: String = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).take(6).collect();
                let number = digits.parse::<usize>().unwrap_or(usize::MAX);
                if number <= 9 || number <= self.groups {
                    self.at += digits.len();
                    let number = self.later(Wanted::Number(number));
                    return Ok(vec![Node::Backreference(vec![number], ignore_case)]);
                }
                if letter >= '8' {
                    self.at += 1;
                    return Ok(vec![Node::Char(letter, false)]);
                }
                Ok(vec![Node::Char(self.character_escape()?, ignore_case)])
            }
            'u' if self.peek_at(1) == Some('{') => {
                self.at += 2;
                let list = self.unicode_list()?;
                Ok(list.into_iter().map(|character| Node::Char(character, ignore_case)).collect())
            }
            _ => Ok(vec![Node::Char(self.character_escape()?, ignore_case)]),
        }
    }

    /// The numbers of the groups that are called `name`.
    fn numbers(&self, name: &str) -> Vec<usize> {
        self.names.iter().enumerate().filter(|(_, known)| *known == name).map(|(index, _)| index + 1).collect()
    }

    fn check_references(&self) -> Result<(), String> {
        for wanted in &self.wanted {
            match wanted {
                Wanted::Number(_) | Wanted::CallNumber(_) if self.named => {
                    return Err("numbered backref/call is not allowed. (use name)".to_owned());
                }
                Wanted::Number(number) if *number > self.groups || *number == 0 => return Err("invalid backref number/name".to_owned()),
                Wanted::CallNumber(number) if *number > self.groups => return Err(format!("undefined group <{number}> reference")),
                Wanted::Name(name) | Wanted::CallName(name) if !self.names.contains(name) => {
                    return Err(format!("undefined name <{name}> reference"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Puts the numbers of groups where only their names were known.
    fn resolve(&self, node: &mut Node) {
        let numbers = |number: usize| match number.checked_sub(LATER).and_then(|index| self.wanted.get(index)) {
            Some(Wanted::Number(number) | Wanted::CallNumber(number)) => vec![*number],
            Some(Wanted::Name(name) | Wanted::CallName(name)) => self.numbers(name),
            None => vec![number],
        };
        match node {
            Node::Backreference(list, _) => *list = list.iter().flat_map(|number| numbers(*number)).collect(),
            Node::Call(number) => *number = numbers(*number).last().copied().unwrap_or(0),
            Node::Conditional(number, yes, no) => {
                *number = numbers(*number).last().copied().unwrap_or(0);
                self.resolve(yes);
                self.resolve(no);
            }
            Node::Group(_, inner) | Node::Atomic(inner) | Node::Absent(inner) => self.resolve(inner),
            Node::Look { inner, .. } | Node::Repeat { inner, .. } => self.resolve(inner),
            Node::Sequence(nodes) | Node::Alternatives(nodes) => nodes.iter_mut().for_each(|node| self.resolve(node)),
            _ => {}
        }
    }
}
