//! Attribute precedence: ten levels, merged as Chef merges them.
//!
//! `default` < `env_default` < `role_default` < `force_default` < `normal` < `override` < `role_override` < `env_override`
//! < `force_override` < `automatic`. Arrays of the default levels are united, likewise those of the override levels;
//! between the groups hashes merge and everything else replaces.

use std::rc::Rc;

use crate::ruby::value::{Key, Value};

/// The levels, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelName {
    Default,
    EnvironmentDefault,
    RoleDefault,
    ForceDefault,
    Normal,
    Override,
    RoleOverride,
    EnvironmentOverride,
    ForceOverride,
    Automatic,
}

impl LevelName {
    /// All levels, lowest first.
    pub const ALL: [Self; 10] = [
        Self::Default,
        Self::EnvironmentDefault,
        Self::RoleDefault,
        Self::ForceDefault,
        Self::Normal,
        Self::Override,
        Self::RoleOverride,
        Self::EnvironmentOverride,
        Self::ForceOverride,
        Self::Automatic,
    ];

    /// Its name as Chef spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::EnvironmentDefault => "env_default",
            Self::RoleDefault => "role_default",
            Self::ForceDefault => "force_default",
            Self::Normal => "normal",
            Self::Override => "override",
            Self::RoleOverride => "role_override",
            Self::EnvironmentOverride => "env_override",
            Self::ForceOverride => "force_override",
            Self::Automatic => "automatic",
        }
    }
}

/// Merges the values that the ten levels have under one key; `None` where no level has any.
#[must_use]
pub fn merge_levels(values: &[Option<Value>]) -> Option<Value> {
    let group = |range: std::ops::Range<usize>| {
        values.get(range).into_iter().flatten().flatten().cloned().reduce(|low, high| deep_merge(&low, &high))
    };
    let parts = [group(0..4), values.get(4).cloned().flatten(), group(5..9), values.get(9).cloned().flatten()];
    parts.into_iter().flatten().reduce(|low, high| hash_merge(&low, &high))
}

/// `Chef::Node::Attribute#deep_merge!`: hashes merge, arrays unite, `nil` leaves what is there.
fn deep_merge(low: &Value, high: &Value) -> Value {
    match (low, high) {
        (Value::Hash(_), Value::Hash(_)) => merge_hashes(low, high, deep_merge),
        (_, Value::Nil) => low.clone(),
        (Value::Array(a), Value::Array(b)) => {
            let mut items: Vec<Value> = Vec::new();
            let mut seen: Vec<Key> = Vec::new();
            for item in a.items.borrow().iter().chain(b.items.borrow().iter()) {
                let key = Key::plain(item);
                if !seen.contains(&key) {
                    seen.push(key);
                    items.push(item.clone());
                }
            }
            Value::array(items)
        }
        _ => high.clone(),
    }
}

/// `hash_only_merge!`: hashes merge, everything else replaces.
fn hash_merge(low: &Value, high: &Value) -> Value {
    match (low, high) {
        (Value::Hash(_), Value::Hash(_)) => merge_hashes(low, high, hash_merge),
        (_, Value::Nil) => low.clone(),
        _ => high.clone(),
    }
}

fn merge_hashes(low: &Value, high: &Value, inner: fn(&Value, &Value) -> Value) -> Value {
    let (Value::Hash(low), Value::Hash(high)) = (low, high) else { return high.clone() };
    let made = Value::new_hash();
    for (key, value) in low.pairs() {
        made.insert_plain(key, value);
    }
    for (key, value) in high.pairs() {
        let merged = match made.get_plain(&key) {
            Some(known) => inner(&known, &value),
            None => value,
        };
        made.insert_plain(key, merged);
    }
    Value::Hash(Rc::clone(&made))
}
