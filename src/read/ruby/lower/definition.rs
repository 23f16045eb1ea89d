//! Methods, classes and modules: `def a(b) = c`, `def self.a`, `class A < B`, `class << self`, `alias`, `undef`.

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{ConstScope, Expr, Name, P};
use crate::read::ruby::concrete::FIELDS;
use std::rc::Rc;

impl<'t> Lowering<'t> {
    pub(super) fn definition(&mut self, node: Syntax<'t>, kind: &str) -> Expr {
        match kind {
            "method" | "singleton_method" => self.method(node),
            "class" | "module" => self.class(node, kind),
            "singleton_class" => {
                let object = self.part(node, FIELDS.value);
                Expr::SingletonClass { object, body: self.closed_body(node) }
            }
            "alias" => {
                let new = Self::field(node, FIELDS.name).map(|name| self.method_name(name));
                let old = Self::field(node, FIELDS.alias).map(|name| self.method_name(name));
                match (new, old) {
                    (Some(new), Some(old)) => Expr::Alias { new, old },
                    _ => Expr::Broken,
                }
            }
            _ => {
                let names = self.named(node);
                Expr::Undef(names.into_iter().map(|name| self.method_name(name)).collect())
            }
        }
    }

    fn method(&mut self, node: Syntax<'t>) -> Expr {
        let singleton = Self::field(node, FIELDS.object).map(|object| self.expr(object));
        let Some(name) = Self::field(node, FIELDS.name) else { return Expr::Broken };
        let name = self.method_name(name);
        self.scopes.enter_closed();
        let parameters = Self::field(node, FIELDS.parameters);
        let params = Rc::new(parameters.map(|parameters| self.params(parameters)).unwrap_or_default());
        let body = Self::field(node, FIELDS.body).and_then(|body| match body.kind() {
            "body_statement" => self.body(body),
            _ => Some(self.expr(body)),
        });
        self.scopes.leave();
        Expr::Def { singleton, name, params, body }
    }

    fn class(&mut self, node: Syntax<'t>, kind: &str) -> Expr {
        let Some(written) = Self::field(node, FIELDS.name) else { return Expr::Broken };
        let (scope, name) = match written.kind() {
            "scope_resolution" => self.scope_resolution(written),
            _ => (ConstScope::Lexical, self.name(written)),
        };
        let superclass = Self::field(node, FIELDS.superclass).map(|superclass| self.only_child(superclass));
        let body = self.closed_body(node);
        if kind == "module" { Expr::Module { scope, name, body } } else { Expr::Class { scope, name, superclass, body } }
    }

    /// The body of a class or module, which sees none of the locals around it.
    fn closed_body(&mut self, node: Syntax<'t>) -> Option<P> {
        self.scopes.enter_closed();
        let body = Self::field(node, FIELDS.body).and_then(|body| self.body(body));
        self.scopes.leave();
        body
    }

    /// The name of a method where it is named, not called: `a`, `a=`, `:a`, `:"a"`, `+`, `$a`.
    fn method_name(&mut self, node: Syntax<'t>) -> Name {
        match node.kind() {
            "simple_symbol" | "delimited_symbol" => match &self.expr(node).expr {
                Expr::Symbol(name) => self.intern(name),
                _ => {
                    self.refuse(node, format!("`{}` is not a fixed name", self.source(node)));
                    self.name(node)
                }
            },
            _ => self.name(node),
        }
    }
}
