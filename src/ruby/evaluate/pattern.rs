//! `case … in`: pattern matching.

use std::rc::Rc;

use crate::name::Name;
use crate::read::ruby::ast::{InArm, P, Pattern};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;

/// Why a pattern did not match.
pub struct Mismatch {
    /// The reason in Ruby's words; each `{}` stands for one of `shown`.
    pub words: String,
    /// The values that it names.
    pub shown: Vec<Value>,
    /// The hash and the key that it lacks.
    pub key: Option<(Value, Value)>,
}

impl Interpreter {
    pub(super) fn eval_case_in(&mut self, scope: &Rc<Scope>, subject: &P, arms: &[InArm], otherwise: Option<&P>) -> Eval {
        let value = self.eval(scope, subject)?;
        if let Value::Unknown(hole) = &value {
            return Ok(self.derived(hole, " (matched by `case … in`)"));
        }
        for arm in arms {
            if self.matches(scope, &arm.pattern, &value)? {
                if let Some(guard) = &arm.guard {
                    if !self.eval(scope, guard)?.truthy() {
                        self.mismatch =
                            Some(Mismatch { words: "guard clause does not return true".to_owned(), shown: Vec::new(), key: None });
                        continue;
                    }
                }
                return self.eval_option(scope, arm.body.as_ref());
            }
        }
        match otherwise {
            Some(body) => self.eval(scope, body),
            None => self.no_matching_pattern(subject, &value, arms.len() == 1),
        }
    }

    pub(super) fn eval_match(&mut self, scope: &Rc<Scope>, node: &P, pattern: &Pattern, test: bool) -> Eval {
        let value = self.eval(scope, node)?;
        if let (Value::Unknown(_), true) = (&value, test) {
            return Ok(value);
        }
        let matched = self.matches(scope, pattern, &value)?;
        if test {
            return Ok(Value::Bool(matched));
        }
        if matched { Ok(Value::Nil) } else { self.no_matching_pattern(node, &value, true) }
    }

    /// With one pattern the message says why it did not match.
    fn no_matching_pattern(&mut self, node: &P, value: &Value, single: bool) -> Eval {
        self.span = node.span;
        let shown = self.inspect(value)?;
        let Some(mismatch) = self.mismatch.take().filter(|_| single) else {
            let class = Rc::clone(&self.classes.no_matching_pattern_error);
            return self.raise(&class, shown);
        };
        let mut message = format!("{shown}: ");
        let mut shown = mismatch.shown.iter();
        for (index, part) in mismatch.words.split("{}").enumerate() {
            if index > 0 {
                if let Some(value) = shown.next() {
                    message.push_str(&self.inspect(value)?);
                }
            }
            message.push_str(part);
        }
        let Some((hash, key)) = mismatch.key else {
            let class = Rc::clone(&self.classes.no_matching_pattern_error);
            return self.raise(&class, message);
        };
        let class = Rc::clone(&self.classes.no_matching_pattern_key_error);
        let error = self.exception(&class, message);
        self.set_ivar(&error, "@matchee", hash);
        self.set_ivar(&error, "@key", key);
        self.raise_object(error)
    }

    /// Notes why a pattern does not match `value`: the value, then the words.
    fn differs(&mut self, value: &Value, words: &str) -> Eval<bool> {
        self.mismatch = Some(Mismatch { words: format!("{{}} {words}"), shown: vec![value.clone()], key: None });
        Ok(false)
    }

    fn matches(&mut self, scope: &Rc<Scope>, pattern: &Pattern, value: &Value) -> Eval<bool> {
        self.step()?;
        Ok(match pattern {
            Pattern::Value(node) => {
                let expected = self.eval(scope, node)?;
                self.value_matches(&expected, value)?
            }
            Pattern::Bind(name) => {
                scope.set(*name, value.clone());
                true
            }
            Pattern::Or(choices) => {
                for choice in choices {
                    if self.matches(scope, choice, value)? {
                        return Ok(true);
                    }
                }
                false
            }
            Pattern::As(inner, name) => {
                let matched = self.matches(scope, inner, value)?;
                if matched {
                    scope.set(*name, value.clone());
                }
                matched
            }
            Pattern::Array { constant, before, rest, after } => {
                if !self.constant_matches(scope, constant.as_ref(), value)? {
                    return Ok(false);
                }
                let Some(items) = self.deconstruct(value)? else { return self.differs(value, "does not respond to #deconstruct") };
                let fixed = before.len() + after.len();
                if items.len() < fixed || (rest.is_none() && items.len() != fixed) {
                    let open = if rest.is_some() { "+" } else { "" };
                    let words = format!("length mismatch (given {}, expected {fixed}{open})", items.len());
                    return self.differs(&Value::array(items), &words);
                }
                for (pattern, item) in before.iter().zip(&items) {
                    if !self.matches(scope, pattern, item)? {
                        return Ok(false);
                    }
                }
                let tail = items.len() - after.len();
                if let Some(Some(name)) = rest {
                    scope.set(*name, Value::array(items[before.len()..tail].to_vec()));
                }
                for (pattern, item) in after.iter().zip(&items[tail..]) {
                    if !self.matches(scope, pattern, item)? {
                        return Ok(false);
                    }
                }
                true
            }
            Pattern::Find { constant, head, middle, tail } => {
                if !self.constant_matches(scope, constant.as_ref(), value)? {
                    return Ok(false);
                }
                let Some(items) = self.deconstruct(value)? else { return self.differs(value, "does not respond to #deconstruct") };
                let Some(last) = items.len().checked_sub(middle.len()) else {
                    let words = format!("length mismatch (given {}, expected {}+)", items.len(), middle.len());
                    return self.differs(&Value::array(items), &words);
                };
                for start in 0..=last {
                    let mut all = true;
                    for (pattern, item) in middle.iter().zip(&items[start..]) {
                        if !self.matches(scope, pattern, item)? {
                            all = false;
                            break;
                        }
                    }
                    if all {
                        if let Some(name) = head {
                            scope.set(*name, Value::array(items[..start].to_vec()));
                        }
                        if let Some(name) = tail {
                            scope.set(*name, Value::array(items[start + middle.len()..].to_vec()));
                        }
                        return Ok(true);
                    }
                }
                return self.differs(&Value::array(items), "does not match to find pattern");
            }
            Pattern::Hash { constant, pairs, rest, exact } => {
                if !self.constant_matches(scope, constant.as_ref(), value)? {
                    return Ok(false);
                }
                let hash = match value {
                    Value::Hash(hash) => Rc::clone(hash),
                    other if self.responds_to(other, "deconstruct_keys")? => {
                        let keys = pairs.iter().map(|(name, _)| Value::Symbol(*name)).collect();
                        match self.send(other, "deconstruct_keys", &[Value::array(keys)])? {
                            Value::Hash(hash) => hash,
                            _ => return self.type_error("deconstruct_keys must return Hash"),
                        }
                    }
                    _ => return self.differs(value, "does not respond to #deconstruct_keys"),
                };
                if pairs.is_empty() && rest.is_none() && !exact {
                    let empty = hash.map.borrow().is_empty();
                    return if empty { Ok(true) } else { self.differs(&Value::Hash(hash), "is not empty") };
                }
                for (name, pattern) in pairs {
                    let key = Value::Symbol(*name);
                    let Some(item) = hash.get_plain(&key) else {
                        let (words, shown) = ("key not found: {}".to_owned(), vec![key.clone()]);
                        self.mismatch = Some(Mismatch { words, shown, key: Some((Value::Hash(hash), key)) });
                        return Ok(false);
                    };
                    match pattern {
                        Some(pattern) => {
                            if !self.matches(scope, pattern, &item)? {
                                return Ok(false);
                            }
                        }
                        None => scope.set(*name, item),
                    }
                }
                let named = |key: &Value| matches!(key, Value::Symbol(symbol) if pairs.iter().any(|(name, _)| name == symbol));
                let left: Vec<(Value, Value)> = hash.pairs().into_iter().filter(|(key, _)| !named(key)).collect();
                if *exact && !left.is_empty() {
                    let (words, shown) = ("rest of {} is not empty".to_owned(), vec![Value::hash(left)]);
                    self.mismatch = Some(Mismatch { words, shown, key: None });
                    return Ok(false);
                }
                if let Some(name) = rest {
                    scope.set(*name, Value::hash(left));
                }
                true
            }
        })
    }

    fn constant_matches(&mut self, scope: &Rc<Scope>, constant: Option<&P>, value: &Value) -> Eval<bool> {
        let Some(constant) = constant else { return Ok(true) };
        let constant = self.eval(scope, constant)?;
        self.value_matches(&constant, value)
    }

    fn value_matches(&mut self, expected: &Value, value: &Value) -> Eval<bool> {
        if self.case_equal(expected, value)?.truthy() {
            return Ok(true);
        }
        let words = "{} === {} does not return true".to_owned();
        self.mismatch = Some(Mismatch { words, shown: vec![expected.clone(), value.clone()], key: None });
        Ok(false)
    }

    fn deconstruct(&mut self, value: &Value) -> Eval<Option<Vec<Value>>> {
        match value {
            Value::Array(array) => Ok(Some(array.items.borrow().clone())),
            other => {
                if self.has_method(other, Name::new("deconstruct"), false) {
                    let list = self.send(other, "deconstruct", &[])?;
                    return Ok(list.items());
                }
                Ok(None)
            }
        }
    }
}
