//! Assignments and what stands on their left: `a = 1`, `a, (b, *c) = list`, `x[i] ||= 1`, `A::B = 1`.

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{ConstScope, Expr, P, Target};
use crate::read::ruby::concrete::FIELDS;

impl<'t> Lowering<'t> {
    pub(super) fn assignment(&mut self, node: Syntax<'t>, kind: &str) -> Expr {
        let (Some(left), Some(right)) = (Self::field(node, FIELDS.left), Self::field(node, FIELDS.right)) else {
            return Expr::Broken;
        };
        if left.kind() == "left_assignment_list" {
            let mut targets = self.targets(left);
            let value = self.values(right);
            // `(a, b) = 1, 2` is `a, b = 1, 2`.
            if let [Target::Nested(inner)] = targets.as_mut_slice()
                && !self.source(left).trim_end().ends_with(',')
            {
                targets = std::mem::take(inner);
            }
            return Expr::MultiAssign { targets, value };
        }
        // The name is a local from here on, its own right side included.
        let Some(target) = self.target(left) else { return Expr::Broken };
        if kind == "operator_assignment" {
            let operator = Self::field(node, FIELDS.operator).map_or("", |operator| self.source(operator));
            let operator = self.intern(operator.strip_suffix('=').unwrap_or(operator));
            return Expr::OperatorAssign { target, operator, value: self.expr(right) };
        }
        Expr::Assign { target, value: self.values(right) }
    }

    /// The right side: several values are an array.
    fn values(&mut self, right: Syntax<'t>) -> P {
        match right.kind() {
            "right_assignment_list" => {
                let nodes = self.named(right);
                let elements = self.elements(&nodes);
                self.node(right, Expr::Array(elements))
            }
            "splat_argument" => {
                let element = self.expr(right);
                self.node(right, Expr::Array(vec![element]))
            }
            _ => self.expr(right),
        }
    }

    /// The targets of `a, (b, *c)`; what cannot be assigned to is reported and left out.
    pub(super) fn targets(&mut self, list: Syntax<'t>) -> Vec<Target> {
        self.named(list).into_iter().filter_map(|node| self.target(node)).collect()
    }

    /// One target; it makes a local of a bare name. `None` (and a diagnostic) when nothing can be assigned to it.
    pub(super) fn target(&mut self, node: Syntax<'t>) -> Option<Target> {
        if self.depth >= super::MAX_DEPTH {
            self.node_too_deep(node);
            return None;
        }
        self.depth += 1;
        let target = self.target_within(node);
        self.depth -= 1;
        target
    }

    fn target_within(&mut self, node: Syntax<'t>) -> Option<Target> {
        Some(match node.kind() {
            _ if node.is_missing() || node.is_error() => return None,
            "identifier" if !super::is_reserved(self.source(node)) => {
                let name = self.name(node);
                self.scopes.declare(name);
                Target::Local(name)
            }
            "instance_variable" => Target::Instance(self.name(node)),
            "class_variable" => Target::ClassVariable(self.name(node)),
            "global_variable" => Target::Global(self.name(node)),
            "constant" => Target::Const { scope: ConstScope::Lexical, name: self.name(node) },
            "scope_resolution" => {
                let (scope, name) = self.scope_resolution(node);
                Target::Const { scope, name }
            }
            "call" => {
                let receiver = self.part(node, FIELDS.receiver);
                let method = Self::field(node, FIELDS.method)?;
                let safe = Self::field(node, FIELDS.operator).is_some_and(|operator| operator.kind() == "&.");
                Target::Attribute { receiver, name: self.name(method), safe, span: self.span(node) }
            }
            "element_reference" => {
                let (receiver, args, _, _) = self.index(node);
                Target::Index { receiver, args, span: self.span(node) }
            }
            "rest_assignment" | "splat_parameter" => {
                let inner = self.named(node).first().copied();
                Target::Splat(inner.and_then(|inner| self.target(inner)).map(Box::new))
            }
            "destructured_left_assignment" | "destructured_parameter" | "left_assignment_list" => Target::Nested(self.targets(node)),
            _ => {
                self.refuse(node, format!("nothing can be assigned to `{}`", self.source(node)));
                return None;
            }
        })
    }
}
