//! Text of the input in a template, with nothing in it that CloudFormation would expand.

use crate::emit::yaml::{List, Map, Node};

/// What CloudFormation looks up wherever it stands; there is no escape for it.
const DYNAMIC: &str = "{{resolve:";

/// `{Ref: name}`.
pub fn reference(name: impl Into<String>) -> Map {
    Map::flow().with("Ref", name.into())
}

/// `{Fn::Sub: text}`, for text of our own: legal names and parameters.
pub fn substitute(text: impl Into<String>) -> Map {
    Map::flow().with("Fn::Sub", Node::Quoted(text.into()))
}

/// `{Fn::GetAtt: [name, attribute]}`.
pub fn attribute(name: impl Into<String>, attribute: &str) -> Map {
    Map::flow().with("Fn::GetAtt", List::flow().item(name.into()).item(attribute))
}

/// Whether a text cannot be kept to the letter.
#[must_use]
pub fn is_altered(text: &str) -> bool {
    text.contains(DYNAMIC)
}

/// `text` as a value. It is never given to `Fn::Sub`; where it holds what looks like a parameter, it is put together from two parts,
/// so that neither people nor linters take it for a forgotten `Fn::Sub`.
pub fn plain(text: &str) -> Node {
    let text = text.replace(DYNAMIC, "{{ resolve:");
    if !looks_like_parameter(&text) {
        return Node::Quoted(text);
    }
    let mut parts = List::flow();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("${") {
        parts = parts.item(Node::Quoted(rest[..=at].to_owned()));
        rest = &rest[at + 1..];
    }
    let parts = parts.item(Node::Quoted(rest.to_owned()));
    Node::from(Map::flow().with("Fn::Join", List::flow().item(Node::Quoted(String::new())).item(parts)))
}

/// As [`plain`], and text of several lines as a block.
pub fn block(text: &str) -> Node {
    match plain(text) {
        // Blanks at the end of a line are easily lost.
        Node::Quoted(text) if text.contains('\n') && !text.lines().any(|line| line.ends_with([' ', '\t'])) => Node::Text(text),
        other => other,
    }
}

/// A command in exec form.
pub fn command(words: &[String]) -> List {
    words.iter().fold(List::flow(), |list, word| list.item(plain(word)))
}

/// `${Cluster}` or `${AWS::Region}`: our names are in camel case, those of shell variables hardly ever.
fn looks_like_parameter(text: &str) -> bool {
    text.match_indices("${").any(|(at, _)| {
        let name: String = text[at + 2..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '!')).collect();
        name.starts_with("AWS::") || name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::yaml::{Document, render};

    fn yaml(text: &str) -> String {
        render(&[Document::new(Map::new().with("a", plain(text)))])
    }

    #[test]
    fn nothing_of_the_input_is_expanded() {
        assert_eq!(yaml("echo ${HOME} $$"), "a: \"echo ${HOME} $$\"\n");
        assert_eq!(yaml("x ${Cluster}"), "a: {\"Fn::Join\": [\"\", [\"x $\", \"{Cluster}\"]]}\n");
        assert_eq!(yaml("${AWS::Region}${B}"), "a: {\"Fn::Join\": [\"\", [\"$\", \"{AWS::Region}$\", \"{B}\"]]}\n");
        assert_eq!(yaml("{{resolve:ssm:a}}"), "a: \"{{ resolve:ssm:a}}\"\n");
    }
}
