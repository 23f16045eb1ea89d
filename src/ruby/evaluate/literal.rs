//! Literals: strings with interpolation, arrays with splats, hashes, regular expressions.

use std::rc::Rc;

use crate::read::ruby::ast::{Expr, Node, P, Pair, Piece};
use crate::ruby::core::string::bytes;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;

impl Interpreter {
    /// A string of `pieces`; an unknown piece becomes a hole in it.
    pub(super) fn eval_string(&mut self, scope: &Rc<Scope>, pieces: &[Piece]) -> Eval {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Bytes(bytes) => text.push_str(&bytes::from_bytes(bytes)),
                Piece::Code(code) => {
                    let value = self.eval(scope, code)?;
                    self.span = code.span;
                    text.push_str(&self.display(&value)?);
                }
            }
        }
        self.check_size(text.len())?;
        self.charge_text(text.len())?;
        // Bytes of one character that were written one by one.
        Ok(Value::str(bytes::joined(text)))
    }

    pub(super) fn eval_regexp(&mut self, scope: &Rc<Scope>, pieces: &[Piece], options: &str) -> Eval {
        // Without code in it, what is wrong is found when the file is read.
        if let [Piece::Text(source)] = pieces {
            return self.compile_regexp(source, options, true);
        }
        let mut source = String::new();
        let mut literal = true;
        for piece in pieces {
            match piece {
                Piece::Text(text) => source.push_str(text),
                Piece::Bytes(bytes) => source.push_str(&bytes::from_bytes(bytes)),
                Piece::Code(code) => {
                    literal = false;
                    let value = self.eval(scope, code)?;
                    self.span = code.span;
                    source.push_str(&self.display(&value)?);
                }
            }
        }
        self.compile_regexp(&source, options, literal)
    }

    /// The elements of an array literal or of a list on the right of an assignment.
    pub(super) fn eval_list(&mut self, scope: &Rc<Scope>, items: &[P]) -> Eval<Vec<Value>> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            if let Expr::Splat(list) = &item.expr {
                let list = self.eval(scope, list)?;
                values.extend(self.to_splat_items(&list)?);
            } else {
                values.push(self.eval(scope, item)?);
            }
        }
        Ok(values)
    }

    /// What `given`, written as `literal`, becomes when it is given to something called `name`; anything but a string literal stays.
    pub(super) fn judged(&mut self, name: &str, literal: &Node, given: Value) -> Value {
        match self.judge {
            Some(judge) if matches!(literal.expr, Expr::Str(_)) => judge(self, name, given),
            _ => given,
        }
    }

    pub(super) fn eval_hash(&mut self, scope: &Rc<Scope>, pairs: &[Pair]) -> Eval {
        let hash = Value::new_hash();
        for pair in pairs {
            match pair {
                Pair::Entry(key, value) => {
                    let key = self.eval(scope, key)?;
                    let given = self.eval(scope, value)?;
                    let given = match key.text() {
                        Some(name) if self.judge.is_some() => self.judged(&name, value, given),
                        _ => given,
                    };
                    self.hash_insert(&hash, key, given)?;
                }
                Pair::Splat(more) => {
                    let more = self.eval(scope, more)?;
                    let more = match more {
                        Value::Hash(more) => more,
                        Value::Nil => continue,
                        Value::Unknown(_) => continue,
                        other => match self.send(&other, "to_hash", &[])? {
                            Value::Hash(more) => more,
                            _ => continue,
                        },
                    };
                    for (key, value) in more.pairs() {
                        self.hash_insert(&hash, key, value)?;
                    }
                }
            }
        }
        Ok(Value::Hash(hash))
    }

    pub(super) fn make_range(&mut self, low: Value, high: Value, exclusive: bool) -> Eval {
        if let Value::Unknown(hole) = &low {
            return Ok(self.derived(hole, ".."));
        }
        if let Value::Unknown(hole) = &high {
            return Ok(self.derived_prefix("..", hole));
        }
        self.range_of(low, high, exclusive)
    }
}
