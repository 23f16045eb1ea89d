//! YAML of the project with ERB in it: read with what the tags print left open, and the line of each key.

use serde_yaml::{Mapping, Value};

use super::Scene;
use crate::pass::Sink;

/// A document.
pub struct Document {
    /// Its path in the project.
    pub path: String,
    /// Its keys.
    pub root: Value,
    text: String,
}

/// Reads the file at `path`; a fault is said.
pub fn read(scene: &Scene<'_>, path: &str, sink: &mut Sink) -> Option<Document> {
    let text = without_tags(scene.project.text(scene.input.sources, path)?);
    if text.matches(['[', '{']).count() > 4_000 {
        scene.fault(path, 1, "it has too many brackets", sink);
        return None;
    }
    match serde_yaml::from_str::<Value>(&text) {
        Ok(mut root) => {
            // A merge key that is none stays as it is.
            let _ = root.apply_merge();
            Some(Document { path: path.to_owned(), root, text })
        }
        Err(error) => {
            let line = error.location().map_or(1, |place| u32::try_from(place.line()).unwrap_or(1)).max(1);
            let message = error.to_string();
            scene.fault(path, line, message.split(" at line ").next().unwrap_or_default(), sink);
            None
        }
    }
}

/// The text with `<%= code %>` as the code's words, and other tags taken out.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<%") {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find("%>") else { break };
        let code = rest[at + 2..at + end].trim_matches(['-', ' ']);
        if let Some(code) = code.strip_prefix('=') {
            let plain: String =
                code.trim().chars().filter(|c| !matches!(c, '"' | '\'' | ':' | '#' | '{' | '}' | '[' | ']' | '\n')).collect();
            out.push_str(&format!("\u{2039}{plain}\u{203a}"));
        } else {
            out.extend(code.matches('\n'));
        }
        rest = &rest[at + end + 2..];
    }
    out.push_str(rest);
    out
}

impl Document {
    /// The line of a key, from 1.
    pub fn line(&self, key: &str) -> u32 {
        let found = self.text.lines().zip(1..).find(|(line, _)| {
            let body = line.trim_start().trim_start_matches("- ").trim_start_matches(':').trim_start_matches(['"', '\'']);
            body.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        });
        let named = || self.text.lines().zip(1..).find(|(line, _)| line.contains("name:") && line.contains(key));
        found.or_else(named).map_or(1, |(_, line)| line)
    }

    /// The entries: name and keys, from a hash of hashes or a list of hashes with `name`.
    pub fn entries(&self, within: &Value) -> Vec<(String, Mapping)> {
        match within {
            Value::Mapping(map) => map.iter().filter_map(|(key, value)| Some((text(key)?, value.as_mapping()?.clone()))).collect(),
            Value::Sequence(list) => list
                .iter()
                .filter_map(|value| {
                    let map = value.as_mapping()?;
                    Some((get(map, "name").and_then(text)?, map.clone()))
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// The value of a key, written as a string or a symbol.
pub fn get<'v>(map: &'v Mapping, key: &str) -> Option<&'v Value> {
    map.iter().find(|(name, _)| text(name).as_deref() == Some(key)).map(|(_, value)| value)
}

/// A scalar as text, the colon of a symbol taken off.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.strip_prefix(':').unwrap_or(text).to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Tagged(tagged) => self::text(&tagged.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::without_tags;

    #[test]
    fn tags_leave_words_or_nothing() {
        assert_eq!(without_tags("a: <%= ENV['X'] %>\n<% if x -%>\nb: 1\n"), "a: \u{2039}ENVX\u{203a}\n\nb: 1\n");
    }
}
