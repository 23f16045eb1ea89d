//! Binding arguments to the parameters of methods and blocks (Ruby 3.1's rules).

use std::rc::Rc;

use crate::read::ruby::ast::{Block, Param, Params};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;

/// The local variable that holds an anonymous `*`, `**` or `&`, for forwarding.
pub const ANONYMOUS_REST: &str = "*";
/// See [`ANONYMOUS_REST`].
pub const ANONYMOUS_KEYWORDS: &str = "**";
/// See [`ANONYMOUS_REST`].
pub const ANONYMOUS_BLOCK: &str = "&";

/// How many arguments a parameter list takes.
struct Shape {
    required: usize,
    optional: usize,
    rest: bool,
    keywords: bool,
    keyword_rest: bool,
    forward: bool,
}

impl Shape {
    fn of(params: &Params) -> Self {
        let mut shape = Self { required: 0, optional: 0, rest: false, keywords: false, keyword_rest: false, forward: false };
        for param in &params.list {
            match param {
                Param::Required(_) | Param::Destructure(_) => shape.required += 1,
                Param::Optional(..) => shape.optional += 1,
                Param::Rest(_) => shape.rest = true,
                Param::Keyword(..) => shape.keywords = true,
                Param::KeywordRest(_) => shape.keyword_rest = true,
                Param::Forward => {
                    shape.forward = true;
                    shape.rest = true;
                }
                Param::NoKeywords | Param::Block(_) => {}
            }
        }
        shape
    }
}

/// `arity` of a parameter list; `strict` for methods and lambdas.
#[must_use]
pub fn arity(params: &Params, strict: bool) -> i64 {
    let shape = Shape::of(params);
    // A required keyword counts as one more argument; optional ones make room for one more.
    let needs_keyword = params.list.iter().any(|param| matches!(param, Param::Keyword(_, None)));
    let required = i64::try_from(shape.required).unwrap_or(i64::MAX - 1) + i64::from(needs_keyword);
    let more = shape.optional > 0 || (!needs_keyword && (shape.keywords || shape.keyword_rest));
    if shape.rest || (strict && more) { -required - 1 } else { required }
}

impl Interpreter {
    /// Binds the parameters of a method.
    ///
    /// # Errors
    /// `ArgumentError`, or what a default value raises.
    pub fn bind_params(&mut self, scope: &Rc<Scope>, params: &Params, args: &Args, strict: bool) -> Eval {
        let shape = Shape::of(params);
        let mut positional = args.list.clone();
        let mut keywords: Option<Value> = None;
        if shape.keywords || shape.keyword_rest {
            if args.keywords {
                keywords = positional.pop();
            }
        } else if args.keywords && !shape.forward {
            // Without keyword parameters they are a last hash; an empty `**{}` is nothing.
            if let Some(Value::Hash(hash)) = positional.last() {
                if hash.map.borrow().is_empty() {
                    positional.pop();
                }
            }
        }
        let count = positional.len();
        if strict && (count < shape.required || (!shape.rest && count > shape.required + shape.optional)) {
            let expected = if shape.rest {
                format!("{}+", shape.required)
            } else if shape.optional > 0 {
                format!("{}..{}", shape.required, shape.required + shape.optional)
            } else {
                shape.required.to_string()
            };
            let missing: Vec<String> = params
                .list
                .iter()
                .filter_map(|p| match p {
                    Param::Keyword(name, None) if keywords.is_none() => Some(name.to_string()),
                    _ => None,
                })
                .collect();
            let hint = match missing.len() {
                0 => String::new(),
                1 => format!("; required keyword: {}", missing[0]),
                _ => format!("; required keywords: {}", missing.join(", ")),
            };
            return self.argument_error(format!("wrong number of arguments (given {count}, expected {expected}{hint})"));
        }
        let mut spare = count.saturating_sub(shape.required).min(shape.optional);
        let rest = count.saturating_sub(shape.required + shape.optional);
        let mut next = 0;
        let mut left_required = shape.required;
        for param in &params.list {
            match param {
                Param::Required(name) => {
                    let value = positional.get(next).cloned().unwrap_or(Value::Nil);
                    next += 1;
                    left_required -= 1;
                    scope.declare(*name, value);
                }
                Param::Destructure(targets) => {
                    let value = positional.get(next).cloned().unwrap_or(Value::Nil);
                    next += 1;
                    left_required -= 1;
                    let items = self.to_splat_items(&value)?;
                    self.assign_targets(scope, targets, items, true)?;
                }
                Param::Optional(name, default) => {
                    if spare > 0 {
                        spare -= 1;
                        let value = positional.get(next).cloned().unwrap_or(Value::Nil);
                        next += 1;
                        scope.declare(*name, value);
                    } else {
                        scope.declare(*name, Value::Nil);
                        let value = self.eval(scope, default)?;
                        scope.declare(*name, value);
                    }
                }
                Param::Rest(name) => {
                    let end = if shape.rest { (next + rest).min(count) } else { next };
                    let taken: Vec<Value> = positional.get(next..end).map(<[Value]>::to_vec).unwrap_or_default();
                    next = end;
                    let name = name.unwrap_or_else(|| ANONYMOUS_REST.into());
                    scope.declare(name, Value::array(taken));
                }
                Param::Forward => {
                    let taken: Vec<Value> = positional.get(next..).map(<[Value]>::to_vec).unwrap_or_default();
                    next = count;
                    let list = if args.keywords {
                        let mut list = taken;
                        let keywords = list.pop();
                        scope.declare(ANONYMOUS_KEYWORDS.into(), keywords.unwrap_or(Value::Nil));
                        list
                    } else {
                        taken
                    };
                    scope.declare(ANONYMOUS_REST.into(), Value::array(list));
                    let block = args.block.clone().map_or(Value::Nil, Value::Proc);
                    scope.declare(ANONYMOUS_BLOCK.into(), block);
                }
                Param::Block(name) => {
                    let block = args.block.clone().map_or(Value::Nil, Value::Proc);
                    scope.declare(name.unwrap_or_else(|| ANONYMOUS_BLOCK.into()), block);
                }
                Param::Keyword(..) | Param::KeywordRest(_) | Param::NoKeywords => {}
            }
        }
        let _ = left_required;
        if shape.keywords || shape.keyword_rest {
            self.bind_keywords(scope, params, keywords, shape.keyword_rest)?;
        }
        Ok(Value::Nil)
    }

    fn bind_keywords(&mut self, scope: &Rc<Scope>, params: &Params, given: Option<Value>, open: bool) -> Eval<()> {
        let mut pairs: Vec<(Value, Value)> = match &given {
            Some(Value::Hash(hash)) => hash.pairs(),
            _ => Vec::new(),
        };
        let mut missing = Vec::new();
        for param in &params.list {
            let Param::Keyword(name, default) = param else { continue };
            if let Some(index) = pairs.iter().position(|(key, _)| matches!(key, Value::Symbol(symbol) if symbol == name)) {
                let (_, value) = pairs.remove(index);
                scope.declare(*name, value);
            } else if let Some(default) = default {
                scope.declare(*name, Value::Nil);
                let value = self.eval(scope, default)?;
                scope.declare(*name, value);
            } else {
                missing.push(format!(":{name}"));
            }
        }
        if !missing.is_empty() {
            let plural = if missing.len() == 1 { "" } else { "s" };
            return self.argument_error(format!("missing keyword{plural}: {}", missing.join(", ")));
        }
        for param in &params.list {
            if let Param::KeywordRest(name) = param {
                let hash = Value::hash(pairs.clone());
                scope.declare(name.unwrap_or_else(|| ANONYMOUS_KEYWORDS.into()), hash);
            }
        }
        if !open && !pairs.is_empty() {
            let mut names = Vec::new();
            for (key, _) in &pairs {
                names.push(self.inspect(key)?);
            }
            let plural = if names.len() == 1 { "" } else { "s" };
            return self.argument_error(format!("unknown keyword{plural}: {}", names.join(", ")));
        }
        Ok(())
    }

    /// Binds the parameters of a block: lenient, a single array argument is spread over several parameters.
    ///
    /// # Errors
    /// What a default value raises; `ArgumentError` for a lambda.
    pub fn bind_block(&mut self, scope: &Rc<Scope>, block: &Block, args: &Args, strict: bool) -> Eval<()> {
        let params = &block.params;
        for local in &params.locals {
            scope.declare(*local, Value::Nil);
        }
        if let ([Param::Required(name)], false) = (params.list.as_slice(), strict) {
            if !params.excess_comma {
                scope.declare(*name, args.value(0));
                return Ok(());
            }
        }
        if params.list.is_empty() && !strict {
            return Ok(());
        }
        if strict {
            self.bind_params(scope, params, args, true)?;
            return Ok(());
        }
        let shape = Shape::of(params);
        let several = shape.required + shape.optional > 1
            || (shape.required + shape.optional == 1 && (shape.rest || params.excess_comma || shape.keywords || shape.keyword_rest))
            || matches!(params.list.first(), Some(Param::Destructure(_))) && shape.required > 1;
        let positional = args.len() - usize::from(args.keywords && (shape.keywords || shape.keyword_rest));
        if several && positional == 1 {
            if let Some(items) = self.block_spread(&args.list[0])? {
                let mut list = items;
                list.extend(args.list[1..].iter().cloned());
                let spread = Args { list, keywords: args.keywords, block: args.block.clone() };
                self.bind_params(scope, params, &spread, false)?;
                return Ok(());
            }
        }
        self.bind_params(scope, params, args, false)?;
        Ok(())
    }

    fn block_spread(&mut self, value: &Value) -> Eval<Option<Vec<Value>>> {
        match value {
            Value::Array(array) => Ok(Some(array.items.borrow().clone())),
            // Every parameter of a block over an unknown is unknown.
            Value::Unknown(_) => Ok(Some(vec![value.clone(); 8])),
            Value::Object(_) if self.has_method(value, "to_ary".into(), true) => {
                let list = self.send(value, "to_ary", &[])?;
                Ok(list.items())
            }
            _ => Ok(None),
        }
    }
}
