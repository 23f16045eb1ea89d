//! YAML as [`Node`]s: `CloudFormation` templates with their short forms, and `--output yaml` of the AWS command line.
//!
//! `!GetAtt Db.Endpoint` becomes the long form `{"Fn::GetAtt": "Db.Endpoint"}`, so that nobody else knows of tags.
//! The YAML library tells no places: maps get the line at which their key stands as `key:`, found again in the text.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_yaml::Value as Yaml;

use super::document::{Node, Value};
use super::json::Failure;
use crate::source::{FileId, Span};
use crate::text::Text;

/// Parses all documents of a YAML text.
#[must_use]
pub fn parse_all(text: &str, file: FileId) -> (Vec<Node>, Option<Failure>) {
    let mut nodes = Vec::new();
    let keys = keys(text, file);
    let mut region = (0, keys.len());
    for document in serde_yaml::Deserializer::from_str(text) {
        match Yaml::deserialize(document) {
            Ok(mut value) => {
                // `<<` of a value that is no map stays as it is.
                let _ = value.apply_merge();
                nodes.push(node(&value, &keys, &mut region, Some(Span::new(file, 0, 0))));
            }
            Err(error) => {
                let offset = error.location().map_or(0, |location| location.index().min(text.len()));
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or_default().to_owned();
                return (nodes, Some(Failure { offset, message }));
            }
        }
    }
    (nodes, None)
}

/// A line that begins with `key:`.
struct Key {
    name: String,
    indent: usize,
    span: Span,
}

fn keys(text: &str, file: FileId) -> Vec<Key> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        // `AWS::OpsWorks::Stack` in a list is no key.
        let end = line[indent..]
            .match_indices(':')
            .map(|(at, _)| indent + at)
            .find(|at| line[at + 1..].is_empty() || line[at + 1..].starts_with(char::is_whitespace));
        if let Some(end) = end {
            let name = line[indent..end].trim_matches(['"', '\'']).to_owned();
            found.push(Key { name, indent, span: Span::new(file, offset + indent, offset + end) });
        }
        offset += line.len();
    }
    found
}

/// `region` is the range of keys that may belong to this value, and moves on as they are found: what stands under a key is indented deeper.
fn node(value: &Yaml, keys: &[Key], region: &mut (usize, usize), span: Option<Span>) -> Node {
    let value = match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(*value),
        Yaml::Number(number) => Value::Number(number.to_string()),
        Yaml::String(text) => Value::Text(Text::literal(text.as_str())),
        Yaml::Sequence(items) => Value::List(items.iter().map(|item| node(item, keys, region, span)).collect()),
        Yaml::Mapping(map) => {
            let mut members = IndexMap::new();
            for (key, item) in map {
                let key = scalar(key);
                let found = (region.0..region.1).find(|index| keys[*index].name == key);
                let member = match found {
                    Some(index) => {
                        let deeper = (index + 1..region.1).find(|other| keys[*other].indent <= keys[index].indent);
                        region.0 = deeper.unwrap_or(region.1);
                        node(item, keys, &mut (index + 1, region.0), Some(keys[index].span))
                    }
                    // Inside of braces: the place of what is around it.
                    None => node(item, keys, &mut (0, 0), span),
                };
                members.insert(key, member);
            }
            Value::Map(members)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = tag.trim_start_matches('!');
            let long = if matches!(name, "Ref" | "Condition") { name.to_owned() } else { format!("Fn::{name}") };
            Value::Map(IndexMap::from([(long, node(&tagged.value, keys, region, span))]))
        }
    };
    Node { span, value }
}

fn scalar(key: &Yaml) -> String {
    match key {
        Yaml::String(text) => text.clone(),
        Yaml::Number(number) => number.to_string(),
        Yaml::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_become_long_ones_and_keys_have_their_line() {
        let text = "A:\n  B: !Ref X\n  C: !Join ['-', [a, !Sub '${X}']]\n  D: {E: 1}\nF: !GetAtt Db.Address\n";
        let (nodes, failure) = parse_all(text, FileId(0));
        assert_eq!(failure, None);
        assert_eq!(nodes[0].dig(&["A", "B", "Ref"]).and_then(Node::as_string).as_deref(), Some("X"));
        assert_eq!(nodes[0].dig(&["F", "Fn::GetAtt"]).and_then(Node::as_string).as_deref(), Some("Db.Address"));
        let span = nodes[0].dig(&["A", "C"]).unwrap().span.unwrap();
        assert_eq!(&text[span.start as usize..span.end as usize], "C");
        assert_eq!(nodes[0].dig(&["A", "C", "Fn::Join"]).unwrap().span, Some(span));
    }

    #[test]
    fn keys_of_the_same_name_are_told_apart_by_their_depth() {
        let text = "P: {Type: x}\nA:\n  Type: 'a: b'\n  L:\n  - Type: one\n    Z: 1\n  - Type: two\nType: last\n";
        let (nodes, _) = parse_all(text, FileId(0));
        let line = |node: &Node| text[..node.span.unwrap().start as usize].matches('\n').count() + 1;
        let list = nodes[0].dig(&["A"]).unwrap().list("L");
        assert_eq!(line(nodes[0].dig(&["P", "Type"]).unwrap()), 1);
        assert_eq!(line(nodes[0].dig(&["A", "Type"]).unwrap()), 3);
        assert_eq!((line(list[0].get("Type").unwrap()), line(list[1].get("Type").unwrap())), (5, 7));
        assert_eq!(line(nodes[0].get("Type").unwrap()), 8);
    }

    #[test]
    fn faults_have_a_place() {
        let (_, failure) = parse_all("a: [1,\nb: }", FileId(0));
        assert!(failure.is_some_and(|failure| failure.offset > 0));
    }
}
