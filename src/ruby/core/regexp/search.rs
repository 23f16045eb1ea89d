//! Searching text for a pattern: what was found, and where Ruby keeps it (`$~`).
//!
//! `"ab" =~ /b/` in: the text and the pattern; out: the spans of the match and of its groups, in bytes.

use std::rc::Rc;

use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::{Object, Regexp, Value};

/// What is searched for.
#[derive(Clone)]
pub enum Pattern {
    /// A regular expression.
    Regexp(Rc<Regexp>),
    /// The text itself.
    Text(Rc<str>),
}

/// A match: what a `MatchData` object keeps.
pub struct Found {
    /// The text that was searched.
    pub text: Rc<str>,
    /// The match and its groups, in bytes of the text.
    pub spans: Vec<Option<(usize, usize)>>,
    /// What was searched for.
    pub pattern: Pattern,
}

impl Found {
    /// Where the whole match begins.
    #[must_use]
    pub fn start(&self) -> usize {
        self.spans.first().copied().flatten().map_or(0, |(start, _)| start)
    }

    /// Where the whole match ends.
    #[must_use]
    pub fn end(&self) -> usize {
        self.spans.first().copied().flatten().map_or(0, |(_, end)| end)
    }

    /// The text of group `index`.
    #[must_use]
    pub fn group(&self, index: usize) -> Option<&str> {
        let (start, end) = self.spans.get(index).copied().flatten()?;
        self.text.get(start..end)
    }

    /// The names of the groups, that of group 1 first; empty when they have none.
    #[must_use]
    pub fn names(&self) -> &[String] {
        match &self.pattern {
            Pattern::Regexp(regexp) => &regexp.names,
            Pattern::Text(_) => &[],
        }
    }

    /// The group called `name`: of several the last one that matched. `None` when there is none of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<usize> {
        let mut numbers = self.names().iter().enumerate().filter(|(_, known)| *known == name).map(|(index, _)| index + 1);
        let matched = numbers.clone().rev().find(|number| self.spans.get(*number).is_some_and(Option::is_some));
        matched.or_else(|| numbers.next_back())
    }

    /// The groups without the whole match, as values.
    #[must_use]
    pub fn captures(&self) -> Vec<Value> {
        (1..self.spans.len()).map(|index| self.value(index)).collect()
    }

    /// Group `index` as a string or `nil`.
    #[must_use]
    pub fn value(&self, index: usize) -> Value {
        self.group(index).map_or(Value::Nil, Value::str)
    }
}

/// Where the character behind the one at `at` begins; beyond the text at its end.
#[must_use]
pub fn next_position(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

impl Interpreter {
    /// The pattern that a method was given: a regular expression or text.
    ///
    /// # Errors
    /// `TypeError` for anything else.
    pub fn pattern(&mut self, value: &Value) -> Eval<Pattern> {
        match value {
            Value::Regexp(regexp) => Ok(Pattern::Regexp(Rc::clone(regexp))),
            Value::Str(text) => Ok(Pattern::Text(text.text.borrow().as_str().into())),
            other => {
                if matches!(other, Value::Object(_)) && self.responds_to(other, "to_str")? {
                    return Ok(Pattern::Text(self.to_str(other)?.into()));
                }
                let what = self.kind_word(other);
                self.type_error(format!("wrong argument type {what} (expected Regexp)"))
            }
        }
    }

    /// The first match of `pattern` in `text` that begins at byte `at` or later.
    ///
    /// # Errors
    /// [`Flow::Halt`] when the expression backtracks without end.
    pub fn search(&mut self, pattern: &Pattern, text: &Rc<str>, at: usize) -> Eval<Option<Found>> {
        self.step()?;
        let Some(rest) = text.get(at..) else { return Ok(None) };
        match pattern {
            Pattern::Text(wanted) => Ok(rest.find(&**wanted).map(|start| Found {
                text: Rc::clone(text),
                spans: vec![Some((at + start, at + start + wanted.len()))],
                pattern: pattern.clone(),
            })),
            Pattern::Regexp(regexp) => {
                let Some(compiled) = self.compiled(regexp)? else { return Ok(None) };
                match compiled.captures_from_pos(&**text, at) {
                    Ok(None) => Ok(None),
                    Ok(Some(captures)) => {
                        let spans =
                            (0..captures.len()).map(|index| captures.get(index).map(|group| (group.start(), group.end()))).collect();
                        Ok(Some(Found { text: Rc::clone(text), spans, pattern: pattern.clone() }))
                    }
                    Err(_) => self.endless(regexp),
                }
            }
        }
    }

    /// Whether `pattern` matches `text` at byte `at` or later, without the groups.
    ///
    /// # Errors
    /// As [`Interpreter::search`].
    pub fn regexp_matches(&mut self, regexp: &Rc<Regexp>, text: &str, at: usize) -> Eval<bool> {
        self.step()?;
        if text.get(at..).is_none() {
            return Ok(false);
        }
        let Some(compiled) = self.compiled(regexp)? else { return Ok(false) };
        match compiled.find_from_pos(text, at) {
            Ok(found) => Ok(found.is_some()),
            Err(_) => self.endless(regexp),
        }
    }

    fn compiled<'a>(&mut self, regexp: &'a Regexp) -> Eval<Option<&'a fancy_regex::Regex>> {
        match &regexp.compiled {
            Ok(compiled) => Ok(Some(compiled)),
            Err(why) => {
                let class = Rc::clone(&self.classes.regexp_error);
                self.raise(&class, why.clone())
            }
        }
    }

    fn endless<T>(&self, regexp: &Regexp) -> Eval<T> {
        Err(Box::new(Flow::Halt(format!("the regular expression /{}/ takes too many steps", regexp.source))))
    }

    /// The `MatchData` of a match; `nil` without one.
    #[must_use]
    pub fn match_data(&self, found: Option<&Rc<Found>>) -> Value {
        let Some(found) = found else { return Value::Nil };
        Value::Object(Rc::new(Object {
            class: std::cell::RefCell::new(Rc::clone(&self.classes.match_data)),
            ivars: std::cell::RefCell::default(),
            frozen: std::cell::Cell::new(false),
            data: std::cell::RefCell::new(Some(Rc::clone(found) as Rc<dyn std::any::Any>)),
        }))
    }

    /// Sets `$~` of the code that called the native method.
    pub fn set_last_match(&mut self, found: Option<&Rc<Found>>) -> Value {
        let value = self.match_data(found);
        *self.scope().frame.last_match.borrow_mut() = value.clone();
        value
    }

    /// Searches and sets `$~`.
    ///
    /// # Errors
    /// As [`Interpreter::search`].
    pub fn search_and_set(&mut self, pattern: &Pattern, text: &Rc<str>, at: usize) -> Eval<Option<Rc<Found>>> {
        let found = self.search(pattern, text, at)?.map(Rc::new);
        self.set_last_match(found.as_ref());
        Ok(found)
    }
}
