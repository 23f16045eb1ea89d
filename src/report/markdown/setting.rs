//! What the processes are told: environment variables, and the secrets that somebody has to create.

use super::document::{Document, code, text};
use super::{origins, per_environment};
use crate::blueprint::{Blueprint, Setting, Variable};

/// Writes the sections that are not empty.
pub fn write(document: &mut Document<'_>, blueprint: &Blueprint) {
    if !blueprint.variables.is_empty() {
        document.heading(2, "Variables");
        let head = ["name", "secret", "differs", "value", "set in", "read by", "notes"];
        document.table(&head, blueprint.variables.iter().map(|one| variable(blueprint, one)).collect());
    }
    let secrets: Vec<&Variable> = blueprint.variables.iter().filter(|one| one.secret).collect();
    if secrets.is_empty() && blueprint.secret_files.is_empty() {
        return;
    }
    document.heading(2, "Secrets to create");
    document.paragraph("Their values are in no file of this folder. A value that stood in the input in the clear should be changed.");
    let mut rows: Vec<Vec<String>> = secrets
        .iter()
        .map(|one| vec![code(&one.name), "variable".to_owned(), environments(blueprint, one), origins(&one.origin)])
        .collect();
    rows.extend(
        blueprint
            .secret_files
            .iter()
            .map(|one| vec![code(&one.name), format!("file {}", code(&one.path)), "all".to_owned(), origins(&one.origin)]),
    );
    document.table(&["name", "as", "in", "from"], rows);
}

fn variable(blueprint: &Blueprint, one: &Variable) -> Vec<String> {
    let value = if one.secret { String::new() } else { per_environment(blueprint, &one.value, setting) };
    let differs = one.value.values.windows(2).any(|pair| pair[0] != pair[1]);
    let readers = one.readers.iter().map(|reader| code(reader)).collect::<Vec<_>>();
    vec![
        code(&one.name),
        yes(one.secret),
        yes(differs),
        value,
        origins(&one.origin),
        super::some(&readers, super::PLACES),
        one.note.as_ref().map(|note| text(note)).unwrap_or_default(),
    ]
}

fn setting(value: &Setting) -> String {
    match value {
        Setting::Known(value) if value.is_empty() => "empty".to_owned(),
        Setting::Known(value) => code(value),
        Setting::Secret => "secret".to_owned(),
        Setting::Unknown(why) => format!("not known: {}", text(why)),
        Setting::PodName => "the pod's name".to_owned(),
    }
}

/// The environments in which a variable has a value.
fn environments(blueprint: &Blueprint, one: &Variable) -> String {
    if one.value.values.iter().all(Option::is_some) {
        return "all".to_owned();
    }
    let names = blueprint.environments.iter().enumerate().filter(|(index, _)| one.value.at(*index).is_some());
    names.map(|(_, environment)| text(&environment.name)).collect::<Vec<_>>().join(", ")
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "" }.to_owned()
}
