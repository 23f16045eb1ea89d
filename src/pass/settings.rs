//! The environment as one table: every variable, its value in each environment, where it is set, who reads it.
//!
//! In: the apps' own variables, environment files that the runs rendered, what processes set. Out: blueprint variables.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Origin, PerEnvironment, Setting, Variable};
use crate::graph::{FileKind, Lifecycle};
use crate::outcome::Fate;
use crate::pass::encode::encode;
use crate::pass::input::at;
use crate::pass::process::Found;
use crate::pass::{Input, Sink};
use crate::project::Project;
use crate::read::dotenv;
use crate::text::Text;

/// Variables that the image or the platform sets: taking the hosts' values over would do harm.
const DROPPED: &[(&str, &str)] = &[
    ("LANG", "the image has `C.UTF-8`; another locale's data is not installed"),
    ("LC_ALL", "the image has `C.UTF-8`; another locale's data is not installed"),
    ("PATH", "the image has its programs on the path"),
    ("HOME", "the image's user has a home"),
    ("PWD", "set by the shell"),
    ("GEM_HOME", "the image keeps gems in one place"),
    ("GEM_PATH", "the image keeps gems in one place"),
    ("BUNDLE_PATH", "the image keeps gems in one place"),
    ("RUBYOPT", "was emptied for Chef's own Ruby"),
];

/// The table while it is made.
#[derive(Default)]
pub struct Table {
    rows: BTreeMap<String, Row>,
}

#[derive(Default)]
struct Row {
    values: BTreeMap<usize, Text>,
    secret: bool,
    origin: Vec<Origin>,
}

impl Table {
    /// Notes that `name` is `value` in environment `environment`.
    pub fn set(&mut self, name: &str, environment: usize, value: Text, origin: Vec<Origin>) {
        let row = self.rows.entry(name.to_owned()).or_default();
        row.secret |= value.is_secret() || crate::secrecy::name_is_secret(name);
        row.values.insert(environment, value);
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
}

/// Gathers the variables; environment files become part of the table and are claimed.
#[must_use]
pub fn gather(input: &Input<'_>, found: &[Found], wrapper_files: &BTreeSet<String>, sink: &mut Sink) -> Table {
    let mut table = Table::default();
    for number in 0..input.graph.environments.len() {
        for app in input.apps(number) {
            for (name, value, place) in &app.variables {
                table.set(name, number, value.clone(), at(place.clone(), &format!("environment of the app {}", app.name)));
            }
        }
    }
    let mut files: BTreeSet<String> = wrapper_files.clone();
    files.extend(found.iter().flat_map(|one| one.environment_files.iter().cloned()));
    for file in input.files() {
        let run = &input.graph.runs[file.run];
        if matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) {
            continue;
        }
        let name = file.path.rsplit('/').next().unwrap_or("");
        let of_app = input.roots.iter().any(|root| file.path.starts_with(&format!("{}/", root.host)));
        let is_environment =
            files.contains(file.path) || (of_app && (name == ".env" || name.starts_with(".env."))) || file.path == "/etc/environment";
        if !is_environment {
            continue;
        }
        let FileKind::File(text) = &file.state.kind else { continue };
        let encoded = encode(text);
        let (entries, _) = dotenv::parse(&encoded.text);
        for entry in entries {
            let Some(value) = raw_value(&entry) else { continue };
            table.set(&entry.key, run.environment, encoded.decode(&value), input.origin(file.item).into_iter().collect());
        }
        sink.claim(
            file.item,
            Fate::Translated,
            "settings",
            "its variables are the settings of every process: ConfigMap and secret references",
        );
    }
    for one in found {
        for (name, value) in &one.plain.variables {
            // What one process sets for itself stays with it; the environment's name is everybody's.
            if matches!(name.as_str(), "RAILS_ENV" | "RACK_ENV" | "NODE_ENV") && !value.contains('$') {
                table.set(name, one.environment, Text::literal(value.as_str()), one.origin.clone());
            }
        }
    }
    table
}

/// The value of a dotenv entry with everything as written that is no quoting.
fn raw_value(entry: &dotenv::Entry) -> Option<String> {
    let pieces = entry.value.as_ref()?;
    let mut out = String::new();
    for piece in pieces {
        match piece {
            dotenv::Piece::Literal(text) => out.push_str(text),
            dotenv::Piece::Variable(name) => out.push_str(&format!("${{{name}}}")),
            dotenv::Piece::Command(command) => out.push_str(&format!("$({command})")),
        }
    }
    Some(out)
}

/// The blueprint's variables, sorted by name.
#[must_use]
pub fn finish(input: &Input<'_>, table: Table, projects: &[Project], sink: &mut Sink) -> Vec<Variable> {
    let count = input.environments();
    let mut variables = Vec::new();
    for (name, row) in table.rows {
        if let Some((_, why)) = DROPPED.iter().find(|(known, _)| *known == name) {
            let _ = why;
            continue;
        }
        let readers: Vec<String> = projects.iter().filter_map(|project| project.reads.get(&name)).flatten().cloned().collect();
        let values: Vec<Option<Setting>> =
            (0..count).map(|number| row.values.get(&number).map(|value| setting(input, value, row.secret))).collect();
        let clear = row.secret
            && row.values.values().any(|value| {
                value.holes().any(|hole| hole.secret && hole.value.is_some()) || value.known().is_some_and(|text| !text.is_empty())
            });
        if clear {
            sink.task(format!("Rotate `{name}`"), "its value stands in the clear in the input", row.origin.clone());
        }
        variables.push(Variable {
            local: local_value(&name, &row.values, row.secret).map(|value| input.image_path(&value)),
            name,
            secret: row.secret,
            value: PerEnvironment { values },
            origin: row.origin,
            readers,
            ..Variable::default()
        });
    }
    variables
}

fn setting(input: &Input<'_>, value: &Text, secret: bool) -> Setting {
    if secret {
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
fn local_value(name: &str, values: &BTreeMap<usize, Text>, secret: bool) -> Option<String> {
    if secret {
        return None;
    }
    match name {
        "RAILS_ENV" | "RACK_ENV" | "NODE_ENV" => Some("production".to_owned()),
        "RAILS_LOG_LEVEL" => Some("debug".to_owned()),
        _ => {
            let last = values.values().next_back()?.known()?;
            // Addresses of the real environments are no good here.
            (!last.contains("amazonaws.com") && !last.contains("://")).then(|| last.to_owned())
        }
    }
}
