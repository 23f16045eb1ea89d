//! What every table must hold to.

use std::collections::BTreeSet;

use super::{TYPES, Type};

fn all() -> impl Iterator<Item = &'static Type> {
    TYPES.iter().copied().flatten()
}

#[test]
fn a_class_stands_after_the_one_it_inherits_from() {
    let mut known = BTreeSet::new();
    for kind in all() {
        assert!(kind.above.is_empty() || known.contains(kind.above), "{} below {}", kind.class, kind.above);
        assert!(known.insert(kind.class), "{} twice", kind.class);
    }
}

#[test]
fn names_are_declared_once() {
    let mut known = BTreeSet::new();
    for kind in all() {
        for name in std::iter::once(&kind.name).chain(kind.also) {
            assert!(known.insert(*name), "{name} twice");
        }
        let mut fields = BTreeSet::new();
        for field in kind.properties {
            assert!(fields.insert(field.name), "{}.{} twice", kind.name, field.name);
        }
        for (alias, target) in kind.aliases {
            assert!(fields.contains(target), "{}.{alias} leads to {target}, which is none of its own", kind.name);
        }
    }
}

#[test]
fn a_default_action_is_an_allowed_one() {
    for kind in all() {
        let above = all().find(|other| other.class == kind.above);
        let actions = if kind.actions.is_empty() { above.map_or(kind.actions, |above| above.actions) } else { kind.actions };
        for action in kind.runs {
            assert!(actions.is_empty() || actions.contains(action), "{} runs {action}", kind.name);
        }
    }
}

#[test]
fn every_pattern_compiles_and_no_property_has_two_defaults() {
    for kind in all() {
        for field in kind.properties {
            assert!(!(field.named && field.default.value().is_some()), "{}.{}", kind.name, field.name);
            for pattern in field.pattern {
                assert!(crate::ruby::interpreter::Interpreter::new(std::rc::Rc::default()).make_regexp(pattern, "").is_ok(), "{pattern}");
            }
        }
    }
}
