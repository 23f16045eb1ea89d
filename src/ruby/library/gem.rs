//! `Gem::Version`: versions as RubyGems orders them.
//!
//! `Gem::Version.new('1.10') > Gem::Version.new('1.9')`.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::read::version::GemVersion;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const VERSION: &[(&str, Native)] = &[
    ("initialize", |interpreter, me, args| {
        interpreter.check_arity(args, 1, Some(1))?;
        let text = interpreter.display(&args.value(0))?;
        if text.parse::<GemVersion>().is_err() {
            let shown = interpreter.to_text(&text).to_string();
            return interpreter.argument_error(format!("Malformed version number string {shown}"));
        }
        interpreter.set_ivar(me, "@version", Value::str(text.trim()));
        Ok(Value::Nil)
    }),
    ("<=>", |interpreter, me, args| {
        let order = order(interpreter, me, &args.value(0))?;
        Ok(order.map_or(Value::Nil, |order| Value::Integer(order as i64)))
    }),
    ("==", |interpreter, me, args| Ok(Value::Bool(order(interpreter, me, &args.value(0))? == Some(Ordering::Equal)))),
    ("to_s", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@version"))),
    ("version", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@version"))),
    ("inspect", |interpreter, me, _| {
        let version = interpreter.get_ivar(me, "@version");
        let shown = interpreter.inspect(&version)?;
        Ok(Value::str(format!("Gem::Version.new({shown})")))
    }),
    ("prerelease?", |interpreter, me, _| {
        let version = version(interpreter, me)?;
        Ok(Value::Bool(version.is_some_and(|version| version.is_prerelease())))
    }),
    ("segments", |interpreter, me, _| {
        let text = interpreter.get_ivar(me, "@version").text().unwrap_or_default();
        let parts = text.split('.').map(|part| part.parse().map_or_else(|_| Value::str(part), Value::Integer));
        Ok(Value::array(parts.collect()))
    }),
];

/// Defines the class.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let comparable = Rc::clone(&interpreter.classes.comparable);
    interpreter.define_module_path("Gem");
    let class = interpreter.define_class_path("Gem::Version", &object);
    class.includes.borrow_mut().push(comparable);
    interpreter.define(&class, VERSION);
    interpreter.define_singleton(
        &class,
        &[
            ("create", |interpreter, me, args: &Args| {
                let Value::Module(class) = me else { return Ok(Value::Nil) };
                if args.value(0).is_nil() {
                    return Ok(Value::Nil);
                }
                interpreter.instantiate(class, args.clone())
            }),
            ("correct?", |interpreter, _, args: &Args| {
                let text = interpreter.display(&args.value(0))?;
                Ok(Value::Bool(text.parse::<GemVersion>().is_ok()))
            }),
        ],
    );
}

fn version(interpreter: &mut Interpreter, value: &Value) -> Eval<Option<GemVersion>> {
    let text = match value {
        Value::Str(text) => Some(text.text.borrow().clone()),
        value => interpreter.get_ivar(value, "@version").text(),
    };
    Ok(text.and_then(|text| text.parse().ok()))
}

fn order(interpreter: &mut Interpreter, left: &Value, right: &Value) -> Eval<Option<Ordering>> {
    let (left, right) = (version(interpreter, left)?, version(interpreter, right)?);
    Ok(left.zip(right).map(|(left, right)| left.cmp(&right)))
}
