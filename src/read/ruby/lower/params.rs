//! Parameters of methods, blocks and lambdas: `a, (b, *c), d = 1, *e, f:, g: 2, **h, &i; local`.

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::{Name, Param, Params};
use crate::read::ruby::concrete::FIELDS;

impl<'t> Lowering<'t> {
    /// The parameters listed in `node`, which become locals of the scope just entered.
    pub(super) fn params(&mut self, node: Syntax<'t>) -> Params {
        let mut params = Params::default();
        let mut after_semicolon = false;
        let mut after_comma = false;
        for child in self.children(node) {
            match child.kind() {
                ";" => after_semicolon = true,
                "," => {
                    after_comma = true;
                    continue;
                }
                "identifier" if after_semicolon => {
                    let name = self.declared(child);
                    params.locals.push(name);
                }
                "|" if after_comma => params.excess_comma = !after_semicolon,
                _ if child.is_named() => {
                    let param = self.param(child);
                    params.list.extend(param);
                }
                _ => {}
            }
            if child.kind() == ";" && after_comma {
                params.excess_comma = true;
            }
            after_comma = false;
        }
        params
    }

    /// `_1` to `_count`.
    pub(super) fn numbered_params(&mut self, count: u8) -> Params {
        let list = (1..=count).map(|number| Param::Required(self.intern(&format!("_{number}")))).collect();
        Params { list, ..Params::default() }
    }

    fn param(&mut self, node: Syntax<'t>) -> Option<Param> {
        let name = Self::field(node, FIELDS.name);
        Some(match node.kind() {
            "identifier" => Param::Required(self.declared(node)),
            "optional_parameter" => {
                let name = self.declared(name?);
                Param::Optional(name, self.part(node, FIELDS.value))
            }
            "keyword_parameter" => {
                let name = self.declared(name?);
                Param::Keyword(name, Self::field(node, FIELDS.value).map(|value| self.expr(value)))
            }
            "splat_parameter" => Param::Rest(name.map(|name| self.declared(name))),
            "hash_splat_parameter" => Param::KeywordRest(name.map(|name| self.declared(name))),
            "hash_splat_nil" => Param::NoKeywords,
            "block_parameter" => Param::Block(name.map(|name| self.declared(name))),
            "forward_parameter" => Param::Forward,
            "destructured_parameter" => Param::Destructure(self.targets(node)),
            _ => return None,
        })
    }

    pub(super) fn declared(&mut self, node: Syntax<'t>) -> Name {
        let name = self.name(node);
        self.scopes.declare(name);
        name
    }
}
