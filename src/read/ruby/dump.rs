//! Trees as short s-expressions, for the tables of the tests: `a.b(1)` is `(. a b 1)`.

use super::ast::*;

pub(super) fn program(node: &P) -> String {
    match &node.expr {
        Expr::Sequence(statements) => list(statements, " "),
        _ => dump(node),
    }
}

fn list(nodes: &[P], between: &str) -> String {
    nodes.iter().map(dump).collect::<Vec<_>>().join(between)
}

fn maybe(node: Option<&P>) -> String {
    node.map_or_else(|| "_".into(), dump)
}

fn pieces(pieces: &[Piece]) -> String {
    let shown: Vec<String> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => format!("{text:?}"),
            Piece::Bytes(bytes) => format!("{bytes:?}"),
            Piece::Code(code) => format!("#{{{}}}", dump(code)),
        })
        .collect();
    shown.join("+")
}

fn pairs(pairs: &[Pair]) -> String {
    let shown: Vec<String> = pairs
        .iter()
        .map(|pair| match pair {
            Pair::Entry(key, value) => format!("{}=>{}", dump(key), dump(value)),
            Pair::Splat(value) => format!("**{}", dump(value)),
        })
        .collect();
    format!("{{{}}}", shown.join(" "))
}

fn args(args: &[Arg], block: Option<&BlockArg>) -> String {
    let mut shown: Vec<String> = args
        .iter()
        .map(|arg| match arg {
            Arg::Value(value) => dump(value),
            Arg::Splat(value) => format!("*{}", dump(value)),
            Arg::Hash(entries) => format!("~{}", pairs(entries)),
            Arg::Forward => "...".into(),
        })
        .collect();
    shown.extend(block.map(|block| match block {
        BlockArg::Block(block) => self::block(block),
        BlockArg::Pass(value) => format!("&{}", dump(value)),
        BlockArg::Forward => "&".into(),
    }));
    shown.iter().map(|arg| format!(" {arg}")).collect()
}

fn block(block: &Block) -> String {
    let numbered = if block.numbered { "#" } else { "" };
    format!("[{numbered}|{}| {}]", params(&block.params), maybe(block.body.as_ref()))
}

fn params(params: &Params) -> String {
    let mut shown: Vec<String> = params
        .list
        .iter()
        .map(|param| match param {
            Param::Required(name) => name.to_string(),
            Param::Destructure(inner) => format!("({})", targets(inner)),
            Param::Optional(name, value) => format!("{name}={}", dump(value)),
            Param::Rest(name) => format!("*{}", name.as_deref().unwrap_or("")),
            Param::Keyword(name, value) => format!("{name}:{}", value.as_ref().map_or_else(String::new, dump)),
            Param::KeywordRest(name) => format!("**{}", name.as_deref().unwrap_or("")),
            Param::NoKeywords => "**nil".into(),
            Param::Block(name) => format!("&{}", name.as_deref().unwrap_or("")),
            Param::Forward => "...".into(),
        })
        .collect();
    if params.excess_comma {
        shown.push(",".into());
    }
    shown.extend(params.locals.iter().map(|name| format!(";{name}")));
    shown.join(" ")
}

fn targets(targets: &[Target]) -> String {
    targets.iter().map(target).collect::<Vec<_>>().join(" ")
}

fn scoped(scope: &ConstScope, name: &str) -> String {
    match scope {
        ConstScope::Lexical => name.to_string(),
        ConstScope::Top => format!("::{name}"),
        ConstScope::In(node) => format!("{}::{name}", dump(node)),
    }
}

fn target(target: &Target) -> String {
    match target {
        Target::Local(name) | Target::Instance(name) | Target::ClassVariable(name) | Target::Global(name) => name.to_string(),
        Target::Const { scope, name } => scoped(scope, name),
        Target::Attribute { receiver, name, safe, .. } => format!("{}{}.{name}", dump(receiver), if *safe { "&" } else { "" }),
        Target::Index { receiver, args: list, .. } => format!("{}[{}]", dump(receiver), args(list, None).trim()),
        Target::Splat(inner) => format!("*{}", inner.as_deref().map_or_else(String::new, self::target)),
        Target::Nested(inner) => format!("({})", targets(inner)),
    }
}

fn pattern(one: &Pattern) -> String {
    let all = |list: &[Pattern]| list.iter().map(pattern).collect::<Vec<_>>().join(" ");
    let class = |node: &Option<P>| node.as_ref().map_or_else(String::new, dump);
    match one {
        Pattern::Value(value) => dump(value),
        Pattern::Bind(name) => format!("?{name}"),
        Pattern::Or(list) => format!("(| {})", all(list)),
        Pattern::As(inner, name) => format!("({}=>{name})", pattern(inner)),
        Pattern::Array { constant, before, rest, after } => {
            let rest = rest.as_ref().map_or_else(String::new, |name| format!("*{}", name.as_deref().unwrap_or("")));
            format!("{}[{}|{rest}|{}]", class(constant), all(before), all(after))
        }
        Pattern::Find { constant, head, middle, tail } => {
            format!("{}[*{} {} *{}]", class(constant), head.as_deref().unwrap_or(""), all(middle), tail.as_deref().unwrap_or(""))
        }
        Pattern::Hash { constant, pairs, rest, exact } => {
            let shown: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{name}:{}", value.as_ref().map_or_else(String::new, pattern))).collect();
            let rest = rest.as_ref().map_or_else(String::new, |name| format!(" **{name}"));
            format!("{}{{{}{rest}{}}}", class(constant), shown.join(" "), if *exact { "!" } else { "" })
        }
    }
}

pub(super) fn dump(node: &P) -> String {
    match &node.expr {
        Expr::Nil => "nil".into(),
        Expr::True => "true".into(),
        Expr::False => "false".into(),
        Expr::SelfRef => "self".into(),
        Expr::Integer(value) => value.to_string(),
        Expr::BigInteger(value) => value.to_string(),
        Expr::Float(value) => format!("{value:?}"),
        Expr::Rational(value) => format!("{}r", dump(value)),
        Expr::Imaginary(value) => format!("{}i", dump(value)),
        Expr::Str(list) => pieces(list),
        Expr::Command(list) => format!("`{}`", pieces(list)),
        Expr::Symbol(name) => format!(":{name}"),
        Expr::DynamicSymbol(list) => format!(":{}", pieces(list)),
        Expr::Regexp { pieces: list, options } => format!("/{}/{options}", pieces(list)),
        Expr::Array(list) => format!("[{}]", self::list(list, " ")),
        Expr::Hash(list) => pairs(list),
        Expr::Range { low, high, exclusive } => {
            format!("({} {} {})", if *exclusive { "..." } else { ".." }, maybe(low.as_ref()), maybe(high.as_ref()))
        }
        Expr::Local(name) => format!("%{name}"),
        Expr::Instance(name) | Expr::ClassVariable(name) | Expr::Global(name) => name.to_string(),
        Expr::Const { scope, name } => scoped(scope, name),
        Expr::File => "__FILE__".into(),
        Expr::Line => "__LINE__".into(),
        Expr::Encoding => "__ENCODING__".into(),
        Expr::Call(call) if call.bare => call.name.to_string(),
        Expr::Call(call) => {
            let receiver = call.receiver.as_ref().map_or_else(String::new, |receiver| format!(" {}", dump(receiver)));
            let operator = if call.safe {
                "&."
            } else if call.receiver.is_some() {
                "."
            } else {
                "call"
            };
            format!("({operator}{receiver} {}{})", call.name, args(&call.args, call.block.as_ref()))
        }
        Expr::Super { args: None, block } => format!("(zsuper{})", args(&[], block.as_ref())),
        Expr::Super { args: Some(list), block } => format!("(super{})", args(list, block.as_ref())),
        Expr::Yield(list) => format!("(yield{})", args(list, None)),
        Expr::Not(value) => format!("(! {})", dump(value)),
        Expr::And(left, right) => format!("(&& {} {})", dump(left), dump(right)),
        Expr::Or(left, right) => format!("(|| {} {})", dump(left), dump(right)),
        Expr::Defined(value) => format!("(defined? {})", dump(value)),
        Expr::Assign { target: left, value } => format!("(= {} {})", target(left), dump(value)),
        Expr::OperatorAssign { target: left, operator, value } => format!("({operator}= {} {})", target(left), dump(value)),
        Expr::MultiAssign { targets: left, value } => format!("(= ({}) {})", targets(left), dump(value)),
        Expr::Sequence(list) => format!("(do {})", self::list(list, " ")),
        Expr::Begin(begin) => {
            let mut shown = format!("(begin {}", maybe(begin.body.as_ref()));
            for rescue in &begin.rescues {
                let variable = rescue.variable.as_ref().map_or_else(String::new, |name| format!("=>{}", target(name)));
                shown += &format!(" (rescue [{}]{variable} {})", list(&rescue.classes, " "), maybe(rescue.body.as_ref()));
            }
            if let Some(otherwise) = &begin.otherwise {
                shown += &format!(" (else {})", dump(otherwise));
            }
            if let Some(ensure) = &begin.ensure {
                shown += &format!(" (ensure {})", dump(ensure));
            }
            shown + ")"
        }
        Expr::If { condition, then, otherwise } => {
            format!("(if {} {} {})", dump(condition), maybe(then.as_ref()), maybe(otherwise.as_ref()))
        }
        Expr::While { condition, body, negated, do_while } => {
            let name = if *negated { "until" } else { "while" };
            format!("({}{name} {} {})", if *do_while { "do-" } else { "" }, dump(condition), dump(body))
        }
        Expr::For { targets: left, list, body } => format!("(for {} in {} {})", targets(left), dump(list), dump(body)),
        Expr::Case { subject, whens, otherwise } => {
            let arms: String =
                whens.iter().map(|when| format!(" (when {} : {})", list(&when.values, " "), maybe(when.body.as_ref()))).collect();
            format!("(case {}{arms} {})", maybe(subject.as_ref()), maybe(otherwise.as_ref()))
        }
        Expr::CaseIn { subject, arms, otherwise } => {
            let arms: String = arms
                .iter()
                .map(|arm| {
                    let guard = arm.guard.as_ref().map_or_else(String::new, |guard| format!(" if {}", dump(guard)));
                    format!(" (in {}{guard} : {})", pattern(&arm.pattern), maybe(arm.body.as_ref()))
                })
                .collect();
            format!("(case {}{arms} {})", dump(subject), maybe(otherwise.as_ref()))
        }
        Expr::Match { value, pattern: one, test } => format!("({} {} {})", if *test { "in" } else { "=>" }, dump(value), pattern(one)),
        Expr::Return(value) => format!("(return {})", maybe(value.as_ref())),
        Expr::Break(value) => format!("(break {})", maybe(value.as_ref())),
        Expr::Next(value) => format!("(next {})", maybe(value.as_ref())),
        Expr::Redo => "redo".into(),
        Expr::Retry => "retry".into(),
        Expr::Def { singleton, name, params: list, body } => {
            let singleton = singleton.as_ref().map_or_else(String::new, |object| format!("{}.", dump(object)));
            format!("(def {singleton}{name} |{}| {})", params(list), maybe(body.as_ref()))
        }
        Expr::Class { scope, name, superclass, body } => {
            let superclass = superclass.as_ref().map_or_else(String::new, |class| format!(" < {}", dump(class)));
            format!("(class {}{superclass} {})", scoped(scope, name), maybe(body.as_ref()))
        }
        Expr::SingletonClass { object, body } => format!("(class << {} {})", dump(object), maybe(body.as_ref())),
        Expr::Module { scope, name, body } => format!("(module {} {})", scoped(scope, name), maybe(body.as_ref())),
        Expr::Alias { new, old } => format!("(alias {new} {old})"),
        Expr::Undef(names) => format!("(undef {})", names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ")),
        Expr::Lambda(lambda) => format!("->{}", block(lambda)),
        Expr::Splat(value) => format!("*{}", dump(value)),
        Expr::Hook(body) => format!("(hook {})", maybe(body.as_ref())),
        Expr::Broken => "BROKEN".into(),
    }
}
