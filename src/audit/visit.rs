//! Walking a syntax tree: every node once, parents first, with the nodes around it and the resource whose block it stands in.
//!
//! In `file '/x' do mode '0777' end` the call `mode` is visited with the call `file` as its resource.

use crate::read::ruby::ast::{Arg, Begin, Block, BlockArg, Call, ConstScope, Expr, InArm, Node, P, Pair, Param, Piece, Target, When};

/// Calls with a block that declare no resource.
const NO_RESOURCE: &[&str] = &[
    "not_if",
    "only_if",
    "lazy",
    "block",
    "action",
    "define",
    "lambda",
    "proc",
    "loop",
    "default",
    "load_current_value",
    "property",
    "search",
    "with_run_context",
    "edit_resource",
    "declare_resource",
    "notifies",
    "subscribes",
    "converge_by",
    "converge_if_changed",
    "verify",
    "value_for_platform",
    "namespace",
    "at_exit",
    "catch",
];

/// Where the walk is.
#[derive(Default)]
pub struct Place<'a> {
    /// The nodes around, outermost first.
    pub parents: Vec<&'a Node>,
    /// The resource calls whose blocks are around, outermost first.
    pub resources: Vec<&'a Call>,
}

impl<'a> Place<'a> {
    /// The innermost resource whose block is around.
    #[must_use]
    pub fn resource(&self) -> Option<&'a Call> {
        self.resources.last().copied()
    }

    /// The node right around.
    #[must_use]
    pub fn parent(&self) -> Option<&'a Node> {
        self.parents.last().copied()
    }
}

/// Whether `call` has the form of a resource: `type 'name' do … end` or `type do … end`.
#[must_use]
pub fn declares(call: &Call) -> bool {
    let block = matches!(call.block, Some(BlockArg::Block(_)));
    let resource_name = call.name.starts_with(|c: char| c.is_ascii_lowercase()) && !call.name.ends_with(['?', '!']);
    call.receiver.is_none() && block && resource_name && !NO_RESOURCE.contains(&call.name.as_str())
}

/// Visits `node` and everything in it.
pub fn walk<'a>(node: &'a Node, each: &mut dyn FnMut(&'a Node, &Place<'a>)) {
    step(node, &mut Place::default(), each);
}

fn step<'a>(node: &'a Node, place: &mut Place<'a>, each: &mut dyn FnMut(&'a Node, &Place<'a>)) {
    each(node, place);
    place.parents.push(node);
    if let Expr::Call(call) = &node.expr {
        if let Some(receiver) = &call.receiver {
            step(receiver, place, each);
        }
        arguments(&call.args, &mut |child| step(child, place, each));
        let resource = call.block.is_some() && declares(call);
        if resource {
            place.resources.push(call);
        }
        block_argument(call.block.as_ref(), &mut |child| step(child, place, each));
        if resource {
            place.resources.pop();
        }
    } else {
        children(&node.expr, &mut |child| step(child, place, each));
    }
    place.parents.pop();
}

/// What takes each child.
type Each<'a, 'e> = &'e mut dyn FnMut(&'a Node);

fn pieces<'a>(list: &'a [Piece], found: Each<'a, '_>) {
    for piece in list {
        if let Piece::Code(code) = piece {
            found(code);
        }
    }
}

fn pairs<'a>(list: &'a [Pair], found: Each<'a, '_>) {
    for pair in list {
        match pair {
            Pair::Entry(key, value) => {
                found(key);
                found(value);
            }
            Pair::Splat(value) => found(value),
        }
    }
}

fn arguments<'a>(list: &'a [Arg], found: Each<'a, '_>) {
    for argument in list {
        match argument {
            Arg::Value(value) | Arg::Splat(value) => found(value),
            Arg::Hash(hash) => pairs(hash, found),
            Arg::Forward => {}
        }
    }
}

fn parameters<'a>(list: &'a [Param], found: Each<'a, '_>) {
    for parameter in list {
        if let Param::Optional(_, value) | Param::Keyword(_, Some(value)) = parameter {
            found(value);
        }
    }
}

fn block<'a>(block: &'a Block, found: Each<'a, '_>) {
    parameters(&block.params.list, found);
    optional(block.body.as_ref(), found);
}

fn block_argument<'a>(argument: Option<&'a BlockArg>, found: Each<'a, '_>) {
    match argument {
        Some(BlockArg::Block(inner)) => block(inner, found),
        Some(BlockArg::Pass(value)) => found(value),
        Some(BlockArg::Forward) | None => {}
    }
}

fn optional<'a>(node: Option<&'a P>, found: Each<'a, '_>) {
    if let Some(node) = node {
        found(node);
    }
}

fn target<'a>(left: &'a Target, found: Each<'a, '_>) {
    match left {
        Target::Attribute { receiver, .. } => found(receiver),
        Target::Index { receiver, args, .. } => {
            found(receiver);
            arguments(args, found);
        }
        Target::Splat(Some(inner)) => target(inner, found),
        Target::Nested(list) => list.iter().for_each(|inner| target(inner, found)),
        _ => {}
    }
}

fn protected<'a>(begin: &'a Begin, found: Each<'a, '_>) {
    optional(begin.body.as_ref(), found);
    for rescue in &begin.rescues {
        rescue.classes.iter().for_each(|one| found(one));
        optional(rescue.body.as_ref(), found);
    }
    optional(begin.otherwise.as_ref(), found);
    optional(begin.ensure.as_ref(), found);
}

fn arms<'a>(whens: &'a [When], found: Each<'a, '_>) {
    for when in whens {
        when.values.iter().for_each(|one| found(one));
        optional(when.body.as_ref(), found);
    }
}

fn patterns<'a>(list: &'a [InArm], found: Each<'a, '_>) {
    for arm in list {
        optional(arm.guard.as_ref(), found);
        optional(arm.body.as_ref(), found);
    }
}

fn children<'a>(expr: &'a Expr, found: Each<'a, '_>) {
    match expr {
        Expr::Str(list) | Expr::Command(list) | Expr::DynamicSymbol(list) | Expr::Regexp { pieces: list, .. } => pieces(list, found),
        Expr::Rational(inner) | Expr::Imaginary(inner) | Expr::Not(inner) | Expr::Defined(inner) | Expr::Splat(inner) => found(inner),
        Expr::Array(list) | Expr::Sequence(list) => list.iter().for_each(|one| found(one)),
        Expr::Hash(list) => pairs(list, found),
        Expr::Range { low, high, .. } => [low, high].into_iter().for_each(|end| optional(end.as_ref(), found)),
        Expr::Super { args, block: given } => {
            args.iter().for_each(|list| arguments(list, found));
            block_argument(given.as_ref(), found);
        }
        Expr::Yield(list) => arguments(list, found),
        Expr::Const { scope: ConstScope::In(around), .. } => found(around),
        Expr::And(left, right) | Expr::Or(left, right) => [&**left, &**right].into_iter().for_each(found),
        Expr::Assign { target: left, value } | Expr::OperatorAssign { target: left, value, .. } => {
            target(left, found);
            found(value);
        }
        Expr::MultiAssign { targets, value } => {
            targets.iter().for_each(|left| target(left, found));
            found(value);
        }
        Expr::Begin(begin) => protected(begin, found),
        Expr::If { condition, then, otherwise } => {
            found(condition);
            [then, otherwise].into_iter().for_each(|branch| optional(branch.as_ref(), found));
        }
        Expr::While { condition, body, .. } => [&**condition, &**body].into_iter().for_each(found),
        Expr::For { targets, list, body } => {
            targets.iter().for_each(|left| target(left, found));
            [&**list, &**body].into_iter().for_each(found);
        }
        Expr::Case { subject, whens, otherwise } => {
            optional(subject.as_ref(), found);
            arms(whens, found);
            optional(otherwise.as_ref(), found);
        }
        Expr::CaseIn { subject, arms: list, otherwise } => {
            found(subject);
            patterns(list, found);
            optional(otherwise.as_ref(), found);
        }
        Expr::Match { value, .. } => found(value),
        Expr::Return(inner) | Expr::Break(inner) | Expr::Next(inner) | Expr::Hook(inner) => optional(inner.as_ref(), found),
        Expr::Def { singleton, params, body, .. } => {
            optional(singleton.as_ref(), found);
            parameters(&params.list, found);
            optional(body.as_ref(), found);
        }
        Expr::Class { superclass, body, .. } => {
            optional(superclass.as_ref(), found);
            optional(body.as_ref(), found);
        }
        Expr::SingletonClass { object, body } => {
            found(object);
            optional(body.as_ref(), found);
        }
        Expr::Module { body, .. } => optional(body.as_ref(), found),
        Expr::Lambda(inner) => block(inner, found),
        _ => {}
    }
}
