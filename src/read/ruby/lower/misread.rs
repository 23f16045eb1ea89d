//! What a parser without knowledge of locals reads otherwise than Ruby: after a local, `x -1` subtracts, `x *y` multiplies,
//! `x &y` is the bit operation and `x [1]` indexes, where after a method's name they would be arguments.

use std::rc::Rc;

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{Arg, Call, Expr, P};
use crate::read::ruby::concrete::FIELDS;

impl<'t> Lowering<'t> {
    /// The meaning of `method arguments` when `method` is a local and the arguments are an operator's right side.
    pub(super) fn misread(&mut self, method: Syntax<'t>, arguments: Syntax<'t>) -> Option<P> {
        let apart = method.end_byte() < arguments.start_byte();
        if !apart || method.kind() != "identifier" || !self.scopes.is_local(self.source(method)) {
            return None;
        }
        let named = self.named(arguments);
        let [argument] = named.as_slice() else { return None };
        // From the whole argument down to what stands leftmost in it.
        let top = match argument.kind() {
            "splat_argument" | "block_argument" => *self.named(*argument).first()?,
            _ => *argument,
        };
        let mut path = vec![top];
        while let Some(left) = path.last().and_then(|node| leftmost(*node)) {
            path.push(left);
        }
        let leaf = *path.last()?;
        let local = Rc::new(crate::read::ruby::ast::Node { span: self.span(method), expr: Expr::Local(self.name(method)) });
        let replaced = self.replaced.len();
        let (at, read) = match (argument.kind(), leaf.kind()) {
            ("splat_argument", _) => self.applied(local, "*", *argument, &path)?,
            ("block_argument", _) => self.applied(local, "&", *argument, &path)?,
            (_, "unary") => {
                let operator = Self::field(leaf, FIELDS.operator)?;
                let operand = Self::field(leaf, FIELDS.operand)?;
                let sign = operator.kind();
                if !matches!(sign, "-" | "+") || operator.end_byte() != operand.start_byte() {
                    return None;
                }
                let value = self.expr(operand);
                self.replaced.push((leaf.id(), value));
                self.applied(local, sign, operator, &path)?
            }
            (_, "array") => {
                let elements = self.named(leaf);
                let (args, _) = self.argument_nodes(&elements);
                let (name, name_span) = (self.intern("[]"), self.span(leaf));
                let call = Call { receiver: Some(local), safe: false, name, name_span, args, block: None, bare: false };
                (path.len() - 1, self.between(method, leaf, Expr::Call(Rc::new(call))))
            }
            _ => return None,
        };
        let whole = if at == 0 {
            read
        } else {
            self.replaced.push((path[at].id(), read));
            self.expr(top)
        };
        self.replaced.truncate(replaced);
        Some(whole)
    }

    /// `local operator …`: how much of `path`, from its leaf up, binds tighter than the operator is its right side.
    fn applied(&mut self, local: P, operator: &str, sign: Syntax<'t>, path: &[Syntax<'t>]) -> Option<(usize, P)> {
        let mut at = path.len() - 1;
        while at > 0 && binds(path[at - 1]) > precedence(operator) {
            at -= 1;
        }
        let right = self.expr(path[at]);
        let start = local.span.start;
        let end = right.span.end;
        let mut name_span = self.span(sign);
        name_span.end = name_span.start + 1;
        let span = crate::source::Span { start, end, ..name_span };
        let args = vec![Arg::Value(right)];
        let call = Call { receiver: Some(local), safe: false, name: self.intern(operator), name_span, args, block: None, bare: false };
        Some((at, Rc::new(crate::read::ruby::ast::Node { span, expr: Expr::Call(Rc::new(call)) })))
    }

    fn between(&self, first: Syntax<'_>, last: Syntax<'_>, expr: Expr) -> P {
        let span = crate::source::Span { end: self.span(last).end, ..self.span(first) };
        Rc::new(crate::read::ruby::ast::Node { span, expr })
    }
}

fn leftmost(node: Syntax<'_>) -> Option<Syntax<'_>> {
    let field = match node.kind() {
        "binary" => FIELDS.left,
        "conditional" => FIELDS.condition,
        "range" => FIELDS.begin,
        "call" => FIELDS.receiver,
        "element_reference" => FIELDS.object,
        _ => return None,
    };
    node.child_by_field_id(field)
}

/// How tight the outermost operator of `node` binds.
fn binds(node: Syntax<'_>) -> u8 {
    match node.kind() {
        "binary" => node.child_by_field_id(FIELDS.operator).map_or(0, |operator| precedence(operator.kind())),
        "conditional" => 1,
        "range" => 2,
        _ => u8::MAX,
    }
}

fn precedence(operator: &str) -> u8 {
    match operator {
        "and" | "or" => 0,
        "||" => 3,
        "&&" => 4,
        "==" | "!=" | "===" | "<=>" | "=~" | "!~" => 5,
        "<" | "<=" | ">" | ">=" => 6,
        "|" | "^" => 7,
        "&" => 8,
        "<<" | ">>" => 9,
        "+" | "-" => 10,
        "*" | "/" | "%" => 11,
        _ => 12,
    }
}
