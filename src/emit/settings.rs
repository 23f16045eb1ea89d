//! Which variables go where: plain, secret, or filled in by the cluster.
//!
//! A variable that is a secret in one environment is one in all: its value is written nowhere.

use crate::blueprint::{Setting, Variable};
use crate::emit::layout::Layout;

/// How a variable reaches a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A value that may be written down.
    Plain,
    /// Only its name is written.
    Secret,
    /// The pod's own name.
    PodName,
    /// No environment has a value that is known now.
    Unknown,
}

/// What kind of variable it is.
#[must_use]
pub fn kind(variable: &Variable) -> Kind {
    let any = |wanted: fn(&Setting) -> bool| variable.value.values.iter().flatten().any(wanted);
    if variable.secret || any(|setting| matches!(setting, Setting::Secret)) {
        Kind::Secret
    } else if any(|setting| matches!(setting, Setting::PodName)) {
        Kind::PodName
    } else if any(|setting| matches!(setting, Setting::Known(_))) {
        Kind::Plain
    } else {
        Kind::Unknown
    }
}

/// Variables of one kind with a usable name, in the blueprint's order, each name once.
pub fn of_kind<'a>(layout: &Layout<'a>, wanted: Kind) -> Vec<&'a Variable> {
    let mut found: Vec<&Variable> = Vec::new();
    for variable in &layout.blueprint.variables {
        if kind(variable) == wanted && is_name(&variable.name) && !found.iter().any(|other| other.name == variable.name) {
            found.push(variable);
        }
    }
    found
}

/// Whether the blueprint says that variable `name` is a secret.
#[must_use]
pub fn is_secret(layout: &Layout, name: &str) -> bool {
    layout.blueprint.variables.iter().any(|variable| variable.name == name && kind(variable) == Kind::Secret)
}

/// The value in place `index`, where it may be written down.
#[must_use]
pub fn known<'a>(layout: &Layout, variable: &'a Variable, index: usize) -> Option<&'a str> {
    match layout.at(&variable.value, index) {
        Some(Setting::Known(value)) if kind(variable) == Kind::Plain => Some(value),
        _ => None,
    }
}

/// Names that a shell, an env file and a `ConfigMap` all take.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}
