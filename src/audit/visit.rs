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
        let mut before = Vec::new();
        call.receiver.iter().for_each(|receiver| before.push(&**receiver));
        arguments(&call.args, &mut before);
        before.into_iter().for_each(|child| step(child, place, each));
        let resource = declares(call);
        if resource {
            place.resources.push(call);
        }
        let mut inside = Vec::new();
        block_argument(call.block.as_ref(), &mut inside);
        inside.into_iter().for_each(|child| step(child, place, each));
        if resource {
            place.resources.pop();
        }
    } else {
        let mut inside = Vec::new();
        children(&node.expr, &mut inside);
        inside.into_iter().for_each(|child| step(child, place, each));
    }
    place.parents.pop();
}

type List<'a> = Vec<&'a Node>;

fn pieces<'a>(list: &'a [Piece], found: &mut List<'a>) {
    found.extend(list.iter().filter_map(|piece| if let Piece::Code(code) = piece { Some(&**code) } else { None }));
}

fn pairs<'a>(list: &'a [Pair], found: &mut List<'a>) {
    for pair in list {
        match pair {
            Pair::Entry(key, value) => found.extend([&**key, &**value]),
            Pair::Splat(value) => found.push(value),
        }
    }
}

fn arguments<'a>(list: &'a [Arg], found: &mut List<'a>) {
    for argument in list {
        match argument {
            Arg::Value(value) | Arg::Splat(value) => found.push(value),
            Arg::Hash(hash) => pairs(hash, found),
            Arg::Forward => {}
        }
    }
}

fn parameters<'a>(list: &'a [Param], found: &mut List<'a>) {
    for parameter in list {
        if let Param::Optional(_, value) | Param::Keyword(_, Some(value)) = parameter {
            found.push(value);
        }
    }
}

fn block<'a>(block: &'a Block, found: &mut List<'a>) {
    parameters(&block.params.list, found);
    optional(block.body.as_ref(), found);
}

fn block_argument<'a>(argument: Option<&'a BlockArg>, found: &mut List<'a>) {
    match argument {
        Some(BlockArg::Block(inner)) => block(inner, found),
        Some(BlockArg::Pass(value)) => found.push(value),
        Some(BlockArg::Forward) | None => {}
    }
}

fn optional<'a>(node: Option<&'a P>, found: &mut List<'a>) {
    found.extend(node.map(|node| &**node));
}

fn target<'a>(left: &'a Target, found: &mut List<'a>) {
    match left {
        Target::Attribute { receiver, .. } => found.push(receiver),
        Target::Index { receiver, args, .. } => {
            found.push(receiver);
            arguments(args, found);
        }
        Target::Splat(Some(inner)) => target(inner, found),
        Target::Nested(list) => list.iter().for_each(|inner| target(inner, found)),
        _ => {}
    }
}

fn protected<'a>(begin: &'a Begin, found: &mut List<'a>) {
    optional(begin.body.as_ref(), found);
    for rescue in &begin.rescues {
        found.extend(rescue.classes.iter().map(|class| &**class));
        optional(rescue.body.as_ref(), found);
    }
    optional(begin.otherwise.as_ref(), found);
    optional(begin.ensure.as_ref(), found);
}

fn arms<'a>(whens: &'a [When], found: &mut List<'a>) {
    for when in whens {
        found.extend(when.values.iter().map(|value| &**value));
        optional(when.body.as_ref(), found);
    }
}

fn patterns<'a>(list: &'a [InArm], found: &mut List<'a>) {
    for arm in list {
        optional(arm.guard.as_ref(), found);
        optional(arm.body.as_ref(), found);
    }
}

fn children<'a>(expr: &'a Expr, found: &mut List<'a>) {
    match expr {
        Expr::Str(list) | Expr::Command(list) | Expr::DynamicSymbol(list) | Expr::Regexp { pieces: list, .. } => pieces(list, found),
        Expr::Rational(inner) | Expr::Imaginary(inner) | Expr::Not(inner) | Expr::Defined(inner) | Expr::Splat(inner) => found.push(inner),
        Expr::Array(list) | Expr::Sequence(list) => found.extend(list.iter().map(|item| &**item)),
        Expr::Hash(list) => pairs(list, found),
        Expr::Range { low, high, .. } => [low, high].into_iter().for_each(|end| optional(end.as_ref(), found)),
        Expr::Super { args, block: given } => {
            args.iter().for_each(|list| arguments(list, found));
            block_argument(given.as_ref(), found);
        }
        Expr::Yield(list) => arguments(list, found),
        Expr::Const { scope: ConstScope::In(around), .. } => found.push(around),
        Expr::And(left, right) | Expr::Or(left, right) => found.extend([&**left, &**right]),
        Expr::Assign { target: left, value } | Expr::OperatorAssign { target: left, value, .. } => {
            target(left, found);
            found.push(value);
        }
        Expr::MultiAssign { targets, value } => {
            targets.iter().for_each(|left| target(left, found));
            found.push(value);
        }
        Expr::Begin(begin) => protected(begin, found),
        Expr::If { condition, then, otherwise } => {
            found.push(condition);
            [then, otherwise].into_iter().for_each(|branch| optional(branch.as_ref(), found));
        }
        Expr::While { condition, body, .. } => found.extend([&**condition, &**body]),
        Expr::For { targets, list, body } => {
            targets.iter().for_each(|left| target(left, found));
            found.extend([&**list, &**body]);
        }
        Expr::Case { subject, whens, otherwise } => {
            optional(subject.as_ref(), found);
            arms(whens, found);
            optional(otherwise.as_ref(), found);
        }
        Expr::CaseIn { subject, arms: list, otherwise } => {
            found.push(subject);
            patterns(list, found);
            optional(otherwise.as_ref(), found);
        }
        Expr::Match { value, .. } => found.push(value),
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
            found.push(object);
            optional(body.as_ref(), found);
        }
        Expr::Module { body, .. } => optional(body.as_ref(), found),
        Expr::Lambda(inner) => block(inner, found),
        _ => {}
    }
}
