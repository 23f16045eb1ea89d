//! `sub` and `gsub`: with a string and its back-references, a hash, or a block that sees `$~`.
//!
//! `"john smith".gsub(/(\w+) (\w+)/, '\2 \1')` is `"smith john"`.

use std::rc::Rc;

use super::{change, text};
use crate::ruby::core::regexp::search::{Found, Pattern, next_position};
use crate::ruby::flow::Eval;
use crate::ruby::hole::is_hole;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::{Hash, Value};

pub(super) const METHODS: &[(&str, Native)] = &[
    ("sub", |i, me, args| substitute(i, me, args, false, false)),
    ("gsub", |i, me, args| substitute(i, me, args, true, false)),
    ("sub!", |i, me, args| substitute(i, me, args, false, true)),
    ("gsub!", |i, me, args| substitute(i, me, args, true, true)),
];

/// What a match is replaced with.
enum Replacement {
    Text(String),
    Hash(Rc<Hash>),
    Block(Rc<Proc>),
}

fn replacement(interpreter: &mut Interpreter, args: &Args) -> Eval<Option<Replacement>> {
    match (args.get(1), &args.block) {
        (Some(Value::Hash(hash)), _) => Ok(Some(Replacement::Hash(Rc::clone(hash)))),
        (Some(value), _) => Ok(Some(Replacement::Text(interpreter.to_str(value)?))),
        (None, Some(block)) => Ok(Some(Replacement::Block(Rc::clone(block)))),
        (None, None) => Ok(None),
    }
}

fn substitute(interpreter: &mut Interpreter, me: &Value, args: &Args, all: bool, in_place: bool) -> Eval {
    let name = match (all, in_place) {
        (true, false) => "gsub",
        (true, true) => "gsub!",
        (false, false) => "sub",
        (false, true) => "sub!",
    };
    interpreter.check_arity(args, 1, Some(2))?;
    if in_place {
        interpreter.check_frozen(me)?;
    }
    let Some(replacement) = replacement(interpreter, args)? else {
        if all {
            return interpreter.enumerator(me, name, args.list.clone());
        }
        return interpreter.argument_error("wrong number of arguments (given 1, expected 2)");
    };
    let pattern = interpreter.pattern(&args.value(0))?;
    let text: Rc<str> = text(me).into();
    let mut out = String::new();
    // Up to here the text is in `out`.
    let mut copied = 0;
    let mut at = 0;
    let mut last = None;
    while let Some(found) = interpreter.search(&pattern, &text, at)? {
        let found = Rc::new(found);
        let (start, end) = (found.start(), found.end());
        let matched = text.get(start..end).unwrap_or_default();
        // A set of characters that matched a hole looked at characters that are not known.
        if let Some(hole) = matched.chars().next().filter(|_| matched.chars().all(is_hole)) {
            if matches!(pattern, Pattern::Regexp(_)) {
                if let Some(hole) = interpreter.hole_of(hole).cloned() {
                    return interpreter.call_unknown(&hole, name.into(), &Args::new(args.list.clone()));
                }
            }
        }
        out.push_str(text.get(copied..start).unwrap_or_default());
        match &replacement {
            Replacement::Text(template) => expand(interpreter, template, &found, &mut out)?,
            Replacement::Hash(hash) => {
                let value = interpreter.send(&Value::Hash(Rc::clone(hash)), "[]", &[Value::str(matched)])?;
                out.push_str(&interpreter.display(&value)?);
            }
            Replacement::Block(block) => {
                interpreter.set_last_match(Some(&found));
                let value = interpreter.yield_values(block, vec![Value::str(matched)])?;
                out.push_str(&interpreter.display(&value)?);
            }
        }
        interpreter.check_size(out.len())?;
        copied = end;
        at = if end > start { end } else { next_position(&text, end) };
        last = Some(found);
        if !all {
            break;
        }
    }
    interpreter.set_last_match(last.as_ref());
    if last.is_none() {
        return Ok(if in_place { Value::Nil } else { Value::str(&*text) });
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    interpreter.check_size(out.len())?;
    let out = super::bytes::joined(out);
    if in_place {
        // A match that changes nothing still answers with the string.
        change(interpreter, me, out)?;
        return Ok(me.clone());
    }
    Ok(Value::str(out))
}

/// The replacement text with its back-references: `\1`, `\0`, `\&`, `` \` ``, `\'`, `\k<name>`, `\\`.
fn expand(interpreter: &mut Interpreter, template: &str, found: &Found, out: &mut String) -> Eval<()> {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut characters = after.chars();
        let Some(letter) = characters.next() else {
            out.push('\\');
            return Ok(());
        };
        match letter {
            '0'..='9' => {
                let number = letter.to_digit(10).unwrap_or(0) as usize;
                out.push_str(found.group(number).unwrap_or_default());
            }
            '&' => out.push_str(found.group(0).unwrap_or_default()),
            '`' => out.push_str(found.text.get(..found.start()).unwrap_or_default()),
            '\'' => out.push_str(found.text.get(found.end()..).unwrap_or_default()),
            '+' => {
                let last = (1..found.spans.len()).rev().find_map(|index| found.group(index));
                out.push_str(last.unwrap_or_default());
            }
            '\\' => out.push('\\'),
            'k' if characters.as_str().starts_with('<') => {
                let Some((name, behind)) = characters.as_str().strip_prefix('<').and_then(|name| name.split_once('>')) else {
                    let class = Rc::clone(&interpreter.classes.runtime_error);
                    return interpreter.raise(&class, "invalid group name reference format");
                };
                let Some(number) = found.named(name) else {
                    let class = Rc::clone(&interpreter.classes.index_error);
                    return interpreter.raise(&class, format!("undefined group name reference: {name}"));
                };
                out.push_str(found.group(number).unwrap_or_default());
                rest = behind;
                continue;
            }
            other => {
                out.push('\\');
                out.push(other);
            }
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    Ok(())
}
