//! The constructs that stay opaque in a [`super::Script`], taken apart one level: branches, loops, `case` arms and functions.
//!
//! `case "$1" in start) daemon x ;; stop) y ;; esac` has the arms `start` with `daemon x` and `stop` with `y`; bodies are text again.

use super::lexer::{Kind, Token, Tokens, tokens};
use super::{Piece, Word};

/// A construct in its parts; bodies are shell text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Construct {
    /// `if A; then B; elif C; then D; else E; fi`: conditions with their bodies, and what follows `else`.
    If { branches: Vec<(String, String)>, otherwise: Option<String> },
    /// `for NAME in WORDS; do BODY; done`
    For { name: String, words: Vec<Word>, body: String },
    /// `while HEAD; do BODY; done`, and `until`.
    While { head: String, body: String },
    /// `case SUBJECT in PATTERN|PATTERN) BODY ;; … esac`
    Case { subject: Word, arms: Vec<(Vec<String>, String)> },
    /// `NAME() { BODY; }`
    Function { name: String, body: String },
}

/// Takes the text of an opaque command apart; `None` where it is none of these (`[[`, `((`, an array).
#[must_use]
pub fn construct(text: &str) -> Option<Construct> {
    let Tokens { all, .. } = tokens(text).ok()?;
    let reader = Reader { text, tokens: &all };
    match reader.reserved(0) {
        Some("if") => reader.branches(),
        Some("for" | "select") => reader.counted(),
        Some("while" | "until") => reader.conditional(),
        Some("case") => reader.case(),
        Some("function") => reader.function(1),
        Some(_) => reader.function(0),
        None => None,
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

/// A reserved word, or `;;`, of the outermost construct: its name and the number of its token.
type Mark = (String, usize);

impl<'a> Reader<'a> {
    fn reserved(&self, at: usize) -> Option<&'a str> {
        match &self.tokens.get(at)?.kind {
            Kind::Word(word) => match word.pieces.as_slice() {
                [Piece::Plain(text)] if *text == word.text => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    fn operator(&self, at: usize) -> Option<&'static str> {
        match self.tokens.get(at)?.kind {
            Kind::Operator(operator) => Some(operator),
            _ => None,
        }
    }

    fn word(&self, at: usize) -> Option<Word> {
        match &self.tokens.get(at)?.kind {
            Kind::Word(word) => Some(word.clone()),
            _ => None,
        }
    }

    /// The text between token `from` and token `to`, neither included.
    fn between(&self, from: usize, to: usize) -> String {
        let start = self.tokens.get(from).map_or(self.text.len(), |token| token.end);
        let end = self.tokens.get(to).map_or(self.text.len(), |token| token.start);
        self.text.get(start..end).unwrap_or("").trim_matches(|c: char| c.is_whitespace() || c == ';').to_owned()
    }

    /// The words that divide the outermost construct, in order; what is nested in it is passed over.
    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        let mut closers: Vec<&str> = Vec::new();
        let mut command_may_start = true;
        for (at, token) in self.tokens.iter().enumerate() {
            match (&token.kind, self.reserved(at)) {
                (Kind::Newline | Kind::Operator(";" | "&" | "&&" | "||" | "|" | "|&" | "(" | ")"), _) => command_may_start = true,
                (Kind::Operator(operator @ (";;" | ";&" | ";;&")), _) => {
                    command_may_start = true;
                    if closers.len() == 1 {
                        marks.push(((*operator).to_owned(), at));
                    }
                }
                (Kind::Operator(_) | Kind::Descriptor(_), _) => {}
                (Kind::Word(_), Some("in")) if closers.last() == Some(&"esac") && !command_may_start => {
                    command_may_start = true;
                    if closers.len() == 1 {
                        marks.push(("in".to_owned(), at));
                    }
                }
                (Kind::Word(_), Some(word)) if command_may_start => {
                    command_may_start = matches!(word, "if" | "while" | "until" | "then" | "do" | "else" | "elif" | "!" | "{");
                    match word {
                        "if" => closers.push("fi"),
                        "for" | "select" | "while" | "until" => closers.push("done"),
                        "case" => closers.push("esac"),
                        "{" => closers.push("}"),
                        _ => {}
                    }
                    if closers.len() == 1 {
                        marks.push((word.to_owned(), at));
                    }
                    if closers.last() == Some(&word) {
                        closers.pop();
                        if closers.is_empty() {
                            return marks;
                        }
                    }
                }
                (Kind::Word(_), _) => command_may_start = false,
            }
        }
        marks
    }

    fn branches(&self) -> Option<Construct> {
        let marks: Vec<Mark> =
            self.marks().into_iter().filter(|(word, _)| matches!(word.as_str(), "if" | "then" | "elif" | "else" | "fi")).collect();
        let mut branches = Vec::new();
        let mut otherwise = None;
        let mut condition = String::new();
        for pair in marks.windows(2) {
            let [(word, from), (_, to)] = pair else { continue };
            let part = self.between(*from, *to);
            match word.as_str() {
                "if" | "elif" => condition = part,
                "then" => branches.push((std::mem::take(&mut condition), part)),
                "else" => otherwise = Some(part),
                _ => {}
            }
        }
        (!branches.is_empty()).then_some(Construct::If { branches, otherwise })
    }

    /// The tokens of `do` and `done`.
    fn body(&self) -> Option<(usize, usize)> {
        let marks = self.marks();
        let at = |name: &str| marks.iter().find(|(word, _)| word == name).map(|(_, at)| *at);
        Some((at("do")?, at("done")?))
    }

    fn counted(&self) -> Option<Construct> {
        let (from, to) = self.body()?;
        let name = self.word(1)?.shown();
        let words = (2..from).filter_map(|at| self.word(at)).filter(|word| word.text != "in").collect();
        Some(Construct::For { name, words, body: self.between(from, to) })
    }

    fn conditional(&self) -> Option<Construct> {
        let (from, to) = self.body()?;
        Some(Construct::While { head: self.between(0, from), body: self.between(from, to) })
    }

    fn case(&self) -> Option<Construct> {
        let marks = self.marks();
        let start = marks.iter().find(|(word, _)| word == "in")?.1;
        let end = marks.iter().rev().find(|(word, _)| word == "esac").map_or(self.tokens.len(), |(_, at)| *at);
        let mut arms = Vec::new();
        let mut at = start + 1;
        let stops: Vec<usize> = marks.iter().filter(|(word, _)| word.starts_with(';')).map(|(_, at)| *at).chain([end]).collect();
        for stop in stops {
            let mut patterns = Vec::new();
            while at < stop && self.operator(at) != Some(")") {
                patterns.extend(self.word(at).map(|word| word.shown()));
                at += 1;
            }
            if at < stop && !patterns.is_empty() {
                arms.push((patterns, self.between(at, stop)));
            }
            at = stop + 1;
        }
        Some(Construct::Case { subject: self.word(1)?, arms })
    }

    fn function(&self, name_at: usize) -> Option<Construct> {
        let name = self.word(name_at)?.shown();
        let opener = (name_at + 1..self.tokens.len()).find(|at| self.reserved(*at) == Some("{"));
        let (from, to) = match opener {
            Some(from) => (from, (from..self.tokens.len()).rev().find(|at| self.reserved(*at) == Some("}"))?),
            None => {
                let after = (name_at + 1..self.tokens.len()).find(|at| self.operator(*at) == Some(")"))? + 1;
                let from = (after..self.tokens.len()).find(|at| self.operator(*at) == Some("("))?;
                (from, (from..self.tokens.len()).rev().find(|at| self.operator(*at) == Some(")"))?)
            }
        };
        Some(Construct::Function { name, body: self.between(from, to) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_and_loops() {
        let text = "if [ -f a ]; then\n  if b; then c; fi\n  d\nelif e; then f; else\n g; fi";
        let Some(Construct::If { branches, otherwise }) = construct(text) else { panic!() };
        assert_eq!(branches, [("[ -f a ]".into(), "if b; then c; fi\n  d".into()), ("e".to_owned(), "f".to_owned())]);
        assert_eq!(otherwise.as_deref(), Some("g"));
        let Some(Construct::For { name, words, body }) = construct("for i in 1 2 $(seq 3); do start x N=$i; done") else { panic!() };
        assert_eq!((name.as_str(), words.len(), body.as_str()), ("i", 3, "start x N=$i"));
        let Some(Construct::While { head, body }) = construct("while true; do a; sleep 1; done") else { panic!() };
        assert_eq!((head.as_str(), body.as_str()), ("true", "a; sleep 1"));
    }

    #[test]
    fn cases_and_functions() {
        let text = "case \"$1\" in\n  start|(up)\n    echo a; case x in y) z;; esac\n    ;;\n  *) exit 1\nesac";
        let Some(Construct::Case { subject, arms }) = construct(text) else { panic!() };
        assert_eq!(subject.shown(), "$1");
        assert_eq!(arms[0].0[0], "start");
        assert_eq!(arms.len(), 2);
        assert_eq!(arms[1], (vec!["*".to_owned()], "exit 1".to_owned()));
        for text in ["do_start() {\n  x --y\n}", "function do_start {\n  x --y\n}", "do_start()\n( x --y )"] {
            let Some(Construct::Function { name, body }) = construct(text) else { panic!("{text}") };
            assert_eq!((name.as_str(), body.as_str()), ("do_start", "x --y"), "{text}");
        }
        assert_eq!(construct("[[ a == b ]]"), None);
    }
}
