//! From a row of the table to a variable of the blueprint: what is known, what is secret, what only the host knew.

use crate::blueprint::{PerEnvironment, Setting, Variable};
use crate::pass::settings::table::Row;
use crate::pass::{Input, Sink};
use crate::text::Text;

/// Variables that the image or the platform sets: taking the hosts' values over would do harm.
const DROPPED: &[(&str, &str)] = &[
    ("LANG", "the image has `C.UTF-8`; another locale's data is not installed"),
    ("LANGUAGE", "the image has `C.UTF-8`; another locale's data is not installed"),
    ("LC_ALL", "the image has `C.UTF-8`; another locale's data is not installed"),
    ("LC_CTYPE", "the image has `C.UTF-8`; another locale's data is not installed"),
    ("PATH", "the image has its programs on the path"),
    ("MANPATH", "the image has no manual pages"),
    ("HOME", "the image's user has a home"),
    ("USER", "the image's user"),
    ("LOGNAME", "the image's user"),
    ("SHELL", "set by the shell"),
    ("PWD", "set by the shell"),
    ("PS1", "set by the shell"),
    ("TERM", "set by the terminal"),
    ("EDITOR", "for people on the host"),
    ("PAGER", "for people on the host"),
    ("HISTSIZE", "for people on the host"),
    ("HISTCONTROL", "for people on the host"),
    ("HISTTIMEFORMAT", "for people on the host"),
    ("DEBIAN_FRONTEND", "for installing on the host"),
    ("GEM_HOME", "the image keeps gems in one place"),
    ("GEM_PATH", "the image keeps gems in one place"),
    ("BUNDLE_PATH", "the image keeps gems in one place"),
    ("BUNDLE_APP_CONFIG", "the image keeps gems in one place"),
    ("RBENV_ROOT", "the image has one Ruby"),
    ("RBENV_VERSION", "the image has one Ruby"),
    ("RUBYLIB", "the image has one Ruby"),
    ("RUBYOPT", "was emptied for Chef's own Ruby"),
];

/// Why a variable of the hosts is left out.
#[must_use]
pub fn reason_to_drop(name: &str) -> Option<&'static str> {
    DROPPED.iter().find(|(known, _)| *known == name).map(|(_, why)| *why)
}

/// The variable of a row.
pub fn variable(input: &Input<'_>, name: &str, row: &Row, sink: &mut Sink) -> Variable {
    let count = input.environments();
    let values: Vec<Option<Setting>> = (0..count).map(|number| row.value(number).map(|value| setting(input, value, row.secret))).collect();
    let clear = row.secret
        && row.values().any(|value| {
            value.holes().any(|hole| hole.secret && hole.value.is_some())
                || value
                    .known()
                    .is_some_and(|text| !text.is_empty() && !text.contains("${") && !matches!(text, "true" | "false" | "0" | "1"))
        });
    if clear {
        sink.task(format!("Rotate `{name}`"), "its value stands in the clear in the input", row.origin.clone());
    }
    let mut notes = Vec::new();
    if let Some((environment, [first, second])) = row.dispute().filter(|_| !row.secret) {
        let place = input.graph.environments.get(environment).map(|one| one.name.as_str()).filter(|name| !name.is_empty() && count > 1);
        let place = place.map(|name| format!("in {name} ")).unwrap_or_default();
        let show = |(by, value): (&str, &Text)| format!("`{}` by {by}", input.image_path(&value.to_string()));
        notes.push(format!("{place}set to {} and to {}: the latter counts", show(first), show(second)));
    }
    for number in 0..count {
        let layers = row.layers(number);
        if !layers.is_empty() && !row.secret {
            let shown: Vec<String> =
                layers.iter().map(|(layer, value)| format!("`{}` on {layer}", input.image_path(&value.to_string()))).collect();
            notes.push(format!("layers differ: {}", shown.join(", ")));
            break;
        }
        if !layers.is_empty() {
            notes.push(format!("layers differ: {}", layers.keys().copied().collect::<Vec<_>>().join(", ")));
            sink.task(
                format!("Give `{name}` a secret for each of its values"),
                format!(
                    "the layers {} have different ones, and one secret serves all here",
                    layers.keys().copied().collect::<Vec<_>>().join(", ")
                ),
                row.origin.clone(),
            );
            break;
        }
    }
    Variable {
        local: local_value(name, row, count).map(|value| input.image_path(&value)),
        name: name.to_owned(),
        secret: row.secret,
        value: PerEnvironment { values },
        origin: row.origin.clone(),
        note: (!notes.is_empty()).then(|| notes.join("; ")),
        ..Variable::default()
    }
}

/// What a value is set to.
#[must_use]
pub fn setting(input: &Input<'_>, value: &Text, secret: bool) -> Setting {
    if secret || value.is_secret() {
        return Setting::Secret;
    }
    if let Some(text) = value.known() {
        return Setting::Known(input.image_path(text));
    }
    let holes: Vec<_> = value.holes().collect();
    if let ([hole], 1) = (holes.as_slice(), value.parts().len()) {
        let name = hole.name.to_lowercase();
        if name.contains("hostname") || name.contains("fqdn") || name.contains("machinename") {
            return Setting::PodName;
        }
    }
    let names: Vec<String> = holes.iter().map(|hole| format!("{} ({})", hole.name, hole.reason)).collect();
    Setting::Unknown(names.join(", "))
}

/// A value for local development: the environment that is not production shows what a developer can use.
fn local_value(name: &str, row: &Row, count: usize) -> Option<String> {
    if row.secret {
        return None;
    }
    match name {
        "RAILS_ENV" | "RACK_ENV" | "NODE_ENV" => Some("production".to_owned()),
        "RAILS_LOG_LEVEL" => Some("debug".to_owned()),
        _ => {
            let last = (0..count).rev().find_map(|number| row.value(number))?.known()?;
            // Addresses of the real environments are no good here.
            (!last.contains("amazonaws.com") && !last.contains("://")).then(|| last.to_owned())
        }
    }
}
