//! Method calls: receiver, arguments, blocks, `super`.

use std::rc::Rc;

use crate::name::Name;
use crate::read::ruby::ast::{Arg, Block, BlockArg, Call, Expr, Node};
use crate::ruby::arguments::{ANONYMOUS_BLOCK, ANONYMOUS_KEYWORDS, ANONYMOUS_REST};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Method;
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;

impl Interpreter {
    pub(super) fn eval_call(&mut self, scope: &Rc<Scope>, node: &Node, call: &Call) -> Eval {
        let (receiver, kind) = match &call.receiver {
            Some(receiver) => {
                let value = self.eval(scope, receiver)?;
                if call.safe && value.is_nil() {
                    return Ok(Value::Nil);
                }
                let kind = if matches!(receiver.expr, Expr::SelfRef) { CallKind::Implicit } else { CallKind::Explicit };
                (value, kind)
            }
            None => {
                // Named groups of a regular expression make local variables while the code runs.
                if call.bare {
                    if let Some(value) = scope.get(call.name) {
                        return Ok(value);
                    }
                }
                (scope.frame.receiver.clone(), if call.bare { CallKind::Bare } else { CallKind::Implicit })
            }
        };
        if let ([Arg::Value(right)], None) = (call.args.as_slice(), &call.block) {
            if let Value::Integer(left) = receiver {
                let right = self.eval(scope, right)?;
                if let Value::Integer(right) = right {
                    if let Some(value) = integer_operator(&call.name, left, right) {
                        return Ok(value);
                    }
                }
                self.span = call.name_span;
                return self.call(&receiver, call.name, Args::new(vec![right]), kind);
            }
        }
        let mut args = self.eval_args(scope, &call.args)?;
        let mut own_block = None;
        match &call.block {
            Some(BlockArg::Block(block)) => {
                let block = self.make_proc(scope, block, false);
                own_block = Some(block.id);
                args.block = Some(block);
            }
            Some(BlockArg::Pass(value)) => {
                let value = self.eval(scope, value)?;
                args.block = self.to_block(value)?;
            }
            Some(BlockArg::Forward) => args.block = self.forwarded_block(scope),
            None => {}
        }
        self.span = if call.receiver.is_some() { call.name_span } else { node.span };
        let answer = self.call(&receiver, call.name, args, kind);
        if let (Value::Regexp(regexp), "=~") = (&receiver, call.name.as_str()) {
            self.assign_named_groups(scope, call, regexp);
        }
        match answer {
            Err(flow) => match *flow {
                Flow::Break(id, value) if Some(id) == own_block => Ok(value),
                other => Err(Box::new(other)),
            },
            ok => ok,
        }
    }

    /// `/(?<name>…)/ =~ text` assigns the local variable `name`, when the expression is written there without code in it.
    fn assign_named_groups(&mut self, scope: &Rc<Scope>, call: &Call, regexp: &crate::ruby::value::Regexp) {
        let literal = call.receiver.as_ref().is_some_and(|receiver| {
            matches!(&receiver.expr, Expr::Regexp { pieces, .. } if !pieces.iter().any(|piece| matches!(piece, crate::read::ruby::ast::Piece::Code(_))))
        });
        if !literal {
            return;
        }
        let found = scope.frame.last_match.borrow().clone();
        let found = match &found {
            Value::Object(object) => object.data::<crate::ruby::core::regexp::search::Found>(),
            _ => None,
        };
        for name in &regexp.names {
            let value = found.as_ref().and_then(|found| Some(found.value(found.named(name)?))).unwrap_or(Value::Nil);
            scope.set(Name::new(name), value);
        }
    }

    fn forwarded_block(&mut self, scope: &Rc<Scope>) -> Option<Rc<Proc>> {
        match scope.get(ANONYMOUS_BLOCK.into()) {
            Some(Value::Proc(block)) => Some(block),
            Some(_) => None,
            None => scope.frame.block.clone(),
        }
    }

    /// A proc of a block's syntax, closing over `scope`.
    pub fn make_proc(&mut self, scope: &Rc<Scope>, block: &Rc<Block>, lambda: bool) -> Rc<Proc> {
        Rc::new(Proc { id: self.fresh_id(), code: Code::Block { block: Rc::clone(block), scope: Rc::clone(scope) }, lambda })
    }

    /// What `&value` passes: a proc, or `nil` for none.
    ///
    /// # Errors
    /// `TypeError` when it cannot be one.
    pub fn to_block(&mut self, value: Value) -> Eval<Option<Rc<Proc>>> {
        match value {
            Value::Nil => Ok(None),
            Value::Proc(code) => Ok(Some(code)),
            Value::Symbol(name) => Ok(Some(self.symbol_block(name))),
            Value::Unknown(hole) => {
                let block = self.native_block(-1, move |interpreter, _| Ok(interpreter.derived(&hole, ".call")));
                Ok(Some(block))
            }
            other => {
                if self.responds_to(&other, "to_proc")? {
                    if let Value::Proc(code) = self.send(&other, "to_proc", &[])? {
                        return Ok(Some(code));
                    }
                }
                let class = self.real_class(&other).display_name();
                self.type_error(format!("wrong argument type {class} (expected Proc)"))
            }
        }
    }

    /// `&:name`
    pub fn symbol_block(&mut self, name: Name) -> Rc<Proc> {
        let function = move |interpreter: &mut Self, args: &Args| {
            let Some((receiver, rest)) = args.list.split_first() else {
                return interpreter.argument_error("no receiver given");
            };
            let args = Args { list: rest.to_vec(), keywords: args.keywords, block: args.block.clone() };
            interpreter.call(receiver, name, args, CallKind::Explicit)
        };
        Rc::new(Proc { id: self.fresh_id(), code: Code::Native { function: Rc::new(function), arity: -2 }, lambda: true })
    }

    /// Evaluates the arguments of a call.
    ///
    /// # Errors
    /// As [`Interpreter::eval`].
    pub fn eval_args(&mut self, scope: &Rc<Scope>, args: &[Arg]) -> Eval<Args> {
        let mut list = Vec::with_capacity(args.len());
        let mut keywords = false;
        let mut block = None;
        for arg in args {
            match arg {
                Arg::Value(node) => {
                    if let Expr::Splat(value) = &node.expr {
                        let value = self.eval(scope, value)?;
                        list.extend(self.to_splat_items(&value)?);
                    } else {
                        list.push(self.eval(scope, node)?);
                    }
                }
                Arg::Splat(node) => {
                    let value = self.eval(scope, node)?;
                    list.extend(self.to_splat_items(&value)?);
                }
                Arg::Hash(pairs) => {
                    let hash = self.eval_hash(scope, pairs)?;
                    // `**{}` passes nothing.
                    let empty = matches!(&hash, Value::Hash(hash) if hash.map.borrow().is_empty());
                    if !empty || pairs.is_empty() {
                        list.push(hash);
                        keywords = true;
                    }
                }
                Arg::Forward => {
                    if let Some(rest) = scope.get(ANONYMOUS_REST.into()) {
                        list.extend(self.to_splat_items(&rest)?);
                    }
                    if let Some(more @ Value::Hash(_)) = scope.get(ANONYMOUS_KEYWORDS.into()) {
                        list.push(more);
                        keywords = true;
                    }
                    block = self.forwarded_block(scope);
                }
            }
        }
        Ok(Args { list, keywords, block })
    }

    /// The method that `super` calls from `scope`, with self.
    pub(super) fn super_method(&self, scope: &Rc<Scope>) -> Option<Method> {
        let context = scope.frame.method.as_ref()?;
        let class = self.class_of(&scope.frame.receiver);
        self.find_method_after(&class, context.name, Some(&context.owner))
    }

    pub(super) fn eval_super(&mut self, scope: &Rc<Scope>, args: Option<&[Arg]>, block: Option<&BlockArg>) -> Eval {
        let Some(context) = scope.frame.method.clone() else {
            let class = Rc::clone(&self.classes.runtime_error);
            return self.raise(&class, "super called outside of method");
        };
        let mut own_block = None;
        let mut values = match args {
            Some(args) => self.eval_args(scope, args)?,
            None => self.current_args(scope, &context.args),
        };
        match block {
            Some(BlockArg::Block(block)) => {
                let block = self.make_proc(scope, block, false);
                own_block = Some(block.id);
                values.block = Some(block);
            }
            Some(BlockArg::Pass(value)) => {
                let value = self.eval(scope, value)?;
                values.block = self.to_block(value)?;
            }
            Some(BlockArg::Forward) => values.block = self.forwarded_block(scope),
            None => values.block = values.block.or_else(|| scope.frame.block.clone()),
        }
        let receiver = scope.frame.receiver.clone();
        let answer = match self.super_method(scope) {
            Some(method) => self.invoke(&receiver, context.name, &method, values),
            None => {
                let class = self.class_of(&receiver);
                let missing = self.find_method(&class, Name::new("method_missing"));
                if let (Some(method), true) = (missing, context.name.as_str() != "method_missing") {
                    let mut list = vec![Value::Symbol(context.name)];
                    list.extend(values.list);
                    let args = Args { list, keywords: values.keywords, block: values.block };
                    return self.invoke(&receiver, Name::new("method_missing"), &method, args);
                }
                match context.name.as_str() {
                    // What BasicObject would answer.
                    "initialize" | "inherited" | "included" | "extended" | "prepended" | "method_added" => Ok(Value::Nil),
                    "respond_to_missing?" => Ok(Value::Bool(false)),
                    "method_missing" => {
                        let name = values.list.first().and_then(Value::name).unwrap_or(context.name);
                        let kind = self.missing_kind;
                        self.undefined_method(&receiver, name, kind)
                    }
                    name => {
                        let shown = self.describe_receiver(&receiver);
                        let class = Rc::clone(&self.classes.no_method_error);
                        self.raise(&class, format!("super: no superclass method `{name}' for {shown}"))
                    }
                }
            }
        };
        match answer {
            Err(flow) => match *flow {
                Flow::Break(id, value) if Some(id) == own_block => Ok(value),
                other => Err(Box::new(other)),
            },
            ok => ok,
        }
    }

    /// The arguments that a bare `super` passes on: the current values of the parameters.
    fn current_args(&mut self, scope: &Rc<Scope>, given: &Args) -> Args {
        use crate::read::ruby::ast::Param;
        let Some(context) = &scope.frame.method else { return given.clone() };
        let method = context.owner.own_method(context.name);
        let Some(crate::ruby::module::MethodBody::Ruby(definition)) = method.map(|m| m.body) else { return given.clone() };
        let mut list = Vec::new();
        let keyword_hash = Value::new_hash();
        let mut keywords = false;
        for param in &definition.params.list {
            match param {
                Param::Required(name) | Param::Optional(name, _) => list.push(scope.get(*name).unwrap_or(Value::Nil)),
                Param::Rest(name) => {
                    let rest = scope.get(name.unwrap_or_else(|| ANONYMOUS_REST.into()));
                    list.extend(rest.and_then(|rest| rest.items()).unwrap_or_default());
                }
                Param::Keyword(name, _) => {
                    keyword_hash.insert_plain(Value::Symbol(*name), scope.get(*name).unwrap_or(Value::Nil));
                    keywords = true;
                }
                Param::KeywordRest(name) => {
                    if let Some(Value::Hash(more)) = scope.get(name.unwrap_or_else(|| ANONYMOUS_KEYWORDS.into())) {
                        for (key, value) in more.pairs() {
                            keyword_hash.insert_plain(key, value);
                            keywords = true;
                        }
                    }
                }
                Param::Destructure(_) | Param::Forward => return given.clone(),
                Param::NoKeywords | Param::Block(_) => {}
            }
        }
        if keywords {
            list.push(Value::Hash(keyword_hash));
        }
        Args { list, keywords, block: given.block.clone() }
    }

    /// The id that `break` in `scope` unwinds to: 0 for a loop of the same body, else the block's.
    pub(super) fn break_target(&self, scope: &Scope) -> usize {
        if scope.loops.get() > 0 { 0 } else { scope.block.get() }
    }
}

fn integer_operator(name: &str, left: i64, right: i64) -> Option<Value> {
    Some(match name {
        "+" => Value::Integer(left.checked_add(right)?),
        "-" => Value::Integer(left.checked_sub(right)?),
        "*" => Value::Integer(left.checked_mul(right)?),
        "<" => Value::Bool(left < right),
        ">" => Value::Bool(left > right),
        "<=" => Value::Bool(left <= right),
        ">=" => Value::Bool(left >= right),
        "==" => Value::Bool(left == right),
        "!=" => Value::Bool(left != right),
        _ => return None,
    })
}
