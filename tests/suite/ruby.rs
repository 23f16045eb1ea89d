//! `ruby/TOPIC.jsonl`: code, its value (or error) and what it printed.

use std::path::Path;
use std::rc::Rc;

use ekiben::read::ruby::parse;
use ekiben::ruby::flow::Flow;
use ekiben::ruby::interpreter::Interpreter;
use ekiben::ruby::value::Value;
use ekiben::source::SourceMap;
use serde_json::{Value as Json, json};

use super::Outcome;

pub fn cases(folder: &Path) -> Vec<Outcome> {
    super::lines(folder).iter().map(|case| Outcome { id: case["id"].as_str().unwrap_or("?").to_owned(), failure: check(case) }).collect()
}

fn check(case: &Json) -> Option<String> {
    let mut sources = SourceMap::new();
    let file = sources.add_text("case.rb", case["code"].as_str().unwrap_or(""));
    let sources = Rc::new(sources);
    let (tree, problems) = parse(&sources, file);
    let mut interpreter = Interpreter::new(Rc::clone(&sources));
    let scope = interpreter.scope();
    let answer = if let Some(problem) = problems.first() {
        json!({"error": {"class": "SyntaxError", "message": problem.message}})
    } else {
        match interpreter.run(&scope, &tree) {
            Ok(value) => json!({"value": to_json(&mut interpreter, &value, 0)}),
            Err(flow) => match *flow {
                Flow::Raise(error) => {
                    let (class, message) = interpreter.describe_exception(&error);
                    json!({"error": {"class": class, "message": message}})
                }
                Flow::Halt(why) => json!({"halt": why}),
                _ => json!({"error": {"class": "LocalJumpError", "message": ""}}),
            },
        }
    };
    let expect = &case["expect"];
    let same = match expect.get("error") {
        Some(error) => answer["error"]["class"] == error["class"],
        None => equal(&answer["value"], &expect["value"]) && answer.get("value").is_some(),
    };
    let printed = case["stdout"].as_str().unwrap_or("");
    if same && printed == interpreter.stdout {
        return None;
    }
    let mut difference = format!("code {}\nwant {expect}\n got {answer}", case["code"]);
    if printed != interpreter.stdout {
        difference.push_str(&format!("\nwant stdout {printed:?}\n got stdout {:?}", interpreter.stdout));
    }
    Some(difference)
}

/// Numbers compare as numbers of one kind: `1` is not `1.0`.
pub fn equal(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(a), Json::Number(b)) => {
            let float = |n: &serde_json::Number| n.to_string().contains(['.', 'e', 'E']);
            float(a) == float(b) && (a.to_string() == b.to_string() || a.as_f64() == b.as_f64())
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Json::Object(a), Json::Object(b)) => a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b))),
        _ => left == right,
    }
}

/// A value as the suite writes it: JSON where it has a form, else what `inspect` prints.
pub fn to_json(interpreter: &mut Interpreter, value: &Value, depth: usize) -> Json {
    if depth > 60 {
        return json!("...");
    }
    match value {
        Value::Nil => Json::Null,
        Value::Bool(b) => json!(b),
        Value::Integer(i) => json!(i),
        Value::Float(f) if f.is_finite() => {
            let text = interpreter.inspect(value).unwrap_or_else(|_| f.to_string());
            serde_json::from_str(&text).unwrap_or_else(|_| json!(f))
        }
        Value::Str(text) => json!(*text.text.borrow()),
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            Json::Array(items.iter().map(|item| to_json(interpreter, item, depth + 1)).collect())
        }
        Value::Hash(hash) => {
            let mut map = serde_json::Map::new();
            for (key, value) in hash.pairs() {
                let key = match &key {
                    Value::Str(text) => text.text.borrow().clone(),
                    Value::Symbol(name) => name.to_string(),
                    other => interpreter.inspect(other).unwrap_or_default(),
                };
                let value = to_json(interpreter, &value, depth + 1);
                map.insert(key, value);
            }
            Json::Object(map)
        }
        other => json!(interpreter.inspect(other).unwrap_or_else(|_| "?".to_owned())),
    }
}
