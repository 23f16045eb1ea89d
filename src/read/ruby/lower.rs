//! The concrete tree to the tree that is evaluated: one function per kind of syntax, in the files below.
//!
//! In: text. Out: its [`P`] and the diagnostics. `a ? b : c` and `if a then b else c end` become the same [`Expr::If`].

mod assign;
mod call;
mod control;
mod definition;
mod literal;
mod misread;
mod number;
mod params;
mod pattern;
mod quoted;

use std::borrow::Cow;
use std::rc::Rc;

use tree_sitter::{Node as Syntax, Tree, TreeCursor};

use super::ast::{Call, ConstScope, Expr, Name, Node, P};
use super::concrete::{self, FIELDS};
use super::heredoc::{self, Heredocs};
use super::scope::Scopes;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// How deep expressions may nest: far beyond what people write, far below what the stack bears.
const MAX_DEPTH: u32 = 500;

/// How often heredocs inside heredocs inside heredocs are looked for.
const MAX_NESTED: usize = 4;

/// How often operators that were read as arguments are spelled otherwise: each round can bring new ones to light.
const MAX_ROUNDS: usize = 4;

/// Parses and lowers `text`, of which only the first `length` bytes are the file's (an ending newline may have been added).
pub(super) fn lower(file: FileId, text: &str, length: usize, locals: &[&str]) -> (P, Vec<Diagnostic>) {
    let given_up = || {
        let span = Span::new(file, 0, length);
        let diagnostic = Diagnostic::error("S003", "this file is too broken to be read as Ruby")
            .at(span)
            .help("check the file with `ruby -c`, or leave it out if it is no Ruby");
        (Rc::new(Node { span, expr: Expr::Broken }), vec![diagnostic])
    };
    let mut nested = Vec::new();
    let mut parsed = Cow::Borrowed(text);
    let mut round = 0;
    loop {
        let Some(mut tree) = concrete::parse(&parsed) else { return given_up() };
        if text.contains("<<") {
            for _ in 0..MAX_NESTED {
                let Some(hidden) = heredoc::hide_nested(&tree, &parsed, &mut nested) else { break };
                parsed = Cow::Owned(hidden);
                match concrete::parse(&parsed) {
                    Some(again) => tree = again,
                    None => return given_up(),
                }
            }
        }
        let (program, diagnostics, respell) = lower_tree(&tree, file, text, length, locals, nested.clone());
        round += 1;
        if respell.is_empty() || round > MAX_ROUNDS {
            return (program, diagnostics);
        }
        for place in respell {
            place.apply(parsed.to_mut());
        }
    }
}

fn lower_tree(
    tree: &Tree,
    file: FileId,
    text: &str,
    length: usize,
    locals: &[&str],
    nested: Vec<heredoc::Nested>,
) -> (P, Vec<Diagnostic>, Vec<misread::Respell>) {
    let root = tree.root_node();
    let diagnostics = if root.has_error() { concrete::faults(tree, text, file, length) } else { Vec::new() };
    let heredocs = if text.contains("<<") { Heredocs::pair(tree, text, nested) } else { Heredocs::default() };
    let mut lowering = Lowering {
        file,
        text,
        length,
        cursor: root.walk(),
        scopes: Scopes::new(locals.iter().map(|name| Name::from(*name))),
        heredocs,
        diagnostics,
        depth: 0,
        too_deep: false,
        respell: Vec::new(),
    };
    let program = lowering.expr(root);
    (program, lowering.diagnostics, lowering.respell)
}

/// The state of lowering one text.
struct Lowering<'t> {
    file: FileId,
    text: &'t str,
    length: usize,
    /// One cursor for all lists of children: making one costs an allocation.
    cursor: TreeCursor<'t>,
    scopes: Scopes,
    heredocs: Heredocs<'t>,
    diagnostics: Vec<Diagnostic>,
    depth: u32,
    too_deep: bool,
    /// Operators that were read as arguments.
    respell: Vec<misread::Respell>,
}

impl<'t> Lowering<'t> {
    fn span(&self, node: Syntax<'_>) -> Span {
        Span::new(self.file, node.start_byte().min(self.length), node.end_byte().min(self.length))
    }

    fn source(&self, node: Syntax<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    fn intern(&mut self, text: &str) -> Name {
        Name::new(text)
    }

    fn name(&mut self, node: Syntax<'_>) -> Name {
        let text = self.source(node);
        self.intern(text)
    }

    fn node(&self, node: Syntax<'_>, expr: Expr) -> P {
        Rc::new(Node { span: self.span(node), expr })
    }

    /// The children that mean something: no comments, no bodies of heredocs (they belong to where the heredoc begins).
    fn children(&mut self, node: Syntax<'t>) -> Vec<Syntax<'t>> {
        self.cursor.reset(node);
        let mut children = Vec::new();
        if self.cursor.goto_first_child() {
            loop {
                let child = self.cursor.node();
                if !child.is_extra() || child.is_error() {
                    children.push(child);
                }
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        children
    }

    /// The named ones of [`Self::children`].
    fn named(&mut self, node: Syntax<'t>) -> Vec<Syntax<'t>> {
        let mut children = self.children(node);
        children.retain(|child| child.is_named() && child.kind() != "empty_statement");
        children
    }

    fn field(node: Syntax<'t>, field: u16) -> Option<Syntax<'t>> {
        node.child_by_field_id(field)
    }

    /// Something the grammar lets through and Ruby does not.
    fn refuse(&mut self, node: Syntax<'_>, message: String) -> Expr {
        let help = "correct the syntax near this place; `ruby -c` shows what Ruby itself says about the file";
        self.diagnostics.push(Diagnostic::error("S001", message).at(self.span(node)).help(help));
        Expr::Broken
    }

    /// The expression in field `field`; [`Expr::Broken`] where it is missing.
    fn part(&mut self, node: Syntax<'t>, field: u16) -> P {
        match Self::field(node, field) {
            Some(part) => self.expr(part),
            None => self.node(node, Expr::Broken),
        }
    }

    fn expr(&mut self, node: Syntax<'t>) -> P {
        if self.depth >= MAX_DEPTH {
            return self.node_too_deep(node);
        }
        self.depth += 1;
        let made = self.expr_within(node);
        self.depth -= 1;
        made
    }

    fn node_too_deep(&mut self, node: Syntax<'_>) -> P {
        if !self.too_deep {
            self.too_deep = true;
            let message = format!("this code nests deeper than {MAX_DEPTH} levels and is not read");
            self.diagnostics.push(Diagnostic::error("S002", message).at(self.span(node)).help("split the expression into several"));
        }
        self.node(node, Expr::Broken)
    }

    fn expr_within(&mut self, node: Syntax<'t>) -> P {
        if node.is_missing() || node.is_error() {
            self.note_division(node);
            return self.node(node, Expr::Broken);
        }
        let kind = node.kind();
        if node.has_error() && self.is_broken_itself(node, kind) {
            self.note_division(node);
            return match kind {
                "class" | "module" | "singleton_class" | "method" | "singleton_method" | "if" | "unless" | "while" | "until" | "for"
                | "case" | "case_match" => {
                    let broken = self.node(node, Expr::Broken);
                    let rest = self.dispatch(node, kind);
                    self.node(node, Expr::Sequence(vec![broken, rest]))
                }
                _ => self.node(node, Expr::Broken),
            };
        }
        self.dispatch(node, kind)
    }

    /// Whether one of the node's own parts is broken (lists keep their other elements).
    fn is_broken_itself(&mut self, node: Syntax<'t>, kind: &str) -> bool {
        !matches!(kind, "program" | "parenthesized_statements" | "begin" | "array" | "argument_list")
            && self.children(node).iter().any(|child| child.is_error() || child.is_missing())
    }

    fn dispatch(&mut self, node: Syntax<'t>, kind: &str) -> P {
        let expr = match kind {
            "identifier" => return self.identifier(node),
            "call" => return self.call(node),
            "program" => return self.program(node),
            "parenthesized_statements" => return self.parenthesized(node),
            "string" | "chained_string" | "character" | "heredoc_beginning" | "subshell" | "simple_symbol" | "delimited_symbol"
            | "hash_key_symbol" | "regex" | "string_array" | "symbol_array" | "bare_string" | "bare_symbol" => self.quoted(node, kind),
            "integer" | "float" | "rational" | "complex" => self.number(node, false),
            "array" | "hash" | "range" | "lambda" => self.literal(node, kind),
            "constant" => Expr::Const { scope: ConstScope::Lexical, name: self.name(node) },
            "scope_resolution" => {
                let (scope, name) = self.scope_resolution(node);
                Expr::Const { scope, name }
            }
            "instance_variable" => Expr::Instance(self.name(node)),
            "class_variable" => Expr::ClassVariable(self.name(node)),
            "global_variable" => Expr::Global(self.name(node)),
            "nil" => Expr::Nil,
            "true" => Expr::True,
            "false" => Expr::False,
            "self" => Expr::SelfRef,
            "file" => Expr::File,
            "line" => Expr::Line,
            "encoding" => Expr::Encoding,
            "super" => Expr::Super { args: None, block: None },
            "yield" => Expr::Yield(self.optional_arguments(node)),
            "element_reference" => return self.element_reference(node),
            "binary" | "unary" => self.operator(node, kind),
            "splat_argument" => Expr::Splat(self.only_child(node)),
            "assignment" | "operator_assignment" => self.assignment(node, kind),
            "method" | "singleton_method" | "class" | "module" | "singleton_class" | "alias" | "undef" => self.definition(node, kind),
            "match_pattern" | "test_pattern" => {
                let value = self.part(node, FIELDS.value);
                Expr::Match { value, pattern: self.pattern_of(node), test: kind == "test_pattern" }
            }
            _ => self.control(node, kind),
        };
        self.node(node, expr)
    }

    /// A bare word: a local, or a call without arguments.
    fn identifier(&mut self, node: Syntax<'t>) -> P {
        let text = self.source(node);
        if text.starts_with("<<") {
            let expr = self.quoted(node, "heredoc_beginning");
            return self.node(node, expr);
        }
        // As an argument the grammar takes these words for plain names.
        let expr = match text {
            "__FILE__" => Expr::File,
            "__LINE__" => Expr::Line,
            "__ENCODING__" => Expr::Encoding,
            text => self.local_or_call(text, node),
        };
        self.node(node, expr)
    }

    fn local_or_call(&mut self, text: &str, node: Syntax<'t>) -> Expr {
        if is_reserved(text) {
            return self.refuse(node, format!("`{text}` is not expected here"));
        }
        let name = self.intern(text);
        if self.scopes.is_local(text) {
            return Expr::Local(name);
        }
        let bare = !text.ends_with(['?', '!']);
        let name_span = self.span(node);
        Expr::Call(Rc::new(Call { receiver: None, safe: false, name, name_span, args: Vec::new(), block: None, bare }))
    }

    fn only_child(&mut self, node: Syntax<'t>) -> P {
        match self.named(node).first() {
            Some(child) => self.expr(*child),
            None => {
                let expr = self.refuse(node, format!("`{}` has nothing after it", self.source(node)));
                self.node(node, expr)
            }
        }
    }

    fn scope_resolution(&mut self, node: Syntax<'t>) -> (ConstScope, Name) {
        let scope = match Self::field(node, FIELDS.scope) {
            Some(scope) => ConstScope::In(self.expr(scope)),
            None => ConstScope::Top,
        };
        let name = match Self::field(node, FIELDS.name) {
            Some(name) => self.name(name),
            None => self.intern(""),
        };
        (scope, name)
    }

    fn program(&mut self, node: Syntax<'t>) -> P {
        let statements = self.named(node);
        let statements: Vec<P> =
            statements.into_iter().filter(|child| child.kind() != "uninterpreted").map(|child| self.expr(child)).collect();
        let whole = Span::new(self.file, 0, self.length);
        Rc::new(Node { span: whole, expr: Expr::Sequence(statements) })
    }

    fn parenthesized(&mut self, node: Syntax<'t>) -> P {
        match self.statements(node) {
            Some(inside) => inside,
            None => self.node(node, Expr::Nil),
        }
    }

    /// The statements directly in `node`; `None` when there is none.
    fn statements(&mut self, node: Syntax<'t>) -> Option<P> {
        let statements: Vec<P> = self.named(node).into_iter().map(|child| self.expr(child)).collect();
        self.sequence(statements)
    }

    fn sequence(&self, mut statements: Vec<P>) -> Option<P> {
        if statements.len() < 2 {
            return statements.pop();
        }
        let start = statements.first().map_or(0, |first| first.span.start);
        let end = statements.last().map_or(0, |last| last.span.end);
        let span = Span { file: self.file, start, end };
        Some(Rc::new(Node { span, expr: Expr::Sequence(statements) }))
    }
}

/// Words that name no method or local where a value stands. The grammar takes a stray `end` for a name.
fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "alias"
            | "and"
            | "begin"
            | "break"
            | "case"
            | "class"
            | "def"
            | "do"
            | "else"
            | "elsif"
            | "end"
            | "ensure"
            | "for"
            | "if"
            | "in"
            | "module"
            | "next"
            | "not"
            | "or"
            | "redo"
            | "rescue"
            | "retry"
            | "return"
            | "then"
            | "undef"
            | "unless"
            | "until"
            | "when"
            | "while"
            | "yield"
    )
}
