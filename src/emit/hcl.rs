//! HCL as `terraform fmt` leaves it: ordered attributes and blocks, comments above them, `=` in one column.
//!
//! In: a [`Body`]. Out: text that Terraform and `docker buildx bake` read back exactly: a [`Value::Text`] is never a template.
//! `Body::new().attribute("name", "a ${b}")` gives `name = "a $${b}"`.

mod write;

pub use write::{quoted, render};

/// A value: a literal, or an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string; nothing in it is interpreted.
    Text(String),
    /// A string of literal pieces and expressions.
    Template(Vec<Piece>),
    /// An expression as it stands: `var.region`. It has to be on one line and formed as `terraform fmt` would.
    Expression(String),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Bool(bool),
    /// `[a, b]`, on one line where that is short.
    List(Vec<Value>),
    /// `{ key = value }`, an entry a line.
    Object(Object),
    /// `name(a, b)`: `jsonencode({ … })`.
    Call(String, Vec<Value>),
}

/// A piece of a [`Value::Template`].
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// An expression as it stands.
    Expression(String),
}

/// Entries of an object in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    entries: Vec<Entry>,
    pending: Vec<String>,
}

/// What has a name and a value: an attribute, or an entry of an object.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    above: Vec<String>,
    name: String,
    value: Value,
}

/// One thing of a [`Body`].
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Attribute(Entry),
    Block { above: Vec<String>, kind: String, labels: Vec<String>, body: Body },
    Remark(Vec<String>),
}

/// The content of a file or block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    items: Vec<Item>,
    pending: Vec<String>,
}

impl Body {
    /// An empty body.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let above = std::mem::take(&mut self.pending);
        self.items.push(Item::Attribute(Entry { above, name: name.into(), value: value.into() }));
        self
    }

    /// With one more attribute where `value` is some.
    #[must_use]
    pub fn attribute_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    /// With one more block: `kind "label" { body }`.
    #[must_use]
    pub fn block(mut self, kind: &str, labels: &[&str], body: Self) -> Self {
        self.push(kind, labels, body);
        self
    }

    /// Adds a block.
    pub fn push(&mut self, kind: &str, labels: &[&str], body: Self) {
        let above = std::mem::take(&mut self.pending);
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self.items.push(Item::Block { above, kind: kind.to_owned(), labels, body });
    }

    /// With comments above what is added next.
    #[must_use]
    pub fn above(mut self, comments: impl IntoIterator<Item = String>) -> Self {
        self.pending.extend(comments);
        self
    }

    /// With comments that belong to nothing that follows.
    #[must_use]
    pub fn remark(mut self, comments: impl IntoIterator<Item = String>) -> Self {
        let lines: Vec<String> = comments.into_iter().collect();
        if !lines.is_empty() {
            self.items.push(Item::Remark(lines));
        }
        self
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Object {
    /// An empty object.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more entry.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let above = std::mem::take(&mut self.pending);
        self.entries.push(Entry { above, name: name.into(), value: value.into() });
        self
    }

    /// With comments above the entry that is added next.
    #[must_use]
    pub fn above(mut self, comments: impl IntoIterator<Item = String>) -> Self {
        self.pending.extend(comments);
        self
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Value {
    /// An expression as it stands: `var.region`.
    #[must_use]
    pub fn expression(text: impl Into<String>) -> Self {
        Self::Expression(text.into())
    }

    /// A list of strings.
    #[must_use]
    pub fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(|item| Self::Text(item.as_ref().to_owned())).collect())
    }

    /// `name(argument)`.
    #[must_use]
    pub fn call(name: &str, argument: impl Into<Self>) -> Self {
        Self::Call(name.to_owned(), vec![argument.into()])
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items)
    }
}
