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

/// Whose variables: everybody's (`None`), or those that one image alone gets, by the blueprint's name of it.
pub type Scope<'a> = Option<&'a str>;

/// The scopes that have variables: everybody's first, then those of images in the order of the layout.
pub fn scopes<'a>(layout: &Layout<'a>) -> Vec<Scope<'a>> {
    let mut scopes: Vec<Scope<'a>> = vec![None];
    for image in &layout.images {
        let name = image.item.name.as_str();
        if layout.blueprint.variables.iter().any(|variable| variable.images.iter().any(|known| known == name)) {
            scopes.push(Some(name));
        }
    }
    scopes
}

/// What a scope's objects and files are called: `app`, or the image's final name.
pub fn scope_file(layout: &Layout, scope: Scope) -> String {
    scope.map_or_else(|| "app".to_owned(), |image| layout.image_name(image))
}

/// Variables of one kind and scope with a usable name, in the blueprint's order, each name once.
pub fn of_scope<'a>(layout: &Layout<'a>, wanted: Kind, scope: Scope) -> Vec<&'a Variable> {
    let mut found: Vec<&Variable> = Vec::new();
    for variable in &layout.blueprint.variables {
        let mine = match scope {
            None => variable.images.is_empty(),
            Some(image) => variable.images.iter().any(|known| known == image),
        };
        if mine && kind(variable) == wanted && is_name(&variable.name) && !found.iter().any(|other| other.name == variable.name) {
            found.push(variable);
        }
    }
    found
}

/// Variables of one kind in all scopes, in the blueprint's order; a name may stand for several apps.
pub fn of_kind<'a>(layout: &Layout<'a>, wanted: Kind) -> Vec<&'a Variable> {
    layout.blueprint.variables.iter().filter(|variable| kind(variable) == wanted && is_name(&variable.name)).collect()
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
