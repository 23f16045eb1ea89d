//! What is a secret: the judgement over names and values that attribute files, stack exports and data bags share.
//!
//! In: a name and a value as somebody wrote them. Out: a [`Text`] in which everything secret is a secret [`Hole`]:
//! `DATABASE_URL = mysql2://album:pa55@db/album` becomes `mysql2://album:`, a hole `DATABASE_URL_PASSWORD`, `@db/album`.

mod command;
mod line;
mod name;
mod value;

use std::rc::Rc;

use indexmap::IndexMap;

use crate::graph::Datum;
use crate::text::{Hole, Part, Text};

pub use line::mark_text_lines;
pub use name::{inherits, name_is_secret};
pub use value::{certain, holds_secret, is_distinctive, is_opaque};

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
    if let Some((scheme, login)) = value.split_once(' ').filter(|(scheme, _)| name::is_authorization(name) && name::is_scheme(scheme)) {
        let mut text = Text::literal(format!("{scheme} "));
        text.push(&seal(label, login, reason));
        return text;
    }
    value::mark_parts(label, value, reason)
}

/// Like [`mark_as`], of a text that may have holes already: its known pieces are judged with the holes in their places, and a hole that
/// stands where a secret would (`redis://:‹Password›@cache`) becomes a secret one.
#[must_use]
pub fn mark_text(label: &str, name: &str, secret: bool, text: &Text, reason: &str) -> Text {
    /// Stands for a hole: a character for private use, that no shape of a secret knows.
    const HOLE: char = '\u{F8FF}';
    if let Some(value) = text.known() {
        return mark_as(label, name, secret, value, reason);
    }
    let joined: String = text
        .parts()
        .iter()
        .map(|part| match part {
            Part::Literal(literal) => literal.replace(HOLE, "\u{FFFD}"),
            Part::Hole(_) => HOLE.to_string(),
        })
        .collect();
    let mut holes = text.holes();
    let mut marked = Text::default();
    for part in mark_as(label, name, secret, &joined, reason).parts() {
        match part {
            Part::Literal(literal) => {
                for (index, piece) in literal.split(HOLE).enumerate() {
                    if let Some(hole) = (index > 0).then(|| holes.next()).flatten() {
                        marked.push_hole(Rc::clone(hole));
                    }
                    marked.push_str(piece);
                }
            }
            Part::Hole(sealed) => {
                let value = sealed.value.clone().unwrap_or_default();
                let inside: Vec<&Rc<Hole>> = holes.by_ref().take(value.matches(HOLE).count()).collect();
                marked.push_hole(match inside.as_slice() {
                    [] => Rc::clone(sealed),
                    [only] if value.chars().eq([HOLE]) => Rc::new(Hole { secret: true, ..Hole::clone(only) }),
                    _ => Rc::new(Hole { value: None, ..Hole::clone(sealed) }),
                });
            }
        }
    }
    marked
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
        Datum::Text(text) => Datum::Text(mark_text(label, name, secret, text, reason)),
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

    #[test]
    fn text_with_holes_is_judged_around_and_at_them() {
        let hole = |name: &str| Rc::new(Hole::unknown(name, "r"));
        let text = |pieces: &[Result<&str, &str>]| {
            let mut text = Text::default();
            for piece in pieces {
                match piece {
                    Ok(literal) => text.push_str(literal),
                    Err(name) => text.push_hole(hole(name)),
                }
            }
            text
        };
        for (pieces, shown, secrets) in [
            (&[Ok("redis://:pa55@"), Err("Cache"), Ok(":6379")][..], "redis://:‹X_PASSWORD›@‹Cache›:6379", 1),
            (&[Ok("redis://:"), Err("P"), Ok("@"), Err("Cache")], "redis://:‹P›@‹Cache›", 1),
            (&[Ok("redis://:a"), Err("P"), Ok("@"), Err("Cache")], "redis://:‹X_PASSWORD›@‹Cache›", 1),
            (&[Err("A"), Ok("-"), Err("B")], "‹A›-‹B›", 0),
        ] {
            let marked = mark_text("X", "X", false, &text(pieces), "r");
            assert_eq!((marked.to_string().as_str(), marked.holes().filter(|hole| hole.secret).count()), (shown, secrets));
        }
        assert!(mark_text("X", "db_password", false, &text(&[Err("P")]), "r").is_secret());
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
