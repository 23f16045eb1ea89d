//! Patterns of `case … in`, `=>` and `in`: `{ name: String => n, **rest }`, `[first, *]`, `Integer | nil`, `^pinned`.

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{Expr, Name, P, Pattern};
use crate::read::ruby::concrete::FIELDS;

impl<'t> Lowering<'t> {
    /// The pattern of an `in` clause or of a one-line match.
    pub(super) fn pattern_of(&mut self, node: Syntax<'t>) -> Pattern {
        match Self::field(node, FIELDS.pattern) {
            Some(pattern) => self.pattern(pattern),
            None => Pattern::Value(self.node(node, Expr::Broken)),
        }
    }

    fn pattern(&mut self, node: Syntax<'t>) -> Pattern {
        if self.depth >= super::MAX_DEPTH {
            return Pattern::Value(self.node_too_deep(node));
        }
        self.depth += 1;
        let pattern = self.pattern_within(node);
        self.depth -= 1;
        pattern
    }

    fn pattern_within(&mut self, node: Syntax<'t>) -> Pattern {
        if node.has_error() && self.is_broken_itself(node, node.kind()) {
            return Pattern::Value(self.node(node, Expr::Broken));
        }
        match node.kind() {
            "identifier" if !node.is_missing() && !self.source(node).starts_with("<<") => Pattern::Bind(self.declared(node)),
            "alternative_pattern" => {
                let alternatives = self.named(node);
                Pattern::Or(alternatives.into_iter().map(|one| self.pattern(one)).collect())
            }
            "as_pattern" => {
                let pattern = Self::field(node, FIELDS.value).map(|value| self.pattern(value));
                let name = Self::field(node, FIELDS.name).map(|name| self.declared(name));
                match (pattern, name) {
                    (Some(pattern), Some(name)) => Pattern::As(Box::new(pattern), name),
                    _ => Pattern::Value(self.node(node, Expr::Broken)),
                }
            }
            "parenthesized_pattern" => match self.named(node).first() {
                Some(inside) => self.pattern(*inside),
                None => Pattern::Value(self.node(node, Expr::Broken)),
            },
            "array_pattern" => self.array_pattern(node),
            "find_pattern" => self.find_pattern(node),
            "hash_pattern" => self.hash_pattern(node),
            "variable_reference_pattern" => Pattern::Value(self.part(node, FIELDS.name)),
            "expression_reference_pattern" => Pattern::Value(self.part(node, FIELDS.value)),
            _ => Pattern::Value(self.expr(node)),
        }
    }

    /// The class before the brackets, and what stands in them.
    fn constant_and_parts(&mut self, node: Syntax<'t>) -> (Option<P>, Vec<Syntax<'t>>) {
        let class = Self::field(node, FIELDS.class);
        let mut parts = self.named(node);
        parts.retain(|part| class.is_none_or(|class| class.id() != part.id()));
        (class.map(|class| self.expr(class)), parts)
    }

    /// The name in `*name` and `**name`; a lone comma at the end stands for `*`.
    fn rest_name(&mut self, node: Syntax<'t>) -> Option<Name> {
        Self::field(node, FIELDS.name).map(|name| self.declared(name))
    }

    fn array_pattern(&mut self, node: Syntax<'t>) -> Pattern {
        let (constant, parts) = self.constant_and_parts(node);
        let (mut before, mut rest, mut after) = (Vec::new(), None, Vec::new());
        for part in parts {
            if part.kind() == "splat_parameter" {
                rest = Some(self.rest_name(part));
            } else if rest.is_none() {
                before.push(self.pattern(part));
            } else {
                after.push(self.pattern(part));
            }
        }
        Pattern::Array { constant, before, rest, after }
    }

    fn find_pattern(&mut self, node: Syntax<'t>) -> Pattern {
        let (constant, parts) = self.constant_and_parts(node);
        let (mut head, mut middle, mut tail) = (None, Vec::new(), None);
        for part in parts {
            if part.kind() != "splat_parameter" {
                middle.push(self.pattern(part));
            } else if middle.is_empty() {
                head = self.rest_name(part);
            } else {
                tail = self.rest_name(part);
            }
        }
        Pattern::Find { constant, head, middle, tail }
    }

    fn hash_pattern(&mut self, node: Syntax<'t>) -> Pattern {
        let (constant, parts) = self.constant_and_parts(node);
        // `{}` matches the empty hash alone.
        let mut exact = parts.is_empty() && constant.is_none();
        let (mut pairs, mut rest) = (Vec::new(), None);
        for part in parts {
            match part.kind() {
                "hash_splat_nil" => exact = true,
                "hash_splat_parameter" => rest = self.rest_name(part),
                _ => pairs.extend(self.keyword_pattern(part)),
            }
        }
        Pattern::Hash { constant, pairs, rest, exact }
    }

    fn keyword_pattern(&mut self, node: Syntax<'t>) -> Option<(Name, Option<Pattern>)> {
        let key = Self::field(node, FIELDS.key)?;
        let name = match &self.key_symbol(key).expr {
            Expr::Symbol(name) => self.intern(name),
            _ => {
                self.refuse(key, format!("`{}` is not a fixed key", self.source(key)));
                return None;
            }
        };
        let value = Self::field(node, FIELDS.value).map(|value| self.pattern(value));
        if value.is_none() {
            self.scopes.declare(name);
        }
        Some((name, value))
    }
}
