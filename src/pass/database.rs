//! `config/database.yml` as Chef wrote it: the same file with its values taken from the environment.
//!
//! The password never leaves the settings table; the file in the image holds `ENV` lookups only.

use serde_yaml::Value as Yaml;

use crate::blueprint::Artifact;
use crate::diagnostic::Diagnostic;
use crate::graph::FileKind;
use crate::outcome::Fate;
use crate::pass::encode::encode;
use crate::pass::settings::Table;
use crate::pass::{Input, Sink};
use crate::text::Text;

/// Keys whose values differ between environments, with their variables and how a default is written.
const VARIABLES: &[(&str, &str)] = &[
    ("host", "DB_HOST"),
    ("port", "DB_PORT"),
    ("database", "DB_NAME"),
    ("username", "DB_USERNAME"),
    ("password", "DB_PASSWORD"),
    ("pool", "DB_POOL"),
    ("url", "DATABASE_URL"),
];

/// What the database files become.
#[derive(Debug, Default)]
pub struct Database {
    /// Files under `container/`.
    pub files: Vec<Artifact>,
    /// Files copied over the source.
    pub overlays: Vec<(String, String)>,
}

/// Keys and values of a section, in order.
type Pairs = Vec<(String, Yaml)>;

/// A section of the file: `production`, or another database's such as `reporting`.
struct Section {
    name: String,
    pairs: Pairs,
    /// Keys whose values differ from those of the app's own section, with their variables.
    own: Vec<(String, String)>,
}

/// Turns the rendered database.yml of every environment into one that reads the environment.
pub fn run(input: &Input<'_>, table: &mut Table, sink: &mut Sink) -> Database {
    let mut made = Database::default();
    let mut sections: Vec<Section> = Vec::new();
    let mut origin = String::new();
    for file in input.files() {
        let of_app = super::release::in_root(input, file.path);
        if !of_app || !file.path.ends_with("config/database.yml") {
            continue;
        }
        let FileKind::File(text) = &file.state.kind else { continue };
        let encoded = encode(text);
        let Ok(Yaml::Mapping(map)) = serde_yaml::from_str::<Yaml>(&encoded.text) else {
            let from = input.origin(file.item).map(|origin| origin.location.path).unwrap_or_default();
            let diagnostic = Diagnostic::warning("C151", format!("`{}` is no YAML with sections", file.path)).in_file(from);
            sink.diagnose(diagnostic.help("the file is mounted or copied as it is; the database's address is not taken from it"));
            continue;
        };
        let environment = input.graph.runs[file.run].environment;
        let mut here: Vec<(String, Pairs)> = Vec::new();
        for (name, section) in map {
            let (Some(name), Yaml::Mapping(section)) = (name.as_str().map(str::to_owned), section) else { continue };
            here.push((name, section.into_iter().filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value))).collect()));
        }
        let own = input.graph.environments.get(environment).map_or("", |environment| environment.name.as_str());
        let number = [own, "production"].iter().find_map(|wanted| here.iter().position(|(name, _)| name == wanted)).unwrap_or(0);
        if number >= here.len() {
            continue;
        }
        // The section that the app runs with comes first: the others say only what they have of their own.
        here[..=number].rotate_right(1);
        let main = here.first().map(|(_, pairs)| pairs.clone()).unwrap_or_default();
        for (position, (name, pairs)) in here.into_iter().enumerate() {
            let mut own = Vec::new();
            for (key, variable) in VARIABLES {
                let find = |pairs: &Pairs| pairs.iter().find(|(known, _)| known == key).and_then(|(_, value)| scalar(value));
                // What takes its value from the environment already stays as it is.
                let Some(value) = find(&pairs).filter(|value| !value.contains("<%")) else { continue };
                let variable = match position {
                    0 => (*variable).to_owned(),
                    _ if is_usual(&name) || find(&main).is_some_and(|known| encoded.decode(&known) == encoded.decode(&value)) => continue,
                    _ => format!("{}_{variable}", shout(&name)),
                };
                let value: Text = encoded.decode(&value);
                table.set(&variable, environment, value, input.origin(file.item).into_iter().collect());
                own.push(((*key).to_owned(), variable));
            }
            let own = if position == 0 { Vec::new() } else { own };
            match sections.iter_mut().find(|known| known.name == name) {
                Some(known) => known.own.extend(own.into_iter().filter(|one| !known.own.contains(one)).collect::<Vec<_>>()),
                None => sections.push(Section { name, pairs, own }),
            }
        }
        if origin.is_empty() {
            origin = input.origin(file.item).map_or_else(String::new, |origin| origin.location.to_string());
        }
        sink.claim(
            file.item,
            Fate::Translated,
            "container/app/config/database.yml",
            "the same file with its values from the environment (`DB_HOST`, …)",
        );
    }
    if sections.is_empty() {
        return made;
    }
    made.files.push(Artifact { path: "app/config/database.yml".to_owned(), content: write(&sections, &origin), mode: 0o644 });
    made.overlays.push(("app/config/database.yml".to_owned(), "config/database.yml".to_owned()));
    made
}

fn scalar(value: &Yaml) -> Option<String> {
    match value {
        Yaml::String(text) => Some(text.clone()),
        Yaml::Number(number) => Some(number.to_string()),
        Yaml::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// Whether a section is one of Rails' own environments, which a host of another environment does not use.
fn is_usual(name: &str) -> bool {
    matches!(name, "development" | "test" | "staging" | "production")
}

fn shout(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

fn write(sections: &[Section], origin: &str) -> String {
    let mut out = format!("# What Chef wrote ({origin}), with the values taken from the environment.\ndefault: &default\n");
    let first = sections.first().map(|section| section.pairs.as_slice()).unwrap_or_default();
    for (key, value) in first {
        if let Some(code) = scalar(value).filter(|text| text.contains("<%")) {
            out.push_str(&format!("  {key}: {code}\n"));
            continue;
        }
        match VARIABLES.iter().find(|(known, _)| known == key) {
            Some((_, "DB_PASSWORD")) => out.push_str("  password: <%= ENV['DB_PASSWORD'].to_json %>\n"),
            Some((_, "DATABASE_URL")) => out.push_str("  url: <%= ENV['DATABASE_URL'].to_json %>\n"),
            Some((_, "DB_HOST")) => out.push_str("  host: <%= ENV.fetch('DB_HOST', '127.0.0.1') %>\n"),
            Some((_, variable)) => {
                match scalar(value).filter(|text| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')) {
                    Some(text) if text.chars().all(|c| c.is_ascii_digit()) => {
                        out.push_str(&format!("  {key}: <%= ENV.fetch('{variable}', {text}) %>\n"))
                    }
                    Some(text) => out.push_str(&format!("  {key}: <%= ENV.fetch('{variable}', '{text}') %>\n")),
                    None => out.push_str(&format!("  {key}: <%= ENV['{variable}'] %>\n")),
                }
            }
            None => write_value(&mut out, key, value, 2),
        }
    }
    for section in sections {
        out.push_str(&format!("\n{}:\n  <<: *default\n", section.name));
        for (key, variable) in &section.own {
            match key.as_str() {
                "password" => out.push_str(&format!("  password: <%= ENV['{variable}'].to_json %>\n")),
                _ => out.push_str(&format!("  {key}: <%= ENV['{variable}'] %>\n")),
            }
        }
    }
    out
}

fn write_value(out: &mut String, key: &str, value: &Yaml, indent: usize) {
    let pad = " ".repeat(indent);
    match value {
        Yaml::Mapping(map) => {
            out.push_str(&format!("{pad}{key}:\n"));
            for (inner, value) in map {
                write_value(out, inner.as_str().unwrap_or("?"), value, indent + 2);
            }
        }
        other => {
            let text = scalar(other).unwrap_or_default();
            // Quoted where YAML would read something else than the text.
            let plain = matches!(other, Yaml::Number(_) | Yaml::Bool(_))
                || text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
                    && !text.is_empty()
                    && text.parse::<f64>().is_err()
                    && !["true", "false", "yes", "no", "on", "off", "null", "~"].contains(&text.to_lowercase().as_str());
            if plain {
                out.push_str(&format!("{pad}{key}: {text}\n"))
            } else {
                out.push_str(&format!("{pad}{key}: {}\n", serde_json::Value::from(text)))
            }
        }
    }
}
