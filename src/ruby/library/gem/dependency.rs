//! `Gem::Dependency`: a name with a requirement.

use std::rc::Rc;

use super::requirement::{Requirement, create, requirement_of};
use super::version::{Version, version_of};
use crate::ruby::core::machine::{data_of, object_with, receiver_class};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// What a dependency keeps.
struct Dependency {
    name: String,
    requirement: Value,
    kind: Value,
}

const DEPENDENCY: &[(&str, Native)] = &[
    ("name", |_, me, _| Ok(this(me).map_or(Value::Nil, |dependency| Value::str(dependency.name.as_str())))),
    ("requirement", |_, me, _| Ok(this(me).map_or(Value::Nil, |dependency| dependency.requirement.clone()))),
    ("type", |_, me, _| Ok(this(me).map_or(Value::Nil, |dependency| dependency.kind.clone()))),
    ("runtime?", |_, me, _| Ok(Value::Bool(this(me).is_some_and(|dependency| dependency.kind.text().as_deref() == Some("runtime"))))),
    ("requirements_list", |_, me, _| Ok(Value::strings(requirement(me).texts()))),
    ("prerelease?", |interpreter, me, _| {
        let requirement = this(me).map_or(Value::Nil, |dependency| dependency.requirement.clone());
        interpreter.send(&requirement, "prerelease?", &[])
    }),
    ("to_s", to_s),
    ("inspect", inspect),
    ("match?", is_match),
    ("matches_spec?", is_match),
    ("===", matches_other),
    ("=~", matches_other),
    ("==", |interpreter, me, args| {
        let other = args.value(0);
        let (Some(a), Some(b)) = (this(me), this(&other)) else { return Ok(Value::Bool(false)) };
        let same = a.name == b.name && a.kind.text() == b.kind.text();
        Ok(Value::Bool(same && interpreter.equal(&a.requirement, &b.requirement)?))
    }),
    ("<=>", |_, me, args| {
        let other = args.value(0);
        Ok(match (this(me), this(&other)) {
            (Some(a), Some(b)) => Value::Integer(a.name.cmp(&b.name) as i64),
            _ => Value::Nil,
        })
    }),
];

/// Installs the class.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Gem::Dependency", &object);
    interpreter.define(&class, DEPENDENCY);
    interpreter.define_singleton(&class, &[("new", new)]);
    interpreter.looks_at_data(&class);
}

fn this(me: &Value) -> Option<Rc<Dependency>> {
    data_of::<Dependency>(me)
}

fn requirement(me: &Value) -> Requirement {
    this(me).and_then(|dependency| requirement_of(&dependency.requirement)).unwrap_or(Requirement { list: Vec::new() })
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Value::Str(name) = args.value(0) else {
        let shown = interpreter.inspect(&args.value(0))?;
        return interpreter.argument_error(format!("dependency name must be a String, was {shown}"));
    };
    let mut rest: Vec<Value> = args.list.iter().skip(1).cloned().collect();
    let kind = match rest.last() {
        Some(Value::Symbol(_)) => rest.pop().unwrap_or(Value::Nil),
        _ => Value::symbol("runtime"),
    };
    if !matches!(kind.text().as_deref(), Some("runtime" | "development")) {
        let shown = interpreter.inspect(&kind)?;
        return interpreter.argument_error(format!("Valid types are [:development, :runtime], not {shown}"));
    }
    let requirement = create(interpreter, rest)?;
    let class = receiver_class(interpreter, me);
    let name = name.text.borrow().clone();
    Ok(object_with(&class, Rc::new(Dependency { name, requirement, kind })))
}

fn to_s(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Some(dependency) = this(me) else { return Ok(Value::Nil) };
    let texts = requirement(me).texts().join(", ");
    let kind = dependency.kind.text().unwrap_or_default();
    let suffix = if kind == "runtime" { String::new() } else { format!(", {kind}") };
    Ok(Value::str(format!("{} ({texts}{suffix})", dependency.name)))
}

fn inspect(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let Some(dependency) = this(me) else { return Ok(Value::Nil) };
    let name = interpreter.inspect(&Value::str(dependency.name.as_str()))?;
    let kind = interpreter.inspect(&dependency.kind)?;
    let texts = interpreter.inspect(&Value::str(requirement(me).texts().join(", ")))?;
    let class = interpreter.real_class(me).display_name();
    Ok(Value::str(format!("<{class} type={kind} name={name} requirements={texts}>")))
}

fn is_match(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (name, version) = match args.get(1) {
        Some(version) => (args.value(0), version.clone()),
        None => {
            let spec = args.value(0);
            (interpreter.send(&spec, "name", &[])?, interpreter.send(&spec, "version", &[])?)
        }
    };
    let Some(dependency) = this(me) else { return Ok(Value::Nil) };
    if name.text().as_deref() != Some(dependency.name.as_str()) {
        return Ok(Value::Bool(false));
    }
    let text = interpreter.display(&version)?;
    let Some(version) = version_of(&version).or_else(|| Version::parse(&text)) else {
        return interpreter.argument_error(format!("Malformed version number string {text}"));
    };
    let requirement = requirement(me);
    if requirement.is_default() && !version.is_prerelease() {
        return Ok(Value::Bool(true));
    }
    let prerelease = requirement.list.iter().any(|(_, version)| version.is_prerelease());
    if version.is_prerelease() && !args.value(2).truthy() && !prerelease {
        return Ok(Value::Bool(false));
    }
    Ok(Value::Bool(requirement.holds(&version)))
}

fn matches_other(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = args.value(0);
    let (Some(a), Some(b)) = (this(me), this(&other)) else { return Ok(Value::Nil) };
    let other = requirement(&other);
    let held = match other.list.as_slice() {
        [(operator, version)] if operator == "=" => requirement(me).holds(version),
        _ => false,
    };
    Ok(Value::Bool(a.name == b.name && held))
}
