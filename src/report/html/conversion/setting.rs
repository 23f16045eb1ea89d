//! What the processes are told: a table with a column for each environment, and the secrets that somebody has to create.

use super::super::page::{Block, Piece, Row, Section};
use super::{every, origins, reader, within};
use crate::blueprint::{Blueprint, Setting, Unset, Variable};

/// Adds the sections that are not empty.
pub fn sections(blueprint: &Blueprint, to: &mut Vec<Section>) {
    if !blueprint.variables.is_empty() || !blueprint.unset.is_empty() {
        let mut head = vec!["variable".to_owned()];
        head.extend(blueprint.environments.iter().map(|one| if one.name.is_empty() { "value".to_owned() } else { one.name.clone() }));
        head.extend(["notes", "where"].map(str::to_owned));
        let mut rows: Vec<Row> = blueprint.variables.iter().map(|one| variable(blueprint, one)).collect();
        rows.extend(blueprint.unset.iter().map(|one| unset(blueprint, one)));
        let differing = blueprint.variables.iter().filter(|one| differs(one)).count();
        let lead = match (blueprint.environments.len(), differing) {
            (0 | 1, _) => String::new(),
            (_, 0) => "The environments have the same values.".to_owned(),
            (_, count) => format!("{count} of {} differ between the environments; they are marked.", blueprint.variables.len()),
        };
        to.push(Section { id: "environment", title: "Environment variables", lead, body: vec![Block::Table(head, rows)] });
    }
    let secret = |one: &Variable| {
        Row::new(format!("`{}`", one.name))
            .tag("variable", "mute")
            .facet("category", ["secret"])
            .facet("environment", within(blueprint, &one.value))
            .text("in", &within(blueprint, &one.value).join(", "))
            .field("from", origins(&one.origin))
    };
    let mut rows: Vec<Row> = blueprint.variables.iter().filter(|one| one.secret).map(secret).collect();
    rows.extend(blueprint.secret_files.iter().map(|one| {
        Row::new(format!("`{}` at `{}`", one.name, one.path))
            .tag("file", "mute")
            .facet("category", ["secret"])
            .facet("environment", every(blueprint))
            .field("from", origins(&one.origin))
    }));
    if !rows.is_empty() {
        let lead = "Their values are in no file of this folder. A value that stood in the input in the clear should be changed; \
                    `secrets.md` says which, and how.";
        to.push(Section { id: "secrets", title: "Secrets to create", lead: lead.to_owned(), body: vec![Block::Tasks(rows)] });
    }
}

fn differs(one: &Variable) -> bool {
    one.value.values.windows(2).any(|pair| pair[0] != pair[1])
}

fn variable(blueprint: &Blueprint, one: &Variable) -> Row {
    let mut row = Row::new(format!("`{}`", one.name)).facet("category", ["variable"]).facet("environment", within(blueprint, &one.value));
    if one.secret {
        row = row.tag("secret", "host").facet("category", ["secret"]);
    }
    if differs(one) {
        row = row.tag("differs", "warn").facet("category", ["variable that differs"]);
        row.class = "differs";
    }
    for index in 0..blueprint.environments.len() {
        let value = one.value.at(index).map_or_else(|| Piece::Words("—".to_owned()), setting);
        row.fields.push(("value".to_owned(), vec![value]));
    }
    let readers = one.readers.iter().map(|one| reader(one)).collect();
    let note = one.note.iter().map(|note| Piece::Words(note.clone())).collect();
    row.fields.extend([(String::new(), note), ("where".to_owned(), places(origins(&one.origin), readers))]);
    row
}

/// Where a variable is set, and who reads it.
fn places(set: Vec<Piece>, readers: Vec<Piece>) -> Vec<Piece> {
    let line = match (set.len(), readers.len()) {
        (0, 0) => return Vec::new(),
        (0, read) => format!("read in {read}"),
        (set, 0) => format!("set in {set}, never read"),
        (set, read) => format!("set in {set}, read in {read}"),
    };
    let fields = [("set in", set), ("read by", readers)].map(|(name, pieces)| (name.to_owned(), pieces));
    vec![Piece::Fold(line, fields.into_iter().filter(|(_, pieces)| !pieces.is_empty()).collect())]
}

fn unset(blueprint: &Blueprint, one: &Unset) -> Row {
    let tone = if one.has_default { "mute" } else { "warn" };
    let mut row = Row::new(format!("`{}`", one.name))
        .tag("never set", tone)
        .facet("category", ["variable that is never set"])
        .facet("environment", every(blueprint));
    for _ in &blueprint.environments {
        row.fields.push(("value".to_owned(), vec![Piece::Words("—".to_owned())]));
    }
    let note = if one.has_default { "every reader has a value to fall back on" } else { "read, and set by nothing" };
    let readers = one.readers.iter().map(|one| reader(one)).collect();
    row.fields.extend([(String::new(), vec![Piece::Words(note.to_owned())]), ("where".to_owned(), places(Vec::new(), readers))]);
    row
}

fn setting(value: &Setting) -> Piece {
    match value {
        Setting::Known(value) if value.is_empty() => Piece::Words("empty".to_owned()),
        Setting::Known(value) => Piece::Code(value.clone()),
        Setting::Secret => Piece::Words("‹secret›".to_owned()),
        Setting::Unknown(why) => Piece::Words(format!("not known: {why}")),
        Setting::PodName => Piece::Words("the pod's name".to_owned()),
    }
}
