//! What is a secret: the judgement over names and values that attribute files, stack exports and data bags share.
//!
//! In: a name and a value as somebody wrote them. Out: a [`Text`] in which everything secret is a secret [`Hole`]:
//! `DATABASE_URL = mysql2://album:pa55@db/album` becomes `mysql2://album:`, a hole `DATABASE_URL_PASSWORD`, `@db/album`.

mod name;
mod value;

use std::rc::Rc;

use indexmap::IndexMap;

use crate::graph::Datum;
use crate::text::{Hole, Text};

pub use name::{inherits, name_is_secret};
pub use value::{holds_secret, is_opaque};

/// What the `OpsWorks` API writes in the place of a secret.
pub const FILTERED: &str = "*****FILTERED*****";

/// The text of `value`, with a secret hole for the whole of it where `name` means a secret, and for the parts that look like one otherwise.
#[must_use]
pub fn mark(name: &str, value: &str, reason: &str) -> Text {
    mark_as(name, name, false, value, reason)
}

/// Like [`mark`], with the hole's name (`label`) apart from the name that is judged; `secret` where something around it already says
/// that it is one (a key under `secrets`).
#[must_use]
pub fn mark_as(label: &str, name: &str, secret: bool, value: &str, reason: &str) -> Text {
    if value == FILTERED {
        return seal(label, value, reason);
    }
    let by_name = secret || name_is_secret(name) || (name::ends_in_key(name) && is_opaque(value));
    if by_name && value::can_be_secret(value) {
        return seal(label, value, reason);
    }
    value::mark_parts(label, value, reason)
}

/// A text that is one secret hole, whatever `value` looks like: a `Secure` variable, a password field. The value is kept inside, unless
/// the export had filtered it out already.
#[must_use]
pub fn seal(label: &str, value: &str, reason: &str) -> Text {
    let kept = (!value.is_empty() && value != FILTERED).then(|| value.to_owned());
    Text::hole(Rc::new(Hole::secret(label, reason, kept)))
}

/// Marks every text inside `datum`, whose name is `name`; what stands under a secret name is secret too.
#[must_use]
pub fn mark_datum(name: &str, datum: &Datum, reason: &str) -> Datum {
    mark_inside(name, name, name_is_secret(name), datum, reason)
}

fn mark_inside(label: &str, name: &str, secret: bool, datum: &Datum, reason: &str) -> Datum {
    match datum {
        Datum::Text(text) => match text.known() {
            Some(value) => Datum::Text(mark_as(label, name, secret, value, reason)),
            None => datum.clone(),
        },
        Datum::Integer(number) if secret && number.unsigned_abs() > 999 => Datum::Text(seal(label, &number.to_string(), reason)),
        Datum::List(items) => Datum::List(items.iter().map(|item| mark_inside(label, name, secret, item, reason)).collect()),
        Datum::Map(map) => {
            let mut marked = IndexMap::new();
            for (key, item) in map {
                let inner = format!("{label}['{key}']");
                marked.insert(key.clone(), mark_inside(&inner, key, inherits(secret, key), item, reason));
            }
            Datum::Map(marked)
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, Datum)]) -> Datum {
        Datum::Map(pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    #[test]
    fn a_secret_name_hides_the_whole_value_and_keeps_it_inside() {
        let text = mark("DB_PASSWORD", "pa55word", "custom JSON");
        assert!(text.is_secret());
        assert_eq!(text.to_string(), "‹DB_PASSWORD›");
        assert_eq!(text.holes().next().and_then(|hole| hole.value.clone()).as_deref(), Some("pa55word"));
        assert!(!format!("{text:?}").contains("pa55word"));
    }

    #[test]
    fn a_filtered_value_is_a_hole_without_value_whatever_its_name() {
        let text = mark("LANG", FILTERED, "filtered");
        assert!(text.is_secret());
        assert_eq!(text.holes().next().and_then(|hole| hole.value.clone()), None);
    }

    #[test]
    fn harmless_values_of_secret_names_stay() {
        for value in ["", "true", "false", "plain", "/etc/ssl/private/site.key", "ssh-ed25519 AAAAC3 me", "${DB_PASSWORD}", "off"] {
            assert_eq!(mark("ssl_private_key", value, "r").known(), Some(value), "{value}");
        }
    }

    #[test]
    fn what_stands_under_a_secret_name_is_secret() {
        let tree = map(&[
            ("secrets", map(&[("github", "abc".into_datum()), ("host", "git.example".into_datum())])),
            ("passwords", Datum::List(vec!["one".into_datum()])),
            ("admins", map(&[("sato", "ssh-ed25519 AAAAC3-example".into_datum())])),
            ("pin", Datum::Integer(4)),
            ("db_password", Datum::Integer(123_456)),
        ]);
        let shown = format!("{:?}", mark_datum("node", &tree, "custom JSON"));
        assert!(!shown.contains("\"abc\"") && !shown.contains("\"one\"") && !shown.contains("123456"), "{shown}");
        assert!(shown.contains("git.example") && shown.contains("ssh-ed25519") && shown.contains("Integer(4)"), "{shown}");
        assert!(shown.contains("node['secrets']['github']"), "{shown}");
    }

    trait IntoDatum {
        fn into_datum(self) -> Datum;
    }
    impl IntoDatum for &str {
        fn into_datum(self) -> Datum {
            Datum::Text(Text::literal(self))
        }
    }
}
