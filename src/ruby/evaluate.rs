//! Expressions to values: one step for every kind of syntax node.

mod assign;
mod call;
mod control;
mod define;
mod literal;
mod pattern;

pub use pattern::Mismatch;

use std::rc::Rc;

use crate::name::Name;
use crate::read::ruby::ast::{ConstScope, Expr, Node};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;
use crate::unsupported::Kind;

impl Interpreter {
    /// The value of `node` in `scope`.
    ///
    /// # Errors
    /// Whatever unwinds: exceptions, `break`, `return`, bounds.
    pub fn eval(&mut self, scope: &Rc<Scope>, node: &Node) -> Eval {
        self.step()?;
        match &node.expr {
            Expr::Nil => Ok(Value::Nil),
            Expr::True => Ok(Value::Bool(true)),
            Expr::False => Ok(Value::Bool(false)),
            Expr::SelfRef => Ok(scope.frame.receiver.clone()),
            Expr::Integer(number) => Ok(Value::Integer(*number)),
            Expr::Float(number) => Ok(Value::Float(*number)),
            Expr::BigInteger(digits) => Ok(self.parse_big(digits)),
            Expr::Rational(number) => {
                // `5.123r` is exact: what was written counts, not the float.
                let exact = crate::ruby::core::rational::Ratio::parse(self.slice(number.span));
                match exact {
                    Some(exact) => Ok(self.rational(exact)),
                    None => {
                        let number = self.eval(scope, number)?;
                        self.send(&number, "to_r", &[])
                    }
                }
            }
            Expr::Imaginary(number) => {
                let number = self.eval(scope, number)?;
                let receiver = scope.frame.receiver.clone();
                self.call(&receiver, Name::new("Complex"), Args::new(vec![Value::Integer(0), number]), CallKind::Implicit)
            }
            Expr::Str(pieces) => {
                let text = self.eval_string(scope, pieces)?;
                if let Value::Str(string) = &text {
                    let fixed = !pieces.iter().any(|piece| matches!(piece, crate::read::ruby::ast::Piece::Code(_)));
                    if fixed && self.freezes_literals(node.span.file) {
                        string.frozen.set(true);
                    }
                }
                Ok(text)
            }
            Expr::Command(pieces) => {
                self.span = node.span;
                let command = self.eval_string(scope, pieces)?;
                self.call(&scope.frame.receiver.clone(), Name::new("`"), Args::new(vec![command]), CallKind::Implicit)
            }
            Expr::Symbol(name) => Ok(Value::Symbol(*name)),
            Expr::DynamicSymbol(pieces) => {
                let text = self.eval_string(scope, pieces)?;
                Ok(text.name().map_or(Value::Nil, Value::Symbol))
            }
            Expr::Regexp { pieces, options } => {
                self.span = node.span;
                self.eval_regexp(scope, pieces, options)
            }
            Expr::Array(items) => {
                let items = self.eval_list(scope, items)?;
                self.check_size(items.len())?;
                Ok(Value::array(items))
            }
            Expr::Hash(pairs) => {
                self.span = node.span;
                self.eval_hash(scope, pairs)
            }
            Expr::Range { low, high, exclusive } => {
                let low = self.eval_option(scope, low.as_ref())?;
                let high = self.eval_option(scope, high.as_ref())?;
                self.span = node.span;
                self.make_range(low, high, *exclusive)
            }
            Expr::Local(name) => Ok(scope.get(*name).unwrap_or(Value::Nil)),
            Expr::Instance(name) => Ok(self.get_ivar_named(&scope.frame.receiver, *name)),
            Expr::ClassVariable(name) => {
                self.span = node.span;
                self.get_class_variable(scope, *name)
            }
            Expr::Global(name) => self.get_global(scope, *name),
            Expr::Const { scope: place, name } => {
                self.span = node.span;
                match place {
                    ConstScope::Lexical => self.constant(&scope.frame.nesting, *name),
                    ConstScope::Top => {
                        let object = Rc::clone(&self.classes.object);
                        self.constant_in(&object, *name)
                    }
                    ConstScope::In(owner) => {
                        let owner = self.eval(scope, owner)?;
                        self.span = node.span;
                        match owner {
                            Value::Module(module) => self.constant_in(&module, *name),
                            Value::Unknown(hole) => Ok(self.derived(&hole, &format!("::{name}"))),
                            other => {
                                let shown = self.inspect(&other)?;
                                self.type_error(format!("{shown} is not a class/module"))
                            }
                        }
                    }
                }
            }
            Expr::File => Ok(Value::str(self.source(node.span.file).path.clone())),
            Expr::Line => Ok(Value::Integer(i64::from(self.source(node.span.file).line(node.span.start)))),
            Expr::Encoding => {
                let object = Rc::clone(&self.classes.object);
                let encoding = self.constant_in(&object, Name::new("Encoding"))?;
                match encoding {
                    Value::Module(module) => self.constant_in(&module, Name::new("UTF_8")),
                    other => Ok(other),
                }
            }
            Expr::Call(call) => self.eval_call(scope, node, call),
            Expr::Super { args, block } => {
                self.span = node.span;
                self.eval_super(scope, args.as_deref(), block.as_ref())
            }
            Expr::Yield(args) => {
                let args = self.eval_args(scope, args)?;
                self.span = node.span;
                match scope.frame.block.clone() {
                    Some(block) => self.call_proc(&block, &args),
                    None => {
                        let class = Rc::clone(&self.classes.local_jump_error);
                        self.raise(&class, "no block given (yield)")
                    }
                }
            }
            Expr::Not(value) => {
                let value = self.eval_condition(scope, value)?;
                self.span = node.span;
                match &value {
                    Value::Unknown(hole) => Ok(self.derived_prefix("!", hole)),
                    Value::Object(_) => self.call(&value, Name::new("!"), Args::none(), CallKind::Explicit),
                    other => Ok(Value::Bool(!other.truthy())),
                }
            }
            Expr::And(left, right) => {
                let left_value = self.eval(scope, left)?;
                if left_value.is_unknown() {
                    self.eval_and_unknown(scope, left, left_value, right)
                } else if left_value.truthy() {
                    self.eval(scope, right)
                } else {
                    Ok(left_value)
                }
            }
            Expr::Or(left, right) => {
                let left_value = self.eval(scope, left)?;
                if left_value.is_unknown() {
                    self.eval_or_unknown(scope, left, left_value, right)
                } else if left_value.truthy() {
                    Ok(left_value)
                } else {
                    self.eval(scope, right)
                }
            }
            Expr::Defined(value) => self.eval_defined(scope, value),
            Expr::Assign { target, value } => self.eval_assign(scope, node, target, value),
            Expr::OperatorAssign { target, operator, value } => {
                self.span = node.span;
                self.eval_operator_assign(scope, node, target, *operator, value)
            }
            Expr::MultiAssign { targets, value } => self.eval_multi_assign(scope, targets, value),
            Expr::Sequence(statements) => {
                let mut last = Value::Nil;
                for statement in statements {
                    last = self.eval(scope, statement)?;
                }
                Ok(last)
            }
            Expr::Begin(begin) => self.eval_begin(scope, begin),
            Expr::If { condition, then, otherwise } => self.eval_if(scope, condition, then.as_ref(), otherwise.as_ref()),
            Expr::While { condition, body, negated, do_while } => self.eval_while(scope, condition, body, *negated, *do_while),
            Expr::For { targets, list, body } => self.eval_for(scope, targets, list, body),
            Expr::Case { subject, whens, otherwise } => {
                let subject = match subject {
                    Some(subject) => Some(self.eval(scope, subject)?),
                    None => None,
                };
                self.eval_case(scope, subject, whens, otherwise.as_ref())
            }
            Expr::CaseIn { subject, arms, otherwise } => self.eval_case_in(scope, subject, arms, otherwise.as_ref()),
            Expr::Match { value, pattern, test } => self.eval_match(scope, value, pattern, *test),
            Expr::Return(value) => {
                let value = self.eval_option(scope, value.as_ref())?;
                Err(Box::new(Flow::Return(scope.frame.id, value)))
            }
            Expr::Break(value) => {
                let value = self.eval_option(scope, value.as_ref())?;
                Err(Box::new(Flow::Break(self.break_target(scope), value)))
            }
            Expr::Next(value) => {
                let value = self.eval_option(scope, value.as_ref())?;
                Err(Box::new(Flow::Next(value)))
            }
            Expr::Redo => Err(Box::new(Flow::Redo)),
            Expr::Retry => Err(Box::new(Flow::Retry)),
            Expr::Def { singleton, name, params, body } => {
                self.span = node.span;
                self.eval_def(scope, node.span, singleton.as_ref(), *name, params, body.as_ref())
            }
            Expr::Class { scope: place, name, superclass, body } => {
                self.span = node.span;
                self.eval_class(scope, place, *name, superclass.as_ref(), body.as_ref())
            }
            Expr::SingletonClass { object, body } => {
                let object = self.eval(scope, object)?;
                let meta = self.singleton_class(&object);
                self.eval_module_body(scope, &meta, body.as_ref())
            }
            Expr::Module { scope: place, name, body } => {
                self.span = node.span;
                self.eval_module(scope, place, *name, body.as_ref())
            }
            Expr::Alias { new, old } => {
                if new.starts_with('$') {
                    let value = self.get_global(scope, *old)?;
                    self.globals.insert(*new, value);
                } else {
                    let definee = Rc::clone(&scope.frame.definee);
                    self.alias_method(&definee, *new, *old)?;
                }
                Ok(Value::Nil)
            }
            Expr::Undef(names) => {
                for name in names {
                    let definee = Rc::clone(&scope.frame.definee);
                    self.undef_method(&definee, *name)?;
                }
                Ok(Value::Nil)
            }
            Expr::Lambda(block) => Ok(Value::Proc(self.make_proc(scope, block, true))),
            Expr::Splat(value) => {
                let value = self.eval(scope, value)?;
                let items = self.to_splat_items(&value)?;
                Ok(Value::array(items))
            }
            Expr::Hook(body) => self.eval_option(scope, body.as_ref()),
            Expr::Broken => {
                self.span = node.span;
                let class = Rc::clone(&self.classes.syntax_error);
                let error = self.exception(&class, "the source could not be parsed here");
                self.mark_lacking(&error, Kind::Construct, "syntax that is not read".to_owned());
                self.raise_object(error)
            }
        }
    }

    /// The value of an optional node, `nil` without one.
    ///
    /// # Errors
    /// As [`Interpreter::eval`].
    pub fn eval_option(&mut self, scope: &Rc<Scope>, node: Option<&Rc<Node>>) -> Eval {
        match node {
            Some(node) => self.eval(scope, node),
            None => Ok(Value::Nil),
        }
    }

    fn get_global(&mut self, scope: &Rc<Scope>, name: Name) -> Eval {
        let found = scope.frame.last_match.borrow().clone();
        match name.as_str() {
            "$~" => Ok(found),
            "$&" => self.match_part(&found, "[]", Some(Value::Integer(0))),
            "$`" => self.match_part(&found, "pre_match", None),
            "$'" => self.match_part(&found, "post_match", None),
            "$+" => {
                if found.is_nil() {
                    return Ok(Value::Nil);
                }
                let captures = self.send(&found, "captures", &[])?;
                Ok(captures.items().unwrap_or_default().into_iter().rev().find(|v| !v.is_nil()).unwrap_or(Value::Nil))
            }
            other => match other[1..].parse::<i64>() {
                Ok(number) => self.match_part(&found, "[]", Some(Value::Integer(number))),
                Err(_) => Ok(self.globals.get(&name).cloned().unwrap_or(Value::Nil)),
            },
        }
    }

    fn match_part(&mut self, found: &Value, method: &str, argument: Option<Value>) -> Eval {
        if found.is_nil() {
            return Ok(Value::Nil);
        }
        self.send(found, method, argument.as_slice())
    }

    fn eval_defined(&mut self, scope: &Rc<Scope>, node: &Node) -> Eval {
        let word = match &node.expr {
            Expr::Local(_) => "local-variable",
            Expr::Instance(name) => {
                let set = match &scope.frame.receiver {
                    Value::Object(object) => object.ivars.borrow().contains_key(name),
                    Value::Module(module) => module.ivars.borrow().contains_key(name),
                    _ => false,
                };
                return Ok(if set { Value::str("instance-variable") } else { Value::Nil });
            }
            Expr::Global(name) => {
                let value = self.get_global(scope, *name)?;
                let set = self.globals.contains_key(name) || !value.is_nil();
                return Ok(if set { Value::str("global-variable") } else { Value::Nil });
            }
            Expr::ClassVariable(name) => {
                let found = self.find_class_variable(scope, *name).is_some();
                return Ok(if found { Value::str("class variable") } else { Value::Nil });
            }
            Expr::Const { .. } => {
                return Ok(match self.eval(scope, node) {
                    Ok(_) => Value::str("constant"),
                    Err(flow) => match *flow {
                        Flow::Halt(_) => return Err(flow),
                        _ => Value::Nil,
                    },
                });
            }
            Expr::Call(call) => {
                let receiver = match &call.receiver {
                    Some(receiver) => match self.eval(scope, receiver) {
                        Ok(value) => value,
                        Err(flow) if matches!(*flow, Flow::Halt(_)) => return Err(flow),
                        Err(_) => return Ok(Value::Nil),
                    },
                    None => scope.frame.receiver.clone(),
                };
                let known = if call.receiver.is_some() {
                    self.responds_to(&receiver, &call.name)?
                } else {
                    self.has_method(&receiver, call.name, true) || self.responds_to(&receiver, &call.name)?
                };
                return Ok(if known { Value::str("method") } else { Value::Nil });
            }
            Expr::Yield(_) => return Ok(if scope.frame.block.is_some() { Value::str("yield") } else { Value::Nil }),
            Expr::Super { .. } => {
                return Ok(if self.super_method(scope).is_some() { Value::str("super") } else { Value::Nil });
            }
            Expr::SelfRef => "self",
            Expr::Nil => "nil",
            Expr::True => "true",
            Expr::False => "false",
            Expr::Assign { .. } | Expr::OperatorAssign { .. } | Expr::MultiAssign { .. } => "assignment",
            Expr::Sequence(list) if list.len() == 1 => return self.eval_defined(scope, &list[0]),
            _ => "expression",
        };
        Ok(Value::str(word))
    }
}
