//! The literals that an expression may give: `ENV['X'] || 'a'` gives `a`, `'a'.freeze` too, `x ? 'a' : 'b'` both.
//!
//! In: the value of an assignment, property or default. Out: the literal nodes. What only a call knows gives none.

use super::shape::{argument, call};
use crate::read::ruby::ast::{BlockArg, Call, Expr, Node, Piece};

/// Calls that give their receiver as it is, or nearly.
const SAME: &[&str] = &["freeze", "dup", "to_s", "strip", "chomp", "downcase", "upcase", "encode", "force_encoding", "+"];

/// The strings in `value`, each with whether it stands alone: those of a list are rather names than values.
#[must_use]
pub fn strings(value: &Node) -> Vec<(&Node, bool)> {
    let mut found = Vec::new();
    gather(value, true, &mut found);
    found
}

fn gather<'a>(value: &'a Node, alone: bool, found: &mut Vec<(&'a Node, bool)>) {
    match &value.expr {
        Expr::Str(_) => found.push((value, alone)),
        Expr::Or(_, fallback) => gather(fallback, alone, found),
        Expr::If { then, otherwise, .. } => [then, otherwise].into_iter().flatten().for_each(|branch| gather(branch, alone, found)),
        Expr::Sequence(list) => list.last().into_iter().for_each(|last| gather(last, alone, found)),
        Expr::Array(items) => items.iter().for_each(|item| gather(item, false, found)),
        Expr::Call(one) => of_call(one, alone, found),
        _ => {}
    }
}

fn of_call<'a>(one: &'a Call, alone: bool, found: &mut Vec<(&'a Node, bool)>) {
    let name = one.name.as_str();
    if let Some(receiver) = one.receiver.as_ref().filter(|_| SAME.contains(&name)) {
        // Of `'abc' + x` only what is given whole.
        let whole = name != "+" || argument(one, 0).is_some_and(|other| matches!(other.expr, Expr::Str(_)));
        if whole {
            gather(receiver, alone, found);
        }
    } else if name == "fetch" || (name == "lazy" && one.receiver.is_none()) {
        argument(one, 1).into_iter().for_each(|fallback| gather(fallback, alone, found));
        if let Some(BlockArg::Block(block)) = &one.block {
            block.body.iter().for_each(|body| gather(body, alone, found));
        }
    }
}

/// The text of `node` if it is one literal without interpolation.
#[must_use]
pub fn text(node: &Node) -> Option<String> {
    let Expr::Str(pieces) = &node.expr else { return None };
    pieces.iter().map(|piece| if let Piece::Text(text) = piece { Some(&**text) } else { None }).collect()
}

/// The receiver and arguments of a call of one of `names` with a literal name: `property :password, String, default: 'a'`.
#[must_use]
pub fn declared<'a>(node: &'a Node, names: &[&str]) -> Option<(String, &'a Call)> {
    let one = call(node).filter(|one| one.receiver.is_none() && names.contains(&one.name.as_str()))?;
    Some((super::shape::literal(argument(one, 0)?)?, one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::ruby::parse_text;
    use crate::source::FileId;

    #[test]
    fn literals_are_found_behind_what_may_come_first() {
        for (code, want) in [
            ("'a'", &["a"][..]),
            ("x || ENV['A'] || 'a'", &["a"]),
            ("ENV.fetch('A', 'a')", &["a"]),
            ("ENV.fetch('A') { 'a' }", &["a"]),
            ("x ? 'a' : 'b'", &["a", "b"]),
            ("('a'.freeze)", &["a"]),
            ("%w(a b)", &["a", "b"]),
            ("'a' + x", &[]),
            ("x['a']", &[]),
            ("get('a')", &[]),
        ] {
            let (tree, _) = parse_text(FileId(0), code, &[]);
            let found: Vec<String> = strings(&tree).into_iter().filter_map(|(node, _)| text(node)).collect();
            assert_eq!(found, want, "{code}");
        }
    }
}
