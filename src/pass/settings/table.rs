//! The table while it is made: for each variable, who says what in which environment and on which layer.

use std::collections::BTreeMap;

use crate::blueprint::Origin;
use crate::secrecy;
use crate::text::{Part, Text};

/// The variables by name.
#[derive(Debug, Default)]
pub struct Table {
    rows: BTreeMap<String, Row>,
}

/// One variable.
#[derive(Debug, Default)]
pub struct Row {
    said: Vec<Said>,
    /// Any environment holds a secret in it: then all do.
    pub secret: bool,
    /// Where it is set.
    pub origin: Vec<Origin>,
}

/// One value.
#[derive(Debug)]
struct Said {
    environment: usize,
    layer: Option<String>,
    value: Text,
    by: String,
}

impl Table {
    /// Notes that `name` is `value` in environment `environment`, on all hosts.
    pub fn set(&mut self, name: &str, environment: usize, value: Text, origin: Vec<Origin>) {
        self.add(name, environment, None, value, origin);
    }

    /// Notes that `name` is `value` on the hosts of one layer.
    pub fn set_on(&mut self, name: &str, environment: usize, layer: &str, value: Text, origin: Vec<Origin>) {
        self.add(name, environment, Some(layer.to_owned()), value, origin);
    }

    fn add(&mut self, name: &str, environment: usize, layer: Option<String>, value: Text, origin: Vec<Origin>) {
        let row = self.rows.entry(name.to_owned()).or_default();
        let value = secrecy::mark_text(name, name, false, &value, "a variable of the environment");
        row.secret |= value.is_secret() || secrecy::name_is_secret(name);
        let by = origin.first().map(|origin| origin.what.clone()).unwrap_or_default();
        row.said.push(Said { environment, layer, value, by });
        for one in origin {
            if !row.origin.contains(&one) {
                row.origin.push(one);
            }
        }
    }

    /// Whether `name` is in the table.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.rows.contains_key(name)
    }

    /// The address in a secret value whose password alone is secret: `redis://cache.shop.example:6379/0`.
    #[must_use]
    pub fn address(&self, name: &str, environment: usize) -> Option<String> {
        let mut shown = String::new();
        for part in self.rows.get(name)?.value(environment)?.parts() {
            match part {
                Part::Literal(text) => shown.push_str(text),
                Part::Hole(hole) if hole.secret => {}
                Part::Hole(_) => return None,
            }
        }
        let (scheme, rest) = shown.split_once("://")?;
        let host = rest.rsplit_once('@')?.1;
        Some(format!("{scheme}://{}", host.split(['?', '#']).next().unwrap_or(host)))
    }

    /// The variables, sorted by name.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.rows.iter().map(|(name, row)| (name.as_str(), row))
    }
}

impl Row {
    /// The value in an environment: what is said last, on the first layer where layers differ.
    #[must_use]
    pub fn value(&self, environment: usize) -> Option<&Text> {
        let layers = self.layers(environment);
        let first = self.said.iter().filter(|said| said.environment == environment).find_map(|said| layers.get(said.layer.as_deref()?));
        first.copied().or_else(|| self.said.iter().rev().find(|said| said.environment == environment).map(|said| &said.value))
    }

    /// Every value, in all environments.
    pub fn values(&self) -> impl Iterator<Item = &Text> {
        self.said.iter().map(|said| &said.value)
    }

    /// The last value of each layer, where layers of the environment have different ones; else nothing.
    #[must_use]
    pub fn layers(&self, environment: usize) -> BTreeMap<&str, &Text> {
        let mut last: BTreeMap<&str, &Text> = BTreeMap::new();
        for said in self.said.iter().filter(|said| said.environment == environment) {
            if let Some(layer) = &said.layer {
                last.insert(layer, &said.value);
            }
        }
        let mut values = last.values();
        let first = values.next();
        if values.all(|value| first.is_some_and(|first| alike(first, value))) {
            last.clear();
        }
        last
    }

    /// Two places that give the variable different values in one environment, on one layer: the one that counts comes last.
    #[must_use]
    pub fn dispute(&self) -> Option<(usize, [(&str, &Text); 2])> {
        for (number, one) in self.said.iter().enumerate() {
            let same = |other: &&Said| other.environment == one.environment && (other.layer == one.layer || one.layer.is_none());
            let Some(other) = self.said[number + 1..].iter().rfind(same) else { continue };
            // A host meets Setup, Configure and Deploy: the same resource says it again.
            if !alike(&other.value, &one.value) && other.by != one.by {
                return Some((one.environment, [(&one.by, &one.value), (&other.by, &other.value)]));
            }
        }
        None
    }
}

/// Whether two texts are the same: what only a host knows has another origin on each, and a secret may be another under the same name.
#[must_use]
pub fn alike(one: &Text, other: &Text) -> bool {
    let same = |parts: (&Part, &Part)| match parts {
        (Part::Literal(a), Part::Literal(b)) => a == b,
        (Part::Hole(a), Part::Hole(b)) => a.name == b.name && (!a.secret || a.value == b.value),
        _ => false,
    };
    one.parts().len() == other.parts().len() && one.parts().iter().zip(other.parts()).all(same)
}
