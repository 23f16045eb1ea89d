//! YAML as people write it: ordered maps, comments above and beside entries, short lists on one line, anchors.
//!
//! In: a [`Node`] tree. Out: text that parsers of YAML 1.1 and 1.2 read alike, because a string stands plain only where no
//! version could take it for something else: `Map::new().with("a", "yes")` gives `a: "yes"`.

mod scalar;
mod write;

pub use write::{Document, render};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point, as it stands: `0.2`.
    Decimal(String),
    /// A string, quoted exactly when it has to be.
    Text(String),
    /// A string in double quotes in any case: the words of a command.
    Quoted(String),
    /// What stands as it is: `0.0`, which a string would not be.
    Verbatim(&'static str),
    /// `*name`.
    Alias(String),
    /// A sequence.
    List(List),
    /// A mapping.
    Map(Map),
}

/// A key of a [`Map`].
#[derive(Debug, Clone, PartialEq)]
enum Key {
    Text(String),
    /// `<<`, the merge key.
    Merge,
}

/// One entry of a [`Map`] or item of a [`List`].
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    above: Vec<String>,
    key: Option<Key>,
    value: Node,
    beside: Option<String>,
}

/// An ordered mapping.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    entries: Vec<Entry>,
    flow: bool,
    spaced: bool,
    anchor: Option<String>,
    pending: Vec<String>,
}

/// A sequence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct List {
    entries: Vec<Entry>,
    flow: bool,
    pending: Vec<String>,
}

impl Map {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty map that is written on one line: `{name: web, port: 80}`.
    #[must_use]
    pub fn flow() -> Self {
        Self { flow: true, ..Self::default() }
    }

    /// With one more entry.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Node>) -> Self {
        self.set(key, value);
        self
    }

    /// With one more entry where `value` is some.
    #[must_use]
    pub fn with_some(self, key: &str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds an entry.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Node>) {
        let above = std::mem::take(&mut self.pending);
        self.entries.push(Entry { above, key: Some(Key::Text(key.into())), value: value.into(), beside: None });
    }

    /// With `<<: *anchor`.
    #[must_use]
    pub fn merge(mut self, anchor: impl Into<String>) -> Self {
        let above = std::mem::take(&mut self.pending);
        self.entries.push(Entry { above, key: Some(Key::Merge), value: Node::Alias(anchor.into()), beside: None });
        self
    }

    /// With a comment above the entry that is added next.
    #[must_use]
    pub fn above(mut self, comment: impl Into<String>) -> Self {
        self.pending.push(comment.into());
        self
    }

    /// With comments above the entry that is added next.
    #[must_use]
    pub fn above_all(mut self, comments: impl IntoIterator<Item = String>) -> Self {
        self.pending.extend(comments);
        self
    }

    /// With a comment beside the entry that was added last.
    #[must_use]
    pub fn beside(mut self, comment: impl Into<String>) -> Self {
        if let Some(last) = self.entries.last_mut() {
            last.beside = Some(comment.into());
        }
        self
    }

    /// With an empty line between entries.
    #[must_use]
    pub fn spaced(mut self) -> Self {
        self.spaced = true;
        self
    }

    /// With an anchor: `&name`.
    #[must_use]
    pub fn anchored(mut self, name: impl Into<String>) -> Self {
        self.anchor = Some(name.into());
        self
    }

    /// Whether there is an entry of that key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| matches!(&entry.key, Some(Key::Text(text)) if text == key))
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

impl List {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty list that is written on one line: `[a, b]`.
    #[must_use]
    pub fn flow() -> Self {
        Self { flow: true, ..Self::default() }
    }

    /// A command in exec form: every word in double quotes, on one line.
    #[must_use]
    pub fn command(words: &[String]) -> Self {
        words.iter().fold(Self::flow(), |list, word| list.item(Node::Quoted(word.clone())))
    }

    /// With one more item.
    #[must_use]
    pub fn item(mut self, value: impl Into<Node>) -> Self {
        self.push(value);
        self
    }

    /// Adds an item.
    pub fn push(&mut self, value: impl Into<Node>) {
        let above = std::mem::take(&mut self.pending);
        self.entries.push(Entry { above, key: None, value: value.into(), beside: None });
    }

    /// With comments above the item that is added next.
    #[must_use]
    pub fn above_all(mut self, comments: impl IntoIterator<Item = String>) -> Self {
        self.pending.extend(comments);
        self
    }

    /// With a comment beside the item that was added last.
    #[must_use]
    pub fn beside(mut self, comment: impl Into<String>) -> Self {
        if let Some(last) = self.entries.last_mut() {
            last.beside = Some(comment.into());
        }
        self
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Node {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Node {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<Map> for Node {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<List> for Node {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}
