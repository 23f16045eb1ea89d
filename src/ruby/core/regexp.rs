//! `Regexp`: making, matching, showing. `MatchData` is in `match_data.rs`.
//!
//! Ruby's syntax is read into a tree and written anew for the engine; see `parse.rs` and `emit.rs`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::ruby::core::string::{byte_index, char_count};
use crate::ruby::flow::Eval;
use crate::ruby::hole::has_hole;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Regexp, Value};

mod block;
mod class;
mod emit;
mod escape;
mod group;
mod parse;
pub mod search;
#[cfg(test)]
mod tests;
mod tree;

use search::Pattern;

/// How often the engine may go back in one search.
const BACKTRACKS: usize = 3_000_000;
/// The size in bytes that one compiled expression may have.
const COMPILED: usize = 8 << 20;
/// Compiled expressions that are kept.
const KEPT: usize = 4000;

const REGEXP: &[(&str, Native)] = &[
    ("source", |i, me, _| Ok(Value::str(this(i, me)?.source.clone()))),
    ("to_s", |i, me, _| Ok(Value::str(embedded(&*this(i, me)?)))),
    ("inspect", |i, me, _| Ok(Value::str(shown(&*this(i, me)?)))),
    ("options", |i, me, _| Ok(Value::Integer(bits(&this(i, me)?.options)))),
    ("casefold?", |i, me, _| Ok(Value::Bool(this(i, me)?.options.contains('i')))),
    ("names", names),
    ("named_captures", named_captures),
    ("match", matched),
    ("match?", matches),
    ("=~", position),
    ("===", case_equal),
    ("~", |i, me, _| {
        let line = i.globals.get(&"$_".into()).cloned().unwrap_or(Value::Nil);
        position(i, me, &Args::new(vec![line]))
    }),
    ("==", equal),
    ("eql?", equal),
    ("encoding", |i, _, _| i.encoding_constant("UTF_8")),
    ("fixed_encoding?", |i, me, _| Ok(Value::Bool(!this(i, me)?.source.is_ascii()))),
    ("freeze", |_, me, _| Ok(me.clone())),
];

const CLASS: &[(&str, Native)] = &[
    ("new", new),
    ("compile", new),
    ("escape", escape_text),
    ("quote", escape_text),
    ("union", union),
    ("last_match", last_match),
    ("try_convert", |_, _, args| Ok(if matches!(args.value(0), Value::Regexp(_)) { args.value(0) } else { Value::Nil })),
];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let class = Rc::clone(&interpreter.classes.regexp);
    interpreter.define(&class, REGEXP);
    interpreter.define_singleton(&class, CLASS);
    for (name, value) in [("IGNORECASE", 1), ("EXTENDED", 2), ("MULTILINE", 4), ("FIXEDENCODING", 16), ("NOENCODING", 32)] {
        class.constants.borrow_mut().insert(name.into(), Value::Integer(value));
    }
}

thread_local! {
    /// What was compiled before, by options and source: the runs over one repository evaluate the same literals again and again.
    static KNOWN: RefCell<HashMap<String, Rc<Regexp>>> = RefCell::default();
}

impl Interpreter {
    /// A regular expression of Ruby's `source` and `options` (letters of `imxn`); unknown when the source has a hole.
    ///
    /// # Errors
    /// `RegexpError` when it cannot be compiled.
    pub fn make_regexp(&mut self, source: &str, options: &str) -> Eval {
        self.compile_regexp(source, options, false)
    }

    /// As [`Interpreter::make_regexp`]; what is wrong with a `literal` is a `SyntaxError`.
    ///
    /// # Errors
    /// `SyntaxError`, `RegexpError`.
    pub fn compile_regexp(&mut self, source: &str, options: &str, literal: bool) -> Eval {
        if has_hole(source) {
            if let Some(hole) = self.holes_in(source).into_iter().next() {
                return Ok(self.derived_prefix("/…/ with ", &hole));
            }
        }
        let options: String = "imxn".chars().filter(|letter| options.contains(*letter)).collect();
        let key = format!("{options}/{source}");
        if let Some(known) = KNOWN.with_borrow(|known| known.get(&key).map(Rc::clone)) {
            return Ok(Value::Regexp(known));
        }
        let parsed = match parse::parse(source, &options) {
            Ok(parsed) => parsed,
            Err(why) => {
                let class = Rc::clone(if literal { &self.classes.syntax_error } else { &self.classes.regexp_error });
                return self.raise(&class, format!("{why}: /{source}/"));
            }
        };
        let compiled = fancy_regex::RegexBuilder::new(&emit::pattern(&parsed.tree))
            .backtrack_limit(BACKTRACKS)
            .delegate_size_limit(COMPILED)
            .delegate_dfa_size_limit(COMPILED)
            .max_prog_size(200_000)
            .build();
        let compiled = match compiled {
            Ok(compiled) => compiled,
            Err(fancy_regex::Error::CompileError(error))
                if matches!(
                    *error,
                    fancy_regex::CompileError::LeftRecursiveSubroutineCall(_) | fancy_regex::CompileError::NeverEndingRecursion
                ) =>
            {
                let class = Rc::clone(&self.classes.regexp_error);
                return self.raise(&class, format!("never ending recursion: /{source}/"));
            }
            Err(error) => {
                let class = Rc::clone(&self.classes.regexp_error);
                return self.raise(&class, format!("{error}: /{source}/"));
            }
        };
        let regexp = Rc::new(Regexp { source: source.to_owned(), options, compiled: Ok(compiled), names: parsed.names });
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= KEPT {
                known.clear();
            }
            known.insert(key, Rc::clone(&regexp));
        });
        Ok(Value::Regexp(regexp))
    }
}

fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Regexp>> {
    match me {
        Value::Regexp(regexp) => Ok(Rc::clone(regexp)),
        _ => interpreter.type_error("uninitialized Regexp"),
    }
}

fn bits(options: &str) -> i64 {
    [('i', 1), ('x', 2), ('m', 4), ('n', 32)].iter().filter(|(letter, _)| options.contains(*letter)).map(|(_, bit)| bit).sum()
}

/// `/source/options`
fn shown(regexp: &Regexp) -> String {
    let mut out = String::from("/");
    escaped_source(&regexp.source, &mut out);
    out.push('/');
    out.extend("mixn".chars().filter(|letter| regexp.options.contains(*letter)));
    out
}

/// The source with slashes escaped and unprintable characters in hexadecimal, as it would be written between slashes.
fn escaped_source(source: &str, out: &mut String) {
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                out.push('\\');
                out.extend(characters.next());
            }
            '/' => out.push_str("\\/"),
            blank if blank.is_ascii_whitespace() || blank == '\u{B}' => out.push(blank),
            control if control.is_ascii_control() => out.push_str(&format!("\\x{:02X}", u32::from(control))),
            other => out.push(other),
        }
    }
}

/// `(?i-mx:source)`
fn embedded(regexp: &Regexp) -> String {
    let mut flags = ['m', 'i', 'x'].map(|letter| (letter, regexp.options.contains(letter)));
    let mut source = regexp.source.as_str();
    // Options at the start, or around all of it, are those of the whole.
    while let Some((switched, end, rest)) = source.strip_prefix("(?").and_then(leading_options) {
        let inside = if end == ')' { Some(rest) } else { rest.strip_suffix(')').filter(|inside| parse::parse(inside, "").is_ok()) };
        let Some(inside) = inside else { break };
        source = inside;
        for (letter, on) in switched {
            flags.iter_mut().filter(|flag| flag.0 == letter).for_each(|flag| flag.1 = on);
        }
        if end == ':' {
            break;
        }
    }
    let on: String = flags.iter().filter(|flag| flag.1).map(|flag| flag.0).collect();
    let off: String = flags.iter().filter(|flag| !flag.1).map(|flag| flag.0).collect();
    let mut out = format!("(?{on}{}{off}:", if off.is_empty() { "" } else { "-" });
    escaped_source(source, &mut out);
    out.push(')');
    out
}

/// `mi-x:rest` or `mi)rest`: the options, what ends them, and the rest.
fn leading_options(text: &str) -> Option<(Vec<(char, bool)>, char, &str)> {
    let end = text.find([':', ')'])?;
    let mut on = true;
    let mut switched = Vec::new();
    for letter in text[..end].chars() {
        match letter {
            '-' if on => on = false,
            'm' | 'i' | 'x' => switched.push((letter, on)),
            _ => return None,
        }
    }
    let mut rest = text[end..].chars();
    let mark = rest.next()?;
    Some((switched, mark, rest.as_str()))
}

/// `Regexp.escape`
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '[' | ']' | '{' | '}' | '(' | ')' | '|' | '-' | '*' | '.' | '\\' | '?' | '+' | '^' | '$' | '#' | ' ' => {
                out.push('\\');
                out.push(character);
            }
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{C}' => out.push_str("\\f"),
            '\u{B}' => out.push_str("\\v"),
            other => out.push(other),
        }
    }
    out
}

fn new(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(3))?;
    if let Some(regexp @ Value::Regexp(_)) = args.get(0) {
        return Ok(regexp.clone());
    }
    if let Some(Value::Unknown(hole)) = args.get(0) {
        return Ok(interpreter.derived_prefix("/…/ with ", &Rc::clone(hole)));
    }
    let source = interpreter.to_str(&args.value(0))?;
    let mut options = String::new();
    match args.value(1) {
        Value::Integer(bits) => {
            for (letter, bit) in [('i', 1), ('x', 2), ('m', 4), ('n', 32)] {
                if bits & bit != 0 {
                    options.push(letter);
                }
            }
        }
        other if other.truthy() => options.push('i'),
        _ => {}
    }
    interpreter.make_regexp(&source, &options)
}

fn escape_text(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let text = match args.value(0) {
        Value::Symbol(name) => name.to_string(),
        other => interpreter.to_str(&other)?,
    };
    Ok(Value::str(escape(&text)))
}

fn union(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let list = match args.list.as_slice() {
        [Value::Array(array)] => array.items.borrow().clone(),
        many => many.to_vec(),
    };
    match list.as_slice() {
        [] => return interpreter.make_regexp("(?!)", ""),
        [one @ Value::Regexp(_)] => return Ok(one.clone()),
        _ => {}
    }
    let single = list.len() == 1;
    let mut parts = Vec::new();
    for value in list {
        parts.push(match &value {
            Value::Regexp(regexp) if !single => embedded(regexp),
            Value::Symbol(name) => escape(name.as_str()),
            other => escape(&interpreter.to_str(other)?),
        });
    }
    interpreter.make_regexp(&parts.join("|"), "")
}

fn last_match(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let found = interpreter.scope().frame.last_match.borrow().clone();
    if args.is_empty() || found.is_nil() {
        return Ok(found);
    }
    interpreter.send(&found, "[]", &args.list)
}

fn names(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let regexp = this(interpreter, me)?;
    let mut list: Vec<String> = Vec::new();
    for name in &regexp.names {
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
    Ok(Value::strings(list))
}

fn named_captures(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let regexp = this(interpreter, me)?;
    let hash = Value::new_hash();
    for name in &regexp.names {
        let numbers = regexp.names.iter().zip(1i64..).filter(|(known, _)| *known == name).map(|(_, number)| Value::Integer(number));
        hash.insert_plain(Value::str(name.clone()), Value::array(numbers.collect()));
    }
    Ok(Value::Hash(hash))
}

/// The text that a match method was given; `None` for `nil`.
fn subject(interpreter: &mut Interpreter, value: &Value) -> Eval<Option<Rc<str>>> {
    match value {
        Value::Nil => Ok(None),
        Value::Str(text) => Ok(Some(text.text.borrow().as_str().into())),
        Value::Symbol(name) => Ok(Some(name.as_str().into())),
        other => Ok(Some(interpreter.to_str(other)?.into())),
    }
}

/// The byte at which a search from character `position` begins.
fn start_byte(interpreter: &mut Interpreter, text: &str, position: Option<&Value>) -> Eval<Option<usize>> {
    let Some(position) = position else { return Ok(Some(0)) };
    let mut position = interpreter.to_integer(position)?;
    if position < 0 {
        position += i64::try_from(char_count(text)).unwrap_or(i64::MAX);
    }
    Ok(usize::try_from(position).ok().and_then(|position| byte_index(text, position)))
}

fn matched(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let regexp = this(interpreter, me)?;
    let Some(text) = subject(interpreter, &args.value(0))? else {
        return Ok(interpreter.set_last_match(None));
    };
    let Some(start) = start_byte(interpreter, &text, args.get(1))? else {
        return Ok(interpreter.set_last_match(None));
    };
    let found = interpreter.search_and_set(&Pattern::Regexp(regexp), &text, start)?;
    let data = interpreter.scope().frame.last_match.borrow().clone();
    match (&args.block, found) {
        (Some(block), Some(_)) => interpreter.yield_values(block, vec![data]),
        _ => Ok(data),
    }
}

fn matches(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let regexp = this(interpreter, me)?;
    let Some(text) = subject(interpreter, &args.value(0))? else { return Ok(Value::Bool(false)) };
    let Some(start) = start_byte(interpreter, &text, args.get(1))? else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(interpreter.regexp_matches(&regexp, &text, start)?))
}

fn position(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let regexp = this(interpreter, me)?;
    let Some(text) = subject(interpreter, &args.value(0))? else {
        return Ok(interpreter.set_last_match(None));
    };
    let found = interpreter.search_and_set(&Pattern::Regexp(regexp), &text, 0)?;
    Ok(found.map_or(Value::Nil, |found| Value::Integer(char_count(&text[..found.start()]).try_into().unwrap_or(i64::MAX))))
}

fn case_equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let regexp = this(interpreter, me)?;
    let text: Rc<str> = match args.value(0) {
        Value::Str(text) => text.text.borrow().as_str().into(),
        Value::Symbol(name) => name.as_str().into(),
        other @ Value::Object(_) if interpreter.responds_to(&other, "to_str")? => interpreter.to_str(&other)?.into(),
        _ => {
            interpreter.set_last_match(None);
            return Ok(Value::Bool(false));
        }
    };
    Ok(Value::Bool(interpreter.search_and_set(&Pattern::Regexp(regexp), &text, 0)?.is_some()))
}

fn equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let regexp = this(interpreter, me)?;
    Ok(Value::Bool(match args.value(0) {
        Value::Regexp(other) => regexp.source == other.source && regexp.options == other.options,
        _ => false,
    }))
}
