//! One item of the blueprint as it is shown: a kind, a name, fields, origins.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::blueprint::{Origin, PerEnvironment};
use crate::report::mask::Masker;

/// Columns of a line before a value is broken off with `…`.
const WIDTH: usize = 200;

/// An item.
#[derive(Debug, Clone)]
pub struct Item {
    /// `process`, `schedule`, `variable`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its fields, in order; what is empty is left out.
    pub fields: Vec<(&'static str, Field)>,
    /// Where it comes from: `web/recipes/default.rb:3 package[nginx]`.
    pub origin: Vec<String>,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// It holds.
    Yes,
    /// A command in exec form.
    Words(Vec<String>),
    /// Several texts.
    List(Vec<String>),
    /// By environment, where they differ.
    Each(Vec<(String, Field)>),
}

impl Item {
    /// An item without fields.
    #[must_use]
    pub fn new(kind: &'static str, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), fields: Vec::new(), origin: Vec::new() }
    }

    /// With its origins.
    #[must_use]
    pub fn from(mut self, origin: &[Origin]) -> Self {
        self.origin.extend(origin.iter().map(|one| format!("{} {}", one.location, one.what)));
        self
    }

    /// With a field; empty texts and lists are left out.
    #[must_use]
    pub fn with(mut self, key: &'static str, field: Field) -> Self {
        let empty = match &field {
            Field::Text(text) => text.is_empty(),
            Field::Words(list) | Field::List(list) => list.is_empty(),
            Field::Each(list) => list.is_empty(),
            Field::Number(_) | Field::Yes => false,
        };
        if !empty {
            self.fields.push((key, field));
        }
        self
    }

    /// With a text.
    #[must_use]
    pub fn text(self, key: &'static str, text: impl Into<String>) -> Self {
        self.with(key, Field::Text(text.into()))
    }

    /// With a text that may be missing.
    #[must_use]
    pub fn maybe(self, key: &'static str, text: Option<impl ToString>) -> Self {
        self.with(key, Field::Text(text.map(|text| text.to_string()).unwrap_or_default()))
    }

    /// With a list.
    #[must_use]
    pub fn list(self, key: &'static str, list: impl IntoIterator<Item = impl ToString>) -> Self {
        self.with(key, Field::List(list.into_iter().map(|one| one.to_string()).collect()))
    }

    /// With `key`, where it holds.
    #[must_use]
    pub fn yes(self, key: &'static str, holds: bool) -> Self {
        if holds { self.with(key, Field::Yes) } else { self }
    }

    /// With a value by environment: once, where it is the same everywhere.
    #[must_use]
    pub fn each<T: Clone + PartialEq>(
        self,
        key: &'static str,
        value: &PerEnvironment<T>,
        names: &[String],
        show: impl Fn(&T) -> Field,
    ) -> Self {
        match value.base() {
            None => self,
            Some(base) if value.is_same() => self.with(key, show(base)),
            Some(_) => {
                let name = |index: usize| names.get(index).cloned().unwrap_or_else(|| index.to_string());
                let all = value.values.iter().enumerate().filter_map(|(index, value)| Some((name(index), show(value.as_ref()?))));
                self.with(key, Field::Each(all.collect()))
            }
        }
    }

    /// Hides what `masker` knows to be secret.
    pub fn mask(&mut self, masker: &Masker) {
        self.name = masker.words(&self.name);
        self.fields.iter_mut().for_each(|(_, field)| field.mask(masker));
        self.origin.iter_mut().for_each(|origin| *origin = masker.words(origin));
    }

    /// The JSON object.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("name".to_owned(), Value::from(self.name.clone()));
        for (key, field) in &self.fields {
            object.insert((*key).to_owned(), field.json());
        }
        object.insert("origin".to_owned(), Value::from(self.origin.clone()));
        Value::Object(object)
    }

    /// The lines of the text form.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.fields.iter().map(|(key, field)| cut(&format!("{}: {}", key.replace('_', " "), field.shown()))).collect()
    }

    /// Writes the text form.
    pub fn write(&self, out: &mut String) {
        let _infallible = writeln!(out, "{} {}", self.kind, self.name);
        for line in self.lines() {
            let _infallible = writeln!(out, "  {line}");
        }
        for origin in &self.origin {
            let _infallible = writeln!(out, "  # {origin}");
        }
    }
}

impl Field {
    fn mask(&mut self, masker: &Masker) {
        match self {
            Self::Text(text) => *text = masker.words(text),
            Self::Words(list) | Self::List(list) => list.iter_mut().for_each(|one| *one = masker.words(one)),
            Self::Each(list) => list.iter_mut().for_each(|(_, field)| field.mask(masker)),
            Self::Number(_) | Self::Yes => {}
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.clone()),
            Self::Number(number) => Value::from(*number),
            Self::Yes => Value::Bool(true),
            Self::Words(list) | Self::List(list) => Value::from(list.clone()),
            Self::Each(list) => Value::Object(list.iter().map(|(name, field)| (name.clone(), field.json())).collect()),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.replace('\n', "⏎"),
            Self::Number(number) => number.to_string(),
            Self::Yes => "yes".to_owned(),
            Self::Words(words) => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
            Self::List(list) => list.join(", ").replace('\n', "⏎"),
            Self::Each(list) => {
                let shown: Vec<String> = list.iter().map(|(name, field)| format!("{name} {}", field.shown())).collect();
                shown.join(" | ")
            }
        }
    }
}

/// A word as a shell would need it.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "_-./:=,@%+*{}[]?~‹›".contains(c));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''").replace('\n', "⏎")) }
}

fn cut(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    line.chars().take(WIDTH - 1).chain(std::iter::once('…')).collect()
}
