//! Intrinsic functions of `CloudFormation`: what they come to with the parameters' defaults.
//!
//! `{"Fn::Sub": "${App}-cookbooks"}` with the default `shop` is `shop-cookbooks`; what only a deployment decides (`AWS::Region`, a
//! database's address) is a hole that says so.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::document::{Node, Value};
use crate::diagnostic::Diagnostic;
use crate::secrecy;
use crate::source::{SourceMap, Span};
use crate::text::{Hole, Text};

/// Conditions and references that lead around in circles end here.
const DEEPEST: usize = 64;

/// A template with what its functions need.
pub(super) struct Template<'a> {
    root: &'a Node,
    sources: &'a SourceMap,
    complaints: RefCell<Vec<Diagnostic>>,
}

impl<'a> Template<'a> {
    pub(super) fn new(root: &'a Node, sources: &'a SourceMap) -> Self {
        Self { root, sources, complaints: RefCell::default() }
    }

    /// What could not be resolved and is lost.
    pub(super) fn complaints(self) -> Vec<Diagnostic> {
        self.complaints.into_inner()
    }

    /// A resource's properties, resolved.
    pub(super) fn resource(&self, id: &str) -> Option<(String, Node)> {
        let resource = self.root.get("Resources")?.get(id)?;
        Some((id.to_owned(), self.resolve(resource.get("Properties")?)?))
    }

    /// The hole for an attribute of a resource: `Db.Endpoint.Address`.
    pub(super) fn attribute(&self, name: &str, span: Option<Span>) -> Node {
        self.hole(name, format!("attribute of the template's resource `{}`", name.split('.').next().unwrap_or(name)), false, None, span)
    }

    /// `node` with every function replaced; `None` for `AWS::NoValue`.
    pub(super) fn resolve(&self, node: &Node) -> Option<Node> {
        self.within(node, 0)
    }

    /// Whether a condition holds, with the parameters' defaults.
    pub(super) fn condition(&self, name: &str) -> Option<bool> {
        self.holds(self.root.get("Conditions")?.get(name)?, 0)
    }

    fn within(&self, node: &Node, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return Some(self.hole("…", "references in a circle".to_owned(), false, None, node.span));
        }
        let value = match &node.value {
            Value::Map(map) => match map.first() {
                Some((name, argument)) if map.len() == 1 && (name == "Ref" || name.starts_with("Fn::")) => {
                    return self.function(name, argument, node, depth + 1);
                }
                _ => Value::Map(map.iter().filter_map(|(key, item)| Some((key.clone(), self.within(item, depth + 1)?))).collect()),
            },
            Value::List(items) => Value::List(items.iter().filter_map(|item| self.within(item, depth + 1)).collect()),
            Value::Text(text) => return Some(self.dynamic(text, node)),
            other => other.clone(),
        };
        Some(Node { span: node.span, value })
    }

    fn function(&self, name: &str, argument: &Node, node: &Node, depth: usize) -> Option<Node> {
        let resolved = || self.within(argument, depth);
        let known = match name {
            "Ref" => return self.reference(&argument.as_string()?, node.span, depth),
            "Fn::Join" => self.join(argument, depth),
            "Fn::Sub" => self.substitute(argument, depth),
            "Fn::GetAtt" => {
                let parts: Vec<String> = match &argument.value {
                    Value::List(items) => items.iter().filter_map(|item| self.within(item, depth)?.as_string()).collect(),
                    _ => vec![argument.as_string()?],
                };
                return Some(self.attribute(&parts.join("."), node.span));
            }
            "Fn::FindInMap" => self.find_in_map(argument, depth),
            "Fn::If" => match argument.value.items() {
                [condition, yes, no] => match condition.as_string().and_then(|name| self.condition(&name)) {
                    Some(true) => return self.within(yes, depth),
                    Some(false) => return self.within(no, depth),
                    None => {
                        let (yes, no) = (self.within(yes, depth), self.within(no, depth));
                        (yes.as_ref().map(|node| &node.value) == no.as_ref().map(|node| &node.value)).then_some(yes).flatten()
                    }
                },
                _ => None,
            },
            "Fn::Select" => match resolved()?.value.items() {
                [index, list] => {
                    index.as_string().and_then(|index| index.parse::<usize>().ok()).and_then(|index| list.value.items().get(index).cloned())
                }
                _ => None,
            },
            "Fn::Split" => match resolved()?.value.items() {
                [separator, text] => match (separator.as_string(), text.as_string()) {
                    (Some(separator), Some(text)) if !separator.is_empty() => {
                        Some(Node::new(Value::List(text.split(separator.as_str()).map(Node::literal).collect())))
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        Some(known.map_or_else(
            || {
                let label = format!("{name} {}", argument.as_string().unwrap_or_default()).trim().to_owned();
                let mut diagnostic = Diagnostic::note("S017", format!("`{name}` is decided only when the template is deployed"))
                    .help("see what is missing in the report");
                diagnostic.span = node.span;
                self.complaints.borrow_mut().push(diagnostic);
                self.hole(&label, format!("`{name}` is decided when the template is deployed"), false, None, node.span)
            },
            |known| Node { span: node.span, ..known },
        ))
    }

    fn reference(&self, name: &str, span: Option<Span>, depth: usize) -> Option<Node> {
        if name == "AWS::NoValue" {
            return None;
        }
        if let Some(parameter) = self.root.get("Parameters").and_then(|parameters| parameters.get(name)) {
            let secret = parameter.boolean("NoEcho") == Some(true);
            let default = parameter.get("Default");
            if secret {
                let value = default.and_then(Node::as_string).filter(|value| !value.is_empty());
                return Some(self.hole(name, format!("parameter `{name}` that is not shown"), true, value, span));
            }
            let Some(default) = default else {
                return Some(self.hole(name, format!("parameter `{name}` has no default"), false, None, span));
            };
            let list = parameter.string("Type").is_some_and(|kind| kind == "CommaDelimitedList" || kind.starts_with("List<"));
            return match (list, default.as_string()) {
                (true, Some(text)) => {
                    Some(Node { span, value: Value::List(text.split(',').map(|item| Node::literal(item.trim())).collect()) })
                }
                _ => self.within(&Node { span, value: default.value.clone() }, depth),
            };
        }
        let resource = self.root.get("Resources").and_then(|resources| resources.get(name));
        if let Some(kind) = resource.and_then(|resource| resource.string("Type")) {
            // Our records are joined by logical ids.
            return Some(if kind.starts_with("AWS::OpsWorks::") {
                Node { span, ..Node::literal(name) }
            } else {
                self.hole(name, format!("made by the template's resource `{name}` ({kind})"), false, None, span)
            });
        }
        Some(self.hole(name, format!("`{name}` is known when the template is deployed"), false, None, span))
    }

    fn join(&self, argument: &Node, depth: usize) -> Option<Node> {
        let [separator, list] = argument.value.items() else { return None };
        let separator = self.within(separator, depth)?.as_string()?;
        let list = self.within(list, depth)?;
        let Value::List(items) = &list.value else { return None };
        let mut text = Text::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                text.push_str(&separator);
            }
            text.push(&item.as_text()?);
        }
        Some(Node::new(Value::Text(text)))
    }

    fn substitute(&self, argument: &Node, depth: usize) -> Option<Node> {
        let (pattern, variables) = match argument.value.items() {
            [pattern, variables] => (pattern.as_string()?, Some(variables)),
            _ => (argument.as_string()?, None),
        };
        let mut text = Text::default();
        let mut rest = pattern.as_str();
        while let Some(start) = rest.find("${") {
            text.push_str(&rest[..start]);
            let Some(length) = rest[start..].find('}') else { break };
            let name = rest[start + 2..start + length].trim();
            rest = &rest[start + length + 1..];
            if let Some(literal) = name.strip_prefix('!') {
                text.push_str(&format!("${{{literal}}}"));
            } else if let Some(variable) = variables.and_then(|variables| variables.get(name)) {
                text.push(&self.within(variable, depth)?.as_text()?);
            } else if name.contains('.') {
                text.push(&self.attribute(name, argument.span).as_text()?);
            } else {
                text.push(&self.reference(name, argument.span, depth).and_then(|node| node.as_text())?);
            }
        }
        text.push_str(rest);
        Some(Node::new(Value::Text(text)))
    }

    fn find_in_map(&self, argument: &Node, depth: usize) -> Option<Node> {
        let [map, first, second] = argument.value.items() else { return None };
        let keys: Vec<String> = [map, first, second].iter().filter_map(|key| self.within(key, depth)?.as_string()).collect();
        let [map, first, second] = keys.as_slice() else { return None };
        let node = self.root.get("Mappings")?.dig(&[map, first, second])?.clone();
        let secret = [map, first, second].into_iter().fold(false, |secret, key| secrecy::inherits(secret, key));
        Some(match node.as_string().filter(|_| secret) {
            Some(value) => self.hole(second, format!("in the mapping `{map}`"), true, Some(value), node.span),
            None => node,
        })
    }

    fn holds(&self, node: &Node, depth: usize) -> Option<bool> {
        if depth > DEEPEST {
            return None;
        }
        let (name, argument) = node.map()?.first()?;
        let each = || argument.value.items().iter().map(|item| self.holds(item, depth + 1)).collect::<Vec<_>>();
        match name.as_str() {
            "Condition" => self.holds(self.root.get("Conditions")?.get(&argument.as_string()?)?, depth + 1),
            "Fn::Equals" => match argument.value.items() {
                [left, right] => Some(self.within(left, depth + 1)?.as_string()? == self.within(right, depth + 1)?.as_string()?),
                _ => None,
            },
            "Fn::Not" => each().first().copied().flatten().map(|holds| !holds),
            "Fn::And" if each().contains(&Some(false)) => Some(false),
            "Fn::And" => each().into_iter().collect::<Option<Vec<_>>>().map(|all| all.into_iter().all(|holds| holds)),
            "Fn::Or" if each().contains(&Some(true)) => Some(true),
            "Fn::Or" => each().into_iter().collect::<Option<Vec<_>>>().map(|all| all.into_iter().any(|holds| holds)),
            _ => None,
        }
    }

    /// `{{resolve:secretsmanager:…}}` stands for a secret that the template does not have.
    fn dynamic(&self, text: &Text, node: &Node) -> Node {
        let Some(known) = text.known().filter(|known| known.contains("{{resolve:")) else { return node.clone() };
        let mut resolved = Text::default();
        let mut rest = known;
        while let Some(start) = rest.find("{{resolve:") {
            resolved.push_str(&rest[..start]);
            let Some(length) = rest[start..].find("}}") else { break };
            let reference = &rest[start + 2..start + length];
            let hole = self.hole(
                reference,
                "kept by the service that the template names".to_owned(),
                !reference.starts_with("resolve:ssm:"),
                None,
                node.span,
            );
            resolved.push(&hole.as_text().unwrap_or_default());
            rest = &rest[start + length + 2..];
        }
        resolved.push_str(rest);
        Node { span: node.span, value: Value::Text(resolved) }
    }

    fn hole(&self, name: &str, reason: String, secret: bool, value: Option<String>, span: Option<Span>) -> Node {
        let origin = span.map(|span| self.sources.location(span));
        let secret = secret || secrecy::name_is_secret(name.rsplit('.').next().unwrap_or(name));
        let hole = Hole { name: name.to_owned(), reason, secret, value, origin };
        Node { span, value: Value::Text(Text::hole(Rc::new(hole))) }
    }
}

impl Value {
    /// The elements, of a list.
    fn items(&self) -> &[Node] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}
