//! Variables and secret files as they are shown.

use super::item::{Field, Item};
use crate::blueprint::{SecretFile, Setting, Unset, Variable};

/// The item of a variable; `names` are those of the environments.
pub fn variable(variable: &Variable, names: &[String]) -> Item {
    let show = |setting: &Setting| match setting {
        Setting::Known(value) if value.is_empty() => Field::Text("''".to_owned()),
        Setting::Known(value) => Field::Text(value.clone()),
        Setting::Secret => Field::Text("‹secret›".to_owned()),
        Setting::Unknown(why) => Field::Text(format!("‹{why}›")),
        Setting::PodName => Field::Text("‹the name of the pod›".to_owned()),
    };
    Item::new("variable", &variable.name)
        .from(&variable.origin)
        .each("value", &variable.value, names, show)
        .yes("secret", variable.secret)
        .yes("differs", names.len() > 1 && variable.value.base().is_some() && !variable.value.is_same())
        .list("images", &variable.images)
        .with("readers", Field::List(variable.readers.clone()))
        .yes("never_read", variable.readers.is_empty())
        .maybe("note", variable.note.as_ref())
}

/// The item of a variable that nothing sets.
pub fn unset(unset: &Unset) -> Item {
    Item::new("unset variable", &unset.name)
        .yes("secret", unset.secret)
        .yes("has_default", unset.has_default)
        .list("readers", &unset.readers)
}

/// The item of a secret that is mounted as a file.
pub fn secret_file(file: &SecretFile) -> Item {
    Item::new("secret file", &file.name).from(&file.origin).text("path", &file.path)
}
