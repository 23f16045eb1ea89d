//! Calls, their arguments and blocks, and the operators, which are calls too: `a.b(1, c: 2) { }`, `a[1]`, `a + b`, `!a`.

use std::rc::Rc;

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{Arg, Block, BlockArg, Call, Expr, P};
use crate::read::ruby::concrete::FIELDS;
use crate::source::Span;

impl<'t> Lowering<'t> {
    pub(super) fn call(&mut self, node: Syntax<'t>) -> P {
        let method = Self::field(node, FIELDS.method);
        let arguments = Self::field(node, FIELDS.arguments);
        let block = Self::field(node, FIELDS.block);
        let receiver = Self::field(node, FIELDS.receiver);
        if let (Some(method), Some(arguments)) = (method, arguments) {
            self.note_misread(method, arguments, receiver.is_some());
        }
        let receiver = receiver.map(|receiver| self.expr(receiver));
        let operator = Self::field(node, FIELDS.operator);
        let safe = operator.is_some_and(|operator| operator.kind() == "&.");
        let written = arguments.is_some();
        let (args, passed) = arguments.map(|arguments| self.arguments(arguments)).unwrap_or_default();
        let block = block.map(|block| self.block(block)).or(passed);
        let expr = match method {
            Some(method) => match method.kind() {
                "super" if receiver.is_none() => Expr::Super { args: written.then_some(args), block },
                "identifier" if receiver.is_none() && super::is_reserved(self.source(method)) => {
                    self.refuse(method, format!("`{}` is not expected here", self.source(method)))
                }
                "identifier" | "constant" | "operator" => {
                    let (name, name_span) = (self.name(method), self.span(method));
                    Expr::Call(Rc::new(Call { receiver, safe, name, name_span, args, block, bare: false }))
                }
                _ => self.refuse(method, format!("`{}` cannot be called", self.source(method))),
            },
            None => {
                let name_span = self.span(operator.unwrap_or(node));
                Expr::Call(Rc::new(Call { receiver, safe, name: self.intern("call"), name_span, args, block, bare: false }))
            }
        };
        self.node(node, expr)
    }

    /// The arguments of `yield`, `return` and the like, which may be none.
    pub(super) fn optional_arguments(&mut self, node: Syntax<'t>) -> Vec<Arg> {
        let list = self.named(node).into_iter().find(|child| child.kind() == "argument_list");
        list.map(|list| self.arguments(list).0).unwrap_or_default()
    }

    fn arguments(&mut self, list: Syntax<'t>) -> (Vec<Arg>, Option<BlockArg>) {
        let nodes = self.named(list);
        self.argument_nodes(&nodes)
    }

    fn argument_nodes(&mut self, nodes: &[Syntax<'t>]) -> (Vec<Arg>, Option<BlockArg>) {
        let mut args = Vec::with_capacity(nodes.len());
        let mut pairs = Vec::new();
        let mut block = None;
        for node in nodes {
            match node.kind() {
                "pair" | "hash_splat_argument" => pairs.push(self.pair(*node)),
                "splat_argument" => args.push(Arg::Splat(self.only_child(*node))),
                "forward_argument" => args.push(Arg::Forward),
                "block_argument" => {
                    block = Some(match self.named(*node).first() {
                        Some(passed) => BlockArg::Pass(self.expr(*passed)),
                        None => BlockArg::Forward,
                    });
                }
                _ => args.push(Arg::Value(self.expr(*node))),
            }
        }
        if !pairs.is_empty() {
            args.push(Arg::Hash(pairs));
        }
        (args, block)
    }

    fn block(&mut self, node: Syntax<'t>) -> BlockArg {
        let parameters = Self::field(node, FIELDS.parameters);
        self.scopes.enter_block(parameters.is_none());
        let mut params = parameters.map(|parameters| self.params(parameters)).unwrap_or_default();
        let mut body = Self::field(node, FIELDS.body).and_then(|body| self.body(body));
        let numbered = self.scopes.leave();
        if numbered > 0 {
            params = self.numbered_params(numbered);
        }
        if node.has_error() && self.children(node).iter().any(|child| child.is_error() || child.is_missing()) {
            let broken = self.node(node, Expr::Broken);
            body = self.sequence(std::iter::once(broken).chain(body).collect());
        }
        BlockArg::Block(Rc::new(Block { span: self.span(node), params, numbered: numbered > 0, body }))
    }

    /// The object of `x[…]` and what stands in the brackets.
    pub(super) fn index(&mut self, node: Syntax<'t>) -> (P, Vec<Arg>, Option<BlockArg>, Span) {
        let receiver = self.part(node, FIELDS.object);
        let object = Self::field(node, FIELDS.object);
        let block = Self::field(node, FIELDS.block);
        let mut nodes = self.named(node);
        nodes.retain(|child| object.is_none_or(|object| object.id() != child.id()) && block.is_none_or(|block| block.id() != child.id()));
        let (args, passed) = self.argument_nodes(&nodes);
        let block = block.map(|block| self.block(block)).or(passed);
        let span = self.span(node);
        let brackets = Span { start: receiver.span.end.min(span.end), ..span };
        (receiver, args, block, brackets)
    }

    pub(super) fn element_reference(&mut self, node: Syntax<'t>) -> P {
        let (receiver, args, block, name_span) = self.index(node);
        let name = self.intern("[]");
        let call = Call { receiver: Some(receiver), safe: false, name, name_span, args, block, bare: false };
        self.node(node, Expr::Call(Rc::new(call)))
    }

    pub(super) fn operator(&mut self, node: Syntax<'t>, kind: &str) -> Expr {
        let Some(operator) = Self::field(node, FIELDS.operator) else { return Expr::Broken };
        if kind == "unary" {
            return self.unary(node, operator);
        }
        let left = self.part(node, FIELDS.left);
        let right = self.part(node, FIELDS.right);
        match operator.kind() {
            "and" | "&&" => Expr::And(left, right),
            "or" | "||" => Expr::Or(left, right),
            name => {
                let name_span = self.span(operator);
                // The text may have been spelled otherwise to be read, see `misread`.
                let name = if matches!(name, ">>" | "^") { self.source(operator) } else { name };
                self.binary_call(left, name, name_span, right)
            }
        }
    }

    fn binary_call(&mut self, left: P, name: &str, name_span: Span, right: P) -> Expr {
        let args = vec![Arg::Value(right)];
        Expr::Call(Rc::new(Call { receiver: Some(left), safe: false, name: self.intern(name), name_span, args, block: None, bare: false }))
    }

    fn unary(&mut self, node: Syntax<'t>, operator: Syntax<'t>) -> Expr {
        let Some(operand) = Self::field(node, FIELDS.operand) else { return Expr::Broken };
        let touches = operator.end_byte() == operand.start_byte();
        let sign = operator.kind();
        if matches!(operand.kind(), "integer" | "float" | "rational" | "complex") && matches!(sign, "-" | "+") && touches {
            return self.number(operand, sign == "-");
        }
        let value = self.expr(operand);
        let name = match sign {
            "!" | "not" => return Expr::Not(value),
            "defined?" => return Expr::Defined(value),
            "-" => "-@",
            "+" => "+@",
            other => other,
        };
        let (name, name_span) = (self.intern(name), self.span(operator));
        Expr::Call(Rc::new(Call { receiver: Some(value), safe: false, name, name_span, args: Vec::new(), block: None, bare: false }))
    }
}
