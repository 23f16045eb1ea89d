//! Control flow: conditions, loops, `case`, `begin … rescue`, jumps, and bodies with clauses.

use std::rc::Rc;

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{Arg, Begin, Expr, InArm, P, Rescue, When};
use crate::read::ruby::concrete::FIELDS;

impl<'t> Lowering<'t> {
    pub(super) fn control(&mut self, node: Syntax<'t>, kind: &str) -> Expr {
        match kind {
            "if" | "elsif" | "unless" => {
                let condition = self.part(node, FIELDS.condition);
                let then = Self::field(node, FIELDS.consequence).and_then(|then| self.statements(then));
                let otherwise = Self::field(node, FIELDS.alternative).map(|otherwise| self.alternative(otherwise));
                choice(condition, then, otherwise, kind == "unless")
            }
            "if_modifier" | "unless_modifier" => {
                // As the text runs: a local that the body assigns is one in the condition.
                let then = self.part(node, FIELDS.body);
                let condition = self.part(node, FIELDS.condition);
                choice(condition, Some(then), None, kind == "unless_modifier")
            }
            "conditional" => {
                let condition = self.part(node, FIELDS.condition);
                let then = self.part(node, FIELDS.consequence);
                let otherwise = self.part(node, FIELDS.alternative);
                choice(condition, Some(then), Some(otherwise), false)
            }
            "while" | "until" => {
                let condition = self.part(node, FIELDS.condition);
                let body = self.do_body(node);
                Expr::While { condition, body, negated: kind == "until", do_while: false }
            }
            "while_modifier" | "until_modifier" => {
                let body = self.part(node, FIELDS.body);
                let do_while = Self::field(node, FIELDS.body).is_some_and(|body| body.kind() == "begin");
                let condition = self.part(node, FIELDS.condition);
                Expr::While { condition, body, negated: kind == "until_modifier", do_while }
            }
            "for" => self.for_in(node),
            "case" => self.case(node),
            "case_match" => self.case_match(node),
            "begin" => match self.body(node) {
                // `begin; x; end`: the braces around one expression say nothing more.
                Some(body) => body.expr.clone(),
                None => Expr::Nil,
            },
            "rescue_modifier" => {
                let body = self.part(node, FIELDS.body);
                let handler = self.part(node, FIELDS.handler);
                let rescue = Rescue { classes: Vec::new(), variable: None, body: Some(handler) };
                Expr::Begin(Rc::new(Begin { body: Some(body), rescues: vec![rescue], otherwise: None, ensure: None }))
            }
            "return" => Expr::Return(self.jump_value(node)),
            "break" => Expr::Break(self.jump_value(node)),
            "next" => Expr::Next(self.jump_value(node)),
            "redo" => Expr::Redo,
            "retry" => Expr::Retry,
            "begin_block" => Expr::Hook(self.statements(node)),
            // It runs when the program has ended: after everything that is evaluated here.
            "end_block" => Expr::Nil,
            _ => self.refuse(node, format!("cannot make sense of `{}` here", first_line(self.source(node)))),
        }
    }

    /// `else` and `elsif`.
    fn alternative(&mut self, node: Syntax<'t>) -> P {
        if node.kind() == "elsif" { self.expr(node) } else { self.else_body(node) }
    }

    /// What an `else` gives, which is nil when it is empty.
    fn else_body(&mut self, node: Syntax<'t>) -> P {
        match self.statements(node) {
            Some(body) => body,
            None => self.node(node, Expr::Nil),
        }
    }

    fn do_body(&mut self, node: Syntax<'t>) -> P {
        match Self::field(node, FIELDS.body).and_then(|body| self.statements(body)) {
            Some(body) => body,
            None => self.node(node, Expr::Nil),
        }
    }

    fn for_in(&mut self, node: Syntax<'t>) -> Expr {
        let targets = match Self::field(node, FIELDS.pattern) {
            Some(list) if list.kind() == "left_assignment_list" => self.targets(list),
            Some(one) => self.target(one).into_iter().collect(),
            None => Vec::new(),
        };
        let list = match Self::field(node, FIELDS.value) {
            Some(value) => self.only_child(value),
            None => self.node(node, Expr::Broken),
        };
        Expr::For { targets, list, body: self.do_body(node) }
    }

    fn case(&mut self, node: Syntax<'t>) -> Expr {
        let subject = Self::field(node, FIELDS.value).map(|value| self.expr(value));
        let mut whens = Vec::new();
        let mut otherwise = None;
        for child in self.named(node) {
            match child.kind() {
                "when" => whens.push(self.when(child)),
                "else" => otherwise = Some(self.else_body(child)),
                _ => {}
            }
        }
        Expr::Case { subject, whens, otherwise }
    }

    fn when(&mut self, node: Syntax<'t>) -> When {
        let mut values = Vec::new();
        let mut body = None;
        for child in self.named(node) {
            match child.kind() {
                "pattern" => values.push(self.only_child(child)),
                "then" => body = self.statements(child),
                _ => values.push(self.expr(child)),
            }
        }
        When { values, body }
    }

    fn case_match(&mut self, node: Syntax<'t>) -> Expr {
        let subject = self.part(node, FIELDS.value);
        let mut arms = Vec::new();
        let mut otherwise = None;
        for child in self.named(node) {
            match child.kind() {
                "in_clause" => {
                    let pattern = self.pattern_of(child);
                    let guard = Self::field(child, FIELDS.guard).map(|guard| self.guard(guard));
                    let body = Self::field(child, FIELDS.body).and_then(|body| self.statements(body));
                    arms.push(InArm { pattern, guard, body });
                }
                "else" => otherwise = Some(self.else_body(child)),
                _ => {}
            }
        }
        Expr::CaseIn { subject, arms, otherwise }
    }

    fn guard(&mut self, node: Syntax<'t>) -> P {
        let condition = self.part(node, FIELDS.condition);
        if node.kind() == "unless_guard" { self.node(node, Expr::Not(condition)) } else { condition }
    }

    /// The value of `return a, b`.
    fn jump_value(&mut self, node: Syntax<'t>) -> Option<P> {
        let mut args = self.optional_arguments(node);
        if args.is_empty() {
            return None;
        }
        if let [Arg::Value(_)] = args.as_slice()
            && let Some(Arg::Value(value)) = args.pop()
        {
            return Some(value);
        }
        let list = args.into_iter().map(|arg| match arg {
            Arg::Value(value) => value,
            Arg::Splat(value) => self.node(node, Expr::Splat(value)),
            Arg::Hash(pairs) => self.node(node, Expr::Hash(pairs)),
            Arg::Forward => self.node(node, Expr::Broken),
        });
        let mut list: Vec<P> = list.collect();
        match list.as_slice() {
            [only] if matches!(only.expr, Expr::Hash(_)) => list.pop(),
            _ => Some(self.node(node, Expr::Array(list))),
        }
    }

    /// A body that may have `rescue`, `else` and `ensure`; `None` when it is empty.
    pub(super) fn body(&mut self, node: Syntax<'t>) -> Option<P> {
        let mut statements = Vec::new();
        let mut begin = Begin { body: None, rescues: Vec::new(), otherwise: None, ensure: None };
        let mut has_clause = false;
        for child in self.named(node) {
            match child.kind() {
                "rescue" => begin.rescues.push(self.rescue(child)),
                "else" => begin.otherwise = Some(self.else_body(child)),
                "ensure" => begin.ensure = Some(self.else_body(child)),
                _ => {
                    statements.push(self.expr(child));
                    continue;
                }
            }
            has_clause = true;
        }
        let body = self.sequence(statements);
        if !has_clause {
            return body;
        }
        begin.body = body;
        Some(self.node(node, Expr::Begin(Rc::new(begin))))
    }

    fn rescue(&mut self, node: Syntax<'t>) -> Rescue {
        let classes = Self::field(node, FIELDS.exceptions).map(|list| self.named(list)).unwrap_or_default();
        let classes = classes.into_iter().map(|class| self.expr(class)).collect();
        let variable = Self::field(node, FIELDS.variable).and_then(|variable| self.named(variable).first().copied());
        let variable = variable.and_then(|variable| self.target(variable));
        let body = Self::field(node, FIELDS.body).and_then(|body| self.statements(body));
        Rescue { classes, variable, body }
    }
}

fn choice(condition: P, then: Option<P>, otherwise: Option<P>, negated: bool) -> Expr {
    if negated { Expr::If { condition, then: otherwise, otherwise: then } } else { Expr::If { condition, then, otherwise } }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("").chars().take(40).collect()
}
