//! What an export file says, before anybody knows what it is: a tree of maps, lists and scalars, each with its place.
//!
//! In: JSON ([`super::json`]) or YAML ([`super::yaml`]). Out: [`Node`]s with typed look-ups, and [`Datum`] with secrets marked.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::graph::Datum;
use crate::secrecy;
use crate::source::{FileId, Location, SourceMap, Span};
use crate::text::{Hole, Part, Text};

/// One top-level value of a file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file.
    pub file: FileId,
    /// Its value.
    pub root: Node,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// Where it stands; `None` for what was made up.
    pub span: Option<Span>,
    /// What it is.
    pub value: Value,
}

/// Plain data of JSON and YAML; texts may have holes once a template's references are resolved.
#[derive(Clone, PartialEq, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string.
    Text(Text),
    /// An array.
    List(Vec<Node>),
    /// An object, in the order of the file.
    Map(IndexMap<String, Node>),
}

/// Never prints what the export says: nobody has judged yet what of it is secret.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(_) => f.write_str("a number"),
            Self::Text(_) => f.write_str("a text"),
            Self::List(items) => f.debug_list().entries(items.iter().map(|item| &item.value)).finish(),
            Self::Map(map) => f.debug_map().entries(map.iter().map(|(key, item)| (key, &item.value))).finish(),
        }
    }
}

impl Node {
    /// A value without a place.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self { span: None, value }
    }

    /// Known text without a place.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::new(Value::Text(Text::literal(text)))
    }

    /// The member `key`, unless it is absent or `null`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.get(key).filter(|node| node.value != Value::Null)
    }

    /// The member at the end of a path of keys.
    #[must_use]
    pub fn dig(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The members, when this is a map.
    #[must_use]
    pub fn map(&self) -> Option<&IndexMap<String, Node>> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Sets a member, when this is a map.
    pub fn set(&mut self, key: &str, node: Node) {
        if let Value::Map(map) = &mut self.value {
            map.insert(key.to_owned(), node);
        }
    }

    /// This scalar as text: strings with their holes, numbers and booleans as written.
    #[must_use]
    pub fn as_text(&self) -> Option<Text> {
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(Text::literal(number.as_str())),
            Value::Bool(value) => Some(Text::literal(value.to_string())),
            _ => None,
        }
    }

    /// The known text of this scalar.
    #[must_use]
    pub fn as_string(&self) -> Option<String> {
        self.as_text().and_then(|text| text.known().map(str::to_owned))
    }

    /// The text of member `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<Text> {
        self.get(key).and_then(Node::as_text)
    }

    /// The known text of member `key`.
    #[must_use]
    pub fn string(&self, key: &str) -> Option<String> {
        self.get(key).and_then(Node::as_string)
    }

    /// The boolean of member `key`; templates also write `"true"`.
    #[must_use]
    pub fn boolean(&self, key: &str) -> Option<bool> {
        match self.string(key)?.as_str() {
            "true" | "True" | "yes" => Some(true),
            "false" | "False" | "no" => Some(false),
            _ => None,
        }
    }

    /// The whole number of member `key`; templates also write `"120"`.
    #[must_use]
    pub fn integer(&self, key: &str) -> Option<i64> {
        self.string(key)?.parse().ok()
    }

    /// The elements of member `key`.
    #[must_use]
    pub fn list(&self, key: &str) -> &[Node] {
        match self.get(key).map(|node| &node.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The known texts in the list `key`.
    #[must_use]
    pub fn strings(&self, key: &str) -> Vec<String> {
        self.list(key).iter().filter_map(Node::as_string).collect()
    }

    /// Where it stands, for people.
    #[must_use]
    pub fn origin(&self, sources: &SourceMap) -> Option<Location> {
        self.span.map(|span| sources.location(span))
    }

    /// The value as Chef sees it, with everything secret as holes. `label` is the expression that reaches it (`node`), `reason` where
    /// it comes from.
    #[must_use]
    pub fn datum(&self, sources: &SourceMap, label: &str, reason: &str) -> Datum {
        self.datum_inside(sources, label, label, false, reason)
    }

    fn datum_inside(&self, sources: &SourceMap, label: &str, name: &str, secret: bool, reason: &str) -> Datum {
        match &self.value {
            Value::Null => Datum::Nil,
            Value::Bool(value) => Datum::Bool(*value),
            Value::Number(number) => {
                let datum = number_datum(number);
                match datum {
                    Datum::Integer(value) if secret && value.unsigned_abs() > 999 => {
                        Datum::Text(placed(secrecy::seal(label, number, reason), self.origin(sources)))
                    }
                    other => other,
                }
            }
            Value::Text(text) => Datum::Text(placed(secrecy::mark_text(label, name, secret, text, reason), self.origin(sources))),
            Value::List(items) => Datum::List(items.iter().map(|item| item.datum_inside(sources, label, name, secret, reason)).collect()),
            Value::Map(map) => Datum::Map(
                map.iter()
                    .map(|(key, item)| {
                        let inner = format!("{label}['{key}']");
                        (key.clone(), item.datum_inside(sources, &inner, key, secrecy::inherits(secret, key), reason))
                    })
                    .collect(),
            ),
        }
    }
}

/// The secret text of a member that is one by nature (a password field): one secret hole.
#[must_use]
pub fn sealed(node: &Node, key: &str, sources: &SourceMap, label: &str, reason: &str) -> Option<Text> {
    let member = node.get(key)?;
    let text = member.as_text()?;
    if text.known() == Some("") {
        return Some(text);
    }
    Some(placed(secrecy::seal(label, text.known().unwrap_or(secrecy::FILTERED), reason), member.origin(sources)))
}

/// `text` with `origin` in every hole that has none.
#[must_use]
pub fn placed(text: Text, origin: Option<Location>) -> Text {
    if text.known().is_some() || origin.is_none() {
        return text;
    }
    let mut all = Text::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => all.push_str(literal),
            Part::Hole(hole) if hole.origin.is_none() => all.push_hole(Rc::new(Hole { origin: origin.clone(), ..Hole::clone(hole) })),
            Part::Hole(hole) => all.push_hole(Rc::clone(hole)),
        }
    }
    all
}

/// `text` without places in its holes: what is compared (ARNs) must not differ by where it is written.
#[must_use]
pub fn placeless(text: &Text) -> Text {
    let mut all = Text::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => all.push_str(literal),
            Part::Hole(hole) => all.push_hole(Rc::new(Hole { origin: None, ..Hole::clone(hole) })),
        }
    }
    all
}

fn number_datum(number: &str) -> Datum {
    if let Ok(integer) = number.parse() {
        return Datum::Integer(integer);
    }
    number.parse().map_or_else(|_| Datum::Text(Text::literal(number)), Datum::Float)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chef::opsworks::json;

    fn node(text: &str) -> Node {
        json::parse(text, &|_, _| None).unwrap()
    }

    #[test]
    fn look_ups_take_templates_strings_for_booleans_and_numbers() {
        let map = node(r#"{"a": "true", "b": false, "c": "120", "d": 7, "e": null, "f": {"g": ["x", 1]}}"#);
        assert_eq!((map.boolean("a"), map.boolean("b"), map.boolean("c")), (Some(true), Some(false), None));
        assert_eq!((map.integer("c"), map.integer("d")), (Some(120), Some(7)));
        assert!(map.get("e").is_none());
        assert_eq!(map.dig(&["f"]).unwrap().strings("g"), ["x", "1"]);
    }

    #[test]
    fn what_is_not_judged_yet_is_not_printed() {
        assert_eq!(format!("{:?}", node(r#"{"password": "pa55", "n": [1]}"#).value), r#"{"password": a text, "n": [a number]}"#);
    }

    #[test]
    fn the_datum_has_integers_floats_and_secret_holes() {
        let sources = SourceMap::new();
        let datum = node(r#"{"a": 1, "b": 1.5, "db": {"password": "pa55"}, "n": null}"#).datum(&sources, "node", "custom JSON");
        let Datum::Map(map) = datum else { panic!("a map") };
        assert_eq!((&map["a"], &map["b"], &map["n"]), (&Datum::Integer(1), &Datum::Float(1.5), &Datum::Nil));
        let shown = format!("{:?}", map["db"]);
        assert!(shown.contains("node['db']['password']") && !shown.contains("pa55"), "{shown}");
    }
}
