//! Addresses in the rendered configuration of apps: `redis.yml`, `memcached.yml`, `mongoid.yml`, URLs in any of their files.

use std::collections::BTreeMap;

use serde_yaml::Value as Yaml;

use crate::diagnostic::Diagnostic;
use crate::graph::{FileKind, Lifecycle};
use crate::pass::encode::encode;
use crate::pass::stores::address::{host, kind_of_value};
use crate::pass::stores::gather::Drafts;
use crate::pass::stores::kind::{KINDS, Kind};
use crate::pass::{Input, Sink, release};

/// Keys that say where a store is.
const PLACES: &[&str] = &["host", "hosts", "hostname", "server", "servers", "url", "uri", "address", "endpoint", "nodes", "brokers"];

/// Deeper is no configuration.
const DEPTH: usize = 8;

/// Adds what the files of the apps lead to.
pub fn gather(input: &Input<'_>, drafts: &mut Drafts, sink: &mut Sink) {
    for file in input.files() {
        let Some(run) = input.graph.runs.get(file.run) else { continue };
        if matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) || !release::in_root(input, file.path) {
            continue;
        }
        let FileKind::File(text) = &file.state.kind else { continue };
        let name = file.path.rsplit('/').next().unwrap_or("");
        // Its values are variables by now.
        if matches!(name, "database.yml" | ".env" | "application.yml") {
            continue;
        }
        let stem = name.split('.').next().unwrap_or("").to_lowercase();
        let text = encode(text).text;
        let mut found: Vec<(&'static Kind, String)> = Vec::new();
        let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
        let tree = yaml.then(|| serde_yaml::from_str::<Yaml>(&text));
        if let Some(Err(_)) = &tree {
            let from = input.origin(file.item).map(|origin| origin.location.path).unwrap_or_default();
            let diagnostic = Diagnostic::warning("C153", format!("`{}` is no YAML", file.path)).in_file(from);
            sink.diagnose(diagnostic.help("the file goes where it went; stores are looked for in its lines alone"));
        }
        if let Some(Ok(Yaml::Mapping(map))) = tree {
            let of_file = KINDS
                .iter()
                .find(|kind| !kind.is_service() && kind.words.iter().any(|word| stem.split(['_', '-']).any(|part| part == *word)));
            let environment = input.graph.environments.get(run.environment).map_or("", |environment| environment.name.as_str());
            let modes = [environment, "production", "staging"];
            let section = modes.iter().find_map(|mode| map.get(*mode)).cloned().unwrap_or(Yaml::Mapping(map));
            places(&section, of_file, &mut found, DEPTH);
        } else {
            found.extend(urls(&text));
        }
        for (kind, value) in found {
            let origin = input.origin(file.item).into_iter().collect();
            drafts.add_address(kind, &stem, None, BTreeMap::from([(run.environment, value)]), origin);
        }
    }
}

fn places(value: &Yaml, of_file: Option<&'static Kind>, found: &mut Vec<(&'static Kind, String)>, depth: usize) {
    let Yaml::Mapping(map) = value else { return };
    for (key, value) in map {
        let key = key.as_str().unwrap_or("").trim_start_matches(':').to_lowercase();
        let kind = KINDS.iter().find(|kind| !kind.is_service() && kind.words.contains(&key.as_str())).or(of_file);
        let first = match value {
            Yaml::Sequence(items) => items.first().and_then(Yaml::as_str),
            other => other.as_str(),
        };
        match first {
            Some(text) if !text.contains("<%") => {
                let of_value = kind_of_value(text).filter(|kind| !kind.is_service());
                let of_place =
                    kind.filter(|kind| PLACES.contains(&key.as_str()) || kind.words.contains(&key.as_str()) && text.contains([':', '.']));
                if let (Some(kind), Some(_)) = (of_value.or(of_place), host(text)) {
                    found.push((kind, text.to_owned()));
                }
            }
            Some(_) => {}
            None if depth > 0 => places(value, kind, found, depth - 1),
            None => {}
        }
    }
}

/// URLs of stores in any text.
fn urls(text: &str) -> Vec<(&'static Kind, String)> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
        for word in line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '(' | ')' | ';' | '<' | '>' | '=')) {
            if let Some(kind) = word.contains("://").then(|| kind_of_value(word)).flatten().filter(|kind| !kind.is_service()) {
                if host(word).is_some() {
                    found.push((kind, word.to_owned()));
                }
            }
        }
    }
    found
}
