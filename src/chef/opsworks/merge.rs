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
