//! Arrays, hashes, ranges and lambdas: `[1, *more, a: 2]`, `{ a: 1, **more }`, `1..`, `->(x) { x }`.

use std::rc::Rc;

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{Block, ConstScope, Expr, P, Pair};
use crate::read::ruby::concrete::FIELDS;

impl<'t> Lowering<'t> {
    pub(super) fn literal(&mut self, node: Syntax<'t>, kind: &str) -> Expr {
        match kind {
            "array" => {
                let elements = self.named(node);
                Expr::Array(self.elements(&elements))
            }
            "hash" => {
                let pairs = self.named(node);
                Expr::Hash(pairs.into_iter().map(|pair| self.pair(pair)).collect())
            }
            "range" => {
                let low = Self::field(node, FIELDS.begin).map(|low| self.expr(low));
                let high = Self::field(node, FIELDS.end).map(|high| self.expr(high));
                let exclusive = Self::field(node, FIELDS.operator).is_some_and(|operator| operator.kind() == "...");
                Expr::Range { low, high, exclusive }
            }
            _ => self.lambda(node),
        }
    }

    /// Values in a row; pairs become one hash at the end.
    pub(super) fn elements(&mut self, nodes: &[Syntax<'t>]) -> Vec<P> {
        let mut elements = Vec::with_capacity(nodes.len());
        let mut pairs = Vec::new();
        let mut braceless: Option<Syntax<'t>> = None;
        for node in nodes {
            if matches!(node.kind(), "pair" | "hash_splat_argument") {
                braceless.get_or_insert(*node);
                pairs.push(self.pair(*node));
            } else {
                elements.push(self.expr(*node));
            }
        }
        if let Some(first) = braceless {
            elements.push(self.node(first, Expr::Hash(pairs)));
        }
        elements
    }

    /// `k => v`, `k: v`, `k:`, `**h`
    pub(super) fn pair(&mut self, node: Syntax<'t>) -> Pair {
        if node.kind() == "hash_splat_argument" {
            return Pair::Splat(self.only_child(node));
        }
        let Some(key) = Self::field(node, FIELDS.key) else {
            return Pair::Entry(self.node(node, Expr::Broken), self.node(node, Expr::Broken));
        };
        let arrow = self.children(node).iter().any(|child| child.kind() == "=>");
        let name = if arrow { self.expr(key) } else { self.key_symbol(key) };
        let value = match Self::field(node, FIELDS.value) {
            Some(value) => self.expr(value),
            None => self.shorthand(key),
        };
        Pair::Entry(name, value)
    }

    /// The value of `k:` alone.
    fn shorthand(&mut self, key: Syntax<'t>) -> P {
        let text = self.source(key);
        let expr = if text.starts_with(char::is_uppercase) {
            Expr::Const { scope: ConstScope::Lexical, name: self.intern(text) }
        } else {
            self.local_or_call(text, key)
        };
        self.node(key, expr)
    }

    fn lambda(&mut self, node: Syntax<'t>) -> Expr {
        let parameters = Self::field(node, FIELDS.parameters);
        let body = Self::field(node, FIELDS.body);
        self.scopes.enter_block(parameters.is_none());
        let mut params = parameters.map(|parameters| self.params(parameters)).unwrap_or_default();
        let body = body.and_then(|block| Self::field(block, FIELDS.body)).and_then(|body| self.body(body));
        let numbered = self.scopes.leave();
        if numbered > 0 {
            params = self.numbered_params(numbered);
        }
        Expr::Lambda(Rc::new(Block { span: self.span(node), params, numbered: numbered > 0, body }))
    }
}
