//! Short forms for building [`Datum`]s.

use indexmap::IndexMap;

use crate::graph::Datum;
use crate::text::Text;

/// A map of members, in order.
pub(super) fn map<K: Into<String>>(members: impl IntoIterator<Item = (K, Datum)>) -> Datum {
    Datum::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect::<IndexMap<_, _>>())
}

/// Known text.
pub(super) fn text(text: &str) -> Datum {
    Datum::Text(Text::literal(text))
}

/// Known text, or nil.
pub(super) fn maybe(text: Option<&str>) -> Datum {
    text.map_or(Datum::Nil, |text| Datum::Text(Text::literal(text)))
}

/// Text, or nil.
pub(super) fn maybe_text(text: Option<&Text>) -> Datum {
    text.map_or(Datum::Nil, |text| Datum::Text(text.clone()))
}

/// A whole number, or nil.
pub(super) fn maybe_integer(number: Option<i64>) -> Datum {
    number.map_or(Datum::Nil, Datum::Integer)
}

/// A list of known texts.
pub(super) fn texts(items: &[String]) -> Datum {
    Datum::List(items.iter().map(|item| text(item)).collect())
}
