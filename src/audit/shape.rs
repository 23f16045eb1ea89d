//! Forms of Ruby that many rules ask for: `node`, attribute paths, literals, resources and their properties.

use super::visit::{declares, walk};
use crate::read::ruby::ast::{Arg, BlockArg, Call, Expr, Node, P, Piece};

/// The call that `node` is.
#[must_use]
pub fn call(node: &Node) -> Option<&Call> {
    if let Expr::Call(call) = &node.expr { Some(call) } else { None }
}

/// The text of a string without interpolation, or of a symbol.
#[must_use]
pub fn literal(node: &Node) -> Option<String> {
    match &node.expr {
        Expr::Str(pieces) => pieces.iter().map(|piece| if let Piece::Text(text) = piece { Some(&**text) } else { None }).collect(),
        Expr::Symbol(name) => Some(name.as_str().to_owned()),
        _ => None,
    }
}

/// The text of a string, with `#{}` for what is interpolated.
#[must_use]
pub fn outline(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| if let Piece::Text(text) = piece { &**text } else { "#{}" }).collect()
}

/// The positional argument `index` of `call`.
#[must_use]
pub fn argument(call: &Call, index: usize) -> Option<&P> {
    call.args.get(index).and_then(|argument| if let Arg::Value(value) = argument { Some(value) } else { None })
}

/// Whether `node` is the node object: `node`, or `@node` of a template.
#[must_use]
pub fn is_node(node: &Node) -> bool {
    match &node.expr {
        Expr::Call(call) => call.receiver.is_none() && call.name.as_str() == "node" && call.args.is_empty() && call.block.is_none(),
        Expr::Instance(name) => name.as_str() == "@node",
        _ => false,
    }
}

/// The receiver and the one index of `x[i]`.
#[must_use]
pub fn index(node: &Node) -> Option<(&P, &P)> {
    let call = call(node).filter(|call| call.name.as_str() == "[]" && call.args.len() == 1)?;
    Some((call.receiver.as_ref()?, argument(call, 0)?))
}

/// How many indices stand between `node` and the node object: `node['a']['b']` is two, and `foo['a']` none at all.
#[must_use]
pub fn depth_below_node(node: &Node) -> Option<usize> {
    let mut depth = 0;
    let mut current = node;
    while let Some((receiver, _)) = index(current) {
        depth += 1;
        current = receiver;
    }
    is_node(current).then_some(depth)
}

/// The literal keys of `node['a'][:b]`, or of `node.default['a']` with `level`; a key that is no literal is `*`.
#[must_use]
pub fn node_path(node: &Node) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    let mut current = node;
    while let Some((receiver, key)) = index(current) {
        keys.push(literal(key).unwrap_or_else(|| "*".to_owned()));
        current = receiver;
    }
    keys.reverse();
    is_node(current).then_some(keys)
}

/// Whether `call` is `type 'name' do … end` or `type 'name'` of one of `types`.
#[must_use]
pub fn is_resource(call: &Call, types: &[&str]) -> bool {
    call.receiver.is_none() && types.contains(&call.name.as_str()) && (declares(call) || !call.args.is_empty())
}

/// The calls of property `name` in the block of `resource`, with their nodes.
#[must_use]
pub fn properties<'a>(resource: &'a Call, name: &str) -> Vec<(&'a Node, &'a Call)> {
    let mut found = Vec::new();
    if let Some(BlockArg::Block(block)) = &resource.block
        && let Some(body) = &block.body
    {
        walk(body, &mut |node, place| {
            if let Some(property) = call(node)
                && place.resources.is_empty()
                && property.receiver.is_none()
                && property.name.as_str() == name
                && !property.args.is_empty()
            {
                found.push((node, property));
            }
        });
    }
    found
}
