//! `erb/TOPIC.jsonl`: templates rendered by stdlib ERB (`-`) and by Erubis.

use std::path::Path;
use std::rc::Rc;

use ekiben::name::Name;
use ekiben::read::erb::{erb, erubis};
use ekiben::ruby::flow::Flow;
use ekiben::ruby::interpreter::Interpreter;
use ekiben::ruby::module::{MethodBody, Visibility};
use ekiben::ruby::procs::Args;
use ekiben::ruby::value::Value;
use ekiben::source::SourceMap;
use serde_json::Value as Json;

use super::Outcome;

#[derive(Clone, Copy, PartialEq)]
enum Dialect {
    Erb,
    Erubis,
}

pub fn cases(folder: &Path) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for case in super::lines(folder) {
        let id = case["id"].as_str().unwrap_or("?").to_owned();
        for (dialect, key, suffix) in [(Dialect::Erb, "expect", ""), (Dialect::Erubis, "expect_erubis", "#erubis")] {
            let Some(expect) = case.get(key) else { continue };
            outcomes.push(Outcome { id: format!("{id}{suffix}"), failure: check(&case, expect, dialect) });
        }
    }
    outcomes
}

fn check(case: &Json, expect: &Json, dialect: Dialect) -> Option<String> {
    let template = case["template"].as_str().unwrap_or("");
    let answer = render_case(case, template, dialect);
    match (expect.get("text"), &answer) {
        (Some(text), Ok(answer)) if text.as_str() == Some(answer) => None,
        (None, Err(_)) => None,
        _ => Some(format!("template {template:?}\nwant {expect}\n got {answer:?}")),
    }
}

fn source(template: &str, dialect: Dialect, trim: &str) -> String {
    match dialect {
        Dialect::Erb => erb(template, trim),
        Dialect::Erubis => erubis(template),
    }
}

fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or(0.0)), Value::Integer),
        Json::String(s) => Value::str(s.as_str()),
        Json::Array(items) => Value::array(items.iter().map(from_json).collect()),
        Json::Object(map) => Value::hash(map.iter().map(|(key, value)| (Value::str(key.as_str()), from_json(value)))),
    }
}

fn run(interpreter: &mut Interpreter, receiver: &Value, code: String) -> Result<Value, String> {
    let parsed = interpreter.add_generated("template", code);
    if let Some(problem) = parsed.problems.first() {
        return Err(format!("SyntaxError: {}", problem.message));
    }
    let scope = interpreter.top_scope(receiver.clone());
    interpreter.run(&scope, &parsed.tree).map_err(|flow| match *flow {
        Flow::Raise(error) => {
            let (class, message) = interpreter.describe_exception(&error);
            format!("{class}: {message}")
        }
        _ => "unwound".to_owned(),
    })
}

fn render_case(case: &Json, template: &str, dialect: Dialect) -> Result<String, String> {
    let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
    let object = Rc::clone(&interpreter.classes.object);
    let context = interpreter.allocate(&object);
    for (name, value) in case["locals"].as_object().into_iter().flatten() {
        interpreter.set_ivar(&context, &format!("@{name}"), from_json(value));
    }
    let meta = interpreter.singleton_class(&context);
    if let Some(node) = case.get("node") {
        let node = from_json(node);
        let body = MethodBody::Closure(Rc::new(move |_, _, _| Ok(node.clone())));
        interpreter.add_method(&meta, Name::new("node"), body, Visibility::Public);
    }
    if let Some(helpers) = case["helpers"].as_str() {
        let code = format!("module CaseHelpers\n{helpers}\nend\nextend CaseHelpers");
        run(&mut interpreter, &context, code)?;
    }
    let trim = case["trim_mode"].as_str().unwrap_or("-").to_owned();
    let partials = case.get("partials").cloned().unwrap_or(Json::Null);
    let trim_mode = trim.clone();
    let render = MethodBody::Closure(Rc::new(move |interpreter: &mut Interpreter, me: &Value, args: &Args| {
        let name = args.value(0).text().unwrap_or_default();
        let Some(template) = partials[&name].as_str().map(str::to_owned) else {
            return interpreter.argument_error(format!("no such partial {name}"));
        };
        let context = ekiben::ruby::core::object::copy(interpreter, me, true);
        if let Some(Value::Hash(variables)) = args.option("variables") {
            if let Value::Object(object) = &context {
                object.ivars.borrow_mut().clear();
            }
            for (key, value) in variables.pairs() {
                let key = key.text().unwrap_or_default();
                interpreter.set_ivar(&context, &format!("@{key}"), value);
            }
        }
        match run(interpreter, &context, source(&template, dialect, &trim_mode)) {
            Ok(value) => Ok(value),
            Err(message) => {
                let class = Rc::clone(&interpreter.classes.runtime_error);
                interpreter.raise(&class, message)
            }
        }
    }));
    interpreter.add_method(&meta, Name::new("render"), render, Visibility::Public);
    let value = run(&mut interpreter, &context, source(template, dialect, &trim))?;
    interpreter.display(&value).map_err(|_| "no text".to_owned())
}
