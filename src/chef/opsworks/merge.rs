//! Deep merge as Chef does it for JSON on top of JSON: maps are merged, everything else is replaced.
//!
//! `{"puma": {"workers": 4, "threads": 5}}` with the layer's `{"puma": {"workers": 2}}` has two workers and five threads.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::graph::Datum;
use crate::secrecy::FILTERED;
use crate::text::{Hole, Part, Text};

/// `over` on top of `under`.
#[must_use]
pub fn deep_merge(under: &Datum, over: &Datum) -> Datum {
    match (under, over) {
        (Datum::Map(under), Datum::Map(over)) => {
            let mut merged = under.clone();
            for (key, value) in over {
                let value = merged.get(key).map_or_else(|| value.clone(), |below| deep_merge(below, value));
                merged.insert(key.clone(), value);
            }
            Datum::Map(merged)
        }
        (_, over) => over.clone(),
    }
}

/// Like [`deep_merge`], but what is secret below stays secret, with the value from above: a run's own JSON has `Secure` variables in the
/// clear.
#[must_use]
pub fn merge_sealed(under: &Datum, over: &Datum) -> Datum {
    match (under, over) {
        (Datum::Map(below), Datum::Map(above)) => {
            let mut merged = below.clone();
            for (key, value) in above {
                let value = below.get(key).map_or_else(|| value.clone(), |known| merge_sealed(known, value));
                merged.insert(key.clone(), value);
            }
            Datum::Map(merged)
        }
        (Datum::Text(below), Datum::Text(above)) => match (below.parts(), above.known()) {
            ([Part::Hole(hole)], Some(value)) if hole.secret && !value.is_empty() && value != FILTERED => {
                Datum::Text(Text::hole(Rc::new(Hole { value: Some(value.to_owned()), ..Hole::clone(hole) })))
            }
            _ => over.clone(),
        },
        (_, over) => over.clone(),
    }
}

/// What two maps have in common: the same keys with the same values.
#[must_use]
pub fn common(left: &Datum, right: &Datum) -> Datum {
    let (Datum::Map(left), Datum::Map(right)) = (left, right) else { return left.clone() };
    let shared = left.iter().filter_map(|(key, value)| {
        let other = right.get(key)?;
        let both_maps = matches!((value, other), (Datum::Map(_), Datum::Map(_)));
        (both_maps || value == other).then(|| (key.clone(), common(value, other)))
    });
    Datum::Map(shared.collect())
}

/// An empty map.
#[must_use]
pub fn empty() -> Datum {
    Datum::Map(IndexMap::new())
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::*;
    use crate::source::SourceMap;

    fn datum(text: &str) -> Datum {
        json::parse(text, &|_, _| None).unwrap().datum(&SourceMap::new(), "node", "r")
    }

    #[test]
    fn maps_merge_and_everything_else_is_replaced() {
        let merged = deep_merge(&datum(r#"{"a": {"b": 1, "c": [1, 2]}, "d": 1}"#), &datum(r#"{"a": {"c": [3]}, "d": {"e": 1}}"#));
        assert_eq!(merged, datum(r#"{"a": {"b": 1, "c": [3]}, "d": {"e": 1}}"#));
    }

    #[test]
    fn what_is_secret_below_stays_so() {
        let under =
            Datum::Map(IndexMap::from([("USER".to_owned(), Datum::Text(Text::hole(Rc::new(Hole::secret("USER", "secure", None)))))]));
        let Datum::Map(merged) = merge_sealed(&under, &datum(r#"{"USER": "mailer", "HOST": "h"}"#)) else { panic!("a map") };
        let Datum::Text(user) = &merged["USER"] else { panic!("a text") };
        assert_eq!((user.to_string().as_str(), user.holes().next().and_then(|hole| hole.value.as_deref())), ("‹USER›", Some("mailer")));
        assert_eq!(merged["HOST"].as_str(), Some("h"));
    }

    #[test]
    fn common_keeps_what_both_say() {
        let both = common(&datum(r#"{"a": {"b": 1, "c": 2}, "d": 1, "e": 1}"#), &datum(r#"{"a": {"b": 1, "c": 3}, "d": 2}"#));
        assert_eq!(both, datum(r#"{"a": {"b": 1}}"#));
    }
}
