//! Variables of an image: those of the runtime in the first stage, the application's own beside its source.

use crate::blueprint::Image;
use crate::emit::docker::dependency;
use crate::emit::docker::instruction::Instruction;
use crate::emit::{origin, settings};

/// Variables that belong to the runtime: they change with it, not with the source.
const RUNTIME: &[&str] =
    &["BUNDLE_", "GEM_", "JAVA_", "LANG", "LC_", "MALLOC_", "NODE_", "PATH", "PYTHON", "RACK_ENV", "RAILS_ENV", "RUBY", "TZ"];

/// Has to come after the package that it names.
const PRELOAD: &str = "LD_PRELOAD";

/// The first stage's variables.
#[must_use]
pub fn of_runtime(image: &Image) -> Option<Instruction> {
    let given = |name: &str| image.variables.contains_key(name);
    let mut values: Vec<(String, String, String)> = dependency::defaults(image)
        .into_iter()
        .filter(|(name, _)| !given(name))
        .map(|(name, value)| (name.to_owned(), value, String::new()))
        .collect();
    values.extend(of(image, |name| is_runtime(image, name)));
    // PATH refers to itself, which must stay unquoted.
    let (path, mut values): (Vec<_>, Vec<_>) = values.into_iter().partition(|(name, value, _)| name == "PATH" && value.contains("$PATH"));
    values.sort_by(|one, other| one.0.cmp(&other.0));
    if values.is_empty() && path.is_empty() {
        return None;
    }
    Some(Instruction::env(path.into_iter().chain(values)))
}

/// `LD_PRELOAD`, after the packages.
#[must_use]
pub fn preload(image: &Image) -> Option<Instruction> {
    let values = of(image, |name| name == PRELOAD);
    (!values.is_empty()).then(|| Instruction::env(values).spaced())
}

/// The last stage's variables.
#[must_use]
pub fn of_source(image: &Image) -> Option<Instruction> {
    let values = of(image, |name| name != PRELOAD && !is_runtime(image, name));
    (!values.is_empty()).then(|| Instruction::env(values).spaced())
}

/// All variables of an image with one stage.
#[must_use]
pub fn all(image: &Image) -> Option<Instruction> {
    let values = of(image, |_| true);
    (!values.is_empty()).then(|| Instruction::env(values))
}

fn is_runtime(image: &Image, name: &str) -> bool {
    name != PRELOAD && (image.source.is_none() || RUNTIME.iter().any(|prefix| name.starts_with(prefix)))
}

fn of(image: &Image, wanted: impl Fn(&str) -> bool) -> Vec<(String, String, String)> {
    let usable = |name: &str, value: &str| settings::is_name(name) && !value.contains(['\n', '\r']);
    let chosen = image.variables.iter().filter(|(name, (value, _))| wanted(name) && usable(name, value));
    chosen.map(|(name, (value, from))| (name.clone(), value.clone(), origin::short(from))).collect()
}
