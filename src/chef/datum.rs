//! Between Ruby's values and the graph's plain data.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::graph::Datum;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::secrecy;
use crate::text::Text;

/// How deep nested data is followed.
const DEPTH: usize = 64;

/// What one value among many costs.
const STEPS_A_VALUE: u64 = 16;

/// A Ruby value as plain data. What nests too deep or is too large by the evaluator's bounds is left out.
pub fn from_value(interpreter: &mut Interpreter, value: &Value) -> Datum {
    convert(interpreter, value, 0)
}

fn convert(interpreter: &mut Interpreter, value: &Value, depth: usize) -> Datum {
    // Data that holds itself, or the same many times over, comes to no end.
    if depth > DEPTH || interpreter.charge(STEPS_A_VALUE).is_err() {
        return Datum::Object("...".to_owned());
    }
    match value {
        Value::Nil => Datum::Nil,
        Value::Bool(b) => Datum::Bool(*b),
        Value::Integer(i) => Datum::Integer(*i),
        Value::Float(f) => Datum::Float(*f),
        Value::Symbol(name) => Datum::Text(Text::literal(name.as_str())),
        Value::Str(string) => Datum::Text(interpreter.to_text(&string.text.borrow())),
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            Datum::List(items.iter().map(|item| convert(interpreter, item, depth + 1)).collect())
        }
        // What leaves Ruby of an item is what its `to_hash` says: the data, and which bag it is from.
        Value::Hash(_) if depth < DEPTH && interpreter.real_class(value).display_name() == "Chef::DataBagItem" => {
            match interpreter.send(value, "to_hash", &[]) {
                Ok(plain) => convert(interpreter, &plain, depth + 1),
                Err(_) => Datum::Object("Chef::DataBagItem".to_owned()),
            }
        }
        Value::Hash(hash) => {
            let mut map = IndexMap::new();
            for (key, value) in hash.pairs() {
                let key = interpreter.display(&key).unwrap_or_default();
                let key = interpreter.to_text(&key).to_string();
                let value = convert(interpreter, &value, depth + 1);
                map.insert(key, value);
            }
            Datum::Map(map)
        }
        Value::Proc(code) => match &code.code {
            crate::ruby::procs::Code::Block { block, .. } => Datum::Block(Some(interpreter.location(block.span))),
            _ => Datum::Block(None),
        },
        Value::Module(module) => Datum::Class(module.display_name()),
        Value::Unknown(hole) => Datum::Unknown(hole.clone()),
        Value::Range(_) | Value::Regexp(_) => {
            let text = interpreter.inspect(value).unwrap_or_default();
            Datum::Text(interpreter.to_text(&text))
        }
        Value::Object(_) => {
            let class = interpreter.real_class(value).display_name();
            if interpreter.has_method(value, "to_path".into(), false) || class == "Set" {
                if let Ok(items) = interpreter.send(value, if class == "Set" { "to_a" } else { "to_s" }, &[]) {
                    return convert(interpreter, &items, depth + 1);
                }
            }
            Datum::Object(class)
        }
    }
}

/// Plain data as a Ruby value; keys are strings.
pub fn to_value(interpreter: &mut Interpreter, datum: &Datum) -> Value {
    match datum {
        Datum::Nil | Datum::Block(_) | Datum::Class(_) | Datum::Object(_) => Value::Nil,
        Datum::Bool(b) => Value::Bool(*b),
        Datum::Integer(i) => Value::Integer(*i),
        Datum::Float(f) => Value::Float(*f),
        Datum::Text(text) => interpreter.string_of(text),
        Datum::List(items) => {
            let items = items.iter().map(|item| to_value(interpreter, item)).collect();
            Value::array(items)
        }
        Datum::Map(map) => {
            let hash = Value::new_hash();
            for (key, value) in map {
                let value = to_value(interpreter, value);
                hash.insert_plain(Value::str(key.as_str()), value);
            }
            Value::Hash(hash)
        }
        Datum::Unknown(hole) => Value::Unknown(hole.clone()),
    }
}

/// JSON as plain data; with `secrets`, values under names that mean a secret become secret holes.
#[must_use]
pub fn from_json(json: &Json, secrets: bool) -> Datum {
    from_json_named(json, "", secrets)
}

/// JSON under a key, as plain data; see [`from_json`].
#[must_use]
pub fn from_json_named(json: &Json, name: &str, secrets: bool) -> Datum {
    match json {
        Json::Null => Datum::Nil,
        Json::Bool(b) => Datum::Bool(*b),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Datum::Integer(integer),
            None => Datum::Float(number.as_f64().unwrap_or(0.0)),
        },
        Json::String(text) if secrets => Datum::Text(secrecy::mark(name, text, "a secret by its name")),
        Json::String(text) => Datum::Text(Text::literal(text.as_str())),
        Json::Array(items) => Datum::List(items.iter().map(|item| from_json_named(item, name, secrets)).collect()),
        Json::Object(map) => Datum::Map(map.iter().map(|(key, value)| (key.clone(), from_json_named(value, key, secrets))).collect()),
    }
}
