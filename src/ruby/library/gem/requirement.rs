//! `Gem::Requirement`: `~> 1.2.3` is satisfied from 1.2.3 up to, but without, 1.3.

use std::cmp::Ordering;
use std::rc::Rc;

use super::version::{Version, version_of};
use crate::ruby::core::machine::{data_of, object_with, receiver_class};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// Operators with versions.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Each of them must hold.
    pub list: Vec<(String, Version)>,
}

impl Requirement {
    /// Whether `version` satisfies it.
    #[must_use]
    pub fn holds(&self, version: &Version) -> bool {
        self.list.iter().all(|(operator, wanted)| {
            let order = version.compare(wanted);
            match operator.as_str() {
                "=" => order == Ordering::Equal,
                "!=" => order != Ordering::Equal,
                ">" => order == Ordering::Greater,
                "<" => order == Ordering::Less,
                ">=" => order != Ordering::Less,
                "<=" => order != Ordering::Greater,
                _ => order != Ordering::Less && version.release().compare(&wanted.bump()) == Ordering::Less,
            }
        })
    }

    /// `>= 0`
    #[must_use]
    pub fn is_default(&self) -> bool {
        matches!(self.list.as_slice(), [(operator, version)] if operator == ">=" && version.text == "0")
    }

    /// `operator version`, each.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.list.iter().map(|(operator, version)| format!("{operator} {}", version.text)).collect()
    }
}

const REQUIREMENT: &[(&str, Native)] = &[
    ("satisfied_by?", satisfied),
    ("===", satisfied),
    ("=~", satisfied),
    ("to_s", |_, me, _| Ok(Value::str(this(me).texts().join(", ")))),
    ("as_list", |_, me, _| Ok(Value::strings(this(me).texts()))),
    ("inspect", |interpreter, me, _| {
        let shown: Eval<Vec<String>> = this(me).texts().into_iter().map(|text| interpreter.inspect(&Value::str(text))).collect();
        Ok(Value::str(format!("Gem::Requirement.new({})", shown?.join(", "))))
    }),
    ("requirements", |interpreter, me, _| {
        let class = super::version::create(interpreter, "0")?;
        let class = interpreter.real_class(&class);
        let pair = |(operator, version): &(String, Version)| {
            Value::array(vec![Value::str(operator.as_str()), object_with(&class, Rc::new(version.clone()))])
        };
        Ok(Value::array(this(me).list.iter().map(pair).collect()))
    }),
    ("none?", |_, me, _| Ok(Value::Bool(this(me).is_default()))),
    ("exact?", |_, me, _| Ok(Value::Bool(matches!(this(me).list.as_slice(), [(operator, _)] if operator == "=")))),
    ("specific?", |_, me, _| {
        let loose = matches!(this(me).list.as_slice(), [(operator, _)] if operator == ">" || operator == ">=");
        Ok(Value::Bool(!loose))
    }),
    ("prerelease?", |_, me, _| Ok(Value::Bool(this(me).list.iter().any(|(_, version)| version.is_prerelease())))),
    ("==", |_, me, args| {
        let sorted = |requirement: &Requirement| {
            let mut texts: Vec<(String, Version)> = requirement.list.clone();
            texts.sort_by_key(|(operator, version)| format!("{operator} {}", version.text));
            texts
        };
        let Some(other) = requirement_of(&args.value(0)) else { return Ok(Value::Nil) };
        let (left, right) = (sorted(&this(me)), sorted(&other));
        let same = left.len() == right.len()
            && left.iter().zip(&right).all(|((a, x), (b, y))| a == b && x.compare(y) == Ordering::Equal && (a != "~>" || x.text == y.text));
        Ok(Value::Bool(same))
    }),
];

const CLASS: &[(&str, Native)] = &[
    ("new", new),
    ("create", |interpreter, me, args| match args.value(0) {
        value if args.len() == 1 && requirement_of(&value).is_some() => Ok(value),
        Value::Nil if args.len() < 2 => new(interpreter, me, &Args::none()),
        _ => new(interpreter, me, args),
    }),
    ("default", |interpreter, me, _| new(interpreter, me, &Args::new(vec![Value::str(">= 0")]))),
    ("default_prerelease", |interpreter, me, _| new(interpreter, me, &Args::new(vec![Value::str(">= 0.a")]))),
    ("parse", |interpreter, _, args| {
        let (operator, version) = parse(interpreter, &args.value(0))?;
        let class = super::version::create(interpreter, "0")?;
        let class = interpreter.real_class(&class);
        Ok(Value::array(vec![Value::str(operator), object_with(&class, Rc::new(version))]))
    }),
];

/// Installs the class.
pub fn install(interpreter: &mut Interpreter) {
    let class = class(interpreter);
    interpreter.define(&class, REQUIREMENT);
    interpreter.define_singleton(&class, CLASS);
    interpreter.looks_at_data(&class);
    bad(interpreter);
}

fn class(interpreter: &mut Interpreter) -> Rc<Module> {
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define_class_path("Gem::Requirement", &object)
}

fn bad(interpreter: &mut Interpreter) -> Rc<Module> {
    let above = Rc::clone(&interpreter.classes.argument_error);
    interpreter.define_class_path("Gem::Requirement::BadRequirementError", &above)
}

/// The requirement that a value is.
#[must_use]
pub fn requirement_of(value: &Value) -> Option<Requirement> {
    data_of::<Requirement>(value).map(|requirement| (*requirement).clone())
}

fn this(me: &Value) -> Requirement {
    requirement_of(me).unwrap_or_else(|| Requirement { list: Vec::new() })
}

/// A `Gem::Requirement` of `values`.
///
/// # Errors
/// `Gem::Requirement::BadRequirementError`
pub fn create(interpreter: &mut Interpreter, values: Vec<Value>) -> Eval {
    let class = class(interpreter);
    interpreter.send(&Value::Module(class), "create", &[Value::array(values)])
}

fn parse(interpreter: &mut Interpreter, value: &Value) -> Eval<(String, Version)> {
    if let Some(version) = version_of(value) {
        return Ok(("=".to_owned(), version));
    }
    let text = interpreter.display(value)?;
    let trimmed = text.trim();
    let operator = ["!=", ">=", "<=", "~>", "=", ">", "<"].into_iter().find(|operator| trimmed.starts_with(operator));
    let rest = operator.map_or(trimmed, |operator| trimmed[operator.len()..].trim_start());
    match Version::parse(rest).filter(|_| !rest.is_empty()) {
        Some(version) => Ok((operator.unwrap_or("=").to_owned(), version)),
        None => {
            let shown = interpreter.inspect(value)?;
            let class = bad(interpreter);
            interpreter.raise(&class, format!("Illformed requirement [{shown}]"))
        }
    }
}

fn flatten(value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::Array(array) => array.items.borrow().iter().for_each(|item| flatten(item, into)),
        Value::Nil => {}
        other => into.push(other.clone()),
    }
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut values = Vec::new();
    args.list.iter().for_each(|value| flatten(value, &mut values));
    let mut list: Vec<(String, Version)> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for value in values {
        if let Some(requirement) = requirement_of(&value) {
            list.extend(requirement.list);
            continue;
        }
        let shown = interpreter.display(&value)?;
        if seen.contains(&shown) {
            continue;
        }
        seen.push(shown);
        list.push(parse(interpreter, &value)?);
    }
    if list.is_empty() {
        list.push(parse(interpreter, &Value::str(">= 0"))?);
    }
    let class = receiver_class(interpreter, me);
    Ok(object_with(&class, Rc::new(Requirement { list })))
}

fn satisfied(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let value = args.value(0);
    if let Value::Unknown(hole) = &value {
        return Ok(interpreter.derived(hole, " (compared)"));
    }
    match version_of(&value) {
        Some(version) => Ok(Value::Bool(this(me).holds(&version))),
        None => {
            let shown = interpreter.inspect(&value)?;
            interpreter.argument_error(format!("Need a Gem::Version: {shown}"))
        }
    }
}
