//! Recipes written in YAML or JSON: a list of resources with their properties.
//!
//! `resources: [{type: file, name: /a, mode: "0644"}]` declares `file '/a'` with that mode.

use serde_yaml::Value as Yaml;

use crate::chef::datum;
use crate::chef::recipe::class_of_type;
use crate::chef::resource::declare;
use crate::graph::Datum;
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::source::{FileId, Span};
use crate::text::Text;

/// Declares the resources of the file.
///
/// # Errors
/// `ArgumentError` where it is not of the form; what setting a property raises.
pub fn run(interpreter: &mut Interpreter, file: FileId) -> Eval {
    let text = interpreter.sources.file(file).text().to_owned();
    let path = interpreter.sources.file(file).path.clone();
    let parsed: Yaml = match serde_yaml::from_str(&text) {
        Ok(parsed) => parsed,
        Err(error) => return interpreter.argument_error(format!("YAML recipe '{path}' cannot be read: {error}")),
    };
    let list = match &parsed {
        Yaml::Sequence(list) => list.clone(),
        other => match other.get("resources") {
            Some(Yaml::Sequence(list)) => list.clone(),
            _ => {
                let message = format!("YAML recipe '{path}' must contain a top-level 'resources' hash (YAML sequence), i.e. 'resources:'");
                return interpreter.argument_error(message);
            }
        },
    };
    let mut from = 0;
    for item in list {
        let Yaml::Mapping(item) = item else { continue };
        let field = |name: &str| item.get(name).and_then(Yaml::as_str).unwrap_or("").to_owned();
        let (kind, name) = (Name::new(&field("type")), field("name"));
        let class = class_of_type(interpreter, kind)?;
        // The parser tells no places: the next mention of the type is where it stands.
        let at = text.get(from..).and_then(|rest| rest.find(&format!("type: {kind}"))).map_or(from, |offset| from + offset);
        from = at + usize::from(at < text.len());
        let resource = declare::build(interpreter, kind, &class, &Value::str(name), None, Span::new(file, at, at + 1))?;
        declare::insert(interpreter, &resource)?;
        for (key, value) in &item {
            let key = key.as_str().unwrap_or("");
            if key == "type" || key == "name" {
                continue;
            }
            let value = datum::to_value(interpreter, &plain(value));
            interpreter.send(&resource, key, &[value])?;
        }
    }
    Ok(Value::Nil)
}

fn plain(value: &Yaml) -> Datum {
    match value {
        Yaml::Null => Datum::Nil,
        Yaml::Bool(b) => Datum::Bool(*b),
        Yaml::Number(number) => number.as_i64().map_or_else(|| Datum::Float(number.as_f64().unwrap_or(0.0)), Datum::Integer),
        Yaml::String(text) => Datum::Text(Text::literal(text.as_str())),
        Yaml::Sequence(items) => Datum::List(items.iter().map(plain).collect()),
        Yaml::Mapping(map) => Datum::Map(map.iter().map(|(key, value)| (key.as_str().unwrap_or("").to_owned(), plain(value))).collect()),
        Yaml::Tagged(tagged) => plain(&tagged.value),
    }
}
