//! Everything in parentheses, and the names and numbers by which groups are referred to.
//!
//! `(?<year>\d+)` is group 1 of that name; `\k<year>` and `\k<-1>` refer to it.

use super::parse::{LATER, Parser, Wanted};
use super::tree::Node;

impl Parser<'_> {
    fn close(&mut self) -> Result<(), String> {
        if self.take() == Some(')') { Ok(()) } else { Err("end pattern with unmatched parenthesis".to_owned()) }
    }

    fn inside(&mut self) -> Result<Box<Node>, String> {
        self.deeper()?;
        let inner = self.alternatives()?;
        self.depth -= 1;
        self.close()?;
        Ok(Box::new(inner))
    }

    pub(super) fn group(&mut self) -> Result<Node, String> {
        if self.peek() != Some('?') {
            if self.named {
                return Ok(*self.inside()?);
            }
            self.groups += 1;
            let number = self.groups;
            return Ok(Node::Group(number, self.inside()?));
        }
        self.at += 1;
        let Some(kind) = self.take() else { return Err("end pattern in group".to_owned()) };
        match kind {
            ':' => Ok(*self.inside()?),
            '=' => Ok(Node::Look { behind: false, negative: false, inner: self.inside()? }),
            '!' => Ok(Node::Look { behind: false, negative: true, inner: self.inside()? }),
            '>' => Ok(Node::Atomic(self.inside()?)),
            '~' => Ok(Node::Absent(self.inside()?)),
            '(' => self.conditional(),
            '<' if matches!(self.peek(), Some('=' | '!')) => {
                let negative = self.take() == Some('!');
                let inner = self.inside()?;
                if !inner.may_look_behind(negative) {
                    return Err("invalid pattern in look-behind".to_owned());
                }
                Ok(Node::Look { behind: true, negative, inner })
            }
            '<' | '\'' => {
                let name = self.name(if kind == '<' { '>' } else { '\'' })?;
                let valid = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_') && !name.contains(')');
                if !valid {
                    return Err(format!("invalid group name <{name}>"));
                }
                self.names.push(name);
                if self.named {
                    self.groups += 1;
                }
                let number = self.groups;
                Ok(Node::Group(number, self.inside()?))
            }
            _ => {
                self.at -= 1;
                let outer = self.flags;
                self.flags = self.options()?;
                // Options that hold to the end of the group were read by the sequence.
                self.at += 1;
                let inner = self.inside()?;
                self.flags = outer;
                Ok(*inner)
            }
        }
    }

    /// A name up to `end`.
    fn name(&mut self, end: char) -> Result<String, String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != end) {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        if self.take().is_none() {
            return Err(format!("invalid group name <{name}>"));
        }
        if name.is_empty() { Err("group name is empty".to_owned()) } else { Ok(name) }
    }

    fn conditional(&mut self) -> Result<Node, String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != ')') {
            self.at += 1;
        }
        let word: String = self.chars[start..self.at].iter().collect();
        self.close()?;
        let word = word.trim_start_matches(['<', '\'']).trim_end_matches(['>', '\'']);
        let number = match word.parse::<usize>() {
            Ok(number) => self.later(Wanted::Number(number)),
            Err(_) => self.later(Wanted::Name(word.to_owned())),
        };
        let inner = *self.inside()?;
        let (yes, no) = match inner {
            Node::Alternatives(nodes) => {
                let mut nodes = nodes.into_iter();
                let (yes, no) = (nodes.next(), nodes.next());
                if nodes.next().is_some() {
                    return Err("invalid conditional pattern".to_owned());
                }
                (yes.unwrap_or(Node::Empty), no.unwrap_or(Node::Empty))
            }
            other => (other, Node::Empty),
        };
        Ok(Node::Conditional(number, Box::new(yes), Box::new(no)))
    }

    /// The name in `\k<name>` or `\g'name'`, standing at the letter. Levels of recursion (`+0`) do not change what is matched here.
    pub(super) fn reference(&mut self) -> Result<String, String> {
        let call = self.take() == Some('g');
        let end = if self.take() == Some('<') { '>' } else { '\'' };
        let name = self.name(end)?;
        if call || name.starts_with(['+', '-']) {
            return Ok(name);
        }
        let level = name.rfind(['+', '-']).filter(|at| name[at + 1..].chars().all(|c| c.is_ascii_digit()) && at + 1 < name.len());
        Ok(level.map_or_else(|| name.clone(), |at| name[..at].to_owned()))
    }

    /// `-1` is the group before.
    pub(super) fn relative(&self, number: i64) -> Option<usize> {
        if number < 0 {
            let back = usize::try_from(number.unsigned_abs()).ok()?;
            (self.groups + 1).checked_sub(back).filter(|number| *number > 0)
        } else {
            usize::try_from(number).ok().filter(|number| *number < LATER)
        }
    }
}
