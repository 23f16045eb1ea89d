//! `config/application.yml` as Figaro reads it: variables at the top, and those of the app's mode over them.

use serde_yaml::Value as Yaml;

use crate::pass::settings::source::{Piece, Place, Read};

pub fn is(place: &Place<'_>) -> bool {
    place.of_app && (place.path.ends_with("config/application.yml") || place.path.ends_with("config/local_env.yml"))
}

pub fn read(place: &Place<'_>) -> Read {
    let mut read = Read::default();
    let top = match serde_yaml::from_str::<Yaml>(place.text) {
        Ok(Yaml::Mapping(map)) => map,
        Ok(Yaml::Null) => return read,
        Ok(_) => {
            read.problems.push((1, "expected names and values".to_owned()));
            return read;
        }
        Err(error) => {
            let line = error.location().map_or(1, |location| u32::try_from(location.line()).unwrap_or(1));
            read.problems.push((line, "this is no YAML".to_owned()));
            return read;
        }
    };
    let mut only = true;
    let mut take = |map: &serde_yaml::Mapping, entries: &mut Vec<(String, Vec<Piece>)>| {
        for (key, value) in map {
            let (Some(name), Some(text)) = (key.as_str(), scalar(value)) else {
                // Below a mode nothing may be deeper.
                only &= matches!(value, Yaml::Mapping(_) | Yaml::Null);
                continue;
            };
            if text.contains("<%") {
                only = false;
                continue;
            }
            entries.retain(|(known, _)| known != name);
            entries.push((name.to_owned(), vec![Piece::Literal(text)]));
        }
    };
    take(&top, &mut read.entries);
    let section = place.modes.iter().find_map(|mode| top.get(mode.as_str()));
    if let Some(Yaml::Mapping(map)) = section {
        take(map, &mut read.entries);
    }
    // Without Figaro the app reads the file by itself.
    read.whole = only && (place.has_library)("figaro") && !read.entries.is_empty();
    read
}

fn scalar(value: &Yaml) -> Option<String> {
    match value {
        Yaml::String(text) => Some(text.clone()),
        Yaml::Number(number) => Some(number.to_string()),
        Yaml::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}
